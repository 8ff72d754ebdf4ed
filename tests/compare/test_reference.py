"""The right answers, in whatever form they are written."""

from __future__ import annotations

from typing import Any

import pytest

from cloudai.compare.reference import main_field, reference_names, truth
from cloudai.errors import InvalidRequestError
from cloudai.operations.request import Request
from cloudai.operations.text import (
    EntitiesRequest,
    KeyPhrasesRequest,
    LanguageRequest,
    OpinionsRequest,
    PiiRequest,
    PiiResult,
    SentimentRequest,
    SummarizeRequest,
)

SENTIMENT = SentimentRequest(text="x")


@pytest.mark.parametrize(
    ("request_", "reference", "expected"),
    [
        (SENTIMENT, " Positive ", "positive"),
        (SENTIMENT, {"sentiment": "mixed", "unknown": 1}, "mixed"),
        (LanguageRequest(text="x"), "EN-us", "en"),
        (KeyPhrasesRequest(text="x"), "Big house; garden ;", {"big house", "garden"}),
        (KeyPhrasesRequest(text="x"), ["one", {"text": "Two"}], {"one", "two"}),
        (KeyPhrasesRequest(text="x"), "[]", set()),
        (EntitiesRequest(text="x"), '[{"text": "Ann", "type": "person"}]', {("Ann", "person")}),
        (PiiRequest(text="x"), [{"text": "a", "type": "email", "offset": 1, "length": 2}], {(1, 2, "email")}),
        (SummarizeRequest(text="x"), "In short.", {"In short."}),
        (SummarizeRequest(text="x"), "[sic] In short.", {"[sic] In short."}),
        (KeyPhrasesRequest(text="x"), {"phrases": [{"text": "one"}]}, {"one"}),
        (SENTIMENT, "", None),
        (SENTIMENT, None, None),
    ],
)
def test_references_are_read_in_the_form_of_the_answer(request_: Request[Any], reference: Any, expected: Any) -> None:
    answer = truth(request_, reference)
    assert (answer if answer is None or isinstance(answer, str) else set(answer)) == expected


@pytest.mark.parametrize(
    ("request_", "reference", "message"),
    [
        (SENTIMENT, "5 stars", "'5 stars' is not one of positive, negative, neutral, mixed"),
        (SENTIMENT, {"score": 1}, "is not the form of SentimentResult"),
        (EntitiesRequest(text="x"), '[{"text"', "is not JSON"),
        (KeyPhrasesRequest(text="x"), 5, "is not the form of KeyPhrasesResult"),
        (EntitiesRequest(text="x"), "Ann; Rome", "write each Entity as a JSON object"),
        (OpinionsRequest(text="x"), "food", "is not the form of OpinionsResult"),
    ],
)
def test_a_reference_that_cannot_be_an_answer_is_refused(request_: Request[Any], reference: Any, message: str) -> None:
    with pytest.raises(InvalidRequestError, match=message):
        truth(request_, reference)


def test_the_column_of_the_reference_may_be_called_like_the_field_or_the_operation() -> None:
    assert reference_names(LanguageRequest) == ("languages", "language", "reference")
    assert reference_names(SentimentRequest) == ("sentiment", "reference")
    assert main_field(PiiResult) == "entities"
