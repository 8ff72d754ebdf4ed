"""Vendors that answer what a test tells them to, under any name, for a command line that knows vendors by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from click.testing import CliRunner, Result

from cloudai import providers
from cloudai.cli.app import app
from cloudai.testing.fake import Fake, provider

Install = Callable[..., None]
Run = Callable[..., Result]


def made(name: str, answers: Mapping[str, Any]) -> Any:
    """A vendor of that name."""

    @dataclass(frozen=True, kw_only=True, repr=False, eq=False)
    class Settings(Fake):
        provider: ClassVar[str] = name
        answers: Mapping[str, Any] = field(default_factory=lambda: answers)
        token: str | None = field(default=None, metadata={"secret": True})

    return replace(provider, name=name, title=f"Vendor {name}", settings=Settings)


@pytest.fixture
def vendors(monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Installs vendors for one test: ``vendors(alpha={"text.sentiment": ...}, beta={...})``."""

    def install(**answers: Mapping[str, Any]) -> None:
        entries = {name: SimpleNamespace(load=lambda made=made(name, item): made) for name, item in answers.items()}
        monkeypatch.setattr(providers, "_entries", lambda: entries)
        providers.find.cache_clear()

    yield install
    providers.find.cache_clear()


@pytest.fixture
def run() -> Run:
    """Runs the command line in this process: ``run("text", "sentiment", "I love it", "-p", "alpha")``."""

    def call(*args: str, **options: Any) -> Result:
        return CliRunner().invoke(app, list(args), **options)

    return call
