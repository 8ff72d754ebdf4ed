"""Documents through Textract: a page at once, or a file of pages as a job over S3."""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from cloudai.errors import InputTooLargeError, JobFailedError, UnsupportedFormatError
from cloudai.operations.vision import TextResult
from cloudai.ports import Port, Reply, Step
from cloudai.providers.aws.lines import of_document
from cloudai.providers.aws.places import listed
from cloudai.providers.aws.reading import items, word
from cloudai.providers.aws.storage import by_address, through_bucket, with_picture
from cloudai.types.media import Image

__all__ = ["INLINE", "is_document", "page_count", "read_document"]

API_VERSION = "2018-06-27"
INLINE = 10_485_760
"""Bytes that DetectDocumentText takes in a request (the model's ImageBlob; its text still says 5 MB)."""
BUCKET = "name an S3 bucket in AWS(bucket=...): Textract reads files of several pages only from there"
_SUFFIXES = {"jpg": "jpeg", "jpeg": "jpeg", "png": "png", "pdf": "pdf", "tif": "tiff", "tiff": "tiff"}


def is_document(image: Image) -> bool:
    """Whether it is a file of a kind that holds pages; of an address only the end of its name tells."""
    return _form(image) in ("pdf", "tiff")


def _form(image: Image) -> str | None:
    if image.format is not None:
        return image.format
    return _SUFFIXES.get(by_address(image)["Name"].rpartition(".")[2].lower()) if image.data is None else None


async def read_document(port: Port, image: Image, pages: Sequence[int] | None) -> TextResult:
    """What is written on the pages of a document. Textract reads all of them, whichever are wanted."""
    form, count = _form(image), page_count(image)
    if form in ("jpeg", "png") or (count == 1 and len(image.data or b"") <= INLINE):
        blocks = await _at_once(port, image)
    elif image.data is None:
        blocks = await _as_job(port, by_address(image), count)
    elif port.settings.bucket is not None:
        blocks = await through_bucket(port, image, lambda stored: _as_job(port, stored, count))
    elif count is None:
        blocks = await _at_a_venture(port, image)
    else:
        raise InputTooLargeError(f"the document has {count} pages: {BUCKET}")
    return of_document(blocks, image, pages)


async def _at_once(port: Port, image: Image) -> list[Any]:
    reply = await with_picture(
        port,
        image,
        INLINE,
        lambda place: port.send(_step("DetectDocumentText", {"Document": place}, amount=1)),
    )
    _note(port, reply.body, model="DetectDocumentTextModelVersion")
    return items(reply.body["Blocks"])


async def _at_a_venture(port: Port, image: Image) -> list[Any]:
    """Sends a file that does not say how many pages it has, where nothing but one page can be read."""
    try:
        return await _at_once(port, image)
    except UnsupportedFormatError as error:
        raise UnsupportedFormatError(
            f"{error.message} (if the document has more than one page, {BUCKET})",
            vendor_code=error.vendor_code,
            status=error.status,
            request_id=error.request_id,
            raw=error.raw,
        ) from error


async def _as_job(port: Port, place: Mapping[str, Any], count: int | None) -> list[Any]:
    # With the token, a start that is sent again does not begin (and charge for) a second job.
    params = {"DocumentLocation": {"S3Object": place}, "ClientRequestToken": port.unique()}
    # How many pages there are is known when they have been read, and then stands in what was metered.
    started = await port.send(replace(_step("StartDocumentTextDetection", params, amount=count or 1), aside=True))
    job = {"JobId": word(started.body["JobId"])}
    reply = await port.poll(_step("GetDocumentTextDetection", job), done=_ended)
    _judge(port, reply)
    blocks = listed(reply.body, "Blocks")
    following = reply.body.get("NextToken")
    while following:
        body = (await port.send(_step("GetDocumentTextDetection", {**job, "NextToken": word(following)}))).body
        blocks = blocks + items(body["Blocks"])
        following = body.get("NextToken")
    return blocks


def _ended(reply: Reply) -> bool:
    return word(reply.body["JobStatus"]) != "IN_PROGRESS"


def _judge(port: Port, reply: Reply) -> None:
    """Raises the error that a failed job is, and notes what a finished one warns of."""
    body = reply.body
    status = body["JobStatus"]
    if status == "FAILED":
        said = body.get("StatusMessage") or "without a message"
        raise JobFailedError(
            f"Amazon Textract could not read the document: {said}",
            vendor_code=said if re.fullmatch("[A-Z0-9_]+", said) else None,
            request_id=reply.request_id,
            raw=body,
        )
    if status not in ("SUCCEEDED", "PARTIAL_SUCCESS"):
        raise ValueError(f"{status!r} is no status of a job")
    items(body["Blocks"])
    warnings = items(body.get("Warnings") or [])
    for warning in warnings:
        numbers = ", ".join(map(str, items(warning.get("Pages") or [])))
        port.note(warning=f"{word(warning['ErrorCode'])}, pages {numbers or 'not named'}")
    if status == "PARTIAL_SUCCESS" and not warnings:
        port.note(warning="Amazon Textract could not read all of the document, and does not say which pages")
    _note(port, body, model="DetectDocumentTextModelVersion")


def _note(port: Port, body: Mapping[str, Any], *, model: str) -> None:
    # What was counted never fails a call: a server for tests (moto 5.2.5) writes it in another shape.
    counted = body.get("DocumentMetadata")
    pages = counted.get("Pages") if isinstance(counted, dict) else None
    port.note(model=body.get(model), metered={"Pages": pages} if type(pages) is int else None)


def _step(operation: str, params: Mapping[str, Any], *, amount: float | None = None) -> Step:
    return Step(service="textract", operation=operation, params=params, amount=amount, api_version=API_VERSION)


def page_count(image: Image) -> int | None:
    """How many pages a file has; None where it does not say so openly."""
    data = image.data
    if data is None:
        return None
    if image.format == "tiff":
        return _directories(data)
    if image.format != "pdf":
        return 1
    # Compressed objects can hide pages.
    found = 0 if b"/ObjStm" in data else len(re.findall(rb"/Type\s*/Page(?![A-Za-z])", data))
    return found or None


def _directories(data: bytes) -> int | None:
    """The directories of a TIFF (TIFF 6.0, section 2): each describes a page and says where the next one stands."""
    order = "<" if data[:2] == b"II" else ">"
    seen: set[int] = set()
    try:
        (offset,) = struct.unpack_from(f"{order}I", data, 4)
        while offset and offset not in seen:
            seen.add(offset)
            (entries,) = struct.unpack_from(f"{order}H", data, offset)
            (offset,) = struct.unpack_from(f"{order}I", data, offset + 2 + 12 * entries)
    except struct.error:
        return None
    return len(seen) or None
