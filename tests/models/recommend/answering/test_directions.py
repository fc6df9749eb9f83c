"""The search in clusters finds what a look at everything finds, under any filter."""

from __future__ import annotations

import numpy as np
import pytest

from bottega.models.recommend.answering.directions import best_in_clusters
from bottega.models.recommend.answering.member import Desk
from bottega.models.recommend.sequence.clusters import Clusters
from bottega.models.recommend.sequence.eight_bits import in_eight_bits
from bottega.names import BoolArray, FloatArray, IntArray

N_ITEMS, NEWER, WIDTH, MOST = 6_000, 40, 32, 50


@pytest.fixture(scope="module")
def directions() -> FloatArray:
    rng = np.random.default_rng(0)
    tastes = rng.normal(size=(60, WIDTH))
    made = tastes[rng.integers(0, 60, N_ITEMS + NEWER)] + 0.7 * rng.normal(size=(N_ITEMS + NEWER, WIDTH))
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return made.astype(np.float32)


def found(directions: FloatArray, query: FloatArray, allowed: BoolArray, shut: IntArray) -> IntArray:
    """The last `NEWER` items came after the clusters were made."""
    clusters = Clusters.of(directions[:N_ITEMS])
    slots = np.append(clusters.order, np.arange(N_ITEMS, len(directions), dtype=np.int32))
    desk = Desk()
    desk.n_items = len(directions)
    finds = desk.found(allowed, MOST)
    finds.shut(shut)
    small, scored = in_eight_bits(directions[slots]), np.ones(len(directions), dtype=np.bool_)
    by = clusters.centres, clusters.starts, slots, small, scored, len(directions)
    finds.scanned(best_in_clusters, query, *by)
    return finds.items.copy()


def test_nearly_all_of_the_best_are_found(directions: FloatArray) -> None:
    rng = np.random.default_rng(1)
    allowed = np.ones(len(directions), dtype=np.bool_)
    shut = np.arange(0, 30, dtype=np.int32)
    recalls = []
    for _ in range(30):
        query = directions[rng.integers(N_ITEMS)] + 0.1 * rng.normal(size=WIDTH).astype(np.float32)
        items = found(directions, query, allowed, shut)
        assert len(items) == MOST == len(set(items.tolist())) and not np.isin(items, shut).any()
        values = directions @ query
        values[shut] = -np.inf
        recalls.append(np.isin(np.argsort(-values)[:MOST], items).mean())
    assert np.mean(recalls) >= 0.9


def test_under_a_narrow_filter_every_cluster_is_read(directions: FloatArray) -> None:
    allowed = np.zeros(len(directions), dtype=np.bool_)
    allowed[::199] = True
    query = directions[7]
    items = found(directions, query, allowed, np.zeros(0, dtype=np.int32))
    clearly = np.flatnonzero(allowed & (directions @ query > 0.05))
    assert allowed[items].all() and np.isin(clearly, items).all()


def test_what_came_later_is_read_whatever_the_direction(directions: FloatArray) -> None:
    allowed = np.ones(len(directions), dtype=np.bool_)
    for newer in range(N_ITEMS, N_ITEMS + NEWER):
        assert newer in found(directions, directions[newer], allowed, np.zeros(0, dtype=np.int32))
