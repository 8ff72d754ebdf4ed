"""The suite over vendors from outside, and that it finds what is wrong with one."""

from __future__ import annotations

from pathlib import Path

import pytest

import cloudai.client
import cloudai.ports.blocking
import cloudai.ports.concurrent
import cloudai.ports.http
import cloudai.testing.compliance  # noqa: F401
from tests.outside.install import installed

MOOD = """
from cloudai import providers
from cloudai.testing import ComplianceSuite

class TestAcme(ComplianceSuite):
    provider = providers.find("acme")
    credentials = {"key": "not-a-real-one"}
    answers = {
        "text.sentiment": [{"verdict": "+", "good": 0.9, "bad": 0.05, "engine": "mood-7"}],
        "text.entities": [{"things": [{"word": "Lyon", "kind": "TOWN", "at": 19}]}],
        "text.summarize": [{"job": 7}, {"state": "running"}, {"state": "done", "text": "Short."}],
    }
"""
FEELING = """
from cloudai import providers
from cloudai.testing import ComplianceSuite

class TestLantern(ComplianceSuite):
    provider = providers.find("lantern")
    credentials = {"token": "not-a-real-one", "endpoint": "http://127.0.0.1:9"}
    answers = {"text.sentiment": [{"feeling": "positive", "score": 0.5}], "text.key_phrases": [{"phrases": ["a"]}]}
"""


def run(pytester: pytest.Pytester, suite: str, *options: str) -> pytest.RunResult:
    pytester.makepyfile(test_suite=suite)
    return pytester.runpytest_inprocess("-q", "-p", "no:hypothesispytest", "-p", "no:cacheprovider", *options)


def test_a_vendor_over_http_passes(acme: object, pytester: pytest.Pytester) -> None:
    outcomes = run(pytester, MOOD).parseoutcomes()
    assert set(outcomes) == {"passed"}
    assert outcomes["passed"] > 50


def test_a_vendor_over_grpc_passes(lantern: object, pytester: pytest.Pytester) -> None:
    outcomes = run(pytester, FEELING).parseoutcomes()
    assert set(outcomes) == {"passed"}


OPTION = "test_an_option_changes_what_is_sent"
ADDRESS = "test_the_address_that_is_set_is_the_one_that_is_asked"
LOOKUP = """
    import contextlib, socket
    with contextlib.suppress(OSError):
        socket.getaddrinfo("localhost", 80)
"""


@pytest.mark.parametrize(
    ("module", "old", "new", "test"),
    [
        ("text", "tongue=language, **", "**", f"{OPTION}[text.sentiment-language]"),
        ("text", "**(extra or {})", "", f"{OPTION}[text.sentiment-extra.mood]"),
        ("text", '{"sentences": sentences} if sentences', "{} if sentences", f"{OPTION}[text.summarize-sentences]"),
        ("text", 'body["things"]', 'body.get("things", [])', "test_an_answer_of_another_shape_is_refused"),
        ("text", "_step(", "step(", "test_every_public_function_of_an_area_is_an_operation[text]"),
        ("text", "from typing", "import time\nfrom typing", "test_an_area_awaits_nothing_but_its_port[text]"),
        ("text", "from typing", "import httpx\nfrom typing", "test_importing_its_areas_loads_no_sdk"),
        ("text", "-> EntitiesResult", "-> SummaryResult", "test_it_says_that_it_returns_the_result_of_the_operation"),
        ("text", "amount=len(text)", "amount=None", "test_what_is_billed_is_told[text.sentiment]"),
        ("text", 'text=item["word"]', 'text=item["word"], confidence=99.0', "test_a_result_is_of_its_type"),
        ("text", "language: str | None = None) -> Ent", "language: str, **more) -> Ent", "test_an_adapter_is_a_cor"),
        ("text", "*, sentences: int | None", "*, count: int = 0, sentences: int | None", "test_its_parameters_are_fie"),
        ("errors", ": RateLimitedError", ": OSError", "test_its_errors_are_ours"),
        ("__init__", ', metadata={"secret": True}', "", "test_secrets_do_not_show"),
        ("__init__", 'name="acme"', 'name="acne"', "test_its_name_is_that_of_its_settings"),
        ("connect", "settings.endpoint_for(service) or ADDRESS", '"http://127.0.0.1:9"', ADDRESS),
        ("connect", "settings.endpoint_for(service)", "settings.endpoint", f"{ADDRESS}[text.entities-endpoints"),
        ("connect", "    site = f", f"{LOOKUP}    site = f", "test_connecting_touches_no_network"),
    ],
)
def test_it_finds_what_is_wrong(
    pytester: pytest.Pytester, tmp_path: Path, module: str, old: str, new: str, test: str
) -> None:
    with installed("acme", tmp_path / "site") as site:
        path = site / "cloudai_acme" / f"{module}.py"
        source = path.read_text(encoding="utf-8")
        assert old in source
        path.write_text(source.replace(old, new), encoding="utf-8")
        result = run(pytester, MOOD, "-k", test.partition("[")[0])
    failed = [line for line in result.outlines if line.startswith(("FAILED", "ERROR"))]
    assert [line for line in failed if test in line], result.stdout.str()
