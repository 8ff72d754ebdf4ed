"""Language tags as BCP 47 writes them."""

from __future__ import annotations

import re
from functools import lru_cache

from cloudai.errors import InvalidRequestError

__all__ = ["AUTO", "normalise_tag", "primary"]

AUTO = "auto"
"""In place of a tag: have the vendor find out first."""

# Language, script, region and variants of RFC 5646; extensions and private use are passed through as they come.
_TAG = re.compile(
    r"(?P<language>[A-Za-z]{2,3})"
    r"(?:-(?P<extlang>[A-Za-z]{3}))?"
    r"(?:-(?P<script>[A-Za-z]{4}))?"
    r"(?:-(?P<region>[A-Za-z]{2}|[0-9]{3}))?"
    r"(?P<rest>(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}|[A-WY-Za-wy-z0-9](?:-[A-Za-z0-9]{2,8})+))*"
    r"(?:-[xX](?:-[A-Za-z0-9]{1,8})+)?)"
)


def normalise_tag(tag: str, *, name: str = "language") -> str:
    """The tag in its usual spelling: ``EN-us`` becomes ``en-US``, ``zh_hans`` becomes ``zh-Hans``.

    Raises:
        InvalidRequestError: This is not a language tag.
    """
    known = _normalised(tag) if isinstance(tag, str) else None
    if known is None:
        raise InvalidRequestError(
            f"{name}={tag!r} is not a language tag: write it as BCP 47 does, such as 'en', 'pt-BR' or 'zh-Hans'"
        )
    return known


@lru_cache(maxsize=512)
def _normalised(tag: str) -> str | None:
    """Most calls of a program name the same few languages."""
    match = _TAG.fullmatch(tag.strip().replace("_", "-"))
    if match is None:
        return None
    language, extlang, script, region, rest = match.group("language", "extlang", "script", "region", "rest")
    parts = [language.lower()]
    parts += [extlang.lower()] if extlang else []
    parts += [script.title()] if script else []
    parts += [region.upper()] if region else []
    return "-".join(parts) + rest.lower()


def primary(tag: str) -> str:
    """The language alone: ``pt`` of ``pt-BR``."""
    return tag.partition("-")[0]
