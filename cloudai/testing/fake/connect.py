"""The fake's connection, which leads nowhere."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from cloudai.ports import Failure, Reply, Step
from cloudai.testing.fake import Fake

__all__ = ["FakeLink", "connect"]


class FakeLink:
    """Answers in the calling thread, or in the running task."""

    threaded = False

    def __init__(self, settings: Fake, *, asynchronous: bool) -> None:
        self._settings = settings
        self._asynchronous = asynchronous

    def invoke(self, step: Step, timeout: float) -> Any:
        return self._later(step) if self._asynchronous else self._settings.answer(step.params["request"])

    async def _later(self, step: Step) -> Any:
        return self._settings.answer(step.params["request"])

    def read(self, step: Step, answer: Any) -> Reply:
        return Reply(body=answer)

    def explain(self, error: Exception) -> Failure | None:
        return None

    def close(self) -> Awaitable[None] | None:
        return None


def connect(settings: Fake, service: str, *, asynchronous: bool) -> FakeLink:
    """The connection of one fake."""
    return FakeLink(settings, asynchronous=asynchronous)
