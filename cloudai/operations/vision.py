"""Vision: requests, results and the methods of ``ai.vision``.

Boxes and polygons are shares of the picture as a person sees it, 0..1 from the top left, not clipped. Confidence is
0..1. Where a vendor answers with a likelihood (Google), it is kept as such, and the number beside it is the one of
``LIKELIHOODS``. What a vendor does not say is None.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from colorsys import rgb_to_hls
from dataclasses import field
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, Self, Unpack, cast

from cloudai import errors
from cloudai.errors import CloudAIError, InvalidRequestError
from cloudai.operations.area import Area, C_co, CallOptions, operation
from cloudai.operations.request import R_co, Request
from cloudai.types.geometry import Box, Polygon
from cloudai.types.language import normalise_tag
from cloudai.types.media import Image, ImageSource
from cloudai.types.meta import Measure, Meta
from cloudai.types.value import Collection, Result, Value, build, value

if TYPE_CHECKING:
    from PIL.Image import Image as Pixels

__all__ = [
    "AnalysisPart",
    "AnalysisResult",
    "AnalyzeRequest",
    "BodyPart",
    "Caption",
    "CaptionRequest",
    "CaptionResult",
    "CelebritiesRequest",
    "CelebritiesResult",
    "Celebrity",
    "Color",
    "ColorsRequest",
    "ColorsResult",
    "CompareFacesRequest",
    "CompareFacesResult",
    "CropHint",
    "CropHintsRequest",
    "CropHintsResult",
    "DetectedObject",
    "Drawable",
    "Equipment",
    "Face",
    "FaceMatch",
    "FacePoint",
    "FaceQuality",
    "FacesRequest",
    "FacesResult",
    "Gender",
    "GeoPoint",
    "ImageQuality",
    "Label",
    "LabelsRequest",
    "LabelsResult",
    "Landmark",
    "LandmarksRequest",
    "LandmarksResult",
    "Likelihood",
    "Line",
    "Logo",
    "LogosRequest",
    "LogosResult",
    "ModerationCategory",
    "ModerationRequest",
    "ModerationResult",
    "ObjectsRequest",
    "ObjectsResult",
    "Page",
    "Pose",
    "ProtectedPerson",
    "ProtectiveEquipmentRequest",
    "ProtectiveEquipmentResult",
    "TextInImageRequest",
    "TextResult",
    "Trait",
    "Vision",
    "WebEntity",
    "WebImage",
    "WebPage",
    "WebRequest",
    "WebResult",
    "Word",
]

Likelihood = Literal["very_unlikely", "unlikely", "possible", "likely", "very_likely"]

LIKELIHOODS: Mapping[Likelihood, float] = {
    "very_unlikely": 0.05,
    "unlikely": 0.25,
    "possible": 0.5,
    "likely": 0.75,
    "very_likely": 0.95,
}
"""The number that stands beside a likelihood, so that answers can be sorted and compared. Our choice: evenly spread,
never certain. An unknown likelihood has no number."""


# --- results ---------------------------------------------------------------------------------------------------------


class Drawable:
    """A result that can be shown on its picture."""

    __slots__ = ()

    def draw(self, image: ImageSource, *, font: str | os.PathLike[str] | None = None, page: int = 1) -> Pixels:
        """The picture, as a person sees it, with the result drawn on it: a Pillow image of its own.

        Places are drawn with their names and confidences, each name in its own colour; what has no place is said below
        the picture. A small picture is enlarged. Text that was read stands beside its lines, or on a sheet to the right
        where there is no room.

        Args:
            image: The picture that was asked about. It is fetched where it is a web address.
            font: A font file for names in a script that the fonts of this machine do not have.
            page: Which page of a document to draw on.

        Raises:
            ConfigurationError: Pillow is not installed.
            InvalidRequestError: The picture or the font cannot be read, or there is no such page.
        """
        from cloudai.operations.drawing import draw

        return draw(cast(Result, self), image, font=font, page=page)


@value
class Label(Value):
    """Something that a picture shows or is about."""

    name: str
    confidence: float | None = None
    parents: tuple[str, ...] = ()
    """The wider labels that it belongs to."""
    categories: tuple[str, ...] = ()
    """The vendor's groups of labels, such as ``Animals and Pets``."""
    boxes: tuple[Box, ...] = ()
    """Where it is, once for each time that it is seen; empty where the vendor gives no places."""
    box_confidences: tuple[float | None, ...] = ()
    """How sure the vendor is of each box."""
    aliases: tuple[str, ...] = ()
    id: str | None = None
    """The vendor's or a public id of the label, such as Google's ``/m/...``."""
    topicality: float | None = None
    """How much the picture is about it, 0..1. Google only."""


@value
class LabelsResult(Drawable, Collection[Label]):
    """The labels of a picture, in the vendor's order."""

    collection: ClassVar[str] = "labels"
    labels: tuple[Label, ...]


@value
class DetectedObject(Value):
    """A thing at a place. Each thing is an object of its own, also when several are of one kind."""

    name: str
    box: Box
    confidence: float | None = None
    parents: tuple[str, ...] = ()
    """The wider names, the nearest first."""
    polygon: Polygon | None = None
    id: str | None = None


@value
class ObjectsResult(Drawable, Collection[DetectedObject]):
    """The things in a picture with their boxes, in the vendor's order."""

    collection: ClassVar[str] = "objects"
    objects: tuple[DetectedObject, ...]


@value
class Trait(Value):
    """Something that a face may show or not."""

    present: bool | None = None
    """The vendor's own yes or no; None where it gives only a likelihood."""
    confidence: float | None = None
    """How sure the vendor is of ``present``; for a likelihood, its number, which speaks for "yes"."""
    likelihood: Likelihood | None = None


@value
class Gender(Value):
    """What a vendor takes a face for."""

    value: Literal["male", "female"]
    confidence: float | None = None


@value
class Pose(Value):
    """How a head is turned, in degrees."""

    roll: float | None = None
    """Positive: clockwise, as the viewer sees it."""
    yaw: float | None = None
    """Positive: to the right of the picture."""
    pitch: float | None = None
    """Positive: up."""


@value
class FaceQuality(Value):
    """How well a face can be seen, 0..1 each where the vendor says it."""

    brightness: float | None = None
    sharpness: float | None = None
    blurred: Trait | None = None
    under_exposed: Trait | None = None


@value
class FacePoint(Value):
    """A point of a face."""

    name: str
    """The common name, such as ``left_eye``; left and right as the viewer sees the picture, as all vendors count."""
    x: float
    """0..1 from the left of the picture."""
    y: float
    """0..1 from its top."""
    z: float | None = None
    """How far it lies behind the picture's plane, in widths of the picture. Google only."""
    vendor_name: str | None = None


@value
class Face(Value):
    """A face, and what the vendor says about it."""

    box: Box
    confidence: float | None = None
    landmarks: tuple[FacePoint, ...] = ()
    pose: Pose | None = None
    age: tuple[int, int] | None = None
    """The youngest and the oldest that the vendor takes it for; the same number twice where it gives one."""
    gender: Gender | None = None
    emotions: Mapping[str, float] = field(default_factory=dict)
    """By common name (happy, sad, angry, surprised, calm, confused, disgusted, fear, unknown), 0..1."""
    emotion_likelihoods: Mapping[str, Likelihood] = field(default_factory=dict)
    """The same where the vendor gives likelihoods. Google only."""
    quality: FaceQuality | None = None
    smile: Trait | None = None
    beard: Trait | None = None
    mustache: Trait | None = None
    eyeglasses: Trait | None = None
    sunglasses: Trait | None = None
    eyes_open: Trait | None = None
    mouth_open: Trait | None = None
    headwear: Trait | None = None
    occluded: Trait | None = None
    gaze: Pose | None = None
    """Where the eyes look, whichever way the head is turned. AWS only."""
    gaze_confidence: float | None = None
    head: Polygon | None = None
    """The outline of the whole head, where the vendor tells it from the face. Google only."""


@value
class FacesResult(Drawable, Collection[Face]):
    """The faces in a picture, in the vendor's order."""

    collection: ClassVar[str] = "faces"
    faces: tuple[Face, ...]


@value
class Word(Value):
    """A word as it was read."""

    text: str
    polygon: Polygon | None = None
    confidence: float | None = None


@value
class Line(Value):
    """A line as it was read, with its words in reading order."""

    text: str
    polygon: Polygon | None = None
    confidence: float | None = None
    words: tuple[Word, ...] = ()
    language: str | None = None
    handwritten: bool | None = None


@value
class Page(Value):
    """A page, or the one page that a picture is."""

    number: int
    """From 1."""
    lines: tuple[Line, ...] = ()
    """In the vendor's reading order."""
    width: float | None = None
    height: float | None = None
    unit: Literal["pixel", "inch", "point"] | None = None
    """What width and height are counted in."""
    angle: float | None = None
    """How far the text is turned, clockwise, in degrees -180..180."""
    language: str | None = None


@value
class TextResult(Drawable, Collection[Page]):
    """What is written on a picture or in a document."""

    collection: ClassVar[str] = "pages"
    text: str
    """All of it: the vendor's own full text where it gives one, else the lines, each followed by a line end, and pages
    apart by a form feed."""
    pages: tuple[Page, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of all pages."""
        return tuple(line for page in self.pages for line in page.lines)


@value
class ModerationCategory(Value):
    """A kind of content that not everybody may want to see."""

    name: str
    """The common name: explicit, suggestive, violence, gore, self_harm, drugs, tobacco, alcohol, gambling,
    rude_gestures, hate, medical, spoof or other."""
    vendor_name: str
    parent: str | None = None
    """The vendor's wider category."""
    level: int | None = None
    """How deep in the vendor's tree it stands, from 1."""
    confidence: float | None = None
    likelihood: Likelihood | None = None
    flagged: bool | None = None
    """Whether the vendor itself says that this is a hit; None where it leaves that to you."""


@value
class ModerationResult(Drawable, Collection[ModerationCategory]):
    """What a picture shows that not everybody may want to see."""

    collection: ClassVar[str] = "categories"
    categories: tuple[ModerationCategory, ...]
    flagged: bool | None = None
    """The vendor's own verdict: a flag that it set (Azure), or a category that it listed (AWS, which lists what is over
    its threshold). None where it gives likelihoods only (Google)."""
    content_types: tuple[Label, ...] = ()
    """What kind of picture it is taken for, such as a drawing or a game, where the vendor says so. AWS only."""

    def above(self, threshold: float) -> tuple[ModerationCategory, ...]:
        """The categories whose confidence is at least a threshold of yours."""
        return tuple(item for item in self.categories if (item.confidence or 0.0) >= threshold)


@value
class Caption(Value):
    """A picture in a sentence."""

    text: str
    confidence: float | None = None


@value
class CaptionResult(Drawable, Collection[Caption]):
    """Captions, the best first as the vendor orders them."""

    collection: ClassVar[str] = "captions"
    captions: tuple[Caption, ...]
    tags: tuple[str, ...] = ()
    """Words that the vendor gives beside the captions."""
    language: str | None = None


@value
class GeoPoint(Value):
    """A place on the earth, in degrees (WGS 84)."""

    latitude: float
    longitude: float


@value
class Landmark(Value):
    """A well-known place or building."""

    name: str
    confidence: float | None = None
    box: Box | None = None
    locations: tuple[GeoPoint, ...] = ()
    links: tuple[str, ...] = ()
    id: str | None = None


@value
class LandmarksResult(Drawable, Collection[Landmark]):
    """The landmarks in a picture, in the vendor's order."""

    collection: ClassVar[str] = "landmarks"
    landmarks: tuple[Landmark, ...]


@value
class Logo(Value):
    """A brand's mark."""

    name: str
    confidence: float | None = None
    box: Box | None = None
    links: tuple[str, ...] = ()
    id: str | None = None


@value
class LogosResult(Drawable, Collection[Logo]):
    """The logos in a picture, in the vendor's order."""

    collection: ClassVar[str] = "logos"
    logos: tuple[Logo, ...]


@value
class Celebrity(Value):
    """A well-known person."""

    name: str
    confidence: float | None = None
    box: Box | None = None
    links: tuple[str, ...] = ()
    id: str | None = None
    face: Face | None = None
    """What the vendor says about the face."""
    gender: Literal["male", "female", "nonbinary", "unlisted"] | None = None
    """The gender that the person is known by, where the vendor knows it. AWS only."""


@value
class CelebritiesResult(Drawable, Collection[Celebrity]):
    """The celebrities in a picture, in the vendor's order."""

    collection: ClassVar[str] = "celebrities"
    celebrities: tuple[Celebrity, ...]
    unrecognized: tuple[Face, ...] = ()
    """The faces that the vendor does not know, where it lists them."""


@value
class Color(Value):
    """A colour of a picture."""

    red: int | None = None
    """0..255; None where the vendor gives a name only."""
    green: int | None = None
    blue: int | None = None
    name: str | None = None
    """The vendor's name of it, such as ``Brown`` or ``darkslategrey``."""
    group: str | None = None
    """The wider colour that the vendor counts it to, such as ``grey``. AWS only."""
    share: float | None = None
    """How much of the picture has it, 0..1."""
    score: float | None = None
    """How much it matters to the picture, 0..1."""

    @property
    def hex(self) -> str | None:
        """``#rrggbb``."""
        if self.red is None or self.green is None or self.blue is None:
            return None
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"


@value
class ImageQuality(Value):
    """How a picture was taken, 0..1 each."""

    brightness: float | None = None
    sharpness: float | None = None
    contrast: float | None = None


@value
class ColorsResult(Drawable, Collection[Color]):
    """The dominant colours of a picture, in the vendor's order."""

    collection: ClassVar[str] = "colors"
    colors: tuple[Color, ...]
    foreground: tuple[Color, ...] = ()
    background: tuple[Color, ...] = ()
    accent: Color | None = None
    black_and_white: bool | None = None
    quality: ImageQuality | None = None
    """AWS only, like the two below."""
    foreground_quality: ImageQuality | None = None
    background_quality: ImageQuality | None = None


@value
class FaceMatch(Value):
    """A face in the second picture that may be the one in the first."""

    face: Face
    similarity: float
    """0..1"""


@value
class CompareFacesResult(Drawable, Collection[FaceMatch]):
    """Which faces of the second picture are the one in the first, the most alike first."""

    collection: ClassVar[str] = "matches"
    matches: tuple[FaceMatch, ...]
    unmatched: tuple[Face, ...] = ()
    source: Face | None = None
    """The face of the first picture that was looked for: its largest."""


@value
class CropHint(Value):
    """Where a picture can be cut."""

    box: Box
    confidence: float | None = None
    importance: float | None = None
    """How much of what matters in the picture is inside, 0..1."""


@value
class CropHintsResult(Drawable, Collection[CropHint]):
    """Where a picture can be cut without losing what matters; one for each aspect ratio that was asked for."""

    collection: ClassVar[str] = "hints"
    hints: tuple[CropHint, ...]


@value
class WebEntity(Value):
    """Something that pages with this picture are about."""

    name: str | None = None
    score: float | None = None
    """The vendor's own relevance. Not 0..1: values over a thousand were seen."""
    id: str | None = None


@value
class WebImage(Value):
    """A picture on the web."""

    url: str
    score: float | None = None


@value
class WebPage(Value):
    """A page with the picture on it."""

    url: str
    title: str | None = None
    score: float | None = None
    full_matches: tuple[WebImage, ...] = ()
    partial_matches: tuple[WebImage, ...] = ()


@value
class WebResult(Drawable, Collection[WebEntity]):
    """Where on the web a picture is found, and what it is taken for there."""

    collection: ClassVar[str] = "entities"
    entities: tuple[WebEntity, ...]
    best_guesses: tuple[str, ...] = ()
    full_matches: tuple[WebImage, ...] = ()
    partial_matches: tuple[WebImage, ...] = ()
    similar: tuple[WebImage, ...] = ()
    pages: tuple[WebPage, ...] = ()


@value
class Equipment(Value):
    """A piece of protective equipment."""

    name: str
    """face_cover, hand_cover or head_cover"""
    box: Box | None = None
    confidence: float | None = None
    covers: bool | None = None
    """Whether it covers the body part that it is for."""
    covers_confidence: float | None = None


@value
class BodyPart(Value):
    """A part of a body that equipment is for."""

    name: str
    """face, left_hand, right_hand or head"""
    confidence: float | None = None
    equipment: tuple[Equipment, ...] = ()


@value
class ProtectedPerson(Value):
    """A person, and what protects them."""

    box: Box
    confidence: float | None = None
    parts: tuple[BodyPart, ...] = ()
    id: int | None = None


@value
class ProtectiveEquipmentResult(Drawable, Collection[ProtectedPerson]):
    """The persons in a picture with their protective equipment."""

    collection: ClassVar[str] = "persons"
    persons: tuple[ProtectedPerson, ...]


@value
class AnalysisPart(Value):
    """What became of one operation of an analysis: a result or an error."""

    result: Result | None = None
    error: Any = None
    """A ``CloudAIError``, where this operation failed alone."""

    def to_dict(self) -> dict[str, Any]:
        """The part as plain values; an error is its class and what it says."""
        error = self.error
        said = None if error is None else {"type": type(error).__name__, **_said(error)}
        return {"result": None if self.result is None else self.result.to_dict(), "error": said}


def _said(error: CloudAIError) -> dict[str, Any]:
    names = ("message", "provider", "operation", "vendor_code", "status", "request_id", "retryable", "retry_after")
    return {name: getattr(error, name) for name in names}


def _part(operation: str, data: Mapping[str, Any]) -> AnalysisPart:
    """The part that ``AnalysisPart.to_dict`` was called on."""
    result, error = data.get("result"), data.get("error")
    if error is not None:
        known = getattr(errors, error.get("type", ""), CloudAIError)
        return AnalysisPart(error=known(**{name: item for name, item in error.items() if name != "type"}))
    return AnalysisPart(result=None if result is None else ANALYSES[operation].result.from_dict(result))


@value
class AnalysisResult(Drawable, Result):
    """Several operations on one picture, in the fewest calls that the vendor allows."""

    parts: Mapping[str, AnalysisPart]
    """One for each operation that was asked for, by its name (``vision.labels``), in that order."""

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The result that ``to_dict`` was called on, with ``raw`` if it was kept."""
        parts = {name: _part(name, part) for name, part in data["parts"].items()}
        result = cls(meta=build(Meta, data.get("meta", {})), parts=parts)
        object.__setattr__(result, "_raw", data.get("raw"))
        return result

    def __getitem__(self, operation: str) -> Any:
        """The result of an operation, by its name with or without ``vision.``; raises its error if it failed."""
        part = self.parts[operation if operation in self.parts else f"vision.{operation}"]
        if part.error is not None:
            raise part.error
        return part.result

    def __contains__(self, operation: str) -> bool:
        return operation in self.parts or f"vision.{operation}" in self.parts

    def parts_of(self) -> Mapping[str, Result]:
        return {name: part.result for name, part in self.parts.items() if part.result is not None}

    @property
    def errors(self) -> dict[str, Any]:
        """The errors of the operations that failed, by name."""
        return {name: part.error for name, part in self.parts.items() if part.error is not None}


# --- requests --------------------------------------------------------------------------------------------------------


@value
class ImageRequest(Request[R_co], Generic[R_co]):
    """What all requests about one picture have."""

    measure: ClassVar[Measure] = "images"
    inputs: ClassVar[tuple[str, ...]] = ("image",)
    controls: ClassVar[tuple[str, ...]] = ("fit",)

    image: Image
    fit: bool = False
    """Whether a picture that is too large, or of a format that the vendor does not take, is shrunk or converted before
    it is sent. Boxes stay right, since they are shares of the picture."""

    def __post_init__(self) -> None:
        if not isinstance(self.image, Image):
            object.__setattr__(self, "image", Image.of(self.image))
        _check_share(self, "min_confidence")
        _check_count(self, "max_results")
        language = getattr(self, "language", None)
        if language is not None:
            object.__setattr__(self, "language", normalise_tag(language))

    def amount(self) -> float:
        return 1


def _listed(request: Request[Any], name: str, kind: type[Any] | tuple[type[Any], ...]) -> tuple[Any, ...]:
    """The values of a field that holds several; also a list will do, but nothing else."""
    given = getattr(request, name)
    if not isinstance(given, list | tuple | range) or not given:
        raise InvalidRequestError(f"{name}={given!r}: a list", operation=request.operation)
    if not all(isinstance(item, kind) and not isinstance(item, bool) for item in given):
        raise InvalidRequestError(f"{name}={given!r}: one of them is of another kind", operation=request.operation)
    return tuple(given)


def _check_share(request: Request[Any], name: str) -> None:
    number = getattr(request, name, None)
    if number is not None and not (
        isinstance(number, int | float) and not isinstance(number, bool) and 0 <= number <= 1
    ):
        raise InvalidRequestError(f"{name}={number!r}: a number from 0 to 1", operation=request.operation)


def _check_count(request: Request[Any], name: str) -> None:
    number = getattr(request, name, None)
    if number is not None and not (isinstance(number, int) and not isinstance(number, bool) and number >= 1):
        raise InvalidRequestError(f"{name}={number!r}: a whole number from 1", operation=request.operation)


def _names(names: Iterable[str]) -> dict[Hashable, str]:
    """Names as findings, whatever their capitals."""
    return {name.casefold(): name for name in names}


def _counted(names: Iterable[str], *, fold: bool = True) -> dict[Hashable, str]:
    """Names as findings, of which there may be several alike: the first, the second and so on of each."""
    found: dict[Hashable, str] = {}
    seen: Counter[str] = Counter()
    for name in names:
        key = name.casefold() if fold else name
        seen[key] += 1
        found[key, seen[key]] = name if seen[key] == 1 else f"{name} ({seen[key]})"
    return found


def _written(reference: Any) -> list[str]:
    """Names as somebody writes them down: with ``;`` between them, as a list, or as objects with a name."""
    parts = reference.split(";") if isinstance(reference, str) else reference
    names = [part["name"] if isinstance(part, Mapping) else part for part in parts]
    if not all(isinstance(name, str) for name in names):
        raise TypeError("names are strings")
    return [name.strip() for name in names if name.strip()]


MINOR = 0.05
"""Colours that cover less of a picture are not held against other vendors' colours."""
_HUES: tuple[tuple[float, str], ...] = (
    (15, "red"),
    (45, "orange"),
    (70, "yellow"),
    (160, "green"),
    (195, "teal"),
    (255, "blue"),
    (290, "purple"),
    (340, "pink"),
    (360, "red"),
)
"""The degree of the colour wheel that each basic colour ends at. Ours, for the colours that Azure has names for."""


def _basic(color: Color) -> str | None:
    """Which of twelve basic colours a colour is; its own name where it has no numbers, None for a minor one."""
    size = color.share if color.share is not None else color.score
    if size is not None and size < MINOR:
        return None
    if color.red is None or color.green is None or color.blue is None:
        return None if color.name is None else color.name.lower().replace("gray", "grey")
    hue, light, _ = rgb_to_hls(color.red / 255, color.green / 255, color.blue / 255)
    shades = (color.red, color.green, color.blue)
    if light < 0.12 or light > 0.95 or max(shades) - min(shades) < 32:
        return "black" if light < 0.2 else "white" if light > 0.8 else "grey"
    name = next(name for end, name in _HUES if hue * 360 <= end)
    if name in ("red", "orange") and light > 0.75:
        return "pink"
    return "brown" if name == "orange" and light < 0.4 else name


@value
class LabelsRequest(ImageRequest[LabelsResult]):
    """Asks for ``vision.labels``."""

    operation: ClassVar[str] = "vision.labels"
    result: ClassVar[type[Result]] = LabelsResult
    max_results: int | None = None
    min_confidence: float | None = None
    """0..1; None leaves it to the vendor (AWS leaves out what is under 0.55, the others nothing)."""
    language: str | None = None
    """The language of the names."""

    def compared(self, result: LabelsResult) -> Mapping[Hashable, str]:
        """The names, in capitals or not."""
        return _names(item.name for item in result.labels)

    def expected(self, reference: Any) -> Mapping[Hashable, str]:
        """The same as somebody writes it down: names."""
        return _names(_written(reference))


@value
class ObjectsRequest(ImageRequest[ObjectsResult]):
    """Asks for ``vision.objects``."""

    operation: ClassVar[str] = "vision.objects"
    result: ClassVar[type[Result]] = ObjectsResult
    max_results: int | None = None
    min_confidence: float | None = None

    def compared(self, result: ObjectsResult) -> Mapping[Hashable, str]:
        """The names, each as often as it is found; not where it is."""
        return _counted(item.name for item in result.objects)

    def expected(self, reference: Any) -> Mapping[Hashable, str]:
        """The same as somebody writes it down: names."""
        return _counted(_written(reference))


@value
class FacesRequest(ImageRequest[FacesResult]):
    """Asks for ``vision.faces``."""

    operation: ClassVar[str] = "vision.faces"
    result: ClassVar[type[Result]] = FacesResult
    attributes: bool = True
    """Whether age, emotions and the like are asked for where that is a choice (AWS), or only boxes and points."""
    max_results: int | None = None

    def compared(self, result: FacesResult) -> str:
        """How many there are; not where, nor what they look like."""
        return str(len(result.faces))

    def expected(self, reference: Any) -> str:
        """The same as somebody writes it down: a number, or the faces."""
        return str(len(reference) if isinstance(reference, list) else int(reference))


@value
class TextInImageRequest(ImageRequest[TextResult]):
    """Asks for ``vision.text``."""

    operation: ClassVar[str] = "vision.text"
    result: ClassVar[type[Result]] = TextResult
    kind: Literal["scene", "document"] | None = None
    """Words in a scene, or a page of text; None leaves it to the vendor's usual way, and takes PDF and TIFF for
    documents."""
    languages: tuple[str, ...] | None = None
    """The languages that it may be in, as hints."""
    pages: tuple[int, ...] | None = None
    """The pages of a document to read, from 1; None for all."""

    def __post_init__(self) -> None:
        ImageRequest.__post_init__(self)
        if self.kind not in (None, "scene", "document"):
            raise InvalidRequestError(f"kind={self.kind!r}: 'scene' or 'document'", operation=self.operation)
        if self.languages is not None:
            if isinstance(self.languages, str):
                raise InvalidRequestError("languages is a list of tags, such as ['en']", operation=self.operation)
            tags = tuple(normalise_tag(tag, name="languages") for tag in self.languages)
            object.__setattr__(self, "languages", tags)
        if self.pages is not None:
            pages = _listed(self, "pages", int)
            if not all(page >= 1 for page in pages):
                raise InvalidRequestError(f"pages={self.pages!r}: numbers from 1", operation=self.operation)
            object.__setattr__(self, "pages", pages)

    def compared(self, result: TextResult) -> Mapping[Hashable, str]:
        """The words, each as often as it is read; not in which order or line."""
        return _counted(result.text.split(), fold=False)

    def expected(self, reference: Any) -> Mapping[Hashable, str]:
        """The same as somebody writes it down: the text."""
        if not isinstance(reference, str):
            raise TypeError("a text is a string")
        return _counted(reference.split(), fold=False)


@value
class ModerationRequest(ImageRequest[ModerationResult]):
    """Asks for ``vision.moderation``."""

    operation: ClassVar[str] = "vision.moderation"
    result: ClassVar[type[Result]] = ModerationResult
    min_confidence: float | None = None
    """0..1; None leaves it to the vendor (AWS leaves out what is under 0.5)."""

    def compared(self, result: ModerationResult) -> Mapping[Hashable, str]:
        """The categories that the vendor flags; where it leaves that to you, those that are as likely as not."""
        return _names(
            item.name
            for item in result.categories
            if (item.flagged if item.flagged is not None else (item.confidence or 0.0) >= 0.5)
        )

    def expected(self, reference: Any) -> Mapping[Hashable, str]:
        """The same as somebody writes it down: names."""
        return _names(_written(reference))


@value
class CaptionRequest(ImageRequest[CaptionResult]):
    """Asks for ``vision.caption``."""

    operation: ClassVar[str] = "vision.caption"
    result: ClassVar[type[Result]] = CaptionResult
    max_results: int | None = None
    language: str | None = None

    def compared(self, result: CaptionResult) -> Mapping[Hashable, str]:
        """The words of the best caption."""
        return _names(result.captions[0].text.split() if result.captions else ())

    def expected(self, reference: Any) -> Mapping[Hashable, str]:
        """The same as somebody writes it down: a caption."""
        if not isinstance(reference, str):
            raise TypeError("a caption is a string")
        return _names(reference.split())


@value
class LandmarksRequest(ImageRequest[LandmarksResult]):
    """Asks for ``vision.landmarks``."""

    operation: ClassVar[str] = "vision.landmarks"
    result: ClassVar[type[Result]] = LandmarksResult
    max_results: int | None = None

    def compared(self, result: LandmarksResult) -> Mapping[Hashable, str]:
        """The names, in capitals or not."""
        return _names(item.name for item in result.landmarks)

    def expected(self, reference: Any) -> Mapping[Hashable, str]:
        """The same as somebody writes it down: names."""
        return _names(_written(reference))


@value
class LogosRequest(ImageRequest[LogosResult]):
    """Asks for ``vision.logos``."""

    operation: ClassVar[str] = "vision.logos"
    result: ClassVar[type[Result]] = LogosResult
    max_results: int | None = None

    def compared(self, result: LogosResult) -> Mapping[Hashable, str]:
        """The names, in capitals or not."""
        return _names(item.name for item in result.logos)

    def expected(self, reference: Any) -> Mapping[Hashable, str]:
        """The same as somebody writes it down: names."""
        return _names(_written(reference))


@value
class CelebritiesRequest(ImageRequest[CelebritiesResult]):
    """Asks for ``vision.celebrities``."""

    operation: ClassVar[str] = "vision.celebrities"
    result: ClassVar[type[Result]] = CelebritiesResult

    def compared(self, result: CelebritiesResult) -> Mapping[Hashable, str]:
        """The names, in capitals or not."""
        return _names(item.name for item in result.celebrities)

    def expected(self, reference: Any) -> Mapping[Hashable, str]:
        """The same as somebody writes it down: names."""
        return _names(_written(reference))


@value
class ColorsRequest(ImageRequest[ColorsResult]):
    """Asks for ``vision.colors``."""

    operation: ClassVar[str] = "vision.colors"
    result: ClassVar[type[Result]] = ColorsResult
    max_results: int | None = None

    def compared(self, result: ColorsResult) -> Mapping[Hashable, str]:
        """The basic colours among them; vendors cut a picture's colours up in too many ways for more."""
        return _names(filter(None, map(_basic, result.colors)))

    def expected(self, reference: Any) -> Mapping[Hashable, str]:
        """The same as somebody writes it down: names."""
        return _names(_written(reference))


@value
class CompareFacesRequest(ImageRequest[CompareFacesResult]):
    """Asks for ``vision.compare_faces``."""

    operation: ClassVar[str] = "vision.compare_faces"
    result: ClassVar[type[Result]] = CompareFacesResult
    inputs: ClassVar[tuple[str, ...]] = ("image", "target")

    target: Image
    """The picture in which the face is looked for."""
    min_similarity: float | None = None
    """0..1; None leaves it to the vendor (AWS: 0.8)."""

    def __post_init__(self) -> None:
        ImageRequest.__post_init__(self)
        if not isinstance(self.target, Image):
            object.__setattr__(self, "target", Image.of(self.target))
        _check_share(self, "min_similarity")

    def compared(self, result: CompareFacesResult) -> str:
        """Whether the face is found."""
        return "match" if result.matches else "no match"

    def expected(self, reference: Any) -> str:
        """The same as somebody writes it down."""
        if isinstance(reference, list):
            return "match" if reference else "no match"
        yes = {"match": True, "yes": True, "true": True, "no match": False, "no": False, "false": False}
        return "match" if yes[str(reference).strip().casefold()] else "no match"


@value
class CropHintsRequest(ImageRequest[CropHintsResult]):
    """Asks for ``vision.crop_hints``."""

    operation: ClassVar[str] = "vision.crop_hints"
    result: ClassVar[type[Result]] = CropHintsResult
    aspect_ratios: tuple[float, ...] | None = None
    """Width divided by height of each cut that is wanted."""

    def __post_init__(self) -> None:
        ImageRequest.__post_init__(self)
        if self.aspect_ratios is not None:
            ratios = _listed(self, "aspect_ratios", (int, float))
            if not all(ratio > 0 for ratio in ratios):
                raise InvalidRequestError(f"aspect_ratios={self.aspect_ratios!r}: numbers over 0")
            object.__setattr__(self, "aspect_ratios", ratios)

    def compared(self, result: CropHintsResult) -> Mapping[Hashable, str]:
        """The boxes, each side to the nearest tenth of the picture."""
        boxes = [(item.box.left, item.box.top, item.box.right, item.box.bottom) for item in result.hints]
        return {tuple(round(side * 10) for side in box): " ".join(f"{side:.1f}" for side in box) for box in boxes}


@value
class WebRequest(ImageRequest[WebResult]):
    """Asks for ``vision.web``."""

    operation: ClassVar[str] = "vision.web"
    result: ClassVar[type[Result]] = WebResult
    max_results: int | None = None

    def compared(self, result: WebResult) -> Mapping[Hashable, str]:
        """What it is taken for: the names, in capitals or not."""
        return _names(item.name for item in result.entities if item.name)

    def expected(self, reference: Any) -> Mapping[Hashable, str]:
        """The same as somebody writes it down: names."""
        return _names(_written(reference))


@value
class ProtectiveEquipmentRequest(ImageRequest[ProtectiveEquipmentResult]):
    """Asks for ``vision.protective_equipment``."""

    operation: ClassVar[str] = "vision.protective_equipment"
    result: ClassVar[type[Result]] = ProtectiveEquipmentResult

    def compared(self, result: ProtectiveEquipmentResult) -> Mapping[Hashable, str]:
        """The pieces that are worn, each as often as it is; not by whom."""
        return _counted(
            item.name
            for person in result.persons
            for part in person.parts
            for item in part.equipment
            if item.covers is not False
        )

    def expected(self, reference: Any) -> Mapping[Hashable, str]:
        """The same as somebody writes it down: names."""
        return _counted(_written(reference))


@value
class AnalyzeRequest(ImageRequest[AnalysisResult]):
    """Asks for ``vision.analyze``."""

    operation: ClassVar[str] = "vision.analyze"
    result: ClassVar[type[Result]] = AnalysisResult
    operations: tuple[str, ...]
    """The operations that are wanted, such as ``("labels", "faces")``, with or without ``vision.``."""

    def __post_init__(self) -> None:
        ImageRequest.__post_init__(self)
        asked = _listed(self, "operations", str)
        names = tuple(name if "." in name else f"vision.{name}" for name in asked)
        unknown = [name for name in names if name not in ANALYSES]
        if unknown:
            raise InvalidRequestError(
                f"{', '.join(unknown)} cannot be part of vision.analyze; there are {', '.join(ANALYSES)}"
            )
        object.__setattr__(self, "operations", tuple(dict.fromkeys(names)))

    def compared(self, result: AnalysisResult) -> Mapping[Hashable, str]:
        """What each operation's own request compares, put together; operations that failed alone are left out."""
        found: dict[Hashable, str] = {}
        for name, part in result.parts_of().items():
            said = cast(Any, ANALYSES[name](image=self.image)).compared(part)
            findings = {said: said} if isinstance(said, str) else said
            found.update({(name, key): f"{name}: {words}" for key, words in findings.items()})
        return found


ANALYSES: Mapping[str, type[ImageRequest[Any]]] = {
    item.operation: item
    for item in (
        LabelsRequest,
        ObjectsRequest,
        FacesRequest,
        TextInImageRequest,
        ModerationRequest,
        CaptionRequest,
        LandmarksRequest,
        LogosRequest,
        CelebritiesRequest,
        ColorsRequest,
        CropHintsRequest,
        WebRequest,
        ProtectiveEquipmentRequest,
    )
}
"""The operations that ``vision.analyze`` can put together: those that need nothing but a picture."""


# --- the methods of ai.vision ----------------------------------------------------------------------------------------


class Vision(Area[C_co]):
    """Vision. A picture is a path, bytes, a binary file, an address (``https://``, ``s3://``, ``gs://``), a Pillow
    image or a numpy array. Any method also takes the options of ``CallOptions``.

    All methods raise ``InvalidRequestError`` for a picture that cannot be read, ``InputTooLargeError`` and
    ``UnsupportedFormatError`` for one that the vendor does not take (unless ``fit=True`` can mend it), before anything
    is sent.
    """

    __slots__ = ()

    @operation
    def labels(
        self,
        image: ImageSource,
        *,
        max_results: int | None = None,
        min_confidence: float | None = None,
        language: str | None = None,
        fit: bool = False,
        **call: Unpack[CallOptions],
    ) -> tuple[Request[LabelsResult], CallOptions]:
        """What a picture shows or is about, with confidence 0..1 and, where the vendor gives places, boxes."""
        request = LabelsRequest(
            image=Image.of(image), max_results=max_results, min_confidence=min_confidence, language=language, fit=fit
        )
        return request, call

    @operation
    def objects(
        self,
        image: ImageSource,
        *,
        max_results: int | None = None,
        min_confidence: float | None = None,
        fit: bool = False,
        **call: Unpack[CallOptions],
    ) -> tuple[Request[ObjectsResult], CallOptions]:
        """The things in a picture, each with its box."""
        request = ObjectsRequest(image=Image.of(image), max_results=max_results, min_confidence=min_confidence, fit=fit)
        return request, call

    @operation
    def faces(
        self,
        image: ImageSource,
        *,
        attributes: bool = True,
        max_results: int | None = None,
        fit: bool = False,
        **call: Unpack[CallOptions],
    ) -> tuple[Request[FacesResult], CallOptions]:
        """The faces in a picture with all that the vendor says about them; what it does not say is None."""
        return FacesRequest(image=Image.of(image), attributes=attributes, max_results=max_results, fit=fit), call

    @operation
    def text(
        self,
        image: ImageSource,
        *,
        kind: Literal["scene", "document"] | None = None,
        languages: Sequence[str] | None = None,
        pages: Sequence[int] | None = None,
        fit: bool = False,
        **call: Unpack[CallOptions],
    ) -> tuple[Request[TextResult], CallOptions]:
        """What is written on a picture or in a document: pages, lines and words with polygons."""
        request = TextInImageRequest(
            image=Image.of(image),
            kind=kind,
            languages=languages,  # type: ignore[arg-type]  # (made a tuple by the request)
            pages=pages,  # type: ignore[arg-type]
            fit=fit,
        )
        return request, call

    @operation
    def moderation(
        self,
        image: ImageSource,
        *,
        min_confidence: float | None = None,
        fit: bool = False,
        **call: Unpack[CallOptions],
    ) -> tuple[Request[ModerationResult], CallOptions]:
        """What a picture shows that not everybody may want to see, by category."""
        return ModerationRequest(image=Image.of(image), min_confidence=min_confidence, fit=fit), call

    @operation
    def caption(
        self,
        image: ImageSource,
        *,
        max_results: int | None = None,
        language: str | None = None,
        fit: bool = False,
        **call: Unpack[CallOptions],
    ) -> tuple[Request[CaptionResult], CallOptions]:
        """A picture in a sentence."""
        return CaptionRequest(image=Image.of(image), max_results=max_results, language=language, fit=fit), call

    @operation
    def landmarks(
        self, image: ImageSource, *, max_results: int | None = None, fit: bool = False, **call: Unpack[CallOptions]
    ) -> tuple[Request[LandmarksResult], CallOptions]:
        """The well-known places in a picture."""
        return LandmarksRequest(image=Image.of(image), max_results=max_results, fit=fit), call

    @operation
    def logos(
        self, image: ImageSource, *, max_results: int | None = None, fit: bool = False, **call: Unpack[CallOptions]
    ) -> tuple[Request[LogosResult], CallOptions]:
        """The brands' marks in a picture."""
        return LogosRequest(image=Image.of(image), max_results=max_results, fit=fit), call

    @operation
    def celebrities(
        self, image: ImageSource, *, fit: bool = False, **call: Unpack[CallOptions]
    ) -> tuple[Request[CelebritiesResult], CallOptions]:
        """The well-known persons in a picture."""
        return CelebritiesRequest(image=Image.of(image), fit=fit), call

    @operation
    def colors(
        self, image: ImageSource, *, max_results: int | None = None, fit: bool = False, **call: Unpack[CallOptions]
    ) -> tuple[Request[ColorsResult], CallOptions]:
        """The dominant colours of a picture."""
        return ColorsRequest(image=Image.of(image), max_results=max_results, fit=fit), call

    @operation
    def compare_faces(
        self,
        image: ImageSource,
        target: ImageSource,
        *,
        min_similarity: float | None = None,
        fit: bool = False,
        **call: Unpack[CallOptions],
    ) -> tuple[Request[CompareFacesResult], CallOptions]:
        """Looks for the largest face of a picture in another picture."""
        request = CompareFacesRequest(
            image=Image.of(image), target=Image.of(target), min_similarity=min_similarity, fit=fit
        )
        return request, call

    @operation
    def crop_hints(
        self,
        image: ImageSource,
        *,
        aspect_ratios: Sequence[float] | None = None,
        fit: bool = False,
        **call: Unpack[CallOptions],
    ) -> tuple[Request[CropHintsResult], CallOptions]:
        """Where a picture can be cut without losing what matters."""
        return CropHintsRequest(image=Image.of(image), aspect_ratios=aspect_ratios, fit=fit), call  # type: ignore[arg-type]

    @operation
    def web(
        self, image: ImageSource, *, max_results: int | None = None, fit: bool = False, **call: Unpack[CallOptions]
    ) -> tuple[Request[WebResult], CallOptions]:
        """Where on the web a picture is found."""
        return WebRequest(image=Image.of(image), max_results=max_results, fit=fit), call

    @operation
    def protective_equipment(
        self, image: ImageSource, *, fit: bool = False, **call: Unpack[CallOptions]
    ) -> tuple[Request[ProtectiveEquipmentResult], CallOptions]:
        """The persons in a picture, and what they wear against harm."""
        return ProtectiveEquipmentRequest(image=Image.of(image), fit=fit), call

    @operation
    def analyze(
        self, image: ImageSource, *, operations: Sequence[str], fit: bool = False, **call: Unpack[CallOptions]
    ) -> tuple[Request[AnalysisResult], CallOptions]:
        """Several operations on one picture, in the fewest calls that the vendor allows; each may fail alone."""
        request = AnalyzeRequest(image=Image.of(image), operations=operations, fit=fit)  # type: ignore[arg-type]
        return request, call
