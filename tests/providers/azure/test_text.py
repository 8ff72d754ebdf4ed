"""What the adapters send, and what they make of recorded answers. No SDK, no network."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

import pytest

from cloudai.errors import InvalidRequestError, UnsupportedLanguageError
from cloudai.operations.text import EntityLink, SentimentScores
from cloudai.providers import azure
from cloudai.providers.azure import text
from cloudai.providers.azure.reading import document_of, results_of
from tests.support import ScriptedPort, adapt, recording

TEXT = "The food was good. The service was not."


def exchange(name: str, index: int | None = None) -> tuple[dict[str, Any], Any]:
    """The documents that a recording sent, by id, and the body of its answer."""
    found = recording(f"azure/language/{name}")
    part = found if index is None else found["interactions"][index]
    sent = part["request"]["body"]
    listed = (sent.get("analysisInput") or sent)["documents"]
    return {item["id"]: item["text"] for item in listed}, part["response"]["body"]


def only(body: Any, document: str) -> Any:
    """The answer as it would have been for one of its documents alone."""
    single = copy.deepcopy(body)
    results = single.get("results", single)
    results["documents"] = [item for item in results["documents"] if item["id"] == document]
    results["errors"] = [item for item in results["errors"] if item["id"] == document]
    return single


def answer(*documents: Any, **more: Any) -> Any:
    return {"kind": "Anything", "results": {"documents": list(documents), "errors": [], **more}}


def test_a_step_holds_one_document_and_says_no_language_of_its_own() -> None:
    texts, body = exchange("sentiment-mixed-two-sentences")
    port = ScriptedPort(body)
    result = adapt(text.sentiment, port, next(iter(texts.values())))
    (step,) = port.steps
    assert (step.service, step.operation, step.api_version) == ("language", "analyze_sentiment", "2023-04-01")
    assert step.params == {
        "documents": [{"id": "0", "text": next(iter(texts.values()))}],
        "string_index_type": "UnicodeCodePoint",
    }
    assert step.amount == len(next(iter(texts.values())))
    assert not step.aside
    assert result.language == "en"


def test_a_mixed_text_stays_mixed_and_its_sentences_keep_their_places() -> None:
    texts, body = exchange("sentiment-mixed-two-sentences")
    (written,) = texts.values()
    result = adapt(text.sentiment, ScriptedPort(body), written)
    assert result.sentiment == "mixed"
    assert len(result.sentences) == 2
    for sentence in result.sentences:
        assert sentence.offset is not None
        assert sentence.length is not None
        assert written[sentence.offset : sentence.offset + sentence.length] == sentence.text
    document = results_of(body)["documents"][0]
    assert result.scores == SentimentScores(**document["confidenceScores"])
    assert result.score == pytest.approx(
        document["confidenceScores"]["positive"] - document["confidenceScores"]["negative"]
    )


@pytest.mark.parametrize("document", ["1", "2", "3"])
def test_each_of_several_documents_reads_as_if_it_were_alone(document: str) -> None:
    texts, body = exchange("sentiment-three-docs-with-stats")
    port = ScriptedPort(only(body, document))
    result = adapt(text.sentiment, port, texts[document])
    recorded = next(item for item in results_of(body)["documents"] if item["id"] == document)
    assert result.sentiment == recorded["sentiment"]
    assert [item.text for item in result.sentences] == [item["text"] for item in recorded["sentences"]]
    assert port.model == results_of(body)["modelVersion"]


def test_the_bare_answers_of_api_v3_are_understood() -> None:
    texts, body = exchange("sentiment-v3_0")
    result = adapt(text.sentiment, ScriptedPort(body), texts["0"])
    assert result.sentiment == "mixed"
    assert [item.sentiment for item in result.sentences] == ["positive", "negative"]
    assert result.score == -0.1


def test_the_score_without_a_verdict_of_api_v2_is_not_made_into_one() -> None:
    # The version was retired in 2024 and the SDK cannot speak it; a verdict would need a threshold of our own.
    body = only(recording("azure/language/sentiment-v2_0-score-only")["response"]["body"], "1")
    with pytest.raises(KeyError):
        adapt(text.sentiment, ScriptedPort(body), TEXT)


def test_opinions_link_targets_with_their_assessments() -> None:
    texts, body = exchange("sentiment-opinion-mining")
    port = ScriptedPort(body)
    result = adapt(text.opinions, port, texts["0"])
    assert port.steps[0].params["show_opinion_mining"] is True
    (opinion,) = result
    assert (opinion.target.text, opinion.target.offset, opinion.sentiment, opinion.score) == (
        "design",
        32,
        "positive",
        1.0,
    )
    assert [item.text for item in opinion.assessments] == ["sleek", "beautiful"]
    assert [item.negated for item in opinion.assessments] == [False, False]
    assert opinion.target.negated is None
    assert opinion.target.scores == SentimentScores(positive=1.0, negative=0.0)


def mention(word: str, **more: Any) -> dict[str, Any]:
    return {
        "text": word,
        "offset": 0,
        "length": len(word),
        "sentiment": "negative",
        "confidenceScores": {"positive": 0.0, "negative": 1.0},
        **more,
    }


def test_an_assessment_may_stand_in_another_sentence() -> None:
    target = mention(
        "food",
        relations=[
            {"relationType": "target", "ref": "#/documents/0/sentences/1/targets/0"},
            {"relationType": "assessment", "ref": "#/documents/0/sentences/1/assessments/1"},
        ],
    )
    sentences = [
        {"targets": [target], "assessments": []},
        {"targets": [], "assessments": [mention("cold", isNegated=False), mention("good", isNegated=True)]},
    ]
    result = adapt(text.opinions, ScriptedPort(answer({"id": "0", "sentences": sentences})), TEXT)
    assert [(item.text, item.negated) for item in result[0].assessments] == [("good", True)]


@pytest.mark.parametrize("pointer", ["#/documents/0/sentences/9/assessments/0", "#/documents/0", "", None])
def test_a_pointer_that_leads_nowhere_is_not_passed_over(pointer: Any) -> None:
    target = mention("food", relations=[{"relationType": "assessment", "ref": pointer}])
    body = answer({"id": "0", "sentences": [{"targets": [target], "assessments": []}]})
    with pytest.raises((LookupError, ValueError, TypeError)):
        adapt(text.opinions, ScriptedPort(body), TEXT)


@pytest.mark.parametrize("document", ["1", "2", "3"])
def test_entities_stand_where_their_offsets_say(document: str) -> None:
    texts, body = exchange("entities-three-languages")
    result = adapt(text.entities, ScriptedPort(only(body, document)), texts[document])
    assert len(result) > 0
    for item in result:
        assert item.offset is not None
        assert item.length is not None
        assert texts[document][item.offset : item.offset + item.length] == item.text
        assert item.type != "other"


def test_entities_have_a_common_type_beside_azures_own() -> None:
    body = recording("azure/language/entities-biography")["response"]["body"]
    result = adapt(text.entities, ScriptedPort(body), TEXT)
    assert len(result) == 22
    by_subtype = {item.subtype: item for item in result if item.subtype}
    assert (by_subtype["GPE"].type, by_subtype["GPE"].vendor_type) == ("location", "Location")
    assert by_subtype["DateRange"].type == "date"
    assert by_subtype["Ordinal"].type == "quantity"


@pytest.mark.parametrize(
    ("category", "subcategory", "expected"),
    [
        ("Quantity", "Currency", "price"),
        ("Quantity", "Age", "quantity"),
        ("Quantity", None, "quantity"),
        ("Person", None, "person"),
        ("IP", None, "ip_address"),
        ("SomethingNew", "Finer", "other"),
    ],
)
def test_currency_is_a_price_and_an_unknown_category_is_other(
    category: str, subcategory: str | None, expected: str
) -> None:
    item = {"text": "x", "category": category, "offset": 0, "length": 1, "confidenceScore": 0.5}
    item |= {"subcategory": subcategory} if subcategory else {}
    (entity,) = adapt(text.entities, ScriptedPort(answer({"id": "0", "entities": [item]})), "x")
    assert (entity.type, entity.vendor_type, entity.subtype) == (expected, category, subcategory)


def test_a_text_without_entities_has_none() -> None:
    texts, body = exchange("entities-empty-results")
    result = adapt(text.entities, ScriptedPort(body), texts["0"])
    assert (len(result), result.entities) == (0, ())


def test_linked_entities_are_one_for_each_match() -> None:
    texts, body = exchange("linked-entities-bing-id")
    result = adapt(text.linked_entities, ScriptedPort(body), texts["0"])
    assert [(item.text, item.offset, item.group, item.type) for item in result] == [
        ("Microsoft", 0, 0, None),
        ("Bill Gates", 25, 1, None),
        ("Paul Allen", 40, 2, None),
    ]
    assert result[1].confidence == 0.52
    assert result[1].links == (
        EntityLink(
            name="Bill Gates",
            url="https://en.wikipedia.org/wiki/Bill_Gates",
            source="Wikipedia",
            id="Bill Gates",
            language="en",
        ),
        EntityLink(name="Bill Gates", source="Bing", id="0d47c987-0042-5576-15e8-97af601614fa"),
    )


@pytest.mark.parametrize("name", ["pii-emoji-offset", "pii-emoji-family-skin-tone", "pii-redacted-ssn"])
def test_offsets_count_code_points_whatever_stands_before(name: str) -> None:
    texts, body = exchange(name)
    written = texts["0"]
    result = adapt(text.pii, ScriptedPort(body), written)
    assert len(result) > 0
    for item in result:
        assert item.offset is not None
        assert item.length is not None
        assert written[item.offset : item.offset + item.length] == item.text
        assert result.redacted_text[item.offset : item.offset + item.length] == "*" * item.length
    assert "us_ssn" in {item.type for item in result}


@pytest.mark.parametrize(
    "written",
    ["e\u0301te\u0301 SSN: 859-98-0987", "שלום SSN: 859-98-0987", "日本語 SSN: 859-98-0987"],
    ids=["NFD", "right-to-left", "CJK"],
)
def test_offsets_are_taken_as_they_are_asked_for(written: str) -> None:
    at = written.index("859")
    item = {"text": "859-98-0987", "category": "USSocialSecurityNumber", "offset": at, "length": 11}
    body = answer({"id": "0", "redactedText": "x", "entities": [{**item, "confidenceScore": 0.65}]})
    port = ScriptedPort(body)
    (entity,) = adapt(text.pii, port, written)
    assert port.steps[0].params["string_index_type"] == "UnicodeCodePoint"
    assert (entity.offset, entity.length) == (at, 11)


def test_pii_categories_may_be_common_names_or_azures() -> None:
    texts, body = exchange("pii-category-filter-two-calls", 1)
    port = ScriptedPort(body)
    result = adapt(text.pii, port, texts["0"], categories=("us_ssn", "credit_card", "SGNationalRegistration"))
    assert port.steps[0].params["categories_filter"] == [
        "USSocialSecurityNumber",
        "CreditCardNumber",
        "EUDebitCardNumber",
        "SGNationalRegistration",
    ]
    assert [item.vendor_type for item in result] == ["USSocialSecurityNumber"]
    assert result.redacted_text.count("*") == 11


def test_pii_without_categories_leaves_the_choice_to_azure() -> None:
    texts, body = exchange("pii-category-filter-two-calls", 0)
    port = ScriptedPort(body)
    result = adapt(text.pii, port, texts["0"])
    assert "categories_filter" not in port.steps[0].params
    assert [item.type for item in result] == ["person", "us_ssn", "phone_number"]


def test_key_phrases_have_no_offset_and_no_confidence() -> None:
    texts, body = exchange("key-phrases-two-languages")
    port = ScriptedPort(only(body, "2"))
    result = adapt(text.key_phrases, port, texts["2"], language="es")
    assert port.steps[0].params == {"documents": [{"id": "0", "text": texts["2"], "language": "es"}]}
    assert [item.text for item in result] == ["Bill Gates", "Paul Allen", "Microsoft"]
    assert {(item.offset, item.confidence) for item in result} == {(None, None)}
    assert result.language == "es"


@pytest.mark.parametrize(("document", "tag"), [("1", "en"), ("3", "ja"), ("4", "de")])
def test_a_language_comes_with_its_name_and_confidence(document: str, tag: str) -> None:
    texts, body = exchange("language-detection-four-docs")
    port = ScriptedPort(only(body, document))
    (found,) = adapt(text.language, port, texts[document])
    assert (found.tag, found.vendor_tag) == (tag, tag)
    assert found.confidence is not None
    assert found.confidence > 0.9
    assert found.name


def test_no_country_is_hinted_at_unless_one_is_given() -> None:
    body = answer({"id": "0", "detectedLanguage": {"name": "Spanish", "iso6391Name": "es", "confidenceScore": 1.0}})
    silent, hinted = ScriptedPort(body), ScriptedPort(body)
    adapt(text.language, silent, "hola")
    adapt(text.language, hinted, "hola", country_hint="MX")
    assert silent.steps[0].params["documents"][0]["country_hint"] == "none"
    assert hinted.steps[0].params["documents"][0]["country_hint"] == "MX"


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("(Unknown)", "und"),
        ("zh_chs", "zh-Hans"),
        ("zh_cht", "zh-Hant"),
        ("pt_br", "pt-BR"),
        ("sr-Latn", "sr-Latn"),
        ("no", "nb"),
    ],
)
def test_azures_names_of_languages_become_tags(name: str, tag: str) -> None:
    body = answer({"id": "0", "detectedLanguage": {"name": "Any", "iso6391Name": name, "confidenceScore": 0.0}})
    (found,) = adapt(text.language, ScriptedPort(body), "hola")
    assert (found.tag, found.vendor_tag) == (tag, name)


@pytest.mark.parametrize("name", ["", "(None)", "not a tag", 7])
def test_what_is_no_language_is_no_answer(name: Any) -> None:
    body = answer({"id": "0", "detectedLanguage": {"name": "Any", "iso6391Name": name, "confidenceScore": 0.0}})
    with pytest.raises(ValueError, match="not a language"):
        adapt(text.language, ScriptedPort(body), "hola")


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("es-419", "es"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
        ("zh-Hans-SG", "zh-Hans"),
        ("pt", "pt-PT"),
        ("pt-BR", "pt-BR"),
        ("pt-AO", "pt-PT"),
        ("nb", "no"),
        ("nb-NO", "no"),
        ("sr-Latn", "sr-Latn"),
        ("tlh", "tlh"),
    ],
)
def test_languages_are_sent_in_azures_spelling(given: str, sent: str) -> None:
    port = ScriptedPort(answer({"id": "0", "keyPhrases": []}))
    result = adapt(text.key_phrases, port, TEXT, language=given)
    assert port.steps[0].params["documents"][0]["language"] == sent
    assert result.language == given


def test_auto_asks_for_the_language_first_and_counts_both_steps() -> None:
    detected = {"name": "Chinese_Traditional", "iso6391Name": "zh_cht", "confidenceScore": 1.0}
    port = ScriptedPort(answer({"id": "0", "detectedLanguage": detected}), answer({"id": "0", "keyPhrases": ["x"]}))
    result = adapt(text.key_phrases, port, TEXT, language="auto")
    first, second = port.steps
    assert (first.operation, first.aside, first.amount) == ("detect_language", True, len(TEXT))
    assert first.params["documents"][0]["country_hint"] == "none"
    assert (second.operation, second.aside, second.amount) == ("extract_key_phrases", False, len(TEXT))
    assert second.params["documents"][0]["language"] == "zh-Hant"
    assert result.language == "zh-Hant"


def test_auto_says_so_where_no_language_is_found() -> None:
    detected = {"name": "(Unknown)", "iso6391Name": "(Unknown)", "confidenceScore": 0.0}
    port = ScriptedPort(answer({"id": "0", "detectedLanguage": detected}))
    with pytest.raises(UnsupportedLanguageError, match="language="):
        adapt(text.sentiment, port, "12345", language="auto")
    assert len(port.steps) == 1


def test_moderation_brings_severities_to_one_scale() -> None:
    body = {
        "blocklistsMatch": [],
        "categoriesAnalysis": [
            {"category": "Hate", "severity": 2},
            {"category": "SelfHarm", "severity": 0},
            {"category": "Sexual", "severity": 4},
            {"category": "Violence", "severity": 6},
        ],
    }
    port = ScriptedPort(body)
    result = adapt(text.moderation, port, TEXT)
    (step,) = port.steps
    assert (step.service, step.operation) == ("contentsafety", "POST contentsafety/text:analyze")
    assert step.params == {
        "query": {"api-version": "2023-10-01"},
        "json": {"text": TEXT, "outputType": "FourSeverityLevels"},
    }
    assert step.amount == len(TEXT)
    assert [(item.name, item.vendor_name, item.severity) for item in result] == [
        ("hate", "Hate", pytest.approx(1 / 3)),
        ("self_harm", "SelfHarm", 0.0),
        ("sexual", "Sexual", pytest.approx(2 / 3)),
        ("violence", "Violence", 1.0),
    ]
    assert {(item.confidence, item.flagged) for item in result} == {(None, None)}
    assert result.flagged is None


def test_a_model_of_your_own_has_to_be_named_to_classify() -> None:
    port = ScriptedPort()
    with pytest.raises(InvalidRequestError, match="deployment_name"):
        adapt(text.classify, port, TEXT, extra={"project_name": "reviews"})
    assert port.steps == []


SENTENCE = {
    "text": TEXT,
    "offset": 0,
    "length": len(TEXT),
    "sentiment": "positive",
    "confidenceScores": {"positive": 1.0, "neutral": 0.0, "negative": 0.0},
}
GOOD: dict[str, Any] = {
    "sentiment": {
        "id": "0",
        "sentiment": "positive",
        "confidenceScores": {"positive": 1.0, "neutral": 0.0, "negative": 0.0},
        "sentences": [SENTENCE],
    },
    "entities": {
        "id": "0",
        "entities": [{"text": "x", "category": "Person", "offset": 0, "length": 1, "confidenceScore": 1.0}],
    },
    "pii": {
        "id": "0",
        "redactedText": "*",
        "entities": [{"text": "x", "category": "Person", "offset": 0, "length": 1, "confidenceScore": 1.0}],
    },
    "key_phrases": {"id": "0", "keyPhrases": ["x"]},
    "language": {"id": "0", "detectedLanguage": {"name": "English", "iso6391Name": "en", "confidenceScore": 1.0}},
    "opinions": {
        "id": "0",
        "sentences": [
            {
                "targets": [
                    mention(
                        "x",
                        relations=[{"relationType": "assessment", "ref": "#/documents/0/sentences/0/assessments/0"}],
                    )
                ],
                "assessments": [mention("y", isNegated=False)],
            }
        ],
    },
    "linked_entities": {
        "id": "0",
        "entities": [
            {
                "name": "x",
                "matches": [{"text": "x", "offset": 0, "length": 1, "confidenceScore": 1.0}],
                "language": "en",
                "url": "https://example.org/x",
                "dataSource": "Wikipedia",
            }
        ],
    },
}


def damaged(part: Any, path: str = "") -> list[tuple[str, Any, Any]]:
    """The places of an answer, however deep, each once for every wrong thing that can stand there."""
    found: list[tuple[str, Any, Any]] = []
    for key, good in part.items() if isinstance(part, dict) else enumerate(part):
        here = f"{path}.{key}"
        wrongs: list[Any] = [
            None,
            7 if not isinstance(good, int | float) else "seven",
            [] if isinstance(good, dict) else {},
        ]
        found += [(here, key, wrong) for wrong in (wrongs if isinstance(part, list) else [MISSING, *wrongs])]
        if isinstance(good, dict | list):
            found += damaged(good, here)
    return found


MISSING = object()
OPTIONAL = ".sentences.0.targets"
"""Azure may leave it out, as its SDK's models have it."""
DAMAGES = [
    pytest.param(name, path, wrong, id=f"{name}{path}={'missing' if wrong is MISSING else wrong}")
    for name, document in GOOD.items()
    for path, key, wrong in damaged(document)
    if key != "id" and (path, wrong) != (OPTIONAL, MISSING)
]


@pytest.mark.parametrize("name", list(GOOD))
def test_the_small_answers_read_well(name: str) -> None:
    adapt(getattr(text, name), ScriptedPort(answer(GOOD[name])), TEXT)


@pytest.mark.parametrize("sentence", [{}, {"targets": []}, {"assessments": []}])
def test_a_sentence_about_nothing_may_come_without_targets(sentence: dict[str, Any]) -> None:
    (good,) = GOOD["opinions"]["sentences"]
    body = answer({"id": "0", "sentences": [good, sentence]})
    assert len(adapt(text.opinions, ScriptedPort(body), TEXT)) == 1


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("sentiment", "sentences.0"),
        ("entities", "entities.0"),
        ("pii", "entities.0"),
        ("opinions", "sentences.0.targets.0"),
        ("opinions", "sentences.0.assessments.0"),
        ("linked_entities", "entities.0.matches.0"),
    ],
)
@pytest.mark.parametrize("field", ["offset", "length"])
def test_no_place_is_negative(name: str, path: str, field: str) -> None:
    document = copy.deepcopy(GOOD[name])
    holder: Any = document
    for key in path.split("."):
        holder = holder[int(key) if key.isdigit() else key]
    holder[field] = -1
    with pytest.raises(ValueError, match="-1"):
        adapt(getattr(text, name), ScriptedPort(answer(document)), TEXT)


@pytest.mark.parametrize(("name", "path", "wrong"), DAMAGES)
def test_no_damaged_field_passes_unseen(name: str, path: str, wrong: Any) -> None:
    document = copy.deepcopy(GOOD[name])
    *way, last = [int(key) if key.isdigit() else key for key in path[1:].split(".")]
    holder: Any = document
    for key in way:
        holder = holder[key]
    if wrong is MISSING:
        del holder[last]
    else:
        holder[last] = wrong
    with pytest.raises((LookupError, TypeError, ValueError, AttributeError)):
        adapt(getattr(text, name), ScriptedPort(answer(document)), TEXT)


@pytest.mark.parametrize(
    "body", [None, [], "text", 7, {}, {"results": None}, {"results": {"documents": None}}, {"results": []}]
)
def test_an_answer_of_another_shape_is_no_answer(body: Any) -> None:
    with pytest.raises((LookupError, TypeError, ValueError, AttributeError)):
        adapt(text.sentiment, ScriptedPort(body), TEXT)


def test_a_document_is_found_by_its_id_not_by_its_place() -> None:
    documents = [{"id": "5", "x": 1}, {"id": "0", "x": 2}]
    assert document_of({"documents": documents})["x"] == 2
    assert document_of({"documents": documents[:1]})["x"] == 1
    with pytest.raises(LookupError):
        document_of({"documents": []})
    with pytest.raises(LookupError):
        document_of({"documents": [{"id": "5"}, {"id": "6"}]})


def test_azure_has_every_text_operation_but_syntax() -> None:
    names = ["sentiment", "opinions", "entities", "linked_entities", "pii", "key_phrases", "language"]
    names += ["classify", "moderation", "summarize"]
    for name in names:
        adapter = azure.provider.adapter(f"text.{name}")
        assert adapter is not None
        assert adapter.limit is not None
    assert azure.provider.adapter("text.syntax") is None


def test_every_billed_step_has_a_price() -> None:
    path = Path(azure.__file__).with_name("prices.toml")
    prices = tomllib.loads(path.read_text(encoding="utf-8"))["price"]
    priced = {(price["service"], name) for price in prices for name in price["operations"]}
    asked = set()
    for name, document in GOOD.items():
        port = ScriptedPort(answer(document))
        adapt(getattr(text, name), port, TEXT)
        asked |= {(step.service, step.operation) for step in port.steps if step.amount}
    port = ScriptedPort({"categoriesAnalysis": []})
    adapt(text.moderation, port, TEXT)
    asked |= {(step.service, step.operation) for step in port.steps}
    assert asked <= priced
    for price in prices:
        assert price["tiers"][0]["from"] == 0
        assert price["checked"]
        assert price["source"]
