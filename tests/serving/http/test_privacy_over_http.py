"""What is remembered of a shopper can be read, and is gone from the very next answer when it is forgotten."""

from __future__ import annotations

import csv
from typing import Any

from typer.testing import CliRunner

from bottega.serving.cli.main import app


def test_export_holds_the_events_in_a_form_that_can_come_back(door: Any) -> None:
    told = door.post("/v1/shoppers/export", {"shopper": "s3"})
    assert told["shopper"] == "s3" and len(told["events"]) == 10
    assert {event["kind"] for event in told["events"]} == {"view", "purchase"}
    again = door.post("/v1/events", told["events"])
    assert again["duplicates"] == 10 and not again["rejected"]
    assert door.post("/v1/shoppers/export", {"shopper": "nobody"}, 404)["error"]["code"] == "shopper_unknown"


def test_a_forgotten_shopper_is_a_stranger_in_the_next_answer(door: Any) -> None:
    assert door.ask(shopper="s3")["fallback"] is None
    done = door.post("/v1/shoppers/forget", {"shopper": "s3"})
    assert done["rows"]["events"] == 10 and done["model"]
    answer = door.ask(shopper="s3")
    assert answer["fallback"] == "popular"
    assert all(reason["code"] == "popular" for item in answer["items"] for reason in item["reasons"])
    assert door.post("/v1/shoppers/forget", {"shopper": "s3"}, 404)["error"]["code"] == "shopper_unknown"


def test_a_server_notices_what_the_command_line_forgot(door: Any) -> None:
    assert door.ask(shopper="s4")["fallback"] is None
    rejects = door.folder / "rejects"
    rejects.mkdir()
    with (rejects / "old.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows([["row", "field", "rule", "seen", "fix"], ["1", "id", "x", "s4", ""], ["2"] * 5])
    done = CliRunner().invoke(app, ["forget", "s4", "--yes", "--shop", str(door.folder)])
    assert done.exit_code == 0 and "10 events" in done.output and "1 rejected rows" in done.output
    assert "s4" not in (rejects / "old.csv").read_text()
    door.shop.refresh()
    assert door.ask(shopper="s4")["fallback"] == "popular"
    refused = CliRunner().invoke(app, ["export", "s4", "--shop", str(door.folder)])
    assert refused.exit_code == 2 and "Nothing is known of a shopper 's4'" in refused.output
