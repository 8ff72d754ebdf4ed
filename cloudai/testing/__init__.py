"""For tests of applications that use cloudai: cassettes, a vendor that answers what it is told to, and the suite that
every vendor has to pass.

    from cloudai.testing import use_cassette

    with use_cassette("cassettes/reviews.json"):
        ...

With pytest, the fixture ``cloudai_cassette`` does the same with one file for each test.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cloudai.testing.cassette import (
        Cassette as Cassette,
        CassetteMissError as CassetteMissError,
        UnusedEntriesError as UnusedEntriesError,
        use_cassette as use_cassette,
    )
    from cloudai.testing.compliance import (
        ComplianceSuite as ComplianceSuite,
    )
    from cloudai.testing.fake import (
        Fake as Fake,
    )
    from cloudai.testing.form import (
        CassetteError as CassetteError,
    )

__all__ = [
    "Cassette",
    "CassetteError",
    "CassetteMissError",
    "ComplianceSuite",
    "Fake",
    "UnusedEntriesError",
    "use_cassette",
]

_HOMES = {
    "Cassette": "cassette",
    "CassetteError": "form",
    "CassetteMissError": "cassette",
    "ComplianceSuite": "compliance",
    "Fake": "fake",
    "UnusedEntriesError": "cassette",
    "use_cassette": "cassette",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        found = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
