"""The clients themselves: batches, comparisons, routes, closing, threads, notebooks."""

from __future__ import annotations

import asyncio
import gc
import threading
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import anyio
import pytest

from cloudai import (
    AsyncCloudAI,
    CloudAI,
    ConfigurationError,
    EntitiesRequest,
    InvalidRequestError,
    RateLimitedError,
    Retry,
    SentimentRequest,
    UnsupportedError,
)
from cloudai.ports import Failure, Step
from tests.toy import Toy

pytestmark = pytest.mark.usefixtures("toy")
Ask = Callable[..., Any]
GOOD = {"verdict": "positive"}
NEVER = Retry(attempts=1)


def echo(step: Step) -> Any:
    """Answers with its input, or fails as the input says."""
    if "fail" in step.params["text"]:
        from tests.toy.connect import VendorError

        raise VendorError(Failure("slow", codes=["Slow"]))
    return {"verdict": step.params["text"]}


def numbered(count: int, taken: list[int] | None = None) -> Iterator[SentimentRequest]:
    for index in range(count):
        if taken is not None:
            taken.append(index)
        yield SentimentRequest(text=f"fail {index}" if index % 5 == 3 else f"text {index}")


def collect(requests: Any, **options: Any) -> Callable[[Any], Any]:
    """All outcomes of a batch, in either colour."""

    def call(ai: Any) -> Any:
        outcomes = ai.run_many(requests, **options)
        if isinstance(ai, CloudAI):
            return list(outcomes)

        async def gathered() -> list[Any]:
            return [item async for item in outcomes]

        return gathered()

    return call


@pytest.mark.parametrize("concurrency", [1, 3, 32])
def test_a_batch_comes_back_whole_and_in_order(ask: Ask, concurrency: int) -> None:
    outcomes = ask(Toy(script=[echo]), collect(numbered(20), concurrency=concurrency), retry=NEVER)
    assert [item.index for item in outcomes] == list(range(20))
    assert [item.ok for item in outcomes] == [index % 5 != 3 for index in range(20)]
    assert outcomes[4].unwrap().sentiment == "text 4"
    assert outcomes[4].request.text == "text 4"
    with pytest.raises(RateLimitedError):
        outcomes[3].unwrap()
    assert (outcomes[3].provider, outcomes[3].result) == ("toy", None)


def test_what_is_no_request_is_an_error_in_its_place(ask: Ask) -> None:
    outcomes = ask(Toy(script=[echo]), collect([SentimentRequest(text="a"), "b", SentimentRequest(text="c")]))
    assert [item.ok for item in outcomes] == [True, False, True]
    assert isinstance(outcomes[1].error, InvalidRequestError)


def test_requests_of_several_kinds_may_be_mixed(ask: Ask) -> None:
    def answer(step: Step) -> Any:
        return GOOD if step.operation == "Sentiment" else {"found": ["b"]}

    outcomes = ask(Toy(script=[answer]), collect([SentimentRequest(text="a"), EntitiesRequest(text="b")]))
    assert [type(item.unwrap()).__name__ for item in outcomes] == ["SentimentResult", "EntitiesResult"]


def test_a_generator_is_never_taken_further_than_the_concurrency(ask: Ask) -> None:
    taken: list[int] = []
    first: list[Any] = []

    def call(ai: Any) -> Any:
        outcomes = ai.run_many(numbered(10**9, taken), concurrency=4)
        if isinstance(ai, CloudAI):
            for item in outcomes:
                first.append((item.index, len(taken)))
                if len(first) == 6:
                    break
            return None

        async def some() -> None:
            async for item in outcomes:
                first.append((item.index, len(taken)))
                if len(first) == 6:
                    break
            await outcomes.aclose()

        return some()

    ask(Toy(script=[echo]), call, retry=NEVER)
    assert [index for index, _ in first] == list(range(6))
    assert all(ahead - index <= 4 for index, ahead in first)


def test_when_the_generator_breaks_what_was_begun_is_handed_out_first(ask: Ask) -> None:
    def broken() -> Iterator[SentimentRequest]:
        yield SentimentRequest(text="one")
        yield SentimentRequest(text="two")
        raise LookupError("the file ended in the middle")

    seen: list[str] = []

    def call(ai: Any) -> Any:
        if isinstance(ai, CloudAI):
            with pytest.raises(LookupError):
                seen.extend(item.unwrap().sentiment for item in ai.run_many(broken()))
            return None

        async def main() -> None:
            with pytest.raises(LookupError):
                async for item in ai.run_many(broken()):
                    seen.append(item.unwrap().sentiment)  # noqa: PERF401  (what came before the error is kept)

        return main()

    ask(Toy(script=[echo]), call)
    if ask.colour == "blocking":  # type: ignore[attr-defined]
        assert seen in ([], ["one", "two"])  # list.extend keeps nothing of a generator that raises
    else:
        assert seen == ["one", "two"]


def test_an_async_generator_is_taken_too() -> None:
    async def requests() -> AsyncIterator[SentimentRequest]:
        for index in range(3):
            await anyio.lowlevel.checkpoint()
            yield SentimentRequest(text=str(index))

    async def main() -> list[str]:
        async with AsyncCloudAI(Toy(script=[echo])) as ai:
            return [item.unwrap().sentiment async for item in ai.run_many(requests())]

    assert anyio.run(main) == ["0", "1", "2"]  # type: ignore[comparison-overlap]


def test_no_more_than_the_concurrency_is_under_way(ask: Ask) -> None:
    lock = threading.Lock()
    under_way = most = 0

    def hold() -> None:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        threading.Event().wait(0.02)
        with lock:
            under_way -= 1

    ask(Toy(script=[GOOD], hold=hold), collect(numbered(12), concurrency=3))
    assert most == 3


def test_leaving_a_batch_early_leaves_no_task_behind() -> None:
    async def main() -> None:
        ai = AsyncCloudAI(Toy(script=[GOOD], hold=lambda: threading.Event().wait(0.05)))
        async for _ in ai.run_many(numbered(100), concurrency=5):
            break
        gc.collect()
        await asyncio.sleep(0.2)
        assert len(asyncio.all_tasks()) == 1

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        asyncio.run(main())


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.parametrize("threaded", [False, True])
def test_a_cancelled_call_leaves_nothing_behind(backend: str, threaded: bool) -> None:
    release = threading.Event()
    vendor = Toy(script=[GOOD], threaded=threaded, hold=lambda: release.wait(5))

    async def main() -> float:
        async with AsyncCloudAI(vendor) as ai:
            began = anyio.current_time()
            with anyio.move_on_after(0.1):
                await ai.text.sentiment("x")
            took = anyio.current_time() - began
            release.set()
            assert (await ai.text.sentiment("y")).sentiment == "positive"
            return took

    assert anyio.run(main, backend=backend) < 2


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_step_that_takes_too_long_is_a_timeout_also_without_the_sdk_s_help(backend: str) -> None:
    from cloudai import TimeoutError

    release = threading.Event()

    async def main() -> None:
        async with AsyncCloudAI(Toy(script=[GOOD], hold=lambda: release.wait(5)), retry=NEVER) as ai:
            with pytest.raises(TimeoutError, match="no answer within"):
                await ai.text.sentiment("x", timeout=0.1)

    anyio.run(main, backend=backend)
    release.set()


def test_several_vendors_are_compared_on_one_request(ask: Ask) -> None:
    vendors = [Toy(name="one", script=[GOOD]), Toy(name="two", script=[Failure("x", status=401)])]
    compared = ask(vendors, lambda ai: ai.compare(SentimentRequest(text="x")))
    assert list(compared.outcomes) == ["one", "two"]
    assert compared["one"].unwrap().sentiment == "positive"
    assert list(compared.results), list(compared.errors) == (["one"], ["two"])
    assert len(compared) == len(list(compared)) == 2


def test_settings_mean_themselves_whatever_they_are_called(ask: Ask) -> None:
    mine, other = Toy(script=[GOOD]), Toy(script=[{"verdict": "negative"}], key="another")
    compared = ask(mine, lambda ai: ai.compare(SentimentRequest(text="x"), providers=[other]))
    assert (compared["toy"].unwrap().sentiment, len(mine.sent)) == ("negative", 0)
    assert ask(mine, lambda ai: ai.text.sentiment("x", provider=other)).sentiment == "negative"
    for call in (
        lambda ai: ai.compare(SentimentRequest(text="x"), providers=[mine, other]),
        lambda ai: ai.text.sentiment("x", provider=[mine, other]),
    ):
        with pytest.raises(ConfigurationError, match="listed twice"):
            ask(mine, call)


@pytest.mark.parametrize(
    "call",
    [{"provider": []}, {"provider": 5}, {"extra": 5}, {"extra": {"google": 5}}, {"tags": 5}, {"timeout": "5"}],
)
def test_options_of_a_wrong_kind_are_configuration_errors(ask: Ask, call: dict[str, Any]) -> None:
    vendor = Toy(script=[GOOD])
    with pytest.raises(ConfigurationError):
        ask(vendor, lambda ai: ai.text.sentiment("x", **call))
    assert not vendor.sent


def test_a_vendor_is_not_compared_with_itself(ask: Ask) -> None:
    with pytest.raises(ConfigurationError, match="listed twice"):
        ask(Toy(script=[GOOD]), lambda ai: ai.compare(SentimentRequest(text="x"), providers=["toy", "toy"]))


def test_any_call_may_name_its_vendors(ask: Ask) -> None:
    one, two = Toy(name="one", script=[GOOD]), Toy(name="two", script=[GOOD])
    assert ask([one, two], lambda ai: ai.text.sentiment("x", provider="two")).meta.provider == "two"
    assert ask([one], lambda ai: ai.text.sentiment("x", provider=[two, "one"])).meta.provider == "two"


def test_routes_send_operations_and_areas_their_own_way(ask: Ask) -> None:
    vendors = [
        Toy(name="one", script=[GOOD]),
        Toy(name="two", script=[GOOD]),
        Toy(name="three", script=[{"found": []}]),
    ]
    routes = {"text": "two", "text.entities": ["three"]}
    assert ask(vendors, lambda ai: ai.text.sentiment("x"), routes=routes).meta.provider == "two"
    assert ask(vendors, lambda ai: ai.text.entities("x"), routes=routes).meta.provider == "three"
    assert ask(vendors, lambda ai: ai.text.sentiment("x", provider="one"), routes=routes).meta.provider == "one"


@pytest.mark.parametrize(
    ("providers", "options", "message"),
    [
        ("awz", {}, "did you mean 'aws'"),
        ([], {}, "list of vendors is empty"),
        ([7], {}, "7 is not a vendor"),
        (["toy", "toy"], {}, "listed twice"),
        ("toy", {"timeout": 0}, "timeout=0"),
        ("toy", {"timeout": True}, "timeout=True"),
        ("toy", {"deadline": -1}, "deadline=-1"),
        ("toy", {"unsupported": "drop"}, "'raise' or 'ignore'"),
        (None, {}, "None is not a vendor"),
        ("toy", {"retry": 3}, "retry=3"),
        ("toy", {"tags": 5}, "tags=5"),
        ("toy", {"routes": 5}, "routes=5"),
        ("toy", {"fallback_on": ["RateLimitedError"]}, "no error class"),
        ("toy", {"routes": {"text.feelings": "toy"}}, "no operation 'text.feelings'"),
        (Toy(rate="often"), {}, "not a rate"),
    ],
)
def test_a_client_that_cannot_work_is_refused_when_it_is_made(providers: Any, options: Any, message: str) -> None:
    for client in (CloudAI, AsyncCloudAI):
        with pytest.raises((ConfigurationError, InvalidRequestError), match=message):
            client(providers, **options)


def test_a_closed_client_says_so(ask: Ask) -> None:
    ai = CloudAI(Toy(script=[GOOD]))
    ai.text.sentiment("x")
    (link,) = ai._members[0].links.values()
    ai.close()
    ai.close()
    assert link.closed  # type: ignore[attr-defined]
    with pytest.raises(ConfigurationError, match="closed"):
        ai.text.sentiment("x")


def test_connections_are_made_once_and_kept(ask: Ask) -> None:
    ai = CloudAI(Toy(script=[GOOD]))
    ai.text.sentiment("x")
    link = ai._members[0].links["toy"]
    ai.text.sentiment("y")
    assert ai._members[0].links == {"toy": link}


def test_one_client_serves_many_threads() -> None:
    ai = CloudAI(Toy(script=[echo]), retry=NEVER)
    answers: dict[int, str] = {}

    def work(index: int) -> None:
        answers[index] = ai.text.sentiment(f"t{index}").sentiment

    threads = [threading.Thread(target=work, args=(index,)) for index in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {index: f"t{index}" for index in range(16)}
    assert len(ai._members[0].links) == 1


def test_the_blocking_client_works_where_a_loop_is_running() -> None:
    async def cell() -> str:
        return CloudAI(Toy(script=[GOOD])).text.sentiment("x").sentiment

    assert asyncio.run(cell()) == "positive"


def test_methods_look_like_the_functions_they_were_written_as() -> None:
    import inspect

    method = CloudAI(Toy(script=[GOOD])).text.pii
    assert "Personal data" in (inspect.getdoc(method) or "")
    assert list(inspect.signature(method).parameters)[1:4] == ["text", "language", "categories"]


def test_capabilities_are_those_of_the_client_s_vendors() -> None:
    table = {row.operation: row for row in CloudAI(Toy(script=[GOOD])).capabilities()}
    assert table["text.sentiment"].supported
    assert (table["text.sentiment"].limit, table["text.sentiment"].limit_unit) == (20, "code points")
    assert (table["text.sentiment"].options, table["text.sentiment"].extra) == (("language",), ("mood",))
    assert table["text.entities"].missing_options == ("language",)
    assert not table["text.syntax"].supported
    assert "toy[engine]" in (table["text.key_phrases"].reason or "")


def test_secrets_do_not_show_in_a_client() -> None:
    ai = CloudAI(Toy(script=[GOOD], key="s3cr3t"))
    assert "s3cr3t" not in repr(ai)


def test_unsupported_is_an_error_of_its_own(ask: Ask) -> None:
    with pytest.raises(UnsupportedError, match="cannot do text.language"):
        ask(Toy(script=[GOOD]), lambda ai: ai.text.language("x"))
