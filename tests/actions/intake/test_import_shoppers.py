"""Shoppers from a file: tables and JSON lines, each row in one count, an old file no newer than what was said since."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bottega.actions.intake.import_report import ImportReport
from bottega.actions.intake.import_shoppers import import_shoppers
from bottega.actions.intake.shapes import ImportShoppersRequest
from bottega.actions.shoppers.shapes import TellShopperRequest
from bottega.actions.shoppers.shopper import tell_shopper
from bottega.errors import ColumnMissing, FormatUnknown, MappingInvalid
from bottega.names import Purpose
from bottega.shop.open_shop import OpenShop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    with OpenShop.open(tmp_path / "shop") as opened:
        yield opened


def bring(shop: OpenShop, path: Path, text: str, columns: dict[str, str] | None = None, **options: Any) -> ImportReport:
    path.write_text(text, encoding="utf-8")
    return import_shoppers(shop, ImportShoppersRequest(source=path, columns=columns), **options)


def fields(shop: OpenShop, name: str) -> dict[str, Any]:
    found = shop.folder.store.traits.of(name)
    assert found is not None
    said = {purpose.value: word.given for purpose, word in found.consents.items()}
    return {field: value for field, value in found.fields.items() if value is not None} | said


TABLE = """User ID;Name;Language;Country;Birth Year;E-Mail;email_opt_in;Personalization;messages;tier
ada;Ada Lovelace;en_gb;gb;1990;ada@example.com;yes;no;Y;gold
bob;;;NULL;;;;;;
eve;Eve;English language;;;;;;;
undefined;Max;;;;;;yes;;
;Nora;;;;;;;;
carl;"Carl; the first";de;;;;;true;;
dora;Dora;de;;;;;perhaps;;
"""


def test_a_table_in_any_dress(shop: OpenShop, tmp_path: Path) -> None:
    report = bring(shop, tmp_path / "kunden.csv", TABLE)
    assert (report.format, report.read, report.added, report.updated, report.rejected) == ("csv", 7, 3, 0, 4)
    assert report.unused_columns == ["tier"] and dict(report.nobody) == {"undefined": 1}
    assert dict(report.by_rule) == {"traits_invalid": 2, "who_nobody": 1, "who_missing": 1}
    assert report.rejects_file is not None
    with report.rejects_file.open(newline="", encoding="utf-8") as stream:
        rejects = {(row["row"], row["field"]) for row in csv.DictReader(stream)}
    places = {("kunden.csv:4", "language"), ("kunden.csv:5", "shopper"), ("kunden.csv:6", "shopper")}
    assert rejects == places | {("kunden.csv:8", "personalisation")}
    assert fields(shop, "ada") == {
        "name": "Ada Lovelace",
        "language": "en-GB",
        "country": "GB",
        "birth_year": 1990,
        "email": "ada@example.com",
        "email_opt_in": True,
        "personalisation": False,
        "messages": True,
    }
    assert fields(shop, "carl") == {"name": "Carl; the first", "language": "de", "personalisation": True}
    assert not shop.consents.personal("ada") and shop.consents.personal("carl")
    word = shop.folder.store.traits.of("ada")
    assert word is not None and word.consents[Purpose.MESSAGES].source == "import of kunden.csv"


def test_json_lines_and_again(shop: OpenShop, tmp_path: Path) -> None:
    rows: list[Any] = [
        {"shopper": "ada", "name": "Ada", "consent": {"analytics": "no"}, "consent_time": "2026-05-01"},
        {"shopper_id": 81, "personalisation": "no"},
        {"shopper": "ada", "country": "FR"},
        {"shopper": "eve", "shoe_size": 38},
        "nonsense",
    ]
    text = "\n".join(json.dumps(row) for row in rows)
    for added, updated in ((2, 1), (0, 3)):
        report = bring(shop, tmp_path / "shoppers.jsonl", text, chunk_rows=2)
        assert (report.read, report.added, report.updated, report.rejected) == (5, added, updated, 2)
    assert fields(shop, "ada") == {"name": "Ada", "country": "FR", "analytics": False}
    assert fields(shop, "81") == {"personalisation": False}


def test_an_old_file_brings_no_old_yes_back(shop: OpenShop, tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_text("shopper,name,country,personalisation\nada,Anna,FR,yes\n")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    request = ImportShoppersRequest(source=path)
    import_shoppers(shop, request)
    assert fields(shop, "ada") == {"name": "Anna", "country": "FR", "personalisation": True}
    told = {"shopper": "ada", "name": "Ada", "country": None, "consent": {"personalisation": "no"}}
    tell_shopper(shop, TellShopperRequest.model_validate(told))
    import_shoppers(shop, request)
    assert fields(shop, "ada") == {"name": "Ada", "country": "FR", "personalisation": False}


def test_columns_of_other_names(shop: OpenShop, tmp_path: Path) -> None:
    path = tmp_path / "kunden.csv"
    text = "kunde,werbung,name\nada,ja,Ada\nbob,no,Bob\n"
    with pytest.raises(
        ColumnMissing, match=r"no column that says who; its columns are: kunde, werbung, name.*shopper="
    ):
        bring(shop, path, text)
    report = bring(shop, path, text, {"shopper": "kunde", "messages": "werbung"})
    assert (report.added, report.rejected) == (1, 1) and fields(shop, "bob") == {"name": "Bob", "messages": False}
    with pytest.raises(MappingInvalid, match=r"--map says shoe=kunde.*Fields are: shopper, name, language"):
        bring(shop, path, text, {"shoe": "kunde"})
    with pytest.raises(FormatUnknown, match="JSON lines"):
        bring(shop, path, "shopper\nada\n")
