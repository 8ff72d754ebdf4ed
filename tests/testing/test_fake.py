from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import cloudai
from cloudai import CloudAI, EntitiesResult, Retry, SentimentRequest, SentimentResult, operations
from cloudai.testing import Fake

GOOD = SentimentResult(sentiment="positive")
BAD = SentimentResult(sentiment="negative")
Ask = Callable[..., Any]


def test_it_answers_what_it_is_told_to(ask: Ask) -> None:
    fake = Fake(answers={"text.sentiment": GOOD})
    result = ask(fake, lambda ai: ai.text.sentiment("I hate it", language="EN", tags={"who": "me"}))
    assert result == GOOD
    assert (result.meta.provider, result.meta.operation, result.meta.attempts) == ("fake", "text.sentiment", 1)
    assert (result.meta.usage.amount, dict(result.meta.tags)) == (9, {"who": "me"})
    assert fake.calls == [SentimentRequest(text="I hate it", language="en")]


def test_an_answer_is_not_changed_by_being_given(ask: Ask) -> None:
    answer = SentimentResult(sentiment="positive")
    result = ask(Fake(answers={"text.sentiment": answer}), lambda ai: ai.text.sentiment("one"))
    assert result is not answer
    assert answer.meta.provider == ""
    assert result.raw is answer


def test_a_function_answers_by_the_request(ask: Ask) -> None:
    def answer(request: SentimentRequest) -> SentimentResult:
        return GOOD if "love" in request.text else BAD

    fake = Fake(answers={"text.sentiment": answer})
    assert ask(fake, lambda ai: ai.text.sentiment("I love it")).sentiment == "positive"
    assert ask(fake, lambda ai: ai.text.sentiment("I hate it")).sentiment == "negative"


def test_a_list_is_used_up_in_order() -> None:
    ai = CloudAI(Fake(answers={"text.sentiment": [GOOD, lambda request: BAD]}))
    assert [ai.text.sentiment("one").sentiment, ai.text.sentiment("two").sentiment] == ["positive", "negative"]
    with pytest.raises(cloudai.ConfigurationError, match=r"for text\.sentiment are used up, and this is call 3"):
        ai.text.sentiment("three")


def test_its_errors_are_retried_by_the_road(ask: Ask) -> None:
    fake = Fake(answers={"text.sentiment": [cloudai.RateLimitedError("slow", retry_after=0), GOOD]})
    assert ask(fake, lambda ai: ai.text.sentiment("one")).meta.attempts == 2
    assert len(fake.calls) == 2


def test_its_errors_make_the_next_vendor_answer(ask: Ask) -> None:
    down = Fake(name="down", answers={"text.sentiment": cloudai.ServiceUnavailableError("not well", status=503)})
    well = Fake(name="well", answers={"text.sentiment": GOOD})
    meta = ask([down, well], lambda ai: ai.text.sentiment("one"), retry=Retry(attempts=2, first_wait=0)).meta
    assert meta.provider == "well"
    assert [(item.provider, item.status, item.attempts) for item in meta.fallbacks] == [("down", 503, 2)]


@pytest.mark.parametrize("error", [cloudai.QuotaExceededError("used up"), cloudai.QuotaExceededError])
def test_an_error_is_given_as_an_instance_or_a_class(ask: Ask, error: Any) -> None:
    fake = Fake(answers={"text.sentiment": error})
    raised = []
    for _ in range(2):
        with pytest.raises(cloudai.QuotaExceededError) as caught:
            ask(fake, lambda ai: ai.text.sentiment("one"))
        raised.append(caught.value)
    assert raised[0] is not raised[1]
    assert error not in raised
    assert (raised[0].provider, raised[0].operation) == ("fake", "text.sentiment")


def test_it_never_makes_an_answer_up(ask: Ask) -> None:
    with pytest.raises(cloudai.ConfigurationError, match=r"no answer for text\.pii: give it one with Fake\(answers="):
        ask([Fake(answers={"text.sentiment": GOOD}), "local"], lambda ai: ai.text.pii("call me"))


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"text.sentimant": GOOD}, "did you mean text.sentiment"),
        ({"text.sentiment": EntitiesResult(entities=())}, "with a SentimentResult, not with a EntitiesResult"),
        ({"text.sentiment": [GOOD, "positive"]}, "'positive' does not answer text.sentiment"),
        ({"text.sentiment": "positive"}, "'positive' does not answer text.sentiment"),
        ({"text.sentiment": 5}, "5 does not answer text.sentiment"),
    ],
)
def test_an_answer_of_the_wrong_kind_is_refused_at_once(answers: Any, told: str) -> None:
    with pytest.raises(cloudai.CloudAIError, match=told):
        Fake(answers=answers)


def test_a_function_that_answers_nothing_is_named(ask: Ask) -> None:
    nothing: Any = lambda request: None  # noqa: E731
    with pytest.raises(cloudai.ConfigurationError, match="None"):
        ask(Fake(answers={"text.sentiment": nothing}), lambda ai: ai.text.sentiment("one"))


def test_it_has_every_operation_and_option() -> None:
    rows = CloudAI("fake").capabilities()
    assert [row.operation for row in rows if row.supported] == list(operations.names())
    assert not [row for row in rows if row.missing_options]


def test_two_fakes_are_two_vendors() -> None:
    one, other = (Fake(answers={"text.sentiment": GOOD}) for _ in range(2))
    assert one != other
    CloudAI(one).text.sentiment("one", provider=other)
    assert (len(one.calls), len(other.calls)) == (0, 1)


def test_it_may_bear_the_name_that_the_application_asks_for(ask: Ask) -> None:
    fake = Fake(name="aws", answers={"text.sentiment": GOOD})
    assert ask(fake, lambda ai: ai.text.sentiment("one", provider="aws")).meta.provider == "aws"


def test_its_repr_is_short() -> None:
    assert repr(Fake(answers={"text.sentiment": GOOD})) == "Fake(answers for text.sentiment)"
