"""The content of an answer, read as strictly as JSON is meant to be."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any, NoReturn

__all__ = ["read_json"]


def read_json(content: bytes) -> Any:
    """The value that a JSON text stands for (RFC 8259).

    Raises:
        ValueError: It is none. Nor are ``NaN`` and ``Infinity``, which Python would take, a number that is too large
            to be one, and lists in lists without end.
    """
    try:
        return _DECODER.decode(content.decode(json.detect_encoding(content), "surrogatepass"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError("a number is too large")
    return number


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(parse_float=_finite, parse_constant=_refuse)
