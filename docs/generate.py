"""Writes the parts of the docs that the code says already: tables of operations, options, limits, errors, settings.

    python docs/generate.py           writes them
    python docs/generate.py --check   tells what is out of date, exit code 1

A part stands between two comments, ``<!-- begin: NAME [ARGUMENT] -->`` and ``<!-- end -->``. NAME is a function below.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import importlib.util
import inspect
import re
import sys
import typing
from collections.abc import Callable, Iterable
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from cloudai import errors, operations, providers, settings
from cloudai.operations.request import option_names
from cloudai.pipeline.translate import STATUSES
from cloudai.providers import Provider
from cloudai.providers.adapter import ImageRule, Limit
from cloudai.settings import ProviderSettings
from cloudai.types.media import Image

ROOT = Path(__file__).resolve().parent.parent
PART = re.compile(r"(<!-- begin: (?P<name>\w+)(?: (?P<argument>[\w.]+))? -->\n).*?(<!-- end -->)", re.DOTALL)


def pages() -> list[Path]:
    """The files that have generated parts."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


# --- the parts -------------------------------------------------------------------------------------------------------


def operations_table() -> str:
    """Operations by vendor."""
    known = vendors()
    rows = [
        [f"`{name}`", *(_mark(vendor, name) for vendor in known), _plain(inspect.getdoc(_method(name)) or "")]
        for name in operations.names()
    ]
    return table(["operation", *(vendor.name for vendor in known), "what you get"], rows)


def operation(name: str) -> str:
    """Everything about one operation."""
    request = operations.find(name)
    method = _method(name)
    lines = [
        f"```{{code-block}} python\n{_call(name, method)}\n```",
        inspect.getdoc(method) or "",
        f"Answers with {_reference(request.result)}. As a value: {_reference(request)}.",
    ]
    documented = field_docs(request)
    options = [[f"`{item}`", _plain(documented[item])] for item in option_names(request) if documented[item]]
    if options:
        lines.append(table(["option", "meaning"], options))
    rows = []
    for vendor in vendors():
        function = adapter(vendor, name)
        if function is None:
            continue
        taken = [item for item in option_names(request) if item in inspect.signature(function).parameters]
        rows.append(
            [
                vendor.name,
                ", ".join(f"`{item}`" for item in taken) or "none",
                _limit(vendor, request, function),
                ", ".join(f"`{item}`" for item in _extra(vendor, name)) or "none",
                _needs(function),
            ]
        )
    head = ["vendor", "options it can express", _limit_title(name), "own options (`extra=`)", "needs"]
    lines.append(table(head, rows))
    return "\n\n".join(lines)


def vendor_operations(which: str) -> str:
    """What one vendor has in one area: ``aws.text``."""
    name, _, area = which.partition(".")
    vendor = providers.find(name)
    rows = []
    for operation_name in operations.names():
        function = adapter(vendor, operation_name)
        if function is None or not operation_name.startswith(f"{area}."):
            continue
        missing = [
            item
            for item in option_names(operations.find(operation_name))
            if item not in inspect.signature(function).parameters
        ]
        rows.append(
            [
                f"`{operation_name}`",
                _limit(vendor, operations.find(operation_name), function),
                ", ".join(f"`{item}`" for item in missing) or "none",
                ", ".join(f"`{item}`" for item in _extra(vendor, operation_name)) or "none",
                _needs(function),
            ]
        )
    head = ["operation", _limit_title(area), "options it cannot express", "own options (`extra=`)", "needs"]
    return table(head, rows)


def vendor_extra(which: str) -> str:
    """The options that only one vendor has in one area, with their meaning. Operations with the same are one row."""
    name, _, area = which.partition(".")
    vendor = providers.find(name)
    found: dict[tuple[str, str], list[str]] = {}
    for operation_name in operations.names():
        if not operation_name.startswith(f"{area}."):
            continue
        for kind in _extra_types(vendor, operation_name):
            documented = field_docs(kind)
            for item in typing.get_type_hints(kind):
                found.setdefault((item, _plain(documented.get(item, ""))), []).append(f"`{operation_name}`")
    rows = [[", ".join(names), f"`{item}`", text] for (item, text), names in found.items()]
    return table(["operation", "option", "meaning"], rows) if rows else "None."


def vendor_settings(name: str) -> str:
    """The settings that only one vendor has."""
    cls = providers.find(name).settings
    own = [item for item in fields(cls) if item.name not in {base.name for base in fields(ProviderSettings)}]
    return _fields_table(cls, [item.name for item in own]) if own else "None of its own."


def common_settings() -> str:
    """The settings that every vendor has."""
    return _fields_table(ProviderSettings, [item.name for item in fields(ProviderSettings)])


def retry_settings() -> str:
    """The fields of Retry."""
    return _fields_table(settings.Retry, [item.name for item in fields(settings.Retry)])


def vendor_codes(name: str) -> str:
    """A vendor's codes, and the class that each becomes."""
    rows: dict[str, list[str]] = {}
    for code, cls in providers.find(name).errors.items():
        rows.setdefault(cls.__name__, []).append(f"`{code}`")
    return table(["error", "vendor's code"], [[f"`{cls}`", ", ".join(codes)] for cls, codes in sorted(rows.items())])


def error_tree() -> str:
    """The tree as it is drawn in errors.py."""
    drawn = [line for line in (errors.__doc__ or "").splitlines() if line.startswith(("CloudAIError", "├", "│", "└"))]
    return "\n".join(["```text", *drawn, "```"])


def error_table() -> str:
    """What happens after each error."""
    rows = [
        [f"`{cls.__name__}`", _yes(cls.retryable), _yes(cls.fallback), _first_line(cls)]
        for cls in (getattr(errors, name) for name in errors.__all__)
        if cls is not errors.CloudAIError
    ]
    return table(["error", "the step is sent again", "the next vendor is asked", "meaning"], rows)


def status_table() -> str:
    """What a status means without a code."""
    rows = [[str(status), f"`{cls.__name__}`"] for status, cls in STATUSES.items()]
    rows += [["other 4xx", "`InvalidRequestError`"], ["other 5xx", "`ServiceUnavailableError`"]]
    return table(["status", "error"], rows)


def call_options() -> str:
    """What any call takes."""
    from cloudai import CallOptions

    return table(["option", "meaning"], [[f"`{name}`", _plain(text)] for name, text in class_docs(CallOptions).items()])


def engines() -> str:
    """The offline engines with their licences."""
    from cloudai.providers.local.engines import ENGINES

    rows = []
    for engine in ENGINES:
        packages = ", ".join(
            f"{package.name} {package.version if package.exact else ''}".strip() + f" ({package.licence})"
            for package in engine.packages
        )
        data = f"{engine.data} ({engine.data_licence})" if engine.data else "none"
        extra, size = f"`{engine.extra}`", f"{engine.megabytes:g}"
        where = engine.machines or "any"
        rows.append([engine.title, engine.purpose, engine.languages or "–", where, packages, data, extra, size])
    head = ["engine", "for", "languages", "machines", "packages (licence)", "data (licence)", "extra", "MB on disk"]
    return table(head, rows)


def fetch_settings() -> str:
    """The fields of Fetch."""
    return _fields_table(settings.Fetch, [item.name for item in fields(settings.Fetch)])


# --- how they are read from the code ---------------------------------------------------------------------------------


def vendors() -> list[Provider]:
    """The vendors that come with cloudai. The fake one is for tests and stands in their page."""
    found = [providers.find(name) for name in providers.names()]
    return [vendor for vendor in found if vendor.package.startswith("cloudai.providers.")]


def adapter(vendor: Provider, name: str) -> Callable[..., Any] | None:
    """The vendor's function for an operation, whatever is installed here."""
    area, _, method = name.partition(".")
    path = f"{vendor.package}.{area}"
    if importlib.util.find_spec(path) is None:
        return None
    function = vars(importlib.import_module(path)).get(method)
    return function if callable(function) and function.__module__ == path else None


def _mark(vendor: Provider, name: str) -> str:
    function = adapter(vendor, name)
    if function is None:
        return "–"
    needs = _needs(function)
    return "yes" if needs in ("–", f"`{vendor.name}`") else f"with {needs}"


def _limit_title(name: str) -> str:
    return "pictures" if name.partition(".")[0] == "vision" else "text limit"


def _limit(vendor: Provider, request: type[Any], function: Callable[..., Any]) -> str:
    """The longest text or the pictures that a vendor takes, with the settings that it has where nothing is set."""
    rule = getattr(function, "picture", None)
    if rule is None:
        bound: Limit | None = getattr(function, "limit", None)
        return f"{bound.maximum:,} {bound.unit}" if bound else "none stated"
    made = rule if isinstance(rule, ImageRule) else rule(vendor.settings())
    if isinstance(made, ImageRule):
        return _rule(made)
    # Which rule it is depends on the request and its picture.
    inputs: dict[str, Any] = {"operations": ("labels",)} if "operations" in option_names(request) else {}
    told = {what: _rule(made(request(image=image, **inputs), image)) for what, image in SAMPLES.items()}
    return "; ".join(f"{what}: {rule}" for what, rule in told.items()) if len(set(told.values())) > 1 else told["scene"]


def _rule(rule: ImageRule) -> str:
    """A rule in words."""
    parts = [", ".join(sorted(rule.formats))]
    if rule.max_bytes is not None:
        parts.append(f"up to {rule.max_bytes:,} bytes")
    sides = [f"from {rule.min_side:,}"] if rule.min_side is not None else []
    sides += [f"to {rule.max_side:,}"] if rule.max_side is not None else []
    if sides:
        parts.append(f"sides {' '.join(sides)} pixels")
    if rule.max_pixels is not None:
        parts.append(f"up to {rule.max_pixels:,} pixels")
    if rule.schemes:
        parts.append("reads " + ", ".join(f"`{scheme}://`" for scheme in rule.schemes))
    return ", ".join(parts)


SAMPLES = {"scene": Image(data=b"-", format="png"), "document": Image(data=b"-", format="pdf")}
"""Pictures for rules that depend on the picture."""


def _needs(function: Callable[..., Any]) -> str:
    """The extra that an operation needs beside the vendor's own, as its check would say where nothing is installed."""
    from cloudai.providers.local.engines import ENGINES

    check = getattr(function, "requires", None)
    if check is None:
        return "–"
    asked = inspect.getclosurevars(check)
    named = [engine for engine in ENGINES if engine in asked.globals.values() or engine in asked.nonlocals.values()]
    owner = getattr(check, "__self__", None)
    named += [engine for engine in ENGINES if engine is owner]
    extras = sorted({engine.extra for engine in named})
    return ", ".join(f"`{extra}`" for extra in extras) if extras else "an engine"


def _extra(vendor: Provider, name: str) -> Iterable[str]:
    return [item for kind in _extra_types(vendor, name) for item in typing.get_type_hints(kind)]


def _extra_types(vendor: Provider, name: str) -> list[type[Any]]:
    function = adapter(vendor, name)
    if function is None or "extra" not in inspect.signature(function).parameters:
        return []
    hint = typing.get_type_hints(function)["extra"]
    return [kind for kind in (hint, *typing.get_args(hint)) if typing.is_typeddict(kind)]


def _method(name: str) -> Callable[..., Any]:
    """The client's method for an operation, as it was written."""
    area, _, method = name.partition(".")
    module = importlib.import_module(f"cloudai.operations.{area}")
    found: Callable[..., Any] = inspect.unwrap(getattr(getattr(module, area.title()), method))
    return found


def _call(name: str, function: Callable[..., Any]) -> str:
    shown = []
    star = False
    for item in list(inspect.signature(function).parameters.values())[1:]:
        if item.kind is item.VAR_KEYWORD:
            shown.append("**call")
            continue
        if item.kind is item.KEYWORD_ONLY and not star:
            star = True
            shown.append("*")
        annotation = str(item.annotation).replace("'", '"')
        default = "" if item.default is item.empty else f" = {item.default!r}".replace("'", '"')
        shown.append(f"{item.name}: {annotation}{default}")
    return f"ai.{name}({', '.join(shown)})"


def class_docs(cls: type[Any]) -> dict[str, str]:
    """The strings that stand under the fields of a class."""
    try:
        source = inspect.getsource(cls)
    except (OSError, TypeError):
        return {}
    (tree,) = ast.parse(inspect.cleandoc("\n" + source)).body
    assert isinstance(tree, ast.ClassDef)
    found: dict[str, str] = {}
    for item, after in zip(tree.body, [*tree.body[1:], None], strict=True):
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            text = ""
            if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                text = inspect.cleandoc(str(after.value.value))
            found[item.target.id] = text
    return found


def field_docs(cls: type[Any]) -> dict[str, str]:
    """The same with those of its bases."""
    found: dict[str, str] = {}
    for base in _written_bases(cls) if typing.is_typeddict(cls) else ():
        found |= field_docs(base)
    for base in reversed(cls.__mro__):
        if base.__module__.startswith("cloudai."):
            found |= class_docs(base)
    return found


def _written_bases(cls: type[Any]) -> list[type[Any]]:
    """The TypedDicts that a TypedDict was written with as its bases; at run time it has none."""
    (tree,) = ast.parse(inspect.cleandoc("\n" + inspect.getsource(cls))).body
    assert isinstance(tree, ast.ClassDef)
    named = [getattr(sys.modules[cls.__module__], base.id) for base in tree.bases if isinstance(base, ast.Name)]
    return [base for base in named if typing.is_typeddict(base)]


def _fields_table(cls: type[Any], names: list[str]) -> str:
    documented, known = field_docs(cls), {item.name: item for item in fields(cls)}
    rows = []
    for name in names:
        item = known[name]
        default = item.default if item.default is not MISSING else "{}"
        secret = " Never shown." if item.metadata.get("secret") else ""
        rows.append([f"`{name}`", f"`{default!r}`".replace("'{}'", "{}"), _plain(documented[name]) + secret])
    return table(["setting", "default", "meaning"], rows)


def _reference(cls: type[Any]) -> str:
    return f"{{py:class}}`~{cls.__module__}.{cls.__qualname__}`"


def _first_line(cls: type[Any]) -> str:
    return _plain((cls.__doc__ or "").split("\n\n")[0].split("\n")[0])


def _plain(text: str) -> str:
    """A docstring on one line, with Markdown's code marks."""
    return re.sub(r"\s+", " ", text).replace("``", "`").replace("|", "\\|").strip()


def _yes(flag: bool) -> str:
    return "yes" if flag else "no"


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


PARTS: dict[str, Callable[..., str]] = {
    part.__name__: part
    for part in (
        call_options,
        common_settings,
        engines,
        error_table,
        error_tree,
        fetch_settings,
        operation,
        operations_table,
        retry_settings,
        status_table,
        vendor_codes,
        vendor_extra,
        vendor_operations,
        vendor_settings,
    )
}


def written(text: str) -> str:
    """A page with its generated parts as the code has them now."""

    def write(match: re.Match[str]) -> str:
        name, argument = match["name"], match["argument"]
        part = PARTS[name](argument) if argument else PARTS[name]()
        return f"{match[1]}\n{part}\n\n{match[4]}"

    return PART.sub(write, text)


def main() -> int:
    """Writes or checks all pages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing, tell what is out of date")
    check = parser.parse_args().check
    old = []
    for page in pages():
        before = page.read_text(encoding="utf-8")
        after = written(before)
        if after != before:
            old.append(str(page.relative_to(ROOT)))
            if not check:
                page.write_text(after, encoding="utf-8")
    for name in old:
        print(f"{name} {'is out of date: python docs/generate.py' if check else 'written'}")
    return 1 if check and old else 0


if __name__ == "__main__":
    sys.exit(main())
