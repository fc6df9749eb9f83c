"""The data meter: what works from how many events on, in words, and where this shop stands."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from bottega.actions.check.judge_events import Missing
from bottega.actions.check.shapes import DataMeter, MeterStage
from bottega.names import DAY_MS, POSITIVE_KINDS, KindCode

__all__ = ["STAGES", "meter", "meter_of"]

STAGES = (
    (
        0,
        "From the catalogue alone: search by words and by photo, similar products, tags, outfits, and lists that show "
        "what the shop has, spread over its categories. Nothing is personal yet.",
    ),
    (
        100,
        "A first training: what most choose, and for each shopper what resembles what they looked at. Reasons and "
        "figures are rough.",
    ),
    (
        1_000,
        "What goes with what: products looked at and bought by the same shoppers, what follows what, first affinities "
        "to attributes. Judging begins to tell models apart.",
    ),
    (
        50_000,
        "Everything: taste from whole histories, what ends a search and what is bought again, segments one can name, "
        "challengers that are judged with narrow intervals every night.",
    ),
)
"""Events from which on something works, and what."""


def meter(*, products: int, events: int, shoppers: int, purchases: int, days: int) -> DataMeter:
    """Where a shop of such numbers stands."""
    reached = [from_events for from_events, _ in STAGES if events >= from_events]
    ahead = [from_events for from_events, _ in STAGES if events < from_events]
    stands = (
        f"{events:,} events of {shoppers:,} shoppers who chose a second product, {purchases:,} of them purchases, "
        f"in {days:,} days, on {products:,} products: stage {len(reached)} of {len(STAGES)}."
    )
    return DataMeter(
        products=products,
        events=events,
        shoppers=shoppers,
        purchases=purchases,
        days=days,
        stages=[MeterStage(from_events=least, works=works, reached=events >= least) for least, works in STAGES],
        stands=stands,
        next_step=_next(products, events, shoppers, purchases, ahead),
    )


def meter_of(events: pl.DataFrame, products: int, missing: Missing, out: Collection[str]) -> DataMeter:
    """Where these events stand, by what can be learnt from: those of `out`, and of unknown products, do not count."""
    unknown = missing(events["product_id"].drop_nulls().unique().to_list())
    used = events.filter(
        pl.col("kind").is_in([int(kind) for kind in POSITIVE_KINDS]),
        pl.col("product_id").is_not_null(),
        ~pl.col("product_id").is_in(list(unknown)),
        ~pl.col("shopper").is_in(list(out)),
    )
    products_of = used.group_by("shopper").agg(pl.col("product_id").n_unique())
    times = used["time_ms"].to_numpy()
    span = int(times.max() - times.min()) if len(times) else 0
    return meter(
        products=products,
        events=used.height,
        shoppers=products_of.filter(pl.col("product_id") > 1).height,
        purchases=used.filter(pl.col("kind") == int(KindCode.PURCHASE)).height,
        days=span // DAY_MS + (used.height > 0),
    )


def _next(products: int, events: int, shoppers: int, purchases: int, ahead: list[int]) -> str:
    if not products:
        return "Import the catalogue: `bottega import catalogue FILE`."
    if not events:
        return (
            "Import what shoppers did, orders above all (`bottega import events FILE`), or put the pixel in the pages."
        )
    if events >= 1_000 and shoppers * 10 < events and shoppers < 100:
        return "Few shoppers have more than one event: send the same anonymous id through a whole visit and the next."
    if not purchases:
        return "No purchase is among them: import orders, which say more than views."
    if ahead:
        return f"{ahead[0] - events:,} more events reach the next stage; old orders and analytics exports count, too."
    return "Nothing is missing; `bottega evaluate` says what each model is worth here."
