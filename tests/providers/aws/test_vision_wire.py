"""Vision over the wire: what comes back, and which pictures go out, through real boto3 in every colour."""

from __future__ import annotations

import base64
import io
import struct
from collections.abc import Callable
from typing import Any

import pytest

from cloudai import errors
from cloudai.settings import Fetch
from tests.providers.aws.test_vision_documents import pdf
from tests.providers.aws.wire import ONCE, Ask, settings
from tests.support import Answer, Loopback, Seen, answer_of, loopback, recording

MEGABYTE = 1_048_576
BUCKET = "own-bucket"
LABELS = {"Labels": [{"Name": "Cup", "Confidence": 100, "Instances": [], "Parents": []}], "LabelModelVersion": "3.0"}
PAGE = {"DocumentMetadata": {"Pages": 1}, "Blocks": [], "DetectDocumentTextModelVersion": "1.0"}


def png(width: int = 100, height: int = 100, *, length: int = 0) -> bytes:
    """As much of a PNG as says its size, and then nothing up to a length."""
    header = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + bytes(9)
    return header.ljust(length, b"\0")


def service(*bodies: Any, **s3: Answer) -> Callable[[Seen], Answer]:
    """Answers of S3 by method, and of the other services from a list."""
    left = list(bodies)

    def answer(seen: Seen) -> Answer:
        if "x-amz-target" in seen.headers:
            found = left.pop(0)
            return found if isinstance(found, Answer) else Answer(body=found)
        return s3.get(seen.method, Answer(200 if seen.method == "PUT" else 204, b""))

    return answer


def sent(server: Loopback) -> list[str]:
    """What was asked, in order: methods to S3, operations of the others."""
    return [seen.headers.get("x-amz-target", seen.method).rpartition(".")[2] for seen in server.seen]


# --- recordings ---


@pytest.mark.parametrize(
    ("name", "call", "count"),
    [
        ("rekognition/detect-labels-room-few-instances", lambda ai: ai.vision.labels(png()), 22),
        ("rekognition/detect-labels-minimal-2016-shape", lambda ai: ai.vision.labels(png()), 2),
        ("rekognition/detect-labels-image-properties-two-people", lambda ai: ai.vision.colors(png()), 2),
        ("rekognition/detect-labels-room-few-instances", lambda ai: ai.vision.objects(png()), 6),
        ("rekognition/detect-faces-all-attributes", lambda ai: ai.vision.faces(png()), 1),
        ("rekognition/detect-faces-all-attributes-recorded", lambda ai: ai.vision.faces(png()), 1),
        ("rekognition/detect-text-lines-and-words", lambda ai: ai.vision.text(png()), 1),
        ("rekognition/detect-moderation-labels-violence-recorded", lambda ai: ai.vision.moderation(png()), 2),
        ("rekognition/recognize-celebrities-with-unrecognized", lambda ai: ai.vision.celebrities(png()), 1),
        ("rekognition/compare-faces-match-and-unmatched", lambda ai: ai.vision.compare_faces(png(), png()), 1),
        ("rekognition/compare-faces-similarity-100-recorded", lambda ai: ai.vision.compare_faces(png(), png()), 1),
        ("rekognition/detect-protective-equipment-summary", lambda ai: ai.vision.protective_equipment(png()), 1),
        ("textract/detect-document-text-form-page", lambda ai: ai.vision.text(png(), kind="document"), 1),
        ("textract/analyze-document-rotated-25-degrees", lambda ai: ai.vision.text(png(), kind="document"), 1),
    ],
)
def test_recordings_come_through_boto3_as_they_are(ask: Ask, name: str, call: Callable[[Any], Any], count: int) -> None:
    exchange = recording(f"aws/{name}")
    with loopback(answer_of(exchange["response"])) as server:
        result = ask(settings(server), call)
    assert len(result) == count
    assert result.raw == exchange["response"]["body"]
    assert result.meta.request_id == exchange["response"].get("headers", {}).get("x-amzn-requestid")
    assert result.meta.region == "eu-west-1"
    assert [step.amount for step in result.meta.usage.steps] == [1]
    assert type(result).from_dict(result.to_dict()) == result


@pytest.mark.parametrize("name", ["get-document-text-detection-two-pages", "get-document-analysis-null-members"])
def test_recordings_of_jobs_come_through_boto3_as_they_are(ask: Ask, name: str) -> None:
    body = recording(f"aws/textract/{name}")["response"]["body"]
    with loopback(service({"JobId": "j-1"}, body)) as server:
        result = ask(settings(server), lambda ai: ai.vision.text("s3://papers/a.pdf"))
    assert sent(server) == ["StartDocumentTextDetection", "GetDocumentTextDetection"]
    assert result.raw == body
    assert len(result) == body["DocumentMetadata"]["Pages"] == result.meta.usage.metered["Pages"]
    assert result.meta.sources == ("address",)


def test_parts_of_an_answer_are_fetched_one_by_one(ask: Ask) -> None:
    done = {**PAGE, "JobStatus": "SUCCEEDED"}
    with loopback(service({"JobId": "j-1"}, {**done, "NextToken": "2"}, done)) as server:
        result = ask(settings(server), lambda ai: ai.vision.text("s3://papers/a.pdf"))
    assert server.seen[-1].json == {"JobId": "j-1", "NextToken": "2"}
    assert len(result.raw) == 2


# --- errors ---


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("rekognition/error-access-denied-is-http-400", errors.PermissionDeniedError),
        ("rekognition/error-invalid-image-format-400", errors.UnsupportedFormatError),
        ("textract/error-throttling-slow-down-400", errors.RateLimitedError),
        ("textract/error-provisioned-throughput-wire-body", errors.RateLimitedError),
    ],
)
def test_recorded_errors_are_of_the_right_class(ask: Ask, name: str, expected: type[Exception]) -> None:
    response = recording(f"aws/{name}")["response"]
    said = response.get("sdk_error") or {}
    body = response["body"] or {"__type": said["Code"], "message": said["Message"]}
    with loopback(Answer(response["status"], body)) as server, pytest.raises(expected) as caught:
        ask(settings(server), lambda ai: ai.vision.labels(png()), retry=ONCE)
    assert type(caught.value) is expected


@pytest.mark.parametrize("body", [{"FaceDetails": None}, {}, {"FaceDetails": "none"}, b"<html>", b'{"FaceDetails": ['])
def test_an_answer_of_another_shape_is_an_error_that_keeps_it(ask: Ask, body: Any) -> None:
    with loopback(Answer(body=body)) as server, pytest.raises(errors.InvalidResponseError) as caught:
        ask(settings(server), lambda ai: ai.vision.faces(png()), retry=ONCE)
    assert caught.value.raw == (body.decode() if isinstance(body, bytes) else body)


# --- pictures that are refused, turned or fetched ---


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda ai: ai.vision.labels(png(length=5 * MEGABYTE + 1)),
            r"5,242,881 bytes.*5,242,880 at most.*fit=True.*, or name an S3 bucket in AWS\(bucket=\.\.\.\).*15,728,640",
        ),
        (
            lambda ai: ai.vision.protective_equipment(png(length=4 * MEGABYTE + 1)),
            "4,194,304 at most for vision.protective_equipment: say fit=True",
        ),
        (lambda ai: ai.vision.text(png(length=10 * MEGABYTE + 1), kind="document"), "10,485,760 at most.*fit=True"),
        (
            lambda ai: ai.vision.text(b"%PDF-1.7".ljust(10 * MEGABYTE + 1)),
            r"10,485,760 at most for vision.text: name an S3 bucket",
        ),
        (lambda ai: ai.vision.labels(png(79, 100)), "80 a side at least"),
        (lambda ai: ai.vision.labels(png(10_001, 100)), "10,000 a side at most"),
        (lambda ai: ai.vision.analyze(png(10_001, 100), operations=["moderation"]), "10,000 a side at most"),
        (lambda ai: ai.vision.protective_equipment(png(63, 100)), "64 a side at least"),
        (lambda ai: ai.vision.text(b"%PDF-1.7", kind="scene"), "does not take pdf for vision.text, but jpeg, png"),
        (lambda ai: ai.vision.labels(b"%PDF-1.7"), "does not take pdf"),
    ],
)
def test_what_rekognition_and_textract_do_not_take_is_refused_before_sending(
    ask: Ask, call: Callable[[Any], Any], message: str
) -> None:
    with loopback() as server:
        with pytest.raises(errors.InvalidRequestError, match=message):
            ask(settings(server), call)
        assert server.seen == []


def test_with_a_bucket_more_is_taken_but_not_all(ask: Ask) -> None:
    with loopback() as server, pytest.raises(errors.InputTooLargeError, match=r"15,728,640 at most.*or converted$"):
        ask(settings(server, bucket=BUCKET), lambda ai: ai.vision.labels(png(length=15 * MEGABYTE + 1)))


def test_faces_may_be_sought_on_a_picture_of_any_width(ask: Ask) -> None:
    with loopback(Answer(body={"FaceDetails": []})) as server:
        assert len(ask(settings(server), lambda ai: ai.vision.faces(png(20_000, 100)))) == 0
        assert ask(settings(server), lambda ai: ai.vision.analyze(png(20_000, 100), operations=["faces"])).errors == {}


def test_a_picture_turned_by_exif_goes_to_rekognition_as_it_is_and_to_textract_upright(ask: Ask) -> None:
    pillow = pytest.importorskip("PIL.Image", reason="needs cloudai[images]")
    exif, buffer = pillow.Exif(), io.BytesIO()
    exif[0x0112] = 6
    pillow.new("RGB", (200, 100), "red").save(buffer, "JPEG", exif=exif)
    with loopback(Answer(body={"TextDetections": []})) as server:
        (page,) = ask(settings(server), lambda ai: ai.vision.text(buffer.getvalue()))
    assert base64.b64decode(server.seen[0].json["Image"]["Bytes"]) == buffer.getvalue()
    # The size is that of the picture as it is seen.
    assert (page.width, page.height) == (100, 200)
    with loopback(Answer(body=PAGE)) as server:
        ask(settings(server), lambda ai: ai.vision.text(buffer.getvalue(), kind="document"))
    upright = pillow.open(io.BytesIO(base64.b64decode(server.seen[0].json["Document"]["Bytes"])))
    assert upright.size == (100, 200)


def test_an_address_of_a_document_is_fetched_and_then_seen_to_be_one(ask: Ask) -> None:
    document = pdf(1).data
    with loopback(Answer(body=document)) as web, loopback(Answer(body=PAGE)) as server:
        address = f"{web.address}/paper"
        result = ask(settings(server), lambda ai: ai.vision.text(address), fetch=Fetch(allow_private=True))
    assert sent(server) == ["DetectDocumentText"]
    assert result.meta.sources == ("fetched",)


def test_a_tiff_of_several_pages_is_never_made_into_a_picture_of_one(ask: Ask) -> None:
    pillow = pytest.importorskip("PIL.Image", reason="needs cloudai[images]")
    buffer = io.BytesIO()
    pages = [pillow.new("1", (100, 100)) for _ in range(2)]
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:])
    data = buffer.getvalue().ljust(10 * MEGABYTE + 1, b"\0")
    with loopback() as server, pytest.raises(errors.InputTooLargeError, match="several pages cannot be shrunk"):
        ask(settings(server), lambda ai: ai.vision.text(data, fit=True))
    buffer = io.BytesIO()
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:], tiffinfo={0x0112: 6})
    done = {**PAGE, "JobStatus": "SUCCEEDED"}
    with loopback(service({"JobId": "j-1"}, done)) as server:
        ask(settings(server, bucket=BUCKET), lambda ai: ai.vision.text(buffer.getvalue()))
    assert server.seen[0].body == buffer.getvalue()
