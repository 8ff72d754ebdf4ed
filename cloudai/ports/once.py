"""What is made once, and what is done by one at a time, however many threads come at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import update_wrapper, wraps
from typing import Generic, ParamSpec, TypeVar

__all__ = ["once", "one_at_a_time"]

P = ParamSpec("P")
T = TypeVar("T")


class once(Generic[T]):  # noqa: N801  (it is used as a decorator)
    """A function without arguments that runs once; everybody gets what it returned.

    A thread that comes while it runs waits for it. When it raises, nothing is kept, and the next caller tries again.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._made: tuple[T] | None = None
        update_wrapper(self, make)

    def __call__(self) -> T:
        made = self._made
        if made is None:
            with self._lock:
                if self._made is None:
                    self._made = (self._make(),)
                made = self._made
        return made[0]


def one_at_a_time(work: Callable[P, T]) -> Callable[P, T]:
    """A function that one thread runs at a time; others wait. For engines that do not promise to be shared."""
    lock = threading.Lock()

    @wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        with lock:
            return work(*args, **kwargs)

    return run
