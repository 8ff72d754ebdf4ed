"""What is compared of an answer, and how alike two answers are.

A request says it in a method ``compared``: one label (a string), or a set of findings (a mapping from what has to be
equal to how it is shown). Two answers are alike by 1 or 0 for labels, and by the share of findings that both have among
all that either has (Jaccard) for sets; two empty sets are alike by 1.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping
from typing import Any, Protocol, runtime_checkable

from cloudai.operations.request import Request
from cloudai.types.value import Result

__all__ = ["Comparable", "Compared", "Expecting", "compared", "differ", "likeness", "shown"]

Compared = str | Mapping[Hashable, str]
"""One label; or findings, each with the words that show it."""


@runtime_checkable
class Comparable(Protocol):
    """A request that says what is compared of its answers."""

    def compared(self, result: Any) -> Compared:
        """What has to be equal when two answers are called equal."""


@runtime_checkable
class Expecting(Protocol):
    """A request that says how a right answer is written down, where that is shorter than the result's own form."""

    def expected(self, reference: Any) -> Compared:
        """What is compared, from what somebody wrote: words, a number or a list."""


def compared(request: Request[Any], result: Result) -> Compared:
    """What is compared of an answer; the whole of it, as JSON, where the request does not say."""
    if isinstance(request, Comparable):
        return request.compared(result)
    data = {name: item for name, item in result.to_dict().items() if name != "meta"}
    return json.dumps(data, ensure_ascii=False, sort_keys=True)


def shown(answer: Compared) -> str:
    """What is compared, in words for a table's cell."""
    return answer if isinstance(answer, str) else ", ".join(dict.fromkeys(answer.values()))


def likeness(left: Compared, right: Compared) -> float:
    """How alike two answers are, 0..1."""
    if isinstance(left, str) or isinstance(right, str):
        return float(left == right)
    either = left.keys() | right.keys()
    return len(left.keys() & right.keys()) / len(either) if either else 1.0


def differ(answers: Mapping[str, Compared]) -> bool:
    """Whether not all answers to one input are the same."""
    said = list(answers.values())
    return any(likeness(said[0], other) < 1 for other in said[1:])
