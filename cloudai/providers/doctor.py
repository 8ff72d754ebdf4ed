"""What a vendor needs on this machine, and whether it is there. Looks, and asks nobody: no network, no secret's value.

A vendor's folder may have a module ``doctor.py`` with ``def check(settings) -> Iterable[Check]``; what its packages
are is known from ``Provider.needs`` without it.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Literal

from cloudai.errors import CloudAIError
from cloudai.providers import Provider
from cloudai.settings import ProviderSettings
from cloudai.types.value import Value, value

__all__ = ["Check", "Examination", "State", "environment", "examine", "first_set", "installed", "machine", "version_of"]

State = Literal["ok", "missing", "note"]
"""It is there; it is not, and the vendor cannot answer without it; it is not, and may well not be needed."""


@value
class Check(Value):
    """One thing that a vendor needs, or may use."""

    subject: str
    """What was looked for: ``boto3``, ``credentials``."""
    state: State
    found: str = ""
    """What was found and where; never a secret's value."""
    way_out: str | None = None
    """What to type or set when it is missing."""
    modules: tuple[str, ...] = ()
    """The modules that this is about, so that they need no line of their own."""


@value
class Examination(Value):
    """What was looked at for one vendor."""

    provider: str
    title: str
    checks: tuple[Check, ...]

    @property
    def ready(self) -> bool:
        """Whether nothing that it needs is missing."""
        return all(check.state != "missing" for check in self.checks)


def examine(provider: Provider, settings: ProviderSettings) -> Examination:
    """What a vendor needs, and whether it is there."""
    path = f"{provider.package}.doctor"
    own: list[Check] = []
    try:
        if importlib.util.find_spec(path) is not None:
            own += importlib.import_module(path).check(settings)
    except CloudAIError as error:
        own.append(Check(subject="settings", state="missing", found=error.message))
    told = {module for check in own for module in check.modules}
    packages = [_package(module, provider) for module in provider.needs if module not in told]
    return Examination(provider=settings.label, title=provider.title, checks=(*packages, *own))


def _package(module: str, provider: Provider) -> Check:
    if not installed(module):
        return Check(subject=module, state="missing", found="not installed", way_out=provider.install)
    return Check(subject=module, state="ok", found=version_of(module) or "installed")


def installed(module: str) -> bool:
    """Whether a module can be imported; it is not."""
    try:
        return importlib.util.find_spec(module) is not None
    except (ModuleNotFoundError, ValueError):
        return False


def version_of(module: str) -> str | None:
    """The version of the distribution that a module comes from."""
    names = _distributions().get(module.partition(".")[0], [])
    # A namespace such as azure or google belongs to several; the one that is named like the module is the one.
    wanted = module.replace(".", "-").replace("_", "-").casefold()
    best = sorted(set(names), key=lambda name: (name.casefold().replace("_", "-") != wanted, name))
    try:
        return metadata.version(best[0]) if best else None
    except metadata.PackageNotFoundError:
        return None


@cache
def _distributions() -> dict[str, list[str]]:
    return {name: list(found) for name, found in metadata.packages_distributions().items()}


def environment(*names: str) -> tuple[str, ...]:
    """Those of the environment variables that are set."""
    return tuple(name for name in names if os.environ.get(name))


def machine() -> str:
    """Who made the machine, in small letters, as Linux tells it; empty where it does not. Clouds name themselves."""
    found = []
    for name in ("sys_vendor", "product_name"):
        try:
            found.append(Path(f"/sys/class/dmi/id/{name}").read_text(encoding="utf-8", errors="replace").strip())
        except OSError:
            continue
    return " ".join(found).casefold()


def first_set(settings: Iterable[tuple[str, object]], *variables: str) -> str | None:
    """Where a value comes from: a setting that is given, else a variable that is set; None where there is neither."""
    for name, given in settings:
        if given:
            return f"{name} in the settings"
    found = environment(*variables)
    return f"{found[0]} is set" if found else None
