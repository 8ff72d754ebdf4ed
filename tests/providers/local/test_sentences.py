"""Where sentences end."""

from __future__ import annotations

import pytest

from cloudai.providers.local.sentences import LONGEST, sentences


def cut(text: str) -> list[str]:
    return [text[offset : offset + length] for offset, length in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("  Padded.  And more  ", ["Padded.", "And more"]),
        ("The last. \n", ["The last."]),
        ('He said "no." Then he left.', ['He said "no."', "Then he left."]),
        ("It costs 3.50 a piece.", ["It costs 3.50 a piece."]),
        ("See www.example.com for more.", ["See www.example.com for more."]),
        ("Dr. Adams saw it at 5 p.m. on Monday. Fine.", ["Dr. Adams saw it at 5 p.m. on Monday.", "Fine."]),
        ("J. Adams came.", ["J. Adams came."]),
        ("Size no. 5 fits. Is it? No. It is not.", ["Size no. 5 fits.", "Is it?", "No.", "It is not."]),
        ("So do I. It works.", ["So do I.", "It works."]),
        ("Well... maybe. Or… not.", ["Well... maybe.", "Or… not."]),
        ("Great!!! Really?! yes", ["Great!!!", "Really?!", "yes"]),
        ("Love it 😍. Café 👍🏽! 好。", ["Love it 😍.", "Café 👍🏽!", "好。"]),
        ("A line\nthat goes on\nAnother", ["A line\nthat goes on", "Another"]),
        ("A title\n\na paragraph", ["A title", "a paragraph"]),
        ("no mark at all", ["no mark at all"]),
    ],
)
def test_a_text_is_cut_where_sentences_end(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


def test_a_text_without_full_stops_is_cut_at_words() -> None:
    text = "word " * 1000
    pieces = cut(text)
    assert len(pieces) == 3
    assert all(len(piece) <= LONGEST and not piece.startswith("ord") for piece in pieces)
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")


def test_a_text_without_any_blank_is_cut_all_the_same() -> None:
    assert [length for _, length in sentences("x" * (2 * LONGEST + 1))] == [LONGEST, LONGEST, 1]


def test_a_long_row_of_dots_takes_no_long_time() -> None:
    # Backtracking would take hours here.
    assert sum(length for _, length in sentences("." * 200_000 + "x")) == 200_001
