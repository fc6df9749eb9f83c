"""A product line is told by titles without their colours, whatever the shop calls a colour."""

from __future__ import annotations

import pytest

from bottega.catalogue.attributes import ALIASES
from bottega.catalogue.product import Product
from bottega.datasets.photos.shop_photos import lines_of


@pytest.mark.parametrize("name", ALIASES["color"])
def test_titles_that_agree_but_for_their_colours_are_one_line(name: str) -> None:
    products = [
        Product(id="1", title="Brook shirt navy blue", attributes={name: ("Navy Blue",)}),
        Product(id="2", title="Brook shirt green", attributes={name: ("Green",)}),
        Product(id="3", title="Brook skirt green", attributes={name: ("Green",)}),
    ]
    lines = lines_of(products)
    assert lines[0] == lines[1] != lines[2]
