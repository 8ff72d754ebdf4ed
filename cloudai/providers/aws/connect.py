"""The connection to AWS, through boto3.

A step names the operation as AWS's API does (``DetectSentiment``) and holds its parameters; that is all that a link
has to know of a service, so any service of boto3 can be asked.
"""

from __future__ import annotations

import io
import json
import re
import threading
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from time import monotonic
from typing import Any, NoReturn

import boto3
import botocore.session
from botocore import exceptions as sdk, xform_name
from botocore.config import Config
from botocore.parsers import ResponseParserError
from botocore.response import StreamingBody
from urllib3 import exceptions as http

from cloudai.errors import ConfigurationError
from cloudai.ports import Failure, Link, Reply, Step
from cloudai.ports.headers import retry_after
from cloudai.providers.aws.tables import METERS
from cloudai.settings import AWS

__all__ = ["connect"]

CONNECTIONS = 64
"""How many connections a client keeps: as many as the async client has threads for vendors like this one."""
EXACT = 32
"""How many different timeouts are kept to exactly before they are rounded."""
LADDER = (
    *(0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8),
    *(1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 12, 15, 18, 20, 25, 30, 40, 50, 60),
    *(75, 90, 120, 150, 180, 240, 300, 450, 600, 900, 1800, 3600),
)
"""Seconds that other timeouts are rounded down to: botocore takes a timeout per client, so that each needs its own."""
PIECE = 1 << 16
"""How many bytes of a body are taken at once, at most."""

_NO_CREDENTIALS = (
    "give AWS(access_key_id=..., secret_access_key=...) or AWS(profile=...), set AWS_ACCESS_KEY_ID and"
    " AWS_SECRET_ACCESS_KEY, or run where a role is attached"
)
_WAYS_OUT: Mapping[type[Exception], str] = {
    sdk.NoCredentialsError: _NO_CREDENTIALS,
    sdk.PartialCredentialsError: _NO_CREDENTIALS,
    sdk.ProfileNotFound: "check AWS(profile=...), AWS_PROFILE and ~/.aws/config",
    sdk.NoRegionError: "give AWS(region=...), set AWS_DEFAULT_REGION, or name a region in the profile",
    sdk.SSOError: "sign in again: aws sso login",
    sdk.TokenRetrievalError: "sign in again: aws sso login",
    sdk.CredentialRetrievalError: "check the credential source of the profile, and sign in again",
    sdk.UnknownServiceError: "this boto3 is too old for it: pip install -U boto3",
}
_SHAPE = (ResponseParserError, sdk.IncompleteReadError)
_TIMEOUT = (sdk.ConnectTimeoutError, sdk.ReadTimeoutError)
_CONNECTION = (sdk.HTTPClientError, sdk.ConnectionError)
_SIGNED = re.compile(rb"(?:Credential|Signature)=(\w+)")


def connect(settings: AWS, service: str, *, asynchronous: bool) -> Link:
    """A link to one service. boto3 has no async form, so both colours get the same one."""
    return BotoLink(settings, service)


class BotoLink:
    """One service of AWS. Clients are made when the first step goes out: resolving credentials may ask the network."""

    threaded = True

    def __init__(self, settings: AWS, service: str) -> None:
        self._settings = settings
        self._service = service
        self._session, self._agent = _session(settings)
        self._clients: dict[float, Any] = {}
        """By timeout."""
        self._calls: dict[tuple[str, float], Callable[..., dict[str, Any]]] = {}
        """The clients' methods, by operation and timeout: finding one costs more than looking it up here."""
        self._json = False
        self._wire = threading.local()
        """Under ``response``, the answer as it came, of the step that this thread has sent last."""
        self._lock = threading.Lock()

    def invoke(self, step: Step, timeout: float) -> tuple[dict[str, Any], Mapping[str, Any]]:
        call = self._calls.get((step.operation, timeout)) or self._find(step.operation, timeout)
        wire = self._wire
        wire.response = None
        try:
            answer = call(**step.params)
        except sdk.ClientError as error:
            raise _refused(error, wire.response) from error
        except sdk.BotoCoreError:
            raise
        except Exception as error:
            # botocore's parsers stumble over what they did not expect (a string for a list), each in its own way.
            if wire.response is None:
                raise
            raise _unreadable(wire.response) from error
        if not self._json:
            for name, part in answer.items():
                if isinstance(part, StreamingBody):
                    # Audio and the like are read here, where waiting is allowed.
                    answer[name] = part.read()
        response, wire.response = wire.response, None
        return answer, response

    def read(self, step: Step, answer: tuple[dict[str, Any], Mapping[str, Any]]) -> Reply:
        body, response = answer
        said = body.pop("ResponseMetadata")
        headers = said["HTTPHeaders"]
        if self._json:
            # botocore's own reading leaves out nulls and what its model does not know, and takes text for an empty
            # answer. The adapters are to see, and ``raw`` is to keep, what was said.
            try:
                body = _json(response["body"] or b"{}")
            except (ValueError, RecursionError) as error:
                raise _unreadable(response) from error
        return Reply(
            body=body,
            status=said["HTTPStatusCode"],
            headers=headers,
            request_id=said.get("RequestId"),
            metered=_metered(headers),
            region=self._session.region_name,
        )

    def explain(self, error: Exception) -> Failure | None:
        if isinstance(error, sdk.ClientError):
            # Of another service, which botocore asked for credentials.
            return _refused(error, None)
        if isinstance(error, _TIMEOUT):
            return Failure(str(error), kind="timeout")
        if isinstance(error, _SHAPE):
            return Failure(f"the answer is cut short or cannot be read ({type(error).__name__})", kind="shape")
        if isinstance(error, _CONNECTION):
            return Failure(str(error), kind="connection")
        if isinstance(error, sdk.BotoCoreError):
            way_out = next((text for kind, text in _WAYS_OUT.items() if isinstance(error, kind)), None)
            message = str(error).rstrip(".")
            # The names of the exception and of those that it stands under are its codes.
            names = [kind.__name__ for kind in type(error).__mro__ if issubclass(kind, sdk.BotoCoreError)]
            return Failure(f"{message}: {way_out}" if way_out else message, codes=names)
        return None

    def close(self) -> None:
        with self._lock:
            clients = list(self._clients.values())
            self._clients.clear()
            self._calls.clear()
        for client in clients:
            client.close()

    def _find(self, operation: str, timeout: float) -> Callable[..., dict[str, Any]]:
        """The method for an operation, of a client that waits as long as ``timeout`` says."""
        with self._lock:
            seconds = self._seconds(timeout)
            client = self._clients.get(seconds)
            if client is None:
                client = self._clients[seconds] = self._client(seconds)
            call: Callable[..., dict[str, Any]] | None = getattr(client, xform_name(operation), None)
            if call is None:
                raise ConfigurationError(
                    f"boto3 {boto3.__version__} has no {operation} of {self._service}: pip install -U boto3",
                    provider=self._settings.label,
                )
            if seconds == timeout:
                self._calls[operation, timeout] = call
            return call

    def _seconds(self, timeout: float) -> float:
        """The timeout itself, if it looks like one that somebody chose; what is left of a deadline is rounded down."""
        if timeout in self._clients or (round(timeout, 2) == timeout and len(self._clients) < EXACT):
            return timeout
        # A hundredth more, so that a deadline of 10 seconds of which a moment has passed is not taken for 8.
        return LADDER[max(bisect_right(LADDER, timeout * 1.01) - 1, 0)]

    def _client(self, seconds: float) -> Any:
        settings = self._settings
        config = Config(
            connect_timeout=seconds,
            read_timeout=seconds,
            max_pool_connections=CONNECTIONS,
            retries={"total_max_attempts": 1, "mode": "standard"},
            # The service checks them itself, and says more; tests hold every step against botocore's validator.
            parameter_validation=False,
            proxies={"http": settings.proxy, "https": settings.proxy} if settings.proxy else None,
            user_agent=self._agent,
            # Without "regional" the bucket addresses of us-east-1 lead anywhere; names of buckets as hosts need DNS.
            s3={
                "us_east_1_regional_endpoint": "regional",
                "addressing_style": "path" if settings.endpoint_for("s3") else "auto",
            },
        )
        make: Callable[..., Any] = self._session.client
        try:
            client = make(
                self._service,
                endpoint_url=settings.endpoint_for(self._service),
                verify=settings.ca_bundle,
                config=config,
            )
        except ValueError as error:
            raise ConfigurationError(f"boto3 cannot use these settings: {error}", provider=settings.label) from error
        model = client.meta.service_model
        self._json = (getattr(model, "resolved_protocol", None) or model.metadata["protocol"]) == "json"
        client.meta.events.register("before-parse", self._keep)
        if self._service == "s3":
            client.meta.events.register_first("needs-retry.s3", _stay)
        # Here, and not from a handler of before-send, though that may answer too: all of its handlers run, so that a
        # step would still go out where another one, such as moto's, stands in for AWS.
        endpoint = client._endpoint
        endpoint.http_session = _Bounded(endpoint.http_session, seconds)
        return client

    def _keep(self, response_dict: dict[str, Any], **_: Any) -> None:
        self._wire.response = response_dict
        if self._json and response_dict["status_code"] < 300:
            # botocore is shown an empty answer: ``read`` reads the one that came, and for a page of text botocore's way
            # through its model takes several times as long (botocore 1.44.5).
            self._wire.response = dict(response_dict)
            response_dict["body"] = b"{}"


def _stay(request_dict: dict[str, Any], **_: Any) -> None:
    """Tells botocore that a request to S3 was redirected already, so that it does not follow the bucket into a region
    that nobody has set. It calls this before its own handler, which looks for the mark (botocore 1.44.5; a test sends a
    redirect to see that it still does)."""
    request_dict["context"].setdefault("s3_redirect", {})["redirected"] = True


class _Bounded:
    """Sends as botocore does, but reads the body itself. botocore's timeout begins anew with every byte that arrives,
    and it throws away what there is of an answer that breaks off."""

    def __init__(self, session: Any, seconds: float) -> None:
        self._session = session
        self._seconds = seconds

    def send(self, request: Any) -> Any:
        until = monotonic() + self._seconds
        # Has botocore leave the body to us.
        request.stream_output = True
        answer = self._session.send(request)
        pieces: list[bytes] = []
        try:
            for piece in _pieces(answer.raw, until):
                pieces.append(piece)  # noqa: PERF402  (what has come is kept when the rest does not)
        except (http.ReadTimeoutError, TimeoutError) as error:
            answer.raw.close()
            raise sdk.ReadTimeoutError(endpoint_url=request.url) from error
        except http.HTTPError as error:
            answer.raw.close()
            body = _unsigned(b"".join(pieces), request)
            response = {"status_code": answer.status_code, "headers": answer.headers, "body": body}
            raise _unreadable(response, "is cut short") from error
        content = b"".join(pieces)
        answer.raw = _Whole(content if answer.status_code < 300 else _unsigned(content, request))
        return answer

    def close(self) -> None:
        self._session.close()


class _Whole(io.BytesIO):
    """A body that has arrived, as botocore reads one."""

    def stream(self) -> tuple[bytes]:
        return (self.getvalue(),)


def _pieces(raw: Any, until: float) -> Iterator[bytes]:
    """A body as it arrives: TimeoutError when it goes on for too long, urllib3's errors when it breaks off."""
    # Before 2.2.1 urllib3 cannot hand out what is there, and waits for a full piece.
    read = getattr(raw, "read1", raw.read)
    while piece := read(PIECE):
        yield piece
        if raw.length_remaining == 0:
            return
        if monotonic() > until:
            raise TimeoutError("the answer goes on and on")
    if raw.length_remaining:
        raise http.IncompleteRead(raw.tell(), raw.length_remaining)


def _unsigned(content: bytes, request: Any) -> bytes:
    """A body without what it may repeat of the keys in a request. Only here are those known that came from a profile
    or a role."""
    sent = {name.lower(): value for name, value in request.headers.items()}
    keys = [sent.get("x-amz-security-token"), *_SIGNED.findall(_bytes(sent.get("authorization", "")))]
    for key in filter(None, keys):
        content = content.replace(_bytes(key), b"***")
    return content


def _bytes(header: str | bytes) -> bytes:
    return header.encode() if isinstance(header, str) else header


def _session(settings: AWS) -> tuple[boto3.session.Session, str]:
    """A session for these settings, which names what is missing, and the words with which its clients introduce
    themselves."""
    if bool(settings.access_key_id) != bool(settings.secret_access_key):
        missing = "access_key_id" if settings.secret_access_key else "secret_access_key"
        raise ConfigurationError(f"AWS({missing}=...) is missing: a key has two parts", provider=settings.label)
    if settings.ca_bundle and not Path(settings.ca_bundle).exists():
        raise ConfigurationError(f"ca_bundle={settings.ca_bundle!r} is not there", provider=settings.label)
    try:
        core = botocore.session.Session()
        session = boto3.session.Session(
            botocore_session=core,
            aws_access_key_id=settings.access_key_id,
            aws_secret_access_key=settings.secret_access_key,
            aws_session_token=settings.session_token,
            region_name=settings.region,
            profile_name=settings.profile,
        )
        region = session.region_name
        application = core.get_config_variable("user_agent_appid")
    except sdk.BotoCoreError as error:
        way_out = next((text for kind, text in _WAYS_OUT.items() if isinstance(error, kind)), "check ~/.aws/config")
        raise ConfigurationError(f"{error}: {way_out}", provider=settings.label) from error
    if not region:
        raise ConfigurationError(f"no AWS region is set: {_WAYS_OUT[sdk.NoRegionError]}", provider=settings.label)
    # botocore's own words are put together anew for every request, which takes a fifth of its time (botocore 1.44.5).
    agent = f"Boto3/{boto3.__version__} cloudai"
    return session, f"{agent} app/{application}" if application else agent


def _refused(error: sdk.ClientError, response: Mapping[str, Any] | None) -> Failure:
    """What an answer with an error status says."""
    said = error.response.get("ResponseMetadata", {})
    headers = said.get("HTTPHeaders", {})
    status = said.get("HTTPStatusCode")
    body = error.response if response is None else _content(response)
    code, message = error.response["Error"]["Code"], error.response["Error"].get("Message") or ""
    wire = body.get("__type") if isinstance(body, dict) else None
    # The type may stand in the body, in a header, or both: "com.amazonaws...#Code", "Code:http://...", "Code:".
    codes = dict.fromkeys(_code(text) for text in (code, wire, headers.get("x-amzn-errortype")) if text)
    codes.pop(str(status), None)
    if not codes:
        message = f"HTTP {status}, and no error that AWS would write"
    elif "\n" in message:
        # A signature that does not match: below the first line AWS repeats the request, session token included.
        message = message.partition("\n")[0]
        error.args = (f"{error.operation_name}: {code}: {message}",)
        error.response["Error"]["Message"] = message
        body = {"__type": code, "message": message}
    return Failure(
        message or f"{next(iter(codes))}, without a message",
        codes=list(codes),
        status=status,
        request_id=said.get("RequestId"),
        retry_after=_retry_after(headers),
        body=body,
        metered=_metered(headers),
    )


def _unreadable(response: Mapping[str, Any], how: str = "cannot be read") -> Failure:
    """An answer that cannot be used: told by its status where that says failure."""
    status = response["status_code"]
    headers = {str(name).lower(): value for name, value in response["headers"].items()}
    content = response["body"] if isinstance(response["body"], bytes) else b""
    failed = status >= 300
    kind = headers.get("content-type", "no content type")
    return Failure(
        f"HTTP {status}, and no error that AWS would write"
        if failed
        else f"the answer {how} ({kind}, {len(content)} bytes)",
        kind="refused" if failed else "shape",
        status=status,
        request_id=headers.get("x-amzn-requestid"),
        retry_after=_retry_after(headers),
        body=_content(response),
    )


def _content(response: Mapping[str, Any]) -> Any:
    """A body as JSON, or as text where it is none."""
    content = response["body"]
    if not isinstance(content, bytes):
        return None
    try:
        return _json(content)
    except (ValueError, RecursionError):
        return content.decode("utf-8", "replace")


def _json(content: bytes) -> Any:
    """What is written in a body. ValueError or, where lists stand within lists without end, RecursionError."""
    return _DECODER.decode(content.decode())


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_number)


def _code(text: Any) -> str:
    return str(text).rpartition("#")[2].partition(":")[0]


def _metered(headers: Mapping[str, str]) -> dict[str, float]:
    return {meter: float(headers[name]) for name, meter in METERS.items() if headers.get(name, "").isdigit()}


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, from AWS's own header, which counts milliseconds, or from the usual one."""
    milliseconds = headers.get("x-amz-retry-after", "")
    if milliseconds.isdigit():
        return int(milliseconds) / 1000
    return retry_after(headers)
