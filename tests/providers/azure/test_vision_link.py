"""The link to Computer Vision over real HTTP, through its SDK: requests, recorded answers, errors, wires, tokens."""

from __future__ import annotations

import gc
import gzip
import io
import json
import logging
import socket
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cloudai import AsyncCloudAI, Azure, CloudAI, Retry
from cloudai.errors import (
    AuthenticationError,
    CloudAIError,
    ConfigurationError,
    ConnectionFailedError,
    InputTooLargeError,
    InvalidRequestError,
    InvalidResponseError,
    JobFailedError,
    PermissionDeniedError,
    QuotaExceededError,
    RateLimitedError,
    ServiceUnavailableError,
    TimeoutError,
    UnsupportedError,
    UnsupportedFormatError,
    UnsupportedLanguageError,
)
from cloudai.operations.vision import LabelsRequest
from cloudai.providers.azure.access import endpoint_of, key_of
from cloudai.providers.azure.connect import connect
from cloudai.types.media import Image
from tests.providers.azure.test_connect import CHUNKED, HEAD, Compressed, Raw, chunk, counting
from tests.providers.azure.test_identity import (
    TOKEN,
    AsyncCredential,
    Credential,
    certificate,  # noqa: F401  (a fixture)
    secure,
)
from tests.support import Answer, Loopback, answer_of, loopback, recording

pillow = pytest.importorskip("PIL.Image", reason="needs cloudai[images]")
pytest.importorskip("azure.cognitiveservices.vision.computervision", reason="needs cloudai[azure]")

Ask = Callable[..., Any]
KEY = "0123456789abcdef0123456789abcdef"
HOUSE = "https://example.com/pictures/house.jpg"
ONCE = Retry(attempts=1)
QUICK = Retry(attempts=3, first_wait=0.001, max_wait=0.001)
ENGLISH = "language=en&model-version=latest"


def encoded(form: str = "JPEG", size: tuple[int, int] = (60, 50)) -> bytes:
    buffer = io.BytesIO()
    pillow.new("RGB", size, "red").save(buffer, form)
    return buffer.getvalue()


PICTURE = encoded()


def azure(server: Loopback, **more: Any) -> Azure:
    return Azure(key=KEY, endpoint=server.address, **more)


def recorded(name: str) -> Answer:
    return answer_of(recording(f"azure/vision/{name}")["response"])


def everything() -> Answer:
    return recorded("analyze-everything-v3_2")


def labels(ai: Any) -> Any:
    return ai.vision.labels(PICTURE)


def text(ai: Any) -> Any:
    return ai.vision.text(PICTURE)


def reading(*polls: Answer) -> tuple[Answer, ...]:
    """A submitted picture, and what its polls are answered with; the recorded ones unless others are given."""
    submitted, *answers = (
        answer_of(part["response"]) for part in recording("azure/vision/read-polling-v3_2")["interactions"]
    )
    return submitted, *(polls or answers)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Polls without the waits between them."""
    from cloudai.ports.blocking import BlockingRuntime
    from cloudai.ports.concurrent import AsyncRuntime

    async def at_once(self: Any, seconds: float) -> None:
        pass

    monkeypatch.setattr(BlockingRuntime, "sleep", at_once)
    monkeypatch.setattr(AsyncRuntime, "sleep", at_once)


def failing(ask: Ask, answer: Answer, call: Callable[[Any], Any] = labels) -> CloudAIError:
    """The error that an answer becomes, with a look for the key in everything it says."""
    with loopback(answer) as server, pytest.raises(CloudAIError) as caught:
        ask(azure(server), call, retry=ONCE)
    error = caught.value
    cause: BaseException | None = error
    while cause is not None:
        assert KEY not in f"{cause!s} {cause!r}"
        cause = cause.__cause__
    assert KEY not in repr(error.raw)
    return error


# --- requests --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "line"),
    [
        (lambda ai, image: ai.vision.labels(image), f"/tag?{ENGLISH}"),
        (lambda ai, image: ai.vision.labels(image, language="zh-CN"), "/tag?language=zh&model-version=latest"),
        (lambda ai, image: ai.vision.objects(image), "/detect?model-version=latest"),
        (lambda ai, image: ai.vision.faces(image), f"/analyze?visualFeatures=Faces&{ENGLISH}"),
        (lambda ai, image: ai.vision.moderation(image), f"/analyze?visualFeatures=Adult&{ENGLISH}"),
        (lambda ai, image: ai.vision.caption(image), f"/describe?maxCandidates=1&{ENGLISH}"),
        (
            lambda ai, image: ai.vision.caption(image, max_results=3, language="ja"),
            "/describe?maxCandidates=3&language=ja&model-version=latest",
        ),
        (lambda ai, image: ai.vision.landmarks(image), f"/models/landmarks/analyze?{ENGLISH}"),
        (lambda ai, image: ai.vision.celebrities(image), f"/models/celebrities/analyze?{ENGLISH}"),
        (lambda ai, image: ai.vision.logos(image), f"/analyze?visualFeatures=Brands&{ENGLISH}"),
        (
            lambda ai, image: ai.vision.colors(image, extra={"azure": {"model_version": "2021-05-01"}}),
            "/analyze?visualFeatures=Color&language=en&model-version=2021-05-01",
        ),
        (
            lambda ai, image: ai.vision.analyze(image, operations=["colors", "landmarks", "labels", "celebrities"]),
            f"/analyze?visualFeatures=Color,Tags,Categories&details=Landmarks,Celebrities&{ENGLISH}",
        ),
    ],
)
@pytest.mark.parametrize("image", [PICTURE, HOUSE])
def test_requests(ask: Ask, call: Any, line: str, image: Any) -> None:
    with loopback(everything()) as server:
        result = ask(azure(server), lambda ai: call(ai, image))
    (seen,) = server.seen
    assert (seen.method, seen.path) == ("POST", f"/vision/v3.2{line}")
    assert seen.headers["ocp-apim-subscription-key"] == KEY
    assert "authorization" not in seen.headers
    # With its length, and not in chunks as the SDK would send it.
    assert (seen.headers["content-length"], "transfer-encoding" in seen.headers) == (str(len(seen.body)), False)
    if image is HOUSE:
        assert seen.json == {"url": HOUSE}
        assert seen.headers["content-type"] == "application/json; charset=utf-8"
    else:
        assert seen.body == PICTURE
        assert seen.headers["content-type"] == "application/octet-stream"
    assert result.meta.sources == (("address",) if image is HOUSE else ("bytes",))
    assert result.meta.usage.measure == "images"


def test_crop_hints_over_the_wire(ask: Ask) -> None:
    hint = {"areaOfInterest": {"x": 6, "y": 0, "w": 30, "h": 50}, "requestId": "id-1"}
    with loopback(Answer(200, hint)) as server:
        result = ask(azure(server), lambda ai: ai.vision.crop_hints(PICTURE))
    assert server.seen[0].path == "/vision/v3.2/areaOfInterest?model-version=latest"
    assert result[0].box.to_pixels(60, 50) == (6, 0, 30, 50)
    # Said in the answer where no header says it.
    assert result.meta.request_id == "id-1"


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("describe-japanese-v3_1", lambda ai: ai.vision.caption(HOUSE, language="ja")),
        ("detect-one-person-v3_1", lambda ai: ai.vision.objects(HOUSE)),
        ("domain-celebrities-v3_1", lambda ai: ai.vision.celebrities(HOUSE)),
        ("ocr-german-v3_1", lambda ai: ai.vision.text(HOUSE, languages=["de"], extra={"azure": {"api": "ocr"}})),
    ],
)
def test_requests_are_those_that_were_recorded(ask: Ask, name: str, call: Any) -> None:
    found = recording(f"azure/vision/{name}")
    with loopback(answer_of(found["response"])) as server:
        ask(azure(server), call)
    line, _, query = server.seen[0].path.partition("?")
    recorded_line, _, recorded_query = found["request"]["url"].partition("?")
    assert line.replace("v3.2", "v3.1") == recorded_line.removeprefix("https://example.cognitiveservices.azure.com")
    assert set(filter(None, recorded_query.split("&"))) <= set(query.split("&"))
    assert set(server.seen[0].json) == set(found["request"]["body"])


def test_a_slash_at_the_end_of_an_address_makes_no_difference(ask: Ask) -> None:
    with loopback(everything()) as server:
        ask(Azure(key=KEY, endpoint=f"{server.address}/behind/a/gateway/"), labels)
    assert server.seen[0].path == f"/behind/a/gateway/vision/v3.2/tag?{ENGLISH}"


# --- answers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "operation", "count"),
    [
        ("analyze-adult-gore-score", "moderation", 3),
        ("analyze-categories-v3_2", "landmarks", 0),
        ("analyze-everything-v3_2", "faces", 1),
        ("analyze-everything-v3_2", "logos", 2),
        ("analyze-landmark-in-categories", "landmarks", 1),
        ("analyze-many-features-v3_1", "labels", 22),
        ("analyze-many-features-v3_1", "colors", 2),
        ("analyze-objects-with-parent", "objects", 3),
        ("analyze-tags-description-text-image", "caption", 1),
        ("analyze-waterfall-empty-landmarks", "landmarks", 0),
        ("describe-japanese-v3_1", "caption", 1),
        ("detect-one-person-v3_1", "objects", 1),
        ("domain-celebrities-v3_1", "celebrities", 1),
    ],
)
def test_recorded_answers_through_the_sdk(ask: Ask, name: str, operation: str, count: int) -> None:
    response = recording(f"azure/vision/{name}")["response"]
    with loopback(answer_of(response)) as server:
        result = ask(azure(server), lambda ai: getattr(ai.vision, operation)(PICTURE))
    assert len(result) == count
    # As it came: the SDK's models would have dropped and renamed fields.
    assert result.raw == response["body"]
    assert result.meta.model == response["body"].get("modelVersion")
    assert result.meta.api_version == "3.2"
    assert result.meta.request_id == response["body"]["requestId"]
    counted = response["headers"].get("csp-billing-usage", "")
    assert result.meta.usage.metered == {part.partition("=")[0]: 1.0 for part in counted.split(",") if part}


def test_the_old_ocr_through_the_sdk(ask: Ask) -> None:
    with loopback(recorded("ocr-german-v3_1")) as server:
        result = ask(azure(server), lambda ai: ai.vision.text(PICTURE, extra={"azure": {"api": "ocr"}}))
    (seen,) = server.seen
    assert seen.path == "/vision/v3.2/ocr?detectOrientation=true&language=unk&model-version=latest"
    assert result.text == "ACHTUNG\n"
    assert result.pages[0].lines[0].polygon is not None


def test_several_operations_in_one_call_and_one_of_its_own(ask: Ask) -> None:
    hint = {"areaOfInterest": {"x": 0, "y": 0, "w": 30, "h": 50}}
    # Read here: in the server's thread nobody would hear that the recordings are not there.
    rest = everything()

    def answer(seen: Any) -> Answer:
        return Answer(200, hint) if "areaOfInterest" in seen.path else rest

    with loopback(answer) as server:
        result = ask(azure(server), lambda ai: ai.vision.analyze(PICTURE, operations=["labels", "faces", "crop_hints"]))
    assert sorted(seen.path.partition("?")[0] for seen in server.seen) == [
        "/vision/v3.2/analyze",
        "/vision/v3.2/areaOfInterest",
    ]
    assert (len(result["labels"]), len(result["faces"]), len(result["crop_hints"])) == (5, 1, 1)
    assert result["faces"].meta.operation == "vision.faces"
    assert sorted(step.amount for step in result.meta.usage.steps) == [1, 2]


def test_a_resource_that_may_not_look_for_celebrities_still_finds_labels(ask: Ask) -> None:
    inner = {"code": "UnsupportedFeature", "message": "Missing approval for: Celebrities"}
    refused = Answer(403, {"error": {"code": "InvalidRequest", "message": "Invalid.", "innererror": inner}})
    rest = everything()

    def answer(seen: Any) -> Answer:
        return refused if "elebrities" in seen.path else rest

    with loopback(answer) as server:
        result = ask(azure(server), lambda ai: ai.vision.analyze(PICTURE, operations=["labels", "celebrities"]))
    assert len(result["labels"]) == 5
    error = result.errors["vision.celebrities"]
    assert (type(error), error.vendor_code, error.status) == (UnsupportedError, "UnsupportedFeature", 403)
    assert len(server.seen) == 3


def test_a_compressed_answer_is_unpacked(ask: Ask) -> None:
    with Compressed(Answer(200, gzip.compress(json.dumps(everything().body).encode()))) as server:
        assert len(ask(azure(server), labels)) == 5


# --- Read ------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("image", [PICTURE, HOUSE])
def test_reading_as_it_was_recorded(ask: Ask, image: Any) -> None:
    with loopback(*reading()) as server:
        result = ask(azure(server), lambda ai: ai.vision.text(image))
    submitted, *polls = server.seen
    assert (submitted.method, submitted.path) == (
        "POST",
        "/vision/v3.2/read/analyze?model-version=latest&readingOrder=basic",
    )
    assert submitted.json == {"url": HOUSE} if image is HOUSE else submitted.body == PICTURE
    operation = "/vision/v3.2/read/analyzeResults/e1e9d6c8-09cc-4962-a7a2-529be3f28652"
    # The recorded Operation-Location is on another host: neither request nor key goes there.
    assert [(seen.method, seen.path) for seen in polls] == [("GET", operation)] * 3
    assert {seen.headers["ocp-apim-subscription-key"] for seen in polls} == {KEY}
    assert result.text == "520\nWEST\nSeattle\n"
    assert result.raw["status"] == "succeeded"
    meta = result.meta
    assert (meta.model, meta.request_id) == ("2021-04-12", "09c60c50-91ef-4160-82ab-d0626c60b749")
    assert [(step.operation, step.amount) for step in meta.usage.steps] == [("read", 1)]
    # What the service counts with every request, polls among them, and what it charges for.
    assert meta.usage.metered == {"CognitiveServices.ComputerVision.Transaction": 4.0, "pages": 1}


def test_what_read_is_asked(ask: Ask) -> None:
    with loopback(*reading(recorded("read-two-pages-v3_2"))) as server:
        ask(
            azure(server),
            lambda ai: ai.vision.text(
                b"%PDF-1.7", kind="document", languages=["zh-CN"], pages=[1, 2], extra={"azure": {"api": "read"}}
            ),
        )
    assert server.seen[0].path == (
        "/vision/v3.2/read/analyze?language=zh-Hans&pages=1,2&model-version=latest&readingOrder=natural"
    )
    assert server.seen[0].body == b"%PDF-1.7"


@pytest.mark.parametrize(
    ("name", "pages", "unit", "first"),
    [
        ("read-handwriting-v3_1", 1, "pixel", "The quick brown fox jumps"),
        ("read-pdf-inches-v3_2", 1, "inch", "Dummy PDF file"),
        ("read-two-pages-v3_2", 2, "pixel", "Our greatest glory is not"),
    ],
)
def test_recorded_pages_through_the_sdk(ask: Ask, name: str, pages: int, unit: str, first: str) -> None:
    answer = recorded(name)
    with loopback(*reading(answer)) as server:
        result = ask(azure(server), text)
    assert (len(result), result[0].unit, result.lines[0].text) == (pages, unit, first)
    assert result.raw == answer.body
    assert result.meta.usage.metered["pages"] == pages


@pytest.mark.usefixtures("hurried")
def test_a_poll_that_is_too_early_is_sent_again_and_nothing_is_submitted_twice(ask: Ask) -> None:
    submitted, running, _, done = reading()
    busy = recorded("error-429-on-read-poll")
    with loopback(submitted, running, busy, busy, done) as server:
        result = ask(azure(server), text, retry=QUICK)
    assert [seen.method for seen in server.seen] == ["POST", "GET", "GET", "GET", "GET"]
    assert result.meta.attempts == 5
    with loopback(submitted, busy) as server, pytest.raises(RateLimitedError):
        ask(azure(server), text, retry=Retry(attempts=2, first_wait=0.001, max_wait=0.001))
    assert [seen.method for seen in server.seen] == ["POST", "GET", "GET"]


def test_a_reading_that_failed(ask: Ask) -> None:
    failed = Answer(200, {"status": "failed", "createdDateTime": "2021-03-24T06:44:48Z"})
    with loopback(*reading(failed)) as server, pytest.raises(JobFailedError, match="failed") as caught:
        ask(azure(server), text, retry=QUICK)
    assert (caught.value.raw, len(server.seen)) == (failed.body, 2)


@pytest.mark.parametrize(
    "location", [None, "https://elsewhere.example/", "https://elsewhere.example/vision/v3.2/read/analyzeResults/a%2Fb"]
)
def test_a_location_that_names_no_operation(ask: Ask, location: str | None) -> None:
    headers = {} if location is None else {"Operation-Location": location}
    with loopback(Answer(202, None, headers)) as server, pytest.raises(InvalidResponseError):
        ask(azure(server), text, retry=QUICK)
    assert len(server.seen) == 1


def test_an_operation_location_on_another_host_gets_nothing(ask: Ask) -> None:
    with loopback(Answer(200, {})) as stranger:
        location = {"OPERATION-LOCATION": f"{stranger.address}/vision/v3.2/read/analyzeResults/abc-1"}
        with loopback(Answer(202, None, location), reading()[-1]) as server:
            assert ask(azure(server), text).text
        assert server.seen[1].path == "/vision/v3.2/read/analyzeResults/abc-1"
        assert stranger.seen == []


# --- errors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", [labels, text, lambda ai: ai.vision.analyze(PICTURE, operations=["labels", "faces"])])
@pytest.mark.parametrize(
    ("name", "expected", "code", "status"),
    [
        ("error-400-image-url-not-accessible", InvalidRequestError, "InvalidImageUrl", 400),
        ("error-401-bad-key", AuthenticationError, "401", 401),
        ("error-429-on-read-poll", RateLimitedError, "429", 429),
    ],
)
def test_recorded_errors(ask: Ask, name: str, expected: Any, code: str, status: int, call: Any) -> None:
    response = recording(f"azure/vision/{name}")["response"]
    error = failing(ask, answer_of(response), call)
    assert type(error) is expected
    assert (error.vendor_code, error.status, error.raw) == (code, status, response["body"])
    assert error.request_id == response["headers"].get("apim-request-id")


def inner(code: str, outer: str = "InvalidRequest") -> dict[str, Any]:
    said = {"code": code, "message": "So it is."}
    return {"error": {"code": outer, "message": "Invalid.", "innererror": said}}


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, inner("InvalidImageFormat"), UnsupportedFormatError),
        (415, inner("UnsupportedMediaType"), UnsupportedFormatError),
        (400, inner("InvalidImageSize"), InputTooLargeError),
        (400, inner("InvalidImageDimension"), InputTooLargeError),
        (400, inner("InvalidImageUrl", "InvalidArgument"), InvalidRequestError),
        (400, inner("NotSupportedImage"), InvalidRequestError),
        (400, inner("BadArgument"), InvalidRequestError),
        (400, inner("SomethingNew"), InvalidRequestError),
        (400, inner("NotSupportedLanguage"), UnsupportedLanguageError),
        (400, inner("NotSupportedVisualFeature"), UnsupportedError),
        (400, inner("NotSupportedFeature"), UnsupportedError),
        (400, inner("InvalidModel"), UnsupportedError),
        (403, inner("UnsupportedFeature"), UnsupportedError),
        (500, inner("FailedToProcess", "InternalServerError"), ServiceUnavailableError),
        (500, inner("Timeout", "InternalServerError"), TimeoutError),
        (500, inner("Unspecified", "InternalServerError"), ServiceUnavailableError),
        # As the SDK's ComputerVisionOcrError has it: nothing around it.
        (400, {"code": "InvalidImageSize", "message": "So it is.", "requestId": "x"}, InputTooLargeError),
        (400, {"code": "NotSupportedLanguage", "message": "So it is."}, UnsupportedLanguageError),
    ],
)
def test_errors_by_code(ask: Ask, status: int, body: dict[str, Any], expected: Any) -> None:
    for call in (labels, text):
        error = failing(ask, Answer(status, body, {"apim-request-id": "id-9"}), call)
        assert type(error) is expected
        assert (error.message, error.status, error.request_id, error.raw) == ("So it is.", status, "id-9", body)


@pytest.mark.parametrize("call", [labels, text])
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(403, {"error": {"code": "403", "message": "No."}}, {"retry-after": "1296000"}), QuotaExceededError),
        (Answer(403, {"error": {"code": "403", "message": "Access denied: virtual network."}}), PermissionDeniedError),
        (Answer(404, {"error": {"code": "404", "message": "Resource not found"}}), InvalidRequestError),
        (Answer(413, "too much"), InputTooLargeError),
        (Answer(429, ""), RateLimitedError),
        (Answer(502, b"<html>", {"content-type": "application/json"}), ServiceUnavailableError),
        (Answer(503, "<html>", {"content-type": "text/html"}), ServiceUnavailableError),
        (Answer(504, {"error": "gateway"}), TimeoutError),
        (Answer(400, {"error": None}), InvalidRequestError),
        (Answer(400, {}), InvalidRequestError),
        (Answer(400, []), InvalidRequestError),
        (Answer(400, {"error": {"code": 400, "message": None}}), InvalidRequestError),
        (Answer(401, {"statusCode": 401, "message": "Access denied."}), AuthenticationError),
    ],
)
def test_errors_by_status(ask: Ask, answer: Answer, expected: Any, call: Any) -> None:
    error = failing(ask, answer, call)
    assert type(error) is expected
    assert error.status == answer.status
    assert error.message


def test_a_429_is_retried_as_it_asks_and_by_nobody_else(ask: Ask) -> None:
    busy = Answer(429, {"error": {"code": "429", "message": "Later."}}, {"retry-after": "12"})
    with loopback(busy) as server, pytest.raises(RateLimitedError) as caught:
        ask(azure(server), labels, retry=Retry(attempts=3, max_retry_after=0.5))
    assert (caught.value.retry_after, len(server.seen)) == (12.0, 1)
    busy.headers = {"retry-after": "0"}
    with loopback(busy, busy, everything()) as server:
        result = ask(azure(server), labels, retry=QUICK)
    assert (len(server.seen), result.meta.attempts) == (3, 3)


def test_an_unavailable_service_is_asked_once_for_each_attempt(ask: Ask) -> None:
    with loopback(Answer(503, {})) as server, pytest.raises(ServiceUnavailableError):
        ask(azure(server), labels, retry=Retry(attempts=2, first_wait=0.001, max_wait=0.001))
    assert len(server.seen) == 2


def test_what_a_refused_request_cost_is_still_metered() -> None:
    from cloudai.ports import Failure, Step

    step = Step(service="vision", operation="tag_image", params={"url": HOUSE})
    with loopback(recorded("error-400-image-url-not-accessible")) as server:
        link = connect(azure(server), "vision", asynchronous=False)
        with pytest.raises(Failure) as caught:
            link.invoke(step, 5.0)
        link.close()
    assert caught.value.metered == {"CognitiveServices.ComputerVision.Transaction": 1.0}


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, b"", {}),
        Answer(200, b'{"tags": [{"name": "per', {}),
        Answer(200, b"\xff\xfe\x00", {}),
        Answer(200, "<html>please sign in</html>", {"content-type": "text/html"}),
        Answer(200, "<html>please sign in</html>", {"content-type": "text/xml"}),
        Answer(200, [], {}),
        Answer(200, b"null", {}),
        Answer(200, {"tags": None}),
        Answer(200, {"tags": [{"name": "person"}]}),
        Answer(202, None),
        Answer(204, None),
        Answer(302, None, {"location": "/elsewhere"}),
    ],
)
def test_what_is_no_answer(ask: Ask, answer: Answer) -> None:
    error = failing(ask, answer)
    assert type(error) is InvalidResponseError
    if isinstance(answer.body, str | dict | list):
        assert error.raw == answer.body


def test_a_read_that_is_answered_at_once_is_no_answer(ask: Ask) -> None:
    error = failing(ask, Answer(200, {"status": "succeeded"}), text)
    assert (type(error), error.status) == (InvalidResponseError, 200)


def test_json_under_another_name_is_json_all_the_same(ask: Ask) -> None:
    with loopback(Answer(200, json.dumps(everything().body))) as server:
        assert len(ask(azure(server), labels)) == 5


# --- pictures --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("image", "call", "expected", "message"),
    [
        (encoded("PNG", (1, 1)), "labels", InvalidRequestError, "50 a side at least"),
        (encoded("PNG", (49, 100)), "text", InvalidRequestError, "50 a side at least"),
        (encoded("PNG", (20_000, 50)), "labels", InputTooLargeError, "16,000 a side at most"),
        (encoded("PNG", (12_000, 50)), "text", InputTooLargeError, "10,000 a side at most"),
        (encoded("PNG") + b"\0" * 4_200_000, "objects", InputTooLargeError, "4,194,304 at most"),
        (encoded("TIFF"), "labels", UnsupportedFormatError, "does not take tiff for vision.labels"),
        (encoded("GIF"), "text", UnsupportedFormatError, "does not take gif for vision.text"),
        (encoded("WEBP"), "faces", UnsupportedFormatError, "does not take webp"),
        (b"%PDF-1.7", "labels", UnsupportedFormatError, "does not take pdf"),
        (b"words, not a picture", "labels", UnsupportedFormatError, "no picture that is known"),
    ],
)
def test_a_picture_that_does_not_fit_is_refused_before_it_is_sent(
    ask: Ask, image: bytes, call: str, expected: Any, message: str
) -> None:
    with loopback(everything()) as server:
        with pytest.raises(expected, match=message):
            ask(azure(server), lambda ai: getattr(ai.vision, call)(image))
        assert server.seen == []


def test_a_picture_is_made_to_fit_when_asked(ask: Ask) -> None:
    with loopback(everything()) as server:
        ask(azure(server), lambda ai: ai.vision.labels(encoded("WEBP"), fit=True))
    assert server.seen[0].body.startswith((b"\xff\xd8", b"\x89PNG"))


def test_a_picture_is_sent_upright(ask: Ask) -> None:
    exif = pillow.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    pillow.new("RGB", (100, 60), "red").save(buffer, "JPEG", exif=exif)
    answer = everything()
    del answer.body["metadata"]
    with loopback(answer) as server:
        (found,) = ask(azure(server), lambda ai: ai.vision.objects(buffer.getvalue()))
    assert pillow.open(io.BytesIO(server.seen[0].body)).size == (60, 100)
    assert found.box.to_pixels(60, 100) == (0, 0, 50, 50)


# --- wires -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", [labels, text])
def test_an_answer_that_is_cut_short_is_kept_as_far_as_it_came(ask: Ask, call: Any) -> None:
    whole = b'{"tags": [{"name": "person", "confidence": 0.98}]}'
    status = 202 if call is text else 200
    error = failing(ask, Answer(status, whole, {"apim-request-id": "id-4"}, cut=True), call)
    assert type(error) is InvalidResponseError
    assert error.raw == whole[: len(whole) // 2].decode()
    assert (error.status, error.request_id) == (status, "id-4")


def test_an_error_that_is_cut_short_is_still_an_error(ask: Ask) -> None:
    error = failing(ask, Answer(503, b'{"error": {"code": "ServiceUnavailable"}}', cut=True))
    assert type(error) is ServiceUnavailableError


def test_content_that_cannot_be_unpacked_is_no_answer(ask: Ask) -> None:
    with Compressed(Answer(200, b"not compressed at all")) as server, pytest.raises(InvalidResponseError):
        ask(azure(server), labels, retry=ONCE)


def test_an_answer_may_come_in_chunks(ask: Ask) -> None:
    content = json.dumps(everything().body).encode()
    pieces = [CHUNKED + chunk(content[:100]), chunk(content[100:]) + b"0\r\n\r\n"]
    with Raw(*pieces, pause=0.02, close=False) as server:
        assert len(ask(azure(server), labels)) == 5


def test_nobody_is_there(ask: Ask) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(ConnectionFailedError) as caught:
            ask(Azure(key=KEY, endpoint=address), labels, retry=ONCE)
    assert KEY not in str(caught.value)


def test_nothing_is_answered_in_time(ask: Ask) -> None:
    with loopback(Answer(200, {}, delay=1.0)) as server, pytest.raises(TimeoutError):
        ask(azure(server), labels, retry=ONCE, timeout=0.15)


def test_a_body_that_stops_is_a_timeout(ask: Ask) -> None:
    stopping = Raw(HEAD + b'content-length: 100\r\n\r\n{"tags"', pause=0.6)
    with stopping as server, pytest.raises(TimeoutError):
        ask(azure(server), labels, retry=ONCE, timeout=0.15)


def test_a_body_that_drips_is_a_timeout(ask: Ask) -> None:
    dripping = Raw(HEAD + b"content-length: 100\r\n\r\n", *[b" "] * 30, pause=0.05)
    with dripping as server, pytest.raises(TimeoutError):
        ask(azure(server), labels, retry=ONCE, timeout=0.2)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("call", [labels, text])
def test_no_redirect_is_followed(ask: Ask, status: int, call: Any) -> None:
    with loopback(everything()) as stranger:
        failing(ask, Answer(status, None, {"location": f"{stranger.address}/elsewhere"}), call)
        assert stranger.seen == []


def test_a_proxy_is_used_and_its_password_kept(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with loopback(everything()) as proxy:
        address = proxy.address.replace("http://", "http://user:hunter2@")
        assert len(ask(Azure(key=KEY, endpoint="http://vision.example", proxy=address), labels)) == 5
    assert proxy.seen[0].path == f"http://vision.example/vision/v3.2/tag?{ENGLISH}"
    assert proxy.seen[0].headers["proxy-authorization"].startswith("Basic ")
    assert "hunter2" not in caplog.text


@pytest.mark.parametrize("proxy", ["http://user:hunter2@", "http://user:hunter2@host:port"])
def test_a_proxy_that_cannot_be_used_is_told_without_its_password(ask: Ask, proxy: str) -> None:
    with pytest.raises(ConfigurationError, match="http://host:port") as caught:
        ask(Azure(key=KEY, endpoint="http://x.example", proxy=proxy), labels, retry=ONCE)
    assert "hunter2" not in str(caught.value)


def test_a_proxy_of_the_environment_is_used(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    with loopback(everything()) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.address)
        assert len(ask(Azure(key=KEY, endpoint="http://vision.example"), labels)) == 5


def test_certificates_that_cannot_be_read_are_named(ask: Ask, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    for path in (tmp_path / "missing.pem", empty):
        with pytest.raises(ConfigurationError, match="ca_bundle"):
            ask(Azure(key=KEY, endpoint="https://x.example", ca_bundle=str(path)), labels, retry=ONCE)


# --- tokens, connections, logs ---------------------------------------------------------------------------------------


def thrice(call: Callable[[Any], Any]) -> Callable[[Any], Any]:
    async def later(ai: Any) -> Any:
        return [await call(ai) for _ in range(3)]

    return lambda ai: later(ai) if isinstance(ai, AsyncCloudAI) else [call(ai) for _ in range(3)]


def test_a_token_is_fetched_once_and_no_netrc_is_written_over_it(
    ask: Ask,
    certificate: Path,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    credential = Credential()
    with secure(certificate, everything()) as server:
        ask(Azure(credential=credential, endpoint=server.address, ca_bundle=str(certificate)), thrice(labels))
    assert [seen.headers["authorization"] for seen in server.seen] == [f"Bearer {TOKEN}"] * 3
    assert "ocp-apim-subscription-key" not in server.seen[0].headers
    assert credential.asked == ["https://cognitiveservices.azure.com/.default"]
    assert not credential.closed
    assert server.connections == 1


def test_a_credential_of_the_event_loop(ask: Ask, certificate: Path) -> None:  # noqa: F811
    with secure(certificate, everything()) as server:
        settings = Azure(credential=AsyncCredential(), endpoint=server.address, ca_bundle=str(certificate))
        if ask.colour != "asyncio":  # type: ignore[attr-defined]
            with pytest.raises(ConfigurationError, match="asyncio only"):
                ask(settings, labels)
            return
        assert len(ask(settings, labels)) == 5


def test_certificates_are_verified(ask: Ask, certificate: Path) -> None:  # noqa: F811
    with secure(certificate, everything()) as server, pytest.raises(ConnectionFailedError, match="CERTIFICATE"):
        ask(Azure(key=KEY, endpoint=server.address), labels, retry=ONCE)


def test_a_token_does_not_travel_in_the_clear(ask: Ask) -> None:
    with pytest.raises(ConfigurationError, match="https://"):
        ask(Azure(credential=Credential(), endpoint="http://127.0.0.1:9"), labels, retry=ONCE)


def test_a_token_that_is_not_given_is_an_error(ask: Ask) -> None:
    from azure.core.exceptions import ClientAuthenticationError, ServiceRequestError

    refused = Credential(error=ClientAuthenticationError("nobody signed in"))
    with pytest.raises(ConfigurationError, match="nobody signed in"):
        ask(Azure(credential=refused, endpoint="https://127.0.0.1:9"), labels, retry=ONCE)
    offline = Credential(error=ServiceRequestError("no such host"))
    with pytest.raises(ConnectionFailedError, match="no such host"):
        ask(Azure(credential=offline, endpoint="https://127.0.0.1:9"), labels, retry=ONCE)


@pytest.mark.parametrize("prefix", ["AZURE_AI_SERVICES", "AZURE_AI", "AZURE_COMPUTER_VISION", "VISION", "AZURE_VISION"])
def test_the_environment_is_asked_for_key_and_endpoint(prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VISION_KEY", "VISION_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AZURE_AI_SERVICES_KEY", "last")
    monkeypatch.setenv(f"{prefix}_KEY", f"key of {prefix}")
    monkeypatch.setenv(f"{prefix}_ENDPOINT", f"https://{prefix}.example/")
    assert key_of(Azure(), "vision") == f"key of {prefix}"
    assert endpoint_of(Azure(), "vision") == f"https://{prefix}.example"


def test_a_missing_endpoint_names_what_to_set(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISION_ENDPOINT", raising=False)
    with pytest.raises(ConfigurationError, match=r"'vision'.*AZURE_VISION_ENDPOINT.*AZURE_AI_ENDPOINT"):
        ask(Azure(key=KEY), labels)


def test_an_endpoint_and_a_key_of_its_own(ask: Ask) -> None:
    with loopback(everything()) as server:
        own = Azure(endpoint="http://127.0.0.1:9", endpoints={"vision": server.address}, keys={"vision": KEY}, key="x")
        ask(own, labels)
    assert server.seen[0].headers["ocp-apim-subscription-key"] == KEY


def test_threads_share_the_connections_that_they_need(caplog: pytest.LogCaptureFixture) -> None:
    slow = everything()
    slow.delay = 0.03
    with counting(slow) as server, CloudAI(azure(server)) as ai:
        for _ in range(2):
            outcomes = list(ai.run_many([LabelsRequest(image=Image.of(PICTURE))] * 12, concurrency=12))
            assert all(item.ok for item in outcomes)
    assert server.connections <= 12
    assert "discarding" not in caplog.text


def test_closing_leaves_nothing_open(ask: Ask) -> None:
    kept: list[Any] = []

    def keep(ai: Any) -> Any:
        answered = labels(ai)
        kept.extend(ai._members[0].links.values())
        return answered

    async def keep_later(ai: Any) -> None:
        await labels(ai)
        kept.extend(ai._members[0].links.values())

    gc.collect()
    with counting(everything()) as server, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        ask(azure(server), lambda ai: keep_later(ai) if isinstance(ai, AsyncCloudAI) else keep(ai))
        assert kept
        assert server.all_closed()
        kept.clear()
        gc.collect()
    assert [str(item.message) for item in caught if issubclass(item.category, ResourceWarning)] == []


def test_making_a_link_touches_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for settings in (Azure(key=KEY, endpoint="https://x.example"), Azure(endpoint="https://x.example")):
        for asynchronous in (False, True):
            link = connect(settings, "vision", asynchronous=asynchronous)
            assert link.threaded
            assert link.close() is None


def test_nothing_is_logged_that_was_sent_or_answered(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with loopback(everything()) as server:
        ask(azure(server), lambda ai: ai.vision.labels(HOUSE))
        with pytest.raises(CloudAIError):
            ask(Azure(key=KEY, endpoint=server.address), lambda ai: ai.vision.crop_hints(HOUSE), retry=ONCE)
    refused = Answer(400, inner("InvalidImageUrl"))
    refused.body["error"]["innererror"]["message"] = f"{HOUSE} is not accessible."
    with loopback(refused) as server, pytest.raises(InvalidRequestError):
        ask(azure(server), lambda ai: ai.vision.labels(HOUSE), retry=ONCE)
    assert caplog.records
    for secret in (KEY, HOUSE, "pangolin"):
        assert secret not in caplog.text


def test_nothing_loads_the_sdk_before_the_first_step() -> None:
    import subprocess

    program = (
        "import sys, cloudai.providers.azure.vision; from cloudai.providers.azure.connect import connect;"
        " from cloudai import Azure; connect(Azure(key='k', endpoint='https://x'), 'vision', asynchronous=True);"
        " print([name for name in sys.modules if name.partition('.')[0] in ('msrest', 'requests', 'httpx')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_cancelled_call_does_not_hold_up_the_loop() -> None:
    import anyio

    slow = everything()
    slow.delay = 0.5

    async def main() -> float:
        with loopback(slow) as server:
            async with AsyncCloudAI(azure(server)) as ai:
                await ai.vision.labels(HOUSE)
                began = anyio.current_time()
                with anyio.move_on_after(0.05):
                    await ai.vision.labels(HOUSE)
                return anyio.current_time() - began

    assert anyio.run(main) < 0.4
    assert threading.active_count() < 50
