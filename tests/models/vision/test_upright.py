"""Upright: turned photos are told from others, an unsure answer is none, files come back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bottega.errors import ModelFileBroken
from bottega.models.blocks.cards import read_card
from bottega.models.blocks.shipped import shipped_folder
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.upright import TURNS, Upright, turned


def lessons(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Features of three kinds, each about a point of its own."""
    turns = rng.integers(0, 3, n).astype(np.int32)
    return (np.eye(3, 12)[turns] * 3 + rng.normal(0, 0.5, (n, 12))).astype(np.float32), turns


def test_three_kinds_are_told_apart_and_only_sure_ones_are_said() -> None:
    rng = np.random.default_rng(0)
    upright = Upright.fitted(*lessons(rng, 300), eye="e-1")
    features, turns = lessons(rng, 200)
    chances = upright.chances(features)
    assert chances.shape == (200, len(TURNS)) and np.allclose(chances.sum(1), 1, atol=1e-5)
    assert (chances.argmax(1) == turns).mean() > 0.95
    said = upright.sure_at(0.9).is_turned(features)
    assert said[turns != 0].mean() > 0.8 and not said[turns == 0].any()
    assert not upright.is_turned(features).any(), "before a limit is set it says nothing"


def test_files_come_back(tmp_path: Path) -> None:
    features, turns = lessons(np.random.default_rng(1), 100)
    upright = Upright.fitted(features, turns, eye="e-1").sure_at(0.8)
    upright.save(tmp_path)
    again = Upright.load(tmp_path)
    assert again.config == upright.config
    np.testing.assert_allclose(again.chances(features), upright.chances(features), atol=0.01)
    (tmp_path / "arrays.npz").write_bytes(b"no")
    with pytest.raises(ModelFileBroken):
        Upright.load(tmp_path)


def test_turning_four_times_is_nothing() -> None:
    squares = np.random.default_rng(2).integers(0, 255, (3, 8, 8, 3)).astype(np.uint8)
    once = turned(squares, 1)
    assert (once[:, 0, 0] == squares[:, 0, -1]).all() and (turned(once, 3) == squares).all()


def test_the_shipped_one_fits_the_shipped_eye() -> None:
    upright, folder = Upright.shipped(), shipped_folder("vision", "upright")
    assert upright.config.eye == Eye.shipped().version and 0.5 < upright.config.sure < 1
    measures = read_card(folder)["measures"]
    assert measures["upright_called_turned"] <= 0.02 and measures["side_found"] > 0.7
    assert sum(path.stat().st_size for path in folder.iterdir()) < 60_000
