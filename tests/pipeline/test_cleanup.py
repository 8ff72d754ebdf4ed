"""What a call takes away behind itself, in every colour: after success, failure, deadlines and cancellation."""

from __future__ import annotations

import asyncio
import builtins
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import anyio
import pytest

from cloudai import AsyncCloudAI, InvalidRequestError, Retry, TimeoutError
from cloudai.operations.text import SummaryResult
from cloudai.ports import Failure, Port, Reply, Step
from cloudai.ports.concurrent import AsyncRuntime
from cloudai.providers import Adapter
from cloudai.testing import use_cassette
from cloudai.types.meta import Meta
from tests.toy import Toy, provider

pytestmark = pytest.mark.usefixtures("toy")
Ask = Callable[..., Any]
FAST = Retry(first_wait=0, max_wait=0)


@pytest.fixture(autouse=True)
def leaving(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has the toy leave something at its vendor."""

    async def summarize(port: Port, text: str) -> SummaryResult:
        name = port.unique()
        await port.send(Step(service="toy", operation="Put", params={"name": name}, aside=True, whole=True))
        try:
            body = (await port.send(Step(service="toy", operation="Work", params={"text": text}))).body
            port.note(metered={"pages": 2}, warning="page 3 is torn")
            return SummaryResult(summary=body)
        finally:
            await port.cleanup(Step(service="toy", operation="Delete", params={"name": name}), f"the toy {name}")

    adapter = Adapter(summarize, frozenset({"text"}), limit=None, extra=None)
    monkeypatch.setitem(provider._adapters, "text.summarize", adapter)


def summarize(ai: Any, **options: Any) -> Any:
    return ai.text.summarize("text", **options)


def operations(vendor: Toy) -> list[str]:
    return [step.operation for step, _ in vendor.sent]


def by_operation(**answers: Any) -> Callable[[Step], Any]:
    def answer(step: Step) -> Any:
        found = answers.get(step.operation, "fine")
        return found(step) if callable(found) else found

    return answer


def test_what_was_left_is_taken_away_and_meta_tells_the_rest(ask: Ask) -> None:
    vendor = Toy(script=[by_operation(Delete=Reply(body={}, request_id="of the deletion"))])
    result = ask(vendor, summarize)
    assert operations(vendor) == ["Put", "Work", "Delete"]
    meta: Meta = result.meta
    assert meta.warnings == ("page 3 is torn",)
    assert meta.usage is not None
    # Two answers count two units each by themselves; the deletion counts, but does not name the call.
    assert meta.usage.metered["pages"] == 2
    assert meta.request_id == "toy-1"
    assert result.raw == "fine"


def test_a_failed_call_cleans_up_and_keeps_its_error(ask: Ask) -> None:
    vendor = Toy(script=[by_operation(Work=Failure("no", status=400), Delete=Failure("no", status=403))])
    with pytest.raises(InvalidRequestError):
        ask(vendor, summarize)
    assert operations(vendor) == ["Put", "Work", "Delete"]


def test_what_cannot_be_taken_away_is_told_beside_the_result(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    vendor = Toy(script=[by_operation(Delete=Failure("not you", status=403))])
    with caplog.at_level(logging.WARNING, "cloudai"):
        meta = ask(vendor, summarize).meta
    (name,) = {step.params["name"] for step, _ in vendor.sent if step.operation == "Delete"}
    assert meta.warnings[1].startswith(f"the toy {name} could not be taken away again: ")
    (record,) = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert record.getMessage() == f"text.summarize of toy: {meta.warnings[1]}"


def test_taking_away_is_tried_again(ask: Ask) -> None:
    failures: list[Any] = [Failure("slow", codes=["Slow"])]
    vendor = Toy(script=[by_operation(Delete=lambda step: failures.pop() if failures else "gone")])
    assert len(ask(vendor, summarize, retry=FAST).meta.warnings) == 1
    assert operations(vendor)[-2:] == ["Delete", "Delete"]


def test_the_deadline_of_the_call_does_not_count_for_it(ask: Ask) -> None:
    vendor = Toy(script=[by_operation(Work=lambda step: threading.Event().wait(0.3) or "late")])
    with suppress(TimeoutError):
        ask(vendor, lambda ai: summarize(ai, deadline=0.2))
    assert operations(vendor) == ["Put", "Work", "Delete"]


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.parametrize("threaded", [False, True])
def test_a_cancelled_call_cleans_up(backend: str, threaded: bool) -> None:
    begun, released = threading.Event(), threading.Event()

    def hold() -> None:
        if len(vendor.sent) == 2:
            begun.set()
            released.wait(5)

    vendor = Toy(script=["fine"], threaded=threaded, hold=hold)

    async def main() -> None:
        async with AsyncCloudAI(vendor) as ai, anyio.create_task_group() as tasks:
            tasks.start_soon(ai.text.summarize, "text")
            while not begun.is_set():
                await anyio.sleep(0.001)
            tasks.cancel_scope.cancel()
        assert operations(vendor) == ["Put", "Work", "Delete"]
        released.set()

    anyio.run(main, backend=backend)


class SlowLink:
    """Needs a while in its thread, and says when it has ended."""

    threaded = True

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.ended = threading.Event()

    def invoke(self, step: Step, timeout: float) -> Any:
        self.begun.set()
        threading.Event().wait(0.2)
        self.ended.set()

    def read(self, step: Step, answer: Any) -> Reply:
        return Reply(body=answer)

    def explain(self, error: Exception) -> Failure | None:
        return None

    def close(self) -> None:
        return None


async def cancelled(link: SlowLink, step: Step) -> bool:
    """Whether a step had ended in its thread when its cancelled caller went on."""
    async with anyio.create_task_group() as tasks:
        runtime = AsyncRuntime()
        tasks.start_soon(runtime.transmit, lambda: link, step, 5.0)
        while not link.begun.is_set():
            await anyio.sleep(0.001)
        tasks.cancel_scope.cancel()
    return link.ended.is_set()


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.parametrize("whole", [False, True])
def test_a_whole_step_that_has_begun_is_let_end(backend: str, whole: bool) -> None:
    step = Step(service="toy", operation="Put", whole=whole)
    assert anyio.run(cancelled, SlowLink(), step, backend=backend) is whole


def test_a_whole_step_is_let_end_when_the_event_loop_cancels_its_task() -> None:
    async def main() -> bool:
        link = SlowLink()
        step = Step(service="toy", operation="Put", whole=True)
        task = asyncio.create_task(AsyncRuntime().transmit(lambda: link, step, 5.0))
        while not link.begun.is_set():
            await asyncio.sleep(0.001)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return link.ended.is_set()

    assert asyncio.run(main())


def test_a_whole_step_that_has_not_begun_does_not_begin() -> None:
    async def main() -> None:
        link, other = SlowLink(), SlowLink()
        runtime = AsyncRuntime(threads=1)
        step = Step(service="toy", operation="Put", whole=True)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(runtime.transmit, lambda: other, step, 5.0)
            while not other.begun.is_set():
                await anyio.sleep(0.001)
            with anyio.move_on_after(0.02):
                await runtime.transmit(lambda: link, step, 5.0)
            assert not other.ended.is_set()
        assert not link.begun.is_set()

    anyio.run(main)


def test_cleaning_up_ends_after_a_while() -> None:
    async def main() -> None:
        with pytest.raises(builtins.TimeoutError):
            await AsyncRuntime().finish(lambda: anyio.sleep(5), 0.05)

    anyio.run(main)


def test_names_are_unique_and_a_recording_does_not_mind(ask: Ask, tmp_path: Any) -> None:
    vendor = Toy(script=["fine"])
    path = tmp_path / "cassette.json"
    with use_cassette(path, "once"):
        ask(vendor, summarize)
    recorded = [step.params["name"] for step, _ in vendor.sent if step.operation == "Put"]
    assert all(name.startswith("cloudai-") and len(name) == 40 for name in recorded)
    with use_cassette(path, "none", require_all=True):
        assert ask(Toy(script=[]), summarize).summary == "fine"
    assert recorded[0] not in path.read_text(encoding="utf-8")
