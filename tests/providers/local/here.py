"""Marks for tests that ask a real engine: skipped, with the extra's name, where it is not installed."""

from __future__ import annotations

import pytest

from cloudai.providers.local.engines import LANGDETECT, PHONENUMBERS, SPACY, VADER, Engine

__all__ = ["needs_langdetect", "needs_phonenumbers", "needs_spacy", "needs_vader"]


def _needs(engine: Engine) -> pytest.MarkDecorator:
    return pytest.mark.skipif(engine.missing() is not None, reason=f"needs cloudai[{engine.extra}]")


needs_langdetect = _needs(LANGDETECT)
needs_phonenumbers = _needs(PHONENUMBERS)
needs_spacy = _needs(SPACY)
needs_vader = _needs(VADER)
