"""Which text can be shown, and how it is broken."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("PIL", reason="needs cloudai[images]")

from PIL import (
    Image as pillow,  # noqa: N813
    ImageDraw,
    ImageFont,
)

from cloudai.errors import InvalidRequestError
from cloudai.types import fonts
from cloudai.types.fonts import Fonts, shortened, wrapped


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without fonts: there is only Pillow's own."""
    monkeypatch.setattr(fonts, "SYSTEM", ())


def dejavu() -> str:
    try:
        return str(ImageFont.truetype("DejaVuSans.ttf", 10).path)
    except OSError:
        pytest.skip("needs the font DejaVu Sans")


def test_plain_letters_are_always_legible(bare: None) -> None:
    assert Fonts().legible("traffic light 97%") == "traffic light 97%"


def test_signs_that_steer_are_left_out(bare: None) -> None:
    assert Fonts().legible("a\u202eb\nc\t\u200fd  e") == "ab c d e"


@pytest.mark.parametrize(
    ("text", "shown"),
    [("Müller Straße", "Muller Strasse"), ("Coffee ☕ 🙂 3%", "Coffee 3%"), ("Łódź", "Lodz")],
)
def test_without_a_font_accents_and_pictographs_go(bare: None, text: str, shown: str) -> None:
    assert Fonts().legible(text) == shown


@pytest.mark.parametrize("text", ["猫", "cat 猫 97%", "Кошка", "قطة", "हिन्दी", "\U0010fffd"])
def test_what_no_font_has_is_not_drawn_as_boxes(bare: None, text: str) -> None:
    assert Fonts().legible(text) is None


def test_a_system_font_shows_what_pillows_own_does_not() -> None:
    dejavu()
    assert Fonts().legible("Müller, Кошка, γάτα") == "Müller, Кошка, γάτα"


def test_signs_that_join_letters_are_kept() -> None:
    dejavu()
    assert Fonts().legible("co\u200cop é") == "co\u200cop é"


def test_letters_from_the_right_need_their_shaping(monkeypatch: pytest.MonkeyPatch) -> None:
    dejavu()
    monkeypatch.setattr(fonts, "_shapes", lambda: False)
    assert Fonts().legible("قطة") is None


def test_a_font_of_ones_own_is_asked_first(bare: None) -> None:
    own = Fonts(dejavu())
    assert own.legible("Кошка 97%") == "Кошка 97%"
    assert own.length("Кошка", 20) > 20


def test_signs_may_come_from_several_fonts(bare: None, monkeypatch: pytest.MonkeyPatch) -> None:
    file = dejavu()
    real = fonts._has
    # A font that has no digits, as some of those for Chinese have none.
    monkeypatch.setattr(fonts, "_has", lambda name, sign: real(name, sign) and not (name == file and sign.isdigit()))
    mixed = Fonts(file)
    assert mixed.legible("Кошка 97%") == "Кошка 97%"
    assert mixed.length("Кошка 97%", 20) == pytest.approx(mixed.length("Кошка ", 20) + mixed.length("97%", 20), abs=8)
    sheet = pillow.new("L", (200, 40))
    mixed.write(ImageDraw.Draw(sheet), (0, 0), "Кошка 97%", 20, 255)
    box = sheet.getbbox()
    assert box is not None
    assert box[2] == pytest.approx(mixed.length("Кошка 97%", 20), abs=4)
    assert box[3] <= mixed.height("Кошка 97%", 20)


def test_a_file_that_is_no_font_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "font.ttf").write_text("no font")
    with pytest.raises(InvalidRequestError, match=r"font\.ttf' is no font that can be read"):
        Fonts(tmp_path / "font.ttf")


def test_a_text_is_shortened_to_its_room() -> None:
    assert shortened("traffic light", len, 20) == "traffic light"
    assert shortened("traffic light", len, 10) == "traffic..."
    assert shortened("traffic light", len, 4) == ""


def test_a_text_is_wrapped_between_words_and_long_words_are_broken() -> None:
    assert wrapped("one two three", len, 8) == ["one two", "three"]
    assert wrapped("a abcdefghij b", len, 4) == ["a", "abcd", "efgh", "ij b"]
    assert wrapped("abc", len, 0) == ["a", "b", "c"]
    assert wrapped("", len, 8) == []
