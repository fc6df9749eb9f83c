"""What a merchant reads when a feed is bad: the whole command line, one message a mistake.

Refused imports say so in one sentence and end with code 2; bad rows are counted on screen and listed with their fix.
"""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bottega.serving.cli.import_ import app

HEAD = "id,title,price,availability,description,group_id,link\n"


def run(tmp_path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["catalogue", "--shop", str(tmp_path / "shop"), *arguments])


REFUSED = [
    ("a file that is not there", "nix.csv", None, [], "nix.csv does not exist. Check the path."),
    ("an empty file", "feed.csv", b"  \n", [], "feed.csv is empty. Export it again."),
    ("a web address", "https://nowhere.invalid/feed.xml", None, [], "No machine is called nowhere.invalid."),
    (
        "an address that is not of the web",
        "ftp://a.example/feed.xml",
        None,
        [],
        "ftp://a.example/feed.xml is an address",
    ),
    ("half a workbook", "feed.csv", b"PK\x03\x04,;\x00\x00xl/workbook", [], "is a broken zip: File is not a zip file."),
    ("a picture", "feed.csv", b"\x89PNG\r\n,;" + bytes(200), ["--as", "csv"], "is not a text file. A feed is CSV"),
    (
        "a broken archive",
        "feed.csv.gz",
        gzip.compress(HEAD.encode() * 99)[:10] + bytes(40),
        [],
        "is a broken gzip archive",
    ),
    ("a letter", "feed.txt", b"Dear all", [], "No reader recognises feed.txt; it begins with 'Dear all'."),
    (
        "an unknown format",
        "feed.csv",
        HEAD.encode(),
        ["--as", "xlsx"],
        "There is no format 'xlsx'. Formats are: shopify",
    ),
    ("no title column", "feed.csv", b"id,price\n1,5\n", [], "No column of feed.csv looks like the title."),
    (
        "a web page",
        "feed.xml",
        b"<html><p>404</html>",
        [],
        "feed.xml holds no product in JSON-LD.",
    ),
    ("XML without items", "feed.xml", b"<rss><channel/></rss>", [], "feed.xml holds no <item> and no <entry>."),
    (
        "an XML bomb",
        "feed.xml",
        b'<!DOCTYPE r [<!ENTITY a "b">]><rss>&a;</rss>',
        [],
        "declares XML entities, which are",
    ),
    (
        "a map to no column",
        "feed.csv",
        HEAD.encode(),
        ["--map", "brand=Marke"],
        "'Marke', which the file does not have",
    ),
    ("a map of no field", "feed.csv", HEAD.encode(), ["--map", "colour=id"], "Write attr.colour=... to keep it as an"),
    ("a map without sign", "feed.csv", HEAD.encode(), ["--map", "brand"], "--map has 'brand', which has no '='."),
    ("a map on Shopify", "feed.csv", HEAD.encode(), ["--as", "shopify-csv", "--map", "id=id"], "no column Handle"),
    ("a header alone", "feed.jsonl", b"[]", [], "feed.jsonl holds no JSON object in its first 0 entries."),
]


@pytest.mark.parametrize(
    ("name", "content", "options", "message"), [case[1:] for case in REFUSED], ids=[c[0] for c in REFUSED]
)
def test_refused(tmp_path: Path, name: str, content: bytes | None, options: list[str], message: str) -> None:
    source = name if "://" in name else str(tmp_path / name)
    if content is not None:
        (tmp_path / name).write_bytes(content)
    result = run(tmp_path, source, *options)
    assert message in result.stderr
    assert result.exit_code == 2
    assert "Traceback" not in result.stderr


ROWS = [
    (",Lamp,5", "id_empty", "", "give every product its own id"),
    ("1,,5", "title_empty", "", "give every product a title"),
    ("1," + "x" * 1001 + ",5", "title_too_long", "x" * 119 + "…", "shorten it; 150 characters are plenty"),
    ("x" * 513 + ",Lamp,5", "id_too_long", "x" * 119 + "…", "use a shorter id"),
    ("first,Lamp,5", "duplicate_id", "first (first in feed.csv:2)", "give each row its own id, or delete one"),
    (
        "1,Lamp, red, large, oval,5,in_stock,x",
        "columns_extra",
        "8 cells, the header has 7: 1,Lamp, red, large, oval,5,in_stock,x",
        'put quotes (") around cells that hold commas',
    ),
    ('1,"Lamp,5,,,,', "quote_unclosed", '1,"Lamp,5,,,,', 'close the quote, or write two quotes ("") for one'),
]


FIELDS = [
    ("1,Lamp,on request", "price_unparsable", "on request", "write it as 15.00 USD"),
    ("1,Lamp,1.234", "price_ambiguous", "1.234", "write two decimals and no thousands separator, as in 1234.00"),
    ("1,Lamp,-5", "price_negative", "-5", "write the amount the shopper pays"),
    ("1,Lamp,5 XYZ", "currency_unknown", "5 XYZ", "write a code such as USD, EUR or JPY"),
    (
        "1,Lamp,5,maybe",
        "availability_unknown",
        "maybe",
        "write in_stock, out_of_stock, preorder, backorder or discontinued",
    ),
    ("1,Lamp,10 - 20", "price_range", "10 - 20", "write one price"),
]


@pytest.mark.parametrize(("row", "rule", "seen", "fix"), FIELDS, ids=[row[1] for row in FIELDS])
def test_a_value_that_cannot_be_read_costs_the_field_alone(
    tmp_path: Path, row: str, rule: str, seen: str, fix: str
) -> None:
    (tmp_path / "feed.csv").write_text(HEAD + row + "\n")
    result = run(tmp_path, str(tmp_path / "feed.csv"))
    assert result.exit_code == 0
    assert "1 rows, 1 products added, 0 updated, 0 unchanged, 0 rejected." in result.stdout
    assert f"1  {rule}" in result.stdout
    (warnings,) = (tmp_path / "shop" / "rejects").glob("*-warnings.csv")
    with warnings.open(newline="") as stream:
        (listed,) = [one for one in csv.DictReader(stream) if one["rule"] == rule]
    assert (listed["row"], listed["seen"], listed["fix"]) == ("feed.csv:2", seen, fix)


@pytest.mark.parametrize(("row", "rule", "seen", "fix"), ROWS, ids=[row[1] for row in ROWS])
def test_bad_rows(tmp_path: Path, row: str, rule: str, seen: str, fix: str) -> None:
    good = "first,Good lamp,5,in_stock,,,\n"
    (tmp_path / "feed.csv").write_text(HEAD + good + row + "\nlast,Last lamp,5,in_stock,,,\n")
    result = run(tmp_path, str(tmp_path / "feed.csv"))
    assert result.exit_code == 0
    assert "3 rows, 2 products added, 0 updated, 0 unchanged, 1 rejected." in result.stdout
    assert f"1  {rule}" in result.stdout
    (rejects,) = [path for path in (tmp_path / "shop" / "rejects").iterdir() if "warnings" not in path.name]
    assert str(rejects) in result.stdout
    with rejects.open(newline="") as stream:
        (listed,) = csv.DictReader(stream)
    assert (listed["row"], listed["rule"], listed["seen"], listed["fix"]) == ("feed.csv:3", rule, seen, fix)


@pytest.mark.parametrize(("rows", "rejected"), [(",Lamp\n", 1), ("", 0)])
def test_nothing_usable_ends_with_code_1(tmp_path: Path, rows: str, rejected: int) -> None:
    (tmp_path / "feed.csv").write_text("id,title\n" + rows)
    result = run(tmp_path, str(tmp_path / "feed.csv"))
    assert result.exit_code == 1
    assert f"0 products added, 0 updated, 0 unchanged, {rejected} rejected." in result.stdout


def test_unused_columns_come_with_advice(tmp_path: Path) -> None:
    (tmp_path / "feed.csv").write_text("id,title,Year Made\n1,Lamp,1960\n")
    result = run(tmp_path, str(tmp_path / "feed.csv"))
    assert "Columns not used: Year Made\n  add attr.year_made=Year Made to --map to keep it" in result.stdout


def test_a_held_sync_ends_with_code_1(tmp_path: Path) -> None:
    path = tmp_path / "feed.csv"
    path.write_text("id,title\n1,Lamp\n2,Desk\n")
    assert run(tmp_path, str(path)).exit_code == 0
    path.write_text("id,title\n1,Lamp\n")
    result = run(tmp_path, str(path), "--sync")
    assert result.exit_code == 1
    assert "1 of 2 products are missing from the feed, more than 30%" in result.stderr


def test_the_report_as_json(tmp_path: Path) -> None:
    (tmp_path / "feed.csv").write_text("id,title\n1,Lamp\n,x\n")
    report = json.loads(run(tmp_path, str(tmp_path / "feed.csv"), "--json").stdout)
    assert (report["read"], report["added"], report["rejected"], report["by_rule"]) == (2, 1, 1, {"id_empty": 1})
