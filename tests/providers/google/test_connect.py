"""How Google is reached: addresses, keys, tokens, projects."""

from __future__ import annotations

import asyncio
import gc
import json
import threading
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from cloudai import (
    AsyncCloudAI,
    AuthenticationError,
    CloudAI,
    ConfigurationError,
    ConnectionFailedError,
    Google,
    InvalidResponseError,
    RateLimitedError,
    Retry,
    SentimentRequest,
    ServiceUnavailableError,
    TimeoutError,
    UnsupportedError,
)
from cloudai.ports.http import HttpLink
from cloudai.providers.google.connect import connect
from cloudai.settings import Azure
from tests.support import Answer, Loopback, Seen, answer_of, loopback, recording

auth = pytest.importorskip("google.auth", reason="needs cloudai[google]")
credentials = pytest.importorskip("google.auth.credentials")
# google-auth itself wants requests for the machines of Google, whoever carries its requests.
pytest.importorskip("google.auth.compute_engine", reason="needs cloudai[google]")

ONCE = Retry(attempts=1)
LOVE = {"documentSentiment": {"score": 0.9, "magnitude": 0.9}, "language": "en", "sentences": []}


@pytest.fixture(autouse=True)
def nothing_at_hand(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No credentials of the machine, and no asking whether it is one of Google's."""
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path / "gcloud"))
    # google-auth reads the environment for this once, when it is imported.
    monkeypatch.setattr("google.auth.compute_engine._metadata._NO_GCE_CHECK", True)


@pytest.fixture(scope="module")
def private_key() -> str:
    serialization = pytest.importorskip("cryptography.hazmat.primitives.serialization")
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    text: bytes = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return text.decode()


@pytest.fixture
def account(private_key: str, tmp_path: Path) -> Callable[..., str]:
    """Writes the file of a service account whose tokens come from an address, and tells its path."""

    def write(token_uri: str, **changes: Any) -> str:
        content = {
            "type": "service_account",
            "project_id": "account-project",
            "private_key_id": "1",
            "private_key": private_key,
            "client_email": "robot@account-project.iam.gserviceaccount.com",
            "client_id": "1",
            "token_uri": token_uri,
            **changes,
        }
        path = tmp_path / "account.json"
        path.write_text(json.dumps(content))
        return str(path)

    return write


def token(seen: Seen) -> Answer:
    return Answer(200, {"access_token": "token-1", "expires_in": 3600, "token_type": "Bearer"})


def love(ai: Any) -> Any:
    return ai.text.sentiment("I love it", language="en")


def detected(server: Loopback) -> list[str]:
    return [seen.path for seen in server.seen]


FOUND = Answer(200, {"languages": [{"languageCode": "it", "confidence": 1.0}]})


def test_the_same_client_in_a_second_event_loop_is_told_clearly() -> None:
    with loopback(Answer(200, LOVE)) as server:
        ai = AsyncCloudAI(Google(api_key="test-key", endpoint=server.address), retry=ONCE)

        async def main(ai: AsyncCloudAI) -> Any:
            return await love(ai)

        assert asyncio.run(main(ai)).sentiment == "positive"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            with pytest.raises(ConfigurationError, match="event loop that has ended"):
                asyncio.run(main(ai))
            # The warning is for the test alone: nobody can close what the loop that has ended held.
            del ai
            gc.collect()


# --- keys ---


def test_a_key_travels_in_a_header_and_never_in_the_address(ask: Callable[..., Any]) -> None:
    with loopback(Answer(200, LOVE)) as server:
        result = ask(Google(api_key="test-key", endpoint=server.address), love)
        (seen,) = server.seen
    assert result.sentiment == "positive"
    assert (seen.method, seen.path) == ("POST", "/v1/documents:analyzeSentiment")
    assert seen.headers["x-goog-api-key"] == "test-key"
    assert "authorization" not in seen.headers
    assert "x-goog-user-project" not in seen.headers
    assert seen.json["encodingType"] == "UTF32"
    assert result.meta.api_version == "v1"
    assert result.raw == LOVE
    assert result.meta.usage.amount == 9


def test_the_key_of_the_environment_is_used_where_nothing_is_set(
    ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_API_KEY", "environment-key")
    with loopback(Answer(200, LOVE)) as server:
        ask(Google(endpoint=server.address), love)
        ask(Google(endpoint=server.address, api_key="own-key"), love)
        ask(Google(endpoint=server.address, credentials=credentials.AnonymousCredentials()), love)
        sent = [seen.headers.get("x-goog-api-key") for seen in server.seen]
    assert sent == ["environment-key", "own-key", None]


@pytest.mark.parametrize(
    ("name", "tag", "confidence"),
    [
        ("translate/v2-detect-confidence-integer", "da", 1.0),
        ("translate/v2-detect-two-texts-float-confidence", "da", 0.9339038729667664),
    ],
)
def test_detection_with_a_key_speaks_version_2(ask: Callable[..., Any], name: str, tag: str, confidence: float) -> None:
    answer = answer_of(recording(f"google/{name}")["response"])
    with loopback(answer) as server:
        result = ask(Google(api_key="test-key", endpoint=server.address), lambda ai: ai.text.language("Hej"))
        (seen,) = server.seen
    assert (seen.path, seen.json) == ("/language/translate/v2/detect", {"q": "Hej"})
    assert (result[0].tag, result[0].confidence) == (tag, confidence)
    assert result.meta.api_version == "v2"


# --- addresses ---


@pytest.mark.parametrize(
    ("settings", "service", "base"),
    [
        (Google(api_key="k"), "language", "https://language.googleapis.com"),
        (Google(api_key="k", location="eu"), "language", "https://eu-language.googleapis.com"),
        (Google(api_key="k", location="us"), "language", "https://us-language.googleapis.com"),
        (Google(api_key="k", location="au"), "language", "https://au-language.googleapis.com"),
        (Google(api_key="k", universe="cloud.example"), "language", "https://language.cloud.example"),
        (Google(api_key="k"), "translate", "https://translation.googleapis.com"),
        (Google(api_key="k", location="europe-west1"), "translate", "https://translate-eu.googleapis.com"),
        (Google(api_key="k", endpoint="http://own:1/"), "translate", "http://own:1"),
        (Google(api_key="k", endpoints={"language": "http://own:2/x"}), "language", "http://own:2/x"),
        (
            Google(api_key="k", endpoints={"language": "http://own:2"}),
            "translate",
            "https://translation.googleapis.com",
        ),
    ],
)
def test_each_service_has_its_address(settings: Google, service: str, base: str) -> None:
    link = connect(settings, service, asynchronous=False)
    assert isinstance(link, HttpLink)
    assert link.dialect.base == base
    link.close()


def test_a_location_that_cannot_be_promised_is_refused_and_nothing_is_sent(ask: Callable[..., Any]) -> None:
    with loopback(Answer(200, LOVE)) as server:
        for location in ("europe-west1", "au"):
            with pytest.raises(UnsupportedError, match=location):
                ask(Google(api_key="k", location=location, endpoint=server.address), love)
        assert server.seen == []
        assert ask(Google(api_key="k", location="eu", endpoint=server.address), love).meta.region == "eu"


def test_settings_of_another_vendor_are_refused() -> None:
    with pytest.raises(ConfigurationError):
        connect(Azure(), "language", asynchronous=False)


# --- tokens ---


def test_anonymous_credentials_send_no_authorisation(ask: Callable[..., Any]) -> None:
    with loopback(Answer(200, LOVE)) as server:
        ask(Google(credentials=credentials.AnonymousCredentials(), endpoint=server.address), love)
        (seen,) = server.seen
    assert "authorization" not in seen.headers
    assert "x-goog-api-key" not in seen.headers


def test_a_service_account_fetches_one_token_for_many_steps(
    ask: Callable[..., Any], account: Callable[..., str]
) -> None:
    with loopback(token) as tokens, loopback(Answer(200, LOVE)) as server:
        settings = Google(credentials=account(f"{tokens.address}/token"), endpoint=server.address)
        ask(settings, love)
        assert len(tokens.seen) == 1
        assert b"grant_type=urn" in tokens.seen[0].body
        (seen,) = server.seen
    assert seen.headers["authorization"] == "Bearer token-1"
    # It is the account's own project that pays, unless another is set.
    assert "x-goog-user-project" not in seen.headers


def test_nothing_is_fetched_before_the_first_step(account: Callable[..., str]) -> None:
    with loopback(token) as tokens:
        settings = Google(credentials=account(f"{tokens.address}/token"), endpoint="http://127.0.0.1:9")
        with CloudAI(settings):
            connect(settings, "language", asynchronous=False).close()
        assert tokens.seen == []


def test_threads_share_one_renewal(account: Callable[..., str]) -> None:
    with loopback(token) as tokens, loopback(Answer(200, LOVE)) as server:
        settings = Google(credentials=account(f"{tokens.address}/token"), endpoint=server.address)
        with CloudAI(settings) as ai, ThreadPoolExecutor(8) as pool:
            results = list(pool.map(lambda _: love(ai), range(16)))
        assert len(tokens.seen) == 1
        assert {seen.headers["authorization"] for seen in server.seen} == {"Bearer token-1"}
    assert len(results) == 16


def test_tasks_share_one_renewal_and_the_loop_goes_on(ask: Callable[..., Any], account: Callable[..., str]) -> None:
    requests = [SentimentRequest(text=f"I love number {number}") for number in range(8)]
    with loopback(token) as tokens, loopback(Answer(200, LOVE)) as server:
        settings = Google(credentials=account(f"{tokens.address}/token"), endpoint=server.address)
        if ask.colour == "blocking":  # type: ignore[attr-defined]
            outcomes = ask(settings, lambda ai: list(ai.run_many(requests, concurrency=8)))
        else:

            async def every(ai: Any) -> list[Any]:
                return [outcome async for outcome in ai.run_many(requests, concurrency=8)]

            outcomes = ask(settings, every)
        assert len(tokens.seen) == 1
    assert all(outcome.ok for outcome in outcomes)


def test_a_token_that_is_about_to_end_is_renewed(account: Callable[..., str]) -> None:
    count = 0

    def short(seen: Seen) -> Answer:
        nonlocal count
        count += 1
        return Answer(200, {"access_token": f"token-{count}", "expires_in": 10, "token_type": "Bearer"})

    with loopback(short) as tokens, loopback(Answer(200, LOVE)) as server:
        settings = Google(credentials=account(f"{tokens.address}/token"), endpoint=server.address)
        with CloudAI(settings) as ai:
            love(ai)
            love(ai)
        assert [seen.headers["authorization"] for seen in server.seen] == ["Bearer token-1", "Bearer token-2"]


def test_an_object_that_the_application_renews_itself_is_followed() -> None:
    class Own(credentials.Credentials):  # type: ignore[misc, name-defined]
        def refresh(self, request: Any) -> None:
            self.token = "first"

    own = Own()
    with loopback(Answer(200, LOVE)) as server, CloudAI(Google(credentials=own, endpoint=server.address)) as ai:
        love(ai)
        own.token = "second"
        love(ai)
        assert [seen.headers["authorization"] for seen in server.seen] == ["Bearer first", "Bearer second"]


def test_the_proxy_of_the_settings_is_asked_for_tokens_too(account: Callable[..., str]) -> None:
    def both(seen: Seen) -> Answer:
        return token(seen) if seen.path == "http://tokens.invalid/token" else Answer(200, LOVE)

    with loopback(both) as proxy:
        settings = Google(
            credentials=account("http://tokens.invalid/token"), endpoint="http://words.invalid", proxy=proxy.address
        )
        with CloudAI(settings) as ai:
            love(ai)
        assert [seen.path for seen in proxy.seen] == [
            "http://tokens.invalid/token",
            "http://words.invalid/v1/documents:analyzeSentiment",
        ]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}), AuthenticationError),
        (Answer(401, {"error": "invalid_client"}), AuthenticationError),
        (Answer(403, "<html>no</html>"), AuthenticationError),
        (Answer(200, {"token_type": "Bearer"}), AuthenticationError),
        (Answer(200, "not JSON"), InvalidResponseError),
        (Answer(503, {"error": "server_error"}), ServiceUnavailableError),
        (Answer(429, {}), RateLimitedError),
        (Answer(200, {"access_token": "token"}, cut=True), ConnectionFailedError),
    ],
)
def test_a_token_that_is_not_given_has_the_right_error(
    ask: Callable[..., Any], account: Callable[..., str], answer: Answer, expected: type[Exception]
) -> None:
    with loopback(answer) as tokens, loopback(Answer(200, LOVE)) as server:
        settings = Google(credentials=account(f"{tokens.address}/token"), endpoint=server.address)
        with pytest.raises(expected) as caught:
            ask(settings, love, retry=ONCE)
        # No retries of google-auth's own under ours.
        assert len(tokens.seen) == 1
        assert server.seen == []
    assert type(caught.value) is expected
    assert "<html>" not in str(caught.value)
    assert "PRIVATE KEY" not in str(caught.value)


@pytest.mark.parametrize("limits", [{"timeout": 0.3}, {"deadline": 0.3}])
def test_a_token_endpoint_that_does_not_answer_is_a_timeout_within_the_time_of_the_step(
    ask: Callable[..., Any], account: Callable[..., str], limits: dict[str, float]
) -> None:
    began = time.monotonic()
    with loopback(Answer(200, {}, delay=2.0)) as tokens:
        settings = Google(credentials=account(f"{tokens.address}/token"), endpoint="http://127.0.0.1:9")
        with pytest.raises(TimeoutError):
            ask(settings, love, retry=ONCE, **limits)
        assert time.monotonic() - began < 1.5


def test_what_google_auth_waits_for_by_itself_is_a_timeout_too(
    account: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cloudai.providers.google.connect.TOKEN_TIMEOUT", 0.2)
    with loopback(Answer(200, {}, delay=2.0)) as tokens:
        settings = Google(credentials=account(f"{tokens.address}/token"), endpoint="http://127.0.0.1:9")
        with CloudAI(settings, retry=ONCE, timeout=10) as ai, pytest.raises(TimeoutError, match="token"):
            love(ai)


def test_a_late_token_leaves_the_next_step_all_its_time(account: Callable[..., str]) -> None:
    with loopback(Answer(200, {}, delay=1.0), token) as tokens, loopback(Answer(200, LOVE)) as server:
        settings = Google(credentials=account(f"{tokens.address}/token"), endpoint=server.address)
        with CloudAI(settings, retry=Retry(attempts=2, first_wait=0.001), timeout=0.5) as ai:
            assert love(ai).meta.attempts == 2


def test_a_token_endpoint_that_is_not_there_is_a_failed_connection(account: Callable[..., str]) -> None:
    settings = Google(credentials=account("http://127.0.0.1:9/token"), endpoint="http://127.0.0.1:9")
    with CloudAI(settings, retry=ONCE) as ai, pytest.raises(ConnectionFailedError, match="token"):
        love(ai)


def test_without_any_credentials_the_ways_out_are_named(ask: Callable[..., Any]) -> None:
    with loopback(Answer(200, LOVE)) as server, pytest.raises(ConfigurationError) as caught:
        ask(Google(endpoint=server.address), love)
    for way in ("api_key", "GOOGLE_API_KEY", "GOOGLE_APPLICATION_CREDENTIALS", "gcloud auth"):
        assert way in str(caught.value)


@pytest.mark.parametrize("content", [None, "not JSON", "{}", '{"type": "service_account"}', "[]"])
def test_a_file_that_holds_no_credentials_is_told(content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "broken.json"
    if content is not None:
        path.write_text(content)
    with CloudAI(Google(credentials=str(path), endpoint="http://127.0.0.1:9")) as ai, pytest.raises(ConfigurationError):
        love(ai)


def test_a_folder_in_place_of_a_file_is_told(tmp_path: Path) -> None:
    settings = Google(credentials=tmp_path, endpoint="http://127.0.0.1:9")
    with CloudAI(settings) as ai, pytest.raises(ConfigurationError, match="directory"):
        love(ai)


def test_something_else_than_credentials_is_told_before_anything_is_sent() -> None:
    with CloudAI(Google(credentials=object(), endpoint="http://127.0.0.1:9")) as ai:
        with pytest.raises(ConfigurationError, match="credentials="):
            love(ai)


def test_the_file_of_the_environment_is_found(
    ask: Callable[..., Any], account: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with loopback(token) as tokens, loopback(Answer(200, LOVE)) as server:
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", account(f"{tokens.address}/token"))
        ask(Google(endpoint=server.address), love)
        assert server.seen[0].headers["authorization"] == "Bearer token-1"


def test_a_workload_identity_is_exchanged_for_a_token(ask: Callable[..., Any], tmp_path: Path) -> None:
    subject = tmp_path / "subject"
    subject.write_text("whom-the-pool-knows")
    pool = "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/provider"
    exchanged = {
        "access_token": "pool-token",
        "issued_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "token_type": "Bearer",
        "expires_in": 3600,
    }
    with loopback(Answer(200, exchanged)) as tokens, loopback(Answer(200, LOVE)) as server:
        path = tmp_path / "pool.json"
        content = {
            "type": "external_account",
            "audience": pool,
            "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
            "token_url": f"{tokens.address}/v1/token",
            "credential_source": {"file": str(subject)},
        }
        path.write_text(json.dumps(content))
        ask(Google(credentials=str(path), project="payer", endpoint=server.address), love)
        # The one request: nobody is asked which project the pool is of.
        assert [b"whom-the-pool-knows" in seen.body for seen in tokens.seen] == [True]
        assert server.seen[0].headers["authorization"] == "Bearer pool-token"
        assert server.seen[0].headers["x-goog-user-project"] == "payer"


def test_a_machine_of_google_asks_its_metadata_server(monkeypatch: pytest.MonkeyPatch) -> None:
    metadata = pytest.importorskip("google.auth.compute_engine._metadata")

    def answer(seen: Seen) -> Answer:
        assert seen.headers["metadata-flavor"] == "Google"
        headers = {"metadata-flavor": "Google"}
        if seen.path.endswith("project/project-id"):
            return Answer(200, "machine-project", headers)
        if "/token" in seen.path:
            content = {"access_token": "machine-token", "expires_in": 3600, "token_type": "Bearer"}
            return Answer(200, content, headers)
        return Answer(200, {"email": "default", "scopes": []}, headers)

    monkeypatch.setattr(metadata, "_NO_GCE_CHECK", False)
    with loopback(answer) as machine, loopback(FOUND) as server:
        host = machine.address.removeprefix("http://")
        monkeypatch.setenv("GCE_METADATA_IP", host)
        monkeypatch.setattr(metadata, "_GCE_METADATA_HOST", host)
        with CloudAI(Google(endpoint=server.address)) as ai:
            ai.text.language("Ciao")
        assert detected(server) == ["/v3/projects/machine-project/locations/global:detectLanguage"]
        assert server.seen[0].headers["authorization"] == "Bearer machine-token"


# --- projects ---


def test_detection_with_tokens_speaks_version_3_in_the_project_and_location(ask: Callable[..., Any]) -> None:
    anonymous = credentials.AnonymousCredentials()
    with loopback(FOUND) as server:
        for location in (None, "eu", "us-east1"):
            settings = Google(credentials=anonymous, project="p", location=location, endpoint=server.address)
            result = ask(settings, lambda ai: ai.text.language("Ciao"))
        assert detected(server) == [
            "/v3/projects/p/locations/global:detectLanguage",
            "/v3/projects/p/locations/europe-west1:detectLanguage",
            "/v3/projects/p/locations/us-east1:detectLanguage",
        ]
    assert result[0].tag == "it"
    assert result.meta.api_version == "v3"


def test_the_project_is_that_of_the_environment_or_of_the_credentials(
    account: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with loopback(token) as tokens, loopback(FOUND) as server:
        settings = Google(credentials=account(f"{tokens.address}/token"), endpoint=server.address)
        with CloudAI(settings) as ai:
            ai.text.language("Ciao")
        monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "environment-project")
        with CloudAI(settings) as ai:
            ai.text.language("Ciao")
        assert detected(server) == [
            "/v3/projects/account-project/locations/global:detectLanguage",
            "/v3/projects/environment-project/locations/global:detectLanguage",
        ]


def test_detection_without_a_project_says_what_to_set(ask: Callable[..., Any]) -> None:
    settings = Google(credentials=credentials.AnonymousCredentials(), endpoint="http://127.0.0.1:9")
    with pytest.raises(ConfigurationError, match="project"):
        ask(settings, lambda ai: ai.text.language("Ciao"))


@pytest.mark.parametrize(("project", "payer"), [("other", "other"), ("account-project", None), (None, None)])
def test_a_project_that_is_not_the_credentials_own_is_named_as_the_one_that_pays(
    account: Callable[..., str], project: str | None, payer: str | None
) -> None:
    with loopback(token) as tokens, loopback(Answer(200, LOVE)) as server:
        path = account(f"{tokens.address}/token")
        with CloudAI(Google(credentials=path, project=project, endpoint=server.address)) as ai:
            love(ai)
        assert server.seen[0].headers.get("x-goog-user-project") == payer


def test_the_quota_project_of_the_credentials_counts(account: Callable[..., str]) -> None:
    service_account: Any = pytest.importorskip("google.oauth2.service_account")
    with loopback(token) as tokens, loopback(Answer(200, LOVE)) as server:
        path = account(f"{tokens.address}/token")
        own = service_account.Credentials.from_service_account_file(path).with_quota_project("payer")
        with CloudAI(Google(credentials=own, endpoint=server.address)) as ai:
            love(ai)
        assert server.seen[0].headers["x-goog-user-project"] == "payer"
        assert server.seen[0].headers["authorization"] == "Bearer token-1"


def test_only_one_thread_at_a_time_asks_for_a_token(account: Callable[..., str]) -> None:
    under_way, most = 0, 0
    lock = threading.Lock()

    def watched(seen: Seen) -> Answer:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        threading.Event().wait(0.05)
        with lock:
            under_way -= 1
        return token(seen)

    with loopback(watched) as tokens, loopback(Answer(200, LOVE)) as server:
        settings = Google(credentials=account(f"{tokens.address}/token"), endpoint=server.address)
        with CloudAI(settings) as ai, ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: love(ai), range(8)))
    assert most == 1
