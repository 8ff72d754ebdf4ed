"""The state of one call on its way, and the port that its adapters are handed."""

from __future__ import annotations

import builtins
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar
from uuid import uuid4

from cloudai.errors import CloudAIError, ConfigurationError, TimeoutError
from cloudai.operations.request import Request
from cloudai.ports import Gate, Link, Reply, Runtime, Step
from cloudai.ports.tap import current
from cloudai.providers import Provider
from cloudai.settings import Fetch, ProviderSettings, Retry
from cloudai.types.meta import FailedProvider, Source

__all__ = ["Call", "CallPort", "Member", "Sending"]

T = TypeVar("T")
PARTING = 10.0
"""Seconds that a call which has ended gives to taking away what it left at a vendor."""
log = logging.getLogger("cloudai")
SIDE_BY_SIDE = 8
"""How many parts of one call run at once: pieces of a split text, vendor calls of one operation."""


@dataclass(slots=True)
class Member:
    """A vendor as one client knows it: its settings and the connections that were made."""

    settings: ProviderSettings
    provider: Provider
    runtime: Runtime
    gate: Gate | None
    """What holds steps back that would be too many; None where there is no limit."""
    links: dict[str, Link] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return self.settings.label

    def link(self, service: str) -> Link:
        """The connection to a service, made when it is first needed."""
        link = self.links.get(service)
        if link is None:
            # Two threads may both come here; the second connection is given back at once.
            made = self.provider.connect(self.settings, service, asynchronous=self.runtime.asynchronous)
            link = self.links.setdefault(service, made)
            if link is not made:
                made.close()
        return link


@dataclass(slots=True)
class Call:
    """One call: what is asked, of whom, and what has happened so far."""

    request: Request[Any]
    members: Sequence[Member]
    runtime: Runtime
    retry: Retry
    timeout: float
    deadline: float | None
    """Seconds that the whole call may take."""
    unsupported: Literal["raise", "ignore"]
    tags: Mapping[str, str]
    extra: Mapping[str, Mapping[str, Any]]
    fallback_on: tuple[type[CloudAIError], ...] | None
    fetch: Fetch
    started: float = 0.0
    member: Member | None = None
    """The vendor that is being asked."""
    ports: list[CallPort] = field(default_factory=list)
    """The ports that were handed to its adapter: one, or one for each piece of a split text."""
    dropped: tuple[str, ...] = ()
    sources: list[Source] = field(default_factory=list)
    """How each picture reached the vendor."""
    fallbacks: list[FailedProvider] = field(default_factory=list)
    traced: bool = False
    """Whether somebody looks at spans."""

    @property
    def asked(self) -> Member:
        if self.member is None:
            raise ConfigurationError("no vendor is set")
        return self.member

    @property
    def attempts(self) -> int:
        """How many times a step was sent to the vendor that is being asked."""
        return sum(port.attempts for port in self.ports)

    def remaining(self) -> float | None:
        """Seconds until the deadline, negative behind it; None where there is none."""
        if self.deadline is None:
            return None
        return self.started + self.deadline - self.runtime.now()

    def ask(self, member: Member) -> None:
        """Turns to the next vendor."""
        self.member = member
        self.ports = []
        self.dropped = ()
        self.sources = []

    async def pause(self, seconds: float) -> None:
        """Lets time pass. A recording has no reason to wait."""
        tap = current()
        if tap is None or tap.waits():
            await self.runtime.sleep(seconds)

    def late(self) -> TimeoutError:
        """What is raised behind the deadline. Not retryable: there is no time left for it."""
        return TimeoutError(
            f"the deadline of {self.deadline:g} s has passed",
            provider=self.member.label if self.member else None,
            operation=self.request.operation,
            retryable=False,
        )


@dataclass(slots=True)
class Sending:
    """One step on its way down the step chain."""

    port: CallPort
    step: Step
    parting: bool = False
    """Whether it only cleans up behind the call, whose deadline then does not count."""

    @property
    def call(self) -> Call:
        return self.port.call

    def remaining(self) -> float | None:
        """Seconds that are left for it; None where nothing limits them."""
        return PARTING if self.parting else self.call.remaining()

    async def wait(self, seconds: float) -> None:
        """Lets time pass before it is sent again."""
        await (self.call.pause(seconds) if self.parting else self.port.wait(seconds))


class CallPort:
    """The port that an adapter is handed: sends its steps down the step chain and remembers what came back."""

    __slots__ = (
        "_send",
        "api_version",
        "attempts",
        "bodies",
        "call",
        "metered",
        "model",
        "region",
        "request_id",
        "sent",
        "status",
        "warnings",
    )

    def __init__(self, call: Call, send: Callable[[Sending], Coroutine[Any, Any, Reply]]) -> None:
        self.call = call
        self._send = send
        self.attempts = 0
        self.bodies: list[Any] = []
        self.sent: list[Step] = []
        self.metered: dict[str, float] = {}
        self.warnings: list[str] = []
        self.model: str | None = None
        self.api_version: str | None = None
        self.request_id: str | None = None
        self.region: str | None = call.asked.settings.where
        self.status: int | None = None

    @property
    def settings(self) -> Any:
        return self.call.asked.settings

    async def send(self, step: Step) -> Reply:
        reply = await self._send(Sending(self, step))
        if not step.aside:
            self.bodies.append(reply.body)
        if step.amount is not None:
            self.sent.append(step)
        if step.api_version is not None:
            self.api_version = step.api_version
        if reply.request_id is not None:
            self.request_id = reply.request_id
        if reply.region is not None:
            self.region = reply.region
        self.status = reply.status
        for meter, amount in reply.metered.items():
            self.metered[meter] = self.metered.get(meter, 0) + amount
        return reply

    async def poll(
        self, step: Step, *, done: Callable[[Reply], bool], interval: float = 1.0, longest: float = 10.0
    ) -> Reply:
        silent = replace(step, aside=True)
        while True:
            reply = await self.send(silent)
            if done(reply):
                if not step.aside:
                    self.bodies.append(reply.body)
                return reply
            asked = reply.headers.get("retry-after", "")
            # A vendor that asks for more than the cap is asked again at the cap: the job goes on meanwhile.
            await self.wait(
                max(interval, min(float(asked), self.call.retry.max_retry_after) if asked.isdigit() else 0.0)
            )
            interval = min(interval * 1.5, longest)

    async def wait(self, seconds: float) -> None:
        """Lets time pass, if there is that much left."""
        remaining = self.call.remaining()
        if remaining is not None and remaining <= seconds:
            raise self.call.late()
        await self.call.pause(seconds)

    async def gather(self, parts: Sequence[Callable[[], Coroutine[Any, Any, T]]]) -> list[T]:
        return await self.call.runtime.gather(parts, SIDE_BY_SIDE)

    async def cleanup(self, step: Step, what: str) -> None:
        known = self.request_id
        try:
            await self.call.runtime.finish(lambda: self._send(Sending(self, step, parting=True)), PARTING)
        except (CloudAIError, builtins.TimeoutError) as error:
            self.warnings.append(f"{what} could not be taken away again: {error}")
            log.warning("%s of %s: %s", self.call.request.operation, self.call.asked.label, self.warnings[-1])
        finally:
            self.request_id = known

    def unique(self) -> str:
        return f"cloudai-{uuid4().hex}"

    def note(
        self,
        *,
        model: str | None = None,
        api_version: str | None = None,
        warning: str | None = None,
        metered: Mapping[str, float] | None = None,
    ) -> None:
        self.model = model if model is not None else self.model
        self.api_version = api_version if api_version is not None else self.api_version
        if warning is not None:
            self.warnings.append(warning)
        for meter, amount in (metered or {}).items():
            self.metered[meter] = self.metered.get(meter, 0) + amount
