"""The capability table: operation by vendor by option, read from the code."""

from __future__ import annotations

from collections.abc import Iterable

from cloudai import operations
from cloudai.operations.request import option_names
from cloudai.providers import Provider
from cloudai.types.span import Unit
from cloudai.types.value import Value, value

__all__ = ["Capability", "capabilities"]


@value
class Capability(Value):
    """What one vendor can do of one operation."""

    operation: str
    provider: str
    supported: bool
    options: tuple[str, ...] = ()
    """The options that the vendor can express."""
    missing_options: tuple[str, ...] = ()
    """The operation's options that it cannot express."""
    extra: tuple[str, ...] = ()
    """The options that only this vendor has, for ``extra=``."""
    limit: int | None = None
    """The largest input of one call, in ``limit_unit``; a longer text needs ``split=True``."""
    limit_unit: Unit | None = None
    reason: str | None = None
    """Why it is not to be had here although the vendor has it, and the way out."""


def capabilities(providers: Iterable[Provider]) -> tuple[Capability, ...]:
    """One row for each operation and vendor, in the order of the operations."""
    known = list(providers)
    return tuple(_capability(name, provider) for name in operations.names() for provider in known)


def _capability(operation: str, provider: Provider) -> Capability:
    adapter = provider.adapter(operation)
    if adapter is None:
        return Capability(
            operation=operation, provider=provider.name, supported=False, reason=provider.missing(operation)
        )
    options = option_names(operations.find(operation))
    return Capability(
        operation=operation,
        provider=provider.name,
        supported=True,
        options=tuple(name for name in options if name in adapter.options),
        missing_options=tuple(name for name in options if name not in adapter.options),
        extra=tuple(adapter.extra or ()),
        limit=adapter.limit.maximum if adapter.limit else None,
        limit_unit=adapter.limit.unit if adapter.limit else None,
    )
