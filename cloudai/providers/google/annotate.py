"""What Cloud Vision's operations have in common: how a picture is sent, and how the parts of an answer are read.

An answer is protobuf's message as it came over the wire: to turn one of a page of text into dictionaries takes longer
than everything else together. Such a message says neither null nor absent: what is not there reads as 0, as an empty
string, as an empty list. So zero coordinates are right as they are, whichever transport left them out, and other zeros
are nothing said.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from cloudai.errors import CloudAIError, InvalidRequestError, ServiceUnavailableError, UnsupportedError
from cloudai.ports import Port, Step
from cloudai.providers.adapter import ImageRule
from cloudai.providers.google.errors import CODES, STATUS_NAMES
from cloudai.providers.google.location import over_rest, vision_parent
from cloudai.providers.google.tables import RESULTS, VISION_VERSION
from cloudai.types.geometry import Box, Polygon
from cloudai.types.imagefile import ImageFormat
from cloudai.types.media import Image

__all__ = [
    "ADDRESSES",
    "BUCKETS",
    "annotate",
    "box",
    "feature",
    "image_rule",
    "named",
    "outline",
    "refused",
    "send",
    "shortest",
    "sized",
    "stated",
    "unsized",
    "wanted",
]

FORMATS: frozenset[ImageFormat] = frozenset({"jpeg", "png", "gif", "bmp", "webp", "ico", "tiff"})
MAX_BYTES = 20_000_000
MAX_BYTES_OVER_REST = 7_400_000
"""A file may have 20 MB, but a JSON request 10 MB, and there a picture travels as base64, a third longer
(cloud.google.com/vision/quotas)."""
MAX_PIXELS = 75_000_000
"""cloud.google.com/vision/docs/supported-files."""

ADDRESSES = ("https", "http", "gs")
BUCKETS = ("gs",)
"""The addresses that are handed to Google. It answers with places in pixels of a picture whose size only we can know,
and it does not say whether it turns one as its Exif says; so for answers with places http(s) is fetched here."""

UNCOUNTED = frozenset(
    {"CROP_HINTS", "DOCUMENT_TEXT_DETECTION", "IMAGE_PROPERTIES", "SAFE_SEARCH_DETECTION", "TEXT_DETECTION"}
)
"""Features without a number of results."""

FREE_WITH: Mapping[str, str] = {"SAFE_SEARCH_DETECTION": "LABEL_DETECTION", "CROP_HINTS": "IMAGE_PROPERTIES"}
"""Features that cost nothing beside another one (cloud.google.com/vision/pricing)."""

_FLOAT = struct.Struct("f")


# --- asking ----------------------------------------------------------------------------------------------------------


def image_rule(settings: Any, *schemes: str, pdf: bool = False) -> ImageRule:
    """The pictures that Google takes over the transport that is set."""
    rest = over_rest(settings, "vision")
    return ImageRule(
        formats=FORMATS | {"pdf"} if pdf else FORMATS,
        max_bytes=MAX_BYTES_OVER_REST if rest else MAX_BYTES,
        max_pixels=MAX_PIXELS,
        schemes=schemes,
        way_out="set Google(transport='grpc'), which takes 20 MB" if rest else None,
    )


def feature(kind: str, max_results: int | None = None, *, extra: Mapping[str, object] | None = None) -> dict[str, Any]:
    """A feature as a request names it."""
    asked: dict[str, Any] = {"type": kind}
    if kind not in UNCOUNTED:
        asked["maxResults"] = max_results or RESULTS
    if extra and "model" in extra:
        asked["model"] = extra["model"]
    return asked


async def annotate(
    port: Port, image: Image, *features: Mapping[str, Any], context: Mapping[str, Any] | None = None
) -> Any:
    """Google's answer about one picture. With one feature any error in it is raised; with several the caller sees to
    it, since what did not fail is in the same answer."""
    asked: dict[str, Any] = {
        "image": {"content": image.data} if image.data is not None else {"source": {"imageUri": image.address}},
        "features": list(features),
    }
    if context:
        asked["imageContext"] = dict(context)
    kinds = {item["type"] for item in features}
    charged = sum(1 for kind in kinds if FREE_WITH.get(kind) not in kinds)
    (response,) = (await send(port, "BatchAnnotateImages", asked, charged)).responses
    if len(features) == 1 and response.error.code:
        raise refused(port, response.error)
    return response


async def send(port: Port, operation: str, asked: Mapping[str, Any], amount: float) -> Any:
    """Google's answer to a batch of one request."""
    params: dict[str, Any] = {"requests": [asked]}
    parent = vision_parent(port.settings)
    if parent is not None:
        params["parent"] = parent
    step = Step(service="vision", operation=operation, params=params, amount=amount, api_version=VISION_VERSION)
    return (await port.send(step)).body


def refused(port: Port, status: Any) -> CloudAIError:
    """The error that stands inside an answer, for one picture or page: a number and a message."""
    name = STATUS_NAMES.get(status.code, "UNKNOWN")
    kind = CODES.get(name, ServiceUnavailableError)
    return kind(status.message or name, provider=port.settings.label, vendor_code=name)


def sized(image: Image, what: str) -> tuple[int, int]:
    """The picture's size.

    Raises:
        UnsupportedError: Only Google can read the picture, and without a size its pixels mean nothing.
        InvalidRequestError: The picture does not say it.
    """
    if image.size is None:
        raise unsized(image, what)
    return image.size


def unsized(image: Image, what: str) -> CloudAIError:
    """Why a picture of unknown size is not sent."""
    if image.data is not None:
        return InvalidRequestError(f"{image.name or 'the picture'} does not say how large it is: it may be cut short")
    return UnsupportedError(
        f"Google answers {what} in pixels and does not say of how many, and the size of {image.address} cannot be seen"
        " from here: hand over the picture's bytes, or an https:// address"
    )


# --- reading ---------------------------------------------------------------------------------------------------------


@lru_cache(4096)
def shortest(number: float) -> float:
    """A number of 32 bits as its sender wrote it: 0.95, where Python's wider number reads 0.949999988079071."""
    for digits in (7, 8):
        short = float(f"{number:.{digits}g}")
        if _FLOAT.unpack(_FLOAT.pack(short))[0] == number:
            return short
    return float(f"{number:.9g}")


def stated(number: float) -> float | None:
    """A score; None for 0, which is what a message without one says."""
    return shortest(number) if number else None


def wanted(text: str, what: str) -> str:
    """A string that is always there."""
    if not text:
        raise ValueError(f"{what} is missing")
    return text


def named(annotation: Any) -> str:
    """The name of an entity. Landmarks without one were seen; they have an id."""
    return wanted(annotation.description or annotation.mid, "description")


def outline(poly: Any, size: Sequence[float] | None) -> Polygon | None:
    """A polygon in shares of the picture; None where the answer has none, or only pixels of an unknown size."""
    corners = poly.normalized_vertices
    if corners:
        return Polygon(coordinates=_flat((shortest(corner.x), shortest(corner.y)) for corner in corners))
    corners = poly.vertices
    if not corners or size is None:
        return None
    across, down = size
    return Polygon(coordinates=_flat((corner.x / across, corner.y / down) for corner in corners))


def box(poly: Any, size: Sequence[float] | None) -> Box | None:
    """The upright rectangle around a polygon."""
    shape = outline(poly, size)
    return None if shape is None else shape.box


def _flat(points: Iterable[tuple[float, float]]) -> tuple[float, ...]:
    return tuple(number for point in points for number in point)
