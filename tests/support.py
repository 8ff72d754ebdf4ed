"""What tests share: recordings, a scripted port for adapters, and a loopback server for links."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar

import pytest

from cloudai.errors import CloudAIError
from cloudai.ports import Reply, Step
from cloudai.ports.blocking import drive

T = TypeVar("T")
ROOT = Path(__file__).resolve().parent.parent
RECORDINGS = Path(os.environ.get("CLOUDAI_RECORDINGS", ROOT.parent / "shared" / "recordings"))


def recording(name: str) -> dict[str, Any]:
    """A real exchange with a vendor, such as ``aws/comprehend/detect-sentiment-mixed-recorded``."""
    path = RECORDINGS / f"{name}.json"
    if not path.exists():
        pytest.skip(f"the recordings are not here ({RECORDINGS}); set CLOUDAI_RECORDINGS")
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


class ScriptedPort:
    """A port that answers an adapter's steps from a list, and keeps the steps. Needs no SDK, network or clock."""

    def __init__(self, *bodies: Any, settings: Any = None) -> None:
        self.replies = [body if isinstance(body, Reply | Exception) else Reply(body=body) for body in bodies]
        self.steps: list[Step] = []
        self.settings = settings
        self.names = 0
        self.warnings: list[str] = []
        self.metered: dict[str, float] = {}
        self.model: str | None = None
        self.api_version: str | None = None

    async def send(self, step: Step) -> Reply:
        self.steps.append(step)
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply

    async def poll(
        self, step: Step, *, done: Callable[[Reply], bool], interval: float = 1.0, longest: float = 10.0
    ) -> Reply:
        while True:
            reply = await self.send(step)
            if done(reply):
                return reply

    async def gather(self, parts: Sequence[Callable[[], Coroutine[Any, Any, T]]]) -> list[T]:
        return [await part() for part in parts]

    async def cleanup(self, step: Step, what: str) -> None:
        try:
            await self.send(step)
        except CloudAIError:
            self.warnings.append(what)

    def unique(self) -> str:
        self.names += 1
        return f"cloudai-{self.names:032x}"

    def note(
        self,
        *,
        model: str | None = None,
        api_version: str | None = None,
        warning: str | None = None,
        metered: Mapping[str, float] | None = None,
    ) -> None:
        self.model = model or self.model
        self.api_version = api_version or self.api_version
        self.warnings += [warning] if warning else []
        self.metered.update(metered or {})


def adapt(function: Callable[..., Coroutine[Any, Any, T]], *args: Any, **kwargs: Any) -> T:
    """What an adapter makes of what its port answers."""
    return drive(function(*args, **kwargs))


@dataclass
class Answer:
    """What the loopback server answers to one request."""

    status: int = 200
    body: Any = None
    """JSON unless it is bytes or text."""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    """Seconds before the answer is sent."""
    cut: bool = False
    """Whether the connection is closed in the middle of the body."""


@dataclass
class Seen:
    """A request that reached the loopback server."""

    method: str
    path: str
    headers: Mapping[str, str]
    """Lower-case names."""
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Loopback:
    """An HTTP server on this machine that answers from a list, or by a function of the request."""

    def __init__(self, *answers: Answer | Callable[[Seen], Answer]) -> None:
        self.answers = list(answers)
        self.seen: list[Seen] = []
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, seen: Seen) -> Answer:
        """The next answer; the last one is given again and again."""
        with self._lock:
            self.seen.append(seen)
            if not self.answers:
                return Answer(500, {"error": "the loopback server has no answer for this"})
            found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return found if isinstance(found, Answer) else found(seen)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        loopback = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def _any(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                answer = loopback.answer(Seen(self.command, self.path, headers, body))
                if answer.delay:
                    threading.Event().wait(answer.delay)
                content = answer.body
                kind = "application/json"
                if isinstance(content, str):
                    content, kind = content.encode(), "text/plain"
                elif content is None:
                    content = b""
                elif not isinstance(content, bytes):
                    content = json.dumps(content).encode()
                sent = {"content-type": kind, **{name.lower(): value for name, value in answer.headers.items()}}
                for name in ("content-length", "transfer-encoding", "content-encoding", "connection"):
                    sent.pop(name, None)
                try:
                    self.send_response(answer.status)
                    for name, value in sent.items():
                        self.send_header(name, value)
                    self.send_header("content-length", str(len(content)))
                    self.end_headers()
                    if answer.cut:
                        self.wfile.write(content[: len(content) // 2])
                        self.wfile.flush()
                        self.connection.close()
                        self.close_connection = True
                    else:
                        self.wfile.write(content)
                except OSError:
                    # The client has left, as one does that did not want to wait.
                    self.close_connection = True

            do_GET = do_POST = do_PUT = do_DELETE = _any  # noqa: N815

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler

    def __enter__(self) -> Loopback:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def loopback(*answers: Answer | Callable[[Seen], Answer]) -> Iterator[Loopback]:
    """A loopback server that answers in this order."""
    with Loopback(*answers) as server:
        yield server


def answer_of(response: Mapping[str, Any]) -> Answer:
    """The answer that a recording holds."""
    body = response.get("body")
    return Answer(response.get("status") or 200, {} if body is None else body, response.get("headers") or {})
