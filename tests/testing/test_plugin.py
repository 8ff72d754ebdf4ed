from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

# What a run inside this one imports anew is forgotten behind it, and imported again by the next.
import cloudai.client
import cloudai.ports.blocking
import cloudai.ports.concurrent
import cloudai.ports.http
import cloudai.testing.cassette  # noqa: F401
from tests.support import Answer, Loopback, Seen, loopback

LEAN = ("-p", "no:cacheprovider", "-p", "no:hypothesispytest")
"""Without what takes a second to load and is not needed."""
MODULE = """
import os
import pytest
from cloudai import AsyncCloudAI, CloudAI
from cloudai_acme import Acme

def mood(text):
    with CloudAI(Acme(key="k-12345", endpoint=os.environ["SERVER"])) as ai:
        return ai.text.sentiment(text).meta.model
"""
TESTS = """
def test_one(cloudai_cassette):
    assert mood("one") == "one"

class TestGroup:
    @pytest.mark.parametrize("text", ["two", "two/three é"])
    def test_two(self, cloudai_cassette, text):
        assert mood(text) == text

@pytest.mark.anyio
async def test_later(cloudai_cassette):
    async with AsyncCloudAI(Acme(key="k-12345", endpoint=os.environ["SERVER"])) as ai:
        assert (await ai.text.sentiment("one")).meta.model == "one"

@pytest.fixture
def anyio_backend():
    return "asyncio"

def test_without_any():
    pass
"""


def mood_of(seen: Seen) -> Answer:
    return Answer(200, {"verdict": "+", "good": 0.9, "bad": 0.05, "engine": seen.json["content"]})


@pytest.fixture
def server(acme: type[Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    with loopback(mood_of) as server:
        monkeypatch.setenv("SERVER", server.address)
        yield server


def run(pytester: pytest.Pytester, body: str, *options: str, **outcomes: int) -> pytest.RunResult:
    pytester.makepyfile(test_app=MODULE + body)
    result = pytester.runpytest_inprocess(*LEAN, *options)
    result.assert_outcomes(**outcomes)
    return result


def cassettes(pytester: pytest.Pytester) -> list[str]:
    return sorted(str(path.relative_to(pytester.path)) for path in pytester.path.rglob("*.json"))


def test_each_test_has_its_cassette_beside_its_file(pytester: pytest.Pytester, server: Loopback) -> None:
    run(pytester, TESTS, passed=5)
    names = [path.name for path in (pytester.path / "cassettes" / "test_app").iterdir()]
    assert sorted(name for name in names if "three" not in name) == [
        "TestGroup.test_two[two].json",
        "test_later.json",
        "test_one.json",
    ]
    assert len(names) == 4
    assert len(server.seen) == 4
    run(pytester, TESTS, passed=5)
    assert len(server.seen) == 4


def test_one_command_records_everything_anew(pytester: pytest.Pytester, server: Loopback) -> None:
    run(pytester, TESTS, passed=5)
    run(pytester, TESTS, "--cloudai-record=all", passed=5)
    assert len(server.seen) == 8


def test_the_command_also_reaches_cassettes_that_a_test_opens(pytester: pytest.Pytester, server: Loopback) -> None:
    body = """
from cloudai.testing import use_cassette

@use_cassette("own.json", "none")
def test_it():
    assert mood("one") == "one"
"""
    run(pytester, body, failed=1)
    run(pytester, body, "--cloudai-record=new", passed=1)
    run(pytester, body, passed=1)
    assert len(server.seen) == 1


def test_the_option_ends_with_the_run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    monkeypatch.setenv("CLOUDAI_CASSETTES", "once")
    pytester.runpytest_inprocess(*LEAN, "--cloudai-record=none")
    assert os.environ["CLOUDAI_CASSETTES"] == "once"
    monkeypatch.delenv("CLOUDAI_CASSETTES")
    pytester.runpytest_inprocess(*LEAN, "--cloudai-record=none")
    assert "CLOUDAI_CASSETTES" not in os.environ


def test_ci_never_records_by_itself(
    pytester: pytest.Pytester, server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    result = run(pytester, TESTS, passed=1, failed=4)
    result.stdout.fnmatch_lines(["*CassetteMissError: no answer is recorded for acme text POST mood*"])
    assert not server.seen
    run(pytester, TESTS, "--cloudai-record=once", passed=5)


def test_the_marker_says_how(pytester: pytest.Pytester, server: Loopback) -> None:
    body = """
pytestmark = pytest.mark.cloudai_cassette(mode="new", scrub="one")

@pytest.mark.cloudai_cassette("shared/mood.json")
def test_one(cloudai_cassette):
    assert cloudai_cassette.mode == "new"
    mood("one")

@pytest.mark.cloudai_cassette(path="shared/mood.json", mode="none")
def test_two(cloudai_cassette):
    assert cloudai_cassette.mode == "none"
    mood("one")
"""
    run(pytester, body, passed=2)
    (entry,) = json.loads((pytester.path / "shared/mood.json").read_text(encoding="utf-8"))["entries"]
    assert entry["step"]["params"]["json"]["content"] == "***"


def test_a_wrong_marker_is_refused(pytester: pytest.Pytester, server: Loopback) -> None:
    body = """
@pytest.mark.cloudai_cassette(modes="new")
def test_one(cloudai_cassette):
    pass
"""
    pytester.makepyfile(test_app=MODULE + body)
    pytester.runpytest_inprocess(*LEAN).stderr.fnmatch_lines(
        ["*test_app.py::test_one: the marker cloudai_cassette has no modes*"]
    )


def test_patterns_of_the_project_are_kept_out_everywhere(pytester: pytest.Pytester, server: Loopback) -> None:
    pytester.makeini("[pytest]\ncloudai_scrub =\n    o.e\n    [0-9]+")
    run(pytester, "def test_one(cloudai_cassette):\n    mood('one two 345')", passed=1)
    assert '"content": "*** two ***"' in (pytester.path / cassettes(pytester)[0]).read_text(encoding="utf-8")


def test_entries_that_are_not_used_can_fail_the_test(pytester: pytest.Pytester, server: Loopback) -> None:
    two = "def test_it(cloudai_cassette):\n    mood('one')\n    mood('two')"
    one = "def test_it(cloudai_cassette):\n    mood('one')"
    run(pytester, two, passed=1)
    run(pytester, one, passed=1)
    result = run(pytester, one, "--cloudai-require-all", passed=1, errors=1)
    result.stdout.fnmatch_lines(["*UnusedEntriesError: *test_it.json: 1 entries were not used*"])
    run(pytester, one + "\n    assert 0", "--cloudai-require-all", failed=1)
    marked = "@pytest.mark.cloudai_cassette(require_all=True)\n" + one
    run(pytester, marked, passed=1, errors=1)


def test_a_miss_that_the_application_swallows_fails_the_test(pytester: pytest.Pytester, server: Loopback) -> None:
    body = """
def test_it(cloudai_cassette):
    try:
        mood("one")
    except Exception:
        pass
"""
    run(pytester, body, "--cloudai-record=none", passed=1, errors=1)


def test_cassettes_without_a_test_are_reported(pytester: pytest.Pytester, server: Loopback) -> None:
    run(pytester, TESTS, passed=5)
    gone = pytester.path / "cassettes" / "test_gone" / "test_it.json"
    gone.parent.mkdir()
    gone.write_text("{}", encoding="utf-8")
    renamed = TESTS.replace("test_one", "test_first")
    result = run(pytester, renamed, passed=5)
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        ["*cassettes that belong to no test*", "*test_app?test_one.json", "*test_gone?test_it.json", "Remove them*"]
    )
    assert run(pytester, renamed, "--cloudai-leftovers=fail", passed=5).ret == 1
    result = run(pytester, renamed, "--cloudai-leftovers=ignore", passed=5)
    result.stdout.no_fnmatch_line("*belong to no test*")


def test_a_part_of_the_tests_makes_no_leftovers(pytester: pytest.Pytester, server: Loopback) -> None:
    run(pytester, TESTS, passed=5)
    assert run(pytester, TESTS, "-k", "test_one", "--cloudai-leftovers=fail", passed=1, deselected=4).ret == 0
    assert run(pytester, TESTS, "test_app.py::test_one", "--cloudai-leftovers=fail", passed=1).ret == 0
    skipped = TESTS.replace("def test_one", "@pytest.mark.skip\ndef test_one")
    assert run(pytester, skipped, "--cloudai-leftovers=fail", passed=4, skipped=1).ret == 0


def test_a_test_that_no_longer_asks_for_its_cassette_leaves_it_over(
    pytester: pytest.Pytester, server: Loopback
) -> None:
    run(pytester, "def test_one(cloudai_cassette):\n    mood('one')", passed=1)
    assert run(pytester, "def test_one():\n    pass", "--cloudai-leftovers=fail", passed=1).ret == 1


def test_long_names_and_strange_ones_become_files(pytester: pytest.Pytester, server: Loopback) -> None:
    body = """
@pytest.mark.parametrize("text", ["a/b", "a-b", "x" * 300])
def test_it(cloudai_cassette, text):
    mood(text)
"""
    run(pytester, body, passed=3)
    names = [name.rpartition("/")[2] for name in cassettes(pytester)]
    assert len(set(names)) == 3
    assert max(len(name) for name in names) < 140


def test_the_plugin_is_cheap() -> None:
    program = (
        "import sys, pytest; before = set(sys.modules); import cloudai.testing.plugin;"
        "print([name for name in set(sys.modules) - before"
        " if name not in ('cloudai', 'cloudai.testing', 'cloudai.testing.plugin')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
