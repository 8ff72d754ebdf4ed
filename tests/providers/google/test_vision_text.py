"""Text on pictures and in documents by Cloud Vision: what is asked, and pages, lines and words made of the answer."""

from __future__ import annotations

from math import cos, radians, sin
from typing import Any

import pytest

from cloudai import Google, InvalidRequestError, ServiceUnavailableError
from cloudai.providers.google import vision as google
from cloudai.types.media import Image
from tests.support import ScriptedPort, adapt

pytest.importorskip("tests.providers.google.annotator")
from cloudai.providers.google import codec
from tests.providers.google.annotator import jpeg, load, message, recorded

PDF = Image(data=b"%PDF-1.7", format="pdf")
SPACE, SURE, END, HYPHEN, BREAK = 1, 2, 3, 4, 5


def port(*bodies: Any) -> ScriptedPort:
    return ScriptedPort(*bodies, settings=Google(api_key="test-key"))


def asked(scripted: ScriptedPort) -> list[dict[str, Any]]:
    return [step.params["requests"][0] for step in scripted.steps]


def quad(left: float, top: float, right: float, bottom: float) -> dict[str, Any]:
    return {"vertices": [{"x": x, "y": y} for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))]}


def word(text: str, after: int = 0, *, before: int = 0, place: Any = None, **more: Any) -> dict[str, Any]:
    symbols: list[dict[str, Any]] = [{"text": letter} for letter in text]
    if before:
        symbols[0]["property"] = {"detectedBreak": {"type": before, "isPrefix": True}}
    if after:
        symbols[-1]["property"] = {"detectedBreak": {"type": after}}
    return {"symbols": symbols, "boundingBox": quad(0, 0, 10, 10) if place is None else place, **more}


def page(*words: dict[str, Any], **more: Any) -> dict[str, Any]:
    box = more.pop("box", quad(0, 0, 100, 50))
    blocks = [{"boundingBox": box, "paragraphs": [{"words": list(words)}]}]
    return {"width": 100, "height": 50, "blocks": blocks, **more}


def full(text: str, *pages: dict[str, Any]) -> dict[str, Any]:
    return {"fullTextAnnotation": {"text": text, "pages": list(pages)}}


def lines(*words: dict[str, Any]) -> list[str]:
    result = adapt(google.text, port(message(full("-", page(*words)))), jpeg())
    return [line.text for line in result.lines]


# --- what is asked ---


def test_a_scene_is_asked_for_its_text_with_confidence() -> None:
    scripted = port(message({}))
    adapt(google.text, scripted, jpeg(), languages=("en", "zh-Hant"))
    (request,) = asked(scripted)
    assert request["features"] == [{"type": "TEXT_DETECTION"}]
    assert request["imageContext"] == {
        "languageHints": ["en", "zh-Hant"],
        "textDetectionParams": {"enableTextDetectionConfidenceScore": True},
    }


def test_a_picture_of_a_document_is_asked_for_its_dense_text() -> None:
    scripted = port(message({}))
    adapt(google.text, scripted, jpeg(), kind="document", extra={"advanced_ocr_options": ["legacy_layout"]})
    (request,) = asked(scripted)
    assert request["features"] == [{"type": "DOCUMENT_TEXT_DETECTION"}]
    assert request["imageContext"] == {"textDetectionParams": {"advancedOcrOptions": ["legacy_layout"]}}
    scripted = port(message({}))
    adapt(google.text, scripted, jpeg(), kind="document", extra={"model": "builtin/weekly"}, pages=(1,))
    (request,) = asked(scripted)
    assert request["features"] == [{"type": "DOCUMENT_TEXT_DETECTION", "model": "builtin/weekly"}]
    assert "imageContext" not in request


def test_a_picture_has_one_page() -> None:
    with pytest.raises(InvalidRequestError, match="a jpeg has one page"):
        adapt(google.text, port(), jpeg(), pages=(1, 2))


# --- recordings ---


def test_the_text_is_googles_own_and_lines_are_its_lines() -> None:
    for name in (
        "text-chinese-negative-coordinate",
        "multi-feature-face-empty-vertices",
        "multi-feature-logo-text-objects",
    ):
        result = adapt(google.text, port(load(name)), jpeg(10, 10))
        assert result.text == recorded(name)["responses"][0]["fullTextAnnotation"]["text"]
        assert [line.text for line in result.lines] == result.text.split("\n")


def test_a_corner_above_the_picture_stays_there() -> None:
    result = adapt(google.text, port(load("text-chinese-negative-coordinate")), jpeg(10, 10))
    (found,) = result.pages
    assert (found.number, found.width, found.height, found.unit, found.language) == (1, 336, 484, "pixel", "zh")
    first = found.lines[0]
    assert first.text == "I"
    assert first.polygon is not None
    # By the page's own size, not by that of the picture that was handed over.
    assert first.polygon.points[0] == pytest.approx((174 / 336, -2 / 484))
    assert first.polygon.box.top < 0


def test_words_and_lines_say_what_google_says_of_them() -> None:
    result = adapt(google.text, port(load("multi-feature-face-empty-vertices")), jpeg(3024, 4032))
    (found,) = result.pages
    assert (found.width, found.height, found.language) == (3024, 4032, "de")
    und = found.lines[0].words[0]
    assert (und.text, und.confidence) == ("UND", 0.2934982)
    assert found.lines[0].language == "de"
    assert found.lines[0].confidence is None
    assert und.polygon is not None
    assert und.polygon.points[0] == pytest.approx((2181 / 3024, 1673 / 4032))
    # The blocks of this scene lie this way and that.
    assert found.angle is None


def test_the_form_of_2016_has_text_lines_and_words() -> None:
    result = adapt(google.text, port(load("text-short-first-item-is-whole-text")), jpeg(1500, 1000))
    assert result.text == "Google CloudPlatform\n"
    (found,) = result.pages
    assert (found.language, found.width, found.unit) == ("en", 1500, "pixel")
    (line,) = found.lines
    assert (line.text, [item.text for item in line.words]) == ("Google CloudPlatform", ["Google", "CloudPlatform"])
    assert line.polygon is not None
    assert line.polygon.points[0] == pytest.approx((129 / 1500, 694 / 1000))
    assert line.polygon.points[2] == pytest.approx((1375 / 1500, 835 / 1000))


def test_a_page_of_2016_keeps_all_its_words_on_their_lines() -> None:
    name = "text-japanese-2016-textannotations-only"
    whole, *words = recorded(name)["responses"][0]["textAnnotations"]
    result = adapt(google.text, port(load(name)), jpeg(1000, 1000))
    assert result.text == whole["description"]
    assert [line.text for line in result.lines] == result.text.removesuffix("\n").split("\n")
    assert [item.text for line in result.lines for item in line.words] == [item["description"] for item in words]
    for line in result.lines:
        assert "".join(item.text for item in line.words).replace(" ", "") == line.text.replace(" ", "")


def test_without_a_size_the_words_of_2016_have_no_place() -> None:
    image = Image(address="gs://bucket/a.jpg")
    result = adapt(google.text, port(load("text-short-first-item-is-whole-text")), image)
    (found,) = result.pages
    assert (found.width, found.unit) == (None, None)
    assert [item.polygon for line in found.lines for item in (line, *line.words)] == [None, None, None]


def test_a_picture_without_text_is_an_empty_page() -> None:
    result = adapt(google.text, port(load("logo-none-found-empty-object")), jpeg(30, 20))
    assert result.text == ""
    (found,) = result.pages
    assert (found.lines, found.width, found.height, found.unit) == ((), 30, 20, "pixel")


# --- lines from breaks ---


def test_breaks_make_lines_and_spaces() -> None:
    assert lines(word("a", SPACE), word("b", SURE), word("c", END), word("d", BREAK)) == ["a b c", "d"]


def test_words_without_a_break_touch() -> None:
    assert lines(word("科技"), word("馆", BREAK), word("end"), word(".", BREAK)) == ["科技馆", "end."]


def test_a_hyphen_at_the_end_of_a_line_is_seen_there() -> None:
    assert lines(word("exam", HYPHEN), word("ple", BREAK)) == ["exam-", "ple"]


def test_a_break_may_stand_before_a_word() -> None:
    assert lines(word("a"), word("b", before=SPACE), word("c", before=BREAK), word("d", before=HYPHEN)) == [
        "a b",
        "c-",
        "d",
    ]


def test_a_break_of_a_kind_that_nobody_knows_yet_is_none() -> None:
    assert lines(word("a", 6), word("b", BREAK)) == ["ab"]


def test_a_symbol_may_have_a_language_and_no_break() -> None:
    first = word("a")
    first["symbols"][0]["property"] = {"detectedLanguages": [{"languageCode": "en"}]}
    assert lines(first, word("b", BREAK)) == ["ab"]


def test_a_word_that_is_not_in_the_text_stays_on_its_line() -> None:
    texts = ["one two\nthree\n", "one", "2", "three"]
    found = message({"textAnnotations": [{"description": text} for text in texts]})
    result = adapt(google.text, port(found), jpeg())
    assert [[item.text for item in line.words] for line in result.lines] == [["one", "2"], ["three"]]


def test_a_paragraph_ends_its_line() -> None:
    answer = page(word("a", SPACE))
    answer["blocks"][0]["paragraphs"].append({"words": [word("b")]})
    result = adapt(google.text, port(message(full("a\nb", answer))), jpeg())
    assert [line.text for line in result.lines] == ["a", "b"]


def test_a_line_in_two_languages_names_none() -> None:
    words = [
        word("ja", SPACE, property={"detectedLanguages": [{"languageCode": "de"}]}),
        word("yes", BREAK, property={"detectedLanguages": [{"languageCode": "en"}]}),
        word("oui", BREAK, property={"detectedLanguages": [{"languageCode": "fr"}]}),
    ]
    result = adapt(google.text, port(message(full("-", page(*words)))), jpeg())
    assert [line.language for line in result.lines] == [None, "fr"]


# --- polygons and angles ---


def test_a_line_is_the_rectangle_around_its_words() -> None:
    words = [word("a", SPACE, place=quad(10, 12, 20, 20)), word("b", BREAK, place=quad(25, 10, 40, 19))]
    result = adapt(google.text, port(message(full("-", page(*words)))), jpeg())
    polygon = result.lines[0].polygon
    assert polygon is not None
    assert polygon.to_pixels(100, 50) == ((10, 10), (40, 10), (40, 20), (10, 20))


def test_words_right_to_left_lie_in_the_same_rectangle() -> None:
    words = [word("שלום", SPACE, place=quad(60, 10, 90, 20)), word("עולם", BREAK, place=quad(20, 10, 50, 20))]
    result = adapt(google.text, port(message(full("-", page(*words)))), jpeg())
    polygon = result.lines[0].polygon
    assert polygon is not None
    assert polygon.to_pixels(100, 50) == ((20, 10), (90, 10), (90, 20), (20, 20))


@pytest.mark.parametrize("angle", [90, 180, -90, 25, -3])
def test_turned_text_has_turned_lines_and_a_turned_page(angle: int) -> None:
    def turned(left: float, top: float, right: float, bottom: float) -> dict[str, Any]:
        x, y = cos(radians(angle)), sin(radians(angle))
        corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
        spots = [(500 + a * x - b * y, 400 + a * y + b * x) for a, b in corners]
        return {"vertices": [{"x": round(a), "y": round(b)} for a, b in spots]}

    words = [word("up", SPACE, place=turned(0, 0, 100, 30)), word("side", BREAK, place=turned(120, 0, 300, 30))]
    answer = page(*words, box=turned(0, 0, 300, 30), width=1000, height=800)
    result = adapt(google.text, port(message(full("up side", answer))), jpeg())
    (found,) = result.pages
    assert found.angle == pytest.approx(angle if angle != 180 else 180, abs=0.5)
    expected = [(corner["x"], corner["y"]) for corner in turned(0, 0, 300, 30)["vertices"]]
    polygon = found.lines[0].polygon
    assert polygon is not None
    for (x, y), (left, top) in zip(polygon.points, expected, strict=True):
        assert (x * 1000, y * 800) == pytest.approx((left, top), abs=3)


def test_text_without_places_has_no_angle() -> None:
    found = page(word("a", BREAK, place={}), box={})
    result = adapt(google.text, port(message(full("a", found))), jpeg())
    assert (result.pages[0].angle, result.lines[0].polygon, result.lines[0].words[0].polygon) == (None, None, None)


def test_upright_text_has_an_angle_of_zero() -> None:
    result = adapt(google.text, port(message(full("a", page(word("a", BREAK))))), jpeg())
    assert result.pages[0].angle == 0


# --- documents ---


def answer(*texts: str, total: int | None = None, first: int = 1, numbered: bool = True) -> Any:
    responses = [
        {
            **full(
                text,
                page(
                    word(text, BREAK, place={"normalizedVertices": [{}, {"x": 0.5}, {"x": 0.5, "y": 0.1}, {"y": 0.1}]})
                ),
            ),
            **({"context": {"pageNumber": first + index}} if numbered else {}),
        }
        for index, text in enumerate(texts)
    ]
    part: dict[str, Any] = {"responses": responses, "inputConfig": {"mimeType": "application/pdf"}}
    return codec.load({"responses": [part if total is None else {**part, "totalPages": total}]})


def test_a_short_document_is_one_request() -> None:
    scripted = port(answer("one", "two", total=2))
    result = adapt(google.text, scripted, PDF, languages=("en",))
    (step,) = scripted.steps
    assert (step.operation, step.amount) == ("BatchAnnotateFiles", 5)
    assert step.params == {
        "requests": [
            {
                "inputConfig": {"content": b"%PDF-1.7", "mimeType": "application/pdf"},
                "features": [{"type": "DOCUMENT_TEXT_DETECTION"}],
                "imageContext": {"languageHints": ["en"]},
            }
        ]
    }
    assert scripted.metered == {"pages": 2}
    assert result.text == "one\ftwo"
    assert [(item.number, item.unit, item.width) for item in result.pages] == [(1, "point", 100), (2, "point", 100)]
    polygon = result.pages[0].lines[0].words[0].polygon
    assert polygon is not None
    assert polygon.coordinates == pytest.approx((0, 0, 0.5, 0, 0.5, 0.1, 0, 0.1))


def test_a_long_document_is_asked_for_in_groups_of_five_pages() -> None:
    texts = [f"p{number}" for number in range(1, 13)]
    scripted = port(
        answer(*texts[:5], total=12), answer(*texts[5:10], total=12, first=6), answer(*texts[10:], total=12, first=11)
    )
    result = adapt(google.text, scripted, PDF)
    assert [request.get("pages") for request in asked(scripted)] == [None, [6, 7, 8, 9, 10], [11, 12]]
    assert [step.amount for step in scripted.steps] == [5, 5, 2]
    assert result.text == "\f".join(texts)
    assert [item.number for item in result.pages] == list(range(1, 13))
    assert scripted.metered == {"pages": 12}


def test_some_pages_of_a_document() -> None:
    scripted = port(answer("two", "seven", numbered=False))
    result = adapt(google.text, scripted, PDF, pages=(2, 7))
    assert asked(scripted)[0]["pages"] == [2, 7]
    assert scripted.steps[0].amount == 2
    assert [item.number for item in result.pages] == [2, 7]


@pytest.mark.parametrize(
    ("image", "options", "mime_type"),
    [
        (Image(data=b"II*\0", format="tiff"), {}, "image/tiff"),
        (Image(data=b"GIF89a", format="gif"), {"kind": "document"}, "image/gif"),
        (Image(data=b"GIF89a", format="gif"), {"pages": (1, 2)}, "image/gif"),
        (Image(address="gs://bucket/a.PDF"), {}, "application/pdf"),
        (Image(address="gs://bucket/a.tif"), {"kind": "scene"}, "image/tiff"),
    ],
)
def test_what_has_pages_is_a_document(image: Image, options: Any, mime_type: str) -> None:
    scripted = port(answer("one", "two", total=2))
    adapt(google.text, scripted, image, **options)
    (request,) = asked(scripted)
    assert request["inputConfig"]["mimeType"] == mime_type
    if image.address:
        assert request["inputConfig"]["gcsSource"] == {"uri": image.address}
    dense = options.get("kind") == "document" or (not options)
    assert request["features"][0]["type"] == (
        "DOCUMENT_TEXT_DETECTION" if dense or "pages" in options else "TEXT_DETECTION"
    )


def test_a_gif_is_a_picture_unless_its_frames_are_asked_for() -> None:
    scripted = port(message({}))
    adapt(google.text, scripted, Image(data=b"GIF89a", format="gif", width=3, height=2))
    assert scripted.steps[0].operation == "BatchAnnotateImages"


def test_a_page_of_something_unknown_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match=r"does not end in \.pdf"):
        adapt(google.text, port(), Image(address="gs://bucket/a"), pages=(2,))


def test_a_document_that_fails_and_a_page_that_fails() -> None:
    whole = codec.load(
        {"responses": [{"error": {"code": 3, "message": "Bad file"}, "totalPages": 0, "inputConfig": {}}]}
    )
    with pytest.raises(InvalidRequestError, match="Bad file"):
        adapt(google.text, port(whole), PDF)
    part = codec.load(
        {"responses": [{"responses": [{}, {"error": {"code": 14, "message": "later"}}], "totalPages": 2}]}
    )
    with pytest.raises(ServiceUnavailableError, match="later"):
        adapt(google.text, port(part), PDF)


def test_pages_that_are_not_there_are_told() -> None:
    with pytest.raises(ValueError, match="no page"):
        adapt(google.text, port(codec.load({"responses": [{"totalPages": 3}]})), PDF)
    with pytest.raises(ValueError):
        adapt(google.text, port(answer("one")), PDF, pages=(1, 2))
