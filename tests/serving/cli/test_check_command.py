"""`bottega check`: what it prints, what it writes, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bottega.serving.cli.main import app

GOOD = "id,title,description,price\n1,Oak lamp for reading,A lamp turned from one piece of oak by hand.,20.00 USD\n"
BAD = GOOD + "2,Ash lamp for reading,A lamp turned from one piece of ash by hand.,never\n"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without a shop."""
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def feed(folder: Path, text: str) -> str:
    path = folder / "feed.csv"
    path.write_text(text)
    return str(path)


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["check", *words])
    return result.exit_code, result.output


def test_strict_ends_with_one_where_there_are_errors(tmp_path: Path) -> None:
    assert run(feed(tmp_path, GOOD), "--strict")[0] == 0
    assert run(feed(tmp_path, BAD))[0] == 0
    code, said = run(feed(tmp_path, BAD), "--strict")
    assert code == 1 and "price_unparsable" in said and "feed.csv:3" in said


def test_what_cannot_be_read_ends_with_two_and_makes_no_shop(elsewhere: Path) -> None:
    code, said = run("nowhere.csv")
    assert code == 2 and "does not exist" in said
    code, said = run()
    assert code == 2 and "There is no shop in" in said
    assert list(elsewhere.iterdir()) == []


def test_json_and_html(tmp_path: Path, elsewhere: Path) -> None:
    source = feed(tmp_path, BAD.replace("Ash lamp", "<img src=x onerror=alert(1)> Ash lamp".replace(",", "")))
    code, said = run(source, "--json", "--html", "report.html")
    report = json.loads(said[said.index("{") : said.rindex("}") + 1])
    assert code == 0 and report["products"] == 2 and report["errors"] >= 1
    page = (elsewhere / "report.html").read_text()
    assert "price_unparsable" in page and "<img" not in page
    code, said = run(source, "--html", "no/such/folder.html")
    assert code == 2 and "cannot be written" in said


def test_a_shop_is_checked_where_there_is_one(elsewhere: Path) -> None:
    (elsewhere / "bottega.toml").write_text('currency = "EUR"\n')
    code, said = run("--strict")
    assert code == 0 and "0 products" in said and "Import the catalogue" in said


def test_events_are_checked_before_they_come_in(tmp_path: Path, elsewhere: Path) -> None:
    source = tmp_path / "events.csv"
    source.write_text("user_id,item_id,event,time\nu1,p1,<b>basket</b>,1777636860\nu1,p1,view,1777636860\n")
    code, said = run(str(source), "--events", "--strict", "--html", "report.html")
    assert code == 1 and "1 events, read as csv (" in said and "sure), 1 rows refused" in said
    assert "kind_unknown" in said and "no product was looked up" in said
    page = (elsewhere / "report.html").read_text()
    assert "1 events read as csv (" in page and "&lt;b&gt;basket" in page and "How well fields are filled" not in page
    code, said = run(str(source), "--events", "--strict", "--kinds", "<b>basket</b>=add_to_cart")
    assert code == 0 and "2 events" in said
    assert [one.name for one in elsewhere.iterdir()] == ["report.html"], "no shop is made"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--events"], "--events names no file"),
        (["x.csv", "--kind", "view"], "--kind is about events"),
        (["x.csv", "--events", "--currency", "EUR"], "--currency is about a catalogue"),
        (["x.csv", "--events", "--kinds", "view"], "--kinds holds"),
    ],
)
def test_options_that_would_do_nothing_are_refused(words: list[str], said: str) -> None:
    code, told = run(*words)
    assert code == 2 and said in told
