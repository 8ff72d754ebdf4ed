"""The last stage of the step chain: the port's runtime, or a cassette in its place."""

from __future__ import annotations

from cloudai.pipeline.call import Sending
from cloudai.ports import Failure, Reply
from cloudai.ports.tap import current

__all__ = ["transmit"]


async def transmit(sending: Sending) -> Reply:
    """Sends a step over the vendor's link."""
    call, step = sending.call, sending.step
    member = call.asked
    timeout = call.timeout
    remaining = sending.remaining()
    if remaining is not None:
        if remaining <= 0:
            raise call.late()
        timeout = min(timeout, remaining)
    tap = current()
    if tap is None:
        await _prepare(sending)
        sending.port.attempts += 1
        return await call.runtime.transmit(lambda: member.link(step.service), step, timeout)
    answer = tap.before(member.settings, step)
    sending.port.attempts += 1
    if isinstance(answer, Failure):
        raise answer
    if answer is not None:
        return answer
    await _prepare(sending)
    try:
        reply = await call.runtime.transmit(lambda: member.link(step.service), step, timeout)
    except Failure as failure:
        tap.after(member.settings, step, failure)
        raise
    tap.after(member.settings, step, reply)
    return reply


async def _prepare(sending: Sending) -> None:
    """Imports the vendor's SDK before the first step goes out, where that holds up nobody else."""
    member = sending.call.asked
    if not member.links:
        await sending.call.runtime.offload(member.provider.load)
