"""Pages of text as Cloud Vision reads them.

Google gives words, each of its symbols, and at symbols the breaks behind them; lines are made here from the breaks. A
page of 5,000 words has 30,000 symbols: the loop over them is written for speed.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, degrees, hypot
from typing import Any, Literal

from cloudai.operations.vision import Line, Page, Word
from cloudai.providers.google.annotate import outline, stated
from cloudai.providers.google.tables import BREAK_HYPHEN, BREAK_LINES, BREAK_SPACES
from cloudai.providers.google.tags import spoken
from cloudai.types.geometry import Polygon

__all__ = ["pages_of"]

AGREED = 0.8
"""How much of their length the blocks of a page have to have in common, for the page to have an angle."""


def pages_of(
    response: Any, size: tuple[int, int] | None, *, number: int = 1, unit: Literal["pixel", "point"] = "pixel"
) -> tuple[str, tuple[Page, ...]]:
    """The full text of a picture or of one page of a document, and what is read on it.

    Args:
        size: The picture's own size, for answers that do not state the page's.
        number: The number of the first page.
    """
    full, words = response.full_text_annotation, response.text_annotations
    if full.pages:
        return full.text, tuple(_page(page, size, number + index, unit) for index, page in enumerate(full.pages))
    across, down = size or (None, None)
    if not words:
        return full.text, (Page(number=number, width=across, height=down, unit=unit if size else None),)
    # The form of 2016, which TEXT_DETECTION still gives beside the other: the whole text, then its words.
    whole, *rest = words
    page = Page(
        number=number,
        lines=_lines_of_words(whole.description, rest, size),
        width=across,
        height=down,
        unit=unit if size else None,
        language=spoken(whole.locale),
    )
    return whole.description, (page,)


def _page(page: Any, size: tuple[int, int] | None, number: int, unit: Literal["pixel", "point"]) -> Page:
    own = page.width > 0 and page.height > 0
    across, down = (page.width, page.height) if own else size or (None, None)
    scale = None if across is None or down is None else (across, down)
    spoken_here = page.property.detected_languages
    best = max(spoken_here, key=lambda language: language.confidence, default=None)
    return Page(
        number=number,
        lines=tuple(_lines(page, scale)),
        width=across,
        height=down,
        unit=unit if scale else None,
        angle=_angle(page, scale or (1, 1)),
        language=None if best is None else spoken(best.language_code),
    )


class _Lines:
    """The lines of a page, in Google's order, as its words come in."""

    def __init__(self, scale: tuple[float, float] | None) -> None:
        self.done: list[Line] = []
        self._scale = scale
        self._words: list[Word] = []
        self._texts: list[str] = []
        self._tags: set[str] = set()

    def add(self, word: Any) -> None:
        before = after = 0
        letters = []
        for symbol in word.symbols:
            letters.append(symbol.text)
            if symbol.HasField("property"):
                found = symbol.property.detected_break
                if found.is_prefix:
                    before = found.type_
                elif found.type_:
                    after = found.type_
        if before:
            self._break(before)
        text = "".join(letters)
        self._texts.append(text)
        self._words.append(Word(text=text, polygon=_shape(word, self._scale), confidence=stated(word.confidence)))
        if word.HasField("property"):
            self._tags.update([language.language_code for language in word.property.detected_languages])
        if after:
            self._break(after)

    def _break(self, kind: int) -> None:
        if kind in BREAK_SPACES:
            self._texts.append(" ")
        elif kind in BREAK_LINES:
            self.close(hyphen=kind == BREAK_HYPHEN)

    def close(self, *, hyphen: bool = False) -> None:
        """Ends the line."""
        words, tags = self._words, self._tags
        if words:
            text = "".join(self._texts).strip(" ") + ("-" if hyphen else "")
            language = spoken(next(iter(tags))) if len(tags) == 1 else None
            around = _around(words, self._scale)
            self.done.append(Line(text=text, polygon=around, words=tuple(words), language=language))
        self._words, self._texts, self._tags = [], [], set()


def _lines(page: Any, scale: tuple[float, float] | None) -> list[Line]:
    lines = _Lines(scale)
    for block in page.blocks:
        for paragraph in block.paragraphs:
            for word in paragraph.words:
                lines.add(word)
            lines.close()
    return lines.done


def _shape(word: Any, scale: tuple[float, float] | None) -> Polygon | None:
    poly = word.bounding_box
    corners = poly.vertices
    if scale is None or len(corners) != 4:
        # Documents have shares in place of pixels.
        return outline(poly, scale)
    (across, down), (a, b, c, d) = scale, corners
    return Polygon(
        coordinates=(
            *(a.x / across, a.y / down, b.x / across, b.y / down),
            *(c.x / across, c.y / down, d.x / across, d.y / down),
        )
    )


def _lines_of_words(text: str, annotations: Sequence[Any], size: tuple[int, int] | None) -> tuple[Line, ...]:
    """The lines of a text with the words found on them, in the order in which both come."""
    lines = text.removesuffix("\n").split("\n")
    words: list[list[Word]] = [[] for _ in lines]
    position = row = 0
    for item in annotations:
        found = text.find(item.description, position)
        if found >= 0:
            row = min(row + text.count("\n", position, found), len(lines) - 1)
            position = found + len(item.description)
        words[row].append(Word(text=item.description, polygon=outline(item.bounding_poly, size)))
    return tuple(
        Line(text=line, polygon=_around(found, size), words=tuple(found))
        for line, found in zip(lines, words, strict=True)
    )


def _around(words: Sequence[Word], scale: tuple[float, float] | None) -> Polygon | None:
    """The rectangle around words, turned as they are; its first corner is where reading begins."""
    shapes = [word.polygon.coordinates for word in words if word.polygon is not None]
    if len(shapes) < 2 or scale is None:
        return words[0].polygon if len(words) == 1 else Polygon(coordinates=shapes[0]) if shapes else None
    if all(
        len(s) == 8 and s[1] == s[3] and s[5] == s[7] and s[0] == s[6] and s[2] == s[4] and s[0] < s[2] and s[1] < s[5]
        for s in shapes
    ):
        left, top = min([s[0] for s in shapes]), min([s[1] for s in shapes])
        right, bottom = max([s[2] for s in shapes]), max([s[5] for s in shapes])
        return Polygon(coordinates=(left, top, right, top, right, bottom, left, bottom))
    return _turned_around(shapes, scale)


def _turned_around(shapes: Sequence[tuple[float, ...]], scale: tuple[float, float]) -> Polygon:
    across, down = scale
    x = sum(s[2] - s[0] for s in shapes) * across
    y = sum(s[3] - s[1] for s in shapes) * down
    length = hypot(x, y)
    x, y = (x / length, y / length) if length else (1.0, 0.0)
    # Along the line, and down from it.
    along = [c * across * x + s[i + 1] * down * y for s in shapes for i, c in enumerate(s) if i % 2 == 0]
    below = [s[i + 1] * down * x - c * across * y for s in shapes for i, c in enumerate(s) if i % 2 == 0]
    first, last, top, bottom = min(along), max(along), min(below), max(below)
    corners = ((first, top), (last, top), (last, bottom), (first, bottom))
    return Polygon.of(((a * x - b * y) / across, (a * y + b * x) / down) for a, b in corners)


def _angle(page: Any, scale: tuple[float, float]) -> float | None:
    """How far the text of a page is turned. Google says it by the order of corners: the first two are the upper edge
    as the text is read. None where there is no text, or its blocks lie this way and that."""
    x = y = whole = 0.0
    for block in page.blocks:
        shape = outline(block.bounding_box, scale)
        if shape is not None and len(shape.coordinates) == 8:
            left, top, right, end = shape.coordinates[:4]
            across, down = (right - left) * scale[0], (end - top) * scale[1]
            x, y, whole = x + across, y + down, whole + hypot(across, down)
    if not whole or hypot(x, y) < AGREED * whole:
        return None
    return round(degrees(atan2(y, x)), 2) + 0.0
