"""Every error that cloudai raises.

CloudAIError
├── ConfigurationError            a key, an extra or a setting is missing or unreadable
├── AuthenticationError           the vendor does not know this key
├── PermissionDeniedError         the key is known, but may not do this
├── InvalidRequestError           the request itself is wrong
│   ├── InputTooLargeError        longer, larger or more than the vendor takes
│   ├── UnsupportedFormatError    a file format that the vendor does not read or write
│   └── UnsupportedLanguageError  a language that the vendor does not know for this operation
├── UnsupportedError              the vendor has no such operation or option
├── RateLimitedError              too fast: wait ``retry_after`` seconds
├── QuotaExceededError            used up until the period ends or the plan changes
├── TimeoutError                  no answer in time
├── ConnectionFailedError         the vendor was not reached
├── ServiceUnavailableError       the vendor was reached and is not well
├── InvalidResponseError          the answer does not have the shape that was agreed
├── JobFailedError                a long-running job ended without a result
├── BudgetExceededError           your own budget said no
└── AllProvidersFailedError       every vendor in the list failed; ``errors`` says how

Two class attributes say what the pipeline does by default: ``retryable`` (the same step may be sent again) and
``fallback`` (the next vendor may answer instead). Errors that would only hide a mistake do neither.
"""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import Any

__all__ = [
    "AllProvidersFailedError",
    "AuthenticationError",
    "BudgetExceededError",
    "CloudAIError",
    "ConfigurationError",
    "ConnectionFailedError",
    "InputTooLargeError",
    "InvalidRequestError",
    "InvalidResponseError",
    "JobFailedError",
    "PermissionDeniedError",
    "QuotaExceededError",
    "RateLimitedError",
    "ServiceUnavailableError",
    "TimeoutError",
    "UnsupportedError",
    "UnsupportedFormatError",
    "UnsupportedLanguageError",
]


class CloudAIError(Exception):
    """The base of all errors of cloudai. The vendor's own exception, if there was one, is its ``__cause__``."""

    retryable: bool = False
    """Whether sending the same step again makes sense."""

    fallback: bool = False
    """Whether, by default, the next vendor in the list is asked."""

    def __init__(
        self,
        message: str,
        *,
        provider: str | None = None,
        operation: str | None = None,
        vendor_code: str | None = None,
        status: int | None = None,
        request_id: str | None = None,
        retryable: bool | None = None,
        retry_after: float | None = None,
        raw: Any = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.provider = provider
        """The vendor that was asked, None where none was."""
        self.operation = operation
        """The operation, such as ``text.sentiment``."""
        self.vendor_code = vendor_code
        """The vendor's own code for what happened."""
        self.status = status
        """The HTTP status, where there was one."""
        self.request_id = request_id
        """The vendor's id of the request, for its support."""
        if retryable is not None:
            self.retryable = retryable
        self.retry_after = retry_after
        """Seconds that the vendor asks to wait, where it said so."""
        self.raw = raw
        """The vendor's answer as it came, where there was one."""
        self.fallbacks: tuple[Any, ...] = ()
        """The vendors that failed before this error ended the call (``FailedProvider`` each)."""

    def __str__(self) -> str:
        where = " ".join(part for part in (self.provider, self.operation) if part)
        details = ", ".join(
            f"{name} {value}"
            for name, value in (("code", self.vendor_code), ("status", self.status), ("request id", self.request_id))
            if value is not None
        )
        text = f"{where}: {self.message}" if where else self.message
        return f"{text} ({details})" if details else text

    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions with keyword-only arguments do not pickle by themselves, and worker processes send errors home.
        return (_restore, (type(self), self.message, self.__dict__))


def _restore(cls: type[CloudAIError], message: str, state: dict[str, Any]) -> CloudAIError:
    error = cls.__new__(cls, message)
    error.__dict__.update(state)
    error.args = (message,)
    return error


class ConfigurationError(CloudAIError):
    """A key, an extra or a setting is missing or unreadable; the message names what to install or set."""


class AuthenticationError(CloudAIError):
    """The vendor does not accept the key or token."""


class PermissionDeniedError(CloudAIError):
    """The caller is known but may not do this."""


class InvalidRequestError(CloudAIError):
    """The request is wrong and would be wrong for every vendor, or the vendor says that it is."""


class InputTooLargeError(InvalidRequestError):
    """The input is over a limit; the message names the limit and its unit."""

    fallback = True


class UnsupportedFormatError(InvalidRequestError):
    """The vendor does not read or write this format."""

    fallback = True


class UnsupportedLanguageError(InvalidRequestError):
    """The vendor does not know this language for this operation."""

    fallback = True


class UnsupportedError(CloudAIError):
    """The vendor has no such operation, or cannot express one of its options."""

    fallback = True


class RateLimitedError(CloudAIError):
    """Too many requests in too short a time. ``retry_after`` holds seconds where the vendor gave them."""

    retryable = True
    fallback = True


class QuotaExceededError(CloudAIError):
    """An allowance is used up. Waiting a few seconds does not help, so it is not retried."""

    fallback = True


class TimeoutError(CloudAIError, builtins.TimeoutError):
    """No answer within ``timeout``, or the call as a whole took longer than ``deadline``."""

    retryable = True
    fallback = True


class ConnectionFailedError(CloudAIError):
    """The vendor could not be reached, or the connection broke."""

    retryable = True
    fallback = True


class ServiceUnavailableError(CloudAIError):
    """The vendor answered that it cannot answer now."""

    retryable = True
    fallback = True


class InvalidResponseError(CloudAIError):
    """The answer is not what the vendor's interface promises. ``raw`` holds it as it came."""

    fallback = True


class JobFailedError(CloudAIError):
    """A long-running job ended without a result; the message says what the vendor said."""


class BudgetExceededError(CloudAIError):
    """Your own budget does not allow this call. Nothing was sent."""


class AllProvidersFailedError(CloudAIError):
    """Each vendor in the list failed. ``errors`` holds one error for each, in the order they were asked."""

    def __init__(self, message: str, *, errors: Sequence[CloudAIError] = (), **details: Any) -> None:
        super().__init__(message, **details)
        self.errors = tuple(errors)
