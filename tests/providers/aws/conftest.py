"""What the tests of AWS share."""

from __future__ import annotations

import botocore.loaders
import pytest

_loader = botocore.loaders.create_loader()


@pytest.fixture(autouse=True)
def one_loader(monkeypatch: pytest.MonkeyPatch) -> None:
    """botocore reads its service models once for all tests, not once for each session: that is most of their time."""
    monkeypatch.setattr("botocore.session.create_loader", lambda search_path_string=None: _loader)
