"""What Lantern does with texts."""

from __future__ import annotations

from google.protobuf.struct_pb2 import Struct

from cloudai import KeyPhrase, KeyPhrasesResult, SentimentResult
from cloudai.ports import Port, Step


def _step(operation: str, text: str, **options: str | None) -> Step:
    message = Struct()
    message.update({"text": text} | {name: value for name, value in options.items() if value is not None})
    return Step(service="text", operation=operation, params={"message": message}, amount=len(text))


async def sentiment(port: Port, text: str, *, language: str | None = None) -> SentimentResult:
    body = (await port.send(_step("Feel", text, language=language))).body
    return SentimentResult(sentiment=body["feeling"], score=float(body["score"]), language=language)


async def key_phrases(port: Port, text: str) -> KeyPhrasesResult:
    body = (await port.send(_step("Gist", text))).body
    return KeyPhrasesResult(phrases=tuple(KeyPhrase(text=phrase) for phrase in list(body["phrases"])))
