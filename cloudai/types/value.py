"""Frozen values with a JSON form: what every request, result and part of a result is built on."""

from __future__ import annotations

import base64
import json
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, ClassVar, Generic, Literal, Self, TypeVar, Union, dataclass_transform

from cloudai.types.meta import Meta

__all__ = ["Collection", "Result", "Value", "remembered", "value"]

T = TypeVar("T")
Item = TypeVar("Item")
F = TypeVar("F", bound=Callable[..., Any])
NOWHERE = Meta()


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def value(cls: type[T]) -> type[T]:
    """Makes a class a frozen, slotted, keyword-only dataclass."""
    return dataclass(frozen=True, slots=True, kw_only=True)(cls)


class Value:
    """Something with a JSON form. Field names are the keys; bytes travel as base64, money as strings."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """The value as dictionaries, lists, strings, numbers and None."""
        return {item.name: plain(getattr(self, item.name)) for item in fields(self) if not item.name.startswith("_")}  # type: ignore[arg-type]

    def to_json(self, *, indent: int | None = None) -> str:
        """The value as one JSON document."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The value that ``to_dict`` was called on. Keys that this version does not know are passed over."""
        return build(cls, data)


@value
class Result(Value):
    """What an operation answers. ``meta`` says who answered and how, ``raw`` is the vendor's own answer."""

    meta: Meta = field(default=NOWHERE, compare=False)
    _raw: Any = field(default=None, init=False, compare=False, repr=False)

    @property
    def raw(self) -> Any:
        """The vendor's answer as it came; a tuple of answers, in order, where the call took several."""
        raw = self._raw
        if isinstance(raw, Deferred):
            raw = raw()
            object.__setattr__(self, "_raw", raw)
        return raw

    def to_dict(self, *, raw: bool = False) -> dict[str, Any]:
        """The result as plain values; with ``raw=True`` the vendor's answer as well."""
        # Not super(): a class made again for its slots would not be the one that super() remembers.
        data = Value.to_dict(self)
        if raw:
            data["raw"] = plain(self.raw)
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The result that ``to_dict`` was called on, with ``raw`` if it was kept."""
        result = build(cls, data)
        object.__setattr__(result, "_raw", data.get("raw"))
        return result

    def parts_of(self) -> Mapping[str, Result]:
        """The results that this one is made of, by operation, where it is made of several."""
        return {}


@value
class Collection(Result, Generic[Item]):
    """A result that is about one collection: it iterates over it, has its length, and is false when it is empty."""

    collection: ClassVar[str]
    """The name of the field that holds it."""

    def __iter__(self) -> Iterator[Item]:
        return iter(getattr(self, self.collection))

    def __len__(self) -> int:
        return len(getattr(self, self.collection))

    def __getitem__(self, index: int) -> Item:
        return typing.cast(Item, getattr(self, self.collection)[index])


class Deferred:
    """An answer that is made when somebody reads it."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make

    def __call__(self) -> Any:
        return self.make()

    def __reduce__(self) -> tuple[Any, ...]:
        # What makes it cannot travel to another process; what it makes can.
        return _made, (self.make(),)


def _made(answer: Any) -> Any:
    return answer


def attach(result: Result, meta: Meta, raw: Any) -> None:
    """Writes who answered, and what, into a result that nobody has seen yet."""
    object.__setattr__(result, "meta", meta)
    object.__setattr__(result, "_raw", raw)


def plain(item: Any) -> Any:
    """A value as JSON knows it."""
    if item is None or isinstance(item, str | int | float) and not isinstance(item, Enum):
        return item
    if isinstance(item, Value):
        return item.to_dict()
    if is_dataclass(item) and not isinstance(item, type):
        return {part.name: plain(getattr(item, part.name)) for part in fields(item)}
    if isinstance(item, Mapping):
        return {str(key): plain(part) for key, part in item.items()}
    if isinstance(item, list | tuple | set | frozenset):
        return [plain(part) for part in item]
    if isinstance(item, bytes | bytearray | memoryview):
        return base64.b64encode(bytes(item)).decode("ascii")
    if isinstance(item, datetime | date):
        return item.isoformat()
    if isinstance(item, Enum):
        return plain(item.value)
    return str(item)


def remembered(function: F) -> F:
    """``functools.cache`` under the function's own signature: mypy does not take classes with a hash for hashable."""
    return typing.cast(F, cache(function))


@remembered
def _hints(cls: type) -> dict[str, Any]:
    return {name: hint for name, hint in typing.get_type_hints(cls).items() if typing.get_origin(hint) is not ClassVar}


def build(cls: type[T], data: Mapping[str, Any]) -> T:
    """A dataclass from its plain form."""
    if not isinstance(data, Mapping):
        raise TypeError(f"{cls.__name__} is made from a mapping, not from {type(data).__name__}")
    hints = _hints(cls)
    known = {item.name for item in fields(cls) if item.init and not item.name.startswith("_")}  # type: ignore[arg-type]
    return cls(**{name: restore(hints[name], data[name]) for name in known if name in data})


def restore(hint: Any, data: Any) -> Any:
    """The value that a type hint describes, from its plain form."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, types.UnionType):
        if data is None:
            return None
        options = [option for option in arguments if option is not type(None)]
        return restore(_fitting(options, data), data)
    if data is None or hint is Any or origin is Literal:
        return data
    if origin is tuple:
        parts = arguments[:1] * len(data) if len(arguments) == 2 and arguments[1] is Ellipsis else arguments
        return tuple(restore(part, item) for part, item in zip(parts, data, strict=True))
    if origin is not None and issubclass(origin, Mapping):
        return {key: restore(arguments[1], item) for key, item in data.items()}
    if isinstance(hint, type):
        if is_dataclass(hint):
            return build(hint, data)
        if issubclass(hint, bytes):
            return base64.b64decode(data)
        if issubclass(hint, Decimal | float) and not isinstance(data, bool):
            return hint(data)
    return data


def _fitting(options: list[Any], data: Any) -> Any:
    """The member of a union that a plain value came from, told by its shape."""
    for option in options:
        kind = typing.get_origin(option) or option
        if kind is Literal:
            return option
        if isinstance(data, Mapping) and (is_dataclass(kind) or isinstance(kind, type) and issubclass(kind, Mapping)):
            return option
        if isinstance(data, list) and kind is tuple:
            return option
        if isinstance(kind, type) and type(data) is kind:
            return option
    return options[0]
