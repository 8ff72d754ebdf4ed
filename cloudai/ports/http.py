"""The link for vendors that are spoken to over plain HTTP, in both colours, through httpx.

It stands on httpx's transports rather than on its clients. A client merges addresses, headers, cookies and settings
anew for each request, which is about as much work as the request itself, and none of it can differ between the steps of
one service.
"""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote, urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from cloudai.errors import ConfigurationError
from cloudai.ports import Failure, Reply, Step
from cloudai.ports.bounded import bound, within
from cloudai.ports.content import read_json
from cloudai.ports.headers import retry_after
from cloudai.settings import ProviderSettings

if TYPE_CHECKING:
    import anyio

__all__ = ["Explained", "HttpDialect", "HttpLink", "proxy_for", "same_loop", "trust"]

LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=100, keepalive_expiry=30.0)
"""How many run at once is for the client's own limits to say; connections are kept for the next ones."""
_CUT = (httpx.RemoteProtocolError, httpx.ReadError)
"""How a connection that breaks within a body shows."""
KNOWN_ADDRESSES = 64
"""How many addresses a link remembers. Most services have a handful; a job's address is its own."""


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
    """Headers that say who asks. Called for every step, so it hands out the same mapping until something changes."""
    explain: Callable[[int, Mapping[str, str], Any], Explained]
    """Reads status, headers and body of an answer that is an error."""
    request_id: tuple[str, ...] = ()
    """The headers that may hold the vendor's id of a request."""
    metered: Callable[[Mapping[str, str], Any], Mapping[str, float]] = lambda headers, body: {}
    headers: Mapping[str, str] = field(default_factory=dict)
    stale: Callable[[], bool] = lambda: False
    """Whether ``authorise`` would have to ask the network first. It then runs in a worker thread, in one at a time;
    those that waited call it again, and it renews only what is still stale."""
    renew: Callable[[float], Mapping[str, str]] | None = None
    """``authorise`` where it is stale, told how many seconds it may take. Without it ``authorise`` itself is called."""
    fill: Callable[[], Mapping[str, str]] = dict
    """What stands for words in braces in the paths of steps, such as ``{project}``. Asked after ``authorise``."""


class HttpLink:
    """One service of one vendor over HTTP.

    ``Step.operation`` is method and path (``POST v1/documents:analyzeSentiment``); ``Step.params`` may hold ``query``,
    ``json``, ``content``, ``files``, ``data`` and ``headers``, as httpx takes them. Redirects are not followed: that
    would carry the key to wherever they point.
    """

    threaded = False

    def __init__(self, settings: ProviderSettings, dialect: HttpDialect, *, asynchronous: bool) -> None:
        self.dialect = dialect
        self._asynchronous = asynchronous
        self._provider = settings.label
        self._transport = _transport(settings, dialect.base, asynchronous)
        self._fixed = {"host": _host(dialect.base), "accept": "application/json", "user-agent": "cloudai"}
        self._fixed |= {"accept-encoding": "gzip, deflate", **dialect.headers}
        self._addresses: dict[str, tuple[str, httpx.URL]] = {}
        self._written: tuple[Mapping[str, str], list[tuple[bytes, bytes]]] | None = None
        self._renewing = threading.Lock()
        self._turn: anyio.Lock | None = None

    def invoke(self, step: Step, timeout: float) -> httpx.Response | Awaitable[httpx.Response]:
        if self._asynchronous:
            return self._invoke_later(step, timeout)
        until = monotonic() + timeout
        request = self._request(step, timeout, self._authorised(until))
        within(until)
        answer = cast(httpx.HTTPTransport, self._transport).handle_request(request)
        stream = cast(httpx.SyncByteStream, answer.stream)
        pieces: list[bytes] = []
        try:
            for piece in stream:
                pieces.append(piece)  # noqa: PERF402  (what has come is kept when the rest does not)
        except _CUT as error:
            raise self._cut(answer, pieces) from error
        finally:
            stream.close()
        return _whole(answer, pieces)

    async def _invoke_later(self, step: Step, timeout: float) -> httpx.Response:
        request = self._request(step, timeout, await self._authorised_later(monotonic() + timeout))
        answer = await cast(httpx.AsyncHTTPTransport, self._transport).handle_async_request(request)
        stream = cast(httpx.AsyncByteStream, answer.stream)
        pieces: list[bytes] = []
        try:
            async for piece in stream:
                pieces.append(piece)  # noqa: PERF401  (what has come is kept when the rest does not)
        except _CUT as error:
            raise self._cut(answer, pieces) from error
        finally:
            await stream.aclose()
        return _whole(answer, pieces)

    def _cut(self, answer: httpx.Response, pieces: list[bytes]) -> Failure:
        """What an answer is whose body ends before it is whole. The vendor has done its work, and may have charged."""
        headers = _plain(answer.headers)
        content = b"".join(pieces)
        return Failure(
            f"the answer is cut short, after {len(content)} bytes",
            kind="shape" if answer.is_success else "refused",
            status=answer.status_code,
            request_id=next((headers[name] for name in self.dialect.request_id if name in headers), None),
            body=content.decode("utf-8", "replace"),
        )

    def _authorised(self, until: float) -> Mapping[str, str]:
        if not self.dialect.stale():
            return self.dialect.authorise()
        if not self._renewing.acquire(timeout=max(until - monotonic(), 0.0)):
            raise httpx.PoolTimeout("another step asks for the authorisation")
        try:
            renew = self.dialect.renew
            return self.dialect.authorise() if renew is None else renew(until - monotonic())
        finally:
            self._renewing.release()

    async def _authorised_later(self, until: float) -> Mapping[str, str]:
        if not self.dialect.stale():
            return self.dialect.authorise()
        import anyio
        import anyio.to_thread

        # Those that wait do so here, and not each in a worker thread.
        self._turn = self._turn or anyio.Lock()
        async with self._turn:
            if not self.dialect.stale():
                return self.dialect.authorise()
            return await anyio.to_thread.run_sync(self._authorised, until, abandon_on_cancel=True)

    def _request(self, step: Step, timeout: float, authorisation: Mapping[str, str]) -> httpx.Request:
        method, url = self._address(step.operation)
        headers = self._headers(authorisation)
        extensions = {"timeout": {"connect": timeout, "read": timeout, "write": timeout, "pool": timeout}}
        params = step.params
        if len(params) == 1 and "json" in params:
            content = json.dumps(params["json"], ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
            sent = [
                *headers,
                (b"content-type", b"application/json"),
                (b"content-length", str(len(content)).encode("ascii")),
            ]
            return httpx.Request(method, url, headers=sent, stream=_Content(content), extensions=extensions)
        more = [(name.encode("ascii"), value.encode()) for name, value in params.get("headers", {}).items()]
        request = httpx.Request(
            method,
            url,
            params=params.get("query"),
            headers=[*headers, *more],
            json=params.get("json"),
            content=params.get("content"),
            data=params.get("data"),
            files=params.get("files"),
            extensions=extensions,
        )
        request.stream = _Content(request.read())
        return request

    def _address(self, operation: str) -> tuple[str, httpx.URL]:
        known = self._addresses.get(operation)
        if known is None:
            method, _, path = operation.partition(" ")
            if "{" in path:
                path = path.format_map({name: quote(word, safe="") for name, word in self.dialect.fill().items()})
            known = method, httpx.URL(f"{self.dialect.base}/{path.lstrip('/')}")
            if len(self._addresses) < KNOWN_ADDRESSES:
                self._addresses[operation] = known
        return known

    def _headers(self, authorisation: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
        """All headers that do not depend on the step, written once for as long as the authorisation is the same."""
        written = self._written
        if written is None or written[0] is not authorisation:
            for name, value in authorisation.items():
                if not (value.isascii() and value.isprintable()):
                    # httpx would name the value in its own error.
                    raise ConfigurationError(
                        f"the value for {name} holds characters that no key has, such as a line break at its end",
                        provider=self._provider,
                    )
            every = {**self._fixed, **authorisation}
            written = (authorisation, [(name.encode("ascii"), value.encode("ascii")) for name, value in every.items()])
            self._written = written
        return written[1]

    def read(self, step: Step, answer: httpx.Response) -> Reply:
        headers = _plain(answer.headers)
        request_id = next((headers[name] for name in self.dialect.request_id if name in headers), None)
        if answer.is_success:
            body = self._body(answer, headers, request_id)
            return Reply(
                body=body,
                status=answer.status_code,
                headers=headers,
                request_id=request_id,
                metered=self.dialect.metered(headers, body),
            )
        try:
            body = read_json(answer.content)
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

    def _body(self, answer: httpx.Response, headers: Mapping[str, str], request_id: str | None) -> Any:
        content = answer.content
        if not content:
            return None
        kind = headers.get("content-type", "")
        if kind.startswith(("audio/", "application/octet-stream", "image/")):
            return content
        try:
            return read_json(content)
        except ValueError as error:
            raise Failure(
                f"the answer is not JSON ({kind or 'no content type'}, {len(content)} bytes)",
                kind="shape",
                status=answer.status_code,
                request_id=request_id,
                body=answer.text,
            ) from error

    def explain(self, error: Exception) -> Failure | None:
        same_loop(error)
        # Only the kind of trouble is told: httpx puts addresses and header values into its messages, and some vendors
        # keys into addresses.
        if isinstance(error, httpx.TimeoutException):
            return Failure(f"no answer in time ({type(error).__name__})", kind="timeout")
        if isinstance(error, httpx.DecodingError):
            return Failure("the answer's encoding cannot be read", kind="shape")
        if isinstance(error, httpx.TransportError):
            told = isinstance(error, httpx.NetworkError | httpx.RemoteProtocolError | httpx.ProxyError) and str(error)
            return Failure(f"{type(error).__name__}: {error}" if told else type(error).__name__, kind="connection")
        return None

    def close(self) -> Awaitable[None] | None:
        if isinstance(self._transport, httpx.AsyncHTTPTransport):
            return self._transport.aclose()
        self._transport.close()
        return None


class _Content(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A request's bytes. httpx's own stream is an async generator, which nobody closes where sending fails."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __iter__(self) -> Iterator[bytes]:
        return iter((self._content,))

    def __aiter__(self) -> AsyncIterator[bytes]:
        return _Once(self._content)


class _Once(AsyncIterator[bytes]):
    def __init__(self, content: bytes) -> None:
        self._rest = [content]

    async def __anext__(self) -> bytes:
        if not self._rest:
            raise StopAsyncIteration
        return self._rest.pop()


def _whole(answer: httpx.Response, pieces: list[bytes]) -> httpx.Response:
    """The answer with all of its body, decoded."""
    answer.stream = httpx.ByteStream(b"".join(pieces))
    answer.read()
    return answer


def same_loop(error: Exception) -> None:
    """Says it clearly where a connection was used in another event loop than it was made in.

    Raises:
        ConfigurationError: It was, and that loop has ended.
    """
    if isinstance(error, RuntimeError) and str(error) == "Event loop is closed":
        # asyncio's own words for this and nothing else.
        raise ConfigurationError(
            "this client belongs to an event loop that has ended: make one for each asyncio.run"
        ) from error


def trust(settings: ProviderSettings) -> ssl.SSLContext | bool:
    """The certificates to trust, as httpx takes them."""
    if not settings.ca_bundle:
        return True
    try:
        return ssl.create_default_context(cafile=settings.ca_bundle)
    except OSError as error:
        raise ConfigurationError(
            f"ca_bundle={settings.ca_bundle!r} cannot be read as certificates ({error.strerror or error})",
            provider=settings.label,
        ) from error


def proxy_for(settings: ProviderSettings, address: str) -> str | None:
    """The proxy on the way to an address: the one that is set, else the environment's (HTTPS_PROXY, NO_PROXY)."""
    if settings.proxy:
        return settings.proxy
    parts = urlsplit(address)
    if proxy_bypass(parts.netloc.rpartition("@")[2]):
        return None
    known = getproxies()
    proxy = known.get(parts.scheme) or known.get("all")
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"


def _transport(
    settings: ProviderSettings, base: str, asynchronous: bool
) -> httpx.HTTPTransport | httpx.AsyncHTTPTransport:
    kind = httpx.AsyncHTTPTransport if asynchronous else httpx.HTTPTransport
    certificates, proxy = trust(settings), proxy_for(settings, base)
    try:
        return bound(kind(verify=certificates, proxy=proxy, limits=LIMITS))
    except (ValueError, ImportError, httpx.InvalidURL) as error:
        # The address itself is not told: it may hold a password.
        why = str(error) if isinstance(error, ImportError) else "write it as http://host:port"
        raise ConfigurationError(f"the proxy cannot be used: {why}", provider=settings.label) from error


def _host(base: str) -> str:
    return httpx.URL(base).netloc.decode("ascii")


def _plain(headers: httpx.Headers) -> dict[str, str]:
    """The headers by lower-case name; those that came several times are joined."""
    plain: dict[str, str] = {}
    for raw, content in headers.raw:
        name, value = raw.decode("latin-1").lower(), content.decode("latin-1")
        plain[name] = f"{plain[name]}, {value}" if name in plain else value
    return plain
