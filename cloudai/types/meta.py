"""Who answered, how long it took, what was used and what it cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

__all__ = ["Cost", "FailedProvider", "Measure", "Meta", "StepUsage", "Usage"]

Measure = Literal["characters", "images", "pages", "seconds"]
"""What vendors count, in a form that is the same for all of them. Characters are Unicode code points."""


Source = Literal["bytes", "fetched", "address"]
"""How a picture or a recording reached the vendor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepUsage:
    """One step that the vendor charges for."""

    service: str
    """The vendor's service, such as ``comprehend``."""
    operation: str
    """The vendor's own operation, such as ``DetectSentiment``."""
    amount: float
    """How much was sent, in the measure of the call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """How much was sent, and how much the vendor says that it counted."""

    measure: Measure
    amount: float
    """What the caller handed over: characters of the text, images, pages, seconds of audio."""
    steps: tuple[StepUsage, ...] = ()
    """The steps that the vendor charges for, in order, each with what was sent in it."""
    metered: Mapping[str, float] = field(default_factory=dict)
    """What the vendor says it counted, under its own meters' names; empty where it says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a call cost by the vendor's price list."""

    amount: Decimal
    currency: str
    price_date: str
    """The day on which the price was last checked."""
    verified: bool
    """Whether the price was read at the vendor's, not recalled."""
    estimate: bool
    """Whether the units were computed here; False where the vendor metered them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedProvider:
    """A vendor that was asked before the one that answered."""

    provider: str
    error: str
    """The error's class name, such as ``RateLimitedError``."""
    message: str
    vendor_code: str | None = None
    status: int | None = None
    attempts: int = 0
    """How many times a step was sent to it; 0 where it was known beforehand that it cannot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """How a result came about."""

    provider: str = ""
    """The name of the vendor that answered."""
    operation: str = ""
    model: str | None = None
    """The vendor's model or model version, where it says so."""
    api_version: str | None = None
    """The version of the vendor's interface that was spoken."""
    region: str | None = None
    """The region or location that was asked, where one is set."""
    request_id: str | None = None
    """The vendor's id of the last request."""
    attempts: int = 0
    """How many times a step was sent to the vendor that answered, retries included."""
    fallbacks: tuple[FailedProvider, ...] = ()
    """The vendors that failed before, in order."""
    latency: float = 0.0
    """Seconds from the call to its result, waits and failed vendors included."""
    usage: Usage | None = None
    cost: Cost | None = None
    """None where it is not known."""
    cached: bool = False
    dropped: tuple[str, ...] = ()
    """Options that the vendor cannot express and that were left out because ``unsupported="ignore"``."""
    warnings: tuple[str, ...] = ()
    """What did not go well although there is a result: pages that the vendor could not read, something that could not
    be taken away again."""
    sources: tuple[Source, ...] = ()
    """How each picture or recording reached the vendor: as bytes that you gave, as bytes that were fetched here from
    its address, or as an address that the vendor read itself."""
    tags: Mapping[str, str] = field(default_factory=dict)
