"""Text analysis by Natural Language, and the language of a text by Cloud Translation.

Natural Language is asked to count offsets in UTF-32 units, which are code points and so indices into Python strings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypedDict

from cloudai.errors import InputTooLargeError, UnsupportedError, UnsupportedLanguageError
from cloudai.operations.text import (
    CategoriesResult,
    Category,
    DetectedLanguage,
    DetectionResult,
    EntitiesResult,
    Entity,
    EntityLink,
    Mention,
    Opinion,
    OpinionsResult,
    Sentence,
    Sentiment,
    SentimentResult,
    SyntaxResult,
    Token,
)
from cloudai.ports import Port, Step
from cloudai.providers.adapter import limit
from cloudai.providers.google.location import GLOBAL, api_key, language_host, translate_host
from cloudai.providers.google.reading import items, known, members, number, offset, word
from cloudai.providers.google.tables import (
    ENTITY_TYPES,
    LANGUAGE_VERSION,
    LANGUAGES,
    MENTIONS,
    MIXED_FROM,
    MODERATION_NAMES,
    MORPHOLOGY,
    NEGATIVE_TO,
    PARTS_OF_SPEECH,
    POSITIVE_FROM,
    TOKENS,
)
from cloudai.providers.google.tags import UNDETERMINED, natural_language, received
from cloudai.types.language import AUTO

__all__ = [
    "ClassifyExtra",
    "classify",
    "entities",
    "language",
    "linked_entities",
    "moderation",
    "opinions",
    "sentiment",
    "syntax",
]


class ClassifyExtra(TypedDict, total=False):
    """Options of ``text.classify`` that only Google has."""

    content_categories: Literal["V1", "V2"]
    """Which list of categories to classify into: that of 2022, ``V2``, unless it is said; ``V1`` is that of 2017."""


@limit(1_000_000, "bytes", piece=100_000)
async def sentiment(port: Port, text: str, *, language: str | None = None) -> SentimentResult:
    """Google's score and magnitude, with a verdict by the thresholds in ``tables.py``."""
    body = await _ask(port, "analyzeSentiment", text, language, LANGUAGES["sentiment"])
    score, magnitude, verdict = _feeling(body["documentSentiment"])
    sentences = tuple(_sentence(item, *_feeling(item["sentiment"])) for item in items(body.get("sentences", [])))
    _read_whole(text, sentences)
    return SentimentResult(
        sentiment=verdict,
        score=score,
        magnitude=magnitude,
        sentences=sentences,
        language=received(body.get("language")),
    )


@limit(1_000_000, "bytes", piece=100_000)
async def opinions(port: Port, text: str, *, language: str | None = None) -> OpinionsResult:
    """One opinion for each mention of each entity."""
    body = await _ask(port, "analyzeEntitySentiment", text, language, LANGUAGES["opinions"])
    found: list[Opinion] = []
    for group, entity in enumerate(_entities(body)):
        for mention in items(entity["mentions"]):
            score, magnitude, verdict = _feeling(mention["sentiment"])
            kind, vendor_kind = _types(entity, mention)
            content, begin = _span(mention)
            found.append(
                Opinion(
                    target=Mention(text=content, offset=begin, length=len(content), sentiment=verdict, score=score),
                    sentiment=verdict,
                    score=score,
                    magnitude=magnitude,
                    type=kind,
                    vendor_type=vendor_kind,
                    group=group,
                )
            )
    return OpinionsResult(opinions=tuple(found), language=received(body.get("language")))


@limit(1_000_000, "bytes", piece=100_000)
async def entities(port: Port, text: str, *, language: str | None = None) -> EntitiesResult:
    """One entity for each mention; those of the same thing share a group."""
    body = await _ask(port, "analyzeEntities", text, language, LANGUAGES["entities"])
    found: list[Entity] = []
    for group, entity in enumerate(_entities(body)):
        name, salience, links = word(entity["name"]), number(entity, "salience"), _links(entity.get("metadata", {}))
        for mention in items(entity["mentions"]):
            kind, vendor_kind = _types(entity, mention)
            content, begin = _span(mention)
            found.append(
                Entity(
                    text=content,
                    type=kind,
                    vendor_type=vendor_kind,
                    subtype=known(mention.get("type")),
                    salience=salience,
                    offset=begin,
                    length=len(content),
                    links=links,
                    name=name,
                    group=group,
                )
            )
    return EntitiesResult(entities=tuple(found), language=received(body.get("language")))


@limit(1_000_000, "bytes", piece=100_000)
async def linked_entities(port: Port, text: str, *, language: str | None = None) -> EntitiesResult:
    """The entities that Google links to Wikipedia or to its Knowledge Graph."""
    every = await entities(port, text, language=language)
    return EntitiesResult(entities=tuple(item for item in every.entities if item.links), language=every.language)


@limit(30_000, "code points")
async def language(port: Port, text: str) -> DetectionResult:
    """What Cloud Translation detects: its version 2 with an API key, its version 3 with a project and tokens."""
    place = port.settings.location
    translate_host(place)
    if not api_key(port.settings):
        version, path = "v3", "v3/projects/{project}/locations/{location}:detectLanguage"
        asked = {"content": text, "mimeType": "text/plain"}
    elif place in (None, GLOBAL):
        version, path, asked = "v2", "language/translate/v2/detect", {"q": text}
    else:
        raise UnsupportedError(
            f"with an API key Cloud Translation cannot promise to process in location={place!r}: set"
            " Google(project=..., credentials=...) in place of the key"
        )
    step = Step(
        service="translate", operation=f"POST {path}", params={"json": asked}, amount=len(text), api_version=version
    )
    body = members((await port.send(step)).body)
    if "data" in body:
        # One list for each text, and one text was sent. ``isReliable`` is always false and says nothing.
        found = [_detected(item, "language") for item in items(items(body["data"]["detections"])[0])]
    else:
        found = [_detected(item, "languageCode") for item in items(body["languages"])]
    found.sort(key=lambda item: -(item.confidence or 0.0))
    return DetectionResult(languages=tuple(found) or (DetectedLanguage(tag=UNDETERMINED),))


@limit(1_000_000, "bytes", piece=100_000)
async def syntax(port: Port, text: str, *, language: str | None = None) -> SyntaxResult:
    """Tokens with tag, lemma, dependency and morphology."""
    body = await _ask(port, "analyzeSyntax", text, language, LANGUAGES["syntax"])
    sentences = tuple(_sentence(item) for item in items(body.get("sentences", [])))
    _read_whole(text, sentences)
    return SyntaxResult(
        tokens=tuple(_token(item) for item in items(body["tokens"])),
        sentences=sentences,
        language=received(body.get("language")),
    )


@limit(1_000_000, "bytes", piece=100_000)
async def classify(
    port: Port, text: str, *, language: str | None = None, extra: ClassifyExtra | None = None
) -> CategoriesResult:
    """Topics as paths, from Google's second model: the first one, which it takes unless told, knows English alone."""
    version = (extra or {}).get("content_categories", "V2")
    body = await _ask(
        port,
        "classifyText",
        text,
        language,
        LANGUAGES["classify"],
        classificationModelOptions={"v2Model": {"contentCategoriesVersion": version}},
    )
    if "categories" not in body and not body.keys() <= {"language", "languageCode", "languageSupported"}:
        raise KeyError("categories")
    return CategoriesResult(
        categories=tuple(
            Category(name=word(item["name"]), vendor_name=item["name"], confidence=number(item, "confidence"))
            for item in items(body.get("categories", []))
        ),
        language=received(body.get("language")),
    )


@limit(1_000_000, "bytes", piece=100_000)
async def moderation(port: Port, text: str, *, language: str | None = None) -> CategoriesResult:
    """Sixteen safety attributes with confidence. Google calls none of them a hit, so nothing is flagged."""
    body = await _ask(port, "moderateText", text, language, LANGUAGES["moderation"])
    return CategoriesResult(
        categories=tuple(_attribute(item) for item in items(body["moderationCategories"])),
        language=received(body.get("language")),
    )


# --- asking ----------------------------------------------------------------------------------------------------------


async def _ask(
    port: Port, method: str, text: str, language: str | None, spoken: tuple[str, ...], **options: Any
) -> dict[str, Any]:
    """The answer of Natural Language to one method over one document."""
    moderated = method == "moderateText"
    language_host(port.settings.location, moderation=moderated)
    # A token is a word or less, so that many words are surely too many. For scripts without spaces there is no bound.
    if len(text) >= 2 * TOKENS and len(text.split()) > TOKENS:
        raise InputTooLargeError(
            f"the text has more than {TOKENS:,} words, and Natural Language reads {TOKENS:,} tokens of a document and"
            " leaves out the rest without a word: send it in parts"
        )
    document = {"type": "PLAIN_TEXT", "content": text}
    if language is not None and language != AUTO:
        document["language"] = natural_language(language)
        if document["language"] not in spoken:
            raise UnsupportedLanguageError(
                f"Natural Language does not list {language!r} for {method}: it has {', '.join(spoken)}"
            )
    asked: dict[str, Any] = {"document": document, **options}
    if method not in ("classifyText", "moderateText"):
        asked["encodingType"] = "UTF32"
    step = Step(
        service="language",
        operation=f"POST {LANGUAGE_VERSION}/documents:{method}",
        params={"json": asked},
        amount=len(text),
        api_version=LANGUAGE_VERSION,
    )
    return members((await port.send(step)).body)


def _read_whole(text: str, sentences: tuple[Sentence, ...]) -> None:
    """Refuses an answer that stops before the text does: what is over Google's cap of tokens is dropped silently."""
    if len(text) <= TOKENS or not sentences or sentences[-1].offset is None:
        return
    end = sentences[-1].offset + len(sentences[-1].text)
    if text[end:].strip():
        raise InputTooLargeError(
            f"Natural Language stopped reading after {end:,} of {len(text):,} characters: it takes {TOKENS:,} tokens of"
            " a document and leaves out the rest without a word; send it in parts"
        )


# --- reading ---------------------------------------------------------------------------------------------------------


def _entities(body: Mapping[str, Any]) -> list[Any]:
    """The entities of an answer. Where there are none the list may be left out, but not the language."""
    found = items(body.get("entities", [])) if "language" in body else items(body["entities"])
    if sum(len(entity["mentions"]) for entity in found) >= MENTIONS:
        raise InputTooLargeError(
            f"Natural Language names at most {MENTIONS:,} mentions of a document and leaves out the rest without a"
            " word; this text has reached that: send it in parts"
        )
    return found


def _feeling(given: Any) -> tuple[float, float, Sentiment]:
    """Score, magnitude and verdict."""
    part = members(given)
    score, magnitude = number(part, "score"), number(part, "magnitude")
    if score >= POSITIVE_FROM:
        return score, magnitude, "positive"
    if score <= NEGATIVE_TO:
        return score, magnitude, "negative"
    return score, magnitude, "mixed" if magnitude >= MIXED_FROM else "neutral"


def _span(part: Mapping[str, Any]) -> tuple[str, int | None]:
    """The words of a text span, and where they begin."""
    span = members(part["text"])
    return word(span["content"]), offset(span)


def _sentence(
    part: Mapping[str, Any],
    score: float | None = None,
    magnitude: float | None = None,
    verdict: Sentiment | None = None,
) -> Sentence:
    content, begin = _span(part)
    return Sentence(
        text=content, offset=begin, length=len(content), sentiment=verdict, score=score, magnitude=magnitude
    )


def _types(entity: Mapping[str, Any], mention: Mapping[str, Any]) -> tuple[str, str | None]:
    """The common name of what a mention is, and Google's."""
    vendor = known(entity.get("type"))
    if vendor == "PERSON" and mention.get("type") == "COMMON":
        return "person_type", vendor
    return ENTITY_TYPES.get(vendor or "", "other"), vendor


def _links(given: Any) -> tuple[EntityLink, ...]:
    metadata, links = members(given), []
    if "wikipedia_url" in metadata:
        url = word(metadata["wikipedia_url"])
        site = url.partition("://")[2].partition(".wikipedia.org/")
        links.append(EntityLink(url=url, source="Wikipedia", language=received(site[0]) if site[1] else None))
    if "mid" in metadata:
        links.append(EntityLink(id=word(metadata["mid"]), source="Google Knowledge Graph"))
    return tuple(links)


def _detected(part: Mapping[str, Any], name: str) -> DetectedLanguage:
    tag = word(part[name])
    return DetectedLanguage(
        tag=received(tag) or UNDETERMINED, confidence=number(part, "confidence"), vendor_tag=tag or None
    )


def _token(part: Mapping[str, Any]) -> Token:
    content, begin = _span(part)
    speech, edge = members(part["partOfSpeech"]), members(part["dependencyEdge"])
    tag = known(speech.get("tag"))
    named = {name: known(speech.get(name)) for name in MORPHOLOGY}
    head = edge.get("headTokenIndex", 0)
    if type(head) is not int:
        raise TypeError("headTokenIndex is not a whole number")
    return Token(
        text=content,
        part_of_speech="PROPN" if tag == "NOUN" and named.get("proper") == "PROPER" else PARTS_OF_SPEECH.get(tag or ""),
        vendor_part_of_speech=tag,
        lemma=word(part.get("lemma", "")) or None,
        offset=begin,
        length=len(content),
        head=head,
        dependency=known(edge.get("label")),
        morphology={name: value for name, value in named.items() if value is not None},
    )


def _attribute(part: Mapping[str, Any]) -> Category:
    vendor = word(part["name"])
    name = MODERATION_NAMES.get(vendor) or "_".join("".join(c if c.isalnum() else " " for c in vendor).lower().split())
    return Category(
        name=name,
        vendor_name=vendor,
        confidence=number(part, "confidence"),
        severity=number(part, "severity") if "severity" in part else None,
    )
