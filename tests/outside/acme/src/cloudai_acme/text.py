"""What Acme does with texts."""

from __future__ import annotations

from typing import Any, TypedDict

from cloudai import EntitiesResult, Entity, SentimentResult, SentimentScores, SummaryResult
from cloudai.ports import Port, Step
from cloudai.providers.adapter import limit

VERSION = "2025-05"


class SentimentExtra(TypedDict, total=False):
    """Acme's own options for ``text.sentiment``."""

    mood: str


def _step(path: str, text: str, **options: Any) -> Step:
    """A step that sends a text; options that are not set are left out."""
    given = {name: value for name, value in options.items() if value is not None}
    return Step(
        service="text",
        operation=f"POST {path}",
        params={"json": {"content": text, **given}},
        amount=len(text),
        api_version=VERSION,
    )


@limit(1_000, "code points")
async def sentiment(
    port: Port, text: str, *, language: str | None = None, extra: SentimentExtra | None = None
) -> SentimentResult:
    body = (await port.send(_step("mood", text, tongue=language, **(extra or {})))).body
    good, bad = float(body["good"]), float(body["bad"])
    port.note(model=body["engine"])
    return SentimentResult(
        sentiment={"+": "positive", "-": "negative", "=": "neutral"}[body["verdict"]],  # type: ignore[arg-type]
        scores=SentimentScores(positive=good, negative=bad),
        score=good - bad,
        language=language,
    )


async def entities(port: Port, text: str, *, language: str | None = None) -> EntitiesResult:
    body = (await port.send(_step("things", text, tongue=language))).body
    return EntitiesResult(
        entities=tuple(
            Entity(text=item["word"], vendor_type=item["kind"], offset=int(item["at"]), length=len(item["word"]))
            for item in body["things"]
        ),
        language=language,
    )


async def summarize(port: Port, text: str, *, sentences: int | None = None) -> SummaryResult:
    """A job: it is submitted, asked for until it is done, and its answer comes with the last poll."""
    submitted = await port.send(
        Step(
            service="text",
            operation="POST shorter",
            params={"json": {"content": text} | ({"sentences": sentences} if sentences else {})},
            amount=len(text),
            aside=True,
            api_version=VERSION,
        )
    )
    job = await port.poll(
        Step(service="text", operation=f"GET jobs/{submitted.body['job']}", api_version=VERSION),
        done=lambda reply: reply.body["state"] == "done",
    )
    return SummaryResult(summary=str(job.body["text"]))
