"""Who asks and where: what the settings say, with the environment behind them. Needs no vendor package."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from cloudai.errors import ConfigurationError, UnsupportedError
from cloudai.providers.google.tables import LANGUAGE_HOSTS, TRANSLATE_HOSTS, TRANSLATE_REGIONS, VISION_HOSTS
from cloudai.settings import Google

__all__ = [
    "GLOBAL",
    "api_key",
    "language_host",
    "over_rest",
    "project",
    "translate_host",
    "translate_region",
    "vision_host",
    "vision_parent",
]

GLOBAL = "global"
CONTINENTS = {"europe": "eu", "us": "us"}


def api_key(settings: Google) -> str | None:
    """The API key; the environment's own only where no credentials are set."""
    if settings.api_key or settings.credentials is not None:
        return settings.api_key or None
    return os.environ.get("GOOGLE_API_KEY") or None


def project(settings: Google) -> str | None:
    """The project that is set, here or in the environment. Credentials may know one, too."""
    return settings.project or os.environ.get("GOOGLE_CLOUD_PROJECT") or None


def language_host(location: str | None, *, moderation: bool = False) -> str:
    """The host of Natural Language that keeps processing in a location.

    Raises:
        UnsupportedError: There is none.
    """
    place = location or GLOBAL
    if place not in LANGUAGE_HOSTS or (place == "au" and not moderation):
        raise UnsupportedError(
            f"Natural Language cannot promise to process in location={location!r}: it has 'eu' and 'us'"
            " ('au' for text.moderation alone); leave location out, or say 'global', where any place will do"
        )
    return LANGUAGE_HOSTS[place]


def translate_host(location: str | None) -> str:
    """The host of Cloud Translation that keeps processing in a location.

    Raises:
        UnsupportedError: There is none.
    """
    place = location or GLOBAL
    continent, dash, _ = place.partition("-")
    served = place if not dash else CONTINENTS.get(continent, "")
    if served not in TRANSLATE_HOSTS:
        raise UnsupportedError(
            f"Cloud Translation cannot promise to process in location={location!r}: it has 'eu' and 'us', and their"
            " regions, such as 'europe-west1'; leave location out, or say 'global', where any place will do"
        )
    return TRANSLATE_HOSTS[served]


def translate_region(location: str | None) -> str:
    """The location that a request to such a host names."""
    place = location or GLOBAL
    return TRANSLATE_REGIONS.get(place, place)


def vision_host(location: str | None) -> str:
    """The host of Cloud Vision for a location.

    Raises:
        UnsupportedError: There is none.
    """
    place = location or GLOBAL
    if place not in VISION_HOSTS:
        raise UnsupportedError(
            f"Cloud Vision cannot promise to process in location={location!r}: it has 'eu', 'us' and 'asia'; leave"
            " location out, or say 'global', where any place will do"
        )
    return VISION_HOSTS[place]


def vision_parent(settings: Google) -> str | None:
    """What a request names to have it processed in the location that is set; None where any place will do.

    Raises:
        ConfigurationError: It takes a project, and none is set.
        UnsupportedError: There is no such location.
    """
    vision_host(settings.location)
    if settings.location in (None, "", GLOBAL):
        return None
    chosen = project(settings)
    if not chosen:
        raise ConfigurationError(
            f"Cloud Vision takes location={settings.location!r} only together with a project: set"
            " Google(project=...) or GOOGLE_CLOUD_PROJECT"
        )
    return f"projects/{chosen}/locations/{settings.location}"


def over_rest(settings: Google, service: str) -> bool:
    """Whether a service that speaks both is asked over HTTP and JSON, in place of gRPC: where that is set, and where
    the address is of a kind that gRPC does not reach, unless gRPC is set.

    Raises:
        ConfigurationError: The transport is not known, or does not go with the address.
    """
    address = urlsplit(settings.endpoint_for(service) or "https:")
    if settings.transport not in (None, "grpc", "rest"):
        raise ConfigurationError(f"transport={settings.transport!r}: 'grpc' or 'rest'", provider=settings.label)
    if settings.transport == "grpc" and address.path:
        raise ConfigurationError(
            f"gRPC takes an address without a path, not {settings.endpoint_for(service)}: leave transport out",
            provider=settings.label,
        )
    return settings.transport == "rest" or (
        settings.transport is None and (address.scheme == "http" or bool(address.path))
    )
