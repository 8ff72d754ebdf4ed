"""The colours of a picture, counted with Pillow."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image as Pixels

__all__ = ["colourless", "palette"]

Lab = tuple[float, float, float]
Rgb = tuple[int, int, int]

SIDE = 256
"""Width and height to which a picture is cut down before its colours are counted. It takes pixels as they are: mixing
them would make colours that nobody sees."""
MOST = 256
"""The colours that Pillow can tell apart at a time."""
GREY = 16
"""How far the channels of a pixel may lie apart for it to count as grey: what JPEG makes of a grey one."""
NEARLY_ALL = 0.999
"""How much of a picture has to be grey for it to be black and white."""


def palette(pixels: Pixels, count: int) -> list[dict[str, Any]]:
    """The most common colours of a picture in RGB with their shares, the most common first. Where it has more than
    ``count``, those that are alike are one: their mean."""
    from PIL import Image

    small = _small(pixels)
    count = min(count, MOST)
    if small.getcolors(count) is None:
        # Median cut finds where the colours lie, and a few rounds of k-means move each to the mean of its own.
        small = small.quantize(count, kmeans=2, dither=Image.Dither.NONE).convert("RGB")
    found: Any = small.getcolors(count) or []
    pixel_count = small.width * small.height
    return [
        {"red": red, "green": green, "blue": blue, "name": name((red, green, blue)), "share": amount / pixel_count}
        for amount, (red, green, blue) in sorted(found, key=lambda item: (-item[0], item[1]))
    ]


def colourless(pixels: Pixels) -> bool:
    """Whether a picture in RGB has nothing but greys."""
    from PIL import ImageChops

    red, green, blue = _small(pixels).split()
    high = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    low = ImageChops.darker(ImageChops.darker(red, green), blue)
    counts = ImageChops.difference(high, low).histogram()
    return sum(counts[: GREY + 1]) >= NEARLY_ALL * sum(counts)


def _small(pixels: Pixels) -> Pixels:
    width, height = min(pixels.width, SIDE), min(pixels.height, SIDE)
    return pixels if (width, height) == pixels.size else pixels.resize((width, height), resample=0)  # 0: the nearest


# --- names -----------------------------------------------------------------------------------------------------------


def name(color: Rgb) -> str:
    """The CSS name of the colour that looks most like this one (CIE 1976 colour difference)."""
    wanted = _lab(color)
    return min(_names(), key=lambda item: sum((a - b) ** 2 for a, b in zip(item[1], wanted, strict=True)))[0]


@cache
def _names() -> tuple[tuple[str, Lab], ...]:
    from PIL import ImageColor

    # Some have two names, such as aqua and cyan, grey and gray: the first one is taken.
    colors: dict[Rgb, str] = {}
    for word in ImageColor.colormap:
        red, green, blue, *_ = ImageColor.getrgb(word)
        colors.setdefault((red, green, blue), word)
    return tuple((word, _lab(color)) for color, word in colors.items())


def _lab(color: Rgb) -> Lab:
    """Lightness and the two colour axes of CIELAB (sRGB, white D65)."""
    red, green, blue = (
        level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4
        for level in (channel / 255 for channel in color)
    )
    x, y, z = (
        number ** (1 / 3) if number > 216 / 24389 else (24389 / 27 * number + 16) / 116
        for number in (
            (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047,
            0.2126729 * red + 0.7151522 * green + 0.0721750 * blue,
            (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883,
        )
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)
