from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cloudai import AuthenticationError, CloudAI, Retry
from cloudai.pipeline import telemetry
from cloudai.ports import Failure
from tests.toy import Toy

pytestmark = pytest.mark.usefixtures("toy")
Ask = Callable[..., Any]
SECRET_TEXT = "the merger is called project heron"
GOOD = {"verdict": "positive"}


def test_one_record_is_logged_for_each_call(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="cloudai"):
        ask(Toy(script=[GOOD], key="s3cr3t"), lambda ai: ai.text.sentiment("fine"))
    (record,) = caplog.records
    fields = vars(record)
    assert (fields["operation"], fields["provider"], fields["model"]) == ("text.sentiment", "toy", "m1")
    assert (fields["attempts"], fields["request_id"], fields["error"], fields["cost"]) == (1, "toy-1", None, None)
    assert fields["latency"] > 0


def test_a_call_that_fails_is_a_warning_with_its_class_and_code(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="cloudai"), pytest.raises(AuthenticationError):
        ask(Toy(script=[Failure("x", status=401, codes=["BadKey"])]), lambda ai: ai.text.sentiment("fine"))
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert (vars(record)["error"], vars(record)["vendor_code"]) == ("AuthenticationError", "BadKey")


def test_neither_content_nor_keys_are_logged_even_for_debugging(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    failure = Failure(f"key s3cr3t-key is wrong for {SECRET_TEXT!r}", codes=["Slow"])
    with caplog.at_level(logging.DEBUG, logger="cloudai"):
        for script in ([GOOD], [failure, GOOD]):
            ask(
                Toy(script=script, key="s3cr3t-key"),
                lambda ai: ai.text.sentiment(SECRET_TEXT, split=True),
                retry=Retry(first_wait=0.0),
            )
    assert any("step toy Sentiment" in record.getMessage() for record in caplog.records)
    everything = " ".join(str(vars(record)) for record in caplog.records)
    assert "heron" not in everything
    assert "s3cr3t" not in everything


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Everything that OpenTelemetry is told, through its own SDK."""
    sdk = pytest.importorskip("opentelemetry.sdk.trace", reason="needs opentelemetry-sdk")
    from opentelemetry import metrics, trace
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import InMemoryMetricReader
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    exporter, reader = InMemorySpanExporter(), InMemoryMetricReader()
    tracers = sdk.TracerProvider()
    tracers.add_span_processor(SimpleSpanProcessor(exporter))
    meters = MeterProvider([reader])
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: tracers)
    monkeypatch.setattr(trace, "get_tracer", tracers.get_tracer)
    monkeypatch.setattr(metrics, "get_meter", meters.get_meter)
    telemetry._opentelemetry.cache_clear()
    yield exporter, reader
    telemetry._opentelemetry.cache_clear()
    meters.shutdown()


def test_a_call_is_a_span_with_its_attempts_inside(ask: Ask, spans: Any) -> None:
    exporter, reader = spans
    ask(
        Toy(script=[Failure("x", codes=["Slow"]), GOOD]),
        lambda ai: ai.text.sentiment(SECRET_TEXT, split=True),
        retry=Retry(first_wait=0.0),
    )
    finished = exporter.get_finished_spans()
    (call,) = [span for span in finished if span.name == "text.sentiment"]
    steps = [span for span in finished if span.name == "toy Sentiment"]
    assert len(steps) == 3
    assert all(step.parent.span_id == call.context.span_id for step in steps)
    assert [step.status.is_ok for step in steps].count(False) == 1
    assert call.attributes["cloudai.provider"] == "toy"
    assert call.attributes["cloudai.attempts"] == 3
    assert "heron" not in str([span.to_json() for span in finished])
    names = {
        metric.name: metric
        for resource in reader.get_metrics_data().resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
    }
    assert names["cloudai.call.attempts"].data.data_points[0].value == 3
    assert names["cloudai.call.duration"].data.data_points[0].count == 1


def test_a_call_that_fails_is_a_span_that_failed(ask: Ask, spans: Any) -> None:
    with pytest.raises(AuthenticationError):
        ask(Toy(script=[Failure("x", status=401)]), lambda ai: ai.text.sentiment("fine"))
    (call,) = [span for span in spans[0].get_finished_spans() if span.name == "text.sentiment"]
    assert not call.status.is_ok
    assert call.attributes["cloudai.error"] == "AuthenticationError"


def test_without_opentelemetry_nothing_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telemetry, "find_spec", lambda name: None)
    telemetry._opentelemetry.cache_clear()
    assert CloudAI(Toy(script=[GOOD])).text.sentiment("x").sentiment == "positive"
    telemetry._opentelemetry.cache_clear()
