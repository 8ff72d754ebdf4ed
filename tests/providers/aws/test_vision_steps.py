"""The steps that the vision adapters send to Rekognition: one for one operation, and as few as can be for several."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cloudai import operations
from cloudai.errors import CloudAIError, InvalidResponseError, RateLimitedError, UnsupportedError
from cloudai.ports import Step
from cloudai.providers.aws import provider, vision
from cloudai.types.media import Image
from tests.providers.aws.test_vision import BOX, EMPTY, PICTURE, STORED, accepted, port
from tests.support import adapt, recording

# --- what is sent ---

SENT: list[tuple[Callable[..., Any], dict[str, Any], str, dict[str, Any]]] = [
    (vision.labels, {}, "DetectLabels", {"Features": ["GENERAL_LABELS"]}),
    (
        vision.labels,
        {"max_results": 7, "min_confidence": 0.55, "extra": {"include": ["Cat"], "exclude_categories": ["Vehicles"]}},
        "DetectLabels",
        {
            "Features": ["GENERAL_LABELS"],
            "MaxLabels": 7,
            "MinConfidence": 55.0,
            "Settings": {
                "GeneralLabels": {"LabelInclusionFilters": ["Cat"], "LabelCategoryExclusionFilters": ["Vehicles"]}
            },
        },
    ),
    (vision.objects, {}, "DetectLabels", {"Features": ["GENERAL_LABELS"]}),
    (vision.objects, {"min_confidence": 0}, "DetectLabels", {"Features": ["GENERAL_LABELS"], "MinConfidence": 0}),
    (vision.faces, {}, "DetectFaces", {"Attributes": ["ALL"]}),
    (vision.faces, {"attributes": False}, "DetectFaces", {"Attributes": ["DEFAULT"]}),
    (vision.text, {}, "DetectText", {}),
    (vision.text, {"kind": "scene"}, "DetectText", {}),
    (vision.moderation, {}, "DetectModerationLabels", {}),
    (vision.moderation, {"min_confidence": 0.333}, "DetectModerationLabels", {"MinConfidence": 33.3}),
    (
        vision.moderation,
        {"extra": {"project_version": "arn:aws:rekognition:eu-west-1:111122223333:project/own/version/1/2"}},
        "DetectModerationLabels",
        {"ProjectVersion": "arn:aws:rekognition:eu-west-1:111122223333:project/own/version/1/2"},
    ),
    (vision.celebrities, {}, "RecognizeCelebrities", {}),
    (vision.colors, {}, "DetectLabels", {"Features": ["IMAGE_PROPERTIES"]}),
    (
        vision.colors,
        {"max_results": 3},
        "DetectLabels",
        {"Features": ["IMAGE_PROPERTIES"], "Settings": {"ImageProperties": {"MaxDominantColors": 3}}},
    ),
    (vision.protective_equipment, {}, "DetectProtectiveEquipment", {}),
]


@pytest.mark.parametrize(
    ("image", "place"),
    [
        (PICTURE, {"Bytes": b"not looked at"}),
        (STORED, {"S3Object": {"Bucket": "photos", "Name": "2025/a photo?.jpg"}}),
        (
            Image.of("s3://photos/a.jpg?versionId=3f"),
            {"S3Object": {"Bucket": "photos", "Name": "a.jpg", "Version": "3f"}},
        ),
    ],
)
@pytest.mark.parametrize(("function", "options", "operation", "params"), SENT)
def test_a_step_holds_the_picture_and_what_was_asked(
    function: Callable[..., Any],
    options: dict[str, Any],
    operation: str,
    params: dict[str, Any],
    image: Image,
    place: dict[str, Any],
) -> None:
    scripted = port(EMPTY[function.__name__][1])
    adapt(function, scripted, image, **options)
    (step,) = scripted.steps
    assert step == Step(
        service="rekognition",
        operation=operation,
        params={"Image": place, **params},
        amount=1,
        api_version="2016-06-27",
    )
    accepted(step)


def test_two_pictures_are_compared_in_one_step() -> None:
    body = recording("aws/rekognition/compare-faces-match-and-unmatched")["response"]["body"]
    scripted = port(body)
    extra = {"quality_filter": "HIGH"}
    adapt(vision.compare_faces, scripted, PICTURE, STORED, min_similarity=0.9, extra=extra)
    (step,) = scripted.steps
    assert step.params == {
        "SourceImage": {"Bytes": b"not looked at"},
        "TargetImage": {"S3Object": {"Bucket": "photos", "Name": "2025/a photo?.jpg"}},
        "SimilarityThreshold": 90.0,
        "QualityFilter": "HIGH",
    }
    accepted(step)


def test_what_aws_does_not_have_is_not_offered() -> None:
    able = {name for name in operations.names() if name.startswith("vision.") and provider.adapter(name) is not None}
    assert able == {*(f"vision.{name}" for name in EMPTY), "vision.compare_faces", "vision.analyze"}


@pytest.mark.parametrize("address", ["s3://photos", "s3://photos/", "s3:///a.jpg"])
def test_an_address_without_bucket_or_name_is_refused(address: str) -> None:
    scripted = port()
    with pytest.raises(CloudAIError, match="s3://bucket/name"):
        adapt(vision.labels, scripted, Image.of(address))
    assert scripted.steps == []


# --- several operations at once ---

BOTH = {
    "Labels": [
        {"Name": "Cup", "Confidence": 99, "Instances": [{"BoundingBox": BOX, "Confidence": 98}]},
        {"Name": "Indoors", "Confidence": 90},
    ],
    "ImageProperties": {"DominantColors": []},
}


def test_labels_objects_and_colours_are_one_call() -> None:
    scripted = port(BOTH, {"FaceDetails": []}, {"TextDetections": []})
    wanted = ("vision.colors", "vision.faces", "vision.labels", "vision.text", "vision.objects")
    result = adapt(vision.analyze, scripted, PICTURE, operations=wanted)
    assert [step.operation for step in scripted.steps] == ["DetectLabels", "DetectFaces", "DetectText"]
    assert scripted.steps[0].params["Features"] == ["GENERAL_LABELS", "IMAGE_PROPERTIES"]
    assert [step.amount for step in scripted.steps] == [2, 1, 1]
    for step in scripted.steps:
        accepted(step)
    assert tuple(result.parts) == wanted
    assert (len(result["labels"]), len(result["objects"]), len(result["vision.colors"])) == (2, 1, 0)
    assert result.errors == {}


def test_every_analysis_that_aws_has_can_be_part_of_one() -> None:
    names = tuple(f"vision.{name}" for name in EMPTY)
    bodies = [BOTH, *(EMPTY[name][1] for name in EMPTY if name not in ("labels", "objects", "colors"))]
    scripted = port(*bodies)
    result = adapt(vision.analyze, scripted, PICTURE, operations=names)
    assert result.errors == {}
    assert len(scripted.steps) == 6
    for step in scripted.steps:
        accepted(step)


def test_an_operation_that_fails_alone_fails_alone() -> None:
    scripted = port({"Labels": []}, RateLimitedError("slow down"), {"TextDetections": None})
    wanted = ("vision.labels", "vision.colors", "vision.faces", "vision.text", "vision.caption")
    result = adapt(vision.analyze, scripted, PICTURE, operations=wanted)
    assert len(result["labels"]) == 0
    assert {name: type(error) for name, error in result.errors.items()} == {
        "vision.colors": InvalidResponseError,
        "vision.faces": RateLimitedError,
        "vision.text": InvalidResponseError,
        "vision.caption": UnsupportedError,
    }
    assert result.errors["vision.faces"].operation == "vision.faces"


def test_a_call_that_fails_fails_all_that_it_was_for() -> None:
    scripted = port(RateLimitedError("slow down"), {"FaceDetails": []})
    wanted = ("vision.labels", "vision.objects", "vision.faces")
    assert set(adapt(vision.analyze, scripted, PICTURE, operations=wanted).errors) == {
        "vision.labels",
        "vision.objects",
    }


def test_an_analysis_of_which_nothing_is_left_is_an_error() -> None:
    with pytest.raises(RateLimitedError):
        adapt(vision.analyze, port(RateLimitedError("slow down")), PICTURE, operations=("vision.labels",))
    scripted = port()
    with pytest.raises(UnsupportedError, match=r"vision\.caption, vision\.web"):
        adapt(vision.analyze, scripted, PICTURE, operations=("vision.caption", "vision.web"))
    assert scripted.steps == []
