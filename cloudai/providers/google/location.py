"""Who asks and where: what the settings say, with the environment behind them. Needs no vendor package."""

from __future__ import annotations

import os

from cloudai.errors import UnsupportedError
from cloudai.providers.google.tables import LANGUAGE_HOSTS, TRANSLATE_HOSTS, TRANSLATE_REGIONS
from cloudai.settings import Google

__all__ = ["GLOBAL", "api_key", "language_host", "project", "translate_host", "translate_region"]

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
