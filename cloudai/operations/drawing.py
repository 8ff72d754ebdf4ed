"""What each result of vision shows on a picture."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import singledispatch
from typing import TYPE_CHECKING

from cloudai.errors import InvalidRequestError, UnsupportedFormatError
from cloudai.operations.vision import (
    AnalysisResult,
    CaptionResult,
    CelebritiesResult,
    Color,
    ColorsResult,
    CompareFacesResult,
    CropHintsResult,
    Face,
    FacesResult,
    LabelsResult,
    LandmarksResult,
    Line,
    LogosResult,
    ModerationResult,
    ObjectsResult,
    ProtectiveEquipmentResult,
    TextResult,
    WebResult,
)
from cloudai.types.drawing import Mark, Note, Reading, paint
from cloudai.types.geometry import Box, Point, Polygon
from cloudai.types.media import Image, ImageSource
from cloudai.types.pixels import upright
from cloudai.types.value import Result

if TYPE_CHECKING:
    from PIL.Image import Image as Pixels

__all__ = ["draw"]

Shown = Iterator[Mark | Reading | Note]


def draw(result: Result, image: ImageSource, *, font: str | os.PathLike[str] | None = None, page: int = 1) -> Pixels:
    """What ``result.draw`` returns."""
    picture = Image.of(image)
    if picture.format == "pdf":
        raise UnsupportedFormatError("a PDF cannot be drawn on: draw on a picture of its page")
    data = picture.data if picture.data is not None else _fetched(str(picture.address))
    return paint(upright(data, frame=page - 1, name=picture.name), shown(result, page), font=font)


def _fetched(address: str) -> bytes:
    from cloudai.ports.fetch import fetch
    from cloudai.settings import Fetch

    if not address.startswith(("http://", "https://")):
        raise InvalidRequestError(f"{address} is not fetched to be drawn on: hand over the picture itself")
    return fetch(address, Fetch())


@singledispatch
def shown(result: Result, page: int) -> Shown:
    """The marks, readings and notes of a result."""
    raise TypeError(f"{type(result).__name__} has nothing to draw")


@shown.register
def _labels(result: LabelsResult, page: int) -> Shown:
    for label in result.labels:
        sures = label.box_confidences or (None,) * len(label.boxes)
        for box, sure in zip(label.boxes, sures, strict=True):
            yield _mark(label.name, label.confidence if sure is None else sure, box)
        if not label.boxes:
            yield Note(text=_said(label.name, label.confidence))


@shown.register
def _objects(result: ObjectsResult, page: int) -> Shown:
    for item in result.objects:
        yield _mark(item.name, item.confidence, item.polygon or item.box)


@shown.register
def _faces(result: FacesResult, page: int) -> Shown:
    for face in result.faces:
        yield _face("face", face, face.confidence)


def _face(name: str, face: Face, confidence: float | None) -> Mark:
    text = _said(name, confidence)
    if face.age is not None:
        youngest, oldest = face.age
        text += f", age {youngest}" if youngest == oldest else f", age {youngest}-{oldest}"
    if face.emotions:
        emotion = max(face.emotions, key=face.emotions.__getitem__)
        text += f", {_said(emotion, face.emotions[emotion])}"
    points = tuple(Point(point.x, point.y) for point in face.landmarks)
    return Mark(name=name, text=text, shape=face.box, points=points)


@shown.register
def _text(result: TextResult, page: int) -> Shown:
    pages = {item.number: item for item in result.pages}
    if pages and page not in pages:
        raise InvalidRequestError(f"page={page}: the result has {', '.join(map(str, pages))}")
    for line in pages[page].lines if pages else ():
        yield _reading(line)


def _reading(line: Line) -> Reading:
    words = tuple((word.polygon, word.confidence) for word in line.words if word.polygon)
    said = [word.confidence for word in line.words if word.confidence is not None]
    # A line whose vendor says only how sure it is of the words is as sure as they are on the whole.
    confidence = line.confidence if line.confidence is not None or not said else sum(said) / len(said)
    return Reading(text=line.text, shape=line.polygon or None, confidence=confidence, words=words)


@shown.register
def _moderation(result: ModerationResult, page: int) -> Shown:
    if not result.categories:
        yield Note(text="nothing found" if result.flagged is None else "not flagged")
    for item in result.categories:
        name = item.name if item.name == item.vendor_name.lower() else f"{item.name} ({item.vendor_name})"
        said = (item.likelihood or "").replace("_", " ") or _percent(item.confidence)
        yield Note(text=" ".join(part for part in (name, said, "flagged" if item.flagged else "") if part))


@shown.register
def _captions(result: CaptionResult, page: int) -> Shown:
    for caption in result.captions:
        yield Note(text=_said(caption.text, caption.confidence))
    if result.tags:
        yield Note(text=", ".join(result.tags))


@shown.register(LandmarksResult)
@shown.register(LogosResult)
@shown.register(CelebritiesResult)
def _named(result: LandmarksResult | LogosResult | CelebritiesResult, page: int) -> Shown:
    for item in result:
        if item.box is not None:
            yield _mark(item.name, item.confidence, item.box)
        else:
            yield Note(text=_said(item.name, item.confidence))
    for face in getattr(result, "unrecognized", ()):
        yield _face("unknown", face, face.confidence)


@shown.register
def _colors(result: ColorsResult, page: int) -> Shown:
    for color in result.colors:
        yield _swatch("", color)
    for color in result.foreground:
        yield _swatch("foreground ", color)
    for color in result.background:
        yield _swatch("background ", color)
    if result.accent is not None:
        yield _swatch("accent ", result.accent)
    if result.black_and_white:
        yield Note(text="black and white")


def _swatch(role: str, color: Color) -> Note:
    shares = f"{color.share:.1%} of the picture" if color.share is not None else _percent(color.score)
    words = " ".join(part for part in (color.name, color.hex, shares) if part)
    if color.red is None or color.green is None or color.blue is None:
        return Note(text=role + words)
    return Note(text=role + words, color=(color.red, color.green, color.blue))


@shown.register
def _compared(result: CompareFacesResult, page: int) -> Shown:
    for match in result.matches:
        yield _face("same face", match.face, match.similarity)
    for face in result.unmatched:
        yield _face("other face", face, None)


@shown.register
def _crops(result: CropHintsResult, page: int) -> Shown:
    for number, hint in enumerate(result.hints, start=1):
        name = "crop" if len(result.hints) == 1 else f"crop {number}"
        yield _mark(name, hint.confidence, hint.box)


@shown.register
def _web(result: WebResult, page: int) -> Shown:
    for guess in result.best_guesses:
        yield Note(text=guess)
    for entity in result.entities:
        if entity.name:
            yield Note(text=entity.name if entity.score is None else f"{entity.name} ({entity.score:.2f})")


@shown.register
def _equipment(result: ProtectiveEquipmentResult, page: int) -> Shown:
    for person in result.persons:
        yield _mark("person", person.confidence, person.box)
        for body_part in person.parts:
            for item in body_part.equipment:
                worn = {True: ", worn", False: ", not worn", None: ""}[item.covers]
                text = _said(item.name.replace("_", " "), item.confidence) + worn
                yield Mark(name=item.name, text=text, shape=item.box)


@shown.register
def _analysis(result: AnalysisResult, page: int) -> Shown:
    for operation, part in result.parts.items():
        name = operation.removeprefix("vision.").replace("_", " ")
        if part.result is None:
            yield Note(text=f"{name}: failed ({type(part.error).__name__})")
            continue
        for item in shown(part.result, page):
            yield Note(text=f"{name}: {item.text}", color=item.color) if isinstance(item, Note) else item


# --- words -----------------------------------------------------------------------------------------------------------


def _mark(name: str, confidence: float | None, shape: Box | Polygon) -> Mark:
    return Mark(name=name, text=_said(name, confidence), shape=shape)


def _said(name: str, confidence: float | None) -> str:
    return name if confidence is None else f"{name} {_percent(confidence)}"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"
