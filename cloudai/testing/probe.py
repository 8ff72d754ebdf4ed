"""Looks at what an adapter would send, and at what it makes of an answer. Needs no SDK, key or network."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from typing import Any, Literal, TypeVar, Union

from cloudai import operations
from cloudai.operations.request import request_fields
from cloudai.ports import Failure, Reply, Step
from cloudai.ports.blocking import drive
from cloudai.providers import Adapter

__all__ = ["SAMPLES", "ProbePort", "StoppedError", "answered", "fields_for", "sent", "values_for"]

T = TypeVar("T")

SAMPLES: Mapping[str, Any] = {"text": "The new library in Lyon opened on Monday, and everybody likes it."}
"""An input for each field that is one."""

BASE: Mapping[str, Any] = {"language": "en"}
"""What is said from the start, so that no adapter has to find it out first."""

VALUES: Mapping[str, Sequence[Any]] = {
    "language": ("es", "fr", "de", "ja"),
    "country_hint": ("FR", "fr"),
    "categories": (("email",), ("person",), ("phone_number",)),
}
"""Values of options whose type does not tell what they are."""


class StoppedError(Exception):
    """The adapter wants to send more than there are answers for."""


class ProbePort:
    """Keeps the steps of an adapter, and answers them from a list as long as it lasts."""

    def __init__(self, settings: Any, answers: Sequence[Any] = ()) -> None:
        self.settings = settings
        self.steps: list[Step] = []
        self._answers = list(answers)

    async def send(self, step: Step) -> Reply:
        self.steps.append(step)
        if not self._answers:
            raise StoppedError
        answer = self._answers.pop(0)
        if isinstance(answer, Failure):
            raise answer
        return answer if isinstance(answer, Reply) else Reply(body=answer)

    async def poll(
        self, step: Step, *, done: Callable[[Reply], bool], interval: float = 1.0, longest: float = 10.0
    ) -> Reply:
        while True:
            reply = await self.send(step)
            if done(reply):
                return reply

    async def gather(self, parts: Sequence[Callable[[], Coroutine[Any, Any, T]]]) -> list[T]:
        return [await part() for part in parts]

    def note(self, *, model: str | None = None, api_version: str | None = None) -> None:
        pass


def fields_for(operation: str, adapter: Adapter, samples: Mapping[str, Any]) -> dict[str, Any]:
    """What an adapter is handed for a request of which only the input is said, and the language."""
    request = operations.find(operation)
    given = {**SAMPLES, **samples}
    fields = {name: BASE.get(name, default) for name, default in request_fields(request) if name in adapter.options}
    return fields | {name: given[name] for name in request.inputs}


def sent(adapter: Adapter, settings: Any, fields: Mapping[str, Any], answers: Sequence[Any] = ()) -> list[Step]:
    """The steps that an adapter sends, up to the first one that there is no answer for."""
    port = ProbePort(settings, answers)
    with suppress(StoppedError):
        drive(adapter.function(port, **fields))
    return port.steps


def answered(adapter: Adapter, settings: Any, fields: Mapping[str, Any], answers: Sequence[Any]) -> Any:
    """What an adapter makes of answers."""
    return drive(adapter.function(ProbePort(settings, answers), **fields))


def values_for(name: str, hint: Any) -> tuple[Any, ...]:
    """Some values that an option may have, by its name or its type."""
    return tuple(VALUES[name]) if name in VALUES else tuple(_values(hint))


def _values(hint: Any) -> list[Any]:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, types.UnionType):
        return [value for argument in arguments for value in _values(argument)]
    if origin is Literal:
        return list(arguments)
    if origin in (typing.Required, typing.NotRequired, typing.Annotated):
        return _values(arguments[0])
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return [{"probe": value} for value in _values(arguments[1])]
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return [[value] for value in _values(arguments[0])]
    known: Mapping[Any, list[Any]] = {bool: [True, False], int: [1, 2], float: [0.25, 0.5], str: ["probe", "probe-2"]}
    return known.get(hint, [])
