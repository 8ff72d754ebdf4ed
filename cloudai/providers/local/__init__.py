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
    needs=("vaderSentiment",),
)
