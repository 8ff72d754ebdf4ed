"""A third party's vendor, found through its entry point alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import cloudai
from cloudai import CloudAI, providers
from tests.outside.install import installed
from tests.support import Answer, Loopback, Seen, loopback

MOOD = {"verdict": "+", "good": 0.9, "bad": 0.05, "engine": "mood-7"}
Ask = Callable[..., Any]


@pytest.fixture
def acme(tmp_path: Path) -> Iterator[type[Any]]:
    with installed("acme", tmp_path / "site"):
        yield providers.find("acme").settings


@pytest.fixture
def server() -> Iterator[Loopback]:
    with loopback(Answer(200, MOOD, {"x-acme-request": "r-1", "x-acme-units": "2"})) as server:
        yield server


def test_it_is_not_there_before_it_is_installed() -> None:
    with pytest.raises(cloudai.ConfigurationError, match="there is no vendor 'acme'"):
        CloudAI("acme")


def test_its_name_is_enough(acme: type[Any], server: Loopback, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_KEY", "from-the-environment")
    monkeypatch.setattr("cloudai_acme.connect.ADDRESS", server.address)
    result = ask("acme", lambda ai: ai.text.sentiment("I love it", language="en"))
    assert (result.sentiment, result.score) == ("positive", pytest.approx(0.85))
    assert server.seen[0].headers["x-acme-key"] == "from-the-environment"
    assert server.seen[0].json == {"content": "I love it", "tongue": "en"}


def test_its_settings_reach_the_call_and_meta(acme: type[Any], server: Loopback, ask: Ask) -> None:
    settings = acme(key="k-12345", site="eu", endpoint=server.address)
    call = lambda ai: ai.text.sentiment("I love it", extra={"acme": {"mood": "calm"}})  # noqa: E731
    meta = ask(settings, call).meta
    assert (meta.provider, meta.region, meta.model, meta.request_id) == ("acme", "eu", "mood-7", "r-1")
    assert meta.usage.metered == {"units": 2}
    assert server.seen[0].path == "/eu/mood"
    assert server.seen[0].json["mood"] == "calm"


def test_its_key_does_not_show(acme: type[Any]) -> None:
    assert "k-12345" not in repr(CloudAI(acme(key="k-12345")))


def test_a_job_of_its_is_polled(acme: type[Any], ask: Ask) -> None:
    job = [{"job": 7}, {"state": "running"}, {"state": "done", "text": "Short."}]
    with loopback(*(Answer(200, body) for body in job)) as server:
        settings = acme(key="k-12345", endpoint=server.address)
        result = ask(settings, lambda ai: ai.text.summarize("Long. Very long.", sentences=1))
    assert result.summary == "Short."
    assert [seen.path for seen in server.seen] == ["/shorter", "/jobs/7", "/jobs/7"]


def test_the_capability_table_has_it(acme: type[Any]) -> None:
    rows = {row.operation: row for row in CloudAI("acme").capabilities()}
    assert rows["text.sentiment"].supported
    assert (rows["text.sentiment"].options, rows["text.sentiment"].limit) == (("language",), 1000)
    assert rows["text.sentiment"].extra == ("mood",)
    assert not rows["text.pii"].supported
    assert "acme" in providers.names()


def test_the_next_vendor_answers_for_it_and_it_for_others(acme: type[Any], ask: Ask) -> None:
    busy = Answer(429, {"fault": {"code": "SlowDown", "text": "later"}})
    with loopback(busy) as first, loopback(Answer(200, MOOD)) as second:
        vendors = [
            acme(name="near", key="k-12345", endpoint=first.address),
            acme(name="far", key="k-12345", endpoint=second.address),
        ]
        retry = cloudai.Retry(attempts=2, first_wait=0)
        meta = ask(vendors, lambda ai: ai.text.sentiment("I love it"), retry=retry).meta
    assert meta.provider == "far"
    assert [(item.provider, item.error, item.attempts) for item in meta.fallbacks] == [("near", "RateLimitedError", 2)]


def test_a_config_file_may_describe_it(
    acme: type[Any], server: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_KEY", "k-98765")
    path = tmp_path / "cloudai.toml"
    path.write_text(
        f'providers = ["acme"]\n[acme]\nkey = "${{SOME_KEY}}"\nsite = "us"\nendpoint = "{server.address}"\n',
        encoding="utf-8",
    )
    with CloudAI.from_config(path) as ai:
        assert ai.text.sentiment("I love it").meta.region == "us"
    assert server.seen[0].headers["x-acme-key"] == "k-98765"


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (400, "BadKey", cloudai.AuthenticationError),
        (400, "NoSuchTongue", cloudai.UnsupportedLanguageError),
        (403, "SpentUp", cloudai.QuotaExceededError),
        (400, "Unheard", cloudai.InvalidRequestError),
    ],
)
def test_its_errors_become_ours(acme: type[Any], ask: Ask, status: int, code: str, error: type[Exception]) -> None:
    def refuse(seen: Seen) -> Answer:
        return Answer(status, {"fault": {"code": code, "text": f"no, {seen.headers['x-acme-key']}"}})

    with loopback(refuse) as server, pytest.raises(error) as raised:
        ask(acme(key="k-12345", endpoint=server.address), lambda ai: ai.text.sentiment("I love it"))
    assert getattr(raised.value, "vendor_code") == code  # noqa: B009
    assert "k-12345" not in str(raised.value)


def test_an_answer_of_the_wrong_shape_is_ours_too(acme: type[Any], ask: Ask) -> None:
    with loopback(Answer(200, {"verdict": "?"})) as server, pytest.raises(cloudai.InvalidResponseError) as raised:
        ask(acme(key="k-12345", endpoint=server.address), lambda ai: ai.text.sentiment("I love it"))
    assert raised.value.raw == {"verdict": "?"}


def test_what_it_cannot_do_is_refused_by_name(acme: type[Any], server: Loopback, ask: Ask) -> None:
    with pytest.raises(cloudai.UnsupportedError, match=r"Acme cannot do text\.pii"):
        ask(acme(key="k-12345", endpoint=server.address), lambda ai: ai.text.pii("call me"))
    assert not server.seen


def test_a_missing_key_is_named(acme: type[Any]) -> None:
    with pytest.raises(cloudai.ConfigurationError, match="ACME_KEY"):
        CloudAI("acme").text.sentiment("I love it")
