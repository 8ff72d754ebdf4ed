"""What an adapter says about itself beside its parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from cloudai.types.imagefile import ImageFormat
from cloudai.types.media import Image
from cloudai.types.span import Unit

__all__ = ["ImageRule", "Limit", "PictureRule", "limit", "picture", "requires"]

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Limit:
    """The largest text that a vendor takes in one call."""

    maximum: int
    unit: Unit
    piece: int | None = None
    """How long the pieces of a split text are, where the vendor has other limits that bite sooner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRule:
    """The pictures that a vendor takes. What it does not state is None."""

    formats: frozenset[ImageFormat]
    max_bytes: int | None = None
    min_side: int | None = None
    """Pixels of the shorter side."""
    max_side: int | None = None
    """Pixels of the longer side."""
    max_pixels: int | None = None
    schemes: tuple[str, ...] = ()
    """The addresses that the vendor reads itself: ``https``, ``s3``, ``gs``."""
    turns: frozenset[ImageFormat] = frozenset()
    """The formats in which the vendor turns a picture as its Exif says. Others are turned here before they are sent."""
    way_out: str | None = None
    """What else helps where a picture has too many bytes, beside ``fit=True``: "name a bucket"."""


PictureRule = ImageRule | Callable[[Any], "ImageRule | Callable[[Any, Image], ImageRule]"]
"""A rule; or what makes it from the vendor's settings; or what then makes it from the request and one of its pictures,
where the vendor has several ways of which each takes other pictures."""


def limit(maximum: int, unit: Unit, *, piece: int | None = None) -> Callable[[F], F]:
    """Says how long a text the vendor takes. A longer one is refused before it is sent, or split when asked for."""

    def mark(function: F) -> F:
        function.limit = Limit(maximum, unit, piece)  # type: ignore[attr-defined]
        return function

    return mark


def picture(rule: PictureRule) -> Callable[[F], F]:
    """Says which pictures the vendor takes. Others are refused before they are sent, or made to fit when asked for."""

    def mark(function: F) -> F:
        function.picture = rule  # type: ignore[attr-defined]
        return function

    return mark


def requires(check: Callable[[], str | None]) -> Callable[[F], F]:
    """Says what an adapter needs on this machine: ``check`` returns what is missing and how to get it, or None."""

    def mark(function: F) -> F:
        function.requires = check  # type: ignore[attr-defined]
        return function

    return mark
