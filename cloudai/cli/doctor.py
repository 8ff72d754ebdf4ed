"""``cloudai doctor``: what is ready here, and what is missing."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from cloudai.cli import exits
from cloudai.cli.app import debug_option

if TYPE_CHECKING:
    from rich.text import Text

    from cloudai.providers.doctor import Check, Examination
    from cloudai.settings import ProviderSettings

__all__ = ["command"]

_SIGNS = {"ok": ("✓", "ok", "green"), "missing": ("✗", "missing", "red"), "note": ("·", "note", "yellow")}


@click.command(
    "doctor",
    epilog=exits.EPILOG,
    short_help="Which vendors are ready here, and what is missing.",
    help="""Which vendors are ready here, and for the others what to install or set.

    Looks at packages, settings and environment variables; nothing is sent, and no key is shown. Whether a key is
    accepted only the vendor can say. Exits with 0 if a vendor is ready, or, where VENDORS are named, if all of them
    are.""",
)
@click.argument("vendors", nargs=-1)
@click.option("--config", type=click.Path(), metavar="FILE", help="A TOML file with vendors and settings.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def command(ctx: click.Context, vendors: tuple[str, ...], config: str | None, as_json: bool) -> None:
    from cloudai import providers
    from cloudai.cli import screen
    from cloudai.providers.doctor import examine

    usual, chosen = _settings(vendors, config)
    found = [examine(providers.find(settings.provider), settings) for settings in chosen]
    if as_json:
        screen.document(
            {"usual": usual, "vendors": [{**item.to_dict(), "ready": item.ready} for item in found]},
        )
    else:
        _show(found, usual)
    ready = [item.ready for item in found]
    if not (all(ready) if vendors else any(ready)):
        ctx.exit(exits.FAILED)


command.params.append(debug_option())


def _settings(vendors: Sequence[str], path: str | None) -> tuple[list[str], list[ProviderSettings]]:
    """The vendors that are asked by default, and the settings of those to look at: all that there are, by default."""
    from cloudai import config, providers
    from cloudai.cli.providers import known_vendors
    from cloudai.settings import ProviderSettings

    environ = {**os.environ, "CLOUDAI_CONFIG": path} if path else dict(os.environ)
    described: dict[str, ProviderSettings] = {}
    usual: list[str] = []
    if environ.get("CLOUDAI_CONFIG") or environ.get("CLOUDAI_PROVIDERS", "").strip(", "):
        for choice in config.from_environment(environ).providers:
            settings = choice if isinstance(choice, ProviderSettings) else providers.find(choice).settings()
            described[settings.label] = settings
            usual.append(settings.label)
    if vendors:
        return usual, [described[name] if name in described else providers.find(name).settings() for name in vendors]
    covered = {settings.provider for settings in described.values()}
    others = [vendor.settings() for vendor in known_vendors() if vendor.name not in covered]
    return usual, [*described.values(), *others]


def _show(found: Sequence[Examination], usual: Sequence[str]) -> None:
    from rich.table import Table

    from cloudai.cli import screen

    console = screen.output()
    signs = console.encoding.lower().startswith("utf")
    for item in found:
        title = f"{item.provider}  {item.title}" if item.provider != item.title else item.title
        heading = screen.words(f"{title}: {'ready' if item.ready else 'not ready'}", "bold")
        screen.write(console, heading)
        grid = Table.grid(padding=(0, 2), pad_edge=False)
        for _ in range(3):
            grid.add_column(overflow="fold")
        for check in item.checks:
            sign, word, style = _SIGNS[check.state]
            grid.add_row(screen.words(f"  {sign if signs else word}", style), screen.words(check.subject), _told(check))
        screen.write(console, grid)
        screen.write(console, "")
    names = (
        f"asked unless -p says otherwise: {', '.join(usual)}"
        if usual
        else ("no vendor is asked by default: say -p, or set CLOUDAI_PROVIDERS or CLOUDAI_CONFIG")
    )
    screen.write(console, screen.words(names, "dim"))


def _told(check: Check) -> Text:
    from cloudai.cli import screen

    text = screen.words(check.found)
    if check.way_out:
        text.append_text(screen.words(f"{': ' if check.found else ''}{check.way_out}"))
    return text
