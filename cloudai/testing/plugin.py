"""The pytest plugin: the fixture ``cloudai_cassette``, its options and marker, and the search for leftovers.

It is loaded in every run of pytest where cloudai is installed, so it imports nothing of cloudai before a test asks.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from cloudai.testing.cassette import Cassette

__all__ = ["cloudai_cassette"]

FIXTURE = "cloudai_cassette"
FOLDER = "cassettes"
VARIABLE = "CLOUDAI_CASSETTES"

_expected = pytest.StashKey[dict[Path, set[Path]]]()
"""For each module that was collected, the cassettes of its tests."""
_leftovers = pytest.StashKey[list[Path]]()
_restore = pytest.StashKey["str | None"]()
_failed = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("cloudai", "cassettes of cloudai")
    group.addoption(
        "--cloudai-record",
        choices=("none", "once", "new", "all"),
        help="none: only play back; once: record a cassette that does not exist yet; new: play back what is known and"
        f" record the rest; all: record everything anew. Without it, {VARIABLE} counts, then what the test says, then"
        " none where CI is set, else once.",
    )
    group.addoption(
        "--cloudai-require-all",
        action="store_true",
        help="entries of a cassette that its test did not use are an error",
    )
    group.addoption(
        "--cloudai-leftovers",
        choices=("report", "fail", "ignore"),
        default="report",
        help="what to do about cassettes that belong to no test",
    )
    parser.addini("cloudai_scrub", "patterns of what is kept out of all cassettes, one a line", type="linelist")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        f"{FIXTURE}(path=None, mode=None, scrub=(), require_all=False): how the cassette of the test is used",
    )
    config.stash[_expected] = {}
    mode = config.getoption("--cloudai-record")
    if mode is not None:
        # By the environment, so that it also reaches use_cassette, and the processes that tests start.
        config.stash[_restore] = os.environ.get(VARIABLE)
        os.environ[VARIABLE] = mode


def pytest_unconfigure(config: pytest.Config) -> None:
    if _restore in config.stash:
        before = config.stash[_restore]
        if before is None:
            os.environ.pop(VARIABLE, None)
        else:
            os.environ[VARIABLE] = before


@pytest.fixture
def cloudai_cassette(request: pytest.FixtureRequest) -> Iterator[Cassette]:
    """Plays all calls of the test from its own cassette: ``cassettes/<module>/<test>.json`` beside the test's file."""
    from cloudai.ports.tap import install
    from cloudai.testing.cassette import Cassette
    from cloudai.testing.scrub import scrubs

    options = _options(request.node)
    patterns = [re.compile(pattern) for pattern in request.config.getini("cloudai_scrub")]
    cassette = Cassette(
        _path(request.node),
        options.get("mode"),
        scrub=(*patterns, *scrubs(options.get("scrub", ()))),
        require_all=options.get("require_all", False) or request.config.getoption("--cloudai-require-all"),
    )
    remove = install(cassette)
    try:
        yield cassette
    finally:
        remove()
        # What is wrong with the cassette is told where the test itself found nothing wrong.
        cassette.close(failed=request.node.stash.get(_failed, False))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report = yield
    if call.when == "call" and report.failed:
        item.stash[_failed] = True
    return report


def _options(item: pytest.Item) -> dict[str, Any]:
    """What the markers say; the nearest one wins."""
    options: dict[str, Any] = {}
    for marker in item.iter_markers(FIXTURE):
        named = dict(zip(("path",), marker.args, strict=False)) | dict(marker.kwargs)
        unknown = sorted(set(named) - {"path", "mode", "scrub", "require_all"})
        if unknown or len(marker.args) > 1:
            raise pytest.UsageError(
                f"{item.nodeid}: the marker {FIXTURE} has no {', '.join(unknown) or 'such argument'}"
            )
        options = {**named, **options}
    return options


def _path(item: pytest.Item) -> Path:
    """The cassette of a test."""
    here = item.path.parent
    given = _options(item).get("path")
    if given is not None:
        return here / Path(given)
    names = [node.name for node in item.listchain() if isinstance(node, pytest.Class)]
    return here / FOLDER / item.path.stem / f"{_file_name('.'.join([*names, item.name]))}.json"


def _file_name(test: str) -> str:
    """The test's name where every file system takes it, else as much of it as can be, and a hash of the whole."""
    plain = re.sub(r"[^\w.\[\]-]", "-", test, flags=re.ASCII)
    if plain == test and len(test) <= 120:
        return test
    return f"{plain[:120]}-{sha256(test.encode()).hexdigest()[:8]}"


def pytest_itemcollected(item: pytest.Item) -> None:
    # Here, because tests that are deselected later on (-k, -m) still own their cassettes.
    owned = item.config.stash[_expected].setdefault(item.path, set())
    if FIXTURE in getattr(item, "fixturenames", ()):
        owned.add(_path(item))


def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    if config.getoption("--cloudai-leftovers") == "ignore" or session.exitstatus not in (0, 1):
        return
    if hasattr(config, "workerinput") or any("::" in argument for argument in config.args):
        # A part of a module was collected, which says nothing about the rest.
        return
    found = _search(config.stash[_expected])
    config.stash[_leftovers] = found
    if found and config.getoption("--cloudai-leftovers") == "fail":
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _search(expected: dict[Path, set[Path]]) -> list[Path]:
    """The cassettes beside the modules that were collected that belong to no test."""
    owned = {path for paths in expected.values() for path in paths}
    found: list[Path] = []
    for here in sorted({module.parent for module in expected}):
        for folder in sorted((here / FOLDER).glob("*/")):
            module = here / f"{folder.name}.py"
            if module in expected or not module.exists():
                found += [path for path in sorted(folder.glob("*.json")) if path not in owned]
    return found


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    found = config.stash.get(_leftovers, [])
    if found:
        terminalreporter.section("cassettes that belong to no test")
        for path in found:
            terminalreporter.line(str(path))
        terminalreporter.line("Remove them, or run with --cloudai-leftovers=ignore.")
