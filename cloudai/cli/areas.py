"""A command for every operation there is: read from the requests, so that a new operation is a new command."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import click

from cloudai import operations
from cloudai.cli import exits
from cloudai.cli.app import Group
from cloudai.cli.fields import asked, field_options, plain_words
from cloudai.cli.media import fixed_arguments, media_command_options, media_type, note_on_files, run_media
from cloudai.cli.options import client, client_options
from cloudai.operations.area import Area, operation
from cloudai.operations.request import Request

__all__ = ["AreaGroup", "area_class", "builder", "check_options", "name_of", "notes_of", "purpose"]


class AreaGroup(Group):
    """The operations of one area."""

    def __init__(self, area: str) -> None:
        # The rest of the docstring is for those who write Python.
        super().__init__(area, help=(area_class(area).__doc__ or "").partition(". ")[0] + ".")
        self.area = area

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name_of(name.partition(".")[2]) for name in operations.names() if name.startswith(f"{self.area}.")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        request = operations.operations().get(f"{self.area}.{cmd_name.replace('-', '_')}")
        return None if request is None else _command(request)


def name_of(name: str) -> str:
    """A name as commands are spelled."""
    return name.replace("_", "-")


def area_class(area: str) -> type[Area[Any]]:
    """The class with the client methods of an area."""
    module = sys.modules[operations.operations()[_first(area)].__module__]
    return next(
        item
        for item in vars(module).values()
        if isinstance(item, type) and issubclass(item, Area) and item.__module__ == module.__name__
    )


def _first(area: str) -> str:
    return next(name for name in operations.names() if name.startswith(f"{area}."))


def _method(request: type[Request[Any]]) -> operation[..., Any]:
    area, _, name = request.operation.partition(".")
    found: operation[..., Any] = getattr(area_class(area), name)
    return found


def builder(request: type[Request[Any]], fields: dict[str, Any], *fixed: Any) -> Callable[[Any], Request[Any]]:
    """What makes a request out of an input, as the client's method does; ``fixed`` are the inputs before it."""
    build = _method(request).__wrapped__

    def make(content: Any) -> Request[Any]:
        made: Request[Any] = build(None, *fixed, content, **fields)[0]
        return made

    return make


def purpose(request: type[Request[Any]]) -> str:
    """What an operation is for, in the words of its method."""
    return plain_words(_method(request).__doc__ or "")


def notes_of(request: type[Request[Any]]) -> str:
    """What the area of an operation says about all its operations."""
    return area_class(request.operation.partition(".")[0]).__doc__ or ""


def _command(request: type[Request[Any]]) -> click.Command:
    if media_type(request) is not None:
        return _media_command(request)
    name = request.inputs[0]
    note = f"{name.upper()} is words, a file (UTF-8), or - for standard input."
    return click.Command(
        name_of(request.operation.partition(".")[2]),
        params=[
            click.Argument(["content"], metavar=name.upper()),
            *field_options(request, notes_of(request)),
            click.Option(["--text", "literal"], is_flag=True, help=f"{name.upper()} is the text itself, not a file."),
            *_output_options(),
            *client_options(),
        ],
        callback=partial(_run, request),
        help=f"{purpose(request)}\n\n{note}",
        short_help=purpose(request),
    )


def _media_command(request: type[Request[Any]]) -> click.Command:
    name = request.inputs[-1]
    return click.Command(
        name_of(request.operation.partition(".")[2]),
        params=[
            *fixed_arguments(request),
            click.Argument(["inputs"], nargs=-1, required=True, metavar=f"{name.upper()}..."),
            *field_options(request, notes_of(request)),
            *_output_options(),
            *media_command_options(request),
            *client_options(),
        ],
        callback=partial(_run_media, request),
        help=f"{purpose(request)}\n\n{note_on_files(request)}",
        short_help=purpose(request),
        epilog=exits.EPILOG,
    )


def _output_options() -> list[click.Parameter]:
    return [
        click.Option(["--json", "as_json"], is_flag=True, help="Print the result as one JSON document."),
        click.Option(["--raw"], is_flag=True, help="Print JSON with the vendor's own answer in it."),
    ]


def _run_media(request: type[Request[Any]], **values: Any) -> None:
    def make(*fixed: Any) -> Callable[[Any], Request[Any]]:
        made = builder(request, asked(values), *fixed)
        check_options(request, made)
        return made

    code = run_media(request, make, values)
    if code:
        click.get_current_context().exit(code)


def check_options(request: type[Request[Any]], make: Callable[[Any], Request[Any]]) -> None:
    """Raises once what would be wrong with the options for every input; nothing is known where none can be made up."""
    media = media_type(request)
    if media is None:
        make("words")
    elif hasattr(media, "of"):
        make(media())


def _run(request: type[Request[Any]], **values: Any) -> None:
    made = builder(request, asked(values))(_words(values))
    with client(values, request.operation) as (ai, call):
        result = ai.run(made, **call)
    from cloudai.cli.show import put

    put(result, as_json=values["as_json"], raw=values["raw"])


def _words(values: dict[str, Any]) -> str:
    """The text that an argument stands for."""
    from cloudai.compare.inputs import decode, seems_a_file

    given: str = values["content"]
    if values["literal"]:
        return given
    if given == "-":
        return _last_line_end(decode(sys.stdin.buffer.read(), "standard input"))
    if os.path.isdir(given):
        raise click.UsageError(f"{given} is a directory: name a file, or say --text for the word itself")
    if os.path.exists(given):
        try:
            with open(given, "rb") as file:
                return _last_line_end(decode(file.read(), given))
        except OSError as error:
            raise click.UsageError(f"{given} cannot be read: {error.strerror or error}") from error
    if seems_a_file(given):
        raise click.UsageError(f"there is no file {given}; say --text for the words themselves")
    return given


def _last_line_end(text: str) -> str:
    # What editors and echo put behind the last line is no part of what was said, and vendors charge for it.
    return text.removesuffix("\n").removesuffix("\r")
