"""The same inputs through several vendors: who answers what, how often they agree, how long it takes.

    from cloudai import CloudAI
    from cloudai.compare import Reading, Tally, read, run
    from cloudai.operations.text import SentimentRequest

    items = read(["reviews.csv"], Reading(references=("sentiment",)))
    tally = Tally(["local", "aws"])
    with CloudAI(["local", "aws"]) as ai:
        for row in run(ai, items, lambda text: SentimentRequest(text=text)):
            tally.add(row)
    print(tally.summary().pairs[0].agreement)

``inputs.py`` reads, ``run.py`` asks, ``measure.py`` counts; ``answers.py`` says how alike two answers are, and
``reference.py`` what the right answer is. What is compared of an operation's answer, its request says
(``compared`` in ``operations/<area>.py``), so that a new operation needs nothing here.
"""

from __future__ import annotations

from cloudai.compare.answers import Comparable, likeness
from cloudai.compare.inputs import Item, Kind, Reading, read
from cloudai.compare.measure import Agreement, Summary, Tally, VendorSummary
from cloudai.compare.run import Row, run

__all__ = [
    "Agreement",
    "Comparable",
    "Item",
    "Kind",
    "Reading",
    "Row",
    "Summary",
    "Tally",
    "VendorSummary",
    "likeness",
    "read",
    "run",
]
