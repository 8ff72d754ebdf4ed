"""Amazon Web Services."""

from __future__ import annotations

from cloudai.providers import Provider
from cloudai.settings import AWS

__all__ = ["provider"]

provider = Provider(
    name="aws",
    title="Amazon Web Services",
    package=__name__,
    settings=AWS,
    install="pip install 'cloudai[aws]'",
    needs=("boto3",),
)
