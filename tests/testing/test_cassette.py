from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

import cloudai
from cloudai import AsyncCloudAI, CloudAI, Retry, SentimentRequest
from cloudai.ports import Failure, Reply, Step
from cloudai.testing import Cassette, CassetteError, CassetteMissError, UnusedEntriesError, use_cassette
from cloudai.testing.cassette import Mode
from tests.support import Answer, Seen, loopback

MOOD = {"verdict": "+", "good": 0.9, "bad": 0.05, "engine": "mood-7"}
BUSY = Answer(429, {"fault": {"code": "SlowDown", "text": "later"}}, {"retry-after": "30"})
NOWHERE = "http://127.0.0.1:9"
Ask = Callable[..., Any]


def mood_of(seen: Seen) -> Answer:
    """An answer that tells which text it is for."""
    return Answer(200, {**MOOD, "engine": seen.json["content"]}, {"x-acme-request": "r-1"})


def entries(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["entries"]
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cassettes" / "mood.json"


def record(acme: type[Any], path: Path, *texts: str, mode: Mode = "once", **options: Any) -> None:
    with loopback(mood_of) as server, use_cassette(path, mode, **options):
        with CloudAI(acme(key="k-12345", endpoint=server.address)) as ai:
            for text in texts:
                ai.text.sentiment(text)


def test_what_one_client_records_each_client_plays_back(acme: type[Any], path: Path, ask: Ask) -> None:
    call = lambda ai: ai.text.sentiment("I love it 👍", language="en")  # noqa: E731
    with loopback(mood_of) as server, use_cassette(path) as cassette:
        recorded = ask(acme(key="k-12345", endpoint=server.address), call)
        assert (cassette.recorded, cassette.replayed) == (1, 0)
    with use_cassette(path) as cassette:
        replayed = CloudAI("acme").text.sentiment("I love it 👍", language="en")
        assert (cassette.recorded, cassette.replayed) == (0, 1)

        async def later() -> None:
            async with AsyncCloudAI("acme") as ai:
                await ai.text.sentiment("I love it 👍", language="en")

        with pytest.raises(CassetteMissError, match="recorded once, and has been sent more often"):
            anyio.run(later)
        cassette._misses.clear()
    assert replayed == recorded
    assert replayed.raw == recorded.raw
    assert replayed.meta.request_id == "r-1"
    assert len(server.seen) == 1


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_blocking_recording_plays_back_on_an_event_loop(acme: type[Any], path: Path, backend: str) -> None:
    record(acme, path, "one", "two")

    async def later() -> list[str | None]:
        async with AsyncCloudAI("acme") as ai:
            requests = [SentimentRequest(text=text) for text in ("two", "one")]
            return [outcome.unwrap().meta.model async for outcome in ai.run_many(requests)]

    with use_cassette(path, require_all=True):
        assert anyio.run(later, backend=backend) == ["two", "one"]


def test_a_cassette_is_read_by_people(acme: type[Any], path: Path) -> None:
    record(acme, path, "Añoranza 👍")
    text = path.read_text(encoding="utf-8")
    assert "Añoranza 👍" in text
    assert text.startswith('{\n  "version": 1,\n  "recorded_at": "')
    (entry,) = entries(path)
    assert entry["step"] == {
        "service": "text",
        "operation": "POST mood",
        "api_version": "2025-05",
        "params": {"json": {"content": "Añoranza 👍"}},
    }
    assert list(entry) == ["provider", "step", "reply"]
    assert entry["reply"]["status"] == 200
    assert entry["reply"]["body"]["verdict"] == "+"
    assert not [other for other in path.parent.iterdir() if other != path], "a temporary file was left"


def test_none_sends_nothing_even_without_a_file(acme: type[Any], path: Path) -> None:
    with loopback(mood_of) as server, pytest.raises(CassetteMissError, match="there is no such file"):
        with use_cassette(path, "none"):
            CloudAI(acme(key="k-12345", endpoint=server.address)).text.sentiment("one")
    assert not server.seen
    assert not path.exists()


def test_once_does_not_add_to_a_file(acme: type[Any], path: Path) -> None:
    record(acme, path, "one")
    before = path.read_bytes()
    with pytest.raises(CassetteMissError):
        record(acme, path, "one", "two")
    assert path.read_bytes() == before


def test_new_adds_what_is_not_known(acme: type[Any], path: Path) -> None:
    record(acme, path, "one")
    with loopback(mood_of) as server, use_cassette(path, "new") as cassette:
        with CloudAI(acme(key="k-12345", endpoint=server.address)) as ai:
            ai.text.sentiment("one")
            assert not cassette.waits()
            ai.text.sentiment("two")
            assert cassette.waits()
    assert [seen.json["content"] for seen in server.seen] == ["two"]
    assert [entry["step"]["params"]["json"]["content"] for entry in entries(path)] == ["one", "two"]


def test_all_records_everything_anew(acme: type[Any], path: Path) -> None:
    record(acme, path, "one", "two")
    record(acme, path, "three", mode="all")
    assert [entry["step"]["params"]["json"]["content"] for entry in entries(path)] == ["three"]


def test_all_keeps_the_file_when_nothing_was_answered(acme: type[Any], path: Path) -> None:
    record(acme, path, "one")
    before = path.read_bytes()
    with use_cassette(path, "all"), pytest.raises(cloudai.ConfigurationError):
        CloudAI("acme").text.sentiment("one")
    assert path.read_bytes() == before


def test_the_environment_wins_over_the_mode(acme: type[Any], path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUDAI_CASSETTES", "none")
    with pytest.raises(CassetteMissError):
        record(acme, path, "one", mode="all")


def test_ci_only_plays_back_unless_told_otherwise(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Cassette(path).mode == "once"
    monkeypatch.setenv("CI", "true")
    assert Cassette(path).mode == "none"
    assert Cassette(path, "new").mode == "new"


def test_an_unknown_mode_is_named(path: Path) -> None:
    with pytest.raises(cloudai.ConfigurationError, match="none, once, new, all"):
        use_cassette(path, "ones").__enter__()  # type: ignore[arg-type]


def test_a_retry_is_played_back_in_order_and_without_waiting(acme: type[Any], path: Path, ask: Ask) -> None:
    busy = Answer(429, BUSY.body, {"retry-after": "0"})
    with loopback(busy, Answer(200, MOOD)) as server, use_cassette(path):
        ask(acme(key="k-12345", endpoint=server.address), lambda ai: ai.text.sentiment("one"))
    assert ["failure" in entry for entry in entries(path)] == [True, False]
    data = json.loads(path.read_text(encoding="utf-8"))
    data["entries"][0]["failure"]["retry_after"] = 30
    path.write_text(json.dumps(data), encoding="utf-8")
    began = time.monotonic()
    with use_cassette(path, require_all=True):
        result = ask("acme", lambda ai: ai.text.sentiment("one"))
    assert result.meta.attempts == 2
    assert time.monotonic() - began < 10


def test_polls_are_played_back_without_waiting(acme: type[Any], path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    states = [{"job": 7}, {"state": "running"}, {"state": "done", "text": "Short."}]
    slept: list[float] = []
    monkeypatch.setattr("cloudai.ports.blocking.time.sleep", slept.append)
    with loopback(*(Answer(200, state) for state in states)) as server, use_cassette(path):
        with CloudAI(acme(key="k-12345", endpoint=server.address)) as ai:
            ai.text.summarize("Long.")
    assert slept == [1.0]
    with use_cassette(path, require_all=True):
        assert CloudAI("acme").text.summarize("Long.").summary == "Short."
    assert slept == [1.0]


def test_a_recorded_failure_is_the_same_error_again(acme: type[Any], path: Path, ask: Ask) -> None:
    refused = Answer(400, {"fault": {"code": "NoSuchTongue", "text": "not this one"}}, {"x-acme-request": "r-9"})
    call = lambda ai: ai.text.sentiment("one", language="xx")  # noqa: E731
    told = []
    with loopback(refused) as server, use_cassette(path), pytest.raises(cloudai.UnsupportedLanguageError) as raised:
        ask(acme(key="k-12345", endpoint=server.address), call)
    told.append(vars(raised.value))
    with use_cassette(path), pytest.raises(cloudai.UnsupportedLanguageError) as raised:
        ask("acme", call)
    told.append(vars(raised.value))
    assert told[0] == told[1]
    assert (told[1]["status"], told[1]["request_id"], told[1]["raw"]) == (400, "r-9", refused.body)


def test_a_fallback_is_played_back(acme: type[Any], path: Path, ask: Ask) -> None:
    with loopback(BUSY) as first, loopback(mood_of) as second, use_cassette(path):
        vendors = [
            acme(name=name, key="k-12345", endpoint=item.address) for name, item in (("a", first), ("b", second))
        ]
        ask(vendors, lambda ai: ai.text.sentiment("one"), retry=Retry(attempts=1))
    assert [entry["name"] for entry in entries(path)] == ["a", "b"]
    with use_cassette(path, require_all=True):
        vendors = [acme(name="a"), acme(name="b")]
        meta = ask(vendors, lambda ai: ai.text.sentiment("one"), retry=Retry(attempts=1)).meta
    assert (meta.provider, meta.fallbacks[0].error) == ("b", "RateLimitedError")


def test_a_vendor_listed_twice_has_a_recording_of_each(acme: type[Any], path: Path) -> None:
    answers = {name: Answer(200, {**MOOD, "engine": name}) for name in ("eu", "us")}
    with loopback(answers["eu"]) as eu, loopback(answers["us"]) as us, use_cassette(path):
        for name, server in (("eu", eu), ("us", us)):
            with CloudAI(acme(name=name, key="k-12345", endpoint=server.address)) as ai:
                ai.text.sentiment("one")
    with use_cassette(path):
        assert CloudAI(acme(name="us")).text.sentiment("one").meta.model == "us"
        assert CloudAI(acme(name="eu")).text.sentiment("one").meta.model == "eu"


def test_many_threads_find_each_its_own_answer(acme: type[Any], path: Path) -> None:
    texts = [f"text {number % 20}" for number in range(60)]
    requests = [SentimentRequest(text=text) for text in texts]
    with loopback(mood_of) as server, use_cassette(path), CloudAI(acme(key="k-1", endpoint=server.address)) as ai:
        list(ai.run_many(requests, concurrency=8))
    assert len(entries(path)) == 60
    with use_cassette(path, require_all=True):
        models = [outcome.unwrap().meta.model for outcome in CloudAI("acme").run_many(requests, concurrency=8)]
    assert models == texts


def test_equal_steps_from_several_threads_are_each_used_once(tmp_path: Path) -> None:
    """At the tap itself, where no network decides about the order."""
    settings = cloudai.Local()
    cassette = Cassette(tmp_path / "a.json", "all")
    for number in range(50):
        step = Step(service="s", operation="o")
        cassette.before(settings, step)
        cassette.after(settings, step, Reply(body=number))
    cassette.close()
    playing, got, lock = Cassette(tmp_path / "a.json", "none"), [], threading.Lock()

    def take() -> None:
        for _ in range(10):
            reply = playing.before(settings, Step(service="s", operation="o"))
            with lock:
                got.append(reply.body)  # type: ignore[union-attr]

    threads = [threading.Thread(target=take) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == list(range(50))


def test_entries_stand_in_the_order_in_which_steps_went_out(tmp_path: Path) -> None:
    settings, cassette = cloudai.Local(), Cassette(tmp_path / "a.json", "all")
    first, lost, second = (Step(service="s", operation=name) for name in ("first", "lost", "second"))
    for step in (first, lost, second):
        cassette.before(settings, step)
    cassette.after(settings, second, Reply(body=2))
    cassette.after(settings, first, Failure("no"))
    cassette.close()
    assert [entry["step"]["operation"] for entry in entries(tmp_path / "a.json")] == ["first", "second"]


def test_unused_entries_fail_the_run_when_all_are_required(acme: type[Any], path: Path) -> None:
    record(acme, path, "one", "two")
    with pytest.raises(UnusedEntriesError, match=r"1 entries were not used\n  acme text POST mood"):
        with use_cassette(path, require_all=True):
            CloudAI("acme").text.sentiment("two")
    with use_cassette(path) as cassette:
        CloudAI("acme").text.sentiment("two")
    assert cassette.unused == ("acme text POST mood",)


def test_an_error_of_the_test_itself_is_not_hidden_by_unused_entries(acme: type[Any], path: Path) -> None:
    record(acme, path, "one")
    with pytest.raises(ZeroDivisionError), use_cassette(path, require_all=True):
        _ = 1 / 0


def test_cassettes_stack(acme: type[Any], tmp_path: Path) -> None:
    record(acme, tmp_path / "outer.json", "outer")
    record(acme, tmp_path / "inner.json", "inner")
    with use_cassette(tmp_path / "outer.json", require_all=True):
        with use_cassette(tmp_path / "inner.json", require_all=True):
            CloudAI("acme").text.sentiment("inner")
        CloudAI("acme").text.sentiment("outer")


def test_it_decorates_functions_of_both_kinds(acme: type[Any], path: Path) -> None:
    record(acme, path, "one")

    @use_cassette(path)
    def now(text: str) -> str | None:
        """Says it."""
        return CloudAI("acme").text.sentiment(text).meta.model

    @use_cassette(path)
    async def later(text: str) -> str | None:
        async with AsyncCloudAI("acme") as ai:
            return (await ai.text.sentiment(text)).meta.model

    assert now.__doc__ == "Says it."
    assert now("one") == now(text="one") == anyio.run(later, "one") == "one"


def test_a_fake_is_not_recorded(path: Path) -> None:
    from cloudai.testing import Fake

    fake = Fake(answers={"text.sentiment": cloudai.SentimentResult(sentiment="mixed")})
    with use_cassette(path, "none"):
        assert CloudAI(fake).text.sentiment("one").sentiment == "mixed"
    assert fake.calls == [SentimentRequest(text="one")]


@pytest.mark.parametrize("content", ["", "[]", '{"version": 9, "entries": []}', '{"version": 1, "entries": [{}]}'])
def test_a_file_that_is_no_cassette_is_named(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CassetteError, match=r"mood\.json is not a cassette"), use_cassette(path):
        pass
