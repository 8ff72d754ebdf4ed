"""Text analysis by offline engines. Each answers in a form of cloudai's own, made in ``connect.py``.

VADER, the key phrases and spaCy read English only. A text in another language is not read as if it were English: it is
refused, so that the next vendor answers.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from cloudai.errors import UnsupportedError, UnsupportedLanguageError
from cloudai.operations.text import (
    DetectedLanguage,
    DetectionResult,
    EntitiesResult,
    Entity,
    KeyPhrase,
    KeyPhrasesResult,
    PiiResult,
    Sentence,
    Sentiment,
    SentimentResult,
    SentimentScores,
    SyntaxResult,
    Token,
)
from cloudai.ports import Port, Step
from cloudai.providers.adapter import limit, requires
from cloudai.providers.local.engines import LANGDETECT, PHONENUMBERS, SPACY, VADER
from cloudai.providers.local.patterns import KINDS
from cloudai.providers.local.reading import items, number, place, word
from cloudai.providers.local.tables import ENTITY_TYPES, LANGUAGE_NAMES, LANGUAGE_TAGS, PHONE_REGIONS
from cloudai.types.language import AUTO, primary
from cloudai.types.span import redact

__all__ = ["entities", "key_phrases", "language", "pii", "sentiment", "syntax"]

ENGLISH = "en"
SURE = 0.8
"""How likely a language has to be before a text is taken to be in it."""
SAMPLE = 2000
"""How much of a text is looked at to tell its language, where that only prepares."""
POSITIVE, NEGATIVE = 0.05, -0.05
"""VADER's own thresholds for its compound score (README of vaderSentiment, "About the Scoring")."""
CANDIDATES = 10
"""How many languages are told. All 176 would be, most of them with nothing behind the point for five places."""


@requires(VADER.missing)
async def sentiment(port: Port, text: str, language: str | None = None) -> SentimentResult:
    """VADER judges each sentence by itself. Sentences of both kinds make a text mixed (the rule that Azure documents
    for itself), of one kind make it that, and none of either neutral. Scores of the text are the means of its
    sentences, as VADER's notes advise; positive, negative and neutral are shares of the words, not confidences, and
    mixed has none.
    """
    await _english(port, text, language)
    step = Step(service="vader", operation="polarity_scores", params={"text": text}, amount=len(text))
    body = (await port.send(step)).body
    port.note(model=word(body["model"]))
    sentences = items(body["sentences"])
    found = tuple(_sentence(text, item) for item in sentences)
    return SentimentResult(
        sentiment=_verdict({item.sentiment for item in found}),
        scores=SentimentScores(
            positive=_mean(sentences, "pos"), negative=_mean(sentences, "neg"), neutral=_mean(sentences, "neu")
        ),
        score=_mean(sentences, "compound"),
        sentences=found,
        language=ENGLISH,
    )


def _verdict(kinds: set[Sentiment | None]) -> Sentiment:
    if "positive" in kinds:
        return "mixed" if "negative" in kinds else "positive"
    return "negative" if "negative" in kinds else "neutral"


def _mean(sentences: list[Any], name: str) -> float | None:
    return round(sum(number(item[name]) for item in sentences) / len(sentences), 4) if sentences else None


def _sentence(text: str, item: Any) -> Sentence:
    offset, length = place(item)
    score = number(item["compound"])
    return Sentence(
        text=text[offset : offset + length],
        offset=offset,
        length=length,
        sentiment="positive" if score >= POSITIVE else "negative" if score <= NEGATIVE else "neutral",
        scores=SentimentScores(positive=number(item["pos"]), negative=number(item["neg"]), neutral=number(item["neu"])),
        score=score,
    )


@requires(LANGDETECT.missing)
async def language(port: Port, text: str) -> DetectionResult:
    """The likeliest ten of the 176 languages that fastText's small model knows; ``und`` where it knows no part of the
    text, such as of a number or of "I love it"."""
    params = {"text": text, "count": CANDIDATES}
    body = (await port.send(Step(service="langdetect", operation="predict", params=params, amount=len(text)))).body
    port.note(model=word(body["model"]))
    found = tuple(_language(item) for item in items(body["languages"]))
    return DetectionResult(languages=found or (DetectedLanguage(tag="und"),))


def _language(item: Any) -> DetectedLanguage:
    label = word(item["lang"])
    # The quantised model's probabilities add up to a little more than 1.
    return DetectedLanguage(
        tag=LANGUAGE_TAGS.get(label, label), confidence=min(number(item["score"]), 1.0), vendor_tag=label
    )


async def key_phrases(port: Port, text: str, language: str | None = None) -> KeyPhrasesResult:
    """Rapid automatic keyword extraction. The confidence of a phrase is relative to the best one of the text."""
    await _english(port, text, language)
    step = Step(service="keyphrases", operation="phrases", params={"text": text}, amount=len(text))
    body = (await port.send(step)).body
    port.note(model=word(body["model"]))
    return KeyPhrasesResult(phrases=tuple(_phrase(item) for item in items(body["phrases"])), language=ENGLISH)


def _phrase(item: Any) -> KeyPhrase:
    offset, length = place(item)
    return KeyPhrase(text=word(item["text"]), confidence=number(item["score"]), offset=offset, length=length)


@requires(PHONENUMBERS.missing)
async def pii(
    port: Port, text: str, language: str | None = None, categories: tuple[str, ...] | None = None
) -> PiiResult:
    """What has a form of its own: addresses of the net, cards, accounts, phone and identity numbers. No names and no
    places. Phone numbers without a country's code are looked for in the region of the language (``en-GB``), or in the
    one where most of its speakers live; there is no confidence, as a form fits or does not."""
    unknown = sorted(set(categories or ()) - set(KINDS))
    if unknown:
        raise UnsupportedError(f"the local engines do not look for {', '.join(unknown)}: they find {', '.join(KINDS)}")
    tag = await _read_as(port, text, language)
    params = {"text": text, "region": _region(tag)}
    body = (await port.send(Step(service="patterns", operation="find", params=params, amount=len(text)))).body
    port.note(model=word(body["model"]))
    found = [item for item in items(body["entities"]) if categories is None or item["kind"] in categories]
    return PiiResult(
        entities=tuple(_personal(item) for item in found),
        redacted_text=redact(text, [place(item) for item in found]),
        language=tag,
    )


def _personal(item: Any) -> Entity:
    offset, length = place(item)
    return Entity(
        text=word(item["text"]),
        type=word(item["kind"]),
        vendor_type=item["kind"],
        subtype=item.get("subtype"),
        offset=offset,
        length=length,
        name=item.get("normal"),
    )


@requires(SPACY.missing)
@limit(1_000_000, "code points")  # nlp.max_length of spaCy 3.8
async def entities(port: Port, text: str, language: str | None = None) -> EntitiesResult:
    """spaCy's entities. It gives no confidence."""
    await _english(port, text, language)
    step = Step(service="spacy", operation="ner", params={"text": text}, amount=len(text))
    body = (await port.send(step)).body
    port.note(model=word(body["model"]))
    return EntitiesResult(entities=tuple(_entity(item) for item in items(body["entities"])), language=ENGLISH)


def _entity(item: Any) -> Entity:
    offset, length = place(item)
    label = word(item["label"])
    return Entity(
        text=word(item["text"]),
        type=ENTITY_TYPES.get(label, "other"),
        vendor_type=label,
        offset=offset,
        length=length,
    )


@requires(SPACY.missing)
@limit(1_000_000, "code points")
async def syntax(port: Port, text: str, language: str | None = None) -> SyntaxResult:
    """spaCy's tokens, lemmas, dependencies and sentences. Its tokens of nothing but white space stay in ``raw``."""
    await _english(port, text, language)
    step = Step(service="spacy", operation="parse", params={"text": text}, amount=len(text))
    body = (await port.send(step)).body
    port.note(model=word(body["model"]))
    tokens = items(body["tokens"])
    words = [index for index, item in enumerate(tokens) if item["pos"] != "SPACE"]
    numbers = {index: new for new, index in enumerate(words)}
    return SyntaxResult(
        tokens=tuple(_token(tokens[index], _head(tokens, index, numbers)) for index in words),
        sentences=tuple(item for item in (_span(text, item) for item in items(body["sentences"])) if item.text),
        language=ENGLISH,
    )


def _head(tokens: list[Any], index: int, numbers: dict[int, int]) -> int:
    """The new number of the word that a word hangs on: of white space between them (a sentence may even have white
    space for its root; seen 2026-11-22) what that hangs on is taken, and without any the word is a root itself."""
    head = tokens[index]["head"]
    while head not in numbers and tokens[head]["head"] != head:
        head = tokens[head]["head"]
    return numbers.get(head, numbers[index])


def _token(item: Any, head: int) -> Token:
    offset, length = place(item)
    return Token(
        text=word(item["text"]),
        part_of_speech=word(item["pos"]),
        vendor_part_of_speech=word(item["tag"]),
        lemma=word(item["lemma"]),
        offset=offset,
        length=length,
        head=head,
        dependency=word(item["dep"]),
        morphology=dict(item["morph"]),
    )


def _span(text: str, item: Any) -> Sentence:
    # spaCy counts the white space around a sentence in.
    offset, length = place(item)
    sentence = text[offset : offset + length]
    offset += len(sentence) - len(sentence.lstrip())
    return Sentence(text=sentence.strip(), offset=offset, length=len(sentence.strip()))


# --- the language of a text ------------------------------------------------------------------------------------------


async def _english(port: Port, text: str, language: str | None) -> None:
    """Refuses a text that is surely not English."""
    tag = await _read_as(port, text, language)
    if primary(tag) == ENGLISH:
        return
    if language in (None, AUTO):
        name = LANGUAGE_NAMES.get(primary(tag), tag)
        raise UnsupportedLanguageError(
            f"the text looks like {name}, and this engine reads English only: pass language='en' to insist"
        )
    raise UnsupportedLanguageError(f"language={language!r}: this engine reads English only (language='en')")


async def _read_as(port: Port, text: str, language: str | None) -> str:
    """The language that is given; else the one that a text is surely in, where that can be told here; else English."""
    if language is not None and language != AUTO:
        return language
    sample = text[:SAMPLE]
    if not _enough(sample) or not _detects():
        return ENGLISH
    step = Step(service="langdetect", operation="predict", params={"text": sample, "count": 1}, aside=True)
    found = [_language(item) for item in items((await port.send(step)).body["languages"])]
    return found[0].tag if found and (found[0].confidence or 0.0) >= SURE else ENGLISH


@cache
def _detects() -> bool:
    """Whether a language can be told here. Looked up once: it takes longer than the telling."""
    return LANGDETECT.missing() is None


def _enough(text: str) -> bool:
    """Whether there is enough to tell a language by: "Great phone" is Thai to the model, "Not good" Malay. Of letters
    that English does not have, a few are enough."""
    letters = [sign for sign in text if sign.isalpha()]
    foreign = sum(sign > "\u024f" for sign in letters)
    return len(letters) >= 20 or (foreign >= 4 and 2 * foreign > len(letters))


def _region(tag: str) -> str | None:
    """The country whose national phone numbers are looked for."""
    for part in tag.split("-")[1:]:
        if len(part) == 2 and part.isalpha():
            return part.upper()
        if len(part) == 3 and part.isdigit():
            return None  # a part of the world, such as Latin America, has no numbering plan
        if len(part) == 1:
            break  # extensions have parts of two letters too
    return PHONE_REGIONS.get(primary(tag))
