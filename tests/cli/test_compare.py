"""``cloudai compare``: side by side, counted, and nothing lost."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from cloudai import ConfigurationError, RateLimitedError, SentimentResult
from cloudai.cli.progress import Interruption
from cloudai.operations.text import KeyPhrase, KeyPhrasesResult

Run = Callable[..., Any]
Install = Callable[..., None]


def answer(label: Any) -> Any:
    """Answers what the text says, else the label; fails where the text says so."""

    def said(request: Any) -> Any:
        if "fail" in request.text:
            return RateLimitedError("slow", retry_after=1e9)
        return SentimentResult(sentiment=request.text if request.text in ("positive", "negative") else label)

    return {"text.sentiment": said}


@pytest.fixture
def two(vendors: Install) -> None:
    vendors(alpha=answer("positive"), beta=answer("negative"))


def table(path: Path, *rows: str, header: str = "text,sentiment") -> str:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return str(path)


def cells(output: str, first: str) -> list[str]:
    """The words of the line that begins with this one."""
    return next(line.split() for line in output.splitlines() if line.split()[:1] == [first])


@pytest.mark.usefixtures("two")
def test_vendors_stand_side_by_side_and_disagreement_is_marked(run: Run) -> None:
    result = run("compare", "text.sentiment", "positive", "other", "-p", "alpha,beta")
    assert result.exit_code == 0
    assert cells(result.stdout, "#") == ["#", "input", "alpha", "beta"]
    assert cells(result.stdout, "1") == ["1", "positive", "positive", "positive"]
    assert cells(result.stdout, "2") == ["2", "≠", "other", "positive", "negative"]
    assert "text.sentiment: 2 inputs, 1 with answers that differ (≠)" in result.stdout
    assert cells(result.stdout, "alpha,") == ["alpha,", "beta", "2", "50.0%", "0.00"]


@pytest.mark.usefixtures("two")
def test_a_reference_gives_each_vendors_accuracy(run: Run, tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", "one,positive", "two,POSITIVE", "three,negative", "four,")
    result = run("compare", "text.sentiment", path, "-p", "alpha,beta")
    assert result.exit_code == 0
    assert cells(result.stdout, "#") == ["#", "input", "reference", "alpha", "beta"]
    assert "66.7%" in cells(result.stdout, "alpha")
    assert "33.3%" in cells(result.stdout, "beta")


@pytest.mark.usefixtures("two")
def test_a_reference_shows_which_labels_each_vendor_gets_right(run: Run, tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", "one,positive", "two,negative", "negative,negative")
    lines = run("compare", "text.sentiment", path, "-p", "alpha,beta").stdout.splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith("right, where the reference says"))
    assert [line.split() for line in lines[start + 2 : start + 4]] == [
        ["negative", "1", "of", "2", "2", "of", "2"],
        ["positive", "1", "of", "1", "0", "of", "1"],
    ]


@pytest.mark.usefixtures("two")
def test_one_vendor_is_held_against_the_reference(run: Run, tmp_path: Path) -> None:
    result = run("compare", "text.sentiment", table(tmp_path / "a.csv", "one,negative"), "-p", "alpha")
    assert "accuracy" in result.stdout
    assert "0.0%" in cells(result.stdout, "alpha")
    assert "agreement" not in result.stdout
    assert result.stderr == ""


@pytest.mark.usefixtures("two")
def test_one_vendor_without_a_reference_is_told_that_nothing_is_compared(run: Run) -> None:
    result = run("compare", "text.sentiment", "one", "-p", "alpha")
    assert (result.exit_code, "nothing to compare it with" in result.stderr) == (0, True)


@pytest.mark.usefixtures("two")
def test_failed_inputs_show_their_error_and_count(run: Run, tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", "one,positive", "fail,positive", " ,positive")
    result = run("compare", "text.sentiment", path, "-p", "alpha,beta")
    assert result.exit_code == 4
    assert cells(result.stdout, "2")[-2:] == ["RateLimitedError", "RateLimitedError"]
    assert cells(result.stdout, "3")[-2:] == ["InvalidRequestError", "InvalidRequestError"]
    assert "1 RateLimitedError, 1 InvalidRequestError" in result.stdout
    assert "4 answers missing" in result.stdout


def test_sets_are_compared_by_what_they_share(run: Run, vendors: Install) -> None:
    def found(*texts: str) -> dict[str, Any]:
        return {"text.key_phrases": KeyPhrasesResult(phrases=tuple(KeyPhrase(text=text) for text in texts))}

    vendors(alpha=found("Blue cup", "lid"), beta=found("blue cup"), gamma=found())
    output = run("compare", "text.key-phrases", "x", "-p", "alpha,beta,gamma").stdout
    assert "Blue cup, lid" in output
    assert "(none)" in output
    assert cells(output, "alpha,") == ["alpha,", "beta", "1", "50.0%", "0.67"]
    assert cells(output, "beta,") == ["beta,", "gamma", "1", "0.0%", "0.00"]


@pytest.mark.usefixtures("two")
def test_long_comparisons_show_a_part_and_say_so(run: Run, tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", *[f"row{number},positive" for number in range(30)])
    short = run("compare", "text.sentiment", path, "-p", "alpha,beta").stdout
    assert ("row19" in short, "row20" in short) == (True, False)
    assert "20 of 30 rows shown" in short
    assert "30 inputs" in short
    every = run("compare", "text.sentiment", path, "-p", "alpha,beta", "--all").stdout
    assert ("row29" in every, "rows shown" in every) == (True, False)
    assert "row0" not in run("compare", "text.sentiment", path, "-p", "alpha,beta", "--limit", "0").stdout


@pytest.mark.usefixtures("two")
def test_rows_on_which_all_agree_can_be_left_out(run: Run) -> None:
    result = run("compare", "text.sentiment", "positive", "other", "fail", "-p", "alpha,beta", "--differences")
    assert [line.split()[0] for line in result.stdout.splitlines()[2:4]] == ["2", "3"]


@pytest.mark.usefixtures("two")
def test_json_holds_everything_in_one_document(run: Run, tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", "one,positive", "fail,positive", ",positive")
    result = run("compare", "text.sentiment", path, "-p", "alpha,beta", "--json")
    data = json.loads(result.stdout)
    assert result.exit_code == 4
    assert (data["operation"], data["providers"], data["cut_short"]) == ("text.sentiment", ["alpha", "beta"], None)
    first, second, third = data["rows"]
    assert (first["input"], first["reference"], first["differs"]) == ("one", "positive", True)
    assert first["source"] == f"{path}:2"
    assert first["answers"]["alpha"]["compared"] == "positive"
    assert first["answers"]["alpha"]["result"]["meta"]["provider"] == "alpha"
    assert second["answers"]["beta"]["error"]["class"] == "RateLimitedError"
    assert third["answers"]["beta"]["error"]["class"] == "InvalidRequestError"
    assert data["summary"]["vendors"][0]["errors"] == {"RateLimitedError": 1, "InvalidRequestError": 1}
    assert data["summary"]["pairs"][0]["agreement"] == 0


@pytest.mark.usefixtures("two")
def test_raw_answers_are_in_the_document_when_asked_for(run: Run) -> None:
    data = json.loads(run("compare", "text.sentiment", "one", "-p", "alpha", "--raw").stdout)
    assert "raw" in data["rows"][0]["answers"]["alpha"]["result"]


def test_a_vendor_that_is_not_set_up_ends_it_before_the_other_inputs(run: Run, vendors: Install) -> None:
    asked = []

    def counted(request: Any) -> Any:
        asked.append(request.text)
        return SentimentResult(sentiment="positive")

    vendors(alpha={"text.sentiment": counted}, beta={"text.sentiment": ConfigurationError("set BETA_KEY")})
    result = run("compare", "text.sentiment", "one", "two", "three", "-p", "alpha,beta")
    assert result.exit_code == 3
    assert result.stderr.count("set BETA_KEY") == 1
    assert asked == ["one"]
    assert result.stdout == ""


@pytest.mark.usefixtures("two")
def test_references_that_cannot_be_read_are_told(run: Run, tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", "one,5 stars", "two,positive")
    result = run("compare", "text.sentiment", path, "-p", "alpha")
    assert result.exit_code == 0
    assert f"1 reference cannot be read; {path}:2: the reference '5 stars'" in result.stderr


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ("", [], "is empty"),
        ("text,sentiment\n", [], "there is nothing to compare"),
        ("review\nfine\n", [], "has no column 'text': it has review"),
        ("text\nfine\n", ["--reference", "truth"], "has no column 'truth'"),
        ("text\nfine\n", ["--column", "nope"], "has no column 'nope'"),
        ("text\nfine\n", ["--language", "?"], "is not a language tag"),
        ("text\nfine\n", ["-p", "beta,beta"], "-p names 'beta' twice"),
        ("text\nfine\n", ["--concurrency", "0"], "Invalid value for '--concurrency'"),
    ],
)
def test_what_is_wrong_with_all_inputs_is_told_once_and_nothing_is_sent(
    run: Run, tmp_path: Path, content: str, options: list[str], message: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(content, encoding="utf-8")
    result = run("compare", "text.sentiment", str(path), *(options if "-p" in options else ["-p", "alpha", *options]))
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


@pytest.mark.usefixtures("two")
def test_a_fault_at_the_end_of_a_file_is_found_before_anything_is_sent(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "one"}\n{"text": \n', encoding="utf-8")
    result = run("compare", "text.sentiment", str(path), "-p", "alpha,beta")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{path}:2 is not JSON" in result.stderr


@pytest.mark.usefixtures("two")
def test_a_fault_at_the_end_of_a_pipe_loses_nothing_that_was_answered(run: Run) -> None:
    content = b'{"text": "one"}\n{"text": "two"}\n{"text"\n'
    result = run("compare", "text.sentiment", "-", "--as", "jsonl", "-p", "alpha,beta", input=content)
    assert result.exit_code == 2
    assert "2 inputs" in result.stdout
    assert "standard input:3 is not JSON" in result.stderr
    result = run("compare", "text.sentiment", "-", "--as", "jsonl", "-p", "alpha,beta", "--json", input=content)
    assert len(json.loads(result.stdout)["rows"]) == 2


@pytest.mark.usefixtures("two")
def test_standard_input_may_hold_a_line_for_each_input(run: Run) -> None:
    result = run("compare", "text.sentiment", "-", "--lines", "-p", "alpha,beta", input=b"one\ntwo\n")
    assert "text.sentiment: 2 inputs" in result.stdout
    assert run("compare", "text.sentiment", "-", "-", "-p", "alpha").exit_code == 2


@pytest.mark.usefixtures("two")
def test_nothing_on_standard_input_is_nothing_to_compare(run: Run) -> None:
    result = run("compare", "text.sentiment", "-", "--lines", "-p", "alpha,beta", input=b"")
    assert (result.exit_code, result.stdout) == (2, "")


def test_two_vendors_that_are_not_set_up_are_both_told(run: Run, vendors: Install) -> None:
    vendors(alpha={"text.sentiment": ConfigurationError("set A")}, beta={"text.sentiment": ConfigurationError("set B")})
    result = run("compare", "text.sentiment", "one", "-p", "alpha,beta")
    assert result.exit_code == 3
    assert "Error: alpha text.sentiment: set A" in result.stderr
    assert "Error: beta text.sentiment: set B" in result.stderr


def test_an_unknown_operation_names_the_nearest(run: Run) -> None:
    result = run("compare", "sentiment", "x")
    assert (result.exit_code, "did you mean 'text.sentiment'?" in result.stderr) == (2, True)


@pytest.mark.usefixtures("two")
def test_an_interruption_keeps_what_was_answered(run: Run, vendors: Install) -> None:
    def interrupted(request: Any) -> Any:
        if request.text == "three":
            raise KeyboardInterrupt
        return SentimentResult(sentiment="positive")

    vendors(alpha={"text.sentiment": interrupted})
    result = run("compare", "text.sentiment", "one", "two", "three", "four", "-p", "alpha", "--concurrency", "1")
    assert result.exit_code == 130
    assert "text.sentiment: 2 inputs" in result.stdout
    assert "interrupted after 2 of 4 inputs" in result.stderr
    result = run("compare", "text.sentiment", "three", "-p", "alpha", "--concurrency", "1")
    assert (result.exit_code, result.stdout) == (130, "")


def test_an_interruption_waits_for_the_row_that_is_written() -> None:
    written = []
    with pytest.raises(KeyboardInterrupt), Interruption() as interruption, interruption.later():
        signal.raise_signal(signal.SIGINT)
        written.append("whole")
    assert written == ["whole"]


def test_a_second_interruption_does_not_wait() -> None:
    written = []
    with pytest.raises(KeyboardInterrupt), Interruption() as interruption, interruption.later():
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        written.append("whole")
    assert written == []


def test_a_comparison_may_run_in_any_thread(run: Run, vendors: Install) -> None:
    vendors(alpha=answer("positive"))
    with ThreadPoolExecutor(1) as pool:
        result = pool.submit(run, "compare", "text.sentiment", "one", "-p", "alpha").result()
    assert result.exit_code == 0
