"""Lantern's messages in cassettes: as protobuf's own JSON, under the message's full name."""

from __future__ import annotations

from typing import Any

from google.protobuf import struct_pb2
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.message import Message

MESSAGES = {message.DESCRIPTOR.full_name: message for message in (struct_pb2.Struct, struct_pb2.ListValue)}


def dump(value: object) -> Any:
    """A message as JSON."""
    if not isinstance(value, Message):
        return NotImplemented
    return {"message": value.DESCRIPTOR.full_name, "fields": MessageToDict(value)}


def load(data: Any) -> object:
    """The message that was dumped."""
    return ParseDict(data["fields"], MESSAGES[data["message"]]())
