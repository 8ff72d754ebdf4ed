"""The connections to Google's services, with an API key or with tokens. Only tokens need google-auth, and only Cloud
Vision an SDK (``connect_vision.py``): the others are spoken to over HTTP."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from time import monotonic
from typing import Any

import httpx

from cloudai.errors import ConfigurationError
from cloudai.ports import Failure, Link
from cloudai.ports.bounded import bound, within
from cloudai.ports.http import Explained, HttpDialect, HttpLink, proxy_for, trust
from cloudai.providers.google.explain import explain
from cloudai.providers.google.location import (
    api_key,
    language_host,
    project,
    translate_host,
    translate_region,
    vision_host,
)
from cloudai.settings import Google, ProviderSettings

__all__ = ["connect"]

SCOPE = "https://www.googleapis.com/auth/cloud-platform"
TOKEN_TIMEOUT = 30.0
"""Seconds for one request for a token. google-auth would wait 120."""
METADATA = ("metadata.google.internal", "169.254.169.254")
"""Where a machine of Google's own asks for its token; no proxy leads there."""
WAYS = (
    "set Google(api_key=...) or GOOGLE_API_KEY, set Google(credentials=...) or GOOGLE_APPLICATION_CREDENTIALS to a file"
    " of credentials, or run 'gcloud auth application-default login'"
)

HOSTS: Mapping[str, Callable[[str | None], str]] = {
    # Which operations a location has is asked before a step is made, so the widest answer is right here.
    "language": lambda location: language_host(location, moderation=True),
    "translate": translate_host,
    "vision": vision_host,
}


def connect(settings: ProviderSettings, service: str, *, asynchronous: bool) -> Link:
    """A connection to ``language``, ``translate`` or ``vision``. Credentials are looked for with its first step, not
    here."""
    if not isinstance(settings, Google):
        raise ConfigurationError(f"{settings!r} are not the settings of Google Cloud", provider=settings.label)
    host = HOSTS[service](settings.location)
    base = settings.endpoint_for(service) or f"https://{host}.{settings.universe}"
    key = api_key(settings)
    if key:
        dialect = _keyed(settings, base, key)
    else:
        tokens = _Tokens(settings)
        dialect = HttpDialect(
            base=base,
            authorise=tokens.authorise,
            stale=tokens.stale,
            renew=tokens.renew,
            explain=explain,
            fill=lambda: {"project": tokens.project(), "location": translate_region(settings.location)},
        )
    if service == "vision":
        from cloudai.providers.google.connect_vision import VisionLink

        return VisionLink(settings, dialect, asynchronous=asynchronous)
    return HttpLink(settings, dialect, asynchronous=asynchronous)


def _keyed(settings: Google, base: str, key: str) -> HttpDialect:
    # In a header: an address is written down in too many places.
    headers = {"x-goog-api-key": key.strip()}

    def tell(status: int, answered: Mapping[str, str], body: Any) -> Explained:
        # A key of the environment is not among the settings' secrets, and vendors like to repeat a key.
        said = explain(status, answered, body)
        return replace(said, message=said.message.replace(headers["x-goog-api-key"], "***"))

    return HttpDialect(base=base, authorise=lambda: headers, explain=tell)


class _Tokens:
    """Access tokens from google-auth's credentials, which are found and renewed when a step needs one.

    The link calls ``authorise`` in one thread at a time while it is stale.
    """

    def __init__(self, settings: Google) -> None:
        # Looked for now, so that a missing package is told when the connection is made.
        from google.auth import credentials

        given = settings.credentials
        if given is not None and not isinstance(given, str | os.PathLike | credentials.Credentials):
            raise ConfigurationError(
                f"credentials= is an object of google.auth.credentials or a file's path, not {type(given).__name__}",
                provider=settings.label,
            )
        self._settings = settings
        self._request = _TokenRequest(settings)
        self._credentials: Any = None
        self._project: str | None = None
        self._token: Any = None
        self._headers: Mapping[str, str] = {}

    def stale(self) -> bool:
        credentials = self._credentials
        return credentials is None or not credentials.valid

    def authorise(self) -> Mapping[str, str]:
        if self.stale():
            self._renew()
            self._write()
        elif self._credentials.token != self._token:
            # An object of the application's own was renewed by somebody else.
            self._write()
        return self._headers

    def renew(self, seconds: float) -> Mapping[str, str]:
        """``authorise`` within so many seconds, however many requests it takes."""
        self._request.until = monotonic() + seconds
        try:
            return self.authorise()
        finally:
            self._request.until = float("inf")

    def project(self) -> str:
        """The project that is set or that the credentials are of."""
        found = project(self._settings) or self._project
        if not found:
            raise ConfigurationError(
                "Cloud Translation wants a project: set Google(project=...) or GOOGLE_CLOUD_PROJECT",
                provider=self._settings.label,
            )
        return found

    def _renew(self) -> None:
        from google.auth import exceptions

        try:
            if self._credentials is None:
                self._credentials, self._project = self._find()
            if not self._credentials.valid:
                self._credentials.refresh(self._request)
        except exceptions.TransportError as error:
            if _late(error):
                raise Failure(f"no token in time: {_words(error)}", kind="timeout") from error
            status = next((part for part in error.args if isinstance(part, int)), None)
            raise Failure(
                f"no token: {_words(error)}", kind="connection" if status is None else "refused", status=status
            ) from error
        except exceptions.GoogleAuthError as error:
            if _late(error):
                raise Failure(f"no token in time: {_words(error)}", kind="timeout") from error
            code = next((part["error"] for part in error.args if isinstance(part, dict) and "error" in part), None)
            codes = (code, "UNAUTHENTICATED") if isinstance(code, str) else ("UNAUTHENTICATED",)
            raise Failure(f"no token: {_words(error)}", codes=codes) from error
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            # google-auth reads the answer of a token endpoint as it comes.
            raise Failure(f"no token: the answer cannot be read ({type(error).__name__})", kind="shape") from error

    def _find(self) -> tuple[Any, str | None]:
        """The credentials that are set or that the environment has, and the project that they are of."""
        import google.auth
        from google.auth import exceptions

        auth: Any = google.auth
        given = self._settings.credentials
        try:
            if given is None:
                return auth.default(scopes=[SCOPE], request=self._request)  # type: ignore[no-any-return]
            if isinstance(given, str | os.PathLike):
                with warnings.catch_warnings():
                    # It warns of files from strangers; this one is named by the application's own settings.
                    warnings.simplefilter("ignore", DeprecationWarning)
                    # Without scopes: with them it would ask the Resource Manager for a workload identity's project.
                    given, project_id = auth.load_credentials_from_file(os.fspath(given), request=self._request)
            else:
                project_id = getattr(given, "project_id", None)
        except (
            exceptions.DefaultCredentialsError,
            OSError,
            LookupError,
            TypeError,
            ValueError,
            AttributeError,
        ) as error:
            # The last four: it reads a file as it comes.
            raise ConfigurationError(
                f"no credentials can be used ({_words(error)}): {WAYS}", provider=self._settings.label
            ) from error
        return auth.credentials.with_scopes_if_required(given, [SCOPE]), project_id

    def _write(self) -> None:
        self._token = self._credentials.token
        headers: dict[str, str] = {}
        self._credentials.apply(headers)
        payer = self._payer()
        if payer:
            headers["x-goog-user-project"] = payer
        self._headers = headers

    def _payer(self) -> str | None:
        """The project that is asked to pay where it is set and is not that of the credentials anyway: to name it takes
        a permission (serviceusage.services.use) that a service account does not have by itself."""
        chosen = self._settings.project
        return chosen if chosen and chosen != getattr(self._credentials, "project_id", None) else None


class _TokenAnswer:
    """An answer as google-auth reads it."""

    def __init__(self, answer: httpx.Response) -> None:
        self.status = answer.status_code
        self.headers = answer.headers
        self.data = answer.content


class _TokenRequest:
    """google-auth's way to the network, through httpx, so that proxy and certificates of the settings count for it."""

    def __init__(self, settings: Google) -> None:
        self._settings = settings
        self.until = float("inf")
        """When there has to be a token, by the monotonic clock."""

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        **options: Any,
    ) -> _TokenAnswer:
        from google.auth import exceptions

        trouble: Any = exceptions.TransportError
        host = httpx.URL(url).host
        proxy = None if host in METADATA else proxy_for(self._settings, url)
        patience = min(timeout or TOKEN_TIMEOUT, TOKEN_TIMEOUT, self.until - monotonic())
        try:
            if patience <= 0:
                raise httpx.PoolTimeout("no time is left to ask")
            # One client for each: a token is asked for about once an hour.
            within(monotonic() + patience)
            transport = bound(httpx.HTTPTransport(verify=trust(self._settings), proxy=proxy))
            with httpx.Client(transport=transport, trust_env=False) as client:
                answer = client.request(method, url, content=body, headers=headers, timeout=patience)
        except httpx.HTTPError as error:
            if monotonic() >= self.until:
                # Not one of google-auth's own, which it may take for a reason to wait and ask again.
                raise Failure(f"no token in time: {host} did not give one", kind="timeout") from error
            raise trouble(f"the token endpoint was not reached ({type(error).__name__})") from error
        if answer.status_code >= 500 or answer.status_code in (408, 429):
            # google-auth would ask again by itself, under the retries that stand around each step.
            raise trouble(f"the token endpoint answered HTTP {answer.status_code}", answer.status_code)
        return _TokenAnswer(answer)


def _late(error: BaseException | None) -> bool:
    """Whether what google-auth raises began with an answer that did not come in time."""
    while error is not None and not isinstance(error, httpx.TimeoutException):
        error = error.__cause__
    return error is not None


def _words(error: Exception) -> str:
    """The first of what google-auth says. It may be a whole page, or a whole answer behind that."""
    first = error.args[0] if error.args else None
    if isinstance(error, OSError):
        first = error.strerror
    line = first.strip().partition("\n")[0] if isinstance(first, str) else ""
    return line[:200] if line and not line.startswith("<") else type(error).__name__
