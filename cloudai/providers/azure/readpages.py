"""Pages of text: those of Read, which are a job's result, and those of the old OCR, which come at once."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, cast
from urllib.parse import urlsplit

from cloudai.errors import JobFailedError
from cloudai.operations.vision import Line, Page, TextResult, Word
from cloudai.providers.azure.languages import tag_of
from cloudai.providers.azure.reading import decimal, items, string, whole
from cloudai.providers.azure.tables import FAILED
from cloudai.providers.azure.vision_tables import ORIENTATIONS
from cloudai.types.geometry import Point, Polygon
from cloudai.types.language import primary
from cloudai.types.media import Image

__all__ = ["operation_of", "pages_of", "printed_page_of", "result_of", "text_of"]

CORNERS = 8
"""How many numbers a place has: x and y of four corners."""
UNSPACED = frozenset({"ja", "zh"})
"""Languages whose words are written without spaces between them; the old OCR gives each sign as a word."""
_OPERATION = re.compile(r"/(?:analyzeResults|operations)/([A-Za-z0-9-]+)/?$")


def operation_of(location: str) -> str:
    """The id of the operation that was begun. Operation-Location is an absolute address, and nothing says that its host
    is ours: the result is asked for where the picture was sent, and no key goes anywhere else."""
    match = _OPERATION.search(urlsplit(location).path)
    if match is None:
        raise ValueError("Operation-Location names no operation")
    return match.group(1)


def text_of(pages: Iterable[Page]) -> TextResult:
    """The result that pages make; the service gives no text of the whole."""
    known = tuple(pages)
    return TextResult(text="\f".join("".join(f"{line.text}\n" for line in page.lines) for page in known), pages=known)


# --- Read ------------------------------------------------------------------------------------------------------------


def result_of(body: Any) -> Mapping[str, Any]:
    """What a finished operation has read.

    Raises:
        JobFailedError: It ended without a result; the message says what the service says.
    """
    status = string(body["status"])
    if status.lower() in FAILED:
        said = _errors(body)
        why = "; ".join(f"{error.get('code')}: {error.get('message')}" for error in said)
        raise JobFailedError(
            f"reading ended as {status}" + (f" ({why})" if why else ""),
            vendor_code=str(said[0]["code"]) if said and "code" in said[0] else None,
            raw=body,
        )
    result: Mapping[str, Any] = body["analyzeResult"]
    return result


def _errors(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What is said about a failure. No example of one is known, so it is looked for where the siblings of this service
    put it: ``errors`` of the result (Form Recognizer), ``error`` of the operation."""
    result = body.get("analyzeResult")
    listed = result.get("errors") if isinstance(result, Mapping) else None
    found = listed if isinstance(listed, list) else [body.get("error")]
    return [error for error in found if isinstance(error, Mapping)]


def pages_of(result: Mapping[str, Any]) -> tuple[Page, ...]:
    """The pages, whose places are in pixels of a picture or in inches of a document."""
    return tuple(_page(item) for item in items(result["readResults"]))


def _page(item: Any) -> Page:
    size = decimal(item["width"]), decimal(item["height"])
    return Page(
        number=whole(item["page"]),
        lines=tuple(_line(line, size) for line in items(item["lines"])),
        width=size[0],
        height=size[1],
        unit=_unit(item["unit"]),
        angle=None if item.get("angle") is None else decimal(item["angle"]),
        language=_language(item),
    )


def _unit(name: Any) -> Literal["pixel", "inch"]:
    if name not in ("pixel", "inch"):
        raise ValueError(f"a page is not measured in {name!r}")
    return cast(Literal["pixel", "inch"], name)


def _line(item: Any, size: tuple[float, float]) -> Line:
    return Line(
        text=string(item["text"]),
        polygon=_polygon(item["boundingBox"], size),
        words=tuple(
            Word(
                text=string(word["text"]),
                polygon=_polygon(word["boundingBox"], size),
                confidence=decimal(word["confidence"]),
            )
            for word in items(item["words"])
        ),
        # Only where it is another than the page's.
        language=_language(item),
        handwritten=_handwritten(item.get("appearance")),
    )


def _polygon(numbers: Any, size: tuple[float, float]) -> Polygon:
    if len(items(numbers)) != CORNERS:
        raise ValueError(f"a place has {CORNERS} numbers, not {len(numbers)}")
    return Polygon.from_pixels(numbers, size=size)


def _language(item: Mapping[str, Any]) -> str | None:
    # The old OCR answers with the "unk" that it was asked with, where it finds no language.
    found = item.get("language")
    return None if found in (None, "", "unk") else tag_of(found)


def _handwritten(appearance: Any) -> bool | None:
    if appearance is None:
        return None
    style = appearance["style"]
    # The previews of v3.2 had the name alone.
    return string(style if isinstance(style, str) else style["name"]) == "handwriting"


# --- the old OCR -----------------------------------------------------------------------------------------------------


def printed_page_of(body: Any, image: Image) -> Page:
    """The one page. Words have no confidence; places are pixels of the picture after it was turned upright.

    They are turned back here, which takes the size of the picture: the answer does not state it, so of a picture that
    the service has fetched itself there are none. Nor are there where the text does not stand upright
    (``orientation``), as nothing says whether the places are those before or after that turn.
    """
    tilt = decimal(body["textAngle"]) if body.get("textAngle") is not None else 0.0
    orientation = string(body["orientation"])
    size = image.size if orientation in ("Up", "NotDetected") else None
    glue = "" if primary(string(body["language"])) in UNSPACED else " "
    lines = [line for region in items(body["regions"]) for line in items(region["lines"])]
    return Page(
        number=1,
        lines=tuple(_printed_line(line, glue, tilt, size) for line in lines),
        width=None if image.size is None else float(image.size[0]),
        height=None if image.size is None else float(image.size[1]),
        unit=None if image.size is None else "pixel",
        angle=_turn(tilt, orientation),
        language=_language(body),
    )


def _printed_line(item: Any, glue: str, tilt: float, size: tuple[int, int] | None) -> Line:
    words = tuple(
        Word(text=string(word["text"]), polygon=_turned_back(word["boundingBox"], tilt, size))
        for word in items(item["words"])
    )
    return Line(
        text=glue.join(word.text for word in words),
        polygon=_turned_back(item["boundingBox"], tilt, size),
        words=words,
    )


def _turn(tilt: float, orientation: str) -> float | None:
    """How far the text is turned, clockwise, in degrees. ``tilt`` is how far the picture has to be turned, clockwise,
    in radians, for lines to lie level; ``orientation`` is where their top shows then."""
    if orientation not in ORIENTATIONS:
        return None
    degrees = ORIENTATIONS[orientation] - math.degrees(tilt)
    return (degrees + 180.0) % 360.0 - 180.0


def _turned_back(written: Any, tilt: float, size: tuple[int, int] | None) -> Polygon | None:
    """A place, ``"x,y,w,h"``, on the picture before it was turned around its middle."""
    left, top, width, height = (float(number) for number in string(written).split(","))
    if size is None:
        return None
    corners = [(left, top), (left + width, top), (left + width, top + height), (left, top + height)]
    return Polygon.of(_share(corner, tilt, size) for corner in corners)


def _share(corner: Sequence[float], tilt: float, size: tuple[int, int]) -> Point:
    across, down = corner[0] - size[0] / 2, corner[1] - size[1] / 2
    x = across * math.cos(tilt) + down * math.sin(tilt)
    y = down * math.cos(tilt) - across * math.sin(tilt)
    return Point(x / size[0] + 0.5, y / size[1] + 0.5)
