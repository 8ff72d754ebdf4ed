"""Parts of an answer, read strictly: what has another kind than agreed raises ``TypeError`` or ``LookupError``.

The pipeline makes an ``InvalidResponseError`` of that, with the answer kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from cloudai.operations.text import (
    Entity,
    EntityLink,
    Mention,
    Opinion,
    Sentence,
    Sentiment,
    SentimentScores,
    SummarySentence,
)
from cloudai.providers.azure.languages import tag_of
from cloudai.providers.azure.tables import DOCUMENT
from cloudai.providers.reading import items, word as string

__all__ = [
    "decimal",
    "document_of",
    "entity_of",
    "flag",
    "items",
    "links_of",
    "opinion_of",
    "place",
    "results_of",
    "score_of",
    "scores_of",
    "sentence_of",
    "string",
    "summary_sentence_of",
    "verdict_of",
    "whole",
]

_ASSESSMENT = re.compile(r"#/documents/\d+/sentences/(\d+)/assessments/(\d+)")


def decimal(part: Any) -> float:
    """A number."""
    if isinstance(part, bool) or not isinstance(part, int | float):
        raise TypeError(f"a number was agreed, not {type(part).__name__}")
    return float(part)


def whole(part: Any) -> int:
    """A whole number."""
    if isinstance(part, bool) or not isinstance(part, int):
        raise TypeError(f"a whole number was agreed, not {type(part).__name__}")
    return part


def place(part: Any) -> int:
    """Where something begins, or how long it is."""
    if whole(part) < 0:
        raise ValueError(f"there is no place {part}")
    return part  # type: ignore[no-any-return]


def flag(part: Any) -> bool:
    """True or false."""
    if not isinstance(part, bool):
        raise TypeError(f"true or false was agreed, not {type(part).__name__}")
    return part


def results_of(body: Any) -> Mapping[str, Any]:
    """What an answer holds: under ``results`` since API 2022-05-01, bare before that (v3.0, v3.1)."""
    results = body.get("results", body)
    if not isinstance(results, Mapping):
        raise TypeError(f"an object was agreed, not {type(results).__name__}")
    return results


def document_of(results: Mapping[str, Any]) -> Mapping[str, Any]:
    """The one document that was asked about, by its id; where there is one only, that one."""
    documents = items(results["documents"])
    own = [item for item in documents if item["id"] == DOCUMENT]
    found = own or (documents if len(documents) == 1 else [])
    if len(found) != 1 or not isinstance(found[0], Mapping):
        raise LookupError(f"{len(documents)} documents, and not one with the id {DOCUMENT!r}")
    return found[0]


def verdict_of(said: Any) -> Sentiment:
    """A verdict."""
    if said not in ("positive", "negative", "neutral", "mixed"):
        raise ValueError(f"there is no sentiment {said!r}")
    return cast(Sentiment, said)


def scores_of(part: Any) -> SentimentScores:
    """Confidence scores of a text or a sentence. There is none for the verdict "mixed"."""
    return SentimentScores(
        positive=decimal(part["positive"]), negative=decimal(part["negative"]), neutral=decimal(part["neutral"])
    )


def score_of(part: Any) -> float:
    """The positive score less the negative one."""
    # Azure gives two digits, and the difference of two such numbers should not show more.
    return round(decimal(part["positive"]) - decimal(part["negative"]), 10)


def sentence_of(item: Any) -> Sentence:
    """A sentence."""
    return Sentence(
        text=string(item["text"]),
        offset=place(item["offset"]),
        length=place(item["length"]),
        sentiment=verdict_of(item["sentiment"]),
        scores=scores_of(item["confidenceScores"]),
        score=score_of(item["confidenceScores"]),
    )


def _mention(item: Any, *, negated: bool | None) -> Mention:
    """A target or an assessment. Azure scores neither as neutral."""
    part = item["confidenceScores"]
    return Mention(
        text=string(item["text"]),
        offset=place(item["offset"]),
        length=place(item["length"]),
        sentiment=verdict_of(item["sentiment"]),
        scores=SentimentScores(positive=decimal(part["positive"]), negative=decimal(part["negative"])),
        score=score_of(part),
        negated=negated,
    )


def opinion_of(target: Any, sentences: Sequence[Any]) -> Opinion:
    """A target with the assessments that its relations point at."""
    mention = _mention(target, negated=None)
    assessments = [
        _assessment(string(relation["ref"]), sentences)
        for relation in items(target["relations"])
        if string(relation["relationType"]) == "assessment"
    ]
    return Opinion(target=mention, sentiment=mention.sentiment, score=mention.score, assessments=tuple(assessments))


def _assessment(pointer: str, sentences: Sequence[Any]) -> Mention:
    """What a pointer such as ``#/documents/0/sentences/1/assessments/0`` means; it may mean another sentence's."""
    match = _ASSESSMENT.fullmatch(pointer)
    if match is None:
        raise ValueError(f"{pointer!r} does not point at an assessment")
    found = items(sentences[int(match[1])].get("assessments", []))[int(match[2])]
    return _mention(found, negated=flag(found["isNegated"]))


def entity_of(item: Any, types: Mapping[str, str], subtypes: Mapping[tuple[str, str], str]) -> Entity:
    """A mention, with its common type."""
    category = string(item["category"])
    subcategory = None if item.get("subcategory") is None else string(item["subcategory"])
    return Entity(
        text=string(item["text"]),
        type=subtypes.get((category, subcategory or ""), types.get(category, "other")),
        vendor_type=category,
        subtype=subcategory,
        confidence=decimal(item["confidenceScore"]),
        offset=place(item["offset"]),
        length=place(item["length"]),
    )


def links_of(item: Any) -> tuple[EntityLink, ...]:
    """An entity's entry, and its id at Bing where there is one."""
    entry = EntityLink(
        name=string(item["name"]),
        url=string(item["url"]),
        source=string(item["dataSource"]),
        id=None if item.get("id") is None else string(item["id"]),
        language=tag_of(item["language"]),
    )
    if item.get("bingId") is None:
        return (entry,)
    return (entry, EntityLink(name=entry.name, source="Bing", id=string(item["bingId"])))


def summary_sentence_of(item: Any) -> SummarySentence:
    """A sentence that was chosen for a summary."""
    return SummarySentence(
        text=string(item["text"]),
        offset=place(item["offset"]),
        length=place(item["length"]),
        rank=decimal(item["rankScore"]),
    )
