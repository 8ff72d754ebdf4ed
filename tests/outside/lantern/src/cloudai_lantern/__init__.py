"""Lantern, a third party's vendor that is spoken to over gRPC."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from cloudai import ProviderSettings
from cloudai.providers import Provider

__all__ = ["Lantern", "provider"]


@dataclass(frozen=True, kw_only=True, repr=False)
class Lantern(ProviderSettings):
    """Lantern's text analysis. ``endpoint`` is needed: every customer has an own one."""

    provider: ClassVar[str] = "lantern"

    token: str | None = field(default=None, metadata={"secret": True})


provider = Provider(
    name="lantern",
    title="Lantern",
    package=__name__,
    settings=Lantern,
    install="pip install cloudai-lantern",
    needs=("grpc",),
)
