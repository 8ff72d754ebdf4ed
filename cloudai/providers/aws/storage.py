"""Pictures and documents on their way to Rekognition and Textract: as bytes, by their S3 address, or through the bucket
of the settings.

What goes through the bucket is taken away again, also when the call fails or is cancelled. Its name begins with
``cloudai-``, so that a lifecycle rule of the bucket can catch what a machine that died has left.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

from cloudai.errors import CloudAIError, InvalidRequestError
from cloudai.ports import Port, Step
from cloudai.types.media import Image

__all__ = ["by_address", "through_bucket", "with_picture"]

T = TypeVar("T")
Place = Mapping[str, Any]
"""Where a service finds the input: Rekognition's Image, Textract's Document."""

_VERSION = "?versionId="


async def with_picture(port: Port, image: Image, inline: int, work: Callable[[Place], Coroutine[Any, Any, T]]) -> T:
    """Does work with a picture that is handed over as bytes, if it has at most ``inline`` of them."""
    if image.data is None:
        return await work({"S3Object": by_address(image)})
    if len(image.data) <= inline:
        return await work({"Bytes": image.data})
    return await through_bucket(port, image, lambda stored: work({"S3Object": stored}))


def by_address(image: Image) -> Place:
    """What ``s3://bucket/name`` stands for; ``?versionId=`` at its end names a version."""
    bucket, _, name = (image.address or "").removeprefix("s3://").partition("/")
    name, _, version = name.partition(_VERSION)
    if not bucket or not name:
        raise InvalidRequestError(f"{image.address} is no address of an object: s3://bucket/name")
    return {"Bucket": bucket, "Name": name, **({"Version": version} if version else {})}


async def through_bucket(port: Port, image: Image, work: Callable[[Place], Coroutine[Any, Any, T]]) -> T:
    """Does work with a picture or document in the bucket of the settings, which it leaves as it was."""
    bucket = port.settings.bucket
    name = f"{port.unique()}.{image.format}"
    where: dict[str, Any] = {"Bucket": bucket, "Key": name}
    there = True
    try:
        try:
            stored = await port.send(_step("PutObject", {**where, "Body": image.data}, whole=True))
        except CloudAIError as error:
            # What was refused is not there. What got no answer may be.
            there = error.retryable
            raise
        version = stored.body.get("VersionId")
        if version not in (None, "null"):
            # Deleting without it would only hide the object in a bucket that keeps versions.
            where["VersionId"] = version
        return await work({"Bucket": bucket, "Name": name})
    finally:
        if there:
            await port.cleanup(_step("DeleteObject", where), f"s3://{bucket}/{name}")


def _step(operation: str, params: Mapping[str, Any], *, whole: bool = False) -> Step:
    return Step(service="s3", operation=operation, params=params, aside=True, whole=whole)
