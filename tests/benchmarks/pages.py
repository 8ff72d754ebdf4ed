"""Prints what it takes to make a typed result of a page of text, beside ``json.loads`` of the same page as JSON.

    python -m tests.benchmarks.pages [google] [--words 5000] [--rounds 15]

The page is made here. Exit code 1 when something took more than its target.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from cloudai import CloudAI, Google
from cloudai.operations.vision import TextResult
from cloudai.providers.google import vision
from cloudai.types.media import Image
from tests.support import ScriptedPort, adapt

WIDTH, HEIGHT = 2480, 3508
ACROSS = 12
"""Words on a line."""
LETTERS = "etaoinshrdlcumwfgypbvk"
PICTURE = Image(data=b"\xff\xd8\xff", format="jpeg", width=WIDTH, height=HEIGHT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to come to an answer, and what it took."""

    name: str
    seconds: float
    ratio: float
    """Of ``json.loads``."""
    peak: int
    """Bytes of memory that it added at most."""
    target: float | None = None
    """What the ratio may be at most."""


def google_page(count: int) -> Any:
    """An answer of Cloud Vision with one page of so many words, and both of its forms of text, as it gives them."""
    from google.cloud import vision_v1

    chance = random.Random(7)
    kind = vision_v1.BatchAnnotateImagesResponse
    message = kind.pb(kind())
    response = message.responses.add()
    page = response.full_text_annotation.pages.add(width=WIDTH, height=HEIGHT, confidence=0.97)
    page.property.detected_languages.add(language_code="en", confidence=1.0)
    whole = response.text_annotations.add(locale="en")
    lines: list[str] = []
    height = max(8, HEIGHT // (count // ACROSS + 2))
    for start in range(0, count, ACROSS):
        if start % (ACROSS * 5) == 0:
            block = page.blocks.add(block_type=1, confidence=chance.random())
            paragraph = block.paragraphs.add(confidence=chance.random())
        row, left = start // ACROSS, 100
        texts = ["".join(chance.choices(LETTERS, k=chance.randint(2, 10))) for _ in range(min(ACROSS, count - start))]
        for place, text in enumerate(texts):
            # Scans are never quite straight.
            top, right, skew = 100 + row * height, left + 16 * len(text), chance.randint(0, 1)
            word = paragraph.words.add(confidence=chance.random())
            word.property.detected_languages.add(language_code="en")
            _corners(word.bounding_box, left, top, right, top + height - 2, skew)
            for index, letter in enumerate(text):
                symbol = word.symbols.add(text=letter, confidence=chance.random())
                _corners(symbol.bounding_box, left + 16 * index, top, left + 16 * index + 15, top + height - 2, skew)
            symbol.property.detected_break.type_ = 1 if place < len(texts) - 1 else 3
            flat = response.text_annotations.add(description=text)
            _corners(flat.bounding_poly, left, top, right, top + height - 2, skew)
            left = right + 16
        lines.append(" ".join(texts))
        _corners(paragraph.bounding_box, 100, 100 + row * height, left, 100 + (row + 5) * height, 0)
        _corners(block.bounding_box, 100, 100 + row * height, left, 100 + (row + 5) * height, 0)
    response.full_text_annotation.text = "\n".join(lines)
    whole.description = response.full_text_annotation.text
    return message


def _corners(poly: Any, left: int, top: int, right: int, bottom: int, skew: int) -> None:
    for x, y in ((left, top), (right, top + skew), (right, bottom + skew), (left, bottom)):
        poly.vertices.add(x=x, y=y)


def typed(body: Any) -> TextResult:
    """The result of an answer, as the adapter makes it."""
    return adapt(vision.text, ScriptedPort(body, settings=Google()), PICTURE)


def google_ways(wire: bytes, written: bytes) -> dict[str, tuple[Callable[[], Any], float | None]]:
    """What is measured of a page of Google's, ``json.loads`` first, each with what its ratio may be at most."""
    from google.cloud import vision_v1
    from google.protobuf import json_format

    kind = type(vision_v1.BatchAnnotateImagesResponse.pb(vision_v1.BatchAnnotateImagesResponse()))
    return {
        "json.loads of the page as JSON": (lambda: json.loads(written), None),
        "typed result from gRPC's bytes": (lambda: typed(kind.FromString(wire)), 0.5),
        "typed result from REST's JSON, by the SDK": (
            lambda: typed(json_format.Parse(written, kind(), ignore_unknown_fields=True)),
            None,
        ),
        "result.raw, when it is read": (lambda: json_format.MessageToDict(kind.FromString(wire)), None),
    }


def google(count: int, rounds: int) -> tuple[list[Way], dict[str, int]]:
    """The ways to a page of Google's, and its sizes."""
    from google.protobuf import json_format

    message = google_page(count)
    wire, written = message.SerializeToString(), json_format.MessageToJson(message, indent=None).encode()
    result = typed(message)
    assert sum(len(line.words) for line in result.lines) == count
    assert "\n".join(line.text for line in result.lines) == result.text
    ways = google_ways(wire, written)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "wire").write_bytes(wire)
        Path(folder, "json").write_bytes(written)
        peaks = [_peak(folder, name) for name in ways]
    times = _times([work for work, _ in ways.values()], rounds)
    with _served(wire) as ai:
        ways["the whole call to a local gRPC server"] = (lambda: ai.vision.text(PICTURE), None)
        times += _times([lambda: ai.vision.text(PICTURE)], rounds)
        peaks.append(0)
    found = [
        Way(name=name, seconds=seconds, ratio=seconds / times[0], peak=peak, target=target)
        for (name, (_, target)), seconds, peak in zip(ways.items(), times, peaks, strict=True)
    ]
    return found, {"words": count, "bytes of JSON": len(written), "bytes over gRPC": len(wire)}


def _times(works: list[Callable[[], Any]], rounds: int) -> list[float]:
    """The median time of each, run in turn so that a busy moment of the machine is everybody's."""
    spent: list[list[float]] = [[] for _ in works]
    for turn in range(rounds + 1):
        for work, times in zip(works, spent, strict=True):
            gc.collect()
            start = time.perf_counter()
            kept = work()
            if turn:
                times.append(time.perf_counter() - start)
            del kept
    return [median(times) for times in spent]


def _peak(folder: str, name: str) -> int:
    """How much memory a way takes at most, in a process of its own: Python's own accounts leave out the messages of
    protobuf."""
    command = [sys.executable, "-m", "tests.benchmarks.pages", "--peak", folder, name]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _tell_peak(folder: str, name: str) -> None:
    ways = google_ways(Path(folder, "wire").read_bytes(), Path(folder, "json").read_bytes())
    # What is imported with the first use is not the page's.
    small = google_page(24)
    typed(type(small).FromString(small.SerializeToString()))
    before = _high()
    kept = ways[name][0]()
    print(_high() - before)
    del kept


def _high() -> int:
    """The most memory that this process has held. Not from ``resource``: there Linux passes on the parent's."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


@contextmanager
def _served(wire: bytes) -> Iterator[CloudAI]:
    """A client, and a server in this process that answers with these bytes."""
    import grpc

    handler = grpc.unary_unary_rpc_method_handler(lambda request, context: wire)
    server = grpc.server(ThreadPoolExecutor(1))
    methods = {"BatchAnnotateImages": handler}
    name = "google.cloud.vision.v1.ImageAnnotator"
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(name, methods),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    settings = Google(api_key="none", endpoint=f"http://127.0.0.1:{port}", transport="grpc")
    try:
        with CloudAI(settings) as ai:
            yield ai
    finally:
        server.stop(None).wait()


def main() -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", metavar="WHAT", help=", ".join(PAGES))
    parser.add_argument("--words", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--peak", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peak:
        _tell_peak(*options.peak)
        return 0
    fine = True
    for name in options.what or PAGES:
        ways, sizes = PAGES[name](options.words, options.rounds)
        print(f"{name}: a page of", ", ".join(f"{size:,} {unit}" for unit, size in sizes.items()))
        for way in ways:
            bound = "" if way.target is None else f"   at most {way.target:.2f}"
            memory = f"{way.peak / 1e6:6.1f} MB" if way.peak else " " * 9
            print(f"  {way.name:44}{way.seconds * 1e3:8.1f} ms   {memory}   ratio {way.ratio:.2f}{bound}")
            fine &= way.target is None or way.ratio <= way.target
    return 0 if fine else 1


PAGES: dict[str, Callable[[int, int], tuple[list[Way], dict[str, int]]]] = {"google": google}

if __name__ == "__main__":
    sys.exit(main())
