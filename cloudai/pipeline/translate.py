"""A vendor's failure becomes one of our errors, by the vendor's own table."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from cloudai.errors import (
    AuthenticationError,
    CloudAIError,
    ConnectionFailedError,
    InputTooLargeError,
    InvalidRequestError,
    InvalidResponseError,
    PermissionDeniedError,
    RateLimitedError,
    ServiceUnavailableError,
    TimeoutError,
    UnsupportedFormatError,
)
from cloudai.pipeline.call import Member, Sending
from cloudai.ports import Failure, Reply
from cloudai.ports.tap import TapError
from cloudai.settings import secrets_of_environment

__all__ = ["STATUSES", "error_class", "scrub", "translate"]

STATUSES: Mapping[int, type[CloudAIError]] = {
    400: InvalidRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: InvalidRequestError,
    405: InvalidRequestError,
    408: TimeoutError,
    409: InvalidRequestError,
    413: InputTooLargeError,
    415: UnsupportedFormatError,
    422: InvalidRequestError,
    429: RateLimitedError,
    504: TimeoutError,
}
"""What a status means where the vendor gave no code that its table knows (RFC 9110)."""


async def translate(sending: Sending, *, proceed: Callable[[Sending], Coroutine[Any, Any, Reply]]) -> Reply:
    """Sends the step, and raises our error in place of the vendor's."""
    try:
        return await proceed(sending)
    except Failure as failure:
        for meter, amount in failure.metered.items():
            sending.port.metered[meter] = sending.port.metered.get(meter, 0) + amount
        sending.port.request_id = failure.request_id or sending.port.request_id
        error = _error(sending, failure)
        raise error from (failure.__cause__ or failure)
    except (CloudAIError, TapError):
        raise
    except Exception as error:
        # Nothing that a vendor's SDK knows as its own: a defect there or here. It still comes as one of ours.
        member = sending.call.asked
        text = scrub(f"unexpected {type(error).__name__}: {error}", _secrets(member))
        raise CloudAIError(text, provider=member.label, operation=sending.call.request.operation) from error


def _error(sending: Sending, failure: Failure) -> CloudAIError:
    member = sending.call.asked
    return error_class(failure, member.provider.errors)(
        scrub(failure.message, _secrets(member)),
        provider=member.label,
        operation=sending.call.request.operation,
        vendor_code=failure.codes[0] if failure.codes else None,
        status=failure.status,
        request_id=failure.request_id,
        retry_after=failure.retry_after,
        raw=failure.body,
    )


def error_class(failure: Failure, table: Mapping[str, type[CloudAIError]]) -> type[CloudAIError]:
    """The class for a failure: by kind, by the vendor's codes, then by status."""
    if failure.kind == "timeout":
        return TimeoutError
    if failure.kind == "connection":
        return ConnectionFailedError
    for code in failure.codes:
        known = table.get(code)
        if known is not None:
            return known
    if failure.kind == "shape":
        return InvalidResponseError
    status = failure.status
    if status is None:
        return CloudAIError
    known = STATUSES.get(status)
    if known is not None:
        return known
    if status >= 500:
        return ServiceUnavailableError
    return InvalidRequestError if status >= 400 else InvalidResponseError


def _secrets(member: Member) -> tuple[str, ...]:
    """What must not be repeated: the keys of the settings, and those that stand in for them in the environment."""
    return member.settings.secrets() + secrets_of_environment()


def scrub(text: str, secrets: tuple[str, ...]) -> str:
    """The text with each secret replaced; vendors like to repeat the key that they did not accept."""
    for secret in secrets:
        if len(secret) >= 4:
            text = text.replace(secret, "***")
    return text
