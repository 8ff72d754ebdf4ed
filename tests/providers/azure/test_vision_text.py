"""Read and the old OCR: the steps that their adapter sends, and the pages that it makes of the answers."""

from __future__ import annotations

import math
from typing import Any

import pytest

from cloudai.errors import JobFailedError, RateLimitedError, UnsupportedError
from cloudai.operations.vision import TextResult
from cloudai.ports import Reply, Step
from cloudai.providers.azure import vision
from cloudai.providers.azure.readpages import operation_of
from cloudai.testing.compliance import READING
from cloudai.types.media import Image
from tests.support import ScriptedPort, adapt, recording

SENT = Image(data=b"bytes", format="jpeg", width=250, height=258)
THERE = Image(address="https://example.com/sign.jpg")
LOCATION = "https://example.cognitiveservices.azure.com/vision/v3.2/read/analyzeResults/e1e9d6c8-09cc-4962"
BEGUN = Reply(body=None, status=202, headers={"operation-location": LOCATION})


def body(name: str) -> Any:
    return recording(f"azure/vision/{name}")["response"]["body"]


def polled() -> list[Any]:
    """A submitted picture, two polls that find it running, and the one that finds it read."""
    return [part["response"]["body"] for part in recording("azure/vision/read-polling-v3_2")["interactions"]]


def read(answer: Any, image: Image = SENT, **options: Any) -> TextResult:
    return adapt(vision.text, ScriptedPort(BEGUN, answer), image, **options)


def steps(image: Image = SENT, **options: Any) -> list[Step]:
    port = ScriptedPort(BEGUN, polled()[-1])
    adapt(vision.text, port, image, **options)
    return port.steps


# --- steps -----------------------------------------------------------------------------------------------------------


def test_a_picture_is_submitted_and_its_operation_polled_until_it_is_read() -> None:
    _, *answers = polled()
    port = ScriptedPort(BEGUN, *answers)
    found = adapt(vision.text, port, SENT)
    submitted, *polls = port.steps
    assert (submitted.operation, submitted.params, submitted.amount) == ("read", {"image": b"bytes"}, 1)
    assert submitted.aside
    assert len(polls) == 3
    for poll in polls:
        assert (poll.operation, poll.params) == ("get_read_result", {"operation_id": "e1e9d6c8-09cc-4962"})
        assert poll.amount is None
    assert found.text == "520\nWEST\nSeattle\n"
    # At first the name of this field had a hyphen.
    assert (port.model, port.metered) == ("2021-04-12", {"pages": 1})


def test_an_address_is_handed_over() -> None:
    assert steps(THERE)[0].params == {"url": "https://example.com/sign.jpg"}


@pytest.mark.parametrize(
    ("options", "params"),
    [
        ({"languages": ("de-DE",)}, {"language": "de"}),
        ({"languages": ("nb",)}, {"language": "no"}),
        ({"languages": ("zh-TW",)}, {"language": "zh-Hant"}),
        ({"languages": ("zh",)}, {"language": "zh-Hans"}),
        ({"languages": ()}, {}),
        ({"pages": (1, 3)}, {"pages": ["1", "3"]}),
        ({"kind": "scene"}, {}),
        ({"kind": "document"}, {"reading_order": "natural"}),
        ({"kind": "document", "extra": {"reading_order": "basic"}}, {"reading_order": "basic"}),
        ({"extra": {"reading_order": "natural"}}, {"reading_order": "natural"}),
        ({"extra": {"api": "read"}}, {}),
        ({"extra": {"model_version": "2022-04-30"}}, {"model_version": "2022-04-30"}),
    ],
)
def test_options(options: dict[str, Any], params: dict[str, Any]) -> None:
    assert steps(**options)[0].params == {"image": b"bytes", **params}


def test_pages_that_are_asked_for_are_what_is_charged() -> None:
    assert steps(pages=(2, 3, 5))[0].amount == 3


def test_one_language_only_can_be_named() -> None:
    with pytest.raises(UnsupportedError, match="not de, fr"):
        steps(languages=("de", "fr"))


@pytest.mark.parametrize(
    "location",
    [
        "https://elsewhere.example/vision/v3.2/read/analyzeResults/e1e9-62",
        "https://example.com/vision/v3.1/read/analyzeResults/e1e9-62/",
        "/vision/v3.2/read/operations/e1e9-62?a=b",
    ],
)
def test_of_the_location_only_the_operation_is_used(location: str) -> None:
    assert operation_of(location) == "e1e9-62"


@pytest.mark.parametrize(
    "location", ["", "https://x.example/", "https://x.example/analyzeResults/", "https://x.example/analyzeResults/../y"]
)
def test_a_location_without_an_operation_is_refused(location: str) -> None:
    with pytest.raises(ValueError, match="names no operation"):
        operation_of(location)


def test_an_answer_without_a_location_is_refused() -> None:
    with pytest.raises(KeyError):
        adapt(vision.text, ScriptedPort(Reply(body=None, status=202)), SENT)


# --- pages -----------------------------------------------------------------------------------------------------------


def test_a_picture_in_pixels() -> None:
    (page,) = read(polled()[-1])
    assert (page.number, page.width, page.height, page.unit, page.language) == (1, 250.0, 258.0, "pixel", None)
    assert page.angle == 2.2026
    line = page.lines[1]
    assert (line.text, line.handwritten, line.confidence) == ("WEST", False, None)
    assert line.polygon is not None
    assert [(round(x * 250), round(y * 258)) for x, y in line.polygon] == [(121, 32), (201, 36), (200, 57), (120, 53)]
    (word,) = line.words
    assert (word.text, word.confidence) == ("WEST", 0.994)
    assert word.polygon is not None
    assert word.polygon.coordinates[0] == 122 / 250


def test_a_document_in_inches() -> None:
    found = read(body("read-pdf-inches-v3_2"), Image(data=b"%PDF-1.7", format="pdf"))
    (page,) = found
    assert (page.width, page.height, page.unit, page.angle) == (8.2639, 11.6944, "inch", 0.0)
    assert found.text == "Dummy PDF file\n"
    (line,) = page.lines
    assert line.polygon is not None
    assert line.polygon.coordinates[:2] == (0.805 / 8.2639, 1.0025 / 11.6944)
    # Whole numbers are confidences as well.
    assert [word.confidence for word in line.words] == [1.0, 1.0, 1.0]
    assert all(isinstance(word.confidence, float) for word in line.words)


def test_two_pages_with_handwriting_and_a_line_in_another_language() -> None:
    port = ScriptedPort(BEGUN, body("read-two-pages-v3_2"))
    found = adapt(vision.text, port, SENT)
    assert [(page.number, page.angle, page.language) for page in found] == [(1, 49.59, "en"), (2, 1.32, "en")]
    assert [(line.handwritten, line.language) for line in found.lines] == [
        (False, None),
        (True, None),
        (False, "es"),
        (True, None),
    ]
    assert found.text == (
        "Our greatest glory is not\nbut in rising every time we fall\nViva la vida\n\fin never failing ,\n"
    )
    # Places may lie outside of the page that the answer states, and are not clipped.
    outside = found[0].lines[1].polygon
    assert outside is not None
    assert outside.box.right > 1
    assert port.metered == {"pages": 2}
    assert TextResult.from_dict(found.to_dict()) == found


def test_handwriting_without_style_and_model_as_v3_1_has_it() -> None:
    port = ScriptedPort(BEGUN, body("read-handwriting-v3_1"))
    (page,) = adapt(vision.text, port, SENT)
    assert (page.language, page.angle, port.model) == ("en", 0.8551, None)
    assert [line.text for line in page.lines] == ["The quick brown fox jumps", "over", "the lazy dog!"]
    assert {line.handwritten for line in page.lines} == {None}
    assert min(word.confidence or 1 for line in page.lines for word in line.words) == 0.37


def changed(path: tuple[Any, ...], value: Any, *, drop: bool = False) -> Any:
    answer = polled()[-1]
    part = answer
    for key in path[:-1]:
        part = part[key]
    if drop:
        del part[path[-1]]
    else:
        part[path[-1]] = value
    return answer


PAGE = ("analyzeResult", "readResults", 0)


def test_a_page_may_be_empty_or_turned_by_half() -> None:
    (page,) = read(changed((*PAGE, "lines"), []))
    assert page.lines == ()
    assert read(changed((*PAGE, "lines"), [])).text == ""
    assert read(changed((*PAGE, "angle"), -180))[0].angle == -180.0
    assert read(changed((*PAGE, "angle"), None, drop=True))[0].angle is None


@pytest.mark.parametrize(
    ("language", "tag"), [("zh-Hans", "zh-Hans"), ("no", "nb"), ("", None), (None, None), ("zh_cn", "zh-CN")]
)
def test_the_language_of_a_page(language: str | None, tag: str | None) -> None:
    assert read(changed((*PAGE, "language"), language))[0].language == tag


@pytest.mark.parametrize("style", ["handwriting", {"name": "handwriting", "confidence": 1}])
def test_the_style_of_a_line_as_it_is_and_as_previews_had_it(style: Any) -> None:
    (page,) = read(changed((*PAGE, "lines", 0, "appearance"), {"style": style}))
    assert [line.handwritten for line in page.lines] == [True, False, False]


@pytest.mark.parametrize("status", ["failed", "Failed"])
@pytest.mark.parametrize(
    ("more", "message", "code"),
    [
        ({}, "reading ended as", None),
        ({"analyzeResult": {"errors": [{"code": "X", "message": "No text."}]}}, r"X: No text\.", "X"),
        (
            {"error": {"code": "InternalServerError", "message": "Oh."}},
            "InternalServerError: Oh",
            "InternalServerError",
        ),
        ({"analyzeResult": None, "error": "?"}, "reading ended as", None),
    ],
)
def test_a_reading_that_failed(status: str, more: dict[str, Any], message: str, code: str | None) -> None:
    answer = {"status": status, "createdDateTime": "2021-03-24T06:44:48Z", **more}
    with pytest.raises(JobFailedError, match=message) as caught:
        read(answer)
    assert (caught.value.vendor_code, caught.value.raw) == (code, answer)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("status",), None),
        (("status",), "lost"),
        (("analyzeResult",), None),
        (("analyzeResult",), "text"),
        (("analyzeResult", "readResults"), None),
        (("analyzeResult", "readResults"), {"page": 1}),
        ((*PAGE, "page"), "1"),
        ((*PAGE, "width"), None),
        ((*PAGE, "width"), 0),
        ((*PAGE, "unit"), "mile"),
        ((*PAGE, "angle"), "2.2"),
        ((*PAGE, "language"), 5),
        ((*PAGE, "lines"), None),
        ((*PAGE, "lines", 0, "text"), None),
        ((*PAGE, "lines", 0, "boundingBox"), None),
        ((*PAGE, "lines", 0, "boundingBox"), "66,41,100,41"),
        ((*PAGE, "lines", 0, "boundingBox"), [66, 41, 100, 41]),
        ((*PAGE, "lines", 0, "boundingBox"), [66, 41, 100, 41, 100, 60, 66, None]),
        ((*PAGE, "lines", 0, "words"), "520"),
        ((*PAGE, "lines", 0, "words", 0, "confidence"), "Low"),
        ((*PAGE, "lines", 0, "appearance"), "other"),
        ((*PAGE, "lines", 0, "appearance", "style"), None),
    ],
)
def test_a_part_of_another_kind_is_refused(path: tuple[Any, ...], value: Any) -> None:
    with pytest.raises(READING):
        read(changed(path, value))


@pytest.mark.parametrize("answer", [None, {}, [], "succeeded", 5])
def test_an_answer_of_another_shape_is_refused(answer: Any) -> None:
    with pytest.raises(READING):
        read(answer)


def test_an_error_of_a_poll_is_the_callers() -> None:
    port = ScriptedPort(BEGUN, RateLimitedError("later"))
    with pytest.raises(RateLimitedError):
        adapt(vision.text, port, SENT)
    assert len(port.steps) == 2


# --- the old OCR -----------------------------------------------------------------------------------------------------


def printed(answer: Any, image: Image = THERE, **options: Any) -> TextResult:
    return adapt(vision.text, ScriptedPort(answer), image, extra={"api": "ocr"}, **options)


def test_the_old_ocr_is_one_step() -> None:
    port = ScriptedPort(body("ocr-german-v3_1"))
    extra = {"api": "ocr", "model_version": "2021-04-01"}
    adapt(vision.text, port, SENT, languages=("no",), extra=extra)
    (sent,) = port.steps
    assert (sent.operation, sent.amount, sent.aside) == ("recognize_printed_text", 1, False)
    expected = {"detect_orientation": True, "language": "nb", "model_version": "2021-04-01"}
    assert sent.params == {"image": b"bytes", **expected}
    adapt(vision.text, port := ScriptedPort(body("ocr-german-v3_1")), THERE, extra={"api": "ocr"})
    assert port.steps[0].params == {"url": "https://example.com/sign.jpg", "detect_orientation": True}


def test_the_old_ocr_knows_no_pages() -> None:
    with pytest.raises(UnsupportedError, match="no pages"):
        printed(body("ocr-german-v3_1"), pages=(1,))


def test_a_picture_that_the_service_fetched_has_text_but_no_places() -> None:
    found = printed(body("ocr-german-v3_1"))
    (page,) = found
    assert (found.text, page.language, page.width, page.unit) == ("ACHTUNG\n", "de", None, None)
    assert page.angle == pytest.approx(-14.0)
    (line,) = page.lines
    assert (line.polygon, line.words[0].polygon, line.words[0].confidence) == (None, None, None)


def test_places_are_turned_back_to_where_they_are_on_the_picture() -> None:
    size = 800, 600
    image = Image(data=b"x", width=size[0], height=size[1])
    (page,) = printed(body("ocr-german-v3_1"), image)
    assert (page.width, page.height, page.unit) == (800.0, 600.0, "pixel")
    (word,) = page.lines[0].words
    assert word.polygon is not None
    assert word.polygon == page.lines[0].polygon
    corners = [(x * size[0], y * size[1]) for x, y in word.polygon]
    (left, top), (right, higher), (_, bottom), _ = corners
    assert math.dist(corners[0], corners[1]) == pytest.approx(562)
    assert math.dist(corners[1], corners[2]) == pytest.approx(131)
    # The text rises by the angle that the picture has to be turned by, clockwise, for it to lie level.
    assert math.degrees(math.atan2(top - higher, right - left)) == pytest.approx(14.0)
    middle = sum(x for x, _ in corners) / 4, sum(y for _, y in corners) / 4
    assert math.dist(middle, (400, 300)) == pytest.approx(math.dist((115 + 562 / 2, 223 + 131 / 2), (400, 300)))
    assert bottom > higher


def ocr(**changes: Any) -> Any:
    words = [{"boundingBox": f"{left},50,40,20", "text": text} for left, text in ((10, "one"), (60, "two"))]
    region = {"boundingBox": "10,50,90,20", "lines": [{"boundingBox": "10,50,90,20", "words": words}]}
    return {"language": "en", "orientation": "Up", "regions": [region, region]} | changes


PLAIN = Image(data=b"x", width=100, height=200)


def test_level_text_stays_where_it_is() -> None:
    (page,) = printed(ocr(), PLAIN)
    assert [line.text for line in page.lines] == ["one two", "one two"]
    polygon = page.lines[0].words[1].polygon
    assert polygon is not None
    assert polygon.coordinates == pytest.approx((0.6, 0.25, 1.0, 0.25, 1.0, 0.35, 0.6, 0.35))
    assert page.angle == 0.0


@pytest.mark.parametrize(
    ("orientation", "tilt", "angle", "placed"),
    [
        ("Up", 0.1, -math.degrees(0.1), True),
        ("Right", 0.0, 90.0, False),
        ("Left", 0.0, -90.0, False),
        ("Down", -0.1, math.degrees(0.1) - 180, False),
        ("NotDetected", 0.0, None, True),
    ],
)
def test_text_that_does_not_stand_upright(orientation: str, tilt: float, angle: float | None, placed: bool) -> None:
    (page,) = printed(ocr(orientation=orientation, textAngle=tilt), PLAIN)
    assert page.angle == (None if angle is None else pytest.approx(angle))
    assert (page.lines[0].polygon is not None) is placed


@pytest.mark.parametrize(
    ("language", "tag", "text"),
    [("ja", "ja", "onetwo"), ("zh-Hans", "zh-Hans", "onetwo"), ("ko", "ko", "one two"), ("unk", None, "one two")],
)
def test_words_are_joined_as_their_language_is_written(language: str, tag: str | None, text: str) -> None:
    (page,) = printed(ocr(language=language))
    assert (page.language, page.lines[0].text) == (tag, text)


def test_nothing_is_written_there() -> None:
    found = printed({"language": "unk", "orientation": "NotDetected", "regions": []})
    assert (found.text, found[0].lines, found[0].angle) == ("", (), None)


@pytest.mark.parametrize(
    "changes",
    [
        {"regions": None},
        {"regions": [{"lines": None}]},
        {"regions": [{"lines": [{"boundingBox": "1,2,3", "words": []}]}]},
        {"regions": [{"lines": [{"boundingBox": [1, 2, 3, 4], "words": []}]}]},
        {"regions": [{"lines": [{"boundingBox": "1,2,3,x", "words": []}]}]},
        {"textAngle": "0.1"},
        {"orientation": None},
        {"language": None},
    ],
)
def test_an_ocr_answer_of_another_shape_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(READING):
        printed(ocr(**changes))
