"""Features: what is known of each item, as arrays with columns that stay put after training.

A `FeatureSpace` holds the columns (attribute values, words, categories). It is learnt once, saved beside the model and
used again for products that come later, so that a minute-old product has a place among the trained ones.
"""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from math import log1p
from pathlib import Path

import numpy as np
from scipy import sparse

from bottega.catalogue.attributes import is_of_listing
from bottega.catalogue.product import Product
from bottega.datasets.arrays import Features
from bottega.datasets.item_photos import ItemPhotos
from bottega.datasets.words import words_of
from bottega.names import FloatArray, IntArray
from bottega.saved import ModelFile
from bottega.store.store import Store
from bottega.store.vectors import Stamp

__all__ = ["FeatureRows", "FeatureSpace", "SpaceLearner", "minor_digits", "words_of"]

MAX_WORDS = 20_000
"""Most words kept as text columns: the ones in most products."""
MAX_VALUES = 50_000
"""Most attribute values kept as columns."""
DESCRIPTION_WEIGHT = 0.3
"""How much a word of the description counts beside a word of the title."""
_MINOR_DIGITS = {"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0}
_MINOR_DIGITS |= {"UGX": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0}
_MINOR_DIGITS |= {"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3}


def minor_digits(currency: str | None) -> int:
    """Decimals of a currency's minor unit (ISO 4217)."""
    return _MINOR_DIGITS.get(currency or "", 2)


def _values_of(product: Product) -> list[str]:
    values = [f"{name}={value}" for name, row in product.attributes.items() if not is_of_listing(name) for value in row]
    if product.brand:
        values.append(f"brand={product.brand}")
    return values + [f"category={' > '.join(product.category[: depth + 1])}" for depth in range(len(product.category))]


def _category_of(product: Product) -> str:
    return " > ".join(product.category)


@dataclass(frozen=True)
class FeatureSpace:
    """The columns: `attribute_names` [A], `words` [W] with their `idf` [W], `category_names`."""

    attribute_names: tuple[str, ...]
    words: tuple[str, ...]
    idf: tuple[float, ...]
    category_names: tuple[str, ...]
    photos: Stamp | None = None
    """Stamp of the photo vectors that models of this space learnt with; None for none."""

    @classmethod
    def learn(cls, items: Sequence[Sequence[Product]], photos: ItemPhotos | None = None) -> FeatureSpace:
        """Columns for items, each a list of its variants. `photos`: vectors that the items' photos have."""
        learner = SpaceLearner()
        for item, variants in enumerate(items):
            learner.see(variants, [item] * len(variants), [place == 0 for place in range(len(variants))])
        return learner.learn(len(items), photos)

    def item_photos(self, store: Store, product_ids: Iterable[str] | None = None) -> ItemPhotos | None:
        """The vectors of this space's stamp that the store has, of these products or of all; None where it has none."""
        if self.photos is None:
            return None
        found = ItemPhotos(self.photos)
        found.read(store, product_ids)
        return found

    def arrays(self, items: Sequence[Sequence[Product]], photos: ItemPhotos | None = None) -> Features:
        """`Features` of items [I], each a list of its variants. Values and words without a column are left out.

        `photos` are vectors of this space's stamp; without them every item counts as one that has no photo.
        """
        rows = FeatureRows(self)
        for variants in items:
            rows.see(variants, [place == 0 for place in range(len(variants))])
        item_of = np.repeat(np.arange(len(items), dtype=np.int32), [len(variants) for variants in items])
        ids = [product.id for variants in items for product in variants]
        return rows.features(item_of, len(items), self.vectors(ids, item_of, len(items), photos))

    def vectors(
        self, product_ids: Sequence[str], item_of: IntArray, n_items: int, photos: ItemPhotos | None
    ) -> FloatArray | None:
        """Photo vectors [I, E] of items, by their products; None where models of this space know nothing of photos."""
        assert photos is None or self.photos == photos.stamp, "vectors of another maker"
        if self.photos is None:
            return None
        if photos is None:
            return np.full((n_items, self.photos.size), np.nan, np.float32)
        return photos.of(product_ids, item_of, n_items)

    @cached_property
    def attribute_columns(self) -> dict[str, int]:
        """The column of each attribute value."""
        return {name: column for column, name in enumerate(self.attribute_names)}

    @cached_property
    def word_columns(self) -> dict[str, int]:
        """The column of each word."""
        return {word: column for column, word in enumerate(self.words)}

    @cached_property
    def category_codes(self) -> dict[str, int]:
        """The code of each category."""
        return {name: code for code, name in enumerate(self.category_names)}

    def dumped(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def parsed(cls, text: str) -> FeatureSpace:
        """What `dumped` gave."""
        table = json.loads(text)
        photos = table.pop("photos", None)
        if isinstance(photos, list):  # as it was written before it had names
            photos = dict(zip(("maker", "version", "size"), photos, strict=False))
        columns = {name: tuple(row) for name, row in table.items()}
        return cls(**columns, photos=Stamp(**photos) if photos else None)

    def save(self, path: Path) -> None:
        """Write as JSON."""
        path.write_text(self.dumped())

    @classmethod
    def load(cls, path: Path) -> FeatureSpace:
        """Read what `save` wrote; raises `ModelFileBroken`."""
        with ModelFile(path):
            return cls.parsed(path.read_text())


class SpaceLearner:
    """Finds the columns that help to tell items apart, from products read a few at a time: values and words of two
    items or more, the most frequent first."""

    def __init__(self) -> None:
        self._values: dict[str, int] = {}
        self._pairs = (array("i"), array("i"))
        """An item and a value that one of its products has."""
        self._words: Counter[str] = Counter()
        self._categories: dict[str, None] = {}

    def see(self, products: Sequence[Product], items: Sequence[int], first: Sequence[bool]) -> None:
        """Take in products, the item of each, and whether it is the first of its item, whose words stand for all."""
        of_item, value_of = self._pairs
        for product, item, words in zip(products, items, first, strict=True):
            for value in _values_of(product):
                of_item.append(item)
                value_of.append(self._values.setdefault(value, len(self._values)))
            if words:
                self._words.update(dict.fromkeys(words_of(f"{product.title} {product.description}"), 1))
            if product.category:
                self._categories[_category_of(product)] = None

    def learn(self, n_items: int, photos: ItemPhotos | None = None) -> FeatureSpace:
        """The columns; `photos`: vectors that the items' photos have."""
        of_item, value_of = (np.array(column, dtype=np.int64) for column in self._pairs)
        once = np.unique(of_item * max(len(self._values), 1) + value_of)
        counts = np.bincount(once % max(len(self._values), 1), minlength=len(self._values))
        most = np.argsort(-counts, kind="stable")[:MAX_VALUES]
        names = list(self._values)
        n_items = max(n_items, 1)
        kept = sorted(names[value] for value in most.tolist() if 2 <= counts[value] < n_items)
        common = sorted(word for word, n in self._words.most_common(MAX_WORDS) if 2 <= n <= 0.5 * n_items)
        idf = tuple(round(float(np.log((1 + n_items) / (1 + self._words[word])) + 1), 6) for word in common)
        stamp = None if photos is None else photos.stamp
        return FeatureSpace(tuple(kept), tuple(common), idf, tuple(sorted(self._categories)), stamp)


class FeatureRows:
    """Features of products in the columns of a space, read a few at a time and then put together by item.

    Values and words without a column are left out.
    """

    def __init__(self, space: FeatureSpace) -> None:
        self._space = space
        self._values, self._lengths = array("i"), array("i")
        """Columns of the attribute values of each product, and how many they are [V]."""
        self._words, self._weights, self._word_lengths = array("i"), array("f"), array("i")
        """Columns of the words of those products that are the first of their items, and what they weigh."""
        self._first: list[bool] = []
        self._prices, self._categories = array("d"), array("i")

    def see(self, products: Sequence[Product], first: Sequence[bool]) -> None:
        """Take in products, and whether each is the first of its item, whose words and category stand for all."""
        columns, codes = self._space.attribute_columns, self._space.category_codes
        for product, words in zip(products, first, strict=True):
            found = sorted({columns[value] for value in _values_of(product) if value in columns})
            self._values.extend(found)
            self._lengths.append(len(found))
            price = product.price_minor
            self._prices.append(np.inf if price is None else price / 10 ** minor_digits(product.currency))
            self._categories.append(codes.get(_category_of(product), -1))
            if words:
                text = self._text(product)
                self._words.extend(text)
                self._weights.extend(text.values())
                self._word_lengths.append(len(text))
        self._first.extend(first)

    def features(self, item_of: IntArray, n_items: int, vectors: FloatArray | None) -> Features:
        """`Features` of items [I]; `item_of` [V] is the item of each product seen."""
        space, first = self._space, np.array(self._first, dtype=np.bool_)
        prices: FloatArray = np.full(n_items, np.inf, dtype=np.float32)
        np.minimum.at(prices, item_of, np.array(self._prices, dtype=np.float32))
        prices[~np.isfinite(prices)] = np.nan
        categories = np.full(n_items, -1, dtype=np.int32)
        categories[item_of[first]] = np.array(self._categories, dtype=np.int32)[first]
        # Each value once an item, whichever of its variants has it.
        width = max(len(space.attribute_names), 1)
        of_value = np.repeat(item_of.astype(np.int64), np.array(self._lengths, dtype=np.int64))
        pairs = np.unique(of_value * width + np.array(self._values, dtype=np.int64))
        offsets = np.searchsorted(pairs, np.arange(n_items + 1, dtype=np.int64) * width)
        values = np.ones(len(pairs), dtype=np.float32)
        attributes = sparse.csr_matrix(
            (values, (pairs % width).astype(np.int32), offsets), shape=(n_items, len(space.attribute_names))
        )
        lengths = np.array(self._word_lengths, dtype=np.int64)
        text = sparse.csr_matrix(
            (
                np.array(self._weights, dtype=np.float32),
                np.array(self._words, dtype=np.int32),
                np.concatenate([[0], np.cumsum(lengths)]),
            ),
            shape=(len(lengths), len(space.words)),
        )
        return Features(
            attributes=attributes,
            attribute_names=space.attribute_names,
            text=_placed(_unit_rows(text), item_of[first], n_items),
            words=space.words,
            prices=prices,
            categories=categories,
            category_names=space.category_names,
            vectors=vectors,
        )

    def _text(self, product: Product) -> dict[int, float]:
        """Column to weight, in the order of the columns."""
        columns, idf = self._space.word_columns, self._space.idf
        counts: dict[int, float] = {}
        for weight, text in ((1.0, product.title), (DESCRIPTION_WEIGHT, product.description)):
            for word in words_of(text):
                column = columns.get(word)
                if column is not None:
                    counts[column] = counts.get(column, 0.0) + weight
        return {column: (1 + log1p(counts[column])) * idf[column] for column in sorted(counts)}


def _placed(rows: sparse.csr_matrix, items: IntArray, n_items: int) -> sparse.csr_matrix:
    """The rows as those of their items [n_items]; others are empty."""
    if len(items) == n_items and (items == np.arange(n_items, dtype=np.int32)).all():
        return rows
    place = np.full(n_items, len(items), dtype=np.int64)
    place[items] = np.arange(len(items))
    empty = sparse.csr_matrix((1, rows.shape[1]), dtype=rows.dtype)
    return sparse.csr_matrix(sparse.vstack([rows, empty], format="csr")[place])


def _unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    norms: FloatArray = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel()).astype(np.float32)
    norms[norms == 0] = 1.0
    matrix.data /= np.repeat(norms, np.diff(matrix.indptr))
    return matrix
