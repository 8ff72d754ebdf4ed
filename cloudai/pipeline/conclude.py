"""Who answered, how and what, written into the result."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any

from cloudai.pipeline.call import Call, CallPort
from cloudai.types.meta import Meta, StepUsage, Usage
from cloudai.types.value import Deferred, Result, attach

__all__ = ["conclude", "raw_of"]


async def conclude(call: Call, *, proceed: Callable[[Call], Coroutine[Any, Any, Result]]) -> Result:
    """Lets the call be answered, then attaches ``meta`` and ``raw``."""
    result = await proceed(call)
    ports, member, request = call.ports, call.asked, call.request
    last = ports[-1]
    metered: dict[str, float] = {}
    for port in ports:
        for meter, amount in port.metered.items():
            metered[meter] = metered.get(meter, 0) + amount
    meta = Meta(
        provider=member.label,
        operation=request.operation,
        model=last.model,
        api_version=last.api_version,
        region=last.region,
        request_id=last.request_id,
        attempts=call.attempts,
        fallbacks=tuple(call.fallbacks),
        latency=call.runtime.now() - call.started,
        usage=Usage(
            measure=request.measure,
            amount=request.amount(),
            steps=tuple(
                StepUsage(service=step.service, operation=step.operation, amount=step.amount or 0)
                for port in ports
                for step in port.sent
            ),
            metered=metered,
        ),
        dropped=call.dropped,
        warnings=tuple(warning for port in ports for warning in port.warnings),
        sources=tuple(call.sources),
        tags=call.tags,
    )
    raw = raw_of(ports)
    attach(result, meta, raw)
    for name, part in result.parts_of().items():
        # Each part is one picture to the vendor, also when several came in one answer.
        usage = Usage(measure=request.measure, amount=request.amount())
        attach(part, replace(meta, operation=name, usage=usage), raw)
    return result


def raw_of(ports: Sequence[CallPort]) -> Any:
    """The vendor's answer: one, or a tuple of them in order where the call took several. An answer that the vendor's
    SDK gives as objects of its own becomes plain when it is read: for a page of text that takes longer than a call."""
    bodies = tuple(_readable(port, body) for port in ports for body in port.bodies)
    if len(bodies) == 1:
        return bodies[0]
    if any(isinstance(body, Deferred) for body in bodies):
        return Deferred(lambda: tuple(body() if isinstance(body, Deferred) else body for body in bodies))
    return bodies or None


def _readable(port: CallPort, body: Any) -> Any:
    if body is None or isinstance(body, _PLAIN):
        return body
    provider = port.call.asked.provider
    return Deferred(lambda: provider.plain(body))


_PLAIN = (dict, list, tuple, str, bytes, int, float)
