"""Vendors in order: the next one answers when one cannot."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from cloudai.errors import AllProvidersFailedError, CloudAIError
from cloudai.pipeline.call import Call
from cloudai.types.meta import FailedProvider
from cloudai.types.value import Result

__all__ = ["route"]


async def route(call: Call, *, proceed: Callable[[Call], Coroutine[Any, Any, Result]]) -> Result:
    """Asks each vendor until one answers. Errors that would only hide a mistake end the call (see ``errors.py``)."""
    errors: list[CloudAIError] = []
    for place, member in enumerate(call.members, 1):
        call.ask(member)
        try:
            return await proceed(call)
        except CloudAIError as error:
            error.provider = error.provider or member.label
            error.operation = error.operation or call.request.operation
            errors.append(error)
            remaining = call.remaining()
            if not _may_fall_back(call, error) or (remaining is not None and remaining <= 0):
                error.fallbacks = tuple(call.fallbacks)
                raise
            if place == len(call.members):
                break
            call.fallbacks.append(
                FailedProvider(
                    provider=member.label,
                    error=type(error).__name__,
                    message=error.message,
                    vendor_code=error.vendor_code,
                    status=error.status,
                    attempts=call.attempts,
                )
            )
    if len(errors) == 1:
        raise errors[0]
    raise AllProvidersFailedError(
        "; ".join(f"{error.provider}: {type(error).__name__}: {error.message}" for error in errors),
        errors=errors,
        operation=call.request.operation,
    ) from errors[-1]


def _may_fall_back(call: Call, error: CloudAIError) -> bool:
    return error.fallback if call.fallback_on is None else isinstance(error, call.fallback_on)
