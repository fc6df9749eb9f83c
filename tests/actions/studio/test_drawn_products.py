"""Real products of a drawn picture: the most alike, and of those first what is worn in the same place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.actions.search.test_photo import PlainEye, drawn

from bottega.actions.studio.drawn_products import real_products
from bottega.catalogue.product import Product
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop


@pytest.mark.parametrize(
    ("kind", "first"), [("", "jeans"), ("Shirts", "shirt"), ("Jeans", "jeans"), ("Bracelet", "jeans")]
)
def test_what_is_worn_in_the_same_place_comes_first(
    kind: str, first: str, tmp_path: Path, ships: Callable[..., None], plain_parts: type
) -> None:
    ships(eye=PlainEye(), parts=plain_parts(), words=None)
    with ShopFolder.open(tmp_path) as folder:
        folder.images.mkdir()
        for name, colour in (("jeans", "red"), ("shirt", "blue")):
            drawn("Bags", colour).save(folder.images / f"{name}.png")
            product = Product(id=name, title=name, category=(name.capitalize(),), images=(f"{name}.png",))
            folder.store.products.upsert([product])
    picture = np.asarray(drawn("Bags", "red").convert("RGB"))
    with OpenShop.open(tmp_path) as shop:
        (found,) = real_products(shop, [picture], [kind], 2, None)
    assert found[0].product_id == first and len(found) == 2
