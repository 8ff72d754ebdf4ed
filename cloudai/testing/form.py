"""Steps, replies and failures as JSON, and back.

JSON's own values are written as they are. The rest is an object with one key that begins with ``$``:

    {"$base64": "..."}                      bytes
    {"$sha256": "...", "$length": 120000}   large bytes of a step, which are only compared
    {"$datetime": "2025-01-31T12:00:00"}    likewise $date, $decimal, $float (nan, inf), $tuple, $set
    {"$map": [[1, "one"]]}                  a mapping whose keys are not plain names
    {"$vendor": ...}                        an object of a vendor's SDK, as the vendor's ``codec.py`` writes it
"""

from __future__ import annotations

import base64
import hashlib
import importlib
import importlib.util
import inspect
import json
import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Protocol, cast

from cloudai import providers
from cloudai.ports import Failure, Reply, Step
from cloudai.ports.tap import TapError
from cloudai.testing.scrub import MASK, Scrubber

__all__ = ["CassetteError", "Codec", "Form", "codec_of"]

_NAMES: Mapping[type, tuple[str, ...]] = {
    Reply: tuple(item.name for item in fields(Reply)),
    Failure: tuple(inspect.signature(Failure).parameters),
}
"""What both are made of."""
LARGE = 1024
"""From how many bytes on a step's own are written as their hash."""


class CassetteError(TapError):
    """Something is wrong with a cassette, or with what a test does to it."""


class Codec(Protocol):
    """The module ``codec`` of a vendor's package: how the objects of its SDK are written. It is used without any link,
    key or network, so that a cassette replays anywhere."""

    def dump(self, value: object) -> Any:
        """The value as JSON knows it; ``NotImplemented`` for one that is not the vendor's."""
        ...

    def load(self, data: Any) -> object:
        """The value that ``dump`` wrote."""
        ...


def codec_of(provider: str) -> Codec | None:
    """A vendor's own way to write its objects; None where it has none."""
    path = f"{providers.find(provider).package}.codec"
    return cast(Codec, importlib.import_module(path)) if importlib.util.find_spec(path) is not None else None


class Form:
    """How the values of one vendor are written, with everything secret left out."""

    def __init__(self, provider: str, scrubber: Scrubber) -> None:
        self._provider = provider
        self._scrubber = scrubber

    def step(self, step: Step) -> dict[str, Any]:
        """A step as JSON: all that says which answer it gets."""
        written: dict[str, Any] = {"service": step.service, "operation": self._scrubber.text(step.operation)}
        if step.api_version is not None:
            written["api_version"] = step.api_version
        written["params"] = self._mapping(step.params, whole=False)
        return written

    def outcome(self, outcome: Reply | Failure) -> dict[str, Any]:
        """A reply or a failure as JSON, under its own key, the body last; what is not set is left out."""
        written = {}
        for name in _NAMES[type(outcome)]:
            item = getattr(outcome, name)
            if name == "body" or item is None:
                continue
            if isinstance(item, Mapping | tuple):
                item = dict(sorted(item.items())) if isinstance(item, Mapping) else list(item)
            if item not in ({}, []):
                written[name] = self._write(item)
        if outcome.body is not None or isinstance(outcome, Reply):
            written["body"] = self._write(outcome.body)
        return {"reply" if isinstance(outcome, Reply) else "failure": written}

    def _write(self, item: Any, *, whole: bool = True, query: bool = False) -> Any:
        """Any value as JSON. ``whole`` keeps all that is needed to make it again; a step is only compared."""
        if item is None or (isinstance(item, bool | int | str | float | bytes) and not isinstance(item, Enum)):
            return self._scalar(item, whole=whole)
        if type(item) is dict:
            return self._mapping(item, whole=whole, query=query)
        if type(item) is list or (type(item) is tuple and not whole):
            return [self._write(part, whole=whole, query=query) for part in item]
        if type(item) is tuple:
            return {"$tuple": [self._write(part) for part in item]}
        if isinstance(item, datetime | date):
            return {"$datetime" if isinstance(item, datetime) else "$date": item.isoformat()}
        if isinstance(item, Decimal):
            return {"$decimal": str(item)}
        return self._object(item, whole=whole)

    def _scalar(self, item: Any, *, whole: bool) -> Any:
        if isinstance(item, str):
            return self._scrubber.text(item)
        if isinstance(item, float) and not math.isfinite(item):
            return {"$float": str(item)}
        if isinstance(item, bytes):
            data = self._scrubber.data(item)
            if not whole and len(data) > LARGE:
                return {"$sha256": hashlib.sha256(data).hexdigest(), "$length": len(data)}
            return {"$base64": base64.b64encode(data).decode("ascii")}
        return item

    def _object(self, item: Any, *, whole: bool) -> Any:
        # The vendor comes first: some of its objects also are mappings or sequences, as protobuf's Struct is.
        codec = codec_of(self._provider)
        if codec is not None:
            dumped = codec.dump(item)
            if dumped is not NotImplemented:
                return {"$vendor": self._write(dumped, whole=whole)}
        if isinstance(item, bytearray | memoryview):
            return self._scalar(bytes(item), whole=whole)
        if isinstance(item, Enum):
            return self._write(item.value, whole=whole)
        if isinstance(item, Mapping):
            return self._mapping(item, whole=whole)
        if isinstance(item, Set):
            parts = [self._write(part, whole=whole) for part in item]
            return {"$set": sorted(parts, key=lambda part: json.dumps(part, sort_keys=True))}
        if isinstance(item, Sequence):
            return [self._write(part, whole=whole) for part in item]
        raise CassetteError(
            f"a {type(item).__module__}.{type(item).__qualname__} cannot be written into a cassette: the package"
            f" {providers.find(self._provider).package} needs a module codec with dump() and load() for it"
        )

    def _mapping(self, item: Mapping[Any, Any], *, whole: bool, query: bool = False) -> dict[str, Any]:
        if any(not isinstance(key, str) or key.startswith("$") for key in item):
            pairs = [[self._write(key), self._write(part, whole=whole)] for key, part in item.items()]
            return {"$map": pairs}
        # The order of an answer is the vendor's and is kept; that of a step has no meaning.
        names = list(item) if whole else sorted(item)
        return {self._scrubber.text(name): self._field(name, item[name], whole=whole, query=query) for name in names}

    def _field(self, name: str, item: Any, *, whole: bool, query: bool) -> Any:
        if isinstance(item, str | bytes | list | tuple) and self._scrubber.hides(name, query=query):
            return MASK
        return self._write(item, whole=whole, query=query or name in ("query", "params"))


def read_outcome(provider: str, entry: Mapping[str, Any]) -> Reply | Failure:
    """The reply or the failure of an entry."""
    if "reply" in entry:
        return Reply(**{name: read(provider, item) for name, item in entry["reply"].items()})
    return Failure(**{name: read(provider, item) for name, item in entry["failure"].items()})


def read(provider: str, data: Any) -> Any:
    """The value that was written."""
    if isinstance(data, list):
        return [read(provider, part) for part in data]
    if not isinstance(data, dict):
        return data
    if len(data) == 1:
        (name, item), *_ = data.items()
        if name == "$vendor":
            codec = codec_of(provider)
            if codec is None:
                raise CassetteError(f"the vendor {provider} has no module codec to read {item!r}")
            return codec.load(read(provider, item))
        if name == "$map":
            return {read(provider, key): read(provider, part) for key, part in item}
        if name in ("$tuple", "$set"):
            return (tuple if name == "$tuple" else set)(read(provider, part) for part in item)
        if name in _READERS:
            return _READERS[name](item)
    return {name: read(provider, item) for name, item in data.items()}


_READERS: Mapping[str, Any] = {
    "$base64": base64.b64decode,
    "$date": date.fromisoformat,
    "$datetime": datetime.fromisoformat,
    "$decimal": Decimal,
    "$float": float,
}
