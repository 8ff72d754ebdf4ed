"""The connection to Computer Vision, through its SDK (azure-cognitiveservices-vision-computervision, on msrest)."""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Callable, Mapping
from typing import Any

from cloudai.ports import Failure, Reply, Step
from cloudai.ports.once import once
from cloudai.providers.azure import answers, errors

__all__ = ["VisionLink"]

SDK = "azure.cognitiveservices.vision.computervision"
ACCEPTED = 202
"""What a job that was begun is answered with."""
IN_ONE_PIECE = 2**30
"""How many bytes of a picture the SDK reads at once: more than any has, as it need not be cut up."""


class VisionLink:
    """Computer Vision, in both colours through the SDK's blocking client, which is the only one that it has.

    ``Step.operation`` is a method of that client, with its arguments as ``Step.params``. A picture is its ``url`` or,
    as bytes, its ``image``: the method is then the one for streams.

    The SDK is imported and its client made with the first step, in the thread of that step: it takes half a second.
    """

    threaded = True

    def __init__(
        self,
        endpoint: str,
        *,
        headers: Callable[[], Mapping[str, str]],
        session: Callable[[], Any],
        proxies: Mapping[str, str] | None,
        verify: str | bool,
        explain: Callable[[Exception], Failure | None],
        close: Callable[[], None],
    ) -> None:
        if importlib.util.find_spec(SDK) is None:  # pragma: no cover
            raise ModuleNotFoundError(name="azure-cognitiveservices-vision-computervision")
        self._endpoint = endpoint
        self._headers = headers
        self._make_session = session
        self._session: Any = None
        self._wire = {"auth": _as_it_is, "allow_redirects": False, "proxies": dict(proxies or {}), "verify": verify}
        self._explain = explain
        self._close = close
        self._client = once(self._make_client)

    def invoke(self, step: Step, timeout: float) -> Any:
        params, name = dict(step.params), step.operation
        if "image" in params:
            name, params["image"] = f"{name}_in_stream", io.BytesIO(params["image"])
        expected = ACCEPTED if step.operation == "read" else 200
        called = getattr(self._client(), name)(**params, raw=True, timeout=(timeout, timeout), expected=expected)
        answer = called.response
        # The SDK ties it to an object of its own which holds it, and so, until the two are found, its connection.
        del answer._universal_http_response
        return answer

    def read(self, step: Step, answer: Any) -> Reply:
        headers, body = answers.headers_of(answer), answers.body_of(answer)
        return Reply(
            body=body,
            status=answer.status_code,
            headers=headers,
            # Image Analysis says it in the answer as well.
            request_id=answers.request_id(headers) or (body.get("requestId") if isinstance(body, dict) else None),
            metered=errors.metered(headers),
        )

    def explain(self, error: Exception) -> Failure | None:
        return self._explain(error)

    def close(self) -> None:
        if self._session is not None:
            self._session.close()
        self._close()

    def _make_client(self) -> Any:
        """The SDK's client, over a pipeline of ours. The SDK's own keeps a session for each thread, of which it closes
        one, sends again, follows redirects, and logs the proxy's address with its password."""
        from azure.cognitiveservices.vision.computervision import ComputerVisionClient
        from msrest.pipeline import HTTPSender, Pipeline, Response, SansIOHTTPPolicy
        from msrest.pipeline.universal import RawDeserializer, UserAgentPolicy
        from msrest.universal_http.requests import RequestsClientResponse

        link, unread = self, {RawDeserializer.CONTEXT_NAME: None}

        class Signed(SansIOHTTPPolicy):  # type: ignore[type-arg]
            """Who asks, as a policy: the SDK's own credentials write into the session, which threads share."""

            def on_request(self, request: Any, **options: Any) -> None:
                request.http_request.headers.update(link._headers())

        class Sender(HTTPSender):  # type: ignore[type-arg]
            def send(self, request: Any, **options: Any) -> Any:
                sent = request.http_request
                answer = link._send(sent, options["timeout"], options["expected"])
                # There is nothing in it for the SDK to make its models of: they drop and rename fields, and take time.
                # Answers are read once, by the adapter, which is strict.
                return Response(request, RequestsClientResponse(sent, answer), unread)  # type: ignore[no-untyped-call]

            def __exit__(self, *error: object) -> None:
                """The session is the link's to close."""

        signed = Signed()
        client: Any = ComputerVisionClient(self._endpoint, signed)  # type: ignore[no-untyped-call]
        client.config.connection.data_block_size = IN_ONE_PIECE
        client.config.pipeline = Pipeline([UserAgentPolicy("cloudai"), signed], Sender())
        self._session = self._make_session()
        return client

    def _send(self, request: Any, timeout: tuple[float, float], expected: int) -> Any:
        from requests import RequestException

        # A picture comes as a generator, which would be sent without its length.
        content = request.data if request.data is None or isinstance(request.data, str) else b"".join(request.data)
        try:
            answer = self._session.request(
                request.method, request.url, data=content, headers=request.headers, timeout=timeout, **self._wire
            )
        except RequestException as error:
            raise _unreached(error) from error
        if answer.status_code != expected:
            raise answers.refusal(answer)
        return answer


def _as_it_is(request: Any) -> Any:
    """In place of requests' own way to sign: it would look for a password in ~/.netrc and write it over the token."""
    return request


def _unreached(error: Any) -> Failure:
    """What an exception of requests says."""
    from requests import exceptions
    from urllib3.exceptions import TimeoutError as Elapsed

    # An answer that stops in the middle of its body is a broken connection to requests.
    if isinstance(error, exceptions.Timeout) or any(isinstance(part, Elapsed) for part in error.args):
        return Failure(f"no answer in time ({type(error).__name__})", kind="timeout")
    if isinstance(error, exceptions.ContentDecodingError):
        return Failure("the answer's encoding cannot be read", kind="shape")
    # Others than broken connections are about addresses and headers, and hold their values.
    told = f": {error}" if isinstance(error, exceptions.ConnectionError) else ""
    return Failure(f"{type(error).__name__}{told}", kind="connection")
