"""The link over the wire: what is sent, what comes back, time and other services."""

from __future__ import annotations

import gzip
import json
import re
import socket
import struct
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import botocore.exceptions
import pytest

from cloudai import AWS, CloudAI, errors
from cloudai.operations.text import SentimentRequest
from cloudai.ports import Failure, Step
from cloudai.providers.aws import connect as module
from cloudai.providers.aws.connect import LADDER, BotoLink
from tests.providers.aws.wire import KEY, ONCE, QUICK, SECRET, SENTIMENT, STEP, TOKEN, Ask, sentiment, settings
from tests.support import Answer, Seen, answer_of, loopback, recording

BODY = json.dumps(SENTIMENT).encode()
SPEECH = Step(
    service="polly", operation="SynthesizeSpeech", params={"Text": "Hi", "OutputFormat": "mp3", "VoiceId": "x"}
)


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


@pytest.mark.parametrize("figure", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
def test_a_figure_that_is_no_number_is_not_passed_on(ask: Ask, figure: str) -> None:
    text = json.dumps(SENTIMENT).replace("0.6", figure)
    with loopback(Answer(body=text)) as server, pytest.raises(errors.InvalidResponseError) as caught:
        ask(settings(server), sentiment, retry=ONCE)
    # 1e999 is JSON, and Python's reading of it infinity.
    assert caught.value.raw == (json.loads(text) if "e" in figure else text)


@pytest.mark.parametrize(
    ("status", "expected"), [(200, errors.InvalidResponseError), (503, errors.ServiceUnavailableError)]
)
def test_lists_within_lists_without_end_cannot_be_read(
    ask: Ask, status: int, expected: type[errors.CloudAIError]
) -> None:
    text = "[" * 100_000
    with loopback(Answer(status, text)) as server, pytest.raises(errors.CloudAIError) as caught:
        ask(settings(server), sentiment, retry=ONCE)
    assert type(caught.value) is expected
    assert (caught.value.status, caught.value.raw) == (status, text)


def echo(seen: Seen) -> Answer:
    """An error that repeats the request's headers."""
    text = f"not accepted: {dict(seen.headers)}"
    return Answer(403, {"__type": "UnrecognizedClientException", "message": text, "seen": [dict(seen.headers)]})


def page(seen: Seen) -> Answer:
    """A page of a server on the way, which repeats the request's headers."""
    return Answer(502, f"<html>{dict(seen.headers)}")


@pytest.mark.parametrize("answer", [echo, page])
@pytest.mark.parametrize("source", ["settings", "profile"])
def test_keys_that_an_answer_repeats_show_nowhere(
    ask: Ask, answer: Callable[[Seen], Answer], source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "credentials"
    pairs = {"aws_access_key_id": KEY, "aws_secret_access_key": SECRET, "aws_session_token": TOKEN}
    file.write_text("\n".join(["[work]", *(f"{name}={value}" for name, value in pairs.items())]))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
    with loopback(answer) as server, pytest.raises(errors.CloudAIError) as caught:
        keys = {"access_key_id": None, "secret_access_key": None, "profile": "work"}
        given = settings(server, **(keys if source == "profile" else {"session_token": TOKEN}))
        ask(given, sentiment, retry=ONCE)
    (signature,) = re.findall(r"Signature=(\w+)", server.seen[0].headers["authorization"])
    error: BaseException | None = caught.value
    shown = [repr(caught.value.raw), *traceback.format_exception(caught.value)]
    while error is not None:
        shown += [repr(error), str(error), repr(error.args), repr(vars(error))]
        error = error.__cause__ or error.__context__
    assert "comprehend_20171127" in " ".join(shown).lower()
    for secret in (KEY, SECRET, TOKEN, signature):
        assert secret not in " ".join(shown)


# --- time and connections ---


def test_no_answer_in_time_is_a_timeout(ask: Ask) -> None:
    with loopback(Answer(body=SENTIMENT, delay=2)) as server, pytest.raises(errors.TimeoutError):
        ask(settings(server), lambda ai: sentiment(ai, timeout=0.2), retry=ONCE)


def test_the_deadline_bounds_the_whole_call(ask: Ask) -> None:
    with loopback(Answer(body=SENTIMENT, delay=2)) as server, pytest.raises(errors.TimeoutError):
        ask(settings(server), lambda ai: sentiment(ai, deadline=0.4), retry=QUICK)


@pytest.mark.parametrize("patience", [{"timeout": 0.3}, {"deadline": 0.3}], ids=str)
@pytest.mark.parametrize("head", [f"content-length: {len(BODY)}", "transfer-encoding: chunked", "connection: close"])
def test_an_answer_that_trickles_is_a_timeout(ask: Ask, head: str, patience: dict[str, float]) -> None:
    parts = [BODY[place : place + 1] for place in range(len(BODY))]
    if "chunked" in head:
        parts = [f"{len(BODY):x}\r\n".encode(), *parts]
    started = time.monotonic()
    with served(f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode(), *parts, pause=0.05) as server:
        with pytest.raises(errors.TimeoutError):
            ask(settings(None, endpoint=server.address), lambda ai: sentiment(ai, **patience), retry=ONCE)
        assert time.monotonic() - started < 1.5


def test_audio_that_trickles_is_a_timeout() -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-type: audio/mpeg\r\ncontent-length: 60\r\n\r\n"
    with served(head, *[b"s"] * 60, pause=0.05) as server:
        link = BotoLink(settings(None, endpoint=server.address), "polly")
        with pytest.raises(botocore.exceptions.ReadTimeoutError) as caught:
            link.invoke(SPEECH, 0.3)
    failure = link.explain(caught.value)
    assert failure is not None
    assert failure.kind == "timeout"


@pytest.mark.parametrize("head", [f"content-length: {len(BODY)}", "connection: close"])
def test_an_answer_in_pieces_is_put_together(head: str) -> None:
    with served(f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode(), BODY[:9], BODY[9:40], BODY[40:], pause=0.02) as server:
        with CloudAI(settings(None, endpoint=server.address), retry=ONCE) as ai:
            assert sentiment(ai).raw == SENTIMENT
        assert server.requests == 1


def test_connections_are_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []

    def count(connection: object, address: object) -> bool:
        opened.append(address)
        return True

    with loopback(Answer(body=SENTIMENT)) as server:
        monkeypatch.setattr(server._server, "verify_request", count)
        with CloudAI(settings(server), retry=ONCE) as ai:
            for _ in range(3):
                sentiment(ai)
    assert (len(server.seen), len(opened)) == (3, 1)


@pytest.mark.parametrize(
    "parts",
    [
        (b"transfer-encoding: chunked\r\n\r\n40\r\n", BODY[:30]),
        (b"transfer-encoding: chunked\r\n\r\n1e\r\n", BODY[:30], b"\r\n"),
        (b"content-length: 900\r\n\r\n", BODY[:30]),
        (f"content-length: {len(BODY) + 1}\r\n\r\n".encode(), BODY),
    ],
    ids=["within a chunk", "between chunks", "before its length", "after all but one byte"],
)
@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
def test_an_answer_that_breaks_off_is_kept_and_not_asked_for_again(
    ask: Ask, parts: tuple[bytes, ...], reset: bool
) -> None:
    with served(b"HTTP/1.1 200 OK\r\nx-amzn-requestid: 795e\r\n", *parts, pause=0.05, reset=reset) as server:
        with pytest.raises(errors.InvalidResponseError, match="cut short") as caught:
            ask(settings(None, endpoint=server.address), sentiment, retry=QUICK)
        assert server.requests == 1
    error = caught.value
    assert error.raw == (SENTIMENT if parts[1] == BODY else BODY[:30].decode())
    assert (error.status, error.request_id) == (200, "795e")


def test_a_failure_that_breaks_off_is_still_one() -> None:
    with served(b"HTTP/1.1 503 Busy\r\ncontent-length: 900\r\n\r\n", b'{"message"') as server:
        with (
            CloudAI(settings(None, endpoint=server.address), retry=QUICK) as ai,
            pytest.raises(errors.ServiceUnavailableError) as caught,
        ):
            sentiment(ai)
        assert server.requests == 3
    assert caught.value.raw == '{"message"'


def test_audio_that_is_cut_short_cannot_be_used() -> None:
    with loopback(Answer(body=b"sound" * 100, cut=True, headers={"content-type": "audio/mpeg"})) as server:
        with pytest.raises(Failure) as caught:
            BotoLink(settings(server), "polly").invoke(SPEECH, 5)
        assert len(server.seen) == 1
    assert (caught.value.kind, caught.value.body) == ("shape", "sound" * 50)


def test_a_body_in_an_encoding_that_nobody_asked_for_cannot_be_read() -> None:
    content = gzip.compress(BODY)
    head = f"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {len(content)}\r\n\r\n"
    with served(head.encode(), content) as server, CloudAI(settings(None, endpoint=server.address)) as ai:
        with pytest.raises(errors.InvalidResponseError):
            sentiment(ai)
        assert server.requests == 1


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
@pytest.mark.parametrize("part", [b"", b"HTTP/1."])
def test_a_connection_that_ends_before_the_answer_has_failed(part: bytes, reset: bool) -> None:
    with served(part, reset=reset) as server:
        with (
            CloudAI(settings(None, endpoint=server.address), retry=QUICK) as ai,
            pytest.raises(errors.ConnectionFailedError),
        ):
            sentiment(ai)
        assert server.requests == 3


@dataclass
class Served:
    """A server that sends just the bytes that it was given."""

    address: str
    requests: int = 0


@contextmanager
def served(*parts: bytes, pause: float = 0.0, reset: bool = False) -> Iterator[Served]:
    """Sends these parts to whoever connects, waits after each, and then closes the connection or resets it."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.02)
        server = Served(f"http://127.0.0.1:{listening.getsockname()[1]}")

        def serve() -> None:
            while not over.is_set():
                with suppress(OSError), listening.accept()[0] as connection:
                    connection.settimeout(5)
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    request = b""
                    # All of it: a connection that is closed over what was not read is reset.
                    while not request.endswith(b"}"):
                        request += connection.recv(65536)
                    server.requests += 1
                    if reset:
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    for part in parts:
                        connection.sendall(part)
                        over.wait(pause)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server
        finally:
            over.set()
            thread.join()


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
