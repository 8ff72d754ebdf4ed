"""What the command line exits with, and the way out that it names beside an error."""

from __future__ import annotations

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
  4    compare: some inputs have no answer from some vendor
  130  interrupted
"""

_CODES: tuple[tuple[type[CloudAIError], int], ...] = (
    (InvalidRequestError, USAGE),
    (ConfigurationError, CONFIGURATION),
    (AuthenticationError, CONFIGURATION),
    (PermissionDeniedError, CONFIGURATION),
)

_WAYS_OUT: tuple[tuple[type[CloudAIError], str], ...] = (
    (InputTooLargeError, "--split sends it in pieces and puts the results together"),
    (UnsupportedLanguageError, "--language says which language it is, where the text is in one that the vendor knows"),
    (UnsupportedError, "'cloudai providers' shows who can do what; --ignore-unsupported drops options that one cannot"),
    (ConfigurationError, "'cloudai doctor' shows what is set and what is missing"),
    (AuthenticationError, "'cloudai doctor' shows which key is used"),
)


def code_of(error: CloudAIError) -> int:
    """The exit code of an error."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), FAILED)


def way_out(error: CloudAIError) -> str | None:
    """What to type next, in the words of the command line."""
    return next((words for kind, words in _WAYS_OUT if isinstance(error, kind)), None)
