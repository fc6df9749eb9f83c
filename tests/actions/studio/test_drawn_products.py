"""Real products of a drawn picture: the most alike, and of those first what is worn in the same place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.actions.search.test_photo import COLOURS, PlainEye, drawn

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
    assert found.items[0].product_id == first and len(found.items) == 2
    assert found.as_asked == (1 if kind in ("Shirts", "Jeans") else 0)


def test_the_colour_asked_for_comes_first_and_the_nearest_picture_among_equals(
    tmp_path: Path, ships: Callable[..., None], plain_parts: type
) -> None:
    ships(eye=PlainEye(), parts=plain_parts(), words=None)
    shown: dict[str, tuple[str, str, tuple[str, ...]]] = {
        "a": ("Shirts", "red", ("green",)),
        "b": ("Shirts", "blue", ("green",)),
        "c": ("Shirts", "red", ("red",)),
    }
    shown |= {"untold": ("Shirts", "green", ()), "bag": ("Bags", "red", ("green",))}
    with ShopFolder.open(tmp_path) as folder:
        folder.images.mkdir()
        for name, (category, paint, said) in shown.items():
            paints = np.asarray(drawn("Bags", paint))
            green = (paints == COLOURS["green"]).all(axis=2, keepdims=True)  # as lists of colours have it
            Image.fromarray(np.where(green, np.array([46, 139, 87], np.uint8), paints)).save(
                folder.images / f"{name}.png"
            )
            facts: dict[str, tuple[str, ...]] = {"color": said} if said else {}
            product = Product(id=name, title=name, category=(category,), images=(f"{name}.png",), attributes=facts)
            folder.store.products.upsert([product])
    picture = np.asarray(drawn("Bags", "blue").convert("RGB"))
    with OpenShop.open(tmp_path) as shop:
        asked = real_products(shop, [picture], ["Shirts"], 5, None, colour="Green")[0]
        anything = real_products(shop, [picture], ["Shirts"], 5, None)[0]
        nowhere = real_products(shop, [picture], ["Bicycles"], 5, None, colour="Green")[0]
    found = [hit.product_id for hit in asked.items]
    assert found[:3] == ["b", "untold", "a"], "called green, or green on its photo; the nearest to a blue picture first"
    assert asked.as_asked == 3 and found[3:] == ["c", "bag"], "another colour before another type"
    assert anything.items[0].product_id == "b" and anything.as_asked == 4
    assert nowhere.as_asked == 0 and len(nowhere.items) == 5, "a type that the shop has not"
