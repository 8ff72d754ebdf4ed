"""What is compared of answers about pictures, and how right answers are written down."""

from __future__ import annotations

from typing import Any

import pytest

from cloudai import operations
from cloudai.compare.answers import compared, likeness
from cloudai.compare.reference import truth
from cloudai.errors import InvalidRequestError
from cloudai.operations.vision import (
    ANALYSES,
    AnalysisPart,
    AnalysisResult,
    AnalyzeRequest,
    BodyPart,
    Caption,
    CaptionResult,
    Color,
    ColorsRequest,
    ColorsResult,
    CompareFacesRequest,
    CompareFacesResult,
    CropHint,
    CropHintsResult,
    DetectedObject,
    Equipment,
    Face,
    FaceMatch,
    FacesResult,
    Label,
    LabelsResult,
    Landmark,
    LandmarksResult,
    ModerationCategory,
    ModerationResult,
    ObjectsResult,
    ProtectedPerson,
    ProtectiveEquipmentResult,
    TextResult,
    WebEntity,
    WebResult,
)
from cloudai.types.geometry import Box
from cloudai.types.media import Image

IMAGE = Image(name="x.png")
BOX = Box(left=0.12, top=0.2, width=0.5, height=0.5)
OTHER = Box(left=0.3, top=0.3, width=0.1, height=0.1)


def asking(name: str) -> Any:
    return ANALYSES[f"vision.{name}"](image=IMAGE)


def thing(name: str, box: Box = BOX) -> DetectedObject:
    return DetectedObject(name=name, box=box)


def category(name: str, **what: Any) -> ModerationCategory:
    return ModerationCategory(name=name, vendor_name=name, **what)


def worn(covers: bool | None) -> BodyPart:
    return BodyPart(name="head", equipment=(Equipment(name="head_cover", covers=covers),))


@pytest.mark.parametrize(
    ("name", "result", "expected"),
    [
        ("labels", LabelsResult(labels=(Label(name="Cat"), Label(name="cat"), Label(name="Pet"))), {"cat", "pet"}),
        ("objects", ObjectsResult(objects=(thing("Car"), thing("car", OTHER))), {("car", 1), ("car", 2)}),
        ("faces", FacesResult(faces=(Face(box=BOX), Face(box=OTHER))), "2"),
        ("text", TextResult(text="a cat,\na dog", pages=()), {("a", 1), ("cat,", 1), ("a", 2), ("dog", 1)}),
        (
            "moderation",
            ModerationResult(
                categories=(
                    category("gore", flagged=False, confidence=0.9),
                    category("hate", flagged=True, confidence=0.1),
                    category("drugs", confidence=0.5),
                    category("alcohol", confidence=0.49),
                    category("spoof"),
                )
            ),
            {"hate", "drugs"},
        ),
        ("caption", CaptionResult(captions=(Caption(text="A red car"), Caption(text="x"))), {"a", "red", "car"}),
        ("caption", CaptionResult(captions=()), set()),
        ("landmarks", LandmarksResult(landmarks=(Landmark(name="Big Ben"),)), {"big ben"}),
        ("crop_hints", CropHintsResult(hints=(CropHint(box=BOX),)), {(1, 2, 6, 7)}),
        ("web", WebResult(entities=(WebEntity(name="Fox"), WebEntity(id="/m/1"))), {"fox"}),
        (
            "protective_equipment",
            ProtectiveEquipmentResult(persons=(ProtectedPerson(box=BOX, parts=(worn(True), worn(None), worn(False))),)),
            {("head_cover", 1), ("head_cover", 2)},
        ),
    ],
)
def test_what_is_compared_is_what_the_operation_is_about(name: str, result: Any, expected: Any) -> None:
    answer = compared(asking(name), result)
    assert (answer if isinstance(answer, str) else set(answer)) == expected


@pytest.mark.parametrize(
    ("rgb", "name"),
    [
        ((255, 255, 255), "white"),
        ((219, 219, 219), "white"),
        ((127, 127, 127), "grey"),
        ((20, 20, 24), "black"),
        ((200, 30, 30), "red"),
        ((240, 130, 20), "orange"),
        ((250, 220, 50), "yellow"),
        ((30, 140, 60), "green"),
        ((0, 128, 128), "teal"),
        ((30, 90, 160), "blue"),
        ((120, 40, 160), "purple"),
        ((250, 100, 180), "pink"),
        ((110, 70, 30), "brown"),
    ],
)
def test_colors_are_compared_by_the_twelve_basic_ones(rgb: tuple[int, int, int], name: str) -> None:
    red, green, blue = rgb
    result = ColorsResult(colors=(Color(red=red, green=green, blue=blue), Color(name="Brown"), Color(name="Gray")))
    assert set(compared(ColorsRequest(image=IMAGE), result)) == {name, "brown", "grey"}


def test_minor_colors_are_not_compared() -> None:
    colors = (Color(name="red", share=0.95), Color(name="blue", share=0.04, score=0.9), Color(name="pink", score=0.01))
    assert set(compared(ColorsRequest(image=IMAGE), ColorsResult(colors=colors))) == {"red"}


def test_a_face_is_found_or_not() -> None:
    request = CompareFacesRequest(image=IMAGE, target=IMAGE)
    found = CompareFacesResult(matches=(FaceMatch(face=Face(box=BOX), similarity=0.9),))
    assert compared(request, found) == "match"
    assert compared(request, CompareFacesResult(matches=())) == "no match"
    assert (truth(request, "match"), truth(request, "No"), truth(request, "")) == ("match", "no match", None)
    with pytest.raises(InvalidRequestError, match="can be held against"):
        truth(request, "maybe")


def test_an_analysis_is_compared_by_its_parts() -> None:
    request = AnalyzeRequest(image=IMAGE, operations=("labels", "faces"))
    parts = {
        "vision.labels": AnalysisPart(result=LabelsResult(labels=(Label(name="cat"),))),
        "vision.faces": AnalysisPart(result=FacesResult(faces=(Face(box=BOX),))),
        "vision.text": AnalysisPart(error=InvalidRequestError("alone")),
    }
    assert set(compared(request, AnalysisResult(parts=parts))) == {("vision.labels", "cat"), ("vision.faces", "1")}


@pytest.mark.parametrize(
    ("name", "reference", "result"),
    [
        ("labels", "cat; Pet", LabelsResult(labels=(Label(name="Cat"), Label(name="pet")))),
        ("labels", ["Cat", {"name": "pet"}], LabelsResult(labels=(Label(name="Cat"), Label(name="pet")))),
        ("labels", "[]", LabelsResult(labels=())),
        ("objects", "car;car", ObjectsResult(objects=(thing("car"), thing("Car", OTHER)))),
        ("faces", "2", FacesResult(faces=(Face(box=BOX), Face(box=BOX)))),
        ("faces", 0, FacesResult(faces=())),
        ("text", "a b", TextResult(text="b\na\n", pages=())),
        ("moderation", "gore", ModerationResult(categories=(category("gore", flagged=True),))),
        ("colors", "White;grey", ColorsResult(colors=(Color(name="grey"), Color(name="white")))),
        ("caption", "a dog", CaptionResult(captions=(Caption(text="A dog"),))),
    ],
)
def test_a_right_answer_is_written_in_few_words(name: str, reference: Any, result: Any) -> None:
    request = asking(name)
    right = truth(request, reference)
    assert right is not None
    assert likeness(compared(request, result), right) == 1


@pytest.mark.parametrize(("name", "reference"), [("faces", "many"), ("labels", 7), ("labels", [[1]]), ("text", 3)])
def test_a_right_answer_of_another_form_is_refused(name: str, reference: Any) -> None:
    with pytest.raises(InvalidRequestError, match="can be held against"):
        truth(asking(name), reference)


def test_a_right_answer_may_be_the_whole_result() -> None:
    result = ObjectsResult(objects=(thing("car"),))
    request = asking("objects")
    assert truth(request, result.to_dict()) == compared(request, result)


def test_every_operation_on_pictures_says_what_is_compared() -> None:
    requests = [request for name, request in operations.operations().items() if name.startswith("vision.")]
    assert len(requests) == 15
    assert all("compared" in vars(request) for request in requests)
