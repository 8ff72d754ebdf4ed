"""A request's fields become options, whatever area they are of."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import click
import pytest
from click.testing import CliRunner

from cloudai.cli.app import app
from cloudai.cli.areas import check_options
from cloudai.cli.fields import asked, field_docs, field_options, plain_words
from cloudai.cli.media import content_of
from cloudai.cli.options import client, convert
from cloudai.operations.request import Request
from cloudai.operations.vision import ColorsRequest
from cloudai.types.media import Image
from cloudai.types.value import value

NOTES = "All of it. ``target`` is a BCP 47 tag,\n    or two. More."


@value
class TranslateRequest(Request[Any]):
    """Something that is not there yet."""

    operation: ClassVar[str] = "translation.translate"
    inputs: ClassVar[tuple[str, ...]] = ("text",)

    text: str
    target: str
    rate: float = 1.0
    """How fast, as in ``rate=1.5``."""
    count: int | None = None
    marks: bool = False
    polite: bool = True
    glossary: tuple[str, ...] = ()
    formality: Literal["more", "less"] | None = None
    voice: str | Literal["any"] | None = None


def given(*args: str) -> tuple[dict[str, Any], str]:
    seen: dict[str, Any] = {}
    command = click.Command(
        "x", params=field_options(TranslateRequest, NOTES), callback=lambda **given: seen.update(given)
    )
    result = CliRunner().invoke(command, list(args))
    return asked(seen), result.output


def test_only_what_was_given_is_asked_for() -> None:
    assert given("--target", "de")[0] == {"target": "de"}


def test_each_kind_of_field_is_read_as_what_it_is() -> None:
    args = ["--target", "de", "--rate", "1.5", "--count", "2", "--marks", "--no-polite", "--glossary", "a,b"]
    assert given(*args, "--formality", "less", "--voice", "ann")[0] == {
        "target": "de",
        "rate": 1.5,
        "count": 2,
        "marks": True,
        "polite": False,
        "glossary": ("a", "b"),
        "formality": "less",
        "voice": "ann",
    }


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([], "Missing option '--target'"),
        (["--target", "de", "--formality", "none"], "'none' is not one of 'more', 'less'"),
        (["--target", "de", "--count", "two"], "'two' is not a valid int"),
    ],
)
def test_what_no_field_can_hold_is_refused(args: list[str], message: str) -> None:
    assert message in given(*args)[1]


def test_help_says_what_the_docstrings_say() -> None:
    words = " ".join(given("--help")[1].split())
    assert "--target TEXT A BCP 47 tag, or two." in words
    assert "--rate FLOAT How fast, as in --rate 1.5." in words
    assert field_docs(TranslateRequest)["rate"] == "How fast, as in ``rate=1.5``."


def test_classes_without_a_source_have_no_docs(monkeypatch: pytest.MonkeyPatch) -> None:
    made: Any = type("Made", (), {"__module__": "builtins"})
    assert field_docs(made) == {}


@pytest.mark.parametrize(
    ("doc", "words"),
    [
        ('``kind="abstract"``', "--kind abstract"),
        ("``split=True``", "--split"),
        ("named in ``extra=``", "named in --extra"),
        ("``a == b`` and ``c``", "a == b and c"),
    ],
)
def test_docstrings_are_put_into_the_words_of_the_command_line(doc: str, words: str) -> None:
    assert plain_words(doc) == words


@pytest.mark.parametrize(
    ("hint", "word", "expected"),
    [
        (str, "1", "1"),
        (str | None, "x", "x"),
        (Literal["a", "b"], "c", "c"),
        (bool, "Yes", True),
        (int | None, "3", 3),
        (float, "0.5", 0.5),
        (dict[str, str], '{"a": "b"}', {"a": "b"}),
    ],
)
def test_words_become_what_a_type_says(hint: Any, word: str, expected: Any) -> None:
    assert convert(hint, word, "--extra x") == expected


@pytest.mark.parametrize(("hint", "word"), [(bool, "maybe"), (int, "x"), (dict[str, str], "{")])
def test_words_that_cannot_are_refused(hint: Any, word: str) -> None:
    with pytest.raises(click.UsageError, match="--extra x"):
        convert(hint, word, "--extra x")


def test_the_options_of_a_call_reach_it() -> None:
    values = {
        "provider": ("local",),
        "timeout": 3.0,
        "deadline": 5.0,
        "ignore_unsupported": True,
        "tags": ("team=blue",),
        "extra": ("aws.endpoint_arn=arn:x",),
    }
    with client(values, "text.entities") as (ai, call):
        assert ai.providers == ("local",)
    assert call == {
        "timeout": 3.0,
        "deadline": 5.0,
        "unsupported": "ignore",
        "tags": {"team": "blue"},
        "extra": {"aws": {"endpoint_arn": "arn:x"}},
    }


def test_what_is_not_words_is_handed_over_as_a_name_or_as_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    class Standard:
        class buffer:  # noqa: N801
            @staticmethod
            def read() -> bytes:
                return b"image"

    monkeypatch.setattr("cloudai.cli.media.sys.stdin", Standard)
    assert content_of("photo.jpg") == "photo.jpg"
    assert content_of("-") == b"image"


def test_options_are_checked_once_where_an_input_can_be_made_up() -> None:
    asked_for: list[Any] = []

    @value
    class SoundRequest(Request[Any]):
        inputs: ClassVar[tuple[str, ...]] = ("sound",)

        sound: bytes

    check_options(SoundRequest, asked_for.append)  # type: ignore[arg-type]
    check_options(TranslateRequest, asked_for.append)  # type: ignore[arg-type]
    check_options(ColorsRequest, asked_for.append)  # type: ignore[arg-type]
    assert asked_for == ["words", Image()]


@value
class PagesRequest(Request[Any]):
    inputs: ClassVar[tuple[str, ...]] = ("text",)

    text: str
    pages: tuple[int, ...] | None = None
    ratios: tuple[float, ...] = ()


def test_several_numbers_are_read_as_numbers() -> None:
    seen: dict[str, Any] = {}
    command = click.Command("x", params=field_options(PagesRequest, ""), callback=lambda **given: seen.update(given))
    assert CliRunner().invoke(command, ["--pages", "1,2", "--pages", "5", "--ratios", "1.5, 2"]).exit_code == 0
    assert asked(seen) == {"pages": (1, 2, 5), "ratios": (1.5, 2.0)}
    refused = CliRunner().invoke(command, ["--pages", "1,two"])
    assert refused.exit_code == 2
    assert "'two' is not a whole number" in refused.output
    assert "--pages NUMBER[,NUMBER...]" in CliRunner().invoke(command, ["--help"]).output


def test_a_shell_can_complete_the_names_of_vendors() -> None:
    environment = {
        "_CLOUDAI_COMPLETE": "bash_complete",
        "COMP_WORDS": "cloudai text sentiment -p aws,lo",
        "COMP_CWORD": "4",
    }
    result = CliRunner().invoke(app, [], env=environment, prog_name="cloudai")
    assert "plain,aws,local" in result.stdout.splitlines()
