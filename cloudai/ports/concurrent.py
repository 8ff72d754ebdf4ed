"""The asynchronous colour, on asyncio or trio through anyio."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Callable, Coroutine, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from contextvars import copy_context
from functools import partial
from typing import Any, Generic, TypeVar

import anyio
import anyio.to_thread

from cloudai.ports import Connect, Failure, Gate, Link, Reply, Step
from cloudai.ports.gate import RateGate

__all__ = ["AsyncRuntime", "ordered"]

T = TypeVar("T")
R = TypeVar("R")

THREADS = 64
"""How many steps of vendors without an async form run at once; a limit of their own, so that they do not take all the
threads that the application's own blocking work needs."""
GRACE = 10.0
"""Seconds that a step which has to end is waited for when its call is cancelled or its time is up."""


class AsyncRuntime:
    """Sends a step on the running event loop. Links without an async form run in worker threads."""

    asynchronous = True

    def __init__(self, threads: int = THREADS) -> None:
        self._threads = threads
        self._limiter: anyio.CapacityLimiter | None = None

    async def transmit(self, connect: Connect, step: Step, timeout: float) -> Reply:
        link = connect()
        try:
            # The SDK's own timeouts count between bytes; this one bounds the whole step.
            with anyio.fail_after(timeout):
                if link.threaded:
                    work = partial(_invoke, link, step, timeout)
                    return await (self._whole(work) if step.whole else self.offload(work))
                return link.read(step, await link.invoke(step, timeout))
        except Failure:
            raise
        except TimeoutError as error:
            raise Failure(f"no answer within {timeout:g} s", kind="timeout") from error
        except Exception as error:
            failure = link.explain(error)
            if failure is None:
                raise
            raise failure from error

    async def offload(self, work: Callable[[], T]) -> T:
        if self._limiter is None:
            self._limiter = anyio.CapacityLimiter(self._threads)
        return await anyio.to_thread.run_sync(work, abandon_on_cancel=True, limiter=self._limiter)

    async def _whole(self, work: Callable[[], Reply]) -> Reply:
        """Runs work in a thread; one that has begun is waited for when its caller does not want it any more."""
        begun, ended = threading.Event(), threading.Event()

        def run() -> Reply:
            begun.set()
            try:
                return work()
            finally:
                ended.set()

        try:
            return await self.offload(run)
        except anyio.get_cancelled_exc_class():
            if begun.is_set():
                with anyio.CancelScope(shield=True):
                    await anyio.to_thread.run_sync(ended.wait, GRACE)
            raise

    async def finish(self, work: Callable[[], Coroutine[Any, Any, T]], seconds: float) -> T:
        with anyio.fail_after(seconds, shield=True):
            return await work()

    async def sleep(self, seconds: float) -> None:
        await anyio.sleep(seconds)

    def now(self) -> float:
        return anyio.current_time()

    def gate(self, max_concurrency: int | None, rate: str | None) -> Gate | None:
        if max_concurrency is None and rate is None:
            return None
        room = None if max_concurrency is None else _Room(max_concurrency)
        return RateGate(room, rate, self.sleep)

    async def gather(self, parts: Sequence[Callable[[], Coroutine[Any, Any, T]]], limit: int) -> list[T]:
        if len(parts) == 1:
            return [await parts[0]()]
        results: dict[int, T] = {}
        errors: list[Exception] = []
        room = anyio.Semaphore(limit)

        async def run(index: int, part: Callable[[], Coroutine[Any, Any, T]]) -> None:
            async with room:
                try:
                    results[index] = await part()
                except Exception as error:
                    errors.append(error)
                    tasks.cancel_scope.cancel()

        async with anyio.create_task_group() as tasks:
            for index, part in enumerate(parts):
                tasks.start_soon(run, index, part)
        if errors:
            raise errors[0]
        return [results[index] for index in range(len(parts))]


class _Room:
    def __init__(self, places: int) -> None:
        self._places = anyio.Semaphore(places)

    async def acquire(self, within: float | None) -> bool:
        with anyio.move_on_after(within):
            await self._places.acquire()
            return True
        return False

    def release(self) -> None:
        self._places.release()


def _invoke(link: Link, step: Step, timeout: float) -> Reply:
    return link.read(step, link.invoke(step, timeout))


class ordered(AsyncIterator[R], Generic[T, R]):  # noqa: N801  (it is used as a function)
    """What ``work`` returns for each numbered item, in order, at most ``limit`` of them begun and not yet handed out.

    Items are taken from the iterable only when there is room for them. Leaving the iteration early cancels what is
    under way, at the latest when the iterator is forgotten. It is no generator, because one that its consumer abandons
    is closed in another task, where neither a task group can be left nor, on trio, anything be awaited.
    """

    def __init__(
        self,
        work: Callable[[tuple[int, T]], Coroutine[Any, Any, R]],
        items: Iterable[T] | AsyncIterable[T],
        limit: int,
    ) -> None:
        self._work = work
        self._items: Iterator[T] | AsyncIterator[T] = aiter(items) if isinstance(items, AsyncIterable) else iter(items)
        self._limit = limit
        self._taken = 0
        self._ended: Exception | None = None
        self._waiting: deque[_Task[R]] = deque()

    async def __anext__(self) -> R:
        while self._ended is None and len(self._waiting) < self._limit:
            try:
                items = self._items
                item = await anext(items) if isinstance(items, AsyncIterator) else next(items)
            except Exception as error:
                # Also the iterable's own error: what has begun is handed out before it.
                self._ended = error
                break
            self._waiting.append(_Task(partial(self._work, (self._taken, item))))
            self._taken += 1
        if self._waiting:
            result = await self._waiting[0].result()
            self._waiting.popleft()
            return result
        ended, self._ended = self._ended, StopAsyncIteration()
        if ended is None or isinstance(ended, StopIteration | StopAsyncIteration):
            raise StopAsyncIteration
        raise ended

    async def aclose(self) -> None:
        """Cancels what is under way and ends the iteration."""
        self._ended = StopAsyncIteration()
        self._cancel()

    def _cancel(self) -> None:
        for task in self._waiting:
            task.cancel()
        self._waiting.clear()

    def __del__(self) -> None:
        self._cancel()


class _Task(Generic[R]):
    """A task outside any task group, on either library."""

    def __init__(self, work: Callable[[], Coroutine[Any, Any, R]]) -> None:
        self._work = work
        self._done = anyio.Event()
        self._result: R
        self._error: BaseException | None = None
        if not issubclass(anyio.get_cancelled_exc_class(), asyncio.CancelledError):
            import trio

            scope = trio.CancelScope()
            self.cancel: Callable[[], object] = scope.cancel
            trio.lowlevel.spawn_system_task(self._run_in, scope, context=copy_context())
        else:
            # The reference is kept here: the event loop itself holds tasks only weakly.
            self._task = asyncio.get_running_loop().create_task(self._run())
            self.cancel = self._task.cancel

    async def _run_in(self, scope: AbstractContextManager[Any]) -> None:
        with scope:
            await self._run()

    async def _run(self) -> None:
        try:
            self._result = await self._work()
        except Exception as error:
            self._error = error
        finally:
            self._done.set()

    async def result(self) -> R:
        await self._done.wait()
        if self._error is not None:
            raise self._error
        return self._result
