"""Pixels of pictures of all kinds, as a person sees them."""

from __future__ import annotations

import io
import sys

import pytest

pytest.importorskip("PIL", reason="needs cloudai[images]")

from PIL import Image as pillow  # noqa: N813

from cloudai.errors import ConfigurationError, InputTooLargeError, InvalidRequestError
from cloudai.types.pixels import frame_count, upright


def encoded(picture: pillow.Image, form: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("mode", "form"),
    [
        *[("1", "PNG"), ("L", "PNG"), ("P", "PNG"), ("LA", "PNG"), ("RGBA", "PNG"), ("I;16", "PNG")],
        *[("CMYK", "JPEG"), ("CMYK", "TIFF"), ("I", "TIFF"), ("F", "TIFF"), ("LAB", "TIFF"), ("YCbCr", "JPEG")],
        *[("RGB", "WEBP"), ("RGB", "AVIF"), ("RGB", "BMP"), ("P", "GIF")],
    ],
)
def test_every_mode_becomes_red_green_and_blue(mode: str, form: str) -> None:
    pixels = upright(encoded(pillow.new(mode, (32, 16)), form))
    assert (pixels.mode, pixels.size) == ("RGB", (32, 16))


def test_sixteen_bits_keep_their_share() -> None:
    deep = pillow.linear_gradient("L").convert("I").point(lambda level: level * 257).convert("I;16")
    pixels = upright(encoded(deep))
    assert [pixels.getpixel((5, row))[0] for row in (0, 100, 255)] == pytest.approx([0, 100, 255], abs=1)  # type: ignore[index]


def test_a_dark_picture_of_sixteen_bits_stays_dark() -> None:
    deep = pillow.new("I", (8, 8), 200).convert("I;16")
    assert upright(encoded(deep)).getpixel((0, 0)) == (0, 0, 0)


@pytest.mark.parametrize(("level", "shown"), [(1.0, 255), (0.5, 127), (200.0, 200), (65535.0, 255), (100_000.0, 255)])
def test_a_picture_of_fractions_is_scaled_by_the_usual_white(level: float, shown: int) -> None:
    pixels = upright(encoded(pillow.new("F", (8, 8), level), "TIFF"))
    assert pixels.getpixel((0, 0)) == pytest.approx((shown,) * 3, abs=1)


def test_transparent_parts_are_white() -> None:
    half = pillow.new("RGBA", (8, 8), (255, 0, 0, 128))
    assert upright(encoded(half)).getpixel((0, 0)) == pytest.approx((255, 127, 127), abs=1)
    palette = pillow.new("RGB", (8, 8), "lime").convert("P", palette=pillow.Palette.ADAPTIVE)
    assert upright(encoded(palette, "PNG", transparency=0)).getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_picture_is_turned_as_its_exif_says(form: str) -> None:
    picture = pillow.new("RGB", (40, 20), "white")
    picture.paste("black", (0, 0, 20, 20))
    exif = pillow.Exif()
    exif[0x0112] = 6
    pixels = upright(encoded(picture, form, exif=exif))
    assert pixels.size == (20, 40)
    assert pixels.getpixel((10, 5)) == pytest.approx((0, 0, 0), abs=9)
    assert pixels.getpixel((10, 35)) == pytest.approx((255, 255, 255), abs=9)


def test_a_page_of_many_is_the_one_that_is_asked_for() -> None:
    data = encoded(pillow.new("RGB", (20, 20)), "TIFF", save_all=True, append_images=[pillow.new("L", (10, 30))])
    assert frame_count(data) == 2
    assert upright(data, frame=1).size == (10, 30)
    with pytest.raises(InvalidRequestError, match=r"scan\.tiff has no page 3"):
        upright(data, frame=2, name="scan.tiff")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_a_file_that_is_cut_off_is_an_invalid_request(form: str, share: float) -> None:
    data = encoded(pillow.effect_noise((200, 200), 80), form)
    with pytest.raises(InvalidRequestError, match=r"photo cannot be decoded|photo has no page"):
        upright(data[: int(len(data) * share)], name="photo")


@pytest.mark.parametrize("data", [b"", b"no picture", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_an_invalid_request(data: bytes) -> None:
    with pytest.raises(InvalidRequestError, match="the picture cannot be decoded"):
        upright(data)
    with pytest.raises(InvalidRequestError, match="the picture cannot be decoded"):
        frame_count(data)


def test_a_picture_that_would_fill_the_memory_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pillow, "MAX_IMAGE_PIXELS", 100)
    data = encoded(pillow.new("RGB", (20, 20)))
    for decode in (upright, frame_count):
        with pytest.raises(InputTooLargeError, match="400 pixels"):
            decode(data)


def test_without_pillow_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(ConfigurationError, match=r"cloudai\[images\]"):
        upright(b"")
