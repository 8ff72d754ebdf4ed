"""A result on the screen, whatever it is a result of: read from its fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from cloudai.cli import screen
from cloudai.types.meta import Meta
from cloudai.types.value import Collection, Result

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["show"]

EMPTY: tuple[Any, ...] = (None, (), {})


def show(result: Result, console: Console) -> None:
    """Writes what a result says: its collection first, then what else it says, then how it came about."""
    parts = {item.name: getattr(result, item.name) for item in fields(result) if item.init and item.name != "meta"}
    main = result.collection if isinstance(result, Collection) else None
    if main is not None:
        found = parts.pop(main)
        if found:
            _items(console, found)
            screen.write(console, "")
        else:
            screen.write(console, screen.words(f"no {main.replace('_', ' ')}"))
    lists = {name: part for name, part in parts.items() if _is_list(part)}
    _values(console, {name: part for name, part in parts.items() if part not in EMPTY and name not in lists})
    for name, part in lists.items():
        screen.write(console, "")
        _items(console, part, title=name.replace("_", " "))
        screen.write(console, "")
    screen.write(console, screen.words(_origin(result.meta), "dim"))


def _values(console: Console, values: Mapping[str, Any]) -> None:
    if not values:
        return
    from rich.table import Table

    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True, style="bold")
    grid.add_column(overflow="fold")
    for name, item in values.items():
        grid.add_row(screen.words(name.replace("_", " ")), screen.words(_told(item)))
    screen.write(console, grid)


def _items(console: Console, items: Sequence[Any], *, title: str | None = None) -> None:
    """A table with the columns that have something in them."""
    table = screen.table(title=title)
    names = [part.name for part in fields(items[0]) if any(getattr(item, part.name) not in EMPTY for item in items)]
    for name in names:
        right = all(_is_number(getattr(item, name)) for item in items)
        table.add_column(name.replace("_", " "), justify="right" if right else "left", overflow="fold")
    for item in items:
        table.add_row(*(screen.words(_told(getattr(item, name))) for name in names))
    screen.write(console, table)


def _told(item: Any) -> str:
    """A value in a cell's words."""
    if item in EMPTY:
        return ""
    if isinstance(item, bool):
        return "yes" if item else "no"
    if isinstance(item, float):
        return f"{item:.3f}"
    if isinstance(item, bytes | bytearray):
        return f"{len(item):,} bytes"
    if isinstance(item, Mapping):
        return screen.joined(f"{name} {_told(part)}" for name, part in item.items())
    if isinstance(item, list | tuple):
        return screen.joined(_told(part) for part in item)
    if is_dataclass(item):
        parts = {part.name: getattr(item, part.name) for part in fields(item)}
        said = [part for part in parts.values() if isinstance(part, str) and part]
        return " ".join(said) or screen.joined(
            f"{name} {_told(part)}" for name, part in parts.items() if part not in EMPTY
        )
    return str(item)


def _is_list(item: Any) -> bool:
    return isinstance(item, list | tuple) and bool(item) and is_dataclass(item[0])


def _is_number(item: Any) -> bool:
    return item is None or (isinstance(item, int | float) and not isinstance(item, bool))


def _origin(meta: Meta) -> str:
    """Who answered, how long it took, and what was used."""
    parts = [" ".join(part for part in (meta.provider, meta.model, meta.region) if part), screen.seconds(meta.latency)]
    if meta.usage is not None:
        parts.append(screen.counted(meta.usage.amount, meta.usage.measure))
        parts += [f"metered {screen.number(amount)} {meter}" for meter, amount in meta.usage.metered.items()]
    if meta.cost is not None:
        parts.append(f"{meta.cost.amount} {meta.cost.currency}{' (estimate)' if meta.cost.estimate else ''}")
    if meta.attempts > 1:
        # Steps of one call, retries among them.
        parts.append(f"{meta.attempts} steps")
    parts += [f"after {failed.provider} failed ({failed.error})" for failed in meta.fallbacks]
    if meta.dropped:
        parts.append(f"without {', '.join(meta.dropped)}, which {meta.provider} cannot express")
    return screen.joined(parts)
