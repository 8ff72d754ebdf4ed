"""What Azure's error codes mean, and how its bodies and headers say them.

Azure AI services answer errors as ``{"error": {"code", "message", "innererror": {"code", "message"}}}``. Those of the
gateway in front of them have no ``innererror``, and the status as a string for a code; some have no ``error`` either,
but ``{"statusCode", "message"}``. Those of Read and of the old OCR may come without the ``error`` around them, as the
SDK's ComputerVisionOcrError has it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cloudai.errors import (
    AuthenticationError,
    CloudAIError,
    ConfigurationError,
    InputTooLargeError,
    InvalidRequestError,
    PermissionDeniedError,
    QuotaExceededError,
    RateLimitedError,
    ServiceUnavailableError,
    TimeoutError,
    UnsupportedError,
    UnsupportedFormatError,
    UnsupportedLanguageError,
)

__all__ = ["CODES", "NO_TOKEN", "REQUEST_ID", "Said", "document_error", "explain", "metered", "refused_document"]

# Words of our own for what Azure tells apart in its messages only. They stand behind Azure's code in a failure.
NO_TOKEN = "no token"
QUOTA = "out of call volume quota"
TOO_LARGE = "document too large"

CODES: Mapping[str, type[CloudAIError]] = {
    # the gateway
    "401": AuthenticationError,
    "429": RateLimitedError,
    # Language, as the SDK's ErrorCode and InnerErrorCode list them (API 2023-04-01)
    "Unauthorized": AuthenticationError,
    "Forbidden": PermissionDeniedError,
    # the resource's own rules: an identity without the role (401), or a key where keys are turned off (403)
    "PermissionDenied": PermissionDeniedError,
    "AuthenticationTypeDisabled": PermissionDeniedError,
    "UnsupportedLanguageCode": UnsupportedLanguageError,
    "InvalidCountryHint": InvalidRequestError,
    "InvalidDocumentBatch": InvalidRequestError,
    "InvalidParameterValue": InvalidRequestError,
    "InvalidRequest": InvalidRequestError,
    "InvalidArgument": InvalidRequestError,
    "TooManyRequests": RateLimitedError,
    "QuotaExceeded": QuotaExceededError,
    "InternalServerError": ServiceUnavailableError,
    "ServiceUnavailable": ServiceUnavailableError,
    "Timeout": TimeoutError,
    # Content Safety, from its page "error codes" (concepts/response-codes)
    "InvalidRequestBody": InvalidRequestError,
    "InternalError": ServiceUnavailableError,
    "ServerBusy": ServiceUnavailableError,
    # Computer Vision, as the SDK's ComputerVisionErrorCodes and ComputerVisionInnerErrorCodeValue list them (API 3.2).
    # InvalidImageDimension is not in the list (MicrosoftDocs/azure-docs issue 8210); UnsupportedFeature is that of Face
    # where an approval is missing. One that is not listed here goes by its status.
    "InvalidImageFormat": UnsupportedFormatError,
    "UnsupportedMediaType": UnsupportedFormatError,
    "InvalidImageSize": InputTooLargeError,
    "InvalidImageDimension": InputTooLargeError,
    "InvalidImageUrl": InvalidRequestError,
    "NotSupportedImage": InvalidRequestError,
    "BadArgument": InvalidRequestError,
    "NotSupportedLanguage": UnsupportedLanguageError,
    "NotSupportedFeature": UnsupportedError,
    "NotSupportedVisualFeature": UnsupportedError,
    "UnsupportedFeature": UnsupportedError,
    "InvalidDetails": UnsupportedError,
    "InvalidModel": UnsupportedError,
    "FailedToProcess": ServiceUnavailableError,
    "StorageException": ServiceUnavailableError,
    # ours
    QUOTA: QuotaExceededError,
    TOO_LARGE: InputTooLargeError,
    NO_TOKEN: ConfigurationError,
}

REQUEST_ID = ("apim-request-id", "x-ms-request-id")
"""The headers that may hold the id of a request."""

_401 = (
    " (a key of another kind of resource, or of a resource in another region than the endpoint's, gets the same answer)"
)


@dataclass(frozen=True, slots=True)
class Said:
    """What an error says."""

    message: str
    codes: tuple[str, ...]
    """The most telling one first."""


def explain(status: int, headers: Mapping[str, str], body: Any) -> Said:
    """What an answer that is an error says; header names are in lower case."""
    error = body.get("error", body) if isinstance(body, Mapping) else None
    if not isinstance(error, Mapping) or not error:
        codes = (str(status), QUOTA) if _used_up(status, headers, "") else ()
        return Said(f"the service answered {status} without saying why", codes)
    said = _read(error)
    if _used_up(status, headers, said.message):
        return Said(said.message, (*(said.codes or (str(status),)), QUOTA))
    if status == 401 and not any(CODES.get(code) is PermissionDeniedError for code in said.codes):
        return Said(said.message + _401, said.codes)
    return said


def _used_up(status: int, headers: Mapping[str, str], message: str) -> bool:
    # A free tier that is used up answers 403 with the code "403", as a refusal for want of rights does. Only the wait
    # that it asks for (15 days were seen) and a fixed phrase tell them apart; the SDK goes by the phrase as well.
    # A telling code, such as "Forbidden", stands in front of both.
    return status == 403 and ("retry-after" in headers or message.startswith("Out of call volume quota"))


def _read(error: Mapping[str, Any]) -> Said:
    inner = error.get("innererror")
    levels: list[Mapping[str, Any]] = [inner, error] if isinstance(inner, Mapping) else [error]
    codes = [level["code"] for level in levels if isinstance(level.get("code"), str)]
    messages = [level["message"] for level in levels if isinstance(level.get("message"), str)]
    if not codes and type(error.get("statusCode")) is int:
        codes.append(str(error["statusCode"]))
    message = messages[0] if messages else "no reason is given"
    if "InvalidDocument" in codes and "too large to be processed" in message:
        # One code for documents that are empty and documents that are too long (seen with API 3.1 and 2022-05-01).
        # A change of the phrase would leave the base class, InvalidRequestError.
        codes.insert(1, TOO_LARGE)
    return Said(message, tuple(codes))


def refused_document(body: Any, document: str) -> Said | None:
    """Why a document was refused in an answer that is a success by its status; None where it was not.

    Language answers 200 even when it could use no document at all. An answer of another shape is left to the adapter.
    """
    results = body.get("results", body) if isinstance(body, Mapping) else None
    if not isinstance(results, Mapping) or not results.get("errors"):
        return None
    listed = results["errors"] if isinstance(results["errors"], Sequence) else ()
    failed = [item for item in listed if isinstance(item, Mapping) and isinstance(item.get("error"), Mapping)]
    own = [item for item in failed if item.get("id") == document]
    # Where nothing was answered, the only document that was sent is among the refused ones, whatever it is called.
    chosen = own or ([] if results.get("documents") else failed)
    return _read(chosen[0]["error"]) if chosen else None


def document_error(said: Said, raw: Any) -> CloudAIError:
    """The error for a document that was refused within a job."""
    cls = next((CODES[code] for code in said.codes if code in CODES), InvalidRequestError)
    return cls(said.message, vendor_code=said.codes[0] if said.codes else None, raw=raw)


def metered(headers: Mapping[str, str]) -> dict[str, float]:
    """What Azure says it counted: ``csp-billing-usage: A=1,B=2`` (lower-case name)."""
    found: dict[str, float] = {}
    for part in headers.get("csp-billing-usage", "").split(","):
        name, _, amount = part.partition("=")
        try:
            found[name.strip()] = float(amount)
        except ValueError:
            continue
    return found
