"""Our own CSV and JSON, and what is close to them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest

from bottega.errors import ColumnMissing, FormatUnknown, MappingInvalid, SourceUnreadable
from bottega.events.event import Event
from bottega.names import KindCode

Read = Callable[..., Any]

HEADER = "shopper_id,product_id,kind,time\n"
T = 1_700_000_000_000


def test_the_smallest_csv(read: Read) -> None:
    outcome = read(HEADER + "ada,mug,view,1700000000\nbob,shirts/red 42 🎽,purchase,2023-11-14T22:13:20Z\n")
    assert outcome.format == "csv" and outcome.problems == []
    assert outcome.column("shopper_id") == ["ada", "bob"]
    assert outcome.column("product_id") == ["mug", "shirts/red 42 🎽"]
    assert outcome.column("kind") == [KindCode.VIEW, KindCode.PURCHASE]
    assert outcome.column("time_ms") == [T, T]
    assert outcome.column("quantity") == [1, 1] and outcome.column("source") == ["csv", "csv"]


def test_derived_ids_are_those_of_the_api(read: Read) -> None:
    (row,) = read(HEADER + "ada,mug é,view,1700000000\n").events
    event = Event.model_validate({"shopper_id": "ada", "product_id": "mug é", "kind": "view", "time_ms": T})
    assert row["event_id"] == event.event_id


def test_every_field_in_any_order_delimiter_and_line_end(read: Read) -> None:
    text = (
        "\ufeffTime;Kind;rating;value;quantity;query;session id;anonymous_id;"
        "product_id;event_id;recommendation_id;design_id;note\r\n"
        '1700000000;rate;4.5;19.90;2;"red; ""mug""\nbig";s;c;mug;e1;r1;d1;x\r\n\r\n'
    )
    outcome = read(text)
    assert outcome.problems == [] and outcome.unused_columns == ["note"]
    assert outcome.events == [
        {
            "event_id": "e1",
            "shopper_id": None,
            "anonymous_id": "c",
            "session_id": "s",
            "kind": KindCode.RATE,
            "product_id": "mug",
            "time_ms": T,
            "quantity": 2,
            "value": 19.9,
            "query": 'red; "mug"\nbig',
            "rating": 4.5,
            "recommendation_id": "r1",
            "source": "csv",
            "order_id": None,
            "design_id": "d1",
        }
    ]


def test_research_and_personalize_headers(read: Read) -> None:
    grocery = read("user_id\titem_id\ttime\n2177\t3\t965779200\n", "train.csv", kind="purchase")
    assert grocery.column("shopper_id") == ["2177"] and grocery.column("kind") == [KindCode.PURCHASE]
    personalize = read("USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE,EVENT_VALUE\nu,i,1700000000,AddToCart,5\n")
    assert personalize.column("kind") == [KindCode.ADD_TO_CART] and personalize.column("value") == [5.0]
    mapped = read("who,asin,time\nu,i,1700000000\n", kind="view", columns={"shopper_id": "who", "product_id": "asin"})
    assert mapped.column("product_id") == ["i"] and mapped.format == "csv"


def test_gzip_and_utf16(read: Read) -> None:
    text = HEADER + "ada,Müsli,view,1700000000\n"
    assert read(gzip.compress(text.encode()), "events.csv.gz").column("product_id") == ["Müsli"]
    assert read(text.encode("utf-16"), "events.csv").column("product_id") == ["Müsli"]


def test_names_we_have_no_use_for_are_counted(read: Read) -> None:
    outcome = read(HEADER + "ada,,page_view,1700000000\nada,mug,view,1700000000\nada,,page_view,x\n")
    assert outcome.ignored == {"page_view": 2} and len(outcome.events) == 1 and outcome.problems == []


def test_a_quote_that_never_closes_costs_its_own_row_only(read: Read) -> None:
    rows = "".join(f"ada,p{number},view,170000000{number}\n" for number in range(8))
    outcome = read(HEADER + 'ada,"open,view,1700000000\n' + rows, chunk_rows=100)
    assert outcome.rules == [("events.csv:2", "quote_unclosed")]
    assert outcome.column("product_id") == [f"p{number}" for number in range(8)]
    many = "".join(f"ada,q{number},view,1700000000\n" for number in range(200))
    outcome = read(HEADER + rows + 'bob,"open,view,1700000000\n' + many + 'eve,"x"y,view,1700000000\n', chunk_rows=100)
    assert outcome.rules == [("events.csv:10", "quote_unclosed"), ("events.csv:211", "quote_unclosed")]
    assert len(outcome.events) == 208


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        (
            "shopper_id,kind,time\na,view,1\n",
            ColumnMissing,
            r"no column for product_id or query; .*--map product_id=COLUMN",
        ),
        (
            "product_id,kind,time\na,view,1\n",
            ColumnMissing,
            r"events.csv has no column for shopper_id; its columns are:",
        ),
        (
            "user,item,time\na,b,1\n",
            ColumnMissing,
            r"says what shoppers did; .* --kind purchase; or name it: --map kind=",
        ),
        ("", SourceUnreadable, r"events.csv is empty. Export it again."),
        (gzip.compress(HEADER.encode() * 9, mtime=0)[:30], SourceUnreadable, r"is cut off: the gzip stream has no end"),
        ("\x89PNG not a table", FormatUnknown, r"is of no event format we know; it begins with"),
    ],
)
def test_a_file_that_cannot_be_used(read: Read, text: str, error: type[Exception], message: str) -> None:
    name = "events.csv" if error is not FormatUnknown else "events.txt"
    with pytest.raises(error, match=message):
        read(text, name)


def test_a_mapping_that_names_nothing(read: Read) -> None:
    with pytest.raises(MappingInvalid, match=r"--map names the field 'colour'. Events have: event_id, shopper_id"):
        read(HEADER, columns={"colour": "kind"})
    with pytest.raises(
        MappingInvalid, match=r"the column 'asin', which events.csv does not have. Its columns are: shop"
    ):
        read(HEADER, columns={"product_id": "asin"})
    with pytest.raises(FormatUnknown, match=r"There is no event format 'excel'. Formats are: csv \(CSV, TSV"):
        read(HEADER, format="excel")


def test_jsonl_takes_the_fields_of_the_api(read: Read) -> None:
    rows: list[Any] = [
        {"shopper_id": "ada", "product_id": 17, "kind": "view", "time": 1_700_000_000.0},
        {"event_id": "e", "anonymous_id": "c", "product_id": "m", "kind": "Purchase", "time_ms": T, "quantity": 2},
        {"session_id": "s", "query": "red mug", "kind": "search", "time": "2023-11-14T22:13:20Z"},
    ]
    outcome = read("\n".join(json.dumps(row) for row in rows) + "\n\n", "events.jsonl")
    assert outcome.format == "jsonl" and outcome.problems == []
    assert outcome.column("product_id") == ["17", "m", None] and outcome.column("time_ms") == [T, T, T]
    assert outcome.column("quantity") == [1, 2, 1] and outcome.column("query")[2] == "red mug"
    event = Event.model_validate({"session_id": "s", "query": "red mug", "kind": "search", "time_ms": T})
    assert outcome.column("event_id")[2] == event.event_id
    array = read(json.dumps(rows, indent=2), "events.json")
    assert array.events == outcome.events


def test_jsonl_rows_that_are_none(read: Read) -> None:
    good = '{"shopper_id": "ada", "product_id": "mug", "kind": "view", "time": 1700000000}\n'
    bad = '{"shopper_id": "ada", "wares": "mug", "kind": "view", "time": 1700000000}\n'
    outcome = read(good + "{broken\n[1]\n" + bad + good.replace("mug", "cup"), "events.jsonl")
    assert outcome.rules == [
        ("events.jsonl:2", "json_broken"),
        ("events.jsonl:3", "json_broken"),
        ("events.jsonl:4", "field_unknown"),
    ]
    assert outcome.problems[2].seen == "wares" and len(outcome.events) == 2
    assert read("[" + good + ", {", "events.json").rules == [("events.json:2", "json_broken")]
