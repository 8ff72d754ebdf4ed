"""The connection to Cloud Vision through google-cloud-vision: gRPC, or HTTP and JSON."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import json
import logging
import threading
from collections.abc import Awaitable, Mapping
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import urlsplit

import anyio
import anyio.lowlevel
import anyio.to_thread

from cloudai.errors import ConfigurationError, InvalidRequestError
from cloudai.ports import Failure, Reply, Step
from cloudai.ports.headers import retry_after
from cloudai.ports.http import HttpDialect, proxy_for, trust
from cloudai.providers.google.explain import plain_status
from cloudai.providers.google.location import over_rest
from cloudai.settings import Google

__all__ = ["VisionLink", "message_from_json", "message_to_json"]

TRANSPORTS = "google.cloud.vision_v1.services.image_annotator.transports"
METHODS = {"BatchAnnotateImages": "batch_annotate_images", "BatchAnnotateFiles": "batch_annotate_files"}


class VisionLink:
    """Cloud Vision through google-cloud-vision: gRPC, or HTTP and JSON in the calling thread, which has no async form.

    Who asks is told in each call's metadata, in the same words for both transports and from the same credentials as
    for the other services. The SDK's own way would look for credentials when a client is made, would go to the network
    for tokens past proxy and certificates of the settings, and has no place for them on a channel without TLS.

    The SDK is imported and its client made with the first step: that takes a third of a second.
    """

    def __init__(self, settings: Google, dialect: HttpDialect, *, asynchronous: bool) -> None:
        if importlib.util.find_spec("google.cloud.vision_v1") is None:  # pragma: no cover
            raise ModuleNotFoundError(name="google-cloud-vision")
        self._settings = settings
        self._dialect = dialect
        self._rest = over_rest(settings, "vision")
        # gRPC's async form knows asyncio alone.
        self._loop = _running_loop() if asynchronous and not self._rest else None
        self.threaded = asynchronous and self._loop is None
        self._client: Any = None
        self._channel: Any = None
        self._lock = threading.Lock()
        self._turn: anyio.Lock | None = None
        self._wire = threading.local()
        """Under ``response``, the HTTP answer that this thread has got last."""

    def invoke(self, step: Step, timeout: float) -> Any:
        if self._loop is not None:
            return self._invoke_later(step, timeout)
        if self._client is None or self._dialect.stale():
            with self._lock:
                self._renew(timeout)
                self._ready()
        wire = self._wire
        wire.response = None
        try:
            return self._call(step, timeout), wire.response
        except Exception as error:
            if wire.response is not None and not _late(error):
                raise self._unread(wire.response) from error
            if _unavailable(error) and not _reached(self._channel):
                raise Failure(f"Google was not reached: {error}", kind="connection") from error
            raise
        finally:
            wire.response = None

    async def _invoke_later(self, step: Step, timeout: float) -> Any:
        if self._loop is not asyncio.get_running_loop():
            # A channel belongs to the loop that it was made in; the application has begun another one.
            self._loop, self._client, self._turn = asyncio.get_running_loop(), None, None
        if self._client is None or self._dialect.stale():
            self._turn = self._turn or anyio.Lock()
            async with self._turn:
                if self._client is None or self._dialect.stale():
                    await anyio.to_thread.run_sync(self._prepare, timeout, abandon_on_cancel=True)
                    self._ready()
        try:
            return await self._call(step, timeout), None
        except asyncio.CancelledError:
            # gRPC raises one of its own in place of the one that came in, which anyio's scopes then do not know again
            # (grpcio 1.85.1). Where a scope was cancelled, it tells so once more here.
            await anyio.lowlevel.checkpoint()
            raise
        except Exception as error:
            if _unavailable(error) and self._channel.get_state().name == "TRANSIENT_FAILURE":
                raise Failure(f"Google was not reached: {error}", kind="connection") from error
            raise

    def _prepare(self, timeout: float) -> None:
        """Does what takes its time: importing, and going for a token."""
        importlib.import_module("google.cloud.vision_v1")
        with self._lock:
            self._renew(timeout)

    def _renew(self, timeout: float) -> None:
        """Goes for a token where there is none that holds, within the time of the step."""
        renew = self._dialect.renew
        if renew is not None and self._dialect.stale():
            renew(timeout)
        else:
            self._dialect.authorise()

    def _call(self, step: Step, timeout: float) -> Any:
        """The SDK's answer, or an awaitable of it. Its own retries, of ten minutes, are off."""
        method = getattr(self._client, METHODS[step.operation])
        request = _request(step.operation, step.params)
        metadata = tuple(self._dialect.authorise().items())
        return method(request=request, retry=None, timeout=timeout, metadata=metadata)

    def _ready(self) -> None:
        if self._client is None:
            for name in ("grpc", "grpc_asyncio", "rest"):
                # Adding it again changes nothing.
                logging.getLogger(f"{TRANSPORTS}.{name}").addFilter(_hide)
            self._client = self._rest_client() if self._rest else self._grpc_client()

    def _rest_client(self) -> Any:
        from google.auth import credentials
        from google.cloud import vision_v1

        nobody: Any = credentials.AnonymousCredentials
        client = vision_v1.ImageAnnotatorClient(
            credentials=nobody(),
            transport="rest",
            client_options={"api_endpoint": self._dialect.base, "universe_domain": "googleapis.com"},
        )
        session: Any = client.transport._session  # type: ignore[attr-defined]
        # A key is refused with 401, too, and there is nothing that could be renewed here.
        session._refresh_status_codes = ()
        proxy = proxy_for(self._settings, self._dialect.base)
        session.trust_env = False
        session.proxies = {"http": proxy, "https": proxy} if proxy else {}
        trust(self._settings)
        session.verify = self._settings.ca_bundle or True
        # A redirect would carry the key to wherever it points.
        session.max_redirects = 0
        session.hooks["response"].append(self._keep)
        return client

    def _grpc_client(self) -> Any:
        import grpc
        import grpc.aio
        from google.cloud import vision_v1
        from google.cloud.vision_v1.services.image_annotator import transports

        later = self._loop is not None
        address = urlsplit(self._dialect.base)
        proxy = proxy_for(self._settings, self._dialect.base)
        if proxy and not proxy.startswith("http://"):
            raise ConfigurationError(
                "gRPC goes through proxies of the kind http:// alone: set Google(transport='rest')",
                provider=self._settings.label,
            )
        options: list[tuple[str, Any]] = [
            # A page of text is larger than the 4 MB that gRPC takes unless told.
            ("grpc.max_receive_message_length", -1),
            ("grpc.max_send_message_length", -1),
            # Not gRPC's own reading of the environment, which differs.
            ("grpc.http_proxy", proxy) if proxy else ("grpc.enable_http_proxy", 0),
        ]
        room: Any = grpc.aio if later else grpc
        if address.scheme == "http":
            self._channel = room.insecure_channel(f"{address.hostname}:{address.port or 80}", options)
        else:
            trust(self._settings)
            roots = Path(self._settings.ca_bundle).read_bytes() if self._settings.ca_bundle else None
            self._channel = room.secure_channel(
                f"{address.hostname}:{address.port or 443}", grpc.ssl_channel_credentials(roots), options
            )
        if later:
            transport: Any = transports.ImageAnnotatorGrpcAsyncIOTransport(channel=self._channel)
            return vision_v1.ImageAnnotatorAsyncClient(transport=transport)
        transport = transports.ImageAnnotatorGrpcTransport(channel=self._channel)
        return vision_v1.ImageAnnotatorClient(transport=transport)

    def _keep(self, response: Any, *_: Any, **__: Any) -> None:
        self._wire.response = response

    def read(self, step: Step, answer: tuple[Any, Any]) -> Reply:
        wrapped, response = answer
        message = type(wrapped).pb(wrapped)
        if response is not None and b"null" in response.content and _has_null(json.loads(response.content)):
            # The SDK's reader takes it for nothing said.
            raise Failure("the answer has null where a value was agreed", kind="shape", status=200, body=response.text)
        self._raise_for(step, message)
        if response is None:
            return Reply(body=message)
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Reply(body=message, status=response.status_code, headers=headers)

    def _raise_for(self, step: Step, message: Any) -> None:
        """Raises an error that stands in an answer in place of all that was asked for: it is to be retried like one of
        the whole call. Beside it there may be features that went well; the adapter sees to those."""
        features = step.params["requests"][0]["features"]
        for response in message.responses:
            for part in (response, *getattr(response, "responses", ())):
                left = {field.name for field, _ in part.ListFields()} - {"error", "context", "input_config"}
                if part.error.code and (len(features) == 1 or not left):
                    raise self._failure(plain_status(part.error.code, part.error.message, _unpacked(part.error)))

    def _unread(self, response: Any) -> Failure:
        """What an HTTP answer is that the SDK has made an exception of."""
        status, headers = response.status_code, {name.lower(): value for name, value in response.headers.items()}
        try:
            text = response.text
        except Exception:  # of requests or urllib3: it broke off
            text = ""
        if status >= 300:
            try:
                body = json.loads(text)
            except ValueError:
                body = text
            return self._failure(body, status, headers)
        kind = headers.get("content-type", "no content type")
        return Failure(
            f"the answer cannot be read ({kind}, {len(text)} characters)", kind="shape", status=200, body=text
        )

    def _failure(self, body: Any, status: int | None = None, headers: Mapping[str, str] | None = None) -> Failure:
        said = self._dialect.explain(status or 200, headers or {}, body)
        wait = said.retry_after if said.retry_after is not None else retry_after(headers or {})
        return Failure(said.message, codes=said.codes, status=status, retry_after=wait, body=body)

    def explain(self, error: Exception) -> Failure | None:
        import requests
        from google.api_core import exceptions

        if isinstance(error, exceptions.GoogleAPICallError):
            code: Any = error.grpc_status_code
            return self._failure(plain_status(code.name if code else 2, error.message, error.details))
        # Only the kind of trouble is told: requests puts addresses into its messages, with passwords of proxies.
        if isinstance(error, requests.Timeout) or _late(error):
            return Failure(f"no answer in time ({type(error).__name__})", kind="timeout")
        if isinstance(error, requests.RequestException):
            return Failure(type(error).__name__, kind="connection")
        return None

    def close(self) -> Awaitable[None] | None:
        with self._lock:
            client, self._client = self._client, None
        if client is None:
            return _nothing() if self._loop is not None else None
        closing: Awaitable[None] | None = client.transport.close()
        return closing


def _hide(record: logging.LogRecord) -> bool:
    """Keeps who asks out of the SDK's own debug log, which writes down the metadata of each call."""
    for name in ("metadata", "request", "httpRequest"):
        _mask(getattr(record, name, None))
    return True


def _mask(part: Any) -> None:
    if isinstance(part, dict):
        for name, value in part.items():
            if name in ("authorization", "x-goog-api-key"):
                part[name] = "***"
            _mask(value)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


async def _nothing() -> None:
    """There is nothing to close."""


def _unavailable(error: Exception) -> bool:
    return getattr(error, "code", None) == 503


def _late(error: Exception) -> bool:
    """Whether an answer was waited for in vain, also in its middle, where requests calls it a broken connection."""
    return any(type(part).__name__ in ("ReadTimeout", "ReadTimeoutError") for part in (error, *error.args))


def _reached(channel: Any) -> bool:
    """Whether a channel has found its server. gRPC has one code for a server that is not well and for none."""
    states: SimpleQueue[Any] = SimpleQueue()
    channel.subscribe(states.put)
    try:
        return bool(states.get(timeout=1.0).name != "TRANSIENT_FAILURE")
    except Empty:  # pragma: no cover
        return True
    finally:
        channel.unsubscribe(states.put)


def _request(operation: str, params: Mapping[str, Any]) -> Any:
    """The request that a step's params are. Bytes are put in as they are: JSON would want them in base64."""
    from google.cloud import vision_v1
    from google.protobuf import json_format

    asked = params["requests"]
    place = "image" if operation == "BatchAnnotateImages" else "inputConfig"
    bare = [{**item, place: {k: v for k, v in item[place].items() if k != "content"}} for item in asked]
    request = getattr(vision_v1, f"{operation}Request")()
    message = type(request).pb(request)
    try:
        json_format.ParseDict({**params, "requests": bare}, message)
    except json_format.ParseError as error:
        raise InvalidRequestError(f"Google's own client does not take this request: {error}") from error
    for item, part in zip(asked, message.requests, strict=True):
        if "content" in item[place]:
            (part.image if place == "image" else part.input_config).content = item[place]["content"]
    return request


def _unpacked(status: Any) -> list[Any]:
    """The details of an error inside an answer, those that are known."""
    from google.rpc import error_details_pb2

    details = []
    for packed in status.details:
        for kind in (error_details_pb2.ErrorInfo, error_details_pb2.RetryInfo):
            if packed.Is(kind.DESCRIPTOR):
                details.append(kind())
                packed.Unpack(details[-1])
    return details


def _has_null(part: Any) -> bool:
    if isinstance(part, dict):
        return any(map(_has_null, part.values()))
    return any(map(_has_null, part)) if isinstance(part, list) else part is None


def message_to_json(message: Any) -> Any:
    """A message as Google's HTTP interface writes it."""
    from google.protobuf import json_format

    return json_format.MessageToDict(message)


def message_from_json(name: str, data: Any) -> Any:
    """The message of that name that was written."""
    from google.cloud import vision_v1
    from google.protobuf import json_format

    kind = getattr(vision_v1, name)
    return json_format.ParseDict(data, kind.pb(kind()), ignore_unknown_fields=True)
