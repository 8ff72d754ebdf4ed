"""Results drawn on their pictures. What it looks like was looked at; here is what can be counted."""

from __future__ import annotations

import io
import sys
from typing import Any

import pytest

pytest.importorskip("PIL", reason="needs cloudai[images]")

from PIL import (
    Image as pillow,  # noqa: N813
    ImageChops,
)

from cloudai import errors
from cloudai.errors import ConfigurationError, InvalidRequestError, UnsupportedFormatError
from cloudai.operations import vision
from cloudai.operations.drawing import shown
from cloudai.operations.request import Request
from cloudai.operations.vision import (
    ANALYSES,
    AnalysisPart,
    AnalysisResult,
    AnalyzeRequest,
    BodyPart,
    Caption,
    CaptionResult,
    CelebritiesResult,
    Celebrity,
    Color,
    ColorsResult,
    CompareFacesRequest,
    CompareFacesResult,
    CropHint,
    CropHintsResult,
    DetectedObject,
    Drawable,
    Equipment,
    Face,
    FaceMatch,
    FacePoint,
    FacesResult,
    Label,
    LabelsResult,
    Landmark,
    LandmarksResult,
    Line,
    Logo,
    LogosResult,
    ModerationCategory,
    ModerationResult,
    ObjectsResult,
    Page,
    ProtectedPerson,
    ProtectiveEquipmentResult,
    TextResult,
    WebEntity,
    WebResult,
    Word,
)
from cloudai.types.drawing import COLORS, Mark, Note, Reading
from cloudai.types.geometry import Box, Polygon
from cloudai.types.media import Image
from cloudai.types.value import Result

GREY = (128, 128, 128)
MIDDLE = Box(left=0.25, top=0.25, width=0.5, height=0.5)
AREA = Polygon.of([(0.1, 0.1), (0.9, 0.1), (0.9, 0.2), (0.1, 0.2)])


def grey(width: int = 800, height: int = 600) -> pillow.Image:
    return pillow.new("RGB", (width, height), GREY)


def words(result: Result, page: int = 1) -> list[str]:
    """What is said on and below the picture."""
    return [item.text for item in shown(result, page)]


def colors(picture: pillow.Image) -> set[Any]:
    return {color for _, color in picture.getcolors(picture.width * picture.height) or []}


def changed(picture: pillow.Image) -> tuple[int, int, int, int] | None:
    return ImageChops.difference(picture, pillow.new("RGB", picture.size, GREY)).getbbox()


def one_object(box: Box = MIDDLE, name: str = "cat") -> ObjectsResult:
    return ObjectsResult(objects=(DetectedObject(name=name, confidence=0.976, box=box),))


# --- what is said ----------------------------------------------------------------------------------------------------


FACE = Face(
    box=MIDDLE,
    confidence=0.9,
    age=(25, 35),
    emotions={"sad": 0.1, "happy": 0.8},
    landmarks=(FacePoint(name="nose", x=0.5, y=0.5),),
)
COLOR = Color(red=187, green=103, blue=52, name="sienna", share=0.195)
PERSON = ProtectedPerson(
    box=MIDDLE,
    confidence=0.99,
    parts=(
        BodyPart(name="head", equipment=(Equipment(name="head_cover", box=MIDDLE, confidence=0.9, covers=True),)),
        BodyPart(name="face", equipment=(Equipment(name="face_cover", confidence=0.8, covers=False),)),
    ),
)
RESULTS: list[tuple[Result, list[str]]] = [
    (LabelsResult(labels=(Label(name="cat", confidence=0.976, boxes=(MIDDLE, MIDDLE)),)), ["cat 98%", "cat 98%"]),
    (
        LabelsResult(labels=(Label(name="cat", confidence=0.9, boxes=(MIDDLE,), box_confidences=(0.5,)),)),
        ["cat 50%"],
    ),
    (LabelsResult(labels=(Label(name="indoors", confidence=0.5), Label(name="plant"))), ["indoors 50%", "plant"]),
    (one_object(), ["cat 98%"]),
    (FacesResult(faces=(FACE,)), ["face 90%, age 25-35, happy 80%"]),
    (FacesResult(faces=(Face(box=MIDDLE, age=(30, 30)),)), ["face, age 30"]),
    (TextResult(text="a b", pages=(Page(number=1, lines=(Line(text="a b", polygon=AREA),)),)), ["a b"]),
    (
        ModerationResult(
            categories=(
                ModerationCategory(name="explicit", vendor_name="nsfw", confidence=0.934, flagged=True),
                ModerationCategory(name="violence", vendor_name="Violence", confidence=0.95, likelihood="very_likely"),
            )
        ),
        ["explicit (nsfw) 93% flagged", "violence very likely"],
    ),
    (ModerationResult(categories=()), ["nothing found"]),
    (ModerationResult(categories=(), flagged=False), ["not flagged"]),
    (
        CaptionResult(captions=(Caption(text="a cat on a mat", confidence=0.5),), tags=("cat", "mat")),
        ["a cat on a mat 50%", "cat, mat"],
    ),
    (LandmarksResult(landmarks=(Landmark(name="Palace", confidence=0.5, box=MIDDLE),)), ["Palace 50%"]),
    (LogosResult(logos=(Logo(name="Acme", confidence=0.5),)), ["Acme 50%"]),
    (
        CelebritiesResult(celebrities=(Celebrity(name="Ada", box=MIDDLE),), unrecognized=(Face(box=MIDDLE),)),
        ["Ada", "unknown"],
    ),
    (
        ColorsResult(
            colors=(COLOR,),
            foreground=(Color(name="Brown"),),
            background=(Color(name="Grey", score=0.5),),
            accent=COLOR,
        ),
        [
            "sienna #bb6734 19.5% of the picture",
            "foreground Brown",
            "background Grey 50%",
            "accent sienna #bb6734 19.5% of the picture",
        ],
    ),
    (ColorsResult(colors=(), black_and_white=True), ["black and white"]),
    (
        CompareFacesResult(matches=(FaceMatch(face=Face(box=MIDDLE), similarity=0.97),), unmatched=(Face(box=MIDDLE),)),
        ["same face 97%", "other face"],
    ),
    (CropHintsResult(hints=(CropHint(box=MIDDLE, confidence=0.8),)), ["crop 80%"]),
    (CropHintsResult(hints=(CropHint(box=MIDDLE), CropHint(box=MIDDLE))), ["crop 1", "crop 2"]),
    (
        WebResult(entities=(WebEntity(name="Cat", score=1.5), WebEntity(id="/m/1")), best_guesses=("tabby",)),
        ["tabby", "Cat (1.50)"],
    ),
    (
        ProtectiveEquipmentResult(persons=(PERSON,)),
        ["person 99%", "head cover 90%, worn", "face cover 80%, not worn"],
    ),
    (
        AnalysisResult(
            parts={
                "vision.objects": AnalysisPart(result=one_object()),
                "vision.crop_hints": AnalysisPart(error=errors.TimeoutError("too slow")),
                "vision.caption": AnalysisPart(result=CaptionResult(captions=(Caption(text="a cat"),))),
            }
        ),
        ["cat 98%", "crop hints: failed (TimeoutError)", "caption: a cat"],
    ),
]


@pytest.mark.parametrize(("result", "said"), RESULTS, ids=lambda item: type(item).__name__)
def test_everything_is_said_and_drawn(result: Any, said: list[str]) -> None:
    assert words(result) == said
    picture = result.draw(grey())
    assert picture.mode == "RGB"
    assert picture.width == 800
    assert picture.height >= 600
    assert changed(picture) is not None


def test_every_result_of_vision_can_be_drawn() -> None:
    requests: list[type[Request[Any]]] = [*ANALYSES.values(), AnalyzeRequest, CompareFacesRequest]
    results = {request.result for request in requests}
    assert all(issubclass(result, Drawable) for result in results)
    assert results == {type(result) for result, _ in RESULTS}
    assert "Drawable" in vision.__all__


def test_a_result_with_nothing_leaves_the_picture_as_it_is() -> None:
    assert changed(ObjectsResult(objects=()).draw(grey())) is None


def test_the_picture_that_was_handed_over_stays_as_it_is() -> None:
    picture = grey()
    one_object().draw(picture)
    assert changed(picture) is None


# --- places ----------------------------------------------------------------------------------------------------------


def test_a_box_is_drawn_at_its_place() -> None:
    picture = one_object().draw(grey())
    assert picture.size == (800, 600)
    left, top, right, bottom = changed(picture) or (0, 0, 0, 0)
    assert (left, right, bottom) == pytest.approx((200, 600, 450), abs=4)
    assert top < 150  # the plate stands on the box
    assert picture.getpixel((400, 300)) == GREY
    assert COLORS[0] in colors(picture)


def test_a_box_of_the_whole_picture_is_seen_on_all_sides() -> None:
    picture = one_object(Box(left=0, top=0, width=1, height=1)).draw(grey())
    for place in ((1, 300), (798, 300), (400, 598)):
        assert picture.getpixel(place) == COLORS[0]


@pytest.mark.parametrize(
    "box",
    [
        Box(left=-0.3, top=-0.3, width=0.6, height=0.6),
        Box(left=0.8, top=0.9, width=0.6, height=0.6),
        Box(left=2, top=2, width=0.1, height=0.1),
        Box(left=0.5, top=0.5, width=0, height=0),
    ],
)
def test_the_name_of_a_box_over_the_edge_is_on_the_picture(box: Box) -> None:
    picture = one_object(box).draw(grey())
    filled = picture.getcolors(picture.width * picture.height) or []
    count = next(count for count, color in filled if color == COLORS[0])
    assert count > 300


def test_places_of_one_name_have_one_colour_and_names_have_others() -> None:
    result = ObjectsResult(
        objects=tuple(
            DetectedObject(name=name, box=Box(left=0.1 + 0.2 * index, top=0.4, width=0.1, height=0.1))
            for index, name in enumerate(["cat", "dog", "cat", "cup"])
        )
    )
    found = colors(result.draw(grey()))
    assert set(COLORS[:3]) <= found
    assert not set(COLORS[3:]) & found


def test_points_of_a_face_are_drawn() -> None:
    with_points = FacesResult(faces=(FACE,)).draw(grey())
    assert with_points.getpixel((400, 300)) == COLORS[0]


@pytest.mark.parametrize("size", [(1, 1), (64, 64), (64, 40), (100, 479)])
def test_a_small_picture_is_enlarged(size: tuple[int, int]) -> None:
    picture = one_object().draw(grey(*size))
    assert max(picture.size) >= 480
    assert picture.width % size[0] == picture.height % size[1] == 0


@pytest.mark.parametrize("size", [(6000, 4000), (20_000, 100), (3, 700), (5000, 1)])
def test_any_size_can_be_drawn_on(size: tuple[int, int]) -> None:
    picture = one_object().draw(grey(*size))
    assert picture.width >= size[0]
    assert picture.height >= size[1]
    assert COLORS[0] in colors(picture)


def test_letters_grow_with_the_picture() -> None:
    heights = []
    for width, height in ((600, 400), (6000, 4000)):
        picture = one_object().draw(grey(width, height))
        top = (changed(picture) or (0, 0, 0, 0))[1]
        heights.append((height / 4 - top) / height)
    assert heights[0] == pytest.approx(heights[1], rel=0.35)


def test_a_name_that_is_too_long_is_said_below_as_a_whole() -> None:
    picture = one_object(name="a name that goes on " * 20).draw(grey())
    assert picture.height > 600


def test_many_names_are_smaller_and_those_without_room_stand_apart() -> None:
    crowd = ObjectsResult(
        objects=tuple(
            DetectedObject(name=f"thing {index}", box=Box(left=0.45, top=0.45, width=0.02, height=0.02))
            for index in range(60)
        )
    )
    picture = crowd.draw(grey())
    assert picture.size == (800, 600)
    left, top, right, bottom = changed(picture) or (0, 0, 0, 0)
    assert right - left > 300
    assert bottom - top > 100


def test_an_object_without_a_name_is_a_box() -> None:
    picture = ObjectsResult(objects=(DetectedObject(name="", box=MIDDLE),)).draw(grey())
    assert (changed(picture) or (0, 0, 0, 0))[1] == pytest.approx(150, abs=4)


def test_more_notes_than_anybody_reads_are_counted() -> None:
    few, many, more = (
        LabelsResult(labels=tuple(Label(name=f"label {index}") for index in range(count))).draw(grey())
        for count in (20, 70, 700)
    )
    assert few.height < many.height == more.height


def test_names_without_a_font_are_numbered_and_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from cloudai.types import fonts

    monkeypatch.setattr(fonts, "SYSTEM", ())
    written: list[str] = []
    real = fonts.Fonts.write

    def write(self: Any, pen: Any, place: Any, text: str, size: int, color: Any) -> None:
        written.append(text)
        real(self, pen, place, text, size, color)

    monkeypatch.setattr(fonts.Fonts, "write", write)
    ObjectsResult(
        objects=(DetectedObject(name="cat", box=MIDDLE), DetectedObject(name="猫", confidence=0.9, box=MIDDLE))
    ).draw(grey())
    assert written == ["cat", "#2", "#2: in signs that no font here has; name one: draw(image, font='...')"]


# --- text ------------------------------------------------------------------------------------------------------------


def line(top: float, height: float, text: str = "some words here", confidence: float | None = 0.95) -> Line:
    polygon = Polygon.of([(0.1, top), (0.6, top), (0.6, top + height), (0.1, top + height)])
    return Line(text=text, polygon=polygon, words=(Word(text=text, polygon=polygon, confidence=confidence),))


def test_a_few_lines_are_said_beside_themselves() -> None:
    result = TextResult(text="", pages=(Page(number=1, lines=(line(0.2, 0.1), line(0.6, 0.1))),))
    assert result.draw(grey()).width == 800


def test_a_dense_page_is_set_again_on_a_sheet_to_its_right() -> None:
    lines = tuple(line(0.02 * index, 0.018) for index in range(1, 45))
    picture = TextResult(text="", pages=(Page(number=1, lines=lines),)).draw(grey(1000, 1400))
    assert picture.width == 2000
    assert picture.getpixel((1999, 10)) == (255, 255, 255)
    sheet = picture.crop((1000, 0, 2000, 1400)).convert("L").point(lambda level: 255 if level < 200 else 0)
    box = sheet.getbbox()
    assert box is not None
    assert (box[0], box[1], box[3]) == pytest.approx((100, 28, 1257), abs=12)
    assert box[2] < 620


def test_turned_lines_are_set_again_as_they_were() -> None:
    upright = tuple(line(0.02 * index, 0.018) for index in range(1, 45))
    side = Line(text="down the side", polygon=Polygon.of([(0.95, 0.1), (0.95, 0.9), (0.9, 0.9), (0.9, 0.1)]))
    picture = TextResult(text="", pages=(Page(number=1, lines=(*upright, side)),)).draw(grey(1000, 1400))
    sheet = picture.crop((1800, 0, 2000, 1400)).convert("L").point(lambda level: 255 if level < 200 else 0)
    left, top, right, bottom = sheet.getbbox() or (0, 0, 0, 0)
    assert bottom - top > 3 * (right - left) > 0


@pytest.mark.parametrize(
    "other",
    [
        line(0.95, 0.03, "猫が好きです"),
        line(0.95, 0.03, ""),
        line(0.95, 0.03, "far more words than there is room for " * 9),
        Line(text="round", polygon=Polygon.of([(0.1, 0.95), (0.5, 0.93), (0.9, 0.95), (0.9, 0.99), (0.1, 0.99)])),
        Line(text="nowhere", polygon=Polygon(coordinates=())),
    ],
    ids=["no font", "no text", "long", "five corners", "no corners"],
)
def test_a_sheet_takes_any_line(monkeypatch: pytest.MonkeyPatch, other: Line) -> None:
    from cloudai.types import fonts

    monkeypatch.setattr(fonts, "SYSTEM", ())
    lines = (*(line(0.02 * index, 0.018) for index in range(1, 45)), other)
    picture = TextResult(text="", pages=(Page(number=1, lines=lines),)).draw(grey(1000, 1400))
    assert picture.width == 2000
    # Nothing is set outside its place.
    sheet = picture.crop((1000, 0, 2000, 1400)).convert("L").point(lambda level: 255 if level < 200 else 0)
    assert (sheet.getbbox() or (0, 0, 9999, 0))[2] <= 920


def test_a_line_that_no_font_can_say_beside_itself_goes_onto_a_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    from cloudai.types import fonts

    monkeypatch.setattr(fonts, "SYSTEM", ())
    result = TextResult(text="", pages=(Page(number=1, lines=(line(0.2, 0.1, "猫"),)),))
    assert result.draw(grey()).width == 1600


def test_a_line_is_as_sure_as_its_words() -> None:
    result = TextResult(text="", pages=(Page(number=1, lines=(line(0.1, 0.1, confidence=0.5),)),))
    (reading,) = shown(result, 1)
    assert isinstance(reading, Reading)
    assert reading.confidence == 0.5


def test_a_line_without_a_place_is_said_below() -> None:
    result = TextResult(text="", pages=(Page(number=1, lines=(Line(text="somewhere"),)),))
    assert result.draw(grey()).height > 600


def test_a_result_without_pages_leaves_the_picture_as_it_is() -> None:
    assert changed(TextResult(text="", pages=()).draw(grey())) is None


def test_only_the_page_that_is_asked_for_is_drawn() -> None:
    result = TextResult(
        text="", pages=(Page(number=1, lines=(line(0.1, 0.1, "one"),)), Page(number=2, lines=(line(0.1, 0.1, "two"),)))
    )
    assert words(result, 2) == ["two"]
    buffer = io.BytesIO()
    grey().save(buffer, "TIFF", save_all=True, append_images=[grey(500, 700)])
    assert result.draw(buffer.getvalue(), page=2).width == 500
    with pytest.raises(InvalidRequestError, match=r"page=3: the result has 1, 2"):
        words(result, 3)
    with pytest.raises(InvalidRequestError, match=r"the picture has no page 2"):
        result.draw(grey(), page=2)


# --- pictures --------------------------------------------------------------------------------------------------------


def test_boxes_lie_on_the_picture_as_a_person_sees_it() -> None:
    exif = pillow.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    grey(600, 900).save(buffer, "PNG", exif=exif)
    picture = one_object(Box(left=0, top=0, width=0.5, height=1)).draw(buffer.getvalue())
    assert picture.size == (900, 600)
    assert picture.getpixel((449, 300)) == COLORS[0]


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK", "I;16"])
def test_any_kind_of_pixels_can_be_drawn_on(mode: str) -> None:
    picture = one_object().draw(pillow.new(mode, (700, 500)))
    assert COLORS[0] in colors(picture)


def test_an_image_and_a_path_and_bytes_are_the_same_picture(tmp_path: Any) -> None:
    grey().save(tmp_path / "grey.png")
    data = (tmp_path / "grey.png").read_bytes()
    drawn = {one_object().draw(source).tobytes() for source in (tmp_path / "grey.png", data, Image.of(data), grey())}
    assert len(drawn) == 1


def test_a_web_address_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = io.BytesIO()
    grey().save(buffer, "PNG")
    monkeypatch.setattr("cloudai.ports.fetch.fetch", lambda address, limits: buffer.getvalue())
    assert one_object().draw("https://example.com/grey.png").size == (800, 600)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("s3://bucket/photo.jpg", InvalidRequestError),
        (b"%PDF-1.7", UnsupportedFormatError),
        (b"no picture", InvalidRequestError),
    ],
)
def test_what_cannot_be_drawn_on_is_told(source: Any, expected: type[Exception]) -> None:
    with pytest.raises(expected):
        one_object().draw(source)


def test_without_pillow_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'cloudai\[images\]'"):
        one_object().draw(b"\x89PNG\r\n\x1a\n" + bytes(30))


def test_a_result_that_nobody_taught_to_be_drawn_is_a_defect() -> None:
    with pytest.raises(TypeError, match="Result has nothing to draw"):
        list(shown(Result(), 1))


def test_importing_vision_does_not_import_pillow() -> None:
    import subprocess

    code = "import cloudai.operations.vision, cloudai.operations.drawing, sys; print('PIL' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_what_has_a_place_is_a_mark_and_what_has_none_a_note() -> None:
    assert [type(item) for item in shown(one_object(), 1)] == [Mark]
    assert [type(item) for item in shown(LabelsResult(labels=(Label(name="cat"),)), 1)] == [Note]
