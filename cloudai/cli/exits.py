"""What the command line exits with, and the way out that it names beside an error."""

from __future__ import annotations

from dataclasses import fields

from cloudai.errors import (
    AuthenticationError,
    CloudAIError,
    ConfigurationError,
    InputTooLargeError,
    InvalidRequestError,
    PermissionDeniedError,
    UnsupportedError,
    UnsupportedLanguageError,
)

__all__ = [
    "CONFIGURATION",
    "EPILOG",
    "FAILED",
    "INTERRUPTED",
    "OK",
    "SOME_FAILED",
    "USAGE",
    "code_of",
    "way_out",
]

OK = 0
FAILED = 1
USAGE = 2
"""Also what click exits with."""
CONFIGURATION = 3
SOME_FAILED = 4
INTERRUPTED = 130

EPILOG = """\b
Exit codes:
  0    answered
  1    the vendor failed, or cannot do this; doctor: nothing is ready
  2    the command line or the request is wrong
  3    a key, an extra or a setting is missing, wrong or not allowed this
  4    some of several inputs have no answer (compare: from some vendor), or could not be drawn
  130  interrupted
"""

_CODES: tuple[tuple[type[CloudAIError], int], ...] = (
    (InvalidRequestError, USAGE),
    (ConfigurationError, CONFIGURATION),
    (AuthenticationError, CONFIGURATION),
    (PermissionDeniedError, CONFIGURATION),
)

_WAYS_OUT: tuple[tuple[type[CloudAIError], str | None, str], ...] = (
    (InputTooLargeError, "split", "--split sends it in pieces and puts the results together"),
    (
        UnsupportedLanguageError,
        "language",
        "--language says which language it is, where the text is in one that the vendor knows",
    ),
    (
        UnsupportedError,
        None,
        "'cloudai providers' shows who can do what; --ignore-unsupported drops options that one cannot",
    ),
    (ConfigurationError, None, "'cloudai doctor' shows what is set and what is missing"),
    (AuthenticationError, None, "'cloudai doctor' shows which key is used"),
)
"""For each error: the option that it takes, which not every operation has, and what to type."""


def code_of(error: CloudAIError) -> int:
    """The exit code of an error."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), FAILED)


def way_out(error: CloudAIError) -> str | None:
    """What to type next, in the words of the command line."""
    options = _options_of(error.operation)
    return next(
        (words for kind, option, words in _WAYS_OUT if isinstance(error, kind) and (not option or option in options)),
        None,
    )


def _options_of(operation: str | None) -> frozenset[str]:
    from cloudai import operations

    request = operations.operations().get(operation or "")
    return frozenset() if request is None else frozenset(item.name for item in fields(request))
