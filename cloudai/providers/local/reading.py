"""What an engine's answer holds, read strictly: the wrong kind raises and so becomes ``InvalidResponseError``.

The engines run here, but an answer may come from a cassette that somebody has changed.
"""

from __future__ import annotations

from typing import Any

__all__ = ["items", "number", "place", "word"]


def number(value: Any) -> float:
    """A number, which a string or a truth value is not."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise _other("a number", value)


def word(value: Any) -> str:
    """A string."""
    if isinstance(value, str):
        return value
    raise _other("a string", value)


def items(value: Any) -> list[Any]:
    """A list; a string would also iterate."""
    if isinstance(value, list):
        return value
    raise _other("a list", value)


def place(item: Any) -> tuple[int, int]:
    """Offset and length, which are string indices already."""
    offset, length = item["offset"], item["length"]
    if type(offset) is not int or type(length) is not int:
        raise _other("a whole number", offset if type(offset) is not int else length)
    if offset < 0 or length < 0:
        raise ValueError(f"{offset} and {length} are no place in a text")
    return offset, length


def _other(wanted: str, value: Any) -> TypeError:
    return TypeError(f"{wanted} was agreed, not {'null' if value is None else type(value).__name__}")
