"""``cloudai text``: what is read, what is asked, what is shown, and how it ends."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cloudai import (
    AuthenticationError,
    ConfigurationError,
    InputTooLargeError,
    KeyPhrasesResult,
    RateLimitedError,
    SentimentRequest,
    SentimentResult,
    SentimentScores,
    ServiceUnavailableError,
    SummarizeRequest,
    SummaryResult,
    operations,
)
from cloudai.operations.text import Entity, EntityLink, PiiRequest, PiiResult, Sentence

Run = Callable[..., Any]
Install = Callable[..., None]
GOOD = SentimentResult(sentiment="positive", scores=SentimentScores(positive=0.9), score=0.5)


class Asked:
    """An answer that remembers what was asked."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.requests: list[Any] = []

    def __call__(self, request: Any) -> Any:
        self.requests.append(request)
        return self.answer


@pytest.fixture
def asked(vendors: Install) -> Asked:
    answer = Asked(GOOD)
    vendors(alpha={"text.sentiment": answer})
    return answer


# --- commands and options are read from the operations ---------------------------------------------------------------


def test_every_operation_is_a_command_with_help(run: Run) -> None:
    for name, request in operations.operations().items():
        area, _, operation = name.partition(".")
        for spelling in (operation, operation.replace("_", "-")):
            result = run(area, spelling, "--help")
            assert result.exit_code == 0
            assert f"{request.inputs[-1].upper()} is " in result.stdout
            assert ("words, a file" in result.stdout) is (area == "text")


def test_fields_of_requests_are_options_with_their_docstrings(run: Run) -> None:
    words = " ".join(run("text", "summarize", "--help").stdout.split())
    assert "--sentences INTEGER How many sentences at most" in words
    assert "--kind [extract|abstract] Sentences of the text itself" in words
    assert "--language TEXT A BCP 47 tag" in words
    assert "``" not in words


def test_options_reach_the_request(run: Run, vendors: Install) -> None:
    answer = Asked(SummaryResult(summary="short"))
    vendors(alpha={"text.summarize": answer})
    options = ["--sentences", "2", "--kind", "abstract", "--language", "EN-us"]
    assert run("text", "summarize", "long", "-p", "alpha", *options).exit_code == 0
    assert answer.requests == [SummarizeRequest(text="long", sentences=2, kind="abstract", language="en-US")]


def test_lists_may_be_parted_by_commas_or_repeated(run: Run, vendors: Install) -> None:
    answer = Asked(PiiResult(entities=(), redacted_text="x"))
    vendors(alpha={"text.pii": answer})
    run("text", "pii", "x", "-p", "alpha", "--categories", "email, url", "--categories", "date")
    assert answer.requests == [PiiRequest(text="x", categories=("email", "url", "date"))]


def test_a_misspelled_command_names_the_nearest(run: Run) -> None:
    result = run("text", "sentment", "x")
    assert (result.exit_code, "did you mean 'sentiment'?" in result.stderr) == (2, True)


# --- the text --------------------------------------------------------------------------------------------------------


def test_words_are_the_text(run: Run, asked: Asked) -> None:
    run("text", "sentiment", "I love it", "-p", "alpha")
    assert asked.requests == [SentimentRequest(text="I love it")]


def test_a_dash_reads_standard_input(run: Run, asked: Asked) -> None:
    run("text", "sentiment", "-", "-p", "alpha", input="schön\n".encode())
    assert asked.requests == [SentimentRequest(text="schön")]


def test_a_file_is_read_as_it_is_but_for_its_last_line_end(run: Run, asked: Asked, tmp_path: Path) -> None:
    path = tmp_path / "review"
    path.write_bytes("\ufeffone\r\ntwo\r\n".encode())
    run("text", "sentiment", str(path), "-p", "alpha")
    assert asked.requests == [SentimentRequest(text="one\r\ntwo")]
    run("text", "sentiment", str(path), "-p", "alpha", "--text")
    assert asked.requests[1:] == [SentimentRequest(text=str(path))]


@pytest.mark.parametrize(
    ("words", "message"), [("reviews.txt", "there is no file reviews.txt"), (".", "is a directory")]
)
def test_a_name_that_cannot_be_read_is_not_sent_as_a_text(run: Run, asked: Asked, words: str, message: str) -> None:
    result = run("text", "sentiment", words, "-p", "alpha")
    assert (result.exit_code, asked.requests) == (2, [])
    assert message in result.stderr


def test_a_file_in_another_encoding_is_refused(run: Run, asked: Asked, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("schön".encode("latin-1"))
    result = run("text", "sentiment", str(path), "-p", "alpha")
    assert (result.exit_code, asked.requests) == (2, [])
    assert "is not utf-8 text" in result.stderr


# --- what comes out --------------------------------------------------------------------------------------------------


def test_json_is_one_document_and_nothing_else(run: Run, asked: Asked) -> None:
    result = run("text", "sentiment", "x", "-p", "alpha", "--json", "--tag", "team=blue")
    data = json.loads(result.stdout)
    assert (data["sentiment"], data["meta"]["provider"], data["meta"]["tags"]) == (
        "positive",
        "alpha",
        {"team": "blue"},
    )
    assert "raw" not in data
    assert result.stderr == ""


def test_raw_adds_the_vendors_answer(run: Run, asked: Asked) -> None:
    assert "raw" in json.loads(run("text", "sentiment", "x", "-p", "alpha", "--raw").stdout)


def test_single_values_are_shown_by_name_and_unknown_ones_are_left_out(run: Run, asked: Asked) -> None:
    lines = run("text", "sentiment", "I love it", "-p", "alpha").stdout.splitlines()
    assert lines[:3] == ["sentiment  positive", "scores     positive 0.900", "score      0.500"]
    assert lines[3].startswith("alpha, ")
    assert lines[3].endswith(", 9 characters")


def test_collections_are_tables_with_the_columns_that_have_values(run: Run, vendors: Install) -> None:
    link = EntityLink(name="Ann", url="https://ann")
    ann = Entity(text="Ann", type="person", confidence=0.5, offset=0, length=3, links=(link,))
    place = Entity(text="here", type="location", offset=7)
    vendors(alpha={"text.pii": PiiResult(entities=(ann, place), redacted_text="*** is")})
    lines = run("text", "pii", "Ann is", "-p", "alpha").stdout.splitlines()
    assert lines[0].split() == ["text", "type", "confidence", "offset", "length", "links"]
    assert lines[2].split() == ["Ann", "person", "0.500", "0", "3", "Ann", "https://ann"]
    assert lines[3].split() == ["here", "location", "7"]
    assert "redacted text  *** is" in lines


def test_an_empty_collection_says_so(run: Run, vendors: Install) -> None:
    vendors(alpha={"text.key_phrases": KeyPhrasesResult(phrases=())})
    assert run("text", "key-phrases", "x", "-p", "alpha").stdout.startswith("no phrases\n")


def test_other_lists_of_a_result_are_tables_with_a_title(run: Run, vendors: Install) -> None:
    sentences = (Sentence(text="Fine.", offset=0, sentiment="positive"),)
    vendors(alpha={"text.sentiment": SentimentResult(sentiment="positive", sentences=sentences)})
    lines = run("text", "sentiment", "Fine.", "-p", "alpha").stdout.splitlines()
    assert "sentences" in lines
    assert any(line.split() == ["Fine.", "0", "positive"] for line in lines)


def test_what_a_vendor_says_can_neither_style_nor_steer_the_terminal(run: Run, vendors: Install) -> None:
    vendors(alpha={"text.summarize": SummaryResult(summary="[bold]x[/bold] :smile: \x1b[31mred\u202e\nline")})
    output = run("text", "summarize", "x", "-p", "alpha").stdout
    assert "[bold]x[/bold] :smile: \N{REPLACEMENT CHARACTER}[31mred\N{REPLACEMENT CHARACTER} line" in output
    assert "\x1b" not in output


def test_nothing_is_cut_or_wrapped_in_a_pipe(run: Run, vendors: Install) -> None:
    text = "word " * 200 + "end"
    vendors(alpha={"text.summarize": SummaryResult(summary=text)})
    assert f"summary  {text}\n" in run("text", "summarize", "x", "-p", "alpha").stdout


def test_the_vendor_that_failed_before_is_told(run: Run, vendors: Install) -> None:
    vendors(alpha={"text.sentiment": RateLimitedError("slow", retry_after=1e9)}, beta={"text.sentiment": GOOD})
    result = run("text", "sentiment", "x", "-p", "alpha,beta")
    assert result.exit_code == 0
    assert "after alpha failed (RateLimitedError)" in result.stdout


# --- whom to ask -----------------------------------------------------------------------------------------------------


def test_vendors_come_from_the_environment(run: Run, asked: Asked) -> None:
    assert run("text", "sentiment", "x", env={"CLOUDAI_PROVIDERS": "alpha"}).exit_code == 0


def test_without_any_vendor_the_way_out_is_named(run: Run, asked: Asked) -> None:
    result = run("text", "sentiment", "x")
    assert result.exit_code == 3
    assert "say -p with one of alpha, or set CLOUDAI_PROVIDERS" in result.stderr


def test_a_file_describes_vendors_and_what_is_typed_counts_more(run: Run, vendors: Install, tmp_path: Path) -> None:
    vendors(alpha={"text.sentiment": GOOD}, beta={"text.sentiment": SentimentResult(sentiment="negative")})
    path = tmp_path / "cloudai.toml"
    path.write_text('providers = ["beta", "alpha"]\n[routes]\n"text.sentiment" = "beta"\n', encoding="utf-8")

    def provider(*options: str, **env: str) -> str:
        result = run("text", "sentiment", "x", "--json", *options, env=env)
        return str(json.loads(result.stdout)["meta"]["provider"])

    assert provider("--config", str(path)) == "beta"
    assert provider("--config", str(path), CLOUDAI_PROVIDERS="alpha") == "beta"
    assert provider("--config", str(path), "-p", "alpha") == "alpha"
    assert provider(CLOUDAI_CONFIG=str(path)) == "beta"


def test_settings_are_set_by_name(run: Run, asked: Asked) -> None:
    options = ["--set", "alpha.endpoint=http://127.0.0.1:1", "--set", "alpha.max_concurrency=2"]
    assert run("text", "sentiment", "x", "-p", "alpha", *options).exit_code == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["-p", "alpha,alpha"], "-p names 'alpha' twice"),
        (["--set", "alpha.nope=1"], "'nope' is not a setting; there are"),
        (["--set", "alpha.token=abc"], "'token' is a secret"),
        (["--set", "beta.name=x"], "'beta' is not one of the vendors, alpha"),
        (["--set", "alpha.max_concurrency=many"], "'many' is not int"),
        (["--set", "endpoint=http://x"], "write it as VENDOR.KEY=VALUE"),
        (["--extra", "alpha.key"], "write it as VENDOR.KEY=VALUE"),
        (["--extra", "nobody.key=1"], "there is no vendor 'nobody'"),
        (["--extra", "alpha.key=1"], "has no key for text.sentiment"),
        (["--tag", "blue"], "write it as KEY=VALUE"),
        (["--language", "?"], "is not a language tag"),
        (["--timeout", "0"], "Invalid value for '--timeout'"),
    ],
)
def test_a_wrong_command_line_is_told_and_nothing_is_sent(
    run: Run, asked: Asked, options: list[str], message: str
) -> None:
    result = run("text", "sentiment", "x", "-p", "alpha", *options)
    assert result.exit_code == 2
    assert message in result.stderr
    assert asked.requests == []
    assert result.stdout == ""


# --- how it ends -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "code", "way_out"),
    [
        (ServiceUnavailableError("down", retryable=False), 1, ""),
        (InputTooLargeError("too long"), 2, "--split"),
        (ConfigurationError("no key"), 3, "cloudai doctor"),
        (AuthenticationError("wrong key"), 3, "cloudai doctor"),
    ],
)
def test_errors_are_messages_with_a_code_and_a_way_out(
    run: Run, vendors: Install, error: Any, code: int, way_out: str
) -> None:
    vendors(alpha={"text.sentiment": error})
    result = run("text", "sentiment", "x", "-p", "alpha", "--json")
    assert result.exit_code == code
    assert f"Error: alpha text.sentiment: {error.message}" in result.stderr
    assert way_out in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_debug_shows_the_traceback(run: Run, vendors: Install) -> None:
    vendors(alpha={"text.sentiment": ConfigurationError("no key")})
    for args in (
        ["--debug", "text", "sentiment", "x", "-p", "alpha"],
        ["text", "sentiment", "x", "-p", "alpha", "--debug"],
    ):
        result = run(*args)
        assert result.exit_code == 3
        assert "Traceback" in result.stderr


def test_an_empty_text_is_refused_before_a_vendor_is_named(run: Run) -> None:
    result = run("text", "sentiment", " ")
    assert result.exit_code == 2
    assert "text is empty" in result.stderr


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="there are no such files here")
def test_what_cannot_be_opened_is_told(run: Run, asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("door")
        for args in (["text", "sentiment"], ["compare", "text.sentiment"]):
            result = run(*args, "door", "-p", "alpha")
            assert (result.exit_code, "door cannot be read: " in result.stderr) == (2, True)
    assert asked.requests == []


@pytest.mark.parametrize("args", [["txt"], ["--nope"], ["text", "--nope"], ["--", "--nope"]])
def test_what_is_no_command_is_refused(run: Run, args: list[str]) -> None:
    result = run(*args)
    assert (result.exit_code, "Error: " in result.stderr) == (2, True)
