from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings, strategies

from cloudai.ports import Failure, Reply, Step
from cloudai.testing import CassetteError
from cloudai.testing.form import Form, read_outcome
from cloudai.testing.scrub import Scrubber

form = Form("local", Scrubber())


def again(body: Any) -> Any:
    """A body after its way through a file."""
    outcome = read_outcome("local", json.loads(json.dumps(form.outcome(Reply(body=body)))))
    assert isinstance(outcome, Reply)
    return outcome.body


leaves = (
    strategies.none()
    | strategies.booleans()
    | strategies.integers()
    | strategies.floats(allow_nan=False)
    | strategies.text(max_size=9)
    | strategies.binary(max_size=9)
    | strategies.datetimes()
    | strategies.dates()
    | strategies.decimals(allow_nan=False)
)
keys = strategies.text(max_size=5) | strategies.sampled_from(["$base64", "$map", "$x"]) | strategies.integers()
bodies = strategies.recursive(
    leaves,
    lambda inner: (
        strategies.lists(inner, max_size=3)
        | strategies.tuples(inner, inner)
        | strategies.dictionaries(keys, inner, max_size=3)
        | strategies.sets(strategies.integers(), max_size=3)
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(bodies)
def test_every_body_comes_back_as_it_was(body: Any) -> None:
    found = again(body)
    assert found == body
    assert type(found) is type(body)


def test_numbers_that_json_does_not_have_come_back() -> None:
    assert repr(again([float("nan"), float("inf"), float("-inf")])) == "[nan, inf, -inf]"


def test_values_are_readable() -> None:
    assert form.outcome(Reply(body={"at": datetime(2025, 1, 31, 12, tzinfo=UTC), "on": date(2025, 1, 31)}))[
        "reply"
    ] == {"body": {"at": {"$datetime": "2025-01-31T12:00:00+00:00"}, "on": {"$date": "2025-01-31"}}}
    assert again(Decimal("0.10")) == Decimal("0.10")


def test_the_order_of_an_answer_is_kept_and_that_of_a_step_is_not() -> None:
    assert list(again({"b": 1, "a": 2})) == ["b", "a"]
    assert list(form.step(Step(service="s", operation="o", params={"b": 1, "a": 2}))["params"]) == ["a", "b"]


def test_large_bytes_are_a_hash_in_a_step_and_whole_in_an_answer() -> None:
    data = bytes(range(256)) * 8
    sent = form.step(Step(service="s", operation="o", params={"image": data, "small": b"\xff\x00"}))["params"]
    assert sent["image"]["$length"] == 2048
    assert len(sent["image"]["$sha256"]) == 64
    assert sent["small"] == {"$base64": "/wA="}
    assert again(data) == data


def test_a_reply_keeps_all_that_it_says() -> None:
    given: dict[str, Any] = {
        "body": 1,
        "status": 200,
        "headers": {"b": "2", "a": "1"},
        "request_id": "r",
        "region": "eu",
        "metered": {"units": 1.5},
    }
    assert {item.name for item in fields(Reply)} == set(given), "this test knows all fields"
    written = form.outcome(Reply(**given))
    assert list(written["reply"])[-1] == "body"
    assert list(written["reply"]["headers"]) == ["a", "b"]
    assert read_outcome("local", json.loads(json.dumps(written))) == Reply(**given)


def test_a_failure_keeps_all_that_it_says() -> None:
    failure = Failure(
        "no",
        kind="timeout",
        codes=["A", "B"],
        status=503,
        request_id="r",
        retry_after=2.5,
        body={"x": b"\xff"},
        metered={"units": 1.5},
    )
    found = read_outcome("local", json.loads(json.dumps(form.outcome(failure))))
    assert isinstance(found, Failure)
    assert vars(found) == vars(failure)


def test_an_empty_answer_stays_empty() -> None:
    bodies: list[Any] = [None, {}, [], "", 0, b""]
    assert [again(body) for body in bodies] == bodies


class Colour(Enum):
    RED = "red"


def test_what_only_looks_like_a_plain_value_becomes_one() -> None:
    params = {"colour": Colour.RED, "map": MappingProxyType({"a": 1}), "view": memoryview(b"ab"), "range": range(2)}
    assert form.step(Step(service="s", operation="o", params=params))["params"] == {
        "colour": "red",
        "map": {"a": 1},
        "range": [0, 1],
        "view": {"$base64": "YWI="},
    }


def test_an_object_that_nobody_can_write_is_named() -> None:
    with pytest.raises(CassetteError, match=r"a builtins\.object cannot be written"):
        form.outcome(Reply(body={"x": object()}))
