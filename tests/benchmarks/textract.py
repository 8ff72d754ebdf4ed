"""Prints what it takes to make a typed result of a page from Textract, beside ``json.loads`` of its body.

    python -m tests.benchmarks.textract [--words 5000] [--rounds 15]

The page is made here. Exit code 1 when the result took more than its target.
"""

from __future__ import annotations

import argparse
import json
import random
import time
import tracemalloc
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import boto3

from cloudai import AWS, CloudAI
from cloudai.providers.aws import vision
from cloudai.types.media import Image
from tests.support import Answer, ScriptedPort, adapt, loopback

TARGET = 2.0
"""Times of ``json.loads``."""
ACROSS = 10
"""Words on a line."""
PICTURE = Image(data=b"\xff\xd8\xff", format="jpeg", width=2480, height=3508)


def page(words: int) -> dict[str, Any]:
    """An answer of DetectDocumentText with so many words, as its recordings look."""
    chance = random.Random(7)

    def block(kind: str, text: str | None, across: float, down: float, width: float, *ids: str) -> dict[str, Any]:
        right, bottom, skew = across + width, down + 0.005 + chance.random() / 1e4, chance.random() / 1e4
        corners = [(across, down), (right, down + skew), (right, bottom + skew), (across, bottom)]
        found: dict[str, Any] = {
            "BlockType": kind,
            "Geometry": {
                "BoundingBox": {"Width": width, "Height": bottom - down, "Left": across, "Top": down},
                "Polygon": [{"X": x, "Y": y} for x, y in corners],
            },
            "Id": str(uuid.UUID(int=chance.getrandbits(128))),
        }
        if text is not None:
            found |= {"Confidence": 90 + 10 * chance.random(), "Text": text}
        if kind == "WORD":
            found["TextType"] = "PRINTED"
        if ids:
            found["Relationships"] = [{"Type": "CHILD", "Ids": list(ids)}]
        return found

    lines, found = [], []
    for start in range(0, words, ACROSS):
        down = start / words
        row = [
            block(
                "WORD",
                f"word{start + place}",
                place / ACROSS + chance.random() / 1e4,
                down,
                0.08 + chance.random() / 1e4,
            )
            for place in range(min(ACROSS, words - start))
        ]
        text = " ".join(word["Text"] for word in row)
        lines.append(block("LINE", text, chance.random() / 1e4, down, 0.99, *(word["Id"] for word in row)))
        found += row
    whole = block("PAGE", None, 0.0, 0.0, 1.0, *(line["Id"] for line in lines))
    return {
        "DocumentMetadata": {"Pages": 1},
        "Blocks": [whole, *lines, *found],
        "DetectDocumentTextModelVersion": "1.0",
    }


def typed(body: bytes) -> Any:
    """What the link and the adapter make of a body."""
    return adapt(vision.text, ScriptedPort(json.loads(body), settings=AWS()), PICTURE, kind="document")


def best(ways: Mapping[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """The least CPU time of this thread that each way took, in turns: whatever else runs here only adds."""
    taken = dict.fromkeys(ways, float("inf"))
    for _ in range(rounds):
        for name, way in ways.items():
            began = time.thread_time()
            kept = way()
            taken[name] = min(taken[name], time.thread_time() - began)
            del kept
    return taken


def peak(work: Callable[[], Any]) -> float:
    """Megabytes that work holds at most."""
    tracemalloc.start()
    kept = work()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    del kept
    return most / 1e6


def main() -> int:
    """Measures one page in several ways."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--words", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    body = json.dumps(page(options.words)).encode()
    keys = AWS(access_key_id="a", secret_access_key="b", region="us-east-1")
    with loopback(Answer(body=body)) as server, CloudAI(replace(keys, endpoint=server.address)) as ai:
        client = boto3.client(
            "textract",
            endpoint_url=server.address,
            aws_access_key_id="a",
            aws_secret_access_key="b",
            region_name="us-east-1",
        )
        ways: dict[str, Callable[[], Any]] = {
            "json.loads of the body": lambda: json.loads(body),
            "typed result from the body": lambda: typed(body),
            "the whole call over loopback": lambda: ai.vision.text(PICTURE, kind="document"),
            "boto3's call over loopback": lambda: client.detect_document_text(Document={"Bytes": b"x"}),
        }
        print(f"a page of {options.words} words, {len(body):,} bytes, best of {options.rounds}")
        seconds = best(ways, options.rounds)
        for name, way in ways.items():
            ratio = seconds[name] / seconds["json.loads of the body"]
            print(f"  {name:30} {1000 * seconds[name]:6.1f} ms  {ratio:5.2f}  peak {peak(way):5.1f} MB")
    ratio = seconds["typed result from the body"] / seconds["json.loads of the body"]
    print(f"  target {TARGET}: {'kept' if ratio <= TARGET else 'missed'}")
    return 0 if ratio <= TARGET else 1


if __name__ == "__main__":
    raise SystemExit(main())
