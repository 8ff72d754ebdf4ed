"""The files that an input stands for, where inputs are files rather than words."""

from __future__ import annotations

import glob
import mimetypes
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from cloudai.errors import InvalidRequestError
from cloudai.types.imagefile import read_header
from cloudai.types.media import Image

__all__ = ["STDIN", "found", "is_address", "word_for"]

STDIN = "-"
HEAD = 4096
"""How many bytes of a file are looked at to tell what it is."""
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)


class _Family(NamedTuple):
    """What tells the files of one kind from others that lie in the same folder."""

    word: str
    """What they are called."""
    media_type: str
    """What the media types that their names stand for begin with."""
    begins: Callable[[bytes], bool]
    """Whether a file that begins like this is one of them."""


_FAMILIES: Mapping[type, _Family] = {
    Image: _Family("pictures", "image/", lambda head: read_header(head).format is not None),
}


def word_for(media: type) -> str:
    """What files of a kind are called, in the plural."""
    return _FAMILIES[media].word if media in _FAMILIES else "files"


def is_address(given: str) -> bool:
    """Whether it is an address, such as ``https://...`` or ``s3://...``."""
    return _ADDRESS.match(given) is not None


def found(given: str, media: type) -> list[str]:
    """The files that an input stands for, in the order of their names.

    A file, an address and ``-`` stand for themselves, whatever they hold. A folder stands for the pictures in it (not
    for those in its folders), a pattern (``*.jpg``, ``photos/**``) for the pictures that it fits. A picture is what
    begins like one, or is named like one: a broken ``.jpg`` gets its error rather than being passed over. Names that
    begin with a dot are passed over.

    Raises:
        InvalidRequestError: There is no such file, or no picture among those that it stands for.
    """
    if given == STDIN or is_address(given):
        return [given]
    if os.path.isdir(given):
        files = _fitting(_listed(given), media)
    elif os.path.exists(given):
        return [given]
    elif glob.has_magic(given):
        files = _fitting(glob.iglob(given, recursive=True), media)
    else:
        raise InvalidRequestError(f"there is no file {given}")
    if not files:
        raise InvalidRequestError(f"there are no {word_for(media)} in {given}")
    return files


def _listed(folder: str) -> Iterator[str]:
    try:
        names = os.listdir(folder)
    except OSError as error:
        raise InvalidRequestError(f"{folder} cannot be read: {error.strerror or error}") from error
    return (os.path.join(folder, name) for name in names if not name.startswith("."))


def _fitting(names: Iterable[str], media: type) -> list[str]:
    return sorted({name for name in names if os.path.isfile(name) and _is_of(name, media)})


def _is_of(name: str, media: type) -> bool:
    family = _FAMILIES.get(media)
    if family is None or (mimetypes.guess_type(name)[0] or "").startswith(family.media_type):
        return True
    try:
        with open(name, "rb") as file:
            return family.begins(file.read(HEAD))
    except OSError:
        return False
