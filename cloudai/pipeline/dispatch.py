"""The vendor's own function: refused by name, split, or called."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any

from cloudai import providers
from cloudai.errors import CloudAIError, InputTooLargeError, InvalidRequestError, InvalidResponseError, UnsupportedError
from cloudai.operations.request import Request, request_fields
from cloudai.pipeline.call import Call, CallPort, Sending
from cloudai.pipeline.conclude import raw_of
from cloudai.pipeline.picture import make_ready
from cloudai.ports import Reply
from cloudai.providers import Adapter, Provider
from cloudai.providers.reading import MISREAD
from cloudai.types.value import Deferred, Result, remembered

__all__ = ["Dispatch"]


class Dispatch:
    """Hands a request to the function of the vendor's folder that is named like its operation."""

    def __init__(self, send: Callable[[Sending], Coroutine[Any, Any, Reply]]) -> None:
        self._send = send

    async def __call__(self, call: Call) -> Result:
        request, provider = call.request, call.asked.provider
        adapter = provider.adapter(request.operation)
        if adapter is None:
            raise _unsupported(request, provider)
        passed, lost = _plan(type(request), adapter.options)
        dropped = [name for name, default in lost if getattr(request, name) != default]
        if dropped and call.unsupported == "raise":
            raise UnsupportedError(
                f"{provider.title} cannot express {_list(dropped)} of {request.operation}"
                f" (it takes {_list(sorted(adapter.options - set(request.inputs))) or 'no options'});"
                " leave it out, or say unsupported='ignore' to have it dropped"
            )
        call.dropped = tuple(dropped)
        extra = _extra(call, provider, adapter)
        limit = adapter.limit
        run = partial(self._run, call, adapter.function, passed, extra)
        if adapter.picture is not None:
            request = await make_ready(call, adapter, request)
        if limit is None:
            return await run(request)
        # Pieces may have to be shorter than what is taken whole, where other limits of the vendor bite sooner.
        longest = limit.piece if request.splits and limit.piece else limit.maximum
        if not request.over(longest, limit.unit):
            return await run(request)
        size = request.size(limit.unit)
        if not request.splits:
            raise InputTooLargeError(
                f"the text has {size:,} {limit.unit}, and {provider.title} takes {limit.maximum:,} {limit.unit} at"
                f" most for {request.operation}: say split=True to have it sent in pieces",
            )
        pieces = request.pieces(longest, limit.unit)
        ports = [CallPort(call, self._send) for _ in pieces]
        call.ports.extend(ports)
        results = await ports[0].gather(
            [partial(run, piece, port) for (_, piece), port in zip(pieces, ports, strict=True)]
        )
        joined: Result = request.join([(offset, part) for (offset, _), part in zip(pieces, results, strict=True)])
        return joined

    async def _run(
        self,
        call: Call,
        function: Callable[..., Coroutine[Any, Any, Result]],
        passed: tuple[str, ...],
        extra: Mapping[str, Any],
        request: Request[Any],
        port: CallPort | None = None,
    ) -> Result:
        if port is None:
            port = CallPort(call, self._send)
            call.ports.append(port)
        fields = {name: getattr(request, name) for name in passed}
        try:
            return await function(port, **fields, **extra)
        except CloudAIError as error:
            if isinstance(error, InvalidResponseError) and error.raw is None:
                error.raw = _read(raw_of([port]))
                error.status = error.status or port.status
            error.request_id = error.request_id or port.request_id
            raise
        except MISREAD as error:
            if not port.attempts:
                # Nothing was answered, so this is no answer's fault but a defect of the adapter.
                raise CloudAIError(f"unexpected {type(error).__name__}: {error}") from error
            # Adapters read answers strictly: a field that is missing, null or of another kind ends here.
            raise InvalidResponseError(
                f"the answer does not have the agreed shape ({type(error).__name__}: {error})",
                request_id=port.request_id,
                status=port.status,
                raw=_read(raw_of([port])),
            ) from error


@remembered
def _plan(request: type[Request[Any]], options: frozenset[str]) -> tuple[tuple[str, ...], tuple[tuple[str, Any], ...]]:
    """The fields that an adapter is handed, and those that it has no place for, with their defaults."""
    fields = [(name, default) for name, default in request_fields(request) if name not in request.controls]
    passed = tuple(name for name, _ in fields if name in options)
    return passed, tuple((name, default) for name, default in fields if name not in options)


def _extra(call: Call, provider: Provider, adapter: Adapter) -> Mapping[str, Any]:
    """The vendor's own options of this call, checked by name."""
    if not call.extra:
        return {}
    for name in call.extra:
        providers.find(name)
    given = call.extra.get(provider.name)
    if not given:
        return {}
    known = adapter.extra or {}
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise InvalidRequestError(
            f"extra={{{provider.name!r}: ...}} has no {_list(unknown)} for {call.request.operation};"
            f" there {'is' if len(known) == 1 else 'are'} {_list(sorted(known)) or 'none'}"
        )
    return {"extra": dict(given)}


def _unsupported(request: Request[Any], provider: Provider) -> UnsupportedError:
    reason = provider.missing(request.operation)
    if reason:
        return UnsupportedError(reason)
    able = [name for name in providers.names() if providers.find(name).adapter(request.operation) is not None]
    return UnsupportedError(
        f"{provider.title} cannot do {request.operation}; {'it is offered by ' + _list(able) if able else 'nobody has'}"
    )


def _list(names: list[str]) -> str:
    return ", ".join(names)


def _read(raw: Any) -> Any:
    return raw() if isinstance(raw, Deferred) else raw
