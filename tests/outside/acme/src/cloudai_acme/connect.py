"""Connections to Acme, over HTTP."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from cloudai import ConfigurationError
from cloudai.ports.http import Explained, HttpDialect, HttpLink
from cloudai_acme import Acme

ADDRESS = "https://text.acme.example"


def connect(settings: Acme, service: str, *, asynchronous: bool) -> HttpLink:
    """A connection to Acme's one service."""
    key = settings.key or os.environ.get("ACME_KEY")
    if not key:
        raise ConfigurationError("Acme needs a key: give Acme(key=...) or set ACME_KEY", provider=settings.label)
    site = f"/{settings.site}" if settings.site else ""
    dialect = HttpDialect(
        base=(settings.endpoint_for(service) or ADDRESS) + site,
        authorise=lambda: {"x-acme-key": key},
        explain=_explain,
        request_id=("x-acme-request",),
        metered=_metered,
    )
    return HttpLink(settings, dialect, asynchronous=asynchronous)


def _explain(status: int, headers: Mapping[str, str], body: Any) -> Explained:
    fault = body.get("fault") if isinstance(body, dict) else None
    if not isinstance(fault, dict):
        return Explained(message=f"HTTP status {status}")
    return Explained(message=str(fault.get("text", "")), codes=[str(fault.get("code", ""))])


def _metered(headers: Mapping[str, str], body: Any) -> Mapping[str, float]:
    units = headers.get("x-acme-units")
    return {"units": float(units)} if units else {}
