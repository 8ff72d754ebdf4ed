"""A vendor that answers from a script, for tests of the road that calls travel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from cloudai.providers import Provider
from cloudai.settings import ProviderSettings


@dataclass(frozen=True, kw_only=True, repr=False)
class Toy(ProviderSettings):
    provider: ClassVar[str] = "toy"

    script: list[Any] = field(default_factory=list)
    """Replies, failures or functions of the step, in order; the last one is given again and again."""
    sent: list[Any] = field(default_factory=list)
    """The steps that reached the vendor, with the timeout of each."""
    key: str | None = field(default=None, metadata={"secret": True})
    threaded: bool = False
    hold: Callable[[], None] | None = None
    """Called while a step is under way."""


provider = Provider(name="toy", title="Toy", package=__name__, settings=Toy, install="pip install toy")
