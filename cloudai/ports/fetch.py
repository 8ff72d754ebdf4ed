"""Fetches a file from an address that a user gave, for vendors that do not read addresses themselves.

Whoever fetches addresses that come from somewhere else can be made to ask servers inside its own network. So each
address, and each that it redirects to, is resolved first, refused unless it is public, and then asked at exactly the
number that was checked.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit, urlunsplit

from cloudai.errors import (
    ConfigurationError,
    ConnectionFailedError,
    InputTooLargeError,
    InvalidRequestError,
    TimeoutError,
)
from cloudai.settings import Fetch

if TYPE_CHECKING:
    import httpx

__all__ = ["fetch"]


def fetch(address: str, limits: Fetch) -> bytes:
    """The bytes at an http or https address. Blocks.

    Raises:
        InvalidRequestError: The address is not public, or does not answer with a file.
        InputTooLargeError: There is more than ``max_bytes``.
        ConnectionFailedError, TimeoutError: The server was not reached, or was too slow.
        ConfigurationError: httpx is not installed.
    """
    try:
        import httpx
    except ModuleNotFoundError as error:
        raise ConfigurationError("fetching an address needs httpx: pip install 'cloudai[images]'") from error
    ends = time.monotonic() + limits.timeout
    shown = _shown(address)
    try:
        with httpx.Client(trust_env=False, proxy=limits.proxy, follow_redirects=False) as client:
            for _ in range(limits.max_redirects + 1):
                answer = client.send(_request(client, address, limits, ends), stream=True)
                try:
                    if answer.has_redirect_location:
                        address = urljoin(address, answer.headers["location"])
                        continue
                    if answer.status_code != 200:
                        raise InvalidRequestError(f"{shown} answers with status {answer.status_code}")
                    return _read(answer, limits, ends, shown)
                finally:
                    answer.close()
    except httpx.TimeoutException as error:
        raise _slow(shown, limits) from error
    except httpx.TransportError as error:
        raise ConnectionFailedError(f"{shown} was not reached: {type(error).__name__}") from error
    raise InvalidRequestError(f"{shown} redirects more than {limits.max_redirects} times")


def _request(client: httpx.Client, address: str, limits: Fetch, ends: float) -> httpx.Request:
    """A request to the number that the address stands for now, so that it cannot stand for another one later."""
    parts = urlsplit(address)
    host = parts.hostname
    if parts.scheme not in ("http", "https") or not host:
        raise InvalidRequestError(f"{_shown(address)} is not an http or https address")
    remaining = ends - time.monotonic()
    if remaining <= 0:
        raise _slow(_shown(address), limits)
    if limits.proxy is not None:
        # A proxy resolves names itself, and is the one who decides what may be reached.
        return client.build_request("GET", address, timeout=remaining)
    number = _resolve(host, parts.port or (443 if parts.scheme == "https" else 80), limits)
    literal = f"[{number}]" if ":" in number else number
    target = urlunsplit(parts._replace(netloc=literal if parts.port is None else f"{literal}:{parts.port}"))
    named = host if parts.port is None else f"{host}:{parts.port}"
    return client.build_request(
        "GET", target, headers={"host": named}, extensions={"sni_hostname": host}, timeout=remaining
    )


def _resolve(host: str, port: int, limits: Fetch) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ConnectionFailedError(f"{host} is not known: {error}") from error
    numbers = [str(entry[4][0]) for entry in found]
    if not limits.allow_private:
        for number in numbers:
            if not _public(ipaddress.ip_address(number.partition("%")[0])):
                raise InvalidRequestError(
                    f"{host} is inside a private network: it is not fetched unless Fetch(allow_private=True) says so"
                )
    return numbers[0]


NAT64 = ipaddress.ip_network("64:ff9b::/96")


def _public(number: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether a number is of the public internet, and the IPv4 number too that may be within one of IPv6."""
    if not number.is_global and getattr(number, "ipv4_mapped", None) is None:
        return False
    inside: list[ipaddress.IPv4Address | None] = []
    if isinstance(number, ipaddress.IPv6Address):
        inside = [number.ipv4_mapped, number.sixtofour, *(number.teredo or ())]
        if number in NAT64:
            inside.append(ipaddress.IPv4Address(int(number) & 0xFFFFFFFF))
    return not number.is_multicast and all(part.is_global for part in inside if part is not None)


def _read(answer: httpx.Response, limits: Fetch, ends: float, shown: str) -> bytes:
    stated = answer.headers.get("content-length", "")
    if stated.isdigit() and int(stated) > limits.max_bytes:
        raise _large(shown, limits)
    data = bytearray()
    for chunk in answer.iter_bytes():
        data += chunk
        if len(data) > limits.max_bytes:
            raise _large(shown, limits)
        if time.monotonic() > ends:
            raise _slow(shown, limits)
    return bytes(data)


def _large(shown: str, limits: Fetch) -> InputTooLargeError:
    return InputTooLargeError(f"{shown} has more than {limits.max_bytes:,} bytes, which Fetch(max_bytes=...) allows")


def _slow(shown: str, limits: Fetch) -> TimeoutError:
    return TimeoutError(f"{shown} did not answer within {limits.timeout:g} s")


def _shown(address: str) -> str:
    """The address without what may be secret in it: user, password and query, which may hold a signature."""
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
