"""Like this, but ...: the kind stays, what was asked for moves, and what the shop lacks is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from bottega.actions.search.shapes import LikeBut, SearchAnswer, SearchRequest
from bottega.actions.search.words import search_text
from bottega.catalogue.product import Product
from bottega.models.vision.eye.eye import Eye
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.shelf.product_reader import ProductReader

ATTRIBUTES: dict[str, tuple[str, ...]] = {"material": ("leather",), "gender": ("women",), "size": ("38",)}


def boots(name: str, colour: str, **changes: object) -> Product:
    fields: dict[str, object] = {
        "id": name,
        "title": f"Hazel {colour} boots",
        "brand": "Nord",
        "category": ("Shoes", "Boots"),
        "price_minor": 9000,
        "currency": "EUR",
    }
    attributes = {**ATTRIBUTES, "color": (colour,), **changes.pop("attributes", {})}  # type: ignore[dict-item]
    return Product.model_validate(fields | changes | {"attributes": attributes})


def other(name: str, title: str, category: tuple[str, ...], colour: str, price: int = 2000) -> Product:
    return Product.model_validate(
        {
            "id": name,
            "title": title,
            "category": category,
            "price_minor": price,
            "currency": "EUR",
            "attributes": {"color": (colour,)},
        }
    )


CATALOGUE = [
    boots("brown", "brown"),
    boots("red-men", "red", attributes={"gender": ("men",)}),
    boots("red", "red"),
    boots("burgundy", "burgundy", price_minor=7000),
    boots("black-suede", "black", attributes={"material": ("suede",)}, price_minor=11000),
    boots("black-two", "navy", attributes={"color": ("navy", "black")}),
    boots("black-42", "black", attributes={"size": ("42",)}),
    other("red-headphones", "Red headphones", ("Electronics", "Headphones"), "red"),
    other("red-tote", "Red canvas tote", ("Bags", "Totes"), "red"),
    other("green-mug", "Green mug", ("Kitchen", "Mugs"), "green"),
    other("black-mug", "Black mug", ("Kitchen", "Mugs"), "black"),
    other("olive-mug", "Olive mug", ("Kitchen", "Mugs"), "olive", 1500),
    other("lone", "Sandstone vase", ("Home", "Vases"), "sand"),
]


@pytest.fixture
def shop(tmp_path: Path, ships: Callable[..., None]) -> Iterator[OpenShop]:
    ships(eye=Eye.fresh({"color": ["red", "blue"]}, [], rng=np.random.default_rng(0)), words=None)
    with ShopFolder.open(tmp_path / "shop") as folder:
        folder.store.products.upsert(CATALOGUE)
    with OpenShop.open(tmp_path / "shop") as opened:
        yield opened


def but(shop: OpenShop, product: str, text: str, n: int = 10) -> tuple[list[str], SearchAnswer]:
    answer = search_text(shop, SearchRequest(product_id=product, text=text, n=n))
    return [item.product_id for item in answer.items], answer


def told(answer: SearchAnswer) -> LikeBut:
    assert answer.like is not None
    return answer.like


BOOTS = {one.id for one in CATALOGUE if one.category[-1] == "Boots"}


@pytest.mark.parametrize("text", ["red", "but red", "rot", "en rouge", "rojo", "rosso", "a red one please"])
def test_the_kind_stays_and_the_colour_moves(shop: OpenShop, text: str) -> None:
    found, answer = but(shop, "brown", text)
    assert found[:2] == ["red", "red-men"], "for women first, as the product is"
    assert set(found) <= BOOTS - {"brown"}, "no headphones, no tote"
    assert answer.close_from == 2 and told(answer).kind == ["Shoes", "Boots"] and told(answer).remark == ""
    assert all(item.score >= 0.5 for item in answer.items[:2]) and all(item.score < 0.5 for item in answer.items[2:])


def test_what_the_shop_lacks_is_said_and_the_nearest_colour_shown(shop: OpenShop) -> None:
    found, answer = but(shop, "brown", "crimson")
    assert answer.close_from == 0 and found[:2] == ["red", "red-men"]
    [moved] = told(answer).changed
    assert (moved.words, moved.of, moved.found, moved.nearest[:1]) == ("crimson", "colour", 0, ["red"])
    assert told(answer).remark.startswith("Nothing in Boots is crimson; nearest colour: red")
    found, _ = but(shop, "green-mug", "dark green")
    assert found == ["olive-mug", "black-mug"], "by distance: olive is nearer to a dark green than black is"


def test_a_second_colour_comes_after_the_first(shop: OpenShop) -> None:
    found, answer = but(shop, "brown", "black")
    assert answer.close_from == 3 and found[2] == "black-two", "it is called navy, and has some black"


@pytest.mark.parametrize("text", ["cheaper", "günstiger", "moins cher", "más barato", "più economico", "under 80"])
def test_cheaper_is_less_than_this_one(shop: OpenShop, text: str) -> None:
    found, answer = but(shop, "brown", text)
    assert found[0] == "burgundy" and answer.close_from == 1 and set(found) <= BOOTS
    _, answer = but(shop, "burgundy", text if text != "under 80" else "under 8")
    assert answer.close_from == 0 and told(answer).remark.startswith("Nothing in Boots costs that")


def test_several_at_once(shop: OpenShop) -> None:
    found, answer = but(shop, "brown", "black suede, more expensive")
    assert found[0] == "black-suede" and answer.close_from == 1
    _, answer = but(shop, "brown", "red suede")
    assert answer.close_from == 0 and told(answer).remark == "Nothing in Boots is all of that at once: red, suede."


@pytest.mark.parametrize("text", ["size 42", "in Größe 42", "taille 42", "a size larger"])
def test_sizes(shop: OpenShop, text: str) -> None:
    found, answer = but(shop, "brown", text)
    assert found[0] == "black-42" and answer.close_from == 1


def test_not_this_and_another(shop: OpenShop) -> None:
    _, answer = but(shop, "brown", "not black")
    close = [item.product_id for item in answer.items[: answer.close_from]]
    assert set(close) == {"red", "red-men", "burgundy"}
    _, answer = but(shop, "black-42", "another colour")
    close = [item.product_id for item in answer.items[: answer.close_from]]
    assert set(close) == {"brown", "red", "red-men", "burgundy"}


def test_another_kind_is_another_kind(shop: OpenShop) -> None:
    found, answer = but(shop, "red", "a mug")
    assert set(found) == {"green-mug", "black-mug", "olive-mug"} and told(answer).kind == ["mug"]


def test_the_only_one_of_its_kind_says_so(shop: OpenShop) -> None:
    _, answer = but(shop, "lone", "red")
    assert told(answer).remark.startswith("Nothing else here is of its kind")


def test_where_nobody_says_what_a_thing_is_its_title_does(shop: OpenShop) -> None:
    shop.upsert(
        [
            Product(id="t1", title="Blue scarf", attributes={"color": ("blue",)}),
            Product(id="t2", title="Red scarf", attributes={"color": ("red",)}),
            Product(id="t3", title="Red hat, to be worn with a scarf", attributes={"color": ("red",)}),
        ]
    )
    found, answer = but(shop, "t1", "red")
    assert found[0] == "t2" and "t3" not in found and told(answer).kind[-1] == "scarf"


def test_a_shop_of_nonsense_words_does_just_as_well(shop: OpenShop) -> None:
    kinds = [("Zub", "Grells"), ("Zub", "Plonts")]
    shop.upsert(
        [
            Product(id=f"{kind[-1]}-{hue}", title=f"{hue} {kind[-1]}", category=kind, attributes={"vorp": (hue,)})
            for kind in kinds
            for hue in ("mizzle", "trake", "yarb")
        ]
    )
    found, answer = but(shop, "Grells-mizzle", "yarb")
    assert found == ["Grells-yarb", "Grells-trake"] and answer.close_from == 1


def test_products_that_are_compared_are_not_read(shop: OpenShop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds are compared for a page of a few: what the shelf holds of them is enough."""
    but(shop, "brown", "red")  # the catalogue is read once, for the index
    read: list[str] = []
    of = ProductReader.of

    def counted(self: ProductReader, ids: Sequence[str], revisions: Sequence[int]) -> list[Product]:
        read.extend(ids)
        return of(self, ids, revisions)

    monkeypatch.setattr(ProductReader, "of", counted)
    assert but(shop, "brown", "black")[0][2] == "black-two"
    assert set(read) == {"brown"}
