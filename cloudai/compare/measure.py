"""How much vendors agree, how long they take and how often they fail: counted row by row, and no row is kept."""

from __future__ import annotations

import math
import statistics
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations
from typing import Any, Literal

from cloudai.compare.answers import Compared, compared, differ, likeness
from cloudai.compare.reference import REFERENCE, truth
from cloudai.compare.run import Row
from cloudai.errors import InvalidRequestError
from cloudai.types.meta import Cost, Measure, Meta
from cloudai.types.outcome import Outcome
from cloudai.types.value import Value, value

__all__ = ["Agreement", "Summary", "Tally", "VendorSummary", "kappa", "percentile"]


@value
class Agreement(Value):
    """How much two vendors say the same, or a vendor says what the reference says."""

    left: str
    right: str
    inputs: int
    """To how many inputs both have an answer. The other numbers are about these."""
    agreement: float | None = None
    """The mean likeness of the two answers, 0..1: for labels the share of inputs with the same label; for sets the mean
    share of findings that both have. Against a reference and for labels, this is the accuracy. None without inputs."""
    kappa: float | None = None
    """Cohen's kappa, for labels: agreement beyond what chance would give with these labels; 1 is always, 0 no more than
    chance. None where it is not defined: for sets, and where only one label occurs."""
    f1: float | None = None
    """For sets: twice the findings that both have, over the findings of each counted together, over all inputs."""
    confusion: tuple[tuple[str, str, int], ...] = ()
    """For labels: left's label, right's label, and how often; the most frequent first."""


@value
class VendorSummary(Value):
    """How one vendor did."""

    provider: str
    answered: int = 0
    failed: int = 0
    errors: Mapping[str, int] = field(default_factory=dict)
    """How often each class of error came."""
    latency_median: float | None = None
    """Seconds; of the inputs that were answered."""
    latency_p95: float | None = None
    """Seconds within which 95 of 100 answers came."""
    measure: Measure | None = None
    amount: float = 0.0
    """How much was answered to, in ``measure``."""
    metered: Mapping[str, float] = field(default_factory=dict)
    """What the vendor says it counted, under its own meters' names."""
    cost: Decimal | None = None
    """The sum of what is known; None where no cost is known."""
    currency: str | None = None
    reference: Agreement | None = None
    """How it does against the reference, where there is one."""


@value
class Summary(Value):
    """All numbers of a comparison."""

    inputs: int
    kind: Literal["labels", "sets"] | None = None
    """What was compared; None where nobody answered."""
    differing: int = 0
    """To how many inputs not all answers, the reference among them, are the same."""
    unread_references: int = 0
    """How many references are not what the operation could answer; they count as absent."""
    unread_reference: str | None = None
    """What is wrong with the first of them."""
    vendors: tuple[VendorSummary, ...] = ()
    pairs: tuple[Agreement, ...] = ()
    """Each vendor with each other."""


@dataclass(slots=True)
class _Vendor:
    """What is counted of one vendor while rows come in."""

    answered: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    latencies: array[float] = field(default_factory=lambda: array("d"))
    measure: Measure | None = None
    amount: float = 0.0
    metered: Counter[str] = field(default_factory=Counter)
    costs: list[Cost] = field(default_factory=list)

    def add(self, outcome: Outcome[Any]) -> None:
        if outcome.result is None:
            self.errors[type(outcome.error).__name__] += 1
            return
        self.answered += 1
        meta: Meta = outcome.result.meta
        self.latencies.append(meta.latency)
        if meta.usage is not None:
            self.measure = meta.usage.measure
            self.amount += meta.usage.amount
            self.metered.update(meta.usage.metered)
        if meta.cost is not None:
            self.costs.append(meta.cost)

    def summary(self, name: str, reference: Agreement | None) -> VendorSummary:
        currencies = {cost.currency for cost in self.costs}
        one = currencies.pop() if len(currencies) == 1 else None
        return VendorSummary(
            provider=name,
            answered=self.answered,
            failed=sum(self.errors.values()),
            errors=dict(self.errors.most_common()),
            latency_median=statistics.median(self.latencies) if self.latencies else None,
            latency_p95=percentile(self.latencies, 0.95) if self.latencies else None,
            measure=self.measure,
            amount=self.amount,
            metered=dict(self.metered),
            cost=sum((cost.amount for cost in self.costs), Decimal(0)) if one else None,
            currency=one,
            reference=reference,
        )


@dataclass(slots=True)
class _Pair:
    """What is counted of two who answer the same inputs."""

    inputs: int = 0
    alike: float = 0.0
    labels: Counter[tuple[str, str]] = field(default_factory=Counter)
    both: int = 0
    counted: int = 0
    """The findings of the left and of the right, added."""
    sets: bool = False

    def add(self, left: Compared, right: Compared) -> None:
        self.inputs += 1
        self.alike += likeness(left, right)
        if isinstance(left, str) or isinstance(right, str):
            self.labels[str(left), str(right)] += 1
        else:
            self.sets = True
            self.both += len(left.keys() & right.keys())
            self.counted += len(left) + len(right)

    def agreement(self, left: str, right: str) -> Agreement:
        return Agreement(
            left=left,
            right=right,
            inputs=self.inputs,
            agreement=self.alike / self.inputs if self.inputs else None,
            kappa=kappa(self.labels) if self.labels and not self.sets else None,
            f1=2 * self.both / self.counted if self.sets and self.counted else 1.0 if self.sets else None,
            confusion=tuple((*labels, count) for labels, count in self.labels.most_common()) if not self.sets else (),
        )


class Tally:
    """Counts rows as they come, and keeps none of them."""

    def __init__(self, vendors: Sequence[str]) -> None:
        self._vendors = {name: _Vendor() for name in vendors}
        self._pairs = {pair: _Pair() for pair in combinations(vendors, 2)}
        self._references = {name: _Pair() for name in vendors}
        self._inputs = self._differing = self._referenced = self._unread = 0
        self._reason: str | None = None
        self._kinds: set[bool] = set()

    def add(self, row: Row[Any]) -> dict[str, Compared]:
        """Counts a row; what was compared in it, by vendor, and under ``REFERENCE`` what the reference says."""
        self._inputs += 1
        answers: dict[str, Compared] = {}
        for name, outcome in row.outcomes.items():
            self._vendors[name].add(outcome)
            if outcome.result is not None and row.request is not None:
                answers[name] = compared(row.request, outcome.result)
        self._kinds.update(isinstance(answer, str) for answer in answers.values())
        for (left, right), pair in self._pairs.items():
            if left in answers and right in answers:
                pair.add(answers[left], answers[right])
        reference = self._reference(row)
        if reference is not None:
            self._referenced += 1
            for name, answer in answers.items():
                self._references[name].add(answer, reference)
            answers[REFERENCE] = reference
        self._differing += differ(answers)
        return answers

    def summary(self) -> Summary:
        """The numbers of the rows so far."""
        kind: Literal["labels", "sets"] | None = None
        if self._kinds:
            kind = "labels" if True in self._kinds else "sets"
        return Summary(
            inputs=self._inputs,
            kind=kind,
            differing=self._differing,
            unread_references=self._unread,
            unread_reference=self._reason,
            vendors=tuple(
                vendor.summary(name, self._references[name].agreement(name, REFERENCE) if self._referenced else None)
                for name, vendor in self._vendors.items()
            ),
            pairs=tuple(pair.agreement(left, right) for (left, right), pair in self._pairs.items()),
        )

    def _reference(self, row: Row[Any]) -> Compared | None:
        if row.request is None or row.item.reference is None:
            return None
        try:
            return truth(row.request, row.item.reference)
        except InvalidRequestError as error:
            self._unread += 1
            self._reason = self._reason or f"{row.item.source}: {error.message}".removeprefix(": ")
            return None


def percentile(numbers: Sequence[float], share: float) -> float:
    """The smallest of the numbers that is not exceeded by this share of them (nearest rank)."""
    return sorted(numbers)[max(math.ceil(share * len(numbers)), 1) - 1]


def kappa(labels: Mapping[tuple[str, str], int]) -> float | None:
    """Cohen's kappa of how often each pair of labels came; None where chance alone would agree always.

    Jacob Cohen, "A Coefficient of Agreement for Nominal Scales", 1960.
    """
    total = sum(labels.values())
    lefts: Counter[str] = Counter()
    rights: Counter[str] = Counter()
    for (left, right), count in labels.items():
        lefts[left] += count
        rights[right] += count
    chance = sum(count * rights[label] for label, count in lefts.items()) / total**2
    if chance == 1:
        return None
    observed = sum(count for (left, right), count in labels.items() if left == right) / total
    return (observed - chance) / (1 - chance)
