"""How Computer Vision 3.2 spells things. Sources: the enums and docstrings of its SDK (0.9.1), and its pages "Image
Analysis", "Call the Read API" and "Language support", read in November 2026."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from cloudai.providers.adapter import ImageRule

__all__ = [
    "ANALYZE_RULE",
    "DETAILS",
    "FEATURES",
    "GENDERS",
    "HARMS",
    "IMAGE_LANGUAGES",
    "OCR_LANGUAGES",
    "ORIENTATIONS",
    "READ_LANGUAGES",
    "READ_RULE",
    "VISION_VERSION",
]

VISION_VERSION = "3.2"
"""The version of the Computer Vision API: the last one that its SDK speaks."""

ANALYZE_RULE = ImageRule(
    formats=frozenset({"jpeg", "png", "gif", "bmp"}),
    max_bytes=4_194_304,
    min_side=50,
    max_side=16_000,
    schemes=("https", "http"),
)
"""The pictures of all operations but Read. Nothing is documented of Exif orientation, so pictures are sent upright."""

READ_RULE = ImageRule(
    formats=frozenset({"jpeg", "png", "bmp", "tiff", "pdf"}),
    max_bytes=524_288_000,
    min_side=50,
    max_side=10_000,
    schemes=("https", "http"),
)
"""The pictures and documents of Read. A free tier takes 4 MB and two pages, which is for it to say."""

FEATURES: Mapping[str, str] = {
    "vision.labels": "Tags",
    "vision.objects": "Objects",
    "vision.faces": "Faces",
    "vision.moderation": "Adult",
    "vision.caption": "Description",
    "vision.logos": "Brands",
    "vision.colors": "Color",
}
"""The visual feature of Analyze Image that answers an operation."""

DETAILS: Mapping[str, str] = {"vision.landmarks": "Landmarks", "vision.celebrities": "Celebrities"}
"""The operations that are details of the feature Categories there."""

HARMS: tuple[tuple[str, str, str, str], ...] = (
    ("explicit", "adult", "isAdultContent", "adultScore"),
    ("suggestive", "racy", "isRacyContent", "racyScore"),
    ("gore", "gore", "isGoryContent", "goreScore"),
)
"""Common name, the service's own, its flag and its score."""

GENDERS: Mapping[str, Literal["male", "female"]] = {"Male": "male", "Female": "female"}

IMAGE_LANGUAGES: Mapping[str, str] = {"zh-Hans": "zh"}
"""Languages that Image Analysis spells in its own way."""
READ_LANGUAGES: Mapping[str, str] = {"nb": "no"}
"""The same for Read."""
OCR_LANGUAGES: Mapping[str, str] = {"no": "nb"}
"""The same for the old OCR."""

ORIENTATIONS: Mapping[str, float] = {"Up": 0.0, "Right": 90.0, "Down": 180.0, "Left": -90.0}
"""Where the top of a text shows in the old OCR, as degrees clockwise. ``NotDetected`` is none of these."""
