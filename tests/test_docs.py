"""The examples of the README and the docs: each page is run from top to bottom, as a reader would who types it in."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^(?:<!-- not run: (?P<reason>.+) -->\n)?```python\n(?P<code>.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """One block of Python on a page."""

    line: int
    """Where its code begins."""
    code: str
    reason: str | None
    """Why it is not run."""


def examples(page: Path) -> list[Example]:
    text = page.read_text(encoding="utf-8")
    return [
        Example(text.count("\n", 0, match.start("code")) + 1, match["code"], match["reason"])
        for match in BLOCK.finditer(text)
    ]


def run(page: Path) -> None:
    """Runs all examples of a page in one namespace. Tracebacks name the page and the line."""
    names: dict[str, object] = {"__name__": "__main__"}
    for example in examples(page):
        code = compile("\n" * (example.line - 1) + example.code, str(page), "exec", dont_inherit=True)
        if example.reason is None:
            exec(code, names)


@pytest.mark.parametrize(
    "page", [page for page in PAGES if examples(page)], ids=lambda page: str(page.relative_to(ROOT))
)
def test_the_examples_of_a_page_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("vaderSentiment", "PIL"):
        pytest.importorskip(module, reason="needs cloudai[local]")
    monkeypatch.chdir(tmp_path)
    log = logging.getLogger("cloudai")
    level = log.level
    try:
        run(page)
    finally:
        # An example may turn on what other tests do not expect.
        log.setLevel(level)


def test_an_example_that_fails_fails_with_its_line(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Page\n\n```python\none = 1\nassert one == 2\n```\n", encoding="utf-8")
    with pytest.raises(AssertionError) as caught:
        run(page)
    assert caught.traceback[-1].lineno + 1 == 5


def test_an_example_that_is_not_run_has_to_be_python_and_say_why(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- not run: it needs an account -->\n```python\nraise SystemExit\n```\n", encoding="utf-8")
    run(page)
    page.write_text("<!-- not run: it needs an account -->\n```python\none two\n```\n", encoding="utf-8")
    with pytest.raises(SyntaxError):
        run(page)
