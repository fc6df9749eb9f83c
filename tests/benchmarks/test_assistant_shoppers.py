"""benchmarks/assistant_shoppers.py at toy size: a talk ends when the need is met; all arms have the same shoppers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant_shoppers import Need, measured, need_of
from bottega.catalogue.product import Product
from shoppers_words import LANGUAGES, line, word_in

LAMP = Product(
    id="lamp-1",
    title="Brass lamp",
    category=("Home", "Lamps"),
    price_minor=4000,
    currency="EUR",
    attributes={"color": ("red",), "material": ("brass",)},
)


@pytest.mark.parametrize(
    ("changed", "met"),
    [
        ({}, True),
        ({"attributes": {"color": ("blue",), "material": ("brass",)}}, False),
        ({"price_minor": 9000}, False),
        ({"category": ("Home", "Rugs")}, False),
    ],
)
def test_a_need_is_met_by_what_is_all_of_it(changed: dict[str, object], met: bool) -> None:
    need = need_of(LAMP, set(), np.random.default_rng(0))
    assert not need_of(LAMP, set(), np.random.default_rng(0), exact=True).met(LAMP.model_copy(update={"id": "x"}), LAMP)
    assert need.limit == 48.0
    assert need.met(LAMP.model_copy(update={"id": "lamp-2"} | changed), LAMP) is met


def test_of_a_title_only_the_product_itself_will_do() -> None:
    need = Need("brass lamp", (), None, exact=True)
    assert need.met(LAMP, LAMP) and not need.met(LAMP.model_copy(update={"id": "lamp-2"}), LAMP)


def test_values_are_said_in_the_language_where_the_lists_know_them() -> None:
    assert {line("color", language, word_in("Red", language)) for language in LANGUAGES} == {
        *("in red", "in rot", "en rouge", "en rojo", "in rosso")
    }
    assert word_in("Zorblax", "fr") == "zorblax"


def test_all_arms_are_of_the_same_shoppers(tmp_path: Path) -> None:
    told = measured("demo", tmp_path, 2, 0)
    assert told["shoppers"] == 2
    for arm in ("search", "anonymous", "known"):
        mean, low, high = told[f"{arm} found"]
        assert 0 <= low <= mean <= high <= 1 and 1 <= told[f"{arm} turns"][0] <= 8
