"""What became of one request: a result or an error, never nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from cloudai.errors import CloudAIError
from cloudai.types.value import Result

__all__ = ["Comparison", "Outcome"]

R_co = TypeVar("R_co", bound=Result, covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Generic[R_co]):
    """A request with what became of it. Exactly one of ``result`` and ``error`` is set."""

    request: Any
    """The request as it was handed over."""
    index: int = 0
    """Its place in the input, from 0."""
    provider: str | None = None
    """The vendor that answered, or that failed last."""
    result: R_co | None = None
    error: CloudAIError | None = None

    @property
    def ok(self) -> bool:
        """Whether there is a result."""
        return self.error is None

    def unwrap(self) -> R_co:
        """The result; raises the error if there is none."""
        if self.error is not None:
            raise self.error
        assert self.result is not None
        return self.result


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison(Generic[R_co]):
    """What several vendors said to the same request."""

    request: Any
    outcomes: Mapping[str, Outcome[R_co]] = field(default_factory=dict)
    """One for each vendor, by its name, in the order they were named."""

    def __iter__(self) -> Iterator[Outcome[R_co]]:
        return iter(self.outcomes.values())

    def __len__(self) -> int:
        return len(self.outcomes)

    def __getitem__(self, provider: str) -> Outcome[R_co]:
        return self.outcomes[provider]

    @property
    def results(self) -> dict[str, R_co]:
        """The results of those that answered, by vendor."""
        return {name: item.result for name, item in self.outcomes.items() if item.result is not None}

    @property
    def errors(self) -> dict[str, CloudAIError]:
        """The errors of those that did not, by vendor."""
        return {name: item.error for name, item in self.outcomes.items() if item.error is not None}
