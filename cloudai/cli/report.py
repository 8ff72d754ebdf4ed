"""What a comparison looks like: tables for people, one document for programs."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cloudai.cli import screen
from cloudai.compare.answers import Compared, differ, likeness, shown
from cloudai.compare.inputs import Item
from cloudai.compare.measure import Agreement, Summary, Tally, VendorSummary
from cloudai.compare.reference import REFERENCE
from cloudai.compare.run import Row
from cloudai.errors import CloudAIError

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

__all__ = ["Document", "Report", "Screen", "error_data"]

SCREEN_CUT = 60
PIPE_CUT = 160
"""How many letters of an input or answer a table shows; the JSON document holds all of them."""
MANY_LABELS = 12
"""With more than that, a table by label is no overview."""


class Report(ABC):
    """Takes the rows of a comparison as they come."""

    writes_as_it_goes = False
    """Whether standard output is written to before the end."""

    def __init__(self, operation: str, vendors: Sequence[str]) -> None:
        self.operation = operation
        self.vendors = tuple(vendors)
        self.inputs = 0
        self._tally = Tally(vendors)

    def add(self, row: Row[Any]) -> None:
        """Takes one row."""
        self.inputs += 1
        self._take(row, self._tally.add(row))

    @abstractmethod
    def _take(self, row: Row[Any], answers: Mapping[str, Compared]) -> None: ...

    @abstractmethod
    def end(self, cut_short: str | None) -> None:
        """Writes what there is to write; ``cut_short`` says why it is not all."""


# --- for programs ----------------------------------------------------------------------------------------------------


class Document(Report):
    """One JSON document, written row by row so that long comparisons need no memory."""

    writes_as_it_goes = True

    def __init__(self, operation: str, vendors: Sequence[str], *, raw: bool) -> None:
        super().__init__(operation, vendors)
        self._raw = raw

    def _take(self, row: Row[Any], answers: Mapping[str, Compared]) -> None:
        head = f'"operation": {screen.dumps(self.operation)}, "providers": {screen.dumps(self.vendors)}'
        before = f'{{{head}, "rows": [\n' if self.inputs == 1 else ",\n"
        sys.stdout.write(before + screen.dumps(self._row(row, answers)))

    def _row(self, row: Row[Any], answers: Mapping[str, Compared]) -> dict[str, Any]:
        return {
            "index": row.index,
            "source": row.item.source or None,
            "input": _input(row.item),
            "reference": _plain(answers[REFERENCE]) if REFERENCE in answers else None,
            "differs": differ(answers),
            "answers": {
                name: {"error": error_data(outcome.error)}
                if outcome.error is not None
                else {"compared": _plain(answers[name]), "result": outcome.unwrap().to_dict(raw=self._raw)}
                for name, outcome in row.outcomes.items()
            },
        }

    def end(self, cut_short: str | None) -> None:
        summary = screen.dumps(self._tally.summary().to_dict())
        sys.stdout.write(f'\n], "cut_short": {screen.dumps(cut_short)}, "summary": {summary}}}\n')


def _plain(answer: Compared) -> Any:
    return answer if isinstance(answer, str) else list(dict.fromkeys(answer.values()))


def _input(item: Item) -> str | None:
    """An input as it is shown: bytes by where they come from."""
    if isinstance(item.content, bytes):
        return f"{item.source} ({len(item.content):,} bytes)"
    return None if item.content is None else str(item.content)


def error_data(error: CloudAIError) -> dict[str, Any]:
    """An error as a JSON document tells it."""
    names = ("message", "vendor_code", "status", "request_id", "retryable")
    return {"class": type(error).__name__, **{name: getattr(error, name) for name in names}}


# --- for people ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What a table shows of a row. The row itself, with the picture that was sent, is not held on to."""

    index: int
    content: str
    answers: Mapping[str, Compared]
    errors: Mapping[str, str]
    """The classes of the errors, by vendor."""


class Screen(Report):
    """Tables: the rows side by side, each vendor, each pair of vendors."""

    def __init__(self, operation: str, vendors: Sequence[str], *, limit: int | None, differences: bool) -> None:
        super().__init__(operation, vendors)
        self._limit = limit
        self._differences = differences
        self._kept: list[_Kept] = []
        self._fitting = 0
        self._referenced = False

    def _take(self, row: Row[Any], answers: Mapping[str, Compared]) -> None:
        self._referenced = self._referenced or REFERENCE in answers
        if self._differences and row.ok and not differ(answers):
            return
        self._fitting += 1
        if self._limit is None or len(self._kept) < self._limit:
            errors = {name: type(outcome.error).__name__ for name, outcome in row.outcomes.items() if not outcome.ok}
            self._kept.append(_Kept(index=row.index, content=_input(row.item) or "", answers=answers, errors=errors))

    def end(self, cut_short: str | None) -> None:
        console = screen.output()
        longest = SCREEN_CUT if console.is_terminal else PIPE_CUT
        sign = "≠" if console.encoding.lower().startswith("utf") else "!="
        summary = self._tally.summary()
        if self._kept:
            screen.write(console, self._rows(longest, sign))
            screen.write(console, "")
        screen.write(console, screen.words(self._headline(summary, sign)))
        if self._fitting > len(self._kept) > 0:
            screen.write(
                console, screen.words(f"{len(self._kept):,} of {self._fitting:,} rows shown: --all, --limit", "dim")
            )
        screen.write(console, "")
        screen.write(console, _vendors(summary))
        right = _right(summary)
        if right is not None:
            screen.write(console, "")
            screen.write(console, right)
        if summary.pairs:
            screen.write(console, "")
            screen.write(console, _pairs(summary))
        if summary.unread_references:
            screen.note(
                f"{screen.counted(summary.unread_references, 'references')} cannot be read; {summary.unread_reference}"
            )
        if len(self.vendors) == 1 and not self._referenced:
            screen.note("one vendor and no reference: there is nothing to compare it with")
        if cut_short:
            screen.note(cut_short)

    def _rows(self, longest: int, sign: str) -> Table:
        table = screen.table()
        table.add_column("#", justify="right", no_wrap=True)
        table.add_column("", no_wrap=True)
        table.add_column("input", overflow="fold", ratio=None)
        names = [*([REFERENCE] if self._referenced else []), *self.vendors]
        for name in names:
            table.add_column(screen.words(name), overflow="fold")
        for row in self._kept:
            standard = _standard(row.answers)
            table.add_row(
                f"{row.index + 1}",
                screen.words(sign if differ(row.answers) else "", "yellow"),
                screen.words(screen.cut(row.content, longest)),
                *(_cell(row, name, standard, longest) for name in names),
            )
        return table

    def _headline(self, summary: Summary, sign: str) -> str:
        parts = [f"{self.operation}: {screen.counted(summary.inputs, 'inputs')}"]
        if len(self.vendors) > 1 or self._referenced:
            parts.append(f"{summary.differing:,} with answers that differ ({sign})")
        failed = sum(vendor.failed for vendor in summary.vendors)
        if failed:
            parts.append(f"{screen.counted(failed, 'answers')} missing")
        return ", ".join(parts)


def _standard(answers: Mapping[str, Compared]) -> Compared | None:
    """What the others are held against: the reference, else what most vendors say."""
    if REFERENCE in answers:
        return answers[REFERENCE]
    if not answers:
        return None
    votes = Counter(shown(answer) for answer in answers.values())
    most = votes.most_common(1)[0][0]
    return next(answer for answer in answers.values() if shown(answer) == most)


def _cell(row: _Kept, name: str, standard: Compared | None, longest: int) -> Text:
    answer = row.answers.get(name)
    if answer is None:
        return screen.words(row.errors.get(name, ""), "red")
    text = screen.cut(shown(answer) or "(none)", longest)
    return screen.words(text, "yellow" if standard is not None and likeness(answer, standard) < 1 else "")


def _vendors(summary: Summary) -> Table:
    """One row for each vendor, with the columns that have something in them."""
    vendors = summary.vendors
    measure = next((vendor.measure for vendor in vendors if vendor.measure), "characters")
    meters = list(dict.fromkeys(meter for vendor in vendors for meter in vendor.metered))
    accuracy = "accuracy" if summary.kind == "labels" else "overlap"
    columns: list[tuple[str, list[str]]] = [
        ("answered", [f"{vendor.answered:,}" for vendor in vendors]),
        ("failed", [_errors(vendor) for vendor in vendors]),
        ("median", [screen.seconds(vendor.latency_median) for vendor in vendors]),
        ("p95", [screen.seconds(vendor.latency_p95) for vendor in vendors]),
        (measure, [screen.number(vendor.amount) for vendor in vendors]),
        *((f"metered {meter}", [screen.number(v.metered.get(meter, 0)) for v in vendors]) for meter in meters),
        ("cost", [f"{v.cost} {v.currency}" if v.cost is not None else "" for v in vendors]),
        (accuracy, [_share(vendor.reference) for vendor in vendors]),
        ("kappa", [_ratio(vendor.reference.kappa if vendor.reference else None) for vendor in vendors]),
        ("F1", [_ratio(vendor.reference.f1 if vendor.reference else None) for vendor in vendors]),
    ]
    table = screen.table()
    table.add_column("vendor", overflow="fold")
    used = [(title, cells) for title, cells in columns if any(cells)]
    for title, _ in used:
        table.add_column(title, justify="left" if title == "failed" else "right", overflow="fold")
    for index, vendor in enumerate(vendors):
        table.add_row(screen.words(vendor.provider), *(screen.words(cells[index]) for _, cells in used))
    return table


def _right(summary: Summary) -> Table | None:
    """For each label of the reference, how often each vendor says the same; None where that is not one table."""
    held = [vendor.reference for vendor in summary.vendors if vendor.reference is not None]
    labels = sorted({right for agreement in held for _, right, _ in agreement.confusion})
    if summary.kind != "labels" or not 0 < len(labels) <= MANY_LABELS:
        return None
    table = screen.table()
    table.add_column("right, where the reference says")
    for agreement in held:
        table.add_column(screen.words(agreement.left), justify="right", overflow="fold")
    for label in labels:
        cells = []
        for agreement in held:
            asked = sum(count for _, right, count in agreement.confusion if right == label)
            found = sum(count for left, right, count in agreement.confusion if left == right == label)
            cells.append(screen.words(f"{found:,} of {asked:,}"))
        table.add_row(screen.words(label), *cells)
    return table


def _pairs(summary: Summary) -> Table:
    table = screen.table()
    labels = summary.kind == "labels"
    for title in ("vendors", "inputs", "agreement" if labels else "overlap", "kappa" if labels else "F1"):
        table.add_column(title, justify="left" if title == "vendors" else "right", overflow="fold")
    for pair in summary.pairs:
        second = pair.kappa if labels else pair.f1
        name = screen.words(f"{pair.left}, {pair.right}")
        table.add_row(name, f"{pair.inputs:,}", _share(pair), _ratio(second) or "-")
    return table


def _errors(vendor: VendorSummary) -> str:
    return screen.joined(f"{count:,} {name}" for name, count in vendor.errors.items())


def _share(agreement: Agreement | None) -> str:
    return f"{agreement.agreement:.1%}" if agreement is not None and agreement.agreement is not None else ""


def _ratio(number: float | None) -> str:
    return "" if number is None else f"{number:.2f}"
