"""``cloudai providers``: the capability table, read from the code."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from cloudai import operations, providers
from cloudai.providers import Provider
from cloudai.providers.aws import provider as aws
from cloudai.settings import Local

Run = Callable[..., Any]


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes these the vendors that there are."""

    def install(**found: Any) -> None:
        monkeypatch.setattr(providers, "_entries", lambda: found)
        monkeypatch.setattr(providers, "find", lambda name: found[name].load())

    return install


def entry(provider: Any) -> Any:
    return SimpleNamespace(load=lambda: provider)


def test_the_table_has_every_operation_and_vendor(run: Run, known: Callable[..., None]) -> None:
    known(aws=entry(aws))
    lines = [line.split() for line in run("providers").stdout.splitlines()]
    assert ["operation", "aws"] in lines
    assert ["text.sentiment", "yes"] in lines
    assert ["text.summarize", "-"] in lines
    assert {line[0] for line in lines if line and line[0].startswith(("text.", "vision."))} == set(operations.names())


def test_an_operation_shows_options_limits_and_what_only_the_vendor_has(run: Run, known: Callable[..., None]) -> None:
    known(aws=entry(aws))
    for args in (["text.entities"], ["text.entities", "-v"], ["--options", "text.entities"]):
        output = run("providers", *args).stdout
        assert "aws.endpoint_arn" in output
        assert "100,000 bytes" in output
        assert "text.sentiment" not in output
    assert "aws" not in run("providers", "text.summarize").stdout


def test_json_is_the_capability_table(run: Run, known: Callable[..., None]) -> None:
    known(aws=entry(aws))
    rows = json.loads(run("providers", "--json").stdout)
    assert [row["operation"] for row in rows] == list(operations.names())
    assert rows[0]["provider"] == "aws"


def test_an_engine_that_is_not_installed_is_told_with_the_way_out(run: Run, known: Callable[..., None]) -> None:
    class Bare(Provider):
        def adapter(self, operation: str) -> None:
            return None

        def missing(self, operation: str) -> str | None:
            return "pip install 'cloudai[bare]'" if operation == "text.syntax" else None

    known(bare=entry(Bare(name="bare", title="Bare", package="cloudai.providers.local", settings=Local, install="")))
    output = run("providers").stdout
    assert "not installed" in next(line for line in output.splitlines() if "text.syntax" in line)
    assert "bare: pip install 'cloudai[bare]'" in output
    assert "pip install 'cloudai[bare]'" in run("providers", "text.syntax").stdout


def test_a_vendor_that_cannot_be_loaded_is_named_and_the_others_are_shown(run: Run, known: Callable[..., None]) -> None:
    def broken() -> Any:
        raise ImportError("no module named x")

    known(aws=entry(aws), other=SimpleNamespace(load=broken))
    result = run("providers")
    assert result.exit_code == 0
    assert "other cannot be loaded: ImportError: no module named x" in result.stderr
    assert "text.sentiment" in result.stdout


def test_an_unknown_operation_is_refused(run: Run) -> None:
    result = run("providers", "text.sentimnt")
    assert (result.exit_code, "did you mean text.sentiment" in result.stderr) == (2, True)
