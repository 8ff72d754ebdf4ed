"""The link over the wire: what is sent, what comes back, time and other services."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from typing import Any

import botocore.exceptions
import pytest

from cloudai import AWS, CloudAI, errors
from cloudai.operations.text import SentimentRequest
from cloudai.ports import Failure, Step
from cloudai.providers.aws import connect as module
from cloudai.providers.aws.connect import LADDER, BotoLink
from tests.providers.aws.wire import KEY, ONCE, QUICK, SENTIMENT, STEP, TOKEN, Ask, sentiment, settings
from tests.support import Answer, Seen, answer_of, loopback, recording

# --- answers ---


def test_a_step_becomes_a_signed_request(ask: Ask) -> None:
    headers = {"x-amzn-requestid": "795e0c6e", "content-type": "application/x-amz-json-1.1"}
    with loopback(Answer(body=SENTIMENT, headers=headers)) as server:
        result = ask(settings(server, session_token=TOKEN), sentiment)
    (seen,) = server.seen
    assert (seen.method, seen.path, seen.headers["x-amz-target"]) == (
        "POST",
        "/",
        "Comprehend_20171127.DetectSentiment",
    )
    assert seen.json == {"Text": "I love it", "LanguageCode": "en"}
    assert f"{KEY}/" in seen.headers["authorization"]
    assert "/eu-west-1/comprehend/aws4_request" in seen.headers["authorization"]
    assert seen.headers["x-amz-security-token"] == TOKEN
    assert "cloudai" in seen.headers["user-agent"]
    assert result.sentiment == "mixed"
    assert result.raw == SENTIMENT
    assert (result.meta.request_id, result.meta.region) == ("795e0c6e", "eu-west-1")
    assert result.meta.api_version == "2017-11-27"
    assert [(step.operation, step.amount) for step in result.meta.usage.steps] == [("DetectSentiment", 9)]


def test_what_the_model_does_not_know_stays_in_raw(ask: Ask) -> None:
    body = {**SENTIMENT, "Irony": {"Score": 0.3}, "Note": None}
    with loopback(Answer(body=body)) as server:
        assert ask(settings(server), sentiment).raw == body


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("detect-sentiment-mixed-recorded", lambda ai, said: ai.text.sentiment(said, language="en")),
        ("detect-targeted-sentiment-recorded", lambda ai, said: ai.text.opinions(said)),
        ("detect-targeted-sentiment-burger-pronoun", lambda ai, said: ai.text.opinions(said)),
        ("detect-entities-obama-recorded", lambda ai, said: ai.text.entities(said, language="en")),
        ("detect-pii-entities-recorded", lambda ai, said: ai.text.pii(said, language="en")),
        ("detect-key-phrases-recorded", lambda ai, said: ai.text.key_phrases(said, language="en")),
        ("detect-dominant-language-it-recorded", lambda ai, said: ai.text.language(said)),
        ("detect-syntax-recorded", lambda ai, said: ai.text.syntax(said, language="en")),
    ],
)
def test_recordings_come_through_boto3_as_they_are(ask: Ask, name: str, call: Callable[[Any, str], Any]) -> None:
    exchange = recording(f"aws/comprehend/{name}")
    with loopback(answer_of(exchange["response"])) as server:
        result = ask(settings(server), lambda ai: call(ai, exchange["request"]["Text"]))
    assert server.seen[0].json == exchange["request"]
    assert result.raw == exchange["response"]["body"]
    assert result.meta.request_id == exchange["response"].get("headers", {}).get("x-amzn-requestid")


def test_entities_of_a_document_model_come_through_boto3(ask: Ask) -> None:
    exchange = recording("aws/comprehend/detect-entities-custom-model-pdf-blocks")
    arn = "arn:aws:comprehend:eu-west-1:111122223333:entity-recognizer-endpoint/parts"
    with loopback(answer_of(exchange["response"])) as server:
        result = ask(settings(server), lambda ai: ai.text.entities("text", extra={"aws": {"endpoint_arn": arn}}))
    assert result.raw == exchange["response"]["body"]
    assert result.meta.model == arn


def test_a_search_for_the_language_is_metered_but_no_part_of_the_answer(ask: Ask) -> None:
    with loopback(Answer(body={"Languages": [{"LanguageCode": "it", "Score": 1}]}), Answer(body=SENTIMENT)) as server:
        result = ask(settings(server), lambda ai: ai.text.sentiment("Che bello!"))
    assert result.raw == SENTIMENT
    assert [step.operation for step in result.meta.usage.steps] == ["DetectDominantLanguage", "DetectSentiment"]


def test_a_text_over_the_limit_is_split_when_asked_for(ask: Ask) -> None:
    said = "I love it. " * 600

    def answer(seen: Seen) -> Answer:
        assert len(seen.json["Text"].encode()) <= 5000
        return Answer(body=SENTIMENT)

    with loopback(answer) as server:
        with pytest.raises(errors.InputTooLargeError, match="5,000 bytes"):
            ask(settings(server), lambda ai: ai.text.sentiment(said, language="en"))
        assert server.seen == []
        result = ask(settings(server), lambda ai: ai.text.sentiment(said, language="en", split=True))
    assert len(server.seen) == len(result.raw) == 2


# --- time and connections ---


def test_no_answer_in_time_is_a_timeout(ask: Ask) -> None:
    with loopback(Answer(body=SENTIMENT, delay=2)) as server, pytest.raises(errors.TimeoutError):
        ask(settings(server), lambda ai: sentiment(ai, timeout=0.2), retry=ONCE)


def test_the_deadline_bounds_the_whole_call(ask: Ask) -> None:
    with loopback(Answer(body=SENTIMENT, delay=2)) as server, pytest.raises(errors.TimeoutError):
        ask(settings(server), lambda ai: sentiment(ai, deadline=0.4), retry=QUICK)


def test_audio_that_is_cut_short_cannot_be_used() -> None:
    step = Step(
        service="polly", operation="SynthesizeSpeech", params={"Text": "Hi", "OutputFormat": "mp3", "VoiceId": "x"}
    )
    with loopback(Answer(body=b"sound" * 100, cut=True, headers={"content-type": "audio/mpeg"})) as server:
        link = BotoLink(settings(server), "polly")
        with pytest.raises((botocore.exceptions.BotoCoreError, OSError)) as caught:
            link.invoke(step, 5)
    failure = link.explain(caught.value)
    assert failure is not None
    assert failure.kind == "shape"


def test_chunks_that_end_early_are_an_answer_cut_short() -> None:
    served = b'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n40\r\n{"Sentiment"'
    error = over_a_socket(served)
    assert type(error) is errors.InvalidResponseError


def test_a_connection_that_ends_before_the_answer_has_failed() -> None:
    assert type(over_a_socket(b"")) is errors.ConnectionFailedError


def over_a_socket(served: bytes) -> errors.CloudAIError:
    """The error when a server sends just these bytes and closes the connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(served)

        thread = threading.Thread(target=serve)
        thread.start()
        given = settings(None, endpoint=f"http://127.0.0.1:{server.getsockname()[1]}")
        with CloudAI(given, retry=ONCE) as ai, pytest.raises(errors.CloudAIError) as caught:
            sentiment(ai)
        thread.join()
    return caught.value


def test_nobody_at_the_address_is_a_connection_that_failed(ask: Ask) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(errors.ConnectionFailedError):
        ask(settings(endpoint=f"http://127.0.0.1:{port}"), sentiment, retry=ONCE)


def test_a_server_without_tls_is_a_connection_that_failed() -> None:
    with loopback(Answer(body=SENTIMENT)) as server:
        address = server.address.replace("http://", "https://")
        with CloudAI(settings(endpoint=address), retry=ONCE) as ai, pytest.raises(errors.ConnectionFailedError):
            sentiment(ai)


def test_a_proxy_is_asked_in_place_of_the_service() -> None:
    with loopback(Answer(body=SENTIMENT)) as proxy:
        given = settings(endpoint="http://comprehend.invalid", proxy=proxy.address)
        with CloudAI(given, retry=ONCE) as ai:
            assert sentiment(ai).sentiment == "mixed"
    assert proxy.seen[0].path == "http://comprehend.invalid/"


def test_an_endpoint_may_be_named_for_one_service() -> None:
    with loopback(Answer(body=SENTIMENT)) as server:
        given = settings(endpoint="http://127.0.0.1:9", endpoints={"comprehend": server.address})
        with CloudAI(given, retry=ONCE) as ai:
            assert sentiment(ai).sentiment == "mixed"


def test_timeouts_that_somebody_chose_are_kept_and_what_is_left_of_a_deadline_is_rounded_down() -> None:
    link = BotoLink(settings(), "comprehend")
    assert [link._seconds(chosen) for chosen in (7, 7.5, 0.07, 33.3)] == [7, 7.5, 0.07, 33.3]
    assert link._seconds(9.99987654321) == 10
    assert link._seconds(9.7654321) == 8
    assert link._seconds(0.0012345) == LADDER[0]
    assert link._seconds(1e5 + 0.12345) == LADDER[-1]
    assert list(LADDER) == sorted(set(LADDER))


def test_clients_are_kept_by_timeout_and_there_are_never_too_many() -> None:
    with loopback(Answer(body=SENTIMENT)) as server:
        link = BotoLink(settings(server), "comprehend")
        for timeout in (20, 20, 5.0, 19.7654321, 18.1234567):
            link.read(STEP, link.invoke(STEP, timeout))
        assert sorted(link._clients) == [5.0, 18, 20]
        assert {seconds: client.meta.config.read_timeout for seconds, client in link._clients.items()} == {
            seconds: seconds for seconds in link._clients
        }
        link.close()
    assert link._clients == {}
    crowded = BotoLink(settings(), "comprehend")
    crowded._clients = {float(number): object() for number in range(100, 100 + module.EXACT)}
    assert crowded._seconds(7.25) == 6


def test_one_client_serves_all_threads_with_enough_connections() -> None:
    with loopback(Answer(body=SENTIMENT)) as server, CloudAI(settings(server)) as ai:
        requests = (SentimentRequest(text=f"text {number}", language="en") for number in range(40))
        outcomes = list(ai.run_many(requests, concurrency=16))
        (link,) = ai._usual[0].links.values()
        assert isinstance(link, BotoLink)
        (client,) = link._clients.values()
    assert all(outcome.ok for outcome in outcomes)
    assert client.meta.config.max_pool_connections >= 64
    assert client.meta.config.retries["total_max_attempts"] == 1


# --- other services ---


def test_an_operation_that_boto3_does_not_have_asks_for_a_newer_one() -> None:
    link = BotoLink(settings(), "comprehend")
    step = Step(service="comprehend", operation="DetectSarcasm")
    with pytest.raises(errors.ConfigurationError, match=r"DetectSarcasm.*pip install -U boto3"):
        link.invoke(step, 1)


def test_a_service_that_boto3_does_not_have_asks_for_a_newer_one() -> None:
    link = BotoLink(settings(), "clairvoyance")
    with pytest.raises(botocore.exceptions.UnknownServiceError) as caught:
        link.invoke(STEP, 1)
    failure = link.explain(caught.value)
    assert failure is not None
    assert "pip install -U boto3" in failure.message


def test_an_address_that_botocore_does_not_take_is_a_setting_to_correct() -> None:
    link = BotoLink(settings(endpoint="http://bad host"), "comprehend")
    with pytest.raises(errors.ConfigurationError, match="bad host"):
        link.invoke(STEP, 1)


def test_audio_is_read_whole_and_what_was_counted_is_metered() -> None:
    headers = {"content-type": "audio/mpeg", "x-amzn-requestcharacters": "12", "x-amzn-requestid": "abc"}
    params = {"Text": "Hello, World", "OutputFormat": "mp3", "VoiceId": "Joanna"}
    step = Step(service="polly", operation="SynthesizeSpeech", params=params)
    with loopback(Answer(body=b"sound", headers=headers)) as server:
        link = BotoLink(settings(server), "polly")
        reply = link.read(step, link.invoke(step, 5))
    assert reply.body["AudioStream"] == b"sound"
    assert (reply.request_id, reply.status, reply.metered) == ("abc", 200, {"RequestCharacters": 12.0})
    assert reply.headers["content-type"] == "audio/mpeg"


def test_an_error_of_a_service_in_rest_form_is_read() -> None:
    exchange = recording("aws/common/error-rest-json-type-in-header-with-colon-400")
    step = Step(service="polly", operation="DescribeVoices")
    with loopback(answer_of(exchange["response"])) as server:
        link = BotoLink(settings(server), "polly")
        with pytest.raises(Failure) as caught:
            link.invoke(step, 5)
    assert caught.value.codes == ("ThrottlingException",)
    assert caught.value.request_id == "1234"


def test_an_error_on_the_way_to_credentials_is_explained() -> None:
    link = BotoLink(settings(), "comprehend")
    answer: Any = {"Error": {"Code": "AccessDenied", "Message": "not you"}, "ResponseMetadata": {"HTTPStatusCode": 403}}
    failure = link.explain(botocore.exceptions.ClientError(answer, "AssumeRole"))
    assert failure is not None
    assert (failure.codes, failure.status, failure.message) == (("AccessDenied",), 403, "not you")


def test_what_is_no_error_of_boto3_is_left_alone() -> None:
    assert BotoLink(settings(), "comprehend").explain(KeyError("Text")) is None


def test_a_step_that_cannot_be_written_is_no_answer_of_aws() -> None:
    step = Step(service="comprehend", operation="DetectSentiment", params={"Text": object(), "LanguageCode": "en"})
    with pytest.raises(TypeError):
        BotoLink(settings(endpoint="http://127.0.0.1:9"), "comprehend").invoke(step, 1)


def test_a_stream_that_cannot_be_read_has_no_body_to_keep() -> None:
    failure = module._unreadable({"status_code": 200, "headers": {}, "body": object()})
    assert (failure.kind, failure.body) == ("shape", None)


def test_the_region_of_the_environment_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-north-1")
    body = {"Sentiment": "NEUTRAL", "SentimentScore": {"Positive": 0, "Negative": 0, "Neutral": 1, "Mixed": 0}}
    with loopback(Answer(body=body)) as server:
        settings = AWS(access_key_id="a", secret_access_key="b", endpoint=server.address)
        assert CloudAI(settings).text.sentiment("x", language="en").meta.region == "eu-north-1"
