"""Content: products whose attributes, words and photos are like those of the shopper's latest products.

Idea     A product is a vector of its attribute values and words, rare ones weighing more, and of what another room saw
         in its photo. A shopper is the sum of the vectors of the latest products, older ones fading. The score is the
         cosine between the two.
Source   Content-based profiles: Lops, de Gemmis & Semeraro 2011, https://doi.org/10.1007/978-0-387-85820-3_3, section
         3.3.1; inverse document frequency: Sparck Jones 1972, https://doi.org/10.1108/eb026526.
Differs  Attributes, words and photo vectors are brought to length 1 apart before they are joined, so none drowns the
         others. Photo vectors are taken from their mean, which says only that all these are products of one shop.
Serves   Known shoppers: yes. New shoppers: no (popular.py does). New products: yes, through `extend`.
Costs    Fit: linear in the entries of the features, held twice (by item and by column). Scoring a batch needs 4*B*I
         bytes and some 100 MB.
Shapes   B shoppers, I items, A attribute values, W words, E length of a photo vector, F = A + W + E columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
from scipy import sparse

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.models.blocks.arrays_io import load_arrays, save_arrays
from bottega.models.blocks.nearest_rows import nearest_rows
from bottega.models.blocks.sparse_tables import dense_product, unit_rows
from bottega.models.recommend.base import KNOWN_SHOPPER, NEW_PRODUCT, Abilities, Evidence, Packed, flat
from bottega.models.recommend.counted.content_vectors import ContentSpace
from bottega.models.recommend.counted.fades import learnt_fade, saved_fade
from bottega.models.recommend.counted.history_scores import ages
from bottega.names import KIND_WEIGHT, FloatArray, IntArray, KindCode
from bottega.progress import Progress, silent

__all__ = ["Content", "ContentConfig"]

NEAREST = 100
"""Items that answers know as most like an item."""


@dataclass(frozen=True, slots=True)
class ContentConfig:
    """What a profile is made of."""

    last_events: int = 5
    """Only so many of a shopper's newest events make up the profile."""
    history_decay: float = 0.7
    """What one event older counts, as a share of the newer one."""
    learn_fade: bool = True
    """Whether questions with known answers, where there are any, may teach another `history_decay`."""
    attribute_weight: float = 1.0
    """Share of the attributes in a product's vector."""
    text_weight: float = 1.0
    """Share of the words in a product's vector."""
    vector_weight: float = 0.5
    """Share of the photo in a product's vector, where photos have vectors."""
    use_kinds: bool = True
    """Whether a purchase counts more than a view in the profile."""


class Content:
    """Cosine of profiles and products.

    `vectors_` [I, F]: rows of length 1; `rarity_` [A]: weight of each attribute; `centre_` [E]: mean photo vector;
    `fade_`: what an event counts for each younger one.
    """

    name: ClassVar[str] = "content"
    abilities: ClassVar[Abilities] = Abilities(
        frozenset({KNOWN_SHOPPER, NEW_PRODUCT}), usual_weight=0.2, quick=True, stands_in=True
    )
    vectors_: sparse.csr_matrix
    rarity_: FloatArray
    centre_: FloatArray
    fade_: float
    _by_column: sparse.csr_matrix

    def __init__(self, config: ContentConfig | None = None) -> None:
        self.config = config or ContentConfig()

    def fit(
        self,
        histories: Histories,
        features: Features,
        *,
        rng: np.random.Generator,
        holdout: Holdout | None = None,
        device: str = "auto",
        progress: Progress = silent,
    ) -> Self:
        """Make the products' vectors from `features`; the holdout teaches the fade. Histories and rng are not used."""
        assert features.n_items == histories.n_items
        carriers = np.bincount(features.attributes.indices, minlength=features.attributes.shape[1])
        self.rarity_ = np.log((features.n_items + 1.0) / (carriers + 1.0)).astype(np.float32)
        given = features.vectors if self.config.vector_weight else None
        seen = np.zeros((0, 0)) if given is None else given[np.isfinite(given).all(axis=1)]
        self.centre_ = (seen.mean(axis=0) if len(seen) else np.zeros(seen.shape[1])).astype(np.float32)
        self._keep(self.space.vectors(features, first=0))
        self.fade_ = self.config.history_decay
        if self.config.learn_fade and self.config.last_events > 1 and self.vectors_.nnz:
            self.fade_ = learnt_fade(self._scored, holdout, usual=self.fade_)
        progress("reading product features", features.n_items, features.n_items)
        return self

    @property
    def space(self) -> ContentSpace:
        """How products become vectors."""
        config = self.config
        weights = (config.attribute_weight, config.text_weight, config.vector_weight)
        return ContentSpace(self.rarity_, self.centre_, weights)

    def extend(self, features: Features) -> None:
        """Cover the items behind those known, by the same columns and weights; the vectors of old codes stay."""
        known = self.vectors_.shape[0]
        columns = features.attributes.shape[1] + features.text.shape[1] + len(self.centre_)
        same_columns = columns == self.vectors_.shape[1]
        assert features.n_items >= known and features.attributes.shape[1] == len(self.rarity_) and same_columns
        if features.n_items > known:
            self._keep(sparse.csr_matrix(sparse.vstack([self.vectors_, self.space.vectors(features, first=known)])))

    def score(self, histories: Histories) -> FloatArray:
        """Cosines [B, I], at most 1; -inf where profile and product share nothing."""
        return self._scored(histories, self.fade_)

    def _scored(self, histories: Histories, fade: float) -> FloatArray:
        recent = histories.last(self.config.last_events)
        known = recent.items < self.vectors_.shape[0]
        recent = recent if known.all() else recent.keep(known)
        values = self._faded(recent, fade)
        events = sparse.csr_matrix((values, recent.items, recent.offsets), shape=(len(recent), self.vectors_.shape[0]))
        profiles = unit_rows(sparse.csr_matrix(events @ self.vectors_))
        return dense_product(profiles, self._by_column, histories.n_items)

    def evidence(self, history: IntArray, item: int, *, count: int = 3) -> list[Evidence]:
        """The positions of `history` [T] most like the item, each with the attributes shared, strongest first."""
        if item >= self.vectors_.shape[0]:
            return []
        found = []
        first = max(len(history) - self.config.last_events, 0)
        for position in range(first, len(history)):
            if history[position] >= self.vectors_.shape[0]:
                continue
            columns, values = self._shared(item, int(history[position]))
            weight = float(values.sum()) * self.fade_ ** (len(history) - 1 - position)
            if weight > 0:
                columns = columns[np.argsort(-values, kind="stable")]
                found.append(Evidence(position, weight, tuple(columns[columns < len(self.rarity_)].tolist())))
        return sorted(found, key=lambda evidence: -evidence.weight)[:count]

    def packed(self) -> Packed:
        """The vectors by item and by column, there the heaviest first, the nearest items of each, and what an event
        counts by its age."""
        by_column = self._by_column
        column = np.repeat(np.arange(by_column.shape[0]), np.diff(by_column.indptr))
        order = np.lexsort((-by_column.data, column))
        kinds = np.ones(len(KindCode), dtype=np.float32)
        for kind in KindCode:
            kinds[kind] = KIND_WEIGHT.get(kind, 0.0) if self.config.use_kinds else 1.0
        columns = (
            by_column.indptr.astype(np.int64),
            by_column.indices[order].astype(np.int32),
            by_column.data[order].astype(np.float32),
        )
        parts = ("indptr", "indices", "data")
        arrays = flat("vectors", self.vectors_)
        nearest = nearest_rows(self.vectors_, columns, NEAREST)
        arrays |= dict(zip([f"columns.{part}" for part in parts], columns, strict=True))
        arrays |= dict(zip([f"nearest.{part}" for part in parts], nearest, strict=True))
        arrays |= {
            "rarity": self.rarity_,
            "centre": self.centre_,
            "part_weights": np.array(self.space.weights),
            "fade": np.power(self.fade_, np.arange(self.config.last_events)).astype(np.float32),
            "kinds": kinds,
        }
        grows = ("vectors.indptr", "vectors.indices", "vectors.data")
        return Packed("content", self.abilities.serves, self.abilities.scale == "logits", arrays, grows=grows)

    def save(self, folder: Path) -> None:
        """Write config, vectors and attribute weights into an existing empty folder."""
        arrays: dict[str, FloatArray | sparse.csr_matrix] = {"vectors": self.vectors_, "rarity": self.rarity_}
        arrays |= {"centre": self.centre_, "fade": np.array([self.fade_])}
        save_arrays(folder, model=self.name, config=self.config, arrays=arrays)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; `ModelFileBroken` when it is incomplete."""
        saved = load_arrays(folder, model=cls.name)
        model = cls(saved.settings(ContentConfig))
        model.rarity_ = saved.array("rarity")
        model.centre_ = saved.arrays.get("centre", np.zeros(0, dtype=np.float32))
        model.fade_ = saved_fade(saved, model.config.history_decay)
        model._keep(saved.matrix("vectors"))
        return model

    def _shared(self, one: int, other: int) -> tuple[IntArray, FloatArray]:
        """Columns that two items have in common, and the products of their values there."""
        vectors = self.vectors_
        mine = slice(vectors.indptr[one], vectors.indptr[one + 1])
        theirs = slice(vectors.indptr[other], vectors.indptr[other + 1])
        columns = vectors.indices[mine]
        if not len(columns):
            return columns, vectors.data[mine]
        place = np.minimum(np.searchsorted(columns, vectors.indices[theirs]), len(columns) - 1)
        same = columns[place] == vectors.indices[theirs]
        return vectors.indices[theirs][same], vectors.data[theirs][same] * vectors.data[mine][place[same]]

    def _keep(self, vectors: sparse.csr_matrix) -> None:
        vectors.sort_indices()
        self.vectors_ = vectors
        self._by_column = vectors.T.tocsr()

    def _faded(self, recent: Histories, fade: float) -> FloatArray:
        kinds = recent.weights() if self.config.use_kinds else np.ones(recent.n_events, dtype=np.float32)
        return np.asarray(kinds * np.power(fade, ages(recent)), dtype=np.float32)
