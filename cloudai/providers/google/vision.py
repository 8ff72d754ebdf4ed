"""Pictures and documents by Cloud Vision.

One picture is one request of BatchAnnotateImages, a document one or more of BatchAnnotateFiles. ``Step.amount`` is the
number of features that Google charges for, on so many pictures or pages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypedDict

from cloudai.errors import InvalidRequestError, UnsupportedError
from cloudai.operations.vision import (
    AnalysisPart,
    AnalysisResult,
    ColorsResult,
    CropHintsResult,
    FacesResult,
    LabelsResult,
    LandmarksResult,
    LogosResult,
    ModerationResult,
    ObjectsResult,
    TextResult,
    WebResult,
)
from cloudai.ports import Port
from cloudai.providers.adapter import picture
from cloudai.providers.analysis import part
from cloudai.providers.google.annotate import ADDRESSES, BUCKETS, annotate, feature, image_rule, refused, sized, unsized
from cloudai.providers.google.answers import (
    IN_PIXELS,
    READERS,
    read_colors,
    read_crop_hints,
    read_faces,
    read_labels,
    read_landmarks,
    read_logos,
    read_moderation,
    read_objects,
    read_text,
    read_web,
)
from cloudai.providers.google.documents import document_type, read_document
from cloudai.types.media import Image
from cloudai.types.value import Result

__all__ = [
    "AnnotateExtra",
    "TextExtra",
    "analyze",
    "colors",
    "crop_hints",
    "faces",
    "labels",
    "landmarks",
    "logos",
    "moderation",
    "objects",
    "text",
    "web",
]

anywhere = picture(lambda settings: image_rule(settings, *ADDRESSES))
with_places = picture(lambda settings: image_rule(settings, *BUCKETS))


class AnnotateExtra(TypedDict, total=False):
    """Options of the vision operations that only Google has."""

    model: str
    """``builtin/stable``, which it takes unless told, or ``builtin/latest``."""


class TextExtra(TypedDict, total=False):
    """Options of ``vision.text`` that only Google has."""

    model: str
    """``builtin/stable``, which it takes unless told, ``builtin/latest`` or ``builtin/weekly``."""
    advanced_ocr_options: Sequence[str]
    """``legacy_layout`` finds blocks and lines by rules in place of a model."""


@anywhere
async def labels(
    port: Port, image: Image, *, max_results: int | None = None, extra: AnnotateExtra | None = None
) -> LabelsResult:
    """Names in English, without places."""
    return read_labels(await annotate(port, image, feature("LABEL_DETECTION", max_results, extra=extra)), image)


@with_places
async def objects(
    port: Port, image: Image, *, max_results: int | None = None, extra: AnnotateExtra | None = None
) -> ObjectsResult:
    """Things with places, each of them on its own."""
    return read_objects(await annotate(port, image, feature("OBJECT_LOCALIZATION", max_results, extra=extra)), image)


@with_places
async def faces(
    port: Port, image: Image, *, max_results: int | None = None, extra: AnnotateExtra | None = None
) -> FacesResult:
    """Faces with 34 points, pose, and likelihoods of four emotions. Google says nothing of age and gender."""
    sized(image, "vision.faces")
    return read_faces(await annotate(port, image, feature("FACE_DETECTION", max_results, extra=extra)), image)


@picture(lambda settings: image_rule(settings, *BUCKETS, pdf=True))
async def text(
    port: Port,
    image: Image,
    *,
    kind: Literal["scene", "document"] | None = None,
    languages: tuple[str, ...] | None = None,
    pages: tuple[int, ...] | None = None,
    extra: TextExtra | None = None,
) -> TextResult:
    """What is written on a picture, or on the pages of a PDF or TIFF. Of a GIF that moves the first frame is read,
    unless pages or ``kind="document"`` say that its frames are meant."""
    options = extra or {}
    mime_type = document_type(image, kind, pages)
    dense = kind == "document" or (kind is None and mime_type is not None)
    asked = feature("DOCUMENT_TEXT_DETECTION" if dense else "TEXT_DETECTION", extra=extra)
    context: dict[str, Any] = {"languageHints": list(languages)} if languages else {}
    # Google gives confidence for documents, and for scenes only when it is told to.
    parameters: dict[str, Any] = {} if dense else {"enableTextDetectionConfidenceScore": True}
    if "advanced_ocr_options" in options:
        parameters["advancedOcrOptions"] = list(options["advanced_ocr_options"])
    if parameters:
        context["textDetectionParams"] = parameters
    if mime_type is not None:
        return await read_document(port, image, mime_type, asked, context, pages)
    if pages is not None and set(pages) != {1}:
        raise InvalidRequestError(f"pages={pages!r}: a {image.format or 'picture'} has one page")
    return read_text(await annotate(port, image, asked, context=context), image)


@anywhere
async def moderation(port: Port, image: Image, *, extra: AnnotateExtra | None = None) -> ModerationResult:
    """Five categories with likelihoods. Google calls none of them a hit, so nothing is flagged."""
    asked = feature("SAFE_SEARCH_DETECTION", extra=extra)
    return read_moderation(await annotate(port, image, asked), image)


@with_places
async def landmarks(
    port: Port, image: Image, *, max_results: int | None = None, extra: AnnotateExtra | None = None
) -> LandmarksResult:
    """Well-known places, with where they are on earth."""
    sized(image, "vision.landmarks")
    return read_landmarks(await annotate(port, image, feature("LANDMARK_DETECTION", max_results, extra=extra)), image)


@with_places
async def logos(
    port: Port, image: Image, *, max_results: int | None = None, extra: AnnotateExtra | None = None
) -> LogosResult:
    """The marks of brands."""
    sized(image, "vision.logos")
    return read_logos(await annotate(port, image, feature("LOGO_DETECTION", max_results, extra=extra)), image)


@anywhere
async def colors(port: Port, image: Image, *, extra: AnnotateExtra | None = None) -> ColorsResult:
    """Dominant colours. There is no ``max_results``: Google takes the number and gives ten all the same
    (googleapis/google-cloud-python, issue 3347 of 2017)."""
    asked = feature("IMAGE_PROPERTIES", extra=extra)
    return read_colors(await annotate(port, image, asked), image)


@with_places
async def crop_hints(
    port: Port, image: Image, *, aspect_ratios: tuple[float, ...] | None = None, extra: AnnotateExtra | None = None
) -> CropHintsResult:
    """One cut for each aspect ratio, or the best one."""
    sized(image, "vision.crop_hints")
    context = {"cropHintsParams": {"aspectRatios": list(aspect_ratios)}} if aspect_ratios else None
    asked = feature("CROP_HINTS", extra=extra)
    return read_crop_hints(await annotate(port, image, asked, context=context), image)


@anywhere
async def web(
    port: Port, image: Image, *, max_results: int | None = None, extra: AnnotateExtra | None = None
) -> WebResult:
    """Pages and pictures on the web, and what they are about."""
    return read_web(await annotate(port, image, feature("WEB_DETECTION", max_results, extra=extra)), image)


@with_places
async def analyze(port: Port, image: Image, *, operations: tuple[str, ...]) -> AnalysisResult:
    """All of it in one request."""
    ready, parts = {}, {}
    for operation in operations:
        if operation not in READERS:
            parts[operation] = AnalysisPart(error=UnsupportedError(f"Google Cloud has no {operation}"))
        elif operation in IN_PIXELS and image.size is None:
            parts[operation] = AnalysisPart(error=unsized(image, operation))
        else:
            ready[operation] = READERS[operation]
    if not ready:
        raise next(item.error for item in parts.values())
    for name, item in parts.items():
        item.error.provider, item.error.operation = port.settings.label, name
    asked = [feature(kind) for kind, _, _ in ready.values()]
    context = {"textDetectionParams": {"enableTextDetectionConfidenceScore": True}} if "vision.text" in ready else None
    response = await annotate(port, image, *asked, context=context)
    for operation, (_, field, read) in ready.items():
        parts[operation] = await part(operation, _read(port, response, field, read, image))
    return AnalysisResult(parts={operation: parts[operation] for operation in operations})


async def _read(port: Port, response: Any, field: str, read: Callable[[Any, Image], Result], image: Image) -> Result:
    """One operation's share of an answer. What is there is right also beside an error; what is not, has failed
    (google-cloud-vision 3.16.0, AnnotateImageResponse.error)."""
    if response.error.code and field not in {filled.name for filled, _ in response.ListFields()}:
        raise refused(port, response.error)
    return read(response, image)
