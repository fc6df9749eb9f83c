"""One product whole, the catalogue in figures, and products by what is missing of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bottega.actions.intake.query_products import query_products
from bottega.actions.intake.shapes import ProductQuery, UpsertRequest
from bottega.actions.intake.upsert_products import upsert_products
from bottega.actions.products.product_shapes import CatalogueCountsRequest, ShowProductRequest
from bottega.actions.products.show_product import catalogue_counts, show_product
from bottega.actions.rules.save_rule import save_rule
from bottega.actions.rules.shapes import SaveRuleRequest
from bottega.actions.vision.shapes import DecisionRequest
from bottega.actions.vision.suggestions import decide_suggestions
from bottega.errors import ProductUnknown
from bottega.shop.open_shop import OpenShop
from bottega.store.suggestions import Suggestion, SuggestionKind

PRODUCTS: list[dict[str, Any]] = [
    {"id": "m", "title": "Red cotton shirt", "category": ["Clothes", "Shirts"], "brand": "Nord", "group_id": "shirt"},
    {"id": "l", "title": "Red cotton shirt L", "group_id": "shirt", "hidden": True, "brand": "Nord"},
    {"id": "lamp", "title": "Lamp", "description": "An oak lamp.", "price_minor": 500, "availability": "out_of_stock"},
]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenShop]:
    def about(kind: SuggestionKind, name: str, value: str, present: str | None = None) -> Suggestion:
        return Suggestion(kind, "m", name, value, 0.8, maker="eye", version="1", time_ms=1, present=present)

    with OpenShop.open(tmp_path_factory.mktemp("shop")) as opened:
        upsert_products(opened, UpsertRequest(products=PRODUCTS))
        opened.store.suggestions.put(
            [
                about(SuggestionKind.FILL, "fit", "slim"),
                about(SuggestionKind.FILL, "pattern", "striped"),
                about(SuggestionKind.DOUBT, "category", "Clothes > Tops", "Clothes > Shirts"),
            ]
        )
        decide_suggestions(opened, DecisionRequest.model_validate({"decision": "accept", "attribute": "fit"}))
        rules: list[dict[str, Any]] = [
            {"id": "nord", "kind": "boost", "products": {"brand": ["Nord"]}},
            {"id": "lamps", "kind": "hide", "product_ids": ["lamp"]},
            {"id": "beside", "kind": "related", "product_ids": ["lamp"], "anchor_ids": ["shirt"]},
        ]
        for rule in rules:
            save_rule(opened, SaveRuleRequest.model_validate(rule))
        yield opened


def test_a_product_with_who_says_what(shop: OpenShop) -> None:
    told = show_product(shop, ShowProductRequest(product_id="m"))
    assert [one.id for one in told.variants] == ["l"]
    said = {(one.key, one.value): one.said_by for one in told.facts}
    assert said["brand", "Nord"] == "merchant" and said["fit", "slim"] == "accepted"
    assert said["pattern", "striped"] == "eye"
    assert any(who == "title" for who in said.values())
    assert [(one.attribute, one.state) for one in told.suggestions] == [
        ("fit", "accepted"),
        ("pattern", "open"),
        ("category", "open"),
    ]
    assert {one.rule.id: one.how for one in told.rules} == {"nord": "about it", "beside": "beside it"}
    assert [(one.field, one.written) for one in told.texts] == [("title", False)]
    with pytest.raises(ProductUnknown):
        show_product(shop, ShowProductRequest(product_id="shirt"))


def test_the_catalogue_in_figures(shop: OpenShop) -> None:
    told = catalogue_counts(shop, CatalogueCountsRequest())
    assert (told.products, told.items, told.shown, told.hidden) == (3, 2, 1, 1)
    assert (told.without_picture, told.without_description, told.without_price) == (3, 2, 2)
    assert (told.with_doubts, told.with_suggestions, told.not_in_model) == (1, 1, None)
    assert told.availability == {"in_stock": 2, "out_of_stock": 1}
    assert [(one.value, one.count) for one in told.brands] == [("Nord", 2)]
    assert [(one.value, one.count) for one in told.categories] == [("Clothes > Shirts", 1)]


@pytest.mark.parametrize(
    ("only", "found"),
    [
        (["shown"], ["m"]),
        (["not_shown"], ["l", "lamp"]),
        (["hidden"], ["l"]),
        (["without_description"], ["m", "l"]),
        (["without_picture", "not_shown"], ["l", "lamp"]),
        (["without_price"], ["m", "l"]),
        (["with_doubts"], ["m"]),
        (["with_suggestions", "hidden"], []),
        (["not_in_model"], ["m", "l", "lamp"]),
    ],
)
def test_products_by_what_is_missing(shop: OpenShop, only: list[Any], found: list[str]) -> None:
    assert [one.id for one in query_products(shop, ProductQuery(only=only)).products] == found
    page = query_products(shop, ProductQuery(only=only, text="shirt", n=1))
    assert [one.id for one in page.products] == [name for name in found if name != "lamp"][:1]
