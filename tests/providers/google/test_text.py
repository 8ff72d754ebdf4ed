"""The adapters of Natural Language and of Translation's detection: the step that they send, what they read."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

import pytest

from cloudai import Google, InputTooLargeError, UnsupportedError, UnsupportedLanguageError
from cloudai.providers.google import text as google
from cloudai.providers.google.location import translate_host, translate_region
from cloudai.providers.google.tables import ENTITY_TYPES, MODERATION_NAMES, PARTS_OF_SPEECH
from cloudai.providers.google.tags import natural_language, received
from tests.support import ScriptedPort, adapt, recording

KEY = Google(api_key="test-key")
PROJECT = Google(project="my-project", credentials=object())


def port(*bodies: Any, settings: Google = KEY) -> ScriptedPort:
    return ScriptedPort(*bodies, settings=settings)


def body_of(name: str) -> Any:
    return recording(f"google/{name}")["response"]["body"]


# --- sentiment ---

LOVE = {
    "documentSentiment": {"magnitude": 0.9, "score": 0.9},
    "language": "en",
    "sentences": [{"text": {"content": "I love it", "beginOffset": 0}, "sentiment": {"magnitude": 0.9, "score": 0.9}}],
}


def test_sentiment_sends_one_plain_document_and_asks_for_code_points() -> None:
    scripted = port(LOVE)
    result = adapt(google.sentiment, scripted, "I love it", language="en")
    (step,) = scripted.steps
    assert step.service == "language"
    assert step.operation == "POST v1/documents:analyzeSentiment"
    assert step.params == {
        "json": {
            "document": {"type": "PLAIN_TEXT", "content": "I love it", "language": "en"},
            "encodingType": "UTF32",
        }
    }
    assert (step.amount, step.api_version, step.aside) == (9, "v1", False)
    assert (result.sentiment, result.score, result.magnitude, result.language) == ("positive", 0.9, 0.9, "en")
    assert result.scores is None
    (sentence,) = result.sentences
    assert (sentence.text, sentence.offset, sentence.length) == ("I love it", 0, 9)
    assert (sentence.sentiment, sentence.score, sentence.magnitude) == ("positive", 0.9, 0.9)


@pytest.mark.parametrize("language", [None, "auto"])
def test_without_a_language_google_is_left_to_find_out(language: str | None) -> None:
    scripted = port(LOVE)
    adapt(google.sentiment, scripted, "I love it", language=language)
    assert "language" not in scripted.steps[0].params["json"]["document"]


@pytest.mark.parametrize(
    ("score", "magnitude", "verdict"),
    [
        (0.8, 3.0, "positive"),
        (0.25, 0.25, "positive"),
        (0.24, 0.3, "neutral"),
        (0.1, 0.0, "neutral"),
        (0, 0, "neutral"),
        (0.0, 4.0, "mixed"),
        (-0.2, 1.0, "mixed"),
        (-0.25, 0.3, "negative"),
        (-0.6, 4.0, "negative"),
    ],
)
def test_the_verdict_follows_the_stated_thresholds(score: float, magnitude: float, verdict: str) -> None:
    answer = {"documentSentiment": {"score": score, "magnitude": magnitude}, "language": "en", "sentences": []}
    assert adapt(google.sentiment, port(answer), "words").sentiment == verdict


def test_the_recorded_sentiment_with_an_empty_sentence_is_read_with_zeros() -> None:
    result = adapt(google.sentiment, port(body_of("language/analyzeSentiment-sentence-with-empty-sentiment")), "text")
    assert (result.sentiment, result.score, result.magnitude) == ("negative", -0.4, 2.2)
    first, second, third, *_ = result.sentences
    assert (first.offset, first.sentiment, first.score, first.magnitude) == (0, "neutral", 0.0, 0.0)
    assert second.offset == 96
    assert (third.sentiment, third.score) == ("negative", -0.5)


@pytest.mark.parametrize(
    "name",
    [
        "annotateText-v1-categories-empty-list",
        "annotateText-v1-request-and-headers",
        "annotateText-v1-no-categories-key",
    ],
)
def test_recorded_raw_answers_are_read_by_every_operation_whose_parts_they_hold(name: str) -> None:
    body = body_of(f"language/{name}")
    text = "The cat sat on the mat"
    sentiment = adapt(google.sentiment, port(body), text)
    assert (sentiment.sentiment, sentiment.language) == ("neutral", "en")
    entities = adapt(google.entities, port(body), text)
    assert [(item.text, item.type, item.vendor_type, item.subtype) for item in entities] == [
        ("cat", "other", "OTHER", "COMMON"),
        ("mat", "other", "OTHER", "COMMON"),
    ]
    for item in entities:
        assert item.offset is not None
        assert text[item.offset : item.offset + len(item.text)] == item.text
    syntax = adapt(google.syntax, port(body), text)
    assert [item.part_of_speech for item in syntax] == ["DET", "NOUN", "VERB", "ADP", "DET", "NOUN"]
    assert [item.head for item in syntax] == [1, 2, 2, 2, 5, 3]
    assert syntax[2].morphology == {"mood": "INDICATIVE", "tense": "PAST"}
    assert syntax[2].dependency == "ROOT"
    assert len(adapt(google.linked_entities, port(body), text)) == 0


def test_an_answer_without_sentences_still_has_a_sentiment() -> None:
    assert adapt(google.sentiment, port({"documentSentiment": {}}), "text").sentences == ()


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {"foo": 1},
        {},
        {"documentSentiment": None},
        {"documentSentiment": "good"},
        {"documentSentiment": []},
        {"documentSentiment": {"score": "0.9"}},
        {"documentSentiment": {"score": None}},
        {"documentSentiment": {"score": True}},
        {"documentSentiment": {}, "sentences": None},
        {"documentSentiment": {}, "sentences": {}},
        {"documentSentiment": {}, "sentences": "none"},
        {"documentSentiment": {}, "sentences": [{"text": {"content": "a"}}]},
        {"documentSentiment": {}, "sentences": [{"text": {}, "sentiment": {}}]},
        {"documentSentiment": {}, "sentences": [{"text": {"content": None}, "sentiment": {}}]},
        {"documentSentiment": {}, "sentences": [{"text": {"content": "a", "beginOffset": 1.5}, "sentiment": {}}]},
        {"documentSentiment": {}, "sentences": [None]},
        {"documentSentiment": {}, "language": 5},
    ],
)
def test_a_sentiment_of_another_shape_is_not_read(body: Any) -> None:
    with pytest.raises((LookupError, TypeError, ValueError, AttributeError)):
        adapt(google.sentiment, port(body), "text")


# --- opinions ---


def test_each_mention_is_an_opinion_and_those_of_one_entity_share_a_group() -> None:
    scripted = port(body_of("language/analyzeEntitySentiment-empty-sentiments"))
    result = adapt(google.opinions, scripted, "text", language="en")
    assert scripted.steps[0].operation == "POST v1/documents:analyzeEntitySentiment"
    assert scripted.steps[0].params["json"]["encodingType"] == "UTF32"
    first, second, third, fourth, *_ = result
    assert [item.group for item in (first, second, third, fourth)] == [0, 0, 0, 1]
    assert (first.target.text, first.target.offset, first.target.length) == ("Barack Hussein Obama", 0, 20)
    assert (first.sentiment, first.score, first.magnitude) == ("neutral", 0.0, 0.0)
    assert (first.type, first.vendor_type) == ("person", "PERSON")
    assert (second.target.text, second.type) == ("politician", "person_type")


def test_the_recorded_raw_entity_sentiment_is_read_too() -> None:
    body = body_of("language/annotateText-v1-entity-sentiment-multi-token")
    result = adapt(google.opinions, port(body), "text")
    assert len(result) == sum(len(entity["mentions"]) for entity in body["entities"])
    assert result[0].target.text == "sprinter"


@pytest.mark.parametrize(
    "body",
    [
        {"foo": 1},
        {"entities": None, "language": "en"},
        {"entities": {}, "language": "en"},
        {"entities": [{"name": "a", "type": "OTHER", "mentions": None}], "language": "en"},
        {"entities": [{"name": "a", "type": "OTHER"}], "language": "en"},
        {"entities": [{"name": "a", "mentions": [{"text": {"content": "a"}}]}], "language": "en"},
        {"entities": [{"name": "a", "mentions": [{"text": {"content": "a"}, "sentiment": None}]}], "language": "en"},
    ],
)
def test_opinions_of_another_shape_are_not_read(body: Any) -> None:
    with pytest.raises((LookupError, TypeError, ValueError, AttributeError)):
        adapt(google.opinions, port(body), "text")


# --- entities ---


def test_recorded_entities_keep_every_mention_link_and_salience() -> None:
    body = body_of("language/analyzeEntities-metadata-and-mentions")
    scripted = port(body)
    result = adapt(google.entities, scripted, "text")
    assert scripted.steps[0].operation == "POST v1/documents:analyzeEntities"
    assert len(result) == sum(len(entity["mentions"]) for entity in body["entities"])
    obama, politician, surname = result[0], result[1], result[2]
    assert (obama.type, obama.subtype, obama.group, obama.offset, obama.length) == ("person", "PROPER", 0, 0, 20)
    assert (politician.type, politician.subtype, politician.name) == ("person_type", "COMMON", "Barack Hussein Obama")
    assert (surname.text, surname.offset, surname.group) == ("Obama", 154, 0)
    assert obama.salience == 0.74435586
    assert obama.confidence is None
    assert [(link.source, link.url, link.id, link.language) for link in obama.links] == [
        ("Wikipedia", "https://en.wikipedia.org/wiki/Barack_Obama", None, "en"),
        ("Google Knowledge Graph", None, "/m/02mjmr", None),
    ]
    year = next(item for item in result if item.vendor_type == "DATE")
    assert (year.type, year.salience, year.links) == ("date", 0.0, ())
    assert next(item for item in result if item.vendor_type == "NUMBER").type == "quantity"


def test_linked_entities_are_those_with_a_link() -> None:
    body = body_of("language/analyzeEntities-metadata-and-mentions")
    scripted = port(body)
    linked = adapt(google.linked_entities, scripted, "text")
    assert [step.operation for step in scripted.steps] == ["POST v1/documents:analyzeEntities"]
    assert linked.language == "en"
    assert {item.name for item in linked} == {
        "Barack Hussein Obama",
        "American",
        "African-American",
        "Democratic Party",
        "Illinois",
    }
    assert all(item.links for item in linked)


@pytest.mark.parametrize("entity_type", [*ENTITY_TYPES, "OTHER", "UNKNOWN", "SOMETHING_NEW", None])
def test_each_entity_type_has_a_common_name(entity_type: str | None) -> None:
    entity = {"name": "a", "mentions": [{"text": {"content": "a"}, "type": "PROPER"}]}
    if entity_type is not None:
        entity["type"] = entity_type
    (found,) = adapt(google.entities, port({"entities": [entity], "language": "en"}), "a")
    assert found.type == ENTITY_TYPES.get(entity_type or "", "other")
    assert found.vendor_type == (None if entity_type in (None, "UNKNOWN") else entity_type)


def test_no_entities_may_be_no_list_where_the_language_is_told() -> None:
    assert len(adapt(google.entities, port({"language": "en"}), "text")) == 0
    assert len(adapt(google.entities, port({"entities": [], "language": "en"}), "text")) == 0
    with pytest.raises(LookupError):
        adapt(google.entities, port({}), "text")


@pytest.mark.parametrize(
    "text",
    [
        "Ana 👩‍👩‍👧‍👦 met Béla in Łódź",
        "山田さんは東京に住んでいます",
        "محمد يعيش في القاهرة",
        "e\u0301te\u0301 à Paris 🇫🇷!",
    ],
)
def test_offsets_index_the_python_string(text: str) -> None:
    wanted = [word for word in text.split() if not word.isascii()]
    mentions = [{"text": {"content": word, "beginOffset": text.index(word)}, "type": "PROPER"} for word in wanted]
    answer = {"entities": [{"name": "a", "type": "OTHER", "mentions": mentions}], "language": "und"}
    for item in adapt(google.entities, port(answer), text):
        assert item.offset is not None
        assert item.length is not None
        assert text[item.offset : item.offset + item.length] == item.text


def test_an_offset_of_minus_one_is_no_place() -> None:
    mention = {"text": {"content": "a", "beginOffset": -1}, "type": "PROPER"}
    answer = {"entities": [{"name": "a", "type": "OTHER", "mentions": [mention]}], "language": "en"}
    assert adapt(google.entities, port(answer), "a")[0].offset is None


# --- language ---


def test_with_a_key_version_2_is_asked() -> None:
    scripted = port(body_of("translate/v2-detect-confidence-integer"))
    result = adapt(google.language, scripted, "Hej")
    (step,) = scripted.steps
    assert (step.service, step.operation) == ("translate", "POST language/translate/v2/detect")
    assert step.params == {"json": {"q": "Hej"}}
    assert (step.amount, step.api_version) == (3, "v2")
    (found,) = result
    assert (found.tag, found.confidence, found.vendor_tag) == ("da", 1.0, "da")
    assert isinstance(found.confidence, float)


def test_with_a_project_version_3_is_asked() -> None:
    scripted = port(body_of("translate/v3-detectLanguage"), settings=PROJECT)
    (found,) = adapt(google.language, scripted, "Ciao")
    (step,) = scripted.steps
    assert step.operation == "POST v3/projects/{project}/locations/{location}:detectLanguage"
    assert step.params == {"json": {"content": "Ciao", "mimeType": "text/plain"}}
    assert step.api_version == "v3"
    assert (found.tag, found.confidence) == ("it", 1.0)


def test_the_answer_to_the_one_text_is_the_first_list() -> None:
    (found,) = adapt(google.language, port(body_of("translate/v2-detect-two-texts-float-confidence")), "Hej")
    assert (found.tag, found.confidence) == ("da", 0.9339038729667664)


def test_the_likeliest_language_comes_first_and_tags_are_bcp_47() -> None:
    answer = {
        "languages": [
            {"languageCode": "zh-TW"},
            {"languageCode": "iw", "confidence": 0.2},
            {"languageCode": "zh-CN", "confidence": 0.7},
            {"languageCode": "und", "confidence": 0.1},
        ]
    }
    result = adapt(google.language, port(answer, settings=PROJECT), "text")
    assert [(item.tag, item.vendor_tag, item.confidence) for item in result] == [
        ("zh-Hans", "zh-CN", 0.7),
        ("he", "iw", 0.2),
        ("und", "und", 0.1),
        ("zh-Hant", "zh-TW", 0.0),
    ]


def test_no_language_found_is_undetermined() -> None:
    (found,) = adapt(google.language, port({"data": {"detections": [[]]}}), "12345")
    assert (found.tag, found.confidence) == ("und", None)


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        {"foo": 1},
        {"data": None},
        {"data": {"detections": None}},
        {"data": {"detections": []}},
        {"data": {"detections": [None]}},
        {"data": {"detections": [[{"confidence": 1}]]}},
        {"data": {"detections": [[{"language": None, "confidence": 1}]]}},
        {"data": {"detections": [[{"language": "da", "confidence": "1"}]]}},
        {"languages": None},
        {"languages": [{"confidence": 1}]},
    ],
)
def test_a_detection_of_another_shape_is_not_read(body: Any) -> None:
    with pytest.raises((LookupError, TypeError, ValueError, AttributeError)):
        adapt(google.language, port(body), "text")


# --- syntax ---


def test_recorded_tokens_have_tags_lemmas_and_heads() -> None:
    scripted = port(body_of("language/analyzeSyntax-tokens"))
    result = adapt(google.syntax, scripted, "text")
    assert scripted.steps[0].operation == "POST v1/documents:analyzeSyntax"
    first, second, third, verb, article, *_ = result
    assert (first.text, first.part_of_speech, first.vendor_part_of_speech) == ("Barack", "PROPN", "NOUN")
    assert (first.lemma, first.offset, first.length, first.head, first.dependency) == ("Barack", 0, 6, 2, "NN")
    assert first.morphology == {"number": "SINGULAR", "proper": "PROPER"}
    assert (second.offset, third.offset) == (7, 15)
    assert (verb.part_of_speech, verb.lemma, verb.head, verb.dependency) == ("VERB", "be", 3, "ROOT")
    assert verb.morphology["tense"] == "PRESENT"
    assert (article.part_of_speech, article.morphology) == ("DET", {})
    assert len(result) == 66
    assert [item.offset for item in result.sentences] == [0, 120, 223]
    assert result.sentences[0].sentiment is None


@pytest.mark.parametrize("tag", [*PARTS_OF_SPEECH, "UNKNOWN"])
def test_each_tag_has_a_universal_one(tag: str) -> None:
    answer = {"tokens": [{"text": {"content": "a"}, "partOfSpeech": {"tag": tag}, "dependencyEdge": {}}]}
    (token,) = adapt(google.syntax, port(answer), "a")
    assert token.part_of_speech == PARTS_OF_SPEECH.get(tag)
    assert token.vendor_part_of_speech == (None if tag == "UNKNOWN" else tag)
    assert (token.head, token.dependency, token.lemma) == (0, None, None)


def test_what_a_later_version_may_add_to_a_part_of_speech_is_not_read() -> None:
    speech = {"tag": "NOUN", "number": "PLURAL", "voice": "VOICE_UNKNOWN", "evidence": 3, "shades": ["A"]}
    answer = {"tokens": [{"text": {"content": "a"}, "partOfSpeech": speech, "dependencyEdge": {}}]}
    (token,) = adapt(google.syntax, port(answer), "a")
    assert (token.vendor_part_of_speech, token.morphology) == ("NOUN", {"number": "PLURAL"})


@pytest.mark.parametrize(
    "body",
    [
        {"foo": 1},
        {"tokens": None},
        {"tokens": [{"text": {"content": "a"}, "partOfSpeech": {"gender": 2}, "dependencyEdge": {}}]},
        {"tokens": [], "sentences": None},
        {"tokens": [{"text": {"content": "a"}, "partOfSpeech": {}}]},
        {"tokens": [{"text": {"content": "a"}, "dependencyEdge": {}}]},
        {"tokens": [{"text": {"content": "a"}, "partOfSpeech": {"tag": 6}, "dependencyEdge": {}}]},
        {"tokens": [{"text": {"content": "a"}, "partOfSpeech": {}, "dependencyEdge": {"headTokenIndex": "1"}}]},
        {"tokens": [{"text": {"content": "a"}, "partOfSpeech": {}, "dependencyEdge": {}, "lemma": None}]},
    ],
)
def test_syntax_of_another_shape_is_not_read(body: Any) -> None:
    with pytest.raises((LookupError, TypeError, ValueError, AttributeError)):
        adapt(google.syntax, port(body), "text")


# --- classify and moderation ---


def test_classify_asks_the_second_model_and_names_no_encoding() -> None:
    scripted = port(body_of("language/classifyText-one-category"))
    (found,) = adapt(google.classify, scripted, "text", language="de")
    assert scripted.steps[0].operation == "POST v1/documents:classifyText"
    assert scripted.steps[0].params["json"] == {
        "document": {"type": "PLAIN_TEXT", "content": "text", "language": "de"},
        "classificationModelOptions": {"v2Model": {"contentCategoriesVersion": "V2"}},
    }
    assert (found.name, found.confidence) == ("/Arts & Entertainment/TV & Video/TV Shows & Programs", 0.52)


def test_the_older_list_of_categories_can_be_asked_for() -> None:
    scripted = port({"categories": []})
    adapt(google.classify, scripted, "text", extra={"content_categories": "V1"})
    options = scripted.steps[0].params["json"]["classificationModelOptions"]
    assert options == {"v2Model": {"contentCategoriesVersion": "V1"}}


def test_no_categories_may_be_an_empty_list_or_none_at_all() -> None:
    assert len(adapt(google.classify, port(body_of("language/annotateText-v1-categories-empty-list")), "text")) == 0
    assert len(adapt(google.classify, port({}), "text")) == 0


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {"foo": 1},
        {"categories": None},
        {"categories": {}},
        {"categories": [{"confidence": 0.5}]},
        {"categories": ["/a"]},
    ],
)
def test_categories_of_another_shape_are_not_read(body: Any) -> None:
    with pytest.raises((LookupError, TypeError, ValueError, AttributeError)):
        adapt(google.classify, port(body), "text")


def test_moderation_reads_a_missing_confidence_as_zero_and_flags_nothing() -> None:
    answer = {
        "moderationCategories": [
            {"name": "Toxic", "confidence": 0.71, "severity": 0.4},
            {"name": "Death, Harm & Tragedy"},
            {"name": "Brand New & Bad", "confidence": 1},
        ]
    }
    scripted = port(answer)
    result = adapt(google.moderation, scripted, "text")
    assert scripted.steps[0].operation == "POST v1/documents:moderateText"
    assert "encodingType" not in scripted.steps[0].params["json"]
    assert [(item.name, item.vendor_name, item.confidence, item.severity) for item in result] == [
        ("toxicity", "Toxic", 0.71, 0.4),
        ("death_harm_tragedy", "Death, Harm & Tragedy", 0.0, None),
        ("brand_new_bad", "Brand New & Bad", 1.0, None),
    ]
    assert result.flagged is None
    assert [item.name for item in result.above(0.5)] == ["toxicity", "brand_new_bad"]


def test_each_safety_attribute_has_a_name_of_its_own() -> None:
    assert len(MODERATION_NAMES) == 16
    assert len(set(MODERATION_NAMES.values())) == 16


@pytest.mark.parametrize(
    "body", [{}, {"foo": 1}, {"moderationCategories": None}, {"moderationCategories": [{"confidence": 0.1}]}]
)
def test_moderation_of_another_shape_is_not_read(body: Any) -> None:
    with pytest.raises((LookupError, TypeError, ValueError, AttributeError)):
        adapt(google.moderation, port(body), "text")


# --- languages, locations, limits ---


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("en-GB", "en"),
        ("pt-BR", "pt"),
        ("zh", "zh"),
        ("zh-Hans", "zh"),
        ("zh-CN", "zh"),
        ("zh-Hans-HK", "zh"),
        ("zh-Hant", "zh-Hant"),
        ("zh-TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
    ],
)
def test_a_language_is_sent_as_google_lists_it(given: str, sent: str) -> None:
    assert natural_language(given) == sent


@pytest.mark.parametrize(
    ("answered", "tag"),
    [
        ("en", "en"),
        ("zh", "zh-Hans"),
        ("zh-Hant", "zh-Hant"),
        ("zh-TW", "zh-Hant"),
        ("no", "nb"),
        ("iw", "he"),
        ("mni-Mtei", "mni-Mtei"),
        ("?", "und"),
        ("", None),
        (None, None),
    ],
)
def test_the_language_of_an_answer_is_bcp_47(answered: str | None, tag: str | None) -> None:
    assert received(answered) == tag


@pytest.mark.parametrize(
    ("operation", "language"),
    [
        (google.sentiment, "ru"),
        (google.opinions, "de"),
        (google.entities, "ar"),
        (google.linked_entities, "ar"),
        (google.syntax, "nl"),
        (google.classify, "ar"),
        (google.moderation, "zh-Hant"),
    ],
)
def test_a_language_that_google_does_not_list_is_refused_unsent(operation: Any, language: str) -> None:
    scripted = port(LOVE)
    with pytest.raises(UnsupportedLanguageError, match=language):
        adapt(operation, scripted, "text", language=language)
    assert scripted.steps == []


@pytest.mark.parametrize("location", ["europe-west1", "au", "mars"])
def test_a_location_that_natural_language_cannot_promise_is_refused_unsent(location: str) -> None:
    scripted = port(LOVE, settings=Google(api_key="k", location=location, endpoint="http://127.0.0.1:9"))
    with pytest.raises(UnsupportedError, match=location):
        adapt(google.sentiment, scripted, "text")
    assert scripted.steps == []


def test_moderation_is_offered_in_australia() -> None:
    scripted = port({"moderationCategories": []}, settings=Google(api_key="k", location="au"))
    adapt(google.moderation, scripted, "text")
    assert len(scripted.steps) == 1


def test_detection_with_a_key_cannot_promise_a_location() -> None:
    scripted = port(settings=Google(api_key="k", location="eu"))
    with pytest.raises(UnsupportedError, match="project"):
        adapt(google.language, scripted, "text")
    assert scripted.steps == []


@pytest.mark.parametrize(
    ("location", "host", "region"),
    [
        (None, "translation", "global"),
        ("global", "translation", "global"),
        ("eu", "translate-eu", "europe-west1"),
        ("europe-west4", "translate-eu", "europe-west4"),
        ("us", "translate-us", "us-central1"),
        ("us-east1", "translate-us", "us-east1"),
    ],
)
def test_translation_is_asked_in_the_location_that_is_set(location: str | None, host: str, region: str) -> None:
    assert (translate_host(location), translate_region(location)) == (host, region)


@pytest.mark.parametrize("location", ["asia-east1", "au", "global-1", "europe"])
def test_translation_refuses_a_location_that_it_cannot_promise(location: str) -> None:
    with pytest.raises(UnsupportedError, match=location):
        translate_host(location)


def test_more_words_than_google_reads_are_refused_unsent() -> None:
    scripted = port(LOVE)
    with pytest.raises(InputTooLargeError, match="100,000"):
        adapt(google.sentiment, scripted, "a " * 100_001)
    assert scripted.steps == []


def test_an_answer_that_stops_before_a_long_text_ends_is_refused() -> None:
    text = "字" * 150_000
    answer = {
        "documentSentiment": {},
        "sentences": [{"text": {"content": text[:100_000], "beginOffset": 0}, "sentiment": {}}],
    }
    with pytest.raises(InputTooLargeError, match="100,000 of 150,000"):
        adapt(google.sentiment, port(answer), text)


def test_an_answer_that_reads_a_long_text_to_its_end_is_taken() -> None:
    text = "字" * 150_000 + " \n"
    answer = {"tokens": [], "sentences": [{"text": {"content": text.strip(), "beginOffset": 0}}]}
    assert len(adapt(google.syntax, port(answer), text).sentences) == 1


def test_as_many_mentions_as_google_names_at_most_are_refused() -> None:
    mention = {"text": {"content": "a", "beginOffset": 0}, "type": "COMMON"}
    answer = {"entities": [{"name": "a", "type": "OTHER", "mentions": [mention] * 5_000}], "language": "en"}
    with pytest.raises(InputTooLargeError, match="5,000"):
        adapt(google.entities, port(answer), "a")


# --- prices ---


def test_every_billed_step_has_a_price_with_a_date() -> None:
    book = tomllib.loads((files("cloudai.providers.google") / "prices.toml").read_text(encoding="utf-8"))
    rows = [row for row in book["price"] if row["service"] != "vision"]
    priced = {(row["service"], operation) for row in rows for operation in row["operations"]}
    steps = []
    asked: list[tuple[Any, Any, Google]] = [
        (google.sentiment, LOVE, KEY),
        (google.opinions, {"entities": [], "language": "en"}, KEY),
        (google.entities, {"entities": [], "language": "en"}, KEY),
        (google.linked_entities, {"entities": [], "language": "en"}, KEY),
        (google.syntax, {"tokens": []}, KEY),
        (google.classify, {}, KEY),
        (google.moderation, {"moderationCategories": []}, KEY),
        (google.language, {"data": {"detections": [[]]}}, KEY),
        (google.language, {"languages": []}, PROJECT),
    ]
    for operation, body, settings in asked:
        scripted = port(body, settings=settings)
        adapt(operation, scripted, "text")
        steps += scripted.steps
    assert {(step.service, step.operation) for step in steps} == priced
    assert all(step.amount == 4 for step in steps)
    assert all(row["checked"] and row["source"] and row["currency"] == "USD" for row in book["price"])
