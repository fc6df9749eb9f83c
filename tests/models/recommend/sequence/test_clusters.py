"""Clusters of directions: every item in one of them, like beside like."""

from __future__ import annotations

import numpy as np

from bottega.models.recommend.sequence.clusters import Clusters


def test_every_item_stands_once_and_like_stands_beside_like() -> None:
    rng = np.random.default_rng(0)
    ways = np.eye(8, dtype=np.float32)[rng.integers(0, 8, 400)] + 0.05 * rng.normal(size=(400, 8)).astype(np.float32)
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    clusters = Clusters.of(ways)
    assert sorted(clusters.order.tolist()) == list(range(400))
    assert clusters.starts[0] == 0 and clusters.starts[-1] == 400 and len(clusters.starts) == len(clusters.centres) + 1
    means = []
    for first, end in zip(clusters.starts[:-1].tolist(), clusters.starts[1:].tolist(), strict=True):
        here = ways[clusters.order[first:end]]
        if len(here) > 1:
            means.append(float((here @ here.T).mean()))
    assert np.mean(means) > 0.9 > float((ways @ ways.T).mean())


def test_no_items_are_one_empty_cluster() -> None:
    clusters = Clusters.of(np.zeros((0, 4), np.float32))
    assert clusters.starts.tolist() == [0, 0] and clusters.centres.shape == (1, 4)
