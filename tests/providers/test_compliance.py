"""The vendors that come with cloudai, by the suite that everybody's have to pass."""

# ruff: noqa: RUF012  (the suite's attributes are read, never written)
from __future__ import annotations

from typing import Any

import pytest

from cloudai import Image, providers
from cloudai.ports import Reply
from cloudai.providers.google import codec
from cloudai.testing import ComplianceSuite

PDF = Image.of(b"%PDF-1.7\n")
TIFF = Image.of(b"II*\0" + bytes(60))


def document(**fields: object) -> dict[str, object]:
    """What Azure's Language says of one document."""
    found = {"id": "0", "warnings": [], **fields}
    return {"kind": "a kind", "results": {"documents": [found], "errors": [], "modelVersion": "2025-01-01"}}


def annotated(**fields: object) -> Any:
    """What Google's Vision says of one picture; None where its SDK, whose messages these are, is not installed."""
    try:
        return codec.load({"responses": [fields]})
    except ModuleNotFoundError:
        return None


def around(left: float, top: float, right: float, bottom: float, x: str = "x", y: str = "y") -> list[dict[str, float]]:
    """Four corners."""
    return [{x: across, y: down} for across, down in ((left, top), (right, top), (right, bottom), (left, bottom))]


AWS_BOX = {"Left": 0.25, "Top": 0.5, "Width": 0.25, "Height": 0.125}
AZURE_SIZE = {"metadata": {"width": 128, "height": 128, "format": "Png"}, "modelVersion": "2021-05-01"}


def aws_text(text: str, kind: str, number: int) -> dict[str, object]:
    """A line or a word of DetectText."""
    place = {"Polygon": around(0.1, 0.1, 0.5, 0.2, "X", "Y")}
    found = {"DetectedText": text, "Type": kind, "Id": number, "Confidence": 99.5, "Geometry": place}
    return found | ({"ParentId": 0} if kind == "WORD" else {})


def read_page(number: int) -> dict[str, object]:
    """A page as the local engine for text answers it."""
    place = {"left": 10, "top": 10, "width": 40, "height": 12}
    word = {"text": "exit", "conf": 96.0, **place}
    return {
        "model": "m",
        "text": f"exit {number}\n",
        "width": 128,
        "height": 128,
        "lines": [{"words": [word], **place}],
    }


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
    # DetectText knows one page, Textract all of them or none.
    picks = frozenset({"text.pii.categories", "vision.text.pages"})
    answers = {
        "vision.labels": [
            {
                "LabelModelVersion": "3.0",
                "Labels": [
                    {
                        "Name": "Dog",
                        "Confidence": 98.5,
                        "Instances": [{"BoundingBox": AWS_BOX, "Confidence": 98.25}],
                        "Parents": [{"Name": "Animal"}],
                        "Aliases": [],
                        "Categories": [{"Name": "Animals and Pets"}],
                    }
                ],
            }
        ],
        "vision.faces": [
            {
                "FaceDetails": [
                    {
                        "BoundingBox": AWS_BOX,
                        "Confidence": 99.5,
                        "AgeRange": {"Low": 20, "High": 28},
                        "Emotions": [{"Type": "HAPPY", "Confidence": 97.5}],
                        "Smile": {"Value": True, "Confidence": 96.5},
                        "Landmarks": [{"Type": "eyeLeft", "X": 0.3, "Y": 0.55}],
                        "Pose": {"Roll": -1.5, "Yaw": 2.5, "Pitch": 3.5},
                    }
                ]
            }
        ],
        "vision.text": [{"TextDetections": [aws_text("WAY OUT", "LINE", 0), aws_text("WAY", "WORD", 1)]}],
        "vision.moderation": [
            {"ModerationLabels": [{"Name": "Alcohol", "ParentName": "", "Confidence": 91.5, "TaxonomyLevel": 1}]}
        ],
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
        "vision.labels": [{**AZURE_SIZE, "tags": [{"name": "dog", "confidence": 0.98, "hint": "animal"}]}],
        "vision.objects": [
            {
                **AZURE_SIZE,
                "objects": [
                    {
                        "object": "dog",
                        "confidence": 0.9,
                        "rectangle": {"x": 32, "y": 64, "w": 32, "h": 16},
                        "parent": {"object": "animal", "confidence": 0.91},
                    }
                ],
            }
        ],
        "vision.colors": [
            {
                **AZURE_SIZE,
                "color": {
                    "dominantColorForeground": "Brown",
                    "dominantColorBackground": "White",
                    "dominantColors": ["Brown", "White"],
                    "accentColor": "873B59",
                    "isBwImg": False,
                },
            }
        ],
        "vision.text": [
            Reply(body="", headers={"operation-location": "https://a.example/vision/v3.2/read/analyzeResults/1-2"}),
            {
                "status": "succeeded",
                "analyzeResult": {
                    "version": "3.2.0",
                    "modelVersion": "2022-04-30",
                    "readResults": [
                        {
                            "page": 1,
                            "angle": -0.5,
                            "width": 128,
                            "height": 128,
                            "unit": "pixel",
                            "lines": [
                                {
                                    "text": "WAY",
                                    "boundingBox": [10, 10, 40, 10, 40, 20, 10, 20],
                                    "appearance": {"style": {"name": "other", "confidence": 0.9}},
                                    "words": [
                                        {
                                            "text": "WAY",
                                            "boundingBox": [10, 10, 40, 10, 40, 20, 10, 20],
                                            "confidence": 0.98,
                                        }
                                    ],
                                }
                            ],
                        }
                    ],
                },
            },
        ],
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
    # A picture has one page.
    samples = {"vision.text.image": PDF}
    answers = {
        "vision.labels": [annotated(labelAnnotations=[{"mid": "/m/0bt9lr", "description": "Dog", "score": 0.98}])],
        "vision.objects": [
            annotated(
                localizedObjectAnnotations=[
                    {
                        "name": "Dog",
                        "score": 0.9,
                        "boundingPoly": {"normalizedVertices": around(0.25, 0.5, 0.5, 0.625)},
                    }
                ]
            )
        ],
        "vision.faces": [
            annotated(
                faceAnnotations=[
                    {
                        "boundingPoly": {"vertices": around(-4, 0, 64, 64)},
                        "fdBoundingPoly": {"vertices": around(8, 8, 56, 60)},
                        "landmarks": [{"type": "LEFT_EYE", "position": {"x": 20, "y": 24, "z": -1}}],
                        "detectionConfidence": 0.95,
                        "joyLikelihood": "VERY_LIKELY",
                    }
                ]
            )
        ],
        "vision.moderation": [annotated(safeSearchAnnotation={"adult": "UNLIKELY", "violence": "LIKELY"})],
        "text.sentiment": [{"documentSentiment": {"magnitude": 0.9, "score": 0.9}, "language": "en", "sentences": []}],
        "text.classify": [{"categories": [{"name": "/Books & Literature", "confidence": 0.75}]}],
        "text.language": [{"data": {"detections": [[{"language": "en", "confidence": 1, "isReliable": False}]]}}],
    }

    @pytest.fixture(autouse=True)
    def _sdk(self) -> None:
        pytest.importorskip("httpx", reason="needs cloudai[google]")
        pytest.importorskip("google.cloud.vision_v1", reason="needs cloudai[google]")


class TestLocal(ComplianceSuite):
    provider = providers.find("local")
    remote = False
    # The engines read English; what "auto" changes is that the language is looked for.
    values = {
        "language": ["auto"],
        "text.pii.language": ["es"],
        "operations": [("vision.faces",), ("vision.text",), ("vision.labels",)],
        "vision.faces.extra.min_confidence": [0.25],
        "vision.labels.min_confidence": [0.5],
        "vision.moderation.min_confidence": [0.5],
    }
    # The engines list all that they see, and know nothing of numbers and thresholds.
    picks = frozenset(
        {
            "text.pii.categories",
            "vision.faces.max_results",
            "vision.faces.extra.min_confidence",
            "vision.labels.min_confidence",
            "vision.moderation.min_confidence",
            "vision.text.pages",
        }
    )
    # Only a TIFF has several pages.
    samples = {"operations": ("vision.colors",), "vision.text.image": TIFF}
    answers = {
        "vision.colors": [
            {
                "model": "m",
                "black_and_white": False,
                "colors": [{"red": 40, "green": 90, "blue": 160, "name": "steelblue", "share": 1.0}],
            }
        ],
        "vision.faces": [
            {
                "model": "m",
                "width": 128,
                "height": 128,
                "faces": [
                    {"left": 8, "top": 8, "width": 32, "height": 40, "confidence": sure} for sure in (99, 88, 30)
                ],
            }
        ],
        "vision.labels": [
            {
                "model": "m",
                "classes": [
                    {"names": ["beagle"], "score": 0.75, "id": "n02088364"},
                    {"names": ["basset", "basset hound"], "score": 0.125, "id": "n02088238"},
                ],
            }
        ],
        "vision.moderation": [{"model": "m", "score": 0.25}],
        "vision.text": [{"frames": 2}, read_page(1), read_page(2)],
        "text.language": [{"model": "m", "languages": [{"lang": "en", "score": 0.9}]}],
        "text.pii": [
            {"model": "m", "entities": [{"kind": "url", "text": "Lyon", "offset": 19, "length": 4}]},
        ],
    }

    @pytest.fixture(autouse=True)
    def _engines(self) -> None:
        pytest.importorskip("fasttext", reason="needs cloudai[local]")
