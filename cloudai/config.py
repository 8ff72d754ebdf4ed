"""Clients described in a file or in the environment."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from os import PathLike
from pathlib import Path
from typing import Any

from cloudai import errors, providers
from cloudai.errors import CloudAIError, ConfigurationError
from cloudai.settings import ProviderSettings, Retry

__all__ = ["Configuration", "from_environment", "read"]

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_OPTIONS = ("timeout", "deadline", "unsupported", "tags")


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """What a client is made of."""

    providers: list[str | ProviderSettings]
    options: dict[str, Any] = field(default_factory=dict)
    described: dict[str, ProviderSettings] = field(default_factory=dict)
    """The settings of every vendor that has a table, listed or not, by name."""


def from_environment(environ: Mapping[str, str] | None = None) -> Configuration:
    """The configuration that ``CLOUDAI_CONFIG`` and ``CLOUDAI_PROVIDERS`` describe; the latter's list wins."""
    environ = os.environ if environ is None else environ
    path, listed = environ.get("CLOUDAI_CONFIG"), environ.get("CLOUDAI_PROVIDERS")
    names = [name.strip() for name in (listed or "").split(",") if name.strip()]
    if path:
        configuration = read(path, environ=environ)
        return configuration if not names else _reordered(configuration, names)
    if not names:
        raise ConfigurationError(
            "neither CLOUDAI_PROVIDERS (such as 'google,aws,local') nor CLOUDAI_CONFIG (the path of a TOML file) is set"
        )
    return Configuration(providers=list(names))


def _reordered(configuration: Configuration, names: list[str]) -> Configuration:
    return replace(configuration, providers=[configuration.described.get(name, name) for name in names])


def read(path: str | PathLike[str], *, environ: Mapping[str, str] | None = None) -> Configuration:
    """The configuration that a TOML file describes. ``${NAME}`` in a string stands for an environment variable.

    Raises:
        ConfigurationError: The file cannot be read, or says something that is not known.
    """
    try:
        data = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is not TOML: {error}") from error
    try:
        return _configuration(_expand(data, os.environ if environ is None else environ))
    except CloudAIError as error:
        error.message = f"{path}: {error.message}"
        error.args = (error.message,)
        raise


def _configuration(data: dict[str, Any]) -> Configuration:
    listed = data.pop("providers", None)
    described = {name: data.pop(name) for name in list(data) if isinstance(data[name], dict) and _is_vendor(name, data)}
    if listed is None:
        listed = list(described)
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed) or not listed:
        raise ConfigurationError("providers is a list of names, such as ['google', 'local']")
    settings: dict[str, ProviderSettings] = {name: _settings(name, table) for name, table in described.items()}
    options: dict[str, Any] = {name: data.pop(name) for name in _OPTIONS if name in data}
    if "retry" in data:
        options["retry"] = _make(Retry, data.pop("retry"), "retry")
    if "routes" in data:
        options["routes"] = {
            name: [settings.get(item, item) for item in _names(to, f"routes.{name}")]
            for name, to in _table(data.pop("routes"), "routes").items()
        }
    if "fallback_on" in data:
        options["fallback_on"] = [_error(name) for name in _names(data.pop("fallback_on"), "fallback_on")]
    if data:
        known = ["providers", "retry", "routes", "fallback_on", *_OPTIONS, *providers.names()]
        raise ConfigurationError(f"{', '.join(sorted(data))} is not known; there are {', '.join(known)}")
    order: list[str] = listed
    return Configuration(providers=[settings.get(name, name) for name in order], options=options, described=settings)


def _is_vendor(name: str, data: Mapping[str, Any]) -> bool:
    return name in providers.names() or "provider" in data[name]


def _settings(name: str, table: dict[str, Any]) -> ProviderSettings:
    """The settings of a vendor's table. A table of another name says which vendor it is: ``provider = "aws"``."""
    vendor = table.pop("provider", name)
    given = dict(table) if vendor == name else {"name": name, **table}
    made: ProviderSettings = _make(providers.find(vendor).settings, given, name)
    return made


def _make(cls: type[Any], table: Any, name: str) -> Any:
    known = [item.name for item in fields(cls)]
    unknown = sorted(set(_table(table, name)) - set(known))
    if unknown:
        raise ConfigurationError(f"[{name}] has no {', '.join(unknown)}; there are {', '.join(known)}")
    return cls(**table)


def _names(data: Any, name: str) -> list[str]:
    listed = [data] if isinstance(data, str) else data
    if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
        raise ConfigurationError(f"{name} is a name or a list of names")
    return listed


def _table(data: Any, name: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise ConfigurationError(f"{name} is a table: write it as [{name}]")
    return data


def _error(name: str) -> type[CloudAIError]:
    found = getattr(errors, name, None) if name in errors.__all__ else None
    if found is None:
        raise ConfigurationError(f"fallback_on: there is no error {name!r}; see cloudai.errors")
    error: type[CloudAIError] = found
    return error


def _expand(data: Any, environ: Mapping[str, str]) -> Any:
    if isinstance(data, dict):
        return {key: _expand(item, environ) for key, item in data.items()}
    if isinstance(data, list):
        return [_expand(item, environ) for item in data]
    if isinstance(data, str):
        return _VARIABLE.sub(lambda match: _variable(match.group(1), environ), data)
    return data


def _variable(name: str, environ: Mapping[str, str]) -> str:
    if name not in environ:
        raise ConfigurationError(f"${{{name}}} stands for an environment variable that is not set")
    return environ[name]
