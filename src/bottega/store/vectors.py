"""What a model saw in the pictures of products: one vector a product and picture, stamped with its maker and version.

Pictures are named by their content, so a changed picture is another picture: it has no vector yet, and the vector of
the one before is left out from that moment on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, insert, select, tuple_

from bottega.catalogue.addresses import is_web
from bottega.names import FloatArray, IntArray
from bottega.store.database import Database, take
from bottega.store.tables import photo_vectors, products

__all__ = ["PhotoKey", "PhotoVectors", "VectorStore", "from_bytes", "to_bytes"]

_KEYS_IN_CHUNK = 5000


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


class VectorStore:
    """Vectors by maker and version."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, maker: str, version: str, keys: Sequence[PhotoKey], vectors: FloatArray) -> None:
        """Keep vectors [N, D] of N different pictures, in one transaction; those that are there are replaced."""
        assert len(keys) == len(vectors)
        if not keys:
            return
        mine = (photo_vectors.c.maker == maker) & (photo_vectors.c.version == version)
        with self._database.write() as connection:
            first = take(connection, "photo_vectors", len(keys)) + 1
            for start in range(0, len(keys), _KEYS_IN_CHUNK):
                chunk = keys[start : start + _KEYS_IN_CHUNK]
                same = tuple_(photo_vectors.c.product_id, photo_vectors.c.image).in_(chunk)
                connection.execute(delete(photo_vectors).where(mine, same))
            rows = [
                {**key._asdict(), "maker": maker, "version": version, "number": first + i, "vector": to_bytes(vector)}
                for i, (key, vector) in enumerate(zip(keys, vectors, strict=True))
            ]
            connection.execute(insert(photo_vectors), rows)

    def all(self, maker: str, version: str, *, after: int = 0) -> PhotoVectors:
        """Every vector whose picture its product still shows; with `after`, those written since number `after`."""
        statement = (
            select(photo_vectors.c.number, photo_vectors.c.product_id, photo_vectors.c.image, photo_vectors.c.vector)
            .add_columns(products.c.images)
            .join(products, products.c.id == photo_vectors.c.product_id)
            .where(photo_vectors.c.maker == maker, photo_vectors.c.version == version, photo_vectors.c.number > after)
            .order_by(photo_vectors.c.number)
        )
        with self._database.read() as connection:
            rows = connection.execute(statement).all()
        shown = [row for row in rows if row.image in row.images]
        return PhotoVectors(
            ids=[row.product_id for row in shown],
            images=[row.image for row in shown],
            positions=np.array([row.images.index(row.image) for row in shown], np.int32),
            matrix=from_bytes([row.vector for row in shown]),
            newest=max((row.number for row in rows), default=after),
        )

    def newest_version(self, maker: str) -> str | None:
        """The version that this maker wrote last; None where it wrote nothing."""
        statement = select(photo_vectors.c.version).where(photo_vectors.c.maker == maker)
        with self._database.read() as connection:
            return connection.execute(statement.order_by(photo_vectors.c.number.desc()).limit(1)).scalar()

    def missing(self, maker: str, version: str, *, revision: int = 0) -> list[PhotoKey]:
        """Pictures in the shop's folder without a vector, products in the order of their import.

        With `revision`, only of products written after it (`ProductStore.changed_since` tells the newest).
        """
        made = select(photo_vectors.c.product_id, photo_vectors.c.image).where(
            photo_vectors.c.maker == maker, photo_vectors.c.version == version
        )
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

    def prune(self, maker: str, version: str) -> int:
        """Delete this maker's vectors of other versions, and those whose picture no product shows; returns how many."""
        of_maker = photo_vectors.c.maker == maker
        key = (photo_vectors.c.product_id, photo_vectors.c.image)
        with self._database.write() as connection:
            take(connection, "photo_vectors", 0)
            gone = connection.execute(
                delete(photo_vectors).where(of_maker, photo_vectors.c.version != version)
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


def to_bytes(vector: FloatArray) -> bytes:
    """A vector [D] as float16, little-endian."""
    return np.ascontiguousarray(vector, "<f2").tobytes()


def from_bytes(rows: Sequence[bytes]) -> NDArray[np.float16]:
    """The matrix [N, D] of N such vectors."""
    flat = np.frombuffer(b"".join(rows), "<f2")
    return flat.reshape(len(rows), -1) if rows else np.empty((0, 0), np.float16)
