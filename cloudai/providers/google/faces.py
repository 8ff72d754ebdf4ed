"""Faces as Cloud Vision describes them."""

from __future__ import annotations

from typing import Any

from cloudai.operations.vision import LIKELIHOODS, Face, FacePoint, FaceQuality, Pose, Trait
from cloudai.providers.google.annotate import box, outline, shortest, stated
from cloudai.providers.google.tables import FACE_EMOTIONS, FACE_POINTS, LIKELIHOOD_NAMES

__all__ = ["face"]


def face(annotation: Any, size: tuple[int, int]) -> Face:
    """A face. ``fd_bounding_poly`` is the skin of it, ``bounding_poly`` the head around it."""
    skin = box(annotation.fd_bounding_poly, size) or box(annotation.bounding_poly, size)
    if skin is None:
        raise ValueError("fdBoundingPoly is missing")
    moods = {name: LIKELIHOOD_NAMES.get(getattr(annotation, field)) for name, field in FACE_EMOTIONS.items()}
    likely = {name: likelihood for name, likelihood in moods.items() if likelihood is not None}
    return Face(
        box=skin,
        confidence=stated(annotation.detection_confidence),
        landmarks=tuple(_point(item, size) for item in annotation.landmarks),
        # In all recordings the angles have the signs that ours have: the eyes' line falls to the right where roll is
        # positive, the nose lies right of the middle where pan is, and nearer to the eyes where tilt is.
        pose=Pose(
            roll=shortest(annotation.roll_angle),
            yaw=shortest(annotation.pan_angle),
            pitch=shortest(annotation.tilt_angle),
        ),
        emotions={name: LIKELIHOODS[likelihood] for name, likelihood in likely.items()},
        emotion_likelihoods=likely,
        quality=FaceQuality(
            blurred=_trait(annotation.blurred_likelihood), under_exposed=_trait(annotation.under_exposed_likelihood)
        ),
        headwear=_trait(annotation.headwear_likelihood),
        head=outline(annotation.bounding_poly, size),
    )


def _point(landmark: Any, size: tuple[int, int]) -> FacePoint:
    vendor, name = FACE_POINTS.get(landmark.type_, (str(landmark.type_), "unknown"))
    position, (across, down) = landmark.position, size
    return FacePoint(name=name, x=position.x / across, y=position.y / down, z=position.z / across, vendor_name=vendor)


def _trait(number: int) -> Trait | None:
    likelihood = LIKELIHOOD_NAMES.get(number)
    return None if likelihood is None else Trait(likelihood=likelihood, confidence=LIKELIHOODS[likelihood])
