"""Language's long-running jobs: submit, poll, fetch. Single steps, so that a failed poll never submits again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from cloudai.errors import JobFailedError
from cloudai.ports import Port, Reply, Step
from cloudai.providers.azure.errors import document_error, refused_document
from cloudai.providers.azure.reading import document_of, items, string
from cloudai.providers.azure.tables import API_VERSION, DOCUMENT, FAILED, SUCCEEDED, UNFINISHED

__all__ = ["finished", "job_of", "next_page", "result_of", "run"]

TASK = "0"
"""The name of the one task of a job."""
_JOB = re.compile(r"/jobs/([A-Za-z0-9-]+)/?$")


async def run(
    port: Port, kind: str, text: str, language: str | None, parameters: Mapping[str, Any]
) -> Mapping[str, Any]:
    """What a job of this kind says about a text: its one document."""
    document = {"id": DOCUMENT, "text": text} | ({"language": language} if language else {})
    submitted = await port.send(
        Step(
            service="language",
            operation=f"POST analyze-text/jobs#{kind}",
            params={
                "query": {"api-version": API_VERSION},
                "json": {
                    "analysisInput": {"documents": [document]},
                    "tasks": [{"kind": kind, "taskName": TASK, "parameters": dict(parameters)}],
                },
            },
            amount=len(text),
            aside=True,
            api_version=API_VERSION,
        )
    )
    job = job_of(submitted.headers["operation-location"])
    reply = await port.poll(_status(job), done=lambda reply: finished(reply.body))
    pages = [reply]
    seen: list[Mapping[str, str]] = [{}]
    while (link := pages[-1].body.get("nextLink")) is not None:
        page = next_page(link)
        if page in seen:
            raise ValueError("nextLink leads back to a page that was read already")
        seen.append(page)
        pages.append(await port.send(_status(job, page)))
    return _document(port, pages)


def _status(job: str, page: Mapping[str, str] | None = None) -> Step:
    return Step(
        service="language",
        operation="GET analyze-text/jobs",
        params={"job": job, "query": {"api-version": API_VERSION, **(page or {})}},
        api_version=API_VERSION,
    )


def job_of(location: str) -> str:
    """The job's id in an Operation-Location. That header is an absolute address, and nothing says that its host is
    ours: the job is asked for where it was submitted, and no key goes anywhere else."""
    match = _JOB.search(urlsplit(location).path)
    if match is None:
        raise ValueError("Operation-Location names no job")
    return match.group(1)


def next_page(link: str) -> dict[str, str]:
    """The part of a nextLink that says which page it is (``top`` and ``skip``, with a ``$`` in API v3.1)."""
    query = {name.lstrip("$"): value for name, value in parse_qsl(urlsplit(string(link)).query)}
    return {name: query[name] for name in ("top", "skip") if name in query}


def finished(body: Mapping[str, Any]) -> bool:
    """Whether a job has come to its end. While it runs, its state may list finished tasks and a nextLink already."""
    status = string(body["status"]).lower()
    if status in UNFINISHED:
        return False
    if status in SUCCEEDED or status in FAILED:
        return True
    raise ValueError(f"a job has no state {body['status']!r}")


def _document(port: Port, pages: list[Reply]) -> Mapping[str, Any]:
    results = result_of([page.body for page in pages])
    port.note(model=results.get("modelVersion"))
    return document_of(results)


def result_of(pages: list[Any], *, task: str = TASK) -> Mapping[str, Any]:
    """The results of a job's task, from all its pages.

    Raises:
        JobFailedError: The job or its task ended without a result; the message says what the service says.
        CloudAIError: The service could not use the document. A job "succeeds" all the same.
    """
    first = pages[0]
    status = string(first["status"])
    if status.lower() in FAILED or first.get("errors"):
        raise JobFailedError(f"the job ended as {status}{_why(first)}", vendor_code=_code(first), raw=first)
    parts = [_results(page, task) for page in pages]
    merged = {**parts[0]}
    for name in ("documents", "errors"):
        merged[name] = [item for part in parts for item in items(part[name])]
    said = refused_document(merged, DOCUMENT)
    if said is not None:
        raise document_error(said, first)
    return merged


def _results(body: Any, task: str) -> Mapping[str, Any]:
    item = _task(body["tasks"], task)
    # "state" up to API v3.1
    status = string(item["status"] if "status" in item else item["state"])
    if status.lower() not in SUCCEEDED:
        raise JobFailedError(f"the job's task ended as {status}{_why(item)}", vendor_code=_code(item), raw=body)
    results: Mapping[str, Any] = item["results"]
    return results


def _task(tasks: Any, name: str) -> Any:
    """The task of this name, or the only one: under ``items``, or under one list for each kind up to API v3.1."""
    if "items" in tasks:
        listed = items(tasks["items"])
    else:
        listed = [item for part in tasks.values() if isinstance(part, list) for item in part]
    own = [item for item in listed if item.get("taskName") == name]
    found = own or listed
    if len(found) != 1:
        raise LookupError(f"{len(listed)} tasks, and not one named {name!r}")
    return found[0]


def _why(part: Mapping[str, Any]) -> str:
    said = [
        f"{error['code']}: {error['message']}"
        for error in part.get("errors") or ([part["error"]] if part.get("error") else [])
    ]
    return f" ({'; '.join(said)})" if said else ""


def _code(part: Mapping[str, Any]) -> str | None:
    listed = part.get("errors") or ([part["error"]] if part.get("error") else [])
    return string(listed[0]["code"]) if listed else None
