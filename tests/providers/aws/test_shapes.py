"""Answers of Comprehend that are not of the agreed shape: none is passed over in silence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cloudai.providers.aws import text
from tests.providers.aws.test_text import CLASSIFIER, ITALIAN, SENTIMENT, toxicity
from tests.support import ScriptedPort, adapt

PLACE = {"BeginOffset": 0, "EndOffset": 3}
ENTITY = {"Text": "Ana", "Type": "PERSON", "Score": 0.9, **PLACE}
MENTION = {"Text": "Ana", "Type": "PERSON", "Score": 1, "MentionSentiment": SENTIMENT, **PLACE}
TOKEN = {"Text": "Ana", "PartOfSpeech": {"Tag": "PROPN", "Score": 1}, **PLACE}

GOOD: list[tuple[Callable[..., Any], dict[str, Any], dict[str, Any]]] = [
    (text.sentiment, SENTIMENT, {"language": "en"}),
    (text.opinions, {"Entities": [{"Mentions": [MENTION]}]}, {}),
    (text.entities, {"Entities": [ENTITY]}, {"language": "en"}),
    (text.pii, {"Entities": [{"Type": "NAME", "Score": 0.9, **PLACE}]}, {"language": "en"}),
    (text.key_phrases, {"KeyPhrases": [{"Text": "Ana", "Score": 0.9, **PLACE}]}, {"language": "en"}),
    (text.language, ITALIAN, {}),
    (text.syntax, {"SyntaxTokens": [TOKEN]}, {"language": "en"}),
    (text.classify, {"Classes": [{"Name": "Sports", "Score": 0.9}]}, {"extra": {"endpoint_arn": CLASSIFIER}}),
    (text.moderation, toxicity((0.5, 0.5)), {}),
]


def broken(body: Any) -> list[tuple[str, Any]]:
    """The body with each of its parts left out, null, or of another kind, one at a time."""
    found: list[tuple[str, Any]] = []
    if isinstance(body, dict):
        for key, value in body.items():
            found.append((f"without {key}", {name: item for name, item in body.items() if name != key}))
            wrong: list[Any] = [None, "0.5" if isinstance(value, int | float) else 7, True, "abc", ["x"], {"y": 1}]
            if isinstance(value, str):
                wrong = [None, 7, ["x"]]
            elif isinstance(value, list):
                wrong.remove(["x"])
                wrong += [[None], ["x"], [7]]
            found += [(f"{key}={item!r}", {**body, key: item}) for item in wrong]
            found += [(f"{key}.{name}", {**body, key: part}) for name, part in broken(value)]
    elif isinstance(body, list):
        found += [(name, [*body[:-1], part]) for name, part in broken(body[-1])]
    return found


@pytest.mark.parametrize(("function", "body", "options"), GOOD, ids=[function.__name__ for function, _, _ in GOOD])
def test_whatever_is_missing_null_or_of_another_kind_is_not_passed_over(
    function: Callable[..., Any], body: dict[str, Any], options: dict[str, Any]
) -> None:
    adapt(function, ScriptedPort(body), "Ana", **options)
    cases = broken(body)
    assert len(cases) > 5
    passed = []
    for name, part in [*cases, ("null", None), ("a list", []), ("text", "abc")]:
        try:
            adapt(function, ScriptedPort(part), "Ana", **options)
        except (LookupError, TypeError, ValueError, AttributeError):
            continue
        passed.append(name)
    assert passed == []


@pytest.mark.parametrize("count", [0, 2])
def test_an_answer_for_another_number_of_segments_is_not_passed_over(count: int) -> None:
    with pytest.raises(ValueError, match="zip"):
        adapt(text.moderation, ScriptedPort(toxicity(*[(0.1, 0.1)] * count)), "Good day.")


@pytest.mark.parametrize(("begin", "end"), [(-1, 2), (5, 2), (1.0, 2), (True, 2)])
def test_offsets_that_are_no_place_are_not_passed_over(begin: Any, end: Any) -> None:
    body = {"Entities": [{**ENTITY, "BeginOffset": begin, "EndOffset": end}]}
    with pytest.raises((TypeError, ValueError)):
        adapt(text.entities, ScriptedPort(body), "Ana", language="en")


def test_whole_numbers_for_scores_become_floats() -> None:
    body = {"Sentiment": "NEUTRAL", "SentimentScore": {"Positive": 0, "Negative": 0, "Neutral": 1, "Mixed": 0}}
    result = adapt(text.sentiment, ScriptedPort(body), "text", language="en")
    assert result.scores is not None
    assert repr(result.scores.neutral) == "1.0"
    assert repr(result.score) == "0.0"


def test_a_kind_that_the_table_does_not_know_keeps_its_own_name() -> None:
    entity = adapt(text.entities, ScriptedPort({"Entities": [{**ENTITY, "Type": "PLANET"}]}), "Ana", language="en")[0]
    assert (entity.type, entity.vendor_type) == ("other", "PLANET")
    mention = {**MENTION, "Type": "PLANET"}
    opinion = adapt(text.opinions, ScriptedPort({"Entities": [{"Mentions": [mention]}]}), "Ana")[0]
    assert (opinion.type, opinion.vendor_type) == ("other", "PLANET")
    token = {**TOKEN, "PartOfSpeech": {"Tag": "NEW", "Score": 1}}
    found = adapt(text.syntax, ScriptedPort({"SyntaxTokens": [token]}), "Ana", language="en")[0]
    assert (found.part_of_speech, found.vendor_part_of_speech) == ("X", "NEW")
