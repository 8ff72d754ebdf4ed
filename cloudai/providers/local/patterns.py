"""Personal data that has a form of its own: found by patterns, and checked by whatever check the form has.

An address, a card or an account number is only reported when its check digits or ranges allow it, so that most order
and article numbers are left alone. Names and places have no form; these patterns do not find them.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NotRequired, TypedDict

__all__ = ["KINDS", "Found", "find", "settle"]


class Found(TypedDict):
    """A piece of personal data at its place."""

    kind: str
    text: str
    offset: int
    length: int
    subtype: NotRequired[str]
    """The card's scheme, the kind of phone line, the version of the address."""
    normal: NotRequired[str]
    """The number in its usual form: E.164 for phone numbers."""


Check = Callable[[str], str | bool]
"""Whether what a pattern matched is one; a subtype where there is one to tell."""

# What may not stand beside a number, so that a part of a longer one is not taken for a whole. Only Latin letters count:
# Chinese, Japanese and Thai put no space in front of a number.
_ALONE = r"(?<![0-9A-Za-z_@])(?<![0-9][-./])"
_ENDS = r"(?![0-9A-Za-z_@])(?![-./][0-9])"


def _luhn(digits: str) -> bool:
    """The check of card numbers (ISO/IEC 7812): with every second digit from the right doubled, they add up to tens."""
    total = 0
    for index, digit in enumerate(reversed(digits)):
        number = int(digit) * (1 + index % 2)
        total += number - 9 if number > 9 else number
    return total % 10 == 0


_SCHEMES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("visa", r"4(?:\d{12}|\d{15}|\d{18})"),
        ("mastercard", r"(?:5[1-5]\d{4}|222[1-9]\d\d|22[3-9]\d{3}|2[3-6]\d{4}|27[01]\d{3}|2720\d\d)\d{10}"),
        ("american_express", r"3[47]\d{13}"),
        ("diners_club", r"3(?:0[0-5]|095|[689]\d)\d{11}"),
        ("discover", r"6(?:011|4[4-9]\d|5\d\d)\d{12}"),
        ("jcb", r"35(?:2[89]|[3-8]\d)\d{12}"),
        ("unionpay", r"62\d{14,17}"),
        ("maestro", r"(?:50|5[6-8]|6[37])\d{14}"),
    )
)


def _card(text: str) -> str | bool:
    digits = re.sub(r"[ -]", "", text)
    if len(set(digits)) == 1 or not _luhn(digits):
        return False
    return next((name for name, pattern in _SCHEMES if pattern.fullmatch(digits)), False)


_IBAN_LENGTHS = {
    country: length
    for length, countries in {
        15: "NO",
        16: "BE",
        18: "DK FI FK FO GL NL SD",
        19: "MK SI",
        20: "AT BA EE KZ LT LU MN XK",
        21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS VA",
        23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST",
        26: "IS TR",
        27: "BI DJ FR GR IT MC MR SM",
        28: "AL AZ BY CY DO GT HU LB NI PL SV",
        29: "BR EG PS QA UA",
        30: "JO KW MU",
        31: "MT SC",
        32: "LC",
        33: "RU",
    }.items()
    for country in countries.split()
}
"""How long an IBAN of each country is (ISO 13616)."""


def _iban(text: str) -> bool:
    """The check of account numbers (ISO 13616): the first four moved to the end, letters as numbers, 1 modulo 97."""
    compact = re.sub(r"[ -]", "", text).upper()
    if len(compact) != _IBAN_LENGTHS.get(compact[:2]):
        return False
    return int("".join(str(int(sign, 36)) for sign in compact[4:] + compact[:4])) % 97 == 1


def _ip(text: str) -> str | bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    # "::" and "a::b" are addresses, but far oftener something of a programming language.
    return f"ipv{address.version}" if any(sign.isdigit() for sign in text) else False


def _ssn(text: str) -> bool:
    area, group, serial = re.split(r"[- ]", text)
    return area not in ("000", "666") and area < "900" and group != "00" and serial != "0000"


def _nino(text: str) -> bool:
    return text[:2].upper() not in ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")


def _always(text: str) -> bool:
    return True


# The name in front of the @ may have letters of Latin, Greek and Cyrillic; those of scripts without spaces would take
# the words in front of it in.
_LOCAL = r"0-9A-Za-z_+%\u00c0-\u052f"
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_TOP = r"(?:xn--[0-9A-Za-z-]{2,59}|[A-Za-z]{2,63}|[^\W\d_\x00-\x7f]{2,63})"
_NO_URL = r"\s<>\"“”«»。、，；：！？（）【】「」『』《》"  # noqa: RUF001
_HEX = "[0-9A-Fa-f]"

_PATTERNS: tuple[tuple[str, re.Pattern[str], Check], ...] = (
    ("url", re.compile(rf"(?<![0-9A-Za-z_])(?:(?:https?|ftps?)://|www\.)[^{_NO_URL}]{{2,}}", re.IGNORECASE), _always),
    (
        "email",
        re.compile(
            rf"(?<![{_LOCAL}])[{_LOCAL}](?:[{_LOCAL}.'-]{{0,62}}[{_LOCAL}'-])?@(?:{_LABEL}\.){{1,8}}{_TOP}(?![0-9A-Za-z_@])"
        ),
        _always,
    ),
    (
        "iban",
        re.compile(rf"{_ALONE}[A-Z]{{2}}[0-9]{{2}}(?:[ -]?[A-Z0-9]){{11,29}}(?![A-Z0-9_])", re.IGNORECASE | re.ASCII),
        _iban,
    ),
    (
        "credit_card",
        re.compile(
            rf"{_ALONE}(?:[0-9]{{13,19}}|[0-9]{{4}}(?P<s>[ -])[0-9]{{4}}(?P=s)[0-9]{{4}}(?P=s)"
            rf"[0-9]{{1,4}}(?:(?P=s)[0-9]{{1,3}})?|[0-9]{{4}}(?P<t>[ -])[0-9]{{6}}(?P=t)[0-9]{{4,5}})"
            rf"{_ENDS}"
        ),
        _card,
    ),
    (
        "ip_address",
        re.compile(
            r"(?<![0-9A-Za-z_.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9A-Za-z_]|\.[0-9A-Za-z_])"
            rf"|(?<![0-9A-Za-z_:.]){_HEX}{{0,4}}(?::{_HEX}{{0,4}}){{2,8}}(?:(?<=:)[0-9]{{1,3}}(?:\.[0-9]{{1,3}}){{3}})?"
            r"(?![0-9A-Za-z_:]|\.[0-9A-Za-z_])"
        ),
        _ip,
    ),
    (
        "mac_address",
        re.compile(
            rf"(?<![0-9A-Za-z_:-]){_HEX}{{2}}(?P<s>[:-]){_HEX}{{2}}(?:(?P=s){_HEX}{{2}}){{4}}(?![0-9A-Za-z_:]|-\w)"
        ),
        _always,
    ),
    ("us_ssn", re.compile(rf"{_ALONE}[0-9]{{3}}(?P<s>[- ])[0-9]{{2}}(?P=s)[0-9]{{4}}{_ENDS}"), _ssn),
    (
        "uk_nino",
        re.compile(
            rf"{_ALONE}[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?P<s> ?)[0-9]{{2}}(?P=s)[0-9]{{2}}(?P=s)[0-9]{{2}}"
            rf"(?P=s)[A-D]{_ENDS}",
            re.IGNORECASE | re.ASCII,
        ),
        _nino,
    ),
)

KINDS: tuple[str, ...] = (*(kind for kind, _, _ in _PATTERNS), "phone_number")
"""What can be found, the surest first."""


def find(text: str) -> Iterator[Found]:
    """Everything in a text that one of the patterns takes and its check lets pass; places may overlap."""
    for kind, pattern, check in _PATTERNS:
        position = 0
        while (match := pattern.search(text, position)) is not None:
            piece, verdict = _shortened(kind, match.group(), check)
            if verdict is False:
                # The wrong start may hide a right one: "12 GB33..." begins in front of the number.
                position = match.start() + 1
                continue
            position = match.start() + len(piece)
            item = Found(kind=kind, text=piece, offset=match.start(), length=len(piece))
            if isinstance(verdict, str):
                item["subtype"] = verdict
            yield item


def _shortened(kind: str, text: str, check: Check) -> tuple[str, str | bool]:
    """The match without what does not belong to it any more, and what its check says."""
    if kind == "url":
        return _without_marks(text), True
    if kind == "iban":
        # The words behind a number that is written in groups look like further groups: its country tells the length.
        wanted = _IBAN_LENGTHS.get(text[:2].upper(), 0)
        seen = 0
        for index, sign in enumerate(text):
            seen += sign not in " -"
            if seen == wanted:
                rest = text[index + 1 : index + 2]
                text = text[: index + 1] if rest in ("", " ", "-") else text
                break
    return text, check(text)


def _without_marks(url: str) -> str:
    """An address without the marks of the sentence around it, and without a bracket that it does not open."""
    too_many = {closing: url.count(closing) - url.count(opening) for opening, closing in ("()", "[]", "{}")}
    end = len(url)
    while end and (url[end - 1] in ".,;:!?'’*_~|…" or too_many.get(url[end - 1], 0) > 0):  # noqa: RUF001
        end -= 1
        if url[end] in too_many:
            too_many[url[end]] -= 1
    return url[:end]


def settle(found: Iterable[Found]) -> list[Found]:
    """What remains, in the order of the text, where places overlap: the longest, and of equals the surest kind."""
    kept: list[Found] = []
    taken: set[int] = set()
    for item in sorted(found, key=lambda item: (-item["length"], KINDS.index(item["kind"]), item["offset"])):
        place = range(item["offset"], item["offset"] + item["length"])
        if taken.isdisjoint(place):
            taken.update(place)
            kept.append(item)
    return sorted(kept, key=lambda item: item["offset"])
