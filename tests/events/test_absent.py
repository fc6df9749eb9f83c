"""Cells that are filled and say nothing: taken out of every event, at every door alike."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from bottega.events.absent import without_absent
from bottega.events.event import Event, derived_id
from bottega.names import EventKind

Read = Callable[..., Any]
HEADER = "user_id,anonymous_id,item_id,event_type,timestamp\n"
NOBODY = ["NULL", "undefined", "nan", "[object Object]", "0", "-1", "00000000-0000-0000-0000-000000000000", "Guest"]


@pytest.mark.parametrize("word", NOBODY)
def test_a_false_shopper_leaves_the_true_device_and_alone_is_refused(read: Read, word: str) -> None:
    found = read(f"{HEADER}{word},anon-ann,a,view,1777636800\n{word},,b,view,1777636801\nu1,{word},c,view,1777636802\n")
    assert [(event["shopper_id"], event["anonymous_id"]) for event in found.events] == [
        (None, "anon-ann"),
        ("u1", None),
    ]
    assert found.rules == [("events.csv:3", "who_nobody")] and found.problems[0].seen == word
    assert found.problems[0].field == "shopper_id"
    assert found.nobody == Counter({word: 3})


def test_a_product_or_a_number_that_says_nothing_is_none(read: Read) -> None:
    rows = "shopper_id,product_id,kind,time,quantity,value,rating\n"
    rows += "u1,undefined,view,1777636800,1,,\nu1,lamp,rate,1777636801,NULL,N/A,nan\nu1,mug,view,null,1,,\n"
    found = read(rows)
    assert found.rules == [("events.csv:2", "product_missing"), ("events.csv:4", "time_missing")]
    assert [problem.seen for problem in found.problems] == ["undefined", "null"]
    [event] = found.events
    assert (event["quantity"], event["value"], event["rating"]) == (1, None, None)


def test_an_event_id_that_is_a_word_for_nothing_makes_no_two_events_one(read: Read) -> None:
    rows = "event_id,shopper_id,product_id,kind,time\nundefined,u1,a,view,1777636800\nundefined,u2,b,view,1777636801\n"
    ids = read(rows).column("event_id")
    assert len(set(ids)) == 2 and all(one.startswith("h-") for one in ids)


def test_shoppers_may_search_for_such_words(read: Read) -> None:
    rows = "shopper_id,product_id,kind,time,query\nu1,,search,1777636800,null\n"
    assert read(rows).column("query") == ["null"]


def segment(user: str, device: str, number: int) -> str:
    return json.dumps(
        {
            "type": "track",
            "event": "Product Viewed",
            "messageId": f"q{number}",
            "userId": user,
            "anonymousId": device,
            "timestamp": f"2026-05-02T1{number}:00:00.000Z",
            "properties": {"product_id": "10"},
        }
    )


def test_segment_joins_no_strangers(read: Read) -> None:
    rows = [segment("undefined", "anon-ann", 1), segment("undefined", "anon-bob", 2), segment("undefined", "null", 3)]
    found = read("\n".join(rows), "events.jsonl")
    assert found.format == "segment" and found.column("shopper_id") == [None, None]
    assert found.rules == [("events.jsonl:3", "who_nobody")]
    assert found.nobody == Counter(undefined=3, null=1)


def test_ga4_makes_no_session_of_a_device_that_is_none(read: Read) -> None:
    rows = [
        {
            "event_name": "purchase",
            "event_timestamp": 1777636800000000 + number,
            "user_pseudo_id": "undefined",
            "user_id": user,
            "event_params": [
                {"key": "ga_session_id", "value": {"int_value": 77}},
                {"key": "transaction_id", "value": {"string_value": "undefined"}},
            ],
            "items": [{"item_id": "lamp"}],
        }
        for number, user in enumerate(["ann", "bob", "(not set)"])
    ]
    found = read("\n".join(map(json.dumps, rows)), "events.jsonl")
    assert found.format == "ga4" and found.column("shopper_id") == ["ann", "bob"]
    assert found.column("session_id") == [None, None] and len(set(found.column("event_id"))) == 2
    assert found.nobody == Counter({"undefined": 3, "(not set)": 1})


def test_a_post_and_an_import_take_out_the_same(read: Read) -> None:
    row = {"shopper_id": "NULL", "anonymous_id": "c-7", "product_id": "lamp", "kind": "view", "quantity": "n/a"}
    said, nobody = without_absent(row)
    assert said == {"anonymous_id": "c-7", "product_id": "lamp", "kind": "view"} and nobody == ["NULL"]
    [event] = read(json.dumps({**row, "time": 1777636800000}), "events.jsonl").events
    assert (event["shopper_id"], event["anonymous_id"], event["quantity"]) == (None, "c-7", 1)


@pytest.mark.parametrize("value", [0, 0.0, -1, "0"])
def test_numbers_are_ids_too(value: object) -> None:
    assert without_absent({"shopper_id": value, "session_id": 7}) == (
        {"session_id": 7},
        [str(value).removesuffix(".0")],
    )


def test_both_doors_derive_one_id(read: Read) -> None:
    [event] = read("shopper_id,product_id,kind,time\nada,lamp,view,1777636800\n").events
    posted = Event(shopper_id="ada", product_id="lamp", kind=EventKind.VIEW, time_ms=1777636800000)
    content = ("ada", None, None, "view", "lamp", 1777636800000, None)
    assert event["event_id"] == posted.event_id == derived_id(*content)
