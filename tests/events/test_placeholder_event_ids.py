"""An event id that is no id makes one event of none: the rule is the same for files and posts, and counted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bottega.actions.intake.record_events import record_events
from bottega.actions.intake.shapes import RecordRequest
from bottega.shop.open_shop import OpenShop

WORDS = ["0", "00000000-0000-0000-0000-000000000000", "undefined", "-1", "event_id"]


@pytest.mark.parametrize("word", [*WORDS, 0])
def test_posts_are_told_apart_by_their_content(tmp_path: Path, word: object) -> None:
    event = {"event_id": word, "kind": "view", "product_id": "p1", "time": "2026-05-01T10:00Z"}
    rows = [{**event, "shopper_id": "ann"}, {**event, "shopper_id": "bob"}, event, {**event, "event_id": "7"}]
    with OpenShop.open(tmp_path) as shop:
        told = record_events(shop, RecordRequest(events=rows[:2]))
        assert (told.accepted, told.duplicates, told.nobody) == (2, 0, 2)
        assert record_events(shop, RecordRequest(events=rows[:2])).duplicates == 2
        refused = record_events(shop, RecordRequest(events=rows[2:])).rejected
        assert [row.rule for row in refused] == ["who_missing", "who_missing"], "an event id is nobody's name"


@pytest.mark.parametrize("word", WORDS)
def test_rows_are_told_apart_by_their_content(read: Callable[..., Any], word: str) -> None:
    rows = f"event_id,shopper_id,product_id,kind,time\n{word},u1,a,view,1777636800\n{word},u2,b,view,1777636801\n"
    found = read(rows)
    assert len(set(found.column("event_id"))) == 2 and found.nobody == {word: 2}


def test_segment_messages_are_told_apart(read: Callable[..., Any]) -> None:
    call = {"type": "track", "event": "Product Viewed", "messageId": WORDS[1], "timestamp": "2026-05-02T10:00:00Z"}
    calls = [{**call, "userId": user, "properties": {"products": [{"product_id": "a"}]}} for user in ("ann", "bob")]
    found = read("\n".join(map(json.dumps, calls)), "events.jsonl")
    assert len(set(found.column("event_id"))) == 2
