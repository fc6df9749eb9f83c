"""How products were when letters last looked at them, so that what came back or costs less now is noticed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import delete, insert, select

from bottega.store.database import IN_CHUNK, Database
from bottega.store.tables import product_looks

__all__ = ["LookStore", "ProductLook"]


class ProductLook(NamedTuple):
    """One product. Times are UTC ms: when it was seen to be back, and to cost less than `before_minor`."""

    product_id: str
    available: bool
    price_minor: int | None
    currency: str | None
    back_ms: int | None = None
    dropped_ms: int | None = None
    before_minor: int | None = None


class LookStore:
    """Looks by product."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, product_ids: Iterable[str]) -> dict[str, ProductLook]:
        """The last look at each; products that nobody looked at yet are left out."""
        names = sorted(set(product_ids))
        found: dict[str, ProductLook] = {}
        with self._database.read() as connection:
            for start in range(0, len(names), IN_CHUNK):
                some = product_looks.c.product_id.in_(names[start : start + IN_CHUNK])
                rows = connection.execute(select(*_columns).where(some))
                found.update((row.product_id, ProductLook(*row)) for row in rows)
        return found

    def put(self, looks: Sequence[ProductLook]) -> None:
        """Put these in the place of the last ones."""
        if not looks:
            return
        names = [look.product_id for look in looks]
        with self._database.write() as connection:
            for start in range(0, len(names), IN_CHUNK):
                some = product_looks.c.product_id.in_(names[start : start + IN_CHUNK])
                connection.execute(delete(product_looks).where(some))
            connection.execute(insert(product_looks), [look._asdict() for look in looks])


_columns = [product_looks.c[name] for name in ProductLook._fields]
