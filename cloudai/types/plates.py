"""Where the plates with names go, so that they stay on the picture and do not hide each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Plates", "Rectangle"]

TRIES, ALL_TRIES = 4_000, 60_000
"""How many places around a box are looked at before a plate may lie on another: for one plate, and for all."""


class Rectangle(NamedTuple):
    """A part of a picture in pixels; the right and the bottom are the first outside."""

    left: int
    top: int
    right: int
    bottom: int


class Plates:
    """The places on a picture that are taken, in cells of a few pixels."""

    def __init__(self, width: int, height: int, *, cell: int) -> None:
        self._width, self._height, self._cell = width, height, cell
        self._taken: set[tuple[int, int]] = set()
        self._left = ALL_TRIES

    def place(self, box: Rectangle, width: int, height: int) -> tuple[Rectangle, bool]:
        """A place for the plate of a box, and whether it lies apart from it, so that it needs a line to it."""
        width, height = min(width, self._width), min(height, self._height)
        near = [self._inside(left, top, width, height) for left, top in _around(box, width, height)]
        for place in near:
            if place is not None and self._free(place):
                return self._take(place), False
        start = next((place for place in near if place is not None), None) or self._clamped(box, width, height)
        if self._free(start):
            return self._take(start), False
        found = next((place for place in self._further(start) if self._free(place)), None)
        return self._take(found or start), found is not None

    def beside(self, box: Rectangle, width: int, height: int) -> Rectangle | None:
        """A free place that touches a box; None where there is none."""
        for left, top in _around(box, width, height)[:6]:
            place = self._inside(left, top, width, height)
            if place is not None and self._free(place):
                return self._take(place)
        return None

    def take(self, box: Rectangle) -> None:
        """Keeps plates off a part of the picture."""
        # A little of its edge may be covered.
        across, down = (box.right - box.left) // 8, (box.bottom - box.top) // 4
        self._take(Rectangle(box.left + across, box.top + down, box.right - across, box.bottom - down))

    def _further(self, start: Rectangle) -> Iterator[Rectangle]:
        """Places around a start, the nearest first."""
        width, height = start.right - start.left, start.bottom - start.top
        tries = min(TRIES, self._left)
        ring = 0
        while True:
            ring += 1
            for step in range(-ring, ring + 1):
                for across, down in ((step, -ring), (step, ring), (-ring, step), (ring, step)):
                    if tries == 0:
                        return
                    tries -= 1
                    self._left -= 1
                    place = self._inside(start.left + across * width // 4, start.top + down * height, width, height)
                    if place is not None:
                        yield place

    def _clamped(self, box: Rectangle, width: int, height: int) -> Rectangle:
        left = min(max(box.left, 0), self._width - width)
        top = min(max(box.top, 0), self._height - height)
        return Rectangle(left, top, left + width, top + height)

    def _inside(self, left: int, top: int, width: int, height: int) -> Rectangle | None:
        """The place there, moved sideways onto the picture; None where it reaches over its top or bottom."""
        if top < 0 or top + height > self._height or width > self._width:
            return None
        left = min(max(left, 0), self._width - width)
        return Rectangle(left, top, left + width, top + height)

    def _cells(self, place: Rectangle) -> Iterator[tuple[int, int]]:
        cell = self._cell
        for x in range(place.left // cell, (max(place.right, place.left + 1) - 1) // cell + 1):
            for y in range(place.top // cell, (max(place.bottom, place.top + 1) - 1) // cell + 1):
                yield x, y

    def _free(self, place: Rectangle) -> bool:
        return self._taken.isdisjoint(self._cells(place))

    def _take(self, place: Rectangle) -> Rectangle:
        self._taken.update(self._cells(place))
        return place


def _around(box: Rectangle, width: int, height: int) -> list[tuple[int, int]]:
    """Where a plate may touch its box: outside first, then inside."""
    return [
        (box.left, box.top - height),
        (box.left, box.bottom),
        (box.right - width, box.top - height),
        (box.right - width, box.bottom),
        (box.right, box.top),
        (box.left - width, box.top),
        (box.left, box.top),
        (box.left, box.bottom - height),
        (box.right - width, box.top),
        (box.right - width, box.bottom - height),
    ]
