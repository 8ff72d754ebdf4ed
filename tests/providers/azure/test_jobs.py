"""Jobs: what is submitted, how their states are read, and that a failed poll never submits again."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from cloudai import Azure, Retry
from cloudai.errors import (
    CloudAIError,
    InputTooLargeError,
    InvalidRequestError,
    InvalidResponseError,
    JobFailedError,
    RateLimitedError,
    ServiceUnavailableError,
    TimeoutError,
    UnsupportedLanguageError,
)
from cloudai.ports import Reply
from cloudai.providers.azure import jobs, text
from tests.support import Answer, Loopback, ScriptedPort, Seen, adapt, answer_of, loopback, recording

KEY = "0123456789abcdef0123456789abcdef"
JOB = "ccb179db-facd-4e93-a277-edecdea857c0"
TEXT = "The food was good. The service was not. We go again."
QUICK = Retry(attempts=3, first_wait=0.001, max_wait=0.001)
SENTENCES = [
    {"text": "We go again.", "rankScore": 1.0, "offset": 40, "length": 12},
    {"text": "The food was good. ", "rankScore": 0.4, "offset": 0, "length": 19},
]


def accepted(host: str = "https://example.cognitiveservices.azure.com", header: str = "operation-location") -> Answer:
    return Answer(202, None, {header: f"{host}/language/analyze-text/jobs/{JOB}?api-version=2023-04-01"})


def state(status: str = "succeeded", *, task: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "jobId": JOB,
        "lastUpdatedDateTime": "2026-11-20T10:00:00Z",
        "createdDateTime": "2026-11-20T10:00:00Z",
        "status": status,
        "errors": [],
        "tasks": {"completed": 1, "failed": 0, "inProgress": 0, "total": 1, "items": [task] if task else []},
        **more,
    }


def task(*documents: Any, errors: Any = (), status: str = "succeeded", **more: Any) -> dict[str, Any]:
    return {
        "kind": "ExtractiveSummarizationLROResults",
        "taskName": "0",
        "lastUpdateDateTime": "2026-11-20T10:00:00Z",
        "status": status,
        "results": {"documents": list(documents), "errors": list(errors), "modelVersion": "2023-11-04"},
        **more,
    }


SUMMARY = {"id": "0", "sentences": SENTENCES, "warnings": []}
DONE = state(task=task(SUMMARY))


def submitted(*states: Any) -> ScriptedPort:
    """A port whose job was accepted and then has these states."""
    return ScriptedPort(Reply(body=None, status=202, headers=dict(accepted().headers)), *states)


# --- what is sent ----------------------------------------------------------------------------------------------------


def test_submit_poll_and_fetch_are_steps_of_their_own() -> None:
    port = submitted(state("notStarted"), state("running"), DONE)
    result = adapt(text.summarize, port, TEXT)
    first, *polls = port.steps
    assert first.operation == "POST analyze-text/jobs#ExtractiveSummarization"
    assert (first.amount, first.aside) == (len(TEXT), True)
    assert [step.operation for step in polls] == ["GET analyze-text/jobs"] * 3
    assert {step.params["job"] for step in polls} == {JOB}
    assert {step.amount for step in polls} == {None}
    assert [item.text for item in result.sentences] == ["The food was good. ", "We go again."]
    assert result.summary == "The food was good. We go again."
    assert [item.rank for item in result.sentences] == [0.4, 1.0]
    assert (result.language, port.model) == ("en", "2023-11-04")


def posted(call: Callable[[Any], Any]) -> Any:
    """What the SDK itself posts for a job."""
    from azure.ai.textanalytics import TextAnalyticsClient
    from azure.core.credentials import AzureKeyCredential

    done = copy.deepcopy(DONE)
    with loopback(lambda seen: accepted(server.address) if seen.method == "POST" else Answer(200, done)) as server:
        with TextAnalyticsClient(server.address, AzureKeyCredential(KEY)) as client:
            call(client)
        return server.seen[0].json


def sent(function: Any, body: Any, **options: Any) -> Any:
    """What we post for the same."""
    port = submitted(body)
    adapt(function, port, TEXT, language="en", **options)
    return port.steps[0].params["json"]


def without_names(body: Any) -> Any:
    for part in body["tasks"]:
        part.pop("taskName")
    return body


def test_the_submitted_job_is_what_the_sdk_submits() -> None:
    ours = sent(text.summarize, DONE, sentences=2)
    theirs = posted(lambda client: client.begin_extract_summary([TEXT], max_sentence_count=2, polling_interval=0))
    ours["tasks"][0]["parameters"].pop("stringIndexType")
    theirs.pop("displayName", None)
    theirs["tasks"][0]["parameters"] = {
        name: value for name, value in theirs["tasks"][0]["parameters"].items() if name == "sentenceCount"
    }
    assert without_names(ours) == without_names(theirs)


MODEL = {"project_name": "reviews", "deployment_name": "production"}
CLASSES = {"id": "0", "class": [{"category": "Travel", "confidenceScore": 0.9}]}


@pytest.mark.parametrize(
    ("function", "options", "document", "kind"),
    [
        (text.summarize, {"sentences": 2}, SUMMARY, "ExtractiveSummarization"),
        (text.summarize, {"kind": "abstract"}, {"id": "0", "summaries": [{"text": "x"}]}, "AbstractiveSummarization"),
        (text.classify, {"extra": MODEL}, CLASSES, "CustomSingleLabelClassification"),
        (text.classify, {"extra": {**MODEL, "multi_label": True}}, CLASSES, "CustomMultiLabelClassification"),
    ],
)
def test_the_submitted_job_is_one_that_the_vendors_own_models_know(
    function: Any, options: Any, document: Any, kind: str
) -> None:
    from azure.ai.textanalytics._generated.v2023_04_01 import models

    body = sent(function, state(task=task(document)), **options)
    assert body["tasks"][0]["kind"] == kind
    # What the models do not know is lost on the way through them.
    through = models.AnalyzeTextJobsInput.from_dict(copy.deepcopy(body)).serialize()  # type: ignore[no-untyped-call]
    assert through == body


# --- what is answered ------------------------------------------------------------------------------------------------


def test_a_summary_may_be_written_anew() -> None:
    parts = [
        {"text": "Good food, bad service.", "contexts": [{"offset": 0, "length": 39}]},
        {"text": "They go again."},
    ]
    port = submitted(state(task=task({"id": "0", "summaries": parts})))
    result = adapt(text.summarize, port, TEXT, kind="abstract", sentences=3, language="en-US")
    (posted_task,) = port.steps[0].params["json"]["tasks"]
    assert posted_task["parameters"] == {"stringIndexType": "UnicodeCodePoint", "sentenceCount": 3}
    assert result.summary == "Good food, bad service. They go again."
    assert (result.sentences, result.language) == ((), "en-US")


def test_classes_of_a_model_of_your_own() -> None:
    port = submitted(state(task=task(CLASSES)))
    result = adapt(text.classify, port, TEXT, extra=MODEL)
    (posted_task,) = port.steps[0].params["json"]["tasks"]
    assert posted_task["parameters"] == {"projectName": "reviews", "deploymentName": "production"}
    assert [(item.name, item.confidence) for item in result] == [("Travel", 0.9)]


def test_auto_looks_at_as_much_of_a_long_text_as_one_request_takes() -> None:
    detected = {"id": "0", "detectedLanguage": {"name": "German", "iso6391Name": "de", "confidenceScore": 1.0}}
    port = submitted(DONE)
    port.replies.insert(0, Reply(body={"results": {"documents": [detected], "errors": []}}))
    long = "Das Essen war gut. " * 500
    adapt(text.summarize, port, long, language="auto")
    first, second, _ = port.steps
    assert (first.operation, first.amount) == ("detect_language", 5120)
    assert second.params["json"]["analysisInput"]["documents"] == [{"id": "0", "text": long, "language": "de"}]


def test_a_running_job_is_not_read_although_it_lists_finished_tasks() -> None:
    found = recording("azure/language/actions-job-running-then-done")["interactions"]
    running, done = found[1]["response"]["body"], found[2]["response"]["body"]
    assert not jobs.finished(running)
    assert jobs.finished(done)


def test_a_job_that_succeeds_can_hide_a_failed_document() -> None:
    done = recording("azure/language/actions-job-running-then-done")["interactions"][2]["response"]["body"]
    for part in done["tasks"]["items"]:
        part["results"]["documents"] = [item for item in part["results"]["documents"] if item["id"] == "1"]
    good = jobs.result_of([done], task="0")
    assert good["documents"][0]["sentiment"] == "neutral"
    with pytest.raises(UnsupportedLanguageError, match="Supported languages") as caught:
        jobs.result_of([done], task="1")
    assert caught.value.vendor_code == "UnsupportedLanguageCode"
    assert caught.value.raw is done


def test_the_states_of_api_v3_1_are_read_as_well() -> None:
    *_, last = recording("azure/language/actions-v3_1-job")["interactions"]
    body = last["response"]["body"]
    assert jobs.finished(body)
    results = jobs.result_of([body], task="4")
    assert [item["id"] for item in results["documents"]] == ["56", "0", "19", "1"]
    assert results["documents"][0]["sentiment"]


def test_a_cancelled_job_has_failed_although_it_has_empty_results() -> None:
    *_, last = recording("azure/language/actions-cancelled")["interactions"]
    body = last["response"]["body"]
    assert jobs.finished(body)
    with pytest.raises(JobFailedError, match="cancelled") as caught:
        jobs.result_of([body], task="0")
    assert caught.value.raw is body


ERROR = {"code": "InvalidRequest", "message": "Deployment is not there.", "target": "#/tasks/0"}


@pytest.mark.parametrize(
    "body",
    [
        state("failed", errors=[ERROR]),
        state("Failed", errors=[ERROR]),
        state("partiallySucceeded", errors=[ERROR]),
        state("partiallyCompleted", errors=[ERROR], task=task(SUMMARY)),
        state("succeeded", task=task(status="failed", errors=[]) | {"error": ERROR}),
    ],
)
def test_a_job_that_failed_says_why(body: Any) -> None:
    port = submitted(body)
    with pytest.raises(JobFailedError, match=r"InvalidRequest: Deployment is not there\.") as caught:
        adapt(text.summarize, port, TEXT)
    assert caught.value.vendor_code == "InvalidRequest"
    assert len(port.steps) == 2


@pytest.mark.parametrize("status", ["failed", "cancelled", "rejected"])
def test_a_job_may_fail_without_saying_why(status: str) -> None:
    with pytest.raises(JobFailedError, match=status):
        adapt(text.summarize, submitted(state(status, errors=None)), TEXT)


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"status": None},
        state("banana"),
        state("succeeded"),
        state(task={**task(SUMMARY), "results": None}),
        state(task={name: value for name, value in task(SUMMARY).items() if name != "status"}),
        state(task=task({"id": "0"})),
        state(task=task({"id": "0", "sentences": None})),
        state(task=task({"id": "0", "sentences": [{**SENTENCES[0], "rankScore": None}]})),
        {**DONE, "tasks": None},
        {**DONE, "nextLink": 7},
    ],
)
def test_a_job_of_another_shape_is_no_answer(body: Any) -> None:
    with pytest.raises((LookupError, TypeError, ValueError, AttributeError)):
        adapt(text.summarize, submitted(body), TEXT)


def test_pages_are_fetched_from_where_the_job_is_and_put_together() -> None:
    link = f"https://elsewhere.example/language/analyze-text/jobs/{JOB}?api-version=2023-04-01&$top=20&$skip=20"
    early = state("running", task=task(), nextLink=link)
    first, second = state(task=task(), nextLink=link), state(task=task(SUMMARY))
    port = submitted(early, first, second)
    result = adapt(text.summarize, port, TEXT)
    assert len(result.sentences) == 2
    assert [step.params["query"] for step in port.steps[1:]] == [
        {"api-version": "2023-04-01"},
        {"api-version": "2023-04-01"},
        {"api-version": "2023-04-01", "top": "20", "skip": "20"},
    ]


def test_pages_that_lead_in_a_circle_end_somewhere() -> None:
    page = state(task=task(), nextLink="https://example.cognitiveservices.azure.com/x?top=20&skip=20")
    with pytest.raises(ValueError, match="nextLink"):
        adapt(text.summarize, submitted(page, page, page), TEXT)


@pytest.mark.parametrize(
    "location", ["", "https://host/language/analyze-text", "https://host/jobs/", "https://host/jobs/../keys"]
)
def test_a_place_without_a_job_is_no_place(location: str) -> None:
    with pytest.raises(ValueError, match="Operation-Location"):
        jobs.job_of(location)


# --- over the wire ---------------------------------------------------------------------------------------------------


def azure(server: Loopback) -> Azure:
    return Azure(key=KEY, endpoint=server.address)


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Polls without the second between them; how long is waited is the port's business and tested there."""
    from cloudai.pipeline.call import CallPort

    usual = CallPort.poll

    async def poll(self: Any, step: Any, *, done: Any, **_: float) -> Any:
        return await usual(self, step, done=done, interval=0.001, longest=0.001)

    monkeypatch.setattr(CallPort, "poll", poll)


def summarize(ai: Any) -> Any:
    return ai.text.summarize(TEXT)


@pytest.mark.parametrize("header", ["operation-location", "Operation-Location"])
def test_a_job_over_the_wire(ask: Callable[..., Any], header: str) -> None:
    with loopback(accepted(header=header), Answer(200, state("running")), Answer(200, DONE)) as server:
        result = ask(azure(server), summarize)
    assert [(seen.method, seen.path) for seen in server.seen] == [
        ("POST", "/language/analyze-text/jobs?api-version=2023-04-01"),
        ("GET", f"/language/analyze-text/jobs/{JOB}?api-version=2023-04-01"),
        ("GET", f"/language/analyze-text/jobs/{JOB}?api-version=2023-04-01"),
    ]
    assert {seen.headers["ocp-apim-subscription-key"] for seen in server.seen} == {KEY}
    assert result.raw == DONE
    assert result.meta.attempts == 3
    assert result.meta.model == "2023-11-04"
    assert [step.operation for step in result.meta.usage.steps] == ["POST analyze-text/jobs#ExtractiveSummarization"]


def methods(server: Loopback) -> list[str]:
    return [seen.method for seen in server.seen]


BUSY = Answer(429, {"error": {"code": "429", "message": "Too many."}}, {"retry-after": "0"})


def test_a_poll_that_comes_too_fast_is_sent_again_and_the_job_only_once(ask: Callable[..., Any]) -> None:
    with loopback(accepted(), BUSY, Answer(503, "down"), Answer(200, DONE)) as server:
        result = ask(azure(server), summarize, retry=QUICK)
    assert methods(server) == ["POST", "GET", "GET", "GET"]
    assert result.meta.attempts == 4


def test_a_poll_that_never_succeeds_does_not_submit_again(ask: Callable[..., Any]) -> None:
    with loopback(accepted(), BUSY) as server, pytest.raises(RateLimitedError):
        ask(azure(server), summarize, retry=QUICK)
    assert methods(server) == ["POST", "GET", "GET", "GET"]


def test_a_job_that_was_not_accepted_is_submitted_again(ask: Callable[..., Any]) -> None:
    with loopback(BUSY, accepted(), Answer(200, DONE)) as server:
        ask(azure(server), summarize, retry=QUICK)
    assert methods(server) == ["POST", "POST", "GET"]


def test_a_fetch_that_fails_does_not_poll_or_submit_again(ask: Callable[..., Any]) -> None:
    first = state(task=task(), nextLink="https://example.cognitiveservices.azure.com/x?top=20&skip=20")
    with loopback(accepted(), Answer(200, first), Answer(503, "down"), Answer(200, DONE)) as server:
        result = ask(azure(server), summarize, retry=QUICK)
    assert methods(server) == ["POST", "GET", "GET", "GET"]
    assert [seen.path.partition("&")[2] for seen in server.seen[2:]] == ["top=20&skip=20"] * 2
    assert result.raw == (first, DONE)


def test_another_host_in_operation_location_receives_nothing(ask: Callable[..., Any]) -> None:
    with loopback(Answer(200, DONE)) as stranger:
        with loopback(accepted(stranger.address), Answer(200, DONE)) as server:
            ask(azure(server), summarize)
        assert stranger.seen == []
        assert methods(server) == ["POST", "GET"]


def test_an_acceptance_that_names_no_job_is_no_answer(ask: Callable[..., Any]) -> None:
    with loopback(Answer(202, None)) as server, pytest.raises(InvalidResponseError):
        ask(azure(server), summarize)
    assert methods(server) == ["POST"]


def refused(code: str, message: str) -> dict[str, Any]:
    inner = {"code": code, "message": message}
    return {"id": "0", "error": {"code": "InvalidArgument", "message": "Invalid.", "innererror": inner}}


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (refused("UnsupportedLanguageCode", "Invalid language code."), UnsupportedLanguageError),
        (refused("InvalidDocument", "Document text is empty."), InvalidRequestError),
        (
            refused("InvalidDocument", "A document within the request was too large to be processed."),
            InputTooLargeError,
        ),
        (refused("InternalServerError", "Oh."), ServiceUnavailableError),
        (refused("SomethingNew", "Oh."), InvalidRequestError),
    ],
)
def test_a_failed_document_in_a_job_that_succeeded(
    ask: Callable[..., Any], error: Any, expected: type[CloudAIError]
) -> None:
    done = state(task=task(errors=[error]))
    with loopback(accepted(), Answer(200, done)) as server, pytest.raises(expected) as caught:
        ask(azure(server), summarize, retry=QUICK)
    assert type(caught.value) is expected
    assert caught.value.vendor_code == error["error"]["innererror"]["code"]
    assert (caught.value.provider, caught.value.operation) == ("azure", "text.summarize")
    assert caught.value.raw == done
    assert methods(server) == ["POST", "GET"]


def test_a_job_of_nothing_but_empty_documents_is_refused_whole(ask: Callable[..., Any]) -> None:
    found = recording("azure/language/error-400-job-empty-document")
    with loopback(answer_of(found["response"])) as server, pytest.raises(InvalidRequestError) as caught:
        ask(azure(server), summarize, retry=QUICK)
    assert caught.value.vendor_code == "InvalidDocumentBatch"
    assert caught.value.request_id == "23191373-8257-4aea-b6f5-aba66e5234aa"
    assert methods(server) == ["POST"]


def test_the_deadline_ends_a_job_that_never_does(ask: Callable[..., Any]) -> None:
    with loopback(accepted(), Answer(200, state("running"))) as server, pytest.raises(TimeoutError):
        ask(azure(server), summarize, deadline=0.3)
    assert methods(server).count("POST") == 1


def test_a_model_of_your_own_over_the_wire(ask: Callable[..., Any]) -> None:
    def by_method(seen: Seen) -> Answer:
        return accepted() if seen.method == "POST" else Answer(200, state(task=task(CLASSES)))

    with loopback(by_method) as server:
        result = ask(azure(server), lambda ai: ai.text.classify(TEXT, extra={"azure": MODEL}))
    assert [item.name for item in result] == ["Travel"]
