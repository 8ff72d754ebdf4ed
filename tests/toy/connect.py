from __future__ import annotations

from typing import Any

import anyio
import anyio.to_thread

from cloudai.ports import Failure, Reply, Step
from tests.toy import Toy


class VendorError(Exception):
    """What the toy's SDK raises."""

    def __init__(self, failure: Failure) -> None:
        super().__init__("from the toy's SDK")
        self.failure = failure


class ToyLink:
    def __init__(self, settings: Toy, asynchronous: bool) -> None:
        self.settings = settings
        self.asynchronous = asynchronous
        self.threaded = settings.threaded
        self.closed = False

    def invoke(self, step: Step, timeout: float) -> Any:
        self.settings.sent.append((step, timeout))
        if self.asynchronous and not self.threaded:
            return self._later(step)
        if self.settings.hold is not None:
            self.settings.hold()
        return self._answer(step)

    async def _later(self, step: Step) -> Any:
        if self.settings.hold is not None:
            await anyio.to_thread.run_sync(self.settings.hold, abandon_on_cancel=True)
        await anyio.lowlevel.checkpoint()
        return self._answer(step)

    def _answer(self, step: Step) -> Any:
        script = self.settings.script
        answer = script.pop(0) if len(script) > 1 else script[0]
        if callable(answer):
            answer = answer(step)
        if isinstance(answer, Failure):
            raise VendorError(answer)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def read(self, step: Step, answer: Any) -> Reply:
        return answer if isinstance(answer, Reply) else Reply(body=answer, request_id="toy-1", metered={"units": 2})

    def explain(self, error: Exception) -> Failure | None:
        return error.failure if isinstance(error, VendorError) else None

    def close(self) -> Any:
        self.closed = True
        return anyio.lowlevel.checkpoint() if self.asynchronous else None


def connect(settings: Toy, service: str, *, asynchronous: bool) -> ToyLink:
    return ToyLink(settings, asynchronous)
