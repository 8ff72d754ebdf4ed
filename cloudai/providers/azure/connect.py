"""Connections to Azure's services. The only file that imports Azure's packages, with ``connect_vision.py`` beside it.

Who asks and where is decided here, without touching the network: settings first, then the environment, then the
identity of the machine or user (azure-identity), which is asked for a token with the first step.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import partial
from typing import Any

import anyio
import anyio.from_thread
import anyio.to_thread

from cloudai.errors import ConfigurationError
from cloudai.ports import Failure, Link, Reply, Step
from cloudai.providers.azure import access, answers, errors, tables
from cloudai.settings import Azure

__all__ = ["connect"]

CONNECTIONS = 64
"""How many connections a blocking link keeps; the SDK's own pool of 10 throws away what threads beyond it opened."""
EARLY = 300.0
"""Seconds before its end at which a token is replaced."""


def connect(settings: Azure, service: str, *, asynchronous: bool) -> Link:
    """A connection to ``language``, ``contentsafety`` or ``vision``. Touches no network.

    Raises:
        ConfigurationError: An endpoint is missing, or what is set cannot be used.
    """
    if service not in tables.KEYS:
        raise ConfigurationError(
            f"there is no service {service!r}: there are {', '.join(tables.KEYS)}", provider=settings.label
        )
    endpoint = access.endpoint_of(settings, service)
    key = access.key_of(settings, service)
    identity = _Identity(settings, endpoint, asynchronous=asynchronous) if key is None else None
    if service == "contentsafety":
        return _safety(settings, endpoint, key, identity, asynchronous=asynchronous)
    if service == "vision":
        return _vision(settings, endpoint, key, identity)
    # azure-core would say in words of its own that one of the two is missing.
    importlib.import_module("requests")
    if asynchronous and not _on_trio():
        importlib.import_module("aiohttp")
        return _language_on_asyncio(settings, endpoint, key, identity)
    return _language_blocking(settings, endpoint, key, identity, threaded=asynchronous)


# --- who asks -------------------------------------------------------------------------------------------------------


class _Identity:
    """A credential of azure-identity behind one blocking face, for the clients of both colours."""

    def __init__(self, settings: Azure, endpoint: str, *, asynchronous: bool) -> None:
        if not endpoint.startswith("https://"):
            raise ConfigurationError(
                f"{endpoint} is asked without a key, and Azure's library sends tokens over https:// only: use"
                " https://, or set a key",
                provider=settings.label,
            )
        authority, self.scope = access.cloud_of(settings, endpoint)
        self._own = settings.credential is None
        self._credential = settings.credential if not self._own else _default_credential(settings, authority)
        if not hasattr(self._credential, "get_token"):
            raise ConfigurationError(
                "credential= is an object with get_token, such as azure.identity.DefaultAzureCredential(); for a key"
                " use key=",
                provider=settings.label,
            )
        self._awaitable = inspect.iscoroutinefunction(self._credential.get_token)
        if self._awaitable and (not asynchronous or _on_trio()):
            raise ConfigurationError(
                "a credential of azure.identity.aio works with AsyncCloudAI on asyncio only: use its twin of"
                " azure.identity",
                provider=settings.label,
            )
        self._token: Any = None
        self._headers: Mapping[str, str] = {}

    def get_token(self, *scopes: str, **options: Any) -> Any:
        from azure.core.exceptions import ClientAuthenticationError

        try:
            if self._awaitable:
                # Only ever in a worker thread of the event loop that the credential lives on.
                return anyio.from_thread.run(partial(self._credential.get_token, *scopes, **options))
            return self._credential.get_token(*scopes, **options)
        except ClientAuthenticationError as error:
            # It is told here, as the same class says that the service itself refused. It would print the whole answer.
            raise _no_token(error) from (error if error.response is None else None)

    def stale(self) -> bool:
        """Whether the network has to be asked before the next request."""
        return self._token is None or self._token.expires_on - time.time() < EARLY

    def headers(self) -> Mapping[str, str]:
        """The headers of a request, for links that have no policies of azure-core."""
        if self.stale():
            self._token = self.get_token(self.scope)
            self._headers = {"authorization": f"Bearer {self._token.token}"}
        return self._headers

    def close(self) -> None:
        if self._own:
            self._credential.close()


class _IdentityOnLoop:
    """The awaitable face that azure-core's asynchronous pipeline wants."""

    def __init__(self, identity: _Identity) -> None:
        self._identity = identity

    async def get_token(self, *scopes: str, **options: Any) -> Any:
        # A thread even for the credentials of azure.identity.aio: a token is fetched once an hour, and so there is one
        # way for both, which does not hold up the event loop.
        return await anyio.to_thread.run_sync(
            partial(self._identity.get_token, *scopes, **options), abandon_on_cancel=True
        )


def _default_credential(settings: Azure, authority: str | None) -> Any:
    from azure.identity import DefaultAzureCredential

    try:
        # The blocking one in both colours: azure.identity.aio does not run on trio.
        return DefaultAzureCredential(authority=authority) if authority else DefaultAzureCredential()
    except ValueError as error:
        raise ConfigurationError(f"azure-identity: {error}", provider=settings.label) from error


def _no_token(error: Any) -> Failure:
    reason = str(error.message or type(error).__name__).splitlines()[0]
    if error.response is None:
        return Failure(
            f"there is neither a key nor an identity that Azure gives a token for ({reason}): say Azure(key=...), set"
            " AZURE_AI_KEY, or sign in (az login, a managed identity, AZURE_CLIENT_ID and its companions)",
            codes=(type(error).__name__, errors.NO_TOKEN),
        )
    return Failure(f"Azure gives no token for this identity: {reason}", status=401)


def _on_trio() -> bool:
    try:
        cancelled = anyio.get_cancelled_exc_class()
    except RuntimeError:
        return False
    return not issubclass(cancelled, asyncio.CancelledError)


# --- Language, over the SDK ------------------------------------------------------------------------------------------


def _answer(response: Any, model: Any, headers: Any) -> Any:
    """What the SDK's methods return: the HTTP answer, in place of the SDK's own results."""
    return response.http_response


class LanguageLink:
    """Azure Language.

    ``Step.operation`` is a method of the SDK's client (``analyze_sentiment``, with its arguments as ``Step.params``),
    or method and path for the jobs (``POST analyze-text/jobs#<kind>``, with ``query``, ``json`` and ``job``): the SDK's
    own pollers wait and retry by themselves. Both go through one pipeline. What stands behind ``#`` is not sent; it
    tells jobs of different kinds, and prices, apart.
    """

    def __init__(
        self, client: Any, jobs: Any, base: str, close: Callable[[], Awaitable[None] | None], *, threaded: bool
    ) -> None:
        self.threaded = threaded
        self._client = client
        self._jobs = jobs
        self._base = base
        self._close = close

    def invoke(self, step: Step, timeout: float) -> Any:
        patience = {"connection_timeout": timeout, "read_timeout": timeout}
        method, _, path = step.operation.partition(" ")
        if not path:
            return getattr(self._client, method)(**step.params, cls=_answer, **patience)
        from azure.core.rest import HttpRequest

        parts = [self._base, path.partition("#")[0], *([step.params["job"]] if "job" in step.params else [])]
        request = HttpRequest(method, "/".join(parts), params=step.params.get("query"), json=step.params.get("json"))
        return self._jobs.send_request(request, **patience)

    def read(self, step: Step, answer: Any) -> Reply:
        status, headers = answer.status_code, answers.headers_of(answer)
        body = answers.body_of(answer)
        request_id = answers.request_id(headers)
        said = errors.refused_document(body, tables.DOCUMENT)
        if said is not None:
            raise Failure(
                said.message,
                codes=said.codes,
                status=status,
                request_id=request_id,
                body=body,
                metered=errors.metered(headers),
            )
        return Reply(body=body, status=status, headers=headers, request_id=request_id, metered=errors.metered(headers))

    def explain(self, error: Exception) -> Failure | None:
        return _explain(error)

    def close(self) -> Awaitable[None] | None:
        return self._close()


def _explain(error: Exception) -> Failure | None:
    """What an exception of azure-core says."""
    from azure.core import exceptions
    from requests.exceptions import ContentDecodingError

    from cloudai.ports.http import same_loop

    same_loop(error)
    if not isinstance(error, exceptions.AzureError):
        return None
    if isinstance(error, exceptions.HttpResponseError) and error.response is not None:
        return answers.refusal(error.response)
    if _timed_out(error):
        return Failure(f"no answer in time ({type(error).__name__})", kind="timeout")
    if isinstance(error.inner_exception, ContentDecodingError):
        return Failure("the answer's encoding cannot be read", kind="shape")
    return Failure(f"{type(error).__name__}: {error.message}", kind="connection")


def _timed_out(error: Any) -> bool:
    from azure.core.exceptions import ServiceRequestTimeoutError, ServiceResponseTimeoutError
    from urllib3.exceptions import TimeoutError as Elapsed

    if isinstance(error, ServiceRequestTimeoutError | ServiceResponseTimeoutError):
        return True
    # An answer that stops in the middle of its body reaches azure-core as a broken connection.
    inner = error.inner_exception
    return any(isinstance(part, Elapsed) for part in getattr(inner, "args", ()))


def _policies(settings: Azure) -> list[Any]:
    """What each request passes before it is authorised: no retries (ours stand around each step), no redirects (a
    followed one would carry the key to wherever it points), and nothing that logs."""
    from azure.core.pipeline import policies

    class Unread(policies.SansIOHTTPPolicy[Any, Any]):
        """Leaves the SDK nothing to make its models of: answers are read once, by the adapter, which is strict. The
        SDK's way of reading would also take the field ``kind`` out of the answer. Refusals are raised here, as the
        SDK's own exceptions print what the service wrote, which may repeat the key."""

        def on_response(self, request: Any, response: Any) -> None:
            if response.http_response.status_code not in (200, 202):
                raise answers.refusal(response.http_response)
            response.context[policies.ContentDecodePolicy.CONTEXT_NAME] = None

    return [
        policies.RequestIdPolicy(),
        policies.UserAgentPolicy("cloudai"),
        policies.ProxyPolicy(proxies=access.proxies_of(settings)),
        Unread(),
    ]


def _certificates(settings: Azure) -> Any:
    """The bundle that is to be trusted, read once; None for the built-in certificates."""
    if not settings.ca_bundle:
        return None
    from cloudai.ports.http import trust

    return trust(settings)


def _with_key(key: str) -> tuple[Any, Any]:
    """The key as the SDK takes it, and the policy that puts it into requests."""
    from azure.core.credentials import AzureKeyCredential
    from azure.core.pipeline.policies import AzureKeyCredentialPolicy

    credential = AzureKeyCredential(key)
    return credential, AzureKeyCredentialPolicy(credential, "Ocp-Apim-Subscription-Key")


def _session() -> Any:
    """A session for blocking requests that keeps what came of an answer that is cut short."""
    import requests
    from requests.adapters import HTTPAdapter
    from requests.exceptions import ChunkedEncodingError

    from cloudai.ports.patient import pools

    class Keeping(HTTPAdapter):
        def init_poolmanager(self, *args: Any, **options: Any) -> None:
            super().init_poolmanager(*args, **options)
            self.poolmanager.pool_classes_by_scheme = pools()

        def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
            manager = super().proxy_manager_for(*args, **options)
            manager.pool_classes_by_scheme = pools()
            return manager

        def send(self, request: Any, *args: Any, **options: Any) -> Any:
            answer = super().send(request, *args, **options)
            kept: list[bytes] = []

            def stream(size: int, decode_content: bool = True) -> Iterator[bytes]:
                # read1 hands out what is there; the usual way waits for a full piece, and loses it at the cut.
                while piece := answer.raw.read1(size, decode_content=decode_content):
                    kept.append(piece)
                    yield piece

            answer.raw.stream = stream
            try:
                _ = answer.content
            except ChunkedEncodingError as error:
                raise answers.cut(answer.status_code, answer.headers, b"".join(kept)) from error
            finally:
                # Else the two hold each other, and with them the pool of connections after it was closed.
                del answer.raw.stream
            return answer

    session = requests.Session()
    for scheme in ("https://", "http://"):
        session.mount(scheme, Keeping(pool_connections=1, pool_maxsize=CONNECTIONS))
    return session


def _session_on_loop(certificates: Any) -> Any:
    """The same for the event loop. The certificates are put here as azure-core, handed their file, would read it again
    for every request, and never use a connection twice."""
    import aiohttp

    class Keeping(aiohttp.ClientResponse):
        async def read(self) -> bytes:
            kept: list[bytes] = []
            if self._body is None:  # pragma: no branch  (azure-core reads once)
                try:
                    async for piece in self.content.iter_any():
                        kept.append(piece)  # noqa: PERF401  (what came before an error is kept)
                except aiohttp.ClientPayloadError as error:
                    # What had arrived, but was not asked for yet, is behind the error.
                    kept += getattr(self.content, "_buffer", ())
                    self.close()
                    raise answers.cut(self.status, self.headers, b"".join(kept)) from error
                except BaseException:
                    # A call that is cancelled leaves no connection behind.
                    self.close()
                    raise
                self._body = b"".join(kept)
            return await super().read()

    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=certificates or True, limit=0),
        response_class=Keeping,
        trust_env=True,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
    )


def _language_blocking(
    settings: Azure, endpoint: str, key: str | None, identity: _Identity | None, *, threaded: bool
) -> LanguageLink:
    """For the blocking client and, in worker threads, for trio: azure-core's own transport for trio does the same, but
    does not let go of a thread whose call was cancelled."""
    from azure.ai.textanalytics import TextAnalyticsClient
    from azure.core import PipelineClient
    from azure.core.pipeline import Pipeline
    from azure.core.pipeline.policies import BearerTokenCredentialPolicy
    from azure.core.pipeline.transport import RequestsTransport

    policies = _policies(settings)
    # requests takes the path and keeps what it read; the bundle is read here to find out now whether it can be.
    verify = settings.ca_bundle if _certificates(settings) else True
    transport = RequestsTransport(session=_session(), connection_verify=verify)
    if identity is None:
        credential, authentication = _with_key(key or "")
    else:
        credential, authentication = identity, BearerTokenCredentialPolicy(identity, identity.scope)
    pipeline = Pipeline(transport, [*policies, authentication])

    def close() -> None:
        transport.close()
        if identity is not None:
            identity.close()

    return LanguageLink(
        TextAnalyticsClient(endpoint, credential, api_version=tables.API_VERSION, pipeline=pipeline),
        PipelineClient(endpoint, pipeline=pipeline),
        f"{endpoint}/language",
        close,
        threaded=threaded,
    )


def _language_on_asyncio(settings: Azure, endpoint: str, key: str | None, identity: _Identity | None) -> LanguageLink:
    from azure.ai.textanalytics.aio import TextAnalyticsClient
    from azure.core import AsyncPipelineClient
    from azure.core.pipeline import AsyncPipeline
    from azure.core.pipeline.policies import AsyncBearerTokenCredentialPolicy
    from azure.core.pipeline.transport import AioHttpTransport

    policies = _policies(settings)
    transport = AioHttpTransport(session=_session_on_loop(_certificates(settings)))
    if identity is None:
        credential, authentication = _with_key(key or "")
    else:
        credential = _IdentityOnLoop(identity)
        authentication = AsyncBearerTokenCredentialPolicy(credential, identity.scope)  # type: ignore[arg-type]
    pipeline = AsyncPipeline(transport, [*policies, authentication])

    async def close() -> None:
        await transport.close()
        if identity is not None:
            identity.close()

    return LanguageLink(
        TextAnalyticsClient(endpoint, credential, api_version=tables.API_VERSION, pipeline=pipeline),
        AsyncPipelineClient(endpoint, pipeline=pipeline),
        f"{endpoint}/language",
        close,
        threaded=False,
    )


# --- Computer Vision, over its SDK -----------------------------------------------------------------------------------


def _vision(settings: Azure, endpoint: str, key: str | None, identity: _Identity | None) -> Link:
    from cloudai.ports.once import one_at_a_time
    from cloudai.providers.azure.connect_vision import VisionLink

    with_key = {"Ocp-Apim-Subscription-Key": key or ""}
    return VisionLink(
        endpoint,
        headers=one_at_a_time(identity.headers) if identity is not None else lambda: with_key,
        session=_session,
        proxies=access.proxies_of(settings),
        verify=(settings.ca_bundle or True) if _certificates(settings) else True,
        explain=_explain,
        close=identity.close if identity is not None else lambda: None,
    )


# --- Content Safety, over HTTP ---------------------------------------------------------------------------------------


def _safety(settings: Azure, endpoint: str, key: str | None, identity: _Identity | None, *, asynchronous: bool) -> Link:
    from cloudai.ports.http import Explained, HttpDialect, HttpLink

    def explain(status: int, headers: Mapping[str, str], body: Any) -> Explained:
        said = errors.explain(status, headers, body)
        return Explained(message=said.message, codes=said.codes)

    class SafetyLink(HttpLink):
        def close(self) -> Awaitable[None] | None:
            if identity is not None:
                identity.close()
            return super().close()

    access.proxies_of(settings)
    with_key = {"ocp-apim-subscription-key": key or ""}
    dialect = HttpDialect(
        base=endpoint,
        authorise=identity.headers if identity is not None else lambda: with_key,
        explain=explain,
        request_id=errors.REQUEST_ID,
        metered=lambda headers, body: errors.metered(headers),
        stale=identity.stale if identity is not None else lambda: False,
    )
    return SafetyLink(settings, dialect, asynchronous=asynchronous)
