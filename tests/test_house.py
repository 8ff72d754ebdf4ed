"""What the package promises as a whole: its names, what importing it costs, what is in the wheel, what docs repeat."""

from __future__ import annotations

import ast
import importlib
import importlib.metadata
import inspect
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import cloudai
from tests.support import ROOT

PACKAGE = Path(cloudai.__file__).parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
HEAVY = {
    "anyio",
    "asyncio",
    "azure",
    "boto3",
    "botocore",
    "click",
    "google",
    "grpc",
    "httpx",
    "numpy",
    "requests",
    "rich",
    "spacy",
    "ssl",
    "tenacity",
}


def modules_after(statement: str) -> set[str]:
    """The top-level modules that are loaded after a statement, in a process of its own."""
    code = f"{statement}\nimport sys; print(*{{name.partition('.')[0] for name in sys.modules}})"
    command = [sys.executable, "-c", code]
    return set(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())


def type_checking_names() -> dict[str, str]:
    """The names of the block that type checkers read, with the module of each."""
    tree = ast.parse(Path(cloudai.__file__).read_text(encoding="utf-8"))
    (block,) = (item for item in tree.body if isinstance(item, ast.If))
    return {
        alias.asname or alias.name: str(item.module)
        for item in block.body
        if isinstance(item, ast.ImportFrom)
        for alias in item.names
    }


def requirement_names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^A-Za-z0-9_.-]", item)[0].lower() for item in requirements}


# --- public names ----------------------------------------------------------------------------------------------------


def test_the_public_names_are_sorted() -> None:
    assert cloudai.__all__ == sorted(cloudai.__all__)


def test_type_checkers_and_programs_see_the_same_names() -> None:
    homes = {name: module for module, names in cloudai._HOMES.items() for name in names}
    assert homes == type_checking_names()
    assert sorted(homes) == cloudai.__all__


@pytest.mark.parametrize("name", cloudai.__all__)
def test_a_public_name_is_what_its_home_calls_public(name: str) -> None:
    home = importlib.import_module(type_checking_names()[name])
    assert getattr(cloudai, name) is getattr(home, name)
    assert name in home.__all__


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Cloud'"):
        cloudai.Cloud  # noqa: B018


def test_every_error_request_result_and_setting_is_public() -> None:
    from cloudai import errors, operations, settings
    from cloudai.providers import Provider, find, names

    requests = operations.operations().values()
    vendors: list[Provider] = [find(name) for name in names()]
    wanted = {
        *errors.__all__,
        *(name for name in settings.__all__ if not inspect.isfunction(getattr(settings, name))),
        *(request.__name__ for request in requests),
        *(request.result.__name__ for request in requests),
        *(vendor.settings.__name__ for vendor in vendors if vendor.settings.__module__ == settings.__name__),
    }
    assert wanted <= set(cloudai.__all__)


def test_dir_lists_the_public_names() -> None:
    assert set(cloudai.__all__) <= set(dir(cloudai))


def test_the_version_is_the_one_that_is_installed() -> None:
    assert cloudai.__version__ == PROJECT["project"]["version"] == importlib.metadata.version("cloudai")


# --- what importing costs --------------------------------------------------------------------------------------------


def test_importing_cloudai_loads_no_sdk_no_http_client_and_no_event_loop() -> None:
    assert modules_after("import cloudai").isdisjoint(HEAVY)


def test_making_a_client_loads_none_either() -> None:
    assert modules_after("from cloudai import *; CloudAI('local')").isdisjoint(HEAVY)


@pytest.mark.parametrize("settings", ["AWS(region='eu-west-1')", "Azure(key='k', endpoint='https://e')", "Google()"])
def test_settings_load_no_sdk(settings: str) -> None:
    assert modules_after(f"from cloudai import *; CloudAI({settings})").isdisjoint(HEAVY)


# --- the wheel -------------------------------------------------------------------------------------------------------


def test_the_base_install_has_no_sdk_and_no_numpy() -> None:
    assert requirement_names(PROJECT["project"]["dependencies"]) == {"anyio", "click", "rich", "tenacity", "wcwidth"}


def test_every_vendor_has_an_extra_and_all_has_each() -> None:
    extras = PROJECT["project"]["optional-dependencies"]
    vendors = {"aws", "azure", "google", "local"}
    assert vendors <= set(extras)
    (everything,) = extras["all"]
    assert set(everything.partition("[")[2].rstrip("]").split(",")) == vendors


def test_the_import_rules_know_every_vendor() -> None:
    found = {path.parent.name for path in (ROOT / "cloudai" / "providers").glob("*/__init__.py")}
    for contract in PROJECT["tool"]["importlinter"]["contracts"]:
        if contract["type"] in ("independence", "protected"):
            named = contract.get("modules") or contract["protected_modules"]
            assert {name.rpartition(".")[2] for name in named} == found


@pytest.mark.skipif("CLOUDAI_TESTS_INSTALLED" not in os.environ, reason="asked by the tests session of nox")
def test_it_is_the_built_package_that_is_tested() -> None:
    assert not PACKAGE.is_relative_to(ROOT / "cloudai")
    files = {str(file) for file in importlib.metadata.files("cloudai") or ()}
    shipped = {
        str(path.relative_to(ROOT)) for path in (ROOT / "cloudai").rglob("*.*") if "__pycache__" not in str(path)
    }
    assert "cloudai/py.typed" in files
    assert shipped <= files


# --- what is written twice -------------------------------------------------------------------------------------------


def test_ci_runs_the_second_command_of_the_readme() -> None:
    commands = re.findall(r"^python3 -m venv .*$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(commands) == 2
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").replace("--quiet ", "")
    assert commands[1] in script


def test_the_docs_say_what_the_code_says() -> None:
    command = [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"]
    assert subprocess.run(command, capture_output=True, text=True, cwd=ROOT).stdout == ""


def test_the_machine_of_whoever_wrote_this_is_not_named() -> None:
    home = re.compile(r"/(?:root|home|work|Users)/\w")
    for path in (ROOT / "cloudai").rglob("*.py"):
        assert not home.search(path.read_text(encoding="utf-8")), path
