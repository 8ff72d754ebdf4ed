"""CPU of one call through cloudai beside the same call through the vendor's own package."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from cloudai import AWS, Azure, CloudAI, Google
from tests.benchmarks.server import TEXT

ROOT = Path(__file__).resolve().parent.parent.parent
KEY = "a-key-that-opens-nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The same question asked in two ways."""

    name: str
    beside: str
    target: float
    """What the median of the ratios may be at most."""
    ours: Callable[[], Any]
    raw: Callable[[], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a pair took."""

    name: str
    beside: str
    target: float
    ratio: float
    """The median over rounds of ours / raw."""
    spread: tuple[float, float]
    """The quartiles of the ratios."""
    ours: float
    """Seconds of CPU per call: the median over rounds."""
    raw: float


@contextmanager
def vendor() -> Iterator[str]:
    """The address of a vendor in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.server"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.stdin.close()


def aws(address: str) -> Pair:
    """Comprehend, beside boto3."""
    import boto3
    from botocore.config import Config

    ours = CloudAI(AWS(region="eu-west-1", access_key_id="AKIA", secret_access_key=KEY, endpoint=address))
    raw = boto3.client(
        "comprehend",
        region_name="eu-west-1",
        aws_access_key_id="AKIA",
        aws_secret_access_key=KEY,
        endpoint_url=address,
        config=Config(retries={"total_max_attempts": 1}),
    )

    def ask() -> Any:
        answer = raw.detect_sentiment(Text=TEXT, LanguageCode="en")
        return answer["Sentiment"], dict(answer["SentimentScore"])

    return Pair(
        name="aws",
        beside="boto3",
        target=1.15,
        ours=lambda: ours.text.sentiment(TEXT, language="en"),
        raw=ask,
    )


def azure(address: str) -> Pair:
    """Language, beside azure-ai-textanalytics."""
    from azure.ai.textanalytics import TextAnalyticsClient
    from azure.core.credentials import AzureKeyCredential

    ours = CloudAI(Azure(key=KEY, endpoint=address))
    raw = TextAnalyticsClient(address, AzureKeyCredential(KEY), retry_total=0)

    def ask() -> Any:
        (answer,) = raw.analyze_sentiment([TEXT], language="en")
        assert not answer.is_error
        return answer.sentiment, [sentence.sentiment for sentence in answer.sentences]

    return Pair(
        name="azure",
        beside="azure-ai-textanalytics",
        target=1.15,
        ours=lambda: ours.text.sentiment(TEXT, language="en"),
        raw=ask,
    )


def google(address: str) -> Pair:
    """Natural Language, beside plain httpx."""
    import httpx

    ours = CloudAI(Google(api_key=KEY, endpoint=address))
    raw = httpx.Client(headers={"x-goog-api-key": KEY})

    def ask() -> Any:
        document = {"type": "PLAIN_TEXT", "content": TEXT, "language": "en"}
        response = raw.post(
            f"{address}/v1/documents:analyzeSentiment",
            json={"document": document, "encodingType": "UTF32"},
        )
        response.raise_for_status()
        answer = json.loads(response.content)
        return answer["documentSentiment"]["score"], [item["sentiment"]["score"] for item in answer["sentences"]]

    return Pair(
        name="google",
        beside="httpx",
        target=1.3,
        ours=lambda: ours.text.sentiment(TEXT, language="en"),
        raw=ask,
    )


def measure(pair: Pair, *, rounds: int, calls: int) -> Measured:
    """Asks both ways in turn, round by round; which goes first changes with each round."""
    for _ in range(calls):
        pair.ours()
        pair.raw()
    spent: dict[str, list[float]] = {"ours": [], "raw": []}
    ways = [("ours", pair.ours), ("raw", pair.raw)]
    for turn in range(rounds):
        for name, ask in ways if turn % 2 else reversed(ways):
            gc.collect()
            began = process_time()
            for _ in range(calls):
                ask()
            spent[name].append((process_time() - began) / calls)
    ratios = sorted(ours / raw for ours, raw in zip(spent["ours"], spent["raw"], strict=True))
    return Measured(
        name=pair.name,
        beside=pair.beside,
        target=pair.target,
        ratio=median(ratios),
        spread=(ratios[len(ratios) // 4], ratios[3 * len(ratios) // 4]),
        ours=median(spent["ours"]),
        raw=median(spent["raw"]),
    )
