"""The same reviews through several vendors: how often they agree, with each other and with a person who read them.

python examples/compare_vendors.py                  offline
python examples/compare_vendors.py local aws google with the vendors' usual credentials

``cloudai compare text.sentiment examples/reviews.csv -p local,aws,google`` does the same on the command line.
"""

import sys
from pathlib import Path

from cloudai import CloudAI, SentimentRequest
from cloudai.compare import Reading, Tally, read, run

vendors = sys.argv[1:] or ["local"]
reviews = read([str(Path(__file__).with_name("reviews.csv"))], Reading(reference="sentiment"))
tally = Tally(vendors)

with CloudAI(vendors) as ai:
    for row in run(ai, reviews, lambda text: SentimentRequest(text=text, language="en")):
        tally.add(row)

summary = tally.summary()
print(f"{summary.inputs} reviews, {summary.differing} on which not all say the same")
for vendor in summary.vendors:
    print(f"{vendor.provider}: {vendor.answered} answered, {vendor.failed} failed", end="")
    if vendor.reference is not None and vendor.reference.agreement is not None:
        print(f", right on {vendor.reference.agreement:.0%}, {(vendor.latency_median or 0) * 1000:.1f} ms each")
for pair in summary.pairs:
    if pair.agreement is not None:
        print(f"{pair.left} and {pair.right} agree on {pair.agreement:.0%}")
