"""What can be asked: requests, results and the client methods of each area, and the list of all operations.

An area is a file here. Its requests name their operation; everything that lists operations (the clients, the command
line, cassettes, the capability table) reads that list from the request classes.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import Any

from cloudai.errors import InvalidRequestError
from cloudai.operations.request import Request

__all__ = ["area_names", "find", "names", "operations"]


@cache
def area_names() -> tuple[str, ...]:
    """The areas, such as ``text``: each module of this room that has requests."""
    others = ("area", "drawing", "request")
    return tuple(module.name for module in pkgutil.iter_modules(__path__) if module.name not in others)


@cache
def operations() -> dict[str, type[Request[Any]]]:
    """The request class of every operation, by the operation's name."""
    found: dict[str, type[Request[Any]]] = {}
    for area in area_names():
        module = importlib.import_module(f"{__name__}.{area}")
        for item in vars(module).values():
            if (
                isinstance(item, type)
                and issubclass(item, Request)
                and item.__module__ == module.__name__
                and "operation" in vars(item)
            ):
                found[item.operation] = item
    return found


def names() -> tuple[str, ...]:
    """The names of all operations."""
    return tuple(operations())


def find(name: str) -> type[Request[Any]]:
    """The request class of an operation.

    Raises:
        InvalidRequestError: There is no such operation; the message names the nearest.
    """
    known = operations()
    if name in known:
        return known[name]
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are: {', '.join(known)}"
    raise InvalidRequestError(f"there is no operation {name!r}: {hint}")
