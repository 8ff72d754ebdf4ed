"""Tokens in place of keys, over TLS, and certificates of one's own."""

from __future__ import annotations

import ipaddress
import ssl
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cloudai import AsyncCloudAI, Azure, Retry
from cloudai.errors import AuthenticationError, CloudAIError, ConfigurationError, ConnectionFailedError
from cloudai.providers.azure.connect import connect
from tests.support import Answer, Loopback, answer_of, recording

TEXT = "The food was good. The service was not."
TOKEN = "a-token-that-nobody-may-see"
SCOPE = "https://cognitiveservices.azure.com/.default"
ONCE = Retry(attempts=1)
MODERATED = {"categoriesAnalysis": [{"category": "Hate", "severity": 2}]}


def sentiment(ai: Any) -> Any:
    return ai.text.sentiment(TEXT)


def moderation(ai: Any) -> Any:
    return ai.text.moderation(TEXT)


def answer_to(call: Any) -> Answer:
    if call is moderation:
        return Answer(200, MODERATED)
    return answer_of(recording("azure/language/sentiment-mixed-two-sentences")["response"])


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody else trusts, with its key."""
    x509 = pytest.importorskip("cryptography.x509", reason="comes with cloudai[azure]")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


class Secure(Loopback):
    """A loopback server behind TLS that knows how many connections were opened to it."""

    def __init__(self, certificate: Path, *answers: Any) -> None:
        super().__init__(*answers)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def _handler(self) -> Any:
        usual, self.connections = super()._handler(), 0
        counting = self

        class Handler(usual):  # type: ignore[misc, valid-type]
            def setup(self) -> None:
                counting.connections += 1
                super().setup()

        return Handler

    @property
    def address(self) -> str:
        return super().address.replace("http://", "https://")


@contextmanager
def secure(certificate: Path, *answers: Any) -> Iterator[Secure]:
    server = Secure(certificate, *answers)
    with server:
        yield server


class Token:
    def __init__(self, token: str, lasts: float = 3600.0) -> None:
        self.token = token
        self.expires_on = int(time.time() + lasts)


class Credential:
    """As those of azure.identity."""

    def __init__(self, lasts: float = 3600.0, error: Exception | None = None) -> None:
        self.asked: list[str] = []
        self.lasts = lasts
        self.error = error
        self.closed = False

    def get_token(self, *scopes: str, **_: Any) -> Token:
        self.asked += scopes
        if self.error is not None:
            raise self.error
        return Token(TOKEN, self.lasts)

    def close(self) -> None:
        self.closed = True


class AsyncCredential(Credential):
    """As those of azure.identity.aio."""

    async def get_token(self, *scopes: str, **_: Any) -> Token:  # type: ignore[override]
        return Credential.get_token(self, *scopes)


def thrice(call: Callable[[Any], Any]) -> Callable[[Any], Any]:
    async def later(ai: Any) -> Any:
        return [await call(ai) for _ in range(3)]

    return lambda ai: later(ai) if isinstance(ai, AsyncCloudAI) else [call(ai) for _ in range(3)]


@pytest.mark.parametrize("call", [sentiment, moderation])
def test_a_credential_is_asked_once_for_a_token_and_sent_as_bearer(
    ask: Callable[..., Any], certificate: Path, call: Any
) -> None:
    credential = Credential()
    with secure(certificate, answer_to(call)) as server:
        settings = Azure(credential=credential, endpoint=server.address, ca_bundle=str(certificate))
        ask(settings, thrice(call))
    assert credential.asked == [SCOPE]
    assert {seen.headers["authorization"] for seen in server.seen} == {f"Bearer {TOKEN}"}
    assert all("ocp-apim-subscription-key" not in seen.headers for seen in server.seen)
    # Handed over, so not ours to close.
    assert not credential.closed
    # A bundle is read once, and a connection is used again.
    assert (len(server.seen), server.connections) == (3, 1)


@pytest.mark.parametrize("call", [sentiment, moderation])
def test_a_token_that_ends_soon_is_replaced(ask: Callable[..., Any], certificate: Path, call: Any) -> None:
    credential = Credential(lasts=30)
    with secure(certificate, answer_to(call)) as server:
        settings = Azure(credential=credential, endpoint=server.address, ca_bundle=str(certificate))
        ask(settings, thrice(call))
    assert len(credential.asked) == 3


@pytest.mark.parametrize("call", [sentiment, moderation])
def test_a_credential_of_azure_identity_aio_works_on_asyncio(
    ask: Callable[..., Any], certificate: Path, call: Any
) -> None:
    credential = AsyncCredential()
    with secure(certificate, answer_to(call)) as server:
        settings = Azure(credential=credential, endpoint=server.address, ca_bundle=str(certificate))
        if ask.colour == "asyncio":  # type: ignore[attr-defined]
            ask(settings, call)
            assert server.seen[0].headers["authorization"] == f"Bearer {TOKEN}"
        else:
            with pytest.raises(ConfigurationError, match=r"azure\.identity\.aio"):
                ask(settings, call)
            assert server.seen == []


@pytest.mark.parametrize("call", [sentiment, moderation])
def test_a_certificate_that_is_not_trusted_is_refused(ask: Callable[..., Any], certificate: Path, call: Any) -> None:
    with secure(certificate, answer_to(call)) as server, pytest.raises(ConnectionFailedError):
        ask(Azure(key="0123456789abcdef", endpoint=server.address), call, retry=ONCE)
    assert server.seen == []


@pytest.mark.parametrize("call", [sentiment, moderation])
def test_tokens_do_not_travel_in_the_clear(ask: Callable[..., Any], call: Any) -> None:
    credential = Credential()
    with Loopback(answer_to(call)) as server:
        for settings in (Azure(credential=credential, endpoint=server.address), Azure(endpoint=server.address)):
            with pytest.raises(ConfigurationError, match="https://"):
                ask(settings, call, retry=ONCE)
    assert (credential.asked, server.seen) == ([], [])


def refusal(ask: Callable[..., Any], call: Any, error: Exception) -> CloudAIError:
    settings = Azure(credential=Credential(error=error), endpoint="https://127.0.0.1:1")
    with pytest.raises(CloudAIError) as caught:
        ask(settings, call, retry=ONCE)
    return caught.value


@pytest.mark.parametrize("call", [sentiment, moderation])
def test_an_identity_that_is_not_there_says_what_to_set(ask: Callable[..., Any], call: Any) -> None:
    from azure.identity import CredentialUnavailableError

    error = refusal(ask, call, CredentialUnavailableError(message="No identity here.\nMore of it."))
    assert type(error) is ConfigurationError
    assert "AZURE_AI_KEY" in str(error)
    assert "No identity here." in str(error)
    assert error.vendor_code == "CredentialUnavailableError"
    assert isinstance(error.__cause__, CredentialUnavailableError)


class Denied:
    """What the sign-in host answers to a wrong secret."""

    reason = "Unauthorized"
    status_code = 401
    request = None

    def text(self) -> str:
        return '{"error": "invalid_client"}'


@pytest.mark.parametrize("call", [sentiment, moderation])
def test_an_identity_that_is_refused_is_no_permission(ask: Callable[..., Any], call: Any) -> None:
    from azure.core.exceptions import ClientAuthenticationError

    error = refusal(ask, call, ClientAuthenticationError(message="AADSTS7000215", response=Denied()))
    assert type(error) is AuthenticationError


@pytest.mark.parametrize("call", [sentiment, moderation])
def test_without_key_and_credential_the_machines_identity_is_asked(
    ask: Callable[..., Any], certificate: Path, call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []

    class Default(Credential):
        def __init__(self, **options: Any) -> None:
            super().__init__()
            self.options = options
            made.append(self)

    monkeypatch.setattr("azure.identity.DefaultAzureCredential", Default)
    with secure(certificate, answer_to(call)) as server:
        settings = Azure(endpoint=server.address, ca_bundle=str(certificate), authority="login.microsoftonline.us")
        ask(settings, call)
    (default,) = made
    assert default.options == {"authority": "login.microsoftonline.us"}
    assert default.asked == ["https://cognitiveservices.azure.us/.default"]
    assert default.closed


def test_nothing_is_set_and_nobody_is_signed_in(ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    # The part of the chain that asks the environment only, and no network.
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")
    with pytest.raises(ConfigurationError, match="AZURE_AI_KEY"):
        ask(Azure(endpoint="https://127.0.0.1:1"), sentiment, retry=ONCE)
    with pytest.raises(ConfigurationError, match="AZURE_LANGUAGE_ENDPOINT"):
        ask("azure", sentiment)


def test_what_azure_identity_does_not_accept_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "nonsense")
    with pytest.raises(ConfigurationError, match="azure-identity"):
        connect(Azure(endpoint="https://x.example"), "language", asynchronous=False)


def test_a_key_is_not_a_credential() -> None:
    with pytest.raises(ConfigurationError, match="key="):
        connect(Azure(endpoint="https://x.example", credential="0123"), "language", asynchronous=False)


@pytest.mark.parametrize("call", [sentiment, moderation])
def test_what_the_sign_in_answers_is_not_printed(ask: Callable[..., Any], call: Any, certificate: Path) -> None:
    from azure.core.exceptions import ClientAuthenticationError

    class Answered:
        reason, status_code = "Unauthorized", 401

        def text(self) -> str:
            return f"<html>who is {TOKEN}?</html>"

    error = ClientAuthenticationError(message="refused", response=Answered())  # type: ignore[arg-type]
    assert TOKEN in str(error)
    with secure(certificate, answer_to(call)) as server, pytest.raises(AuthenticationError) as caught:
        settings = Azure(endpoint=server.address, ca_bundle=str(certificate), credential=Credential(error=error))
        ask(settings, call, retry=ONCE)
    assert "refused" in str(caught.value)
    assert TOKEN not in "".join(traceback.format_exception(caught.value))
