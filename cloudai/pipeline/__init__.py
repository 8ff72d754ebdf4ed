"""How one call travels, from the client's method down to the vendor.

Two chains, each written here in the order in which it is walked. A stage is handed the rest of its chain and decides
whether, and how often, to walk it.

    the call chain    who answers, and what it may cost; once for each call
    the step chain    how one step is sent; once for each step of an adapter, under the call chain's last stage
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from cloudai.pipeline.call import Call
from cloudai.pipeline.conclude import conclude
from cloudai.pipeline.dispatch import Dispatch
from cloudai.pipeline.limits import hold
from cloudai.pipeline.retry import again
from cloudai.pipeline.route import route
from cloudai.pipeline.telemetry import observe, observe_step
from cloudai.pipeline.translate import translate
from cloudai.pipeline.transmit import transmit
from cloudai.types.value import Result

__all__ = ["CALL", "STEP", "perform"]


def chain(*stages: Callable[..., Any]) -> Callable[..., Coroutine[Any, Any, Any]]:
    """Folds stages into one function; each is handed the ones behind it as ``proceed``."""
    *before, rest = stages
    for stage in reversed(before):
        rest = partial(stage, proceed=rest)
    return rest


STEP = chain(
    again,  # retries of this step, within the deadline
    hold,  # the client's own limits: concurrency and rate
    observe_step,  # a span and a debug record for each attempt
    translate,  # the vendor's failure becomes one of our errors
    transmit,  # the port's runtime, or a cassette in its place
)

CALL = chain(
    observe,  # one log record, span and set of metrics for each call
    conclude,  # meta and raw are written into the result
    # the cache of answers stands here
    # the budget stands here: what a call may cost is reserved before it is routed
    route,  # vendors in order; the next one answers when one cannot
    Dispatch(STEP),  # the vendor's own function, refused, split or called
)


async def perform(call: Call) -> Result:
    """Sends a call through both chains."""
    try:
        result: Result = await CALL(call)
    finally:
        # Ports know their call: without this a picture would stay until the garbage collector comes by.
        call.ports = []
    return result
