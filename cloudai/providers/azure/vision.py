"""Vision with Azure: Computer Vision 3.2, through its SDK.

Places come in pixels of the picture, and in inches of a PDF; the answers state the size that they refer to. Of faces
the service says where they are and, where it still does, age and gender. There is no search of the web.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Literal, TypedDict

from cloudai.errors import CloudAIError, UnsupportedError
from cloudai.operations.vision import (
    AnalysisPart,
    AnalysisResult,
    CaptionResult,
    CelebritiesResult,
    ColorsResult,
    CropHintsResult,
    FacesResult,
    LabelsResult,
    LandmarksResult,
    LogosResult,
    ModerationResult,
    ObjectsResult,
    TextResult,
)
from cloudai.ports import Port, Reply, Step
from cloudai.providers.adapter import picture
from cloudai.providers.analysis import part
from cloudai.providers.azure import pictures, readpages
from cloudai.providers.azure.jobs import finished
from cloudai.providers.azure.tables import DEFAULT_LANGUAGE
from cloudai.providers.azure.vision_tables import (
    ANALYZE_RULE,
    DETAILS,
    FEATURES,
    IMAGE_LANGUAGES,
    OCR_LANGUAGES,
    READ_LANGUAGES,
    READ_RULE,
    VISION_VERSION,
)
from cloudai.types.media import Image
from cloudai.types.value import Result

__all__ = [
    "ModelChoice",
    "ReadOptions",
    "analyze",
    "caption",
    "celebrities",
    "colors",
    "crop_hints",
    "faces",
    "labels",
    "landmarks",
    "logos",
    "moderation",
    "objects",
    "text",
]


class ModelChoice(TypedDict, total=False):
    """What can be said of the model that is asked, in ``extra={"azure": ...}``."""

    model_version: str
    """Such as ``2021-05-01``; the latest one unless it is said."""


class ReadOptions(ModelChoice, total=False):
    """How text is read, in ``extra={"azure": ...}``."""

    api: Literal["read", "ocr"]
    """``ocr`` is the old way: one answer at once, printed text only, no confidence, and few languages."""
    reading_order: Literal["basic", "natural"]
    """The order of the lines: left to right and top to bottom, or as a person reads columns (Latin scripts only)."""


@picture(ANALYZE_RULE)
async def labels(
    port: Port, image: Image, *, language: str | None = None, extra: ModelChoice | None = None
) -> LabelsResult:
    """Tags, without places. The hint of a tag becomes its parent."""
    reply = await _ask(port, "tag_image", image, extra, **_spoken(language, IMAGE_LANGUAGES))
    return pictures.labels_of(reply.body, image)


@picture(ANALYZE_RULE)
async def objects(port: Port, image: Image, *, extra: ModelChoice | None = None) -> ObjectsResult:
    """Things, each with the chain of its wider names."""
    reply = await _ask(port, "detect_objects", image, extra)
    return pictures.objects_of(reply.body, image)


@picture(ANALYZE_RULE)
async def faces(port: Port, image: Image, *, extra: ModelChoice | None = None) -> FacesResult:
    """Faces. Azure has withdrawn gender and limited age: both are None where it does not say them."""
    reply = await _ask(port, "analyze_image", image, extra, visual_features=["Faces"])
    return pictures.faces_of(reply.body, image)


@picture(ANALYZE_RULE)
async def moderation(port: Port, image: Image, *, extra: ModelChoice | None = None) -> ModerationResult:
    """Explicit, suggestive and gory content, always all three, each with Azure's own flag beside its score."""
    reply = await _ask(port, "analyze_image", image, extra, visual_features=["Adult"])
    return pictures.moderation_of(reply.body, image)


@picture(ANALYZE_RULE)
async def caption(
    port: Port,
    image: Image,
    *,
    max_results: int | None = None,
    language: str | None = None,
    extra: ModelChoice | None = None,
) -> CaptionResult:
    """One caption unless more are asked for, the best first."""
    options = _spoken(language, IMAGE_LANGUAGES)
    if max_results is not None:
        options["max_candidates"] = max_results
    reply = await _ask(port, "describe_image", image, extra, **options)
    return pictures.caption_of(reply.body, image, language=language or DEFAULT_LANGUAGE)


@picture(ANALYZE_RULE)
async def landmarks(port: Port, image: Image, *, extra: ModelChoice | None = None) -> LandmarksResult:
    """Well-known places by name: Azure says neither where on the picture nor where on earth they are."""
    reply = await _ask(port, "analyze_image_by_domain", image, extra, model="landmarks")
    return pictures.landmarks_of(reply.body, image)


@picture(ANALYZE_RULE)
async def logos(port: Port, image: Image, *, extra: ModelChoice | None = None) -> LogosResult:
    """Brands."""
    reply = await _ask(port, "analyze_image", image, extra, visual_features=["Brands"])
    return pictures.logos_of(reply.body, image)


@picture(ANALYZE_RULE)
async def celebrities(port: Port, image: Image, *, extra: ModelChoice | None = None) -> CelebritiesResult:
    """Well-known persons. Azure wants to be asked for access first, and refuses whoever has none."""
    reply = await _ask(port, "analyze_image_by_domain", image, extra, model="celebrities")
    return pictures.celebrities_of(reply.body, image)


@picture(ANALYZE_RULE)
async def colors(port: Port, image: Image, *, extra: ModelChoice | None = None) -> ColorsResult:
    """Dominant, foreground and background colours by name, of twelve; the accent as red, green and blue."""
    reply = await _ask(port, "analyze_image", image, extra, visual_features=["Color"])
    return pictures.colors_of(reply.body, image)


@picture(ANALYZE_RULE)
async def crop_hints(port: Port, image: Image, *, extra: ModelChoice | None = None) -> CropHintsResult:
    """The one area of interest, whatever its shape."""
    reply = await _ask(port, "get_area_of_interest", image, extra)
    return pictures.crop_hints_of(reply.body, image)


@picture(READ_RULE)
async def text(
    port: Port,
    image: Image,
    *,
    kind: Literal["scene", "document"] | None = None,
    languages: Sequence[str] | None = None,
    pages: Sequence[int] | None = None,
    extra: ReadOptions | None = None,
) -> TextResult:
    """Read finds the language by itself, also several on one page; a language that is named is the only one it reads.

    It reads scenes and documents alike. Lines come from left to right and top to bottom, or, for
    ``kind="document"``, in the order in which a person would read columns.
    """
    options = extra or {}
    if languages is not None and len(languages) > 1:
        raise UnsupportedError(
            f"Azure reads in one language, or finds out by itself which ones there are: name one or none, not"
            f" {', '.join(languages)}"
        )
    language = languages[0] if languages else None
    if options.get("api") == "ocr":
        if pages is not None:
            raise UnsupportedError("Azure's old OCR knows no pages; without extra={'azure': {'api': 'ocr'}} it does")
        return await _printed_text(port, image, language, options)
    params = _spoken(language, READ_LANGUAGES)
    if pages is not None:
        params["pages"] = [str(page) for page in pages]
    order = options.get("reading_order", "natural" if kind == "document" else None)
    if order is not None:
        params["reading_order"] = order
    # How many pages there are is known when they are read; until then those count that were asked for.
    submitted = await _ask(port, "read", image, options, amount=len(pages or (1,)), aside=True, **params)
    operation = readpages.operation_of(submitted.headers["operation-location"])
    status = Step(
        service="vision",
        operation="get_read_result",
        params={"operation_id": operation},
        api_version=VISION_VERSION,
    )
    reply = await port.poll(status, done=lambda reply: finished(reply.body))
    result = readpages.result_of(reply.body)
    found = readpages.pages_of(result)
    port.note(model=pictures.model_of(result), metered={"pages": len(found)})
    return readpages.text_of(found)


@picture(ANALYZE_RULE)
async def analyze(
    port: Port, image: Image, *, operations: Sequence[str], extra: ModelChoice | None = None
) -> AnalysisResult:
    """One call for all that Analyze Image can answer; text and crop hints take calls of their own, at the same time.

    Landmarks and celebrities are then found only where the picture is of a category that may hold them, such as
    buildings or people; asked for alone, a model of their own looks for them.
    """
    wanted = [name for name in operations if name in _ALONE]
    if not wanted:
        raise UnsupportedError(f"Azure has none of {', '.join(operations)}")
    shared = [name for name in wanted if name in _SHARED]
    if len(shared) == 1:
        shared = []
    calls = [partial(_alone, port, image, name, extra) for name in wanted if name not in shared]
    if shared:
        calls.insert(0, partial(_together, port, image, shared, extra))
    parts = {name: found for answered in await port.gather(calls) for name, found in answered.items()}
    if all(found.error is not None for found in parts.values()):
        # Nothing is left of the call, so it fails as a whole: the next vendor may answer it.
        raise parts[wanted[0]].error
    return AnalysisResult(parts={name: parts.get(name) or _missing(port, name) for name in operations})


_ALONE: Mapping[str, Callable[..., Any]] = {
    "vision.labels": labels,
    "vision.objects": objects,
    "vision.faces": faces,
    "vision.text": text,
    "vision.moderation": moderation,
    "vision.caption": caption,
    "vision.landmarks": landmarks,
    "vision.logos": logos,
    "vision.celebrities": celebrities,
    "vision.colors": colors,
    "vision.crop_hints": crop_hints,
}

_SHARED: Mapping[str, Callable[[Any, Image], Result]] = {
    "vision.labels": pictures.labels_of,
    "vision.objects": pictures.objects_of,
    "vision.faces": pictures.faces_of,
    "vision.moderation": pictures.moderation_of,
    "vision.caption": partial(pictures.caption_of, language=DEFAULT_LANGUAGE),
    "vision.landmarks": pictures.landmarks_of,
    "vision.logos": pictures.logos_of,
    "vision.celebrities": pictures.celebrities_of,
    "vision.colors": pictures.colors_of,
}
"""How the answer of Analyze Image is read for each operation that it answers."""


# --- the steps -------------------------------------------------------------------------------------------------------


async def _ask(
    port: Port,
    operation: str,
    image: Image,
    extra: ModelChoice | None,
    *,
    amount: int = 1,
    aside: bool = False,
    **options: Any,
) -> Reply:
    """The answer of one method of the SDK's client."""
    version = (extra or {}).get("model_version")
    reply = await port.send(
        Step(
            service="vision",
            operation=operation,
            params={
                **({"url": image.address} if image.data is None else {"image": image.data}),
                **options,
                **({} if version is None else {"model_version": version}),
            },
            amount=amount,
            aside=aside,
            api_version=VISION_VERSION,
        )
    )
    if not aside:
        port.note(model=pictures.model_of(reply.body))
    return reply


async def _printed_text(port: Port, image: Image, language: str | None, options: ReadOptions) -> TextResult:
    spoken = _spoken(language, OCR_LANGUAGES)
    reply = await _ask(port, "recognize_printed_text", image, options, detect_orientation=True, **spoken)
    return readpages.text_of([readpages.printed_page_of(reply.body, image)])


def _missing(port: Port, name: str) -> AnalysisPart:
    error = UnsupportedError(f"Azure has no {name}", provider=port.settings.label, operation=name)
    return AnalysisPart(error=error)


async def _alone(port: Port, image: Image, name: str, extra: ModelChoice | None) -> dict[str, AnalysisPart]:
    return {name: await part(name, _ALONE[name](port, image, extra=extra))}


async def _together(
    port: Port, image: Image, names: Sequence[str], extra: ModelChoice | None
) -> dict[str, AnalysisPart]:
    """What one call of Analyze Image says to several operations."""
    features = [FEATURES[name] for name in names if name in FEATURES]
    details = [DETAILS[name] for name in names if name in DETAILS]
    options: dict[str, Any] = {"visual_features": [*features, *(["Categories"] if details else [])]}
    if details:
        options["details"] = details
    try:
        reply = await _ask(port, "analyze_image", image, extra, amount=len(names), **options)
    except UnsupportedError:
        # One feature that this resource may not use, such as celebrities, has cost all of them their answer.
        found = await port.gather([partial(_alone, port, image, name, extra) for name in names])
        return {name: item for answered in found for name, item in answered.items()}
    except CloudAIError as error:
        return {name: AnalysisPart(error=error) for name in names}
    return {name: await part(name, _read(_SHARED[name], reply.body, image)) for name in names}


async def _read(reader: Callable[[Any, Image], Result], body: Any, image: Image) -> Result:
    return reader(body, image)


def _spoken(language: str | None, own: Mapping[str, str]) -> dict[str, Any]:
    """The option for a language, as the service spells it; one that it does not know is left for it to refuse."""
    if language is None:
        return {}
    first, *rest = language.split("-")
    if first == "zh":
        bare = "zh-Hant" if {"Hant", "TW", "HK", "MO"} & set(rest) else "zh-Hans"
    else:
        # A region alone makes no difference here; a script does.
        bare = first if len(rest) == 1 and (len(rest[0]) == 2 or rest[0].isdigit()) else language
    return {"language": own.get(bare, bare)}
