"""Comprehend's spellings, held against the enums of botocore's own model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import botocore.session
import pytest

from cloudai.providers.aws import tables
from cloudai.types.language import normalise_tag


def members(enum: str) -> set[str]:
    shape: Any = botocore.session.get_session().get_service_model("comprehend").shape_for(enum)
    return set(shape.enum)


@pytest.mark.parametrize(
    ("enum", "table", "without"),
    [
        ("SentimentType", tables.SENTIMENTS, set()),
        ("EntityType", tables.ENTITY_TYPES, set()),
        ("TargetedSentimentEntityType", tables.TARGET_TYPES, set()),
        ("PiiEntityType", tables.PII_TYPES, {"ALL"}),
        ("PartOfSpeechTagType", tables.PARTS_OF_SPEECH, set()),
        ("ToxicContentType", tables.TOXICITY, set()),
    ],
)
def test_every_member_has_a_common_name(enum: str, table: Mapping[str, str], without: set[str]) -> None:
    assert set(table) == members(enum) - without


def test_the_languages_are_those_of_the_model() -> None:
    assert set(tables.LANGUAGES) == members("LanguageCode")
    assert set(tables.SYNTAX_LANGUAGES) == members("SyntaxLanguageCode")
    assert {*tables.PII_LANGUAGES, *tables.ENGLISH} <= set(tables.LANGUAGES)


def test_common_names_of_personal_data_differ() -> None:
    assert len(set(tables.PII_TYPES.values())) == len(tables.PII_TYPES)


def test_common_names_of_personal_data_are_never_names_of_comprehend() -> None:
    assert not set(tables.PII_TYPES) & set(tables.PII_TYPES.values())


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en", "en"),
        ("en-US", "en"),
        ("pt-BR", "pt"),
        ("sr-Latn-RS", "sr"),
        ("zh", "zh"),
        ("zh-CN", "zh"),
        ("zh-Hans", "zh"),
        ("zh-Hans-TW", "zh"),
        ("zh-TW", "zh-TW"),
        ("zh-HK", "zh-TW"),
        ("zh-MO", "zh-TW"),
        ("zh-Hant", "zh-TW"),
        ("zh-Hant-MY", "zh-TW"),
        ("cmn-Hant", "zh-TW"),
        ("cmn", "zh"),
    ],
)
def test_a_tag_becomes_comprehends_code(tag: str, code: str) -> None:
    assert normalise_tag(tag) == tag
    assert tables.code_of(tag) == code


@pytest.mark.parametrize("code", tables.LANGUAGES)
def test_a_code_becomes_a_tag_that_becomes_the_code_again(code: str) -> None:
    tag = tables.bcp47(code)
    assert normalise_tag(tag) == tag
    assert tables.code_of(tag) == code
