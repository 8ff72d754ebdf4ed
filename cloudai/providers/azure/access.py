"""Where Azure's services are, with which key, and in which cloud: settings first, then the environment."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from cloudai.errors import ConfigurationError
from cloudai.providers.azure.tables import CLOUDS, ENDPOINTS, KEYS
from cloudai.settings import Azure

__all__ = ["cloud_of", "endpoint_of", "key_of", "proxies_of"]


def _environment(*names: str) -> str | None:
    return next((value for value in (os.environ.get(name, "").strip() for name in names) if value), None)


def endpoint_of(settings: Azure, service: str) -> str:
    """The address of a service, without a slash at its end."""
    names = ENDPOINTS[service]
    found = settings.endpoint_for(service) or _environment(*names)
    if found is None:
        raise ConfigurationError(
            f"there is no endpoint for Azure's service {service!r}: say"
            f" Azure(endpoint='https://<resource>.cognitiveservices.azure.com') or set {names[0]} (or"
            f" {', '.join(names[1:])})",
            provider=settings.label,
        )
    if not found.startswith(("http://", "https://")) or not urlsplit(found).netloc:
        raise ConfigurationError(
            f"the endpoint {found!r} of {service!r} is not an address: it begins with http:// or https://",
            provider=settings.label,
        )
    return found.rstrip("/")


def key_of(settings: Azure, service: str) -> str | None:
    """The key of a service; None where an identity is to be asked. A key of the environment does not stand in front of
    a credential that was handed over."""
    given = settings.keys.get(service) or settings.key
    if not given and settings.credential is None:
        given = _environment(*KEYS[service])
    if not given:
        return None
    key = given.strip()
    if not key.isascii() or not key.isprintable():
        # As a header it would be refused by the HTTP library, with the key in the message.
        raise ConfigurationError(
            f"the key for {service!r} holds a character that no key has; was it pasted over several lines?",
            provider=settings.label,
        )
    return key


def cloud_of(settings: Azure, endpoint: str) -> tuple[str | None, str]:
    """The sign-in host (None for the usual one) and the scope of tokens: by the host, else by the endpoint's domain."""
    authority = settings.authority or _environment("AZURE_AUTHORITY_HOST")
    host = urlsplit(authority if "//" in authority else f"//{authority}").hostname if authority else None
    domain = urlsplit(endpoint).hostname or ""
    for known, suffix, scope in CLOUDS:
        if host == known or (host is None and domain.endswith(suffix)):
            return authority or known, scope
    return authority, CLOUDS[-1][-1]


def proxies_of(settings: Azure) -> dict[str, str] | None:
    """The proxy that is set, looked at: the HTTP libraries would say its whole address where they cannot use it."""
    if settings.proxy is None:
        return None
    try:
        parts = urlsplit(settings.proxy)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        # Without the address, which may hold a password.
        raise ConfigurationError("the proxy cannot be used: write it as http://host:port", provider=settings.label)
    return {"http": settings.proxy, "https": settings.proxy}
