"""How Cloud Vision's messages are written as JSON, for ``result.raw`` and for cassettes: as its own HTTP interface
writes them."""

from __future__ import annotations

from typing import Any

__all__ = ["dump", "load"]

PACKAGE = "google.cloud.vision.v1."


def dump(value: object) -> Any:
    """The JSON of a message of Cloud Vision; ``NotImplemented`` for anything else."""
    kind = getattr(value, "DESCRIPTOR", None)
    if kind is None or not str(getattr(kind, "full_name", "")).startswith(PACKAGE):
        return NotImplemented
    from cloudai.providers.google.connect_vision import message_to_json

    return message_to_json(value)


def load(data: Any) -> object:
    """The answer that was written. That of a file differs from that of a picture by holding answers itself."""
    from cloudai.providers.google.connect_vision import message_from_json

    of_file = any(part.keys() & {"responses", "totalPages", "inputConfig"} for part in data.get("responses", []))
    return message_from_json("BatchAnnotateFilesResponse" if of_file else "BatchAnnotateImagesResponse", data)
