"""A result on the screen, whatever it is a result of: read from its fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from cloudai.cli import screen
from cloudai.errors import CloudAIError
from cloudai.types.meta import Meta
from cloudai.types.value import Collection, Result

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["put", "show"]

EMPTY: tuple[Any, ...] = (None, (), {})
MANY = 12
"""How many things a cell names one by one."""


def put(result: Result, *, as_json: bool, raw: bool) -> None:
    """Writes a result to standard output, for programs or for people."""
    if as_json or raw:
        screen.document(result.to_dict(raw=True) if raw else result.to_dict())
    else:
        show(result, screen.output())


def show(result: Result, console: Console) -> None:
    """Writes what a result says: its collection first, then what else it says, then how it came about. A result that is
    made of several is written one after the other."""
    made_of = {**result.parts_of(), **failed_parts(result)}
    if not made_of:
        _say(result, console)
    for name, part in made_of.items():
        screen.write(console, screen.words(name, "bold"))
        if isinstance(part, Result):
            _say(part, console)
        else:
            screen.write(console, screen.words(f"{type(part).__name__}: {part}", "red"))
        screen.write(console, "")
    screen.write(console, screen.words(_origin(result.meta), "dim"))


def failed_parts(result: Result) -> Mapping[str, CloudAIError]:
    """The errors of those parts of a result that failed alone, by operation."""
    return getattr(result, "errors", {})


def _say(result: Result, console: Console) -> None:
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
    # A text in which things were found keeps its lines; they are indented, so that none can pass for a line of ours.
    values = {name: part for name, part in parts.items() if part not in EMPTY and name not in lists}
    _values(console, values, broken=main is not None)
    for name, part in lists.items():
        screen.write(console, "")
        _items(console, part, title=name.replace("_", " "))
        screen.write(console, "")


def _values(console: Console, values: Mapping[str, Any], *, broken: bool) -> None:
    if not values:
        return
    from rich.table import Table

    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True, style="bold")
    grid.add_column(overflow="fold")
    for name, item in values.items():
        words = screen.lines(item) if broken and isinstance(item, str) else screen.words(_told(item))
        grid.add_row(screen.words(name.replace("_", " ")), words)
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
        more = [f"{len(item) - MANY:,} more"] if len(item) > MANY and is_dataclass(item[0]) else []
        return screen.joined([*(_told(part) for part in (item[:MANY] if more else item)), *more])
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
