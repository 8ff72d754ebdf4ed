"""Numbers, times and words as one reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal

import pytest

from cloudai import FailedProvider, Meta, Usage
from cloudai.cli import screen
from cloudai.cli.show import show
from cloudai.types.meta import Cost
from cloudai.types.value import Result, Value, attach, value


@pytest.mark.parametrize(
    ("amount", "expected"), [(1234, "1,234"), (1234.0, "1,234"), (0.8734, "0.873"), (0, "0"), (1e300, "1" + ",")]
)
def test_numbers_have_groups_and_no_needless_digits(amount: float, expected: str) -> None:
    assert screen.number(amount).startswith(expected)


@pytest.mark.parametrize(("amount", "expected"), [(1, "1 page"), (2, "2 pages"), (0, "0 pages"), (1.5, "1.500 pages")])
def test_one_is_no_plural(amount: float, expected: str) -> None:
    assert screen.counted(amount, "pages") == expected


@pytest.mark.parametrize(("time", "expected"), [(None, ""), (0.0004, "0.4 ms"), (0.25, "250 ms"), (1.5, "1.50 s")])
def test_times_have_the_unit_that_fits(time: float | None, expected: str) -> None:
    assert screen.seconds(time) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("schön 日本語 👩‍👩‍👧 עברית", "schön 日本語 👩‍👩‍👧 עברית"),
        ("a\r\nb\tc\u2028d", "a  b c d"),
        ("\x1b[2J\x07\x9b", "\N{REPLACEMENT CHARACTER}[2J" + 2 * "\N{REPLACEMENT CHARACTER}"),
        ("\ud800", "\N{REPLACEMENT CHARACTER}"),
        ("\u202eabc", "\N{REPLACEMENT CHARACTER}abc"),
    ],
)
def test_control_characters_are_shown_and_not_obeyed(text: str, expected: str) -> None:
    assert screen.clean(text) == expected


def test_half_a_surrogate_pair_is_valid_json_still() -> None:
    assert screen.dumps("\ud800é") == '"\\ud800é"'


def test_long_words_are_cut() -> None:
    assert screen.cut("a" * 10, 10) == "a" * 10
    assert screen.cut("abcdef ghij", 10) == "abcdef..."


@value
class Size(Value):
    width: int | None = None
    height: float | None = None


@value
class Odd(Result):
    """A result of another area, which nothing here was written for."""

    audio: bytes = b""
    flagged: bool | None = None
    size: Size | None = None
    words: tuple[str, ...] = ()
    table: Mapping[str, float] = field(default_factory=dict)
    price: Decimal | None = None


def test_results_of_areas_to_come_are_shown_by_their_fields(capsys: pytest.CaptureFixture[str]) -> None:
    odd = Odd(
        audio=b"123",
        flagged=False,
        size=Size(width=2, height=0.5),
        words=("a", "b"),
        table={"x": 1.0},
        price=Decimal("1.20"),
    )
    show(odd, screen.output())
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(maxsplit=1) for line in lines[:6]] == [
        ["audio", "3 bytes"],
        ["flagged", "no"],
        ["size", "width 2, height 0.500"],
        ["words", "a, b"],
        ["table", "x 1.000"],
        ["price", "1.20"],
    ]


def test_the_last_line_says_how_the_answer_came_about(capsys: pytest.CaptureFixture[str]) -> None:
    odd = Odd(flagged=True)
    cost = Cost(amount=Decimal("0.001"), currency="USD", price_date="2026-01-01", verified=True, estimate=True)
    meta = Meta(
        provider="alpha",
        model="v2",
        region="eu",
        latency=0.5,
        attempts=2,
        usage=Usage(measure="characters", amount=1, metered={"records": 3}),
        cost=cost,
        dropped=("country_hint",),
        fallbacks=(FailedProvider(provider="beta", error="TimeoutError", message=""),),
    )
    attach(odd, meta, None)
    show(odd, screen.output())
    assert capsys.readouterr().out.splitlines()[-1] == (
        "alpha v2 eu, 500 ms, 1 character, metered 3 records, 0.001 USD (estimate), 2 steps,"
        " after beta failed (TimeoutError), without country_hint, which alpha cannot express"
    )
