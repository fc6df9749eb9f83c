"""What a model saw in the pictures of products: one vector a product and picture, stamped with its maker and version.

Pictures are named by their content, so a changed picture is another picture: it has no vector yet, and the vector of
the one before is left out from that moment on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Row, delete, insert, select, tuple_

from bottega.catalogue.addresses import is_web
from bottega.names import FloatArray, IntArray
from bottega.store.database import IN_CHUNK, Database, take
from bottega.store.tables import photo_vectors, products

__all__ = ["PhotoKey", "PhotoVectors", "Stamp", "VectorStore", "from_bytes", "to_bytes"]

_KEYS_IN_CHUNK = 5000


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who made vectors; those of two stamps mean nothing together."""

    maker: str
    version: str
    size: int = 0
    """Length of a vector; 0 where nobody needs to know."""


class PhotoKey(NamedTuple):
    """A picture of a product: its name in `Product.images`."""

    product_id: str
    image: str


@dataclass(frozen=True, slots=True)
class PhotoVectors:
    """Vectors of N pictures, in the order of their writing."""

    ids: list[str]
    """[N] product ids."""
    images: list[str]
    """[N] picture names."""
    positions: IntArray
    """[N] place of the picture among its product's; 0 is the main one."""
    matrix: NDArray[np.float16]
    """[N, D]."""
    newest: int
    """Number of the last vector written so far; give it as `after` to read on."""

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """These and those, in the order given."""
        full = [part for part in parts if part.ids]
        return cls(
            ids=[one for part in full for one in part.ids],
            images=[one for part in full for one in part.images],
            positions=np.concatenate([np.zeros(0, np.int32), *(part.positions for part in full)]),
            matrix=np.concatenate([part.matrix for part in full]) if full else from_bytes([]),
            newest=max((part.newest for part in parts), default=0),
        )


class VectorStore:
    """Vectors by maker and version."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, stamp: Stamp, keys: Sequence[PhotoKey], vectors: FloatArray) -> None:
        """Keep vectors [N, D] of N different pictures, in one transaction; those that are there are replaced."""
        assert len(keys) == len(vectors)
        if not keys:
            return
        maker, version = stamp.maker, stamp.version
        with self._database.write() as connection:
            first = take(connection, "photo_vectors", len(keys)) + 1
            for start in range(0, len(keys), _KEYS_IN_CHUNK):
                chunk = keys[start : start + _KEYS_IN_CHUNK]
                same = tuple_(photo_vectors.c.product_id, photo_vectors.c.image).in_(chunk)
                connection.execute(delete(photo_vectors).where(_of(stamp), same))
            rows = [
                {**key._asdict(), "maker": maker, "version": version, "number": first + i, "vector": to_bytes(vector)}
                for i, (key, vector) in enumerate(zip(keys, vectors, strict=True))
            ]
            connection.execute(insert(photo_vectors), rows)

    def all(self, stamp: Stamp, *, after: int = 0) -> PhotoVectors:
        """Every vector whose picture its product still shows; with `after`, those written since number `after`."""
        statement = (
            select(photo_vectors.c.number, photo_vectors.c.product_id, photo_vectors.c.image, photo_vectors.c.vector)
            .add_columns(products.c.images)
            .join(products, products.c.id == photo_vectors.c.product_id)
            .where(_of(stamp), photo_vectors.c.number > after)
            .order_by(photo_vectors.c.number)
        )
        with self._database.read() as connection:
            rows = connection.execute(statement).all()
        newest = max((row.number for row in rows), default=after)
        return _vectors([row for row in rows if row.image in row.images], newest)

    def since(self, number: int, stamps: Sequence[Stamp]) -> tuple[dict[Stamp, PhotoVectors], int]:
        """Vectors written after a number, by who made them, and the newest number of all. Start with 0.

        Only those whose picture its product still shows.
        """
        return self._found(stamps, photo_vectors.c.number > number, after=number)

    def of_products(self, ids: Iterable[str], stamps: Sequence[Stamp]) -> dict[Stamp, PhotoVectors]:
        """The vectors of these products, by who made them."""
        found: dict[Stamp, list[PhotoVectors]] = {stamp: [] for stamp in stamps}
        chosen = sorted(set(ids))
        for start in range(0, len(chosen), IN_CHUNK):
            part, _ = self._found(stamps, photo_vectors.c.product_id.in_(chosen[start : start + IN_CHUNK]))
            for stamp in stamps:
                found[stamp].append(part[stamp])
        return {stamp: PhotoVectors.joined(parts) for stamp, parts in found.items()}

    def _found(
        self, stamps: Sequence[Stamp], where: ColumnElement[bool], *, after: int = 0
    ) -> tuple[dict[Stamp, PhotoVectors], int]:
        made_by = tuple_(photo_vectors.c.maker, photo_vectors.c.version)
        statement = (
            select(photo_vectors, products.c.images)
            .join(products, products.c.id == photo_vectors.c.product_id)
            .where(where, made_by.in_([(stamp.maker, stamp.version) for stamp in stamps]))
            .order_by(photo_vectors.c.number)
        )
        with self._database.read() as connection:
            rows = connection.execute(statement).all()
        newest = max((row.number for row in rows), default=after)
        by_stamp: dict[tuple[str, str], list[Row[Any]]] = {}
        for row in rows:
            if row.image in row.images:
                by_stamp.setdefault((row.maker, row.version), []).append(row)
        return {stamp: _vectors(by_stamp.get((stamp.maker, stamp.version), []), newest) for stamp in stamps}, newest

    def newest_version(self, maker: str) -> str | None:
        """The version that this maker wrote last; None where it wrote nothing."""
        statement = select(photo_vectors.c.version).where(photo_vectors.c.maker == maker)
        with self._database.read() as connection:
            return connection.execute(statement.order_by(photo_vectors.c.number.desc()).limit(1)).scalar()

    def missing(self, stamp: Stamp, *, revision: int = 0) -> list[PhotoKey]:
        """Pictures in the shop's folder without a vector, products in the order of their import.

        With `revision`, only of products written after it (`ProductStore.newest_revision`).
        """
        made = select(photo_vectors.c.product_id, photo_vectors.c.image).where(_of(stamp))
        changed = products.c.revision > revision
        if revision:
            made = made.join(products, products.c.id == photo_vectors.c.product_id).where(changed)
        with self._database.read() as connection:
            there = {(row[0], row[1]) for row in connection.execute(made)}
            rows = connection.execute(
                select(products.c.id, products.c.images).where(changed).order_by(products.c.position)
            ).all()
        keys = (PhotoKey(id_, image) for id_, images in rows for image in images if not is_web(image))
        return [key for key in keys if key not in there]

    def prune(self, maker: str, *versions: str) -> int:
        """Delete this maker's vectors of other versions, and those whose picture no product shows; returns how many."""
        of_maker = photo_vectors.c.maker == maker
        key = (photo_vectors.c.product_id, photo_vectors.c.image)
        with self._database.write() as connection:
            take(connection, "photo_vectors", 0)
            gone = connection.execute(
                delete(photo_vectors).where(of_maker, photo_vectors.c.version.not_in(versions))
            ).rowcount
            rows = connection.execute(
                select(*key, products.c.images)
                .join(products, products.c.id == photo_vectors.c.product_id, isouter=True)
                .where(of_maker)
            )
            stale = [(id_, image) for id_, image, images in rows if image not in (images or ())]
            for start in range(0, len(stale), _KEYS_IN_CHUNK):
                chunk = stale[start : start + _KEYS_IN_CHUNK]
                connection.execute(delete(photo_vectors).where(of_maker, tuple_(*key).in_(chunk)))
        return gone + len(stale)


def _of(stamp: Stamp) -> ColumnElement[bool]:
    """Rows of one maker and version."""
    return (photo_vectors.c.maker == stamp.maker) & (photo_vectors.c.version == stamp.version)


def _vectors(rows: Sequence[Row[Any]], newest: int) -> PhotoVectors:
    return PhotoVectors(
        ids=[row.product_id for row in rows],
        images=[row.image for row in rows],
        positions=np.array([row.images.index(row.image) for row in rows], np.int32),
        matrix=from_bytes([row.vector for row in rows]),
        newest=newest,
    )


def to_bytes(vector: FloatArray) -> bytes:
    """A vector [D] as float16, little-endian."""
    return np.ascontiguousarray(vector, "<f2").tobytes()


def from_bytes(rows: Sequence[bytes]) -> NDArray[np.float16]:
    """The matrix [N, D] of N such vectors."""
    flat = np.frombuffer(b"".join(rows), "<f2")
    return flat.reshape(len(rows), -1) if rows else np.empty((0, 0), np.float16)
