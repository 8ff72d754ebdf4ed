"""What is written where: results to standard output, progress to standard error."""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from collections.abc import Iterable
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

__all__ = [
    "clean",
    "counted",
    "cut",
    "document",
    "dumps",
    "joined",
    "lines",
    "note",
    "number",
    "output",
    "seconds",
    "table",
    "words",
    "write",
]

WIDE = 2000
"""How wide a table may be where nobody looks at it directly: a pipe or a file wraps nothing."""


def output(*, stderr: bool = False) -> Console:
    """Where results, or with ``stderr`` progress and notes, are written."""
    from rich.console import Console

    stream: IO[str] = sys.stderr if stderr else sys.stdout
    asked = os.environ.get("COLUMNS", "")
    width = None if stream.isatty() else int(asked) if asked.isdecimal() and int(asked) > 0 else WIDE
    return Console(
        file=stream, width=width, highlight=False, markup=False, emoji=False, stderr=stderr, legacy_windows=False
    )


def write(console: Console, item: Any) -> None:
    """Writes a table or a line; without the spaces that only fill a line up where it does not end at a screen."""
    if console.is_terminal:
        console.print(item)
        return
    with console.capture() as capture:
        console.print(item)
    for line in capture.get().splitlines():
        console.file.write(line.rstrip() + "\n")


def document(data: Any) -> None:
    """Writes one JSON document, and nothing else, to standard output."""
    sys.stdout.write(dumps(data, indent=2) + "\n")


def dumps(data: Any, *, indent: int | None = None) -> str:
    """A value as JSON that standard output can carry."""
    ascii_only = not (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "").startswith("utf8")
    text = json.dumps(data, ensure_ascii=ascii_only, indent=indent)
    # Half a surrogate pair, which a vendor's answer may hold, has no form in UTF-8.
    return text if ascii_only else text.encode("utf-8", "backslashreplace").decode()


def note(message: str) -> None:
    """Says something to whoever sits there, beside the output."""
    sys.stderr.write(clean(message) + "\n")


def table(*, title: str | None = None) -> Table:
    """An empty table in the look of all tables."""
    from rich import box
    from rich.table import Table

    return Table(
        box=box.SIMPLE_HEAD,
        title=title,
        title_justify="left",
        title_style="bold",
        header_style="bold",
        pad_edge=False,
        show_edge=False,
    )


def words(text: Any, style: str = "") -> Text:
    """Words for a cell: never read as markup, never able to steer the terminal."""
    from rich.text import Text

    return Text(clean(str(text)), style=style)


def lines(text: str) -> Text:
    """Words of several lines, each as ``words`` shows it."""
    from rich.text import Text

    return Text("\n".join(clean(line) for line in text.strip("\r\n\f").splitlines()))


def clean(text: str) -> str:
    """A text on one line, with control characters shown as what they are rather than obeyed."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(letter) for letter in text)


def _shown(letter: str) -> str:
    if letter in "\n\r\t\v\f\x85\u2028\u2029":
        return " "
    # Cc are control characters; Cs halves of a pair; the others turn the direction of what follows.
    if (
        unicodedata.category(letter) in ("Cc", "Cs")
        or letter in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    ):
        return "\N{REPLACEMENT CHARACTER}"
    return letter


def cut(text: str, longest: int) -> str:
    """A text that is no longer than this."""
    return text if len(text) <= longest else text[: longest - 3].rstrip() + "..."


def number(amount: float) -> str:
    """A number as one reads it: 1,234 or 0.873."""
    return f"{amount:,.0f}" if float(amount).is_integer() and abs(amount) < 1e15 else f"{amount:,.3f}"


def seconds(time: float | None) -> str:
    """A time as one reads it: 3 ms, 1.25 s."""
    if time is None:
        return ""
    return f"{time * 1000:.1f} ms" if time < 0.01 else f"{time * 1000:.0f} ms" if time < 1 else f"{time:.2f} s"


def counted(amount: float, word: str) -> str:
    """A number with what it counts, a word in the plural: 1 character, 2 characters."""
    return f"{number(amount)} {word.removesuffix('s') if amount == 1 else word}"


def joined(parts: Iterable[str]) -> str:
    return ", ".join(part for part in parts if part)
