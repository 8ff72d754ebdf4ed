"""Text analysis: requests, results and the methods of ``ai.text``."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import field, replace
from typing import Any, ClassVar, Generic, Literal, Self, TypeVar, Unpack

from cloudai.errors import InvalidRequestError
from cloudai.operations.area import Area, C_co, CallOptions, operation
from cloudai.operations.request import R_co, Request
from cloudai.types.language import AUTO, normalise_tag, primary
from cloudai.types.meta import Measure
from cloudai.types.span import Unit, exceeds, measure, redact, split
from cloudai.types.value import Collection, Result, Value, value

__all__ = [
    "CategoriesResult",
    "Category",
    "ClassifyRequest",
    "DetectedLanguage",
    "DetectionResult",
    "EntitiesRequest",
    "EntitiesResult",
    "Entity",
    "EntityLink",
    "KeyPhrase",
    "KeyPhrasesRequest",
    "KeyPhrasesResult",
    "LanguageRequest",
    "LinkedEntitiesRequest",
    "Mention",
    "Opinion",
    "OpinionsRequest",
    "OpinionsResult",
    "PiiRequest",
    "PiiResult",
    "Sentence",
    "Sentiment",
    "SentimentRequest",
    "SentimentResult",
    "SentimentScores",
    "SummarizeRequest",
    "SummaryResult",
    "SummarySentence",
    "SyntaxRequest",
    "SyntaxResult",
    "Text",
    "TextModerationRequest",
    "Token",
]

Sentiment = Literal["positive", "negative", "neutral", "mixed"]
Place = TypeVar("Place", bound=Value)


# --- results ---------------------------------------------------------------------------------------------------------


@value
class SentimentScores(Value):
    """How sure the vendor is of each verdict, 0..1. None for a verdict that the vendor does not score."""

    positive: float | None = None
    negative: float | None = None
    neutral: float | None = None
    mixed: float | None = None


@value
class Sentence(Value):
    """A sentence as the vendor cut it, with its own sentiment where the vendor gives one."""

    text: str
    offset: int | None = None
    """Where it begins, as an index into the Python string that was sent."""
    length: int | None = None
    sentiment: Sentiment | None = None
    scores: SentimentScores | None = None
    score: float | None = None
    magnitude: float | None = None


@value
class SentimentResult(Result):
    """Whether a text speaks well or badly of what it speaks of."""

    sentiment: Sentiment
    scores: SentimentScores | None = None
    """The vendor's confidence in each verdict; None where it gives none (Google)."""
    score: float | None = None
    """-1 (negative) .. 1 (positive). Google's own score; elsewhere the positive score less the negative one."""
    magnitude: float | None = None
    """How much feeling there is, whichever way, 0 upwards and growing with the text. Google only."""
    sentences: tuple[Sentence, ...] = ()
    """The sentences, where the vendor looks at them singly."""
    language: str | None = None
    """The language that the text was read in, as a BCP 47 tag."""


@value
class Mention(Value):
    """A place in the text."""

    text: str
    offset: int | None = None
    """Where it begins, as an index into the Python string that was sent."""
    length: int | None = None
    sentiment: Sentiment | None = None
    scores: SentimentScores | None = None
    score: float | None = None
    confidence: float | None = None
    """How sure the vendor is that this is a mention, 0..1."""
    negated: bool | None = None
    """Whether an assessment is negated, as in "not good"."""


@value
class Opinion(Value):
    """What the text thinks of one thing at one place."""

    target: Mention
    sentiment: Sentiment | None = None
    score: float | None = None
    """-1..1, as in ``SentimentResult``."""
    magnitude: float | None = None
    assessments: tuple[Mention, ...] = ()
    """The words that say so, where the vendor points at them (Azure)."""
    type: str | None = None
    """What the target is, in the common names of ``text.entities``."""
    vendor_type: str | None = None
    group: int | None = None
    """Opinions with the same number are about the same thing, where the vendor says so."""


@value
class OpinionsResult(Collection[Opinion]):
    """Opinions about the things that a text mentions, in the order of the vendor's answer."""

    collection: ClassVar[str] = "opinions"
    opinions: tuple[Opinion, ...]
    language: str | None = None


@value
class EntityLink(Value):
    """Where to read more about an entity."""

    name: str | None = None
    """The title of the entry."""
    url: str | None = None
    source: str | None = None
    """The collection that the entry is in, such as ``Wikipedia``."""
    id: str | None = None
    """The entry's id there."""
    language: str | None = None


@value
class Entity(Value):
    """One mention of something that has a name or a value."""

    text: str
    """The words as they stand in the text."""
    type: str | None = None
    """The common name: person, person_type, location, address, organization, product, work_of_art, event, date,
    quantity, price, phone_number, email, url, ip_address, skill or other; for ``text.pii`` the common names of personal
    data. None where the vendor gives no type."""
    vendor_type: str | None = None
    """The vendor's own name of the type."""
    subtype: str | None = None
    """The vendor's finer type, where there is one."""
    confidence: float | None = None
    """0..1"""
    salience: float | None = None
    """How much the text is about it, 0..1; the saliences of a text add to 1. Google only."""
    offset: int | None = None
    """Where it begins, as an index into the Python string that was sent."""
    length: int | None = None
    links: tuple[EntityLink, ...] = ()
    name: str | None = None
    """The entity's usual name, where the vendor tells it apart from the words in the text."""
    group: int | None = None
    """Mentions with the same number are of the same entity, where the vendor says so."""


@value
class EntitiesResult(Collection[Entity]):
    """The entities of a text, one for each mention."""

    collection: ClassVar[str] = "entities"
    entities: tuple[Entity, ...]
    language: str | None = None


@value
class PiiResult(Collection[Entity]):
    """The personal data in a text, and the text without it."""

    collection: ClassVar[str] = "entities"
    entities: tuple[Entity, ...]
    redacted_text: str
    """The text with each entity covered by as many marks (``*``) as it has characters."""
    language: str | None = None


@value
class KeyPhrase(Value):
    """Words that say what a text is about."""

    text: str
    confidence: float | None = None
    """0..1"""
    offset: int | None = None
    """Where it begins, as an index into the Python string that was sent; None where the vendor does not say."""
    length: int | None = None


@value
class KeyPhrasesResult(Collection[KeyPhrase]):
    """The key phrases of a text, in the vendor's order."""

    collection: ClassVar[str] = "phrases"
    phrases: tuple[KeyPhrase, ...]
    language: str | None = None


@value
class DetectedLanguage(Value):
    """A language that a text may be in."""

    tag: str
    """BCP 47; ``und`` where the vendor found none."""
    confidence: float | None = None
    """0..1"""
    name: str | None = None
    """The language's name, where the vendor gives it."""
    script: str | None = None
    vendor_tag: str | None = None
    """The vendor's own spelling of the tag."""


@value
class DetectionResult(Collection[DetectedLanguage]):
    """The languages that a text may be in, the likeliest first."""

    collection: ClassVar[str] = "languages"
    languages: tuple[DetectedLanguage, ...]


@value
class Token(Value):
    """A word or a mark."""

    text: str
    part_of_speech: str | None = None
    """Universal part-of-speech tag: ADJ ADP ADV AUX CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X,
    and CONJ where the vendor does not tell CCONJ from SCONJ."""
    vendor_part_of_speech: str | None = None
    """The vendor's own tag."""
    lemma: str | None = None
    """The word's dictionary form."""
    confidence: float | None = None
    """0..1"""
    offset: int | None = None
    """Where it begins, as an index into the Python string that was sent."""
    length: int | None = None
    head: int | None = None
    """The index, in the result's tokens, of the token that this one hangs on; its own index at a root."""
    dependency: str | None = None
    """How it hangs on it, in the vendor's words."""
    morphology: Mapping[str, str] = field(default_factory=dict)
    """Tense, number, gender and the like, in the vendor's words."""


@value
class SyntaxResult(Collection[Token]):
    """The tokens of a text, in order."""

    collection: ClassVar[str] = "tokens"
    tokens: tuple[Token, ...]
    sentences: tuple[Sentence, ...] = ()
    language: str | None = None


@value
class Category(Value):
    """A topic, a class of a custom model, or a kind of harmful content."""

    name: str
    """For ``text.moderation`` the common name; for ``text.classify`` the vendor's, a path such as ``/Science/Biology``
    where topics have sub-topics."""
    confidence: float | None = None
    """0..1"""
    severity: float | None = None
    """How bad it is, on the vendor's scale brought to 0..1, where the vendor says so."""
    vendor_name: str | None = None
    flagged: bool | None = None
    """Whether the vendor itself says that this is a hit; None where it leaves that to you."""


@value
class CategoriesResult(Collection[Category]):
    """The categories of a text, in the vendor's order."""

    collection: ClassVar[str] = "categories"
    categories: tuple[Category, ...]
    flagged: bool | None = None
    """For ``text.moderation``: whether the vendor itself calls the text harmful; None where it gives scores only."""
    score: float | None = None
    """For ``text.moderation``: one score for the whole text, 0..1, where the vendor gives one."""
    language: str | None = None

    def above(self, threshold: float) -> tuple[Category, ...]:
        """The categories whose confidence (severity, where there is no confidence) is at least a threshold of yours."""
        return tuple(
            item
            for item in self.categories
            if (item.confidence if item.confidence is not None else item.severity or 0.0) >= threshold
        )


@value
class SummarySentence(Value):
    """A sentence of the text that stands for more of it."""

    text: str
    offset: int | None = None
    """Where it begins, as an index into the Python string that was sent."""
    length: int | None = None
    rank: float | None = None
    """How much it says about the text, 0..1."""


@value
class SummaryResult(Result):
    """A text in fewer words."""

    summary: str
    """The summary: written anew (``kind="abstract"``), or the chosen sentences in their order, joined by spaces."""
    sentences: tuple[SummarySentence, ...] = ()
    """The chosen sentences, in the order of the text; empty for a summary that was written anew."""
    language: str | None = None


# --- requests --------------------------------------------------------------------------------------------------------


@value
class TextRequest(Request[R_co], Generic[R_co]):
    """What all requests about one text have."""

    measure: ClassVar[Measure] = "characters"
    inputs: ClassVar[tuple[str, ...]] = ("text",)
    controls: ClassVar[tuple[str, ...]] = ("split",)

    text: str
    split: bool = False
    """Whether a text over the vendor's limit is sent in pieces, cut at sentences, and the results are put together."""

    def __post_init__(self) -> None:
        _check_text(self.text, self.operation)
        language = getattr(self, "language", None)
        if language is not None and language != AUTO:
            object.__setattr__(self, "language", normalise_tag(language))

    def amount(self) -> float:
        return len(self.text)

    def size(self, unit: Unit) -> int:
        return measure(self.text, unit)

    def over(self, limit: int, unit: Unit) -> bool:
        return exceeds(self.text, limit, unit)

    @property
    def splits(self) -> bool:
        return self.split

    def pieces(self, limit: int, unit: Unit) -> Sequence[tuple[int, Self]]:
        return [(offset, replace(self, text=piece)) for offset, piece in split(self.text, limit, unit) if piece.strip()]


def _check_text(text: object, operation: str) -> None:
    if not isinstance(text, str):
        hint = ": decode it first" if isinstance(text, bytes | bytearray) else ""
        raise InvalidRequestError(f"text is a str, not {type(text).__name__}{hint}", operation=operation)
    if not text or text.isspace():
        raise InvalidRequestError("text is empty: there is nothing to analyse", operation=operation)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise InvalidRequestError(
                f"text has half a surrogate pair at index {error.start}: no vendor can be sent that",
                operation=operation,
            ) from None


@value
class SentimentRequest(TextRequest[SentimentResult]):
    """Asks for ``text.sentiment``."""

    operation: ClassVar[str] = "text.sentiment"
    result: ClassVar[type[Result]] = SentimentResult
    language: str | None = None

    def join(self, results: Sequence[tuple[int, SentimentResult]]) -> SentimentResult:
        parts = [(part, len(piece)) for (_, part), piece in zip(results, _texts(self, results), strict=True)]
        votes: dict[Sentiment, float] = {}
        for part, weight in parts:
            votes[part.sentiment] = votes.get(part.sentiment, 0) + weight
        best = max(votes.values())
        winners: list[Sentiment] = [verdict for verdict, weight in votes.items() if weight == best]
        magnitudes = [part.magnitude for part, _ in parts if part.magnitude is not None]
        names = ("positive", "negative", "neutral", "mixed")
        scored = [(part.scores, weight) for part, weight in parts if part.scores is not None]
        return SentimentResult(
            sentiment=winners[0] if len(winners) == 1 else "mixed",
            scores=SentimentScores(
                **{name: _mean([(getattr(scores, name), weight) for scores, weight in scored]) for name in names}
            )
            if scored
            else None,
            score=_mean([(part.score, weight) for part, weight in parts]),
            magnitude=sum(magnitudes) if magnitudes else None,
            sentences=tuple(_shift(item, offset) for offset, part in results for item in part.sentences),
            language=_language(results),
        )

    def compared(self, result: SentimentResult) -> str:
        """The verdict."""
        return result.sentiment


@value
class OpinionsRequest(TextRequest[OpinionsResult]):
    """Asks for ``text.opinions``."""

    operation: ClassVar[str] = "text.opinions"
    result: ClassVar[type[Result]] = OpinionsResult
    language: str | None = None

    def join(self, results: Sequence[tuple[int, OpinionsResult]]) -> OpinionsResult:
        opinions: list[Opinion] = []
        for offset, part in results:
            first = 1 + max((item.group for item in opinions if item.group is not None), default=-1)
            opinions += [
                replace(
                    item,
                    target=_shift(item.target, offset),
                    assessments=tuple(_shift(mention, offset) for mention in item.assessments),
                    group=None if item.group is None else item.group + first,
                )
                for item in part.opinions
            ]
        return OpinionsResult(opinions=tuple(opinions), language=_language(results))

    def compared(self, result: OpinionsResult) -> Mapping[Hashable, str]:
        """What is judged, and how."""
        return {
            (item.target.text.casefold(), item.sentiment): f"{item.target.text}: {item.sentiment}"
            for item in result.opinions
        }


@value
class EntitiesRequest(TextRequest[EntitiesResult]):
    """Asks for ``text.entities``."""

    operation: ClassVar[str] = "text.entities"
    result: ClassVar[type[Result]] = EntitiesResult
    language: str | None = None

    def join(self, results: Sequence[tuple[int, EntitiesResult]]) -> EntitiesResult:
        return EntitiesResult(entities=_join_entities(results), language=_language(results))

    def compared(self, result: EntitiesResult) -> Mapping[Hashable, str]:
        """Which words are named, and as what; a name that stands in several places counts once."""
        return {(item.text, item.type): _shown(item) for item in result.entities}


@value
class LinkedEntitiesRequest(TextRequest[EntitiesResult]):
    """Asks for ``text.linked_entities``."""

    operation: ClassVar[str] = "text.linked_entities"
    result: ClassVar[type[Result]] = EntitiesResult
    language: str | None = None

    def join(self, results: Sequence[tuple[int, EntitiesResult]]) -> EntitiesResult:
        return EntitiesResult(entities=_join_entities(results), language=_language(results))

    def compared(self, result: EntitiesResult) -> Mapping[Hashable, str]:
        """The entries that are linked to."""
        return {
            link.url or link.id or link.name: f"{item.text} ({link.name or link.url or link.id})"
            for item in result.entities
            for link in item.links[:1]
        }


@value
class PiiRequest(TextRequest[PiiResult]):
    """Asks for ``text.pii``."""

    operation: ClassVar[str] = "text.pii"
    result: ClassVar[type[Result]] = PiiResult
    language: str | None = None
    categories: tuple[str, ...] | None = None
    """Only these kinds of personal data: common names, or the vendor's own."""

    def __post_init__(self) -> None:
        TextRequest.__post_init__(self)
        if self.categories is not None:
            if (
                isinstance(self.categories, str)
                or not self.categories
                or not all(isinstance(name, str) for name in self.categories)
            ):
                raise InvalidRequestError(
                    "categories is a list of names, such as ['email', 'phone_number']", operation=self.operation
                )
            object.__setattr__(self, "categories", tuple(self.categories))

    def join(self, results: Sequence[tuple[int, PiiResult]]) -> PiiResult:
        entities = _join_entities(results)
        spans = [(item.offset, item.length) for item in entities if item.offset is not None and item.length is not None]
        return PiiResult(entities=entities, redacted_text=redact(self.text, spans), language=_language(results))

    def compared(self, result: PiiResult) -> Mapping[Hashable, str]:
        """Which places are personal data, and of what kind."""
        return {(item.offset, item.length, item.type): _shown(item) for item in result.entities}


@value
class KeyPhrasesRequest(TextRequest[KeyPhrasesResult]):
    """Asks for ``text.key_phrases``."""

    operation: ClassVar[str] = "text.key_phrases"
    result: ClassVar[type[Result]] = KeyPhrasesResult
    language: str | None = None

    def join(self, results: Sequence[tuple[int, KeyPhrasesResult]]) -> KeyPhrasesResult:
        phrases: list[KeyPhrase] = []
        # A vendor that gives no offsets gives each phrase once; so does the whole.
        seen: set[str] = set()
        for offset, part in results:
            for item in part.phrases:
                if item.offset is not None:
                    phrases.append(_shift(item, offset))
                elif item.text not in seen:
                    seen.add(item.text)
                    phrases.append(item)
        return KeyPhrasesResult(phrases=tuple(phrases), language=_language(results))

    def compared(self, result: KeyPhrasesResult) -> Mapping[Hashable, str]:
        """The phrases, in capitals or not."""
        return {item.text.casefold(): item.text for item in result.phrases}


@value
class LanguageRequest(TextRequest[DetectionResult]):
    """Asks for ``text.language``."""

    operation: ClassVar[str] = "text.language"
    result: ClassVar[type[Result]] = DetectionResult
    country_hint: str | None = None
    """The two letters of a country (ISO 3166) that makes a language likelier. Never sent unless you give it."""

    def __post_init__(self) -> None:
        TextRequest.__post_init__(self)
        hint = self.country_hint
        if hint is not None:
            if not (isinstance(hint, str) and len(hint) == 2 and hint.isascii() and hint.isalpha()):
                raise InvalidRequestError(
                    f"country_hint={hint!r} is not a country: two letters, such as 'BR'", operation=self.operation
                )
            object.__setattr__(self, "country_hint", hint.upper())

    def join(self, results: Sequence[tuple[int, DetectionResult]]) -> DetectionResult:
        pieces = _texts(self, results)
        total = sum(map(len, pieces))
        shares: dict[str, tuple[DetectedLanguage, float]] = {}
        for (_, part), piece in zip(results, pieces, strict=True):
            for item in part.languages:
                first, share = shares.get(item.tag, (item, 0.0))
                shares[item.tag] = first, share + (item.confidence or 0.0) * len(piece) / total
        found = [replace(item, confidence=share) for item, share in shares.values()]
        return DetectionResult(languages=tuple(sorted(found, key=lambda item: -(item.confidence or 0.0))))

    def compared(self, result: DetectionResult) -> str:
        """The likeliest language, without script or region."""
        return primary(result.languages[0].tag).lower() if result.languages else "und"


@value
class SyntaxRequest(TextRequest[SyntaxResult]):
    """Asks for ``text.syntax``."""

    operation: ClassVar[str] = "text.syntax"
    result: ClassVar[type[Result]] = SyntaxResult
    language: str | None = None

    def join(self, results: Sequence[tuple[int, SyntaxResult]]) -> SyntaxResult:
        tokens: list[Token] = []
        for offset, part in results:
            first = len(tokens)
            tokens += [
                replace(_shift(item, offset), head=None if item.head is None else item.head + first)
                for item in part.tokens
            ]
        return SyntaxResult(
            tokens=tuple(tokens),
            sentences=tuple(_shift(item, offset) for offset, part in results for item in part.sentences),
            language=_language(results),
        )

    def compared(self, result: SyntaxResult) -> Mapping[Hashable, str]:
        """The part of speech of what begins at each place."""
        return {(item.offset, item.part_of_speech): f"{item.text}/{item.part_of_speech}" for item in result.tokens}


@value
class ClassifyRequest(TextRequest[CategoriesResult]):
    """Asks for ``text.classify``."""

    operation: ClassVar[str] = "text.classify"
    result: ClassVar[type[Result]] = CategoriesResult
    language: str | None = None

    def join(self, results: Sequence[tuple[int, CategoriesResult]]) -> CategoriesResult:
        pieces = _texts(self, results)
        total = sum(map(len, pieces))
        shares: dict[str, tuple[Category, float]] = {}
        for (_, part), piece in zip(results, pieces, strict=True):
            for item in part.categories:
                first, share = shares.get(item.name, (item, 0.0))
                shares[item.name] = first, share + (item.confidence or 0.0) * len(piece) / total
        found = [replace(item, confidence=share) for item, share in shares.values()]
        return CategoriesResult(
            categories=tuple(sorted(found, key=lambda item: -(item.confidence or 0.0))), language=_language(results)
        )

    def compared(self, result: CategoriesResult) -> str:
        """The likeliest category, in the vendor's words."""
        return max(result.categories, key=_harm).name if result.categories else ""


@value
class TextModerationRequest(TextRequest[CategoriesResult]):
    """Asks for ``text.moderation``."""

    operation: ClassVar[str] = "text.moderation"
    result: ClassVar[type[Result]] = CategoriesResult
    language: str | None = None

    def join(self, results: Sequence[tuple[int, CategoriesResult]]) -> CategoriesResult:
        # A text is as harmful as its worst part.
        worst: dict[str, Category] = {}
        for _, part in results:
            for item in part.categories:
                known = worst.get(item.name)
                if known is None or _harm(item) > _harm(known):
                    worst[item.name] = item
        flags = [part.flagged for _, part in results if part.flagged is not None]
        scores = [part.score for _, part in results if part.score is not None]
        return CategoriesResult(
            categories=tuple(worst.values()),
            flagged=any(flags) if flags else None,
            score=max(scores) if scores else None,
            language=_language(results),
        )

    def compared(self, result: CategoriesResult) -> Mapping[Hashable, str]:
        """The categories that the vendor flags; where it leaves that to you, those that are as likely as not."""
        return {
            item.name: item.name
            for item in result.categories
            if (item.flagged if item.flagged is not None else _harm(item) >= 0.5)
        }


@value
class SummarizeRequest(TextRequest[SummaryResult]):
    """Asks for ``text.summarize``."""

    operation: ClassVar[str] = "text.summarize"
    result: ClassVar[type[Result]] = SummaryResult
    language: str | None = None
    sentences: int | None = None
    """How many sentences at most; None leaves it to the vendor."""
    kind: Literal["extract", "abstract"] | None = None
    """Sentences of the text itself (the usual), or a summary that is written anew."""

    def __post_init__(self) -> None:
        TextRequest.__post_init__(self)
        count = self.sentences
        if count is not None and (not isinstance(count, int) or isinstance(count, bool) or count < 1):
            raise InvalidRequestError(f"sentences={count!r}: at least 1", operation=self.operation)
        if self.kind not in (None, "extract", "abstract"):
            raise InvalidRequestError(f"kind={self.kind!r}: 'extract' or 'abstract'", operation=self.operation)

    def join(self, results: Sequence[tuple[int, SummaryResult]]) -> SummaryResult:
        return SummaryResult(
            summary=" ".join(part.summary for _, part in results),
            sentences=tuple(_shift(item, offset) for offset, part in results for item in part.sentences),
            language=_language(results),
        )

    def compared(self, result: SummaryResult) -> Mapping[Hashable, str]:
        """The chosen sentences; for a summary that was written anew, the whole of it."""
        chosen = [item.text for item in result.sentences] or [result.summary]
        return {text.strip(): text.strip() for text in chosen}


def _shift(item: Place, offset: int) -> Place:
    """The same place in the whole text, of which a piece began at ``offset``."""
    here: int | None = getattr(item, "offset")  # noqa: B009  (the bound does not know the field)
    return item if here is None else replace(item, offset=here + offset)  # type: ignore[type-var]


def _texts(request: TextRequest[Any], results: Sequence[tuple[int, Any]]) -> list[str]:
    """The pieces of the text that the results are of."""
    ends = [offset for offset, _ in results[1:]] + [len(request.text)]
    return [request.text[offset:end] for (offset, _), end in zip(results, ends, strict=True)]


def _language(results: Sequence[tuple[int, Any]]) -> str | None:
    """The language of the whole: that of its pieces where they agree."""
    languages = {part.language for _, part in results}
    return languages.pop() if len(languages) == 1 else None


def _mean(weighted: Sequence[tuple[float | None, float]]) -> float | None:
    known = [(number, weight) for number, weight in weighted if number is not None]
    total = sum(weight for _, weight in known)
    return sum(number * weight for number, weight in known) / total if total else None


def _harm(item: Category) -> float:
    return item.confidence if item.confidence is not None else item.severity or 0.0


def _shown(item: Entity) -> str:
    return f"{item.text} ({item.type})" if item.type else item.text


def _join_entities(results: Sequence[tuple[int, Any]]) -> tuple[Entity, ...]:
    entities: list[Entity] = []
    for offset, part in results:
        first = 1 + max((item.group for item in entities if item.group is not None), default=-1)
        entities += [
            replace(_shift(item, offset), group=None if item.group is None else item.group + first)
            for item in part.entities
        ]
    return tuple(entities)


# --- the methods of ai.text ------------------------------------------------------------------------------------------


class Text(Area[C_co]):
    """Text analysis. Any method also takes the options of ``CallOptions``: provider, timeout, deadline, tags, extra,
    unsupported.

    All methods raise ``InvalidRequestError`` for a text that is empty or not a string, ``InputTooLargeError`` for one
    over the vendor's limit (unless ``split=True``), ``UnsupportedLanguageError`` for a language that the vendor does
    not know, and the errors of the road: see ``cloudai.errors``. ``language`` is a BCP 47 tag, or ``"auto"`` to have
    the vendor find out; left out, Google finds out by itself, AWS is asked to find out first (one more billed step),
    Azure assumes English.
    """

    __slots__ = ()

    @operation
    def sentiment(
        self, text: str, *, language: str | None = None, split: bool = False, **call: Unpack[CallOptions]
    ) -> tuple[Request[SentimentResult], CallOptions]:
        """Whether a text speaks well or badly: positive, negative, neutral or mixed, with scores 0..1."""
        return SentimentRequest(text=text, language=language, split=split), call

    @operation
    def opinions(
        self, text: str, *, language: str | None = None, split: bool = False, **call: Unpack[CallOptions]
    ) -> tuple[Request[OpinionsResult], CallOptions]:
        """What a text thinks of each thing that it mentions: targets with sentiment, and the words that say so."""
        return OpinionsRequest(text=text, language=language, split=split), call

    @operation
    def entities(
        self, text: str, *, language: str | None = None, split: bool = False, **call: Unpack[CallOptions]
    ) -> tuple[Request[EntitiesResult], CallOptions]:
        """People, places, organizations, dates and the like, with offsets into the Python string."""
        return EntitiesRequest(text=text, language=language, split=split), call

    @operation
    def linked_entities(
        self, text: str, *, language: str | None = None, split: bool = False, **call: Unpack[CallOptions]
    ) -> tuple[Request[EntitiesResult], CallOptions]:
        """Entities that have an entry in a public collection, with links to it."""
        return LinkedEntitiesRequest(text=text, language=language, split=split), call

    @operation
    def pii(
        self,
        text: str,
        *,
        language: str | None = None,
        categories: Sequence[str] | None = None,
        split: bool = False,
        **call: Unpack[CallOptions],
    ) -> tuple[Request[PiiResult], CallOptions]:
        """Personal data with offsets, and the text with it covered; ``categories`` narrows what is looked for."""
        return PiiRequest(text=text, language=language, categories=categories, split=split), call  # type: ignore[arg-type]

    @operation
    def key_phrases(
        self, text: str, *, language: str | None = None, split: bool = False, **call: Unpack[CallOptions]
    ) -> tuple[Request[KeyPhrasesResult], CallOptions]:
        """The phrases that say what a text is about; confidence and offset where the vendor gives them."""
        return KeyPhrasesRequest(text=text, language=language, split=split), call

    @operation
    def language(
        self, text: str, *, country_hint: str | None = None, split: bool = False, **call: Unpack[CallOptions]
    ) -> tuple[Request[DetectionResult], CallOptions]:
        """The languages that a text may be in, the likeliest first, as BCP 47 tags with confidence 0..1."""
        return LanguageRequest(text=text, country_hint=country_hint, split=split), call

    @operation
    def syntax(
        self, text: str, *, language: str | None = None, split: bool = False, **call: Unpack[CallOptions]
    ) -> tuple[Request[SyntaxResult], CallOptions]:
        """Tokens with universal part-of-speech tags and, where the vendor gives them, lemmas and dependencies."""
        return SyntaxRequest(text=text, language=language, split=split), call

    @operation
    def classify(
        self, text: str, *, language: str | None = None, split: bool = False, **call: Unpack[CallOptions]
    ) -> tuple[Request[CategoriesResult], CallOptions]:
        """The topics of a text. AWS and Azure classify with a model of your own, named in ``extra=``."""
        return ClassifyRequest(text=text, language=language, split=split), call

    @operation
    def moderation(
        self, text: str, *, language: str | None = None, split: bool = False, **call: Unpack[CallOptions]
    ) -> tuple[Request[CategoriesResult], CallOptions]:
        """How likely a text is harmful, by category; ``flagged`` only where the vendor itself says so."""
        return TextModerationRequest(text=text, language=language, split=split), call

    @operation
    def summarize(
        self,
        text: str,
        *,
        language: str | None = None,
        sentences: int | None = None,
        kind: Literal["extract", "abstract"] | None = None,
        split: bool = False,
        **call: Unpack[CallOptions],
    ) -> tuple[Request[SummaryResult], CallOptions]:
        """A text in fewer words: its own most telling sentences, or a summary written anew (``kind="abstract"``)."""
        return SummarizeRequest(text=text, language=language, sentences=sentences, kind=kind, split=split), call
