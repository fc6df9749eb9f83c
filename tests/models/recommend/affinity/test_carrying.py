"""Which attributes carry taste: what shoppers stick to does, what is drawn at random does not, nor does a copy."""

from __future__ import annotations

import numpy as np

from bottega.datasets.arrays import Features, Histories
from bottega.models.recommend.affinity.carrying import carrying, proposed

COLORS, N_ITEMS = 5, 200


def shop(seed: int, *, loyal: float) -> tuple[Histories, Features]:
    """Three hundred shoppers of ten choices; `loyal` of them are of the shopper's own colour."""
    rng = np.random.default_rng(seed)
    color = rng.integers(COLORS, size=N_ITEMS)
    values = [
        [f"color={color[item]}", f"code={color[item] + 70}", f"size={rng.integers(3)}", f"serial={item // 2}"]
        for item in range(N_ITEMS)
    ]
    items = []
    for _ in range(300):
        own = np.flatnonzero(color == rng.integers(COLORS))
        items += [int(rng.choice(own)) if rng.random() < loyal else int(rng.integers(N_ITEMS)) for _ in range(10)]
    n = len(items)
    histories = Histories(
        np.arange(0, n + 1, 10),
        np.array(items, dtype=np.int32),
        np.ones(n, dtype=np.int8),
        np.arange(n, dtype=np.int64),
        N_ITEMS,
    )
    return histories, Features.from_attributes(values)


def test_what_shoppers_stick_to_carries_taste_and_its_copy_is_named() -> None:
    found = {one.name: one for one in carrying(*shop(1, loyal=0.7))}
    assert proposed(list(found.values())) in (["color"], ["code"])
    first, copy = ("color", "code") if not found["color"].copy_of else ("code", "color")
    assert found[copy].copy_of == first
    assert found[first].sure and 0.3 < found[first].bits < np.log2(COLORS) and found[first].coverage == 1.0
    assert not found["size"].sure and abs(found["size"].bits) < 0.02
    assert not found["serial"].sure, "a value of its own for every thing tells nothing of the next"


def test_chance_alone_carries_nothing() -> None:
    for seed in range(5):
        found = carrying(*shop(seed, loyal=0.0))
        assert [one.name for one in found if one.bits > 0.02] == []


def test_coming_back_to_a_thing_is_no_taste() -> None:
    histories, features = shop(2, loyal=0.0)
    again = np.repeat(histories.items, 2)
    twice = Histories(histories.offsets * 2, again, np.ones(len(again), np.int8), np.arange(len(again)), N_ITEMS)
    once, doubled = carrying(histories, features), carrying(twice, features)
    assert [(one.name, round(one.bits, 6)) for one in once] == [(one.name, round(one.bits, 6)) for one in doubled]


def test_nothing_chosen_and_nothing_known() -> None:
    histories, _ = shop(3, loyal=0.5)
    assert carrying(histories, Features.empty(N_ITEMS)) == []
    nobody = histories.keep(np.zeros(histories.n_events, dtype=np.bool_))
    assert all(one.bits == 0 and not one.sure for one in carrying(nobody, shop(3, loyal=0.5)[1]))
