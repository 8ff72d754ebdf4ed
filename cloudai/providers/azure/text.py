"""Text analysis with Azure: Language (API 2023-04-01, through the SDK) and Content Safety (API 2023-10-01, over HTTP).

Language has no syntax analysis. Each request holds one document; offsets are asked for, and come, in code points.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

from cloudai.errors import InvalidRequestError, UnsupportedLanguageError
from cloudai.operations.text import (
    CategoriesResult,
    Category,
    DetectedLanguage,
    DetectionResult,
    EntitiesResult,
    Entity,
    KeyPhrase,
    KeyPhrasesResult,
    OpinionsResult,
    PiiResult,
    SentimentResult,
    SummaryResult,
)
from cloudai.ports import Port, Step
from cloudai.providers.adapter import limit
from cloudai.providers.azure import jobs
from cloudai.providers.azure.languages import spelling_of, tag_of
from cloudai.providers.azure.reading import (
    decimal,
    document_of,
    entity_of,
    items,
    links_of,
    opinion_of,
    place,
    results_of,
    score_of,
    scores_of,
    sentence_of,
    string,
    summary_sentence_of,
    verdict_of,
)
from cloudai.providers.azure.tables import (
    API_VERSION,
    CATEGORIES,
    DEFAULT_LANGUAGE,
    DOCUMENT,
    ENTITY_TYPES,
    HARMS,
    PII_SUBTYPES,
    PII_TYPES,
    SAFETY_VERSION,
    SUBTYPES,
)
from cloudai.types.language import AUTO

__all__ = [
    "CustomModel",
    "classify",
    "entities",
    "key_phrases",
    "language",
    "linked_entities",
    "moderation",
    "opinions",
    "pii",
    "sentiment",
    "summarize",
]

CODE_POINTS = "UnicodeCodePoint"
"""The unit of offsets and lengths; without it they count grapheme clusters."""
SAMPLE = 5120
"""How much of a text is looked at to find its language: as much as one request takes."""
WORST = 6
"""The highest of the four severities of Content Safety."""


class CustomModel(TypedDict, total=False):
    """The model of your own that ``text.classify`` asks, in ``extra={"azure": ...}``."""

    project_name: str
    deployment_name: str
    multi_label: bool
    """Whether the project gives a text several classes; False unless it is said."""


@limit(5120, "text elements")
async def sentiment(port: Port, text: str, *, language: str | None = None) -> SentimentResult:
    """``score`` is the positive score less the negative one. There is no score for "mixed", only the verdict."""
    document, tag = await _analyse(port, "analyze_sentiment", text, language, string_index_type=CODE_POINTS)
    return SentimentResult(
        sentiment=verdict_of(document["sentiment"]),
        scores=scores_of(document["confidenceScores"]),
        score=score_of(document["confidenceScores"]),
        sentences=tuple(sentence_of(item) for item in items(document["sentences"])),
        language=tag,
    )


@limit(5120, "text elements")
async def opinions(port: Port, text: str, *, language: str | None = None) -> OpinionsResult:
    """One opinion for each target, in the order of the text, with its assessments. Neither has a neutral score."""
    document, tag = await _analyse(
        port, "analyze_sentiment", text, language, show_opinion_mining=True, string_index_type=CODE_POINTS
    )
    sentences = items(document["sentences"])
    # A sentence about nothing may come without the list: it is optional in the SDK's models.
    targets = [target for sentence in sentences for target in items(sentence.get("targets", []))]
    found = [opinion_of(target, sentences) for target in targets]
    return OpinionsResult(opinions=tuple(found), language=tag)


@limit(5120, "text elements")
async def entities(port: Port, text: str, *, language: str | None = None) -> EntitiesResult:
    """People, places, organizations, dates and the like."""
    document, tag = await _analyse(port, "recognize_entities", text, language, string_index_type=CODE_POINTS)
    found = [entity_of(item, ENTITY_TYPES, SUBTYPES) for item in items(document["entities"])]
    return EntitiesResult(entities=tuple(found), language=tag)


@limit(5120, "text elements")
async def linked_entities(port: Port, text: str, *, language: str | None = None) -> EntitiesResult:
    """One entity for each match; those of one entry have the same ``group``. Azure gives them no type."""
    document, tag = await _analyse(port, "recognize_linked_entities", text, language, string_index_type=CODE_POINTS)
    found = [
        Entity(
            text=string(match["text"]),
            name=string(item["name"]),
            confidence=decimal(match["confidenceScore"]),
            offset=place(match["offset"]),
            length=place(match["length"]),
            links=links_of(item),
            group=group,
        )
        for group, item in enumerate(items(document["entities"]))
        for match in items(item["matches"])
    ]
    return EntitiesResult(entities=tuple(found), language=tag)


@limit(5120, "text elements")
async def pii(
    port: Port, text: str, *, language: str | None = None, categories: Sequence[str] | None = None
) -> PiiResult:
    """Personal data, and the text as Azure covered it. ``categories`` may also hold Azure's own names."""
    chosen = (
        {}
        if categories is None
        else {"categories_filter": [name for wanted in categories for name in CATEGORIES.get(wanted, (wanted,))]}
    )
    document, tag = await _analyse(
        port, "recognize_pii_entities", text, language, string_index_type=CODE_POINTS, **chosen
    )
    found = [entity_of(item, PII_TYPES, PII_SUBTYPES) for item in items(document["entities"])]
    return PiiResult(entities=tuple(found), redacted_text=string(document["redactedText"]), language=tag)


@limit(5120, "text elements")
async def key_phrases(port: Port, text: str, *, language: str | None = None) -> KeyPhrasesResult:
    """The phrases alone: Azure says neither where they stand nor how sure it is."""
    document, tag = await _analyse(port, "extract_key_phrases", text, language)
    phrases = tuple(KeyPhrase(text=string(item)) for item in items(document["keyPhrases"]))
    return KeyPhrasesResult(phrases=phrases, language=tag)


@limit(5120, "text elements")
async def language(port: Port, text: str, *, country_hint: str | None = None) -> DetectionResult:
    """The one language that Azure thinks likeliest; ``und`` where it finds none."""
    document = await _detect(port, text, country_hint)
    found = document["detectedLanguage"]
    return DetectionResult(
        languages=(
            DetectedLanguage(
                tag=tag_of(found["iso6391Name"]),
                confidence=decimal(found["confidenceScore"]),
                name=string(found["name"]),
                script=None if found.get("script") is None else string(found["script"]),
                vendor_tag=string(found["iso6391Name"]),
            ),
        )
    )


@limit(125_000, "text elements")
async def classify(
    port: Port, text: str, *, language: str | None = None, extra: CustomModel | None = None
) -> CategoriesResult:
    """The classes that a model of your own gives a text: ``extra={"azure": {"project_name", "deployment_name"}}``."""
    model = extra or {}
    project, deployment = model.get("project_name"), model.get("deployment_name")
    if not project or not deployment:
        raise InvalidRequestError(
            "Azure classifies with a model of your own: name it,"
            " extra={'azure': {'project_name': ..., 'deployment_name': ...}}"
        )
    kind = "CustomMultiLabelClassification" if model.get("multi_label") else "CustomSingleLabelClassification"
    parameters = {"projectName": project, "deploymentName": deployment}
    spelling, tag = await _spoken(port, text, language)
    document = await jobs.run(port, kind, text, spelling, parameters)
    found = [
        Category(
            name=string(item["category"]),
            confidence=decimal(item["confidenceScore"]),
            vendor_name=string(item["category"]),
        )
        for item in items(document["class"])
    ]
    return CategoriesResult(categories=tuple(found), language=tag)


@limit(10_000, "code points")
async def moderation(port: Port, text: str) -> CategoriesResult:
    """Hate, self-harm, sexual content and violence, each with a severity and no confidence; nothing is ``flagged``.

    The severity is Azure's own divided by 6: 0 is safe, 2 (0.33) low, 4 (0.67) medium, 6 (1.0) high.
    """
    reply = await port.send(
        Step(
            service="contentsafety",
            operation="POST contentsafety/text:analyze",
            params={
                "query": {"api-version": SAFETY_VERSION},
                "json": {"text": text, "outputType": "FourSeverityLevels"},
            },
            amount=len(text),
            api_version=SAFETY_VERSION,
        )
    )
    return CategoriesResult(
        categories=tuple(
            Category(
                name=HARMS.get(string(item["category"]), item["category"]),
                vendor_name=item["category"],
                severity=decimal(item["severity"]) / WORST,
            )
            for item in items(reply.body["categoriesAnalysis"])
        )
    )


@limit(125_000, "text elements")
async def summarize(
    port: Port,
    text: str,
    *,
    language: str | None = None,
    sentences: int | None = None,
    kind: Literal["extract", "abstract"] | None = None,
) -> SummaryResult:
    """Extractive unless ``kind="abstract"`` is said. A job either way: it takes seconds at least."""
    parameters: dict[str, Any] = {"stringIndexType": CODE_POINTS}
    if sentences is not None:
        parameters["sentenceCount"] = sentences
    spelling, tag = await _spoken(port, text, language)
    if kind == "abstract":
        document = await jobs.run(port, "AbstractiveSummarization", text, spelling, parameters)
        written = [string(item["text"]) for item in items(document["summaries"])]
        return SummaryResult(summary=" ".join(written), language=tag)
    document = await jobs.run(port, "ExtractiveSummarization", text, spelling, parameters)
    chosen = sorted(
        (summary_sentence_of(item) for item in items(document["sentences"])), key=lambda item: item.offset or 0
    )
    return SummaryResult(summary=" ".join(item.text.strip() for item in chosen), sentences=tuple(chosen), language=tag)


# --- the steps -------------------------------------------------------------------------------------------------------


async def _analyse(
    port: Port, operation: str, text: str, language: str | None, **options: Any
) -> tuple[Mapping[str, Any], str]:
    """What one method of the SDK's client says about the text, and the language that it was read in."""
    spelling, tag = await _spoken(port, text, language)
    document = {"id": DOCUMENT, "text": text} | ({"language": spelling} if spelling else {})
    return await _ask(port, operation, document, **options), tag


async def _ask(
    port: Port, operation: str, document: Mapping[str, str], *, aside: bool = False, **options: Any
) -> Mapping[str, Any]:
    reply = await port.send(
        Step(
            service="language",
            operation=operation,
            params={"documents": [document], **options},
            amount=len(document["text"]),
            aside=aside,
            api_version=API_VERSION,
        )
    )
    results = results_of(reply.body)
    if not aside:
        port.note(model=results.get("modelVersion"))
    return document_of(results)


async def _detect(port: Port, text: str, country_hint: str | None, *, aside: bool = False) -> Mapping[str, Any]:
    # The SDK sends the hint "US" unless it is told "none", and with it a Spanish text is English with score 1.0
    # (recording language-detection-four-docs). For documents of our own it looks for that word in the document alone.
    hint = country_hint or "none"
    return await _ask(port, "detect_language", {"id": DOCUMENT, "text": text, "country_hint": hint}, aside=aside)


async def _spoken(port: Port, text: str, language: str | None) -> tuple[str | None, str]:
    """The language as Azure spells it (None to say none) and as BCP 47 does."""
    if language is None:
        return None, DEFAULT_LANGUAGE
    if language != AUTO:
        return spelling_of(language), language
    found = await _detect(port, text[:SAMPLE], None, aside=True)
    tag = tag_of(found["detectedLanguage"]["iso6391Name"])
    if tag == "und":
        raise UnsupportedLanguageError("Azure finds no language in the text: name it with language=")
    return spelling_of(tag), tag
