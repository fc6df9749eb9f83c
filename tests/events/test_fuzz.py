"""Whatever stands in a file: no reader falls over, and every row is an event, refused, set aside, or a log-in."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bottega.errors import BottegaError
from bottega.events.check import Checker
from bottega.events.product_ids import ProductIds
from bottega.events.readers.base import Reading
from bottega.events.readers.registry import READERS
from bottega.sources.problems import Problem, Severity
from bottega.sources.source import Source

NOW = 1_790_000_000_000
SETTINGS = settings(
    max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)

WORDS = st.sampled_from(
    [
        *[
            "ada",
            "0",
            "NULL",
            "view",
            "purchase",
            "refund",
            "1760000000",
            "2026-05-01",
            "05/01/2026",
            "-1",
            "a|b",
            "x:1|sku:2",
            "#1001",
            "paid",
            "refunded",
            "é",
        ],
        *("Order Completed", '["a"]', "a x 2; b", "failed", "9,90 €", "\x00", "", " "),
    ]
)
SCALARS = st.none() | st.booleans() | st.integers(-3, 10**13) | st.floats(allow_nan=False) | WORDS | st.text(max_size=6)
NAMES = st.sampled_from(
    [
        "event",
        "event_name",
        "event_params",
        "items",
        "user_pseudo_id",
        "event_timestamp",
        "type",
        "userId",
        "properties",
        "products",
        "product_id",
        "id",
        "sku",
        "quantity",
        "price",
        "order_id",
        "line_items",
        "lineItems",
        "refunds",
        "customer",
        "email",
        "created_at",
        "financial_status",
        "status",
        "data",
        "orders",
        "edges",
        "node",
        "clientId",
        "timestamp",
        "name",
        "eventType",
        "visitorId",
        "productDetails",
        "product",
        "eventList",
        "eventTime",
        "userInfo",
        "FeedbackType",
        "UserId",
        "ItemId",
        "Timestamp",
        "kind",
        "time",
        "shopper_id",
        "traits",
        "batch",
        "contexts",
        "unstruct_event",
        "checkout",
        "productVariant",
        "cartLine",
        "event_id",
        "collector_tstamp",
        "domain_userid",
    ]
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5), max_leaves=12
)
ROWS = st.lists(st.dictionaries(NAMES, VALUES, max_size=8) | VALUES, min_size=1, max_size=5)


class Seen:
    """What became of a file, read by one reader."""

    def __init__(self, reader: Any, path: Path) -> None:
        self.problems: list[Problem] = []
        self.ignored: Counter[str] = Counter()
        self.rows = self.events = 0
        source = Source(path)
        reading = Reading(source, self.problems.append, default_kind="purchase", chunk_rows=3, now=NOW)
        ids = ProductIds(lambda wanted: set(wanted))
        checker = Checker(
            path.name,
            reader.vocabulary,
            reader.strict_kinds,
            "purchase",
            NOW,
            self.problems.append,
            self.ignored,
            Counter(),
        )
        checker.products = ids
        try:
            for batch in reader.read(reading):
                self.rows += len(batch.places)
                self.events += checker.check(batch).height
        except BottegaError:
            self.rows = -1
        self.refused_apart = reading.rejected
        self.log_ins = len(reading.log_ins)

    def assert_whole(self) -> None:
        """Every row that the reader gave is in one count."""
        if self.rows >= 0:
            refused = sum(one.severity is Severity.REJECT for one in self.problems) - self.refused_apart
            assert self.events + refused + sum(self.ignored.values()) == self.rows


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_json_of_any_shape(reader: Any, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"

    @SETTINGS
    @given(ROWS)
    def check(rows: list[Any]) -> None:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        Seen(reader, path).assert_whole()

    check()


HEADERS = st.lists(
    st.sampled_from(
        """user_id,item_id,timestamp,event,id,order_id,quantity,price,sku,Lineitem sku,Name,Lineitem quantity
        ,Lineitem name,Created at,Financial Status,Email,product_1,product_2,items,status,kind,page_url,rating
        ,quantity_1,line_item_1,Cancelled at""".replace("\n        ", "").split(",")
    ),
    min_size=2,
    max_size=9,
)


@pytest.mark.parametrize("name", ["csv", "orders"])
def test_tables_of_any_shape(name: str, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    reader = next(reader for reader in READERS if reader.name == name)

    @SETTINGS
    @given(HEADERS, st.lists(st.lists(WORDS, min_size=1, max_size=9), max_size=8), st.sampled_from("\n\r"))
    def check(header: list[str], rows: list[list[str]], end: str) -> None:
        text = io.StringIO()
        csv.writer(text, lineterminator=end).writerows([header, *rows])
        path.write_text(text.getvalue(), encoding="utf-8", newline="")
        seen = Seen(reader, path)
        seen.assert_whole()
        blank = sum(not any(cell.strip() for cell in row) for row in rows)
        if name == "csv" and seen.rows >= 0:
            assert seen.rows + seen.refused_apart >= len(rows) - blank

    check()


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_bytes_of_any_kind(reader: Any, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"

    @SETTINGS
    @given(
        st.binary(min_size=1, max_size=80)
        | st.text(min_size=1, max_size=80).map(lambda text: text.encode("utf-8", "ignore"))
    )
    def check(data: bytes) -> None:
        path.write_bytes(data)
        with suppress(BottegaError):
            Seen(reader, path).assert_whole()

    check()


def test_every_reader_recognises_without_falling_over(tmp_path: Path) -> None:
    path = tmp_path / "rows.txt"

    def recognise(source: Source) -> list[float]:
        return [reader.recognises(source) for reader in READERS]

    @SETTINGS
    @given(st.binary(min_size=1, max_size=200))
    def check(data: bytes) -> None:
        path.write_bytes(data)
        try:
            source = Source(path)
        except BottegaError:
            return
        assert all(0 <= sure <= 1 for sure in recognise(source))

    check()
