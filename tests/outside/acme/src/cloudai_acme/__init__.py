"""Acme, a vendor that does not come with cloudai: what a third party has to write, and no more."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from cloudai import ProviderSettings
from cloudai.providers import Provider

__all__ = ["Acme", "provider"]


@dataclass(frozen=True, kw_only=True, repr=False)
class Acme(ProviderSettings):
    """Acme's text analysis. Without ``key`` the environment's ACME_KEY counts."""

    provider: ClassVar[str] = "acme"

    key: str | None = field(default=None, metadata={"secret": True})
    site: str | None = None
    """Where Acme keeps what it is sent: ``eu`` or ``us``."""

    @property
    def where(self) -> str | None:
        return self.site


provider = Provider(
    name="acme",
    title="Acme",
    package=__name__,
    settings=Acme,
    install="pip install cloudai-acme",
    needs=("httpx",),
)
