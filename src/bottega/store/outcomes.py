"""What shoppers did in the days after a moment of their own, added up without leaving the database."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Subquery, and_, case, func, literal, select

from bottega.experiments.sums import Sums
from bottega.experiments.verdict import Gauge
from bottega.names import DAY_MS, KindCode
from bottega.store.database import Database
from bottega.store.tables import bots, events, exposures, products

__all__ = ["OutcomeStore"]


class OutcomeStore:
    """Sums over shoppers, by variant. Who was taken for a bot is left out.

    Money is what purchases say of a piece, in the shop's currency; where they say nothing, the price of the product
    today, if that is in the shop's currency. Other purchases count as nothing paid.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_experiment(
        self, number: int, *, started_ms: int, horizon_ms: int, until_ms: int, currency: str, decimals: int
    ) -> dict[int, dict[int, dict[Gauge, Sums]]]:
        """By day since the start on which they were given it, and by place of the variant: of who was given it so long
        before `until_ms` that all of their days are over."""
        passed = exposures.c.time_ms - started_ms
        cell = (passed - passed % DAY_MS + exposures.c.variant).label("variant")  # days and variants as one number
        given = select(exposures.c.shopper, cell, exposures.c.time_ms).where(
            exposures.c.experiment == number, exposures.c.time_ms <= until_ms - horizon_ms
        )
        found: dict[int, dict[int, dict[Gauge, Sums]]] = {}
        for both, tallies in self._tallies(given.subquery(), horizon_ms, currency, decimals).items():
            found.setdefault(both // DAY_MS, {})[both % DAY_MS] = tallies
        return found

    def of_everybody(
        self, *, since_ms: int, horizon_ms: int, until_ms: int, currency: str, decimals: int
    ) -> dict[Gauge, Sums]:
        """Of whoever did anything since a moment, counted from the first thing they did."""
        came = func.min(events.c.time_ms).label("time_ms")
        first = select(events.c.shopper, literal(0).label("variant"), came).where(events.c.time_ms >= since_ms)
        first = first.group_by(events.c.shopper).having(came <= until_ms - horizon_ms)
        return self._tallies(first.subquery(), horizon_ms, currency, decimals).get(0, {})

    def _tallies(
        self, entered: Subquery, horizon_ms: int, currency: str, decimals: int
    ) -> dict[int, dict[Gauge, Sums]]:
        each = _of_each(entered, horizon_ms, currency, decimals).subquery()
        columns: list[ColumnElement[float]] = []
        for measure in Gauge:
            value = each.c[measure.value]
            columns += [func.sum(case((value != 0, 1), else_=0)), func.sum(value), func.sum(value * value)]
        asked = select(each.c.variant, func.count(), *columns).group_by(each.c.variant)
        found: dict[int, dict[Gauge, Sums]] = {}
        with self._database.read() as connection:
            for variant, shoppers, *sums in connection.execute(asked):
                found[variant] = {
                    measure: Sums(shoppers, int(sums[at]), float(sums[at + 1]), float(sums[at + 2]))
                    for at, measure in zip(range(0, len(sums), 3), Gauge, strict=True)
                }
        return found


def _of_each(entered: Subquery, horizon_ms: int, currency: str, decimals: int):  # type: ignore[no-untyped-def]
    """One row a shopper: variant, and a column for each measure."""
    price = select(products.c.price_minor * 10.0**-decimals)
    price = price.where(products.c.id == events.c.product_id, products.c.currency == currency)
    worth = func.coalesce(events.c.value, price.scalar_subquery(), 0.0)
    bought = events.c.kind == int(KindCode.PURCHASE)
    columns = {
        Gauge.REVENUE: func.sum(case((bought, worth * (events.c.quantity - events.c.returned)), else_=0.0)),
        Gauge.BUYERS: func.max(case((and_(bought, events.c.returned < events.c.quantity), 1.0), else_=0.0)),
        Gauge.CARTS: func.max(case((events.c.kind == int(KindCode.ADD_TO_CART), 1.0), else_=0.0)),
        Gauge.REFUNDED: func.sum(case((bought, worth * events.c.returned), else_=0.0)),
    }
    theirs = and_(
        events.c.shopper == entered.c.shopper,
        events.c.time_ms >= entered.c.time_ms,
        events.c.time_ms < entered.c.time_ms + horizon_ms,
        events.c.kind.in_([int(KindCode.PURCHASE), int(KindCode.ADD_TO_CART)]),
        events.c.retold.is_(False),
    )
    left_out = select(bots.c.shopper).where(bots.c.shopper == entered.c.shopper, bots.c.readmitted.is_(False))
    return (
        select(entered.c.variant, *(column.label(measure.value) for measure, column in columns.items()))
        .select_from(entered.outerjoin(events, theirs))
        .where(~left_out.exists())
        .group_by(entered.c.shopper, entered.c.variant)
    )
