"""What an adapter may ask of the world, and what a vendor's connection has to offer.

An adapter is handed a ``Port`` and awaits nothing else. Below it a ``Runtime`` of either colour carries a ``Step`` over
a vendor's ``Link`` and brings back a ``Reply`` or raises a ``Failure``. Sockets, clocks and threads live in this room
and nowhere else: ``blocking.py`` never suspends, ``concurrent.py`` runs on the event loop, ``http.py`` is the link for
vendors that are spoken to over plain HTTP.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeVar

__all__ = ["Connect", "Failure", "FailureKind", "Gate", "Link", "Port", "Reply", "Runtime", "Step"]

T = TypeVar("T")

FailureKind = Literal["refused", "timeout", "connection", "shape"]
"""The vendor said no; said nothing in time; was not reached; said something that cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One request to a vendor: what an adapter asks its port to send, and what a cassette keeps."""

    service: str
    """The vendor's service, as ``endpoints=`` names it: ``comprehend``, ``language``."""
    operation: str
    """The vendor's own operation: ``DetectSentiment``, ``POST v1/documents:analyzeSentiment``."""
    params: Mapping[str, Any] = field(default_factory=dict)
    """What is sent, as the vendor's interface wants it."""
    amount: float | None = None
    """What the vendor charges for, in the operation's measure; None for a step that is free."""
    aside: bool = False
    """Whether the answer only prepares or follows another, and so is not part of ``result.raw``."""
    whole: bool = False
    """Whether the step, once it is under way, is let end when its call is cancelled: for one that leaves something at
    the vendor, which can only be taken away again when it is known to be there."""
    api_version: str | None = None


@dataclass(slots=True, kw_only=True)
class Reply:
    """What a vendor answered to one step."""

    body: Any
    """The answer as the vendor's SDK or its JSON gives it."""
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    """Lower-case names."""
    request_id: str | None = None
    metered: Mapping[str, float] = field(default_factory=dict)
    """What the vendor says it counted for this step."""
    region: str | None = None
    """The region that answered, where the link knows it better than the settings, which may leave it to the
    environment."""


class Failure(Exception):
    """How a step ended without an answer, in words that are the same for all vendors. Never reaches the user."""

    def __init__(
        self,
        message: str,
        *,
        kind: FailureKind = "refused",
        codes: Sequence[str] = (),
        status: int | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        body: Any = None,
        metered: Mapping[str, float] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.kind = kind
        self.codes = tuple(codes)
        """The vendor's codes, the most telling one first."""
        self.status = status
        self.request_id = request_id
        self.retry_after = retry_after
        self.body = body
        self.metered = dict(metered or {})


class Port(Protocol):
    """All that an adapter awaits. It is made for one call to one vendor."""

    @property
    def settings(self) -> Any:
        """The vendor's settings."""
        ...

    async def send(self, step: Step) -> Reply:
        """Sends one step, with limits, retries and timeouts, and returns the vendor's answer.

        Raises:
            CloudAIError: The vendor's error, translated.
        """
        ...

    async def poll(
        self, step: Step, *, done: Callable[[Reply], bool], interval: float = 1.0, longest: float = 10.0
    ) -> Reply:
        """Sends a step until its reply is done, waiting ``interval`` seconds, then half as long again each time."""
        ...

    async def gather(self, parts: Sequence[Callable[[], Coroutine[Any, Any, T]]]) -> list[T]:
        """Runs several parts at once where the colour can, and returns what they return, in order."""
        ...

    async def cleanup(self, step: Step, what: str) -> None:
        """Sends a step that takes away what the call has left at the vendor, also when the call is being cancelled or
        its deadline has passed, and for a few seconds at most. If that fails, the call's own result or error stands: a
        log record and ``meta.warnings`` say that ``what`` is still there."""
        ...

    def unique(self) -> str:
        """A name for something that this call makes at the vendor, such as a job: ``cloudai-`` and 32 hexadecimal
        digits, never used before. Cassettes take any such name for any other."""
        ...

    def note(
        self,
        *,
        model: str | None = None,
        api_version: str | None = None,
        warning: str | None = None,
        metered: Mapping[str, float] | None = None,
    ) -> None:
        """Writes into ``meta`` what only the adapter knows; ``metered`` is what an answer itself says was counted."""
        ...


class Link(Protocol):
    """A connection to one service of one vendor, made by its ``connect.py``."""

    threaded: bool
    """Whether ``invoke`` blocks even when it was made for the event loop, and so belongs into a worker thread."""

    def invoke(self, step: Step, timeout: float) -> Any:
        """Sends a step; the answer, or an awaitable of it where the link was made for the event loop."""
        ...

    def read(self, step: Step, answer: Any) -> Reply:
        """The reply that an answer is."""
        ...

    def explain(self, error: Exception) -> Failure | None:
        """What an exception of the vendor's SDK says; None where it is not one of its."""
        ...

    def close(self) -> Awaitable[None] | None:
        """Gives back sockets."""
        ...


Connect = Callable[[], Link]


class Runtime(Protocol):
    """One colour of the world: how a step travels, time passes and parts run side by side."""

    asynchronous: bool

    async def transmit(self, connect: Connect, step: Step, timeout: float) -> Reply: ...

    async def offload(self, work: Callable[[], T]) -> T:
        """Runs work that may take a while without the network, such as an import, where it holds up nobody else."""
        ...

    async def finish(self, work: Callable[[], Coroutine[Any, Any, T]], seconds: float) -> T:
        """Does work to its end, also when its caller is being cancelled; raises ``TimeoutError`` if it takes longer."""
        ...

    async def sleep(self, seconds: float) -> None: ...

    def now(self) -> float:
        """Seconds of a clock that only goes forward."""
        ...

    async def gather(self, parts: Sequence[Callable[[], Coroutine[Any, Any, T]]], limit: int) -> list[T]: ...

    def gate(self, max_concurrency: int | None, rate: str | None) -> Gate | None:
        """Holds steps back that would be too many at once or too many in a time; None where there is no limit."""
        ...


class Gate(Protocol):
    """What a step passes before it is sent."""

    async def enter(self, within: float | None) -> bool:
        """Waits for room, for so many seconds at most (None: as long as it takes); False where there was none."""
        ...

    def leave(self) -> None: ...
