"""What is read as JSON, and what is not."""

from __future__ import annotations

import json

import pytest

from cloudai.ports.content import read_json


@pytest.mark.parametrize("value", [{"a": [1, 2.5, -3e2, "ü", None, True]}, [], "x", 0, 10**30, 1e308])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_is_read(value: object, encoding: str) -> None:
    assert read_json(json.dumps(value, ensure_ascii=False).encode(encoding)) == value


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"NaN",
        b'{"score": NaN}',
        b"[Infinity]",
        b"[-Infinity]",
        b"[1e999]",
        b"[-1e999]",
        b"\xff",
        b"[" * 100_000,
    ],
)
def test_what_is_no_json_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_json(content)


def test_a_number_of_any_number_of_digits_is_read_or_refused() -> None:
    assert read_json(b"0." + b"1" * 400) == pytest.approx(1 / 9)
    with pytest.raises(ValueError, match="digits"):
        read_json(b"1" * 10_000)
