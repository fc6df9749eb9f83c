"""Weights that ship: small, with a card that says what they were trained on, and honest about what they miss."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest

from bottega.models.blocks import shipped
from bottega.models.blocks.shipped import BarMissed, read_card, shipped_folder, weights_of
from bottega.models.vision.eye.eye import Eye

MODELS = sorted(path.name for path in weights_of("vision").iterdir() if path.is_dir())


@pytest.mark.parametrize("name", MODELS)
def test_weights_are_small_and_have_a_card(name: str) -> None:
    folder = weights_of("vision") / name
    assert sum(path.stat().st_size for path in folder.iterdir()) <= 8_000_000
    card = read_card(folder)
    assert {"name", "seed", "trained_on"} <= card.keys()


def test_the_eye_knows_its_heads_and_whom_it_has_not_seen() -> None:
    eye, card = Eye.shipped(), read_card(weights_of("vision") / "eye")
    assert {"category", "subcategory", "type", "gender", "color", "usage", "photo_kind"} <= eye.heads.keys()
    assert eye.version == card["version"] and len(card["split"]["held_out_ids"]) == 16
    assert {"type_top1", "ece"} <= card["measures"].keys()


def test_a_missed_bar_is_said_and_a_met_one_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "weights_of", lambda room: tmp_path)
    bars = {"type_top1": {"value": 0.81, "bar": 0.88, "met": False}, "ece": {"value": 0.02, "bar": 0.03, "met": True}}
    (tmp_path / "eye").mkdir()
    (tmp_path / "eye" / "card.json").write_text(json.dumps({"bars": bars}))
    with pytest.warns(BarMissed, match=r"The shipped eye missed: type_top1 0.81 \(aim 0.88\)\.$"):
        shipped_folder("vision", "eye")
    bars["type_top1"]["met"] = True
    (tmp_path / "eye" / "card.json").write_text(json.dumps({"bars": bars}))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        shipped_folder("vision", "eye")
