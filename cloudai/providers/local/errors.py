"""What the ends of a step are called in ``connect.py``, and which of our errors each is."""

from __future__ import annotations

from collections.abc import Mapping

from cloudai.errors import CloudAIError, ConfigurationError, InvalidResponseError, ServiceUnavailableError

__all__ = ["CODES"]

CODES: Mapping[str, type[CloudAIError]] = {
    "EngineMissing": ConfigurationError,
    # An engine that fails on a text fails on it again: the next vendor is asked, but the step is not sent twice.
    "EngineFailed": InvalidResponseError,
    "OutOfMemory": ServiceUnavailableError,
}
