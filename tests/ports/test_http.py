"""The HTTP link itself, against servers on this machine."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from typing import Any

import anyio
import pytest

from cloudai.errors import ConfigurationError
from cloudai.ports import Failure, Reply, Step
from cloudai.ports.blocking import BlockingRuntime, drive
from cloudai.ports.concurrent import AsyncRuntime
from cloudai.ports.headers import retry_after
from cloudai.ports.http import KNOWN_ADDRESSES, Explained, HttpDialect, HttpLink, proxy_for
from cloudai.settings import ProviderSettings
from tests.support import Answer, loopback

STEP = Step(service="words", operation="POST v1/words", params={"json": {"text": "héllo"}})


class Settings(ProviderSettings):
    provider = "anybody"


def dialect(base: str, **changes: Any) -> HttpDialect:
    def explain(status: int, headers: Mapping[str, str], body: Any) -> Explained:
        return Explained(message=f"said {body}", codes=[f"CODE{status}"])

    return HttpDialect(**{"base": base, "authorise": lambda: {"x-key": "secret"}, "explain": explain, **changes})


@pytest.fixture(params=["blocking", "asyncio", "trio"])
def send(request: pytest.FixtureRequest) -> Callable[..., Reply]:
    """Sends one step over a new link in each colour."""

    def run(made: HttpDialect, step: Step = STEP, *, timeout: float = 5.0, **settings: Any) -> Reply:
        connect = partial(HttpLink, Settings(**settings), made)
        if request.param == "blocking":
            link = connect(asynchronous=False)
            try:
                return drive(BlockingRuntime().transmit(lambda: link, step, timeout))
            finally:
                link.close()

        async def main() -> Reply:
            link = connect(asynchronous=True)
            try:
                return await AsyncRuntime().transmit(lambda: link, step, timeout)
            finally:
                closing = link.close()
                assert closing is not None
                await closing

        return anyio.run(main, backend=request.param)

    return run


@contextmanager
def listener(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that does with each connection what no HTTP server would."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                talk(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(5)


def test_a_step_is_sent_with_the_key_in_a_header_and_answered(send: Callable[..., Reply]) -> None:
    with loopback(Answer(200, {"ok": [1, "ü"]}, {"X-Request-Id": "id-1"})) as server:
        reply = send(dialect(server.address, request_id=("x-request-id",), headers={"x-version": "3"}))
        (seen,) = server.seen
    assert (reply.body, reply.status, reply.request_id) == ({"ok": [1, "ü"]}, 200, "id-1")
    assert reply.headers["content-type"] == "application/json"
    assert (seen.method, seen.path, seen.json) == ("POST", "/v1/words", {"text": "héllo"})
    assert seen.headers["x-key"] == "secret"
    assert seen.headers["x-version"] == "3"
    assert seen.headers["content-type"] == "application/json"
    assert seen.headers["host"] == server.address.removeprefix("http://")
    assert int(seen.headers["content-length"]) == len(seen.body)


def test_query_headers_and_bytes_are_sent_as_given(send: Callable[..., Reply]) -> None:
    params = {"query": {"q": "a b"}, "content": b"\x00\x01", "headers": {"content-type": "audio/wav"}}
    with loopback(Answer(200, b"RIFF", {"content-type": "audio/wav"})) as server:
        reply = send(dialect(server.address), Step(service="words", operation="POST speech", params=params))
        (seen,) = server.seen
    assert seen.path == "/speech?q=a+b" or seen.path == "/speech?q=a%20b"
    assert (seen.body, seen.headers["content-type"]) == (b"\x00\x01", "audio/wav")
    assert reply.body == b"RIFF"


def test_a_step_without_a_body_is_sent(send: Callable[..., Reply]) -> None:
    with loopback(Answer(200, {})) as server:
        send(dialect(server.address), Step(service="words", operation="GET voices"))
        (seen,) = server.seen
    assert (seen.method, seen.path, seen.body) == ("GET", "/voices", b"")


def test_files_are_sent_as_a_form(send: Callable[..., Reply]) -> None:
    params = {"files": {"audio": ("a.wav", b"RIFF")}, "data": {"definition": "{}"}}
    with loopback(Answer(200, {})) as server:
        send(dialect(server.address), Step(service="words", operation="POST transcribe", params=params))
        (seen,) = server.seen
    assert seen.headers["content-type"].startswith("multipart/form-data")
    assert b"RIFF" in seen.body


def test_words_in_braces_are_filled_in_and_cannot_leave_their_place(send: Callable[..., Reply]) -> None:
    step = Step(service="words", operation="POST projects/{project}/words:count", params={"json": {}})
    with loopback(Answer(200, {})) as server:
        send(dialect(server.address, fill=lambda: {"project": "a/../b?c"}), step)
        (seen,) = server.seen
    assert seen.path == "/projects/a%2F..%2Fb%3Fc/words:count"


def test_a_compressed_answer_is_read(send: Callable[..., Reply]) -> None:
    body = gzip.compress(b'{"ok": true}')
    head = f"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {len(body)}\r\n\r\n".encode()

    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(head + body)

    with listener(talk) as address:
        assert send(dialect(address)).body == {"ok": True}


def test_an_empty_answer_is_none(send: Callable[..., Reply]) -> None:
    with loopback(Answer(200, b"")) as server:
        assert send(dialect(server.address)).body is None


@pytest.mark.parametrize(
    "body", ['{"ok": tr', "<html>hello</html>", "\ufeff", '{"n": NaN}', '{"n": -Infinity}', "[1e999]", "[" * 100_000]
)
def test_a_body_that_is_not_json_is_a_failure_of_shape_with_the_body_kept(
    send: Callable[..., Reply], body: str
) -> None:
    with loopback(Answer(200, body)) as server, pytest.raises(Failure) as caught:
        send(dialect(server.address))
    assert caught.value.kind == "shape"
    assert caught.value.body == body
    assert body not in caught.value.message


def test_a_refusal_is_explained_by_the_dialect(send: Callable[..., Reply]) -> None:
    answer = Answer(429, {"error": "slow down"}, {"retry-after": "7", "x-request-id": "id-2"})
    with loopback(answer) as server, pytest.raises(Failure) as caught:
        send(dialect(server.address, request_id=("x-request-id",)))
    failure = caught.value
    assert (failure.kind, failure.status, failure.codes) == ("refused", 429, ("CODE429",))
    assert (failure.retry_after, failure.request_id) == (7.0, "id-2")
    assert failure.body == {"error": "slow down"}


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_not_followed(send: Callable[..., Reply], status: int) -> None:
    with loopback(Answer(200, {"stolen": True})) as other:
        redirect = Answer(status, {}, {"location": f"{other.address}/elsewhere"})
        with loopback(redirect) as server, pytest.raises(Failure) as caught:
            send(dialect(server.address))
        assert other.seen == []
    assert caught.value.status == status


def test_no_answer_in_time_is_a_timeout(send: Callable[..., Reply]) -> None:
    began = time.monotonic()
    with loopback(Answer(200, {}, delay=1)) as server, pytest.raises(Failure) as caught:
        send(dialect(server.address), timeout=0.2)
    assert caught.value.kind == "timeout"
    assert time.monotonic() - began < 3


def test_an_answer_that_trickles_is_a_timeout_too(send: Callable[..., Reply]) -> None:
    def trickle(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 10000\r\n\r\n")
        try:
            for _ in range(25):
                connection.sendall(b" ")
                time.sleep(0.05)
        except OSError:
            pass

    began = time.monotonic()
    with listener(trickle) as address, pytest.raises(Failure) as caught:
        send(dialect(address), timeout=0.4)
    assert caught.value.kind == "timeout"
    assert time.monotonic() - began < 4


@pytest.mark.parametrize("line", [b"HTTP/1.1 200 OK\r\nx-slow: ", b""])
def test_a_head_that_trickles_is_a_timeout_too(send: Callable[..., Reply], line: bytes) -> None:
    def trickle(connection: socket.socket) -> None:
        connection.recv(65536)
        try:
            connection.sendall(line)
            for _ in range(50):
                connection.sendall(b"H")
                time.sleep(0.05)
        except OSError:
            pass

    began = time.monotonic()
    with listener(trickle) as address:
        with pytest.raises(Failure) as caught:
            send(dialect(address), timeout=0.3)
        assert time.monotonic() - began < 1.5
    assert caught.value.kind == "timeout"


def test_nobody_there_is_a_failure_of_the_connection_without_an_address(send: Callable[..., Reply]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(Failure) as caught:
        send(dialect(f"http://127.0.0.1:{port}/path"))
    assert caught.value.kind == "connection"
    assert "http://" not in caught.value.message
    assert "secret" not in caught.value.message


def test_a_body_that_is_cut_short_is_an_answer_of_the_wrong_shape(send: Callable[..., Reply]) -> None:
    with loopback(Answer(200, {"long": "x" * 1000}, cut=True)) as server, pytest.raises(Failure) as caught:
        send(dialect(server.address))
    assert caught.value.kind == "shape"
    assert caught.value.body.startswith('{"long": "xxx')


def test_a_connection_that_is_closed_without_a_word_is_a_failure_of_the_connection(
    send: Callable[..., Reply],
) -> None:
    with listener(lambda connection: None) as address, pytest.raises(Failure) as caught:
        send(dialect(address))
    assert caught.value.kind == "connection"


def test_an_encoding_that_lies_is_a_failure_of_shape(send: Callable[..., Reply]) -> None:
    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}")

    with listener(talk) as address, pytest.raises(Failure) as caught:
        send(dialect(address))
    assert caught.value.kind == "shape"


def test_the_proxy_of_the_settings_is_asked(send: Callable[..., Reply]) -> None:
    with loopback(Answer(200, {"by": "proxy"})) as proxy:
        reply = send(dialect("http://words.invalid"), proxy=proxy.address)
        (seen,) = proxy.seen
    assert reply.body == {"by": "proxy"}
    assert seen.path == "http://words.invalid/v1/words"


def test_the_proxy_of_the_environment_counts_unless_the_host_is_excepted(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTPS_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    settings = Settings()
    assert proxy_for(settings, "https://words.example") is None
    monkeypatch.setenv("https_proxy", "proxy.example:3128")
    assert proxy_for(settings, "https://words.example") == "http://proxy.example:3128"
    assert proxy_for(settings, "http://words.example") is None
    assert proxy_for(Settings(proxy="http://mine:1"), "https://words.example") == "http://mine:1"
    monkeypatch.setenv("no_proxy", "words.example")
    assert proxy_for(settings, "https://words.example") is None
    assert proxy_for(settings, "https://other.example") == "http://proxy.example:3128"


@pytest.mark.parametrize("asynchronous", [False, True])
@pytest.mark.parametrize(
    ("wrong", "named"),
    [({"proxy": "ftp://user:hunter2@proxy"}, "proxy"), ({"ca_bundle": "/nowhere/at/all.pem"}, "/nowhere/at/all.pem")],
)
def test_settings_that_cannot_be_used_are_told_when_the_link_is_made(
    wrong: dict[str, Any], named: str, asynchronous: bool
) -> None:
    with pytest.raises(ConfigurationError, match=named) as caught:
        HttpLink(Settings(**wrong), dialect("https://words.example"), asynchronous=asynchronous)
    assert "hunter2" not in str(caught.value)


def test_a_file_without_certificates_is_told(tmp_path: Any) -> None:
    bundle = tmp_path / "empty.pem"
    bundle.write_text("nothing")
    with pytest.raises(ConfigurationError, match=r"empty\.pem"):
        HttpLink(Settings(ca_bundle=str(bundle)), dialect("https://words.example"), asynchronous=False)


@pytest.mark.parametrize("key", ["secret\n", "sécret", "sec\x00ret"])
def test_a_key_that_no_header_can_hold_is_told_without_the_key(send: Callable[..., Reply], key: str) -> None:
    with loopback(Answer(200, {})) as server, pytest.raises(ConfigurationError, match="x-key") as caught:
        send(dialect(server.address, authorise=lambda: {"x-key": key}))
    assert server.seen == []
    assert key not in str(caught.value)


def test_connections_are_kept() -> None:
    ports: list[int] = []

    def talk(connection: socket.socket) -> None:
        ports.append(connection.getpeername()[1])
        for _ in range(3):
            request = b""
            while not request.endswith(b"}"):
                request += connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")

    with listener(talk) as address:
        link = HttpLink(Settings(), dialect(address), asynchronous=False)
        for _ in range(3):
            drive(BlockingRuntime().transmit(lambda: link, STEP, 5))
        link.close()
    assert len(ports) == 1


def test_the_addresses_that_are_remembered_are_bounded() -> None:
    with loopback(Answer(200, {})) as server:
        link = HttpLink(Settings(), dialect(server.address), asynchronous=False)
        for number in range(KNOWN_ADDRESSES + 2):
            step = Step(service="words", operation=f"GET jobs/{number}")
            drive(BlockingRuntime().transmit(partial(_same, link), step, 5))
        link.close()
        assert [seen.path for seen in server.seen][-2:] == ["/jobs/64", "/jobs/65"]
    assert len(link._addresses) == KNOWN_ADDRESSES


def _same(link: HttpLink) -> HttpLink:
    return link


class Pass:
    """An authorisation that has to be fetched, slowly, and counts how often it was."""

    def __init__(self) -> None:
        self.fetched = 0
        self.threads: set[int] = set()
        self._headers: Mapping[str, str] | None = None

    def stale(self) -> bool:
        return self._headers is None

    def authorise(self) -> Mapping[str, str]:
        if self._headers is None:
            self.threads.add(threading.get_ident())
            time.sleep(0.1)
            self.fetched += 1
            self._headers = {"authorization": f"Bearer {self.fetched}"}
        return self._headers


def test_threads_that_need_a_stale_authorisation_renew_it_once() -> None:
    door = Pass()
    with loopback(Answer(200, {})) as server:
        made = dialect(server.address, authorise=door.authorise, stale=door.stale)
        link = HttpLink(Settings(), made, asynchronous=False)
        threads = [
            threading.Thread(target=lambda: drive(BlockingRuntime().transmit(lambda: link, STEP, 5))) for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        link.close()
        assert [seen.headers["authorization"] for seen in server.seen] == ["Bearer 1"] * 8
    assert door.fetched == 1


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_tasks_that_need_a_stale_authorisation_renew_it_once_and_not_on_the_loop(backend: str) -> None:
    door = Pass()

    async def main(address: str) -> None:
        made = dialect(address, authorise=door.authorise, stale=door.stale)
        link = HttpLink(Settings(), made, asynchronous=True)
        async with anyio.create_task_group() as tasks:
            for _ in range(8):
                tasks.start_soon(AsyncRuntime().transmit, lambda: link, STEP, 5)
        closing = link.close()
        assert closing is not None
        await closing

    with loopback(Answer(200, {})) as server:
        anyio.run(main, server.address, backend=backend)
        assert [seen.headers["authorization"] for seen in server.seen] == ["Bearer 1"] * 8
    assert door.fetched == 1
    assert threading.get_ident() not in door.threads


def test_a_renewal_is_told_how_long_it_may_take(send: Callable[..., Reply]) -> None:
    told: list[float] = []

    def renew(seconds: float) -> Mapping[str, str]:
        told.append(seconds)
        return {"x-key": "new"}

    with loopback(Answer(200, {})) as server:
        send(dialect(server.address, stale=lambda: True, renew=renew), timeout=3.0)
        assert server.seen[0].headers["x-key"] == "new"
    assert 2.0 < told[0] <= 3.0


def test_a_step_does_not_wait_longer_than_its_time_for_the_renewal_of_another() -> None:
    held, done = threading.Event(), threading.Event()

    def renew(seconds: float) -> Mapping[str, str]:
        held.set()
        done.wait(5)
        return {"x-key": "new"}

    with loopback(Answer(200, {})) as server:
        link = HttpLink(Settings(), dialect(server.address, stale=lambda: True, renew=renew), asynchronous=False)
        other = threading.Thread(target=lambda: drive(BlockingRuntime().transmit(lambda: link, STEP, 5)))
        other.start()
        held.wait(5)
        began = time.monotonic()
        with pytest.raises(Failure) as caught:
            drive(BlockingRuntime().transmit(lambda: link, STEP, 0.2))
        assert time.monotonic() - began < 2
        done.set()
        other.join()
        link.close()
    assert caught.value.kind == "timeout"


def test_what_a_renewal_took_is_not_left_for_the_answer() -> None:
    def renew(seconds: float) -> Mapping[str, str]:
        time.sleep(0.4)
        return {"x-key": "new"}

    with loopback(Answer(200, {}, delay=0.4)) as server:
        link = HttpLink(Settings(), dialect(server.address, stale=lambda: True, renew=renew), asynchronous=False)
        with pytest.raises(Failure) as caught:
            drive(BlockingRuntime().transmit(lambda: link, STEP, 0.6))
        link.close()
    assert caught.value.kind == "timeout"


def test_headers_are_written_anew_when_the_authorisation_changes() -> None:
    given = [{"x-key": "one"}, {"x-key": "two"}]
    with loopback(Answer(200, {})) as server:
        link = HttpLink(Settings(), dialect(server.address, authorise=lambda: given.pop(0)), asynchronous=False)
        for _ in range(2):
            drive(BlockingRuntime().transmit(lambda: link, STEP, 5))
        link.close()
        assert [seen.headers["x-key"] for seen in server.seen] == ["one", "two"]


def test_what_was_counted_is_told_with_answers_and_refusals(send: Callable[..., Reply]) -> None:
    def metered(headers: Mapping[str, str], body: Any) -> Mapping[str, float]:
        return {"words": float(headers["x-words"])}

    with loopback(Answer(200, {}, {"x-words": "3"}), Answer(400, {}, {"x-words": "4"})) as server:
        made = dialect(server.address, metered=metered)
        assert send(made).metered == {"words": 3.0}
        with pytest.raises(Failure) as caught:
            send(made)
    assert caught.value.metered == {"words": 4.0}


def test_retry_after_holds_seconds_or_a_date() -> None:
    assert retry_after({}) is None
    assert retry_after({"retry-after": "2.5"}) == 2.5
    assert retry_after({"retry-after": "-1"}) == 0.0
    assert retry_after({"retry-after": "soon"}) is None
    assert retry_after({"retry-after": "inf"}) is None
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    found = retry_after({"retry-after": later})
    assert found is not None
    assert 25 < found <= 30
    assert retry_after({"retry-after": "Wed, 21 Oct 2015 07:28:00 -0000"}) == 0.0


def test_an_infinite_number_is_not_sent(send: Callable[..., Reply]) -> None:
    step = Step(service="words", operation="POST v1/words", params={"json": {"n": float("inf")}})
    with loopback(Answer(200, {})) as server, pytest.raises(ValueError, match="JSON"):
        send(dialect(server.address), step)
    assert server.seen == []
