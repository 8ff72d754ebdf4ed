"""Where the CPU of our own part of a call goes: a call over a link that answers at once."""

from __future__ import annotations

import cProfile
import pstats
from time import process_time
from typing import Any

from cloudai import AWS, CloudAI
from cloudai.ports import Failure, Reply, Step
from tests.benchmarks.server import AWS as ANSWER, TEXT

CALLS = 20_000


class Instant:
    """A link that has its answer ready."""

    threaded = False

    def invoke(self, step: Step, timeout: float) -> Any:
        return ANSWER

    def read(self, step: Step, answer: Any) -> Reply:
        return Reply(body=answer, status=200, request_id="none")

    def explain(self, error: Exception) -> Failure | None:
        return None

    def close(self) -> None:
        return None


def show() -> None:
    """Prints the CPU of a call, and the functions that take most of it."""
    ai = CloudAI(AWS(region="eu-west-1"))
    # The one place outside the package that reaches into a client: a link without a vendor behind it.
    (member,) = ai._usual
    member.links["comprehend"] = Instant()
    for _ in range(1000):
        ai.text.sentiment(TEXT, language="en")
    began = process_time()
    for _ in range(CALLS):
        ai.text.sentiment(TEXT, language="en")
    print(f"{(process_time() - began) / CALLS * 1e6:.1f} µs of our own for each call")
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(CALLS):
        ai.text.sentiment(TEXT, language="en")
    profiler.disable()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(25)
