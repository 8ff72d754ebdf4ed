"""Places in a text, and lengths of a text in the units that vendors count in."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Literal

__all__ = ["Unit", "exceeds", "from_utf8", "from_utf16", "measure", "redact", "split"]

Unit = Literal["bytes", "code points", "text elements"]
"""What a vendor's limit counts: UTF-8 bytes, Unicode code points, or text elements (grapheme clusters)."""


def measure(text: str, unit: Unit) -> int:
    """The length of a text in a vendor's unit."""
    if unit == "bytes":
        return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
    if unit == "code points" or text.isascii() and "\r" not in text:
        return len(text)
    return sum(1 for _ in _graphemes(text))


def exceeds(text: str, limit: int, unit: Unit) -> bool:
    """Whether a text is over a limit. Counts only when a cheaper bound does not answer already."""
    if unit == "bytes":
        return len(text) > limit or len(text) * 4 > limit and measure(text, unit) > limit
    return len(text) > limit and measure(text, unit) > limit


def _graphemes(text: str) -> Iterator[str]:
    from wcwidth import iter_graphemes

    return iter(iter_graphemes(text))


def from_utf8(text: str, offset: int, length: int) -> tuple[int, int]:
    """Offset and length in Python string indices, from UTF-8 bytes."""
    data = text.encode("utf-8", "surrogatepass")
    start = len(data[:offset].decode("utf-8", "ignore"))
    return start, len(data[: offset + length].decode("utf-8", "ignore")) - start


def from_utf16(text: str, offset: int, length: int) -> tuple[int, int]:
    """Offset and length in Python string indices, from UTF-16 code units."""
    data = text.encode("utf-16-le", "surrogatepass")
    start = len(data[: 2 * offset].decode("utf-16-le", "ignore"))
    return start, len(data[: 2 * (offset + length)].decode("utf-16-le", "ignore")) - start


def redact(text: str, spans: Sequence[tuple[int, int]], *, mark: str = "*") -> str:
    """The text with each span, given as offset and length in string indices, covered by marks of the same length."""
    covered = list(text)
    for offset, length in spans:
        for index in range(max(offset, 0), min(offset + length, len(covered))):
            covered[index] = mark
    return "".join(covered)


# A sentence ends at a terminator, with the quotes and brackets that close it, before white space; the terminators of
# Chinese and Japanese, of Hindi (danda) and of a paragraph end one without any.
# Possessive, and never from within a row of terminators: a page of dots takes no longer than a page of words.
_SENTENCE_END = re.compile(r"(?<![.!?…؟۔։])[.!?…؟۔։]++[\"'”’»)\]]*+\s+|[。！？｡]+[”’」』）]*\s*|।\s*|\n\s*")  # noqa: RUF001
_WORD_END = re.compile(r"\s+")


def split(text: str, limit: int, unit: Unit) -> list[tuple[int, str]]:
    """Cuts a text into pieces within a limit, each with its offset; the pieces joined are the text again.

    Cuts at the end of a sentence where there is one, else between words, else between grapheme clusters.
    """
    pieces: list[tuple[int, str]] = []
    start = 0
    sentences = [match.end() for match in _SENTENCE_END.finditer(text)]
    words: list[int] | None = None
    while start < len(text):
        end = _reach(text, start, limit, unit)
        if end < len(text):
            cut = _last(sentences, start, end)
            if cut is None:
                words = [match.end() for match in _WORD_END.finditer(text)] if words is None else words
                cut = _last(words, start, end)
            end = end if cut is None else cut
        pieces.append((start, text[start:end]))
        start = end
    return pieces


def _last(cuts: list[int], start: int, end: int) -> int | None:
    """The last cut in (start, end]."""
    index = bisect_right(cuts, end) - 1
    return cuts[index] if index >= 0 and cuts[index] > start else None


def _reach(text: str, start: int, limit: int, unit: Unit) -> int:
    """The furthest end of a piece that begins at ``start`` and stays within the limit, between grapheme clusters."""
    # A little more than can fit is looked at, so that the last cluster that fits is seen whole.
    look = limit if unit != "text elements" else 8 * limit
    window = text[start : start + look + 64]
    last = start + len(window) == len(text)
    if last and not exceeds(window, limit, unit):
        return len(text)
    if window.isascii():
        return start + limit
    used = taken = cluster_length = 0
    for cluster in _graphemes(window):
        size = 1 if unit == "text elements" else measure(cluster, unit)
        if used + size > limit:
            break
        used += size
        cluster_length = len(cluster)
        taken += cluster_length
    else:
        # The whole window fits (clusters of many code points): its last cluster may go on behind it.
        taken -= 0 if last or taken == cluster_length else cluster_length
    if not taken:
        # One cluster is longer than the limit, such as a letter under thousands of accents: it is cut.
        for character in window:
            size = 1 if unit == "text elements" else measure(character, unit)
            if used + size > limit and taken:
                break
            used += size
            taken += 1
    return start + taken
