"""What shoppers wrote about products, and what was read out of it.

The table has a column `shopper`, so that export and forget reach it (shoppers.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypedDict

from sqlalchemy import Row, delete, func, insert, select, update

from bottega.reviews.review import Review
from bottega.store.database import IN_CHUNK, Database, take
from bottega.store.tables import products, reviews

__all__ = ["KeptReview", "ReviewStore", "StoredClaim", "WrittenReviews"]

_FIELDS = tuple(Review.model_fields)


class StoredClaim(TypedDict):
    """One thing that a review says: of which aspect, good or bad or neither, how surely, and where in its words."""

    aspect: str
    polarity: str
    chance: float
    way: str
    value: float
    start: int
    stop: int


class KeptReview(NamedTuple):
    """A review with its number, and what was read out of it; `read_by` is None where nobody has read it yet."""

    number: int
    review: Review
    read_by: str | None
    claims: list[StoredClaim]


class WrittenReviews(NamedTuple):
    """What became of reviews that came in."""

    added: int
    updated: int
    unchanged: int


class ReviewStore:
    """Reviews by their ids and by product."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, batch: Sequence[Review]) -> WrittenReviews:
        """Keep these, each in the place of what came under its id before; in one transaction."""
        latest = {one.review_id: one for one in batch}
        if not latest:
            return WrittenReviews(0, 0, 0)
        ids = list(latest)
        with self._database.write() as connection:
            last = take(connection, "reviews", len(latest))
            known: dict[str, Review] = {}
            for start in range(0, len(ids), IN_CHUNK):
                same = reviews.c.review_id.in_(ids[start : start + IN_CHUNK])
                known |= {row.review_id: _review(row) for row in connection.execute(select(*_columns()).where(same))}
            changed = [one for one in latest.values() if _content(one) != _content(known.get(one.review_id))]
            gone = [one.review_id for one in changed if one.review_id in known]
            for start in range(0, len(gone), IN_CHUNK):
                connection.execute(delete(reviews).where(reviews.c.review_id.in_(gone[start : start + IN_CHUNK])))
            rows = [
                {**one.model_dump(), "number": last + place, "read_by": None, "claims": []}
                for place, one in enumerate(changed, start=1)
            ]
            if rows:
                connection.execute(insert(reviews), rows)
        return WrittenReviews(len(changed) - len(gone), len(gone), len(latest) - len(changed))

    def of_products(self, product_ids: Iterable[str]) -> list[KeptReview]:
        """The published reviews of products and groups, the newest first."""
        found: list[KeptReview] = []
        wanted = sorted(set(product_ids))
        with self._database.read() as connection:
            for start in range(0, len(wanted), IN_CHUNK):
                theirs = reviews.c.product_id.in_(wanted[start : start + IN_CHUNK])
                statement = select(reviews).where(theirs, reviews.c.published.is_(True))
                found += [_kept(row) for row in connection.execute(statement)]
        return sorted(found, key=lambda one: (-(one.review.time_ms or 0), one.number))

    def unread(self, reader: str, *, n: int) -> list[KeptReview]:
        """Reviews that this reader has not read, the first come first."""
        statement = select(reviews).where(reviews.c.read_by.is_distinct_from(reader)).order_by(reviews.c.number)
        with self._database.read() as connection:
            return [_kept(row) for row in connection.execute(statement.limit(n))]

    def keep_claims(self, reader: str, claims: Mapping[int, Sequence[StoredClaim]]) -> None:
        """What a reader found in reviews, by their numbers."""
        with self._database.write() as connection:
            for number, found in claims.items():
                said = {"read_by": reader, "claims": [dict(one) for one in found]}
                connection.execute(update(reviews).where(reviews.c.number == number).values(said))

    def remove(self, review_ids: Sequence[str]) -> int:
        """Take reviews back; returns how many were there."""
        gone = 0
        with self._database.write() as connection:
            take(connection, "reviews", 1)  # so that other machines notice
            for start in range(0, len(review_ids), IN_CHUNK):
                chosen = reviews.c.review_id.in_(list(review_ids[start : start + IN_CHUNK]))
                gone += connection.execute(delete(reviews).where(chosen)).rowcount
        return gone

    def count(self) -> int:
        """How many reviews there are."""
        with self._database.read() as connection:
            found: int = connection.execute(select(func.count()).select_from(reviews)).scalar_one()
            return found

    def iterate(self, chunk: int = 5_000) -> Iterator[list[KeptReview]]:
        """All of them, in the order of their arrival, some at a time."""
        after = 0
        while True:
            statement = select(reviews).where(reviews.c.number > after).order_by(reviews.c.number).limit(chunk)
            with self._database.read() as connection:
                rows = [_kept(row) for row in connection.execute(statement)]
            if not rows:
                return
            yield rows
            after = rows[-1].number

    def most_reviewed(self, n: int) -> list[tuple[str, int]]:
        """Names of products with most published reviews, and how many each has."""
        counted = func.count().label("n")
        statement = select(reviews.c.product_id, counted).where(reviews.c.published.is_(True))
        statement = statement.group_by(reviews.c.product_id).order_by(counted.desc(), reviews.c.product_id).limit(n)
        with self._database.read() as connection:
            return [(row.product_id, row.n) for row in connection.execute(statement)]

    def family(self, product_id: str) -> list[str]:
        """Under which names a product's reviews may stand: its own, its group's, and its siblings'."""
        group = select(products.c.group_id).where(products.c.id == product_id).scalar_subquery()
        wanted = select(products.c.id, products.c.group_id).where(
            (products.c.group_id == group) | (products.c.group_id == product_id) | (products.c.id == product_id)
        )
        with self._database.read() as connection:
            rows = connection.execute(wanted).all()
        return sorted({product_id, *(name for row in rows for name in row if name)})


def _content(review: Review | None) -> Review | None:
    """What counts as another review: not the file that it came in."""
    return None if review is None else review.model_copy(update={"source": ""})


def _columns() -> list[Any]:
    return [reviews.c[name] for name in _FIELDS]


def _review(row: Row[Any]) -> Review:
    return Review.model_construct(**{name: getattr(row, name) for name in _FIELDS})


def _kept(row: Row[Any]) -> KeptReview:
    return KeptReview(row.number, _review(row), row.read_by, list(row.claims))
