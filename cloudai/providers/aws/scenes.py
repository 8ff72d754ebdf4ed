"""What Rekognition's answers say, as results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudai.operations.vision import (
    BodyPart,
    CelebritiesResult,
    Celebrity,
    Color,
    ColorsResult,
    CompareFacesResult,
    DetectedObject,
    Equipment,
    FaceMatch,
    FacesResult,
    ImageQuality,
    Label,
    LabelsResult,
    ModerationCategory,
    ModerationResult,
    ObjectsResult,
    ProtectedPerson,
    ProtectiveEquipmentResult,
)
from cloudai.providers.aws.faces import face
from cloudai.providers.aws.places import box, listed, share, truth, whole
from cloudai.providers.aws.reading import items, word
from cloudai.providers.aws.vision_tables import BODY_PARTS, EQUIPMENT, KNOWN_GENDERS, MODERATION

__all__ = [
    "celebrities",
    "colors",
    "compare_faces",
    "faces",
    "labels",
    "moderation",
    "objects",
    "protective_equipment",
]


def labels(body: Mapping[str, Any]) -> LabelsResult:
    return LabelsResult(labels=tuple(_label(item) for item in items(body["Labels"])))


def _label(item: Mapping[str, Any]) -> Label:
    places = listed(item, "Instances")
    return Label(
        name=word(item["Name"]),
        confidence=share(item["Confidence"]),
        parents=_names(item, "Parents"),
        categories=_names(item, "Categories"),
        boxes=tuple(box(place["BoundingBox"]) for place in places),
        box_confidences=tuple(share(place["Confidence"]) for place in places),
        aliases=_names(item, "Aliases"),
    )


def _names(item: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(word(part["Name"]) for part in listed(item, name))


def objects(body: Mapping[str, Any], least: float | None = None) -> ObjectsResult:
    """Each instance of each label is an object. Rekognition holds a threshold against the label, whose confidence is
    another; so it is held against the instances here."""
    found = [
        DetectedObject(name=label.name, box=place, confidence=confidence, parents=label.parents)
        for label in labels(body)
        for place, confidence in zip(label.boxes, label.box_confidences, strict=True)
    ]
    return ObjectsResult(objects=tuple(item for item in found if least is None or (item.confidence or 0.0) >= least))


def faces(body: Mapping[str, Any]) -> FacesResult:
    return FacesResult(faces=tuple(face(item) for item in items(body["FaceDetails"])))


def moderation(body: Mapping[str, Any]) -> ModerationResult:
    found = tuple(_category(item) for item in items(body["ModerationLabels"]))
    kinds = tuple(
        Label(name=word(item["Name"]), confidence=share(item["Confidence"])) for item in listed(body, "ContentTypes")
    )
    # Only what is over the threshold, asked for or the vendor's 50, is listed.
    return ModerationResult(categories=found, flagged=bool(found), content_types=kinds)


def _category(item: Mapping[str, Any]) -> ModerationCategory:
    name = word(item["Name"])
    # The parent stands in the list as well, with a parent without letters.
    parent = word(item["ParentName"]) or None
    common = MODERATION.get(name.lower()) or MODERATION.get((parent or "").lower(), "other")
    # Models before 7 do not state the level. Their tree has two.
    level = whole(item["TaxonomyLevel"]) if "TaxonomyLevel" in item else 1 if parent is None else 2
    return ModerationCategory(
        name=common, vendor_name=name, parent=parent, level=level, confidence=share(item["Confidence"]), flagged=True
    )


def celebrities(body: Mapping[str, Any]) -> CelebritiesResult:
    return CelebritiesResult(
        celebrities=tuple(_celebrity(item) for item in items(body["CelebrityFaces"])),
        unrecognized=tuple(face(item) for item in items(body["UnrecognizedFaces"])),
    )


def _celebrity(item: Mapping[str, Any]) -> Celebrity:
    found = face(item["Face"])
    return Celebrity(
        name=word(item["Name"]),
        confidence=share(item["MatchConfidence"]),
        box=found.box,
        links=tuple(word(link) for link in items(item["Urls"])),
        id=word(item["Id"]),
        face=found,
        gender=KNOWN_GENDERS[item["KnownGender"]["Type"]] if "KnownGender" in item else None,
    )


def colors(body: Mapping[str, Any]) -> ColorsResult:
    found = body["ImageProperties"]
    nothing: Mapping[str, Any] = {"DominantColors": []}
    # A picture need not have both.
    front, back = found.get("Foreground", nothing), found.get("Background", nothing)
    return ColorsResult(
        colors=_colors(found),
        foreground=_colors(front),
        background=_colors(back),
        quality=_quality(found),
        foreground_quality=_quality(front),
        background_quality=_quality(back),
    )


def _colors(found: Mapping[str, Any]) -> tuple[Color, ...]:
    return tuple(_color(item) for item in items(found["DominantColors"]))


def _color(item: Mapping[str, Any]) -> Color:
    return Color(
        red=whole(item["Red"]),
        green=whole(item["Green"]),
        blue=whole(item["Blue"]),
        name=word(item["CSSColor"]),
        group=word(item["SimplifiedColor"]),
        share=share(item["PixelPercent"]),
    )


def _quality(found: Mapping[str, Any]) -> ImageQuality | None:
    if "Quality" not in found:
        return None
    said = found["Quality"]
    return ImageQuality(
        brightness=share(said["Brightness"]),
        sharpness=share(said["Sharpness"]),
        # There is none of a foreground or background.
        contrast=share(said["Contrast"]) if "Contrast" in said else None,
    )


def compare_faces(body: Mapping[str, Any]) -> CompareFacesResult:
    return CompareFacesResult(
        matches=tuple(
            FaceMatch(face=face(item["Face"]), similarity=share(item["Similarity"]))
            for item in items(body["FaceMatches"])
        ),
        unmatched=tuple(face(item) for item in items(body["UnmatchedFaces"])),
        source=face(body["SourceImageFace"]),
    )


def protective_equipment(body: Mapping[str, Any]) -> ProtectiveEquipmentResult:
    return ProtectiveEquipmentResult(persons=tuple(_person(item) for item in items(body["Persons"])))


def _person(item: Mapping[str, Any]) -> ProtectedPerson:
    return ProtectedPerson(
        box=box(item["BoundingBox"]),
        confidence=share(item["Confidence"]),
        parts=tuple(_body_part(part) for part in items(item["BodyParts"])),
        id=whole(item["Id"]),
    )


def _body_part(item: Mapping[str, Any]) -> BodyPart:
    name = word(item["Name"])
    return BodyPart(
        name=BODY_PARTS.get(name, name.lower()),
        confidence=share(item["Confidence"]),
        equipment=tuple(_piece(piece) for piece in items(item["EquipmentDetections"])),
    )


def _piece(item: Mapping[str, Any]) -> Equipment:
    name, covers = word(item["Type"]), item["CoversBodyPart"]
    return Equipment(
        name=EQUIPMENT.get(name, name.lower()),
        box=box(item["BoundingBox"]),
        confidence=share(item["Confidence"]),
        covers=truth(covers["Value"]),
        covers_confidence=share(covers["Confidence"]),
    )
