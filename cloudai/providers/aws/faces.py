"""Faces as Rekognition describes them: in full (FaceDetail), or as one that was compared (ComparedFace)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from cloudai.operations.vision import Face, FacePoint, FaceQuality, Gender, Pose, Trait
from cloudai.providers.aws.places import box, listed, share, truth, whole
from cloudai.providers.aws.reading import number, word
from cloudai.providers.aws.vision_tables import EMOTIONS, FACE_POINTS, GENDERS

__all__ = ["face"]

T = TypeVar("T")


def face(detail: Mapping[str, Any]) -> Face:
    """A face. Box and confidence are always there; the rest depends on the operation and on what was asked for."""
    return Face(
        box=box(detail["BoundingBox"]),
        confidence=share(detail["Confidence"]),
        landmarks=tuple(_point(item) for item in listed(detail, "Landmarks")),
        pose=_given(detail, "Pose", _pose),
        age=_given(detail, "AgeRange", _age),
        gender=_given(detail, "Gender", _gender),
        # In no order: the first one need not be the strongest.
        emotions={_emotion(item["Type"]): share(item["Confidence"]) for item in listed(detail, "Emotions")},
        quality=_given(detail, "Quality", _quality),
        gaze=_given(detail, "EyeDirection", lambda gaze: Pose(yaw=number(gaze["Yaw"]), pitch=number(gaze["Pitch"]))),
        gaze_confidence=_given(detail, "EyeDirection", lambda gaze: share(gaze["Confidence"])),
        smile=_given(detail, "Smile", _trait),
        beard=_given(detail, "Beard", _trait),
        mustache=_given(detail, "Mustache", _trait),
        eyeglasses=_given(detail, "Eyeglasses", _trait),
        sunglasses=_given(detail, "Sunglasses", _trait),
        eyes_open=_given(detail, "EyesOpen", _trait),
        mouth_open=_given(detail, "MouthOpen", _trait),
        occluded=_given(detail, "FaceOccluded", _trait),
    )


def _given(detail: Mapping[str, Any], name: str, read: Callable[[Any], T]) -> T | None:
    return read(detail[name]) if name in detail else None


def _point(item: Mapping[str, Any]) -> FacePoint:
    name = word(item["Type"])
    return FacePoint(name=FACE_POINTS.get(name, name), x=number(item["X"]), y=number(item["Y"]), vendor_name=name)


def _pose(item: Mapping[str, Any]) -> Pose:
    # The signs are as ours: seen in the recordings by where nose and eyes lie. The documentation does not say.
    return Pose(roll=number(item["Roll"]), yaw=number(item["Yaw"]), pitch=number(item["Pitch"]))


def _quality(item: Mapping[str, Any]) -> FaceQuality:
    return FaceQuality(brightness=share(item["Brightness"]), sharpness=share(item["Sharpness"]))


def _age(item: Mapping[str, Any]) -> tuple[int, int]:
    return whole(item["Low"]), whole(item["High"])


def _gender(item: Mapping[str, Any]) -> Gender:
    return Gender(value=GENDERS[item["Value"]], confidence=share(item["Confidence"]))


def _emotion(name: Any) -> str:
    return EMOTIONS.get(word(name)) or name.lower()


def _trait(item: Mapping[str, Any]) -> Trait:
    return Trait(present=truth(item["Value"]), confidence=share(item["Confidence"]))
