"""What the tests of Cloud Vision share: its recordings in one form, and a gRPC server that speaks its interface."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from cloudai.providers.google import codec
from cloudai.types.media import Image
from tests.support import recording

pytest.importorskip("google.cloud.vision_v1", reason="needs cloudai[google]")

from google.cloud import vision_v1
from google.protobuf import any_pb2, json_format
from google.rpc import code_pb2, status_pb2

SERVICE = "google.cloud.vision.v1.ImageAnnotator"


def jpeg(width: int = 1000, height: int = 500, data: bytes = b"\xff\xd8\xff\xe0picture") -> Image:
    """A picture of that size, which nobody opens."""
    return Image(data=data, format="jpeg", width=width, height=height)


def recorded(name: str) -> dict[str, Any]:
    """A recorded answer as the HTTP interface sends it, in whatever form it was kept."""
    data = recording(f"google/vision/{name}")
    body, form = data["response"]["body"], data["form"]
    if name.startswith("safesearch-bare"):
        body = {"safeSearchAnnotation": body}
    whole: dict[str, Any] = body if form == "rest" else {"responses": [body]}
    return whole


def message(*responses: Mapping[str, Any]) -> Any:
    """An answer as the adapter gets it."""
    return codec.load({"responses": list(responses)})


def load(name: str) -> Any:
    """A recorded answer as the adapter gets it."""
    return codec.load(recorded(name))


@dataclass
class Refusal:
    """A status in place of an answer."""

    code: str
    text: str = "no"
    details: tuple[Any, ...] = ()


@dataclass
class Annotator:
    """A gRPC server that answers from a list, the last one again and again."""

    answers: list[Any]
    requests: list[Any] = field(default_factory=list)
    metadata: list[dict[str, str]] = field(default_factory=list)
    hold: threading.Event = field(default_factory=threading.Event)
    """What a ``None`` in the list waits for."""
    address: str = ""

    def answer(self, kind: str, request: Any, context: Any) -> Any:
        import grpc
        from grpc_status import rpc_status

        self.requests.append(request)
        self.metadata.append({key: value for key, value in context.invocation_metadata() if isinstance(value, str)})
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if found is None:
            self.hold.wait(10)
            context.abort(grpc.StatusCode.CANCELLED, "nobody waits any more")
        if isinstance(found, Refusal):
            packed = []
            for detail in found.details:
                packed.append(any_pb2.Any())
                packed[-1].Pack(detail)
            status = status_pb2.Status(code=code_pb2.Code.Value(found.code), message=found.text, details=packed)
            context.abort_with_status(rpc_status.to_status(status))
        kinds = getattr(vision_v1, f"{kind}Response")
        return json_format.ParseDict(found, kinds.pb(kinds()), ignore_unknown_fields=True).SerializeToString()


@contextmanager
def annotator(*answers: Any, tls: tuple[bytes, bytes] | None = None) -> Iterator[Annotator]:
    """A gRPC server on this machine; answers are JSON, a ``Refusal``, or None for none in time. ``tls`` is a key and a
    certificate."""
    import grpc

    def handler(kind: str) -> Any:
        parse = getattr(vision_v1, f"{kind}Request").deserialize
        return grpc.unary_unary_rpc_method_handler(
            lambda request, context: served.answer(kind, request, context), request_deserializer=parse
        )

    served = Annotator(list(answers))
    server = grpc.server(ThreadPoolExecutor(4), options=[("grpc.max_receive_message_length", -1)])
    methods: Mapping[str, Callable[..., Any]] = {
        kind: handler(kind) for kind in ("BatchAnnotateImages", "BatchAnnotateFiles")
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, methods),))
    if tls is None:
        served.address = f"http://127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    else:
        secure = grpc.ssl_server_credentials([tls])
        served.address = f"https://127.0.0.1:{server.add_secure_port('127.0.0.1:0', secure)}"
    server.start()
    try:
        yield served
    finally:
        served.hold.set()
        server.stop(None).wait()
