from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import cloudai
from cloudai import CloudAI, Retry, SentimentRequest
from cloudai.testing import CassetteMissError, use_cassette
from cloudai.testing.miss import explain
from tests.support import Loopback, loopback
from tests.testing.test_cassette import mood_of

Ask = Callable[..., Any]


@pytest.fixture
def path(acme: type[Any], tmp_path: Path) -> Path:
    path = tmp_path / "mood.json"
    with loopback(mood_of) as server, use_cassette(path):
        with CloudAI(acme(key="k-12345", endpoint=server.address)) as ai:
            ai.text.sentiment("I love it", language="en")
            ai.text.sentiment("x" * 300 + "the end of it", language="de")
    return path


def test_a_miss_tells_what_differs_from_the_nearest_entry(path: Path) -> None:
    with pytest.raises(CassetteMissError) as raised, use_cassette(path):
        CloudAI("acme").text.sentiment("I hate it", language="fr")
    assert str(raised.value).splitlines() == [
        "no answer is recorded for acme text POST mood",
        f"  cassette: {path} (mode 'once': plays back only)",
        "  the nearest of 2 entries is number 1; it differs in",
        "    params.json.content",
        "      recorded: 'I love it'",
        "      asked:    'I hate it'",
        "    params.json.tongue",
        "      recorded: 'en'",
        "      asked:    'fr'",
        "  to record what is missing: CLOUDAI_CASSETTES=new or pytest --cloudai-record=new; everything anew: =all",
    ]


def test_long_texts_are_shown_where_they_part(path: Path) -> None:
    with pytest.raises(CassetteMissError) as raised, use_cassette(path):
        CloudAI("acme").text.sentiment("x" * 300 + "the beginning", language="de")
    assert f"asked:    ...'{'x' * 16}the beginning'" in str(raised.value)


def test_an_option_that_is_new_or_gone_is_told(path: Path) -> None:
    with pytest.raises(CassetteMissError) as raised, use_cassette(path):
        CloudAI("acme").text.sentiment("I love it")
    assert "params.json.tongue\n      recorded: 'en'\n      asked:    (not there)" in str(raised.value)


def test_an_entry_that_was_used_is_called_so(path: Path) -> None:
    with pytest.raises(CassetteMissError, match="number 1, which has been used already"), use_cassette(path):
        with CloudAI("acme") as ai:
            ai.text.sentiment("I love it", language="en")
            ai.text.sentiment("I love it", language="fr")


def test_many_differences_are_cut() -> None:
    def entry(value: int) -> dict[str, Any]:
        params = {f"option{number:02}": value for number in range(20)}
        return {"provider": "p", "step": {"service": "s", "operation": "o", "params": params}}

    told = explain(entry(1), [entry(2)], [False])
    assert told.count("recorded: 2") == 12
    assert told.endswith("and in 8 more")


def test_neither_retries_nor_the_next_vendor_hide_a_miss(acme: type[Any], path: Path, ask: Ask) -> None:
    def call(ai: Any) -> Any:
        return ai.text.sentiment("never recorded")

    with loopback(mood_of) as server:
        vendors = [acme(name="a"), acme(name="b", key="k-12345", endpoint=server.address)]
        for fallback_on in (None, [cloudai.CloudAIError]):
            with pytest.raises(CassetteMissError) as raised, use_cassette(path) as cassette:
                ask(vendors, call, retry=Retry(attempts=3, first_wait=0), fallback_on=fallback_on)
            assert len(cassette._misses) == 1
    assert not isinstance(raised.value, cloudai.CloudAIError)
    assert not server.seen


def test_no_outcome_hides_a_miss(path: Path) -> None:
    with pytest.raises(CassetteMissError), use_cassette(path):
        list(CloudAI("acme").run_many([SentimentRequest(text="never recorded")]))
    with pytest.raises(CassetteMissError), use_cassette(path):
        CloudAI("acme").compare(SentimentRequest(text="never recorded"))


def test_a_miss_that_the_application_swallows_is_raised_at_the_end(path: Path) -> None:
    def application() -> str:
        try:
            return CloudAI("acme").text.sentiment("never recorded").sentiment
        except Exception:
            return "unknown"

    with pytest.raises(CassetteMissError), use_cassette(path):
        assert application() == "unknown"


def test_an_error_that_a_miss_led_to_names_it(path: Path) -> None:
    with pytest.raises(AssertionError) as raised, use_cassette(path):
        try:
            CloudAI("acme").text.sentiment("never recorded")
        except CassetteMissError:
            raise AssertionError("the page is empty") from None
    assert "no answer is recorded for acme text POST mood" in raised.value.__notes__[0]


def test_a_miss_does_not_show_keys(acme: type[Any], path: Path) -> None:
    with pytest.raises(CassetteMissError) as raised, use_cassette(path):
        CloudAI(acme(key="k-topsecret")).text.sentiment("my key is k-topsecret")
    assert "k-topsecret" not in str(raised.value)


def test_nothing_goes_out_on_a_miss(acme: type[Any], path: Path) -> None:
    server: Loopback
    with loopback(mood_of) as server, pytest.raises(CassetteMissError), use_cassette(path, "none"):
        CloudAI(acme(key="k-12345", endpoint=server.address)).text.sentiment("never recorded")
    assert not server.seen
