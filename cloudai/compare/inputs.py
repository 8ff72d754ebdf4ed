"""Where compared inputs come from: words, text files, tables, JSON lines and pictures, read one at a time."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import IO, Any, Literal

from cloudai.compare.files import STDIN, found, is_address
from cloudai.errors import InvalidRequestError

__all__ = ["STDIN_NAME", "Item", "Kind", "Reading", "decode", "read", "same_twice", "seems_a_file"]

Kind = Literal["text", "lines", "csv", "tsv", "jsonl"]
"""How an input is read: as one text, one text a line, or a table with a text in each row."""

_KINDS: dict[str, Kind] = {".csv": "csv", ".tsv": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
_FILE = re.compile(r"\S+\.(?:txt|text|md|rst|csv|tsv|jsonl?|ndjson|html?|xml|log|pdf|docx?|xlsx?)", re.IGNORECASE)
STDIN_NAME = "standard input"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One input."""

    content: Any
    """What is handed over: words; where inputs are files, a path, an address, or the bytes of standard input. A row
    without one has None, which no request takes."""
    reference: Any = None
    """What somebody says the right answer is: words, a number, or what JSON holds."""
    source: str = ""
    """Where it stands: a file's name and line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How inputs are read."""

    kind: Kind | None = None
    """None goes by the file's name, and takes any other file for one text."""
    column: str = "text"
    """The column, or the key of a JSON object, that holds the input."""
    columns: tuple[str, ...] = ()
    """Columns that are taken for it where that one is not there."""
    reference: str | None = None
    """The column that holds the right answer; it has to be there."""
    references: tuple[str, ...] = ()
    """Columns that are taken for the right answer where they are there and ``reference`` is not said."""
    encoding: str = "utf-8"
    literal: bool = False
    """Whether every input is the text itself, even where a file has that name."""
    media: type | None = None
    """What inputs are where they are files, such as ``Image``: a file is then an input itself, a folder or a pattern
    stands for the files in it, and a table holds paths, from where the table is, or addresses."""


def read(inputs: Sequence[str], reading: Reading | None = None) -> Iterator[Item]:
    """The items of files and words, in order. Files are read as the items are taken, never whole (but for a text file
    that is one item); pictures are not read at all, but named.

    Raises:
        InvalidRequestError: A file is not there, cannot be read, is not in its encoding, or lacks the column; the
            message says where.
    """
    how = Reading() if reading is None else reading
    for given in inputs:
        yield from _read(given, how)


def same_twice(inputs: Sequence[str], reading: Reading) -> bool:
    """Whether the inputs can be read twice: pipes cannot."""
    if reading.literal:
        return True
    return all(
        given != STDIN and (os.path.isfile(given) or os.path.isdir(given) or not _there(given)) for given in inputs
    )


def seems_a_file(given: str) -> bool:
    """Whether words look like the name of a file that was meant, rather than like a text."""
    return _FILE.fullmatch(given) is not None


def decode(content: bytes, name: str, encoding: str = "utf-8") -> str:
    """A file's text. A byte order mark says UTF-8 or UTF-16 and is taken away; line ends stay as they are.

    Raises:
        InvalidRequestError: The bytes are not in that encoding.
    """
    encoding = _marked(content) or encoding
    try:
        return content.decode(encoding)
    except (UnicodeError, LookupError) as error:
        raise _undecodable(name, encoding, error) from error


def _read(given: str, how: Reading) -> Iterator[Item]:
    if how.literal:
        yield Item(content=given, source="")
    elif given == STDIN:
        yield from _records(sys.stdin.buffer, STDIN_NAME, how.kind or "text", how)
    elif how.media is not None:
        for name in found(given, how.media):
            kind = how.kind or ("text" if is_address(name) else _KINDS.get(Path(name).suffix.lower(), "text"))
            yield from [Item(content=name, source=name)] if kind == "text" else _opened(name, kind, how)
    elif os.path.isdir(given):
        raise InvalidRequestError(f"{given} is a directory: name the files in it")
    elif _there(given):
        yield from _opened(given, how.kind or _KINDS.get(Path(given).suffix.lower(), "text"), how)
    elif seems_a_file(given):
        raise InvalidRequestError(f"there is no file {given}")
    else:
        yield Item(content=given, source="")


def _opened(name: str, kind: Kind, how: Reading) -> Iterator[Item]:
    try:
        with open(name, "rb") as file:
            yield from _records(file, name, kind, how)
    except OSError as error:
        raise InvalidRequestError(f"{name} cannot be read: {error.strerror or error}") from error


def _there(given: str) -> bool:
    # os.path answers False for what no name can be, such as a long text; Path raises.
    return os.path.exists(given)


def _records(file: IO[bytes], name: str, kind: Kind, how: Reading) -> Iterator[Item]:
    if kind == "text" and how.media is not None:
        yield Item(content=file.read(), source=name)
        return
    if kind == "text":
        text = decode(file.read(), name, how.encoding)
        yield Item(content=text.removesuffix("\n").removesuffix("\r"), source=name)
        return
    # The mark is looked at without being taken, so that pipes work as well.
    head = file.peek(4)[:4] if isinstance(file, io.BufferedReader) else b""
    encoding = _marked(head) or how.encoding
    try:
        lines = io.TextIOWrapper(file, encoding=encoding, newline="")
    except LookupError as error:
        raise _undecodable(name, encoding, error) from error
    try:
        if kind == "lines":
            items = _lines(lines, name)
        elif kind == "jsonl":
            items = _json_lines(lines, name, how)
        else:
            items = _table(lines, name, "\t" if kind == "tsv" else None, how)
        yield from items if how.media is None else (_located(item, name) for item in items)
    except UnicodeError as error:
        raise _undecodable(name, encoding, error) from error
    finally:
        # Whoever opened the file closes it.
        lines.detach()


def _located(item: Item, table: str) -> Item:
    """An item whose path, which its table says from where the table is, is one from here."""
    if not isinstance(item.content, str) or is_address(item.content):
        return item
    if not item.content.strip():
        return replace(item, content=None)
    path = os.path.join(os.path.dirname(table), item.content)
    if not os.path.isfile(path):
        raise InvalidRequestError(f"{item.source}: there is no file {path}")
    return replace(item, content=path)


def _lines(lines: IO[str], name: str) -> Iterator[Item]:
    for number, line in enumerate(lines, 1):
        yield Item(content=line.rstrip("\r\n"), source=f"{name}:{number}")


def _json_lines(lines: IO[str], name: str, how: Reading) -> Iterator[Item]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        source = f"{name}:{number}"
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InvalidRequestError(f"{source} is not JSON: {error}") from error
        if isinstance(record, str):
            yield Item(content=record, source=source)
        elif isinstance(record, dict):
            column = _content_column(list(record), source, "key", how)
            reference = _reference(list(record), source, "key", how)
            yield Item(content=record[column], reference=record[reference] if reference else None, source=source)
        else:
            raise InvalidRequestError(f"{source} is neither an object nor a string")


def _table(lines: IO[str], name: str, delimiter: str | None, how: Reading) -> Iterator[Item]:
    # Texts in tables are longer than the 128 KiB that the csv module takes by default. The setting is the module's own.
    csv.field_size_limit(2**31 - 1)
    skipped = 0
    header = lines.readline()
    while header and not header.strip():
        skipped += 1
        header = lines.readline()
    if not header:
        raise InvalidRequestError(f"{name} is empty: it begins with the names of its columns, one of them {how.column}")
    rows = csv.reader(chain([header], lines), delimiter=delimiter or _delimiter(header), strict=True)
    try:
        names = [part.strip() for part in next(rows)]
        column = names.index(_content_column(names, name, "column", how))
        found = _reference(names, name, "column", how)
        reference = names.index(found) if found else None
        begins = skipped + rows.line_num + 1
        for row in rows:
            source = f"{name}:{begins}"
            begins = skipped + rows.line_num + 1
            if row:
                yield Item(content=_cell(row, column), reference=_cell(row, reference), source=source)
    except csv.Error as error:
        raise InvalidRequestError(f"{name}:{skipped + rows.line_num} is not well-formed: {error}") from error


def _cell(row: Sequence[str], index: int | None) -> str | None:
    return row[index] if index is not None and index < len(row) else None


def _delimiter(header: str) -> str:
    """What parts the columns: commas, or what spreadsheets write where the comma is a decimal point."""
    return max((",", ";", "\t"), key=header.count)


def _content_column(names: Sequence[str], where: str, word: str, how: Reading) -> str:
    lower = {str(name).casefold() for name in names}
    wanted = next((name for name in (how.column, *how.columns) if name.casefold() in lower), how.column)
    return _column(wanted, names, where, word, "--column")


def _column(wanted: str, names: Sequence[str], where: str, word: str, flag: str) -> str:
    for name in names:
        if name == wanted:
            return name
    for name in names:
        if name.casefold() == wanted.casefold():
            return name
    shown = ", ".join(str(name) for name in names)
    raise InvalidRequestError(f"{where} has no {word} {wanted!r}: it has {shown}; say which holds it ({flag})")


def _reference(names: Sequence[str], where: str, word: str, how: Reading) -> str | None:
    if how.reference is not None:
        return _column(how.reference, names, where, word, "--reference")
    lower: Mapping[str, str] = {name.casefold(): name for name in names}
    return next((lower[name] for name in how.references if name in lower and name != how.column.casefold()), None)


def _marked(head: bytes) -> str | None:
    if head.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    return "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else None


def _undecodable(name: str, encoding: str, error: Exception) -> InvalidRequestError:
    if isinstance(error, LookupError):
        return InvalidRequestError(f"there is no encoding {encoding!r}")
    return InvalidRequestError(
        f"{name} is not {encoding} text ({error}): save it as UTF-8, or name its encoding with --encoding"
    )
