"""The vendors that come with cloudai, by the suite that everybody's have to pass."""

# ruff: noqa: RUF012  (the suite's attributes are read, never written)
from __future__ import annotations

import pytest

from cloudai import providers
from cloudai.testing import ComplianceSuite


def document(**fields: object) -> dict[str, object]:
    """What Azure's Language says of one document."""
    found = {"id": "0", "warnings": [], **fields}
    return {"kind": "a kind", "results": {"documents": [found], "errors": [], "modelVersion": "2025-01-01"}}


class TestAWS(ComplianceSuite):
    provider = providers.find("aws")
    credentials = {
        "region": "eu-west-1",
        "access_key_id": "not-a-real-one",
        "secret_access_key": "not-a-real-one-either",
    }
    extra = {"text.classify": {"endpoint_arn": "arn:aws:comprehend:eu-west-1:0:document-classifier-endpoint/topics"}}
    # Both know English only; what "auto" changes is that the language is looked for.
    values = {"text.opinions.language": ["auto"], "text.moderation.language": ["auto"]}
    picks = frozenset({"text.pii.categories"})
    answers = {
        "text.sentiment": [
            {"Sentiment": "MIXED", "SentimentScore": {"Positive": 0.4, "Negative": 0.3, "Neutral": 0.1, "Mixed": 0.2}}
        ],
        "text.key_phrases": [{"KeyPhrases": [{"Text": "Lyon", "Score": 0.9, "BeginOffset": 19, "EndOffset": 23}]}],
        "text.pii": [{"Entities": [{"Type": "NAME", "Score": 0.9, "BeginOffset": 19, "EndOffset": 23}]}],
    }

    @pytest.fixture(autouse=True)
    def _sdk(self) -> None:
        pytest.importorskip("boto3", reason="needs cloudai[aws]")


class TestAzure(ComplianceSuite):
    provider = providers.find("azure")
    credentials = {"key": "not-a-real-one", "endpoint": "http://127.0.0.1:9"}
    extra = {"text.classify": {"project_name": "topics", "deployment_name": "first"}}
    answers = {
        "text.key_phrases": [document(keyPhrases=["library", "Lyon"])],
        "text.pii": [document(entities=[], redactedText="The new library")],
    }

    @pytest.fixture(autouse=True)
    def _sdk(self) -> None:
        pytest.importorskip("azure.ai.textanalytics", reason="needs cloudai[azure]")


class TestGoogle(ComplianceSuite):
    provider = providers.find("google")
    credentials = {"api_key": "not-a-real-one"}
    # A text without a topic is answered with nothing at all.
    empty = frozenset({"text.classify"})
    answers = {
        "text.sentiment": [{"documentSentiment": {"magnitude": 0.9, "score": 0.9}, "language": "en", "sentences": []}],
        "text.classify": [{"categories": [{"name": "/Books & Literature", "confidence": 0.75}]}],
        "text.language": [{"data": {"detections": [[{"language": "en", "confidence": 1, "isReliable": False}]]}}],
    }

    @pytest.fixture(autouse=True)
    def _sdk(self) -> None:
        pytest.importorskip("httpx", reason="needs cloudai[google]")


class TestLocal(ComplianceSuite):
    provider = providers.find("local")
    remote = False
    # The engines read English; what "auto" changes is that the language is looked for.
    values = {"language": ["auto"], "text.pii.language": ["es"]}
    picks = frozenset({"text.pii.categories"})
    answers = {
        "text.language": [{"model": "m", "languages": [{"lang": "en", "score": 0.9}]}],
        "text.pii": [
            {"model": "m", "entities": [{"kind": "url", "text": "Lyon", "offset": 19, "length": 4}]},
        ],
    }

    @pytest.fixture(autouse=True)
    def _engines(self) -> None:
        pytest.importorskip("fasttext", reason="needs cloudai[local]")
