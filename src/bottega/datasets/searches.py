"""Which products a search led to: what its shopper was drawn to in the minutes after it."""

from __future__ import annotations

import polars as pl

from bottega.datasets.items import Items
from bottega.names import POSITIVE_KINDS, ConsentRule, KindCode
from bottega.store.store import Store

__all__ = ["searches_led_to", "searches_with_after"]

WITHIN = "5m"
"""A product opened longer after a search than this was found in another way."""
LEAST_SHOPPERS = 3
"""Searches of fewer shoppers are kept out: they may name somebody, and tell little."""
MOST_SEARCHES = 20_000
MOST_LETTERS = 60
_PLAIN = pl.col("query").str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars()


def searches_led_to(store: Store, items: Items, consent: ConsentRule = "assumed") -> pl.DataFrame:
    """One row a search and item: `query` (small letters, single spaces), `item` (code), `shoppers` (how many).

    An event belongs to the last search of its shopper in the five minutes before it. Sorted by query and item.
    """
    asked = store.events.searches(consent).with_columns(_PLAIN)
    asked = asked.filter(pl.col("query").str.len_chars().is_between(2, MOST_LETTERS))
    often = asked.group_by("query").agg(pl.col("shopper").n_unique().alias("by"))
    often = often.filter(pl.col("by") >= LEAST_SHOPPERS).sort("by", "query", descending=[True, False])
    if often.is_empty():  # nobody searches here: all events need not be read for it
        return pl.DataFrame(schema={"query": pl.String, "item": pl.Int32, "shoppers": pl.UInt32})
    frame = store.events.frame(consent, kinds=POSITIVE_KINDS)
    names = frame["product_id"].unique().drop_nulls()
    codes = pl.DataFrame({"product_id": names, "item": items.codes(names.to_list())})
    when = pl.from_epoch("time_ms", time_unit="ms").alias("when")
    opened = frame.join(codes, on="product_id").filter(pl.col("item") >= 0).select("shopper", "item", when).sort("when")
    found = opened.join_asof(
        asked.select("shopper", "query", when).sort("when"),
        on="when",
        by="shopper",
        tolerance=WITHIN,
        check_sortedness=False,
    )
    kept = found.drop_nulls("query").join(often.head(MOST_SEARCHES), on="query", how="semi")
    pairs = kept.group_by("query", "item").agg(pl.col("shopper").n_unique().alias("shoppers"))
    return pairs.sort("query", "item")


def searches_with_after(store: Store, since_ms: int, until_ms: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Searches of a stretch of time, and what their shoppers went on to.

    Of each search `number`, `shopper`, `query` (small letters, single spaces); of what came after one its `number`,
    `shopper`, `query` and `product_id`. An event belongs to the last search of its shopper in the five minutes before.
    """
    when = pl.from_epoch("time_ms", time_unit="ms").alias("when")
    frame = store.events.searches_and_after(since_ms, until_ms).with_columns(when)
    searching = pl.col("kind") == int(KindCode.SEARCH)
    asked = frame.filter(searching).with_columns(_PLAIN).filter(pl.col("query") != "")
    asked = asked.select("shopper", "query", "when").with_row_index("number")
    opened = frame.filter(~searching).select("shopper", "product_id", "when")
    found = opened.join_asof(asked, on="when", by="shopper", tolerance=WITHIN, check_sortedness=False)
    return asked.drop("when"), found.drop_nulls("query").drop("when")
