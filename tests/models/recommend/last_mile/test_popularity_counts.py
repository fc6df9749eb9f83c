"""How many shoppers chose each item."""

from __future__ import annotations

from pathlib import Path

import pytest

from bottega.datasets.arrays import Histories
from bottega.errors import ModelFileBroken
from bottega.models.recommend.last_mile.popularity_counts import count_shoppers, load_counts, save_counts


def test_each_shopper_counts_once() -> None:
    histories = Histories.from_lists([[0, 1, 0], [], [1, 1], [3]], n_items=5)
    assert count_shoppers(histories).tolist() == [1, 2, 0, 1, 0]
    assert count_shoppers(Histories.from_lists([], n_items=0)).tolist() == []


def test_saved_and_loaded(tmp_path: Path) -> None:
    counts = count_shoppers(Histories.from_lists([[0, 2], [2]], n_items=3))
    save_counts(counts, tmp_path / "shoppers.json")
    assert load_counts(tmp_path / "shoppers.json").tolist() == [1, 0, 2]
    (tmp_path / "shoppers.json").write_text("[1,")
    with pytest.raises(ModelFileBroken, match=r"shoppers\.json"):
        load_counts(tmp_path / "shoppers.json")
