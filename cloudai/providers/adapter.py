"""What an adapter says about itself beside its parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from cloudai.types.span import Unit

__all__ = ["Limit", "limit", "requires"]

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Limit:
    """The largest text that a vendor takes in one call."""

    maximum: int
    unit: Unit
    piece: int | None = None
    """How long the pieces of a split text are, where the vendor has other limits that bite sooner."""


def limit(maximum: int, unit: Unit, *, piece: int | None = None) -> Callable[[F], F]:
    """Says how long a text the vendor takes. A longer one is refused before it is sent, or split when asked for."""

    def mark(function: F) -> F:
        function.limit = Limit(maximum, unit, piece)  # type: ignore[attr-defined]
        return function

    return mark


def requires(check: Callable[[], str | None]) -> Callable[[F], F]:
    """Says what an adapter needs on this machine: ``check`` returns what is missing and how to get it, or None."""

    def mark(function: F) -> F:
        function.requires = check  # type: ignore[attr-defined]
        return function

    return mark
