from __future__ import annotations

from typing import Any

import pytest

from cloudai import ConnectionFailedError, InputTooLargeError, InvalidRequestError, TimeoutError
from cloudai.ports.fetch import fetch
from cloudai.settings import Fetch
from tests.support import Answer, loopback

pytest.importorskip("httpx", reason="needs cloudai[images]")
HERE = Fetch(allow_private=True, timeout=5)


def test_a_file_is_fetched_with_its_bytes_unchanged() -> None:
    with loopback(Answer(body=b"\x89PNG...")) as server:
        assert fetch(f"{server.address}/a.png?token=t", HERE) == b"\x89PNG..."
        assert server.seen[0].path == "/a.png?token=t"
        assert "authorization" not in server.seen[0].headers


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::1]",
        "0.0.0.0",
        "[fe80::1]",
    ],
)
def test_private_addresses_are_not_asked_unless_allowed(host: str) -> None:
    with pytest.raises((InvalidRequestError, ConnectionFailedError), match="private network|not known"):
        fetch(f"http://{host}:9/x", Fetch(timeout=2))


def test_a_redirect_into_the_private_network_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    # A public name whose server redirects to a private number: the name is checked, and so is where it leads.
    checked: list[str] = []
    import cloudai.ports.fetch as module

    original = module._resolve

    def once(host: str, port: int, limits: Fetch) -> str:
        checked.append(host)
        return "127.0.0.1" if host == "public.example" else original(host, port, limits)

    monkeypatch.setattr(module, "_resolve", once)
    with loopback(Answer(302, b"", {"location": "http://127.0.0.1:1/secret"})) as server:
        port = server.address.rpartition(":")[2]
        with pytest.raises(InvalidRequestError, match="private network"):
            fetch(f"http://public.example:{port}/x", Fetch(timeout=2))
    assert checked == ["public.example", "127.0.0.1"]
    assert len(server.seen) == 1
    assert server.seen[0].headers["host"] == f"public.example:{port}"


def test_redirects_are_followed_only_so_often() -> None:
    def onward(seen: Any) -> Answer:
        return (
            Answer(302, b"", {"location": f"/{int(seen.path[1:]) + 1}"})
            if int(seen.path[1:]) < 3
            else Answer(body=b"x")
        )

    with loopback(onward) as server:
        assert fetch(f"{server.address}/0", HERE) == b"x"
    with loopback(onward) as server, pytest.raises(InvalidRequestError, match="redirects more than 2 times"):
        fetch(f"{server.address}/0", Fetch(allow_private=True, max_redirects=2))


def test_a_redirect_to_another_scheme_is_refused() -> None:
    with (
        loopback(Answer(302, b"", {"location": "file:///etc/passwd"})) as server,
        pytest.raises(InvalidRequestError, match="not an http or https address"),
    ):
        fetch(server.address, HERE)


def test_too_large_a_file_is_refused_whether_it_says_so_or_not() -> None:
    with (
        loopback(Answer(body=b"x" * 5_000)) as server,
        pytest.raises(InputTooLargeError, match="more than 1,000 bytes"),
    ):
        fetch(server.address, Fetch(allow_private=True, max_bytes=1_000))


def test_a_slow_server_is_a_timeout() -> None:
    with loopback(Answer(body=b"x", delay=2.0)) as server, pytest.raises(TimeoutError, match="did not answer within"):
        fetch(server.address, Fetch(allow_private=True, timeout=0.2))


def test_other_answers_are_errors_that_hide_what_may_be_secret() -> None:
    with loopback(Answer(404, {"x": 1})) as server, pytest.raises(InvalidRequestError, match="status 404") as caught:
        fetch(f"{server.address.replace('//', '//user:pw@')}/a?signature=s3cr3t", HERE)
    assert "s3cr3t" not in str(caught.value)
    assert "pw" not in str(caught.value)


def test_nobody_there_is_a_connection_error() -> None:
    with pytest.raises(ConnectionFailedError):
        fetch("http://127.0.0.1:1/x", HERE)
