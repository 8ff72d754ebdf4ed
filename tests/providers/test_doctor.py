"""What a vendor needs is looked for where its SDK looks for it, without importing it or asking anybody."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from cloudai import AWS, Azure, ConfigurationError, Google, Local
from cloudai.providers import doctor
from cloudai.providers.aws import provider as aws
from cloudai.providers.aws.doctor import check as check_aws
from cloudai.providers.azure.doctor import check as check_azure
from cloudai.providers.doctor import Check, examine, first_set, installed, version_of
from cloudai.providers.google.doctor import check as check_google
from cloudai.providers.local import engines, provider as local
from cloudai.providers.local.doctor import check as check_local


@pytest.fixture(autouse=True)
def nobody_signed_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path / "gcloud"))
    monkeypatch.setenv("AZURE_CONFIG_DIR", str(tmp_path / "azure"))
    for name in ("IDENTITY_ENDPOINT", "K_SERVICE", "CLOUD_RUN_JOB", "GAE_ENV", "FUNCTION_TARGET"):
        monkeypatch.delenv(name, raising=False)
    for vendor in ("aws", "google"):
        monkeypatch.setattr(f"cloudai.providers.{vendor}.doctor.machine", lambda: "")


def states(checks: Iterable[Check]) -> dict[str, tuple[str, str]]:
    return {check.subject: (check.state, check.found) for check in checks}


# --- packages --------------------------------------------------------------------------------------------------------


def test_a_package_is_told_with_its_version_and_not_imported() -> None:
    before = set(sys.modules)
    checks = states(examine(replace(aws, needs=("tenacity",)), AWS()).checks)
    assert checks["tenacity"][0] == "ok"
    assert checks["tenacity"][1][0].isdigit()
    assert "boto3" not in set(sys.modules) - before


def test_a_missing_package_names_the_extra() -> None:
    examination = examine(replace(aws, needs=("no_such_module", "no.such.module")), AWS())
    missing = [check for check in examination.checks if "no" in check.subject.split("_")[0].split(".")[0]]
    assert [check.way_out for check in missing] == [aws.install, aws.install]
    assert not examination.ready


@pytest.mark.parametrize(("module", "there"), [("json", True), ("no_such", False), ("no.such", False), ("", False)])
def test_installed_answers_for_whatever_is_asked(module: str, there: bool) -> None:
    assert installed(module) is there


def test_the_version_is_that_of_the_distribution_named_like_the_module() -> None:
    pytest.importorskip("azure.ai.textanalytics", reason="needs cloudai[azure]")
    from importlib.metadata import version

    assert version_of("azure.ai.textanalytics") == version("azure-ai-textanalytics")
    assert version_of("no_such_module") is None


def test_nothing_is_asked_over_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for checks in (check_aws(AWS()), check_azure(Azure()), check_google(Google()), check_local(Local())):
        assert list(checks)


def test_settings_come_before_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUDAI_TEST_SECOND", "x")
    assert first_set([("key", "k")], "CLOUDAI_TEST_SECOND") == "key in the settings"
    assert first_set([("key", None)], "CLOUDAI_TEST_FIRST", "CLOUDAI_TEST_SECOND") == "CLOUDAI_TEST_SECOND is set"
    assert first_set([], "CLOUDAI_TEST_FIRST") is None


def test_the_maker_of_the_machine_is_read_or_unknown() -> None:
    assert doctor.machine() == doctor.machine().casefold()


# --- AWS -------------------------------------------------------------------------------------------------------------


def test_aws_wants_a_region_and_credentials() -> None:
    assert states(check_aws(AWS())) == {"region": ("missing", ""), "credentials": ("missing", "")}


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ({"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}, ("ok", "AWS_ACCESS_KEY_ID is set")),
        ({"AWS_SECRET_ACCESS_KEY": "b"}, ("missing", "half a key")),
        ({"AWS_WEB_IDENTITY_TOKEN_FILE": "/t"}, ("ok", "a role: AWS_WEB_IDENTITY_TOKEN_FILE is set")),
        ({"AWS_PROFILE": "nobody"}, ("missing", "")),
    ],
)
def test_aws_finds_credentials_in_the_environment(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], found: tuple[str, str]
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert states(check_aws(AWS(region="eu-west-1"))) == {
        "region": ("ok", "region in the settings"),
        "credentials": found,
    }


def test_aws_finds_credentials_and_region_in_a_profile(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config, credentials = tmp_path / "config", tmp_path / "credentials"
    config.write_text("[profile work]\nregion = eu-west-1\nrole_arn = arn:x\n")
    credentials.write_text("[default]\naws_access_key_id = not-to-be-seen\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(credentials))
    assert states(check_aws(AWS(profile="work"))) == {
        "region": ("ok", "in profile work"),
        "credentials": ("ok", "in profile work (profile in the settings)"),
    }
    assert states(check_aws(AWS()))["credentials"] == ("ok", "in profile default")


def test_aws_reads_no_file_that_is_not_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "config"
    broken.write_bytes(b"\xff no sections")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(broken))
    assert states(check_aws(AWS()))["region"][0] == "missing"


def test_aws_says_that_boto3_does_not_read_aws_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    region = next(iter(check_aws(AWS())))
    assert "boto3 does not read it" in (region.way_out or "")


def test_aws_leaves_a_machines_role_to_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cloudai.providers.aws.doctor.machine", lambda: "amazon ec2 m5.large")
    assert states(check_aws(AWS()))["credentials"][0] == "missing"  # The tests have switched its metadata off.
    monkeypatch.delenv("AWS_EC2_METADATA_DISABLED")
    assert states(check_aws(AWS()))["credentials"][0] == "note"


# --- Azure -----------------------------------------------------------------------------------------------------------


def test_azure_wants_an_endpoint_for_language_and_may_do_without_content_safety() -> None:
    assert {name: state for name, (state, _) in states(check_azure(Azure())).items()} == {
        "language endpoint": "missing",
        "contentsafety endpoint": "note",
        "vision endpoint": "note",
    }


def test_azure_finds_key_and_endpoint_in_settings_and_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_LANGUAGE_KEY", "k")
    found = states(check_azure(Azure(endpoint="https://x.cognitiveservices.azure.com")))
    assert found["language endpoint"] == ("ok", "endpoint in the settings")
    assert found["language key"] == ("ok", "AZURE_LANGUAGE_KEY is set")
    assert found["contentsafety key"][0] == "note"


def test_azure_says_that_an_endpoint_is_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_AI_ENDPOINT", "myresource")
    check = next(iter(check_azure(Azure())))
    assert (check.state, check.found) == ("missing", "AZURE_AI_ENDPOINT is set")


def test_azure_without_a_key_looks_for_an_identity(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = Azure(endpoint="https://x.cognitiveservices.azure.com")
    assert states(check_azure(settings))["language key"][0] == "missing"
    (tmp_path / "azure").mkdir()
    (tmp_path / "azure" / "azureProfile.json").write_text("{}")
    assert states(check_azure(settings))["language key"][0] == "note"
    for name in ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"):
        monkeypatch.setenv(name, "x")
    assert states(check_azure(settings))["language key"][0] == "ok"
    given = Azure(endpoint="https://x.cognitiveservices.azure.com", credential=object())
    assert states(check_azure(given))["language key"] == ("ok", "credential in the settings")


def test_azure_tells_a_key_that_cannot_be_one() -> None:
    found = states(check_azure(Azure(endpoint="https://x.cognitiveservices.azure.com", key="two\nlines")))
    assert found["language key"][0] == "missing"
    assert "two" not in found["language key"][1]


# --- Google ----------------------------------------------------------------------------------------------------------


def test_google_wants_credentials_and_may_do_without_a_project() -> None:
    assert states(check_google(Google())) == {"credentials": ("missing", ""), "project": ("note", "")}


def test_google_needs_no_more_than_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    assert states(check_google(Google(api_key="k"))) == {"API key": ("ok", "api_key in the settings")}
    monkeypatch.setenv("GOOGLE_API_KEY", "k")
    assert states(check_google(Google())) == {"API key": ("ok", "GOOGLE_API_KEY is set")}


def test_google_finds_credentials_in_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "service.json"
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(path))
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "p")
    assert states(check_google(Google()))["credentials"][0] == "missing"
    path.write_text("{}")
    assert states(check_google(Google())) == {
        "credentials": ("ok", "GOOGLE_APPLICATION_CREDENTIALS is set"),
        "project": ("ok", "GOOGLE_CLOUD_PROJECT is set"),
    }
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS")
    (tmp_path / "gcloud").mkdir()
    (tmp_path / "gcloud" / "application_default_credentials.json").write_text("{}")
    assert states(check_google(Google()))["credentials"][0] == "ok"
    assert states(check_google(Google(credentials=path)))["credentials"] == ("ok", "credentials in the settings")
    assert states(check_google(Google(credentials=object())))["credentials"] == ("ok", "credentials in the settings")


def test_google_leaves_its_own_machines_to_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("K_SERVICE", "x")
    assert states(check_google(Google()))["credentials"][0] == "note"


# --- local -----------------------------------------------------------------------------------------------------------


def test_every_engine_is_told_with_its_licences_in_place_of_its_modules() -> None:
    checks = {check.subject: check for check in examine(local, Local()).checks}
    assert set(checks) == {engine.title for engine in engines.ENGINES}
    for engine in engines.ENGINES:
        if engine.missing() is None:
            assert f"licence {engine.packages[0].licence}" in checks[engine.title].found
            assert f"data {engine.data_licence}" in checks[engine.title].found


def test_an_engine_that_is_not_here_is_missing_or_only_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines.Package, "present", lambda self: False)
    checks = {check.subject: check for check in check_local(Local())}
    assert (checks["VADER"].state, checks["VADER"].way_out) == ("missing", "pip install 'cloudai[local]'")
    assert (checks["spaCy"].state, checks["spaCy"].way_out) == ("note", "pip install 'cloudai[local-full]'")


def test_an_engine_of_another_version_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("vaderSentiment", reason="needs cloudai[local]")
    monkeypatch.setattr(engines.Package, "installed", lambda self: "0.0.1")
    monkeypatch.setattr(engines.Engine, "verify", lambda self: None)
    check = next(iter(check_local(Local())))
    assert check.state == "note"
    assert "vaderSentiment 0.0.1 is installed, tested with 3.3.2" in check.found


def test_an_engine_whose_files_are_others_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("vaderSentiment", reason="needs cloudai[local]")

    def differs(self: engines.Engine) -> None:
        raise ConfigurationError("vader_lexicon.txt is not the file that cloudai was tested with")

    monkeypatch.setattr(engines.Engine, "verify", differs)
    check = next(iter(check_local(Local())))
    assert (check.state, check.way_out) == ("missing", "vader_lexicon.txt is not the file that cloudai was tested with")


# --- what vendors of others may do wrong -----------------------------------------------------------------------------


def test_settings_that_a_vendors_own_look_refuses_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(settings: object) -> None:
        raise ConfigurationError("the region is none")

    monkeypatch.setattr("cloudai.providers.aws.doctor.check", refuse)
    last = examine(aws, AWS()).checks[-1]
    assert (last.subject, last.state, last.found) == ("settings", "missing", "the region is none")


def test_a_module_whose_package_left_no_word_of_itself_has_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_distributions", lambda: {"json": ["no-such-distribution"]})
    assert version_of("json") is None
    assert states(examine(replace(aws, needs=("json",)), AWS()).checks)["json"] == ("ok", "installed")


def test_a_vendor_without_a_look_of_its_own_is_looked_at_by_its_packages() -> None:
    from cloudai.testing.fake import Fake, provider

    examination = examine(replace(provider, needs=("tenacity",)), Fake())
    assert [check.subject for check in examination.checks] == ["tenacity"]
    assert examination.ready
