"""The root of the command line: which commands there are, and how each of them ends."""

from __future__ import annotations

import errno
import importlib
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NoReturn

import click

from cloudai import __version__
from cloudai.cli import exits
from cloudai.errors import CloudAIError

__all__ = ["App", "Group", "State", "app", "debug_option"]

_COMMANDS = ("compare", "providers", "doctor")
_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@dataclass
class State:
    """What holds for one run of the command line."""

    debug: bool = False


class Group(click.Group):
    """A group that names the nearest command when there is none of a name."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            from difflib import get_close_matches

            known = self.list_commands(ctx)
            near = get_close_matches(name.replace("_", "-"), known, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}."
            raise click.UsageError(f"there is no command {name!r}: {hint}", ctx=ctx) from None


class App(Group):
    """A group whose commands are imported when they are used, and whose errors are messages, not tracebacks."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        from cloudai.operations import area_names

        return [*area_names(), *_COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        from cloudai.operations import area_names

        if cmd_name in _COMMANDS:
            command: click.Command = importlib.import_module(f"cloudai.cli.{cmd_name}").command
            return command
        if cmd_name in area_names():
            from cloudai.cli.areas import AreaGroup

            return AreaGroup(cmd_name)
        return None

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = False,  # A text may well hold an asterisk or a percent sign.
        **extra: Any,
    ) -> NoReturn:
        state = State()
        _prepare_output()
        try:
            code = super().main(
                args,
                prog_name,
                complete_var,
                standalone_mode=False,
                windows_expand_args=windows_expand_args,
                obj=state,
                **extra,
            )
            sys.stdout.flush()
        except click.Abort:
            code = exits.INTERRUPTED
        except click.ClickException as error:
            error.show()
            code = error.exit_code
        except CloudAIError as error:
            _trace(state)
            _complain(error)
            code = exits.code_of(error)
        except OSError as error:
            _trace(state)
            # Whoever read a pipe has seen enough; a full disk is told.
            if error.errno != errno.EPIPE:
                click.echo(f"Error: {error}", err=True)
            # What is still in the buffer has nowhere to go, and Python would try once more.
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = exits.FAILED
        sys.exit(code if isinstance(code, int) else exits.OK)


def _prepare_output() -> None:
    """Output never fails for a letter that the terminal cannot show: it is written as its number."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _complain(error: CloudAIError) -> None:
    click.echo(f"Error: {error}", err=True)
    for note in getattr(error, "__notes__", ()):
        click.echo(f"Error: {note}", err=True)
    words = exits.way_out(error)
    if words:
        click.echo(f"Try: {words}.", err=True)


def _trace(state: State) -> None:
    if state.debug:
        import traceback

        traceback.print_exc()


def _debug(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        ctx.ensure_object(State).debug = True
        logging.basicConfig(format="%(name)s %(levelname)s %(message)s")
        logging.getLogger("cloudai").setLevel(logging.DEBUG)


def debug_option() -> click.Option:
    """``--debug``, for the root and for every command."""
    return click.Option(
        ["--debug"],
        is_flag=True,
        expose_value=False,
        callback=_debug,
        help="Show the traceback of an error, and what is sent when (never what it says).",
    )


app = App(
    name="cloudai",
    context_settings=_SETTINGS,
    params=[debug_option()],
    epilog=exits.EPILOG,
    help="""One way to ask for text analysis, vision and more, whoever answers: AWS, Azure, Google Cloud or offline
    engines.

    \b
      cloudai text sentiment "I love it" -p local
      cloudai vision text scans/ -p local --draw drawn/
      cloudai compare text.sentiment reviews.csv -p local,aws

    The vendors come from -p, else from CLOUDAI_PROVIDERS or the file that CLOUDAI_CONFIG names.""",
)
click.version_option(__version__, prog_name="cloudai")(app)
