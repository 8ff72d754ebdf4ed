from __future__ import annotations

import dataclasses
import json
from decimal import Decimal

import pytest

from cloudai import (
    Cost,
    EntitiesResult,
    Entity,
    EntityLink,
    FailedProvider,
    Meta,
    PiiRequest,
    SentimentResult,
    SentimentScores,
    StepUsage,
    Token,
    Usage,
)
from cloudai.types.value import Deferred, attach, plain

META = Meta(
    provider="aws",
    operation="text.entities",
    fallbacks=(FailedProvider(provider="google", error="TimeoutError", message="late", attempts=3),),
    usage=Usage(
        measure="characters",
        amount=12,
        steps=(StepUsage(service="comprehend", operation="DetectEntities", amount=12),),
        metered={"units": 3},
    ),
    cost=Cost(amount=Decimal("0.0003"), currency="USD", price_date="2026-09-11", verified=True, estimate=True),
    tags={"team": "search"},
)
RESULT = EntitiesResult(
    meta=META,
    entities=(
        Entity(text="Zürich", type="location", confidence=1, offset=0, length=6, links=(EntityLink(url="https://x"),)),
        Entity(text="x"),
    ),
)


def test_a_result_survives_json() -> None:
    data = json.loads(RESULT.to_json())
    back = EntitiesResult.from_dict(data)
    assert back == RESULT
    assert back.meta == META
    assert isinstance(back.meta.cost and back.meta.cost.amount, Decimal)


def test_values_are_frozen_and_take_no_new_fields() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        RESULT.language = "en"  # type: ignore[misc]
    with pytest.raises((AttributeError, TypeError)):
        RESULT.colour = 1  # type: ignore[attr-defined]


def test_a_result_about_one_collection_is_that_collection() -> None:
    assert [item.text for item in RESULT] == ["Zürich", "x"]
    assert (len(RESULT), RESULT[1].text, bool(RESULT)) == (2, "x", True)
    assert not EntitiesResult(entities=())


def test_the_raw_answer_is_made_when_it_is_read_and_only_then() -> None:
    made: list[int] = []

    def make() -> dict[str, int]:
        made.append(1)
        return {"a": 1}

    result = SentimentResult(sentiment="neutral")
    attach(result, META, Deferred(make))
    assert not made
    assert result.raw == {"a": 1} == result.raw
    assert made == [1]


def test_the_raw_answer_is_kept_when_asked_for() -> None:
    result = SentimentResult(sentiment="neutral")
    attach(result, META, {"blob": b"\x00\xff"})
    assert "raw" not in result.to_dict()
    assert SentimentResult.from_dict(result.to_dict(raw=True)).raw == {"blob": "AP8="}


def test_meta_and_raw_do_not_make_results_different() -> None:
    assert SentimentResult(sentiment="mixed", meta=META) == SentimentResult(sentiment="mixed")


def test_unknown_keys_of_a_later_version_are_passed_over() -> None:
    data = {**SentimentResult(sentiment="mixed", scores=SentimentScores(mixed=0.5)).to_dict(), "later": 1}
    assert SentimentResult.from_dict(data).scores == SentimentScores(mixed=0.5)


def test_from_dict_wants_a_mapping() -> None:
    with pytest.raises(TypeError, match="made from a mapping"):
        SentimentResult.from_dict([])  # type: ignore[arg-type]


def test_requests_are_values_too() -> None:
    request = PiiRequest(text="x y", categories=["email"], language="EN")  # type: ignore[arg-type]
    assert PiiRequest.from_dict(json.loads(request.to_json())) == request


def test_mappings_and_dates_have_a_plain_form() -> None:
    from datetime import UTC, datetime

    token = Token(text="a", morphology={"tense": "PAST"})
    assert plain(token)["morphology"] == {"tense": "PAST"}
    assert plain({1: {datetime(2026, 1, 2, tzinfo=UTC)}}) == {"1": ["2026-01-02T00:00:00+00:00"]}
