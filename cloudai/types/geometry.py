"""Places on a picture, in shares of its width and height, from the top left of the picture as a person sees it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Self

from cloudai.types.value import Value, value

__all__ = ["Box", "PixelBox", "Point", "Polygon"]


class Point(NamedTuple):
    """A point, 0..1 from the left and from the top. A vendor may put it a little outside."""

    x: float
    y: float


class PixelBox(NamedTuple):
    """A box in whole pixels."""

    left: int
    top: int
    width: int
    height: int


@value
class Box(Value):
    """An upright rectangle. Sides are shares of the picture, 0..1, and not clipped: a face may reach over the edge."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def area(self) -> float:
        return self.width * self.height

    @classmethod
    def from_pixels(cls, left: float, top: float, width: float, height: float, *, size: tuple[float, float]) -> Self:
        """The box of a vendor that answers in pixels of a picture of this size (width, height)."""
        across, down = size
        return cls(left=left / across, top=top / down, width=width / across, height=height / down)

    def to_pixels(self, width: int, height: int) -> PixelBox:
        """The box on a picture of that many pixels, rounded to whole ones."""
        left, top = round(self.left * width), round(self.top * height)
        return PixelBox(left, top, round(self.right * width) - left, round(self.bottom * height) - top)

    def clipped(self) -> Self:
        """The part of the box that is on the picture."""
        left, top = min(max(self.left, 0.0), 1.0), min(max(self.top, 0.0), 1.0)
        right, bottom = min(max(self.right, 0.0), 1.0), min(max(self.bottom, 0.0), 1.0)
        return type(self)(left=left, top=top, width=right - left, height=bottom - top)

    def overlap(self, other: Box) -> float:
        """How much of both boxes is common to them: intersection over union, 0..1."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        if across <= 0 or down <= 0:
            return 0.0
        shared = across * down
        return shared / (self.area + other.area - shared)


@value
class Polygon(Value):
    """A closed line around something, in the vendor's order: usually four corners, beginning at the top left of what is
    shown, also when it is turned."""

    coordinates: tuple[float, ...]
    """x and y of each corner in turn: one flat tuple, because a page of text has tens of thousands of them."""

    @classmethod
    def of(cls, points: Iterable[tuple[float, float]]) -> Self:
        """The polygon of these points, each 0..1 from the left and from the top."""
        return cls(coordinates=tuple(number for point in points for number in point))

    @classmethod
    def from_pixels(cls, coordinates: Sequence[float], *, size: tuple[float, float]) -> Self:
        """The polygon of a vendor that answers in pixels (or inches) of a picture of this size (width, height)."""
        across, down = size
        return cls(
            coordinates=tuple(number / (down if index % 2 else across) for index, number in enumerate(coordinates))
        )

    @property
    def points(self) -> tuple[Point, ...]:
        """The corners."""
        numbers = iter(self.coordinates)
        return tuple(Point(x, y) for x, y in zip(numbers, numbers, strict=True))

    def __iter__(self) -> Iterator[Point]:
        return iter(self.points)

    def __len__(self) -> int:
        return len(self.coordinates) // 2

    @property
    def box(self) -> Box:
        """The upright rectangle around it."""
        xs, ys = self.coordinates[::2], self.coordinates[1::2]
        return Box(left=min(xs), top=min(ys), width=max(xs) - min(xs), height=max(ys) - min(ys))

    def to_pixels(self, width: int, height: int) -> tuple[tuple[int, int], ...]:
        """The corners on a picture of that many pixels, rounded to whole ones."""
        return tuple((round(x * width), round(y * height)) for x, y in self.points)
