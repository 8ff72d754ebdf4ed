"""Real boto3 against a server on this machine: what the tests of the link share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cloudai import AWS, Retry, errors
from cloudai.ports import Step
from tests.support import Answer, Loopback, loopback

__all__ = ["KEY", "ONCE", "QUICK", "SECRET", "SENTIMENT", "STEP", "TOKEN", "Ask", "refused", "sentiment", "settings"]

KEY, SECRET, TOKEN = "AKIAEXAMPLEEXAMPLE00", "a-secret-that-nobody-knows", "a-session-token-that-nobody-knows"
SENTIMENT = {
    "Sentiment": "MIXED",
    "SentimentScore": {"Positive": 0.1, "Negative": 0.2, "Neutral": 0.1, "Mixed": 0.6},
}
ONCE = Retry(attempts=1)
QUICK = Retry(first_wait=0, max_wait=0)
STEP = Step(service="comprehend", operation="DetectSentiment", params={"Text": "I love it", "LanguageCode": "en"})
Ask = Callable[..., Any]


def settings(server: Loopback | None = None, **options: Any) -> AWS:
    given = {"region": "eu-west-1", "access_key_id": KEY, "secret_access_key": SECRET}
    return AWS(**{**given, "endpoint": server.address if server else None, **options})


def sentiment(ai: Any, **options: Any) -> Any:
    return ai.text.sentiment("I love it", language="en", **options)


def refused(ask: Ask, answer: Answer, *, retry: Retry = ONCE) -> errors.CloudAIError:
    """The error that an answer becomes."""
    with loopback(answer) as server, pytest.raises(errors.CloudAIError) as caught:
        ask(settings(server), sentiment, retry=retry)
    return caught.value
