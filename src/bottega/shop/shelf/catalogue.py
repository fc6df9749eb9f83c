"""One moment of the catalogue: items, the shelf, and what models know of every item. It never changes.

It stands on flat arrays, made of the store's products once (`catalogue_arrays`) and opened as mapped files wherever
they are at hand (`catalogue_pack`); what comes afterwards goes behind, into the next moment.
Shapes   I items, V products.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bottega.catalogue.product import Product
from bottega.datasets.arrays import Features
from bottega.datasets.features import FeatureRows, FeatureSpace, SpaceLearner
from bottega.datasets.growing import GrowingColumn
from bottega.datasets.growing_features import GrowingFeatures
from bottega.datasets.item_photos import ItemPhotos
from bottega.datasets.items import Items
from bottega.datasets.name_table import NameTable
from bottega.shop.shelf.product_reader import ProductReader
from bottega.shop.shelf.shelf import Shelf
from bottega.shop.shelf.shelf_rows import COLUMNS, Postings, ShelfRows
from bottega.store.store import Store

__all__ = ["FIXED", "Catalogue", "catalogue_arrays"]

FIXED = frozenset(
    {"space", "terms.hashes", "terms.offsets", "terms.rows", "facets.offsets", "facets.numbers"}
    | {f"{table}.{part}" for table in ("items.keys", "items.ids", "groups") for part in ("hashes", "numbers")}
)
"""Arrays that are never added to."""


def catalogue_arrays(
    store: Store, *, items: Items | None = None, space: FeatureSpace | None = None
) -> tuple[dict[str, NDArray[Any]], int]:
    """The store's products as flat arrays, and the revision from which on later ones have to be asked for.

    `items` and `space` are the codes and columns of a model; without them both are found in the products. Products are
    read a few at a time.
    """
    revision = store.products.newest_revision()
    if space is None:
        space = _learnt(store)
    known = items or Items()
    items = known.without_products()
    features, shelf = FeatureRows(space), ShelfRows(NameTable.of([]))
    for products, revisions in store.products.iterate_revised():
        items.add_known(products, known)
        features.see(products, items.places(products)[1])
        shelf.see(products, revisions)
    photos = space.item_photos(store)
    ids = items.all_product_ids() if photos is not None else []
    vectors = space.vectors(ids, items.item_of_row, len(items), photos)
    columns, groups = shelf.columns()
    postings = shelf.postings()
    offsets, numbers = shelf.facets()
    return {
        "space": np.frombuffer(space.dumped().encode(), dtype=np.uint8),
        **items.arrays(),
        **{f"shelf.{name}": column for name, column in columns.items()},
        **groups.arrays("groups"),
        "terms.hashes": postings.hashes,
        "terms.offsets": postings.offsets,
        "terms.rows": postings.rows,
        "facets.offsets": offsets,
        "facets.numbers": numbers,
        **GrowingFeatures.arrays(features.features(items.item_of_row, len(items), vectors)),
    }, revision


def _learnt(store: Store) -> FeatureSpace:
    items, learner = Items(), SpaceLearner()
    for products in store.products.iterate():
        items.add(products)
        learner.see(products, *items.places(products))
    return learner.learn(len(items))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What is known of the products as of one `revision` of the store."""

    items: Items
    shelf: Shelf
    features: Features
    revision: int
    growing: GrowingFeatures

    @classmethod
    def from_arrays(
        cls,
        store: Store,
        arrays: Mapping[str, NDArray[Any]],
        revision: int,
        *,
        space: FeatureSpace | None = None,
        roomy: Mapping[str, NDArray[Any]] = {},
    ) -> Catalogue:
        """What `catalogue_arrays` gave. `space`: that of the model, where it is at hand; else it is read from them."""
        items = Items.from_arrays(arrays, roomy=roomy)
        columns = {
            name: GrowingColumn(roomy.get(f"shelf.{name}", arrays[f"shelf.{name}"]), items.n_products)
            for name in COLUMNS
        }
        postings = Postings(arrays["terms.hashes"], arrays["terms.offsets"], arrays["terms.rows"])
        groups = NameTable.from_arrays(arrays, "groups", roomy=roomy)
        space = space or FeatureSpace.parsed(arrays["space"].tobytes().decode())
        growing = GrowingFeatures.from_arrays(space, arrays, roomy=roomy)
        reader = ProductReader(store.products.get, store.products.titles)
        facets = arrays["facets.offsets"], arrays["facets.numbers"]
        shelf = Shelf(items, columns, postings, facets, groups, reader)
        return cls(items, shelf, growing.features(), revision, growing)

    @property
    def space(self) -> FeatureSpace:
        """The columns of the features."""
        return self.growing.space

    def as_of(self, revision: int) -> Catalogue:
        """The same, known to be whole up to a revision."""
        return replace(self, revision=revision)

    def unseen(self, products: Sequence[Product]) -> list[str]:
        """Ids of those products that are not in it yet."""
        rows = self.items.rows([product.id for product in products]).tolist()
        return [product.id for product, row in zip(products, rows, strict=True) if row < 0]

    def stocked(
        self, products: Sequence[Product], revisions: Sequence[int], photos: ItemPhotos | None = None
    ) -> Catalogue:
        """The next moment, with new and changed products and the revision of each; `photos` has the vectors of those
        unseen. What is known of an item stays as it was when the item was first seen: models have learnt it."""
        items, before = self.items, len(self.items)
        if self.unseen(products):
            items = items.copy()
            items.add(products)
        shelf = self.shelf.stocked(items, products, revisions)
        growing, features = self.growing, self.features
        if len(items) > before:
            growing = growing.grown(self._newer(items, before, products, photos))
            features = growing.features()
        return Catalogue(items, shelf, features, max(self.revision, *revisions), growing)

    def _newer(self, items: Items, before: int, products: Sequence[Product], photos: ItemPhotos | None) -> Features:
        """What is known of the items from code `before` on; all their products are among those given."""
        by_id = {product.id: product for product in products}
        more = [[by_id[name] for name in items.product_ids(code)] for code in range(before, len(items))]
        return self.space.arrays(more, photos)
