"""Pictures on their way to a vendor: fetched, refused, turned or made to fit."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from functools import partial
from typing import Any

from cloudai.errors import (
    InputTooLargeError,
    InvalidRequestError,
    UnsupportedError,
    UnsupportedFormatError,
)
from cloudai.operations.request import Request
from cloudai.pipeline.call import Call
from cloudai.providers import Adapter
from cloudai.providers.adapter import ImageRule
from cloudai.types.media import Image
from cloudai.types.pixels import decoded, frame_count, on_paper

__all__ = ["make_ready"]

_SIZED = frozenset({"jpeg", "png", "gif", "bmp"})
"""Formats whose header always says how large the picture is."""
_PILLOW_FORMATS: Mapping[str, str] = {"jpeg": "JPEG", "png": "PNG"}


async def make_ready(call: Call, adapter: Adapter, request: Request[Any]) -> Request[Any]:
    """The request with pictures that the vendor takes, or the error that says why it takes them not."""
    rule = adapter.picture
    if rule is None:
        return request
    made = rule if isinstance(rule, ImageRule) else rule(call.asked.settings)
    choose: Callable[[Image], ImageRule] = (lambda _: made) if isinstance(made, ImageRule) else partial(made, request)
    changed = {}
    for item in fields(request):
        picture = getattr(request, item.name)
        if isinstance(picture, Image):
            ready = await _ready(call, choose, picture, fit=bool(getattr(request, "fit", False)))
            if ready is not picture:
                changed[item.name] = ready
    return replace(request, **changed) if changed else request


async def _ready(call: Call, choose: Callable[[Image], ImageRule], picture: Image, *, fit: bool) -> Image:
    rule = choose(picture)
    if picture.data is None:
        scheme = str(picture.address).partition("://")[0]
        if scheme in rule.schemes:
            call.sources.append("address")
            return picture
        if scheme not in ("http", "https"):
            raise UnsupportedError(
                f"{call.asked.provider.title} does not read {scheme}:// addresses; it takes bytes"
                + "".join(f", {known}://" for known in rule.schemes)
            )
        picture = await _fetched(call, picture)
        rule = choose(picture)
    else:
        call.sources.append("bytes")
    refusal = _refusal(call, rule, picture)
    turned = picture.orientation != 1 and picture.format not in rule.turns and picture.format != "pdf"
    if refusal is None and not turned:
        return picture
    if refusal is not None and not (fit and refusal.mendable):
        raise refusal.error
    ready: Image = await call.runtime.offload(lambda: _mend(picture, rule, shrink=refusal is not None))
    again = _refusal(call, rule, ready)
    if again is not None:
        # What the picture was, rather than what became of it.
        raise (refusal or again).error
    return ready


async def _fetched(call: Call, picture: Image) -> Image:
    from cloudai.ports.fetch import fetch

    address = str(picture.address)
    data = await call.runtime.offload(lambda: fetch(address, call.fetch))
    call.sources.append("fetched")
    return replace(Image.of(data), address=address, name=picture.name)


class _Refusal:
    """Why a vendor does not take a picture, and whether shrinking or converting would help."""

    def __init__(self, error: InvalidRequestError, *, mendable: bool = True) -> None:
        self.error = error
        self.mendable = mendable


def _refusal(call: Call, rule: ImageRule, picture: Image) -> _Refusal | None:
    title, operation = call.asked.provider.title, call.request.operation
    hint = "say fit=True to have it shrunk or converted"
    known = ", ".join(sorted(rule.formats))
    if picture.format is None:
        begins = (picture.data or b"")[:8]
        return _Refusal(
            UnsupportedFormatError(
                f"{picture.name or 'this'} is no picture that is known (it begins with {begins!r});"
                f" {title} takes {known} for {operation}"
            ),
            mendable=False,
        )
    if picture.format not in rule.formats:
        return _Refusal(
            UnsupportedFormatError(
                f"{title} does not take {picture.format} for {operation}, but {known}"
                + ("" if picture.format == "pdf" else f": {hint}")
            ),
            mendable=picture.format != "pdf",
        )
    length = picture.byte_length or 0
    if rule.max_bytes is not None and length > rule.max_bytes:
        mendable = picture.format != "pdf"
        ways = ", or ".join(way for way in (hint if mendable else None, rule.way_out) if way)
        return _Refusal(
            InputTooLargeError(
                f"the picture has {length:,} bytes, and {title} takes {rule.max_bytes:,} at most for {operation}"
                + (f": {ways}" if ways else "")
            ),
            mendable=mendable,
        )
    if picture.size is None:
        if picture.format not in _SIZED:
            return None
        shown = picture.name or "the picture"
        return _Refusal(
            InvalidRequestError(f"{shown} is cut off: it ends before it says how large it is"), mendable=False
        )
    return _size_refusal(title, operation, rule, picture.size, hint)


def _size_refusal(title: str, operation: str, rule: ImageRule, size: tuple[int, int], hint: str) -> _Refusal | None:
    shown = f"the picture has {size[0]:,} x {size[1]:,} pixels, and {title} takes"
    if rule.max_side is not None and max(size) > rule.max_side:
        return _Refusal(InputTooLargeError(f"{shown} {rule.max_side:,} a side at most for {operation}: {hint}"))
    if rule.max_pixels is not None and size[0] * size[1] > rule.max_pixels:
        return _Refusal(InputTooLargeError(f"{shown} {rule.max_pixels:,} in all at most for {operation}: {hint}"))
    if rule.min_side is not None and min(size) < rule.min_side:
        small = InvalidRequestError(f"{shown} {rule.min_side:,} a side at least for {operation}")
        # Another vendor may well take it.
        small.fallback = True
        return _Refusal(small, mendable=False)
    return None


def _mend(picture: Image, rule: ImageRule, *, shrink: bool) -> Image:
    """The picture turned upright and, where it has to be, converted and shrunk until the vendor takes it."""
    if picture.format == "tiff" and "tiff" in rule.formats and frame_count(picture.data or b"", name=picture.name) > 1:
        # To the vendor these are pages: a picture of the first one would lose the others.
        if shrink:
            raise InputTooLargeError("a document of several pages cannot be shrunk: send its pages one by one")
        return picture
    frame = decoded(picture.data or b"", name=picture.name)
    keep = "png" if frame.mode in ("LA", "RGBA") or picture.format in ("png", "gif", "bmp") else "jpeg"
    form = keep if keep in rule.formats else "jpeg"
    factor = _factor(frame.size, rule)
    quality = 95
    while True:
        data = _encoded(frame, form, factor, quality)
        # Also one that is only turned has to stay within the limits: it is written anew, and may have grown.
        if rule.max_bytes is None or len(data) <= rule.max_bytes:
            return replace(Image.of(data), name=picture.name, address=picture.address)
        # First a smaller file of the same picture, then a smaller picture.
        if form == "png" and "jpeg" in rule.formats:
            form = "jpeg"
        elif quality > 80:
            quality -= 10
        else:
            factor *= 0.8


def _factor(size: tuple[int, int], rule: ImageRule) -> float:
    factor = 1.0
    if rule.max_side is not None:
        factor = min(factor, rule.max_side / max(size))
    if rule.max_pixels is not None:
        factor = min(factor, (rule.max_pixels / (size[0] * size[1])) ** 0.5)
    return factor


def _encoded(frame: Any, form: str, factor: float, quality: int) -> bytes:
    if factor < 1.0:
        frame = frame.resize((max(1, int(frame.width * factor)), max(1, int(frame.height * factor))))
    if form == "jpeg" and frame.mode not in ("L", "RGB"):
        frame = on_paper(frame)
    buffer = io.BytesIO()
    frame.save(buffer, _PILLOW_FORMATS[form], **({"quality": quality} if form == "jpeg" else {}))
    return buffer.getvalue()
