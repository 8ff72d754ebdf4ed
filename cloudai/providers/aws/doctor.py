"""What can be seen of AWS's settings without asking anybody: boto3 looks in the same places, in the same order."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from configparser import ConfigParser, Error
from pathlib import Path

from cloudai.providers.doctor import Check, environment, first_set, machine
from cloudai.settings import AWS

__all__ = ["check"]

_ROLES = (
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
)
_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


def check(settings: AWS) -> Iterable[Check]:
    """Region and credentials, and where they come from."""
    profile = settings.profile or os.environ.get("AWS_PROFILE") or os.environ.get("AWS_DEFAULT_PROFILE")
    yield _region(settings, profile)
    yield _credentials(settings, profile)


def _region(settings: AWS, profile: str | None) -> Check:
    found = first_set([("region", settings.region)], "AWS_DEFAULT_REGION")
    if found is None and any(name == "region" for name in _profile_keys(profile)):
        found = f"in profile {profile or 'default'}"
    if found:
        return Check(subject="region", state="ok", found=found)
    way_out = "set AWS_DEFAULT_REGION (such as eu-west-1), say AWS(region=...), or put it into the profile"
    if environment("AWS_REGION"):
        way_out += "; AWS_REGION is set, but boto3 does not read it"
    return Check(subject="region", state="missing", way_out=way_out)


def _credentials(settings: AWS, profile: str | None) -> Check:
    subject, found = "credentials", _static(settings, profile)
    if found:
        return Check(subject=subject, state="ok", found=found)
    roles = environment(*_ROLES)
    if roles:
        return Check(subject=subject, state="ok", found=f"a role: {roles[0]} is set")
    if environment(*_KEYS):
        # One of the two parts of a key.
        lacking = next(name for name in _KEYS if not environment(name))
        return Check(subject=subject, state="missing", found="half a key", way_out=f"set {lacking}")
    off = os.environ.get("AWS_EC2_METADATA_DISABLED", "").casefold() == "true"
    if "amazon ec2" in machine() and not off:
        return Check(subject=subject, state="note", found="none set; this machine's role is asked, if it has one")
    return Check(
        subject=subject,
        state="missing",
        way_out="set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or run 'aws configure'",
    )


def _static(settings: AWS, profile: str | None) -> str | None:
    if settings.access_key_id and settings.secret_access_key:
        return "access_key_id in the settings"
    named = first_set([("profile", settings.profile)], "AWS_PROFILE", "AWS_DEFAULT_PROFILE")
    if not settings.profile and len(environment(*_KEYS)) == len(_KEYS):
        return f"{_KEYS[0]} is set"
    sources = ("aws_access_key_id", "role_arn", "sso_session", "sso_start_url", "sso_account_id", "credential_process")
    if any(name in sources for name in _profile_keys(profile)):
        return f"in profile {profile or 'default'}" + (f" ({named})" if named else "")
    return None


def _profile_keys(profile: str | None) -> Iterator[str]:
    """The names of what a profile says; of the values, nothing is looked at."""
    home = Path.home() / ".aws"
    for variable, usual in (("AWS_CONFIG_FILE", "config"), ("AWS_SHARED_CREDENTIALS_FILE", "credentials")):
        parser = ConfigParser(interpolation=None, strict=False)
        try:
            parser.read(Path(os.environ.get(variable) or home / usual).expanduser(), encoding="utf-8")
        except (Error, OSError, UnicodeDecodeError):
            continue
        for section in (profile or "default", f"profile {profile or 'default'}"):
            if parser.has_section(section):
                yield from parser.options(section)
