"""The link for vendors that are spoken to over plain HTTP, in both colours, through httpx."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from cloudai.ports import Failure, Reply, Step
from cloudai.settings import ProviderSettings

__all__ = ["Explained", "HttpDialect", "HttpLink", "retry_after"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What a vendor's error body says."""

    message: str
    codes: Sequence[str] = ()
    retry_after: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpDialect:
    """What differs between vendors that speak JSON over HTTP. Each vendor's ``connect.py`` makes one per service."""

    base: str
    """The address that the paths of steps are joined to, without a slash at its end."""
    authorise: Callable[[], Mapping[str, str]]
    """Headers that say who asks. Called for every step."""
    explain: Callable[[int, Mapping[str, str], Any], Explained]
    """Reads status, headers and body of an answer that is an error."""
    request_id: tuple[str, ...] = ()
    """The headers that may hold the vendor's id of a request."""
    metered: Callable[[Mapping[str, str], Any], Mapping[str, float]] = lambda headers, body: {}
    headers: Mapping[str, str] = field(default_factory=dict)
    stale: Callable[[], bool] = lambda: False
    """Whether ``authorise`` would have to ask the network first; it then runs in a worker thread."""


class HttpLink:
    """One service of one vendor over HTTP.

    ``Step.operation`` is method and path (``POST v1/documents:analyzeSentiment``); ``Step.params`` may hold ``query``,
    ``json``, ``content``, ``files``, ``data`` and ``headers``, as httpx takes them.
    """

    threaded = False

    def __init__(self, settings: ProviderSettings, dialect: HttpDialect, *, asynchronous: bool) -> None:
        self.dialect = dialect
        options: dict[str, Any] = {
            "headers": {"accept": "application/json", **dialect.headers},
            # A followed redirect would carry the key to wherever it points.
            "follow_redirects": False,
            "proxy": settings.proxy,
        }
        if settings.ca_bundle:
            import ssl

            options["verify"] = ssl.create_default_context(cafile=settings.ca_bundle)
        self.client: httpx.Client | httpx.AsyncClient = (
            httpx.AsyncClient(**options) if asynchronous else httpx.Client(**options)
        )
        self._asynchronous = asynchronous

    def _request(self, step: Step, timeout: float, authorisation: Mapping[str, str]) -> httpx.Request:
        method, _, path = step.operation.partition(" ")
        params = step.params
        return self.client.build_request(
            method,
            f"{self.dialect.base}/{path.lstrip('/')}",
            params=params.get("query"),
            json=params.get("json"),
            content=params.get("content"),
            data=params.get("data"),
            files=params.get("files"),
            headers={**authorisation, **params.get("headers", {})},
            timeout=timeout,
        )

    def invoke(self, step: Step, timeout: float) -> httpx.Response | Awaitable[httpx.Response]:
        if self._asynchronous:
            return self._invoke_later(step, timeout)
        return self.client.send(self._request(step, timeout, self.dialect.authorise()))

    async def _invoke_later(self, step: Step, timeout: float) -> httpx.Response:
        if self.dialect.stale():
            import anyio.to_thread

            authorisation = await anyio.to_thread.run_sync(self.dialect.authorise, abandon_on_cancel=True)
        else:
            authorisation = self.dialect.authorise()
        assert isinstance(self.client, httpx.AsyncClient)
        return await self.client.send(self._request(step, timeout, authorisation))

    def read(self, step: Step, answer: httpx.Response) -> Reply:
        headers = answer.headers
        request_id = next((headers[name] for name in self.dialect.request_id if name in headers), None)
        if answer.is_success:
            body = self._body(answer, request_id)
            return Reply(
                body=body,
                status=answer.status_code,
                headers=dict(headers),
                request_id=request_id,
                metered=self.dialect.metered(headers, body),
            )
        try:
            body = answer.json()
        except ValueError:
            body = answer.text
        said = self.dialect.explain(answer.status_code, headers, body)
        raise Failure(
            said.message,
            codes=said.codes,
            status=answer.status_code,
            request_id=request_id,
            retry_after=said.retry_after if said.retry_after is not None else retry_after(headers),
            body=body,
            metered=self.dialect.metered(headers, body),
        )

    def _body(self, answer: httpx.Response, request_id: str | None) -> Any:
        content = answer.content
        if not content:
            return None
        kind = answer.headers.get("content-type", "")
        if kind.startswith(("audio/", "application/octet-stream", "image/")):
            return content
        try:
            return json.loads(content)
        except ValueError as error:
            raise Failure(
                f"the answer is not JSON ({kind or 'no content type'}, {len(content)} bytes)",
                kind="shape",
                status=answer.status_code,
                request_id=request_id,
                body=answer.text,
            ) from error

    def explain(self, error: Exception) -> Failure | None:
        # Only the kind of trouble is told: httpx puts addresses into its messages, and some vendors keys into addresses.
        if isinstance(error, httpx.TimeoutException):
            return Failure(f"no answer in time ({type(error).__name__})", kind="timeout")
        if isinstance(error, httpx.DecodingError):
            return Failure("the answer's encoding cannot be read", kind="shape")
        if isinstance(error, httpx.TransportError):
            reason = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            return Failure(reason, kind="connection")
        return None

    def close(self) -> Awaitable[None] | None:
        if isinstance(self.client, httpx.AsyncClient):
            return self.client.aclose()
        self.client.close()
        return None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds of a Retry-After header (lower-case name), which holds seconds or a date."""
    text = headers.get("retry-after")
    if not text:
        return None
    try:
        return max(float(text), 0.0)
    except ValueError:
        pass
    from datetime import UTC, datetime

    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max((moment - datetime.now(UTC)).total_seconds(), 0.0)
