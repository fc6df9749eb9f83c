"""The simulated shoppers do what docs/demo-shop.md says: measured on the written files, with truth.json as the key."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from bottega.datasets.demo_store import write_demo_shop

_DAY_MS = 86_400_000


@dataclass(frozen=True)
class Shop:
    events: pl.DataFrame
    """With department and role of the product, one row an event."""
    truth: dict[str, Any]
    departments: pl.DataFrame


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    files = write_demo_shop(tmp_path_factory.mktemp("demo"), products=600, shoppers=2500, seed=11, pictures=False)
    truth = json.loads(files.truth.read_text())
    departments = pl.DataFrame(
        [
            {"leaf": d["category"][-1], "department": d["key"], "role": d["role"], "interval": d["interval_days"]}
            for d in truth["departments"]
        ]
    )
    rows = [json.loads(line) for line in files.catalogue.read_text(encoding="utf-8").splitlines()]
    products = pl.DataFrame(
        [{"product_id": row["id"], "leaf": row["category"][-1], "style": row["attributes"]["style"][0]} for row in rows]
    )
    events = (
        pl.read_csv(files.events, infer_schema_length=None)
        .unique("event_id", maintain_order=True)
        .join(products.join(departments, on="leaf"), on="product_id", how="left")
        .sort("time")
    )
    return Shop(events, truth, departments)


def _purchases(shop: Shop) -> pl.DataFrame:
    return shop.events.filter((pl.col("kind") == "purchase") & pl.col("shopper_id").is_not_null())


def test_the_stream_has_the_shape_of_a_shop(shop: Shop) -> None:
    counts = dict(shop.events["kind"].value_counts().iter_rows())
    assert 15 * 2500 < len(shop.events) < 40 * 2500
    assert counts["view"] > 5 * counts["add_to_cart"] > 7 * counts["purchase"]
    assert min(counts[kind] for kind in ("wishlist", "search", "rate", "remove_from_cart")) > 100


def test_durables_are_bought_once_and_consumables_again(shop: Shop) -> None:
    buys = _purchases(shop).group_by("shopper_id", "department", "role").len()
    again = dict(buys.group_by("role").agg((pl.col("len") > 1).mean()).iter_rows())
    assert again["consumable"] > 0.35
    assert again["durable"] < 0.05 < again["variety"]


def test_consumables_are_bought_again_near_their_interval(shop: Shop) -> None:
    buys = _purchases(shop).filter((pl.col("role") == "consumable") & (pl.col("quantity") == 1))
    pace = pl.DataFrame({"shopper_id": shop.truth["shoppers"]["shopper_id"], "pace": shop.truth["shoppers"]["pace"]})
    gaps = (
        buys.sort("time")
        .with_columns(gap=pl.col("time").diff().over("shopper_id", "department") / _DAY_MS)
        .drop_nulls("gap")
        .join(pace, on="shopper_id")
        .filter(pl.col("gap") > 3)
    )
    ratio = (gaps["gap"] / (gaps["interval"] * gaps["pace"])).median()
    assert len(gaps) > 120 and ratio == pytest.approx(1.0, abs=0.12)
    typical = (
        gaps.filter(pl.col("department").is_in(["coffee", "candle"])).group_by("department").agg(pl.col("gap").median())
    )
    by_name = dict(typical.iter_rows())
    assert by_name["coffee"] < by_name["candle"], "coffee runs out sooner"


def test_complements_follow_more_often_than_chance(shop: Shop) -> None:
    """Views in the three weeks after a durable: the share on its complements against everybody's share on them."""
    views = shop.events.filter((pl.col("kind") == "view") & pl.col("shopper_id").is_not_null())
    usual = dict(views.group_by("department").agg(pl.len() / len(views)).iter_rows())
    bought = (
        _purchases(shop).filter(pl.col("role") == "durable").select("shopper_id", "department", "time", "session_id")
    )
    after = bought.join(views, on="shopper_id", suffix="_next").filter(
        (pl.col("session_id") != pl.col("session_id_next"))
        & (pl.col("time_next") - pl.col("time")).is_between(0, 21 * _DAY_MS)
    )
    lifts = []
    for d in shop.truth["departments"]:
        following = after.filter(pl.col("department") == d["key"])
        if d["role"] == "durable" and len(following) > 80:
            seen = (following["department_next"] == d["complements"][0]).mean()
            lifts.append(float(seen) / usual[d["complements"][0]])
    assert len(lifts) > 5 and np.median(lifts) > 2.5


def test_interest_falls_after_a_durable(shop: Shop) -> None:
    views = shop.events.filter((pl.col("kind") == "view") & (pl.col("role") == "durable"))
    bought = (
        _purchases(shop).filter(pl.col("role") == "durable").select("shopper_id", "department", "time", "session_id")
    )
    near = views.join(bought, on=["shopper_id", "department"], suffix="_buy").filter(
        pl.col("session_id") != pl.col("session_id_buy")
    )
    gap = near["time"] - near["time_buy"]
    after, before = (int(gap.is_between(low, low + 30 * _DAY_MS).sum()) for low in (0, -30 * _DAY_MS))
    assert before > 200 and after < 0.5 * before


def test_shoppers_look_at_their_own_style(shop: Shop) -> None:
    people = shop.truth["shoppers"]
    favourite = np.array(shop.truth["styles"])[np.array(people["style"]).argmax(axis=1)]
    taste = pl.DataFrame({"shopper_id": people["shopper_id"], "favourite": favourite})
    views = shop.events.filter(pl.col("kind") == "view").join(taste, on="shopper_id")
    chance = (views["style"] == views["favourite"].shuffle(seed=1)).mean()
    assert (views["style"] == views["favourite"]).mean() > 2 * chance  # type: ignore[operator]


def test_bots_are_few_fast_and_impartial(shop: Shop) -> None:
    views = shop.events.filter(pl.col("kind") == "view").with_columns(
        bot=pl.col("shopper_id").is_in(shop.truth["bots"]) | pl.col("anonymous_id").is_in(shop.truth["bot_devices"])
    )
    assert len(shop.truth["bots"]) == 25
    share = views["bot"].mean()
    assert share is not None and 0.005 < float(share) < 0.04  # type: ignore[arg-type]
    pause = views.sort("session_id", "time").with_columns(pause=pl.col("time").diff().over("session_id"))
    typical = dict(pause.group_by("bot").agg(pl.col("pause").median()).iter_rows())
    assert typical[True] < 1000 < 10_000 < typical[False]
    bots = views.filter(pl.col("bot"))
    assert bots["product_id"].value_counts()["count"].max() < 0.02 * len(bots)  # type: ignore[operator]


def test_anonymous_visits_are_joined_later(shop: Shop) -> None:
    devices = shop.events.group_by("anonymous_id").agg(
        anonymous=pl.col("shopper_id").is_null().sum(),
        known=pl.col("shopper_id").drop_nulls().n_unique(),
        first_is_anonymous=pl.col("shopper_id").first().is_null(),
    )
    assert devices["known"].max() == 1, "a device belongs to one shopper"
    joined = devices.filter((pl.col("known") == 1) & pl.col("first_is_anonymous"))
    guests = devices.filter(pl.col("known") == 0)
    assert len(joined) > 200 and len(guests) > 200
    two = shop.events.drop_nulls("shopper_id").group_by("shopper_id").agg(pl.col("anonymous_id").n_unique())
    assert 0.02 < (two["anonymous_id"] == 2).mean() < 0.3  # type: ignore[operator]


def test_new_products_are_not_seen_before_their_launch(shop: Shop, tmp_path: Path) -> None:
    quarter = shop.events.with_columns(
        quarter=(pl.col("time") - shop.truth["start_ms"]) // (30 * _DAY_MS), kind_=pl.col("kind")
    ).filter(pl.col("kind") == "view")
    first = set(quarter.filter(pl.col("quarter") == 0)["product_id"])
    last = set(quarter.filter(pl.col("quarter") == 3)["product_id"])
    assert len(last - first) > 0.1 * len(last)


def test_seasons_turn(shop: Shop) -> None:
    """Sweaters rise and T-shirts fall from the first month to the last."""
    views = shop.events.filter(pl.col("kind") == "view").with_columns(
        month=(pl.col("time") - shop.truth["start_ms"]) // (30 * _DAY_MS)
    )
    share = {
        (key, month): float((views.filter(pl.col("month") == month)["department"] == key).mean())  # type: ignore[arg-type]
        for key in ("sweater", "tshirt")
        for month in (0, 3)
    }
    assert share["sweater", 3] > 1.3 * share["sweater", 0]
    assert share["tshirt", 3] < 0.8 * share["tshirt", 0]
