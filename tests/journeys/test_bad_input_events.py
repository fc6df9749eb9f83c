"""Events that cannot be used: what the merchant is told, word for word."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bottega.serving.cli import import_events
from bottega.serving.cli.import_ import app

assert callable(import_events.events), "importing it registers the command"

HEADER = "shopper_id,product_id,kind,time,quantity,value,rating,query\n"
GOOD = "ada,mug,view,1700000000,,,,\n"

ROWS = {
    "kind_unknown": ("ada,mug,stare,1700000000,,,,", "kind", "stare", "write impression, view, click, wishlist"),
    "kind_missing": ("ada,mug,,1700000000,,,,", "kind", "", "fill the column kind, or pass --kind"),
    "who_missing": (" ,mug,view,1700000000,,,,", "shopper_id", "", "fill shopper_id for known shoppers"),
    "product_missing": (
        "ada,,view,1700000000,,,,",
        "product_id",
        "",
        "fill product_id; only a search and the refund of a whole order do without",
    ),
    "query_missing": ("ada,,search,1700000000,,,,", "query", "", "fill query"),
    "time_missing": ("ada,mug,view,,,,,", "time", "", "fill time"),
    "time_unreadable": ("ada,mug,view,last week,,,,", "time", "last week", "write 2026-05-01T12:00:00Z, or seconds"),
    "time_too_early": ("ada,mug,view,42,,,,", "time", "42", "a counter or an empty time reads as 1970"),
    "time_in_future": ("ada,mug,view,2999-01-01,,,,", "time", "2999-01-01", "check the clock and the unit"),
    "id_too_long": (f"ada,{'x' * 513},view,1700000000,,,,", "product_id", "x" * 119 + "…", "use a shorter id"),
    "nul_character": ("ada,mu\x00g,view,1700000000,,,,", "product_id", "mu\x00g", "remove it at the source"),
    "columns_extra": ("ada,mug,view,1700000000,,,,,9", "", "ada,mug,view,1700000000,,,,,9", 'put quotes (") around'),
    "columns_short": ("ada,mug,view", "", "ada,mug,view", "write every cell; was the file cut off?"),
    "quote_unclosed": (
        'ada,"mug"s,view,1700000000,,,,',
        "",
        'ada,"mug"s,view,1700000000,,,,',
        "close the quote, or write",
    ),
}


def run(*words: str | Path, code: int) -> str:
    result = CliRunner().invoke(app, ["events", *map(str, words)])
    assert result.exit_code == code, result.output
    return " ".join(result.output.split())


@pytest.mark.parametrize("rule", ROWS)
def test_a_row_is_refused_with_reason_and_remedy(rule: str, tmp_path: Path) -> None:
    row, field, seen, fix = ROWS[rule]
    source = tmp_path / "events.csv"
    source.write_text(HEADER + GOOD + row + "\n" + GOOD.replace("mug", "cup"))
    said = run(source, "--shop", tmp_path / "shop", code=0)
    assert "3 events, 2 added, 0 there already, 0 repeated in this file, 1 rejected." in said
    assert f"Rejected, by rule: 1 {rule} listed in" in said
    (listed,) = (tmp_path / "shop" / "rejects").glob("events.csv-*.csv")
    with listed.open(encoding="utf-8", newline="") as stream:
        (found,) = list(csv.DictReader(stream))
    assert (found["row"], found["field"], found["rule"], found["seen"]) == ("events.csv:3", field, rule, seen)
    assert fix in found["fix"]


@pytest.mark.parametrize("row", ["ada,pot,view,1700000000,-2,,,", "ada,pot,rate,1700000000,,,good,"])
def test_a_number_that_cannot_be_read_costs_its_field(row: str, tmp_path: Path) -> None:
    source = tmp_path / "events.csv"
    source.write_text(HEADER + GOOD + row + "\n")
    said = run(source, "--shop", tmp_path / "shop", code=0)
    assert "2 events, 2 added, 0 there already, 0 repeated in this file, 0 rejected." in said
    assert "-warnings.csv" in said


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    source = tmp_path / "events.csv"
    odd = "ada,Müsli,view,1700000000,,,,\n".encode("latin-1")
    source.write_bytes((HEADER + GOOD).encode() + odd + "ada,Käse,view,1700000000,,,,\n".encode())
    said = run(source, "--shop", tmp_path, code=0)
    assert "2 added, 0 there already, 0 repeated in this file, 1 rejected. " in said
    assert "events.csv was read as utf-8, in which 1 of its bytes are no character." in said
    (listed,) = (tmp_path / "rejects").glob("events.csv-*.csv")
    assert "events.csv:3,product_id,encoding_broken,M?sli,save the file as UTF-8" in listed.read_text()


def test_an_encoding_that_is_not_utf8_is_guessed_or_named(tmp_path: Path) -> None:
    source = tmp_path / "events.csv"
    source.write_bytes((HEADER + GOOD + "ada,Müsli,view,1700000000,,,,\n").encode("latin-1"))
    said = run(source, "--shop", tmp_path, code=0)
    assert "2 added" in said and "read as cp1252, guessed by its letters (German)" in said
    said = run(source, "--shop", tmp_path, "--encoding", "iso-8859-1", code=0)
    assert "0 added, 2 there already" in said and "guessed" not in said
    assert "There is no encoding 'klingon'. For example utf-8," in run(
        source, "--shop", tmp_path, "--encoding", "klingon", code=2
    )


def test_json_that_is_none(tmp_path: Path) -> None:
    source = tmp_path / "events.jsonl"
    good = {"shopper_id": "ada", "product_id": "mug", "kind": "view", "time": 1_700_000_000}
    half = {**good, "product_id": "mug\ud800"}
    source.write_text("\n".join([json.dumps(good), "{broken", json.dumps({**good, "shopper": "x"}), json.dumps(half)]))
    said = run(source, "--shop", tmp_path, code=0)
    assert "4 events, 1 added, 0 there already, 1 repeated in this file, 2 rejected." in said
    assert "Columns not used: shopper" in said
    (listed,) = (tmp_path / "rejects").glob("events.jsonl-*.csv")
    text = listed.read_text()
    assert "events.jsonl:2,,json_broken,{broken,write one JSON object a line" in text
    assert "events.jsonl:4,product_id,encoding_broken,mug?" in text


def test_a_source_that_cannot_be_imported_at_all(tmp_path: Path) -> None:
    shop = ("--shop", tmp_path / "shop")
    empty, folder, cut = tmp_path / "empty.csv", tmp_path / "nothing", tmp_path / "cut.csv.gz"
    empty.write_text(" \n")
    folder.mkdir()
    cut.write_bytes(
        gzip.compress((HEADER + "".join(GOOD.replace("mug", f"m{i}") for i in range(20_000))).encode())[:-9]
    )
    picture = tmp_path / "photo.jpg"
    picture.write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\xfe\xed" * 50)
    nokind = tmp_path / "bare.csv"
    nokind.write_text("user_id,item_id,time\n1,2,1700000000\n")
    notime = tmp_path / "late.csv"
    notime.write_text("user_id,item_id,kind\n1,2,view\n")

    assert "missing.csv does not exist. Check the path." in run(tmp_path / "missing.csv", *shop, code=2)
    assert "empty.csv is empty. Export it again." in run(empty, *shop, code=2)
    assert "nothing holds no event file. Files that end in .csv, .tsv," in run(folder, *shop, code=2)
    assert "is cut off: the gzip stream has no end. A part of what came before was imported." in run(cut, *shop, code=2)
    assert "photo.jpg is of no event format we know; it begins with" in run(picture, *shop, code=2)
    assert "If all rows are of one kind, say which, as in --kind purchase;" in run(nokind, *shop, code=2)
    assert "late.csv says of no event when it happened, so the order of its rows counts" in run(notime, *shop, code=0)
    assert "There is no kind of event 'stare'. Kinds are: impression, view," in run(
        nokind, "--kind", "stare", *shop, code=2
    )
    assert "--map holds 'time'. It is written product_id=asin," in run(nokind, "--map", "time", *shop, code=2)
    assert "--map names the field 'when'. Events have: event_id" in run(nokind, "--map", "when=time", *shop, code=2)
    assert "There is no event format 'xls'. Formats are: csv" in run(nokind, "--as", "xls", *shop, code=2)


def test_a_file_without_one_usable_row_ends_with_code_1(tmp_path: Path) -> None:
    source = tmp_path / "events.csv"
    source.write_text(HEADER + "ada,mug,stare,1700000000,,,,\n")
    assert "1 events, 0 added" in run(source, "--shop", tmp_path, code=1)
