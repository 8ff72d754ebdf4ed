"""The links over real HTTP, through the vendor's SDK: recorded answers, errors, broken wires, addresses."""

from __future__ import annotations

import asyncio
import gc
import gzip
import json
import logging
import socket
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cloudai import AsyncCloudAI, Azure, CloudAI, Retry
from cloudai.errors import (
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
    ServiceUnavailableError,
    TimeoutError,
    UnsupportedLanguageError,
)
from tests.support import Answer, Loopback, Seen, answer_of, loopback, recording

KEY = "0123456789abcdef0123456789abcdef"
TEXT = "The food was good. The service was not."
ONCE = Retry(attempts=1)
QUICK = Retry(attempts=3, first_wait=0.001, max_wait=0.001)
MODERATED = {"categoriesAnalysis": [{"category": "Hate", "severity": 2}]}


def azure(server: Loopback, **more: Any) -> Azure:
    return Azure(key=KEY, endpoint=server.address, **more)


def sentiment(ai: Any) -> Any:
    return ai.text.sentiment(TEXT)


def moderation(ai: Any) -> Any:
    return ai.text.moderation(TEXT)


def good() -> Answer:
    return answer_of(recording("azure/language/sentiment-mixed-two-sentences")["response"])


def failing(ask: Callable[..., Any], answer: Answer, call: Callable[[Any], Any] = sentiment) -> CloudAIError:
    """The error that an answer becomes, with a look for the key in everything it says."""
    with loopback(answer) as server, pytest.raises(CloudAIError) as caught:
        ask(azure(server), call, retry=ONCE)
    error = caught.value
    cause: BaseException | None = error
    while cause is not None:
        assert KEY not in f"{cause!s} {cause!r}"
        cause = cause.__cause__
    assert KEY not in repr(error.raw)
    return error


# --- answers ---------------------------------------------------------------------------------------------------------


def test_a_recorded_answer_through_the_sdk(ask: Callable[..., Any]) -> None:
    found = recording("azure/language/sentiment-mixed-two-sentences")
    with loopback(answer_of(found["response"])) as server:
        result = ask(azure(server), sentiment)
    assert result.sentiment == "mixed"
    # As it came: the SDK's own reading would have taken "kind" out of it.
    assert result.raw == found["response"]["body"]
    assert result.meta.request_id == found["response"]["headers"]["apim-request-id"]
    assert (result.meta.api_version, result.meta.provider) == ("2023-04-01", "azure")
    assert result.meta.model == found["response"]["body"]["results"]["modelVersion"]
    assert result.meta.usage.metered == {
        "CognitiveServices.TextAnalytics.BatchScoring": 1,
        "CognitiveServices.TextAnalytics.TextRecords": 1,
    }


@pytest.mark.parametrize(
    ("name", "index", "call"),
    [
        ("sentiment-mixed-two-sentences", None, lambda ai, text: ai.text.sentiment(text)),
        ("sentiment-opinion-mining", None, lambda ai, text: ai.text.opinions(text)),
        ("linked-entities-bing-id", None, lambda ai, text: ai.text.linked_entities(text)),
        ("pii-emoji-offset", None, lambda ai, text: ai.text.pii(text)),
        ("pii-category-filter-two-calls", 1, lambda ai, text: ai.text.pii(text, categories=["us_ssn"])),
    ],
)
def test_requests_are_those_that_were_recorded(
    ask: Callable[..., Any], name: str, index: int | None, call: Any
) -> None:
    found = recording(f"azure/language/{name}")
    part = found if index is None else found["interactions"][index]
    (document,) = part["request"]["body"]["analysisInput"]["documents"]
    with loopback(answer_of(part["response"])) as server:
        ask(azure(server), lambda ai: call(ai, document["text"]))
    (seen,) = server.seen
    assert (seen.method, seen.path) == ("POST", "/language/:analyze-text?api-version=2023-04-01")
    assert seen.headers["ocp-apim-subscription-key"] == KEY
    assert "authorization" not in seen.headers
    sent = seen.json
    sent["analysisInput"]["documents"][0]["id"] = document["id"]
    assert sent == part["request"]["body"]


def test_no_country_is_hinted_at_on_the_wire(ask: Callable[..., Any]) -> None:
    found = {"name": "Spanish", "iso6391Name": "es", "confidenceScore": 1.0}
    body = {"kind": "x", "results": {"documents": [{"id": "0", "detectedLanguage": found}], "errors": []}}
    with loopback(Answer(200, body)) as server:
        ask(azure(server), lambda ai: ai.text.language("hola"))
        ask(azure(server), lambda ai: ai.text.language("hola", country_hint="mx"))
    hints = [seen.json["analysisInput"]["documents"][0]["countryHint"] for seen in server.seen]
    assert hints == ["", "MX"]


def test_the_bare_answers_of_api_v3_come_through_the_sdk(ask: Callable[..., Any]) -> None:
    with loopback(answer_of(recording("azure/language/sentiment-v3_0")["response"])) as server:
        result = ask(azure(server), sentiment)
    assert result.sentiment == "mixed"


def test_moderation_over_the_wire(ask: Callable[..., Any]) -> None:
    with loopback(Answer(200, MODERATED, {"apim-request-id": "id-1", "csp-billing-usage": "A.B=1"})) as server:
        result = ask(azure(server), moderation)
    (seen,) = server.seen
    assert (seen.method, seen.path) == ("POST", "/contentsafety/text:analyze?api-version=2023-10-01")
    assert seen.headers["ocp-apim-subscription-key"] == KEY
    assert seen.json == {"text": TEXT, "outputType": "FourSeverityLevels"}
    assert [item.name for item in result] == ["hate"]
    assert (result.meta.request_id, result.meta.usage.metered, result.meta.api_version) == (
        "id-1",
        {"A.B": 1},
        "2023-10-01",
    )


def test_a_compressed_answer_is_unpacked(ask: Callable[..., Any]) -> None:
    content = gzip.compress(json.dumps(good().body).encode())
    with Compressed(Answer(200, content)) as server:
        assert ask(azure(server), sentiment).sentiment == "mixed"


class Compressed(Loopback):
    """A server that says of its answers that they are compressed, which the usual one never does."""

    def _handler(self) -> Any:
        usual = super()._handler()

        class Handler(usual):  # type: ignore[misc, valid-type]
            def end_headers(self) -> None:
                self.send_header("content-encoding", "gzip")
                super().end_headers()

            def do_POST(self) -> None:
                self._any()

        return Handler


# --- errors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected", "code", "status"),
    [
        ("error-401-bad-key", AuthenticationError, "401", 401),
        ("error-403-quota-out-15-days", QuotaExceededError, "403", 403),
        ("error-429-retry-after-1", RateLimitedError, "429", 429),
        ("error-400-too-many-documents", InvalidRequestError, "InvalidDocumentBatch", 400),
        ("error-400-duplicate-ids", InvalidRequestError, "InvalidDocument", 400),
        ("sentiment-all-docs-failed-200", InvalidRequestError, "InvalidDocument", 200),
    ],
)
def test_recorded_errors(ask: Callable[..., Any], name: str, expected: Any, code: str, status: int) -> None:
    response = recording(f"azure/language/{name}")["response"]
    error = failing(ask, answer_of(response))
    assert type(error) is expected
    assert (error.vendor_code, error.status) == (code, status)
    assert error.request_id == response["headers"].get("apim-request-id")
    assert error.raw == response["body"]


def test_the_recorded_401_between_two_answers_is_not_retried(ask: Callable[..., Any]) -> None:
    first, second, _ = recording("azure/language/sentiment-key-rotation-200-401-200")["interactions"]
    for part in (first,):
        part["response"]["body"]["results"]["documents"] = part["response"]["body"]["results"]["documents"][:1]
    with loopback(answer_of(second["response"]), answer_of(first["response"])) as server:
        with pytest.raises(AuthenticationError, match="another kind of resource"):
            ask(azure(server), sentiment, retry=QUICK)
        assert ask(azure(server), sentiment).sentiment == "neutral"
    assert len(server.seen) == 2


def test_a_429_is_retried_as_it_asks_and_by_nobody_else(ask: Callable[..., Any]) -> None:
    busy = answer_of(recording("azure/language/error-429-retry-after-1")["response"])
    with loopback(busy) as server, pytest.raises(RateLimitedError) as caught:
        ask(azure(server), sentiment, retry=Retry(attempts=2, max_retry_after=0.5))
    assert caught.value.retry_after == 1.0
    assert len(server.seen) == 1
    busy.headers = {**busy.headers, "Retry-After": "0"}
    with loopback(busy, busy, good()) as server:
        result = ask(azure(server), sentiment, retry=QUICK)
    assert (len(server.seen), result.meta.attempts) == (3, 3)


@pytest.mark.parametrize("call", [sentiment, moderation])
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(403, {"error": {"code": "403", "message": "No."}}, {"retry-after": "1296000"}), QuotaExceededError),
        (Answer(403, {"error": {"code": "403", "message": "Access denied: virtual network."}}), PermissionDeniedError),
        (Answer(403, {"error": {"code": "Forbidden", "message": "No."}}), PermissionDeniedError),
        (Answer(404, {"error": {"code": "404", "message": "Resource not found"}}), InvalidRequestError),
        (Answer(413, "too much"), InputTooLargeError),
        (Answer(429, ""), RateLimitedError),
        (Answer(500, {"error": {"code": "InternalServerError", "message": "Oh."}}), ServiceUnavailableError),
        (Answer(502, b"<html>", {"content-type": "application/json"}), ServiceUnavailableError),
        (Answer(503, "<html>", {"content-type": "text/html"}), ServiceUnavailableError),
        (Answer(504, {"error": "gateway"}), TimeoutError),
        (Answer(400, {"error": {"code": "InvalidRequestBody", "message": "No."}}), InvalidRequestError),
        (Answer(400, {"error": None}), InvalidRequestError),
        (Answer(400, {"error": {"code": 400, "message": None}}), InvalidRequestError),
        (Answer(401, {"message": "no"}), AuthenticationError),
    ],
)
def test_errors_by_code_and_status(ask: Callable[..., Any], answer: Answer, expected: Any, call: Any) -> None:
    error = failing(ask, answer, call)
    assert type(error) is expected
    assert error.status == answer.status
    assert error.message


def refused(code: str, message: str, document: str = "0") -> dict[str, Any]:
    inner = {"code": code, "message": message}
    return {"id": document, "error": {"code": "InvalidArgument", "message": "Invalid.", "innererror": inner}}


@pytest.mark.parametrize("document", ["0", "7"])
@pytest.mark.parametrize(
    ("code", "message", "expected"),
    [
        ("UnsupportedLanguageCode", "Invalid language code.", UnsupportedLanguageError),
        ("InvalidCountryHint", "Country hint is not valid.", InvalidRequestError),
        ("InvalidDocument", "Document text is empty.", InvalidRequestError),
        (
            "InvalidDocument",
            "A document within the request was too large to be processed. Limit document size to: 5120 text elements.",
            InputTooLargeError,
        ),
        ("ModelVersionIncorrect", "Invalid model version.", InvalidRequestError),
    ],
)
def test_a_failed_document_in_an_answer_that_is_200(
    ask: Callable[..., Any], code: str, message: str, expected: Any, document: str
) -> None:
    body = {"kind": "x", "results": {"documents": [], "errors": [refused(code, message, document)]}}
    error = failing(ask, Answer(200, body, {"apim-request-id": "id-2", "csp-billing-usage": "A=1"}))
    assert type(error) is expected
    assert (error.vendor_code, error.status, error.message, error.request_id) == (code, 200, message, "id-2")
    assert error.raw == body


def test_a_failed_document_of_bare_answers(ask: Callable[..., Any]) -> None:
    body = {"documents": [], "errors": [refused("UnsupportedLanguageCode", "Invalid language code.")]}
    assert type(failing(ask, Answer(200, body))) is UnsupportedLanguageError


def test_a_document_that_failed_for_azures_reasons_is_sent_again(ask: Callable[..., Any]) -> None:
    body = {"documents": [], "errors": [refused("InternalServerError", "Oh.")]}
    with loopback(Answer(200, body), good()) as server:
        assert ask(azure(server), sentiment, retry=QUICK).sentiment == "mixed"
    assert len(server.seen) == 2


def test_the_failure_of_another_document_is_not_ours(ask: Callable[..., Any]) -> None:
    response = recording("azure/language/entities-empty-results")["response"]
    with loopback(answer_of(response)) as server:
        assert len(ask(azure(server), lambda ai: ai.text.entities(":("))) == 0


def test_what_a_refused_request_cost_is_still_metered() -> None:
    from cloudai.ports import Failure, Step
    from cloudai.providers.azure.connect import connect

    answer = Answer(400, {"error": {"code": "InvalidRequest", "message": "No."}}, {"csp-billing-usage": "A=1,B=2"})
    step = Step(service="language", operation="GET analyze-text/jobs", params={"job": "1"})
    with loopback(answer) as server:
        link = connect(azure(server), "language", asynchronous=False)
        with pytest.raises(Failure) as caught:
            link.read(step, link.invoke(step, 5.0))
        link.close()
    assert caught.value.metered == {"A": 1.0, "B": 2.0}


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, b"", {}),
        Answer(200, b'{"kind": "SentimentAnalysisResults", "resu', {}),
        Answer(200, b'{"kind": "SentimentAnalysisResults", "results": NaN}', {}),
        Answer(200, "[" * 100_000, {}),
        Answer(200, b"\xff\xfe\x00", {}),
        Answer(200, "<html>please sign in</html>", {"content-type": "text/html"}),
        Answer(200, [], {}),
        Answer(200, b"null", {}),
        Answer(200, {"results": {"documents": None, "errors": []}}),
        Answer(200, {"results": {"documents": "abc", "errors": []}}),
        Answer(200, {"results": {"documents": [{"id": "0", "sentiment": "positive"}], "errors": []}}),
        Answer(200, {"results": {"documents": [], "errors": []}}),
        Answer(200, {"results": {"documents": [], "errors": "abc"}}),
        Answer(200, {"results": {"documents": [], "errors": [None, {"id": "0", "error": None}]}}),
        Answer(200, {"results": "abc"}),
        Answer(204, None),
        Answer(302, None, {"location": "/elsewhere"}),
    ],
)
def test_what_is_no_answer(ask: Callable[..., Any], answer: Answer) -> None:
    error = failing(ask, answer)
    assert type(error) is InvalidResponseError
    if isinstance(answer.body, str):
        assert error.raw == answer.body
    elif not isinstance(answer.body, bytes):
        assert error.raw == answer.body or not answer.body


def test_the_text_of_what_is_no_json_is_kept(ask: Callable[..., Any]) -> None:
    error = failing(ask, Answer(200, b'{"kind": "Senti', {"apim-request-id": "id-3"}))
    assert (error.raw, error.request_id) == ('{"kind": "Senti', "id-3")


def test_content_that_cannot_be_unpacked_is_no_answer(ask: Callable[..., Any]) -> None:
    with Compressed(Answer(200, b"not compressed at all")) as server, pytest.raises(InvalidResponseError):
        ask(azure(server), sentiment, retry=ONCE)


# --- wires -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", [sentiment, moderation, lambda ai: ai.text.summarize(TEXT)])
def test_an_answer_that_is_cut_short_is_kept_as_far_as_it_came(ask: Callable[..., Any], call: Any) -> None:
    whole = b'{"kind": "SentimentAnalysisResults", "results": {"documents": []}}'
    error = failing(ask, Answer(200, whole, {"apim-request-id": "id-4"}, cut=True), call)
    assert type(error) is InvalidResponseError
    assert error.raw == whole[: len(whole) // 2].decode()
    assert (error.status, error.request_id) == (200, "id-4")


@pytest.mark.parametrize("call", [sentiment, moderation])
def test_an_error_that_is_cut_short_is_still_an_error(ask: Callable[..., Any], call: Any) -> None:
    error = failing(ask, Answer(503, b'{"error": {"code": "ServiceUnavailable"}}', cut=True), call)
    assert type(error) is ServiceUnavailableError


@pytest.mark.parametrize("call", [sentiment, moderation])
def test_a_wire_that_breaks_before_the_answer_is_tried_again(ask: Callable[..., Any], call: Any) -> None:
    class Hanging(Loopback):
        def _handler(self) -> Any:
            usual = super()._handler()
            hanging = self
            hanging.hung = 0

            class Handler(usual):  # type: ignore[misc, valid-type]
                def do_POST(self) -> None:
                    if hanging.hung < 2:
                        hanging.hung += 1
                        self.close_connection = True
                        return
                    self._any()

            return Handler

        hung = 0

    server = Hanging(good() if call is sentiment else Answer(200, MODERATED))
    with server:
        result = ask(azure(server), call, retry=QUICK)
    assert result.meta.attempts == 3


@pytest.mark.parametrize("call", [sentiment, moderation])
def test_nobody_is_there(ask: Callable[..., Any], call: Any) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(ConnectionFailedError) as caught:
            ask(Azure(key=KEY, endpoint=address), call, retry=ONCE)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("call", [sentiment, moderation])
def test_nothing_is_answered_in_time(ask: Callable[..., Any], call: Any) -> None:
    with loopback(Answer(200, {}, delay=1.0)) as server, pytest.raises(TimeoutError):
        ask(azure(server), call, retry=ONCE, timeout=0.15)


class Raw(Loopback):
    """A server that writes these pieces, with a pause behind each, and then closes the connection or does not."""

    def __init__(self, *pieces: bytes, pause: float = 0.0, close: bool = True) -> None:
        self.pieces, self.pause, self.closes, self.left = pieces, pause, close, threading.Event()
        super().__init__()

    def _handler(self) -> Any:
        usual = super()._handler()
        raw = self

        class Handler(usual):  # type: ignore[misc, valid-type]
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"]))
                try:
                    for piece in raw.pieces:
                        self.wfile.write(piece)
                        raw.left.wait(raw.pause)
                except OSError:
                    pass
                self.close_connection = raw.closes

        return Handler

    def __exit__(self, *error: object) -> None:
        self.left.set()
        super().__exit__(*error)


def chunk(content: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(content), content)


HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
CHUNKED = HEAD + b"transfer-encoding: chunked\r\n\r\n"


def test_an_answer_may_come_in_chunks(ask: Callable[..., Any]) -> None:
    content = json.dumps(good().body).encode()
    pieces = [CHUNKED + chunk(content[:100]), chunk(content[100:]) + b"0\r\n\r\n"]
    with Raw(*pieces, pause=0.02, close=False) as server:
        assert ask(azure(server), sentiment).sentiment == "mixed"


def test_chunks_may_be_cut_short(ask: Callable[..., Any]) -> None:
    with Raw(CHUNKED + chunk(b'{"kind": '), pause=0.05) as server, pytest.raises(InvalidResponseError) as caught:
        ask(azure(server), sentiment, retry=ONCE)
    assert caught.value.raw == '{"kind": '


def test_a_body_that_stops_is_a_timeout(ask: Callable[..., Any]) -> None:
    stopping = Raw(HEAD + b'content-length: 100\r\n\r\n{"kind"', pause=0.6)
    with stopping as server, pytest.raises(TimeoutError):
        ask(azure(server), sentiment, retry=ONCE, timeout=0.15)


def test_a_body_that_drips_is_a_timeout(ask: Callable[..., Any]) -> None:
    dripping = Raw(HEAD + b"content-length: 100\r\n\r\n", *[b" "] * 30, pause=0.05)
    with dripping as server, pytest.raises(TimeoutError):
        ask(azure(server), sentiment, retry=ONCE, timeout=0.2)


@pytest.mark.parametrize("call", [sentiment, moderation])
@pytest.mark.parametrize("line", [HEAD + b"x-slow: ", b"HTTP/1.1 200 "])
def test_a_head_that_drips_is_a_timeout(ask: Callable[..., Any], line: bytes, call: Any) -> None:
    began = time.monotonic()
    dripping = Raw(line, *[b"H"] * 60, pause=0.05)
    with dripping as server:
        with pytest.raises(TimeoutError):
            ask(azure(server), call, retry=ONCE, timeout=0.3)
        assert time.monotonic() - began < 2


@pytest.mark.parametrize("call", [sentiment, moderation, lambda ai: ai.text.summarize(TEXT)])
@pytest.mark.parametrize("form", ["json", "text", "html"])
@pytest.mark.parametrize("status", [401, 403, 400, 500, 302])
def test_a_key_that_the_service_repeats_is_nowhere_to_be_seen(
    ask: Callable[..., Any], call: Any, form: str, status: int
) -> None:
    def repeat(seen: Seen) -> Answer:
        heard = f"unknown key {seen.headers['ocp-apim-subscription-key']}"
        if form == "json":
            return Answer(status, {"error": {"code": str(status), "message": heard}})
        return Answer(status, heard, {"content-type": f"text/{'plain' if form == 'text' else 'html'}"})

    with loopback(repeat) as server, pytest.raises(CloudAIError) as caught:
        ask(azure(server), call, retry=ONCE)
    assert server.seen
    assert KEY not in "".join(traceback.format_exception(caught.value))
    assert KEY not in repr(caught.value.raw)


def test_the_same_client_in_a_second_event_loop_is_told_clearly() -> None:
    with loopback(good()) as server:
        ai = AsyncCloudAI(azure(server), retry=ONCE)

        async def main(ai: AsyncCloudAI) -> Any:
            return await ai.text.sentiment(TEXT)

        assert asyncio.run(main(ai)).sentiment == "mixed"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            with pytest.raises(ConfigurationError, match="event loop that has ended"):
                asyncio.run(main(ai))
            # The warning is for the test alone: nobody can close what the loop that has ended held.
            del ai
            gc.collect()


@pytest.mark.parametrize(("asynchronous", "package"), [(False, "requests"), (True, "aiohttp"), (True, "requests")])
def test_a_package_that_is_missing_is_named(asynchronous: bool, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    settings = Azure(key=KEY, endpoint="http://127.0.0.1:9")
    with pytest.raises(ConfigurationError, match=rf"'{package}'.*cloudai\[azure\]"):
        if asynchronous:

            async def main() -> None:
                async with AsyncCloudAI(settings, retry=ONCE) as ai:
                    await ai.text.sentiment(TEXT)

            asyncio.run(main())
        else:
            with CloudAI(settings, retry=ONCE) as ai:
                ai.text.sentiment(TEXT)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("call", [sentiment, moderation])
def test_no_redirect_is_followed(ask: Callable[..., Any], status: int, call: Any) -> None:
    with loopback(good()) as stranger:
        failing(ask, Answer(status, None, {"location": f"{stranger.address}/elsewhere"}), call)
        assert stranger.seen == []


def test_a_proxy_is_used(ask: Callable[..., Any]) -> None:
    with loopback(good()) as proxy:
        settings = Azure(key=KEY, endpoint="http://language.example", proxy=proxy.address)
        assert ask(settings, sentiment).sentiment == "mixed"
    assert proxy.seen[0].path == "http://language.example/language/:analyze-text?api-version=2023-04-01"


@pytest.mark.parametrize("call", [sentiment, moderation])
@pytest.mark.parametrize("proxy", ["http://user:hunter2@", "user:hunter2@host:1", "http://user:hunter2@host:port"])
def test_a_proxy_that_cannot_be_used_is_told_without_its_password(
    ask: Callable[..., Any], proxy: str, call: Any
) -> None:
    with pytest.raises(ConfigurationError, match="http://host:port") as caught:
        ask(Azure(key=KEY, endpoint="http://x.example", proxy=proxy), call, retry=ONCE)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("call", [sentiment, moderation])
def test_certificates_that_cannot_be_read_are_named(ask: Callable[..., Any], call: Any, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    for path in (tmp_path / "missing.pem", empty):
        with pytest.raises(ConfigurationError, match="ca_bundle"):
            ask(Azure(key=KEY, endpoint="https://x.example", ca_bundle=str(path)), call, retry=ONCE)


def test_a_slash_at_the_end_of_an_address_makes_no_difference(ask: Callable[..., Any]) -> None:
    with loopback(good()) as server:
        ask(Azure(key=KEY, endpoint=f"{server.address}/behind/a/gateway/"), sentiment)
    assert server.seen[0].path == "/behind/a/gateway/language/:analyze-text?api-version=2023-04-01"


class Counting(Loopback):
    """A server that knows how many connections were opened to it, and when all of them are closed again."""

    connections = 0

    def _handler(self) -> Any:
        usual = super()._handler()
        counting = self
        self.open = threading.Semaphore(0)

        class Handler(usual):  # type: ignore[misc, valid-type]
            def setup(self) -> None:
                counting.connections += 1
                super().setup()

            def finish(self) -> None:
                super().finish()
                counting.open.release()

        return Handler

    def all_closed(self) -> bool:
        return all(self.open.acquire(timeout=2.0) for _ in range(self.connections))


@contextmanager
def counting(*answers: Answer) -> Iterator[Counting]:
    server = Counting(*answers)
    with server:
        yield server


def test_one_connection_serves_many_calls(ask: Callable[..., Any]) -> None:
    async def thrice_later(ai: Any) -> None:
        for _ in range(3):
            await ai.text.sentiment(TEXT)

    def thrice(ai: Any) -> Any:
        return thrice_later(ai) if isinstance(ai, AsyncCloudAI) else [ai.text.sentiment(TEXT) for _ in range(3)]

    with counting(good()) as server:
        ask(azure(server), thrice)
    assert (len(server.seen), server.connections) == (3, 1)


def test_threads_keep_as_many_connections_as_they_need(caplog: pytest.LogCaptureFixture) -> None:
    from cloudai import SentimentRequest

    slow = good()
    slow.delay = 0.05
    with counting(slow) as server, CloudAI(azure(server)) as ai:
        for _ in range(2):
            outcomes = list(ai.run_many([SentimentRequest(text=TEXT)] * 20, concurrency=20))
            assert all(item.ok for item in outcomes)
    assert server.connections <= 20
    assert "discarding" not in caplog.text


@pytest.mark.parametrize("call", [sentiment, moderation])
def test_closing_leaves_nothing_open(ask: Callable[..., Any], call: Any) -> None:
    kept: list[Any] = []

    def keep(ai: Any) -> Any:
        answered = call(ai)
        # What nobody holds any more would be closed by the garbage collector.
        kept.extend(ai._members[0].links.values())
        return answered

    async def keep_later(ai: Any) -> None:
        await call(ai)
        kept.extend(ai._members[0].links.values())

    gc.collect()
    answer = good() if call is sentiment else Answer(200, MODERATED)
    with counting(answer) as server, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        ask(azure(server), lambda ai: keep_later(ai) if isinstance(ai, AsyncCloudAI) else keep(ai))
        assert kept
        assert server.all_closed()
        kept.clear()
        gc.collect()
    assert [str(item.message) for item in caught if issubclass(item.category, ResourceWarning)] == []


def test_making_a_client_touches_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    from cloudai.providers.azure.connect import connect

    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for service in ("language", "contentsafety"):
        for settings in (Azure(key=KEY, endpoint="https://x.example"), Azure(endpoint="https://x.example")):
            connect(settings, service, asynchronous=False).close()
    AsyncCloudAI(Azure(endpoint="https://x.example"))


def test_nothing_is_logged_that_was_sent(ask: Callable[..., Any], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with loopback(good()) as server:
        ask(azure(server), sentiment)
    assert caplog.records
    assert KEY not in caplog.text
    assert TEXT not in caplog.text
    assert "The service" not in caplog.text


def test_an_unknown_service_is_named() -> None:
    from cloudai.providers.azure.connect import connect

    with pytest.raises(ConfigurationError, match="contentsafety"):
        connect(Azure(key=KEY, endpoint="https://x.example"), "languages", asynchronous=False)


def test_outside_an_event_loop_nothing_is_taken_for_trio() -> None:
    from cloudai.providers.azure.connect import _on_trio

    assert not _on_trio()


def test_what_is_not_the_sdks_own_is_not_explained() -> None:
    from cloudai.providers.azure.connect import connect

    link = connect(Azure(key=KEY, endpoint="https://x.example"), "language", asynchronous=False)
    assert link.explain(ZeroDivisionError()) is None
    link.close()
