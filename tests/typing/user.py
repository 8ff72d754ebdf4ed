"""A user's script, checked by mypy and pyright and never run: what the types of the public surface promise.

A line with an ignore comment has to be an error: both checkers report an ignore that is not needed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Coroutine, Iterator
from typing import Any, assert_type

from cloudai import (
    AWS,
    AsyncCloudAI,
    Azure,
    CallOptions,
    Capability,
    CategoriesResult,
    Category,
    CloudAI,
    CloudAIError,
    Comparison,
    DetectedLanguage,
    DetectionResult,
    EntitiesResult,
    Entity,
    EntityLink,
    FailedProvider,
    Google,
    KeyPhrase,
    KeyPhrasesResult,
    LanguageRequest,
    Local,
    Meta,
    Opinion,
    OpinionsResult,
    Outcome,
    PiiRequest,
    PiiResult,
    RateLimitedError,
    Request,
    Result,
    Retry,
    Sentence,
    Sentiment,
    SentimentRequest,
    SentimentResult,
    SentimentScores,
    SummarizeRequest,
    SummaryResult,
    SyntaxResult,
    Token,
    Usage,
)

ai = CloudAI(["google", AWS(region="eu-west-1"), Local()], retry=Retry(attempts=1), timeout=5.0)


def every_operation_returns_its_result() -> None:
    assert_type(ai.text.sentiment("I love it"), SentimentResult)
    assert_type(ai.text.opinions("I love it"), OpinionsResult)
    assert_type(ai.text.entities("I love it"), EntitiesResult)
    assert_type(ai.text.linked_entities("I love it"), EntitiesResult)
    assert_type(ai.text.key_phrases("I love it"), KeyPhrasesResult)
    assert_type(ai.text.language("I love it", country_hint="GB"), DetectionResult)
    assert_type(ai.text.pii("I love it", categories=["email"]), PiiResult)
    assert_type(ai.text.syntax("I love it", language="en"), SyntaxResult)
    assert_type(ai.text.classify("I love it"), CategoriesResult)
    assert_type(ai.text.moderation("I love it"), CategoriesResult)
    assert_type(ai.text.summarize("I love it", sentences=2, kind="extract"), SummaryResult)


async def every_operation_of_the_async_client_is_awaitable() -> None:
    async with AsyncCloudAI("local") as later:
        assert_type(later, AsyncCloudAI)
        waiting: Coroutine[Any, Any, SentimentResult] = later.text.sentiment("I love it")
        assert_type(await waiting, SentimentResult)
        assert_type(await later.text.pii("I love it", provider="local", timeout=2), PiiResult)
        assert_type(await later.run(SentimentRequest(text="I love it")), SentimentResult)
        assert_type(await later.compare(SentimentRequest(text="I love it")), Comparison[SentimentResult])
        outcomes = later.run_many([SentimentRequest(text="I love it")], concurrency=32)
        assert_type(outcomes, AsyncIterator[Outcome[SentimentResult]])
        async for outcome in outcomes:
            assert_type(outcome.unwrap().sentiment, Sentiment)
        await later.close()


def a_request_knows_its_result(any_request: Request[Any]) -> None:
    assert_type(ai.run(SentimentRequest(text="I love it")), SentimentResult)
    assert_type(ai.run(LanguageRequest(text="I love it"), provider=["aws", Azure()]), DetectionResult)
    assert_type(ai.run(PiiRequest(text="I love it", categories=("email",))), PiiResult)
    assert_type(ai.run(SummarizeRequest(text="I love it")), SummaryResult)
    assert_type(ai.run(any_request), Any)


def many_requests_keep_it() -> None:
    requests = (SentimentRequest(text=text) for text in ("one", "two"))
    outcomes = ai.run_many(requests, concurrency=32, tags={"job": "reviews"})
    assert_type(outcomes, Iterator[Outcome[SentimentResult]])
    for outcome in outcomes:
        assert_type(outcome.result, SentimentResult | None)
        assert_type(outcome.error, CloudAIError | None)
        assert_type(outcome.ok, bool)
        assert_type(outcome.index, int)
        assert_type(outcome.unwrap().scores, SentimentScores | None)


def a_comparison_keeps_it() -> None:
    comparison = ai.compare(SentimentRequest(text="I love it"), providers=["aws", "google", "local"])
    assert_type(comparison, Comparison[SentimentResult])
    assert_type(comparison["aws"], Outcome[SentimentResult])
    assert_type(comparison.results, dict[str, SentimentResult])
    assert_type(comparison.errors, dict[str, CloudAIError])
    for outcome in comparison:
        assert_type(outcome, Outcome[SentimentResult])


def results_are_iterated_over() -> None:
    for entity in ai.text.entities("I love it"):
        assert_type(entity, Entity)
        assert_type(entity.links, tuple[EntityLink, ...])
        assert_type(entity.offset, int | None)
    for opinion in ai.text.opinions("I love it"):
        assert_type(opinion, Opinion)
    for phrase in ai.text.key_phrases("I love it"):
        assert_type(phrase, KeyPhrase)
    for language in ai.text.language("I love it"):
        assert_type(language, DetectedLanguage)
    for token in ai.text.syntax("I love it"):
        assert_type(token, Token)
    for category in ai.text.moderation("I love it"):
        assert_type(category, Category)
    assert_type(ai.text.pii("I love it")[0], Entity)
    assert_type(len(ai.text.entities("I love it")), int)


def results_say_what_they_hold() -> None:
    result = ai.text.sentiment("I love it")
    assert_type(result.sentiment, Sentiment)
    assert_type(result.score, float | None)
    assert_type(result.sentences, tuple[Sentence, ...])
    assert_type(result.meta, Meta)
    assert_type(result.meta.usage, Usage | None)
    assert_type(result.meta.fallbacks, tuple[FailedProvider, ...])
    assert_type(result.to_dict(), dict[str, Any])
    assert_type(SentimentResult.from_dict(result.to_dict()), SentimentResult)
    base: Result = result
    assert_type(base.raw, Any)


def the_client_says_what_it_can() -> None:
    assert_type(ai.capabilities(), tuple[Capability, ...])
    assert_type(ai.providers, tuple[str, ...])
    assert_type(CloudAI.from_env(), CloudAI)
    assert_type(AsyncCloudAI.from_config("cloudai.toml"), AsyncCloudAI)
    with CloudAI(Google(project="p")) as client:
        assert_type(client, CloudAI)


def call_options_can_be_kept() -> None:
    options: CallOptions = {"provider": "aws", "deadline": 10.0, "unsupported": "ignore"}
    assert_type(ai.text.sentiment("I love it", **options), SentimentResult)
    ai.text.classify("I love it", extra={"aws": {"endpoint_arn": "arn"}})


def errors_say_what_happened() -> None:
    try:
        ai.text.sentiment("I love it")
    except RateLimitedError as error:
        assert_type(error.retry_after, float | None)
        assert_type(error.provider, str | None)
        assert_type(error.retryable, bool)


def what_is_wrong_is_an_error() -> None:
    ai.text.sentiment()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    ai.text.sentiment(b"bytes")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    ai.text.sentiment("text", "en")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    ai.text.sentiment("text", sentences=2)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    ai.text.sentiment("text", timeout="5")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    ai.text.summarize("text", kind="short")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    ai.text.sentiment("text", unsupported="drop")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    ai.text.feelings("text")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    ai.run("text")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    AWS(key="secret")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    AWS("eu-west-1")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    SentimentRequest("text")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    result = ai.text.sentiment("text")
    result.sentiment = "negative"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    len(result)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


async def what_is_not_awaited_is_an_error() -> None:
    later = AsyncCloudAI("local")
    later.text.sentiment("text").sentiment  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    await ai.text.sentiment("text")  # type: ignore[misc]  # pyright: ignore[reportGeneralTypeIssues]
