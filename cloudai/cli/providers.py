"""``cloudai providers``: who can do what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from cloudai.cli import exits
from cloudai.cli.app import debug_option

if TYPE_CHECKING:
    from rich.text import Text

    from cloudai.providers import Provider
    from cloudai.providers.capability import Capability

__all__ = ["command"]


@click.command(
    "providers",
    epilog=exits.EPILOG,
    short_help="Which vendor can do what.",
    help="""Which vendor can do what: read from the code, and for offline engines from what is installed.

    With an OPERATION, or with -v for all of them: which options each vendor can express, which options are its own,
    and the longest text that it takes in one call.""",
)
@click.argument("operation", required=False)
@click.option("-v", "--verbose", is_flag=True, help="Options, own options and limits.")
@click.option("--options", "named", metavar="OPERATION", help="The same as naming the operation.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(operation: str | None, verbose: bool, named: str | None, as_json: bool) -> None:
    from cloudai import operations
    from cloudai.cli import screen
    from cloudai.providers.capability import capabilities

    wanted = operation or named
    if wanted is not None:
        wanted = operations.find(wanted.replace("-", "_")).operation
    vendors = known_vendors()
    rows = [row for row in capabilities(vendors) if wanted in (None, row.operation)]
    if as_json:
        screen.document([row.to_dict() for row in rows])
    elif verbose or wanted:
        _details(rows)
    else:
        _matrix(rows, vendors)


command.params.append(debug_option())


def known_vendors() -> list[Provider]:
    """The vendors that are installed here; one that cannot be loaded is named on standard error and left out."""
    from cloudai import providers
    from cloudai.cli import screen

    found = []
    for name in providers.names():
        try:
            found.append(providers.find(name))
        # Somebody else's package may raise anything.
        except Exception as error:
            screen.note(f"{name} cannot be loaded: {type(error).__name__}: {error}")
    return found


def _matrix(rows: Sequence[Capability], vendors: Sequence[Provider]) -> None:
    from cloudai.cli import screen

    console = screen.output()
    table = screen.table()
    table.add_column("operation")
    for vendor in vendors:
        table.add_column(screen.words(vendor.name))
    by_place = {(row.operation, row.provider): row for row in rows}
    for name in dict.fromkeys(row.operation for row in rows):
        table.add_row(name, *(_mark(by_place[name, vendor.name]) for vendor in vendors))
    screen.write(console, table)
    screen.write(console, "")
    reasons = dict.fromkeys(f"{row.provider}: {row.reason}" for row in rows if row.reason)
    for reason in reasons:
        screen.write(console, screen.words(reason, "dim"))
    screen.write(console, screen.words("-v or an operation's name shows options and limits", "dim"))


def _mark(row: Capability) -> Text:
    from cloudai.cli import screen

    if row.supported:
        return screen.words("yes", "green")
    return screen.words("not installed", "yellow") if row.reason else screen.words("-", "dim")


def _details(rows: Sequence[Capability]) -> None:
    from cloudai.cli import screen

    console = screen.output()
    for name in dict.fromkeys(row.operation for row in rows):
        table = screen.table(title=name)
        for title in ("vendor", "options", "cannot express", "own options (--extra)", "longest text"):
            table.add_column(title, overflow="fold")
        for row in rows:
            if row.operation == name and (row.supported or row.reason):
                table.add_row(*(screen.words(cell) for cell in _detail(row)))
        screen.write(console, table)
        screen.write(console, "")


def _detail(row: Capability) -> list[Any]:
    if not row.supported:
        return [row.provider, row.reason, "", "", ""]
    limit = f"{row.limit:,} {row.limit_unit}" if row.limit is not None else ""
    extra = ", ".join(f"{row.provider}.{name}" for name in row.extra)
    return [row.provider, ", ".join(row.options) or "none", ", ".join(row.missing_options), extra, limit]
