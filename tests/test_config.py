from __future__ import annotations

from pathlib import Path

import pytest

from cloudai import AWS, AsyncCloudAI, Azure, CloudAI, ConfigurationError, Google, RateLimitedError, Retry
from cloudai.config import from_environment, read


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "cloudai.toml"
    path.write_text(text, encoding="utf-8")
    return path


FULL = """
providers = ["google", "aws-eu", "local"]
timeout = 12.5
deadline = 60
unsupported = "ignore"
fallback_on = ["RateLimitedError"]
tags = { team = "search" }

[retry]
attempts = 5

[google]
api_key = "${MY_GOOGLE_KEY}"

[aws-eu]
provider = "aws"
region = "eu-west-1"
endpoints = { comprehend = "http://127.0.0.1:1" }

[routes]
"text.sentiment" = ["local", "aws-eu"]
text = "google"
"""


def test_a_file_says_all_that_a_client_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_GOOGLE_KEY", "k-1")
    found = read(write(tmp_path, FULL))
    google, aws = (
        Google(api_key="k-1"),
        AWS(name="aws-eu", region="eu-west-1", endpoints={"comprehend": "http://127.0.0.1:1"}),
    )
    assert found.providers == [google, aws, "local"]
    assert found.options == {
        "timeout": 12.5,
        "deadline": 60,
        "unsupported": "ignore",
        "fallback_on": [RateLimitedError],
        "tags": {"team": "search"},
        "retry": Retry(attempts=5),
        "routes": {"text.sentiment": ["local", aws], "text": [google]},
    }
    for client in (CloudAI, AsyncCloudAI):
        assert client.from_config(write(tmp_path, FULL)).providers == ("google", "aws-eu", "local")


def test_without_a_list_the_tables_are_the_vendors(tmp_path: Path) -> None:
    assert read(write(tmp_path, '[azure]\nkey = "k"\n[local]\n')).providers[0] == Azure(key="k")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("providers = ", "is not TOML"),
        ('providers = "google"', "providers is a list"),
        ("", "providers is a list"),
        ('providers = ["local"]\ncolour = 1', "colour is not known; there are providers, retry"),
        ('providers = ["local"]\n[retry]\ntries = 1', r"\[retry\] has no tries; there are attempts"),
        ('providers = ["local"]\n[aws]\nregoin = "x"', r"\[aws\] has no regoin"),
        ('providers = ["local"]\nretry = 3', "retry is a table"),
        ('providers = ["local"]\nfallback_on = ["KeyError"]', "no error 'KeyError'"),
        ('[google]\napi_key = "${NOT_SET_ANYWHERE}"', "NOT_SET_ANYWHERE"),
        ('[x]\nprovider = "awz"', "no vendor 'awz'"),
        ('[azure]\nendpoint = "example.com"', "begins with http"),
        ('providers = ["local"]\n[retry]\nattempts = "3"', "attempts=...*int, not str"),
        ("[aws]\nregion = 5", "region=...*not int"),
        ('[aws]\nmax_concurrency = "x"', "max_concurrency"),
        ("[aws]\nendpoints = 5", "endpoints"),
        ("[azure]\nkeys = 5", "keys"),
        ('providers = ["local"]\n[routes]\n"text.sentiment" = 5', "routes.text.sentiment is a name or a list"),
        ('providers = ["local"]\ntags = 5', "tags=5"),
        ('providers = ["local"]\ntimeout = "soon"', "timeout='soon'"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_what_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigurationError, match=message):
        CloudAI.from_config(path)


def test_a_file_that_is_not_there_or_not_text_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        CloudAI.from_config(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b"providers = ['\xff']")
    with pytest.raises(ConfigurationError, match="is not TOML"):
        CloudAI.from_config(tmp_path / "latin.toml")


def test_the_environment_names_vendors_or_a_file(tmp_path: Path) -> None:
    assert from_environment({"CLOUDAI_PROVIDERS": " google, local ,"}).providers == ["google", "local"]
    path = str(write(tmp_path, FULL.replace("${MY_GOOGLE_KEY}", "k")))
    assert len(from_environment({"CLOUDAI_CONFIG": path}).providers) == 3
    both = from_environment({"CLOUDAI_CONFIG": path, "CLOUDAI_PROVIDERS": "local,google"})
    assert both.providers == ["local", Google(api_key="k")]
    assert both.options["timeout"] == 12.5


def test_an_empty_environment_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match="CLOUDAI_PROVIDERS.*CLOUDAI_CONFIG"):
        CloudAI.from_env()
    monkeypatch.setenv("CLOUDAI_PROVIDERS", "local")
    assert CloudAI.from_env().providers == ("local",)


def test_a_vendor_that_has_a_table_keeps_its_settings_when_it_is_named_elsewhere(tmp_path: Path) -> None:
    path = str(write(tmp_path, 'providers = ["local"]\n[aws]\nregion = "eu-west-1"\n'))
    named = from_environment({"CLOUDAI_CONFIG": path, "CLOUDAI_PROVIDERS": "aws"})
    assert named.providers == [AWS(region="eu-west-1")]
    ai = CloudAI.from_config(path)
    assert ai.providers == ("local",)
    assert ai._member("aws").settings == AWS(region="eu-west-1")
