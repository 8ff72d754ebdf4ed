"""Text analysis with Amazon Comprehend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from cloudai.errors import InvalidRequestError, UnsupportedError, UnsupportedLanguageError
from cloudai.operations.text import (
    CategoriesResult,
    Category,
    DetectedLanguage,
    DetectionResult,
    EntitiesResult,
    Entity,
    KeyPhrase,
    KeyPhrasesResult,
    Mention,
    Opinion,
    OpinionsResult,
    PiiResult,
    SentimentResult,
    SentimentScores,
    SyntaxResult,
    Token,
)
from cloudai.ports import Port, Reply, Step
from cloudai.providers.adapter import limit
from cloudai.providers.aws.reading import items, number, span, word
from cloudai.providers.aws.tables import (
    ENGLISH,
    ENTITY_TYPES,
    LANGUAGES,
    PARTS_OF_SPEECH,
    PII_LANGUAGES,
    PII_TYPES,
    SENTIMENTS,
    SYNTAX_LANGUAGES,
    TARGET_TYPES,
    TOXICITY,
    bcp47,
    code_of,
)
from cloudai.types.language import AUTO
from cloudai.types.span import redact, split

API_VERSION = "2017-11-27"

# "5 KB" and "100 KB" are of 1,000 bytes: the service's own message says "Max length of request text allowed is 5000
# bytes" (DetectTargetedSentiment) and "100000 bytes" (DetectEntities), as quoted in public repositories.
SHORT = 5_000
LONG = 100_000
CUSTOM = 10_000
"""Plain text for a model of your own (developer guide, "Maximum document sizes for real-time analysis")."""
SEGMENT = 1_000
"""One string of DetectToxicContent."""
SEGMENTS = 10
"""Strings in one DetectToxicContent."""


class EntitiesExtra(TypedDict, total=False):
    """Options of ``text.entities`` that only AWS has."""

    endpoint_arn: str
    """The endpoint of an entity recognizer of your own. It knows its language; one that you name is not looked at."""


class ClassifyExtra(TypedDict, total=False):
    """Options of ``text.classify`` that only AWS has."""

    endpoint_arn: str
    """The endpoint of a document classifier: of your own, or the one for prompt safety. Required."""


@limit(SHORT, "bytes")
async def sentiment(port: Port, text: str, *, language: str | None = None) -> SentimentResult:
    code = await _language(port, text, language, LANGUAGES)
    body = (await _send(port, "DetectSentiment", text, {"LanguageCode": code})).body
    verdict, scores = _verdict(body)
    return SentimentResult(**verdict, scores=scores, language=bcp47(code))


@limit(SHORT, "bytes")
async def opinions(port: Port, text: str, *, language: str | None = None) -> OpinionsResult:
    code = await _language(port, text, language, ENGLISH)
    body = (await _send(port, "DetectTargetedSentiment", text, {"LanguageCode": code})).body
    # One entity of the answer is a group of mentions of one thing, each with its own sentiment.
    found = [
        _opinion(mention, group)
        for group, entity in enumerate(items(body["Entities"]))
        for mention in items(entity["Mentions"])
    ]
    return OpinionsResult(opinions=tuple(found), language=bcp47(code))


def _opinion(mention: Mapping[str, Any], group: int) -> Opinion:
    verdict, scores = _verdict(mention["MentionSentiment"])
    offset, length = span(mention)
    vendor_type = word(mention["Type"])
    target = Mention(
        text=word(mention["Text"]),
        offset=offset,
        length=length,
        confidence=number(mention["Score"]),
        scores=scores,
        **verdict,
    )
    return Opinion(
        target=target, type=TARGET_TYPES.get(vendor_type, "other"), vendor_type=vendor_type, group=group, **verdict
    )


def _verdict(answer: Mapping[str, Any]) -> tuple[dict[str, Any], SentimentScores]:
    """Sentiment and score as fields, and the scores."""
    said = answer["SentimentScore"]
    scores = SentimentScores(
        positive=number(said["Positive"]),
        negative=number(said["Negative"]),
        neutral=number(said["Neutral"]),
        mixed=number(said["Mixed"]),
    )
    score = number(said["Positive"]) - number(said["Negative"])
    return {"sentiment": SENTIMENTS[answer["Sentiment"]], "score": score}, scores


@limit(LONG, "bytes")
async def entities(
    port: Port, text: str, *, language: str | None = None, extra: EntitiesExtra | None = None
) -> EntitiesResult:
    arn = extra.get("endpoint_arn") if extra else None
    if arn is None:
        code = await _language(port, text, language, LANGUAGES)
        options = {"LanguageCode": code}
    else:
        # A custom model reads its own language, whatever is sent; so nothing is looked up for it or said of it.
        code = None
        options = {"EndpointArn": arn}
        if language not in (None, AUTO):
            options["LanguageCode"] = _supported(code_of(language), language, LANGUAGES)
        port.note(model=arn)
    body = (await _send(port, "DetectEntities", text, options)).body
    found = tuple(_entity(item) for item in items(body["Entities"]))
    return EntitiesResult(entities=found, language=None if code is None else bcp47(code))


def _entity(item: Mapping[str, Any]) -> Entity:
    vendor_type = word(item["Type"])
    # A model that was trained on documents points at blocks of a page, not at places in a text.
    offset, length = (None, None) if "BlockReferences" in item else span(item)
    return Entity(
        text=word(item["Text"]),
        type=ENTITY_TYPES.get(vendor_type, "other"),
        vendor_type=vendor_type,
        confidence=number(item["Score"]),
        offset=offset,
        length=length,
    )


@limit(LONG, "bytes")
async def pii(
    port: Port, text: str, *, language: str | None = None, categories: Sequence[str] | None = None
) -> PiiResult:
    wanted = _wanted(categories)
    code = await _language(port, text, language, PII_LANGUAGES)
    body = (await _send(port, "DetectPiiEntities", text, {"LanguageCode": code})).body
    found = [_personal(item, text) for item in items(body["Entities"])]
    # DetectPiiEntities looks for everything; what was asked for is picked from the answer.
    kept = [item for item in found if wanted is None or item.type in wanted or item.vendor_type in wanted]
    covered = redact(text, [(item.offset or 0, item.length or 0) for item in kept])
    return PiiResult(entities=tuple(kept), redacted_text=covered, language=bcp47(code))


def _wanted(categories: Sequence[str] | None) -> frozenset[str] | None:
    """The kinds to keep; None for all."""
    if categories is None or "ALL" in categories:
        return None
    common = set(PII_TYPES.values())
    unknown = sorted(name for name in categories if name not in PII_TYPES and name not in common)
    if unknown:
        raise UnsupportedError(
            f"Amazon Comprehend does not look for {', '.join(unknown)}; it looks for {', '.join(sorted(common))}"
        )
    return frozenset(categories)


def _personal(item: Mapping[str, Any], text: str) -> Entity:
    vendor_type = word(item["Type"])
    offset, length = span(item)
    # The answer holds places only, no words.
    return Entity(
        text=text[offset : offset + length],
        type=PII_TYPES.get(vendor_type, "other"),
        vendor_type=vendor_type,
        confidence=number(item["Score"]),
        offset=offset,
        length=length,
    )


@limit(LONG, "bytes")
async def key_phrases(port: Port, text: str, *, language: str | None = None) -> KeyPhrasesResult:
    code = await _language(port, text, language, LANGUAGES)
    body = (await _send(port, "DetectKeyPhrases", text, {"LanguageCode": code})).body
    found = [(item, *span(item)) for item in items(body["KeyPhrases"])]
    phrases = tuple(
        KeyPhrase(text=word(item["Text"]), confidence=number(item["Score"]), offset=offset, length=length)
        for item, offset, length in found
    )
    return KeyPhrasesResult(phrases=phrases, language=bcp47(code))


@limit(LONG, "bytes")
async def language(port: Port, text: str) -> DetectionResult:
    return DetectionResult(languages=_languages(await _send(port, "DetectDominantLanguage", text)))


def _languages(reply: Reply) -> tuple[DetectedLanguage, ...]:
    """The languages of an answer, the likeliest first."""
    found = [
        DetectedLanguage(
            tag=bcp47(word(item["LanguageCode"])), confidence=number(item["Score"]), vendor_tag=item["LanguageCode"]
        )
        for item in items(reply.body["Languages"])
    ]
    return tuple(sorted(found, key=lambda item: -(item.confidence or 0.0)))


@limit(SHORT, "bytes")
async def syntax(port: Port, text: str, *, language: str | None = None) -> SyntaxResult:
    code = await _language(port, text, language, SYNTAX_LANGUAGES)
    body = (await _send(port, "DetectSyntax", text, {"LanguageCode": code})).body
    return SyntaxResult(tokens=tuple(_token(item) for item in items(body["SyntaxTokens"])), language=bcp47(code))


def _token(item: Mapping[str, Any]) -> Token:
    part = item["PartOfSpeech"]
    tag = word(part["Tag"])
    offset, length = span(item)
    return Token(
        text=word(item["Text"]),
        part_of_speech=PARTS_OF_SPEECH.get(tag, "X"),
        vendor_part_of_speech=tag,
        confidence=number(part["Score"]),
        offset=offset,
        length=length,
    )


@limit(CUSTOM, "bytes")
async def classify(port: Port, text: str, *, extra: ClassifyExtra | None = None) -> CategoriesResult:
    arn = extra.get("endpoint_arn") if extra else None
    if not arn:
        raise InvalidRequestError(
            "Amazon Comprehend classifies with a model of your own: name its endpoint,"
            " extra={'aws': {'endpoint_arn': 'arn:aws:comprehend:...:document-classifier-endpoint/...'}}"
        )
    port.note(model=arn)
    body = (await _send(port, "ClassifyDocument", text, {"EndpointArn": arn})).body
    # A model of one class per text answers with Classes, one of several with Labels; the other is left out or null.
    given = [body[name] for name in ("Classes", "Labels") if body.get(name) is not None]
    if not given:
        raise KeyError("Classes")
    return CategoriesResult(
        categories=tuple(
            Category(name=word(item["Name"]), confidence=number(item["Score"]), vendor_name=item["Name"])
            for part in given
            for item in items(part)
        )
    )


@limit(SEGMENT * SEGMENTS, "bytes")
async def moderation(port: Port, text: str, *, language: str | None = None) -> CategoriesResult:
    code = await _language(port, text, language, ENGLISH)
    segments = [piece for _, piece in split(text, SEGMENT, "bytes") if piece.strip()]
    worst: dict[str, float] = {}
    overall = 0.0
    # One call as a rule: cut at sentences, a text near the limit may come to some segments more than one call takes.
    for first in range(0, len(segments), SEGMENTS):
        part = segments[first : first + SEGMENTS]
        reply = await port.send(
            Step(
                service="comprehend",
                operation="DetectToxicContent",
                params={"TextSegments": [{"Text": piece} for piece in part], "LanguageCode": code},
                amount=sum(map(len, part)),
                api_version=API_VERSION,
            )
        )
        for _, answer in zip(part, items(reply.body["ResultList"]), strict=True):
            overall = max(overall, number(answer["Toxicity"]))
            for label in items(answer["Labels"]):
                name, score = word(label["Name"]), number(label["Score"])
                worst[name] = max(score, worst.get(name, 0.0))
    return CategoriesResult(
        categories=tuple(
            Category(name=TOXICITY.get(name, name.lower()), confidence=score, vendor_name=name)
            for name, score in worst.items()
        ),
        score=overall,
        language=bcp47(code),
    )


async def _send(
    port: Port, operation: str, text: str, options: Mapping[str, str] | None = None, *, aside: bool = False
) -> Reply:
    return await port.send(
        Step(
            service="comprehend",
            operation=operation,
            params={"Text": text, **(options or {})},
            amount=len(text),
            aside=aside,
            api_version=API_VERSION,
        )
    )


async def _language(port: Port, text: str, tag: str | None, known: Sequence[str]) -> str:
    """Comprehend's code for the language to read a text in, which it has to be told. One more billed step finds it out
    where nobody says and the operation knows several."""
    if tag is None and len(known) == 1:
        return known[0]
    if tag is not None and tag != AUTO:
        return _supported(code_of(tag), tag, known)
    found = _languages(await _send(port, "DetectDominantLanguage", text, aside=True))
    if not found:
        raise UnsupportedLanguageError("Amazon Comprehend found no language in the text: say which with language=")
    return _supported(found[0].vendor_tag or "", f"{found[0].tag} (which the text seems to be in)", known)


def _supported(code: str, said: str, known: Sequence[str]) -> str:
    if code not in known:
        raise UnsupportedLanguageError(
            f"Amazon Comprehend does not know {said} for this; it knows {', '.join(map(bcp47, known))}"
        )
    return code
