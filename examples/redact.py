"""Covers personal data in a text, on this machine: python examples/redact.py "Call +1 202 555 0142" """

from __future__ import annotations

import sys

from cloudai import CloudAI

LETTER = "Dear Sir, my IBAN is DE89 3704 0044 0532 0130 00. Write to post@example.org or call +49 30 901820. \U0001f642"


def main(text: str) -> None:
    """Prints what was found, and the text without it."""
    with CloudAI("local") as ai:
        personal = ai.text.pii(text, language="en")
    for entity in personal:
        print(f"{entity.type:15} {entity.text}")
    print(personal.redacted_text)


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]) or LETTER)
