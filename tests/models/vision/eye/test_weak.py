"""Weak labels: named by the title and possible, or sure."""

from __future__ import annotations

import numpy as np

from bottega.models.vision.eye.weak import named_classes, weak_labels

CLASSES = ("Blue", "Navy Blue", "Red")


def words(*titles: str) -> list[frozenset[str]]:
    return [frozenset(title.split()) for title in titles]


def test_the_longest_name_wins() -> None:
    found = named_classes(words("navy blue shirt", "blue shirt", "shirt"), CLASSES)
    assert found.tolist() == [[False, True, False], [True, False, False], [False, False, False]]


def test_plurals_meet() -> None:
    found = named_classes(words("nike tshirt", "a watch", "casual shoe"), ("Tshirts", "Watches", "Casual Shoes"))
    assert found.tolist() == np.eye(3, dtype=bool).tolist()


def test_named_and_possible_or_sure_where_the_title_is_silent() -> None:
    chances = np.array(
        [
            [0.95, 0.03, 0.02],  # sure, title silent
            [0.95, 0.03, 0.02],  # sure, title says red
            [0.60, 0.20, 0.20],  # likely, title agrees
            [0.60, 0.20, 0.20],  # likely, title silent
            [0.40, 0.30, 0.30],  # a guess, title says another class
            [0.50, 0.30, 0.20],  # title names two
        ],
        dtype=np.float32,
    )
    titles = words("shirt", "red shirt", "blue shirt", "shirt", "red shirt", "red navy blue shirt")
    assert weak_labels(chances, CLASSES, titles) == ("Blue", "", "Blue", "", "Red", "Navy Blue")
