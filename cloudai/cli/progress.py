"""How far a long command is, and how it is interrupted without losing what there is."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cloudai.cli import screen

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["Bar", "Interruption", "progress"]


class Interruption:
    """Lets Ctrl-C in between two rows, never in the middle of one that is being written."""

    def __init__(self) -> None:
        self._writing = self._came = False
        self._usual: Any = None

    def __enter__(self) -> Interruption:
        # Handlers belong to the main thread; in another one nobody is interrupted.
        if threading.current_thread() is threading.main_thread():
            self._usual = signal.signal(signal.SIGINT, self._come)
        return self

    def __exit__(self, *error: object) -> None:
        if self._usual is not None:
            signal.signal(signal.SIGINT, self._usual)

    def _come(self, number: int, frame: object) -> None:
        # The second time it counts at once: what is written to may be stuck.
        if not self._writing or self._came:
            raise KeyboardInterrupt
        self._came = True

    @contextmanager
    def later(self) -> Iterator[None]:
        """Holds an interruption back until the end of the block."""
        self._writing = True
        try:
            yield
        finally:
            self._writing = False
        if self._came:
            raise KeyboardInterrupt


class Bar:
    """A bar on standard error; none where nobody looks."""

    def __init__(self, shown: Progress | None = None, total: int | None = None) -> None:
        self._shown = shown
        self._task = None if shown is None else shown.add_task("", total=total)

    def advance(self) -> None:
        """One more is done."""
        if self._shown is not None and self._task is not None:
            self._shown.advance(self._task)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Takes the bar away for as long as results are written to the same screen."""
        if self._shown is None:
            yield
            return
        self._shown.stop()
        try:
            yield
        finally:
            self._shown.start()


@contextmanager
def progress(doing: str, total: int | None, *, quiet: bool = False) -> Iterator[Bar]:
    """A bar for as long as the block runs, unless it is to be quiet or standard error is no screen."""
    console = screen.output(stderr=True)
    if quiet or not console.is_terminal:
        yield Bar()
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as shown:
        yield Bar(shown, total)
