"""How Tesseract is asked, and what its table of words says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = ["arguments", "lines"]

LINE, WORD = 4, 5
"""Levels of its table; below them are the page, its blocks and their paragraphs."""


def arguments(output: str, *, data: str, languages: Sequence[str], mode: int) -> list[str]:
    """The command line behind the program's name: a picture on its standard input becomes ``output`` with ``.txt`` and
    ``.tsv``."""
    return [
        "-",
        output,
        *("--tessdata-dir", data),
        *("-l", "+".join(languages)),
        *("--psm", str(mode)),
        *("-c", "tessedit_create_txt=1"),
        *("-c", "tessedit_create_tsv=1"),
        # A form feed at the end of each page is of no use where there is one page.
        *("-c", "page_separator="),
    ]


def lines(table: str) -> list[dict[str, Any]]:
    """The lines of a page with their words, in its reading order, in pixels. A word of white space stands for a part
    of the page that it takes for a picture or a rule, and is no word."""
    found: list[dict[str, Any]] = []
    for row in table.splitlines()[1:]:
        level, _, block, paragraph, _, _, left, top, width, height, confidence, text = row.split("\t", 11)
        place = {"left": int(left), "top": int(top), "width": int(width), "height": int(height)}
        if int(level) == LINE:
            found.append({"block": int(block), "paragraph": int(paragraph), **place, "words": []})
        elif int(level) == WORD and text.strip():
            found[-1]["words"].append({"text": text, "conf": float(confidence), **place})
    return [line for line in found if line["words"]]
