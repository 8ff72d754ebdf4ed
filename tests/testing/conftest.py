"""Vendors to record, and an environment that says nothing about cassettes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cloudai import providers
from tests.outside.install import installed

pytest_plugins = ["pytester"]


@pytest.fixture(autouse=True)
def _no_wishes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CI", "CLOUDAI_CASSETTES"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def acme(tmp_path: Path) -> Iterator[type[Any]]:
    """The settings of a vendor over HTTP that came from outside."""
    pytest.importorskip("httpx", reason="needs cloudai[google]")
    with installed("acme", tmp_path / "acme"):
        yield providers.find("acme").settings


@pytest.fixture
def lantern(tmp_path: Path) -> Iterator[type[Any]]:
    """The settings of a vendor over gRPC that came from outside."""
    pytest.importorskip("grpc", reason="grpcio is not installed")
    with installed("lantern", tmp_path / "lantern"):
        yield providers.find("lantern").settings
