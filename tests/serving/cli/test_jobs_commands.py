"""`bottega jobs` and `bottega worker`: asked for, listed, done, shown, ended."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bottega.serving.cli.main import app
from bottega.shop.folder import ShopFolder

EVENTS = "event_id,shopper_id,product_id,ts,kind\n" + "".join(
    f"e{i},s{i % 3},p{i % 5},{1_700_000_000 + i},view\n" for i in range(20)
)


@pytest.fixture(autouse=True)
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BOTTEGA_SHOP", str(tmp_path / "shop"))
    monkeypatch.setattr("bottega.log.log_as_json", lambda: None)  # it would outlive the test
    monkeypatch.chdir(tmp_path)
    (tmp_path / "events.csv").write_text(EVENTS)
    return tmp_path / "shop"


def run(*words: str, code: int = 0) -> str:
    """What a command prints, on either stream."""
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == code, result.output
    return result.output


def test_asked_for_done_and_shown(shop: Path) -> None:
    assert run("jobs", "start", "import_events", "source=events.csv", 'columns={"time": "ts"}') == (
        "Job 1: import_events waiting.\n"
    )
    assert "1 waiting" in run("jobs", "list")
    assert "1 jobs taken up." in run("worker", "--once")
    with ShopFolder.open(shop) as opened:
        assert opened.store.events.count() == 20
    text = run("jobs", "show", "1")
    assert "Job 1: import_events" in text and "done" in text and '"added": 20' in text
    job = json.loads(run("jobs", "show", "1", "--json"))
    assert job["request"] == {"source": str(shop.parent / "events.csv"), "columns": {"time": "ts"}}
    assert json.loads(run("jobs", "list", "--json", "--state", "done"))["jobs"][0]["number"] == 1


def test_values_are_read_as_json_where_they_are_some() -> None:
    job = json.loads(run("jobs", "start", "train", "seed=3", "model=blend", "--json"))
    assert job["request"] == {"seed": 3, "model": "blend"}


def test_ended_once() -> None:
    run("jobs", "start", "train")
    assert "Job 1: train {}: cancelled" in run("jobs", "cancel", "1")
    assert "1 cancelled" in run("jobs", "list")
    assert "0 jobs taken up." in run("worker", "--once")


def test_what_came_to_nothing_says_why() -> None:
    run("jobs", "start", "tag_catalogue")
    run("worker", "--once")
    assert "The shop has no products." in run("jobs", "show", "1")
    run("jobs", "cancel", "1", code=1)
    assert json.loads(run("jobs", "show", "1", "--json"))["error"]["code"] == "catalogue_empty"


def test_those_that_failed_are_listed_with_why_and_tried_again() -> None:
    assert run("jobs", "dead") == "None failed.\n"
    run("jobs", "start", "tag_catalogue")
    run("worker", "--once")
    text = run("jobs", "dead")
    assert "1  tag_catalogue" in text and "after 1 attempt  catalogue_empty" in text
    assert "The shop has no products." in text and "bottega jobs retry NUMBER" in text
    assert json.loads(run("jobs", "dead", "--json"))["jobs"][0]["error"]["code"] == "catalogue_empty"
    assert "Job 1: tag_catalogue {}: waiting" in run("jobs", "retry", "1")
    assert run("jobs", "dead") == "None failed.\n"
    assert "1 jobs taken up." in run("worker", "--once")


def test_one_that_was_put_off_says_until_when_and_why(shop: Path) -> None:
    run("jobs", "start", "train")
    with ShopFolder.open(shop) as opened:
        job = opened.store.jobs.claim("ann", now_ms=1_700_000_000_000, lease_ms=1)
        assert job is not None
        away = {"code": "platform_failed", "message": "Away.", "seen": "Away.", "allowed": "", "next_step": ""}
        opened.store.jobs.put_off(job, away, now_ms=1_700_000_000_000)
    assert "tried again at 22:13:35 UTC: Away." in run("jobs", "show", "1")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("start", "fly"),
            "A job was asked to do 'fly'. It may be challenge, check, connect, customise_song, dress_catalogue,",
        ),
        (("start", "train", "seed"), "'seed' stands where a field should. It is written field=value."),
        (("start", "train", "seed=x"), "Field 'seed' of train is 'x'"),
        (("list", "--state", "odd"), "Jobs were asked for by 'odd'. It may be waiting,"),
        (("show", "9"), "There is no job 9."),
        (("cancel", "9"), "There is no job 9."),
    ],
)
def test_what_is_refused(words: tuple[str, ...], message: str) -> None:
    assert message in run("jobs", *words, code=2).replace("\n", " ")
