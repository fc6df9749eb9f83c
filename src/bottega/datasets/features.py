"""Features: what is known of each item, as arrays with columns that stay put after training.

A `FeatureSpace` holds the columns (attribute values, words, categories). It is learnt once, saved beside the model and
used again for products that come later, so that a minute-old product has a place among the trained ones.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from scipy import sparse

from bottega.catalogue.product import Product
from bottega.datasets.arrays import Features
from bottega.datasets.item_photos import ItemPhotos
from bottega.datasets.words import words_of
from bottega.names import FloatArray
from bottega.saved import ModelFile
from bottega.store.store import Store
from bottega.store.vectors import Stamp

__all__ = ["FeatureSpace", "minor_digits", "words_of"]

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
    values = [f"{name}={value}" for name, row in product.attributes.items() for value in row]
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
        """Columns that help to tell items apart: values and words of two items or more, the most frequent first.

        `photos`: vectors that the items' photos have.
        """
        values: Counter[str] = Counter()
        words: Counter[str] = Counter()
        categories: Counter[str] = Counter()
        for variants in items:
            values.update({value for product in variants for value in _values_of(product)})
            words.update(
                {word for product in variants[:1] for word in words_of(f"{product.title} {product.description}")}
            )
            categories.update({_category_of(product) for product in variants if product.category})
        n_items = max(len(items), 1)
        kept = sorted(value for value, n in values.most_common(MAX_VALUES) if 2 <= n < n_items)
        common = sorted(word for word, n in words.most_common(MAX_WORDS) if 2 <= n <= 0.5 * n_items)
        idf = tuple(round(float(np.log((1 + n_items) / (1 + words[word])) + 1), 6) for word in common)
        stamp = None if photos is None else photos.stamp
        return cls(tuple(kept), tuple(common), idf, tuple(sorted(categories)), stamp)

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
        assert photos is None or self.photos == photos.stamp, "vectors of another maker"
        columns = {name: i for i, name in enumerate(self.attribute_names)}
        word_columns = {word: i for i, word in enumerate(self.words)}
        category_codes = {name: i for i, name in enumerate(self.category_names)}
        attribute_rows: list[list[int]] = []
        text_rows: list[dict[int, float]] = []
        prices = np.full(len(items), np.nan, dtype=np.float32)
        categories = np.full(len(items), -1, dtype=np.int32)
        for code, variants in enumerate(items):
            found = {columns[value] for product in variants for value in _values_of(product) if value in columns}
            attribute_rows.append(sorted(found))
            text_rows.append(self._text(variants[0], word_columns) if variants else {})
            known = [p.price_minor / 10 ** minor_digits(p.currency) for p in variants if p.price_minor is not None]
            if known:
                prices[code] = min(known)
            if variants:
                categories[code] = category_codes.get(_category_of(variants[0]), -1)
        return Features(
            attributes=_csr([dict.fromkeys(row, 1.0) for row in attribute_rows], len(self.attribute_names)),
            attribute_names=self.attribute_names,
            text=_unit_rows(_csr(text_rows, len(self.words))),
            words=self.words,
            prices=prices,
            categories=categories,
            category_names=self.category_names,
            vectors=self._vectors(items, photos),
        )

    def _vectors(self, items: Sequence[Sequence[Product]], photos: ItemPhotos | None) -> FloatArray | None:
        if self.photos is None:
            return None
        return np.full((len(items), self.photos.size), np.nan, np.float32) if photos is None else photos.of(items)

    def _text(self, product: Product, columns: dict[str, int]) -> dict[int, float]:
        counts: dict[int, float] = {}
        for weight, text in ((1.0, product.title), (DESCRIPTION_WEIGHT, product.description)):
            for word in words_of(text):
                column = columns.get(word)
                if column is not None:
                    counts[column] = counts.get(column, 0.0) + weight
        return {column: (1 + np.log1p(count)) * self.idf[column] for column, count in counts.items()}

    def save(self, path: Path) -> None:
        """Write as JSON."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False))

    @classmethod
    def load(cls, path: Path) -> FeatureSpace:
        """Read what `save` wrote; raises `ModelFileBroken`."""
        with ModelFile(path):
            table = json.loads(path.read_text())
            photos = table.pop("photos", None)
            if isinstance(photos, list):  # as it was written before it had names
                photos = dict(zip(("maker", "version", "size"), photos, strict=False))
            columns = {name: tuple(row) for name, row in table.items()}
            return cls(**columns, photos=Stamp(**photos) if photos else None)


def _csr(rows: Sequence[dict[int, float]], columns: int) -> sparse.csr_matrix:
    offsets = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    index = np.fromiter((column for row in rows for column in sorted(row)), dtype=np.int32, count=int(offsets[-1]))
    data = np.fromiter((row[column] for row in rows for column in sorted(row)), dtype=np.float32, count=len(index))
    return sparse.csr_matrix((data, index, offsets), shape=(len(rows), columns))


def _unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    norms: FloatArray = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel()).astype(np.float32)
    norms[norms == 0] = 1.0
    matrix.data /= np.repeat(norms, np.diff(matrix.indptr))
    return matrix
