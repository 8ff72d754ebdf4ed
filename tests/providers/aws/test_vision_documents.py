"""Documents through Textract: pages at once and as jobs, and how blocks become pages."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from cloudai.errors import InputTooLargeError, JobFailedError, RateLimitedError, UnsupportedFormatError
from cloudai.operations.vision import TextResult
from cloudai.ports import Reply, Step
from cloudai.providers.aws import vision
from cloudai.providers.aws.documents import page_count
from cloudai.types.media import Image
from tests.providers.aws.test_vision import PICTURE, STORED, accepted, port
from tests.providers.aws.test_vision_shapes import CORNERS
from tests.support import ScriptedPort, adapt, recording

SHEET = replace(PICTURE, width=850, height=1100)
EMPTY = {"DocumentMetadata": {"Pages": 1}, "Blocks": []}
JOB = {"JobId": "270c1e5c"}
RUNNING = {"JobStatus": "IN_PROGRESS"}
DONE = {**EMPTY, "JobStatus": "SUCCEEDED"}


def pdf(pages: int, *, hidden: bool = False) -> Image:
    """As much of a PDF as says how many pages it has."""
    body = b"".join(b"%d 0 obj << /Type /Page /Parent 1 0 R >> endobj\n" % number for number in range(2, pages + 2))
    packed = b"<< /Type /ObjStm /N 3 >>" if hidden else b""
    return Image(data=b"%PDF-1.7\n1 0 obj << /Type /Pages >> endobj\n" + body + packed, format="pdf", name="a.pdf")


def tiff(pages: int) -> Image:
    """A TIFF of empty directories."""
    data = struct.pack("<2sHI", b"II", 42, 8)
    for number in range(pages):
        following = 0 if number == pages - 1 else len(data) + 6
        data += struct.pack("<HI", 0, following)
    return Image(data=data, format="tiff", name="a.tif")


def block(kind: str, key: str, text: str | None = None, *children: str, **more: Any) -> dict[str, Any]:
    found = {"BlockType": kind, "Id": key, "Geometry": {"Polygon": CORNERS}, **more}
    if text is not None:
        found |= {"Text": text, "Confidence": 99}
    if children:
        found["Relationships"] = [{"Type": "CHILD", "Ids": list(children)}]
    return found


def read(blocks: Sequence[dict[str, Any]], **options: Any) -> TextResult:
    body = {"DocumentMetadata": {"Pages": 1}, "Blocks": list(blocks)}
    return adapt(vision.text, port(body), PICTURE, kind="document", **options)


def operations(scripted: ScriptedPort) -> list[str]:
    for step in scripted.steps:
        accepted(step)
    return [step.operation for step in scripted.steps]


# --- which way ---


@pytest.mark.parametrize(
    ("image", "kind", "place"),
    [
        (PICTURE, "document", {"Bytes": PICTURE.data}),
        (STORED, "document", {"S3Object": {"Bucket": "photos", "Name": "2025/a photo?.jpg"}}),
        (pdf(1), None, {"Bytes": pdf(1).data}),
        (tiff(1), None, {"Bytes": tiff(1).data}),
    ],
)
def test_a_page_is_read_at_once(image: Image, kind: Any, place: dict[str, Any]) -> None:
    scripted = port({**EMPTY, "DetectDocumentTextModelVersion": "1.0"})
    adapt(vision.text, scripted, image, kind=kind)
    (step,) = scripted.steps
    assert step == Step(
        service="textract",
        operation="DetectDocumentText",
        params={"Document": place},
        amount=1,
        api_version="2018-06-27",
    )
    accepted(step)
    assert (scripted.model, scripted.metered) == ("1.0", {"Pages": 1})


@pytest.mark.parametrize(
    ("image", "stored"),
    [
        (Image.of("s3://papers/a.PDF"), {"Bucket": "papers", "Name": "a.PDF"}),
        (Image.of("s3://papers/a.tiff"), {"Bucket": "papers", "Name": "a.tiff"}),
        (Image.of("s3://papers/a.pdf?versionId=7"), {"Bucket": "papers", "Name": "a.pdf", "Version": "7"}),
    ],
)
def test_a_document_in_s3_is_read_by_a_job(image: Image, stored: dict[str, Any]) -> None:
    scripted = port(JOB, RUNNING, DONE)
    adapt(vision.text, scripted, image)
    assert operations(scripted) == [
        "StartDocumentTextDetection",
        "GetDocumentTextDetection",
        "GetDocumentTextDetection",
    ]
    start, poll, _ = scripted.steps
    assert start.params["DocumentLocation"] == {"S3Object": stored}
    # A start that is sent again is the same start.
    assert start.params["ClientRequestToken"] == f"cloudai-{1:032x}"
    assert (start.aside, start.amount) == (True, 1)
    assert (poll.params, poll.aside, poll.amount) == (JOB, False, None)


def test_a_document_in_s3_whose_name_does_not_tell_its_kind_is_read_by_a_job() -> None:
    scripted = port(JOB, DONE)
    adapt(vision.text, scripted, Image.of("s3://papers/scan"), kind="document")
    assert operations(scripted)[0] == "StartDocumentTextDetection"


@pytest.mark.parametrize("image", [pdf(3), tiff(2), pdf(1, hidden=True)])
def test_a_file_of_pages_goes_through_the_bucket_and_is_taken_away_again(image: Image) -> None:
    scripted = port({}, JOB, DONE, {}, bucket="own-bucket")
    adapt(vision.text, scripted, image)
    assert operations(scripted) == [
        "PutObject",
        "StartDocumentTextDetection",
        "GetDocumentTextDetection",
        "DeleteObject",
    ]
    put, start, _, delete = scripted.steps
    name = f"cloudai-{1:032x}.{image.format}"
    assert put.params == {"Bucket": "own-bucket", "Key": name, "Body": image.data}
    assert start.params["DocumentLocation"] == {"S3Object": {"Bucket": "own-bucket", "Name": name}}
    assert delete.params == {"Bucket": "own-bucket", "Key": name}
    assert put.amount is delete.amount is None


def test_pages_that_can_be_counted_are_what_is_charged_for() -> None:
    scripted = port({}, JOB, {**DONE, "DocumentMetadata": {"Pages": 3}}, {}, bucket="own-bucket")
    adapt(vision.text, scripted, pdf(3))
    assert scripted.steps[1].amount == 3
    assert scripted.metered == {"Pages": 3}


@pytest.mark.parametrize("image", [pdf(3), tiff(2)])
def test_a_file_of_pages_without_a_bucket_is_refused_before_anything_is_sent(image: Image) -> None:
    scripted = port()
    with pytest.raises(InputTooLargeError, match=r"has [23] pages: name an S3 bucket in AWS\(bucket="):
        adapt(vision.text, scripted, image)
    assert scripted.steps == []


def test_a_file_that_does_not_tell_its_pages_is_tried_and_the_refusal_names_the_way_out() -> None:
    refusal = UnsupportedFormatError("unsupported document", vendor_code="UnsupportedDocumentException", status=400)
    with pytest.raises(UnsupportedFormatError, match=r"more than one page, name an S3 bucket") as caught:
        adapt(vision.text, port(refusal), pdf(1, hidden=True))
    assert (caught.value.vendor_code, caught.value.status) == ("UnsupportedDocumentException", 400)
    assert adapt(vision.text, port(EMPTY), pdf(1, hidden=True)).text == ""


def test_pages_are_counted_where_a_file_says_them_openly() -> None:
    assert [page_count(pdf(number)) for number in (1, 2, 12)] == [1, 2, 12]
    assert [page_count(tiff(number)) for number in (1, 2, 12)] == [1, 2, 12]
    assert page_count(pdf(4, hidden=True)) is None
    assert page_count(Image(data=b"%PDF-1.7", format="pdf")) is None
    assert page_count(Image(data=(tiff(2).data or b"")[:10], format="tiff")) is None
    # Directories that lead in a circle end.
    circle = struct.pack(">2sHIHI", b"MM", 42, 8, 0, 8)
    assert page_count(Image(data=circle, format="tiff")) == 1
    assert page_count(PICTURE) == 1
    assert page_count(STORED) is None


# --- jobs ---


def test_the_answer_of_a_job_is_put_together_from_all_its_parts() -> None:
    body = recording("aws/textract/get-document-text-detection-two-pages")["response"]["body"]
    half = len(body["Blocks"]) // 2
    first = {**body, "Blocks": body["Blocks"][:half], "NextToken": "more"}
    second = {**body, "Blocks": body["Blocks"][half:]}
    scripted = port(JOB, RUNNING, first, second)
    result = adapt(vision.text, scripted, Image.of("s3://papers/a.pdf"))
    assert scripted.steps[-1].params == {**JOB, "NextToken": "more"}
    assert result == adapt(vision.text, port(JOB, body), Image.of("s3://papers/a.pdf"))
    assert scripted.metered == {"Pages": 2}


@pytest.mark.parametrize("counted", [None, {}, {"Pages": None}, {"Pages": {"Pages": 12}}, [1], 2])
def test_a_count_of_another_shape_is_left_out(counted: Any) -> None:
    scripted = port({"DocumentMetadata": counted, "Blocks": []})
    assert adapt(vision.text, scripted, PICTURE, kind="document").text == ""
    assert scripted.metered == {}


def test_two_pages_are_two_pages() -> None:
    body = recording("aws/textract/get-document-text-detection-two-pages")["response"]["body"]
    result = adapt(vision.text, port(JOB, body), Image.of("s3://papers/a.pdf"))
    assert [(page.number, len(page.lines)) for page in result] == [(1, 25), (2, 25)]
    assert sum(len(line.words) for line in result.lines) == 106
    one, two = result.text.split("\f")
    assert one.splitlines() == [item["Text"] for item in body["Blocks"] if item["BlockType"] == "LINE"][:25]
    assert two.endswith("\n")
    # The size of a page within a file is not known, and so neither is its angle.
    assert {(page.width, page.height, page.unit, page.angle) for page in result} == {(None, None, None, None)}


def test_only_the_pages_that_are_wanted_are_in_the_result() -> None:
    body = recording("aws/textract/get-document-text-detection-two-pages")["response"]["body"]
    result = adapt(vision.text, port(JOB, body), Image.of("s3://papers/a.pdf"), pages=(2, 5))
    assert [page.number for page in result] == [2]
    assert "\f" not in result.text


@pytest.mark.parametrize(("message", "code"), [("INVALID_IMAGE_TYPE", "INVALID_IMAGE_TYPE"), ("not a PDF", None)])
def test_a_job_that_failed_is_an_error_with_the_vendors_words(message: str, code: str | None) -> None:
    body = {"JobStatus": "FAILED", "StatusMessage": message}
    scripted = port({}, JOB, Reply(body=body, request_id="r-1"), {}, bucket="own-bucket")
    with pytest.raises(JobFailedError, match=message) as caught:
        adapt(vision.text, scripted, pdf(2))
    assert (caught.value.vendor_code, caught.value.request_id, caught.value.raw) == (code, "r-1", body)
    assert operations(scripted)[-1] == "DeleteObject"


def test_a_job_that_failed_without_a_word_is_an_error_too() -> None:
    with pytest.raises(JobFailedError, match="without a message"):
        adapt(vision.text, port(JOB, {"JobStatus": "FAILED", "StatusMessage": None}), Image.of("s3://papers/a.pdf"))


@pytest.mark.parametrize("body", [{"JobStatus": "PAUSED"}, {"JobStatus": None}, {}, {**DONE, "Blocks": None}])
def test_a_job_of_another_shape_is_not_passed_over(body: dict[str, Any]) -> None:
    with pytest.raises((LookupError, TypeError, ValueError)):
        adapt(vision.text, port(JOB, body), Image.of("s3://papers/a.pdf"))


def test_pages_that_could_not_be_read_are_named() -> None:
    warnings = [{"ErrorCode": "PAGE_TOO_LARGE", "Pages": [2, 4]}, {"ErrorCode": "ODD"}]
    body = {**DONE, "JobStatus": "PARTIAL_SUCCESS", "Warnings": warnings}
    scripted = port(JOB, body)
    adapt(vision.text, scripted, Image.of("s3://papers/a.pdf"))
    assert scripted.warnings == ["PAGE_TOO_LARGE, pages 2, 4", "ODD, pages not named"]
    silent = port(JOB, {**DONE, "JobStatus": "PARTIAL_SUCCESS"})
    adapt(vision.text, silent, Image.of("s3://papers/a.pdf"))
    assert len(silent.warnings) == 1


def test_members_that_are_null_are_as_good_as_absent() -> None:
    body = recording("aws/textract/get-document-analysis-null-members")["response"]["body"]
    scripted = port(JOB, body)
    result = adapt(vision.text, scripted, Image.of("s3://papers/a.pdf"))
    assert (len(result.lines), sum(len(line.words) for line in result.lines)) == (12, 24)
    assert len(scripted.steps) == 2
    assert scripted.warnings == []


# --- blocks ---


@pytest.mark.parametrize(
    ("name", "lines", "words"),
    [
        ("detect-document-text-form-page", 24, 51),
        ("analyze-document-forms-tables-selection-merged-cell", 24, 51),
        ("analyze-document-layout-table-title", 15, 33),
        ("analyze-document-queries-answered", 24, 51),
        ("analyze-document-queries-without-answer", 24, 51),
        ("analyze-document-rotated-25-degrees", 59, 121),
    ],
)
def test_every_line_and_word_is_there_once(name: str, lines: int, words: int) -> None:
    body = recording(f"aws/textract/{name}")["response"]["body"]
    result = adapt(vision.text, port(body), SHEET, kind="document")
    assert [page.number for page in result] == [1]
    assert len(result.lines) == lines
    assert sum(len(line.words) for line in result.lines) == words
    said = [item for item in body["Blocks"] if item["BlockType"] == "LINE"]
    assert result.text == "".join(item["Text"] + "\n" for item in said)
    for line, item in zip(result.lines, said, strict=True):
        assert " ".join(word.text for word in line.words) == line.text
        assert line.confidence == item["Confidence"] / 100
        assert line.handwritten is False
        assert line.polygon is not None
        assert [tuple(point) for point in line.polygon] == [
            (point["X"], point["Y"]) for point in item["Geometry"]["Polygon"]
        ]


def test_blocks_of_an_identity_document_are_read_like_any() -> None:
    body = recording("aws/textract/analyze-id-with-blocks")["response"]["body"]
    result = read(body["IdentityDocuments"][0]["Blocks"])
    assert len(result.lines) == 31


def test_a_rotation_shows_in_the_angle() -> None:
    body = recording("aws/textract/analyze-document-rotated-25-degrees")["response"]["body"]
    result = adapt(vision.text, port(body), SHEET, kind="document")
    assert result.pages[0].angle == pytest.approx(25, abs=3)
    straight = recording("aws/textract/detect-document-text-form-page")["response"]["body"]
    assert adapt(vision.text, port(straight), SHEET, kind="document").pages[0].angle == pytest.approx(0, abs=0.2)


@pytest.mark.parametrize(
    ("corners", "angle"),
    [
        ([(0.5, 0.1), (0.5, 0.9), (0.4, 0.9), (0.4, 0.1)], 90),
        ([(0.5, 0.9), (0.5, 0.1), (0.6, 0.1), (0.6, 0.9)], -90),
        ([(0.9, 0.5), (0.1, 0.5), (0.1, 0.4), (0.9, 0.4)], 180),
        ([(0.0, 0.0), (0.2, 0.4), (0.1, 0.4), (0.0, 0.2)], 45),
    ],
)
def test_angles_are_clockwise_and_those_of_the_picture(corners: list[tuple[float, float]], angle: float) -> None:
    geometry = {"Polygon": [{"X": x, "Y": y} for x, y in corners]}
    # The picture is twice as wide as it is high.
    assert read([block("LINE", "l", "Hello") | {"Geometry": geometry}]).pages[0].angle == angle


def test_ids_that_lead_nowhere_are_passed_over() -> None:
    result = read([block("LINE", "l", "Hello you", "gone", "w"), block("WORD", "w", "you")])
    assert [word.text for word in result.lines[0].words] == ["you"]


def test_only_children_of_a_line_are_its_words() -> None:
    relations = [{"Type": "MERGED_CELL", "Ids": ["other"]}, {"Type": "CHILD", "Ids": ["w"]}]
    line = block("LINE", "l", "you") | {"Relationships": relations}
    result = read([line, block("WORD", "w", "you"), block("WORD", "other", "not you")])
    assert [[word.text for word in found.words] for found in result.lines] == [["you"], ["not you"]]


def test_a_word_without_a_line_is_not_lost() -> None:
    result = read([block("PAGE", "p"), block("WORD", "w", "alone", Page=2)])
    assert [(page.number, [line.text for line in page.lines]) for page in result] == [(1, []), (2, ["alone"])]
    assert result.text == "\falone\n"


def test_a_word_that_two_lines_share_is_in_both() -> None:
    result = read([block("LINE", "a", "x", "w"), block("LINE", "b", "x", "w"), block("WORD", "w", "x")])
    assert [len(line.words) for line in result.lines] == [1, 1]


@pytest.mark.parametrize(
    ("kinds", "handwritten"),
    [
        (["HANDWRITING", "HANDWRITING"], True),
        (["PRINTED", "PRINTED"], False),
        (["HANDWRITING", "PRINTED"], None),
        ([None, None], None),
        (["ENGRAVED"], None),
    ],
)
def test_a_line_is_handwritten_if_all_its_words_are(kinds: list[str | None], handwritten: bool | None) -> None:
    words = [
        block("WORD", str(number), "x", **({"TextType": kind} if kind else {})) for number, kind in enumerate(kinds)
    ]
    result = read([block("LINE", "l", "x", *(word["Id"] for word in words)), *words])
    assert result.lines[0].handwritten is handwritten


def test_a_blank_page_is_a_page() -> None:
    result = read([block("PAGE", "p")])
    assert [page.lines for page in result] == [()]
    assert (result.text, result.pages[0].angle) == ("", None)


def test_an_error_of_the_job_is_not_hidden_by_the_cleaning() -> None:
    scripted = port({}, RateLimitedError("slow down"), RateLimitedError("still"), bucket="own-bucket")
    with pytest.raises(RateLimitedError, match="slow down"):
        adapt(vision.text, scripted, pdf(2))
    assert operations(scripted) == ["PutObject", "StartDocumentTextDetection", "DeleteObject"]
    assert scripted.warnings == [f"s3://own-bucket/cloudai-{1:032x}.pdf"]
