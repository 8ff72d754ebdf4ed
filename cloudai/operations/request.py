"""What every request is built on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import MISSING, Field, fields
from typing import Any, ClassVar, Generic, Self, TypeVar

from cloudai.errors import InvalidRequestError
from cloudai.types.meta import Measure
from cloudai.types.span import Unit
from cloudai.types.value import Result, Value, remembered, value

__all__ = ["Request", "option_names", "reference", "request_fields"]

R_co = TypeVar("R_co", bound=Result, covariant=True)


@value
class Request(Value, Generic[R_co]):
    """Something to ask a vendor. A value: store it, send it twice, send it to several vendors."""

    operation: ClassVar[str]
    """The name of the operation, such as ``text.sentiment``."""
    result: ClassVar[type[Result]]
    """What it is answered with."""
    measure: ClassVar[Measure]
    """What vendors count for it."""
    inputs: ClassVar[tuple[str, ...]]
    """The fields that are what is analysed, rather than how."""
    controls: ClassVar[tuple[str, ...]] = ()
    """The fields that the pipeline obeys, so that no adapter has to know them."""

    def amount(self) -> float:
        """How much of the measure is handed over."""
        raise TypeError(f"{type(self).__name__} does not say how much it is")

    def size(self, unit: Unit) -> int | None:
        """The length of the text that a vendor's limit counts; None where there is no text."""
        return None

    def over(self, limit: int, unit: Unit) -> bool:
        """Whether the text is longer than a vendor takes."""
        size = self.size(unit)
        return size is not None and size > limit

    def pieces(self, limit: int, unit: Unit) -> Sequence[tuple[int, Self]]:
        """The same request over parts of its text within a limit, each with the offset of its part."""
        raise InvalidRequestError(f"{self.operation} cannot be split", operation=self.operation)

    @property
    def splits(self) -> bool:
        """Whether the caller wants an input over a vendor's limit to be split."""
        return False

    def join(self, results: Sequence[tuple[int, Any]]) -> R_co:
        """One result out of the results of the pieces, each with the offset of its piece."""
        raise InvalidRequestError(f"{self.operation} cannot be split", operation=self.operation)


@remembered
def request_fields(cls: type[Request[Any]]) -> tuple[tuple[str, Any], ...]:
    """The fields of a request with their defaults (``MISSING`` where there is none)."""
    return tuple((item.name, _default(item)) for item in fields(cls))


def _default(item: Field[Any]) -> Any:
    return item.default_factory() if item.default_factory is not MISSING else item.default


@remembered
def option_names(cls: type[Request[Any]]) -> tuple[str, ...]:
    """The fields of a request that say how it is to be answered."""
    return tuple(name for name, _ in request_fields(cls) if name not in cls.inputs and name not in cls.controls)


def reference(request: Request[Any]) -> str:
    """A request in a few words, for messages and tables; long inputs are cut."""
    text = str(getattr(request, request.inputs[0]))
    return text if len(text) <= 60 else text[:57] + "..."
