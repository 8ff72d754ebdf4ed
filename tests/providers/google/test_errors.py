"""Google's errors over loopback HTTP, through the whole road, in every colour."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cloudai import (
    AuthenticationError,
    CloudAIError,
    Google,
    InputTooLargeError,
    InvalidRequestError,
    InvalidResponseError,
    PermissionDeniedError,
    QuotaExceededError,
    RateLimitedError,
    Retry,
    ServiceUnavailableError,
    TimeoutError,
)
from cloudai.providers.google.errors import CODES
from cloudai.providers.google.explain import explain
from tests.support import Answer, answer_of, loopback, recording

ONCE = Retry(attempts=1)
KEY = "AIza-not-a-real-key"
LOVE = {"documentSentiment": {"score": 0.9, "magnitude": 0.9}, "language": "en", "sentences": []}


def error(status: int, name: str | None, *details: Any, message: str = "no", reason: str | None = None) -> Answer:
    body: dict[str, Any] = {"code": status, "message": message}
    if name:
        body["status"] = name
    if reason:
        body["errors"] = [{"message": message, "domain": "global", "reason": reason}]
    if details:
        body["details"] = list(details)
    return Answer(status, {"error": body})


def info(reason: str, **metadata: str) -> dict[str, Any]:
    return {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": metadata,
    }


def fail(ask: Callable[..., Any], answer: Answer, **options: Any) -> CloudAIError:
    with loopback(answer) as server, pytest.raises(CloudAIError) as caught:
        settings = Google(api_key=KEY, endpoint=server.address)
        ask(settings, lambda ai: ai.text.sentiment("I love it", language="en"), **{"retry": ONCE, **options})
    assert KEY not in str(caught.value)
    assert caught.value.provider == "google"
    assert caught.value.operation == "text.sentiment"
    return caught.value


@pytest.mark.parametrize(
    ("name", "expected", "code", "retry_after"),
    [
        ("translate/v2-error-400-api-key-not-valid", AuthenticationError, "API_KEY_INVALID", None),
        ("vision/error-400-api-key-expired", AuthenticationError, "API_KEY_INVALID", None),
        ("translate/v2-error-400-empty-target", InvalidRequestError, "invalid", None),
        ("translate/v2-error-400-text-too-long", InvalidRequestError, "invalid", None),
        ("texttospeech/error-401-access-token-expired", AuthenticationError, None, None),
        ("speech/error-403-service-disabled-help-only", PermissionDeniedError, "PERMISSION_DENIED", None),
        ("speech/v1-error-400-sync-input-too-long", InvalidRequestError, "INVALID_ARGUMENT", None),
        ("speech/v1-error-404-entity-not-found", InvalidRequestError, None, None),
        ("common/error-429-no-details", RateLimitedError, "RESOURCE_EXHAUSTED", None),
        ("common/error-429-quotafailure-help-retryinfo", RateLimitedError, "RESOURCE_EXHAUSTED", 15.0),
    ],
)
def test_recorded_errors_have_the_right_class(
    ask: Callable[..., Any], name: str, expected: type[CloudAIError], code: str | None, retry_after: float | None
) -> None:
    response = recording(f"google/{name}")["response"]
    caught = fail(ask, answer_of(response))
    assert type(caught) is expected
    assert caught.status == response["status"]
    assert code is None or caught.vendor_code == code
    assert caught.retry_after == retry_after
    assert caught.raw == response["body"]


def test_the_recorded_inner_error_of_disabled_billing_is_a_missing_permission(ask: Callable[..., Any]) -> None:
    inner = recording("google/language/error-403-billing-disabled-inner-object")["response"]["body"]
    caught = fail(ask, Answer(403, {"error": inner}))
    assert type(caught) is PermissionDeniedError
    assert (caught.vendor_code, caught.status) == ("PERMISSION_DENIED", 403)
    assert "billing disabled" in caught.message


DAY = {"quota_unit": "1/d/{project}", "quota_limit": "DailyPerProject"}


@pytest.mark.parametrize(
    ("answer", "expected", "code"),
    [
        (error(400, "INVALID_ARGUMENT", info("API_KEY_INVALID")), AuthenticationError, "API_KEY_INVALID"),
        (error(403, "PERMISSION_DENIED", info("SERVICE_DISABLED")), PermissionDeniedError, "SERVICE_DISABLED"),
        (error(403, "PERMISSION_DENIED", info("BILLING_DISABLED")), PermissionDeniedError, "BILLING_DISABLED"),
        (error(403, "PERMISSION_DENIED", info("CONSUMER_INVALID")), PermissionDeniedError, "CONSUMER_INVALID"),
        (error(401, "UNAUTHENTICATED", info("ACCESS_TOKEN_EXPIRED")), AuthenticationError, "ACCESS_TOKEN_EXPIRED"),
        (error(429, "RESOURCE_EXHAUSTED", info("RATE_LIMIT_EXCEEDED")), RateLimitedError, "RATE_LIMIT_EXCEEDED"),
        (
            error(429, "RESOURCE_EXHAUSTED", info("RATE_LIMIT_EXCEEDED", **DAY)),
            QuotaExceededError,
            "RATE_LIMIT_EXCEEDED",
        ),
        (error(403, "PERMISSION_DENIED", info("RATE_LIMIT_EXCEEDED")), RateLimitedError, "RATE_LIMIT_EXCEEDED"),
        (error(413, "INVALID_ARGUMENT"), InputTooLargeError, None),
        (error(413, "INVALID_ARGUMENT", reason="uploadTooLarge"), InputTooLargeError, "uploadTooLarge"),
        (error(413, None), InputTooLargeError, None),
        (error(403, None, reason="dailyLimitExceeded", message="Daily Limit Exceeded"), QuotaExceededError, None),
        (error(403, None, reason="userRateLimitExceeded"), RateLimitedError, "userRateLimitExceeded"),
        (error(403, "RESOURCE_EXHAUSTED", reason="rateLimitExceeded"), RateLimitedError, "rateLimitExceeded"),
        (error(403, None, reason="quotaExceeded"), QuotaExceededError, "quotaExceeded"),
        (error(400, None, reason="keyInvalid"), AuthenticationError, "keyInvalid"),
        (error(400, None, reason="keyExpired"), AuthenticationError, "keyExpired"),
        (error(401, None, reason="required"), AuthenticationError, "required"),
        (error(403, None, reason="forbidden"), PermissionDeniedError, "forbidden"),
        (error(400, "FAILED_PRECONDITION"), InvalidRequestError, "FAILED_PRECONDITION"),
        (error(404, "NOT_FOUND"), InvalidRequestError, "NOT_FOUND"),
        (error(500, "INTERNAL"), ServiceUnavailableError, "INTERNAL"),
        (error(503, "UNAVAILABLE"), ServiceUnavailableError, "UNAVAILABLE"),
        (error(504, "DEADLINE_EXCEEDED"), TimeoutError, "DEADLINE_EXCEEDED"),
        (Answer(500, "oops"), ServiceUnavailableError, None),
        (Answer(502, "<html>bad gateway</html>", {"content-type": "text/html"}), ServiceUnavailableError, None),
        (Answer(503, {"error": {}}), ServiceUnavailableError, None),
        (Answer(403, {"error": {"errors": None, "details": "x", "status": 7}}), PermissionDeniedError, None),
        (Answer(400, [1]), InvalidRequestError, None),
        (Answer(400, [{"error": {"status": "UNAUTHENTICATED"}}]), AuthenticationError, "UNAUTHENTICATED"),
        (Answer(401, None), AuthenticationError, None),
        (Answer(302, {}, {"location": "http://127.0.0.1:9/"}), InvalidResponseError, None),
    ],
)
def test_an_error_is_told_by_its_most_telling_code(
    answer: Answer, expected: type[CloudAIError], code: str | None
) -> None:
    from cloudai import CloudAI

    def blocking(providers: Any, call: Callable[[Any], Any], **options: Any) -> Any:
        with CloudAI(providers, **options) as ai:
            return call(ai)

    caught = fail(blocking, answer)
    assert type(caught) is expected
    assert caught.status == answer.status
    assert code is None or caught.vendor_code == code


def test_a_page_in_place_of_an_error_is_kept_but_not_repeated(ask: Callable[..., Any]) -> None:
    page = "<!DOCTYPE html><title>Error 404 (Not Found)!!1</title>" + "<p>lost</p>" * 200
    caught = fail(ask, Answer(404, page, {"content-type": "text/html; charset=UTF-8"}))
    assert type(caught) is InvalidRequestError
    assert caught.status == 404
    assert len(caught.message) < 120
    assert "<" not in caught.message
    assert caught.raw == page


def test_a_key_that_google_repeats_is_covered(ask: Callable[..., Any]) -> None:
    caught = fail(ask, error(400, "INVALID_ARGUMENT", message=f"the key {KEY} is not valid"))
    assert "***" in str(caught)


def test_a_key_of_the_environment_is_covered_too(ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_API_KEY", KEY)
    answer = error(400, "INVALID_ARGUMENT", message=f"the key {KEY} is not valid")
    with loopback(answer) as server, pytest.raises(InvalidRequestError) as caught:
        ask(Google(endpoint=server.address), lambda ai: ai.text.sentiment("I love it"), retry=ONCE)
    assert KEY not in str(caught.value)


def test_the_wait_that_google_asks_for_is_kept_before_the_next_attempt(ask: Callable[..., Any]) -> None:
    slow = error(429, "RESOURCE_EXHAUSTED", {"@type": "x/google.rpc.RetryInfo", "retryDelay": "0.05s"})
    with loopback(slow, Answer(200, LOVE)) as server:
        settings = Google(api_key=KEY, endpoint=server.address)
        result = ask(settings, lambda ai: ai.text.sentiment("I love it"), retry=Retry(attempts=2))
    assert result.sentiment == "positive"
    assert result.meta.attempts == 2


@pytest.mark.parametrize("asked", ["soon", "-1s", "infs", 15, None, "s"])
def test_a_wait_that_cannot_be_read_is_none(asked: Any) -> None:
    assert explain(429, {}, {"error": {"details": [{"retryDelay": asked}]}}).retry_after is None


def test_the_form_of_oauth_is_read_too() -> None:
    said = explain(401, {}, {"error": "invalid_client", "error_description": "who are you"})
    assert (said.message, said.codes) == ("who are you", ("invalid_client",))


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, "not JSON"),
        Answer(200, "<html></html>", {"content-type": "text/html"}),
        Answer(200, '{"documentSentiment": {"score": 0.9'),
        Answer(200, {"foo": 1}),
        Answer(200, {"documentSentiment": None}),
        Answer(200, '{"documentSentiment": {"score": NaN, "magnitude": 1.0}, "language": "en", "sentences": []}'),
        Answer(200, '{"documentSentiment": {"score": 0.1, "magnitude": 1e999}, "language": "en", "sentences": []}'),
        Answer(200, "[" * 100_000),
        Answer(200, {"documentSentiment": {}, "sentences": None}),
        Answer(200, None),
        Answer(200, []),
    ],
)
def test_an_answer_of_another_shape_is_an_invalid_response_with_the_answer_kept(
    ask: Callable[..., Any], answer: Answer
) -> None:
    caught = fail(ask, answer)
    assert type(caught) is InvalidResponseError
    assert caught.raw == answer.body


def test_a_body_that_is_cut_short_is_an_answer_of_the_wrong_shape(ask: Callable[..., Any]) -> None:
    assert type(fail(ask, Answer(200, LOVE, cut=True))) is InvalidResponseError


def test_no_answer_in_time_is_a_timeout(ask: Callable[..., Any]) -> None:
    assert type(fail(ask, Answer(200, LOVE, delay=0.5), timeout=0.1)) is TimeoutError


def test_the_table_names_only_classes_of_ours() -> None:
    assert all(issubclass(item, CloudAIError) for item in CODES.values())
