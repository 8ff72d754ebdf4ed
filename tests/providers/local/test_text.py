"""What the text adapters ask of the engines, and what they make of the answers. No engine is needed here."""

from __future__ import annotations

from typing import Any

import pytest

from cloudai.errors import UnsupportedError, UnsupportedLanguageError
from cloudai.operations.text import SentimentScores
from cloudai.providers.local import text
from tests.support import ScriptedPort, adapt

LONG = "The kettle boils in under two minutes."


@pytest.fixture(autouse=True)
def detecting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Languages are told, whatever is installed here."""
    monkeypatch.setattr(text, "_detects", lambda: True)


def judged(*scores: float, **changes: Any) -> dict[str, Any]:
    """VADER's answer for sentences of two signs."""
    return {
        "model": "vaderSentiment 3.3.2",
        "sentences": [
            {"offset": 3 * index, "length": 2, "pos": 0.25, "neu": 0.5, "neg": 0.25, "compound": score, **changes}
            for index, score in enumerate(scores)
        ],
    }


def told(lang: str, score: float) -> dict[str, Any]:
    return {"model": "lid.176.ftz", "languages": [{"lang": lang, "score": score}]}


# --- sentiment -------------------------------------------------------------------------------------------------------


def test_sentiment_asks_vader_and_counts_characters() -> None:
    port = ScriptedPort(judged(0.6))
    result = adapt(text.sentiment, port, "Ok", language="en")
    (step,) = port.steps
    assert (step.service, step.operation, step.params, step.amount) == ("vader", "polarity_scores", {"text": "Ok"}, 2)
    assert (result.sentiment, result.score, result.language) == ("positive", 0.6, "en")
    assert result.scores == SentimentScores(positive=0.25, negative=0.25, neutral=0.5)
    assert port.model == "vaderSentiment 3.3.2"


@pytest.mark.parametrize(
    ("scores", "verdict", "score"),
    [
        ([0.05], "positive", 0.05),
        ([0.0499], "neutral", 0.0499),
        ([-0.05], "negative", -0.05),
        ([-0.0499], "neutral", -0.0499),
        ([0.6, 0.0], "positive", 0.3),
        ([0.0, -0.6], "negative", -0.3),
        ([0.6, -0.2], "mixed", 0.2),
        ([0.0, 0.0], "neutral", 0.0),
    ],
)
def test_the_verdict_follows_from_the_sentences(scores: list[float], verdict: str, score: float) -> None:
    result = adapt(text.sentiment, ScriptedPort(judged(*scores)), "ab cd", language="en")
    assert (result.sentiment, result.score) == (verdict, score)


def test_each_sentence_keeps_its_own_place_and_score() -> None:
    result = adapt(text.sentiment, ScriptedPort(judged(0.6, -0.2)), "ab cd", language="en")
    first, second = result.sentences
    assert (first.text, first.offset, first.length, first.sentiment, first.score) == ("ab", 0, 2, "positive", 0.6)
    assert (second.text, second.offset, second.sentiment, second.score) == ("cd", 3, "negative", -0.2)
    assert second.scores == SentimentScores(positive=0.25, negative=0.25, neutral=0.5)


@pytest.mark.parametrize(
    "body",
    [
        {"model": "m"},
        {"model": "m", "sentences": None},
        {"model": "m", "sentences": "ab"},
        {"model": None, "sentences": []},
        judged(0.6, compound="0.6"),
        judged(0.6, pos=None),
        judged(0.6, neg=True),
        judged(0.6, offset=0.0),
        judged(0.6, length=-1),
    ],
)
def test_an_answer_of_another_shape_raises(body: dict[str, Any]) -> None:
    with pytest.raises((LookupError, TypeError, ValueError)):
        adapt(text.sentiment, ScriptedPort(body), "ab", language="en")


# --- which language a text is read in --------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [None, "auto"])
def test_the_language_is_told_first_and_costs_nothing(given: str | None) -> None:
    port = ScriptedPort(told("en", 0.9), judged(0.6))
    adapt(text.sentiment, port, LONG, language=given)
    first, second = port.steps
    assert (first.service, first.aside, first.amount) == ("langdetect", True, None)
    assert (second.service, second.aside) == ("vader", False)


def test_only_a_part_of_a_long_text_is_looked_at_for_its_language() -> None:
    port = ScriptedPort(told("en", 0.9), judged(0.6))
    adapt(text.sentiment, port, LONG * 1000)
    assert len(port.steps[0].params["text"]) == text.SAMPLE


def test_another_language_is_refused_by_name() -> None:
    port = ScriptedPort(told("de", 0.99))
    with pytest.raises(UnsupportedLanguageError, match=r"looks like German.*language='en' to insist"):
        adapt(text.sentiment, port, "Der Kessel kocht in zwei Minuten.")
    assert [step.service for step in port.steps] == ["langdetect"]


def test_a_language_without_a_name_is_told_by_its_tag() -> None:
    with pytest.raises(UnsupportedLanguageError, match="looks like gsw"):
        adapt(text.sentiment, ScriptedPort(told("als", 0.99)), "Dr Chessel choched i zwöi Minute.")


def test_a_doubtful_language_is_read_as_english() -> None:
    port = ScriptedPort(told("ms", 0.79), judged(0.6))
    assert adapt(text.sentiment, port, LONG).language == "en"


def test_a_text_of_no_known_language_is_read_as_english() -> None:
    port = ScriptedPort({"model": "m", "languages": []}, judged(0.6))
    assert adapt(text.sentiment, port, LONG).language == "en"


@pytest.mark.parametrize("short", ["I love it", "Great phone", "Not good 👎", "Café?", "Да!"])
def test_a_short_text_is_read_as_english_without_asking(short: str) -> None:
    port = ScriptedPort(judged(0.6))
    adapt(text.sentiment, port, short)
    assert [step.service for step in port.steps] == ["vader"]


@pytest.mark.parametrize("foreign", ["这个产品非常好", "Мне нравится", "أحب هذا"])
def test_a_few_letters_of_another_script_are_enough_to_ask(foreign: str) -> None:
    port = ScriptedPort(told("zh", 1.00004))
    with pytest.raises(UnsupportedLanguageError, match="looks like Chinese"):
        adapt(text.key_phrases, port, foreign)


def test_without_the_detector_a_text_is_read_as_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "_detects", lambda: False)
    port = ScriptedPort(judged(0.6))
    adapt(text.sentiment, port, LONG)
    assert [step.service for step in port.steps] == ["vader"]


@pytest.mark.parametrize("given", ["en", "en-GB"])
def test_who_says_english_is_believed(given: str) -> None:
    port = ScriptedPort(judged(0.6))
    assert adapt(text.sentiment, port, "Der Kessel kocht in zwei Minuten.", language=given).language == "en"


@pytest.mark.parametrize("function", [text.sentiment, text.key_phrases, text.entities, text.syntax])
def test_another_language_that_is_given_is_refused_before_anything_is_asked(function: Any) -> None:
    port = ScriptedPort()
    with pytest.raises(UnsupportedLanguageError, match=r"language='de'.*English only"):
        adapt(function, port, LONG, language="de")
    assert port.steps == []


# --- language --------------------------------------------------------------------------------------------------------


def test_languages_have_bcp_47_tags_and_shares_up_to_one() -> None:
    body = {"model": "lid.176.ftz", "languages": [{"lang": "no", "score": 1.00004}, {"lang": "da", "score": 0.2}]}
    port = ScriptedPort(body)
    first, second = adapt(text.language, port, "Hei der")
    assert (first.tag, first.vendor_tag, first.confidence) == ("nb", "no", 1.0)
    assert (second.tag, second.confidence) == ("da", 0.2)
    assert port.steps[0].params == {"text": "Hei der", "count": text.CANDIDATES}
    assert port.steps[0].amount == 7
    assert not port.steps[0].aside


def test_a_text_of_which_nothing_is_known_is_of_no_language() -> None:
    (only,) = adapt(text.language, ScriptedPort({"model": "m", "languages": []}), "12345")
    assert (only.tag, only.confidence) == ("und", None)


@pytest.mark.parametrize("languages", [None, {"en": 1}, [{"lang": None, "score": 1.0}], [{"lang": "en", "score": "1"}]])
def test_languages_of_another_shape_raise(languages: Any) -> None:
    with pytest.raises((LookupError, TypeError, ValueError)):
        adapt(text.language, ScriptedPort({"model": "m", "languages": languages}), "Hello")


# --- key phrases -----------------------------------------------------------------------------------------------------


def test_key_phrases_keep_place_and_score() -> None:
    phrase = {"text": "kettle", "offset": 4, "length": 6, "score": 0.5}
    port = ScriptedPort({"model": "cloudai 1", "phrases": [phrase]})
    (found,) = adapt(text.key_phrases, port, LONG, language="en")
    assert (found.text, found.offset, found.length, found.confidence) == ("kettle", 4, 6, 0.5)
    assert (port.steps[0].service, port.steps[0].amount) == ("keyphrases", len(LONG))


# --- personal data ---------------------------------------------------------------------------------------------------

PHONE = {
    "kind": "phone_number",
    "text": "(212) 555-0147",
    "offset": 5,
    "length": 14,
    "subtype": "fixed_line_or_mobile",
    "normal": "+12125550147",
}
MAIL = {"kind": "email", "text": "a@b.com", "offset": 23, "length": 7}
CONTACT = "Call (212) 555-0147 or a@b.com"


def personal(*found: dict[str, Any], language: str | None = "en", **options: Any) -> tuple[ScriptedPort, Any]:
    port = ScriptedPort({"model": "phonenumberslite 9", "region": "US", "entities": list(found)})
    return port, adapt(text.pii, port, CONTACT, language=language, **options)


def test_personal_data_is_told_and_covered() -> None:
    port, result = personal(PHONE, MAIL)
    phone, mail = result
    assert (phone.type, phone.subtype, phone.name) == ("phone_number", "fixed_line_or_mobile", "+12125550147")
    assert (mail.type, mail.text, mail.offset, mail.length, mail.confidence) == ("email", "a@b.com", 23, 7, None)
    assert result.redacted_text == "Call ************** or *******"
    assert port.steps[0].params == {"text": CONTACT, "region": "US"}


def test_categories_narrow_what_is_told_and_covered() -> None:
    _, result = personal(PHONE, MAIL, categories=("email",))
    assert [item.type for item in result] == ["email"]
    assert result.redacted_text == "Call (212) 555-0147 or *******"


def test_a_category_that_nothing_here_finds_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="do not look for person: they find url, email"):
        personal(categories=("email", "person"))


@pytest.mark.parametrize(
    ("language", "region"),
    [
        ("en", "US"),
        ("en-GB", "GB"),
        ("zh-Hant-TW", "TW"),
        ("pt", "BR"),
        ("de-1996", "DE"),
        ("es-419", None),
        ("eo", None),
        ("en-u-ca-gregory", "US"),
    ],
)
def test_national_numbers_are_looked_for_where_the_language_is_spoken(language: str, region: str | None) -> None:
    port, result = personal(language=language)
    assert port.steps[0].params["region"] == region
    assert result.language == language


def test_without_a_language_national_numbers_follow_the_text() -> None:
    body = {"model": "m", "region": "DE", "entities": []}
    port = ScriptedPort(told("de", 0.99), body)
    result = adapt(text.pii, port, "Bitte rufen Sie mich morgen an.")
    assert [step.service for step in port.steps] == ["langdetect", "patterns"]
    assert port.steps[1].params["region"] == "DE"
    assert result.language == "de"


@pytest.mark.parametrize(
    "changes", [{"offset": None}, {"length": "7"}, {"kind": 1}, {"text": None}, {"offset": -1}, {"offset": True}]
)
def test_personal_data_of_another_shape_raises(changes: dict[str, Any]) -> None:
    with pytest.raises((LookupError, TypeError, ValueError)):
        personal({**MAIL, **changes})


# --- entities and syntax ---------------------------------------------------------------------------------------------


def test_entities_have_common_names_beside_their_own() -> None:
    labels = ("PERSON", "GPE", "MONEY", "NORP", "SOMETHING_NEW")
    body = {
        "model": "en_core_web_sm",
        "entities": [{"text": "x", "label": label, "offset": 0, "length": 1} for label in labels],
    }
    port = ScriptedPort(body)
    result = adapt(text.entities, port, "x", language="en")
    assert [item.type for item in result] == ["person", "location", "price", "person_type", "other"]
    assert [item.vendor_type for item in result] == list(labels)
    assert all(item.confidence is None for item in result)
    assert (port.steps[0].service, port.steps[0].operation, port.steps[0].amount) == ("spacy", "ner", 1)


def token(word: str, offset: int, head: int, pos: str = "NOUN") -> dict[str, Any]:
    return {
        "text": word,
        "offset": offset,
        "length": len(word),
        "pos": pos,
        "tag": "NN",
        "lemma": word,
        "head": head,
        "dep": "dep",
        "morph": {"Number": "Sing"},
    }


def parsed(*tokens: dict[str, Any], sentences: Any = ()) -> Any:
    port = ScriptedPort({"model": "m", "tokens": list(tokens), "sentences": list(sentences)})
    return adapt(text.syntax, port, " She  ran. ", language="en")


def test_white_space_is_no_token_and_heads_follow() -> None:
    result = parsed(
        token(" ", 0, 1, "SPACE"), token("She", 1, 3), token(" ", 5, 1, "SPACE"), token("ran", 6, 3, "VERB")
    )
    assert [(item.text, item.offset, item.head) for item in result] == [("She", 1, 1), ("ran", 6, 1)]
    assert result[0].part_of_speech == "NOUN"
    assert result[0].vendor_part_of_speech == "NN"
    assert result[0].morphology == {"Number": "Sing"}


def test_a_word_that_hangs_on_white_space_hangs_on_what_that_hangs_on() -> None:
    result = parsed(token("She", 1, 1), token(" ", 5, 2, "SPACE"), token("ran", 6, 2))
    assert [item.head for item in result] == [1, 1]


def test_a_word_that_hangs_on_white_space_at_the_root_is_a_root() -> None:
    result = parsed(token(" ", 0, 0, "SPACE"), token("She", 1, 0))
    assert [item.head for item in result] == [0]


def test_sentences_have_no_white_space_around_them() -> None:
    result = parsed(sentences=[{"offset": 0, "length": 11}, {"offset": 10, "length": 1}])
    assert [(item.text, item.offset, item.length) for item in result.sentences] == [("She  ran.", 1, 9)]


@pytest.mark.parametrize("changes", [{"head": None}, {"head": 9}, {"morph": None}, {"pos": None}, {"lemma": 1}])
def test_tokens_of_another_shape_raise(changes: dict[str, Any]) -> None:
    with pytest.raises((LookupError, TypeError, ValueError)):
        parsed({**token("She", 1, 0), **changes})
