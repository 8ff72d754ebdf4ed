"""Google Cloud."""

from __future__ import annotations

from cloudai.providers import Provider
from cloudai.settings import Google

__all__ = ["provider"]

provider = Provider(
    name="google",
    title="Google Cloud",
    package=__name__,
    settings=Google,
    install="pip install 'cloudai[google]'",
    needs=("httpx", "google.auth", "google.cloud.vision_v1"),
)
