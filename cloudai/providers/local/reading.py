"""What an engine's answer holds, read strictly: the wrong kind raises and so becomes ``InvalidResponseError``.

The engines run here, but an answer may come from a cassette that somebody has changed.
"""

from __future__ import annotations

from typing import Any

from cloudai.providers.reading import items, word

__all__ = ["items", "number", "place", "whole", "word"]


def number(value: Any) -> float:
    """A number, which a string or a truth value is not."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise _other("a number", value)


def whole(value: Any) -> int:
    """A whole number."""
    if type(value) is int:
        return value
    raise _other("a whole number", value)


def place(item: Any) -> tuple[int, int]:
    """Offset and length, which are string indices already."""
    offset, length = whole(item["offset"]), whole(item["length"])
    if offset < 0 or length < 0:
        raise ValueError(f"{offset} and {length} are no place in a text")
    return offset, length


def _other(wanted: str, value: Any) -> TypeError:
    return TypeError(f"{wanted} was agreed, not {'null' if value is None else type(value).__name__}")
