"""Events as Parquet are those of the same table as CSV, whatever the types of its columns."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bottega.actions.intake.import_events import import_events
from bottega.actions.intake.shapes import ImportEventsRequest
from bottega.errors import ColumnMissing, SourceUnreadable
from bottega.shop.open_shop import OpenShop

BEGAN = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
ROWS = 25_000
"""More than are read at a time."""


def log() -> pl.DataFrame:
    numbers = pl.Series("n", range(ROWS))
    return pl.DataFrame(
        {
            "event_id": [f"e{n}" for n in range(ROWS)],
            "user_id": 1 + numbers // 10,
            "item_id": [f"p{n % 7}" for n in range(ROWS)],
            "event_type": ["view" if n % 5 else "purchase" for n in range(ROWS)],
            "timestamp": pl.Series([1_700_000_000 + n for n in range(ROWS)]),
            "price": [None if n % 5 else 9.5 for n in range(ROWS)],
        }
    )


def stored(root: Path, file: Path) -> list[tuple[Any, ...]]:
    with OpenShop.open(root) as shop:
        report = import_events(shop, ImportEventsRequest(source=file))
        assert (report.added, report.rejected) == (ROWS, 0)
        return shop.store.events.everything(["shopper", "kind", "product_id", "time_ms"]).rows()


def test_parquet_says_what_the_same_table_says(tmp_path: Path) -> None:
    table = log()
    table.write_csv(tmp_path / "log.csv")
    table.write_parquet(tmp_path / "log.parquet", row_group_size=4_000)
    moments = table.with_columns((pl.col("timestamp") * 1_000).cast(pl.Datetime("ms", "UTC")))
    moments.write_parquet(tmp_path / "moments.parquet")
    wanted = stored(tmp_path / "csv", tmp_path / "log.csv")
    assert wanted[0] == ("1", wanted[0][1], "p0", 1_700_000_000_000)
    assert stored(tmp_path / "parquet", tmp_path / "log.parquet") == wanted
    assert stored(tmp_path / "moments", tmp_path / "moments.parquet") == wanted


def test_a_damaged_file_and_one_without_events_are_refused(tmp_path: Path) -> None:
    log().write_parquet(tmp_path / "log.parquet")
    whole = (tmp_path / "log.parquet").read_bytes()
    (tmp_path / "cut.parquet").write_bytes(whole[: len(whole) // 2])
    pl.DataFrame({"colour": ["red"]}).write_parquet(tmp_path / "colours.parquet")
    with OpenShop.open(tmp_path / "shop") as shop:
        with pytest.raises(SourceUnreadable, match="no whole Parquet file"):
            import_events(shop, ImportEventsRequest(source=tmp_path / "cut.parquet"))
        with pytest.raises(ColumnMissing, match="its columns are: colour"):
            import_events(shop, ImportEventsRequest(source=tmp_path / "colours.parquet"))
        assert shop.store.events.count() == 0
