"""The catalogue as rows: products in the order of their first import, each with the revision of its last change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Text, bindparam, case, cast, false, func, insert, select, update

from bottega.catalogue.product import Product, listing_words
from bottega.errors import RequestInvalid
from bottega.store.database import IN_CHUNK, Database, take
from bottega.store.often_asked import OftenAskedOfMany
from bottega.store.tables import products

__all__ = ["ProductStore", "Upserted"]

_PATH = " > "
_FIELDS = tuple(Product.model_fields)
_columns = [products.c[name] for name in _FIELDS]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Upserted:
    """What one call changed."""

    added: int
    updated: int
    unchanged: int


class ProductStore:
    """Products by id, by change, by search."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._titles = OftenAskedOfMany(database, select(products.c.id, products.c.title), products.c.id)

    def upsert(self, batch: Sequence[Product]) -> Upserted:
        """Add new products and replace changed ones, in one transaction. The last of several with one id wins.

        A product that differs only in `source_row` counts as unchanged: moving a line in a file changes no product.
        """
        wanted = {product.id: product for product in batch}
        if not wanted:
            return Upserted(0, 0, 0)
        with self._database.write() as connection:
            revision = take(connection, "revisions", 1) + 1
            known = {one.id: one for one in _get(connection, wanted)}
            new = [one for key, one in wanted.items() if key not in known]
            changed = [
                one
                for key, one in wanted.items()
                if key in known and one != known[key].model_copy(update={"source_row": one.source_row})
            ]
            if new:
                position = take(connection, "positions", len(new)) + 1
                rows = [{**_row(one), "position": position + i, "revision": revision} for i, one in enumerate(new)]
                connection.execute(insert(products), rows)
            if changed:
                statement = update(products).where(products.c.id == bindparam("key"))
                rows = [{**_row(one), "key": one.id, "revision": revision} for one in changed]
                connection.execute(statement, rows)
        return Upserted(len(new), len(changed), len(wanted) - len(new) - len(changed))

    def get(self, ids: Iterable[str]) -> dict[str, Product]:
        """Products by id; ids that nobody knows are left out."""
        with self._database.read() as connection:
            return {one.id: one for one in _get(connection, ids)}

    def in_groups(self, ids: Iterable[str]) -> dict[str, Product]:
        """Products that have one of these ids, or one of them as the id of their group."""
        wanted = sorted(set(ids))
        found: dict[str, Product] = {}
        with self._database.read() as connection:
            for chunk in _chunks(wanted, IN_CHUNK):
                for column in (products.c.id, products.c.group_id):
                    rows = connection.execute(select(*_columns).where(column.in_(chunk)))
                    found.update((one.id, one) for one in map(_product, rows))
        return found

    def titles(self, ids: Sequence[str]) -> dict[str, str]:
        """The title of each of these products; ids that nobody knows are left out."""
        return dict(self._titles(ids))

    def all(self) -> list[Product]:
        """Every product, in the order of first import."""
        with self._database.read() as connection:
            rows = connection.execute(select(*_columns).order_by(products.c.position))
            return [_product(row) for row in rows]

    def iterate(self, chunk: int = 10_000) -> Iterator[list[Product]]:
        """The same, `chunk` at a time; each chunk is read when asked for."""
        return (found for found, _ in self.iterate_revised(chunk=chunk))

    def families(self, chunk: int = 2000) -> Iterator[list[Product]]:
        """The same by families: a product without a group alone, the variants of a group together, where the first of
        them stands. Memory is a chunk, and the ids of the groups that were given."""
        given: set[str] = set()
        for found in self.iterate(chunk):
            groups = dict.fromkeys(one.group_id for one in found if one.group_id is not None)
            members = self._of_groups([group for group in groups if group not in given])
            for product in found:
                if product.group_id is None:
                    yield [product]
                elif product.group_id not in given:
                    given.add(product.group_id)
                    yield members[product.group_id]

    def _of_groups(self, groups: Sequence[str]) -> dict[str, list[Product]]:
        members: dict[str, list[Product]] = {group: [] for group in groups}
        with self._database.read() as connection:
            for some in _chunks(groups, IN_CHUNK):
                asked = select(*_columns).where(products.c.group_id.in_(some)).order_by(products.c.position)
                for row in connection.execute(asked):
                    product = _product(row)
                    assert product.group_id is not None, "it was asked for by its group"
                    members[product.group_id].append(product)
        return members

    def iterate_revised(self, *, since: int = 0, chunk: int = 10_000) -> Iterator[tuple[list[Product], list[int]]]:
        """Products written after the revision `since`, in the order of first import, `chunk` at a time, and the
        revision of each. Each chunk is read when asked for."""
        last = 0
        wanted = select(products.c.position, products.c.revision, *_columns)
        if since:
            wanted = wanted.where(products.c.revision > since)
        while True:
            with self._database.read() as connection:
                statement = wanted.where(products.c.position > last).order_by(products.c.position).limit(chunk)
                rows = connection.execute(statement).all()
            if rows:
                last = rows[-1][0]
                yield [_product(row) for row in rows], [row[1] for row in rows]
            if len(rows) < chunk:
                return

    def places(self) -> dict[str, int]:
        """The place of every product in the order of first import, by its id, and of every group's first product."""
        found: dict[str, int] = {}
        with self._database.read() as connection:
            rows = connection.execute(select(products.c.id, products.c.group_id).order_by(products.c.position))
            for place, (one, group) in enumerate(rows):
                found[one] = place
                if group is not None:
                    found.setdefault(group, place)
        return found

    def count(self) -> int:
        with self._database.read() as connection:
            return connection.execute(select(func.count()).select_from(products)).scalar_one()

    def newest_revision(self) -> int:
        """Revision of the last write; 0 before the first."""
        with self._database.read() as connection:
            return connection.execute(select(func.max(products.c.revision))).scalar() or 0

    def count_newer(self, revision: int) -> int:
        """How many products were written after a revision."""
        with self._database.read() as connection:
            newer = select(func.count()).select_from(products).where(products.c.revision > revision)
            return connection.execute(newer).scalar_one()

    def query(
        self, *, text: str | None = None, ids: Sequence[str] | None = None, limit: int = 50, after: str | None = None
    ) -> tuple[list[Product], str | None]:
        """One page of products that hold every word of `text` (`listing_words`) and are among `ids`.

        Returns the page, in the order of first import, and the cursor for the next one: the id of its last product,
        None at the end. Raises `RequestInvalid` for a cursor that is no product's id.
        """
        statement = select(*_columns)
        if ids is not None:
            statement = statement.where(products.c.id.in_(ids) if ids else false())
        for word in (text or "").casefold().split():
            statement = statement.where(products.c.words.contains(word, autoescape=True))
        with self._database.read() as connection:
            if after is not None:
                behind = connection.execute(select(products.c.position).where(products.c.id == after)).scalar()
                if behind is None:
                    raise RequestInvalid(
                        f"Field after is {after!r}.",
                        allowed="It must be the `next` of the page before.",
                        next_step="Start without it.",
                    )
                statement = statement.where(products.c.position > behind)
            rows = connection.execute(statement.order_by(products.c.position).limit(limit + 1)).all()
        page = [_product(row) for row in rows[:limit]]
        return page, page[-1].id if page and len(rows) > limit else None

    def lacking(self, field: str) -> list[str]:
        """Ids of the products that say nothing of a field (`images`, `description`, `price_minor`), in the order of
        first import."""
        statement = select(products.c.id).where(_lacks(field)).order_by(products.c.position)
        with self._database.read() as connection:
            return list(connection.execute(statement).scalars())

    def count_lacking(self, fields: Sequence[str]) -> dict[str, int]:
        """How many products say nothing of each of these fields."""
        counted = [func.coalesce(func.sum(case((_lacks(field), 1), else_=0)), 0) for field in fields]
        with self._database.read() as connection:
            return dict(zip(fields, map(int, connection.execute(select(*counted)).one()), strict=True))

    def count_by(self, field: str, limit: int) -> list[tuple[str, int]]:
        """The values of a field (`brand`, `category_path`, `availability`) that most products have, with how many."""
        column, number = products.c[field], func.count()
        statement = (
            select(column, number)
            .where(column.is_not(None), column != "")
            .group_by(column)
            .order_by(number.desc(), column)
            .limit(limit)
        )
        with self._database.read() as connection:
            return [(value, count) for value, count in connection.execute(statement)]

    def missing(self, ids: Iterable[str]) -> set[str]:
        """Those that are neither the id of a product nor of a group."""
        left = set(ids)
        with self._database.read() as connection:
            for column in (products.c.id, products.c.group_id):
                for chunk in _chunks(sorted(left), IN_CHUNK):
                    left.difference_update(connection.execute(select(column).where(column.in_(chunk))).scalars())
        return left


def _lacks(field: str) -> ColumnElement[bool]:
    column = products.c[field]
    if field == "images":
        return cast(column, Text) == "[]"
    return column == "" if field == "description" else column.is_(None)


def _get(connection: Connection, ids: Iterable[str]) -> Iterator[Product]:
    for chunk in _chunks(list(ids), IN_CHUNK):
        for row in connection.execute(select(*_columns).where(products.c.id.in_(chunk))):
            yield _product(row)


def _chunks(values: Sequence[_T], size: int) -> Iterator[list[_T]]:
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk


def _row(product: Product) -> dict[str, Any]:
    path = _PATH.join(product.category)
    row = {name: getattr(product, name) for name in _FIELDS}
    row["category"] = list(product.category)
    row["images"] = list(product.images)
    row["attributes"] = {name: list(values) for name, values in product.attributes.items()}
    row["availability"] = product.availability.value
    row["category_path"] = path
    row["words"] = listing_words(product)
    # PostgreSQL refuses the NUL character in text, and it means nothing in a listing.
    return {name: value.replace("\x00", "") if isinstance(value, str) else value for name, value in row.items()}


def _product(row: Row[Any]) -> Product:
    found = row._mapping  # made anew whenever it is asked for
    return Product.model_validate({name: found[name] for name in _FIELDS})
