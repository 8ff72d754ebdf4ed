"""Acme's codes."""

from collections.abc import Mapping

from cloudai import (
    AuthenticationError,
    CloudAIError,
    JobFailedError,
    QuotaExceededError,
    RateLimitedError,
    UnsupportedLanguageError,
)

CODES: Mapping[str, type[CloudAIError]] = {
    "BadKey": AuthenticationError,
    "JobBroken": JobFailedError,
    "NoSuchTongue": UnsupportedLanguageError,
    "SlowDown": RateLimitedError,
    "SpentUp": QuotaExceededError,
}
