"""Parquet: columns as those of a table, a chunk at a time."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bottega.errors import InputError, SourceUnreadable

ROWS = pl.DataFrame(
    {
        "sku": [7, 8],
        "name": ["Lamp", "Desk"],
        "price": [Decimal("9.50"), None],
        "categories": [["Home", "Lamps"], []],
        "image": [{"src": "https://s.example/1.jpg"}, {"src": None}],
        "color": ["red; blue", "NULL"],
        "is_active": [True, False],
        "updated_at": [datetime(2026, 5, 1, tzinfo=UTC), None],
        "special_price": [0.0, 0.0],
        "sale_from": [date(2026, 1, 1), None],
    }
)


def test_rows_become_products(read_feed: Callable[..., Any], tmp_path: Path) -> None:
    ROWS.write_parquet(tmp_path / "feed.parquet")
    feed = read_feed(tmp_path / "feed.parquet", mapping="images=image.src")
    lamp, desk = feed.products
    assert (feed.format, lamp.id, lamp.title, lamp.price_minor, lamp.category) == (
        "parquet", "7", "Lamp", 950, ("Home", "Lamps"),
    )  # fmt: skip
    assert lamp.images == ("https://s.example/1.jpg",) and lamp.updated_at_ms == 1_777_593_600_000
    assert (lamp.attributes, lamp.hidden, desk.hidden, desk.price_minor) == (
        {"color": ("red", "blue")},
        False,
        True,
        None,
    )
    assert desk.source_row == "feed.parquet:row 2"


def test_inside_an_archive(read_feed: Callable[..., Any], tmp_path: Path) -> None:
    ROWS.write_parquet(tmp_path / "feed.parquet")
    (tmp_path / "feed.parquet.gz").write_bytes(gzip.compress((tmp_path / "feed.parquet").read_bytes()))
    with ZipFile(tmp_path / "feed.zip", "w") as archive:
        archive.write(tmp_path / "feed.parquet", "feed.parquet")
    for name in ("feed.parquet.gz", "feed.zip"):
        assert [product.id for product in read_feed(tmp_path / name).products] == ["7", "8"]


def test_more_rows_than_a_chunk(read_feed: Callable[..., Any], tmp_path: Path) -> None:
    pl.DataFrame({"id": range(25_000), "title": ["Lamp"] * 25_000}).write_parquet(tmp_path / "feed.parquet")
    feed = read_feed(tmp_path / "feed.parquet")
    assert [product.id for product in feed.products] == [str(n) for n in range(25_000)]
    assert feed.reading.read == 25_000


def test_a_length_beyond_all_memory_ends_no_process_of_ours(read_feed: Callable[..., Any], tmp_path: Path) -> None:
    """The library that decodes Parquet aborts its process on this one."""
    content = (Path(__file__).parent / "damaged.parquet").read_bytes()
    with pytest.raises(SourceUnreadable, match=r"feed\.parquet is no whole Parquet file: what it holds cannot"):
        read_feed("feed.parquet", content, format="parquet")


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damage=st.lists(st.tuples(st.integers(4, 4000), st.binary(min_size=1, max_size=6)), min_size=1, max_size=4))
def test_damage_never_breaks_out(
    read_feed: Callable[..., Any], tmp_path: Path, damage: list[tuple[int, bytes]]
) -> None:
    ROWS.write_parquet(tmp_path / "whole.parquet")
    content = (tmp_path / "whole.parquet").read_bytes()
    for place, piece in damage:
        place %= len(content)
        content = content[:place] + piece + content[place + len(piece) :]
    try:
        feed = read_feed("feed.parquet", content, format="parquet")
    except InputError as error:
        assert error.seen
        return
    assert feed.reading.read == len(feed.products) + feed.reading.rejected


def test_a_cut_file_is_refused(read_feed: Callable[..., Any], tmp_path: Path) -> None:
    ROWS.write_parquet(tmp_path / "whole.parquet")
    with pytest.raises(SourceUnreadable, match=r"cut.parquet is no whole Parquet file"):
        read_feed("cut.parquet", (tmp_path / "whole.parquet").read_bytes()[:-40])
