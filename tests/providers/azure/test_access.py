"""Keys, endpoints and clouds: what is set, and what the environment holds."""

from __future__ import annotations

import pytest

from cloudai import Azure
from cloudai.errors import ConfigurationError
from cloudai.providers.azure.access import cloud_of, endpoint_of, key_of

KEY = "0123456789abcdef0123456789abcdef"
PUBLIC = "https://cognitiveservices.azure.com/.default"


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONTENT_SAFETY_KEY", "CONTENT_SAFETY_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("service", ["language", "contentsafety"])
def test_the_environment_is_asked_in_order_for_key_and_endpoint(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    word = {"language": "LANGUAGE", "contentsafety": "CONTENT_SAFETY"}[service]
    for prefix in ("AZURE_AI_SERVICES", "AZURE_AI", word, f"AZURE_{word}"):
        monkeypatch.setenv(f"{prefix}_KEY", f"key of {prefix}")
        monkeypatch.setenv(f"{prefix}_ENDPOINT", f"https://{prefix}.example/")
        assert key_of(Azure(), service) == f"key of {prefix}"
        assert endpoint_of(Azure(), service) == f"https://{prefix}.example"


def test_settings_win_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_LANGUAGE_KEY", "theirs")
    monkeypatch.setenv("AZURE_LANGUAGE_ENDPOINT", "https://theirs.example")
    settings = Azure(key="general", keys={"language": "special"}, endpoint="https://general.example")
    assert key_of(settings, "language") == "special"
    assert key_of(settings, "contentsafety") == "general"
    assert endpoint_of(settings, "language") == "https://general.example"
    special = Azure(endpoint="https://general.example", endpoints={"language": "https://special.example"})
    assert endpoint_of(special, "language") == "https://special.example"


def test_a_credential_that_was_handed_over_wins_over_a_key_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_LANGUAGE_KEY", KEY)
    assert key_of(Azure(credential=object()), "language") is None
    assert key_of(Azure(credential=object(), key="mine"), "language") == "mine"
    assert key_of(Azure(), "language") == KEY


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_variable_is_not_set(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_LANGUAGE_KEY", empty)
    monkeypatch.setenv("AZURE_AI_KEY", KEY)
    assert key_of(Azure(), "language") == KEY


def test_a_missing_endpoint_names_what_to_set() -> None:
    with pytest.raises(ConfigurationError, match=r"AZURE_LANGUAGE_ENDPOINT.*AZURE_AI_ENDPOINT") as caught:
        endpoint_of(Azure(key=KEY), "language")
    assert "Azure(endpoint=" in str(caught.value)
    assert caught.value.provider == "azure"
    with pytest.raises(ConfigurationError, match="AZURE_CONTENT_SAFETY_ENDPOINT"):
        endpoint_of(Azure(key=KEY, endpoints={"language": "https://x.example"}), "contentsafety")


@pytest.mark.parametrize("address", ["resource.cognitiveservices.azure.com", "ftp://x.example", "https://"])
def test_an_endpoint_that_is_no_address_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_AI_ENDPOINT", address)
    with pytest.raises(ConfigurationError, match="is not an address"):
        endpoint_of(Azure(), "language")


def test_a_line_break_behind_a_key_does_no_harm_and_one_within_is_refused_without_the_key() -> None:
    assert key_of(Azure(key=f"{KEY}\n"), "language") == KEY
    for broken in (f"{KEY[:16]}\n{KEY[16:]}", f"{KEY[:16]}…{KEY[16:]}"):
        with pytest.raises(ConfigurationError) as caught:
            key_of(Azure(key=broken), "language")
        assert KEY[:16] not in str(caught.value)


@pytest.mark.parametrize(
    ("authority", "endpoint", "host", "scope"),
    [
        (None, "https://x.cognitiveservices.azure.com", "login.microsoftonline.com", PUBLIC),
        (None, "https://private.example", None, PUBLIC),
        (
            None,
            "https://x.cognitiveservices.azure.us",
            "login.microsoftonline.us",
            "https://cognitiveservices.azure.us/.default",
        ),
        (
            None,
            "https://x.cognitiveservices.azure.cn",
            "login.chinacloudapi.cn",
            "https://cognitiveservices.azure.cn/.default",
        ),
        (
            "login.microsoftonline.us",
            "https://private.example",
            "login.microsoftonline.us",
            "https://cognitiveservices.azure.us/.default",
        ),
        (
            "https://login.partner.microsoftonline.cn/",
            "https://private.example",
            "https://login.partner.microsoftonline.cn/",
            "https://cognitiveservices.azure.cn/.default",
        ),
        ("login.own.example", "https://x.cognitiveservices.azure.us", "login.own.example", PUBLIC),
    ],
)
def test_each_cloud_has_its_sign_in_and_its_scope(
    authority: str | None, endpoint: str, host: str | None, scope: str
) -> None:
    assert cloud_of(Azure(authority=authority), endpoint) == (host, scope)


def test_the_sign_in_host_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_AUTHORITY_HOST", "login.microsoftonline.us")
    assert cloud_of(Azure(), "https://private.example")[1] == "https://cognitiveservices.azure.us/.default"
