"""A bound on the whole of a blocking step over HTTP.

httpx's own timeouts begin anew with each byte that comes, so that an answer whose head or body trickles could hold a
thread for hours. On the event loop the runtime bounds a step from outside.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterable
from time import monotonic
from typing import Any, TypeVar

import httpcore
import httpx

__all__ = ["bound", "within"]

K = TypeVar("K", httpx.HTTPTransport, httpx.AsyncHTTPTransport, httpx.HTTPTransport | httpx.AsyncHTTPTransport)


class _Turn(threading.local):
    until = float("inf")


_turn = _Turn()
"""When the step of this thread has to be over. A blocking step reads and writes in the thread that sends it."""


def within(until: float) -> None:
    """Says when the next exchange of this thread has to be over, by the monotonic clock."""
    _turn.until = until


def bound(transport: K) -> K:
    """The transport, which keeps to ``within`` if it is a blocking one."""
    if isinstance(transport, httpx.HTTPTransport):
        # httpx has no argument for this; the pool under it has one, which it does not hand through.
        transport._pool._network_backend = _Network()
    return transport


def _left(timeout: float | None) -> float | None:
    """The seconds that the next piece may take."""
    left = _turn.until - monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the answer goes on and on")
    return left if timeout is None or left < timeout else timeout


class _Network(httpcore.SyncBackend):
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        return _Stream(super().connect_tcp(host, port, _left(timeout), local_address, socket_options))


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
