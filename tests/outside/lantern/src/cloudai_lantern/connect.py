"""Connections to Lantern, over gRPC."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import grpc
import grpc.aio
from google.protobuf.struct_pb2 import Struct

from cloudai import ConfigurationError
from cloudai.ports import Failure, Reply, Step
from cloudai_lantern import Lantern


class LanternLink:
    """One channel. Every method takes and gives a Struct."""

    threaded = False

    def __init__(self, settings: Lantern, address: str, *, asynchronous: bool) -> None:
        self._channel = (grpc.aio if asynchronous else grpc).insecure_channel(address)
        self._metadata = (("authorization", f"Bearer {settings.token}"),)

    def invoke(self, step: Step, timeout: float) -> Any:
        method = self._channel.unary_unary(
            f"/lantern.Text/{step.operation}",
            request_serializer=Struct.SerializeToString,
            response_deserializer=Struct.FromString,
        )
        return method(step.params["message"], timeout=timeout, metadata=self._metadata)

    def read(self, step: Step, answer: Struct) -> Reply:
        return Reply(body=answer)

    def explain(self, error: Exception) -> Failure | None:
        if not isinstance(error, grpc.RpcError):
            return None
        code, details = error.code(), error.details()
        kind = {grpc.StatusCode.DEADLINE_EXCEEDED: "timeout", grpc.StatusCode.UNAVAILABLE: "connection"}
        return Failure(details or code.name, kind=kind.get(code, "refused"), codes=[code.name])  # type: ignore[arg-type]

    def close(self) -> Awaitable[None] | None:
        closing: Awaitable[None] | None = self._channel.close()
        return closing


def connect(settings: Lantern, service: str, *, asynchronous: bool) -> LanternLink:
    """A channel to the customer's address. It is opened with the first step."""
    address = settings.endpoint_for(service)
    if address is None:
        raise ConfigurationError("Lantern needs an address: give Lantern(endpoint=...)", provider=settings.label)
    return LanternLink(settings, address.partition("://")[2], asynchronous=asynchronous)
