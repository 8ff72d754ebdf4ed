"""EfficientNet-Lite0, calculated with numpy.

The network is the one of Tan and Le (2019) in its "lite" form: no squeeze and excitation, and ReLU6 throughout. Its
weights come in the file form of PyTorch before 1.6, which is a pickle: it is read by an unpickler that knows the few
names of this form and refuses all others, so that a file can hold numbers only.
"""

from __future__ import annotations

import math
import pickle
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

__all__ = ["SIDE", "Network"]

Array = NDArray[np.float32]

SIDE = 224
"""Width and height of the picture that it looks at."""
SEEN = 0.875
"""How much of the shorter side it looks at, around the middle, as when it was trained and measured."""
STRIDES = (1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1)
"""How many pixels each of its 16 blocks moves on."""
EPSILON = 1e-3
"""What its batch normalisation adds to a variance."""


@dataclass(frozen=True, slots=True)
class _Layer:
    """A convolution with its batch normalisation folded in."""

    weight: Array
    bias: Array
    stride: int = 1


@dataclass(frozen=True, slots=True)
class _Block:
    expand: _Layer | None
    depthwise: _Layer
    project: _Layer


class Network:
    """The network with its weights. Several threads may ask it."""

    def __init__(self, path: Path) -> None:
        weights = _read(path)
        self._stem = _fold(weights, "_conv_stem", "_bn0", 2)
        self._blocks = [_block(weights, f"_blocks.{index}", stride) for index, stride in enumerate(STRIDES)]
        self._head = _fold(weights, "_conv_head", "_bn1")
        self._last = _Layer(weights["_fc.weight"], weights["_fc.bias"])

    def __call__(self, pixels: Any) -> Array:
        """How likely each class is: 1,000 numbers that add up to 1. ``pixels`` is a Pillow picture in RGB."""
        values = (np.asarray(_middle(pixels), dtype=np.float32) - 127.0) / 128.0
        values = _relu6(_whole(values, self._stem))
        for block in self._blocks:
            inside = values if block.expand is None else _relu6(_point(values, block.expand))
            inside = _point(_relu6(_each(inside, block.depthwise)), block.project)
            values = inside + values if inside.shape == values.shape and block.depthwise.stride == 1 else inside
        seen = _relu6(_point(values, self._head)).mean(axis=(0, 1))
        levels = self._last.weight @ seen + self._last.bias
        shares = np.exp(levels - levels.max())
        likely: Array = shares / shares.sum()
        return likely


def _middle(pixels: Any) -> Any:
    side = min(pixels.size) * SEEN
    left, top = (pixels.width - side) / 2, (pixels.height - side) / 2
    return pixels.resize((SIDE, SIDE), resample=3, box=(left, top, left + side, top + side))  # 3 is bicubic


# --- layers; values are height x width x channels --------------------------------------------------------------------


def _padded(values: Array, size: int, stride: int) -> Array:
    """With a border of zeros, as TensorFlow's padding ``SAME`` lays it: the odd row and column at the far end."""
    borders = []
    for length in values.shape[:2]:
        border = max((math.ceil(length / stride) - 1) * stride + size - length, 0)
        borders.append((border // 2, border - border // 2))
    return np.pad(values, (*borders, (0, 0)))


def _whole(values: Array, layer: _Layer) -> Array:
    """A convolution over all channels."""
    size = layer.weight.shape[2]
    windows = np.lib.stride_tricks.sliding_window_view(_padded(values, size, layer.stride), (size, size), (0, 1))
    out: Array = np.tensordot(windows[:: layer.stride, :: layer.stride], layer.weight, ((2, 3, 4), (1, 2, 3)))
    return out + layer.bias


def _each(values: Array, layer: _Layer) -> Array:
    """A convolution over each channel by itself."""
    size, stride = layer.weight.shape[2], layer.stride
    down, across = (math.ceil(length / stride) for length in values.shape[:2])
    values = _padded(values, size, stride)
    out = np.empty((down, across, values.shape[2]), np.float32)
    out[:] = layer.bias
    for y in range(size):
        for x in range(size):
            part = values[y : y + (down - 1) * stride + 1 : stride, x : x + (across - 1) * stride + 1 : stride]
            out += part * layer.weight[:, 0, y, x]
    return out


def _point(values: Array, layer: _Layer) -> Array:
    """A convolution of one pixel."""
    out: Array = values @ layer.weight[:, :, 0, 0].T + layer.bias
    return out


def _relu6(values: Array) -> Array:
    return np.clip(values, 0.0, 6.0)


def _block(weights: Mapping[str, Array], name: str, stride: int) -> _Block:
    expands = f"{name}._expand_conv.weight" in weights
    return _Block(
        _fold(weights, f"{name}._expand_conv", f"{name}._bn0") if expands else None,
        _fold(weights, f"{name}._depthwise_conv", f"{name}._bn1", stride),
        _fold(weights, f"{name}._project_conv", f"{name}._bn2"),
    )


def _fold(weights: Mapping[str, Array], layer: str, norm: str, stride: int = 1) -> _Layer:
    gain = weights[f"{norm}.weight"] / np.sqrt(weights[f"{norm}.running_var"] + EPSILON)
    bias = weights[f"{norm}.bias"] - weights[f"{norm}.running_mean"] * gain
    return _Layer(weights[f"{layer}.weight"] * gain[:, None, None, None], bias, stride)


# --- the file --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Tensor:
    """Where in which storage the numbers of a tensor are."""

    storage: tuple[str, str, int]
    """Its kind as numpy writes it, its key, and how many numbers it holds."""
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class _Unpickler(pickle.Unpickler):
    """Knows the names that a file of tensors needs, and no others."""

    names: Mapping[tuple[str, str], Any] = {
        ("collections", "OrderedDict"): OrderedDict,
        ("torch._utils", "_rebuild_tensor_v2"): lambda storage, offset, shape, strides, *_: _Tensor(
            storage, offset, shape, strides
        ),
        ("torch", "FloatStorage"): "<f4",
        ("torch", "LongStorage"): "<i8",
    }

    def find_class(self, module: str, name: str) -> Any:
        try:
            return self.names[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name} does not belong into a file of weights") from None

    def persistent_load(self, pid: Any) -> tuple[str, str, int]:
        _, kind, key, _, count, _ = pid
        return kind, key, count


def _read(path: Path) -> dict[str, Array]:
    """The weights of a file, by name."""
    with open(path, "rb") as file:
        for _ in range(3):  # a magic number, a version, and sizes of types
            _Unpickler(file).load()
        tensors: dict[str, _Tensor] = _Unpickler(file).load()
        keys: list[str] = _Unpickler(file).load()
        kinds = {tensor.storage[1]: tensor.storage for tensor in tensors.values()}
        storages = {key: _storage(file, kinds[key]) for key in keys}
    return {name: _numbers(tensor, storages[tensor.storage[1]]) for name, tensor in tensors.items()}


def _storage(file: IO[bytes], kind: tuple[str, str, int]) -> NDArray[Any]:
    code, _, count = kind
    if int.from_bytes(file.read(8), "little") != count:
        raise ValueError("a storage does not hold as many numbers as its tensors say")
    return np.frombuffer(file.read(count * np.dtype(code).itemsize), code, count)


def _numbers(tensor: _Tensor, storage: NDArray[Any]) -> Array:
    # The tensors were made over from TensorFlow, and still lie as they did there.
    last = tensor.offset + sum((size - 1) * stride for size, stride in zip(tensor.shape, tensor.strides, strict=True))
    if last >= len(storage) or min(tensor.strides, default=0) < 0:
        raise ValueError("a tensor reaches over the end of its storage")
    strides = [stride * storage.itemsize for stride in tensor.strides]
    return np.ascontiguousarray(as_strided(storage[tensor.offset :], tensor.shape, strides))
