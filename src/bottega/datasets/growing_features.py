"""Features that grow behind: those of a newer snapshot of the catalogue share memory with those of an older one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bottega.datasets.arrays import Features
from bottega.datasets.features import FeatureSpace
from bottega.datasets.growing import GrowingColumn, GrowingRows

__all__ = ["GrowingFeatures"]


@dataclass(frozen=True, slots=True)
class GrowingFeatures:
    """`Features`, column by column: what is known of items in the columns of one space."""

    space: FeatureSpace
    attributes: GrowingRows
    text: GrowingRows
    prices: GrowingColumn
    categories: GrowingColumn
    vectors: GrowingColumn | None

    @staticmethod
    def arrays(features: Features) -> dict[str, NDArray[Any]]:
        """Features as flat arrays, for `from_arrays`."""
        flat: dict[str, NDArray[Any]] = {"features.prices": features.prices, "features.categories": features.categories}
        for name, matrix in (("attributes", features.attributes), ("text", features.text)):
            flat[f"features.{name}.offsets"] = matrix.indptr.astype(np.int64)
            flat[f"features.{name}.columns"] = matrix.indices.astype(np.int32)
            flat[f"features.{name}.values"] = matrix.data.astype(np.float32)
        if features.vectors is not None:
            flat["features.vectors"] = features.vectors
        return flat

    @classmethod
    def from_arrays(
        cls, space: FeatureSpace, arrays: Mapping[str, NDArray[Any]], *, roomy: Mapping[str, NDArray[Any]]
    ) -> GrowingFeatures:
        """What `arrays` gave; `roomy` are those with spare rows behind, where there are such."""

        def growing(name: str) -> GrowingColumn:
            rows = arrays[f"features.{name}"]
            return GrowingColumn(roomy.get(f"features.{name}", rows), len(rows))

        def ragged(name: str) -> GrowingRows:
            return GrowingRows(growing(f"{name}.offsets"), [growing(f"{name}.columns"), growing(f"{name}.values")])

        return cls(
            space,
            ragged("attributes"),
            ragged("text"),
            growing("prices"),
            growing("categories"),
            growing("vectors") if "features.vectors" in arrays else None,
        )

    def grown(self, more: Features) -> GrowingFeatures:
        """A newer snapshot with these items behind; the columns must be the same."""
        assert (self.vectors is None) == (more.vectors is None), "vectors must be there for both or for neither"
        return GrowingFeatures(
            self.space,
            _behind(self.attributes, more.attributes),
            _behind(self.text, more.text),
            self.prices.grown(more.prices),
            self.categories.grown(more.categories),
            None if self.vectors is None or more.vectors is None else self.vectors.grown(more.vectors),
        )

    def features(self) -> Features:
        """As models see them; nothing is copied but where rows begin."""
        space = self.space
        return Features(
            attributes=self.attributes.matrix(len(space.attribute_names)),
            attribute_names=space.attribute_names,
            text=self.text.matrix(len(space.words)),
            words=space.words,
            prices=self.prices.values,
            categories=self.categories.values,
            category_names=space.category_names,
            vectors=None if self.vectors is None else self.vectors.values,
        )


def _behind(rows: GrowingRows, more: sparse.csr_matrix) -> GrowingRows:
    return rows.grown(np.diff(more.indptr), more.indices, more.data)
