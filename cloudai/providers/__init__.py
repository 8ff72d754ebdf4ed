"""The vendors: how they are found, and what each of them can do.

A vendor is a folder, found through the entry points of the group ``cloudai.providers``; the ones that come with cloudai
use the same door as anybody else's. What a vendor can do is read from its folder: it has an operation if the area's
file has a function of that name, and an option if that function has the parameter.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import entry_points
from types import ModuleType
from typing import Any

from cloudai.errors import CloudAIError, ConfigurationError
from cloudai.ports import Link
from cloudai.providers.adapter import Limit, PictureRule
from cloudai.settings import ProviderSettings

__all__ = ["GROUP", "UNLISTED", "Adapter", "Provider", "find", "names"]

GROUP = "cloudai.providers"
UNLISTED = "cloudai.providers.unlisted"
"""Entry points of vendors that are found by their name and listed nowhere: they answer in tests only."""


@dataclass(frozen=True, slots=True)
class Adapter:
    """One operation of one vendor: its function, and what can be read from it."""

    function: Callable[..., Any]
    options: frozenset[str]
    """The request's fields that the function takes."""
    limit: Limit | None
    """The largest input, where the vendor states one."""
    extra: Mapping[str, Any] | None
    """The options that only this vendor has, by name; None where there are none."""
    picture: PictureRule | None = None
    """The pictures that it takes, or how to tell that."""


@dataclass(frozen=True)
class Provider:
    """A vendor. Each vendor's package makes one, and names it in its entry point."""

    name: str
    """The word that users type."""
    title: str
    """The name that readers know."""
    package: str
    """The vendor's folder, as a module path."""
    settings: type[ProviderSettings]
    install: str
    """What to type when its packages are missing."""
    needs: tuple[str, ...] = ()
    """The modules that its links import, so that ``cloudai doctor`` can tell what is missing without importing them."""

    def adapter(self, operation: str) -> Adapter | None:
        """The vendor's own way to do an operation; None where it has none, or its engine is not installed."""
        adapter = self._adapters.get(operation)
        if adapter is None:
            adapter = self._adapters.setdefault(operation, self._find_adapter(operation))
        return adapter if isinstance(adapter, Adapter) else None

    def missing(self, operation: str) -> str | None:
        """Why an operation that the vendor has is not to be had here, and the way out; None where it is, or where the
        vendor does not have it at all."""
        if self.adapter(operation) is not None:
            return None
        reason = self._adapters[operation]
        return reason if isinstance(reason, str) and reason else None

    @cached_property
    def _adapters(self) -> dict[str, Adapter | str]:
        return {}

    def _find_adapter(self, operation: str) -> Adapter | str:
        area, _, name = operation.partition(".")
        module = self._module(area)
        function = getattr(module, name, None) if module is not None else None
        if function is None or getattr(function, "__module__", None) != f"{self.package}.{area}":
            return ""
        check = getattr(function, "requires", None)
        reason = check() if check is not None else None
        if reason:
            return str(reason)
        parameters = list(inspect.signature(function).parameters)[1:]
        extra = None
        if "extra" in parameters:
            hint = typing.get_type_hints(function)["extra"]
            kinds = [kind for kind in (hint, *typing.get_args(hint)) if typing.is_typeddict(kind)]
            extra = dict(typing.get_type_hints(kinds[0]))
        return Adapter(
            function,
            frozenset(parameters) - {"extra"},
            getattr(function, "limit", None),
            extra,
            getattr(function, "picture", None),
        )

    def _module(self, name: str) -> ModuleType | None:
        path = f"{self.package}.{name}"
        if importlib.util.find_spec(path) is None:
            return None
        return importlib.import_module(path)

    @cached_property
    def errors(self) -> Mapping[str, type[CloudAIError]]:
        """The vendor's table from its codes to our classes."""
        module = self._module("errors")
        table: Mapping[str, type[CloudAIError]] = getattr(module, "CODES", {})
        return table

    def plain(self, body: Any) -> Any:
        """An answer as JSON knows it: one that the vendor's SDK gives as its own objects is written by ``codec.py``."""
        codec = self._module("codec")
        return body if codec is None else codec.dump(body)

    def load(self) -> ModuleType:
        """Imports the vendor's ``connect.py`` and with it, as a rule, its SDK.

        Raises:
            ConfigurationError: A package is missing.
        """
        try:
            return importlib.import_module(f"{self.package}.connect")
        except ModuleNotFoundError as error:
            raise ConfigurationError(
                f"{self.title} needs the package {error.name!r}, which is not installed: {self.install}"
            ) from error

    def connect(self, settings: ProviderSettings, service: str, *, asynchronous: bool) -> Link:
        """A connection to one of the vendor's services. Touches no network.

        Raises:
            ConfigurationError: A package or a setting is missing.
        """
        module = self.load()
        try:
            link: Link = module.connect(settings, service, asynchronous=asynchronous)
        except ModuleNotFoundError as error:
            raise ConfigurationError(
                f"{self.title} needs the package {error.name!r}, which is not installed: {self.install}",
                provider=settings.label,
            ) from error
        return link


@cache
def _entries() -> dict[str, Any]:
    return {entry.name: entry for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name)}


@cache
def _unlisted() -> dict[str, Any]:
    return {entry.name: entry for entry in entry_points(group=UNLISTED)}


def names() -> tuple[str, ...]:
    """The names of all vendors that are installed here."""
    return tuple(_entries())


@cache
def find(name: str) -> Provider:
    """A vendor by its name.

    Raises:
        ConfigurationError: There is no such vendor.
    """
    entry = _entries().get(name) or _unlisted().get(name)
    if entry is None:
        from difflib import get_close_matches

        near = get_close_matches(str(name), _entries(), n=1)
        hint = f"did you mean {near[0]!r}? There are" if near else "there are"
        raise ConfigurationError(f"there is no vendor {name!r}: {hint} {', '.join(_entries())}")
    provider: Provider = entry.load()
    return provider
