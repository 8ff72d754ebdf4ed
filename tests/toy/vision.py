from __future__ import annotations

from cloudai.operations.vision import Label, LabelsResult
from cloudai.ports import Port, Step
from cloudai.providers.adapter import ImageRule, picture
from cloudai.types.media import Image

RULE = ImageRule(
    formats=frozenset({"jpeg", "png"}),
    max_bytes=50_000,
    min_side=2,
    max_side=200,
    schemes=("s3",),
    turns=frozenset({"jpeg"}),
)


@picture(lambda settings: RULE)
async def labels(port: Port, image: Image, *, max_results: int | None = None) -> LabelsResult:
    reply = await port.send(Step(service="toy", operation="Labels", params={"image": image}, amount=1))
    return LabelsResult(labels=tuple(Label(name=name) for name in reply.body["labels"]))
