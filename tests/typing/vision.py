"""A user's script about pictures, checked by mypy and pyright and never run: see ``user.py``."""

from __future__ import annotations

from collections.abc import Coroutine, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, assert_type

from PIL import Image as pillow  # noqa: N813

from cloudai import (
    AWS,
    AnalysisPart,
    AnalysisResult,
    AnalyzeRequest,
    AsyncCloudAI,
    Box,
    Caption,
    CaptionResult,
    CelebritiesResult,
    Celebrity,
    CloudAI,
    Color,
    ColorsResult,
    CompareFacesRequest,
    CompareFacesResult,
    Comparison,
    CropHint,
    CropHintsResult,
    DetectedObject,
    Face,
    FaceMatch,
    FacesResult,
    Fetch,
    Gender,
    Google,
    Image,
    ImageSource,
    Label,
    LabelsRequest,
    LabelsResult,
    Landmark,
    LandmarksResult,
    Likelihood,
    Line,
    Logo,
    LogosResult,
    ModerationCategory,
    ModerationResult,
    ObjectsResult,
    Outcome,
    Page,
    PixelBox,
    Point,
    Polygon,
    ProtectedPerson,
    ProtectiveEquipmentResult,
    TextInImageRequest,
    TextResult,
    Trait,
    WebEntity,
    WebResult,
    Word,
)

ai = CloudAI([AWS(bucket="b"), Google(transport="rest"), "local"], fetch=Fetch(max_bytes=1_000_000))


def every_operation_returns_its_result() -> None:
    assert_type(ai.vision.labels("a.jpg", max_results=5, min_confidence=0.5, language="de", fit=True), LabelsResult)
    assert_type(ai.vision.objects("a.jpg"), ObjectsResult)
    assert_type(ai.vision.faces("a.jpg", attributes=False), FacesResult)
    assert_type(ai.vision.text("a.pdf", kind="document", languages=["de"], pages=[1, 2]), TextResult)
    assert_type(ai.vision.moderation("a.jpg"), ModerationResult)
    assert_type(ai.vision.caption("a.jpg"), CaptionResult)
    assert_type(ai.vision.landmarks("a.jpg"), LandmarksResult)
    assert_type(ai.vision.logos("a.jpg"), LogosResult)
    assert_type(ai.vision.celebrities("a.jpg"), CelebritiesResult)
    assert_type(ai.vision.colors("a.jpg"), ColorsResult)
    assert_type(ai.vision.compare_faces("a.jpg", b"bytes", min_similarity=0.9), CompareFacesResult)
    assert_type(ai.vision.crop_hints("a.jpg", aspect_ratios=[1, 1.5]), CropHintsResult)
    assert_type(ai.vision.web("a.jpg"), WebResult)
    assert_type(ai.vision.protective_equipment("a.jpg"), ProtectiveEquipmentResult)
    assert_type(ai.vision.analyze("a.jpg", operations=["labels", "faces"]), AnalysisResult)


class Array:
    """What offers itself as numpy's arrays do."""

    @property
    def __array_interface__(self) -> dict[str, Any]:
        return {}


def a_picture_may_be_many_things(pixels: pillow.Image) -> None:
    ai.vision.labels(Path("a.jpg"))
    ai.vision.labels("https://example.com/a.jpg")
    ai.vision.labels(b"bytes")
    ai.vision.labels(bytearray(b"bytes"))
    ai.vision.labels(memoryview(b"bytes"))
    ai.vision.labels(BytesIO(b"bytes"))
    ai.vision.labels(pixels)
    ai.vision.labels(Array())
    ai.vision.labels(Image.of(pixels))
    with open("a.jpg", "rb") as file:
        ai.vision.labels(file)
        assert_type(Image.of(file), Image)
    source: ImageSource = Path("a.jpg")
    picture = Image.of(source)
    assert_type(picture.size, tuple[int, int] | None)
    assert_type(picture.data, bytes | None)


async def every_operation_of_the_async_client_is_awaitable() -> None:
    async with AsyncCloudAI("local") as later:
        waiting: Coroutine[Any, Any, LabelsResult] = later.vision.labels("a.jpg")
        assert_type(await waiting, LabelsResult)
        assert_type(await later.vision.text(b"bytes", provider="aws", timeout=2), TextResult)
        assert_type(await later.vision.analyze("a.jpg", operations=("text",)), AnalysisResult)
        assert_type(await later.run(LabelsRequest(image=Image.of("a.jpg"))), LabelsResult)
        for label in await later.vision.labels("a.jpg"):
            assert_type(label, Label)


def requests_know_their_results() -> None:
    picture = Image.of("a.jpg")
    assert_type(ai.run(TextInImageRequest(image=picture, kind="scene")), TextResult)
    assert_type(ai.run(CompareFacesRequest(image=picture, target=picture)), CompareFacesResult)
    assert_type(ai.run(AnalyzeRequest(image=picture, operations=("labels",))), AnalysisResult)
    assert_type(ai.compare(LabelsRequest(image=picture), providers=["aws"]), Comparison[LabelsResult])
    requests = (LabelsRequest(image=Image.of(path)) for path in Path("photos").iterdir())
    assert_type(ai.run_many(requests), Iterator[Outcome[LabelsResult]])


def results_are_iterated_over() -> None:
    for label in ai.vision.labels("a.jpg"):
        assert_type(label, Label)
        assert_type(label.boxes, tuple[Box, ...])
        assert_type(label.box_confidences, tuple[float | None, ...])
    for item in ai.vision.objects("a.jpg"):
        assert_type(item, DetectedObject)
        assert_type(item.box.to_pixels(640, 480), PixelBox)
    for face in ai.vision.faces("a.jpg"):
        assert_type(face, Face)
        assert_type(face.age, tuple[int, int] | None)
        assert_type(face.gender, Gender | None)
        assert_type(face.smile, Trait | None)
        assert_type(face.emotions, Mapping[str, float])
        assert_type(face.emotion_likelihoods, Mapping[str, Likelihood])
    for category in ai.vision.moderation("a.jpg"):
        assert_type(category, ModerationCategory)
        assert_type(category.flagged, bool | None)
    for color in ai.vision.colors("a.jpg"):
        assert_type(color, Color)
        assert_type(color.hex, str | None)
    for match in ai.vision.compare_faces("a.jpg", "b.jpg"):
        assert_type(match, FaceMatch)
    assert_type(ai.vision.caption("a.jpg")[0], Caption)
    assert_type(ai.vision.landmarks("a.jpg")[0], Landmark)
    assert_type(ai.vision.logos("a.jpg")[0], Logo)
    assert_type(ai.vision.celebrities("a.jpg")[0], Celebrity)
    assert_type(ai.vision.crop_hints("a.jpg")[0], CropHint)
    assert_type(ai.vision.web("a.jpg")[0], WebEntity)
    assert_type(ai.vision.protective_equipment("a.jpg")[0], ProtectedPerson)


def text_has_pages_lines_and_words() -> None:
    result = ai.vision.text("a.pdf")
    assert_type(result.text, str)
    assert_type(result.lines, tuple[Line, ...])
    for page in result:
        assert_type(page, Page)
        for line in page.lines:
            assert_type(line.words, tuple[Word, ...])
            assert_type(line.polygon, Polygon | None)
            for point in line.polygon or ():
                assert_type(point, Point)


def an_analysis_has_parts() -> None:
    result = ai.vision.analyze("a.jpg", operations=["labels"])
    assert_type(result.parts, Mapping[str, AnalysisPart])
    assert_type("labels" in result, bool)
    assert_type(result["labels"], Any)


def a_result_is_drawn() -> None:
    assert_type(ai.vision.faces("a.jpg").draw("a.jpg", font=Path("a.ttf"), page=2), pillow.Image)


def what_is_wrong_is_an_error() -> None:
    ai.vision.labels()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    ai.vision.labels(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    ai.vision.labels(open("a.jpg"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # noqa: SIM115
    ai.vision.labels("a.jpg", 5)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    ai.vision.text("a.jpg", kind="page")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    ai.vision.analyze("a.jpg")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    ai.vision.compare_faces("a.jpg")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    ai.vision.colors("a.jpg", min_confidence=0.5)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    LabelsRequest(image="a.jpg")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    ai.text.sentiment("text").draw("a.jpg")  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
