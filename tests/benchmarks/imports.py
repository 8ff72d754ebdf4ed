"""CPU of importing cloudai beside importing boto3, each in processes of its own."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from statistics import median

BESIDE = "import boto3"
STATEMENTS: dict[str, float | None] = {
    "import cloudai": 0.3,
    # What somebody waits for who makes a client at once: no target, but nobody should be surprised.
    'from cloudai import CloudAI; CloudAI("local")': None,
}
"""Each with what its ratio may be at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import took."""

    statement: str
    seconds: float
    """CPU of the whole process."""
    beside: float
    ratio: float
    ratio_alone: float
    """The same with what Python itself takes to start left out of both."""
    target: float | None


def measure(*, rounds: int) -> list[Imported]:
    """The median of several processes for each statement, run in turn."""
    spent: dict[str, list[float]] = {statement: [] for statement in ("pass", BESIDE, *STATEMENTS)}
    with tempfile.TemporaryDirectory() as cache:
        # Bytecode is written in the first round, which is thrown away, so that nobody is charged for compiling.
        environ = {name: item for name, item in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environ["PYTHONPYCACHEPREFIX"] = cache
        for turn in range(rounds + 1):
            for statement, times in spent.items():
                seconds = _run(statement, environ)
                if turn:
                    times.append(seconds)
    middle = {statement: median(times) for statement, times in spent.items()}
    start, beside = middle["pass"], middle[BESIDE]
    return [
        Imported(
            statement=statement,
            seconds=middle[statement],
            beside=beside,
            ratio=middle[statement] / beside,
            ratio_alone=(middle[statement] - start) / (beside - start),
            target=target,
        )
        for statement, target in STATEMENTS.items()
    ]


def _run(statement: str, environ: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", statement], check=True, env=environ)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
