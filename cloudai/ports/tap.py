"""The place where a recorder may stand between a runtime and the vendor.

This is the one piece of state of the package that is not passed in: an application builds its clients deep inside
itself, and a test of that application has no other way to reach them. Nothing but ``cloudai.testing`` installs a tap.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from cloudai.ports import Failure, Reply, Step
from cloudai.settings import ProviderSettings

__all__ = ["Tap", "TapError", "current", "install", "remove"]


class TapError(Exception):
    """What a tap holds against the test that installed it.

    No ``CloudAIError``, and for a reason: it is not an answer of a vendor. No stage translates it, sends the step again
    or asks the next vendor, no outcome of ``run_many`` or ``compare`` holds it, and an application that handles errors
    of vendors does not handle this one by accident.
    """


class Tap(Protocol):
    """Sees every step before it is sent and everything that comes back."""

    def before(self, settings: ProviderSettings, step: Step) -> Reply | Failure | None:
        """An answer in place of the vendor's, or None to let the step go out.

        Raises:
            TapError: There is no answer, and the step may not go out.
        """
        ...

    def after(self, settings: ProviderSettings, step: Step, outcome: Reply | Failure) -> None:
        """What the vendor answered to a step that went out."""
        ...

    def waits(self) -> bool:
        """Whether time has to pass between attempts and polls; not when all answers come from a recording."""
        ...


_taps: list[Tap] = []


def current() -> Tap | None:
    """The tap that was installed last."""
    return _taps[-1] if _taps else None


def install(tap: Tap) -> Callable[[], None]:
    """Puts a tap on top, and returns the way to take it off."""
    _taps.append(tap)
    return lambda: remove(tap)


def remove(tap: Tap) -> None:
    """Takes a tap off, wherever it stands."""
    if tap in _taps:
        _taps.remove(tap)
