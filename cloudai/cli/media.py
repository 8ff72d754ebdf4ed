"""Commands whose inputs are files rather than words: one file, or many with a section for each."""

from __future__ import annotations

import sys
import typing
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from cloudai.cli import exits, screen
from cloudai.errors import CloudAIError, InvalidRequestError
from cloudai.operations.request import Request
from cloudai.types.value import Result

if TYPE_CHECKING:
    from cloudai.cli.draw import Drawings
    from cloudai.client import CloudAI

__all__ = [
    "fixed_arguments",
    "fixed_inputs",
    "media_command_options",
    "media_type",
    "note_on_files",
    "read_once",
    "run_media",
]

STDIN = "-"
"""Not from ``compare``, which imports the client: help is quick."""
Build = Callable[[Any], Request[Any]]


# --- what a request takes --------------------------------------------------------------------------------------------


def media_type(request: type[Request[Any]]) -> type | None:
    """What the inputs of a request are where they are files, such as ``Image``; None where they are words."""
    hint = typing.get_type_hints(request)[request.inputs[-1]]
    return None if hint is str else hint


def fixed_arguments(request: type[Request[Any]]) -> list[click.Parameter]:
    """The arguments before the last input, of which there is one each."""
    return [click.Argument([f"input_{name}"], metavar=name.upper()) for name in request.inputs[:-1]]


def fixed_inputs(request: type[Request[Any]], values: Mapping[str, Any]) -> list[Any]:
    """What stands for these arguments, read once."""
    media = media_type(request)
    return [_loaded(media, content_of(given)) for given in _fixed_names(request, values)]


def _fixed_names(request: type[Request[Any]], values: Mapping[str, Any]) -> list[str]:
    return [values[f"input_{name}"] for name in request.inputs[:-1]]


def _loaded(media: type | None, content: Any) -> Any:
    return media.of(content) if media is not None and hasattr(media, "of") else content


def content_of(given: str) -> Any:
    """What is handed over for an argument: bytes for standard input, else the path or the address."""
    return sys.stdin.buffer.read() if given == STDIN else given


def read_once(request: type[Request[Any]], values: Mapping[str, Any], inputs: Sequence[str]) -> None:
    """Raises where standard input is named more than once."""
    if [*_fixed_names(request, values), *inputs].count(STDIN) > 1:
        raise click.UsageError("standard input can be read once")


def note_on_files(request: type[Request[Any]]) -> str:
    """What may stand for an input, in the words of a command's help."""
    from cloudai.compare.files import word_for

    *fixed, last = (name.upper() for name in request.inputs)
    media = media_type(request)
    note = (
        f"{last} is a file, a folder (the {word_for(media or object)} in it), a pattern in quotes such as 'photos/**',"
        " an address (https://, s3://, gs://), or - for standard input; several may be named."
    )
    return f"{' and '.join(fixed)} is one file, address or -. {note}" if fixed else note


def media_command_options(request: type[Request[Any]]) -> list[click.Parameter]:
    """The options that only commands about files have."""
    many = click.IntRange(min=1)
    options: list[click.Parameter] = [
        click.Option(["--concurrency"], type=many, default=8, show_default=True, help="Files under way at once.")
    ]
    if hasattr(request.result, "draw"):
        options += [
            click.Option(
                ["--draw"], metavar="FILE", help="Draw the result on the picture and save it here; a folder for many."
            ),
            click.Option(["--draw-page"], type=many, default=1, help="Which page of a document to draw on."),
        ]
    return options


# --- what is asked ---------------------------------------------------------------------------------------------------


def run_media(request: type[Request[Any]], make: Callable[..., Build], values: Mapping[str, Any]) -> int:
    """Asks about the files that are named, and returns what the command exits with."""
    from cloudai.cli.options import client
    from cloudai.compare.files import found

    given: Sequence[str] = values["inputs"]
    read_once(request, values, given)
    files = [name for item in given for name in found(item, media_type(request) or object)]
    # A folder or a pattern is many, also when it holds one: what comes out does not depend on what lies there.
    many = files != [given[0]]
    drawings = _drawings(request, values, files, many=many)
    build = make(*fixed_inputs(request, values))
    made = None if many else build(content_of(files[0]))
    with client(values, request.operation) as (ai, call):
        if made is None:
            answers = _answers(ai, files, build, values["concurrency"], call)
            report: Report = (
                Documents(raw=values["raw"]) if values["as_json"] or values["raw"] else Sections(len(files))
            )
            return _collect(answers, report, drawings, len(files))
        return _one(ai.run(made, **call), made, drawings, values)


def _drawings(
    request: type[Request[Any]], values: Mapping[str, Any], files: Sequence[str], *, many: bool
) -> Drawings | None:
    if not values.get("draw"):
        return None
    from cloudai.cli.draw import Drawings

    return Drawings(values["draw"], files, _fixed_names(request, values), many=many, page=values["draw_page"])


def _one(result: Result, made: Request[Any], drawings: Drawings | None, values: Mapping[str, Any]) -> int:
    from cloudai.cli.show import failed_parts, put

    put(result, as_json=values["as_json"], raw=values["raw"])
    if drawings is not None:
        # What was paid for is shown, also where it cannot be drawn.
        sys.stdout.flush()
        drawings.save(0, result, made)
    return exits.SOME_FAILED if failed_parts(result) else exits.OK


@dataclass(slots=True)
class Answer:
    """What became of one file."""

    index: int
    name: str
    request: Request[Any] | None = None
    result: Result | None = None
    error: CloudAIError | None = None
    drawn: str | None = None
    """Where the picture with the result is."""

    @property
    def ok(self) -> bool:
        from cloudai.cli.show import failed_parts

        return self.error is None and self.result is not None and not failed_parts(self.result)


def _answers(
    ai: CloudAI, files: Sequence[str], build: Build, concurrency: int, call: Mapping[str, Any]
) -> Iterator[Answer]:
    """An answer for each file, in order. Files are read as there is room, and not kept."""
    waiting: deque[Answer] = deque()

    def requests() -> Iterator[Request[Any]]:
        for index, name in enumerate(files):
            try:
                request = build(content_of(name))
            except InvalidRequestError as error:
                waiting.append(Answer(index, name, error=error))
            else:
                waiting.append(Answer(index, name))
                yield request

    first = True
    with closing(ai.run_many(requests(), concurrency=concurrency, **call)) as outcomes:  # type: ignore[type-var]
        for outcome in outcomes:
            while waiting[0].error is not None:
                yield waiting.popleft()
            if first:
                _give_up(outcome.error)
            first = False
            answer = waiting.popleft()
            answer.request, answer.result, answer.error = outcome.request, outcome.result, outcome.error
            yield answer
    yield from waiting


def _give_up(error: CloudAIError | None) -> None:
    """Raises what a vendor says of whoever asks: it would say so of every other file as well."""
    from cloudai.compare.run import NEVER_BETTER

    if isinstance(error, NEVER_BETTER):
        raise error


# --- what comes out --------------------------------------------------------------------------------------------------


class Report(ABC):
    """Takes the answers as they come."""

    @abstractmethod
    def add(self, answer: Answer) -> None:
        """Writes one."""

    def end(self) -> None:
        """Writes what belongs behind the last."""
        return


class Documents(Report):
    """One JSON document, a list, written answer by answer."""

    def __init__(self, *, raw: bool) -> None:
        self._raw = raw
        self._begun = False

    def add(self, answer: Answer) -> None:
        from cloudai.cli.report import error_data

        entry: dict[str, Any] = {"input": _shown(answer.name)}
        if answer.result is not None:
            entry["result"] = answer.result.to_dict(raw=self._raw)
        if answer.drawn is not None:
            entry["drawn"] = answer.drawn
        if answer.error is not None:
            entry["error"] = error_data(answer.error)
        sys.stdout.write((",\n" if self._begun else "[\n") + screen.dumps(entry))
        self._begun = True

    def end(self) -> None:
        sys.stdout.write("\n]\n" if self._begun else "[]\n")


class Sections(Report):
    """For people: each file's name, with what a single answer looks like under it."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._console = screen.output()

    def add(self, answer: Answer) -> None:
        from cloudai.cli.show import show

        counted = f"{answer.index + 1}/{self._total}"
        screen.write(self._console, screen.words(f"{counted} {_shown(answer.name)}", "bold"))
        if answer.result is not None:
            show(answer.result, self._console)
        if answer.drawn is not None:
            screen.write(self._console, screen.words(f"drawn on {answer.drawn}", "dim"))
        if answer.error is not None:
            screen.write(self._console, screen.words(f"{type(answer.error).__name__}: {answer.error}", "red"))
        screen.write(self._console, "")


def _shown(name: str) -> str:
    return "standard input" if name == STDIN else name


def _collect(answers: Iterator[Answer], report: Report, drawings: Drawings | None, total: int) -> int:
    """Reports the answers as they come. What has been answered is reported, however it ends."""
    from cloudai.cli.progress import Interruption, progress

    seen = failed = 0
    try:
        with Interruption() as interruption, progress("asking", total) as bar, closing(answers):  # type: ignore[type-var]
            for answer in answers:
                with interruption.later():
                    _draw(answer, drawings)
                    # Nothing of a picture is held on to once it is drawn.
                    answer.request = None
                    with bar.aside():
                        report.add(answer)
                        sys.stdout.flush()
                    seen += 1
                    failed += not answer.ok
                bar.advance()
    except KeyboardInterrupt:
        report.end()
        screen.note(f"interrupted after {seen:,} of {total:,}")
        return exits.INTERRUPTED
    except BaseException:
        if seen:
            report.end()
        raise
    report.end()
    if failed:
        screen.note(f"{failed:,} of {total:,} failed")
    return exits.SOME_FAILED if failed else exits.OK


def _draw(answer: Answer, drawings: Drawings | None) -> None:
    if drawings is None or answer.result is None or answer.request is None:
        return
    try:
        answer.drawn = drawings.save(answer.index, answer.result, answer.request)
    except CloudAIError as error:
        answer.error = error
