"""Whole calls to the local vendor, with the real engines, in all colours."""

from __future__ import annotations

import csv
from collections.abc import Callable
from typing import Any

import pytest

from cloudai import CloudAI, Retry
from cloudai.errors import (
    AllProvidersFailedError,
    ConfigurationError,
    InputTooLargeError,
    InvalidRequestError,
    InvalidResponseError,
    UnsupportedError,
    UnsupportedLanguageError,
)
from cloudai.providers.local import connect as links
from tests.providers.local.here import needs_langdetect, needs_phonenumbers, needs_spacy, needs_vader
from tests.support import ROOT

Ask = Callable[..., Any]

TEXTS = [
    "I love it 😍. The café\u0301 was awful 👎🏽!",
    "Ünïcödé: the e\u0301clair was great. Call +44 20 7946 0958 👩‍👩‍👧 now.",
    "这个好 but the English part is long enough, mail a@example.com。",
    "שלום and مرحبا, the RTL part is bad. Card 4111 1111 1111 1111.",
]


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sockets do not connect and names are not looked up."""

    def refuse(*arguments: Any, **options: Any) -> Any:
        raise AssertionError(f"the network was asked: {arguments}")

    for name in ("socket.socket.connect", "socket.socket.connect_ex", "socket.getaddrinfo", "socket.create_connection"):
        monkeypatch.setattr(name, refuse)


@needs_vader
def test_sentiment_is_answered_with_everything_in_meta(ask: Ask) -> None:
    result = ask("local", lambda ai: ai.text.sentiment("I love it"))
    assert (result.sentiment, result.language) == ("positive", "en")
    assert result.score == pytest.approx(0.6369)
    assert result.raw["sentences"][0]["compound"] == result.score
    meta = result.meta
    assert (meta.provider, meta.operation, meta.attempts) == ("local", "text.sentiment", 1)
    assert meta.model.startswith("vaderSentiment ")
    assert (meta.usage.amount, [step.service for step in meta.usage.steps]) == (9, ["vader"])


@needs_vader
@needs_langdetect
def test_the_answer_about_the_language_is_not_part_of_raw(ask: Ask) -> None:
    result = ask("local", lambda ai: ai.text.sentiment("The kettle boils in no time. Great!"))
    assert set(result.raw) == {"model", "sentences"}
    assert [step.service for step in result.meta.usage.steps] == ["vader"]


@needs_vader
@needs_langdetect
def test_a_text_in_another_language_is_refused_unless_one_insists(ask: Ask) -> None:
    text = "Das Produkt ist leider nicht besonders gut verarbeitet."
    with pytest.raises(UnsupportedLanguageError, match="looks like German"):
        ask("local", lambda ai: ai.text.sentiment(text))
    assert ask("local", lambda ai: ai.text.sentiment(text, language="en")).language == "en"


@needs_vader
def test_a_language_that_is_not_known_lets_the_next_vendor_answer(ask: Ask) -> None:
    with pytest.raises(UnsupportedLanguageError) as caught:
        ask("local", lambda ai: ai.text.sentiment("Ça va", language="fr"))
    assert caught.value.fallback
    assert (caught.value.provider, caught.value.operation) == ("local", "text.sentiment")


@needs_langdetect
def test_languages_are_told(ask: Ask) -> None:
    result = ask("local", lambda ai: ai.text.language("Où est la gare ?"))
    assert result.languages[0].tag == "fr"
    assert len(result) == 10
    assert result.meta.model == "lid.176.ftz"


@needs_langdetect
def test_a_hint_of_a_country_cannot_be_expressed(ask: Ask) -> None:
    with pytest.raises(UnsupportedError, match="country_hint"):
        ask("local", lambda ai: ai.text.language("Olá", country_hint="BR"))


def test_key_phrases_are_always_there(ask: Ask) -> None:
    result = ask("local", lambda ai: ai.text.key_phrases("The battery life is superb", language="en"))
    assert [item.text for item in result] == ["battery life", "superb"]


@needs_phonenumbers
def test_personal_data_is_covered(ask: Ask) -> None:
    text = "😀 Ring 020 7946 0958 or write to a@example.com"
    result = ask("local", lambda ai: ai.text.pii(text, language="en-GB"))
    assert [item.type for item in result] == ["phone_number", "email"]
    assert result.redacted_text == "😀 Ring ************* or write to *************"


@needs_spacy
def test_entities_and_syntax_come_with_spacy(ask: Ask) -> None:
    entities = ask("local", lambda ai: ai.text.entities("Ada Lovelace worked in London."))
    assert [(item.text, item.type) for item in entities] == [("Ada Lovelace", "person"), ("London", "location")]
    syntax = ask("local", lambda ai: ai.text.syntax("She ran."))
    assert [item.part_of_speech for item in syntax] == ["PRON", "VERB", "PUNCT"]
    assert [item.head for item in syntax] == [1, 1, 1]


@needs_spacy
def test_a_text_over_spacys_limit_is_refused() -> None:
    text = "Ada Lovelace was here, there and everywhere. " * 22_500
    with CloudAI("local") as ai, pytest.raises(InputTooLargeError, match="1,000,000 code points"):
        ai.text.entities(text, language="en")


@needs_vader
@needs_phonenumbers
@needs_spacy
@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("operation", ["sentiment", "key_phrases", "pii", "entities", "syntax"])
def test_places_index_the_string_in_every_script(operation: str, text: str) -> None:
    with CloudAI("local") as ai:
        result = getattr(ai.text, operation)(text, language="en")
    places = result.sentences if operation == "sentiment" else result
    assert len(places) > 0 or operation in ("entities", "pii")
    for place in places:
        assert text[place.offset : place.offset + place.length] == place.text


@needs_vader
def test_a_changed_file_is_a_configuration_error(monkeypatch: pytest.MonkeyPatch, ask: Ask) -> None:
    def changed() -> Any:
        raise ConfigurationError("vader_lexicon.txt is not the file that cloudai was tested with")

    monkeypatch.setattr(links, "_vader", changed)
    with pytest.raises(ConfigurationError, match="not the file"):
        ask("local", lambda ai: ai.text.sentiment("I love it", language="en"))


@needs_vader
def test_an_engine_that_fails_is_not_asked_twice(monkeypatch: pytest.MonkeyPatch, ask: Ask) -> None:
    asked: list[int] = []

    def broken() -> Any:
        asked.append(1)
        raise ValueError("a defect of the engine")

    monkeypatch.setattr(links, "_vader", broken)
    with pytest.raises(InvalidResponseError, match="ValueError: a defect of the engine"):
        ask("local", lambda ai: ai.text.sentiment("I love it"), retry=Retry(attempts=3, first_wait=0.0))
    assert asked == [1]


def test_what_no_engine_does_is_unsupported(ask: Ask) -> None:
    with pytest.raises((UnsupportedError, AllProvidersFailedError)):
        ask("local", lambda ai: ai.text.moderation("I love it"))


def test_own_options_are_refused_by_name(ask: Ask) -> None:
    with pytest.raises(InvalidRequestError, match="speed"):
        ask("local", lambda ai: ai.text.key_phrases("I love it", extra={"local": {"speed": 1}}))


@needs_vader
def test_the_reviews_of_the_examples_are_well_formed_and_all_answered() -> None:
    with open(ROOT / "examples" / "reviews.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 40
    assert [row["id"] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
    assert len({row["text"] for row in rows}) == len(rows)
    assert {row["sentiment"] for row in rows} == {"positive", "negative", "neutral", "mixed"}
    with CloudAI("local") as ai:
        assert all(ai.text.sentiment(row["text"]).sentences for row in rows)
