"""The road of one call, in every colour: retries, deadlines, fallback, splitting, refusals, meta."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cloudai import (
    AllProvidersFailedError,
    AuthenticationError,
    CloudAIError,
    ConfigurationError,
    ConnectionFailedError,
    InputTooLargeError,
    InvalidRequestError,
    InvalidResponseError,
    PermissionDeniedError,
    QuotaExceededError,
    RateLimitedError,
    Retry,
    SentimentRequest,
    ServiceUnavailableError,
    TimeoutError,
    UnsupportedError,
    UnsupportedLanguageError,
)
from cloudai.ports import Failure, Reply, Step
from tests.toy import Toy

pytestmark = pytest.mark.usefixtures("toy")
Ask = Callable[..., Any]
GOOD = {"verdict": "positive"}
QUICK = Retry(attempts=3, first_wait=0.0, max_wait=0.01)


def sentiment(text: str = "fine", **call: Any) -> Callable[[Any], Any]:
    return lambda ai: ai.text.sentiment(text, **call)


def slow(**details: Any) -> Failure:
    return Failure("slow down", codes=["Slow"], status=400, **details)


def test_an_answer_comes_with_who_how_and_what(ask: Ask) -> None:
    result = ask(Toy(script=[GOOD]), sentiment(tags={"a": "b"}))
    meta = result.meta
    assert result.sentiment == "positive"
    assert (meta.provider, meta.operation, meta.model, meta.api_version) == ("toy", "text.sentiment", "m1", "toy-1")
    assert (meta.request_id, meta.attempts, meta.fallbacks, meta.tags) == ("toy-1", 1, (), {"a": "b"})
    assert (meta.usage.measure, meta.usage.amount, meta.usage.metered) == ("characters", 4, {"units": 2})
    assert [(step.operation, step.amount) for step in meta.usage.steps] == [("Sentiment", 4)]
    assert meta.latency > 0
    assert result.raw == GOOD


@pytest.mark.parametrize(
    ("failure", "error", "retried"),
    [
        (slow(), RateLimitedError, True),
        (Failure("x", status=429), RateLimitedError, True),
        (Failure("x", status=503), ServiceUnavailableError, True),
        (Failure("x", status=500, codes=["Unheard"]), ServiceUnavailableError, True),
        (Failure("x", kind="timeout"), TimeoutError, True),
        (Failure("x", kind="connection"), ConnectionFailedError, True),
        (Failure("x", status=504), TimeoutError, True),
        (Failure("x", codes=["Used"], status=429), QuotaExceededError, False),
        (Failure("x", status=400), InvalidRequestError, False),
        (Failure("x", status=418), InvalidRequestError, False),
        (Failure("x", status=401), AuthenticationError, False),
        (Failure("x", status=403), PermissionDeniedError, False),
        (Failure("x", status=413), InputTooLargeError, False),
        (Failure("x", status=200, codes=["Tongue"]), UnsupportedLanguageError, False),
        (Failure("x", status=302), InvalidResponseError, False),
        (Failure("x", kind="shape"), InvalidResponseError, False),
        (Failure("x"), CloudAIError, False),
        (KeyError("inside the SDK"), CloudAIError, False),
    ],
)
def test_a_failure_becomes_our_error_and_only_some_are_sent_again(
    ask: Ask, failure: Exception, error: type[CloudAIError], retried: bool
) -> None:
    vendor = Toy(script=[failure])
    with pytest.raises(CloudAIError) as caught:
        ask(vendor, sentiment(), retry=QUICK)
    assert type(caught.value) is error
    assert (caught.value.provider, caught.value.operation) == ("toy", "text.sentiment")
    assert caught.value.__cause__ is not None
    assert len(vendor.sent) == (3 if retried else 1)


def test_a_step_that_succeeds_after_failing_says_how_often_it_was_sent(ask: Ask) -> None:
    assert ask(Toy(script=[slow(), slow(), GOOD]), sentiment(), retry=QUICK).meta.attempts == 3


def test_one_attempt_never_retries(ask: Ask) -> None:
    vendor = Toy(script=[slow(), GOOD])
    with pytest.raises(RateLimitedError):
        ask(vendor, sentiment(), retry=Retry(attempts=1))
    assert len(vendor.sent) == 1


def test_the_wait_that_the_vendor_asks_for_is_kept(ask: Ask) -> None:
    result = ask(Toy(script=[slow(retry_after=0.3), GOOD]), sentiment(), retry=QUICK)
    assert 0.3 <= result.meta.latency < 3


def test_a_wait_beyond_the_cap_is_not_begun(ask: Ask) -> None:
    vendor = Toy(script=[slow(retry_after=1_300_000.0), GOOD])
    with pytest.raises(RateLimitedError) as caught:
        ask(vendor, sentiment(), retry=QUICK)
    assert (len(vendor.sent), caught.value.retry_after) == (1, 1_300_000.0)


def test_the_deadline_bounds_waits_and_steps(ask: Ask) -> None:
    vendor = Toy(script=[slow(retry_after=5.0), GOOD])
    with pytest.raises(RateLimitedError):
        ask(vendor, sentiment(deadline=1.0), retry=QUICK)
    assert len(vendor.sent) == 1
    assert 0.5 < vendor.sent[0][1] <= 1.0


def test_a_step_gets_the_timeout_of_its_call(ask: Ask) -> None:
    vendor = Toy(script=[GOOD])
    ask(vendor, sentiment(timeout=7))
    assert vendor.sent[0][1] == 7


def test_the_next_vendor_answers_when_one_cannot(ask: Ask) -> None:
    first, second = Toy(name="one", script=[slow()]), Toy(name="two", script=[GOOD])
    meta = ask([first, second], sentiment(), retry=Retry(attempts=2, first_wait=0.0)).meta
    assert (meta.provider, meta.attempts) == ("two", 1)
    failed = meta.fallbacks[0]
    assert (failed.provider, failed.error, failed.vendor_code, failed.attempts) == (
        "one",
        "RateLimitedError",
        "Slow",
        2,
    )


def test_a_mistake_is_not_hidden_by_asking_the_next_vendor(ask: Ask) -> None:
    second = Toy(name="two", script=[GOOD])
    for failure in (Failure("x", status=401), Failure("x", status=403), Failure("x", status=400)):
        with pytest.raises((AuthenticationError, PermissionDeniedError, InvalidRequestError)):
            ask([Toy(name="one", script=[failure]), second], sentiment())
    assert not second.sent


def test_an_answer_of_the_wrong_shape_makes_the_next_vendor_answer(ask: Ask) -> None:
    meta = ask([Toy(name="one", script=[{"verdikt": 1}]), Toy(name="two", script=[GOOD])], sentiment()).meta
    assert (meta.provider, meta.fallbacks[0].error) == ("two", "InvalidResponseError")


def test_what_a_vendor_cannot_do_costs_no_step(ask: Ask) -> None:
    one, two = Toy(name="one", script=[GOOD]), Toy(name="two", script=[GOOD])
    with pytest.raises(AllProvidersFailedError) as caught:
        ask([one, two], lambda ai: ai.text.syntax("x"))
    assert [type(error) for error in caught.value.errors] == [UnsupportedError, UnsupportedError]
    assert not one.sent + two.sent


def test_which_errors_fall_back_can_be_said(ask: Ask) -> None:
    vendors = [Toy(name="one", script=[Failure("x", status=401)]), Toy(name="two", script=[GOOD])]
    assert ask(vendors, sentiment(), fallback_on=[AuthenticationError]).meta.provider == "two"
    vendors = [Toy(name="one", script=[slow()]), Toy(name="two", script=[GOOD])]
    with pytest.raises(RateLimitedError):
        ask(vendors, sentiment(), fallback_on=[], retry=Retry(attempts=1))


def test_the_error_that_ends_a_call_knows_who_failed_before(ask: Ask) -> None:
    with pytest.raises(AuthenticationError) as caught:
        ask(
            [Toy(name="one", script=[Failure("x", kind="shape")]), Toy(name="two", script=[Failure("x", status=401)])],
            sentiment(),
        )
    assert [item.provider for item in caught.value.fallbacks] == ["one"]


def test_retries_and_fallback_do_not_multiply(ask: Ask) -> None:
    one, two = Toy(name="one", script=[slow()]), Toy(name="two", script=[slow()])
    with pytest.raises(AllProvidersFailedError):
        ask([one, two], sentiment(), retry=QUICK)
    assert (len(one.sent), len(two.sent)) == (3, 3)


def test_a_text_over_the_limit_is_refused_before_it_is_sent(ask: Ask) -> None:
    vendor = Toy(script=[GOOD])
    with pytest.raises(InputTooLargeError, match=r"26 code points.*takes 20 code points.*split=True"):
        ask(vendor, sentiment("This text is far too long."))
    assert not vendor.sent


def test_a_text_over_the_limit_is_split_and_put_together_when_asked(ask: Ask) -> None:
    def answer(step: Step) -> Reply:
        return Reply(body={"verdict": "positive" if "Good" in step.params["text"] else "negative", "score": 0.5})

    vendor = Toy(script=[answer])
    result = ask(vendor, sentiment("Good one here. Bad. Good again, yes.", split=True))
    # The pieces may travel side by side, so they may arrive in any order.
    assert {step.params["text"] for step, _ in vendor.sent} == {"Good one here. Bad. ", "Good again, yes."}
    assert result.sentiment == "positive"
    assert result.score == pytest.approx(0.5)
    assert len(result.raw) == result.meta.attempts == len(vendor.sent)
    assert sum(step.amount for step in result.meta.usage.steps) == 36


def test_an_option_that_a_vendor_cannot_express_is_refused_by_name(ask: Ask) -> None:
    vendor = Toy(script=[{"found": []}])
    with pytest.raises(UnsupportedError, match=r"Toy cannot express language of text.entities.*unsupported='ignore'"):
        ask(vendor, lambda ai: ai.text.entities("x", language="en"))
    assert not vendor.sent


@pytest.mark.parametrize("where", ["client", "call"])
def test_an_option_can_be_dropped_and_is_then_named(ask: Ask, where: str) -> None:
    call = {"unsupported": "ignore"}
    result = ask(
        Toy(script=[{"found": []}]),
        lambda ai: ai.text.entities("x", language="en", **(call if where == "call" else {})),
        **(call if where == "client" else {}),
    )
    assert result.meta.dropped == ("language",)


def test_an_operation_whose_engine_is_missing_says_how_to_get_it(ask: Ask) -> None:
    with pytest.raises(UnsupportedError, match="pip install 'toy"):
        ask(Toy(script=[GOOD]), lambda ai: ai.text.key_phrases("x"))


def test_options_of_one_vendor_reach_it_and_only_it(ask: Ask) -> None:
    vendor = Toy(script=[GOOD])
    ask(vendor, sentiment(extra={"toy": {"mood": "mild"}, "aws": {"anything": 1}}))
    assert vendor.sent[0][0].params["mood"] == "mild"


@pytest.mark.parametrize(
    ("extra", "message"), [({"toy": {"temper": 1}}, "has no temper.*is mood"), ({"toi": {}}, "no vendor 'toi'")]
)
def test_an_unknown_option_of_one_vendor_is_an_error(ask: Ask, extra: Any, message: str) -> None:
    with pytest.raises((InvalidRequestError, ConfigurationError), match=message):
        ask(Toy(script=[GOOD]), sentiment(extra=extra))


@pytest.mark.parametrize("body", [{}, [], None, "text", {"verdict": "x", "score": 1}.items()])
def test_an_answer_that_lacks_what_was_agreed_keeps_the_raw_answer(ask: Ask, body: Any) -> None:
    with pytest.raises(InvalidResponseError) as caught:
        ask(Toy(script=[Reply(body=body, request_id="r9")]), sentiment())
    assert caught.value.raw is body
    assert caught.value.request_id == "r9"


def test_a_failed_poll_never_submits_again(ask: Ask) -> None:
    def answer(step: Step) -> Any:
        if step.operation == "Submit":
            return {"id": "j"}
        polls.append(step)
        if len(polls) == 1:
            return slow()
        return {"state": "done" if len(polls) > 2 else "running", "summary": "short"}

    polls: list[Step] = []
    vendor = Toy(script=[lambda step: _raise(answer(step))])
    result = ask(vendor, lambda ai: ai.text.summarize("x"), retry=QUICK)
    assert [step.operation for step, _ in vendor.sent].count("Submit") == 1
    assert (result.summary, result.meta.attempts) == ("short", 4)
    assert result.raw == {"state": "done", "summary": "short"}


def _raise(answer: Any) -> Any:
    if isinstance(answer, Failure):
        from tests.toy.connect import VendorError

        raise VendorError(answer)
    return answer


def test_no_secret_gets_into_an_error(ask: Ask) -> None:
    failure = Failure("the key s3cr3t-key is wrong", status=401)
    with pytest.raises(AuthenticationError) as caught:
        ask(Toy(script=[failure], key="s3cr3t-key"), sentiment())
    assert "s3cr3t" not in str(caught.value)
    assert "***" in str(caught.value)


def test_no_secret_of_the_environment_gets_into_an_error(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOY_KEY", "0123456789abcdef0123")
    with pytest.raises(AuthenticationError) as caught:
        ask(Toy(script=[Failure("the key 0123456789abcdef0123 is wrong", status=401)]), sentiment())
    assert "0123456789abcdef0123" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "   \n\t", b"bytes", None, 7, "half \ud83d pair"])
def test_a_text_that_cannot_be_analysed_is_refused_before_anything_is_sent(ask: Ask, text: Any) -> None:
    vendor = Toy(script=[GOOD])
    with pytest.raises(InvalidRequestError):
        ask(vendor, sentiment(text))
    assert not vendor.sent


def test_an_option_of_calls_that_does_not_exist_is_named(ask: Ask) -> None:
    with pytest.raises(InvalidRequestError, match="has no option colour"):
        ask(Toy(script=[GOOD]), sentiment(colour="red"))


def test_a_request_can_be_run_instead_of_called(ask: Ask) -> None:
    vendor = Toy(script=[GOOD])
    request = SentimentRequest(text="fine", language="en")
    assert ask(vendor, lambda ai: ai.run(request)) == ask(vendor, sentiment(language="en"))


def test_a_key_that_the_vendor_repeats_is_neither_in_the_cause_nor_in_the_raw_answer(ask: Ask) -> None:
    import pickle
    import traceback

    body = {"error": {"message": "who is s3cr3t-key?", "sent": ["authorization: s3cr3t-key"]}}
    vendor = Toy(script=[Failure("s3cr3t-key is wrong", status=401, body=body)], key="s3cr3t-key")
    with pytest.raises(AuthenticationError) as caught:
        ask(vendor, sentiment())
    error = caught.value
    assert "s3cr3t" not in "".join(traceback.format_exception(error))
    assert "s3cr3t" not in repr(error.raw)
    assert b"s3cr3t" not in pickle.dumps(error)
    assert error.raw["error"]["sent"] == ["authorization: ***"]


def test_an_answer_of_endless_depth_is_no_trouble(ask: Ask) -> None:
    body: Any = []
    for _ in range(5_000):
        body = [body]
    with pytest.raises(InvalidRequestError):
        ask(Toy(script=[Failure("deep", status=400, body=body)]), sentiment())


def test_a_refusal_within_an_answer_that_says_200_is_a_bad_request(ask: Ask) -> None:
    second = Toy(name="two", script=[GOOD])
    with pytest.raises(InvalidRequestError) as caught:
        ask([Toy(name="one", script=[Failure("x", status=200, codes=["NewCode"])]), second], sentiment())
    assert (caught.value.vendor_code, len(second.sent)) == ("NewCode", 0)


def test_a_wrong_shape_knows_its_status(ask: Ask) -> None:
    with pytest.raises(InvalidResponseError) as caught:
        ask(Toy(script=[Reply(body={}, status=200)]), sentiment())
    assert caught.value.status == 200


@pytest.mark.parametrize("kind", [{"max_concurrency": 1}, {"rate": "1/minute"}])
def test_waiting_for_room_ends_with_the_deadline(ask: Ask, kind: dict[str, Any]) -> None:
    import threading
    import time

    release = threading.Event()
    vendor = Toy(script=[GOOD], hold=lambda: release.wait(3), **kind)
    timer = threading.Timer(1.0, release.set)
    timer.start()
    began = time.monotonic()
    # Either of the two steps may be the first to find that the time is up.
    with pytest.raises(TimeoutError, match="deadline|no answer within"):
        ask(vendor, sentiment("Number one is it. Number two is it. ", split=True, deadline=0.4))
    timer.join()
    assert time.monotonic() - began < 2.5


def test_retries_count_against_the_rate(ask: Ask) -> None:
    import time

    began = time.monotonic()
    ask(Toy(script=[slow(), GOOD], rate="1/second"), sentiment(), retry=QUICK)
    assert time.monotonic() - began > 0.5


def test_a_poll_is_not_put_off_for_longer_than_the_cap(ask: Ask) -> None:
    def answer(step: Step) -> Any:
        if step.operation == "Submit":
            return {"id": "j"}
        state = "done" if len(vendor.sent) > 2 else "running"
        return Reply(body={"state": state, "summary": "short"}, headers={"retry-after": "1296000"})

    vendor = Toy(script=[answer])
    patience = Retry(max_retry_after=0.1)
    assert ask(vendor, lambda ai: ai.text.summarize("x"), retry=patience).meta.latency < 5


@pytest.mark.parametrize("kind", [{"max_concurrency": 1}, {"rate": "2/second"}])
def test_the_limits_of_a_vendor_hold_steps_back(ask: Ask, kind: dict[str, Any]) -> None:
    # Four pieces at once, each of which holds its place for a while.
    import threading
    import time

    under_way = most = 0
    lock = threading.Lock()

    def hold() -> None:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        time.sleep(0.05)
        with lock:
            under_way -= 1

    began = time.monotonic()
    vendor = Toy(script=[GOOD], hold=hold, **kind)
    ask(vendor, sentiment("Number one is it. Number two is it. Number four is. ", split=True))
    assert len(vendor.sent) == 3
    if "rate" in kind:
        assert time.monotonic() - began > 0.5
    else:
        assert most == 1
