"""The right answers, as somebody wrote them down, in the form in which answers are compared."""

from __future__ import annotations

import json
import typing
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Literal

from cloudai.compare.answers import Compared, Expecting, compared
from cloudai.errors import InvalidRequestError
from cloudai.operations.request import Request
from cloudai.types.value import Collection, Result

__all__ = ["REFERENCE", "main_field", "reference_names", "truth"]

REFERENCE = "reference"
"""What the right answers are called beside the vendors' names."""


def main_field(result: type[Result]) -> str:
    """The field that a result is about."""
    if issubclass(result, Collection):
        return result.collection
    return next(item.name for item in fields(result) if item.name != "meta" and item.init)


def reference_names(request: type[Request[Any]]) -> tuple[str, ...]:
    """Columns that are taken for the reference without being told: the main field's name, or the operation's."""
    own = (main_field(request.result), request.operation.partition(".")[2], REFERENCE)
    return tuple(dict.fromkeys(name.casefold() for name in own))


def truth(request: Request[Any], reference: Any) -> Compared | None:
    """What a reference says, in the form in which answers are compared; None where it says nothing.

    A reference is what the result's main field holds (``positive``), the items of a collection (in JSON, or for items
    that are one word each a list with ``;`` between them), what the request's ``expected`` reads, or the whole result
    as ``to_dict`` gives it.

    Raises:
        InvalidRequestError: It is something else.
    """
    result, name = type(request).result, main_field(type(request).result)
    data = _parsed(reference, listed=issubclass(result, Collection))
    if data is None:
        return None
    if isinstance(request, Expecting) and not isinstance(data, Mapping):
        try:
            return request.expected(data)
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise _unread(request, reference, f"is not what {request.operation} can be held against") from error
    hint = typing.get_type_hints(result)[name]
    if not isinstance(data, Mapping):
        data = {name: _items(hint, data) if issubclass(result, Collection) else _choice(hint, data)}
    try:
        answer = compared(request, result.from_dict(_filled(result, data, request)))
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise _unread(request, reference, f"is not the form of {result.__name__}") from error
    if not isinstance(answer, str) and any(isinstance(key, tuple) and None in key for key in answer):
        item = typing.get_args(hint)[0].__name__
        raise _unread(request, reference, f"does not say all that is compared: write each {item} as a JSON object")
    return answer


def _parsed(reference: Any, *, listed: bool) -> Any:
    if not isinstance(reference, str):
        return reference
    stripped = reference.strip()
    if stripped[:1] in ("[", "{"):
        try:
            return json.loads(stripped)
        except ValueError as error:
            if listed:
                raise InvalidRequestError(f"the reference {stripped[:60]!r} is not JSON: {error}") from error
    return stripped or None


def _items(hint: Any, data: Any) -> list[Any]:
    """The items of a collection; a word alone is the first field of one."""
    first = fields(typing.get_args(hint)[0])[0].name
    parts = [part.strip() for part in data.split(";")] if isinstance(data, str) else data
    if not isinstance(parts, list):
        parts = [parts]
    return [part if isinstance(part, Mapping) else {first: part} for part in parts if part not in ("", None)]


def _choice(hint: Any, data: Any) -> Any:
    """A label in the spelling of the labels that there are."""
    if typing.get_origin(hint) is not Literal:
        return data
    known = {str(label).casefold(): label for label in typing.get_args(hint)}
    label = known.get(str(data).strip().casefold())
    if label is None:
        raise InvalidRequestError(f"the reference {data!r} is not one of {', '.join(known)}")
    return label


def _filled(result: type[Result], data: Mapping[str, Any], request: Request[Any]) -> Mapping[str, Any]:
    """The reference with what a result has to have and no reference says, such as the covered text of personal data."""
    hints = typing.get_type_hints(result)
    missing = {
        item.name: ""
        for item in fields(result)
        if item.init and item.name not in data and hints[item.name] is str and item.name != main_field(result)
    }
    return {**missing, **{name: part for name, part in data.items() if name not in ("meta", "raw")}}


def _unread(request: Request[Any], reference: Any, reason: str) -> InvalidRequestError:
    text = str(reference)
    return InvalidRequestError(f"the reference {text if len(text) <= 60 else text[:57] + '...'!r} {reason}")
