"""What can be watched: one log record, one span and one set of metrics for each call, and a span for each attempt.

Texts, images and keys never get in. OpenTelemetry is used where its API package is installed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from functools import cache
from importlib.util import find_spec
from typing import Any

from cloudai.errors import CloudAIError
from cloudai.pipeline.call import Call, Sending
from cloudai.ports import Failure, Reply
from cloudai.types.value import Result

__all__ = ["observe", "observe_step"]

log = logging.getLogger("cloudai")
log.addHandler(logging.NullHandler())


async def observe(call: Call, *, proceed: Callable[[Call], Coroutine[Any, Any, Result]]) -> Result:
    """Reports a call when it has ended, well or badly."""
    call.started = call.runtime.now()
    telemetry = _opentelemetry()
    call.traced = telemetry is not None and telemetry.tracing()
    if telemetry is None or not call.traced:
        return await _report(call, proceed, None)
    with telemetry.tracer.start_as_current_span(call.request.operation, record_exception=False) as span:
        return await _report(call, proceed, span)


async def _report(call: Call, proceed: Callable[[Call], Coroutine[Any, Any, Result]], span: Any) -> Result:
    try:
        result = await proceed(call)
    except CloudAIError as error:
        _tell(call, span, error=error)
        raise
    _tell(call, span, result=result)
    return result


def _tell(call: Call, span: Any, *, result: Result | None = None, error: CloudAIError | None = None) -> None:
    meta = result.meta if result is not None else None
    level = logging.INFO if error is None else logging.WARNING
    telemetry = _opentelemetry()
    if telemetry is None and not log.isEnabledFor(level):
        return
    last = call.ports[-1] if call.ports else None
    fields: dict[str, Any] = {
        "operation": call.request.operation,
        "provider": call.member.label if call.member else None,
        "model": last.model if last else None,
        "latency": meta.latency if meta else call.runtime.now() - call.started,
        "attempts": call.attempts,
        "fallbacks": len(call.fallbacks),
        "cost": str(meta.cost.amount) if meta and meta.cost else None,
        "request_id": last.request_id if last else None,
        "error": type(error).__name__ if error else None,
        "vendor_code": error.vendor_code if error else None,
    }
    if log.isEnabledFor(level):
        outcome = f"failed: {fields['error']}" if error else "answered"
        log.log(
            level,
            "%s %s %s in %.3f s, %d attempts",
            fields["operation"],
            fields["provider"],
            outcome,
            fields["latency"],
            fields["attempts"],
            extra=fields,
        )
    if telemetry is not None:
        if span is not None:
            span.set_attributes({f"cloudai.{name}": item for name, item in fields.items() if item is not None})
        if span is not None and error is not None:
            span.set_status(telemetry.failed)
        labels = {
            "operation": fields["operation"],
            "provider": fields["provider"] or "",
            "error": fields["error"] or "",
        }
        telemetry.duration.record(fields["latency"], labels)
        telemetry.attempts.add(fields["attempts"], labels)


async def observe_step(sending: Sending, *, proceed: Callable[[Sending], Coroutine[Any, Any, Reply]]) -> Reply:
    """Reports one attempt at one step."""
    telemetry = _opentelemetry() if sending.call.traced else None
    debug = log.isEnabledFor(logging.DEBUG)
    if telemetry is None and not debug:
        return await proceed(sending)
    if telemetry is None:
        return await _report_step(sending, proceed)
    step = sending.step
    with telemetry.tracer.start_as_current_span(f"{step.service} {step.operation}", record_exception=False) as span:
        try:
            return await _report_step(sending, proceed) if debug else await proceed(sending)
        except (CloudAIError, Failure):
            span.set_status(telemetry.failed)
            raise


async def _report_step(sending: Sending, proceed: Callable[[Sending], Coroutine[Any, Any, Reply]]) -> Reply:
    call, step = sending.call, sending.step
    began = call.runtime.now()
    outcome = "failed"
    try:
        reply = await proceed(sending)
        outcome = "answered"
        return reply
    except CloudAIError as error:
        outcome = f"failed: {type(error).__name__} {error.vendor_code or ''}".rstrip()
        raise
    finally:
        log.debug(
            "step %s %s at %s %s in %.3f s",
            step.service,
            step.operation,
            call.asked.label,
            outcome,
            call.runtime.now() - began,
        )


class _Telemetry:
    """The instruments of OpenTelemetry, made once."""

    def __init__(self) -> None:
        from opentelemetry import metrics, trace

        self._trace = trace
        self.tracer = trace.get_tracer("cloudai")
        meter = metrics.get_meter("cloudai")
        self.duration = meter.create_histogram("cloudai.call.duration", unit="s", description="Time of one call")
        self.attempts = meter.create_counter("cloudai.call.attempts", description="Steps that were sent")
        self.failed = trace.Status(trace.StatusCode.ERROR)

    def tracing(self) -> bool:
        """Whether somebody has set up a tracer; a span that goes nowhere still costs its time."""
        return not isinstance(self._trace.get_tracer_provider(), self._trace.ProxyTracerProvider)


@cache
def _opentelemetry() -> _Telemetry | None:
    try:
        installed = find_spec("opentelemetry.trace") is not None
    except ModuleNotFoundError:
        installed = False
    return _Telemetry() if installed else None
