from __future__ import annotations

import pytest

from cloudai import InvalidRequestError
from cloudai.types.language import normalise_tag, primary


@pytest.mark.parametrize(
    ("given", "tag"),
    [
        ("en", "en"),
        ("EN-us", "en-US"),
        ("zh_hans", "zh-Hans"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("sr-latn", "sr-Latn"),
        ("ckb", "ckb"),
        (" de ", "de"),
        ("sl-rozaj-biske", "sl-rozaj-biske"),
        ("de-DE-u-co-phonebk", "de-DE-u-co-phonebk"),
        ("en-x-internal", "en-x-internal"),
    ],
)
def test_a_tag_gets_its_usual_spelling(given: str, tag: str) -> None:
    assert normalise_tag(given) == tag


@pytest.mark.parametrize("given", ["english", "e", "", "en-", "-en", "en--US", "en US", "12", "日本語", None, 7])
def test_what_is_not_a_tag_is_refused_with_examples(given: object) -> None:
    with pytest.raises(InvalidRequestError, match="is not a language tag: write it as BCP 47"):
        normalise_tag(given)  # type: ignore[arg-type]


def test_the_primary_language_stands_before_the_first_hyphen() -> None:
    assert (primary("pt-BR"), primary("pt")) == ("pt", "pt")
