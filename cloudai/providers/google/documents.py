"""Documents of several pages: files that Cloud Vision reads in groups of five pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Literal

from cloudai.errors import InvalidRequestError
from cloudai.operations.vision import Page, TextResult
from cloudai.ports import Port
from cloudai.providers.google.annotate import refused, send
from cloudai.providers.google.pages import pages_of
from cloudai.types.media import Image

__all__ = ["document_type", "read_document"]

AT_ONCE = 5
"""How many pages of a file one request may ask for; without numbers Google reads the first so many
(google-cloud-vision 3.16.0, AnnotateFileRequest.pages)."""

TYPES: Mapping[str, str] = {"pdf": "application/pdf", "tiff": "image/tiff", "gif": "image/gif"}
ENDINGS: Mapping[str, str] = {".pdf": "pdf", ".tif": "tiff", ".tiff": "tiff", ".gif": "gif"}
"""What a ``gs://`` address is told by: nothing else is known of it here, and Google wants the type said."""

Asked = Mapping[str, Any]


def document_type(image: Image, kind: Literal["scene", "document"] | None, pages: tuple[int, ...] | None) -> str | None:
    """The type of a file that has pages; None for a picture.

    Raises:
        InvalidRequestError: Pages are asked for of a file whose type is not known.
    """
    form: str | None = image.format
    if image.data is None:
        address = (image.address or "").lower()
        form = next((form for ending, form in ENDINGS.items() if address.endswith(ending)), None)
        if form is None and pages is not None:
            raise InvalidRequestError(
                f"pages={pages!r}: Google wants to be told what {image.address} is, and its name does not end in"
                f" {', '.join(ENDINGS)}"
            )
    if form == "gif" and kind != "document" and pages is None:
        # A picture that moves, and not a document: its first frame.
        return None
    return TYPES.get(form or "")


async def read_document(
    port: Port, image: Image, mime_type: str, feature: Asked, context: Asked, pages: tuple[int, ...] | None
) -> TextResult:
    """The text of all pages, or of some. Groups of pages are asked for side by side."""
    where: Asked = {"content": image.data} if image.data is not None else {"gcsSource": {"uri": image.address}}
    asked: dict[str, Any] = {"inputConfig": {**where, "mimeType": mime_type}, "features": [feature]}
    if context:
        asked["imageContext"] = context
    read: list[tuple[str, Page]] = []
    if pages is None:
        first = await _ask(port, asked, None)
        read += _pages(port, first, mime_type, range(1, len(first.responses) + 1))
        pages = tuple(range(len(read) + 1, first.total_pages + 1))
    groups = [pages[start : start + AT_ONCE] for start in range(0, len(pages), AT_ONCE)]
    if groups:
        answers = await port.gather([partial(_ask, port, asked, group) for group in groups])
        for answer, group in zip(answers, groups, strict=True):
            read += _pages(port, answer, mime_type, group)
    port.note(metered={"pages": len(read)})
    return TextResult(text="\f".join(text for text, _ in read), pages=tuple(page for _, page in read))


async def _ask(port: Port, asked: Asked, group: Sequence[int] | None) -> Any:
    """Google's answer about a group of pages, or about the first ones, of which there may be fewer than are paid for
    in ``Step.amount``: how many there are is only said in the answer."""
    request = dict(asked) if group is None else {**asked, "pages": list(group)}
    (answer,) = (await send(port, "BatchAnnotateFiles", request, AT_ONCE if group is None else len(group))).responses
    if answer.error.code:
        raise refused(port, answer.error)
    return answer


def _pages(port: Port, answer: Any, mime_type: str, numbers: Sequence[int]) -> Iterator[tuple[str, Page]]:
    if not answer.responses:
        raise ValueError("there is no page in the answer")
    unit: Literal["pixel", "point"] = "point" if mime_type == "application/pdf" else "pixel"
    for number, response in zip(numbers, answer.responses, strict=True):
        if response.error.code:
            raise refused(port, response.error)
        text, (page,) = pages_of(response, None, number=response.context.page_number or number, unit=unit)
        yield text, page
