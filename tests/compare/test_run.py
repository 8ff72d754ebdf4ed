"""Each input is asked of each vendor, in order, as it comes, and nothing is lost."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator
from typing import Any

import pytest

from cloudai import (
    AuthenticationError,
    CloudAI,
    ConfigurationError,
    InvalidRequestError,
    RateLimitedError,
    Retry,
    SentimentRequest,
    SentimentResult,
    UnsupportedError,
)
from cloudai.compare import Item, run
from cloudai.testing.fake import Fake


def build(content: Any) -> SentimentRequest:
    return SentimentRequest(text=content)


def client(**answers: Any) -> CloudAI:
    fakes = [Fake(name=name, answers={"text.sentiment": answer}) for name, answer in answers.items()]
    return CloudAI(fakes, retry=Retry(attempts=1))


def items(*contents: Any) -> list[Item]:
    return [Item(content=content) for content in contents]


GOOD = SentimentResult(sentiment="positive")
BAD = SentimentResult(sentiment="negative")


def by_text(request: SentimentRequest) -> SentimentResult:
    return GOOD if "good" in request.text else BAD


def test_rows_hold_each_vendors_answer_in_the_order_of_the_inputs() -> None:
    with client(a=by_text, b=GOOD) as ai:
        rows = list(run(ai, items("good 1", "bad 2", "good 3"), build))
    assert [row.index for row in rows] == [0, 1, 2]
    assert [row.outcomes["a"].unwrap().sentiment for row in rows] == ["positive", "negative", "positive"]
    assert [row.outcomes["b"].unwrap().sentiment for row in rows] == ["positive"] * 3
    assert [row.item.content for row in rows] == ["good 1", "bad 2", "good 3"]


def test_inputs_that_cannot_be_asked_about_are_rows_of_errors_wherever_they_stand() -> None:
    with client(a=GOOD, b=GOOD) as ai:
        rows = list(run(ai, items("", "fine", "  ", None, "fine"), build))
    assert [row.ok for row in rows] == [False, True, False, False, True]
    assert all(isinstance(rows[0].outcomes[name].error, InvalidRequestError) for name in ("a", "b"))
    assert rows[0].request is None


def test_nothing_but_unaskable_inputs_is_no_reason_to_fail() -> None:
    with client(a=GOOD) as ai:
        assert [row.ok for row in run(ai, items("", ""), build)] == [False, False]


def test_one_vendors_failure_leaves_the_others_answers() -> None:
    def sometimes(request: SentimentRequest) -> Any:
        return RateLimitedError("slow") if "2" in request.text else GOOD

    with client(a=sometimes, b=GOOD) as ai:
        rows = list(run(ai, items("1", "2", "3"), build))
    assert [row.outcomes["a"].ok for row in rows] == [True, False, True]
    assert all(row.outcomes["b"].ok for row in rows)


@pytest.mark.parametrize("error", [ConfigurationError, AuthenticationError, UnsupportedError])
def test_what_a_vendor_says_of_whoever_asks_ends_it_with_the_first_input(error: type[Exception]) -> None:
    taken: list[Item] = []

    def source() -> Iterator[Item]:
        for item in items("", "one", "two", "three"):
            taken.append(item)
            yield item

    with client(a=GOOD, b=error) as ai:
        rows = run(ai, source(), build)
        assert not next(rows).ok
        with pytest.raises(error):
            next(rows)
    assert [item.content for item in taken] == ["", "one"]


def test_all_vendors_that_are_not_set_up_are_told_at_once() -> None:
    with client(a=ConfigurationError("no a"), b=GOOD, c=ConfigurationError("no c")) as ai:
        with pytest.raises(ConfigurationError, match="no a") as caught:
            next(run(ai, items("one"), build))
    assert [("no c" in note) for note in caught.value.__notes__] == [True]


def test_the_same_error_later_is_one_of_the_row() -> None:
    def expires(request: SentimentRequest) -> Any:
        return GOOD if request.text == "1" else AuthenticationError("expired")

    with client(a=expires) as ai:
        rows = list(run(ai, items("1", "2", "3"), build))
    assert [row.ok for row in rows] == [True, False, False]


def test_vendors_may_be_chosen_among_those_of_the_client() -> None:
    with client(a=GOOD, b=GOOD) as ai:
        (row,) = run(ai, items("one"), build, providers=["b"])
    assert list(row.outcomes) == ["b"]


def test_a_generator_is_taken_only_as_far_as_there_is_room() -> None:
    taken = 0

    def endless() -> Iterator[Item]:
        nonlocal taken
        while True:
            taken += 1
            yield Item(content="fine")

    with client(a=GOOD, b=GOOD) as ai:
        rows = run(ai, endless(), build, concurrency=4)
        for _ in range(10):
            next(rows)
        rows.close()  # type: ignore[attr-defined]
    assert 10 <= taken <= 10 + 2 * 4


@pytest.mark.parametrize("concurrency", [1, 3])
def test_no_more_are_under_way_at_a_vendor_than_was_said(concurrency: int) -> None:
    lock, under_way, most = threading.Lock(), 0, 0

    def slow(request: SentimentRequest) -> SentimentResult:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        threading.Event().wait(0.005)
        with lock:
            under_way -= 1
        return GOOD

    with client(a=slow) as ai:
        assert len(list(run(ai, items(*["fine"] * 20), build, concurrency=concurrency))) == 20
    assert most <= concurrency
    assert (most > 1) is (concurrency > 1)


def test_an_error_of_the_inputs_comes_after_what_has_been_answered() -> None:
    def broken() -> Iterator[Item]:
        yield from items("1", "2", "3")
        raise InvalidRequestError("line 4 is not JSON")

    seen: list[int] = []
    with client(a=GOOD, b=GOOD) as ai, pytest.raises(InvalidRequestError, match="line 4"):
        seen.extend(row.index for row in run(ai, broken(), build))
    assert seen == [0, 1, 2]


def test_inputs_are_let_go_of_when_every_vendor_has_answered() -> None:
    class Picture(str):
        """Words that can be watched."""

        __slots__ = ("__weakref__",)

    watched: list[weakref.ref[Picture]] = []

    def pictures() -> Iterator[Item]:
        for number in range(40):
            picture = Picture(f"good {number}")
            watched.append(weakref.ref(picture))
            yield Item(content=picture)

    with client(a=by_text, b=GOOD) as ai:
        # The vendor of tests remembers what it was asked, so it is asked something else.
        for row in run(ai, pictures(), lambda content: build(str(content)), concurrency=2):
            assert row.ok
            gc.collect()
            assert sum(one() is not None for one in watched) <= 6
