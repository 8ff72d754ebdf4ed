from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from cloudai.types.span import Unit, exceeds, from_utf8, from_utf16, measure, redact, split

FAMILY = "👨‍👩‍👧‍👦"
COMBINED = "e\u0301"
UNITS: list[Unit] = ["bytes", "code points", "text elements"]


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("plain", (5, 5, 5)),
        (FAMILY, (25, 7, 1)),
        (COMBINED, (3, 2, 1)),
        ("漢字", (6, 2, 2)),
        ("שלום", (8, 4, 4)),
        ("a\r\nb", (4, 4, 3)),
    ],
)
def test_a_text_has_the_length_that_each_unit_gives_it(text: str, counts: tuple[int, int, int]) -> None:
    assert tuple(measure(text, unit) for unit in UNITS) == counts


@given(st.text(max_size=60), st.integers(0, 80), st.sampled_from(UNITS))
def test_the_quick_comparison_agrees_with_counting(text: str, limit: int, unit: Unit) -> None:
    assert exceeds(text, limit, unit) == (measure(text, unit) > limit)


@pytest.mark.parametrize("text", ["a😀b", f"x{FAMILY}y", f"{COMBINED}z", "漢字x", "שלום x"])
def test_vendor_offsets_become_string_indices(text: str) -> None:
    for start in range(len(text)):
        for end in range(start, len(text) + 1):
            before, part = text[:start], text[start:end]
            assert from_utf8(text, len(before.encode()), len(part.encode())) == (start, end - start)
            units = [len(piece.encode("utf-16-le")) // 2 for piece in (before, part)]
            assert from_utf16(text, *units) == (start, end - start)


def test_a_redacted_text_keeps_its_length_and_everything_else() -> None:
    assert redact("call 😀 555 now", [(7, 3)]) == "call 😀 *** now"
    assert redact("ab", [(1, 9), (-2, 1)]) == "a*"


def test_a_text_is_cut_at_the_end_of_a_sentence() -> None:
    text = "One is here. Two is longer! Three?"
    assert [piece for _, piece in split(text, 28, "code points")] == ["One is here. Two is longer! ", "Three?"]
    assert [piece for _, piece in split("第一句。第二句。", 5, "code points")] == ["第一句。", "第二句。"]


def test_without_a_sentence_a_text_is_cut_between_words_and_else_between_clusters() -> None:
    assert [piece for _, piece in split("alpha beta gamma", 11, "code points")] == ["alpha beta ", "gamma"]
    assert [piece for _, piece in split(FAMILY * 3, 8, "code points")] == [FAMILY] * 3
    assert [piece for _, piece in split(COMBINED * 3, 4, "bytes")] == [COMBINED] * 3


@given(
    st.text(alphabet=st.sampled_from("ab. \n!?é漢😀\u0301\u200d👩"), max_size=300),
    st.integers(30, 60),
    st.sampled_from(UNITS),
)
def test_pieces_fit_and_joined_are_the_text(text: str, limit: int, unit: Unit) -> None:
    pieces = split(text, limit, unit)
    assert "".join(piece for _, piece in pieces) == text
    position = 0
    for offset, piece in pieces:
        assert offset == position
        assert piece
        position += len(piece)
        # A single grapheme cluster may be longer than the whole limit; nothing else may.
        assert measure(piece, unit) <= limit or measure(piece, "text elements") == 1 or len(piece) == 1


def test_a_long_text_is_cut_in_a_time_that_grows_with_its_length() -> None:
    text = "word " * 200_000
    pieces = split(text, 5_000, "bytes")
    assert len(pieces) == 200
    assert all(len(piece) == 5_000 for _, piece in pieces)


def test_rows_of_dots_take_no_longer_than_words() -> None:
    text = "." * 50_000 + " and on"
    assert "".join(piece for _, piece in split(text, 1_000, "bytes")) == text
    assert [piece for _, piece in split("Well... yes. (So?) No!", 8, "code points")] == [
        "Well... ",
        "yes. ",
        "(So?) ",
        "No!",
    ]


def test_a_cluster_that_is_longer_than_the_limit_is_cut_into_as_few_pieces_as_fit() -> None:
    text = "\u0301" * 5_000
    pieces = split(text, 1_000, "bytes")
    assert "".join(piece for _, piece in pieces) == text
    assert len(pieces) == 10
