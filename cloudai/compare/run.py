"""Inputs by vendors: each input is asked of each vendor, and nothing is lost."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, Unpack, cast

from cloudai.client import CloudAI
from cloudai.compare.inputs import Item
from cloudai.errors import (
    AuthenticationError,
    CloudAIError,
    ConfigurationError,
    InvalidRequestError,
    PermissionDeniedError,
    UnsupportedError,
)
from cloudai.operations.area import CallOptions
from cloudai.operations.request import Request
from cloudai.types.outcome import Outcome
from cloudai.types.value import Result

__all__ = ["Row", "run"]

R = TypeVar("R", bound=Result)

NEVER_BETTER = (AuthenticationError, ConfigurationError, PermissionDeniedError, UnsupportedError)
"""What a vendor says of whoever asks, not of the input: it would say so of every other input as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Generic[R]):
    """One input and what each vendor said to it."""

    index: int
    """Its place among the inputs, from 0."""
    item: Item
    request: Request[R] | None
    """What was asked; None where the input is not one that can be asked about, such as an empty text."""
    outcomes: Mapping[str, Outcome[R]] = field(default_factory=dict)
    """A result or an error for each vendor, by its name, in the order of the vendors."""

    @property
    def ok(self) -> bool:
        """Whether every vendor answered."""
        return all(outcome.ok for outcome in self.outcomes.values())


@dataclass(frozen=True, slots=True)
class _Entry(Generic[R]):
    """An input on its way: its request, or why there is none."""

    index: int
    item: Item
    request: Request[R] | None = None
    error: CloudAIError | None = None
    broken: Exception | None = None
    """Why there are no more inputs. It travels as an entry, because copies of an iterator do not share its errors."""


def run(
    ai: CloudAI,
    items: Iterable[Item],
    build: Callable[[Any], Request[R]],
    *,
    providers: Sequence[str] | None = None,
    concurrency: int = 8,
    **call: Unpack[CallOptions],
) -> Iterator[Row[R]]:
    """What each vendor says to each input, in the order of the inputs. Each vendor is asked without fallback.

    Items are taken as there is room, so a generator is never loaded whole. An input that cannot be asked about is a row
    of errors. The first input goes ahead alone: what a vendor says of whoever asks (a missing key, an operation that it
    does not have) ends the comparison before the other inputs have cost anything.

    Args:
        ai: The client.
        items: The inputs.
        build: Makes the request out of an item's content.
        providers: The client's vendors to ask, by name; all of them unless it is said.
        concurrency: How many inputs are under way at each vendor.

    Raises:
        AuthenticationError, ConfigurationError, PermissionDeniedError, UnsupportedError: One vendor's answer to the
            first input, with those of other vendors in its notes. What comes later is in its row.
    """
    names = tuple(ai.providers if providers is None else providers)
    entries = _entries(items, build)
    for entry in entries:
        if entry.request is None:
            yield _refused(entry, names)
            continue
        # The first that can be asked.
        first = ai.compare(entry.request, providers=names, **call)
        hopeless = [error for error in first.errors.values() if isinstance(error, NEVER_BETTER)]
        if hopeless:
            for other in hopeless[1:]:
                hopeless[0].add_note(str(other))
            raise hopeless[0]
        yield Row(index=entry.index, item=entry.item, request=entry.request, outcomes=first.outcomes)
        break
    yield from _rest(ai, entries, names, concurrency, call)


def _rest(
    ai: CloudAI, entries: Iterator[_Entry[R]], names: Sequence[str], concurrency: int, call: CallOptions
) -> Iterator[Row[R]]:
    """The other inputs, each vendor at its own pace, at most ``concurrency`` of them ahead of the slowest."""
    own, *copies = _copies(entries, 1 + len(names))
    with ExitStack() as stack:
        answers: dict[str, Iterator[Outcome[R]]] = {}
        for name, copy in zip(names, copies, strict=True):
            requests = (entry.request for entry in copy if entry.request is not None)
            options: CallOptions = {**call, "provider": name}
            answers[name] = ai.run_many(requests, concurrency=concurrency, **options)
            stack.enter_context(closing(cast("Generator[Outcome[R]]", answers[name])))
        for entry in own:
            if entry.request is None:
                yield _refused(entry, names)
            else:
                outcomes = {name: next(answer) for name, answer in answers.items()}
                yield Row(index=entry.index, item=entry.item, request=entry.request, outcomes=outcomes)


def _copies(entries: Iterator[_Entry[R]], count: int) -> list[Iterator[_Entry[R]]]:
    """An iterator several times. ``itertools.tee`` lets go of what all have taken in blocks of 57: that many pictures
    would be held on to."""
    waiting: list[deque[_Entry[R]]] = [deque() for _ in range(count)]

    def copy(mine: deque[_Entry[R]]) -> Iterator[_Entry[R]]:
        while True:
            if not mine:
                entry = next(entries, None)
                if entry is None:
                    return
                for each in waiting:
                    each.append(entry)
            yield mine.popleft()

    return [copy(mine) for mine in waiting]


def _entries(items: Iterable[Item], build: Callable[[Any], Request[R]]) -> Iterator[_Entry[R]]:
    index = 0
    iterator = iter(items)
    while True:
        try:
            item = next(iterator)
        except StopIteration:
            return
        except Exception as error:
            yield _Entry(index, Item(content=None), broken=error)
            return
        try:
            entry = _Entry(index, item, build(item.content))
        except InvalidRequestError as error:
            entry = _Entry(index, item, error=error)
        yield entry
        index += 1


def _refused(entry: _Entry[R], names: Sequence[str]) -> Row[R]:
    """The row of an input that cannot be asked about; raises where there is no input at all."""
    if entry.broken is not None:
        raise entry.broken
    return Row(
        index=entry.index,
        item=entry.item,
        request=None,
        outcomes={name: Outcome(request=None, index=entry.index, provider=name, error=entry.error) for name in names},
    )
