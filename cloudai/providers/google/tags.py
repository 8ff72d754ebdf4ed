"""Language tags on their way to Google and back."""

from __future__ import annotations

from functools import lru_cache

from cloudai.errors import InvalidRequestError
from cloudai.providers.google.tables import ANSWERED_TAGS
from cloudai.types.language import normalise_tag, primary

__all__ = ["UNDETERMINED", "natural_language", "received", "spoken"]

UNDETERMINED = "und"
TRADITIONAL = frozenset({"Hant", "TW", "HK", "MO"})


def natural_language(tag: str) -> str:
    """The tag as Natural Language lists it: the language alone, and Chinese by its script."""
    if primary(tag) in ("zh", "cmn"):
        return "zh-Hant" if TRADITIONAL.intersection(tag.split("-")) and "-Hans" not in tag else "zh"
    return primary(tag)


def received(tag: str | None) -> str | None:
    """The tag of an answer as BCP 47 writes it; None where the answer names none."""
    if tag is None or tag == "":
        return None
    if not isinstance(tag, str):
        raise TypeError(f"a language is {type(tag).__name__}, not a string")
    try:
        usual = normalise_tag(tag)
    except InvalidRequestError:
        return UNDETERMINED
    return ANSWERED_TAGS.get(usual, usual)


@lru_cache(256)
def spoken(tag: str) -> str | None:
    """The tag of a text that Vision has read. Its ``zh`` is Chinese in either script, and stays what it is."""
    return tag if tag == "zh" else received(tag)
