"""What the answers of Image Analysis say about a picture, read strictly (see ``reading.py``).

The answers of its single operations and of Analyze Image hold the same parts under the same names, so each part is read
in one way, whichever was asked. Places are in pixels of the picture whose size the answer states.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudai.operations.vision import (
    Caption,
    CaptionResult,
    CelebritiesResult,
    Celebrity,
    Color,
    ColorsResult,
    CropHint,
    CropHintsResult,
    DetectedObject,
    Face,
    FacesResult,
    Gender,
    Label,
    LabelsResult,
    Landmark,
    LandmarksResult,
    Logo,
    LogosResult,
    ModerationCategory,
    ModerationResult,
    ObjectsResult,
)
from cloudai.providers.azure.reading import decimal, flag, items, string, whole
from cloudai.providers.azure.vision_tables import GENDERS, HARMS
from cloudai.types.geometry import Box
from cloudai.types.media import Image

__all__ = [
    "caption_of",
    "celebrities_of",
    "colors_of",
    "crop_hints_of",
    "faces_of",
    "labels_of",
    "landmarks_of",
    "logos_of",
    "model_of",
    "moderation_of",
    "objects_of",
]


def model_of(body: Any) -> str | None:
    """The version of the model: ``modelVersion``, at first ``model-version``; answers of v3.1 have none."""
    found = body.get("modelVersion", body.get("model-version"))
    return None if found is None else string(found)


def labels_of(body: Any, image: Image) -> LabelsResult:
    """Tags. The hint of one is the wider thing that it is meant as: "mammal" for "pangolin"."""
    return LabelsResult(
        labels=tuple(
            Label(
                name=string(item["name"]),
                confidence=decimal(item["confidence"]),
                parents=(string(item["hint"]),) if item.get("hint") is not None else (),
            )
            for item in items(body["tags"])
        )
    )


def objects_of(body: Any, image: Image) -> ObjectsResult:
    """Objects, each with the chain of its parents."""
    return ObjectsResult(
        objects=tuple(
            DetectedObject(
                name=string(item["object"]),
                confidence=decimal(item["confidence"]),
                box=_box(item["rectangle"], body, image),
                parents=_parents(item),
            )
            for item in items(body["objects"])
        )
    )


def faces_of(body: Any, image: Image) -> FacesResult:
    """Faces. Age and gender have been withdrawn from the service, and may be missing or null."""
    return FacesResult(
        faces=tuple(
            Face(box=_face_box(item["faceRectangle"], body, image), age=_age(item), gender=_gender(item))
            for item in items(body["faces"])
        )
    )


def moderation_of(body: Any, image: Image) -> ModerationResult:
    """The flags are the service's own: a goreScore of 0.53 was seen with isGoryContent false."""
    adult = body["adult"]
    categories = tuple(
        ModerationCategory(name=name, vendor_name=own, confidence=decimal(adult[score]), flagged=flag(adult[verdict]))
        for name, own, verdict, score in HARMS
    )
    return ModerationResult(categories=categories, flagged=any(item.flagged for item in categories))


def caption_of(body: Any, image: Image, *, language: str) -> CaptionResult:
    """Captions, and the words beside them."""
    description = body["description"]
    return CaptionResult(
        captions=tuple(
            Caption(text=string(item["text"]), confidence=decimal(item["confidence"]))
            for item in items(description["captions"])
        ),
        tags=tuple(string(tag) for tag in items(description["tags"])),
        language=language,
    )


def logos_of(body: Any, image: Image) -> LogosResult:
    """Brands."""
    return LogosResult(
        logos=tuple(
            Logo(
                name=string(item["name"]),
                confidence=decimal(item["confidence"]),
                box=_box(item["rectangle"], body, image),
            )
            for item in items(body["brands"])
        )
    )


def landmarks_of(body: Any, image: Image) -> LandmarksResult:
    """Landmarks. The service does not say where they are."""
    found = [
        Landmark(name=string(item["name"]), confidence=decimal(item["confidence"]))
        for item in _specialities(body, "landmarks")
    ]
    return LandmarksResult(landmarks=tuple(dict.fromkeys(found)))


def celebrities_of(body: Any, image: Image) -> CelebritiesResult:
    """Celebrities, with the places of their faces."""
    found = [
        Celebrity(
            name=string(item["name"]),
            confidence=decimal(item["confidence"]),
            box=_face_box(item["faceRectangle"], body, image),
        )
        for item in _specialities(body, "celebrities")
    ]
    return CelebritiesResult(celebrities=tuple(dict.fromkeys(found)))


def colors_of(body: Any, image: Image) -> ColorsResult:
    """Colours by name; of the accent alone it is said which red, green and blue it is."""
    color = body["color"]
    red, green, blue = bytes.fromhex(string(color["accentColor"]).removeprefix("#"))
    return ColorsResult(
        colors=tuple(Color(name=string(name)) for name in items(color["dominantColors"])),
        foreground=(Color(name=string(color["dominantColorForeground"])),),
        background=(Color(name=string(color["dominantColorBackground"])),),
        accent=Color(red=red, green=green, blue=blue),
        # Both spellings were seen, also in one answer (recordings analyze-many-features-v3_1, analyze-waterfall-...).
        black_and_white=flag(color["isBWImg"] if "isBWImg" in color else color["isBwImg"]),
    )


def crop_hints_of(body: Any, image: Image) -> CropHintsResult:
    """The one area of interest."""
    return CropHintsResult(hints=(CropHint(box=_box(body["areaOfInterest"], body, image)),))


def _specialities(body: Any, name: str) -> list[Any]:
    """What a domain model found: alone under ``result``, or in the details of each category that it is true of."""
    if "result" in body:
        return items(body["result"][name])
    details = [category["detail"] for category in items(body["categories"]) if category.get("detail") is not None]
    return [item for detail in details for item in items(detail.get(name, []))]


def _size(body: Any, image: Image) -> tuple[float, float]:
    """The size of the picture that the boxes refer to."""
    metadata = body.get("metadata")
    if metadata is not None:
        return decimal(metadata["width"]), decimal(metadata["height"])
    if image.size is None:
        raise LookupError("the answer does not say how large the picture is")
    return image.size


def _box(rectangle: Any, body: Any, image: Image) -> Box:
    left, top, width, height = (decimal(rectangle[side]) for side in ("x", "y", "w", "h"))
    return Box.from_pixels(left, top, width, height, size=_size(body, image))


def _face_box(rectangle: Any, body: Any, image: Image) -> Box:
    left, top, width, height = (decimal(rectangle[side]) for side in ("left", "top", "width", "height"))
    return Box.from_pixels(left, top, width, height, size=_size(body, image))


def _parents(item: Mapping[str, Any]) -> tuple[str, ...]:
    found: list[str] = []
    parent = item.get("parent")
    while parent is not None:
        found.append(string(parent["object"]))
        parent = parent.get("parent")
    return tuple(found)


def _age(item: Mapping[str, Any]) -> tuple[int, int] | None:
    if item.get("age") is None:
        return None
    age = whole(item["age"])
    return age, age


def _gender(item: Mapping[str, Any]) -> Gender | None:
    if item.get("gender") is None:
        return None
    known = GENDERS.get(string(item["gender"]))
    return None if known is None else Gender(value=known)
