"""Cloud Vision over both of its transports, through the real SDK and the whole road, in every colour."""

from __future__ import annotations

import asyncio
import base64
import io
import logging
import threading
from collections.abc import Callable
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from cloudai import (
    AsyncCloudAI,
    AuthenticationError,
    CloudAI,
    CloudAIError,
    ConfigurationError,
    ConnectionFailedError,
    Google,
    InputTooLargeError,
    InvalidRequestError,
    InvalidResponseError,
    PermissionDeniedError,
    QuotaExceededError,
    RateLimitedError,
    Retry,
    ServiceUnavailableError,
    TimeoutError,
    UnsupportedFormatError,
)
from cloudai.providers.google import codec
from cloudai.providers.google.connect import connect
from cloudai.providers.google.connect_vision import VisionLink
from cloudai.settings import Fetch
from cloudai.types.media import Image
from tests.support import Answer, Seen, answer_of, loopback, recording

pytest.importorskip("tests.providers.google.annotator")
from google.protobuf import duration_pb2
from google.rpc import error_details_pb2

from tests.providers.google.annotator import Refusal, annotator, jpeg, recorded

Ask = Callable[..., Any]
ONCE = Retry(attempts=1)
KEY = "AIza-not-a-real-key"
PICTURE = jpeg(4000, 3000)
CATS = {"responses": [{"labelAnnotations": [{"description": "cat", "score": 0.9}]}]}


def over(transport: str, address: str, **settings: Any) -> Google:
    return Google(**{"api_key": KEY, "endpoint": address, "transport": transport, **settings})


def labels(ai: Any) -> Any:
    return ai.vision.labels(PICTURE)


class Served:
    """A server of either kind, and what reached it."""

    def __init__(self, transport: str, server: Any) -> None:
        self.transport = transport
        self.server = server
        self.settings = over(transport, server.address)

    @property
    def count(self) -> int:
        return len(self.server.requests if self.transport == "grpc" else self.server.seen)


@pytest.fixture(params=["rest", "grpc"])
def serve(request: pytest.FixtureRequest) -> Any:
    """Starts a server of each kind that answers with this JSON."""
    from contextlib import ExitStack

    with ExitStack() as stack:

        def start(*answers: Any) -> Served:
            if request.param == "grpc":
                return Served("grpc", stack.enter_context(annotator(*answers)))
            return Served("rest", stack.enter_context(loopback(*(Answer(200, answer) for answer in answers))))

        yield start


# --- answers ---

RECORDED = [
    ("label-three-labels-no-topicality", "labels", 3),
    ("multi-feature-logo-text-objects", "labels", 28),
    ("objects-normalized-vertices", "objects", 6),
    ("multi-feature-face-empty-vertices", "objects", None),
    ("face-five-faces-34-landmarks", "faces", 5),
    ("face-one-vertices-lack-y", "faces", 1),
    ("multi-feature-face-empty-vertices", "faces", 3),
    ("landmark-two-with-latlng", "landmarks", 2),
    ("logo-none-found-empty-object", "logos", 0),
    ("multi-feature-logo-text-objects", "logos", 1),
    ("image-properties-ten-colors", "colors", 10),
    ("multi-feature-face-empty-vertices", "crop_hints", 3),
    ("web-detection-scores-above-one", "web", 2),
    ("safesearch-bare-annotation-enum-names", "moderation", 5),
    ("safesearch-no-racy-field", "moderation", 4),
    ("text-chinese-negative-coordinate", "text", 1),
    ("text-japanese-2016-textannotations-only", "text", 1),
    ("text-short-first-item-is-whole-text", "text", 1),
]


@pytest.mark.parametrize(("name", "operation", "count"), RECORDED)
def test_recordings_are_understood_whichever_way_they_come(
    ask: Ask, serve: Any, name: str, operation: str, count: int | None
) -> None:
    body = recorded(name)
    served = serve(body)
    result = ask(served.settings, lambda ai: getattr(ai.vision, operation)(PICTURE))
    if count is not None:
        assert len(result) == count
    assert (result.meta.provider, result.meta.api_version, result.meta.attempts) == ("google", "v1", 1)
    assert result.meta.usage.amount == 1
    assert type(result).from_dict(result.to_dict()) == result
    # What Google wrote, and is of its interface, is in the raw answer.
    assert set(result.raw["responses"][0]) == set(body["responses"][0])


def test_both_transports_give_the_same_result() -> None:
    for name, operation, _ in RECORDED:
        body = recorded(name)
        with loopback(Answer(200, body)) as rest, annotator(body) as grpc:
            with CloudAI(over("rest", rest.address)) as ai:
                one = getattr(ai.vision, operation)(PICTURE)
            with CloudAI(over("grpc", grpc.address)) as ai:
                other = getattr(ai.vision, operation)(PICTURE)
        assert one == other
        assert one.raw == other.raw


def test_enums_may_come_as_numbers(ask: Ask) -> None:
    body = {"responses": [{"safeSearchAnnotation": {"adult": 5, "racy": 1}}]}
    with loopback(Answer(200, body)) as server:
        result = ask(over("rest", server.address), lambda ai: ai.vision.moderation(PICTURE))
    assert [(item.name, item.likelihood) for item in result] == [
        ("explicit", "very_likely"),
        ("suggestive", "very_unlikely"),
    ]


def test_two_responses_to_one_request_are_no_answer(ask: Ask, serve: Any) -> None:
    served = serve(recorded("batch-two-responses-different-features"))
    with pytest.raises(InvalidResponseError) as caught:
        ask(served.settings, labels, retry=ONCE)
    assert len(caught.value.raw["responses"]) == 2


def test_analyze_is_one_request_and_raw_is_made_when_it_is_read(
    ask: Ask, serve: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Any] = []
    dump = codec.dump
    monkeypatch.setattr(codec, "dump", lambda value: written.append(value) or dump(value))
    served = serve(recorded("multi-feature-logo-text-objects"))
    names = ["labels", "objects", "faces", "text", "moderation", "logos", "colors", "crop_hints", "web"]
    result = ask(served.settings, lambda ai: ai.vision.analyze(PICTURE, operations=names))
    assert served.count == 1
    assert result.errors == {}
    assert (result["text"].text, result["text"].meta.operation) == ("#teampixel", "vision.text")
    assert written == []
    assert result.raw["responses"][0]["logoAnnotations"][0]["description"] == "MacBook"
    assert len(written) == 1


def test_a_document_is_read_in_groups(ask: Ask, serve: Any) -> None:
    def pages(first: int, last: int) -> dict[str, Any]:
        read = [
            {"fullTextAnnotation": {"text": f"page {number}"}, "context": {"pageNumber": number}}
            for number in range(first, last + 1)
        ]
        return {"responses": [{"responses": read, "totalPages": 7}]}

    served = serve(pages(1, 5), pages(6, 7))
    pdf = Image(data=b"%PDF-1.7", format="pdf")
    result = ask(served.settings, lambda ai: ai.vision.text(pdf))
    assert result.text == "\f".join(f"page {number}" for number in range(1, 8))
    assert [page.number for page in result.pages] == list(range(1, 8))
    assert (result.meta.usage.metered, served.count, len(result.raw)) == ({"pages": 7}, 2, 2)


# --- requests ---


def test_a_request_over_grpc_is_googles_message(ask: Ask) -> None:
    from google.cloud import vision_v1

    with annotator(CATS) as server:
        settings = over("grpc", server.address, project="mine", location="eu")
        ask(settings, lambda ai: ai.vision.labels(PICTURE, max_results=7))
        (request,), (metadata,) = server.requests, server.metadata
    assert request == vision_v1.BatchAnnotateImagesRequest(
        requests=[
            {
                "image": {"content": PICTURE.data},
                "features": [{"type_": vision_v1.Feature.Type.LABEL_DETECTION, "max_results": 7}],
            }
        ],
        parent="projects/mine/locations/eu",
    )
    assert metadata["x-goog-api-key"] == KEY
    assert "authorization" not in metadata


def test_a_request_over_rest_is_googles_json(ask: Ask) -> None:
    with loopback(Answer(200, CATS)) as server:
        ask(over("rest", server.address), lambda ai: ai.vision.labels(PICTURE, max_results=7))
        (seen,) = server.seen
    assert (seen.method, seen.path.partition("?")[0]) == ("POST", "/v1/images:annotate")
    assert seen.json == {
        "requests": [
            {
                "image": {"content": base64.b64encode(PICTURE.data or b"").decode()},
                "features": [{"type": 4, "maxResults": 7}],
            }
        ]
    }
    assert seen.headers["x-goog-api-key"] == KEY
    assert KEY not in seen.path


def test_a_document_in_a_bucket_is_googles_message(ask: Ask) -> None:
    with annotator({"responses": [{"responses": [{}], "totalPages": 1}]}) as server:
        settings = over("grpc", server.address)
        ask(settings, lambda ai: ai.vision.text("gs://bucket/a.pdf", languages=["en"], pages=[3]))
        (request,) = server.requests
    (asked,) = request.requests
    assert (asked.input_config.gcs_source.uri, asked.input_config.mime_type) == ("gs://bucket/a.pdf", "application/pdf")
    assert (list(asked.pages), list(asked.image_context.language_hints)) == ([3], ["en"])


def test_an_address_goes_to_google_where_no_places_come_back(ask: Ask) -> None:
    address = "https://pictures.example/cat.jpg"
    with annotator(CATS) as server:
        result = ask(over("grpc", server.address), lambda ai: ai.vision.labels(address))
        (request,) = server.requests
    assert request.requests[0].image.source.image_uri == address
    assert result.meta.sources == ("address",)


def test_an_address_is_fetched_where_places_come_back(ask: Ask) -> None:
    pillow = pytest.importorskip("PIL.Image", reason="needs cloudai[images]")
    buffer = io.BytesIO()
    pillow.new("RGB", (200, 150), "red").save(buffer, "PNG")
    body = recorded("face-one-vertices-lack-y")
    with annotator(body) as server, loopback(Answer(200, buffer.getvalue())) as web:
        call = lambda ai: ai.vision.faces(f"{web.address}/face.png")  # noqa: E731
        result = ask(over("grpc", server.address), call, fetch=Fetch(allow_private=True))
        (request,) = server.requests
    assert request.requests[0].image.content == buffer.getvalue()
    assert result.meta.sources == ("fetched",)
    assert result[0].box.left == pytest.approx(77 / 200)


def test_a_picture_is_sent_upright(ask: Ask) -> None:
    # Google does not say what it makes of Exif.
    pillow = pytest.importorskip("PIL.Image", reason="needs cloudai[images]")
    buffer, exif = io.BytesIO(), pillow.Exif()
    exif[0x0112] = 6
    pillow.new("RGB", (60, 40), "red").save(buffer, "JPEG", exif=exif)
    with annotator(CATS) as server:
        ask(over("grpc", server.address), lambda ai: ai.vision.labels(buffer.getvalue()))
        (request,) = server.requests
    sent = Image.of(request.requests[0].image.content)
    assert (sent.size, sent.orientation) == ((40, 60), 1)


@pytest.mark.parametrize(
    ("settings", "rest"),
    [
        (Google(api_key="k"), False),
        (Google(api_key="k", transport="rest"), True),
        (Google(api_key="k", endpoint="http://127.0.0.1:1"), True),
        (Google(api_key="k", endpoint="http://127.0.0.1:1", transport="grpc"), False),
        (Google(api_key="k", endpoints={"vision": "https://own.example/a"}), True),
    ],
)
def test_plain_http_means_rest_unless_grpc_is_said(settings: Google, rest: bool) -> None:
    link = connect(settings, "vision", asynchronous=False)
    assert isinstance(link, VisionLink)
    assert link._rest is rest
    assert link.threaded is False
    link.close()


@pytest.mark.parametrize(
    ("settings", "base"),
    [
        (Google(api_key="k"), "https://vision.googleapis.com"),
        (Google(api_key="k", location="eu"), "https://eu-vision.googleapis.com"),
        (Google(api_key="k", location="asia"), "https://vision.googleapis.com"),
        (Google(api_key="k", universe="cloud.example"), "https://vision.cloud.example"),
        (Google(api_key="k", endpoints={"vision": "http://own:2/"}), "http://own:2"),
    ],
)
def test_vision_has_its_address(settings: Google, base: str) -> None:
    link = connect(settings, "vision", asynchronous=False)
    assert isinstance(link, VisionLink)
    assert link._dialect.base == base


def test_tokens_travel_in_the_metadata_of_both(ask: Ask, serve: Any) -> None:
    credentials = pytest.importorskip("google.oauth2.credentials")
    served = serve(CATS)
    settings = over(
        served.transport, served.server.address, api_key=None, credentials=credentials.Credentials("token-1")
    )
    ask(settings, labels)
    sent = served.server.metadata[0] if served.transport == "grpc" else served.server.seen[0].headers
    assert sent["authorization"] == "Bearer token-1"
    assert "x-goog-api-key" not in sent


def test_a_stale_token_is_renewed_before_the_step(ask: Ask, serve: Any) -> None:
    credentials = pytest.importorskip("google.oauth2.credentials")
    served = serve(CATS)
    with loopback(Answer(200, {"access_token": "token-2", "expires_in": 3600})) as tokens:
        given = credentials.Credentials(
            None, refresh_token="r", token_uri=f"{tokens.address}/token", client_id="1", client_secret="2"
        )
        ask(over(served.transport, served.server.address, api_key=None, credentials=given), labels)
        assert len(tokens.seen) == 1
    sent = served.server.metadata[0] if served.transport == "grpc" else served.server.seen[0].headers
    assert sent["authorization"] == "Bearer token-2"


def test_nothing_is_made_or_asked_before_the_first_step() -> None:
    with CloudAI(Google(credentials="/nowhere.json", endpoint="http://127.0.0.1:9")):
        connect(Google(credentials="/nowhere.json"), "vision", asynchronous=False).close()


def test_missing_credentials_are_told_with_the_way_out(ask: Ask, serve: Any) -> None:
    served = serve(CATS)
    with pytest.raises(ConfigurationError, match="GOOGLE_API_KEY"):
        ask(over(served.transport, served.server.address, api_key=None, credentials="/nowhere.json"), labels)
    assert served.count == 0


def test_one_client_works_for_one_event_loop_after_another() -> None:
    async def main(ai: AsyncCloudAI) -> Any:
        return await ai.vision.labels(PICTURE)

    with annotator(CATS) as server:
        ai = AsyncCloudAI(over("grpc", server.address))
        assert [asyncio.run(main(ai))[0].name for _ in range(2)] == ["cat", "cat"]


def test_many_threads_share_one_client(serve: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    served = serve(CATS)
    with CloudAI(served.settings) as ai, ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: labels(ai)[0].name, range(16)))
    assert found == ["cat"] * 16


def test_many_tasks_share_one_client_and_one_token() -> None:
    credentials = pytest.importorskip("google.oauth2.credentials")

    async def main(ai: AsyncCloudAI) -> Any:
        return await asyncio.gather(*(labels(ai) for _ in range(8)))

    with annotator(CATS) as server, loopback(Answer(200, {"access_token": "t", "expires_in": 3600})) as tokens:
        given = credentials.Credentials(
            None, refresh_token="r", token_uri=f"{tokens.address}/token", client_id="1", client_secret="2"
        )
        results = asyncio.run(main(AsyncCloudAI(over("grpc", server.address, api_key=None, credentials=given))))
        assert len(tokens.seen) == 1
        assert len(server.requests) == 8
    assert {result[0].name for result in results} == {"cat"}


def test_own_certificates_are_trusted_and_others_are_not(ask: Ask, tmp_path: Any) -> None:
    certificate, key = _self_signed()
    bundle = tmp_path / "own.pem"
    bundle.write_bytes(certificate)
    with annotator(CATS, tls=(key, certificate)) as server:
        settings = Google(api_key=KEY, endpoint=server.address, ca_bundle=str(bundle))
        assert ask(settings, labels)[0].name == "cat"
        assert type(fail(ask, Google(api_key=KEY, endpoint=server.address))) is ConnectionFailedError


def _self_signed() -> tuple[bytes, bytes]:
    """A certificate for this machine, and its key."""
    from datetime import UTC, datetime, timedelta
    from ipaddress import ip_address

    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(serialization.Encoding.PEM), secret


def test_the_transport_limits_a_picture(ask: Ask) -> None:
    large = jpeg(data=b"\xff\xd8\xff" + b"\0" * 8_000_000)
    with loopback(Answer(200, CATS)) as server, annotator(CATS) as other:
        with pytest.raises(InputTooLargeError, match=r"7,400,000 at most.*transport='grpc'"):
            ask(over("rest", server.address), lambda ai: ai.vision.labels(large))
        assert not server.seen
        assert ask(over("grpc", other.address), lambda ai: ai.vision.labels(large))[0].name == "cat"
        with pytest.raises(UnsupportedFormatError, match="pdf"):
            ask(over("grpc", other.address), lambda ai: ai.vision.labels(b"%PDF-1.7"))


def test_the_sdks_own_debug_log_has_no_keys(ask: Ask, serve: Any) -> None:
    written: list[logging.LogRecord] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(record)

    logger, handler = logging.getLogger("google.cloud.vision_v1"), Keep()
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        ask(serve(CATS).settings, labels)
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)
    assert any("'x-goog-api-key': '***'" in str(record.__dict__) for record in written)
    assert not any(KEY in str(record.__dict__) for record in written)


# --- errors: over HTTP ---


def fail(ask: Ask, settings: Google, call: Callable[[Any], Any] = labels, **options: Any) -> CloudAIError:
    with pytest.raises(CloudAIError) as caught:
        ask(settings, call, **{"retry": ONCE, **options})
    assert KEY not in str(caught.value)
    assert (caught.value.provider, caught.value.operation) == ("google", "vision.labels")
    assert caught.value.__cause__ is not None
    return caught.value


def status(code: int, name: str, *details: Any, **headers: str) -> Answer:
    error = {"code": code, "status": name, "message": f"no, {KEY}", "details": list(details)}
    return Answer(code, {"error": error}, headers)


def info(reason: str) -> dict[str, Any]:
    return {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com"}


@pytest.mark.parametrize(
    ("answer", "expected", "code", "retry_after"),
    [
        (status(400, "INVALID_ARGUMENT"), InvalidRequestError, "INVALID_ARGUMENT", None),
        (status(401, "UNAUTHENTICATED"), AuthenticationError, "UNAUTHENTICATED", None),
        (status(403, "PERMISSION_DENIED", info("SERVICE_DISABLED")), PermissionDeniedError, "SERVICE_DISABLED", None),
        (status(429, "RESOURCE_EXHAUSTED", **{"retry-after": "7"}), RateLimitedError, "RESOURCE_EXHAUSTED", 7.0),
        (
            status(429, "RESOURCE_EXHAUSTED", {"@type": "google.rpc.RetryInfo", "retryDelay": "1.5s"}),
            RateLimitedError,
            "RESOURCE_EXHAUSTED",
            1.5,
        ),
        (status(503, "UNAVAILABLE"), ServiceUnavailableError, "UNAVAILABLE", None),
        (status(504, "DEADLINE_EXCEEDED"), TimeoutError, "DEADLINE_EXCEEDED", None),
        (Answer(500, "<html>oops</html>"), ServiceUnavailableError, None, None),
        (Answer(404, b"<html>not here</html>", {"content-type": "text/html"}), InvalidRequestError, None, None),
        (Answer(500, "[1]"), ServiceUnavailableError, None, None),
        (Answer(302, b"", {"location": "http://127.0.0.1:9/elsewhere"}), InvalidResponseError, None, None),
    ],
)
def test_errors_over_http_are_ours(
    ask: Ask, answer: Answer, expected: type[CloudAIError], code: str | None, retry_after: float | None
) -> None:
    with loopback(answer) as server:
        error = fail(ask, over("rest", server.address))
        assert len(server.seen) == 1
    assert type(error) is expected
    assert (error.vendor_code, error.status, error.retry_after) == (code, answer.status, retry_after)


def test_a_bad_key_is_a_matter_of_authentication(ask: Ask) -> None:
    response = recording("google/vision/error-400-api-key-expired")["response"]
    with loopback(answer_of(response)) as server:
        error = fail(ask, over("rest", server.address))
    assert type(error) is AuthenticationError
    assert (error.vendor_code, error.status) == ("API_KEY_INVALID", 400)
    assert error.raw == response["body"]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, b'{"responses": [{"labelAnnotations": [{"descr'),
        Answer(200, "<html>welcome to the hotel</html>"),
        Answer(200, b"\xff\xfe\x00"),
        Answer(200, b"[]"),
        Answer(200, {"responses": [{"labelAnnotations": "cat"}]}),
        Answer(200, {"responses": [{"labelAnnotations": None}]}),
        Answer(200, {"responses": None}),
        Answer(200, {"responses": [{"labelAnnotations": [{"description": "cat", "score": "high"}]}]}),
        Answer(200, {"responses": [{"labelAnnotations": [{"description": 7}]}]}),
        Answer(200, {}),
        Answer(200, CATS, cut=True),
    ],
)
def test_what_is_no_answer_is_told_with_what_came(ask: Ask, answer: Answer) -> None:
    with loopback(answer) as server:
        error = fail(ask, over("rest", server.address))
        assert len(server.seen) == 1
    assert type(error) is InvalidResponseError
    assert error.raw is not None


def test_the_word_null_may_stand_in_a_picture(ask: Ask) -> None:
    body = {"responses": [{"labelAnnotations": [{"description": "null", "score": 0.9}]}]}
    with loopback(Answer(200, body)) as server:
        assert ask(over("rest", server.address), labels)[0].name == "null"


# --- errors: over gRPC ---

QUOTA = error_details_pb2.ErrorInfo(
    reason="RATE_LIMIT_EXCEEDED", domain="googleapis.com", metadata={"quota_unit": "1/d/{project}"}
)
WAIT = error_details_pb2.RetryInfo(retry_delay=duration_pb2.Duration(seconds=2, nanos=500_000_000))
HELP = error_details_pb2.Help(links=[error_details_pb2.Help.Link(description="read this", url="https://a")])


@pytest.mark.parametrize(
    ("refusal", "expected", "code", "retry_after"),
    [
        (Refusal("INVALID_ARGUMENT"), InvalidRequestError, "INVALID_ARGUMENT", None),
        (
            Refusal("INVALID_ARGUMENT", details=(error_details_pb2.ErrorInfo(reason="API_KEY_INVALID"),)),
            AuthenticationError,
            "API_KEY_INVALID",
            None,
        ),
        (Refusal("UNAUTHENTICATED", f"bad key {KEY}"), AuthenticationError, "UNAUTHENTICATED", None),
        (Refusal("PERMISSION_DENIED", details=(HELP,)), PermissionDeniedError, "PERMISSION_DENIED", None),
        (Refusal("RESOURCE_EXHAUSTED"), RateLimitedError, "RESOURCE_EXHAUSTED", None),
        (Refusal("RESOURCE_EXHAUSTED", details=(WAIT,)), RateLimitedError, "RESOURCE_EXHAUSTED", 2.5),
        (Refusal("RESOURCE_EXHAUSTED", details=(QUOTA,)), QuotaExceededError, "RATE_LIMIT_EXCEEDED", None),
        (Refusal("UNAVAILABLE"), ServiceUnavailableError, "UNAVAILABLE", None),
        (Refusal("INTERNAL"), ServiceUnavailableError, "INTERNAL", None),
        (Refusal("DEADLINE_EXCEEDED"), TimeoutError, "DEADLINE_EXCEEDED", None),
        (Refusal("UNIMPLEMENTED"), InvalidRequestError, "UNIMPLEMENTED", None),
    ],
)
def test_errors_over_grpc_are_ours(
    ask: Ask, refusal: Refusal, expected: type[CloudAIError], code: str, retry_after: float | None
) -> None:
    with annotator(refusal) as server:
        error = fail(ask, over("grpc", server.address))
        assert len(server.requests) == 1
    assert type(error) is expected
    assert (error.vendor_code, error.status, error.retry_after) == (code, None, retry_after)
    assert error.raw["error"]["status"] == refusal.code


def test_billing_that_is_off_is_a_matter_of_permission(ask: Ask) -> None:
    body = recording("google/vision/error-permission-billing-disabled-php-grpc-form")["response"]["body"]
    reason = error_details_pb2.ErrorInfo(reason="BILLING_DISABLED", domain="googleapis.com")
    with annotator(Refusal(body["status"], body["message"], (HELP, reason))) as server:
        error = fail(ask, over("grpc", server.address))
    assert type(error) is PermissionDeniedError
    assert error.vendor_code == "BILLING_DISABLED"


# --- errors: on both roads ---


def test_an_error_of_the_picture_inside_a_200_is_raised(ask: Ask, serve: Any) -> None:
    served = serve(recorded("per-image-error-bad-image-data-http-200"))
    error = fail(ask, served.settings, retry=Retry(attempts=3, first_wait=0))
    assert type(error) is InvalidRequestError
    assert (error.vendor_code, error.message) == ("INVALID_ARGUMENT", "Bad image data.")
    assert served.count == 1


def test_an_error_of_the_picture_that_may_pass_is_retried(ask: Ask, serve: Any) -> None:
    served = serve({"responses": [{"error": {"code": 14, "message": "later"}}]}, CATS)
    result = ask(served.settings, labels, retry=Retry(attempts=2, first_wait=0))
    assert (result[0].name, result.meta.attempts, served.count) == ("cat", 2, 2)


def test_an_error_with_a_number_that_nobody_knows_is_unknown(ask: Ask, serve: Any) -> None:
    served = serve({"responses": [{"error": {"code": 99, "message": "what"}}]})
    assert fail(ask, served.settings).vendor_code == "UNKNOWN"


def test_a_page_that_fails_is_told_by_its_code(ask: Ask, serve: Any) -> None:
    wait = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "3s"}
    page = {"error": {"code": 8, "message": "slow down", "details": [wait]}}
    served = serve({"responses": [{"responses": [{}, page], "totalPages": 2}]})
    with pytest.raises(RateLimitedError) as caught:
        ask(served.settings, lambda ai: ai.vision.text(b"%PDF-1.7"), retry=ONCE)
    assert caught.value.retry_after == 3.0


def test_the_sdk_itself_never_retries(ask: Ask) -> None:
    with loopback(status(503, "UNAVAILABLE")) as server, annotator(Refusal("UNAVAILABLE")) as other:
        fail(ask, over("rest", server.address))
        fail(ask, over("grpc", other.address))
        assert (len(server.seen), len(other.requests)) == (1, 1)


def test_ours_are_counted(ask: Ask) -> None:
    with annotator(Refusal("UNAVAILABLE"), Refusal("INTERNAL"), CATS) as server:
        result = ask(over("grpc", server.address), labels, retry=Retry(attempts=3, first_wait=0))
        assert len(server.requests) == 3
    assert result.meta.attempts == 3


def test_no_answer_in_time(ask: Ask) -> None:
    released = threading.Event()

    def late(seen: Seen) -> Answer:
        released.wait(5)
        return Answer(200, CATS)

    with loopback(late) as server, annotator(None) as other:
        try:
            assert type(fail(ask, over("rest", server.address), timeout=0.3)) is TimeoutError
            assert type(fail(ask, over("grpc", other.address), timeout=0.3)) is TimeoutError
        finally:
            released.set()


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_call_that_is_given_up_leaves_nothing_behind(backend: str) -> None:
    async def main(address: str) -> None:
        async with AsyncCloudAI(over("grpc", address)) as ai:
            with anyio.move_on_after(0.2) as scope:
                await labels(ai)
            assert scope.cancelled_caught
            await anyio.lowlevel.checkpoint()

    with annotator(None) as server:
        anyio.run(main, server.address, backend=backend)


def test_a_task_that_is_cancelled_ends() -> None:
    async def main(address: str) -> None:
        async with AsyncCloudAI(over("grpc", address)) as ai:
            task = asyncio.create_task(labels(ai))
            await asyncio.sleep(0.2)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    with annotator(None) as server:
        asyncio.run(main(server.address))


@pytest.mark.parametrize("transport", ["rest", "grpc"])
def test_a_server_that_is_not_there(ask: Ask, transport: str) -> None:
    assert type(fail(ask, over(transport, "http://127.0.0.1:1"))) is ConnectionFailedError


def test_certificates_that_cannot_be_read_are_told(ask: Ask) -> None:
    for transport in ("rest", "grpc"):
        with pytest.raises(ConfigurationError, match="ca_bundle"):
            ask(Google(api_key=KEY, transport=transport, ca_bundle="/nowhere.pem"), labels)


def test_a_proxy_that_grpc_does_not_know_is_told(ask: Ask) -> None:
    with pytest.raises(ConfigurationError, match="transport='rest'"):
        ask(Google(api_key=KEY, proxy="socks5://127.0.0.1:1"), labels)


def test_a_proxy_is_on_the_way_of_both(ask: Ask) -> None:
    with loopback(Answer(502, "no")) as proxy:
        assert type(fail(ask, over("rest", "http://vision.example", proxy=proxy.address))) is ServiceUnavailableError
        (seen,) = proxy.seen
        assert seen.path.startswith("http://vision.example/v1/images:annotate")
    connected: list[str] = []
    with _tunnel(connected) as address:
        assert type(fail(ask, over("grpc", "http://vision.example", proxy=address))) is ConnectionFailedError
    assert connected[0].startswith("CONNECT vision.example:80")


def _tunnel(lines: list[str]) -> Any:
    """A proxy that hears what it is asked and hangs up."""
    import socket
    from contextlib import contextmanager

    @contextmanager
    def run() -> Any:
        with socket.create_server(("127.0.0.1", 0)) as listener:

            def serve() -> None:
                while True:
                    try:
                        line, _ = listener.accept()
                    except OSError:
                        return
                    with line:
                        lines.append(line.recv(1000).decode("latin-1"))

            thread = threading.Thread(target=serve, daemon=True)
            thread.start()
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)

    return run()


def test_an_option_of_the_wrong_kind_is_refused_by_the_sdk(ask: Ask, serve: Any) -> None:
    served = serve(CATS)
    with pytest.raises(InvalidRequestError, match="own client does not take"):
        ask(served.settings, lambda ai: ai.vision.labels(PICTURE, extra={"google": {"model": 7}}))
    assert served.count == 0


# --- cassettes ---


def test_a_message_survives_a_cassette() -> None:
    for name, _, _ in RECORDED:
        message = codec.load(recorded(name))
        written = codec.dump(message)
        assert codec.load(written) == message
    document = codec.load({"responses": [{"responses": [{}], "totalPages": 1}]})
    assert codec.load(codec.dump(document)) == document


@pytest.mark.parametrize("value", [{"responses": []}, b"", "text", None, error_details_pb2.Help()])
def test_what_is_not_visions_is_left_to_others(value: Any) -> None:
    assert codec.dump(value) is NotImplemented


def test_a_cassette_plays_back_in_every_colour(ask: Ask, tmp_path: Any) -> None:
    from cloudai.testing import use_cassette

    path = tmp_path / "labels.json"
    with annotator(CATS) as server:
        settings = over("grpc", server.address)
        with use_cassette(path, mode="all"), CloudAI(settings) as ai:
            labels(ai)
    with use_cassette(path, mode="none"):
        result = ask(settings, labels)
    assert (result[0].name, result.raw) == ("cat", CATS)
    assert KEY not in path.read_text()
