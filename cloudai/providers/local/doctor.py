"""The offline engines that are here: version, purpose and licences of each."""

from __future__ import annotations

from collections.abc import Iterable

from cloudai.errors import ConfigurationError
from cloudai.providers.doctor import Check
from cloudai.providers.local import provider
from cloudai.providers.local.engines import ENGINES, Engine
from cloudai.settings import Local

__all__ = ["check"]


def check(settings: Local) -> Iterable[Check]:
    """Each engine; those of ``cloudai[local]`` are needed, the others add operations."""
    return [_engine(engine) for engine in ENGINES]


def _engine(engine: Engine) -> Check:
    modules = tuple(package.module for package in engine.packages)
    missing = engine.missing()
    if missing is not None:
        needed = engine.packages[0].module in provider.needs
        return Check(
            subject=engine.title,
            state="missing" if needed else "note",
            found=f"not installed ({engine.purpose})",
            way_out=f"pip install 'cloudai[{engine.extra}]'",
            modules=modules,
        )
    code = ", ".join(dict.fromkeys(package.licence for package in engine.packages))
    licences = f"licence {code}" + (f"; data {engine.data_licence}" if engine.data_licence else "")
    languages = f"languages: {engine.languages}; " if engine.languages else ""
    found = f"{engine.installed()}, {engine.purpose}; {languages}{licences}"
    try:
        engine.verify()
    except ConfigurationError as error:
        return Check(subject=engine.title, state="missing", found=found, way_out=error.message, modules=modules)
    other = engine.differences()
    if other:
        return Check(subject=engine.title, state="note", found=f"{found}; {'; '.join(other)}", modules=modules)
    return Check(subject=engine.title, state="ok", found=found, modules=modules)
