from __future__ import annotations

from typing import TypedDict

from cloudai.operations.text import (
    EntitiesResult,
    Entity,
    KeyPhrase,
    KeyPhrasesResult,
    SentimentResult,
    SummaryResult,
)
from cloudai.ports import Port, Step
from cloudai.providers.adapter import limit, requires


class SentimentExtra(TypedDict, total=False):
    mood: str


@limit(20, "code points")
async def sentiment(
    port: Port, text: str, *, language: str | None = None, extra: SentimentExtra | None = None
) -> SentimentResult:
    params = {"text": text, "language": language, **(extra or {})}
    reply = await port.send(
        Step(service="toy", operation="Sentiment", params=params, amount=len(text), api_version="toy-1")
    )
    port.note(model="m1")
    return SentimentResult(sentiment=reply.body["verdict"], score=reply.body.get("score"), language=language)


async def entities(port: Port, text: str) -> EntitiesResult:
    found = (await port.send(Step(service="toy", operation="Entities", params={"text": text}))).body["found"]
    return EntitiesResult(
        entities=tuple(Entity(text=word, offset=text.index(word), length=len(word)) for word in found)
    )


async def summarize(port: Port, text: str, *, sentences: int | None = None) -> SummaryResult:
    """A job: submitted, polled, fetched."""
    submitted = await port.send(
        Step(service="toy", operation="Submit", params={"text": text}, aside=True, amount=len(text))
    )
    done = await port.poll(
        Step(service="toy", operation="Poll", params={"id": submitted.body["id"]}),
        done=lambda reply: reply.body["state"] == "done",
    )
    return SummaryResult(summary=done.body["summary"])


@requires(lambda: "key phrases need the toy engine: pip install 'toy[engine]'")
async def key_phrases(port: Port, text: str) -> KeyPhrasesResult:
    return KeyPhrasesResult(phrases=(KeyPhrase(text=text),))
