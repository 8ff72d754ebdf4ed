"""The fields of a request as options of the command line."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from functools import cache, partial
from itertools import pairwise
from typing import Any, Literal, Union

import click

from cloudai.operations.request import Request

__all__ = ["asked", "field_docs", "field_options", "kinds_of", "parted", "plain_words"]

_PREFIX = "field_"
"""What the parameters of request fields are called by, so that a field may be named like a common option."""


def field_options(cls: type[Request[Any]], notes: str) -> list[click.Parameter]:
    """An option for each field of a request that says how it is to be answered.

    What an option does, the docstring under its field says; else the sentence of ``notes``, the docstring of the area,
    that begins with the field's name.
    """
    hints, options = typing.get_type_hints(cls), []
    for item in fields(cls):
        if item.name not in cls.inputs:
            option = _option(item, hints[item.name])
            option.words = partial(_words, cls, notes, item.name)
            options.append(option)
    return [*options]


def _words(cls: type[Request[Any]], notes: str, name: str) -> str:
    return plain_words(field_docs(cls).get(name) or _sentence(notes, name))


def _sentence(notes: str, name: str) -> str:
    match = re.search(rf"``{name}`` is (.+?)\.(?:\s|$)", notes, re.DOTALL)
    return f"{match[1][0].upper()}{match[1][1:]}." if match else ""


def asked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a request that were given on the command line."""
    return {
        name.removeprefix(_PREFIX): value
        for name, value in values.items()
        if name.startswith(_PREFIX) and value not in (None, ())
    }


def _option(item: Field[Any], hint: Any) -> FieldOption:
    flag, kinds = item.name.replace("_", "-"), kinds_of(hint)
    required = item.default is MISSING and item.default_factory is MISSING
    decls = [f"--{flag}", f"{_PREFIX}{item.name}"]
    if bool in kinds:
        if item.default is True:
            return FieldOption([f"--{flag}/--no-{flag}", decls[1]], default=None, required=required)
        return FieldOption(decls, is_flag=True, default=None, required=required)
    sequence = next((kind for kind in kinds if typing.get_origin(kind) is tuple), None)
    if sequence is not None:
        part = typing.get_args(sequence)[0]
        word, read = ("NUMBER", partial(_numbers, part)) if part in (int, float) else ("WORD", parted)
        return FieldOption(decls, multiple=True, callback=read, metavar=f"{word}[,{word}...]", required=required)
    labels = [label for kind in kinds if typing.get_origin(kind) is Literal for label in typing.get_args(kind)]
    if labels and str not in kinds:
        return FieldOption(decls, type=click.Choice([str(label) for label in labels]), required=required)
    number: Any = next((kind for kind in kinds if kind in (int, float)), str)
    return FieldOption(decls, type=number, required=required)


def kinds_of(hint: Any) -> list[Any]:
    """What a field may be, beside None."""
    if typing.get_origin(hint) in (Union, types.UnionType):
        return [kind for part in typing.get_args(hint) if part is not type(None) for kind in kinds_of(part)]
    return [hint]


def parted(ctx: click.Context, parameter: click.Parameter, value: Sequence[str]) -> tuple[str, ...]:
    return tuple(part.strip() for item in value for part in item.split(",") if part.strip())


def _numbers(
    kind: type[int] | type[float], ctx: click.Context, parameter: click.Parameter, value: Sequence[str]
) -> tuple[float, ...]:
    numbers = []
    for word in parted(ctx, parameter, value):
        try:
            numbers.append(kind(word))
        except ValueError:
            name = "whole number" if kind is int else "number"
            raise click.BadParameter(f"{word!r} is not a {name}", ctx, parameter) from None
    return tuple(numbers)


class FieldOption(click.Option):
    """An option whose help is looked for when somebody wants to read it."""

    words: Callable[[], str] = str

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        self.help = self.words()
        return super().get_help_record(ctx)


def field_docs(cls: type) -> dict[str, str]:
    """The docstring under each field of a class and of what it is built on, read from the source."""
    found: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        found.update(_documented(base.__module__).get(base.__name__, {}))
    return found


@cache
def _documented(module: str) -> dict[str, dict[str, str]]:
    """The docstrings under the fields of each class of a module; none where its source is not at hand."""
    try:
        tree = ast.parse(inspect.getsource(importlib.import_module(module)))
    except (OSError, TypeError, SyntaxError):
        return {}
    return {item.name: dict(_docs(item)) for item in tree.body if isinstance(item, ast.ClassDef)}


def _docs(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for item, behind in pairwise(node.body):
        match item, behind:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str() as doc)):
                yield name, inspect.cleandoc(doc)


def plain_words(doc: str) -> str:
    """A docstring as the command line says it: ``split=True`` is --split."""
    parts = doc.split("``")
    for index in range(1, len(parts), 2):
        name, equals, given = parts[index].partition("=")
        if equals and name.isidentifier():
            flag = "--" + name.replace("_", "-")
            word = given.strip("\"'")
            parts[index] = flag if word in ("", "True") else f"{flag} {word}"
    return " ".join("".join(parts).split())
