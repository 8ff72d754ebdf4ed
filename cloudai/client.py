"""CloudAI and AsyncCloudAI: the same client in two colours."""

from __future__ import annotations

import builtins
from abc import ABC, abstractmethod
from collections.abc import AsyncIterable, AsyncIterator, Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from os import PathLike
from typing import TYPE_CHECKING, Any, Generic, Literal, Self, TypeVar, Unpack

from cloudai import operations, providers
from cloudai.config import Configuration, from_environment, read
from cloudai.errors import CloudAIError, ConfigurationError, InvalidRequestError
from cloudai.operations.area import Asynchronous, Blocking, C_co, CallOptions
from cloudai.operations.request import Request
from cloudai.pipeline import perform
from cloudai.pipeline.call import Call, Member
from cloudai.ports import Link, Runtime
from cloudai.providers.capability import Capability, capabilities
from cloudai.settings import Fetch, ProviderChoice, ProviderSettings, Retry
from cloudai.types.outcome import Comparison, Outcome
from cloudai.types.value import Result

if TYPE_CHECKING:
    from cloudai.operations.text import Text
    from cloudai.operations.vision import Vision

__all__ = ["AsyncCloudAI", "CloudAI"]

R = TypeVar("R", bound=Result)
T = TypeVar("T")
Unsupported = Literal["raise", "ignore"]


class _Client(ABC, Generic[C_co]):
    """What both clients are: vendors in order, patience, and routes."""

    def __init__(
        self,
        providers: ProviderChoice,
        *,
        retry: Retry = Retry(),
        timeout: float = 30.0,
        deadline: float | None = None,
        unsupported: Unsupported = "raise",
        routes: Mapping[str, ProviderChoice] | None = None,
        fallback_on: Sequence[type[CloudAIError]] | None = None,
        tags: Mapping[str, str] | None = None,
        fetch: Fetch = Fetch(),  # noqa: B008  (frozen)
    ) -> None:
        """
        Args:
            providers: One vendor or several in order, by name or by settings. The next one answers when one cannot.
            retry: How often and how patiently a step is sent again. ``Retry(attempts=1)`` never retries.
            timeout: Seconds that one attempt at one step may take.
            deadline: Seconds that a whole call may take: waits, retries, polls and fallbacks. None for no bound.
            unsupported: Whether an option that a vendor cannot express raises ``UnsupportedError`` or is dropped and
                named in ``meta.dropped``.
            routes: Vendors for single operations or areas, in place of ``providers``:
                ``{"text.sentiment": "local", "text": ["google", "aws"]}``.
            fallback_on: The errors after which the next vendor is asked, in place of the usual ones.
            tags: Words of your own that go into every ``meta``.
            fetch: How addresses are fetched for vendors that do not read them themselves.

        Raises:
            ConfigurationError: A vendor is unknown or named twice, or a setting is wrong.
        """
        _check(timeout=timeout, deadline=deadline, unsupported=unsupported)
        if not isinstance(retry, Retry):
            raise ConfigurationError(f"retry={retry!r}: Retry(attempts=...), which never retries at 1")
        self._runtime: Runtime = self._make_runtime()
        self._retry = retry
        self._timeout = timeout
        self._deadline = deadline
        self._unsupported: Unsupported = unsupported
        self._fallback_on = None if fallback_on is None else _errors(fallback_on)
        self._tags = dict(_mapping("tags", tags))
        self._fetch = fetch
        self._closed = False
        self._members: list[Member] = []
        self._usual = self._chosen(providers)
        self._routes = {name: self._chosen(to) for name, to in _mapping("routes", routes).items()}
        for name in self._routes:
            if name not in operations.area_names():
                operations.find(name)

    # An area is imported when it is first used: the values of all of them together take longer than the rest.

    @cached_property
    def text(self) -> Text[C_co]:
        """Text analysis."""
        from cloudai.operations.text import Text

        return Text(self)

    @cached_property
    def vision(self) -> Vision[C_co]:
        """Vision."""
        from cloudai.operations.vision import Vision

        return Vision(self)

    @abstractmethod
    def _make_runtime(self) -> Runtime:
        """The colour that calls travel in."""

    @abstractmethod
    def _start(self, build: Callable[[], tuple[Request[Any], CallOptions]]) -> Any:
        """Performs a call: its result, or a coroutine of it."""

    @classmethod
    def from_config(cls, path: str | PathLike[str]) -> Self:
        """A client as a TOML file describes it: vendors, their settings, routes, retries.

        Raises:
            ConfigurationError: The file cannot be read, or says something that is not known; the message names it.
        """
        return cls._configured(read(path))

    @classmethod
    def from_env(cls) -> Self:
        """A client as the environment describes it: ``CLOUDAI_CONFIG`` names a file, ``CLOUDAI_PROVIDERS`` a list.

        Raises:
            ConfigurationError: Neither is set, or what is set cannot be used.
        """
        return cls._configured(from_environment())

    @classmethod
    def _configured(cls, configuration: Configuration) -> Self:
        client = cls(configuration.providers, **configuration.options)
        for settings in configuration.described.values():
            # Also those that are not in the list, so that a call that names one finds it as it is described.
            client._member(settings)
        return client

    def capabilities(self) -> tuple[Capability, ...]:
        """What each of this client's vendors can do: one row for each operation and vendor, read from the code."""
        seen = {member.provider.name: member.provider for member in self._usual}
        return capabilities(seen.values())

    @property
    def providers(self) -> tuple[str, ...]:
        """The names of this client's vendors, in order."""
        return tuple(member.label for member in self._usual)

    def _member(self, choice: str | ProviderSettings) -> Member:
        """The client's own entry for a vendor, made when it is new."""
        for member in self._members:
            # A name means the first entry that is called so; settings mean themselves, whatever they are called.
            if (member.label if isinstance(choice, str) else member.settings) == choice:
                return member
        if isinstance(choice, str):
            settings = providers.find(choice).settings()
        elif isinstance(choice, ProviderSettings):
            settings = choice
        else:
            raise ConfigurationError(
                f"{choice!r} is not a vendor: give its name, such as 'aws', or its settings, such as AWS(region=...)"
            )
        gate = self._runtime.gate(settings.max_concurrency, settings.rate)
        member = Member(settings, providers.find(settings.provider), self._runtime, gate)
        self._members.append(member)
        return member

    def _chosen(self, choice: ProviderChoice) -> list[Member]:
        """The entries for one vendor or several, in order."""
        if isinstance(choice, str | ProviderSettings):
            return [self._member(choice)]
        if not isinstance(choice, Iterable):
            # One that is no vendor at all: the error says what is.
            return [self._member(choice)]
        members = [self._member(item) for item in choice]
        labels = [member.label for member in members]
        if not labels:
            raise ConfigurationError("the list of vendors is empty: name at least one, such as 'local'")
        if len(set(labels)) < len(labels):
            raise ConfigurationError(
                f"a vendor is listed twice ({', '.join(labels)}): give each its own name, as in AWS(name='aws-eu', ...)"
            )
        return members

    def _route(self, operation: str) -> list[Member]:
        if not self._routes:
            return self._usual
        area = operation.partition(".")[0]
        return self._routes.get(operation) or self._routes.get(area) or self._usual

    def _call(self, request: Request[R], options: CallOptions, members: list[Member] | None = None) -> Call:
        if self._closed:
            raise ConfigurationError("this client is closed: make a new one")
        if not isinstance(request, Request):
            raise InvalidRequestError(f"{request!r} is not a request, such as SentimentRequest(text=...)")
        if not options:
            # The usual case, and the one whose cost counts.
            return Call(
                request,
                members or self._route(request.operation),
                self._runtime,
                self._retry,
                self._timeout,
                self._deadline,
                self._unsupported,
                self._tags,
                {},
                self._fallback_on,
                self._fetch,
            )
        unknown = set(options) - set(CallOptions.__annotations__)
        if unknown:
            raise InvalidRequestError(
                f"{request.operation} has no option {', '.join(sorted(unknown))}", operation=request.operation
            )
        timeout = options.get("timeout", self._timeout)
        deadline = options.get("deadline", self._deadline)
        unsupported = options.get("unsupported", self._unsupported)
        _check(timeout=timeout, deadline=deadline, unsupported=unsupported)
        choice = options.get("provider")
        if members is None:
            members = self._route(request.operation) if choice is None else self._chosen(choice)
        extra = _mapping("extra", options.get("extra"))
        for vendor, given in extra.items():
            _mapping(f"extra[{vendor!r}]", given)
        return Call(
            request,
            members,
            self._runtime,
            self._retry,
            timeout,
            deadline,
            unsupported,
            {**self._tags, **_mapping("tags", options.get("tags"))},
            extra,
            self._fallback_on,
            self._fetch,
        )

    async def _perform(self, build: Callable[[], tuple[Request[Any], CallOptions]]) -> Any:
        request, options = build()
        return await perform(self._call(request, options))

    async def _outcome(
        self, item: tuple[int, Request[R]], options: CallOptions, members: list[Member] | None = None
    ) -> Outcome[R]:
        index, request = item
        try:
            result: Any = await perform(self._call(request, options, members))
        except CloudAIError as error:
            return Outcome(request=request, index=index, provider=error.provider, error=error)
        return Outcome(request=request, index=index, provider=result.meta.provider, result=result)

    def _compared(self, chosen: ProviderChoice | None) -> list[Member]:
        return self._usual if chosen is None else self._chosen(chosen)

    def _links(self) -> builtins.list[Link]:
        """All connections; the client is closed after this."""
        self._closed = True
        links = [link for member in self._members for link in member.links.values()]
        for member in self._members:
            member.links.clear()
        return links

    def __repr__(self) -> str:
        return f"{type(self).__name__}({[member.settings for member in self._usual]})"


def _mapping(name: str, given: Mapping[str, T] | None) -> Mapping[str, T]:
    """What was given as a mapping, or an empty one."""
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise ConfigurationError(f"{name}={given!r}: a mapping with names as keys")
    return given


def _errors(given: Sequence[type[CloudAIError]]) -> tuple[type[CloudAIError], ...]:
    for item in given:
        if not (isinstance(item, type) and issubclass(item, CloudAIError)):
            raise ConfigurationError(f"fallback_on: {item!r} is no error class of cloudai, such as RateLimitedError")
    return tuple(given)


def _check(*, timeout: float, deadline: float | None, unsupported: str) -> None:
    for name, seconds in (("timeout", timeout), ("deadline", deadline)):
        if seconds is not None and (
            not isinstance(seconds, int | float) or isinstance(seconds, bool) or not seconds > 0
        ):
            raise ConfigurationError(f"{name}={seconds!r}: seconds, more than 0")
    if unsupported not in ("raise", "ignore"):
        raise ConfigurationError(f"unsupported={unsupported!r}: 'raise' or 'ignore'")


class CloudAI(_Client[Blocking]):
    """The blocking client. May be shared by threads; works where an event loop is running, such as in a notebook.

    Making one, as importing cloudai, touches no network; connections are made when they are first needed, kept, and
    given back by ``close`` or at the end of a ``with`` block.
    """

    def _make_runtime(self) -> Runtime:
        from cloudai.ports.blocking import BlockingRuntime

        return BlockingRuntime()

    def _start(self, build: Callable[[], tuple[Request[Any], CallOptions]]) -> Any:
        from cloudai.ports.blocking import drive

        return drive(self._perform(build))

    def run(self, request: Request[R], **call: Unpack[CallOptions]) -> R:
        """Sends a request: ``run(SentimentRequest(text=...))`` is ``text.sentiment(...)``."""
        result: R = self._start(lambda: (request, call))
        return result

    def run_many(
        self, requests: Iterable[Request[R]], *, concurrency: int = 8, **call: Unpack[CallOptions]
    ) -> Iterator[Outcome[R]]:
        """What becomes of each request, in order: a result or an error each, none lost.

        Requests are taken from the iterable as there is room, so a generator is never loaded whole. At most
        ``concurrency`` are under way. Stopping early begins no more.
        """
        from cloudai.ports.blocking import drive, ordered

        _check_concurrency(concurrency)
        return ordered(lambda item: drive(self._outcome(item, call)), enumerate(requests), concurrency)

    def compare(
        self, request: Request[R], *, providers: ProviderChoice | None = None, **call: Unpack[CallOptions]
    ) -> Comparison[R]:
        """The same request to several vendors at once, each without fallback; a result or an error from each."""
        from cloudai.ports.blocking import drive, ordered

        members = self._compared(providers)

        def ask(item: tuple[int, Member]) -> Outcome[R]:
            return drive(self._outcome((item[0], request), call, [item[1]]))

        outcomes = ordered(ask, enumerate(members), max(len(members), 1))
        return _comparison(request, members, list(outcomes))

    def close(self) -> None:
        """Gives all connections back. The client cannot be used after that; closing twice does no harm."""
        for link in self._links():
            link.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class AsyncCloudAI(_Client[Asynchronous]):
    """The client for asyncio and trio: the same methods, awaitable. Use one within one event loop.

    Cancelling an awaited call leaves nothing behind; vendors whose SDK has no async form run in worker threads.
    """

    def _make_runtime(self) -> Runtime:
        from cloudai.ports.concurrent import AsyncRuntime

        return AsyncRuntime()

    def _start(self, build: Callable[[], tuple[Request[Any], CallOptions]]) -> Coroutine[Any, Any, Any]:
        return self._perform(build)

    async def run(self, request: Request[R], **call: Unpack[CallOptions]) -> R:
        """Sends a request: ``await run(SentimentRequest(text=...))`` is ``await text.sentiment(...)``."""
        result: R = await self._perform(lambda: (request, call))
        return result

    def run_many(
        self,
        requests: Iterable[Request[R]] | AsyncIterable[Request[R]],
        *,
        concurrency: int = 8,
        **call: Unpack[CallOptions],
    ) -> AsyncIterator[Outcome[R]]:
        """What becomes of each request, in order: a result or an error each, none lost.

        Requests are taken from the iterable as there is room, so a generator is never loaded whole. At most
        ``concurrency`` are under way. Leaving the iteration early cancels them.
        """
        from cloudai.ports.concurrent import ordered

        _check_concurrency(concurrency)

        async def ask(item: tuple[int, Request[R]]) -> Outcome[R]:
            return await self._outcome(item, call)

        return ordered(ask, requests, concurrency)

    async def compare(
        self, request: Request[R], *, providers: ProviderChoice | None = None, **call: Unpack[CallOptions]
    ) -> Comparison[R]:
        """The same request to several vendors at once, each without fallback; a result or an error from each."""
        from cloudai.ports.concurrent import ordered

        members = self._compared(providers)

        async def ask(item: tuple[int, Member]) -> Outcome[R]:
            return await self._outcome((item[0], request), call, [item[1]])

        outcomes = [item async for item in ordered(ask, members, max(len(members), 1))]
        return _comparison(request, members, outcomes)

    async def close(self) -> None:
        """Gives all connections back. The client cannot be used after that; closing twice does no harm."""
        for link in self._links():
            closing = link.close()
            if closing is not None:
                await closing

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()


def _check_concurrency(concurrency: int) -> None:
    if not isinstance(concurrency, int) or concurrency < 1:
        raise ConfigurationError(f"concurrency={concurrency!r}: at least 1")


def _comparison(request: Request[R], members: Sequence[Member], outcomes: Sequence[Outcome[R]]) -> Comparison[R]:
    return Comparison(
        request=request, outcomes={member.label: item for member, item in zip(members, outcomes, strict=True)}
    )
