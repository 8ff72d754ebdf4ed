"""One cassette for both clients where the vendor is spoken to over gRPC."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import anyio
import pytest

import cloudai
from cloudai import AsyncCloudAI, CloudAI, Retry
from cloudai.testing import CassetteError, CassetteMissError, use_cassette

grpc = pytest.importorskip("grpc", reason="grpcio is not installed")

from google.protobuf.struct_pb2 import Struct  # type: ignore[import-untyped]  # noqa: E402

TOKEN = "lantern-token-0123456789"


class Server:
    """Lantern on this machine."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, dict[str, Any], str]] = []
        self.busy = 0
        """How many requests are turned away."""

    def answer(self, method: str, request: Struct, context: Any) -> Struct:
        self.seen.append((method, dict(request), dict(context.invocation_metadata())["authorization"]))
        if self.busy:
            self.busy -= 1
            context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, f"slow down, {TOKEN}")
        answer = Struct()
        answer.update({"feeling": "positive", "score": 0.5} if method == "Feel" else {"phrases": ["a", "ü 👍"]})
        return answer


@pytest.fixture
def server() -> Iterator[tuple[Server, str]]:
    server = Server()

    def handler(method: str) -> Any:
        return grpc.unary_unary_rpc_method_handler(
            lambda request, context: server.answer(method, request, context),
            request_deserializer=Struct.FromString,
            response_serializer=Struct.SerializeToString,
        )

    wire = grpc.server(ThreadPoolExecutor(2))
    methods = {method: handler(method) for method in ("Feel", "Gist")}
    wire.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("lantern.Text", methods),))
    port = wire.add_insecure_port("127.0.0.1:0")
    wire.start()
    yield server, f"http://127.0.0.1:{port}"
    wire.stop(None).wait()


def blocking(settings: Any) -> tuple[Any, Any]:
    with CloudAI(settings, retry=Retry(first_wait=0)) as ai:
        return ai.text.sentiment("I love it", language="en"), ai.text.key_phrases("ü 👍")


def later(settings: Any, backend: str = "asyncio") -> tuple[Any, Any]:
    async def main() -> tuple[Any, Any]:
        async with AsyncCloudAI(settings, retry=Retry(first_wait=0)) as ai:
            return await ai.text.sentiment("I love it", language="en"), await ai.text.key_phrases("ü 👍")

    return anyio.run(main, backend=backend)


@pytest.mark.parametrize(("record", "play"), [(blocking, later), (later, blocking)])
def test_what_either_client_records_the_other_plays_back(
    lantern: type[Any], server: tuple[Server, str], tmp_path: Path, record: Any, play: Any
) -> None:
    seen, address = server
    seen.busy = 1
    with use_cassette(tmp_path / "a.json"):
        recorded = record(lantern(token=TOKEN, endpoint=address))
    assert len(seen.seen) == 3
    assert seen.seen[0][2] == f"Bearer {TOKEN}"
    with use_cassette(tmp_path / "a.json", "none", require_all=True):
        # No address and no token: nothing is opened.
        replayed = play("lantern")
    assert replayed == recorded
    assert replayed[0].meta.attempts == 2
    # The vendor's own object, written by its codec when somebody reads it.
    assert replayed[0].raw == {"message": "google.protobuf.Struct", "fields": {"feeling": "positive", "score": 0.5}}
    assert replayed[0].raw == recorded[0].raw
    assert len(seen.seen) == 3


def test_it_plays_back_on_trio_which_grpc_does_not_know(
    lantern: type[Any], server: tuple[Server, str], tmp_path: Path
) -> None:
    with use_cassette(tmp_path / "a.json"):
        recorded = blocking(lantern(token=TOKEN, endpoint=server[1]))
    with use_cassette(tmp_path / "a.json", require_all=True):
        assert later("lantern", "trio") == recorded


def test_messages_are_read_by_people_and_hold_no_token(
    lantern: type[Any], server: tuple[Server, str], tmp_path: Path
) -> None:
    server[0].busy = 1
    with use_cassette(tmp_path / "a.json"):
        blocking(lantern(token=TOKEN, endpoint=server[1]))
    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert TOKEN not in text
    refused, felt, gist = json.loads(text)["entries"]
    assert refused["failure"] == {
        "message": "slow down, ***",
        "kind": "refused",
        "codes": ["RESOURCE_EXHAUSTED"],
    }
    asked = {"message": "google.protobuf.Struct", "fields": {"text": "I love it", "language": "en"}}
    assert felt["step"]["params"] == {"message": {"$vendor": asked}}
    said = {"message": "google.protobuf.Struct", "fields": {"phrases": ["a", "ü 👍"]}}
    assert gist["reply"] == {"body": {"$vendor": said}}


def test_a_miss_tells_what_differs_in_a_message(lantern: type[Any], server: tuple[Server, str], tmp_path: Path) -> None:
    with use_cassette(tmp_path / "a.json"):
        blocking(lantern(token=TOKEN, endpoint=server[1]))
    with pytest.raises(CassetteMissError, match="'I loathe it'") as raised, use_cassette(tmp_path / "a.json"):
        CloudAI("lantern").text.sentiment("I loathe it", language="en")
    assert "params.message.$vendor.fields.text" in str(raised.value)


def test_a_vendor_without_a_codec_is_told_to_have_one(
    lantern: type[Any], server: tuple[Server, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cloudai.testing.form.codec_of", lambda provider: None)
    monkeypatch.setattr("cloudai_lantern.text.Struct", _Opaque)
    with pytest.raises(CassetteError, match="package cloudai_lantern needs a module codec"):
        with use_cassette(tmp_path / "a.json"):
            CloudAI(lantern(token=TOKEN, endpoint=server[1])).text.sentiment("I love it")


class _Opaque:
    def update(self, fields: object) -> None:
        pass


def test_errors_over_grpc_are_ours(lantern: type[Any], server: tuple[Server, str]) -> None:
    server[0].busy = 9
    with CloudAI(lantern(token=TOKEN, endpoint=server[1]), retry=Retry(attempts=1)) as ai:
        with pytest.raises(cloudai.RateLimitedError) as raised:
            ai.text.sentiment("I love it")
    assert TOKEN not in str(raised.value)
