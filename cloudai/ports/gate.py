"""Client-side limits: how many steps may be under way at a vendor, and how many may be sent in a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from cloudai.errors import ConfigurationError

__all__ = ["RateGate"]


class Room(Protocol):
    """A counted number of places, of either colour."""

    async def acquire(self, within: float | None) -> bool: ...

    def release(self) -> None: ...


class RateGate:
    """Lets steps in as places and the rate allow. The rate is counted by the ``limits`` package, in a moving window."""

    def __init__(
        self, room: Room | None, rate: str | None, sleep: Callable[[float], Coroutine[Any, Any, None]]
    ) -> None:
        self._room = room
        self._sleep = sleep
        self._limiter: Any = None
        if rate is not None:
            try:
                from limits import parse
                from limits.storage import MemoryStorage
                from limits.strategies import MovingWindowRateLimiter
            except ModuleNotFoundError as error:
                raise ConfigurationError("rate= needs the limits package: pip install 'cloudai[limits]'") from error
            try:
                self._rate = parse(rate)
            except ValueError as error:
                raise ConfigurationError(f"rate={rate!r} is not a rate: write it as '20/second'") from error
            self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def enter(self, within: float | None) -> bool:
        """Waits for a place and a turn; False where that would take longer than ``within`` seconds."""
        ends = None if within is None else time.monotonic() + within
        if self._limiter is not None:
            while not self._limiter.hit(self._rate):
                reset, _ = self._limiter.get_window_stats(self._rate)
                wait = max(reset - time.time(), 0.01)
                if ends is not None and time.monotonic() + wait > ends:
                    return False
                await self._sleep(wait)
        if self._room is None:
            return True
        return await self._room.acquire(None if ends is None else max(ends - time.monotonic(), 0.0))

    def leave(self) -> None:
        if self._room is not None:
            self._room.release()
