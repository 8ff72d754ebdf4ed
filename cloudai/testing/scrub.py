"""What never gets into a cassette: keys and tokens by value, by name and by look, and what the user adds to them."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Sequence
from urllib.parse import quote, quote_plus

__all__ = ["MASK", "Scrub", "Scrubber", "scrubs"]

Scrub = str | re.Pattern[str] | Callable[[str], str]
"""Something of your own to keep out: a text, a pattern, or a function from text to text."""

MASK = "***"

HIDDEN_NAMES = frozenset(
    {
        "accesstoken",
        "apikey",
        "authorization",
        "awssecretaccesskey",
        "clientassertion",
        "clientsecret",
        "cookie",
        "idtoken",
        "ocpapimsubscriptionkey",
        "ocpapimsubscriptionregionkey",
        "password",
        "privatekey",
        "proxyauthorization",
        "refreshtoken",
        "secretaccesskey",
        "sessiontoken",
        "setcookie",
        "subscriptionkey",
        "xamzsecuritytoken",
        "xapikey",
        "xgoogapikey",
        "xgoogiamauthorizationtoken",
        "xmsauthorizationauxiliary",
    }
)
"""Headers and fields whose values are secret wherever they stand, in lower case and without ``-`` and ``_``."""

HIDDEN_IN_QUERIES = frozenset({"key", "sig", "signature", "token", "xamzcredential", "xamzsignature", "xgoogsignature"})
"""Names that are secret in the query of an address only; elsewhere they are common words."""

LOOKS: tuple[re.Pattern[str], ...] = (
    # AWS: ids of keys, and session tokens (the two beginnings that the token service gives them).
    re.compile(r"(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    re.compile(r"(?:FwoGZXIvYXdz|IQoJb3JpZ2lu)[A-Za-z0-9+/=_%-]{40,}"),
    # Azure: the older keys are 32 hex digits, the newer ones carry a mark in their middle.
    re.compile(r"\b(?=[0-9]*[a-fA-F])(?=[a-fA-F]*[0-9])(?:[0-9a-f]{32}|[0-9A-F]{32})\b"),
    re.compile(r"[A-Za-z0-9]{52}JQQJ9[9DH][A-Za-z0-9]{26}(?:[A-Za-z0-9]{2}==)?"),
    # Google: API keys, access tokens, refresh tokens.
    re.compile(r"AIza[0-9A-Za-z_-]{35}"),
    re.compile(r"ya29\.[0-9A-Za-z_.-]{20,}"),
    re.compile(r"\b1//0[0-9A-Za-z_-]{20,}"),
    # Anybody: signed tokens, what an Authorization header holds, private keys, signatures in addresses.
    re.compile(r"eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"),
    re.compile(r"(?i)(?<=\bbearer )(?=\S*[0-9])[A-Za-z0-9._~+/=-]{20,}"),
    re.compile(r"(?i)(?<=\bbasic )(?=\S*[0-9=])[A-Za-z0-9+/=]{16,}"),
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", re.DOTALL),
    re.compile(
        r"(?i)(?<=[?&])(?P<keep>(?:key|sig|signature|api[-_]?key|subscription-key|access_token|"
        r"x-(?:amz|goog)-(?:signature|credential|security-token))=)[^&\s\"'<>]+"
    ),
)
"""What gives secrets away by its look, in any text. A match is covered by as many marks as it has characters, so that
offsets in the same text stay right."""


def scrubs(given: Scrub | Iterable[Scrub]) -> tuple[Scrub, ...]:
    """One or several of the user's own, as a tuple."""
    return (given,) if isinstance(given, str | re.Pattern) or callable(given) else tuple(given)


class Scrubber:
    """Takes secrets out of texts and bytes.

    ``secrets`` are known values. They are found as they are, quoted for an address, and within base64.
    """

    def __init__(self, secrets: Sequence[str] = (), own: Sequence[Scrub] = ()) -> None:
        forms = {form for secret in secrets if len(secret) >= 4 for form in _forms(secret)}
        self._known = re.compile("|".join(map(re.escape, sorted(forms, key=len, reverse=True)))) if forms else None
        self._values = [secret.encode() for secret in secrets if len(secret) >= 4]
        self._own = [re.compile(re.escape(item)) if isinstance(item, str) else item for item in own]

    def text(self, text: str) -> str:
        """The text with everything secret covered."""
        if self._known is not None:
            text = self._known.sub(MASK, text)
        for look in LOOKS:
            text = look.sub(_cover, text)
        for item in self._own:
            text = item.sub(_cover, text) if isinstance(item, re.Pattern) else item(text)
        return text

    def data(self, data: bytes) -> bytes:
        """The bytes with everything secret covered; its looks only where they are text."""
        for value in self._values:
            data = data.replace(value, b"*" * len(value))
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            return data
        return self.text(text).encode("utf-8")

    def hides(self, name: str, *, query: bool = False) -> bool:
        """Whether the value of a header, or of a field, of this name is secret."""
        plain = name.lower().replace("-", "").replace("_", "")
        return plain in HIDDEN_NAMES or (query and plain in HIDDEN_IN_QUERIES)


def _cover(match: re.Match[str]) -> str:
    kept = match.groupdict().get("keep") or ""
    return kept + "*" * (len(match.group()) - len(kept))


def _forms(secret: str) -> set[str]:
    """How a secret may be spelled in a text."""
    forms = {secret, quote(secret, safe=""), quote_plus(secret)}
    data = secret.encode()
    # Within base64 a value looks different for each place modulo three at which it begins; the characters at its ends,
    # which also hold bits of its neighbours, are left out.
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + data).decode()
        inner = encoded[(before * 8 + 5) // 6 : (before + len(data)) * 8 // 6]
        if len(inner) >= 8:
            forms |= {inner, inner.replace("+", "-").replace("/", "_")}
    return forms
