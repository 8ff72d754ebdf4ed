"""How the body of one of Google's errors is read: its message, its codes, and the wait that it asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cloudai.ports.http import Explained
from cloudai.providers.google.errors import DAY, PACE, STATUS_NAMES

__all__ = ["explain", "plain_status"]

VAGUE = frozenset({"badRequest", "invalid", "invalidParameter", "forbidden", "global", "notFound", "required"})
"""Older reasons that say less than a status name does."""
TOO_VAGUE: Mapping[int, frozenset[str]] = {413: frozenset({"INVALID_ARGUMENT", "FAILED_PRECONDITION", "OUT_OF_RANGE"})}
"""Codes that say less than an HTTP status does. They are not told beside it."""


def explain(status: int, headers: Mapping[str, str], body: Any) -> Explained:
    """What the body of an error says; a body that is not Google's JSON, such as an HTML page, is not repeated."""
    if isinstance(body, list) and len(body) == 1:
        # So do methods answer whose answers come in pieces.
        body = body[0]
    error = body.get("error") if isinstance(body, dict) else None
    if isinstance(error, str):
        # OAuth's form: {"error": "invalid_grant", "error_description": "..."}.
        return Explained(message=str(body.get("error_description") or error), codes=(error, *_named(body)))
    if not isinstance(error, dict):
        kind = headers.get("content-type", "").partition(";")[0] or "no content type"
        return Explained(message=f"HTTP {status} with a body that is not an error of this interface ({kind})")
    details = [item for item in _list(error.get("details")) if isinstance(item, dict)]
    message = error.get("message")
    vague = TOO_VAGUE.get(status, frozenset())
    return Explained(
        message=message if isinstance(message, str) and message else f"HTTP {status}",
        codes=tuple(code for code in dict.fromkeys(_codes(error, details)) if code not in vague),
        retry_after=next(filter(None, map(_delay, details)), None),
    )


def plain_status(code: int | str, message: str, details: Iterable[Any]) -> dict[str, Any]:
    """A gRPC status as the body of the same error over HTTP: its code by number or name, and details as messages."""
    name = code if isinstance(code, str) else STATUS_NAMES.get(code, "UNKNOWN")
    return {"error": {"status": name, "message": message, "details": [_plain_detail(item) for item in details]}}


def _plain_detail(detail: Any) -> dict[str, Any]:
    name = detail.DESCRIPTOR.full_name
    written: dict[str, Any] = {"@type": f"type.googleapis.com/{name}"}
    if name == "google.rpc.ErrorInfo":
        written |= {"reason": detail.reason, "domain": detail.domain, "metadata": dict(detail.metadata)}
    elif name == "google.rpc.RetryInfo":
        written["retryDelay"] = f"{detail.retry_delay.seconds + detail.retry_delay.nanos / 1e9:g}s"
    else:
        written["text"] = str(detail)
    return written


def _codes(error: Mapping[str, Any], details: list[dict[str, Any]]) -> Iterator[str]:
    """The codes of an error, the most telling first."""
    for detail in details:
        reason = detail.get("reason")
        if isinstance(reason, str) and reason:
            yield reason
            if reason == "RATE_LIMIT_EXCEEDED":
                metadata = detail.get("metadata")
                unit = metadata.get("quota_unit") if isinstance(metadata, dict) else None
                yield DAY if isinstance(unit, str) and unit.startswith("1/d") else PACE
    reasons = [item.get("reason") for item in _list(error.get("errors")) if isinstance(item, dict)]
    older = [reason for reason in reasons if isinstance(reason, str) and reason]
    yield from (reason for reason in older if reason not in VAGUE)
    yield from _named(error)
    yield from older


def _named(error: Mapping[str, Any]) -> tuple[str, ...]:
    status = error.get("status")
    return (status,) if isinstance(status, str) and status else ()


def _delay(detail: Mapping[str, Any]) -> float | None:
    """The wait that a RetryInfo asks for: a duration such as ``"15s"`` or ``"0.847s"``."""
    asked = detail.get("retryDelay")
    if not isinstance(asked, str) or not asked.endswith("s"):
        return None
    try:
        seconds = float(asked[:-1])
    except ValueError:
        return None
    return seconds if 0 <= seconds < float("inf") else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
