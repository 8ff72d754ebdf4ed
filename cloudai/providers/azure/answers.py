"""The HTTP answers that azure-core hands out, read without it."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

from cloudai.ports import Failure
from cloudai.ports.content import read_json
from cloudai.ports.headers import retry_after
from cloudai.providers.azure import errors

__all__ = ["body_of", "cut", "headers_of", "refusal", "request_id"]


def headers_of(answer: Any) -> dict[str, str]:
    """The headers, with lower-case names."""
    return {name.lower(): value for name, value in answer.headers.items()}


def request_id(headers: Mapping[str, str]) -> str | None:
    """The service's id of the request."""
    return next((headers[name] for name in errors.REQUEST_ID if name in headers), None)


def _content(answer: Any) -> bytes:
    """The bytes of an answer. azure-core has two kinds of answers: for requests of its own and of generated code."""
    content = answer.body() if hasattr(answer, "body") else answer.content
    return content or b""


def body_of(answer: Any) -> Any:
    """The JSON of an answer; None where it is empty."""
    try:
        content = _content(answer)
        return read_json(content) if content else None
    except (ValueError, zlib.error) as error:
        headers = headers_of(answer)
        raise Failure(
            f"the answer is not JSON ({headers.get('content-type', 'no content type')})",
            kind="shape",
            status=answer.status_code,
            request_id=request_id(headers),
            body=_text(answer),
        ) from error


def _text(answer: Any) -> str | None:
    try:
        return _content(answer).decode("utf-8", "replace")
    except zlib.error:
        return None


def refusal(answer: Any) -> Failure:
    """What an answer that is an error says."""
    headers = headers_of(answer)
    try:
        body = read_json(_content(answer))
    except (ValueError, zlib.error):
        body = _text(answer)
    said = errors.explain(answer.status_code, headers, body)
    return Failure(
        said.message,
        codes=said.codes,
        status=answer.status_code,
        request_id=request_id(headers),
        retry_after=retry_after(headers),
        body=body,
        metered=errors.metered(headers),
    )


def cut(status: int, headers: Mapping[str, str], content: bytes) -> Failure:
    """What an answer is whose body ends before it is whole. Azure has done its work, and may have charged for it."""
    plain = {name.lower(): value for name, value in headers.items()}
    return Failure(
        f"the answer is cut short, after {len(content)} bytes",
        kind="shape" if 200 <= status < 300 else "refused",
        status=status,
        request_id=request_id(plain),
        body=content.decode("utf-8", "replace"),
        metered=errors.metered(plain),
    )
