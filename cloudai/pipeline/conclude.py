"""Who answered, how and what, written into the result."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from cloudai.pipeline.call import Call, CallPort
from cloudai.types.meta import Meta, StepUsage, Usage
from cloudai.types.value import Result, attach

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
        tags=call.tags,
    )
    attach(result, meta, raw_of(ports))
    return result


def raw_of(ports: Sequence[CallPort]) -> Any:
    """The vendor's answer: one, or a tuple of them in order where the call took several."""
    if len(ports) == 1 and len(ports[0].bodies) == 1:
        return ports[0].bodies[0]
    bodies = tuple(body for port in ports for body in port.bodies)
    return bodies[0] if len(bodies) == 1 else bodies or None
