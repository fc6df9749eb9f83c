"""Floors of kinds: what is of a kind lies within one, what the shop lacks within none."""

from __future__ import annotations

import numpy as np

from bottega.models.vision.kind_floors import LEAST, KindFloors
from bottega.names import FloatArray, IntArray


def photos(kinds: int, each: int, *, seed: int = 0) -> tuple[FloatArray, IntArray, FloatArray]:
    """Unit vectors around as many centres, their kinds, and the centres."""
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((kinds, 16))
    kind = np.repeat(np.arange(kinds, dtype=np.int32), each)
    vectors = centres[kind] + 0.25 * rng.standard_normal((len(kind), 16)) * np.linspace(0.2, 3, 16)
    return _unit(vectors), kind, _unit(centres)


def _unit(vectors: np.ndarray) -> FloatArray:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def test_photos_of_its_kinds_lie_within_and_others_do_not() -> None:
    vectors, kind, _ = photos(6, 60)
    known, group = kind < 5, np.arange(len(kind), dtype=np.int32)
    train = known & (group % 3 > 0)
    floors = KindFloors.fit(vectors[train], kind[train], group[train], rng=np.random.default_rng(0))
    assert floors is not None
    mine = [(floors.within(vectors[at]), kind[at]) for at in np.flatnonzero(known & ~train)]
    assert np.mean([within[0].any() for within, _ in mine]) >= 0.9
    assert np.mean([within[1][0] == one for within, one in mine]) >= 0.95, "the nearest kind is its own"
    strange = [floors.within(vectors[at])[0].any() for at in np.flatnonzero(~known)]
    assert np.mean(strange) <= 0.05


def test_too_few_photos_or_one_kind_teach_nothing() -> None:
    vectors, kind, _ = photos(3, LEAST // 3)
    group = np.arange(len(kind), dtype=np.int32)
    rng = np.random.default_rng(0)
    assert KindFloors.fit(vectors, kind, group, rng=rng) is not None
    assert KindFloors.fit(vectors[1:], kind[1:], group[1:], rng=rng) is None
    assert KindFloors.fit(vectors, np.zeros_like(kind), group, rng=rng) is None


def test_kinds_of_one_photo_have_the_floor_of_all() -> None:
    vectors, kind, centres = photos(4, 30)
    lone = np.append(kind, np.int32(4))
    more = np.concatenate([vectors, _unit(np.random.default_rng(9).standard_normal((1, 16)))])
    floors = KindFloors.fit(more, lone, np.arange(len(lone), dtype=np.int32), rng=np.random.default_rng(0))
    assert floors is not None and np.isfinite(floors.floors).all() and floors.within(more[-1])[0][4]
    assert floors.within(centres[0])[1][0] == 0
