"""What Cloud Vision answers about a picture, feature by feature: from Google's message to our results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cloudai.operations.vision import (
    LIKELIHOODS,
    Color,
    ColorsResult,
    CropHint,
    CropHintsResult,
    DetectedObject,
    FacesResult,
    GeoPoint,
    Label,
    LabelsResult,
    Landmark,
    LandmarksResult,
    Logo,
    LogosResult,
    ModerationCategory,
    ModerationResult,
    ObjectsResult,
    TextResult,
    WebEntity,
    WebImage,
    WebPage,
    WebResult,
)
from cloudai.providers.google.annotate import box, named, outline, sized, stated, wanted
from cloudai.providers.google.faces import face
from cloudai.providers.google.pages import pages_of
from cloudai.providers.google.tables import LIKELIHOOD_NAMES, SAFE_SEARCH, SAFE_SEARCH_NAMES
from cloudai.types.media import Image
from cloudai.types.value import Result

__all__ = [
    "IN_PIXELS",
    "READERS",
    "read_colors",
    "read_crop_hints",
    "read_faces",
    "read_labels",
    "read_landmarks",
    "read_logos",
    "read_moderation",
    "read_objects",
    "read_text",
    "read_web",
]


def read_labels(response: Any, image: Image) -> LabelsResult:
    return LabelsResult(
        labels=tuple(
            Label(
                name=wanted(item.description, "description"),
                confidence=stated(item.score),
                id=item.mid or None,
                topicality=stated(item.topicality),
            )
            for item in response.label_annotations
        )
    )


def read_objects(response: Any, image: Image) -> ObjectsResult:
    found = []
    for item in response.localized_object_annotations:
        shape = outline(item.bounding_poly, image.size)
        if shape is None:
            raise ValueError("boundingPoly is missing")
        found.append(
            DetectedObject(
                name=wanted(item.name, "name"),
                box=shape.box,
                confidence=stated(item.score),
                polygon=shape,
                id=item.mid or None,
            )
        )
    return ObjectsResult(objects=tuple(found))


def read_faces(response: Any, image: Image) -> FacesResult:
    size = sized(image, "vision.faces")
    return FacesResult(faces=tuple(face(item, size) for item in response.face_annotations))


def read_text(response: Any, image: Image) -> TextResult:
    whole, found = pages_of(response, image.size)
    return TextResult(text=whole, pages=found)


def read_moderation(response: Any, image: Image) -> ModerationResult:
    if not response.HasField("safe_search_annotation"):
        # With all other features nothing means nothing found; here it would pass for a clean picture.
        raise ValueError("safeSearchAnnotation is missing")
    categories = []
    for field in SAFE_SEARCH:
        likelihood = LIKELIHOOD_NAMES.get(getattr(response.safe_search_annotation, field))
        if likelihood is not None:
            categories.append(
                ModerationCategory(
                    name=SAFE_SEARCH_NAMES.get(field, field),
                    vendor_name=field,
                    confidence=LIKELIHOODS[likelihood],
                    likelihood=likelihood,
                )
            )
    return ModerationResult(categories=tuple(categories))


def read_landmarks(response: Any, image: Image) -> LandmarksResult:
    return LandmarksResult(
        landmarks=tuple(
            Landmark(
                name=named(item),
                confidence=stated(item.score),
                box=box(item.bounding_poly, image.size),
                locations=tuple(
                    GeoPoint(latitude=place.lat_lng.latitude, longitude=place.lat_lng.longitude)
                    for place in item.locations
                ),
                id=item.mid or None,
            )
            for item in response.landmark_annotations
        )
    )


def read_logos(response: Any, image: Image) -> LogosResult:
    return LogosResult(
        logos=tuple(
            Logo(
                name=named(item),
                confidence=stated(item.score),
                box=box(item.bounding_poly, image.size),
                id=item.mid or None,
            )
            for item in response.logo_annotations
        )
    )


def read_colors(response: Any, image: Image) -> ColorsResult:
    return ColorsResult(
        colors=tuple(
            Color(
                red=round(item.color.red),
                green=round(item.color.green),
                blue=round(item.color.blue),
                share=stated(item.pixel_fraction),
                score=stated(item.score),
            )
            for item in response.image_properties_annotation.dominant_colors.colors
        )
    )


def read_crop_hints(response: Any, image: Image) -> CropHintsResult:
    hints = []
    for item in response.crop_hints_annotation.crop_hints:
        cut = box(item.bounding_poly, image.size)
        if cut is None:
            raise ValueError("boundingPoly is missing")
        hints.append(CropHint(box=cut, confidence=stated(item.confidence), importance=stated(item.importance_fraction)))
    return CropHintsResult(hints=tuple(hints))


def read_web(response: Any, image: Image) -> WebResult:
    found = response.web_detection
    return WebResult(
        entities=tuple(
            WebEntity(name=item.description or None, score=stated(item.score), id=item.entity_id or None)
            for item in found.web_entities
        ),
        best_guesses=tuple(item.label for item in found.best_guess_labels),
        full_matches=_web_images(found.full_matching_images),
        partial_matches=_web_images(found.partial_matching_images),
        similar=_web_images(found.visually_similar_images),
        pages=tuple(
            WebPage(
                url=wanted(item.url, "url"),
                title=item.page_title or None,
                score=stated(item.score),
                full_matches=_web_images(item.full_matching_images),
                partial_matches=_web_images(item.partial_matching_images),
            )
            for item in found.pages_with_matching_images
        ),
    )


def _web_images(found: Any) -> tuple[WebImage, ...]:
    return tuple(WebImage(url=wanted(item.url, "url"), score=stated(item.score)) for item in found)


READERS: Mapping[str, tuple[str, str, Callable[[Any, Image], Result]]] = {
    "vision.labels": ("LABEL_DETECTION", "label_annotations", read_labels),
    "vision.objects": ("OBJECT_LOCALIZATION", "localized_object_annotations", read_objects),
    "vision.faces": ("FACE_DETECTION", "face_annotations", read_faces),
    "vision.text": ("TEXT_DETECTION", "full_text_annotation", read_text),
    "vision.moderation": ("SAFE_SEARCH_DETECTION", "safe_search_annotation", read_moderation),
    "vision.landmarks": ("LANDMARK_DETECTION", "landmark_annotations", read_landmarks),
    "vision.logos": ("LOGO_DETECTION", "logo_annotations", read_logos),
    "vision.colors": ("IMAGE_PROPERTIES", "image_properties_annotation", read_colors),
    "vision.crop_hints": ("CROP_HINTS", "crop_hints_annotation", read_crop_hints),
    "vision.web": ("WEB_DETECTION", "web_detection", read_web),
}
"""For each operation: its feature, the field of the answer, and how it is read."""

IN_PIXELS = frozenset({"vision.faces", "vision.landmarks", "vision.logos", "vision.crop_hints"})
"""The operations whose answers have places in pixels, and no size to go with them."""
