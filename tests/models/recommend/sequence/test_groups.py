"""Groups of directions: every item in one of them, like beside like."""

from __future__ import annotations

import numpy as np

from bottega.models.recommend.sequence.groups import Groups


def test_every_item_stands_once_and_like_stands_beside_like() -> None:
    rng = np.random.default_rng(0)
    ways = np.eye(8, dtype=np.float32)[rng.integers(0, 8, 400)] + 0.05 * rng.normal(size=(400, 8)).astype(np.float32)
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    groups = Groups.of(ways)
    assert sorted(groups.order.tolist()) == list(range(400))
    assert groups.starts[0] == 0 and groups.starts[-1] == 400 and len(groups.starts) == len(groups.centres) + 1
    means = []
    for first, end in zip(groups.starts[:-1].tolist(), groups.starts[1:].tolist(), strict=True):
        here = ways[groups.order[first:end]]
        if len(here) > 1:
            means.append(float((here @ here.T).mean()))
    assert np.mean(means) > 0.9 > float((ways @ ways.T).mean())


def test_no_items_are_one_empty_group() -> None:
    groups = Groups.of(np.zeros((0, 4), np.float32))
    assert groups.starts.tolist() == [0, 0] and groups.centres.shape == (1, 4)
