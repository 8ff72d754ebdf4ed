from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

import cloudai
from cloudai import AWS, Azure, CloudAI, Google, Retry, SentimentRequest
from cloudai.settings import secrets_of_environment
from cloudai.testing import use_cassette
from cloudai.testing.scrub import Scrub, Scrubber
from tests.support import Answer, Loopback, Seen, loopback

# Made up, each in the form that its vendor gives out. They are put together here, so that no search for lost keys
# finds them in this file.
AWS_ID = "AKIA" + "Q7WERTYUIOP5LKJH"
AWS_SECRET = "wJalr/XUtnFEMI+K7MDENG" + "/bPxRfiCYzq8Lm3Vt"
AWS_TOKEN = "IQoJb3JpZ2lu" + "X2VjEJr//////////wEaCXVzLWVhc3QtMSJHMEUCIQDa7" * 2
AZURE_KEY = "0f1e2d3c4b5a69788796" + "a5b4c3d2e1f0"
AZURE_NEW = "Zx9" * 17 + "Q" + "JQQJ99" + "BCAC5RqLJXJ3w3AAAaACOGabcd"
GOOGLE_KEY = "AIza" + "SyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY"
GOOGLE_TOKEN = "ya29." + "a0AfH6SMBx7-dq3kQ_9sT0uVwXyZ"
JWT = "eyJhbGciOiJSUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0" + ".c2lnbmF0dXJlX2hlcmU"
ACME_KEY = "acme/key+with specials=42"
KEYS = [AWS_ID, AWS_SECRET, AWS_TOKEN, AZURE_KEY, AZURE_NEW, GOOGLE_KEY, GOOGLE_TOKEN, JWT, ACME_KEY]


def forms(key: str) -> set[str]:
    """How a key may stand in a file."""
    inner = [base64.b64encode(b"x" * before + key.encode()).decode()[4:-4] for before in range(3)]
    return {key, quote(key, safe=""), json.dumps(key)[1:-1], *inner}


def assert_clean(path: Path, keys: list[str] = KEYS) -> None:
    text = path.read_text(encoding="utf-8")
    assert not [(key, form) for key in keys for form in forms(key) if form in text]


def gossip(body: Any, status: int = 200, keys: list[str] = KEYS) -> Callable[[Seen], Answer]:
    """An answer that repeats all keys, and whatever the request's own headers hold, wherever it can."""

    def answer(seen: Seen) -> Answer:
        told = [*keys, seen.headers.get("authorization", ""), *seen.headers.values()]
        basic = base64.b64encode(f"user:{keys[-1]}".encode()).decode()
        extra = {
            "told": told,
            "named": {"Authorization": "anything at all", "client_secret": "hush", "Set-Cookie": ["a=b"]},
            "link": f"https://host.example/x?sig=c2VjcmV0LXNpZ25hdHVyZQ&X-Amz-Signature=feedbeef&api-key={quote(keys[-1])}",
            "basic": f"Basic {basic}",
            "inside": {"deep": [{"er": "|".join(told)}]},
        }
        headers = {"set-cookie": "session=topsecret", "x-echo": keys[0], "x-amz-security-token": "topsecret"}
        return Answer(status, {**body, "extra": extra}, headers)

    return answer


FRAGMENTS = ["topsecret", "hush", "anything at all", "c2VjcmV0LXNpZ25hdHVyZQ", "feedbeef"]


def record(path: Path, settings: Any, *answers: Any, text: str = "I love it") -> str:
    """The cassette of one call, whatever became of it."""
    with loopback(*answers) as server, use_cassette(path):
        with CloudAI(replace(settings, endpoint=server.address), retry=Retry(attempts=2, first_wait=0)) as ai:
            with suppress(cloudai.CloudAIError):
                ai.run(SentimentRequest(text=text, language="en"))
    assert server.seen
    return path.read_text(encoding="utf-8")


def test_a_vendor_from_outside_leaves_no_key(acme: type[Any], tmp_path: Path) -> None:
    mood = {"verdict": "+", "good": 0.9, "bad": 0.05, "engine": "mood-7"}
    busy = gossip({"fault": {"code": "SlowDown", "text": f"later, {ACME_KEY} and {GOOGLE_KEY}"}}, 429)
    text = record(tmp_path / "a.json", acme(key=ACME_KEY), busy, gossip(mood), text=f"my key is {ACME_KEY}, {AWS_ID}.")
    known = [key for key in KEYS if key != AWS_SECRET]
    assert_clean(tmp_path / "a.json", known)
    assert not [fragment for fragment in FRAGMENTS if fragment in text]
    assert '"content": "my key is ***, ********************."' in text
    assert '"message": "later, *** and ' in text


def test_aws_leaves_no_key(tmp_path: Path) -> None:
    pytest.importorskip("boto3", reason="needs cloudai[aws]")
    settings = AWS(region="eu-west-1", access_key_id=AWS_ID, secret_access_key=AWS_SECRET, session_token=AWS_TOKEN)
    scores = {"Positive": 0.9, "Negative": 0.0, "Neutral": 0.1, "Mixed": 0.0}
    answers = [
        gossip({"__type": "ThrottlingException", "message": f"{AWS_ID} {AWS_SECRET}"}, 400),
        gossip({"Sentiment": "POSITIVE", "SentimentScore": scores, "Note": f"{AWS_SECRET}{AWS_TOKEN}"}),
    ]
    text = record(tmp_path / "a.json", settings, *answers)
    assert text.count('"service": "comprehend"') == 2
    assert_clean(tmp_path / "a.json", [AWS_ID, AWS_SECRET, AWS_TOKEN])


def test_azure_leaves_no_key(tmp_path: Path) -> None:
    pytest.importorskip("azure.ai.textanalytics", reason="needs cloudai[azure]")
    busy = gossip({"error": {"code": "429", "message": f"slow down, {AZURE_KEY}"}}, 429)
    wrong = gossip({"error": {"code": "401", "message": f"no such key {AZURE_KEY} {AZURE_NEW}"}}, 401)
    text = record(tmp_path / "a.json", Azure(key=AZURE_KEY), busy, wrong)
    assert text.count('"service": "language"') == 2
    assert_clean(tmp_path / "a.json", [AZURE_KEY, AZURE_NEW])


def test_google_leaves_no_key(tmp_path: Path) -> None:
    pytest.importorskip("httpx", reason="needs cloudai[google]")
    said = {"documentSentiment": {"score": 0.9, "magnitude": 0.9}, "languageCode": "en", "sentences": []}
    busy = gossip({"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": f"key={GOOGLE_KEY}"}}, 429)
    text = record(tmp_path / "a.json", Google(api_key=GOOGLE_KEY), busy, gossip(said))
    assert text.count('"service": "language"') == 2
    assert_clean(tmp_path / "a.json", [key for key in KEYS if key not in (AWS_SECRET, ACME_KEY)])


def test_keys_of_the_environment_are_known(acme: type[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_KEY", "a-plain-looking-word-or-two")
    text = record(tmp_path / "a.json", acme(), gossip({}, 500, ["a-plain-looking-word-or-two"]))
    assert_clean(tmp_path / "a.json", ["a-plain-looking-word-or-two"])
    assert '"x-acme-key"' not in text


def test_what_is_played_back_is_scrubbed_like_what_was_recorded(acme: type[Any], tmp_path: Path) -> None:
    """A key in the text does not hinder the replay, whichever key is set then."""
    mood = {"verdict": "+", "good": 0.9, "bad": 0.05, "engine": "mood-7"}
    record(tmp_path / "a.json", acme(key=ACME_KEY), Answer(200, mood), text=f"this is a test of {GOOGLE_KEY}")
    for settings in (acme(), acme(key="test"), acme(key=ACME_KEY)):
        with use_cassette(tmp_path / "a.json", "none", require_all=True), CloudAI(settings) as ai:
            ai.text.sentiment(f"this is a test of {GOOGLE_KEY}", language="en")


def test_your_own_data_are_kept_out_too(acme: type[Any], tmp_path: Path) -> None:
    def shout(text: str) -> str:
        return text.replace("quietly", "QUIETLY")

    mood = {"verdict": "+", "good": 0.9, "bad": 0.05, "engine": "written quietly by pat@example.org"}
    own: list[Scrub] = [re.compile(r"[\w.]+@example\.org"), "Blue Street 7", shout]
    text = "pat@example.org lives quietly at Blue Street 7"
    server: Loopback
    with loopback(Answer(200, mood)) as server, use_cassette(tmp_path / "a.json", scrub=own):
        with CloudAI(acme(key=ACME_KEY, endpoint=server.address)) as ai:
            assert ai.text.sentiment(text).meta.model == mood["engine"]
    written = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert '"content": "*************** lives QUIETLY at *************"' in written
    assert '"engine": "written QUIETLY by ***************"' in written
    with use_cassette(tmp_path / "a.json", scrub=own, require_all=True):
        CloudAI("acme").text.sentiment(text)


@pytest.mark.parametrize("secret", [AWS_ID, AWS_TOKEN, AZURE_KEY, AZURE_KEY.upper(), AZURE_NEW, GOOGLE_KEY, JWT])
def test_what_looks_like_a_key_is_covered_and_nothing_moves(secret: str) -> None:
    text = f"It says '{secret}' here."
    assert Scrubber().text(text) == f"It says '{'*' * len(secret)}' here."


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Authorization: Bearer abc123abc123abc123abc123", "Authorization: Bearer ************************"),
        ("basic dXNlcjpwYXNzd29yZA==", "basic ********************"),
        ("https://h/p?a=1&sig=Zm9v%3D&b=2", "https://h/p?a=1&sig=*******&b=2"),
        ("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----", "*" * 58),
    ],
)
def test_other_secrets_are_covered(text: str, clean: str) -> None:
    assert Scrubber().text(text) == clean
    assert Scrubber().text(clean) == clean, "what is clean stays as it is"


@pytest.mark.parametrize(
    "text",
    [
        "The bearer of internationalization and responsibilities",
        "Basic misunderstandings and electroencephalographically",
        "a key, a token and a cookie?key is not an address",
        "2d0f6d6e-7b39-4a7f-9f67-6b8f2c1d5e4a",
        "12345678901234567890123456789012",
        "AKIA is a prefix, eyJ another",
    ],
)
def test_plain_words_are_left_alone(text: str) -> None:
    assert Scrubber().text(text) == text


@pytest.mark.parametrize("before", ["", "a", "ab", "user:"])
def test_a_key_is_found_within_base64(before: str) -> None:
    secret = "a-known-secret-value"
    encoded = base64.b64encode(f"{before}{secret} and more".encode()).decode()
    clean = Scrubber([secret]).text(encoded)
    assert clean.count("***") == 1
    assert len(clean) <= len(encoded) - len(base64.b64encode(secret.encode())) + 8
    assert not [form for form in forms(secret) if form in clean]


def test_bytes_are_searched_too() -> None:
    scrubber = Scrubber(["a-known-secret-value"])
    assert scrubber.data(b"\xff a-known-secret-value") == b"\xff ********************"
    assert scrubber.data(f"it is {GOOGLE_KEY}".encode()) == b"it is " + b"*" * len(GOOGLE_KEY)


def test_only_long_values_of_variables_that_are_named_like_keys_count() -> None:
    environ = {
        "SOME_KEY": "x" * 16,
        "KEY": "short",
        "AWS_ACCESS_KEY_ID": "y" * 20,
        "DB_PASSWORD": "z" * 16,
        "KEYBOARD": "k" * 16,
        "HOME": "/h" * 16,
    }
    assert secrets_of_environment(environ) == ("x" * 16, "y" * 20, "z" * 16)
