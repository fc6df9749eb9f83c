"""The judge that ships: small, with a card that says what it was taught and how its fences stand."""

from __future__ import annotations

import numpy as np

from bottega.models.blocks.cards import read_card
from bottega.models.blocks.shipped import shipped_folder
from bottega.models.judge.judge import Judge
from bottega.models.judge.recipe import HEADS


def test_it_is_small_and_has_a_card() -> None:
    folder = shipped_folder("judge", "judge")
    assert sum(path.stat().st_size for path in folder.iterdir()) <= 4_000_000
    card = read_card(folder)
    first = ["name", "version", "trained_on", "split", "seed", "train_s", "device", "measures", "bars"]
    assert list(card)[: len(first)] == first and card["name"] == "judge"
    assert all(bar["met"] for bar in card["bars"].values())
    assert card["version"] == Judge.shipped().version


def test_it_tells_pictures_apart() -> None:
    judge = Judge.shipped()
    assert tuple(judge.config.classes) == HEADS
    seen = judge.look(np.stack([np.full((64, 64, 3), 255, np.uint8), np.zeros((64, 64, 3), np.uint8)]))
    assert np.isfinite(seen.features).all() and np.abs(seen.features[0] - seen.features[1]).max() > 0.1
    assert all(np.allclose(chances.sum(1), 1, atol=1e-4) for chances in seen.chances.values())
