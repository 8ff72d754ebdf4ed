"""What every command that asks a vendor takes, and a client made of it."""

from __future__ import annotations

import json
import os
import typing
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, Literal

import click

from cloudai import config, providers
from cloudai.cli.app import debug_option
from cloudai.cli.fields import kinds_of, parted
from cloudai.config import Configuration
from cloudai.errors import CloudAIError, ConfigurationError
from cloudai.operations.area import CallOptions
from cloudai.settings import ProviderSettings

if TYPE_CHECKING:
    from cloudai.client import CloudAI

__all__ = ["client", "client_options", "convert"]


def client_options() -> list[click.Parameter]:
    """The options that say whom to ask, and how patiently."""
    seconds = click.FloatRange(min=0, min_open=True)
    return [
        click.Option(
            ["-p", "--provider", "provider"],
            multiple=True,
            metavar="NAME[,NAME...]",
            callback=parted,
            shell_complete=_complete,
            help="The vendors, in order: the next one answers when one cannot.",
        ),
        click.Option(["--config"], type=click.Path(), metavar="FILE", help="A TOML file with vendors and settings."),
        click.Option(
            ["--set", "settings"],
            multiple=True,
            metavar="VENDOR.KEY=VALUE",
            help="A setting of a vendor, such as aws.region=eu-west-1 or azure.endpoint=https://... (never a key).",
        ),
        click.Option(["--timeout"], type=seconds, metavar="SECONDS", help="How long one attempt may take."),
        click.Option(["--deadline"], type=seconds, metavar="SECONDS", help="How long a whole call may take."),
        click.Option(
            ["--ignore-unsupported"],
            is_flag=True,
            help="Drop the options that a vendor cannot express, rather than fail.",
        ),
        click.Option(
            ["--extra"],
            multiple=True,
            metavar="VENDOR.KEY=VALUE",
            help="An option that only one vendor has, such as aws.endpoint_arn=arn:...; see 'cloudai providers -v'.",
        ),
        click.Option(["--tag", "tags"], multiple=True, metavar="KEY=VALUE", help="Words of your own, kept in meta."),
        debug_option(),
    ]


def _complete(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[Any]:
    from click.shell_completion import CompletionItem

    from cloudai.cli.providers import known_vendors

    before, comma, word = incomplete.rpartition(",")
    names = [vendor.name for vendor in known_vendors()]
    return [CompletionItem(before + comma + name) for name in names if name.startswith(word)]


@contextmanager
def client(values: Mapping[str, Any], operation: str) -> Iterator[tuple[CloudAI, CallOptions]]:
    """The client that the options describe, and what every call of it is given."""
    from cloudai.client import CloudAI

    configuration = _configuration(values)
    call: CallOptions = {}
    if values.get("timeout") is not None:
        call["timeout"] = values["timeout"]
    if values.get("deadline") is not None:
        call["deadline"] = values["deadline"]
    if values.get("ignore_unsupported"):
        call["unsupported"] = "ignore"
    if values.get("tags"):
        call["tags"] = dict(_pair(item, "--tag") for item in values["tags"])
    if values.get("extra"):
        call["extra"] = _extras(values["extra"], operation)
    with CloudAI(configuration.providers, **configuration.options) as ai:
        yield ai, call


def _configuration(values: Mapping[str, Any]) -> Configuration:
    named = list(values["provider"])
    if len(set(named)) < len(named):
        twice = next(name for name in named if named.count(name) > 1)
        raise click.UsageError(f"-p names {twice!r} twice")
    environ = dict(os.environ)
    if values.get("config"):
        environ["CLOUDAI_CONFIG"] = values["config"]
        # What is typed counts more than what is set.
        environ.pop("CLOUDAI_PROVIDERS", None)
    if named:
        environ["CLOUDAI_PROVIDERS"] = ",".join(named)
    if not environ.get("CLOUDAI_CONFIG") and not environ.get("CLOUDAI_PROVIDERS", "").strip(", "):
        from cloudai.cli.providers import known_vendors

        known = ", ".join(vendor.name for vendor in known_vendors())
        raise ConfigurationError(
            f"no vendor is named: say -p with one of {known}, or set CLOUDAI_PROVIDERS"
            " (such as 'local,aws') or CLOUDAI_CONFIG (the path of a TOML file)"
        )
    configuration = config.from_environment(environ)
    options = dict(configuration.options)
    if named:
        # The vendors that are typed answer, whatever the file's routes say.
        options.pop("routes", None)
    return Configuration(
        providers=_with_settings(configuration.providers, values.get("settings") or ()), options=options
    )


def _with_settings(chosen: Sequence[str | ProviderSettings], given: Sequence[str]) -> list[str | ProviderSettings]:
    if not given:
        return list(chosen)
    made = {item.label: item for item in (_settings_of(choice) for choice in chosen)}
    for text in given:
        vendor, name, word = _dotted(text, "--set")
        settings = made.get(vendor)
        if settings is None:
            raise click.UsageError(f"--set {text}: {vendor!r} is not one of the vendors, {', '.join(made)}")
        item = next((item for item in fields(settings) if item.name == name), None)
        if item is None or item.metadata.get("secret"):
            known = ", ".join(item.name for item in fields(settings) if not item.metadata.get("secret"))
            reason = "is a secret, which belongs into the environment or a file" if item else "is not a setting"
            raise click.UsageError(f"--set {text}: {name!r} {reason}; there are {known}")
        hint = typing.get_type_hints(type(settings))[name]
        made[vendor] = replace(settings, **{name: convert(hint, word, f"--set {text}")})
    return list(made.values())


def _settings_of(choice: str | ProviderSettings) -> ProviderSettings:
    return choice if isinstance(choice, ProviderSettings) else providers.find(choice).settings()


def _extras(given: Sequence[str], operation: str) -> dict[str, dict[str, Any]]:
    extras: dict[str, dict[str, Any]] = {}
    for text in given:
        vendor, name, word = _dotted(text, "--extra")
        try:
            adapter = providers.find(vendor).adapter(operation)
        except CloudAIError as error:
            raise click.UsageError(f"--extra {text}: {error.message}") from error
        known = adapter.extra if adapter is not None and adapter.extra is not None else {}
        # A name that the vendor does not know is refused on the way, with the names that it knows.
        extras.setdefault(vendor, {})[name] = convert(known.get(name, str), word, f"--extra {text}")
    return extras


def convert(hint: Any, word: str, where: str) -> Any:
    """A word of the command line as what a type hint describes; JSON where that is neither word nor number."""
    kinds = kinds_of(hint)
    if str in kinds or any(typing.get_origin(kind) is Literal for kind in kinds):
        return word
    try:
        if bool in kinds:
            return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}[word.casefold()]
        for kind in (int, float):
            if kind in kinds:
                return kind(word)
        return json.loads(word)
    except (KeyError, ValueError):
        names = " or ".join(getattr(kind, "__name__", str(kind)) for kind in kinds)
        raise click.UsageError(f"{where}: {word!r} is not {names}") from None


def _dotted(text: str, flag: str) -> tuple[str, str, str]:
    name, word = _pair(text, flag, "VENDOR.KEY=VALUE")
    vendor, dot, key = name.partition(".")
    if not (vendor and dot and key):
        raise click.UsageError(f"{flag} {text}: write it as VENDOR.KEY=VALUE")
    return vendor, key, word


def _pair(text: str, flag: str, form: str = "KEY=VALUE") -> tuple[str, str]:
    name, equals, word = text.partition("=")
    if not equals or not name:
        raise click.UsageError(f"{flag} {text}: write it as {form}")
    return name, word
