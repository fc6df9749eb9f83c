"""Binary codes: 256 bits that stand for a unit vector.

Idea     Centre the vectors and rotate them into twice as many axes, so that as little as possible is lost by keeping
         signs alone. Codes are compared by the bits that differ; a query's own numbers, which nobody had to shorten,
         can rank the nearest codes more finely.
Source   Rotation: Gong & Lazebnik 2011 (ITQ), https://doi.org/10.1109/CVPR.2011.5995432, section 3.2. A query against
         codes: Gordo et al. 2014, "Asymmetric Distances for Binary Embeddings", https://doi.org/10.1109/TPAMI.2013.101.
Differs  More bits than numbers: the rotation becomes a tight frame [D, B] with orthonormal rows, found by the same
         alternation.
Serves   To measure how much of a vector 256 bits keep (evaluation/eye_figures.py). No search is built on them: a graph
         over whole vectors is faster and finds more (benchmarks/search_scale.md).
Costs    Learning: `rounds` singular value decompositions of [D, B]. Comparing a million: benchmarks/search_scale.md.
Shapes   N vectors, D width, B bits, Q queries.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bottega.names import FloatArray

__all__ = ["Codes", "CodesConfig"]

BitArray = NDArray[np.uint8]
"""Codes [N, B / 8], eight bits a byte."""


@dataclass(frozen=True, slots=True)
class CodesConfig:
    """How codes are learnt."""

    bits: int = 256
    """Length of a code; a multiple of 64."""
    rounds: int = 40
    """Rounds of the alternation between signs and rotation (ITQ); 0 keeps a rotation drawn at random."""
    sample: int = 20_000
    """Most vectors to learn from."""


class Codes:
    """Vectors to bits. `mean_` [D], `frame_` [D, B]."""

    mean_: FloatArray
    frame_: FloatArray

    def __init__(self, config: CodesConfig | None = None) -> None:
        self.config = config or CodesConfig()
        assert self.config.bits % 64 == 0

    @property
    def bits(self) -> int:
        return self.config.bits

    def fit(self, vectors: FloatArray, *, rng: np.random.Generator) -> Self:
        """Learn from vectors [N, D]."""
        chosen = vectors if len(vectors) <= self.config.sample else rng.permutation(vectors)[: self.config.sample]
        chosen = chosen.astype(np.float64)
        width, bits = chosen.shape[1], self.config.bits
        mean = chosen.mean(axis=0)
        centred = chosen - mean
        rotations = [np.linalg.qr(rng.standard_normal((width, width)))[0] for _ in range(-(-bits // width))]
        frame = np.concatenate(rotations, axis=1)[:, :bits]
        for _ in range(self.config.rounds):
            signs = np.where(centred @ frame > 0, 1.0, -1.0)
            left, _, right = np.linalg.svd(centred.T @ signs, full_matrices=False)
            frame = left @ right
        self.mean_ = mean.astype(np.float32)
        self.frame_ = frame.astype(np.float32)
        return self

    def encode(self, vectors: FloatArray) -> BitArray:
        """Codes [N, B / 8] of vectors [N, D]."""
        return np.packbits(self._project(vectors) > 0, axis=1)

    def scores(self, queries: FloatArray, codes: BitArray) -> FloatArray:
        """Likeness [Q, N] of whole queries [Q, D] to codes [N, B / 8]: at most 1, meant for ranking."""
        projected = self._project(queries)
        projected /= np.linalg.norm(projected, axis=1, keepdims=True) * np.sqrt(self.bits) + 1e-9
        signs = np.unpackbits(codes, axis=1).astype(np.float32) * 2 - 1
        return np.asarray(projected @ signs.T)

    def _project(self, vectors: FloatArray) -> FloatArray:
        return np.asarray((vectors.astype(np.float32) - self.mean_) @ self.frame_)
