"""What can be seen of Google Cloud's settings without asking anybody."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from cloudai.providers.doctor import Check, environment, first_set, machine
from cloudai.providers.google.location import project
from cloudai.settings import Google

__all__ = ["check"]

_HOSTED = ("K_SERVICE", "CLOUD_RUN_JOB", "GAE_ENV", "FUNCTION_TARGET")
"""What Cloud Run, App Engine and Cloud Functions set: their service account is asked."""


def check(settings: Google) -> Iterable[Check]:
    """Who asks, and for which project."""
    credentials = settings.credentials
    # As in connect.py, the environment's API key does not stand in front of credentials that were handed over.
    variables = () if credentials is not None else ("GOOGLE_API_KEY",)
    key = first_set([("api_key", settings.api_key)], *variables)
    if key:
        yield Check(subject="API key", state="ok", found=key)
        return
    yield _credentials(credentials)
    if project(settings):
        where = first_set([("project", settings.project)], "GOOGLE_CLOUD_PROJECT")
        yield Check(subject="project", state="ok", found=where or "found")
    else:
        way_out = "set GOOGLE_CLOUD_PROJECT, unless the credentials know theirs (only for text.language)"
        yield Check(subject="project", state="note", way_out=way_out)


def _credentials(given: object) -> Check:
    subject = "credentials"
    if given is not None and not isinstance(given, str | os.PathLike):
        return Check(subject=subject, state="ok", found="credentials in the settings")
    named = os.fspath(given) if given is not None else os.environ.get("GOOGLE_APPLICATION_CREDENTIALS")
    if named:
        where = "credentials in the settings" if given is not None else "GOOGLE_APPLICATION_CREDENTIALS is set"
        if Path(named).is_file():
            return Check(subject=subject, state="ok", found=where)
        return Check(subject=subject, state="missing", found=where, way_out=f"there is no file {named}")
    if _user_file().is_file():
        return Check(subject=subject, state="ok", found="those of 'gcloud auth application-default login'")
    if environment(*_HOSTED) or "google" in machine():
        return Check(subject=subject, state="note", found="none set; the service account of this machine is asked")
    return Check(
        subject=subject,
        state="missing",
        way_out="set GOOGLE_API_KEY, or GOOGLE_APPLICATION_CREDENTIALS (the path of a file), or run"
        " 'gcloud auth application-default login'",
    )


def _user_file() -> Path:
    """Where gcloud keeps the credentials that it made for applications."""
    usual = Path(os.environ.get("APPDATA", "")) if os.name == "nt" else Path.home() / ".config"
    return Path(os.environ.get("CLOUDSDK_CONFIG") or usual / "gcloud") / "application_default_credentials.json"
