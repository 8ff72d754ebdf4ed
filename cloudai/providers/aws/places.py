"""Places on a picture, shares and the like as Rekognition and Textract write them, read strictly (see reading.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudai.providers.aws.reading import items, number
from cloudai.types.geometry import Box, Polygon

__all__ = ["box", "listed", "polygon", "share", "truth", "whole"]


def share(value: Any) -> float:
    """0..1 of what is counted 0..100 here; a whole 100 was seen, too."""
    return number(value) / 100


def box(value: Any) -> Box:
    """A BoundingBox, which is in shares already. A face at the edge reaches over it."""
    return Box(
        left=number(value["Left"]),
        top=number(value["Top"]),
        width=number(value["Width"]),
        height=number(value["Height"]),
    )


def polygon(points: Any) -> Polygon:
    """The Polygon of a Geometry."""
    if type(points) is list and len(points) == 4:
        # Nearly all are. A page has thousands of them, and a loop takes twice as long.
        one, two, three, four = points
        found: tuple[Any, ...] = (one["X"], one["Y"], two["X"], two["Y"], three["X"], three["Y"], four["X"], four["Y"])
    else:
        found = tuple([point[axis] for point in items(points) for axis in "XY"])
        if not found:
            raise ValueError("a polygon without corners")
    for coordinate in found:
        if type(coordinate) is not float:
            found = tuple(map(number, found))
            break
    return Polygon(coordinates=found)


def listed(value: Mapping[str, Any], name: str) -> list[Any]:
    """A list that may be left out, as old models and simple answers do."""
    return items(value[name]) if name in value else []


def whole(value: Any) -> int:
    """A whole number."""
    if type(value) is int:
        return value
    raise TypeError(f"a whole number was agreed, not {value!r:.20}")


def truth(value: Any) -> bool:
    """A yes or no."""
    if isinstance(value, bool):
        return value
    raise TypeError(f"true or false was agreed, not {value!r:.20}")
