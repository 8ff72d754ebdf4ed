"""What of an answer is compared, and how alike two answers are."""

from __future__ import annotations

from typing import Any

import pytest

from cloudai import Meta, operations
from cloudai.compare import Comparable, likeness
from cloudai.compare.answers import compared, shown
from cloudai.operations.request import Request
from cloudai.operations.text import (
    CategoriesResult,
    Category,
    ClassifyRequest,
    DetectedLanguage,
    DetectionResult,
    EntitiesRequest,
    EntitiesResult,
    Entity,
    EntityLink,
    KeyPhrase,
    KeyPhrasesRequest,
    KeyPhrasesResult,
    LanguageRequest,
    LinkedEntitiesRequest,
    Mention,
    Opinion,
    OpinionsRequest,
    OpinionsResult,
    PiiRequest,
    PiiResult,
    SentimentRequest,
    SentimentResult,
    SummarizeRequest,
    SummaryResult,
    SummarySentence,
    SyntaxRequest,
    SyntaxResult,
    TextModerationRequest,
    Token,
)

SENTIMENT = SentimentRequest(text="x")

ANN = Entity(text="Ann", type="person", offset=0, length=3, confidence=0.9)
ROME = Entity(text="Rome", type="location", offset=9, length=4)


def phrases(*texts: str) -> KeyPhrasesResult:
    return KeyPhrasesResult(phrases=tuple(KeyPhrase(text=text) for text in texts))


def test_every_operation_says_what_is_compared() -> None:
    assert all(callable(getattr(request, "compared", None)) for request in operations.operations().values())
    assert isinstance(SENTIMENT, Comparable)


@pytest.mark.parametrize(
    ("request_", "result", "expected"),
    [
        (SENTIMENT, SentimentResult(sentiment="mixed"), "mixed"),
        (
            LanguageRequest(text="x"),
            DetectionResult(languages=(DetectedLanguage(tag="pt-BR"), DetectedLanguage(tag="es"))),
            "pt",
        ),
        (LanguageRequest(text="x"), DetectionResult(languages=()), "und"),
        (
            EntitiesRequest(text="x"),
            EntitiesResult(entities=(ANN, ROME, ANN)),
            {("Ann", "person"), ("Rome", "location")},
        ),
        (PiiRequest(text="x"), PiiResult(entities=(ANN,), redacted_text="***"), {(0, 3, "person")}),
        (KeyPhrasesRequest(text="x"), phrases("Big House", "big house"), {"big house"}),
        (
            SyntaxRequest(text="x"),
            SyntaxResult(tokens=(Token(text="go", part_of_speech="VERB", offset=0),)),
            {(0, "VERB")},
        ),
        (
            OpinionsRequest(text="x"),
            OpinionsResult(opinions=(Opinion(target=Mention(text="Food"), sentiment="negative"),)),
            {("food", "negative")},
        ),
        (
            LinkedEntitiesRequest(text="x"),
            EntitiesResult(entities=(Entity(text="Rome", links=(EntityLink(name="Rome", url="https://r"),)), ANN)),
            {"https://r"},
        ),
        (
            ClassifyRequest(text="x"),
            CategoriesResult(categories=(Category(name="A", confidence=0.2), Category(name="B", confidence=0.3))),
            "B",
        ),
        (
            TextModerationRequest(text="x"),
            CategoriesResult(
                categories=(
                    Category(name="insult", confidence=0.7),
                    Category(name="violence", confidence=0.1),
                    Category(name="profanity", confidence=0.1, flagged=True),
                    Category(name="sexual", confidence=0.9, flagged=False),
                    Category(name="hate", severity=0.5),
                )
            ),
            {"insult", "profanity", "hate"},
        ),
        (
            SummarizeRequest(text="x"),
            SummaryResult(summary="One. Two.", sentences=(SummarySentence(text="One."), SummarySentence(text="Two. "))),
            {"One.", "Two."},
        ),
        (SummarizeRequest(text="x"), SummaryResult(summary="New words."), {"New words."}),
    ],
)
def test_an_answer_is_compared_by_what_matters_of_it(request_: Request[Any], result: Any, expected: Any) -> None:
    answer = compared(request_, result)
    assert (answer if isinstance(answer, str) else set(answer)) == expected


def test_a_request_that_does_not_say_is_compared_as_a_whole() -> None:
    class Plain:
        pass

    request: Any = Plain()
    same = compared(request, SentimentResult(sentiment="mixed"))
    assert same == compared(request, SentimentResult(sentiment="mixed", meta=Meta(provider="other")))
    assert same != compared(request, SentimentResult(sentiment="mixed", score=0.1))


def test_sets_are_shown_in_the_order_of_the_answer() -> None:
    answer = compared(EntitiesRequest(text="x"), EntitiesResult(entities=(ROME, ANN, Entity(text="it"))))
    assert shown(answer) == "Rome (location), Ann (person), it"


@pytest.mark.parametrize(
    ("left", "right", "alike"),
    [
        ("a", "a", 1.0),
        ("a", "b", 0.0),
        ({1: "", 2: ""}, {2: "", 3: ""}, 1 / 3),
        ({}, {}, 1.0),
        ({1: ""}, {}, 0.0),
    ],
)
def test_likeness_is_equality_of_labels_and_the_shared_part_of_sets(left: Any, right: Any, alike: float) -> None:
    assert likeness(left, right) == pytest.approx(alike)
