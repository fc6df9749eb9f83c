"""Searches narrowed, sorted and read page by page, with counts of what else could be chosen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bottega.actions.search.shapes import Facet, SearchAnswer, SearchRequest
from bottega.actions.search.words import search_text
from bottega.catalogue.filter import Filter, PriceRange
from bottega.catalogue.product import Product
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop

COLOURS = ("red", "blue", "green", "black")


def mugs() -> Iterator[Product]:
    for number in range(60):
        yield Product(
            id=f"mug-{number}",
            title=f"Mug {COLOURS[number % 4]} no {number}",
            category=("Kitchen", "Mugs"),
            brand=("Ofen", "Lana", "Rund")[number % 3],
            price_minor=None if number == 7 else 500 + (number * 37) % 60 * 50,
            currency="EUR",
            attributes={"color": (COLOURS[number % 4],)},
        )
    yield Product(id="plate", title="Plate red", category=("Kitchen", "Plates"), attributes={"color": ("red",)})


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenShop]:
    folder = ShopFolder.open(tmp_path_factory.mktemp("shop"))
    folder.store.products.upsert(list(mugs()))
    with OpenShop(folder) as opened:
        yield opened


def asked(shop: OpenShop, text: str, **fields: object) -> SearchAnswer:
    return search_text(shop, SearchRequest.model_validate({"text": text, "n": 7} | fields))


def pages(shop: OpenShop, text: str, **fields: object) -> list[SearchAnswer]:
    found = [asked(shop, text, **fields)]
    while (after := found[-1].next) is not None:
        found.append(asked(shop, text, **fields, after=after))
    return found


def ids(answers: list[SearchAnswer]) -> list[str]:
    return [hit.product_id for answer in answers for hit in answer.items]


def facet(answer: SearchAnswer, name: str) -> Facet:
    return next(one for one in answer.facets if one.name == name)


def counts(answer: SearchAnswer, name: str) -> dict[str, int]:
    return {one.value: one.count for one in facet(answer, name).values}


def test_pages_hold_every_product_once_and_the_total_is_exact(shop: OpenShop) -> None:
    found = pages(shop, "mug")
    listed = ids(found)
    assert len(listed) == len(set(listed)) == found[0].total + found[0].close
    assert set(listed[:60]) == {f"mug-{number}" for number in range(60)} and found[0].total == 60
    assert [hit.rank for answer in found for hit in answer.items] == list(range(1, len(listed) + 1))
    assert sum(answer.close_from for answer in found) == 60
    assert ids(pages(shop, "mug", n=200)) == listed  # whatever the size of a page


@pytest.mark.parametrize(("sort", "key"), [("price_up", 1), ("price_down", -1)])
def test_prices_sort_what_was_asked_for_and_those_without_one_come_last(shop: OpenShop, sort: str, key: int) -> None:
    listed = ids(pages(shop, "red mug", sort=sort))
    prices = {product.id: product.price_minor for product in mugs()}
    red = [f"mug-{number}" for number in range(0, 60, 4)]
    assert listed[:15] == sorted(red, key=lambda name: (key * (prices[name] or 0), int(name[4:])))
    every = ids(pages(shop, "mug", sort=sort))
    assert every[59] == "mug-7"


def test_the_newest_come_first(shop: OpenShop) -> None:
    assert ids([asked(shop, "mug", sort="newest")]) == [f"mug-{number}" for number in range(59, 52, -1)]


def test_several_values_of_one_field_are_either_or_and_fields_go_together(shop: OpenShop) -> None:
    colours = Filter(attributes={"color": ["red", "blue"]})
    both = Filter(attributes={"color": ["red", "blue"]}, brand=["Ofen"])
    assert asked(shop, "mug", filter=colours).total == 30
    assert asked(shop, "mug", filter=both).total == 10
    assert asked(shop, "mug", filter=Filter(price_minor=PriceRange(min=1000, max=1500))).total == sum(
        product.price_minor is not None and 1000 <= product.price_minor <= 1500
        for product in mugs()
        if "mug" in product.id
    )


def test_a_chosen_value_leaves_the_counts_of_its_neighbours_and_narrows_the_others(shop: OpenShop) -> None:
    before = asked(shop, "mug", facets=True)
    assert counts(before, "color") == dict.fromkeys(COLOURS, 15)
    assert counts(before, "brand") == dict.fromkeys(("Ofen", "Lana", "Rund"), 20)
    after = asked(shop, "mug", facets=True, filter=Filter(attributes={"color": ["red"]}))
    assert counts(after, "color") == dict.fromkeys(COLOURS, 15)
    assert counts(after, "brand") == dict.fromkeys(("Ofen", "Lana", "Rund"), 5)
    assert [one.value for one in facet(after, "color").values if one.chosen] == ["red"]
    assert facet(after, "color").attribute and not facet(after, "brand").attribute
    # choosing what a count promised gives just so many
    for one in facet(after, "price").values:
        wanted = Filter(attributes={"color": ["red"]}, price_minor=one.price_minor)
        assert asked(shop, "mug", filter=wanted).total == one.count


def test_a_filter_alone_is_a_search_and_no_words_without_one_find_nothing(shop: OpenShop) -> None:
    assert asked(shop, "", filter=Filter(category=["Plates"])).total == 1
    assert asked(shop, "  ").items == [] and asked(shop, "").total == 0


def test_prices_alone_are_a_search(shop: OpenShop) -> None:
    assert asked(shop, "under 7").total == sum(
        product.price_minor is not None and product.price_minor <= 700 for product in mugs()
    )


def test_facets_are_counted_only_when_asked_for(shop: OpenShop) -> None:
    assert asked(shop, "mug").facets == []
