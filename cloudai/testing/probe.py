"""Looks at what an adapter would send, and at what it makes of an answer. Needs no SDK, key or network."""

from __future__ import annotations

import struct
import types
import typing
import zlib
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, Literal, TypeVar, Union

from cloudai import operations
from cloudai.operations.request import request_fields
from cloudai.ports import Failure, Reply, Step
from cloudai.ports.blocking import drive
from cloudai.providers import Adapter
from cloudai.types.media import Image

__all__ = ["SAMPLES", "ProbePort", "StoppedError", "answered", "fields_for", "sent", "values_for"]

T = TypeVar("T")

SIDE = 128
"""Width and height of the pictures in pixels: no vendor asks for more."""


def _square(red: int, green: int, blue: int) -> Image:
    """A picture of one colour, as PNG (RFC 2083)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + bytes((red, green, blue)) * SIDE) * SIDE)
    return Image.of(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b""))


SAMPLES: Mapping[str, Any] = {
    "text": "The new library in Lyon opened on Monday, and everybody likes it.",
    "image": _square(40, 90, 160),
    # A field of that name is a language elsewhere.
    "vision.compare_faces.target": _square(160, 90, 40),
}
"""An input for each field that is one, by field, or by operation and field."""

BASE: Mapping[str, Any] = {"language": "en", "operations": ("vision.labels",)}
"""What is said from the start: so that no adapter has to find it out first, and what a request cannot be without."""

VALUES: Mapping[str, Sequence[Any]] = {
    "language": ("es", "fr", "de", "ja"),
    "country_hint": ("FR", "fr"),
    "categories": (("email",), ("person",), ("phone_number",)),
    "languages": (("de",), ("fr",)),
    "pages": ((2,), (1,)),
    "operations": (("vision.colors",), ("vision.faces",), ("vision.text",)),
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

    async def cleanup(self, step: Step, what: str) -> None:
        """What is taken away is no answer, and nothing is asked for it."""
        self.steps.append(step)

    def unique(self) -> str:
        # Always the same, so that what is sent can be compared.
        return f"cloudai-{'0' * 32}"

    def note(
        self,
        *,
        model: str | None = None,
        api_version: str | None = None,
        warning: str | None = None,
        metered: Mapping[str, float] | None = None,
    ) -> None:
        pass


def fields_for(operation: str, adapter: Adapter, samples: Mapping[str, Any]) -> dict[str, Any]:
    """What an adapter is handed for a request of which only what it cannot be without is said, and the language.

    ``samples`` go by field (``image``), or by operation and field (``vision.text.image``).
    """
    request = operations.find(operation)
    known = {**BASE, **SAMPLES, **samples}
    fields = dict(request_fields(request))
    fields |= {name: known.get(f"{operation}.{name}", known.get(name, default)) for name, default in fields.items()}
    return {name: item for name, item in fields.items() if name in adapter.options}


def sent(adapter: Adapter, settings: Any, fields: Mapping[str, Any], answers: Sequence[Any] = ()) -> list[Step]:
    """The steps that an adapter sends, up to the first one that there is no answer for, or none that it can read."""
    port = ProbePort(settings, answers)
    try:
        drive(adapter.function(port, **fields))
    except StoppedError:
        pass
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError):
        # Another option may ask the vendor for another thing, to which the answers at hand are none.
        if not answers or not port.steps:
            raise
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
