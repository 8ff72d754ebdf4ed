"""Where a vendor is, who asks, and how patiently. Frozen values that import nothing of any vendor."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from types import UnionType
from typing import Any, ClassVar, Literal, Union, get_args, get_origin, get_type_hints

from cloudai.errors import ConfigurationError

__all__ = ["AWS", "Azure", "Fetch", "Google", "Local", "ProviderChoice", "ProviderSettings", "Retry"]

SECRET = {"secret": True}
"""Metadata of a field whose value never shows in repr, logs, errors, cassettes or reports."""


_SECRET_VARIABLE = re.compile(r"(?:^|_)(?:KEY|SECRET|TOKEN|PASSWORD)(?:_ID)?$")


def secrets_of_environment(environ: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The values of the environment variables that are named like keys. Short ones are words rather than keys."""
    variables = os.environ if environ is None else environ
    return tuple(value for name, value in variables.items() if _SECRET_VARIABLE.search(name) and len(value) >= 16)


def _check_kinds(settings: Any) -> None:
    """Raises where a value is of another kind than its field says, as one from a file may be."""
    hints = get_type_hints(type(settings))
    for item in fields(settings):
        value = getattr(settings, item.name)
        if not _is_of(value, hints[item.name]):
            # The value itself is not repeated: it may be a key.
            raise ConfigurationError(
                f"{type(settings).__name__}({item.name}=...) is {item.type}, not {type(value).__name__}",
                provider=getattr(settings, "provider", None),
            )


def _is_of(value: Any, hint: Any) -> bool:
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is Any:
        return True
    if origin in (Union, UnionType):
        return any(_is_of(value, option) for option in arguments)
    if origin is Literal:
        return value in arguments
    if isinstance(origin, type) and issubclass(origin, Mapping):
        words = arguments[1] is str
        return isinstance(value, Mapping) and (not words or all(isinstance(item, str) for item in value.values()))
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    kind = origin or hint
    return not isinstance(kind, type) or isinstance(value, kind)


@dataclass(frozen=True, kw_only=True, repr=False)
class ProviderSettings:
    """What the settings of every vendor have. Subclass it to add a vendor of your own."""

    provider: ClassVar[str]
    """The vendor's name, as its entry point has it."""

    name: str | None = None
    """What this entry is called in ``meta``, routes and ``provider=``; the vendor's name unless it is said.
    Give names when one vendor is listed twice, such as for two regions."""
    endpoint: str | None = None
    """One base address for all services of the vendor: a private endpoint, a proxy, a test server."""
    endpoints: Mapping[str, str] = field(default_factory=dict)
    """Base addresses for single services; they win over ``endpoint``."""
    proxy: str | None = field(default=None, metadata=SECRET)
    """The address of an HTTP proxy. Without it the usual environment variables (HTTPS_PROXY, NO_PROXY) count."""
    ca_bundle: str | None = None
    """A file of certificates to trust in place of the built-in ones. Verification itself cannot be turned off."""
    max_concurrency: int | None = None
    """How many steps may be under way at this vendor at once; None for no limit."""
    rate: str | None = None
    """How many steps may be sent, such as ``"20/second"`` or ``"600/minute"``; more wait their turn. Needs
    ``cloudai[limits]``."""

    def __post_init__(self) -> None:
        _check_kinds(self)
        for service, address in {"endpoint": self.endpoint, **self.endpoints}.items():
            if address is not None and not str(address).startswith(("http://", "https://")):
                # Not repeated: somebody may have put a key here.
                raise ConfigurationError(
                    f"{service} is not an address: it begins with http:// or https://", provider=self.provider
                )
        if self.max_concurrency is not None and self.max_concurrency < 1:
            raise ConfigurationError("max_concurrency is at least 1", provider=self.provider)

    def __repr__(self) -> str:
        shown = []
        for item in fields(self):
            value = getattr(self, item.name)
            if value in (None, {}) or value == item.default:
                continue
            shown.append(f"{item.name}={'***' if item.metadata.get('secret') else repr(value)}")
        return f"{type(self).__name__}({', '.join(shown)})"

    @property
    def label(self) -> str:
        """The name of this entry."""
        return self.name or self.provider

    @property
    def where(self) -> str | None:
        """The region or location that is asked."""
        return None

    def endpoint_for(self, service: str) -> str | None:
        """The base address that is set for a service, without a slash at its end."""
        address = self.endpoints.get(service, self.endpoint)
        return address.rstrip("/") if address else None

    def secrets(self) -> tuple[str, ...]:
        """All secret values that are set, for whoever has to keep them out of a text."""
        found: list[str] = []
        for item in fields(self):
            value = getattr(self, item.name)
            if item.metadata.get("secret") and value is not None:
                values = value.values() if isinstance(value, Mapping) else [value]
                found += [part for part in values if isinstance(part, str) and part]
        return tuple(found)


@dataclass(frozen=True, kw_only=True, repr=False)
class AWS(ProviderSettings):
    """Amazon Web Services. What is not given comes from boto3's own chain: environment, profile, role."""

    provider: ClassVar[str] = "aws"

    region: str | None = None
    profile: str | None = None
    access_key_id: str | None = field(default=None, metadata=SECRET)
    secret_access_key: str | None = field(default=None, metadata=SECRET)
    session_token: str | None = field(default=None, metadata=SECRET)
    bucket: str | None = None
    """An S3 bucket for inputs that a service takes only from there."""

    @property
    def where(self) -> str | None:
        return self.region


@dataclass(frozen=True, kw_only=True, repr=False)
class Azure(ProviderSettings):
    """Azure AI services. Environment: AZURE_AI_KEY and AZURE_AI_ENDPOINT, per service AZURE_LANGUAGE_KEY and so on."""

    provider: ClassVar[str] = "azure"

    key: str | None = field(default=None, metadata=SECRET)
    """The key of the resource. Without any key the identity of the machine or user is asked (azure-identity)."""
    keys: Mapping[str, str] = field(default_factory=dict, metadata=SECRET)
    """Keys of single services, where each has its own resource: ``{"language": ...}``."""
    region: str | None = None
    credential: Any = field(default=None, metadata=SECRET)
    """A credential object of azure-identity (of ``azure.identity.aio`` for the async client, or any with get_token)."""
    authority: str | None = None
    """The sign-in host of a sovereign cloud, such as ``login.microsoftonline.us``."""

    @property
    def where(self) -> str | None:
        return self.region


@dataclass(frozen=True, kw_only=True, repr=False)
class Google(ProviderSettings):
    """Google Cloud. Without key or credentials, application default credentials are used."""

    provider: ClassVar[str] = "google"

    project: str | None = None
    credentials: Any = field(default=None, metadata=SECRET)
    """A credentials object of google-auth, or the path of a service account's file."""
    api_key: str | None = field(default=None, metadata=SECRET)
    location: str | None = None
    """Where processing has to stay, such as ``eu``; an operation that cannot promise it is refused."""
    transport: str | None = None
    """``grpc`` or ``rest``, for the services that have both."""
    universe: str = "googleapis.com"
    """The domain of a sovereign cloud."""

    @property
    def where(self) -> str | None:
        return self.location


@dataclass(frozen=True, kw_only=True, repr=False)
class Local(ProviderSettings):
    """Offline engines on this machine. Nothing leaves it."""

    provider: ClassVar[str] = "local"


@dataclass(frozen=True, kw_only=True)
class Fetch:
    """How addresses of pictures and recordings are fetched for vendors that do not read addresses themselves."""

    allow_private: bool = False
    """Whether addresses inside private networks are fetched, such as ``http://10.0.0.5/``."""
    max_bytes: int = 50_000_000
    timeout: float = 30.0
    """Seconds for the whole file."""
    max_redirects: int = 5
    proxy: str | None = None
    """The address of an HTTP proxy. The environment's is not used: it could lead past the check of the address."""


@dataclass(frozen=True, kw_only=True)
class Retry:
    """How often and how patiently a step is sent again. Retries stand around single steps, never around a job."""

    attempts: int = 3
    """How often a step is sent at most; 1 never retries."""
    first_wait: float = 0.5
    """Seconds before the second attempt; doubled each time, with jitter."""
    max_wait: float = 20.0
    """The longest that a wait grows to by itself."""
    max_retry_after: float = 60.0
    """The longest wait that a vendor may ask for (Retry-After). When it asks for more, the error is raised at once."""

    def __post_init__(self) -> None:
        _check_kinds(self)
        if self.attempts < 1:
            raise ConfigurationError("Retry(attempts=...) is at least 1, which never retries")
        for name in ("first_wait", "max_wait", "max_retry_after"):
            if getattr(self, name) < 0:
                raise ConfigurationError(f"Retry({name}=...) is not negative")


ProviderChoice = str | ProviderSettings | Sequence[str | ProviderSettings]
"""One vendor or several in order, each by name (default settings) or by its settings."""
