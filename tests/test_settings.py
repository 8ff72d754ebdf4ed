from __future__ import annotations

import pickle

import pytest

from cloudai import AWS, Azure, ConfigurationError, Google, Local, ProviderSettings, Retry

SECRETS = {
    AWS: {"access_key_id": "AKIA-one", "secret_access_key": "two-secret", "session_token": "three-secret"},
    Azure: {"key": "one-secret", "keys": {"language": "two-secret"}, "credential": "three-secret"},
    Google: {"api_key": "one-secret", "credentials": "two-secret"},
}


@pytest.mark.parametrize("cls", SECRETS)
def test_secrets_are_known_and_never_shown(cls: type[ProviderSettings]) -> None:
    settings = cls(**SECRETS[cls], name="mine")
    for secret in settings.secrets():
        assert secret not in repr(settings)
        assert secret not in str(settings)
    flat = [
        part for value in SECRETS[cls].values() for part in (value.values() if isinstance(value, dict) else [value])
    ]
    assert sorted(settings.secrets()) == sorted(flat)
    assert "mine" in repr(settings)
    assert "***" in repr(settings)


def test_an_address_for_one_service_wins_over_the_one_for_all() -> None:
    settings = AWS(endpoint="http://all/", endpoints={"polly": "http://one"})
    assert settings.endpoint_for("polly") == "http://one"
    assert settings.endpoint_for("comprehend") == "http://all"
    assert Local().endpoint_for("vader") is None


@pytest.mark.parametrize("address", ["example.com", "ftp://x", "127.0.0.1:80"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ConfigurationError, match="begins with http"):
        AWS(endpoint=address)
    with pytest.raises(ConfigurationError, match="polly"):
        AWS(endpoints={"polly": address})


def test_an_entry_is_called_like_its_vendor_unless_it_has_a_name() -> None:
    assert (AWS().label, AWS(name="aws-eu").label) == ("aws", "aws-eu")
    assert (AWS(region="eu-west-1").where, Azure(region="westeurope").where, Google(location="eu").where) == (
        "eu-west-1",
        "westeurope",
        "eu",
    )
    assert Local().where is None


@pytest.mark.parametrize("wrong", [{"attempts": 0}, {"first_wait": -1}, {"max_wait": -1}, {"max_retry_after": -0.1}])
def test_a_patience_that_makes_no_sense_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ConfigurationError, match="Retry"):
        Retry(**wrong)  # type: ignore[arg-type]


def test_settings_survive_pickle_and_compare_by_value() -> None:
    settings = AWS(region="eu-west-1", access_key_id="a", secret_access_key="b")
    assert pickle.loads(pickle.dumps(settings)) == settings
    with pytest.raises(ConfigurationError, match="at least 1"):
        AWS(max_concurrency=0)
