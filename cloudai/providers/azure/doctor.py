"""What can be seen of Azure's settings without asking anybody."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from cloudai.errors import ConfigurationError
from cloudai.providers.azure.access import endpoint_of, key_of
from cloudai.providers.azure.tables import ENDPOINTS, KEYS
from cloudai.providers.doctor import Check, State, environment, first_set
from cloudai.settings import Azure

__all__ = ["check"]

_IDENTITIES = (
    ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"),
    ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_CERTIFICATE_PATH"),
    ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_FEDERATED_TOKEN_FILE"),
    ("IDENTITY_ENDPOINT",),
)
"""What says to azure-identity who asks: a service principal, a workload, a managed identity of App Service."""


_ONLY = {"contentsafety": "text.moderation", "vision": "vision"}
"""What a service is for, where there is much that can be done without it."""


def check(settings: Azure) -> Iterable[Check]:
    """Endpoint and key of each service."""
    for service in KEYS:
        yield from _service(settings, service, "note" if service in _ONLY else "missing")


def _service(settings: Azure, service: str, lacking: State) -> Iterable[Check]:
    endpoint, key = f"{service} endpoint", f"{service} key"
    only = f" (only for {_ONLY[service]})" if service in _ONLY else ""
    try:
        endpoint_of(settings, service)
    except ConfigurationError:
        names = ENDPOINTS[service]
        given = first_set([("endpoint", settings.endpoint_for(service))], *names)
        if given:
            yield Check(
                subject=endpoint, state=lacking, found=given, way_out="it is no address: write it with https://"
            )
        else:
            yield Check(subject=endpoint, state=lacking, way_out=f"set {names[0]} or AZURE_AI_ENDPOINT{only}")
        return
    given = first_set([("endpoint", settings.endpoint_for(service))], *ENDPOINTS[service])
    yield Check(subject=endpoint, state="ok", found=given or "found")
    try:
        found = key_of(settings, service)
    except ConfigurationError as error:
        yield Check(subject=key, state=lacking, found=error.message)
        return
    if found:
        where = first_set([("keys", settings.keys.get(service)), ("key", settings.key)], *KEYS[service])
        yield Check(subject=key, state="ok", found=where or "found")
    else:
        yield _identity(settings, service, key, lacking, only)


def _identity(settings: Azure, service: str, subject: str, lacking: State, only: str) -> Check:
    """Without a key the identity of the machine or user is asked, which may need the network to be known."""
    if settings.credential is not None:
        return Check(subject=subject, state="ok", found="credential in the settings")
    for names in _IDENTITIES:
        if len(environment(*names)) == len(names):
            return Check(subject=subject, state="ok", found=f"none; an identity: {', '.join(names)} set")
    folder = Path(os.environ.get("AZURE_CONFIG_DIR") or Path.home() / ".azure")
    if (folder / "azureProfile.json").is_file():
        return Check(subject=subject, state="note", found="none; the user who signed in with 'az login' is asked")
    return Check(
        subject=subject,
        state=lacking,
        way_out=f"set {KEYS[service][0]} or AZURE_AI_KEY, or sign in (az login, a managed identity){only}",
    )
