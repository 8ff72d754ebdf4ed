from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from cloudai import InvalidRequestError
from cloudai.types.imagefile import read_header
from cloudai.types.media import Image

pillow = pytest.importorskip("PIL.Image", reason="needs cloudai[images]")
EXIF_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF")


def encoded(
    form: str, *, size: tuple[int, int] = (60, 40), mode: str = "RGB", orientation: int = 1, **save: Any
) -> bytes:
    """A picture of a format, made by Pillow."""
    picture = pillow.new(mode, size)
    if orientation != 1:
        exif = pillow.Exif()
        exif[0x0112] = orientation
        save["exif"] = exif
    buffer = io.BytesIO()
    picture.save(buffer, form, **save)
    return buffer.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF"])
def test_format_and_size_are_read_from_the_first_bytes(form: str) -> None:
    image = Image.of(encoded(form))
    assert (image.format, image.width, image.height, image.size) == (form.lower(), 60, 40, (60, 40))
    assert image.byte_length == len(encoded(form))


@pytest.mark.parametrize("form", EXIF_FORMATS)
@pytest.mark.parametrize("orientation", range(2, 9))
def test_the_size_is_that_of_the_picture_as_a_person_sees_it(form: str, orientation: int) -> None:
    image = Image.of(encoded(form, orientation=orientation))
    assert image.orientation == orientation
    assert image.size == ((40, 60) if orientation >= 5 else (60, 40))


@pytest.mark.parametrize(
    ("form", "options"),
    [
        ("JPEG", {"progressive": True}),
        ("JPEG", {"mode": "CMYK"}),
        ("JPEG", {"mode": "L"}),
        ("PNG", {"mode": "RGBA"}),
        ("PNG", {"mode": "I;16"}),
        ("PNG", {"mode": "P"}),
        ("WEBP", {"lossless": True}),
        ("WEBP", {"mode": "RGBA"}),
        ("GIF", {"save_all": True, "append_images": [pillow.new("RGB", (60, 40), "red")]}),
        ("TIFF", {"compression": "tiff_lzw"}),
    ],
)
def test_kinds_of_one_format_are_read_alike(form: str, options: dict[str, Any]) -> None:
    assert Image.of(encoded(form, **options)).size == (60, 40)


@pytest.mark.parametrize("size", [(1, 1), (20_000, 3), (65_535, 1)])
def test_extreme_sizes_are_read(size: tuple[int, int]) -> None:
    assert Image.of(encoded("PNG", size=size)).size == size
    assert Image.of(encoded("JPEG", size=(min(size[0], 65_500), size[1]))).size == (min(size[0], 65_500), size[1])


def test_other_formats_are_told_by_their_first_bytes() -> None:
    assert read_header(b"%PDF-1.7 ...").format == "pdf"
    assert read_header(b"\0\0\0\x18ftypheic....").format == "heic"
    assert read_header(b"\0\0\0\x18ftypavif....").format == "avif"
    assert read_header(b"\0\0\0\x18ftypmp42....").format is None
    icon = read_header(encoded("ICO", size=(16, 16)))
    assert (icon.format, icon.width, icon.height) == ("ico", 16, 16)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF"])
def test_a_file_that_is_cut_off_anywhere_is_still_read_without_trouble(form: str) -> None:
    data = encoded(form, **({"orientation": 6} if form in EXIF_FORMATS else {}))
    for length in range(1, min(len(data), 300)):
        header = read_header(data[:length])
        assert header.width in (None, 60) or form == "TIFF"


def test_a_text_file_with_the_name_of_a_picture_is_no_picture(tmp_path: Path) -> None:
    path = tmp_path / "holiday.jpg"
    path.write_text("not a picture at all")
    image = Image.of(path)
    assert (image.format, image.size, image.name) == (None, None, "holiday.jpg")


def test_a_picture_is_taken_from_wherever_it_is(tmp_path: Path) -> None:
    data = encoded("PNG")
    path = tmp_path / "one.png"
    path.write_bytes(data)
    for source in (path, str(path), data, bytearray(data), memoryview(data), io.BytesIO(data)):
        assert Image.of(source).data == data
    with path.open("rb") as file:
        assert Image.of(file).name == "one.png"
    image = Image.of(data)
    assert Image.of(image) is image
    assert Image.of(pillow.open(path)).size == (60, 40)


def test_a_pillow_picture_is_taken_as_a_person_sees_it() -> None:
    image = Image.of(pillow.open(io.BytesIO(encoded("JPEG", orientation=6))))
    assert (image.size, image.orientation, image.format) == ((40, 60), 1, "png")
    assert Image.of(pillow.new("CMYK", (5, 4))).size == (5, 4)


def test_an_array_is_a_picture() -> None:
    numpy = pytest.importorskip("numpy", reason="needs numpy")
    assert Image.of(numpy.zeros((40, 60, 3), numpy.uint8)).size == (60, 40)
    assert Image.of(numpy.zeros((40, 60), numpy.uint8)).size == (60, 40)
    for wrong in (numpy.zeros((4, 4), float), numpy.zeros((4, 4, 2), numpy.uint8), numpy.zeros((0, 4), numpy.uint8)):
        with pytest.raises(InvalidRequestError, match="is no picture"):
            Image.of(wrong)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("nowhere/none.jpg", "cannot be read"),
        (b"", "is empty"),
        (io.StringIO("x"), "binary mode"),
        (7, "int is no picture"),
        (None, "NoneType is no picture"),
        ("a\0b", "is no path"),
        ("file:///etc/passwd", "file:// is no address of a picture"),
        ("ftp://host/a.jpg", "ftp:// is no address"),
    ],
)
def test_what_is_no_picture_is_refused(source: Any, message: str) -> None:
    with pytest.raises(InvalidRequestError, match=message):
        Image.of(source)


@pytest.mark.parametrize("address", ["https://example.com/a/b.jpg?sig=1", "s3://bucket/b.jpg", "gs://bucket/b.jpg"])
def test_an_address_is_kept_and_not_opened(address: str) -> None:
    image = Image.of(address)
    assert (image.address, image.name, image.data, image.byte_length) == (address, "b.jpg", None, None)


def test_the_scheme_of_an_address_may_be_in_capitals() -> None:
    assert Image.of("HTTPS://example.com/a.jpg").address == "https://example.com/a.jpg"


def test_deep_greys_keep_their_light() -> None:
    grey = Image.of(pillow.new("I", (4, 4), 40_000))
    assert 150 < pillow.open(io.BytesIO(grey.data or b"")).getpixel((0, 0)) < 160


def test_a_picture_without_pixels_is_empty() -> None:
    with pytest.raises(InvalidRequestError, match="is empty"):
        Image.of(pillow.new("RGB", (0, 5)))


def test_a_picture_survives_json_and_shows_itself_in_short() -> None:
    image = Image.of(encoded("PNG"))
    assert Image.from_dict(image.to_dict()) == image
    assert repr(image) == f"Image(bytes: png, 60x40, {image.byte_length} bytes)"
