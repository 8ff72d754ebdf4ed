"""What vision requests check by themselves, and how their results travel."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest

from cloudai import (
    AnalysisPart,
    AnalysisResult,
    AnalyzeRequest,
    Color,
    ColorsResult,
    CropHintsRequest,
    InvalidRequestError,
    Label,
    LabelsRequest,
    LabelsResult,
    Meta,
    RateLimitedError,
    TextInImageRequest,
)
from cloudai.types.value import Deferred, attach

DATA = b"GIF89a\x02\x00\x02\x00"


def test_an_analysis_survives_json_with_its_results_and_its_errors() -> None:
    analysis = AnalysisResult(
        meta=Meta(provider="aws", attempts=2),
        parts={
            "vision.labels": AnalysisPart(result=LabelsResult(labels=(Label(name="cat", confidence=0.5),))),
            "vision.colors": AnalysisPart(result=ColorsResult(colors=())),
            "vision.faces": AnalysisPart(error=RateLimitedError("slow", provider="aws", retry_after=2.0)),
        },
    )
    back = AnalysisResult.from_dict(json.loads(analysis.to_json()))
    assert back["labels"] == analysis["vision.labels"]
    assert back["colors"] == ColorsResult(colors=())
    assert back.meta == analysis.meta
    with pytest.raises(RateLimitedError, match="slow") as caught:
        back["faces"]
    assert (caught.value.provider, caught.value.retry_after) == ("aws", 2.0)
    assert list(back.errors) == ["vision.faces"]
    assert ("labels" in back, "vision.web" in back) == (True, False)


def test_a_result_whose_answer_was_not_read_yet_travels_to_another_process() -> None:
    result = ColorsResult(colors=(Color(red=1, green=2, blue=3),))
    attach(result, Meta(), Deferred(lambda: {"a": 1}))
    back = pickle.loads(pickle.dumps(result))
    assert (back, back.raw) == (result, {"a": 1})


@pytest.mark.parametrize(
    ("request_class", "fields"),
    [
        (AnalyzeRequest, {"operations": None}),
        (AnalyzeRequest, {"operations": "labels"}),
        (AnalyzeRequest, {"operations": [3]}),
        (AnalyzeRequest, {"operations": []}),
        (AnalyzeRequest, {"operations": ["text.sentiment"]}),
        (TextInImageRequest, {"pages": 1}),
        (TextInImageRequest, {"pages": [0]}),
        (TextInImageRequest, {"pages": ["1"]}),
        (TextInImageRequest, {"languages": "en"}),
        (TextInImageRequest, {"languages": ["english"]}),
        (TextInImageRequest, {"kind": "poem"}),
        (CropHintsRequest, {"aspect_ratios": 1.5}),
        (CropHintsRequest, {"aspect_ratios": [-1]}),
        (LabelsRequest, {"min_confidence": 50}),
        (LabelsRequest, {"max_results": 0}),
        (LabelsRequest, {"max_results": True}),
    ],
)
def test_a_request_that_no_vendor_could_answer_cannot_be_built(request_class: Any, fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequestError):
        request_class(image=DATA, **fields)


def test_names_of_an_analysis_may_be_short_and_are_asked_once() -> None:
    request = AnalyzeRequest(image=DATA, operations=["labels", "vision.labels", "faces"])  # type: ignore[arg-type]
    assert request.operations == ("vision.labels", "vision.faces")
