"""Vision with Amazon Rekognition and Amazon Textract."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Literal, TypedDict

from cloudai.errors import CloudAIError, UnsupportedError
from cloudai.operations.vision import (
    AnalysisPart,
    AnalysisResult,
    AnalyzeRequest,
    CelebritiesResult,
    ColorsResult,
    CompareFacesResult,
    FacesResult,
    LabelsResult,
    ModerationResult,
    ObjectsResult,
    ProtectiveEquipmentResult,
    TextInImageRequest,
    TextResult,
)
from cloudai.ports import Port, Step
from cloudai.providers.adapter import ImageRule, picture
from cloudai.providers.analysis import part
from cloudai.providers.aws import scenes
from cloudai.providers.aws.documents import BUCKET, INLINE, is_document, read_document
from cloudai.providers.aws.lines import of_scene
from cloudai.providers.aws.storage import Place, with_picture
from cloudai.settings import AWS
from cloudai.types.media import Image
from cloudai.types.value import Result

API_VERSION = "2016-06-27"

MEGABYTE = 1_048_576
INLINE_PICTURE = 5 * MEGABYTE
"""Bytes in a request of Rekognition (the model's ImageBlob); more go through the bucket."""
STORED_PICTURE = 15 * MEGABYTE
STORED_DOCUMENT = 500 * MEGABYTE
# Where no other source is named, limits are those of the developer guides' pages on limits and quotas.


def _picture(settings: AWS, *, max_side: int | None = None) -> ImageRule:
    """What Rekognition takes. It turns a JPEG as its Exif says (developer guide, "Getting image orientation and
    bounding box coordinates"), but no PNG."""
    bucket = settings.bucket is not None
    return ImageRule(
        formats=frozenset({"jpeg", "png"}),
        max_bytes=STORED_PICTURE if bucket else INLINE_PICTURE,
        min_side=80,
        max_side=max_side,
        schemes=("s3",),
        turns=frozenset({"jpeg"}),
        way_out=None if bucket else f"name an S3 bucket in AWS(bucket=...), through which {STORED_PICTURE:,} go",
    )


_sized = partial(_picture, max_side=10_000)


def _equipment(settings: AWS) -> ImageRule:
    return replace(_picture(settings), max_bytes=4 * MEGABYTE, min_side=64, max_side=4_096, way_out=None)


def _text(settings: AWS) -> Callable[[TextInImageRequest, Image], ImageRule]:
    """Scenes are Rekognition's, documents Textract's, of which nothing says that it knows Exif."""
    bucket = settings.bucket is not None
    page = ImageRule(
        formats=frozenset({"jpeg", "png", "pdf", "tiff"}), max_bytes=INLINE, max_side=10_000, schemes=("s3",)
    )
    file = replace(page, max_bytes=STORED_DOCUMENT if bucket else INLINE, way_out=None if bucket else BUCKET)

    def choose(request: TextInImageRequest, image: Image) -> ImageRule:
        if not _as_document(request.kind, image):
            return _picture(settings)
        return file if is_document(image) else page

    return choose


def _as_document(kind: str | None, image: Image) -> bool:
    return kind == "document" or (kind is None and is_document(image))


def _analysis(settings: AWS) -> Callable[[AnalyzeRequest, Image], ImageRule]:
    def choose(request: AnalyzeRequest, image: Image) -> ImageRule:
        return _sized(settings) if SIZED.intersection(request.operations) else _picture(settings)

    return choose


class LabelsExtra(TypedDict, total=False):
    """Options of ``vision.labels`` that only AWS has: labels, or categories of them, to look for or to leave out."""

    include: Sequence[str]
    exclude: Sequence[str]
    include_categories: Sequence[str]
    exclude_categories: Sequence[str]


_FILTERS: Mapping[str, str] = {
    "include": "LabelInclusionFilters",
    "exclude": "LabelExclusionFilters",
    "include_categories": "LabelCategoryInclusionFilters",
    "exclude_categories": "LabelCategoryExclusionFilters",
}


class ModerationExtra(TypedDict, total=False):
    """Options of ``vision.moderation`` that only AWS has."""

    project_version: str
    """The ARN of a custom moderation adapter."""


class CompareFacesExtra(TypedDict, total=False):
    """Options of ``vision.compare_faces`` that only AWS has."""

    quality_filter: Literal["NONE", "AUTO", "LOW", "MEDIUM", "HIGH"]
    """How good a face has to be seen to be compared."""


@picture(_sized)
async def labels(
    port: Port,
    image: Image,
    *,
    max_results: int | None = None,
    min_confidence: float | None = None,
    extra: LabelsExtra | None = None,
) -> LabelsResult:
    filters = {_FILTERS[name]: list(names) for name, names in (extra or {}).items()}  # type: ignore[call-overload]
    options = {
        "MaxLabels": max_results,
        "MinConfidence": _percent(min_confidence),
        "Settings": {"GeneralLabels": filters} if filters else None,
    }
    body = await _ask(port, "DetectLabels", image, Features=["GENERAL_LABELS"], **options)
    _model(port, body, "LabelModelVersion")
    return scenes.labels(body)


@picture(_sized)
async def objects(port: Port, image: Image, *, min_confidence: float | None = None) -> ObjectsResult:
    body = await _ask(port, "DetectLabels", image, Features=["GENERAL_LABELS"], MinConfidence=_percent(min_confidence))
    _model(port, body, "LabelModelVersion")
    return scenes.objects(body, min_confidence)


@picture(_picture)
async def faces(port: Port, image: Image, *, attributes: bool = True) -> FacesResult:
    return scenes.faces(await _ask(port, "DetectFaces", image, Attributes=["ALL" if attributes else "DEFAULT"]))


@picture(_text)
async def text(
    port: Port,
    image: Image,
    *,
    kind: Literal["scene", "document"] | None = None,
    pages: tuple[int, ...] | None = None,
) -> TextResult:
    if _as_document(kind, image):
        return await read_document(port, image, pages)
    body = await _ask(port, "DetectText", image)
    _model(port, body, "TextModelVersion")
    found = of_scene(body, image)
    return found if pages is None or 1 in pages else TextResult(text="", pages=())


@picture(_sized)
async def moderation(
    port: Port, image: Image, *, min_confidence: float | None = None, extra: ModerationExtra | None = None
) -> ModerationResult:
    body = await _ask(
        port,
        "DetectModerationLabels",
        image,
        MinConfidence=_percent(min_confidence),
        ProjectVersion=(extra or {}).get("project_version"),
    )
    _model(port, body, "ModerationModelVersion")
    return scenes.moderation(body)


@picture(_picture)
async def celebrities(port: Port, image: Image) -> CelebritiesResult:
    return scenes.celebrities(await _ask(port, "RecognizeCelebrities", image))


@picture(_sized)
async def colors(port: Port, image: Image, *, max_results: int | None = None) -> ColorsResult:
    settings = None if max_results is None else {"ImageProperties": {"MaxDominantColors": max_results}}
    body = await _ask(port, "DetectLabels", image, Features=["IMAGE_PROPERTIES"], Settings=settings)
    _model(port, body, "LabelModelVersion")
    return scenes.colors(body)


@picture(_picture)
async def compare_faces(
    port: Port,
    image: Image,
    target: Image,
    *,
    min_similarity: float | None = None,
    extra: CompareFacesExtra | None = None,
) -> CompareFacesResult:
    options = {
        "SimilarityThreshold": _percent(min_similarity),
        "QualityFilter": (extra or {}).get("quality_filter"),
    }

    async def compare(source: Place, wanted: Place) -> Any:
        return await _send(port, "CompareFaces", {"SourceImage": source, "TargetImage": wanted, **options})

    body = await with_picture(
        port,
        image,
        INLINE_PICTURE,
        lambda source: with_picture(port, target, INLINE_PICTURE, partial(compare, source)),
    )
    return scenes.compare_faces(body)


@picture(_equipment)
async def protective_equipment(port: Port, image: Image) -> ProtectiveEquipmentResult:
    body = await _ask(port, "DetectProtectiveEquipment", image)
    _model(port, body, "ProtectiveEquipmentModelVersion")
    return scenes.protective_equipment(body)


@picture(_analysis)
async def analyze(port: Port, image: Image, *, operations: tuple[str, ...]) -> AnalysisResult:
    """One call for labels, objects and colours together, and one for each other operation, all at once; a picture that
    goes through the bucket goes there once."""
    wanted = [name for name in operations if name in _ANALYSES or name in _OF_LABELS]
    if not wanted:
        raise UnsupportedError(f"Amazon Rekognition has none of {', '.join(operations)}")
    of_labels = [name for name in wanted if name in _OF_LABELS]
    others = [name for name in wanted if name not in _OF_LABELS]

    async def answer(place: Place) -> dict[str, AnalysisPart]:
        runs = [partial(_labelled, port, place, of_labels)] if of_labels else []
        runs += [partial(_single, port, place, image, name) for name in others]
        found = await port.gather(runs)
        return {name: item for answered in found for name, item in answered.items()}

    parts = await with_picture(port, image, INLINE_PICTURE, answer)
    if all(item.error is not None for item in parts.values()):
        raise parts[wanted[0]].error
    return AnalysisResult(parts={name: parts.get(name) or _missing(name) for name in operations})


async def _labelled(port: Port, place: Place, names: Sequence[str]) -> dict[str, AnalysisPart]:
    """What can be read from one DetectLabels."""
    features = [feature for feature in FEATURES if any(_OF_LABELS[name][0] == feature for name in names)]
    try:
        # Each feature is charged for as an image (pricing page, "Image Properties").
        body = await _send(port, "DetectLabels", {"Image": place, "Features": features}, amount=len(features))
    except CloudAIError as error:
        return {name: AnalysisPart(error=error) for name in names}
    return {name: await part(name, _later(_OF_LABELS[name][1], body)) for name in names}


async def _single(port: Port, place: Place, image: Image, name: str) -> dict[str, AnalysisPart]:
    operation, options, read = _ANALYSES[name]

    async def run() -> Result:
        return read(await _send(port, operation, {"Image": place, **options}), image)

    return {name: await part(name, run())}


async def _later(read: Callable[[Any], Result], body: Any) -> Result:
    return read(body)


def _missing(name: str) -> AnalysisPart:
    return AnalysisPart(error=UnsupportedError(f"Amazon Web Services has no {name}", provider="aws", operation=name))


FEATURES = ("GENERAL_LABELS", "IMAGE_PROPERTIES")
_OF_LABELS: Mapping[str, tuple[str, Callable[[Any], Result]]] = {
    "vision.labels": (FEATURES[0], scenes.labels),
    "vision.objects": (FEATURES[0], scenes.objects),
    "vision.colors": (FEATURES[1], scenes.colors),
}
"""What DetectLabels answers, with the feature that has to be asked for."""
_ANALYSES: Mapping[str, tuple[str, Mapping[str, Any], Callable[[Any, Image], Result]]] = {
    "vision.faces": ("DetectFaces", {"Attributes": ["ALL"]}, lambda body, _: scenes.faces(body)),
    "vision.text": ("DetectText", {}, of_scene),
    "vision.moderation": ("DetectModerationLabels", {}, lambda body, _: scenes.moderation(body)),
    "vision.celebrities": ("RecognizeCelebrities", {}, lambda body, _: scenes.celebrities(body)),
    "vision.protective_equipment": (
        "DetectProtectiveEquipment",
        {},
        lambda body, _: scenes.protective_equipment(body),
    ),
}
SIZED = frozenset({*_OF_LABELS, "vision.moderation"})
"""What has a largest side."""


async def _ask(port: Port, operation: str, image: Image, **options: Any) -> Any:
    """The answer to an operation on one picture. Options that are None are left to the vendor."""
    return await with_picture(
        port, image, INLINE_PICTURE, lambda place: _send(port, operation, {"Image": place, **options})
    )


async def _send(port: Port, operation: str, params: Mapping[str, Any], *, amount: int = 1) -> Any:
    given = {name: value for name, value in params.items() if value is not None}
    reply = await port.send(
        Step(service="rekognition", operation=operation, params=given, amount=amount, api_version=API_VERSION)
    )
    return reply.body


def _percent(share: float | None) -> float | None:
    # 0.55 * 100 is a little more than 55.
    return None if share is None else round(share * 100, 6)


def _model(port: Port, body: Mapping[str, Any], name: str) -> None:
    port.note(model=body.get(name))
