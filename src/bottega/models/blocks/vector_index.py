"""Vector index: which of the vectors I hold are nearest to these?

Idea     Up to `exact_up_to` vectors every one is compared, in one matrix product. Above, a navigable graph names
         candidates and their stored vectors rank them.
Source   Graph: Malkov & Yashunin 2018 (HNSW), https://arxiv.org/abs/1603.09320, through the library usearch.
Differs  A filter that leaves few vectors is answered exactly, whatever the size. Vectors come and go without a rebuild.
Costs    Exact: 4 bytes a number. Graph: 2 bytes a number twice, and 150 to 200 bytes of links a vector.
         benchmarks/search_scale.md has milliseconds and recall, and says why no 256-bit codes stand in for vectors.
Shapes   N vectors held, Q queries, D width, K wanted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from usearch.index import Index

from bottega.models.blocks.best import best
from bottega.names import BoolArray, FloatArray, IntArray, LongArray

__all__ = ["IndexConfig", "VectorIndex"]

_T = TypeVar("_T", bound=np.generic)
_BLOCK = 4_000_000
"""Scores held at a time in an exact search."""
_SPARE = 1.5
"""With a filter that lets a share s pass, the graph is asked for so many times 1 / s as many candidates."""


@dataclass(frozen=True, slots=True)
class IndexConfig:
    """How to hold and how to look."""

    width: int = 128
    """Numbers of a vector."""
    exact_up_to: int = 50_000
    """Vectors up to which every one is compared."""
    candidates: int = 200
    """Least number of candidates of the graph that their stored vectors rank."""
    precision: str = "f16"
    """How the graph keeps vectors: f16, or i8 for half the memory."""
    connectivity: int = 16
    """Links a vector has in the graph."""
    expansion_add: int = 64
    """How many neighbours an insertion weighs."""
    expansion_search: int = 96
    """How many neighbours a search weighs."""
    threads: int = 1
    """Threads of the graph; 0 takes every core."""


class VectorIndex:
    """Unit vectors [N, D] under whole numbers. Not safe for a change while another thread searches."""

    def __init__(self, config: IndexConfig | None = None) -> None:
        self.config = config or IndexConfig()
        self._n = 0
        self._ids: LongArray = np.zeros(0, dtype=np.int64)
        self._row: IntArray = np.zeros(0, dtype=np.int32)
        """Row of each id; -1 where it is not here. Ids are small numbers, so this costs less than a dictionary."""
        self._vectors: NDArray[np.floating] = np.zeros((0, self.config.width), dtype=np.float32)
        self._graph: Index | None = None

    def __len__(self) -> int:
        return self._n

    def __contains__(self, one: int) -> bool:
        return 0 <= one < len(self._row) and bool(self._row[one] >= 0)

    @property
    def ids(self) -> LongArray:
        """The ids held [N], in no order."""
        return self._ids[: self._n].copy()

    @property
    def exact(self) -> bool:
        """Whether every vector is compared."""
        return self._graph is None

    @property
    def bytes_held(self) -> int:
        """Memory of vectors and graph."""
        graph = self._graph.serialized_length if self._graph is not None else 0
        return sum(array.nbytes for array in (self._ids, self._row, self._vectors)) + int(graph)

    def add(self, ids: LongArray, vectors: FloatArray) -> None:
        """Take in `vectors` [M, D] of unit length; an id that is there already is replaced."""
        ids = np.asarray(ids, dtype=np.int64)
        assert vectors.shape == (len(ids), self.config.width) and (ids >= 0).all()
        ids, last = np.unique(ids[::-1], return_index=True)
        vectors = vectors[len(vectors) - 1 - last]
        self.remove(ids)
        start, self._n = self._n, self._n + len(ids)
        self._reserve(self._n)
        self._ids[start : self._n] = ids
        if len(ids) and ids[-1] >= len(self._row):
            wider = np.full(max(int(ids[-1]) + 1, int(1.5 * len(self._row))), -1, dtype=np.int32)
            wider[: len(self._row)] = self._row
            self._row = wider
        self._row[ids] = np.arange(start, self._n)
        self._vectors[start : self._n] = vectors
        if self._graph is not None:
            self._link(start)
        elif self._n > self.config.exact_up_to:
            self._vectors = self._vectors.astype(np.float16)
            self._graph = self._fresh_graph()
            self._link(0)

    def remove(self, ids: LongArray) -> None:
        """Let go of these ids; those that are not here are passed over."""
        gone = [one for one in np.unique(ids).tolist() if one in self]
        if gone and self._graph is not None:
            self._graph.remove(np.array(gone, dtype=np.uint64))
        for one in gone:
            row, self._n = int(self._row[one]), self._n - 1
            self._row[one] = -1
            if row != self._n:  # the last row moves into the gap
                self._row[int(self._ids[self._n])] = row
                for array in (self._ids, self._vectors):
                    array[row] = array[self._n]

    def vectors_of(self, ids: LongArray) -> FloatArray:
        """The vectors [M, D] kept under these ids, all of which must be here."""
        return self._vectors[self._row[ids]].astype(np.float32)

    def search(
        self, vectors: FloatArray, count: int, *, allowed: BoolArray | None = None
    ) -> tuple[LongArray, FloatArray]:
        """The `count` nearest ids and their cosines [Q, K], best first, the lower id first among equals.

        `allowed` says by id which may be found. Where fewer are left, rows end with id -1 and score -inf.
        """
        queries = np.ascontiguousarray(vectors, dtype=np.float32).reshape(-1, self.config.width)
        ids = np.full((len(queries), count), -1, dtype=np.int64)
        scores = np.full((len(queries), count), -np.inf, dtype=np.float32)
        rows = None if allowed is None else self._rows(allowed)
        if count and (self._n if rows is None else len(rows)):
            found = self._walk(queries, count, allowed, self._n if rows is None else len(rows))
            for query, answer in enumerate(self._compare(queries, count, rows) if found is None else found):
                n = len(answer[0])
                ids[query, :n], scores[query, :n] = answer
        return ids, scores

    def _rows(self, allowed: BoolArray) -> LongArray:
        """Rows whose ids may be found."""
        ids = self._ids[: self._n]
        known = np.flatnonzero(ids < len(allowed))
        return known[allowed[ids[known]]]

    def _compare(self, queries: FloatArray, count: int, rows: LongArray | None) -> list[tuple[LongArray, FloatArray]]:
        """The answers of an exact search over some rows (None: over all)."""
        held_rows = slice(self._n) if rows is None else rows
        ids, held = self._ids[held_rows], self._vectors[held_rows].astype(np.float32, copy=False)
        found = []
        step = max(1, _BLOCK // len(ids))
        for start in range(0, len(queries), step):
            for scores in queries[start : start + step] @ held.T:
                chosen = best(scores, count, ids=ids)
                found.append((ids[chosen], scores[chosen]))
        return found

    def _walk(
        self, queries: FloatArray, count: int, allowed: BoolArray | None, n_allowed: int
    ) -> list[tuple[LongArray, FloatArray]] | None:
        """The answers of the graph; None where the filter leaves so few that comparing all is the better way."""
        if self._graph is None or n_allowed <= self.config.exact_up_to:
            return None
        spare = 1.0 if allowed is None else _SPARE * self._n / n_allowed
        wanted = int(spare * self._shortlist(count))
        self._graph.expansion_search = max(self.config.expansion_search, wanted)  # type: ignore[misc]
        answers = []
        for query in queries:
            ids = self._graph.search(query, wanted, threads=self.config.threads).keys.astype(np.int64)
            if allowed is not None:
                ids = ids[ids < len(allowed)]
                ids = ids[allowed[ids]]
            if len(ids) < count:
                return None
            answers.append(self._ranked(query, ids, count))
        return answers

    def _shortlist(self, count: int) -> int:
        """How many candidates of the graph the stored vectors rank."""
        return max(2 * count, self.config.candidates)

    def _ranked(self, query: FloatArray, ids: LongArray, count: int) -> tuple[LongArray, FloatArray]:
        """Candidates by their vectors."""
        scores = self.vectors_of(ids) @ query
        chosen = best(scores, count, ids=ids)
        return ids[chosen], scores[chosen]

    def _fresh_graph(self) -> Index:
        config = self.config
        return Index(
            ndim=config.width,
            metric="cos",
            dtype=config.precision,
            connectivity=config.connectivity,
            expansion_add=config.expansion_add,
            expansion_search=config.expansion_search,
        )

    def _link(self, start: int) -> None:
        """Put rows from `start` on into the graph."""
        assert self._graph is not None
        keys = self._ids[start : self._n].astype(np.uint64)
        self._graph.add(keys, np.ascontiguousarray(self._vectors[start : self._n]), threads=self.config.threads)

    def _reserve(self, rows: int) -> None:
        """Room for so many rows; grows by half, so that many small additions cost little."""
        if rows <= len(self._ids):
            return
        room = max(rows, int(1.5 * len(self._ids)))
        self._ids = _grown(self._ids, room)
        self._vectors = _grown(self._vectors, room)


def _grown(array: NDArray[_T], rows: int) -> NDArray[_T]:
    return np.concatenate([array, np.zeros((rows - len(array), *array.shape[1:]), dtype=array.dtype)])
