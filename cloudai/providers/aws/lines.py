"""Lines and words as DetectText and Textract list them, put together as pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import atan2, degrees
from typing import Any

from cloudai.operations.vision import Line, Page, TextResult, Word
from cloudai.providers.aws.places import polygon, share, whole
from cloudai.providers.aws.reading import items, word
from cloudai.types.media import Image

__all__ = ["of_document", "of_scene"]

HANDS: Mapping[str | None, bool] = {"HANDWRITING": True, "PRINTED": False}
"""TextType, which words have; early answers do not."""


def of_scene(body: Mapping[str, Any], image: Image) -> TextResult:
    """What DetectText found: lines and words in one list, in no order of their ids."""
    found = items(body["TextDetections"])
    members: dict[int, dict[int, Word]] = {}
    for item in found:
        if word(item["Type"]) == "WORD":
            words = members.setdefault(whole(item["ParentId"]), {})
            words[whole(item["Id"])] = Word(
                text=word(item["DetectedText"]),
                polygon=polygon(item["Geometry"]["Polygon"]),
                confidence=share(item["Confidence"]),
            )
    # A word's id is its place within the line, too (TextDetection in the service model).
    read = {key: [words[place] for place in sorted(words)] for key, words in members.items()}
    lines = [
        _line(item["DetectedText"], item, read.pop(whole(item["Id"]), [])) for item in found if item["Type"] == "LINE"
    ]
    lines += [_alone(item) for left in read.values() for item in left]
    return _result([_page(1, lines, image)])


def of_document(blocks: Sequence[Mapping[str, Any]], image: Image, wanted: Sequence[int] | None) -> TextResult:
    """What Textract found, as far as it is on the pages that are wanted.

    A line knows its words by their ids, some of which may not be there. The answer to a document of one page does not
    number it.
    """
    words: dict[str, Word] = {}
    hands: dict[str, str | None] = {}
    pages: dict[int, list[Line]] = {}
    taken: set[str] = set()
    for block in blocks:
        kind = word(block["BlockType"])
        if kind == "WORD":
            key = word(block["Id"])
            words[key] = Word(
                text=word(block["Text"]),
                polygon=polygon(block["Geometry"]["Polygon"]),
                confidence=share(block["Confidence"]),
            )
            hands[key] = block.get("TextType")
        elif kind == "PAGE":
            pages[_place(block)] = []
    for block in blocks:
        if block["BlockType"] == "LINE":
            ids = [key for key in _children(block) if key in words]
            taken.update(ids)
            line = _line(block["Text"], block, [words[key] for key in ids], _by_hand({hands[key] for key in ids}))
            pages.setdefault(_place(block), []).append(line)
    if len(taken) < len(words):
        for block in blocks:
            if block["BlockType"] == "WORD" and block["Id"] not in taken:
                pages.setdefault(_place(block), []).append(_alone(words[block["Id"]]))
    numbers = [number for number in sorted(pages) if wanted is None or number in wanted]
    return _result([_page(number, pages[number], image) for number in numbers])


def _place(block: Mapping[str, Any]) -> int:
    """The number of the page that a block is on."""
    page = block.get("Page")
    return 1 if page is None else whole(page)


def _by_hand(hands: set[str | None]) -> bool | None:
    """Whether a line is handwritten; one of both kinds is neither."""
    return HANDS.get(hands.pop()) if len(hands) == 1 else None


def _children(block: Mapping[str, Any]) -> Iterable[str]:
    relations = block.get("Relationships")
    # Null was seen where another SDK had saved the answer.
    for relation in [] if relations is None else items(relations):
        if word(relation["Type"]) == "CHILD":
            yield from map(word, items(relation["Ids"]))


def _line(text: Any, item: Mapping[str, Any], words: Sequence[Word], handwritten: bool | None = None) -> Line:
    return Line(
        text=word(text),
        polygon=polygon(item["Geometry"]["Polygon"]),
        confidence=share(item["Confidence"]),
        words=tuple(words),
        handwritten=handwritten,
    )


def _alone(item: Word) -> Line:
    """A word of which no line is listed."""
    return Line(text=item.text, polygon=item.polygon, confidence=item.confidence, words=(item,))


def _page(number: int, lines: Sequence[Line], image: Image) -> Page:
    # AWS states no size. That of a picture is known here; that of a page within a file is not.
    size = image.size if image.format in ("jpeg", "png") else None
    if size is None:
        return Page(number=number, lines=tuple(lines))
    width, height = size
    return Page(
        number=number,
        lines=tuple(lines),
        width=width,
        height=height,
        unit="pixel",
        angle=_angle(lines, width, height),
    )


def _angle(lines: Sequence[Line], width: int, height: int) -> float | None:
    """How far the lines are turned, on average and the longer the more: only their polygons tell. Polygons are shares,
    so the angle on the picture depends on its size."""
    across = down = 0.0
    for x, y, to_x, to_y, *_ in [line.polygon.coordinates for line in lines if line.polygon is not None]:
        across += (to_x - x) * width
        down += (to_y - y) * height
    return round(degrees(atan2(down, across)), 2) if across or down else None


def _result(pages: Sequence[Page]) -> TextResult:
    text = "\f".join("".join(f"{line.text}\n" for line in page.lines) for page in pages)
    return TextResult(text=text, pages=tuple(pages))
