"""What a body of Google holds, read strictly: the wrong kind raises and so becomes ``InvalidResponseError``.

The same answer comes in two spellings. The HTTP interface writes zeros, empty lists and ``..._UNKNOWN``; the JSON that
Google's own clients and gateways print drops them (``"sentiment": {}``, no ``beginOffset``). So a number that is absent
is 0 and a name that is absent is unknown, while null is neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudai.providers.reading import items, kind_of, members, word

__all__ = ["items", "known", "members", "number", "offset", "word"]


def number(part: Mapping[str, Any], name: str) -> float:
    """A number, 0 where it is absent; a string or a truth value is none."""
    value = part.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{name} is {kind_of(value)}, not a number")
    return float(value)


def offset(part: Mapping[str, Any]) -> int | None:
    """The place of a text span, 0 where it is absent; None where Google was not told how to count (-1)."""
    value = part.get("beginOffset", 0)
    if type(value) is not int:
        raise TypeError(f"beginOffset is {kind_of(value)}, not a whole number")
    return value if value >= 0 else None


def known(value: Any) -> str | None:
    """The name of an enum's value; None for an unknown one, which is spelled ``..._UNKNOWN`` or left out."""
    if value is None:
        return None
    name = word(value)
    return None if name == "UNKNOWN" or name.endswith(("_UNKNOWN", "_UNSPECIFIED")) else name
