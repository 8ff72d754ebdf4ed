"""The blocking colour: nothing suspends, so a coroutine runs from start to end in one step."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from contextvars import copy_context
from typing import Any, TypeVar

from cloudai.ports import Connect, Failure, Gate, Reply, Step
from cloudai.ports.gate import RateGate

__all__ = ["BlockingRuntime", "drive", "ordered"]

T = TypeVar("T")
R = TypeVar("R")


def drive(coroutine: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine that never suspends. No event loop, so it works where one is running already."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        result: T = stop.value
        return result
    coroutine.close()
    raise RuntimeError("an adapter awaited something other than its port")


class BlockingRuntime:
    """Sends a step and waits for its answer in the calling thread."""

    asynchronous = False

    async def transmit(self, connect: Connect, step: Step, timeout: float) -> Reply:
        link = connect()
        try:
            return link.read(step, link.invoke(step, timeout))
        except Failure:
            raise
        except Exception as error:
            failure = link.explain(error)
            if failure is None:
                raise
            raise failure from error

    async def offload(self, work: Callable[[], T]) -> T:
        return work()

    async def finish(self, work: Callable[[], Coroutine[Any, Any, T]], seconds: float) -> T:
        # Nothing cancels a thread, and each of its steps has its own timeout.
        return await work()

    async def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def now(self) -> float:
        return time.monotonic()

    def gate(self, max_concurrency: int | None, rate: str | None) -> Gate | None:
        if max_concurrency is None and rate is None:
            return None
        room = None if max_concurrency is None else _Room(max_concurrency)
        return RateGate(room, rate, self.sleep)

    async def gather(self, parts: Sequence[Callable[[], Coroutine[Any, Any, T]]], limit: int) -> list[T]:
        if len(parts) == 1:
            return [await parts[0]()]
        return list(ordered(lambda part: drive(part()), parts, limit))


class _Room:
    def __init__(self, places: int) -> None:
        self._places = threading.Semaphore(places)

    async def acquire(self, within: float | None) -> bool:
        return self._places.acquire(timeout=within)

    def release(self) -> None:
        self._places.release()


def ordered(work: Callable[[T], R], items: Iterable[T], limit: int) -> Iterator[R]:
    """What ``work`` returns for each item, in order, with at most ``limit`` of them begun and not yet handed out.

    Items are taken from the iterable only when there is room for them. When the caller stops early, or a piece of work
    raises, no further item is begun.
    """
    from concurrent.futures import Future, ThreadPoolExecutor

    iterator = iter(items)
    if limit == 1:
        yield from map(work, iterator)
        return
    pool = ThreadPoolExecutor(limit, thread_name_prefix="cloudai")
    waiting: deque[Future[R]] = deque()
    try:
        broken: Exception | None = None
        while True:
            try:
                item = next(iterator)
            except StopIteration:
                break
            except Exception as error:
                # What has begun is handed out before the iterable's own error is.
                broken = error
                break
            # In the caller's context, so that spans and the like find their parents.
            waiting.append(pool.submit(copy_context().run, work, item))
            if len(waiting) >= limit:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
        if broken is not None:
            raise broken
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
