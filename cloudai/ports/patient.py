"""A bound on the whole of an answer that comes through urllib3, which SDKs stand on that are spoken to with requests.

Its own timeouts begin anew with each byte that comes, so that an answer whose head or body trickles could hold a thread
for hours.
"""

from __future__ import annotations

import io
from time import monotonic
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

__all__ = ["pools"]

_Plain: Any = HTTPConnection.response_class
"""http.client's own, which urllib3 reads heads with."""


class _Drops(io.RawIOBase):
    """What a socket gives, for as long as the socket's timeout says, all reads together."""

    def __init__(self, raw: Any, sock: Any, timeout: float) -> None:
        self._raw, self._sock, self._until = raw, sock, monotonic() + timeout

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._until - monotonic()
        if left <= 0:
            raise TimeoutError("the answer goes on and on")
        self._sock.settimeout(left)
        read: int | None = self._raw.readinto(buffer)
        return read

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Answer(_Plain):  # type: ignore[misc]
    fp: Any

    def __init__(self, sock: Any, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        timeout = sock.gettimeout()
        if timeout:
            self.fp = io.BufferedReader(_Drops(self.fp.detach(), sock, timeout))


class _Connection(HTTPConnection):
    response_class = _Answer


class _SecureConnection(HTTPSConnection):
    response_class = _Answer


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


def pools() -> dict[str, Any]:
    """The classes of connection pools, by scheme, for a pool manager's ``pool_classes_by_scheme``."""
    return {"http": _Pool, "https": _SecurePool}
