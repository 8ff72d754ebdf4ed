"""Installs a project of this folder as an installer would, without a network: its package and its ``dist-info``."""

from __future__ import annotations

import importlib
import shutil
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cloudai import providers

HERE = Path(__file__).resolve().parent


@contextmanager
def installed(name: str, site: Path) -> Iterator[Path]:
    """Has the project ``name`` installed in ``site``, which stands on ``sys.path`` for as long."""
    project = tomllib.loads((HERE / name / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    shutil.copytree(HERE / name / "src", site, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    info = site / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n", encoding="utf-8"
    )
    lines: list[str] = []
    for group, entries in project["entry-points"].items():
        lines += [f"[{group}]", *(f"{key} = {value}" for key, value in entries.items()), ""]
    (info / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
    sys.path.insert(0, str(site))
    _forget()
    try:
        yield site
    finally:
        sys.path.remove(str(site))
        for module in [module for module in sys.modules if module.split(".")[0] == f"cloudai_{name}"]:
            del sys.modules[module]
        _forget()


def _forget() -> None:
    importlib.invalidate_caches()
    providers._entries.cache_clear()
    providers._unlisted.cache_clear()
    providers.find.cache_clear()
