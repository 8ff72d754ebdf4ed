"""What agreement means, number by number."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from cloudai import CloudAIError, Meta, Outcome, RateLimitedError, Usage
from cloudai.compare import Item, Row, Tally
from cloudai.compare.measure import kappa, percentile
from cloudai.compare.reference import REFERENCE
from cloudai.errors import InvalidRequestError
from cloudai.operations.request import Request
from cloudai.operations.text import (
    KeyPhrase,
    KeyPhrasesRequest,
    KeyPhrasesResult,
    SentimentRequest,
    SentimentResult,
)
from cloudai.types.meta import Cost
from cloudai.types.value import attach


def phrases(*texts: str) -> KeyPhrasesResult:
    return KeyPhrasesResult(phrases=tuple(KeyPhrase(text=text) for text in texts))


def row(request: Request[Any] | None, reference: Any = None, source: str = "", **results: Any) -> Row[Any]:
    outcomes = {
        name: Outcome(request=request, provider=name, error=result)
        if isinstance(result, CloudAIError)
        else Outcome(request=request, provider=name, result=result)
        for name, result in results.items()
    }
    return Row(index=0, item=Item(content="x", reference=reference, source=source), request=request, outcomes=outcomes)


SENTIMENT = SentimentRequest(text="x")


def labels(*pairs: tuple[Any, Any], reference: Any = None) -> Tally:
    tally = Tally(["a", "b"])
    for left, right in pairs:
        tally.add(row(SENTIMENT, reference, a=SentimentResult(sentiment=left), b=SentimentResult(sentiment=right)))
    return tally


def test_kappa_is_that_of_the_textbook() -> None:
    # Two readers, fifty proposals: 20 both yes, 15 both no, 5 and 10 otherwise.
    counts = {("yes", "yes"): 20, ("yes", "no"): 5, ("no", "yes"): 10, ("no", "no"): 15}
    assert kappa(counts) == pytest.approx(0.4)


def test_kappa_is_below_nothing_for_those_who_always_disagree() -> None:
    assert kappa({("a", "b"): 5, ("b", "a"): 5}) == pytest.approx(-1)


def test_kappa_is_not_defined_where_only_one_label_occurs() -> None:
    assert kappa({("a", "a"): 7}) is None


@pytest.mark.parametrize(("share", "number"), [(0.95, 95), (0.5, 50), (1.0, 100), (0.001, 1)])
def test_a_percentile_is_one_of_the_numbers(share: float, number: float) -> None:
    assert percentile([*range(100, 0, -1)], share) == number
    assert percentile([7.0], share) == 7.0


def test_agreement_of_labels_is_the_share_of_inputs_with_the_same_label() -> None:
    (pair,) = labels(("positive", "positive"), ("negative", "positive"), ("mixed", "mixed")).summary().pairs
    assert (pair.left, pair.right, pair.inputs) == ("a", "b", 3)
    assert pair.agreement == pytest.approx(2 / 3)
    assert pair.f1 is None
    assert ("negative", "positive", 1) in pair.confusion


def test_agreement_of_sets_is_the_mean_overlap_and_f1_counts_all_findings_together() -> None:
    tally = Tally(["a", "b"])
    request = KeyPhrasesRequest(text="x")
    tally.add(row(request, a=phrases("one", "two"), b=phrases("two", "three")))
    tally.add(row(request, a=phrases("four"), b=phrases("four")))
    summary = tally.summary()
    (pair,) = summary.pairs
    assert summary.kind == "sets"
    assert pair.agreement == pytest.approx((1 / 3 + 1) / 2)
    assert pair.f1 == pytest.approx(2 * 2 / 6)
    assert pair.kappa is None


def test_sets_that_are_always_empty_agree() -> None:
    tally = Tally(["a", "b"])
    tally.add(row(KeyPhrasesRequest(text="x"), a=phrases(), b=phrases()))
    (pair,) = tally.summary().pairs
    assert (pair.agreement, pair.f1) == (1.0, 1.0)


def test_inputs_without_both_answers_are_left_out_of_agreement_and_counted_as_errors() -> None:
    tally = labels(("positive", "positive"))
    tally.add(row(SENTIMENT, a=SentimentResult(sentiment="mixed"), b=RateLimitedError("slow")))
    summary = tally.summary()
    assert summary.pairs[0].inputs == 1
    assert summary.pairs[0].agreement == 1
    assert [(vendor.answered, vendor.failed, dict(vendor.errors)) for vendor in summary.vendors] == [
        (2, 0, {}),
        (1, 1, {"RateLimitedError": 1}),
    ]


def test_numbers_of_meta_are_added_up() -> None:
    def answer(latency: float, amount: int, cost: str | None) -> SentimentResult:
        result = SentimentResult(sentiment="mixed")
        usage = Usage(measure="characters", amount=amount, metered={"records": 2})
        price = (
            Cost(amount=Decimal(cost), currency="USD", price_date="2026-01-01", verified=True, estimate=True)
            if cost
            else None
        )
        attach(result, Meta(latency=latency, usage=usage, cost=price), None)
        return result

    tally = Tally(["a"])
    for latency, amount, cost in ((0.1, 10, "0.1"), (0.3, 20, None), (0.2, 5, "0.2")):
        tally.add(row(SENTIMENT, a=answer(latency, amount, cost)))
    (vendor,) = tally.summary().vendors
    assert (vendor.latency_median, vendor.latency_p95) == (0.2, 0.3)
    assert (vendor.measure, vendor.amount, dict(vendor.metered)) == ("characters", 35, {"records": 6})
    assert (vendor.cost, vendor.currency) == (Decimal("0.3"), "USD")


def test_nothing_is_made_up_where_nobody_answered() -> None:
    tally = Tally(["a", "b"])
    tally.add(row(None, a=InvalidRequestError("empty"), b=InvalidRequestError("empty")))
    summary = tally.summary()
    assert summary.kind is None
    assert summary.pairs[0].agreement is None
    assert summary.vendors[0].latency_median is None
    assert summary.vendors[0].cost is None
    assert summary.vendors[0].reference is None


def test_accuracy_is_agreement_with_the_reference() -> None:
    summary = labels(("positive", "negative"), ("negative", "negative"), reference="negative").summary()
    assert [vendor.reference.agreement for vendor in summary.vendors if vendor.reference] == [0.5, 1.0]
    assert summary.differing == 1


def test_references_that_cannot_be_read_are_counted_and_the_first_is_told() -> None:
    tally = Tally(["a"])
    answers = tally.add(row(SENTIMENT, "great", source="f.csv:2", a=SentimentResult(sentiment="mixed")))
    summary = tally.summary()
    assert REFERENCE not in answers
    assert summary.unread_references == 1
    assert (summary.unread_reference or "").startswith("f.csv:2: the reference 'great'")
