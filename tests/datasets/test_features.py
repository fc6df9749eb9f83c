"""Features: columns learnt once hold products that come later."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bottega.catalogue.product import Product
from bottega.datasets.features import FeatureSpace, words_of

RED_MUG = Product(
    id="1",
    title="Red mug",
    brand="Ofen",
    category=("Kitchen", "Mugs"),
    attributes={"color": ("red",)},
    price_minor=1250,
)
BLUE_MUG = Product(
    id="2", title="Blue mug", brand="Ofen", category=("Kitchen", "Mugs"), attributes={"color": ("blue",)}
)
RED_LAMP = Product(
    id="3",
    title="Red lamp",
    category=("Living", "Lamps"),
    attributes={"color": ("red",)},
    price_minor=900,
    currency="JPY",
)
PLANT = Product(id="4", title="Fern", category=("Living", "Plants"))


def space() -> FeatureSpace:
    return FeatureSpace.learn([[RED_MUG], [BLUE_MUG], [RED_LAMP], [PLANT]])


def test_columns_are_what_two_items_share() -> None:
    assert space().attribute_names == (
        "brand=Ofen",
        "category=Kitchen",
        "category=Kitchen > Mugs",
        "category=Living",
        "color=red",
    )
    assert space().words == ("mug", "red")
    assert space().category_names == ("Kitchen > Mugs", "Living > Lamps", "Living > Plants")


def test_rows_hold_values_text_prices_and_categories() -> None:
    features = space().arrays([[RED_MUG], [RED_LAMP], [PLANT]])
    assert features.attributes.toarray().tolist() == [[1, 1, 1, 0, 1], [0, 0, 0, 1, 1], [0, 0, 0, 1, 0]]
    text = features.text.toarray()
    assert text[0] == pytest.approx([np.sqrt(0.5), np.sqrt(0.5)]), "mug and red are in two items of four each"
    assert text[1] == pytest.approx([0, 1]) and text[2] == pytest.approx([0, 0])
    assert features.prices[0] == 12.5 and features.prices[1] == 900, "yen have no minor unit"
    assert np.isnan(features.prices[2])
    assert features.categories.tolist() == [0, 1, 2]


def test_a_later_product_uses_the_same_columns_and_unknown_values_are_left_out() -> None:
    later = Product(id="9", title="Red kettle", category=("Kitchen", "Kettles"), attributes={"color": ("red",)})
    stacked = space().arrays([[RED_MUG]]).stack(space().arrays([[later]]))
    assert stacked.attributes.toarray()[1].tolist() == [0, 1, 0, 0, 1]
    assert stacked.categories.tolist() == [0, -1]


def test_variants_are_one_row() -> None:
    features = space().arrays([[RED_MUG, BLUE_MUG.model_copy(update={"price_minor": 800})]])
    assert features.attributes.toarray().tolist() == [[1, 1, 1, 0, 1]]
    assert features.prices.tolist() == [8.0]


def test_a_saved_space_is_the_same(tmp_path: Path) -> None:
    space().save(tmp_path / "features.json")
    assert FeatureSpace.load(tmp_path / "features.json") == space()


def test_words_fold_width_and_case_and_keep_accents() -> None:
    assert words_of("Ｃafé-au-lait, 2 CUPS!") == ["café", "au", "lait", "cups"]


def test_vectors_of_another_room_are_stacked_as_well() -> None:
    one, two = (replace(space().arrays([[RED_MUG]]), vectors=np.full((1, 2), value, np.float32)) for value in (1, 2))
    stacked = one.stack(two).vectors
    assert stacked is not None and stacked.tolist() == [[1, 1], [2, 2]]
    assert one.stack(one).n_items == 2 and replace(one, vectors=None).stack(replace(two, vectors=None)).vectors is None
