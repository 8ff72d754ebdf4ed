"""The link over the wire: errors, and answers that cannot be read."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import botocore.exceptions
import pytest

from cloudai import errors
from cloudai.pipeline.translate import error_class
from cloudai.ports import Failure
from cloudai.providers.aws import connect as module
from cloudai.providers.aws.connect import BotoLink
from cloudai.providers.aws.errors import CODES
from tests.providers.aws.wire import ONCE, QUICK, SENTIMENT, STEP, TOKEN, Ask, refused, sentiment, settings
from tests.support import Answer, answer_of, loopback, recording


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("comprehend/error-throttling-is-http-429-with-headers", errors.RateLimitedError),
        ("comprehend/error-too-many-requests-is-http-400", errors.RateLimitedError),
        ("common/error-unrecognized-client-lower-case-message-400", errors.AuthenticationError),
        ("common/error-rest-json-type-in-header-with-colon-400", errors.RateLimitedError),
        ("rekognition/error-access-denied-is-http-400", errors.PermissionDeniedError),
        ("rekognition/error-invalid-image-format-400", errors.UnsupportedFormatError),
        ("textract/error-provisioned-throughput-wire-body", errors.RateLimitedError),
        ("textract/error-throttling-slow-down-400", errors.RateLimitedError),
        ("transcribe/error-job-name-conflict-is-http-400", errors.InvalidRequestError),
        ("polly/error-viseme-not-supported-for-generative-400", errors.InvalidRequestError),
        ("translate/error-unsupported-language-pair", errors.UnsupportedLanguageError),
    ],
)
def test_recorded_errors_get_the_class_that_their_code_says(
    ask: Ask, name: str, expected: type[errors.CloudAIError]
) -> None:
    response = recording(f"aws/{name}")["response"]
    told = response.get("sdk_error")
    if told:
        response = {**response, "body": {"__type": told["Code"], "message": told["Message"]}}
    error = refused(ask, answer_of({**response, "status": response["status"] or 400}))
    assert type(error) is expected
    assert error.status == (response["status"] or 400)
    assert error.request_id == response.get("headers", {}).get("x-amzn-requestid")
    assert error.raw == response["body"]
    assert isinstance(error.__cause__, botocore.exceptions.ClientError)
    said = response["body"].get("message", response["body"].get("Message"))
    assert error.message == said
    assert error.vendor_code
    assert error.vendor_code in json.dumps(response)
    assert error.vendor_code.isalpha()


@pytest.mark.parametrize(
    "spelling",
    [
        "ThrottlingException",
        "com.amazonaws.comprehend#ThrottlingException",
        "ThrottlingException:http://internal.amazon.com/coral/com.amazon.coral.availability/",
        "com.amazon.coral.availability#ThrottlingException:http://internal.amazon.com/",
    ],
)
def test_codes_are_read_in_all_their_spellings(ask: Ask, spelling: str) -> None:
    in_body = refused(ask, Answer(400, {"__type": spelling, "message": "Rate exceeded"}))
    in_header = refused(ask, Answer(400, {"message": "Rate exceeded"}, {"x-amzn-errortype": spelling}))
    for error in (in_body, in_header):
        assert type(error) is errors.RateLimitedError
        assert error.vendor_code == "ThrottlingException"


@pytest.mark.parametrize(
    ("status", "expected"),
    [(500, errors.ServiceUnavailableError), (429, errors.RateLimitedError), (400, errors.InvalidRequestError)],
)
def test_an_unknown_code_is_told_by_its_status(ask: Ask, status: int, expected: type[errors.CloudAIError]) -> None:
    error = refused(ask, Answer(status, {"__type": "NobodyHasSeenThisException"}))
    assert type(error) is expected
    assert error.vendor_code == "NobodyHasSeenThisException"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (503, errors.ServiceUnavailableError),
        (504, errors.TimeoutError),
        (502, errors.ServiceUnavailableError),
        (429, errors.RateLimitedError),
        (403, errors.PermissionDeniedError),
        (413, errors.InputTooLargeError),
        (301, errors.InvalidResponseError),
    ],
)
@pytest.mark.parametrize(
    "body",
    ["<html><body>Http/1.1 Service Unavailable</body></html>", "no JSON", "", "[1]", '"text"', "null", b"\xff\xfe"],
)
def test_a_failure_that_is_not_aws_own_is_told_by_its_status(
    status: int, expected: type[errors.CloudAIError], body: Any
) -> None:
    with loopback(Answer(status, body)) as server, pytest.raises(Failure) as caught:
        BotoLink(settings(server), "comprehend").invoke(STEP, 5)
    failure = caught.value
    assert error_class(failure, CODES) is expected
    assert (failure.status, failure.codes) == (status, ())
    assert "html" not in failure.message


def test_the_wait_that_is_asked_for_is_read() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    for headers, low, high in [
        ({"retry-after": "7"}, 7, 7),
        ({"retry-after": "0.5"}, 0.5, 0.5),
        ({"retry-after": soon}, 25, 30),
        ({"retry-after": "Thu, 01 Jan 2015 00:00:00 -0000"}, 0, 0),
        ({"x-amz-retry-after": "1500", "retry-after": "7"}, 1.5, 1.5),
    ]:
        seconds = module._retry_after(headers)
        assert seconds is not None
        assert low <= seconds <= high
    assert module._retry_after({}) is None
    assert module._retry_after({"retry-after": "soon"}) is None


def test_a_throttled_step_carries_the_wait(ask: Ask) -> None:
    error = refused(ask, Answer(429, {"__type": "ThrottlingException"}, {"retry-after": "7"}))
    assert error.retry_after == 7


def test_a_step_is_sent_again_by_us_and_not_by_boto3(ask: Ask) -> None:
    with loopback(Answer(500, {"__type": "InternalServerException"})) as server:
        with pytest.raises(errors.ServiceUnavailableError):
            ask(settings(server), sentiment, retry=QUICK)
        assert len(server.seen) == 3
        with pytest.raises(errors.ServiceUnavailableError):
            ask(settings(server), sentiment, retry=ONCE)
        assert len(server.seen) == 4


def test_after_a_throttled_attempt_the_answer_counts(ask: Ask) -> None:
    with loopback(Answer(400, {"__type": "ThrottlingException"}), Answer(body=SENTIMENT)) as server:
        assert ask(settings(server), sentiment, retry=QUICK).meta.attempts == 2


def test_what_aws_repeats_of_a_request_is_kept_out_of_the_error(ask: Ask) -> None:
    message = (
        "The request signature we calculated does not match the signature you provided.\n\n"
        f"The Canonical String for this request should have been\n'POST\n/\n\nx-amz-security-token:{TOKEN}'"
    )
    error = refused(ask, Answer(400, {"__type": "InvalidSignatureException", "message": message}))
    assert type(error) is errors.AuthenticationError
    assert error.message == "The request signature we calculated does not match the signature you provided."
    shown = f"{error!r} {error} {error.raw} {error.__cause__} {error.__cause__.__dict__}"
    assert TOKEN not in shown


# --- answers that cannot be read ---


@pytest.mark.parametrize(
    "answer",
    [
        Answer(body="<html>a captive portal</html>"),
        Answer(body="{"),
        Answer(body=SENTIMENT, cut=True),
        Answer(body=""),
        Answer(body="null"),
        Answer(body=[]),
        Answer(body=7),
        Answer(body='"text"'),
        Answer(body="\ufffd\x00"),
        Answer(body={}),
        Answer(body={**SENTIMENT, "Sentiment": None}),
        Answer(body={**SENTIMENT, "SentimentScore": None}),
        Answer(body={**SENTIMENT, "SentimentScore": 5}),
        Answer(body={**SENTIMENT, "SentimentScore": "high"}),
        Answer(body={**SENTIMENT, "SentimentScore": ["high"]}),
        Answer(body={**SENTIMENT, "SentimentScore": {**SENTIMENT["SentimentScore"], "Mixed": "0.6"}}),  # type: ignore[dict-item]
        Answer(body={"message": "all is well"}),
    ],
    ids=lambda answer: f"{'cut ' if answer.cut else ''}{answer.body!r}"[:50],
)
def test_an_answer_of_another_shape_is_an_error_with_the_answer_kept(ask: Ask, answer: Answer) -> None:
    error = refused(ask, answer)
    assert type(error) is errors.InvalidResponseError
    if answer.cut:
        # An older botocore (1.35) does not hand over the half that it got.
        assert error.raw is None or str(error.raw).startswith('{"Sentiment"')
    elif answer.body in ("null", '"text"'):
        assert error.raw == json.loads(answer.body)
    elif answer.body != "":
        assert error.raw == answer.body


@pytest.mark.parametrize("given", [None, "abc", 7, {"a": 1}, ["abc"], [None]])
def test_a_list_that_is_none_is_an_error_with_the_answer_kept(ask: Ask, given: Any) -> None:
    with loopback(Answer(body={"Entities": given})) as server, pytest.raises(errors.InvalidResponseError) as caught:
        ask(settings(server), lambda ai: ai.text.entities("Ana", language="en"), retry=ONCE)
    assert caught.value.raw == {"Entities": given}
