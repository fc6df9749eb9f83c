"""Where nothing is all that was asked for, a search says what would find something."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bottega.actions.search.shapes import SearchAnswer, SearchHelp, SearchRequest
from bottega.actions.search.words import search_text
from bottega.catalogue.filter import Filter
from bottega.catalogue.product import Product
from bottega.events.event import Event
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop


def products() -> Iterator[Product]:
    for number in range(12):
        colour = ("red", "blue")[number % 2]
        yield Product(
            id=f"teapot-{number}",
            title=f"Teapot {colour} {number}",
            category=("Kitchen", "Teapots"),
            price_minor=2000 + 100 * number,
            currency="EUR",
            attributes={"color": (colour,)},
        )
    for number in range(6):
        yield Product(
            id=f"mug-{number}",
            title=f"Mug purple {number}",
            category=("Kitchen", "Mugs"),
            price_minor=900,
            currency="EUR",
            attributes={"color": ("purple",)},
        )
    yield Product(id="chair", title="Rocking chair", category=("Furniture", "Chairs"), price_minor=9000, currency="EUR")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenShop]:
    folder = ShopFolder.open(tmp_path_factory.mktemp("shop"))
    folder.store.products.upsert(list(products()))
    folder.store.events.add(
        [
            Event.model_validate(
                {"kind": "purchase", "shopper_id": f"s{n}", "product_id": "teapot-7", "time_ms": 10**12}
            )
            for n in range(3)
        ]
    )
    with OpenShop(folder) as opened:
        yield opened


def asked(shop: OpenShop, text: str, **fields: object) -> SearchAnswer:
    return search_text(shop, SearchRequest.model_validate({"text": text} | fields))


def helped(shop: OpenShop, text: str, **fields: object) -> SearchHelp:
    answer = asked(shop, text, **fields)
    assert answer.total == 0 and answer.help is not None
    return answer.help


def test_each_word_left_away_is_told_with_what_remains(shop: OpenShop) -> None:
    told = helped(shop, "purple teapot")
    assert [(one.changed, one.text, one.total) for one in told.left_away] == [
        ("purple", "teapot", 12),
        ("teapot", "purple", 6),
    ]
    for one in told.left_away:
        assert asked(shop, one.text).total == one.total  # searching for it keeps the promise
    assert "Without “purple”: 12 products; without “teapot”: 6 products." in told.said


def test_the_price_is_left_away_too(shop: OpenShop) -> None:
    told = helped(shop, "red teapot under 5")
    assert [(one.changed, one.total) for one in told.left_away] == [("the price", 6)]


def test_the_nearest_kind_and_what_sells_there(shop: OpenShop) -> None:
    told = helped(shop, "purple teapot")
    assert [kind.label for kind in told.kinds] == ["Teapots", "Mugs"] and told.kinds[0].count == 12
    assert told.popular[0].product_id == "teapot-7"  # three shoppers bought it
    assert {hit.product_id.split("-")[0] for hit in told.popular} == {"teapot"}
    armchair = helped(shop, "sofa")
    assert [kind.value for kind in armchair.kinds] == ["Furniture > Chairs"]
    assert [hit.product_id for hit in armchair.popular] == ["chair"]


def test_the_nearest_spelling_is_told_where_it_is_too_far_to_be_read(shop: OpenShop) -> None:
    told = helped(shop, "hockingg")
    assert [(one.changed, one.text, one.total) for one in told.spelt] == [("hockingg", "rocking", 1)]
    assert "Nearest spelling: “rocking” (1)." in told.said


def test_the_same_conditions_hold_for_what_is_told(shop: OpenShop) -> None:
    told = helped(shop, "purple teapot", filter=Filter(attributes={"color": ["red", "blue"]}))
    assert [(one.changed, one.total) for one in told.left_away] == [("purple", 12)]
    assert told.said[0] == "Nothing here is all of “purple teapot” under these conditions."


def test_words_that_mean_nothing_get_what_is_popular(shop: OpenShop) -> None:
    told = helped(shop, "qzqzqz")
    assert told.said == ["Nothing here is all of “qzqzqz”."] and told.kinds == []
    assert told.popular[0].product_id == "teapot-7"


def test_who_finds_something_needs_no_help(shop: OpenShop) -> None:
    assert asked(shop, "teapot").help is None
    assert asked(shop, "purple teapot", after=3).help is None
    assert asked(shop, "").help is None
