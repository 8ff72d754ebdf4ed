"""Key phrases of English texts."""

from __future__ import annotations

import pytest

from cloudai.providers.local.phrases import LONGEST, phrases


def found(text: str) -> list[str]:
    return [item["text"] for item in phrases(text)]


def test_function_words_and_marks_bound_a_phrase() -> None:
    assert found("The battery life of this phone, and its screen.") == ["battery life", "phone", "screen"]


def test_the_best_phrase_scores_one_and_the_order_is_by_score() -> None:
    scores = [item["score"] for item in phrases("A brown cardboard box. A box. The tape.")]
    assert scores[0] == 1.0
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0


def test_a_phrase_is_told_at_each_of_its_places() -> None:
    text = "Battery life is what I want. It is battery life."
    assert [(item["text"], item["offset"]) for item in phrases(text)] == [("Battery life", 0), ("battery life", 35)]


def test_a_word_that_comes_often_weighs_more() -> None:
    order = found("The charger is hot. The cable is new. The charger is loud. The charger is red.")
    assert order[:3] == ["charger"] * 3


def test_of_a_long_run_the_end_is_kept() -> None:
    (phrase,) = found("small round brown cardboard gift box")
    assert phrase == "brown cardboard gift box"
    assert len(phrase.split()) == LONGEST


@pytest.mark.parametrize("apostrophe", ["'", "’"])
def test_short_forms_are_function_words_whatever_their_apostrophe(apostrophe: str) -> None:
    assert found(f"I don{apostrophe}t like the lamp{apostrophe}s switch") == [f"lamp{apostrophe}s switch"]


def test_numbers_and_single_letters_say_nothing() -> None:
    assert found("5 x 30 of a") == []


@pytest.mark.parametrize(
    "text",
    [
        "The 😀 cafe\u0301 menu 👩‍👩‍👧 was fine",
        "Das Menü: ein 中文 שלום مرحبا text",
        "a\u00a0non-breaking\u00a0space and a‑hyphen",
    ],
)
def test_offsets_index_the_string(text: str) -> None:
    items = phrases(text)
    assert items
    assert all(text[item["offset"] : item["offset"] + item["length"]] == item["text"] for item in items)


def test_combining_marks_stay_with_their_word() -> None:
    assert found("The cafe\u0301 menu") == ["cafe\u0301 menu"]
