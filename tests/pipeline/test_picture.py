"""Pictures on their way to a vendor, in every colour."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

from cloudai import InputTooLargeError, InvalidRequestError, UnsupportedError, UnsupportedFormatError
from cloudai.settings import Fetch
from cloudai.types.media import Image
from tests.support import Answer, loopback
from tests.toy import Toy

pytestmark = pytest.mark.usefixtures("toy")
pillow = pytest.importorskip("PIL.Image", reason="needs cloudai[images]")
Ask = Callable[..., Any]
GOOD = {"labels": ["red"]}


def encoded(form: str = "PNG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **save: Any) -> bytes:
    buffer = io.BytesIO()
    pillow.new(mode, size, **({"color": "red"} if mode == "RGB" else {})).save(buffer, form, **save)
    return buffer.getvalue()


def turned(orientation: int, form: str = "JPEG") -> bytes:
    """A picture whose left half is red and whose right half is blue as it is stored."""
    picture = pillow.new("RGB", (60, 40), "blue")
    picture.paste("red", (0, 0, 30, 40))
    exif = pillow.Exif()
    exif[0x0112] = orientation
    buffer = io.BytesIO()
    picture.save(buffer, form, exif=exif)
    return buffer.getvalue()


def labels(image: Any, **call: Any) -> Callable[[Any], Any]:
    return lambda ai: ai.vision.labels(image, **call)


def sent(vendor: Toy) -> Image:
    """The picture that reached the vendor."""
    found: Image = vendor.sent[-1][0].params["image"]
    return found


def test_a_picture_that_fits_is_sent_as_it_is(ask: Ask) -> None:
    data = encoded()
    vendor = Toy(script=[GOOD])
    meta = ask(vendor, labels(data)).meta
    assert sent(vendor).data == data
    assert (meta.sources, meta.usage.measure, meta.usage.amount) == (("bytes",), "images", 1)


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        (encoded("GIF"), UnsupportedFormatError, "does not take gif for vision.labels, but jpeg, png: say fit=True"),
        (encoded(size=(300, 3)), InputTooLargeError, "300 x 3 pixels.*200 a side at most.*fit=True"),
        (encoded(size=(1, 1)), InvalidRequestError, "2 a side at least"),
        (b"words, not a picture", UnsupportedFormatError, "no picture that is known"),
        (encoded("BMP", (190, 190)), UnsupportedFormatError, "bmp"),
        (encoded("PNG", (190, 190)) + b"\0" * 60_000, InputTooLargeError, "bytes.*50,000 at most"),
    ],
)
def test_a_picture_that_does_not_fit_is_refused_before_it_is_sent(
    ask: Ask, data: bytes, error: type[Exception], message: str
) -> None:
    vendor = Toy(script=[GOOD])
    with pytest.raises(error, match=message):
        ask(vendor, labels(data))
    assert not vendor.sent


@pytest.mark.parametrize(
    "data",
    [
        encoded("GIF"),
        encoded(size=(2000, 100)),
        encoded("JPEG", mode="CMYK", size=(400, 400)),
        encoded("PNG", mode="I;16", size=(300, 300)),
        encoded("TIFF"),
        encoded("WEBP", mode="RGBA"),
        encoded("GIF", save_all=True, append_images=[pillow.new("RGB", (60, 40), "blue")]),
        encoded("PNG", mode="P", size=(500, 20)),
    ],
)
def test_a_picture_is_made_to_fit_when_asked(ask: Ask, data: bytes) -> None:
    vendor = Toy(script=[GOOD])
    ask(vendor, labels(data, fit=True))
    image = sent(vendor)
    assert image.format in ("jpeg", "png")
    assert image.size is not None
    before = Image.of(data).size
    assert before is not None
    assert max(image.size) <= 200
    assert image.size[0] / image.size[1] == pytest.approx(before[0] / before[1], rel=0.2)


def test_noise_is_shrunk_until_its_bytes_fit(ask: Ask) -> None:
    picture = pillow.effect_noise((200, 200), 100)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    data = buffer.getvalue() + b"\0" * 30_000
    vendor = Toy(script=[GOOD])
    ask(vendor, labels(data, fit=True))
    assert (sent(vendor).byte_length or 0) <= 50_000


def test_what_cannot_be_made_to_fit_is_an_error_although_asked(ask: Ask) -> None:
    for data in (b"words, not a picture", encoded(size=(1, 1)), b"%PDF-1.7"):
        with pytest.raises(InvalidRequestError):
            ask(Toy(script=[GOOD]), labels(data, fit=True))
    with pytest.raises(InvalidRequestError, match="cannot be decoded"):
        ask(Toy(script=[GOOD]), labels(encoded("GIF", (190, 190))[:40], fit=True))


def test_a_turned_picture_stays_within_the_limits(ask: Ask) -> None:
    noise = pillow.effect_noise((190, 190), 100).convert("RGB")
    exif = pillow.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    noise.save(buffer, "PNG", exif=exif)
    data = buffer.getvalue()
    assert len(data) > 30_000
    vendor = Toy(script=[GOOD])
    # Padded to just under the limit, which the PNG that is written anew would be over.
    ask(vendor, labels(data, fit=True))
    assert (sent(vendor).byte_length or 0) <= 50_000


def test_a_picture_that_is_too_small_for_one_vendor_may_be_taken_by_the_next(ask: Ask) -> None:
    vendors = [Toy(name="one", script=[GOOD]), Toy(name="two", script=[GOOD])]
    with pytest.raises(Exception, match="a side at least") as caught:
        ask(vendors, labels(encoded(size=(1, 1))))
    assert len(caught.value.errors) == 2


@pytest.mark.parametrize("data", [encoded("JPEG")[:12], encoded("PNG")[:20], encoded("GIF")[:8]])
def test_a_picture_that_is_cut_off_in_its_header_is_refused(ask: Ask, data: bytes) -> None:
    vendor = Toy(script=[GOOD])
    with pytest.raises(InvalidRequestError, match="cut off|does not take"):
        ask(vendor, labels(data))
    assert not vendor.sent


def test_what_pillow_does_not_read_is_of_an_unsupported_format(ask: Ask) -> None:
    with pytest.raises(UnsupportedFormatError) as caught:
        ask(Toy(script=[GOOD]), labels(b"\0\0\0\x18ftypheic" + b"\0" * 50, fit=True))
    assert "0x" not in str(caught.value)


@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_picture_is_turned_upright_where_the_vendor_does_not(ask: Ask, orientation: int) -> None:
    from PIL import ImageOps

    vendor = Toy(script=[GOOD])
    data = turned(orientation, "PNG")
    ask(vendor, labels(data))
    image = sent(vendor)
    assert image.orientation == 1
    shown = ImageOps.exif_transpose(pillow.open(io.BytesIO(data)))
    assert image.size == shown.size
    assert pillow.open(io.BytesIO(image.data or b"")).convert("RGB").tobytes() == shown.tobytes()


def test_a_picture_is_left_as_it_is_where_the_vendor_turns_it(ask: Ask) -> None:
    vendor = Toy(script=[GOOD])
    data = turned(6, "JPEG")
    ask(vendor, labels(data))
    assert sent(vendor).data == data


def test_an_address_goes_to_a_vendor_that_reads_it(ask: Ask) -> None:
    vendor = Toy(script=[GOOD])
    meta = ask(vendor, labels("s3://bucket/a.jpg")).meta
    assert (sent(vendor).address, meta.sources) == ("s3://bucket/a.jpg", ("address",))


def test_other_addresses_are_fetched_and_meta_says_so(ask: Ask) -> None:
    data = encoded()
    with loopback(Answer(body=data)) as server:
        vendor = Toy(script=[GOOD])
        meta = ask(vendor, labels(f"{server.address}/a.png"), fetch=Fetch(allow_private=True)).meta
    assert (sent(vendor).data, meta.sources) == (data, ("fetched",))


def test_a_private_address_is_not_fetched(ask: Ask) -> None:
    vendor = Toy(script=[GOOD])
    with pytest.raises(InvalidRequestError, match="private network"):
        ask(vendor, labels("http://127.0.0.1:9/a.png"))
    assert not vendor.sent


def test_an_address_that_a_vendor_cannot_read_is_named(ask: Ask) -> None:
    with pytest.raises(UnsupportedError, match="does not read gs:// addresses; it takes bytes, s3://"):
        ask(Toy(script=[GOOD]), labels("gs://bucket/a.jpg"))
