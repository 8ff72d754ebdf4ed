"""Many texts, few at a time: results or errors in the order of the input, one JSON line each, and nothing lost.

python examples/batch.py examples/reviews.csv > answers.jsonl
"""

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from cloudai import CloudAI, SentimentRequest

path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("reviews.csv")


def requests() -> Iterator[SentimentRequest]:
    """Made one by one as there is room, so the file may be of any size."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield SentimentRequest(text=row["text"], language="en")


failed = 0
with CloudAI("local") as ai:
    for outcome in ai.run_many(requests(), concurrency=8, timeout=10):
        if outcome.result is not None:
            print(json.dumps({"index": outcome.index, "sentiment": outcome.result.sentiment}))
        else:
            failed += 1
            print(json.dumps({"index": outcome.index, "error": type(outcome.error).__name__}))

sys.exit(1 if failed else 0)
