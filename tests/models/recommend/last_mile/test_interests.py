"""Interests in words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from bottega.datasets.arrays import Features
from bottega.errors import ModelFileBroken
from bottega.models.recommend.last_mile.interests import Searches, interests, rank_chances

WORDS = ("oak", "lamp", "mug", "red", "40")
TEXT = np.array(
    [[1, 1, 0, 0, 1], [1, 1, 0, 0, 1], [0, 1, 0, 1, 0], [0, 0, 1, 1, 0], [0, 0, 1, 0, 0], [0, 0, 0, 1, 0]],
    dtype=np.float32,
)
FEATURES = replace(
    Features.empty(6),
    text=sparse.csr_matrix(TEXT / np.linalg.norm(TEXT, axis=1, keepdims=True)),
    words=WORDS,
    categories=np.array([0, 0, 0, 1, 1, -1], dtype=np.int32),
    category_names=("Home > Lamps", "Kitchen > Mugs"),
)
SEARCHES = Searches(
    texts=("lamp", "oak lamp", "mug"),
    search=np.array([0, 0, 0, 1, 1, 2], dtype=np.int32),
    item=np.array([0, 1, 2, 0, 1, 3], dtype=np.int32),
    shoppers=np.array([30, 30, 300, 40, 30, 9], dtype=np.int32),
)


def items(*codes: int) -> np.ndarray:
    return np.array(codes, dtype=np.int32)


def test_categories_share_the_chances_and_words_set_them_apart() -> None:
    chances = np.array([0.4, 0.4, 0.2], dtype=np.float32)
    lamps, mugs = interests(items(0, 1, 3), chances, FEATURES, SEARCHES)
    assert (lamps.category, mugs.category) == (0, 1)
    assert (lamps.share, mugs.share) == pytest.approx((0.8, 0.2))
    assert lamps.words[0] == "oak" and "40" not in lamps.words and "mug" not in lamps.words
    assert mugs.words[0] == "mug"


def test_searches_that_led_here_rather_than_elsewhere() -> None:
    (lamps,) = interests(items(0, 1), rank_chances(2), FEATURES, SEARCHES)
    assert lamps.searches == ("oak lamp", "lamp")  # most who searched "lamp" went on to product 2
    (red,) = interests(items(2), rank_chances(1), FEATURES, SEARCHES)
    assert red.searches == ("lamp",)
    assert interests(items(2), rank_chances(1), FEATURES, Searches.none())[0].searches == ()


def test_products_without_category_or_words_and_no_products() -> None:
    (nameless,) = interests(items(5), rank_chances(1), FEATURES, SEARCHES)
    assert (nameless.category, nameless.share, nameless.searches) == (-1, 1.0, ())
    assert interests(items(), rank_chances(0), FEATURES, SEARCHES) == []
    bare = Features.from_attributes([["a"]])
    assert interests(items(0), rank_chances(1), bare, Searches.none())[0].words == ()


def test_a_small_share_is_no_interest() -> None:
    told = interests(items(0, 3), np.array([0.99, 0.01], dtype=np.float32), FEATURES, SEARCHES)
    assert [one.category for one in told] == [0]


def test_searches_are_saved_whole(tmp_path: Path) -> None:
    SEARCHES.save(tmp_path / "searches.json")
    again = Searches.load(tmp_path / "searches.json")
    assert again.texts == SEARCHES.texts
    assert (again.matrix(6).toarray() == SEARCHES.matrix(6).toarray()).all()
    assert Searches.load(tmp_path / "absent.json").texts == ()
    (tmp_path / "searches.json").write_text("{}")
    with pytest.raises(ModelFileBroken, match=r"searches\.json"):
        Searches.load(tmp_path / "searches.json")
