"""Making something once, and doing something one at a time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from cloudai.ports.once import once, one_at_a_time


def test_threads_that_come_together_share_one_value() -> None:
    begun: list[int] = []
    start = threading.Barrier(8)

    @once
    def make() -> object:
        begun.append(1)
        threading.Event().wait(0.05)
        return object()

    def ask(_: int) -> object:
        start.wait()
        return make()

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(ask, range(8)))
    assert len(begun) == 1
    assert len({id(item) for item in made}) == 1


def test_none_is_a_value_too() -> None:
    begun: list[int] = []

    @once
    def make() -> None:
        begun.append(1)

    make()
    make()
    assert begun == [1]


def test_a_failure_is_not_kept() -> None:
    answers = [OSError("no"), "yes"]

    @once
    def make() -> object:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises(OSError, match="no"):
        make()
    assert make() == "yes"


def test_it_keeps_the_name_of_what_it_makes() -> None:
    @once
    def lexicon() -> int:
        """All words."""
        return 1

    assert vars(lexicon)["__name__"] == "lexicon"
    assert lexicon.__doc__ == "All words."


def test_one_thread_is_inside_at_a_time() -> None:
    inside: list[int] = []
    most: list[int] = []

    @one_at_a_time
    def work(number: int) -> int:
        inside.append(number)
        most.append(len(inside))
        threading.Event().wait(0.005)
        inside.remove(number)
        return number * 2

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(8))) == [0, 2, 4, 6, 8, 10, 12, 14]
    assert max(most) == 1


def test_the_next_one_comes_in_after_a_failure() -> None:
    @one_at_a_time
    def work(number: int) -> float:
        return 1 / number

    with pytest.raises(ZeroDivisionError):
        work(0)
    assert work(2) == 0.5
