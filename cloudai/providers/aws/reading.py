"""What a body of AWS holds, read strictly: the wrong kind raises and so becomes ``InvalidResponseError``.

AWS may write a whole number for a float (``"Score": 1``), but never a string for a number or a list.
"""

from __future__ import annotations

from math import isfinite
from typing import Any

from cloudai.providers.reading import items, kind_of, word

__all__ = ["items", "number", "span", "word"]


def number(value: Any) -> float:
    """A number, which a string or a truth value is not."""
    kind = type(value)
    if kind is float:
        if not isfinite(value):
            # Python reads 1e999 as infinity.
            raise ValueError(f"a number was agreed, not {value}")
        return value  # type: ignore[no-any-return]
    if kind is int:
        return float(value)
    raise TypeError(f"a number was agreed, not {kind_of(value)}")


def span(value: Any) -> tuple[int, int]:
    """The offset and length of something that has BeginOffset and EndOffset.

    They are code points, and so Python's indices: recorded for ASCII text in recordings of every operation, for other
    texts by reports of other clients (aws-amplify/amplify-swift pull request 904); the service model does not say.
    """
    begin, end = value["BeginOffset"], value["EndOffset"]
    if type(begin) is not int or type(end) is not int:
        raise TypeError(f"whole numbers were agreed for offsets, not {kind_of(begin)} and {kind_of(end)}")
    if not 0 <= begin <= end:
        raise ValueError(f"an offset of {begin}..{end} is no place in a text")
    return begin, end - begin
