"""``cloudai compare``: the same inputs through several vendors, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from cloudai import operations
from cloudai.cli import exits
from cloudai.cli.app import Group
from cloudai.cli.areas import builder, check_options, name_of, notes_of, purpose
from cloudai.cli.fields import asked, field_options
from cloudai.cli.media import fixed_arguments, fixed_inputs, media_type, note_on_files, read_once
from cloudai.cli.options import client, client_options
from cloudai.cli.progress import Interruption, progress
from cloudai.operations.request import Request

if TYPE_CHECKING:
    from cloudai.cli.report import Report
    from cloudai.compare import Reading

__all__ = ["command"]

HELP = """The same inputs through several vendors, side by side.

    \b
      cloudai compare text.sentiment reviews.csv -p local,aws
      cloudai compare text.language "Guten Tag" "Bom dia" -p local,google
      cloudai compare vision.labels photos/ -p aws,google

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
    media = media_type(request)
    name = "INPUTS" if media is None else request.inputs[-1].upper()
    return click.Command(
        name_of(request.operation),
        params=[
            *fixed_arguments(request),
            click.Argument(["inputs"], nargs=-1, required=True, metavar=f"{name}..."),
            *field_options(request, notes_of(request)),
            *_reading_options(media),
            *_showing_options(),
            *client_options(),
        ],
        callback=partial(_run, request),
        epilog=exits.EPILOG,
        short_help=purpose(request),
        help=f"""{purpose(request)} The same inputs are sent to each vendor, each without fallback.

        {_WORDS if media is None else note_on_files(request) + _TABLES}""",
    )


_WORDS = """INPUTS are words, text files (one text each, or with --lines one a line), tables (.csv, .tsv: a text in each
        row), .jsonl, or - for standard input. Files are read as they are needed, never whole."""
_TABLES = """ Tables (.csv, .tsv, .jsonl) and with --lines text files hold paths, from where the table is, or
        addresses."""
_PATHS = ("image", "path", "file", "url")
"""Columns that hold a path or an address, where none is named."""


def _reading_options(media: type | None) -> list[click.Parameter]:
    kinds = ["text", "lines", "csv", "tsv", "jsonl"]
    column = "text"
    if media is not None:
        kinds.remove("text")
        column = f"{', '.join(_PATHS[:-1])} or {_PATHS[-1]}"
    literal = click.Option(["--text", "literal"], is_flag=True, help="INPUTS are the texts themselves, not files.")
    return [
        click.Option(["--lines"], is_flag=True, help="Each line of a text file is an input."),
        click.Option(["--as", "kind"], type=click.Choice(kinds), help="What the files are, whatever their names say."),
        click.Option(["--column"], help=f"The column or key with the input.  [default: {column}]"),
        click.Option(
            ["--reference"], metavar="COLUMN", help="The column with the right answer; found by its name where it can."
        ),
        click.Option(["--encoding"], default="utf-8", show_default=True, help="The encoding of the files."),
        *([literal] if media is None else []),
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

    inputs: Sequence[str] = values["inputs"]
    read_once(request, values, inputs)
    make = builder(request, asked(values), *fixed_inputs(request, values))
    check_options(request, make)
    media = media_type(request)
    usual = ("text",) if media is None else _PATHS
    reading = Reading(
        kind="lines" if values["lines"] else values["kind"],
        column=values["column"] or usual[0],
        columns=() if values["column"] else usual[1:],
        media=media,
        reference=values["reference"],
        references=reference_names(request),
        encoding=values["encoding"],
        literal=values.get("literal", False),
    )
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
    from cloudai.cli import screen

    failed = False
    quiet = report.writes_as_it_goes and screen.output().is_terminal
    try:
        with Interruption() as interruption, progress("comparing", total, quiet=quiet) as bar:
            for row in rows:
                with interruption.later():
                    report.add(row)
                failed = failed or not row.ok
                bar.advance()
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
