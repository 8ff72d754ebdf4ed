"""The vendor of the benchmarks: one process on this machine that answers every vendor's sentiment call from memory.

It runs apart from the process that is measured, so that its CPU is nobody's. ``python -m tests.benchmarks.server``
prints its port and serves until its input ends.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

TEXT = "The room was clean and quiet. Breakfast was late on both days, and nobody said why."
_FIRST, _SECOND = TEXT[:29], TEXT[30:]

AWS = {
    "Sentiment": "MIXED",
    "SentimentScore": {"Positive": 0.21, "Negative": 0.27, "Neutral": 0.09, "Mixed": 0.43},
}
AZURE = {
    "kind": "SentimentAnalysisResults",
    "results": {
        "documents": [
            {
                "id": "0",
                "sentiment": "mixed",
                "confidenceScores": {"positive": 0.5, "neutral": 0.02, "negative": 0.48},
                "sentences": [
                    {
                        "sentiment": "positive",
                        "confidenceScores": {"positive": 0.98, "neutral": 0.02, "negative": 0.0},
                        "offset": 0,
                        "length": len(_FIRST),
                        "text": _FIRST,
                    },
                    {
                        "sentiment": "negative",
                        "confidenceScores": {"positive": 0.01, "neutral": 0.02, "negative": 0.97},
                        "offset": 30,
                        "length": len(_SECOND),
                        "text": _SECOND,
                    },
                ],
                "warnings": [],
            }
        ],
        "errors": [],
        "modelVersion": "2025-01-01",
    },
}
GOOGLE = {
    "documentSentiment": {"magnitude": 1.4, "score": 0.1},
    "language": "en",
    "languageCode": "en",
    "languageSupported": True,
    "sentences": [
        {"text": {"content": _FIRST, "beginOffset": 0}, "sentiment": {"magnitude": 0.8, "score": 0.8}},
        {"text": {"content": _SECOND, "beginOffset": 30}, "sentiment": {"magnitude": 0.6, "score": -0.6}},
    ],
}


def _response(body: Any, kind: str, *headers: str) -> bytes:
    content = json.dumps(body).encode()
    lines = ["HTTP/1.1 200 OK", f"content-type: {kind}", f"content-length: {len(content)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + content


ANSWERS = {
    b"x-amz-target": _response(AWS, "application/x-amz-json-1.1", "x-amzn-RequestId: 00000000-0000-4000-8000-0000000"),
    b":analyze-text": _response(AZURE, "application/json; charset=utf-8", "apim-request-id: 00000000-0000-4000-8000"),
    b"documents:analyze": _response(GOOGLE, "application/json; charset=UTF-8"),
}
UNKNOWN = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"


class Connection(asyncio.Protocol):
    """One connection, kept open; a request is answered when it is there in full."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._data = b""

    def data_received(self, data: bytes) -> None:
        self._data += data
        while True:
            head, found, rest = self._data.partition(b"\r\n\r\n")
            if not found:
                return
            lowered = head.lower()
            _, _, after = lowered.partition(b"content-length:")
            length = int(after.partition(b"\r\n")[0] or 0)
            if len(rest) < length:
                return
            self._data = rest[length:]
            answer = next((answer for mark, answer in ANSWERS.items() if mark in lowered), UNKNOWN)
            assert isinstance(self._transport, asyncio.WriteTransport)
            self._transport.write(answer)


async def main() -> None:
    """Serves until the input ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Connection, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
