"""Language tags between BCP 47 and Azure Language."""

from __future__ import annotations

from cloudai.errors import InvalidRequestError
from cloudai.providers.azure.tables import DETECTED, REGIONAL, SPELLINGS
from cloudai.types.language import normalise_tag

__all__ = ["spelling_of", "tag_of"]


def spelling_of(tag: str) -> str:
    """A tag as Azure spells it; one that it does not know is left for it to refuse."""
    first, *rest = tag.split("-")
    if first == "zh":
        return "zh-Hant" if {"Hant", "TW", "HK", "MO"} & set(rest) else "zh-Hans"
    if tag in REGIONAL:
        return tag
    # A region alone makes no difference to Azure; a script or a variant may, so that is left for it to say.
    bare = first if len(rest) == 1 and (len(rest[0]) == 2 or rest[0].isdigit()) else tag
    return SPELLINGS.get(bare, bare)


def tag_of(name: object) -> str:
    """A tag as BCP 47 has it, from an answer.

    Raises:
        ValueError: This is not a language.
    """
    if not isinstance(name, str):
        raise ValueError(f"{name!r} is not a language")
    known = DETECTED.get(name)
    if known is not None:
        return known
    try:
        return normalise_tag(name)
    except InvalidRequestError as error:
        raise ValueError(f"{name!r} is not a language") from error
