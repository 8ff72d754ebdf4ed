"""Why a step found no answer in a cassette, in words that say what to do."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

__all__ = ["describe", "explain", "key"]

SHOWN = 12
"""How many differences are told."""
WIDTH = 120
ABSENT = object()


def describe(entry: Mapping[str, Any]) -> str:
    """An entry, or a step in its form, in one line."""
    step = entry["step"]
    return f"{entry.get('name', entry['provider'])} {step['service']} {step['operation']}"


def explain(asked: Mapping[str, Any], entries: Sequence[Mapping[str, Any]], used: Sequence[bool]) -> str:
    """What differs between a step that was asked for and the nearest one that is recorded."""
    if not entries:
        return "  the cassette has no entries"
    equal = [index for index, entry in enumerate(entries) if _key(entry) == _key(asked)]
    if equal:
        times = "once" if len(equal) == 1 else f"{len(equal)} times"
        return f"  this step is recorded {times}, and has been sent more often than that"
    nearest = max(range(len(entries)), key=lambda index: _likeness(asked, entries[index]))
    note = ", which has been used already" if used[nearest] else ""
    lines = [f"  the nearest of {len(entries)} entries is number {nearest + 1}{note}; it differs in"]
    here, there = _flat(_key(asked)), _flat(_key(entries[nearest]))
    differing = [name for name in sorted({*here, *there}) if here.get(name, ABSENT) != there.get(name, ABSENT)]
    for name in differing[:SHOWN]:
        recorded, wanted = _pair(there.get(name, ABSENT), here.get(name, ABSENT))
        lines += [f"    {name}", f"      recorded: {recorded}", f"      asked:    {wanted}"]
    if len(differing) > SHOWN:
        lines.append(f"    and in {len(differing) - SHOWN} more")
    return "\n".join(lines)


def _key(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What is compared of an entry."""
    return {name: entry[name] for name in ("provider", "name", "step") if name in entry}


def key(entry: Mapping[str, Any]) -> str:
    """The same as one text, by which entries are found."""
    return json.dumps(_key(entry), sort_keys=True)


def _flat(item: Any, name: str = "") -> dict[str, Any]:
    """Every single value by its path."""
    if isinstance(item, dict) and item:
        return {
            path: leaf
            for key, part in item.items()
            for path, leaf in _flat(part, f"{name}.{key}" if name else key).items()
        }
    if isinstance(item, list) and item:
        return {path: leaf for index, part in enumerate(item) for path, leaf in _flat(part, f"{name}[{index}]").items()}
    return {name.removeprefix("step."): item}


def _likeness(asked: Mapping[str, Any], entry: Mapping[str, Any]) -> tuple[bool, bool, bool, float]:
    one, other = asked["step"], entry["step"]
    here, there = _flat(one["params"]), _flat(other["params"])
    same = sum(_alike(item, there[name]) for name, item in here.items() if name in there)
    return (
        asked["provider"] == entry["provider"],
        one["service"] == other["service"],
        one["operation"] == other["operation"],
        2 * same / (len(here) + len(there) or 1),
    )


def _alike(one: Any, other: Any) -> float:
    if one == other:
        return 1.0
    if isinstance(one, str) and isinstance(other, str):
        return SequenceMatcher(None, one[:200], other[:200], autojunk=False).ratio()
    return 0.0


def _pair(recorded: Any, asked: Any) -> tuple[str, str]:
    """Two values in a line each; of long texts the place where they part."""
    start = 0
    if isinstance(recorded, str) and isinstance(asked, str):
        alike = 0
        for one, other in zip(recorded, asked, strict=False):
            if one != other:
                break
            alike += 1
        if max(len(recorded), len(asked)) > WIDTH:
            start = max(alike - 20, 0)
    return _shown(recorded, start), _shown(asked, start)


def _shown(item: Any, start: int) -> str:
    if item is ABSENT:
        return "(not there)"
    if not isinstance(item, str):
        return json.dumps(item, ensure_ascii=False)
    part = item[start : start + WIDTH]
    before, after = "..." if start else "", "..." if start + WIDTH < len(item) else ""
    return f"{before}{part!r}{after}"
