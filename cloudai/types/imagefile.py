"""What the first bytes of an image file say: format, size in pixels, orientation. Reads headers only, decodes nothing.

Sources: ISO/IEC 10918-1 (JPEG), CIPA DC-008 (Exif), RFC 2083 (PNG), the GIF89a, BMP, WebP container and TIFF 6.0
specifications.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Literal

__all__ = ["ImageFormat", "ImageHeader", "read_header"]

ImageFormat = Literal["jpeg", "png", "gif", "bmp", "webp", "tiff", "ico", "heic", "avif", "pdf"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageHeader:
    """What a file says about itself. None where it does not say it, or is cut off before it does."""

    format: ImageFormat | None = None
    width: int | None = None
    """Pixels as they are stored, before the orientation is applied."""
    height: int | None = None
    orientation: int = 1
    """How the stored pixels have to be turned, as Exif numbers it: 1 not at all, 3 half a turn, 6 and 8 a quarter."""


def read_header(data: bytes) -> ImageHeader:
    """The header of an image file; all unknown where it is none."""
    try:
        for magic, read in _READERS:
            if data.startswith(magic):
                return read(data)
        if data[4:8] == b"ftyp":
            return _ftyp(data)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data)
    except (struct.error, IndexError):
        # Cut off within the header: the format is known, the size is not.
        return ImageHeader(format=_format_of(data))
    return ImageHeader()


def _format_of(data: bytes) -> ImageFormat | None:
    for magic, name in _NAMES:
        if data.startswith(magic):
            return name
    return "webp" if data[:4] == b"RIFF" else None


def _jpeg(data: bytes) -> ImageHeader:
    position, orientation = 2, 1
    while position + 4 <= len(data):
        if data[position] != 0xFF:  # between segments, where nothing should be but some cameras leave something
            position += 1
            continue
        marker = data[position + 1]
        if marker == 0xFF:  # a fill byte
            position += 1
            continue
        if marker in (0x01, *range(0xD0, 0xD9)):  # markers without a body
            position += 2
            continue
        (length,) = struct.unpack_from(">H", data, position + 2)
        # A start of frame holds the size; C4, C8 and CC are other things in the same range.
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", data, position + 5)
            return ImageHeader(format="jpeg", width=width, height=height, orientation=orientation)
        if marker == 0xE1 and data[position + 4 : position + 10] == b"Exif\0\0":
            orientation = _exif_orientation(data[position + 10 : position + 2 + length])
        if marker == 0xDA:  # the picture itself
            break
        position += 2 + length
    return ImageHeader(format="jpeg", orientation=orientation)


def _exif_orientation(tiff: bytes) -> int:
    found = _tiff_tags(tiff).get(0x0112, 1)
    return found if 1 <= found <= 8 else 1


def _tiff_tags(data: bytes) -> dict[int, int]:
    """The short and long values of the first directory."""
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None or len(data) < 8:
        return {}
    (offset,) = struct.unpack_from(f"{order}I", data, 4)
    tags: dict[int, int] = {}
    if offset + 2 > len(data):
        return tags
    (count,) = struct.unpack_from(f"{order}H", data, offset)
    for index in range(count):
        entry = offset + 2 + 12 * index
        if entry + 12 > len(data):
            break
        tag, kind = struct.unpack_from(f"{order}HH", data, entry)
        if kind == 3:
            (tags[tag],) = struct.unpack_from(f"{order}H", data, entry + 8)
        elif kind == 4:
            (tags[tag],) = struct.unpack_from(f"{order}I", data, entry + 8)
    return tags


def _png(data: bytes) -> ImageHeader:
    width, height = struct.unpack_from(">II", data, 16)
    orientation, position = 1, 8
    while position + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        if kind == b"eXIf":
            orientation = _exif_orientation(data[position + 8 : position + 8 + length])
            break
        if kind == b"IDAT":
            break
        position += 12 + length
    return ImageHeader(format="png", width=width, height=height, orientation=orientation)


def _gif(data: bytes) -> ImageHeader:
    width, height = struct.unpack_from("<HH", data, 6)
    return ImageHeader(format="gif", width=width, height=height)


def _bmp(data: bytes) -> ImageHeader:
    (size,) = struct.unpack_from("<I", data, 14)
    if size == 12:
        width, height = struct.unpack_from("<HH", data, 18)
    else:
        width, height = struct.unpack_from("<ii", data, 18)
    # A negative height says that the rows begin at the top.
    return ImageHeader(format="bmp", width=width, height=abs(height))


def _webp(data: bytes) -> ImageHeader:
    kind = data[12:16]
    if len(data) < 30:
        return ImageHeader(format="webp")
    if kind == b"VP8X":
        width = 1 + int.from_bytes(data[24:27], "little")
        height = 1 + int.from_bytes(data[27:30], "little")
        return ImageHeader(format="webp", width=width, height=height, orientation=_webp_orientation(data))
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return ImageHeader(format="webp", width=1 + (bits & 0x3FFF), height=1 + (bits >> 14 & 0x3FFF))
    width, height = struct.unpack_from("<HH", data, 26)
    return ImageHeader(format="webp", width=width & 0x3FFF, height=height & 0x3FFF)


def _webp_orientation(data: bytes) -> int:
    position = 12
    while position + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, position)
        if kind == b"EXIF":
            exif = data[position + 8 : position + 8 + length]
            return _exif_orientation(exif.removeprefix(b"Exif\0\0"))
        position += 8 + length + length % 2
    return 1


def _tiff(data: bytes) -> ImageHeader:
    tags = _tiff_tags(data)
    orientation = tags.get(0x0112, 1)
    return ImageHeader(
        format="tiff",
        width=tags.get(0x0100),
        height=tags.get(0x0101),
        orientation=orientation if 1 <= orientation <= 8 else 1,
    )


def _ico(data: bytes) -> ImageHeader:
    # The largest of the pictures in it is the one that is shown; 0 stands for 256.
    (count,) = struct.unpack_from("<H", data, 4)
    sizes = [(data[6 + 16 * index] or 256, data[7 + 16 * index] or 256) for index in range(count)]
    width, height = max(sizes) if sizes else (None, None)
    return ImageHeader(format="ico", width=width, height=height)


def _pdf(data: bytes) -> ImageHeader:
    return ImageHeader(format="pdf")


def _ftyp(data: bytes) -> ImageHeader:
    brand = data[8:12]
    if brand in (b"heic", b"heix", b"hevc", b"mif1", b"msf1"):
        return ImageHeader(format="heic")
    return ImageHeader(format="avif") if brand in (b"avif", b"avis") else ImageHeader()


_NAMES: tuple[tuple[bytes, ImageFormat], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"\0\0\1\0", "ico"),
    (b"%PDF-", "pdf"),
)
_BY_NAME = {
    "jpeg": _jpeg,
    "png": _png,
    "gif": _gif,
    "bmp": _bmp,
    "tiff": _tiff,
    "ico": _ico,
    "pdf": _pdf,
}
_READERS = tuple((magic, _BY_NAME[name]) for magic, name in _NAMES)
