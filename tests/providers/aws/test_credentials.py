"""The link's settings: region, keys, profiles, and what is said when they are missing."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from cloudai import AWS, CloudAI, errors
from cloudai.providers.aws.connect import BotoLink, connect
from tests.providers.aws.wire import KEY, ONCE, SECRET, SENTIMENT, Ask, refused, sentiment, settings
from tests.support import Answer, loopback


def test_connecting_makes_no_client_and_so_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*args: Any, **options: Any) -> Any:
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket, "getaddrinfo", forbidden)
    monkeypatch.setattr(socket.socket, "connect", forbidden)
    link = connect(AWS(region="eu-west-1"), "comprehend", asynchronous=True)
    assert link.threaded
    assert isinstance(link, BotoLink)
    assert link._clients == {}


def test_a_missing_region_says_what_to_set(ask: Ask) -> None:
    with pytest.raises(errors.ConfigurationError, match=r"AWS\(region=\.\.\.\).*AWS_DEFAULT_REGION"):
        ask(AWS(access_key_id=KEY, secret_access_key=SECRET), sentiment)


def test_a_region_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-south-1")
    with loopback(Answer(body=SENTIMENT)) as server, CloudAI(settings(server, region=None)) as ai:
        sentiment(ai)
    assert "/ap-south-1/comprehend/" in server.seen[0].headers["authorization"]


def test_missing_credentials_say_what_to_set(ask: Ask) -> None:
    with pytest.raises(errors.ConfigurationError, match=r"AWS\(access_key_id=.*AWS_ACCESS_KEY_ID") as caught:
        ask(AWS(region="eu-west-1", endpoint="http://127.0.0.1:9"), sentiment)
    assert caught.value.vendor_code == "NoCredentialsError"


@pytest.mark.parametrize(
    ("given", "missing"), [("access_key_id", "secret_access_key"), ("secret_access_key", "access_key_id")]
)
def test_half_a_key_names_the_other_half(given: str, missing: str) -> None:
    with pytest.raises(errors.ConfigurationError, match=missing) as caught:
        connect(settings(None, **{missing: None, given: SECRET}), "comprehend", asynchronous=False)
    assert SECRET not in str(caught.value)


def test_half_a_key_in_the_environment_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    with (
        CloudAI(AWS(region="eu-west-1")) as ai,
        pytest.raises(errors.ConfigurationError, match="AWS_SECRET_ACCESS_KEY"),
    ):
        sentiment(ai)


def test_an_unknown_profile_is_named() -> None:
    with pytest.raises(errors.ConfigurationError, match=r"nobody.*AWS_PROFILE"):
        connect(AWS(region="eu-west-1", profile="nobody"), "comprehend", asynchronous=False)


def test_a_profile_lends_keys_and_region(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text(
        f"[profile work]\nregion = sa-east-1\naws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    with loopback(Answer(body=SENTIMENT)) as server, CloudAI(AWS(profile="work", endpoint=server.address)) as ai:
        sentiment(ai)
    assert f"{KEY}/" in server.seen[0].headers["authorization"]
    assert "/sa-east-1/" in server.seen[0].headers["authorization"]


def test_a_signin_that_has_run_out_says_to_sign_in_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text(
        "[profile sso]\nregion = eu-west-1\nsso_start_url = https://example.invalid/start\nsso_region = eu-west-1\n"
        "sso_account_id = 111122223333\nsso_role_name = Reader\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("HOME", str(tmp_path))
    with (
        CloudAI(AWS(profile="sso"), retry=ONCE) as ai,
        pytest.raises(errors.AuthenticationError, match="aws sso login"),
    ):
        sentiment(ai)


def test_a_file_of_certificates_that_is_not_there_is_named() -> None:
    with pytest.raises(errors.ConfigurationError, match="ca_bundle"):
        connect(settings(ca_bundle="/nowhere/ca.pem"), "comprehend", asynchronous=False)


def test_an_application_id_is_told_to_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SDK_UA_APP_ID", "shop")
    with loopback(Answer(body=SENTIMENT)) as server, CloudAI(settings(server)) as ai:
        sentiment(ai)
    assert " cloudai app/shop " in server.seen[0].headers["user-agent"]


def test_secrets_are_in_no_error_and_no_repr(ask: Ask) -> None:
    message = f"The key {KEY} with {SECRET} is not known"
    error = refused(ask, Answer(403, {"__type": "InvalidClientTokenId", "message": message}))
    assert SECRET not in f"{error!r} {error} {settings()!r}"
