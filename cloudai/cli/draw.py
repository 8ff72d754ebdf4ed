"""``--draw``: results on their pictures, in files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from cloudai.cli import screen
from cloudai.compare.files import STDIN, is_address
from cloudai.errors import ConfigurationError, InvalidRequestError
from cloudai.operations.request import Request
from cloudai.types.value import Result

__all__ = ["Drawings"]

FORMAT = ".png"
"""What pictures in a folder are saved as."""


class Drawings:
    """Where the pictures with the results go. What would go wrong is told before anybody is asked.

    Raises:
        click.UsageError: The place is no place for them, or one of the pictures that are asked about.
        ConfigurationError: Pillow is not installed.
    """

    def __init__(self, place: str, files: Sequence[str], others: Sequence[str], *, many: bool, page: int) -> None:
        self._page = page
        known = _writable()
        folder = os.path.isdir(place) or place.endswith(("/", os.sep)) or (many and not os.path.exists(place))
        if folder and Path(place).suffix.lower() in known and not os.path.isdir(place):
            raise click.UsageError(f"--draw {place}: there may be several pictures; name a folder, such as drawn/")
        if many and not folder:
            raise click.UsageError(f"--draw {place}: it is no folder, and there may be several pictures")
        self._targets = _names(place, files) if folder else [place]
        inputs = [name for name in (*files, *others) if name != STDIN and not is_address(name)]
        for target in self._targets:
            _check(target, inputs, known)
        if folder:
            _make(place)

    def save(self, index: int, result: Result, request: Request[Any]) -> str:
        """Draws a result on its picture and saves it; returns where.

        Raises:
            CloudAIError: There is nothing to draw on, or it cannot be written.
        """
        from cloudai.operations.drawing import shown

        target = self._targets[index]
        # Where there are two pictures, places are on the second.
        picture = getattr(request, request.inputs[-1])
        drawn: Any = result.draw(picture, page=self._page)  # type: ignore[attr-defined]
        try:
            drawn.save(target)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise InvalidRequestError(f"{target} cannot be written: {reason}", operation=request.operation) from error
        if next(iter(shown(result, self._page)), None) is None:
            screen.note(f"{target}: nothing was found that could be drawn; it is the picture alone")
        return target


def _writable() -> frozenset[str]:
    """The endings of the formats that pictures can be saved in."""
    try:
        from PIL import Image as pillow  # noqa: N813
    except ModuleNotFoundError as error:
        raise ConfigurationError("--draw needs Pillow: pip install 'cloudai[images]'") from error
    endings = pillow.registered_extensions()
    return frozenset(ending for ending, name in endings.items() if name in pillow.SAVE)


def _names(folder: str, files: Sequence[str]) -> list[str]:
    """A name in the folder for each file: its own, with a number where another has it."""
    taken: set[str] = set()
    names = []
    for file in files:
        stem = _stem(file)
        name, number = stem, 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add(name.casefold())
        names.append(os.path.join(folder, name + FORMAT))
    return names


def _stem(file: str) -> str:
    if file == STDIN:
        return "stdin"
    if is_address(file):
        # Only what may stand in a file's name anywhere.
        last = file.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2]
        file = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in last)
    return Path(file).stem.lstrip(".") or "picture"


def _check(target: str, inputs: Sequence[str], known: frozenset[str]) -> None:
    if Path(target).suffix.lower() not in known:
        raise click.UsageError(f"--draw {target}: name a file that ends in .png, .jpg or another format of Pillow")
    place = os.path.dirname(target)
    if any(_same(target, name) for name in inputs):
        raise click.UsageError(f"--draw {target} would write over a picture that is asked about: name another place")
    if os.path.isdir(target):
        raise click.UsageError(f"--draw {target}: it is a folder")
    if place and os.path.exists(place) and not os.path.isdir(place):
        raise click.UsageError(f"--draw {target}: {place} is not a folder")


def _same(target: str, name: str) -> bool:
    if os.path.exists(target) and os.path.exists(name):
        return os.path.samefile(target, name)
    return os.path.realpath(target) == os.path.realpath(name)


def _make(folder: str) -> None:
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise click.UsageError(f"--draw {folder}: the folder cannot be made: {error.strerror or error}") from error
