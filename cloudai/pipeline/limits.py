"""The client's own limits on a vendor."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from cloudai.pipeline.call import Sending
from cloudai.ports import Reply
from cloudai.ports.tap import current

__all__ = ["hold"]


async def hold(sending: Sending, *, proceed: Callable[[Sending], Coroutine[Any, Any, Reply]]) -> Reply:
    """Waits until there is room at the vendor, as ``max_concurrency`` and ``rate`` of its settings allow."""
    gate = sending.call.asked.gate
    tap = current()
    if gate is None or (tap is not None and not tap.waits()):
        return await proceed(sending)
    if not await gate.enter(sending.remaining()):
        raise sending.call.late()
    try:
        return await proceed(sending)
    finally:
        gate.leave()
