"""The same step again, when that makes sense."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from cloudai.errors import CloudAIError
from cloudai.pipeline.call import Sending
from cloudai.ports import Reply

__all__ = ["again"]


async def again(sending: Sending, *, proceed: Callable[[Sending], Coroutine[Any, Any, Reply]]) -> Reply:
    """Sends a step until it is answered, as often as ``Retry`` allows.

    What is retried is told by the error's class, which comes from the vendor's code, never from its message. The wait
    is the one that the vendor asks for, else it doubles, with jitter. A wait that is longer than ``max_retry_after`` or
    than what is left until the deadline is not begun: the error is raised at once.
    """
    retry = sending.call.retry
    try:
        return await proceed(sending)
    except CloudAIError as error:
        if retry.attempts == 1 or not error.retryable:
            raise
        first: CloudAIError | None = error
    # Most steps are answered at once and need no machinery; the first failure is played back to it.
    from tenacity import AsyncRetrying, RetryCallState
    from tenacity.wait import wait_exponential, wait_random

    grow = wait_exponential(multiplier=retry.first_wait, max=retry.max_wait) + wait_random(0, retry.first_wait)

    def worth_it(state: RetryCallState) -> bool:
        error = state.outcome.exception() if state.outcome else None
        return (
            isinstance(error, CloudAIError) and error.retryable and (error.retry_after or 0.0) <= retry.max_retry_after
        )

    def wait(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, CloudAIError) else None
        return asked if asked is not None else grow(state)

    def enough(state: RetryCallState) -> bool:
        if state.attempt_number >= retry.attempts:
            return True
        remaining = sending.remaining()
        return remaining is not None and remaining <= state.upcoming_sleep

    async def attempt() -> Reply:
        nonlocal first
        if first is not None:
            error, first = first, None
            raise error
        return await proceed(sending)

    policy = AsyncRetrying(sleep=sending.wait, stop=enough, wait=wait, retry=worth_it, reraise=True)
    reply: Reply = await policy(attempt)
    return reply
