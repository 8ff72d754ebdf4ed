"""Cassettes: what vendors answered once, played back to tests without network, keys or money.

A cassette is recorded at the port, as steps and replies, so one file serves the blocking and the async client, and
vendors that are spoken to over gRPC like those over HTTP.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial, wraps
from inspect import iscoroutinefunction
from os import PathLike
from pathlib import Path
from typing import Any, Literal, ParamSpec, TypeVar, cast, get_args

from cloudai.errors import ConfigurationError
from cloudai.ports import Failure, Reply, Step
from cloudai.ports.tap import install
from cloudai.settings import ProviderSettings, secrets_of_environment
from cloudai.testing.fake import Fake
from cloudai.testing.form import CassetteError, Form, read_outcome
from cloudai.testing.miss import describe, explain, key
from cloudai.testing.scrub import Scrub, Scrubber, scrubs

__all__ = ["Cassette", "CassetteMissError", "Mode", "UnusedEntriesError", "choose_mode", "use_cassette"]

P = ParamSpec("P")
R = TypeVar("R")

Mode = Literal["none", "once", "new", "all"]
"""none: only play back. once: record when there is no file yet, else only play back. new: play back what is known,
record the rest. all: record everything anew."""

VARIABLE = "CLOUDAI_CASSETTES"
"""The environment variable whose mode wins over those that tests ask for."""
VERSION = 1


class CassetteMissError(CassetteError):
    """A step is not in the cassette, and the mode does not let it go out. The message tells what differs from the
    nearest entry. It is no ``CloudAIError``: an application that handles those does not swallow it, and neither retries
    nor the next vendor hide it."""


class UnusedEntriesError(CassetteError):
    """A test that requires all entries has ended without using some."""


def choose_mode(mode: Mode | None) -> Mode:
    """The mode that counts: the environment's, else the one that is asked for, else ``once``, or ``none`` in CI.

    Raises:
        ConfigurationError: There is no such mode.
    """
    ci = os.environ.get("CI", "").lower() not in ("", "0", "false")
    chosen = os.environ.get(VARIABLE) or mode or ("none" if ci else "once")
    if chosen not in get_args(Mode):
        raise ConfigurationError(f"{chosen!r} is not a mode of cassettes: there are {', '.join(get_args(Mode))}")
    return cast(Mode, chosen)


@dataclass(slots=True)
class _Slot:
    """A place in the recording, kept in the order in which steps went out."""

    step: Step
    entry: dict[str, Any]
    answered: bool = False


class Cassette:
    """One cassette in use. Made by ``use_cassette``."""

    def __init__(
        self,
        path: str | PathLike[str],
        mode: Mode | None = None,
        *,
        scrub: Scrub | Iterable[Scrub] = (),
        require_all: bool = False,
    ) -> None:
        self.path = Path(path)
        self.mode: Mode = choose_mode(mode)
        """The mode that counts, after the environment had its say."""
        self.require_all = require_all
        self._scrubs = scrubs(scrub)
        self._lock = threading.Lock()
        exists = self.path.exists()
        self._plays = self.mode in ("none", "new") or (self.mode == "once" and exists)
        self._records = self.mode in ("new", "all") or (self.mode == "once" and not exists)
        self._entries: list[dict[str, Any]] = _load(self.path) if self._plays and exists else []
        self._used = [False] * len(self._entries)
        self._places: dict[str, list[int]] = {}
        for index, entry in reversed(list(enumerate(self._entries))):
            self._places.setdefault(key(entry), []).append(index)
        self._slots: list[_Slot] = []
        self._misses: list[CassetteMissError] = []

    @property
    def replayed(self) -> int:
        """How many answers came from the file."""
        return sum(self._used)

    @property
    def recorded(self) -> int:
        """How many answers came from vendors, and go into the file."""
        return sum(slot.answered for slot in self._slots)

    @property
    def unused(self) -> tuple[str, ...]:
        """The entries that nobody has asked for yet, each in one line."""
        return tuple(describe(entry) for entry, used in zip(self._entries, self._used, strict=True) if not used)

    def before(self, settings: ProviderSettings, step: Step) -> Reply | Failure | None:
        """The recorded answer; None to let the step go out."""
        if isinstance(settings, Fake):
            return None
        entry = self._entry(settings, step, Scrubber(_secrets(settings), self._scrubs))
        with self._lock:
            found = self._take(settings, step, entry)
            if found is None and self._records:
                self._slots.append(_Slot(step, entry))
            elif found is None:
                miss = CassetteMissError(self._explain(entry))
                self._misses.append(miss)
                raise miss
        return None if found is None else read_outcome(settings.provider, found)

    def after(self, settings: ProviderSettings, step: Step, outcome: Reply | Failure) -> None:
        """Keeps what the vendor answered."""
        if isinstance(settings, Fake):
            return
        written = Form(settings.provider, Scrubber(_secrets(settings), self._scrubs)).outcome(outcome)
        with self._lock:
            for slot in reversed(self._slots):
                if slot.step is step and not slot.answered:
                    slot.entry.update(written)
                    slot.answered = True
                    return

    def waits(self) -> bool:
        """Time passes as long as vendors answer."""
        return bool(self._slots)

    def _entry(self, settings: ProviderSettings, step: Step, scrubber: Scrubber) -> dict[str, Any]:
        entry: dict[str, Any] = {"provider": settings.provider}
        if settings.label != settings.provider:
            # A vendor that is listed twice, such as for two regions, has a recording of each.
            entry["name"] = settings.label
        return {**entry, "step": Form(settings.provider, scrubber).step(step)}

    def _take(self, settings: ProviderSettings, step: Step, entry: dict[str, Any]) -> dict[str, Any] | None:
        """The first unused entry of a step. The keys of today may be others than those of the recording, and one of
        them may be a word of the text ("test"); so the step is also looked for as it is without knowing keys."""
        if not self._entries:
            return None
        places = self._places.get(key(entry))
        if not places:
            places = self._places.get(key(self._entry(settings, step, Scrubber((), self._scrubs))))
        if not places:
            return None
        index = places.pop()
        self._used[index] = True
        return self._entries[index]

    def _explain(self, entry: dict[str, Any]) -> str:
        state = "plays back only" if self.path.exists() else "plays back only, and there is no such file"
        return "\n".join(
            [
                f"no answer is recorded for {describe(entry)}",
                f"  cassette: {self.path} (mode {self.mode!r}: {state})",
                explain(entry, self._entries, self._used),
                f"  to record what is missing: {VARIABLE}=new or pytest --cloudai-record=new; everything anew: =all",
            ]
        )

    def close(self, *, failed: bool = False) -> None:
        """Writes the file if something was recorded, and says what is wrong with the run.

        Raises:
            CassetteMissError: A step found no answer, and whoever asked has swallowed that.
            UnusedEntriesError: Some entries were not used, and all are required.
        """
        kept = [slot.entry for slot in self._slots if slot.answered]
        if kept:
            _save(self.path, [*self._entries, *kept])
        if failed:
            return
        if self._misses:
            raise self._misses[0]
        if self.require_all and self.unused:
            listed = "\n".join(f"  {line}" for line in self.unused)
            raise UnusedEntriesError(f"{self.path}: {len(self.unused)} entries were not used\n{listed}")

    def __repr__(self) -> str:
        return f"Cassette({str(self.path)!r}, mode={self.mode!r})"


def _secrets(settings: ProviderSettings) -> tuple[str, ...]:
    return settings.secrets() + secrets_of_environment()


def _load(path: Path) -> list[dict[str, Any]]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        version, entries = data["version"], data["entries"]
        well = all(
            isinstance(item["step"]["params"], dict) and ("reply" in item or "failure" in item) for item in entries
        )
    except (OSError, ValueError, TypeError, LookupError) as error:
        raise CassetteError(f"{path} is not a cassette that can be read ({type(error).__name__}: {error})") from error
    if version != VERSION or not well:
        raise CassetteError(f"{path} is not a cassette of version {VERSION}: record it anew")
    return cast("list[dict[str, Any]]", entries)


def _save(path: Path, entries: list[dict[str, Any]]) -> None:
    """Writes the file in one piece: whoever reads it finds the old one or the new one, never half of one."""
    data = {"version": VERSION, "recorded_at": datetime.now(UTC).date().isoformat(), "entries": entries}
    text = json.dumps(data, ensure_ascii=False, indent=2)
    # Half of a surrogate pair has no UTF-8; JSON can spell it all the same.
    text = re.sub("[\ud800-\udfff]", lambda match: f"\\u{ord(match.group()):04x}", text)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text + "\n")
        # A temporary file is its owner's alone, a file of a project is not.
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


class use_cassette:  # noqa: N801  (it is used as a function, a context manager and a decorator)
    """Plays the calls of a block or a function from a file, or records them there.

        with use_cassette("cassettes/sentiment.json"):
            assert CloudAI("aws").text.sentiment("I love it").sentiment == "positive"

    It stands around sync and async code alike, and decorates functions of both kinds. All clients of the process play
    from the cassette that was opened last, in whichever thread they are called.

    Args:
        path: The file. It is written when something was recorded, in one piece.
        mode: ``none``, ``once``, ``new`` or ``all``. Left out: ``once``, or ``none`` where CI is set. The variable
            CLOUDAI_CASSETTES wins over it.
        scrub: What to keep out of the file beside keys and tokens: a text, a pattern, a function from text to text, or
            several of them. It goes over every text of every step and answer.
        require_all: Whether entries that nobody asked for are an error at the end.

    Raises:
        CassetteMissError: A step is not in the file, and the mode does not let it go out. It is raised where the step
            is sent, and again at the end if it was swallowed there.
        UnusedEntriesError: See ``require_all``.
    """

    def __init__(
        self,
        path: str | PathLike[str],
        mode: Mode | None = None,
        *,
        scrub: Scrub | Iterable[Scrub] = (),
        require_all: bool = False,
    ) -> None:
        own = scrubs(scrub)
        self._make = partial(Cassette, path, mode, scrub=own, require_all=require_all)
        self._open: list[AbstractContextManager[Cassette]] = []

    def __enter__(self) -> Cassette:
        context = _playing(self._make())
        self._open.append(context)
        return context.__enter__()

    def __exit__(self, *error: Any) -> None:
        self._open.pop().__exit__(*error)

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        if iscoroutinefunction(function):

            @wraps(function)
            async def later(*args: P.args, **kwargs: P.kwargs) -> Any:
                with _playing(self._make()):
                    return await function(*args, **kwargs)

            return cast("Callable[P, R]", later)

        @wraps(function)
        def now(*args: P.args, **kwargs: P.kwargs) -> R:
            with _playing(self._make()):
                return function(*args, **kwargs)

        return now


@contextmanager
def _playing(cassette: Cassette) -> Iterator[Cassette]:
    remove = install(cassette)
    try:
        yield cassette
    except BaseException as error:
        remove()
        cassette.close(failed=True)
        if not isinstance(error, CassetteError):
            for miss in cassette._misses[:1]:
                error.add_note(f"A step was not in the cassette, which may be why: {miss}")
        raise
    else:
        remove()
        cassette.close()
