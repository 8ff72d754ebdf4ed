"""A vendor that answers what a test tells it to, and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar

from cloudai import operations
from cloudai.errors import CloudAIError, ConfigurationError
from cloudai.operations.request import Request, request_fields
from cloudai.ports import Port, Step
from cloudai.providers import Adapter, Provider
from cloudai.settings import ProviderSettings
from cloudai.types.value import Result

__all__ = ["Answer", "Fake", "provider"]

Answer = Result | CloudAIError | Callable[[Any], Result | CloudAIError]
"""A result, an error to be raised, or a function from the request to either."""


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Fake(ProviderSettings):
    """A vendor for tests, used like the settings of any other.

        fake = Fake(answers={"text.sentiment": SentimentResult(sentiment="positive")})
        app = Application(CloudAI(fake))
        ...
        assert fake.calls == [SentimentRequest(text="I love it")]

    Calls travel the same road as those to a real vendor: retries, fallback, ``meta`` and telemetry are real.

    Raises:
        ConfigurationError: An operation is unknown, or an answer is not of its kind.
    """

    provider: ClassVar[str] = "fake"

    answers: Mapping[str, Answer | Iterable[Answer]] = field(default_factory=dict)
    """What to answer to each operation: a result, an error, a function of the request, or a list of these. The items
    of a list are used up one after the other, one for each attempt; anything else answers again and again."""
    calls: list[Request[Any]] = field(default_factory=list, init=False)
    """What was asked, in order: the request of each attempt that reached the vendor."""
    _turns: dict[str, list[Answer]] = field(default_factory=dict, init=False)

    # Two of them are two vendors, even if they would answer alike.
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, given in self.answers.items():
            request = operations.find(name)
            several = isinstance(given, Iterable) and not isinstance(given, Result | str) and not callable(given)
            answers: list[Any] = list(given) if several else [given]  # type: ignore[arg-type]
            for answer in answers:
                _check(request, answer)
            if several:
                self._turns[name] = answers

    def __repr__(self) -> str:
        return f"Fake(answers for {', '.join(self.answers) or 'nothing'})"

    def answer(self, request: Request[Any]) -> Result:
        """The answer to a request, which is written down.

        Raises:
            CloudAIError: This is the answer.
            ConfigurationError: There is no answer, or none any more.
        """
        self.calls.append(request)
        answer = self._next(request)
        if not isinstance(answer, Result | CloudAIError) and not isinstance(answer, type):
            answer = answer(request)
        if isinstance(answer, Result):
            _check(type(request), answer)
            return answer
        # A fresh one each time: an error remembers where it was raised, and the road writes into it.
        raise _again(answer)

    def _next(self, request: Request[Any]) -> Any:
        name = request.operation
        if name not in self.answers:
            raise ConfigurationError(
                f"the fake has no answer for {name}: give it one with Fake(answers={{{name!r}: ...}})"
            )
        if name not in self._turns:
            return self.answers[name]
        if not self._turns[name]:
            count = sum(call.operation == name for call in self.calls)
            raise ConfigurationError(f"the fake's answers for {name} are used up, and this is call {count}")
        return self._turns[name].pop(0)


def _check(request: type[Request[Any]], answer: object) -> None:
    if isinstance(answer, Result) and not isinstance(answer, request.result):
        raise ConfigurationError(
            f"{request.operation} is answered with a {request.result.__name__}, not with a {type(answer).__name__}"
        )
    if not isinstance(answer, Result | CloudAIError) and not callable(answer):
        raise ConfigurationError(
            f"{answer!r} does not answer {request.operation}: give a {request.result.__name__}, an error of cloudai, a"
            " function from the request to one of these, or a list of them"
        )


def _again(error: Any) -> CloudAIError:
    """The error anew, from the one that was given or from its class."""
    if isinstance(error, CloudAIError):
        function, arguments = error.__reduce__()
        made: CloudAIError = function(*arguments)
        return made
    if isinstance(error, type) and issubclass(error, CloudAIError):
        return error("the fake was told to answer with this error")
    raise ConfigurationError(f"the fake was told to answer with {error!r}: a result or an error of cloudai is wanted")


async def _ask(operation: str, port: Port, **fields: Any) -> Result:
    """The adapter of every operation."""
    request = operations.find(operation)(**fields)
    step = Step(service="fake", operation=operation, params={"request": request}, amount=request.amount())
    # A copy: meta is written into what is returned, and the same answer may be given to many calls.
    result: Result = copy((await port.send(step)).body)
    return result


class _FakeProvider(Provider):
    """A vendor that has every operation with every option."""

    def _find_adapter(self, operation: str) -> Adapter | str:
        request = operations.operations().get(operation)
        if request is None:
            return ""
        names = frozenset(name for name, _ in request_fields(request) if name not in request.controls)
        return Adapter(partial(_ask, operation), names, None, None)


provider = _FakeProvider(
    name="fake",
    title="The fake vendor",
    package=__name__,
    settings=Fake,
    install="it comes with cloudai",
)
