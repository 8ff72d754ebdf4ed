"""Pictures, and where they come from."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import IO, Any, Protocol, Self, runtime_checkable

from cloudai.errors import ConfigurationError, InvalidRequestError
from cloudai.types.imagefile import ImageFormat, ImageHeader, read_header
from cloudai.types.pixels import plain_mode
from cloudai.types.value import Value, value

__all__ = ["Image", "ImageSource"]

SCHEMES = ("http://", "https://", "s3://", "gs://")


@runtime_checkable
class PillowImage(Protocol):
    """A picture of Pillow, which is imported only when one is handed over."""

    def getexif(self) -> Any: ...

    def save(self, fp: Any, format: str | None = None) -> None: ...


@runtime_checkable
class Array(Protocol):
    """A numpy array, or what offers itself as one: height x width (x 3 or 4 channels), 8 bits each."""

    @property
    def __array_interface__(self) -> dict[str, Any]: ...


@value
class Image(Value):
    """A picture or document: its bytes, or the address where it is. Made by ``Image.of``.

    Two sizes are not the same: ``width`` and ``height`` are the pixels as they are stored, ``size`` is the picture as a
    person sees it, turned as its Exif orientation says. Boxes in results refer to the latter.
    """

    data: bytes | None = None
    """The bytes of the file; None where only an address is known."""
    address: str | None = None
    """Where it is: ``https://``, ``s3://`` or ``gs://``."""
    name: str | None = None
    """The file's name, where there is one."""
    format: ImageFormat | None = None
    """Told by the first bytes, never by the name; None where they are unknown."""
    width: int | None = None
    height: int | None = None
    orientation: int = 1
    """How the stored pixels have to be turned, as Exif numbers it; 1 is not at all."""

    @classmethod
    def of(cls, source: ImageSource) -> Self:
        """The picture of a path, bytes, a binary file, an address, a Pillow image or a numpy array.

        Raises:
            InvalidRequestError: It cannot be read, is empty, or is of none of these kinds.
        """
        if isinstance(source, cls):
            return source
        if isinstance(source, str) and "://" in source[:16]:
            return cls._of_address(source)
        if isinstance(source, str | os.PathLike):
            return cls._of_path(Path(source))
        if isinstance(source, bytes | bytearray | memoryview):
            return cls._of_bytes(bytes(source))
        if isinstance(source, PillowImage):
            return cls._of_pillow(source)
        if isinstance(source, Array):
            return cls._of_array(source)
        if hasattr(source, "read"):
            data = source.read()
            if not isinstance(data, bytes):
                raise InvalidRequestError("the file is open as text: open it in binary mode, as in open(path, 'rb')")
            name = getattr(source, "name", None)
            return cls._of_bytes(data, name=Path(name).name if isinstance(name, str) else None)
        raise InvalidRequestError(
            f"{type(source).__name__} is no picture: give a path, bytes, a binary file, an address"
            " (https://, s3://, gs://), a Pillow image or a numpy array"
        )

    @classmethod
    def _of_address(cls, address: str) -> Self:
        scheme, _, rest = address.partition("://")
        address = f"{scheme.lower()}://{rest}"
        if not address.startswith(SCHEMES):
            raise InvalidRequestError(f"{scheme}:// is no address of a picture: there are {', '.join(SCHEMES)}")
        return cls(address=address, name=address.partition("?")[0].rpartition("/")[2] or None)

    @classmethod
    def _of_path(cls, path: Path) -> Self:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise InvalidRequestError(f"{path} cannot be read: {error.strerror or error}") from error
        except ValueError as error:
            raise InvalidRequestError(f"{str(path)!r} is no path: {error}") from error
        return cls._of_bytes(data, name=path.name)

    @classmethod
    def _of_bytes(cls, data: bytes, *, name: str | None = None) -> Self:
        if not data:
            raise InvalidRequestError(f"{name or 'the picture'} is empty: it has 0 bytes")
        header: ImageHeader = read_header(data)
        return cls(
            data=data,
            name=name,
            format=header.format,
            width=header.width,
            height=header.height,
            orientation=header.orientation,
        )

    @classmethod
    def _of_pillow(cls, picture: Any) -> Self:
        from PIL import ImageOps

        if 0 in picture.size:
            raise InvalidRequestError(f"the picture is empty: it has {picture.width} x {picture.height} pixels")
        buffer = io.BytesIO()
        upright = ImageOps.exif_transpose(picture)
        # PNG keeps every pixel as it is, and knows these modes.
        known = upright.mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")
        (upright if known else plain_mode(upright)).save(buffer, "PNG")
        return cls._of_bytes(buffer.getvalue(), name=Path(getattr(picture, "filename", "") or "").name or None)

    @classmethod
    def _of_array(cls, array: Any) -> Self:
        try:
            from PIL import Image as pillow  # noqa: N813
        except ModuleNotFoundError as error:
            raise ConfigurationError(
                "an array needs Pillow to become a picture: pip install 'cloudai[images]'"
            ) from error
        shape = array.__array_interface__["shape"]
        kind = array.__array_interface__["typestr"]
        if kind != "|u1" or not (len(shape) == 2 or (len(shape) == 3 and shape[2] in (3, 4))) or 0 in shape:
            raise InvalidRequestError(
                f"an array of shape {tuple(shape)} and type {kind} is no picture: height x width, or height x width x 3"
                " (RGB) or 4 (RGBA), as unsigned bytes"
            )
        return cls._of_pillow(pillow.fromarray(array))

    @property
    def byte_length(self) -> int | None:
        """The length of the file; None where only an address is known."""
        return None if self.data is None else len(self.data)

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height in pixels as a person sees the picture; None where they are not known."""
        if self.width is None or self.height is None:
            return None
        return (self.height, self.width) if self.orientation >= 5 else (self.width, self.height)

    def __repr__(self) -> str:
        what = self.address or self.name or "bytes"
        size = f"{self.size[0]}x{self.size[1]}" if self.size else "size unknown"
        length = "" if self.data is None else f", {len(self.data)} bytes"
        return f"Image({what}: {self.format or 'format unknown'}, {size}{length})"


ImageSource = Image | str | os.PathLike[str] | bytes | bytearray | memoryview | IO[bytes] | PillowImage | Array
"""What a picture can be given as."""
