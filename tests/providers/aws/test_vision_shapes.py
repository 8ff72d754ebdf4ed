"""Answers of Rekognition and Textract that are not of the agreed shape: none is passed over in silence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cloudai.providers.aws import vision
from tests.providers.aws.test_shapes import broken
from tests.providers.aws.test_vision import BOX, PICTURE, port
from tests.support import adapt

CORNERS = [{"X": 0.1, "Y": 0.1}, {"X": 0.2, "Y": 0.1}, {"X": 0.2, "Y": 0.2}, {"X": 0.1, "Y": 0.2}]
SURE = {"Confidence": 99.5}
TRAIT = {"Value": True, **SURE}
FACE = {
    "BoundingBox": BOX,
    **SURE,
    "AgeRange": {"Low": 20, "High": 30},
    "Gender": {"Value": "Female", **SURE},
    "Smile": TRAIT,
    "FaceOccluded": TRAIT,
    "EyeDirection": {"Yaw": 1.5, "Pitch": 2.5, **SURE},
    "Emotions": [{"Type": "CALM", **SURE}],
    "Landmarks": [{"Type": "nose", "X": 0.5, "Y": 0.5}],
    "Pose": {"Roll": 1.5, "Yaw": 2.5, "Pitch": 3.5},
    "Quality": {"Brightness": 50.5, "Sharpness": 60.5},
}
COMPARED = {"BoundingBox": BOX, **SURE}
COLOR = {"Red": 1, "Green": 2, "Blue": 3, "CSSColor": "black", "SimplifiedColor": "black", "PixelPercent": 25.5}
WORD = {"Id": "w", "BlockType": "WORD", "Text": "Hello", **SURE, "Geometry": {"Polygon": CORNERS}}
LINE = {
    **{name: WORD[name] for name in WORD if name != "Id"},
    "BlockType": "LINE",
    "Relationships": [{"Type": "CHILD", "Ids": ["w"]}],
}
READ = {"Type": "WORD", "DetectedText": "Hello", **SURE, "Geometry": {"Polygon": CORNERS}}

GOOD: list[tuple[Callable[..., Any], dict[str, Any], dict[str, Any], set[str]]] = [
    (
        vision.labels,
        {
            "Labels": [
                {
                    "Name": "Cup",
                    **SURE,
                    "Instances": [{"BoundingBox": BOX, **SURE}],
                    "Parents": [{"Name": "Pottery"}],
                    "Categories": [{"Name": "Home"}],
                    "Aliases": [{"Name": "Mug"}],
                }
            ]
        },
        {},
        {"Instances", "Parents", "Categories", "Aliases"},
    ),
    (
        vision.objects,
        {"Labels": [{"Name": "Cup", **SURE, "Instances": [{"BoundingBox": BOX, **SURE}]}]},
        {},
        {"Instances"},
    ),
    (vision.faces, {"FaceDetails": [FACE]}, {}, set(FACE) - {"BoundingBox", "Confidence"}),
    (vision.text, {"TextDetections": [{**READ, "Type": "LINE", "Id": 0}]}, {}, set()),
    (vision.text, {"TextDetections": [{**READ, "Id": 1, "ParentId": 0}]}, {}, set()),
    (
        vision.text,
        {"Blocks": [LINE, WORD]},
        {"kind": "document"},
        set(),
    ),
    (
        vision.text,
        {"Blocks": [WORD, LINE]},
        {"kind": "document"},
        {"Relationships"},
    ),
    (
        vision.moderation,
        {
            "ModerationLabels": [{"Name": "Smoking", "ParentName": "", "TaxonomyLevel": 1, **SURE}],
            "ContentTypes": [{"Name": "Photo", **SURE}],
        },
        {},
        {"TaxonomyLevel", "ContentTypes"},
    ),
    (
        vision.celebrities,
        {
            "CelebrityFaces": [
                {
                    "Name": "A star",
                    "Id": "1",
                    "MatchConfidence": 99.5,
                    "Urls": ["www.example.com"],
                    "Face": COMPARED,
                    "KnownGender": {"Type": "Male"},
                }
            ],
            "UnrecognizedFaces": [COMPARED],
        },
        {},
        {"KnownGender"},
    ),
    (
        vision.colors,
        {
            "ImageProperties": {
                "DominantColors": [COLOR],
                "Quality": {"Brightness": 10.5, "Sharpness": 10.5, "Contrast": 10.5},
                "Foreground": {"DominantColors": [COLOR]},
            }
        },
        {},
        {"Quality", "Foreground", "DominantColors", "Brightness", "Sharpness", "Contrast"},
    ),
    (
        vision.protective_equipment,
        {
            "Persons": [
                {
                    "BoundingBox": BOX,
                    **SURE,
                    "Id": 0,
                    "BodyParts": [
                        {
                            "Name": "FACE",
                            **SURE,
                            "EquipmentDetections": [
                                {"BoundingBox": BOX, **SURE, "Type": "FACE_COVER", "CoversBodyPart": TRAIT}
                            ],
                        }
                    ],
                }
            ]
        },
        {},
        set(),
    ),
]

FINE = {"Value=True", "Urls=['x']", "Ids=['x']", "Relationships=None"}
"""What only looks broken: another yes, another link, an id of a word that is not there, and the null that was seen."""


def survivors(function: Callable[..., Any], body: Any, options: dict[str, Any], *more: Any) -> list[str]:
    """The broken forms of a body that an adapter takes all the same."""
    passed = []
    for name, part in [*broken(body), ("null", None), ("a list", []), ("text", "abc")]:
        try:
            adapt(function, port(part), PICTURE, *more, **options)
        except (LookupError, TypeError, ValueError, AttributeError):
            continue
        passed.append(name)
    return passed


@pytest.mark.parametrize(
    ("function", "body", "options", "optional"),
    GOOD,
    ids=[f"{good[0].__name__}-{number}" for number, good in enumerate(GOOD)],
)
def test_whatever_is_missing_null_or_of_another_kind_is_not_passed_over(
    function: Callable[..., Any], body: dict[str, Any], options: dict[str, Any], optional: set[str]
) -> None:
    adapt(function, port(body), PICTURE, **options)
    passed = survivors(function, body, options)
    known = {f"without {name}" for name in optional} | FINE
    assert [name for name in passed if name.rpartition(".")[2] not in known] == []


def test_a_comparison_is_read_as_strictly() -> None:
    body = {
        "FaceMatches": [{"Similarity": 99.5, "Face": COMPARED}],
        "UnmatchedFaces": [COMPARED],
        "SourceImageFace": COMPARED,
    }
    adapt(vision.compare_faces, port(body), PICTURE, PICTURE)
    assert survivors(vision.compare_faces, body, {}, PICTURE) == []


def test_a_box_without_a_corner_is_none() -> None:
    for missing in BOX:
        box = {name: value for name, value in BOX.items() if name != missing}
        with pytest.raises(KeyError):
            adapt(vision.faces, port({"FaceDetails": [{**COMPARED, "BoundingBox": box}]}), PICTURE)


@pytest.mark.parametrize("corners", [[], [{"X": 0.1}], [{"X": 0.1, "Y": None}] * 4, [{"X": 0.1, "Y": True}] * 4])
def test_a_polygon_without_corners_is_none(corners: list[Any]) -> None:
    body = {"DocumentMetadata": {"Pages": 1}, "Blocks": [{**WORD, "Geometry": {"Polygon": corners}}]}
    with pytest.raises((LookupError, TypeError, ValueError)):
        adapt(vision.text, port(body), PICTURE, kind="document")


def test_a_polygon_may_have_any_number_of_corners() -> None:
    corners = [{"X": 0, "Y": 0}, {"X": 1, "Y": 0}, {"X": 0.5, "Y": 1}]
    body = {"DocumentMetadata": {"Pages": 1}, "Blocks": [{**WORD, "Geometry": {"Polygon": corners}}]}
    polygon = adapt(vision.text, port(body), PICTURE, kind="document").lines[0].polygon
    assert polygon is not None
    assert repr(polygon.coordinates) == "(0.0, 0.0, 1.0, 0.0, 0.5, 1.0)"
