"""Weights that ship: small, with a card that says what they were trained on, and honest about what they miss."""

from __future__ import annotations

import pytest

from bottega.models.blocks.cards import read_card
from bottega.models.blocks.shipped import weights_of
from bottega.models.vision.eye.eye import Eye

MODELS = sorted(path.name for path in weights_of("vision").iterdir() if path.is_dir())


@pytest.mark.parametrize("name", MODELS)
def test_weights_are_small_and_have_a_card(name: str) -> None:
    folder = weights_of("vision") / name
    assert sum(path.stat().st_size for path in folder.iterdir()) <= 8_000_000
    card = read_card(folder)
    first = ["name", "version", "trained_on", "split", "seed", "train_s", "device", "measures", "bars"]
    assert list(card)[: len(first)] == first and card["name"] == name and card["measures"]


def test_the_eye_knows_its_heads_and_whom_it_has_not_seen() -> None:
    eye, card = Eye.shipped(), read_card(weights_of("vision") / "eye")
    assert {"category", "subcategory", "type", "gender", "color", "usage", "photo_kind"} <= eye.heads.keys()
    assert eye.version == card["version"] and len(card["split"]["held_out_ids"]) == 16
    assert {"type_top1", "ece"} <= card["measures"].keys()


def test_nobody_is_warned_of_bars_who_only_opens_a_model() -> None:
    bars = read_card(weights_of("vision") / "eye")["bars"]
    assert any(not bar["met"] for bar in bars.values()), "the card tells which bars it missed"
    Eye.shipped()  # a warning would be an error here
