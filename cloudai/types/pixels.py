"""Pixels of a picture as a person sees it, through Pillow, which is imported when somebody needs them."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Any

from cloudai.errors import ConfigurationError, InputTooLargeError, InvalidRequestError, UnsupportedFormatError

if TYPE_CHECKING:
    from PIL.Image import Image as Pixels

__all__ = ["decoded", "frame_count", "on_paper", "plain_mode", "upright"]

BROKEN = (OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, OverflowError, struct.error)
"""What Pillow's readers raise for a file that is cut off or makes no sense (seen with Pillow 13, 2026-11-22)."""


def upright(data: bytes, *, frame: int = 0, name: str | None = None) -> Pixels:
    """A picture of a file (its first, or the one of that number) as red, green and blue of 8 bits, turned as its Exif
    orientation says. Transparent parts are white, as on paper.

    Raises:
        InvalidRequestError: It is cut off, is no picture, or has no picture of that number.
        InputTooLargeError: It has more pixels than Pillow takes for safe.
        ConfigurationError: Pillow is not installed.
    """
    return on_paper(decoded(data, frame=frame, name=name))


def decoded(data: bytes, *, frame: int = 0, name: str | None = None) -> Pixels:
    """The same with 8 bits of grey or of colours, and with transparency where it has any. Raises as ``upright``."""
    pillow, turn = _pillow()
    shown = name or "the picture"
    try:
        with pillow.open(io.BytesIO(data)) as opened:
            opened.seek(frame)
            # Loaded before it is turned: a picture whose readers find out while loading how large it is would be
            # turned by its old size.
            opened.load()
            pixels: Pixels = turn(opened)
    except EOFError as error:
        raise InvalidRequestError(f"{shown} has no page {frame + 1}") from error
    except pillow.DecompressionBombError as error:
        raise InputTooLargeError(f"{shown} is not decoded: {error}") from error
    except pillow.UnidentifiedImageError as error:
        # Pillow's own words name an object in memory.
        raise UnsupportedFormatError(
            f"{shown} cannot be decoded: it is cut off, or of a format that Pillow does not read here"
        ) from error
    except BROKEN as error:
        raise InvalidRequestError(f"{shown} cannot be decoded: {error}") from error
    return plain_mode(pixels)


def frame_count(data: bytes, *, name: str | None = None) -> int:
    """How many pages or frames a file has.

    Raises:
        InvalidRequestError: It is no picture.
        ConfigurationError: Pillow is not installed.
    """
    pillow, _ = _pillow()
    try:
        with pillow.open(io.BytesIO(data)) as opened:
            return int(getattr(opened, "n_frames", 1))
    except pillow.DecompressionBombError as error:
        raise InputTooLargeError(f"{name or 'the picture'} is not decoded: {error}") from error
    except BROKEN as error:
        raise InvalidRequestError(f"{name or 'the picture'} cannot be decoded: {error}") from error


def plain_mode(pixels: Pixels) -> Pixels:
    """The same picture as 8 bits of grey or of red, green and blue, with transparency where it has any."""
    if pixels.mode.startswith("I;16") or pixels.mode in ("I", "F"):
        # Deeper greys become 8 bits by their share of the whole range, not by cutting off.
        top = 65535.0 if pixels.mode.startswith("I;16") else _top(pixels)
        return pixels.convert("F").point(lambda level: level * (255.0 / top)).convert("L")
    if pixels.mode in ("L", "RGB", "RGBA", "LA"):
        return pixels
    if pixels.mode in ("PA", "La", "RGBa") or "transparency" in pixels.info:
        return pixels.convert("RGBA")
    return pixels.convert("RGB")


def _top(pixels: Pixels) -> float:
    """The white of a picture whose mode does not say it: the usual one that its lightest pixel fits under."""
    _, lightest = pixels.getextrema()
    high = float(lightest) if isinstance(lightest, int | float) else 255.0
    usual = (1.0, 255.0, 65535.0) if pixels.mode == "F" else (255.0, 65535.0)
    return next((top for top in usual if high <= top), high)


def on_paper(pixels: Pixels) -> Pixels:
    """The same picture as red, green and blue, with white behind what is transparent."""
    if pixels.mode in ("LA", "RGBA") or "transparency" in pixels.info:
        pillow, _ = _pillow()
        paper: Pixels = pillow.new("RGBA", pixels.size, "white")
        paper.alpha_composite(pixels.convert("RGBA"))
        return paper.convert("RGB")
    return pixels if pixels.mode == "RGB" else pixels.convert("RGB")


def _pillow() -> tuple[Any, Any]:
    try:
        from PIL import (
            Image as pillow,  # noqa: N813
            ImageOps,
        )
    except ModuleNotFoundError as error:
        raise ConfigurationError("this needs Pillow: pip install 'cloudai[images]'") from error
    return pillow, ImageOps.exif_transpose
