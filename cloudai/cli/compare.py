"""``cloudai compare``: the same inputs through several vendors, side by side."""

from __future__ import annotations

import signal
import threading
import typing
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from cloudai import operations
from cloudai.cli import exits
from cloudai.cli.app import Group
from cloudai.cli.areas import builder, name_of, notes_of, purpose
from cloudai.cli.fields import asked, field_options
from cloudai.cli.options import client, client_options
from cloudai.operations.request import Request

if TYPE_CHECKING:
    from cloudai.cli.report import Report
    from cloudai.compare import Reading

__all__ = ["Interruption", "check_options", "command"]

HELP = """The same inputs through several vendors, side by side.

    \b
      cloudai compare text.sentiment reviews.csv -p local,aws
      cloudai compare text.language "Guten Tag" "Bom dia" -p local,google

    Shows what each vendor says to each input, how often they agree, how long they take and how often they fail, and
    where the inputs come with the right answers, how often each vendor is right."""


class CompareGroup(Group):
    """A command for each operation."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name_of(name) for name in operations.names()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        request = operations.operations().get(cmd_name.replace("-", "_"))
        return None if request is None else _command(request)


command = CompareGroup("compare", help=HELP, epilog=exits.EPILOG, subcommand_metavar="OPERATION INPUTS...")


def _command(request: type[Request[Any]]) -> click.Command:
    return click.Command(
        name_of(request.operation),
        params=[
            click.Argument(["inputs"], nargs=-1, required=True),
            *field_options(request, notes_of(request)),
            *_reading_options(),
            *_showing_options(),
            *client_options(),
        ],
        callback=partial(_run, request),
        epilog=exits.EPILOG,
        short_help=purpose(request),
        help=f"""{purpose(request)} The same inputs are sent to each vendor, each without fallback.

        INPUTS are words, text files (one text each, or with --lines one a line), tables (.csv, .tsv: a text in each
        row), .jsonl, or - for standard input. Files are read as they are needed, never whole.""",
    )


def _reading_options() -> list[click.Parameter]:
    kinds = click.Choice(["text", "lines", "csv", "tsv", "jsonl"])
    return [
        click.Option(["--lines"], is_flag=True, help="Each line of a text file is an input."),
        click.Option(["--as", "kind"], type=kinds, help="What the files are, whatever their names say."),
        click.Option(["--column"], default="text", show_default=True, help="The column or key with the input."),
        click.Option(
            ["--reference"], metavar="COLUMN", help="The column with the right answer; found by its name where it can."
        ),
        click.Option(["--encoding"], default="utf-8", show_default=True, help="The encoding of the files."),
        click.Option(["--text", "literal"], is_flag=True, help="INPUTS are the texts themselves, not files."),
    ]


def _showing_options() -> list[click.Parameter]:
    at_least_one = click.IntRange(min=1)
    return [
        click.Option(["--limit"], type=click.IntRange(min=0), default=20, show_default=True, help="Rows to show."),
        click.Option(["--all", "everything"], is_flag=True, help="Show all rows."),
        click.Option(["--differences"], is_flag=True, help="Show only rows where answers differ or are missing."),
        click.Option(["--json", "as_json"], is_flag=True, help="Print the whole comparison as one JSON document."),
        click.Option(["--raw"], is_flag=True, help="Print JSON with the vendors' own answers in it."),
        click.Option(
            ["--concurrency"], type=at_least_one, default=8, show_default=True, help="Inputs under way at each vendor."
        ),
    ]


def _run(request: type[Request[Any]], **values: Any) -> None:
    from cloudai.cli.report import Document, Screen
    from cloudai.compare import Reading, read, run
    from cloudai.compare.reference import reference_names

    make = builder(request, asked(values))
    check_options(request, make)
    reading = Reading(
        kind="lines" if values["lines"] else values["kind"],
        column=values["column"],
        reference=values["reference"],
        references=reference_names(request),
        encoding=values["encoding"],
        literal=values["literal"],
    )
    inputs: Sequence[str] = values["inputs"]
    if inputs.count("-") > 1:
        raise click.UsageError("standard input can be read once")
    total = _count(inputs, reading)
    with client(values, request.operation) as (ai, call):
        report: Report = (
            Document(request.operation, ai.providers, raw=values["raw"])
            if values["as_json"] or values["raw"]
            else Screen(
                request.operation,
                ai.providers,
                limit=None if values["everything"] else values["limit"],
                differences=values["differences"],
            )
        )
        items = read(inputs, reading)
        rows = run(ai, items, make, concurrency=values["concurrency"], **call)
        with closing(rows):  # type: ignore[type-var]
            code = _collect(rows, report, total)
    if code:
        click.get_current_context().exit(code)


def check_options(request: type[Request[Any]], make: Callable[[Any], Request[Any]]) -> None:
    """Raises once what would be wrong with the options for every input; nothing is known where inputs are not words."""
    if typing.get_type_hints(request)[request.inputs[0]] is str:
        make("words")


def _count(inputs: Sequence[str], reading: Reading) -> int | None:
    """How many inputs there are; None where they can be read only once. Files that cannot be read end it here, before
    any vendor has been asked."""
    from cloudai.compare.inputs import read, same_twice

    if not same_twice(inputs, reading):
        return None
    total = sum(1 for _ in read(inputs, reading))
    if not total:
        raise click.UsageError(f"there is nothing to compare: {', '.join(inputs)} holds no rows")
    return total


def _collect(rows: Iterator[Any], report: Report, total: int | None) -> int:
    """Hands the rows to the report as they come. What has been answered is reported, however it ends."""
    failed = False
    try:
        with Interruption() as interruption, _progress(total, quiet=report.writes_as_it_goes) as advance:
            for row in rows:
                with interruption.later():
                    report.add(row)
                failed = failed or not row.ok
                advance()
    except KeyboardInterrupt:
        if report.inputs:
            report.end(f"interrupted after {report.inputs:,}{f' of {total:,}' if total else ''} inputs")
        return exits.INTERRUPTED
    except BaseException:
        if report.inputs:
            report.end(f"ended by an error after {report.inputs:,} inputs")
        raise
    if not report.inputs:
        raise click.UsageError("there is nothing to compare: the input holds no rows")
    report.end(None)
    return exits.SOME_FAILED if failed else exits.OK


class Interruption:
    """Lets Ctrl-C in between two rows, never in the middle of one that is being written."""

    def __init__(self) -> None:
        self._writing = self._came = False
        self._usual: Any = None

    def __enter__(self) -> Interruption:
        # Handlers belong to the main thread; in another one nobody is interrupted.
        if threading.current_thread() is threading.main_thread():
            self._usual = signal.signal(signal.SIGINT, self._come)
        return self

    def __exit__(self, *error: object) -> None:
        if self._usual is not None:
            signal.signal(signal.SIGINT, self._usual)

    def _come(self, number: int, frame: object) -> None:
        # The second time it counts at once: what is written to may be stuck.
        if not self._writing or self._came:
            raise KeyboardInterrupt
        self._came = True

    @contextmanager
    def later(self) -> Iterator[None]:
        """Holds an interruption back until the end of the block."""
        self._writing = True
        try:
            yield
        finally:
            self._writing = False
        if self._came:
            raise KeyboardInterrupt


@contextmanager
def _progress(total: int | None, *, quiet: bool) -> Iterator[Any]:
    from cloudai.cli import screen

    console = screen.output(stderr=True)
    if not console.is_terminal or (quiet and screen.output().is_terminal):
        yield lambda: None
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("comparing"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=total)
        yield lambda: progress.advance(task)
