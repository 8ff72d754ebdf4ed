"""Draws places, names and readings on a picture, through Pillow.

What is drawn is told in three kinds of values: a ``Mark`` is a place with a name on a plate, a ``Reading`` is a line of
text that was read, and a ``Note`` is said below the picture, since it has no place on it.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from cloudai.types.fonts import Fonts, shortened, wrapped
from cloudai.types.geometry import Box, Point, Polygon
from cloudai.types.plates import Plates, Rectangle

if TYPE_CHECKING:
    from PIL.Image import Image as Pixels
    from PIL.ImageDraw import ImageDraw

__all__ = ["Mark", "Note", "Reading", "paint"]

Rgb = tuple[int, int, int]

COLORS: tuple[Rgb, ...] = (
    *((230, 25, 75), (60, 180, 75), (255, 225, 25), (0, 130, 200), (245, 130, 48), (145, 30, 180)),
    *((70, 240, 240), (240, 50, 230), (210, 245, 60), (250, 190, 212), (0, 128, 128), (170, 110, 40)),
    *((128, 0, 0), (170, 255, 195), (128, 128, 0), (0, 0, 128)),
)
"""Colours that can be told apart, one for each name in the order that they come; then they come again."""
SURE: Rgb = (40, 160, 70)
DOUBTFUL: Rgb = (235, 150, 0)
UNSURE: Rgb = (215, 40, 50)
UNSAID: Rgb = (60, 110, 215)
WHITE: Rgb = (255, 255, 255)
DARK: Rgb = (28, 28, 30)

LEAST_SIDE = 480
"""A picture whose longer side is shorter is enlarged, by a whole factor: there is no room for letters on it."""
LEAST_STRIP = 320
LEAST_LETTER = 12
MOST_NOTES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A place on a picture."""

    name: str
    """What it is; places of the same name have the same colour."""
    text: str
    """What its plate says."""
    shape: Box | Polygon | None = None
    points: tuple[Point, ...] = ()
    """Single points that belong to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A line of text that was read."""

    text: str
    shape: Polygon | None
    confidence: float | None = None
    words: tuple[tuple[Polygon, float | None], ...] = ()
    """The place of each word, and how sure the vendor is of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something without a place."""

    text: str
    color: Rgb | None = None
    """A colour that is shown beside it."""


class Measures(NamedTuple):
    """How large things are drawn on a picture of its size, in pixels."""

    letter: int
    line: int

    @classmethod
    def of(cls, width: int, height: int, marks: int) -> Measures:
        letter = 0.024 * math.sqrt(width * height)
        if marks > 40:
            letter *= math.sqrt(40 / marks)
        letter = max(min(letter, 0.12 * min(width, height)), LEAST_LETTER)
        return cls(round(letter), max(2, round(letter / 7)))


def paint(
    pixels: Pixels, things: Iterable[Mark | Reading | Note], *, font: str | os.PathLike[str] | None = None
) -> Pixels:
    """A new picture with everything drawn on it: on the picture what has a place, below it what has none. Readings that
    would hide others are set on a sheet to its right, each where it was read."""
    board = _Board(pixels, list(things), Fonts(font))
    board.places()
    board.readings()
    return board.finished()


class _Plate(NamedTuple):
    """A name on its way onto the picture."""

    place: Rectangle
    text: str
    color: Rgb
    anchor: tuple[int, int] | None = None
    """Where the line begins that leads to it, if it lies apart."""

    @property
    def middle(self) -> tuple[int, int]:
        return (self.place.left + self.place.right) // 2, (self.place.top + self.place.bottom) // 2


@dataclass
class _Board:
    """A picture that is being drawn on."""

    pixels: Pixels
    things: Sequence[Mark | Reading | Note]
    fonts: Fonts
    notes: list[Note] = field(default_factory=list)
    """What is to be said below that could not be said on it."""
    sheet: Pixels | None = None
    unshown: list[str] = field(default_factory=list)
    """The numbers that stand for names that cannot be shown."""

    def __post_init__(self) -> None:
        factor = math.ceil(LEAST_SIDE / max(self.pixels.size))
        if factor > 1:
            self.pixels = self.pixels.resize((self.pixels.width * factor, self.pixels.height * factor))
        else:
            self.pixels = self.pixels.copy()
        self.marks = [item for item in self.things if isinstance(item, Mark)]
        self.measures = Measures.of(*self.pixels.size, len(self.marks))
        self.plates = Plates(*self.pixels.size, cell=max(2, self.measures.letter // 2))
        names = dict.fromkeys(mark.name for mark in self.marks)
        self.colors = {name: COLORS[index % len(COLORS)] for index, name in enumerate(names)}

    # --- places ------------------------------------------------------------------------------------------------------

    def places(self) -> None:
        """Draws the shapes, the large ones first, and then all plates, so that no line crosses a name."""
        draw = _pen(self.pixels)
        for mark in sorted(self.marks, key=lambda mark: -_area(mark.shape)):
            color = self.colors[mark.name]
            if mark.shape is not None:
                _outline(draw, self._corners(mark.shape), color, self.measures.line)
            for point in mark.points:
                self._dot(draw, point, color)
        plates = [plate for number, mark in enumerate(self.marks, start=1) if (plate := self._plate(mark, number))]
        for plate in plates:
            if plate.anchor is not None:
                draw.line((plate.anchor, plate.middle), fill=plate.color, width=max(1, self.measures.line // 2))
        for plate in plates:
            self._show(draw, plate)

    def _corners(self, shape: Box | Polygon) -> list[tuple[float, float]]:
        if isinstance(shape, Polygon):
            points: Sequence[tuple[float, float]] = shape.points
        else:
            left, top, right, bottom = shape.left, shape.top, shape.right, shape.bottom
            points = ((left, top), (right, top), (right, bottom), (left, bottom))
        across, down = self.pixels.size
        inside = self.measures.line / 2
        return [(_seen(x, across, inside), _seen(y, down, inside)) for x, y in points]

    def _dot(self, draw: ImageDraw, point: Point, color: Rgb) -> None:
        x, y = point.x * (self.pixels.width - 1), point.y * (self.pixels.height - 1)
        radius = self.measures.line
        draw.ellipse((x - radius - 1, y - radius - 1, x + radius + 1, y + radius + 1), fill=_against(color))
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=color)

    def _plate(self, mark: Mark, number: int) -> _Plate | None:
        """The plate of a mark; None where it has none, or where it is said below instead."""
        color, text = self.colors[mark.name], self._legible(mark.text, number)
        if not text:
            return None
        letter, edge = self.measures.letter, self.edge
        cut = shortened(text, self._length, self.pixels.width - 2 * edge)
        height = self.fonts.height(text, letter) + edge
        fits = height <= self.pixels.height
        if mark.shape is None or cut != text or not fits:
            self.notes.append(Note(text=text, color=color))
            if mark.shape is None or not cut or not fits:
                return None
        box = self._around(mark.shape)
        place, apart = self.plates.place(box, math.ceil(self._length(cut)) + 2 * edge, height)
        anchor = (min(max(box.left, 0), self.pixels.width - 1), min(max(box.top, 0), self.pixels.height - 1))
        return _Plate(place, cut, color, anchor if apart else None)

    def _show(self, draw: ImageDraw, plate: _Plate) -> None:
        place = plate.place
        draw.rectangle((place.left, place.top, place.right - 1, place.bottom - 1), fill=plate.color)
        corner = (place.left + self.edge, place.top + self.edge // 2)
        self.fonts.write(draw, corner, plate.text, self.measures.letter, _against(plate.color))

    def _legible(self, text: str, number: int) -> str:
        shown = self.fonts.legible(text)
        if shown is None:
            shown = f"#{number}"
            self.unshown.append(shown)
        return shown

    def _length(self, text: str) -> float:
        return self.fonts.length(text, self.measures.letter)

    @property
    def edge(self) -> int:
        """How much of a plate is seen around its letters."""
        return max(2, self.measures.letter // 5)

    def _around(self, shape: Box | Polygon) -> Rectangle:
        box = shape.box if isinstance(shape, Polygon) else shape
        place = box.to_pixels(*self.pixels.size)
        return Rectangle(place.left, place.top, place.left + place.width, place.top + place.height)

    # --- readings ----------------------------------------------------------------------------------------------------

    def readings(self) -> None:
        """Draws what was read: on plates beside the lines where there is room, else on a sheet of its own."""
        found = [item for item in self.things if isinstance(item, Reading)]
        if not found:
            return
        draw = _pen(self.pixels)
        for item in found:
            self._words(draw, item)
        placed = [(item, item.shape) for item in found if item.shape is not None]
        self.notes += [Note(text=item.text, color=_band(item.confidence)) for item in found if item.shape is None]
        for _, shape in placed:
            self.plates.take(self._around(shape))
        if placed and not self._beside(draw, placed):
            self._sheet(placed)
        self.notes += _key(found)

    def _words(self, draw: ImageDraw, item: Reading) -> None:
        thin = max(1, self.measures.line // 2)
        if item.shape is not None and not item.words:
            _outline(draw, self._corners(item.shape), _band(item.confidence), thin)
        for shape, confidence in item.words:
            _outline(draw, self._corners(shape), _band(confidence), thin)

    def _beside(self, draw: ImageDraw, placed: Sequence[tuple[Reading, Polygon]]) -> bool:
        """Sets each line's text beside it, if all of them find room there."""
        plan = []
        for item, shape in placed:
            text = self.fonts.legible(_said(item))
            if text is None:
                return False
            width = math.ceil(self._length(text)) + 2 * self.edge
            height = self.fonts.height(text, self.measures.letter) + self.edge
            place = self.plates.beside(self._around(shape), width, height)
            if place is None:
                return False
            plan.append(_Plate(place, text, _band(item.confidence)))
        for plate in plan:
            self._show(draw, plate)
        return True

    def _sheet(self, placed: Sequence[tuple[Reading, Polygon]]) -> None:
        from PIL import Image

        self.sheet = Image.new("RGB", self.pixels.size, WHITE)
        for number, (item, shape) in enumerate(placed, start=1):
            text = self._legible(item.text, number)
            if text:
                _lay(self.sheet, self._corners(shape), text, self.fonts, _readable(_band(item.confidence)))

    # --- below the picture -------------------------------------------------------------------------------------------

    def finished(self) -> Pixels:
        """The picture with its sheet beside it and its notes below."""
        from PIL import Image

        notes = [*self.notes, *(item for item in self.things if isinstance(item, Note))]
        if self.unshown:
            which = ", ".join(self.unshown)
            notes.append(Note(text=f"{which}: in signs that no font here has; name one: draw(image, font='...')"))
        if not notes:
            return self.pixels
        # A sheet never comes without notes: the key to its colours.
        width = self.pixels.width * (2 if self.sheet is not None else 1)
        strip = self._strip(notes, max(width, LEAST_STRIP))
        out = Image.new("RGB", (strip.width, self.pixels.height + strip.height), DARK)
        left = (strip.width - width) // 2
        out.paste(self.pixels, (left, 0))
        if self.sheet is not None:
            out.paste(self.sheet, (left + self.pixels.width, 0))
        out.paste(strip, (0, self.pixels.height))
        return out

    def _strip(self, notes: Sequence[Note], width: int) -> Pixels:
        from PIL import Image

        letter = max(LEAST_LETTER + 1, min(self.measures.letter, width // 24))
        rows: list[tuple[str, Rgb | None, bool]] = []
        for note in notes[:MOST_NOTES]:
            text = (
                self.fonts.legible(note.text) or "(in signs that no font here has; name one: draw(image, font='...'))"
            )
            room = width - 2 * letter - (2 * letter if note.color is not None else 0)
            parts = wrapped(text, lambda part: self.fonts.length(part, letter), room)
            rows += [(part, note.color, index == 0) for index, part in enumerate(parts)]
        if len(notes) > MOST_NOTES:
            rows.append((f"and {len(notes) - MOST_NOTES} more", None, True))
        step = round(1.6 * letter)
        strip = Image.new("RGB", (width, step * len(rows) + letter), DARK)
        draw = _pen(strip)
        for index, (text, color, first) in enumerate(rows):
            left, top = letter, letter // 2 + index * step
            if color is not None:
                if first:
                    draw.rectangle((left, top + letter // 6, left + letter, top + letter + letter // 6), color, WHITE)
                left += 2 * letter
            self.fonts.write(draw, (left, top), text, letter, WHITE)
        return strip


# --- colours ---------------------------------------------------------------------------------------------------------


def _against(color: Rgb) -> Rgb:
    """Black or white, whichever is read more easily on a colour (its luminance by ITU-R BT.601)."""
    red, green, blue = color
    return DARK if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else WHITE


def _band(confidence: float | None) -> Rgb:
    """The colour of something that was read, by how sure the vendor is of it."""
    if confidence is None:
        return UNSAID
    return SURE if confidence >= 0.9 else DOUBTFUL if confidence >= 0.7 else UNSURE


def _readable(color: Rgb) -> Rgb:
    """A colour, darker: for letters on white."""
    red, green, blue = (round(0.7 * channel) for channel in color)
    return red, green, blue


def _key(found: Sequence[Reading]) -> list[Note]:
    """What the colours of words mean, for those that occur."""
    names = {
        SURE: "confidence 90% and over",
        DOUBTFUL: "confidence 70% to 90%",
        UNSURE: "confidence under 70%",
        UNSAID: "confidence not said",
    }
    used = [_band(confidence) for item in found for _, confidence in item.words]
    used += [_band(item.confidence) for item in found if not item.words]
    return [Note(text=f"{name} ({used.count(color)})", color=color) for color, name in names.items() if color in used]


# --- lines and letters -----------------------------------------------------------------------------------------------


def _pen(pixels: Pixels) -> ImageDraw:
    from PIL import ImageDraw

    return ImageDraw.Draw(pixels)


def _area(shape: Box | Polygon | None) -> float:
    if shape is None:
        return 0.0
    return (shape.box if isinstance(shape, Polygon) else shape).area


def _seen(share: float, length: int, edge: float) -> float:
    """Where a corner is drawn. One that lies on the picture's edge is moved in, so that its lines are seen; one that is
    farther out stays there."""
    place = share * length
    return min(max(place, edge), length - 1 - edge) if -0.005 <= share <= 1.005 else place


def _outline(draw: ImageDraw, corners: Sequence[tuple[float, float]], color: Rgb, width: int) -> None:
    """A closed line, with an edge that is seen where the picture has its colour, unless it is as thin as can be."""
    path = [*corners, *corners[:2]]
    if width > 1:
        draw.line(path, fill=_against(color), width=width + 2, joint="curve")
    draw.line(path, fill=color, width=width, joint="curve")


def _said(item: Reading) -> str:
    return item.text if item.confidence is None else f"{item.text} {item.confidence:.0%}"


def _lay(sheet: Pixels, corners: Sequence[tuple[float, float]], text: str, fonts: Fonts, color: Rgb) -> None:
    """Sets a text into the place where it was read, as large as fits, and turned as it was."""
    from PIL import Image

    if len(corners) != 4:
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        corners = [(min(xs), min(ys)), (max(xs), min(ys)), (max(xs), max(ys)), (min(xs), max(ys))]
    (x0, y0), (x1, y1), (x2, y2) = corners[:3]
    width, height = math.hypot(x1 - x0, y1 - y0), math.hypot(x2 - x1, y2 - y1)
    letter = max(6, round(0.85 * height))
    natural = fonts.length(text, letter)
    if natural > width > 0:
        letter = max(6, int(letter * width / natural))
        text = shortened(text, lambda part: fonts.length(part, letter), width)
    mask = Image.new("L", (math.ceil(fonts.length(text, letter)) + 2, fonts.height(text, letter)))
    fonts.write(_pen(mask), (1, 0), text, letter, 255)
    angle = math.degrees(math.atan2(y1 - y0, x1 - x0))
    if abs(angle) > 0.5:
        mask = mask.rotate(-angle, resample=Image.Resampling.BICUBIC, expand=True)
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    left, top = (min(xs) + max(xs) - mask.width) / 2, (min(ys) + max(ys) - mask.height) / 2
    if abs(angle) <= 0.5:
        left = x0
    sheet.paste(color, (round(left), round(top)), mask)
