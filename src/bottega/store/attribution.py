"""What attribution is made from: what shoppers did with lists and bought, the lists themselves, and whose they were."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Column, ColumnElement, and_, case, func, or_, select

from bottega.events.batch import schema_of
from bottega.names import KindCode
from bottega.store.database import IN_CHUNK, Database
from bottega.store.event_frames import learnable
from bottega.store.tables import answers, events, products, talks

if TYPE_CHECKING:
    import polars as pl

__all__ = ["AttributionStore", "ListedAs", "PricedAs"]

COLUMNS = {
    "shopper": "String",
    "product_id": "String",
    "kind": "Int8",
    "time_ms": "Int64",
    "quantity": "Int32",
    "returned": "Int32",
    "value": "Float64",
    "recommendation_id": "String",
}
_CHUNK = 100_000


class ListedAs(NamedTuple):
    """A list as the log of answers has it."""

    placement: str
    strategy: str | None
    products: list[str]
    rules: dict[str, list[int]] | None
    """Saved rule -> places, from 0, of the products that it moved."""


class PricedAs(NamedTuple):
    """A product as money is counted."""

    item: str
    """Its group, or itself: variants are one thing."""
    price_minor: int | None
    currency: str | None


class AttributionStore:
    """Reads only. Who said no to analytics or personalisation, and who was taken for a bot, is left out."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def frame(self, since_ms: int, until_ms: int, product_ids: Sequence[str] | None = None) -> pl.DataFrame:
        """Carts, purchases and whatever names a list, of a stretch of time: columns of `COLUMNS`, by time. With
        `product_ids`, what is about these alone."""
        import polars as pl

        schema = schema_of(COLUMNS)
        sold = events.c.kind.in_([int(KindCode.PURCHASE), int(KindCode.ADD_TO_CART)])
        parts = [pl.DataFrame(schema=schema)]
        with self._database.read() as connection:
            wanted: list[ColumnElement[bool]] = [
                events.c.time_ms >= since_ms,
                events.c.time_ms < until_ms,
                events.c.product_id.is_not(None),
                events.c.retold.is_(False),
                or_(sold, and_(events.c.recommendation_id.is_not(None), events.c.kind != int(KindCode.REFUND))),
                *learnable(connection, "assumed", analytics=True),
            ]
            statement = select(*(events.c[name] for name in schema)).where(*wanted)
            if product_ids is None:
                asked = [statement]
            else:
                chunks = (product_ids[at : at + IN_CHUNK] for at in range(0, len(product_ids), IN_CHUNK))
                asked = [statement.where(events.c.product_id.in_(chunk)) for chunk in chunks]
            for rows in chain.from_iterable(self._database.stream(connection, one, _CHUNK) for one in asked):
                columns = zip(schema, zip(*rows, strict=True), strict=True)
                parts.append(pl.DataFrame([pl.Series(name, values, dtype=schema[name]) for name, values in columns]))
        return pl.concat(parts).sort("time_ms", maintain_order=True)

    def doings(self, since_ms: int, until_ms: int) -> list[tuple[str, int, int]]:
        """Shopper, kind and how many events of it, of a stretch of time."""
        asked = select(events.c.shopper, events.c.kind, func.count())
        asked = asked.where(events.c.time_ms >= since_ms, events.c.time_ms < until_ms, events.c.retold.is_(False))
        with self._database.read() as connection:
            asked = asked.where(*learnable(connection, "assumed", analytics=True))
            found = connection.execute(asked.group_by(events.c.shopper, events.c.kind))
            return [(shopper, kind, count) for shopper, kind, count in found]

    def lists(self, names: Sequence[str]) -> dict[str, ListedAs]:
        """Of these lists, those that the log of answers still has."""
        columns = answers.c.recommendation_id, *(answers.c[name] for name in ListedAs._fields)
        return {row[0]: ListedAs(*row[1:]) for row in self._in_chunks(columns, answers.c.recommendation_id, names)}

    def talks(self, names: Sequence[str]) -> set[str]:
        """Of these names, those of talks."""
        return {row[0] for row in self._in_chunks([talks.c.talk_id], talks.c.talk_id, names)}

    def list_counts(self, since_ms: int, until_ms: int) -> list[tuple[str, str | None, int]]:
        """Placement, strategy and how many lists went out for them."""
        asked = select(answers.c.placement, answers.c.strategy, func.count())
        asked = asked.where(answers.c.time_ms >= since_ms, answers.c.time_ms < until_ms)
        with self._database.read() as connection:
            found = connection.execute(asked.group_by(answers.c.placement, answers.c.strategy))
            return [(placement, strategy, count) for placement, strategy, count in found]

    def priced(self, names: Sequence[str]) -> dict[str, PricedAs]:
        """What the catalogue says of these products or groups; of a group, what its first priced variant costs."""
        columns = products.c.id, products.c.group_id, products.c.price_minor, products.c.currency
        found: dict[str, PricedAs] = {}
        for by in (products.c.group_id, products.c.id):  # an id is one product, whatever group is called alike
            for product_id, group_id, price_minor, currency in self._in_chunks(columns, by, names):
                name = group_id if by is products.c.group_id else product_id
                if by is products.c.id or name not in found or found[name].price_minor is None:
                    found[name] = PricedAs(group_id or product_id, price_minor, currency)
        return found

    def named_alike(self, names: Sequence[str]) -> list[str]:
        """By what events may name these products or groups: the ids of all their variants and of their groups."""
        own = {one.item for one in self.priced(names).values()} | set(names)
        columns = products.c.id, products.c.group_id
        found = set(own)
        for by in columns:
            for product_id, group_id in self._in_chunks(columns, by, sorted(own)):
                found |= {product_id} if group_id is None else {product_id, group_id}
        return sorted(found)

    def first_times(self, shoppers: Sequence[str]) -> dict[str, tuple[int, int | None]]:
        """When each profile first did anything, and when it first bought."""
        bought = func.min(case((events.c.kind == int(KindCode.PURCHASE), events.c.time_ms)))
        found: dict[str, tuple[int, int | None]] = {}
        with self._database.read() as connection:
            for start in range(0, len(shoppers), IN_CHUNK):
                theirs = events.c.shopper.in_(shoppers[start : start + IN_CHUNK])
                asked = select(events.c.shopper, func.min(events.c.time_ms), bought).where(theirs)
                for shopper, first, first_bought in connection.execute(asked.group_by(events.c.shopper)):
                    found[shopper] = first, first_bought
        return found

    def _in_chunks(self, columns: Sequence[Column[Any]], by: Column[Any], names: Sequence[str]) -> Iterator[Any]:
        with self._database.read() as connection:
            for start in range(0, len(names), IN_CHUNK):
                yield from connection.execute(select(*columns).where(by.in_(names[start : start + IN_CHUNK])))
