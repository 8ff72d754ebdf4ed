"""Parts of an answer, read strictly: what is of another kind than was agreed raises, and the pipeline makes an
``InvalidResponseError`` of that. What a vendor may leave out, and what it writes in a way of its own, is read in its
own ``reading.py``.
"""

from __future__ import annotations

from typing import Any

__all__ = ["MISREAD", "items", "kind_of", "members", "word"]

MISREAD = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError)
"""What reading an answer ends with that has not the agreed shape."""


def word(value: Any) -> str:
    """A string."""
    if isinstance(value, str):
        return value
    raise TypeError(f"a string was agreed, not {kind_of(value)}")


def items(value: Any) -> list[Any]:
    """A list; a string or a mapping would also iterate."""
    if isinstance(value, list):
        return value
    raise TypeError(f"a list was agreed, not {kind_of(value)}")


def members(value: Any) -> dict[str, Any]:
    """A mapping."""
    if isinstance(value, dict):
        return value
    raise TypeError(f"an object was agreed, not {kind_of(value)}")


def kind_of(value: Any) -> str:
    """What a value is, as JSON calls it where that differs."""
    return "null" if value is None else type(value).__name__
