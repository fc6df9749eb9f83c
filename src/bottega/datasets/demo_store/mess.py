"""What real event files are like: visitors not logged in, two devices, bots, rows sent twice, rows that come late."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bottega.datasets.demo_store.catalogue import DAYS, DemoCatalogue
from bottega.datasets.demo_store.log import Log
from bottega.datasets.demo_store.wording import query_text
from bottega.names import DAY_MS, BoolArray, KindCode, LongArray

__all__ = ["Identities", "add_bots", "event_table", "identify", "public_numbers"]

_DUPLICATED = 0.006
_LATE = 0.012


@dataclass(frozen=True, slots=True)
class Identities:
    """Who can be told apart by what: arrays over visitors (shoppers first, then bots)."""

    guest: BoolArray
    """Never logs in: only a device id."""
    login_visit: LongArray
    """Number of the visit (from 0) in which the shopper first logs in; those before are anonymous."""
    two_devices: BoolArray
    first_bot: int


def identify(shoppers: int, bots: int, rng: np.random.Generator) -> Identities:
    """One in eight never logs in, one in three logs in on a later visit."""
    n = shoppers + bots
    late = rng.random(n) < 0.34
    return Identities(
        guest=rng.random(n) < 0.12,
        login_visit=np.where(late, 1 + rng.geometric(0.55, n), 0).astype(np.int64) - late,
        two_devices=rng.random(n) < 0.15,
        first_bot=shoppers,
    )


def add_bots(
    log: Log, catalogue: DemoCatalogue, who: LongArray, first_session: int, rng: np.random.Generator, *, start_ms: int
) -> None:
    """Visits of bots: every product equally likely, less than a second for each, one visit of about 40 products."""
    counts = rng.poisson(38, len(who)) + 4
    bot = np.repeat(np.arange(len(who)), counts)
    start = rng.uniform(0, DAYS - 0.1, len(who))
    pause = rng.uniform(250, 900, len(bot))
    passed = np.cumsum(pause)
    since = passed - np.concatenate([[0.0], passed])[np.cumsum(counts) - counts][bot]
    design = rng.integers(0, len(catalogue), len(bot))
    seen = catalogue.launch_day[design] <= start[bot]
    size = int(seen.sum())
    log.block(
        shopper=who[bot][seen],
        session=(first_session + bot)[seen],
        kind=np.full(size, KindCode.VIEW),
        design=design[seen],
        time_ms=(start_ms + start[bot] * DAY_MS + since).astype(np.int64)[seen],
        quantity=np.ones(size),
        query=np.full(size, -1),
        rating=np.full(size, np.nan),
    )


def _visit_number(shopper: LongArray, session: LongArray) -> LongArray:
    """The number of each event's visit among its shopper's, from 0. Events by time; ratings count with the last."""
    order = np.argsort(shopper, kind="stable")
    who, visit = shopper[order], session[order]
    fresh = np.r_[True, who[1:] != who[:-1]]
    opens = (visit >= 0) & (fresh | np.r_[True, visit[1:] != visit[:-1]])
    total = np.cumsum(opens)
    base = np.maximum.accumulate(np.where(fresh, total - opens, 0))
    out = np.empty(len(shopper), dtype=np.int64)
    out[order] = np.maximum(total - base - 1, 0)
    return out


def event_table(
    events: dict[str, NDArray[Any]],
    catalogue: DemoCatalogue,
    product_ids: list[str],
    size: LongArray,
    who: Identities,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """The events as rows of the file: merchant's ids, unknown visitors, repeats and delays; in order of arrival."""
    shopper, session, n = events["shopper"], events["session"], len(events["kind"])
    visit = _visit_number(shopper, session)
    login = who.login_visit[shopper]
    number = public_numbers(len(who.guest))[shopper]
    forgets = (shopper * 7 + visit * 13) % 12 == 0  # a visit in twelve is not logged in
    begins = (visit == login) & (login > 0) & np.r_[True, session[1:] != session[:-1]]
    anonymous = who.guest[shopper] | (visit < login) | begins | (forgets & (visit > login))
    anonymous &= ~np.isin(events["kind"], (KindCode.PURCHASE, KindCode.RATE)) | who.guest[shopper]
    device = (who.two_devices[shopper] & ((shopper + visit) % 5 < 2)).astype(np.int64)

    design = events["design"]
    first, variants = catalogue.offsets[design], catalogue.offsets[design + 1] - catalogue.offsets[design]
    ids = pl.Series(product_ids)
    row = np.where(design >= 0, first + np.minimum(size[shopper], variants - 1), 0)
    money = np.where(
        events["kind"] == KindCode.PURCHASE, catalogue.price_minor[design] * events["quantity"] / 100, np.nan
    )
    codes = np.unique(events["query"])
    texts = {int(code): None if code < 0 else query_text(int(code)) for code in codes}
    kinds = [KindCode(code).kind.value for code in range(len(KindCode))]
    table = pl.DataFrame(
        {
            "number": np.arange(n),
            "shopper": np.where(anonymous, -1, number),
            "device": number * 2 + device,
            "session": session,
            "kind": pl.Series(kinds).gather(events["kind"].astype(np.int64)),
            "product_id": ids.gather(row),
            "design": design,
            "time": events["time_ms"],
            "quantity": events["quantity"].astype(np.int64),
            "value": money,
            "query": events["query"],
            "rating": events["rating"].astype(np.float64),
        }
    )
    again = np.flatnonzero(rng.random(n) < _DUPLICATED)
    late = np.where(rng.random(n) < _LATE, rng.exponential(6 * 3_600_000, n), 0.0)
    arrival = np.concatenate(
        [events["time_ms"] + late, (events["time_ms"] + late)[again] + rng.exponential(600_000, len(again))]
    )
    table = (
        pl.concat([table, table[again]]).with_columns(arrival=pl.Series(arrival)).sort("arrival", maintain_order=True)
    )
    absent = pl.lit(None, dtype=pl.String)
    return table.select(
        event_id=pl.format("e{}", pl.col("number")),
        shopper_id=pl.when(pl.col("shopper") >= 0).then(pl.format("s{}", pl.col("shopper") + 10_000)).otherwise(absent),
        anonymous_id=pl.format("d{}", pl.col("device") + 50_000),
        session_id=pl.when(pl.col("session") >= 0).then(pl.format("v{}", pl.col("session"))).otherwise(absent),
        kind="kind",
        product_id=pl.when(pl.col("design") >= 0).then("product_id").otherwise(absent),
        time="time",
        quantity="quantity",
        value=pl.col("value").fill_nan(None).round(2),
        query=pl.col("query").replace_strict(texts, return_dtype=pl.String),
        rating=pl.col("rating").fill_nan(None),
    )


def public_numbers(total: int) -> LongArray:
    """The number in each visitor's id [total]: tells neither bots from shoppers nor who came first."""
    return np.random.default_rng(total).permutation(total).astype(np.int64)
