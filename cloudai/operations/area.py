"""How one method is a blocking call on one client and an awaitable on the other, typed once."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Concatenate, Generic, Literal, ParamSpec, Protocol, TypedDict, TypeVar, overload

from cloudai.operations.request import Request
from cloudai.settings import ProviderChoice
from cloudai.types.value import Result

__all__ = ["Area", "Asynchronous", "Blocking", "CallOptions", "Colour", "Engine", "operation"]

P = ParamSpec("P")
R = TypeVar("R", bound=Result)


class CallOptions(TypedDict, total=False):
    """What any call takes beside its request."""

    provider: ProviderChoice
    """The vendor, or the vendors in order, for this call: names of the client's own, or settings."""
    timeout: float
    """Seconds that one attempt may take."""
    deadline: float
    """Seconds that the whole call may take: waits, retries, polls and fallbacks included."""
    tags: Mapping[str, str]
    """Words of your own, kept in ``meta`` and with the cost."""
    extra: Mapping[str, Mapping[str, Any]]
    """Options that only one vendor has, under its name: ``{"aws": {"endpoint_arn": ...}}``."""
    unsupported: Literal["raise", "ignore"]
    """Whether an option that the vendor cannot express raises, or is dropped and named in ``meta.dropped``."""


class Colour:
    """Which client an area belongs to."""


class Blocking(Colour):
    """Calls return results."""


class Asynchronous(Colour):
    """Calls return coroutines."""


C_co = TypeVar("C_co", bound=Colour, covariant=True)


class Engine(Protocol):
    """What an area hands its requests to: one of the clients."""

    def _start(self, build: Callable[[], tuple[Request[Any], CallOptions]]) -> Any: ...


class Area(Generic[C_co]):
    """The methods of one area, bound to a client."""

    __slots__ = ("_engine",)

    def __init__(self, engine: Engine) -> None:
        self._engine = engine


class operation(Generic[P, R]):  # noqa: N801  (it is used as a decorator)
    """Turns a function that builds a request into the method that sends it."""

    def __init__(self, build: Callable[Concatenate[Any, P], tuple[Request[R], CallOptions]]) -> None:
        self._build = build
        self.__doc__ = build.__doc__
        self.__wrapped__ = build
        self.__name__ = build.__name__

    @overload
    def __get__(self, area: None, owner: type[Any]) -> operation[P, R]: ...
    @overload
    def __get__(self, area: Area[Blocking], owner: type[Any]) -> Callable[P, R]: ...
    @overload
    def __get__(self, area: Area[Asynchronous], owner: type[Any]) -> Callable[P, Coroutine[Any, Any, R]]: ...
    def __get__(self, area: Any, owner: type[Any]) -> Any:
        return self if area is None else _Bound(self, area)


class _Bound:
    __slots__ = ("_area", "_operation")

    def __init__(self, operation: operation[..., Any], area: Area[Any]) -> None:
        self._operation = operation
        self._area = area

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        build, area = self._operation._build, self._area
        # The request is built inside the call, so that the async method raises where it is awaited.
        return area._engine._start(lambda: build(area, *args, **kwargs))

    def __getattr__(self, name: str) -> Any:
        # help() and inspect.signature() see the function that was written.
        return getattr(self._operation._build, name)

    @property
    def __doc__(self) -> str | None:  # type: ignore[override]
        return self._operation.__doc__

    def __repr__(self) -> str:
        return f"<method {self._operation._build.__qualname__}>"
