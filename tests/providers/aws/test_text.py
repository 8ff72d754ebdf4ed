"""What the text adapters send to Comprehend, and what they make of its answers."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from cloudai import operations
from cloudai.errors import InvalidRequestError, UnsupportedError, UnsupportedLanguageError
from cloudai.operations.text import SentimentScores
from cloudai.ports import Step
from cloudai.providers.aws import provider, text
from tests.support import ScriptedPort, adapt, recording

SCORES = {"Positive": 0.9, "Negative": 0.05, "Neutral": 0.03, "Mixed": 0.02}
SENTIMENT = {"Sentiment": "POSITIVE", "SentimentScore": SCORES}
ITALIAN = {"Languages": [{"LanguageCode": "it", "Score": 0.99}]}
CLASSIFIER = "arn:aws:comprehend:eu-west-1:111122223333:document-classifier-endpoint/topics"
RECOGNIZER = "arn:aws:comprehend:eu-west-1:111122223333:entity-recognizer-endpoint/parts"
MODEL = botocore.session.get_session().get_service_model("comprehend")


def toxicity(*scores: tuple[float, float]) -> dict[str, Any]:
    """An answer with an insult's score and the whole score for each segment."""
    return {
        "ResultList": [
            {"Labels": [{"Name": "PROFANITY", "Score": 0.1}, {"Name": "INSULT", "Score": insult}], "Toxicity": whole}
            for insult, whole in scores
        ]
    }


def played(name: str, function: Callable[..., Coroutine[Any, Any, Any]], **options: Any) -> tuple[Any, Any]:
    """A recording's answer, and what an adapter makes of it."""
    exchange = recording(f"aws/comprehend/{name}")
    request = exchange["request"] or {}
    body = exchange["response"]["body"]
    result = adapt(function, ScriptedPort(body), request.get("Text", "no text was recorded"), **options)
    return body, result


# --- recordings ---


def test_a_mixed_verdict_stays_mixed() -> None:
    _, result = played("detect-sentiment-mixed-recorded", text.sentiment, language="en")
    assert result.sentiment == "mixed"
    assert result.scores == SentimentScores(
        positive=0.0035689708311110735,
        negative=0.4015013873577118,
        neutral=0.0014319419860839844,
        mixed=0.5934977531433105,
    )
    assert result.score == pytest.approx(0.0035689708311110735 - 0.4015013873577118)
    assert result.language == "en"


def test_all_entities_keep_their_place_in_the_text() -> None:
    said = recording("aws/comprehend/detect-entities-obama-recorded")["request"]["Text"]
    body, result = played("detect-entities-obama-recorded", text.entities, language="en")
    assert len(result) == len(body["Entities"]) == 18
    assert all(said[item.offset : item.offset + item.length] == item.text for item in result)
    assert [item.vendor_type for item in result] == [item["Type"] for item in body["Entities"]]
    assert (result[0].type, result[0].text, result[0].confidence) == (
        "person",
        "Barack Hussein Obama",
        0.9960151314735413,
    )


def test_entities_of_a_document_model_have_no_place_in_the_text() -> None:
    body, result = played("detect-entities-custom-model-pdf-blocks", text.entities, extra={"endpoint_arn": RECOGNIZER})
    assert len(result) == len(body["Entities"])
    assert {(item.offset, item.length) for item in result} == {(None, None)}
    assert (result[0].type, result[0].vendor_type) == ("other", "DATE-TIME")
    assert result.language is None


def test_personal_data_gets_its_words_from_the_text_and_is_covered() -> None:
    _, result = played("detect-pii-entities-recorded", text.pii, language="en")
    assert [(item.text, item.type, item.vendor_type) for item in result] == [
        ("Luc", "person", "NAME"),
        ("06 21 32 43 54", "date", "DATE_TIME"),
    ]
    assert result.redacted_text == "The phone number of *** is the **************."


def test_all_key_phrases_keep_their_place_in_the_text() -> None:
    said = recording("aws/comprehend/detect-key-phrases-recorded")["request"]["Text"]
    body, result = played("detect-key-phrases-recorded", text.key_phrases, language="en")
    assert len(result) == len(body["KeyPhrases"]) == 15
    assert all(said[item.offset : item.offset + item.length] == item.text for item in result)


def test_a_language_is_a_tag_with_its_confidence() -> None:
    _, result = played("detect-dominant-language-it-recorded", text.language)
    assert [(item.tag, item.confidence, item.vendor_tag) for item in result] == [("it", 0.9984241724014282, "it")]


def test_all_tokens_have_a_universal_part_of_speech() -> None:
    body, result = played("detect-syntax-recorded", text.syntax, language="en")
    assert len(result) == len(body["SyntaxTokens"]) == 66
    assert [item.vendor_part_of_speech for item in result] == [
        item["PartOfSpeech"]["Tag"] for item in body["SyntaxTokens"]
    ]
    assert [(item.text, item.part_of_speech) for item in result][3:5] == [("is", "VERB"), ("an", "DET")]


def test_one_thing_can_be_praised_and_blamed() -> None:
    _, result = played("detect-targeted-sentiment-burger-pronoun", text.opinions)
    assert [(item.target.text, item.sentiment, item.group, item.type) for item in result] == [
        ("burger", "positive", 0, "other"),
        ("it", "negative", 0, "other"),
        ("service", "neutral", 1, "other"),
    ]
    assert result[0].target.confidence == 1.0
    assert isinstance(result[0].target.confidence, float)
    assert result[1].score == pytest.approx(-0.999996)
    assert (result[1].target.offset, result[1].target.length) == (36, 2)


def test_every_mention_of_every_group_is_an_opinion() -> None:
    body, result = played("detect-targeted-sentiment-recorded", text.opinions, language="en-US")
    mentions = [mention for entity in body["Entities"] for mention in entity["Mentions"]]
    assert [item.target.text for item in result] == [mention["Text"] for mention in mentions]
    assert len({item.group for item in result}) == len(body["Entities"])
    title = next(item for item in result if item.vendor_type == "PERSONAL_TITLE")
    assert title.type == "person_type"


# --- what is sent ---

SENT: Mapping[str, tuple[Callable[..., Any], Any, dict[str, Any], str, dict[str, Any]]] = {
    "sentiment": (text.sentiment, SENTIMENT, {"language": "pt-BR"}, "DetectSentiment", {"LanguageCode": "pt"}),
    "opinions": (text.opinions, {"Entities": []}, {}, "DetectTargetedSentiment", {"LanguageCode": "en"}),
    "entities": (text.entities, {"Entities": []}, {"language": "zh-TW"}, "DetectEntities", {"LanguageCode": "zh-TW"}),
    "custom entities": (
        text.entities,
        {"Entities": []},
        {"extra": {"endpoint_arn": RECOGNIZER}},
        "DetectEntities",
        {"EndpointArn": RECOGNIZER},
    ),
    "pii": (text.pii, {"Entities": []}, {"language": "es-MX"}, "DetectPiiEntities", {"LanguageCode": "es"}),
    "key_phrases": (
        text.key_phrases,
        {"KeyPhrases": []},
        {"language": "ja"},
        "DetectKeyPhrases",
        {"LanguageCode": "ja"},
    ),
    "language": (text.language, {"Languages": []}, {}, "DetectDominantLanguage", {}),
    "syntax": (text.syntax, {"SyntaxTokens": []}, {"language": "de-AT"}, "DetectSyntax", {"LanguageCode": "de"}),
    "classify": (
        text.classify,
        {"Classes": []},
        {"extra": {"endpoint_arn": CLASSIFIER}},
        "ClassifyDocument",
        {"EndpointArn": CLASSIFIER},
    ),
}


def accepted(step: Step) -> None:
    """Asserts that botocore's own validator has nothing against a step."""
    shape: Any = MODEL.operation_model(step.operation).input_shape
    report = ParamValidator().validate(dict(step.params), shape)
    assert not report.has_errors(), report.generate_report()
    language = step.params.get("LanguageCode")
    assert language is None or language in shape.members["LanguageCode"].enum


@pytest.mark.parametrize("name", SENT)
def test_a_step_holds_the_text_and_what_was_asked(name: str) -> None:
    function, body, options, operation, params = SENT[name]
    port = ScriptedPort(body)
    adapt(function, port, "Ein Satz.", **options)
    (step,) = port.steps
    assert step == Step(
        service="comprehend",
        operation=operation,
        params={"Text": "Ein Satz.", **params},
        amount=9,
        api_version=MODEL.api_version,
    )
    accepted(step)


def test_every_operation_of_the_area_is_probed() -> None:
    probed = {f"text.{function.__name__}" for function, *_ in SENT.values()} | {"text.moderation"}
    able = {name for name in operations.names() if provider.adapter(name) is not None}
    assert probed == {name for name in able if name.startswith("text.")}


# --- languages ---


@pytest.mark.parametrize("asked", [None, "auto"])
def test_without_a_language_comprehend_is_asked_first(asked: str | None) -> None:
    port = ScriptedPort(ITALIAN, SENTIMENT)
    result = adapt(text.sentiment, port, "Che bello!", language=asked)
    first, second = port.steps
    assert (first.operation, first.aside, first.amount) == ("DetectDominantLanguage", True, 10)
    assert second.params["LanguageCode"] == "it"
    assert not second.aside
    assert result.language == "it"
    accepted(first)


def test_the_likeliest_language_is_taken_and_chinese_told_by_its_script() -> None:
    found = {"Languages": [{"LanguageCode": "ja", "Score": 0.2}, {"LanguageCode": "zh-TW", "Score": 0.8}]}
    port = ScriptedPort(found, SENTIMENT)
    assert adapt(text.sentiment, port, "很好").language == "zh-Hant"
    assert port.steps[1].params["LanguageCode"] == "zh-TW"


def test_an_english_only_operation_is_not_preceded_by_a_search_for_the_language() -> None:
    port = ScriptedPort({"Entities": []})
    assert adapt(text.opinions, port, "Good.").language == "en"
    assert len(port.steps) == 1


def test_auto_is_obeyed_by_an_english_only_operation() -> None:
    port = ScriptedPort(ITALIAN)
    with pytest.raises(UnsupportedLanguageError, match=r"it \(which the text seems to be in\)"):
        adapt(text.opinions, port, "Che bello!", language="auto")


@pytest.mark.parametrize(
    ("function", "language"),
    [
        (text.sentiment, "ru"),
        (text.opinions, "fr"),
        (text.entities, "nl"),
        (text.pii, "de"),
        (text.key_phrases, "yue"),
        (text.syntax, "ja"),
        (text.moderation, "es"),
    ],
)
def test_a_language_that_the_operation_does_not_know_is_refused_before_sending(
    function: Callable[..., Any], language: str
) -> None:
    port = ScriptedPort()
    with pytest.raises(UnsupportedLanguageError, match=r"it knows .*en"):
        adapt(function, port, "text", language=language)
    assert port.steps == []


def test_a_language_that_is_found_but_not_known_names_what_is() -> None:
    port = ScriptedPort({"Languages": [{"LanguageCode": "ru", "Score": 0.9}]})
    with pytest.raises(UnsupportedLanguageError, match=r"ru .*it knows ar, .*zh-Hans, zh-Hant"):
        adapt(text.entities, port, "Москва")


def test_no_language_found_asks_for_one() -> None:
    with pytest.raises(UnsupportedLanguageError, match="language="):
        adapt(text.entities, ScriptedPort({"Languages": []}), "$$$$$$")


def test_languages_come_the_likeliest_first() -> None:
    body = {"Languages": [{"LanguageCode": "no", "Score": 0.3}, {"LanguageCode": "zh", "Score": 0.7}]}
    result = adapt(text.language, ScriptedPort(body), "text")
    assert [(item.tag, item.vendor_tag) for item in result] == [("zh-Hans", "zh"), ("nb", "no")]


# --- offsets ---


@pytest.mark.parametrize(
    ("said", "mention"),
    [
        ("😀👍🏽 Paris 🎉", "Paris"),
        ("e\u0301te\u0301 a\u0300 Orle\u0301ans", "Orle\u0301ans"),
        ("昨日、東京タワーへ行きました。", "東京タワー"),
        ("זרתי את ירושלים אתמול", "ירושלים"),
    ],
)
def test_offsets_index_the_python_string(said: str, mention: str) -> None:
    begin = said.index(mention)
    place = {"Score": 0.9, "BeginOffset": begin, "EndOffset": begin + len(mention)}
    found: Any = adapt(
        text.entities,
        ScriptedPort({"Entities": [{**place, "Type": "LOCATION", "Text": mention}]}),
        said,
        language="en",
    )
    assert said[found[0].offset : found[0].offset + found[0].length] == mention
    hidden = adapt(text.pii, ScriptedPort({"Entities": [{**place, "Type": "ADDRESS"}]}), said, language="en")
    assert hidden[0].text == mention
    assert hidden.redacted_text == said.replace(mention, "*" * len(mention))


# --- personal data ---

PERSONAL = {
    "Entities": [
        {"Score": 0.9, "Type": "NAME", "BeginOffset": 0, "EndOffset": 3},
        {"Score": 0.8, "Type": "EMAIL", "BeginOffset": 4, "EndOffset": 11},
        {"Score": 0.7, "Type": "NEW_KIND", "BeginOffset": 12, "EndOffset": 14},
    ]
}


@pytest.mark.parametrize("name", ["email", "EMAIL"])
def test_categories_pick_by_common_or_vendor_name_and_only_those_are_covered(name: str) -> None:
    result = adapt(text.pii, ScriptedPort(PERSONAL), "Ana a@b.com 42", language="en", categories=(name,))
    assert [item.vendor_type for item in result] == ["EMAIL"]
    assert result.redacted_text == "Ana ******* 42"


@pytest.mark.parametrize("categories", [None, ("ALL",)])
def test_without_categories_everything_is_kept_known_or_not(categories: tuple[str, ...] | None) -> None:
    result = adapt(text.pii, ScriptedPort(PERSONAL), "Ana a@b.com 42", language="en", categories=categories)
    assert [item.type for item in result] == ["person", "email", "other"]
    assert result.redacted_text == "*** ******* **"


def test_a_category_that_comprehend_does_not_look_for_is_refused_before_sending() -> None:
    port = ScriptedPort()
    with pytest.raises(UnsupportedError, match="does not look for emial"):
        adapt(text.pii, port, "text", language="en", categories=("emial", "email"))
    assert port.steps == []


# --- custom models ---


@pytest.mark.parametrize("extra", [None, {}])
def test_classify_without_an_endpoint_says_what_to_name(extra: Any) -> None:
    with pytest.raises(InvalidRequestError, match="endpoint_arn"):
        adapt(text.classify, ScriptedPort(), "text", extra=extra)


@pytest.mark.parametrize(
    "body",
    [
        {"Classes": [{"Name": "Sports", "Score": 0.9}, {"Name": "Film", "Score": 0.1}]},
        {"Labels": [{"Name": "Sports", "Score": 0.9}, {"Name": "Film", "Score": 0.1}], "Classes": None},
    ],
)
def test_classes_and_labels_are_categories(body: Any) -> None:
    port = ScriptedPort(body)
    result = adapt(text.classify, port, "text", extra={"endpoint_arn": CLASSIFIER})
    assert [(item.name, item.confidence) for item in result] == [("Sports", 0.9), ("Film", 0.1)]
    assert port.model == CLASSIFIER


def test_a_language_for_a_model_of_ones_own_is_passed_on() -> None:
    port = ScriptedPort({"Entities": []})
    adapt(text.entities, port, "text", language="fr-CA", extra={"endpoint_arn": RECOGNIZER})
    assert port.steps[0].params["LanguageCode"] == "fr"
    accepted(port.steps[0])


# --- moderation ---


def test_a_short_text_is_one_segment() -> None:
    port = ScriptedPort(toxicity((0.7, 0.6)))
    result = adapt(text.moderation, port, "You fool.")
    (step,) = port.steps
    assert step.params == {"TextSegments": [{"Text": "You fool."}], "LanguageCode": "en"}
    assert step.amount == 9
    assert [(item.name, item.vendor_name, item.confidence) for item in result] == [
        ("profanity", "PROFANITY", 0.1),
        ("insult", "INSULT", 0.7),
    ]
    assert (result.score, result.flagged, result.language) == (0.6, None, "en")
    accepted(step)


def test_a_longer_text_is_as_harmful_as_its_worst_segment() -> None:
    said = "This is a sentence of some length. " * 80
    port = ScriptedPort(toxicity((0.1, 0.2), (0.9, 0.8), (0.3, 0.3)))
    result = adapt(text.moderation, port, said)
    (step,) = port.steps
    segments = [item["Text"] for item in step.params["TextSegments"]]
    assert "".join(segments) == said
    assert all(len(segment) <= 1000 for segment in segments)
    assert (result.above(0.5)[0].name, result.above(0.5)[0].confidence, result.score) == ("insult", 0.9, 0.8)
    accepted(step)


def test_more_segments_than_one_call_takes_are_sent_in_two() -> None:
    said = ("a" * 599 + ". ") * 16
    port = ScriptedPort(toxicity(*[(0.1, 0.1)] * 10), toxicity(*[(0.2, 0.3)] * 6))
    result = adapt(text.moderation, port, said)
    assert [len(step.params["TextSegments"]) for step in port.steps] == [10, 6]
    assert sum(step.amount or 0 for step in port.steps) == len(said)
    assert result.score == 0.3


def test_a_text_without_any_label_has_a_score_of_its_own() -> None:
    result = adapt(text.moderation, ScriptedPort({"ResultList": [{"Labels": [], "Toxicity": 0}]}), "Good day.")
    assert (len(result), result.score) == (0, 0.0)
