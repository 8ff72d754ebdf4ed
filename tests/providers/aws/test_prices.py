"""The price rows: of the agreed form, and one for each operation that is charged by the call."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import cloudai.providers.aws

FOLDER = Path(cloudai.providers.aws.__file__).parent
ROWS: list[dict[str, Any]] = tomllib.loads((FOLDER / "prices.toml").read_text(encoding="utf-8"))["price"]
KEYS = {
    *("service", "operations", "measure", "unit_size", "minimum_units", "rounding", "tiers"),
    *("currency", "region", "source", "checked", "verified"),
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["operations"][0])
def test_a_row_says_everything_that_a_price_needs(row: dict[str, Any]) -> None:
    assert set(row) == KEYS
    assert row["source"]
    assert isinstance(row["checked"], date)
    assert isinstance(row["verified"], bool)
    assert row["unit_size"] > 0


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["operations"][0])
def test_tiers_begin_at_nothing_and_get_cheaper(row: dict[str, Any]) -> None:
    starts = [tier["from"] for tier in row["tiers"]]
    prices = [Decimal(tier["price"]) for tier in row["tiers"]]
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    assert prices == sorted(set(prices), reverse=True)


def test_what_the_adapters_send_has_one_price_but_for_custom_models() -> None:
    files = [(FOLDER / name).read_text(encoding="utf-8") for name in ("text.py", "vision.py", "documents.py")]
    kinds = "Detect|Classify|Compare|Recognize|Start"
    named = {name for file in files for name in re.findall(rf'"((?:{kinds})[A-Z][A-Za-z]+)"', file)}
    sent = {name for name in named if not name.endswith("ModelVersion")}
    priced = [name for row in ROWS for name in row["operations"]]
    assert len(priced) == len(set(priced))
    assert sent - set(priced) == {"ClassifyDocument"}
    assert set(priced) <= sent
