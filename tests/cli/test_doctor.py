"""``cloudai doctor``: what is ready, what is missing, and no secret ever."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cloudai import providers

Run = Callable[..., Any]
READY = {"GOOGLE_API_KEY": "not-to-be-seen"}


@pytest.fixture(autouse=True)
def nobody_signed_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No file of whoever runs the tests is looked at, and no machine of a cloud; every package is as if installed."""
    monkeypatch.setattr("cloudai.providers.doctor.installed", lambda module: True)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setenv("AZURE_CONFIG_DIR", str(tmp_path))
    for vendor in ("aws", "google"):
        monkeypatch.setattr(f"cloudai.providers.{vendor}.doctor.machine", lambda: "")


def test_each_vendor_is_ready_or_told_what_is_missing(run: Run) -> None:
    output = run("doctor", "aws", "google", env=READY).stdout
    assert "aws  Amazon Web Services: not ready" in output
    assert "set AWS_DEFAULT_REGION" in output
    assert "google  Google Cloud: ready" in output
    assert "GOOGLE_API_KEY is set" in output


def test_values_are_never_shown(run: Run) -> None:
    secrets = {
        "AWS_ACCESS_KEY_ID": "not-to-be-seen",
        "AWS_SECRET_ACCESS_KEY": "not-to-be-seen",
        "AZURE_AI_KEY": "not-to-be-seen",
        "AZURE_AI_ENDPOINT": "https://example.cognitiveservices.azure.com",
        **READY,
    }
    for how in ([], ["--json"]):
        result = run("doctor", *how, env=secrets)
        assert "AZURE_AI_KEY is set" in result.stdout
        assert "not-to-be-seen" not in result.output


def test_it_succeeds_if_one_vendor_is_ready_or_all_that_are_named(run: Run) -> None:
    assert run("doctor", env=READY).exit_code == 0
    assert run("doctor", "google", env=READY).exit_code == 0
    assert run("doctor", "google", "aws", env=READY).exit_code == 1


def test_it_fails_where_nothing_is_ready(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(providers, "names", lambda: ("aws", "azure"))
    assert run("doctor").exit_code == 1


def test_json_is_one_document(run: Run) -> None:
    data = json.loads(run("doctor", "google", "--json", env={**READY, "CLOUDAI_PROVIDERS": "google"}).stdout)
    assert data["usual"] == ["google"]
    (vendor,) = data["vendors"]
    assert (vendor["provider"], vendor["ready"]) == ("google", True)
    assert {"subject", "state", "found", "way_out"} <= vendor["checks"][0].keys()


def test_the_settings_of_a_file_count(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "cloudai.toml"
    path.write_text('[eu]\nprovider = "aws"\nregion = "eu-west-1"\naccess_key_id = "a"\nsecret_access_key = "b"\n')
    output = run("doctor", "eu", "--config", str(path)).stdout
    assert "eu  Amazon Web Services: ready" in output
    assert "region in the settings" in output
    assert "asked unless -p says otherwise: eu" in output


def test_an_unreadable_file_and_an_unknown_vendor_are_configuration_errors(run: Run, tmp_path: Path) -> None:
    assert run("doctor", "--config", str(tmp_path / "none.toml")).exit_code == 3
    assert run("doctor", "awz").exit_code == 3
