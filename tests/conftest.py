"""Fixtures of all tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import anyio
import pytest

from cloudai import AsyncCloudAI, CloudAI

pytest_plugins = ["tests.extras"]


@pytest.fixture(params=["blocking", "asyncio", "trio"])
def ask(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Calls a client of each colour: ``ask(settings, lambda ai: ai.text.sentiment("..."), retry=...)``.

    A test of a flow is written once with it and runs with the blocking client, on asyncio and on trio.
    """
    colour = request.param

    def run(providers: Any, call: Callable[[Any], Any], **options: Any) -> Any:
        if colour == "blocking":
            with CloudAI(providers, **options) as ai:
                return call(ai)

        async def main() -> Any:
            async with AsyncCloudAI(providers, **options) as ai:
                return await call(ai)

        return anyio.run(main, backend=colour)

    run.colour = colour  # type: ignore[attr-defined]
    return run


@pytest.fixture(autouse=True)
def no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the credentials or the configuration of whoever runs it."""
    import os

    prefixes = (
        *("AWS_", "AZURE_", "LANGUAGE_", "CONTENT_SAFETY_", "VISION_", "GOOGLE_", "CLOUDSDK_"),
        *("CLOUDAI_PROVIDERS", "CLOUDAI_CONFIG"),
    )
    for name in list(os.environ):
        if name.startswith(prefixes):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere/config")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere/credentials")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Makes the toy vendor findable, as an entry point would."""
    from importlib.metadata import EntryPoint

    from cloudai import providers

    entries = dict(providers._entries())
    entries["toy"] = EntryPoint("toy", "tests.toy:provider", providers.GROUP)
    monkeypatch.setattr(providers, "_entries", lambda: entries)
    providers.find.cache_clear()
    yield
    providers.find.cache_clear()
