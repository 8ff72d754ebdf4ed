"""Fonts that can show a text: of those that are on this machine the first that has all of its signs."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from cloudai.errors import InvalidRequestError

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

__all__ = ["Fonts", "shortened", "wrapped"]

Rgb = tuple[int, int, int]

PLAIN = ""
"""Pillow's own font, which has no more than ASCII: not even é (seen with Pillow 13, 2026-11-22)."""
SYSTEM = (
    # Latin, Greek, Cyrillic, and whatever else each of them has.
    *("DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf", "FreeSans.ttf"),
    *("Arial Unicode.ttf", "segoeui.ttf", "tahoma.ttf", "Arial.ttf"),
    # Chinese, Japanese, Korean.
    *("NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "wqy-microhei.ttc", "wqy-zenhei.ttc"),
    *("DroidSansFallbackFull.ttf", "DroidSansFallback.ttf", "msyh.ttc", "simsun.ttc", "meiryo.ttc", "msgothic.ttc"),
    *("YuGothM.ttc", "malgun.ttf", "PingFang.ttc", "Hiragino Sans GB.ttc", "AppleSDGothicNeo.ttc"),
    # Other scripts.
    *("NotoSansArabic-Regular.ttf", "NotoNaskhArabic-Regular.ttf", "NotoSansHebrew-Regular.ttf", "GeezaPro.ttc"),
    *("NotoSansDevanagari-Regular.ttf", "NotoSansBengali-Regular.ttf", "NotoSansTamil-Regular.ttf", "Nirmala.ttf"),
    *("Kohinoor.ttc", "NotoSansThai-Regular.ttf", "Thonburi.ttc", "seguisym.ttf"),
)
"""Files that systems bring, by names under which Pillow finds them in the systems' folders."""
SHAPED = frozenset((*range(0x0590, 0x1100), *range(0x1780, 0x1800)))
"""Scripts that are written from the right, or whose letters change beside each other: they need Raqm."""
SAMPLE = 20
NOWHERE = "\uffff"
"""A sign that no font has."""
_NONE = ((PLAIN, ""),)
_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE"}
)


class Fonts:
    """The fonts for one picture. Sizes are in pixels.

    Args:
        path: A font file of the caller's, which is asked first.
    """

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        self._files: tuple[str, ...] = (PLAIN, *SYSTEM)
        if path is not None:
            self._files = (os.fspath(path), *self._files)
            if _face(self._files[0]) is None:
                raise InvalidRequestError(f"font={self._files[0]!r} is no font that can be read")
        self._known: dict[str, tuple[tuple[str, str], ...] | None] = {}

    def legible(self, text: str) -> str | None:
        """The text as it can be shown: as it is, or without accents and pictographs where no font has these; None
        where it cannot be shown at all."""
        text = _clean(text)
        if self._runs(text) is not None:
            return text
        plain = unicodedata.normalize("NFKD", text.translate(_LETTERS))
        plain = _clean("".join(sign for sign in plain if unicodedata.category(sign) not in ("Mn", "Cf", "So", "Sk")))
        return plain if plain and self._runs(plain) is not None else None

    def length(self, text: str, size: int) -> float:
        """How long a legible text is."""
        return sum(_load(file, size).getlength(part) for file, part in self._runs(text) or ())

    def height(self, text: str, size: int) -> int:
        """How high its line is."""
        return self._above(text, size) + max(_load(file, size).getmetrics()[1] for file, _ in self._runs(text) or _NONE)

    def write(self, pen: ImageDraw, place: tuple[float, float], text: str, size: int, color: int | Rgb) -> None:
        """Writes a legible text; ``place`` is the left top of its line."""
        left, base = place[0], place[1] + self._above(text, size)
        for file, part in self._runs(text) or ():
            font = _load(file, size)
            pen.text((left, base), part, font=font, fill=color, anchor="ls")
            left += font.getlength(part)

    def _above(self, text: str, size: int) -> int:
        return max(_load(file, size).getmetrics()[0] for file, _ in self._runs(text) or _NONE)

    def _runs(self, text: str) -> tuple[tuple[str, str], ...] | None:
        """The parts of a text, each with the font that has its signs; None where a sign is in none of them."""
        if text not in self._known:
            self._known[text] = self._parted(text)
        return self._known[text]

    def _parted(self, text: str) -> tuple[tuple[str, str], ...] | None:
        if any(ord(sign) in SHAPED for sign in text) and not _shapes():
            return None
        whole = next((file for file in self._files if _covers(file, text)), None)
        if whole is not None:
            return ((whole, text),)
        runs: list[tuple[str, str]] = []
        for sign in text:
            if runs and (sign.isspace() or _covers(runs[-1][0], sign)):
                runs[-1] = (runs[-1][0], runs[-1][1] + sign)
                continue
            file = next((file for file in self._files if _covers(file, sign)), None)
            if file is None:
                return None
            runs.append((file, sign))
        return tuple(runs)


def shortened(text: str, length: Callable[[str], float], room: float) -> str:
    """The text, or as much of it as there is room for; nothing where that is hardly a word."""
    if length(text) <= room:
        return text
    while text and length(text + "...") > room:
        text = text[:-1]
    return text + "..." if len(text) >= 3 else ""


def wrapped(text: str, length: Callable[[str], float], room: float) -> list[str]:
    """The text in lines that there is room for; a word that is too long is broken."""
    rows: list[str] = []
    row = ""
    for word in text.split():
        joined = f"{row} {word}" if row else word
        if length(joined) <= room:
            row = joined
            continue
        if row:
            rows.append(row)
        while len(word) > 1 and length(word) > room:
            fits = max(1, next((end for end in range(len(word), 0, -1) if length(word[:end]) <= room), 1))
            rows.append(word[:fits])
            word = word[fits:]
        row = word
    return [*rows, row] if row else rows


# --- signs and files -------------------------------------------------------------------------------------------------


def _clean(text: str) -> str:
    """On one line, and without the signs that only steer the direction of others."""
    kept = (sign for sign in text if unicodedata.category(sign) != "Cf" or sign in "\u200c\u200d")
    return " ".join("".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in kept).split())


def _covers(file: str, text: str) -> bool:
    if text.isascii() and file == PLAIN:
        return True
    return _face(file) is not None and all(_has(file, sign) for sign in set(text) if not sign.isspace())


@cache
def _face(file: str) -> FreeTypeFont | None:
    try:
        return _load(file, SAMPLE)
    except OSError:
        return None


@cache
def _has(file: str, sign: str) -> bool:
    font = _face(file)
    if font is None or unicodedata.category(sign) == "Cf":
        return font is not None
    shown = _drawn(font, sign)
    return bool(shown) and shown != _drawn(font, NOWHERE)


def _drawn(font: FreeTypeFont, sign: str) -> bytes:
    mask: Any = font.getmask(sign)
    return bytes(mask)


@cache
def _load(file: str, size: int) -> FreeTypeFont:
    from PIL import ImageFont

    font: Any = ImageFont.load_default(size) if file == PLAIN else ImageFont.truetype(file, size)
    loaded: FreeTypeFont = font
    return loaded


@cache
def _shapes() -> bool:
    from PIL import features

    return bool(features.check("raqm")) and bool(features.check("fribidi"))
