"""A vendor's failure becomes one of our errors, by the vendor's own table."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
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
        cause = failure.__cause__ or failure
        clean(cause, _secrets(sending.call.asked))
        raise error from cause
    except (CloudAIError, TapError):
        raise
    except Exception as error:
        # Nothing that a vendor's SDK knows as its own: a defect there or here. It still comes as one of ours.
        member = sending.call.asked
        secrets = _secrets(member)
        clean(error, secrets)
        text = scrub(f"unexpected {type(error).__name__}: {error}", secrets)
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
        raw=_without(failure.body, _secrets(member)),
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
    if status is not None and status < 300 and failure.codes:
        # A refusal within an answer that says 200, such as one document's error, with a code that is new.
        return InvalidRequestError
    if status is None:
        return CloudAIError
    known = STATUSES.get(status)
    if known is not None:
        return known
    if status >= 500:
        return ServiceUnavailableError
    return InvalidRequestError if status >= 400 else InvalidResponseError


def clean(error: BaseException, secrets: tuple[str, ...]) -> None:
    """Takes secrets out of what a vendor's exception, and those behind it, would print: it is shown as a cause."""
    seen: set[int] = set()
    behind: BaseException | None = error
    while behind is not None and id(behind) not in seen:
        seen.add(id(behind))
        behind.args = tuple(_without(part, secrets) for part in behind.args)
        for name, part in list(vars(behind).items()):
            if isinstance(part, str | dict | list) and part:
                with suppress(AttributeError, TypeError):
                    setattr(behind, name, _without(part, secrets))
        behind = behind.__cause__ or behind.__context__


DEEPEST = 100
"""How many lists and objects may be within one another in an answer that is kept."""


def _without(part: Any, secrets: tuple[str, ...], depth: int = 0) -> Any:
    """The same value with each secret in its texts covered; itself where there is none."""
    if isinstance(part, str):
        return scrub(part, secrets)
    if depth > DEEPEST:
        # Nothing that a vendor means is so deep; what is not looked through is not kept.
        return "..."
    if isinstance(part, dict):
        return {name: _without(item, secrets, depth + 1) for name, item in part.items()}
    if isinstance(part, list | tuple):
        return type(part)(_without(item, secrets, depth + 1) for item in part) if type(part) in (list, tuple) else part
    return part


def _secrets(member: Member) -> tuple[str, ...]:
    """What must not be repeated: the keys of the settings, and those that stand in for them in the environment."""
    return member.settings.secrets() + secrets_of_environment()


def scrub(text: str, secrets: tuple[str, ...]) -> str:
    """The text with each secret replaced; vendors like to repeat the key that they did not accept."""
    for secret in secrets:
        if len(secret) >= 4:
            text = text.replace(secret, "***")
    return text
