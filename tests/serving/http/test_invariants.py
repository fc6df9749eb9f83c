"""Whatever is asked, these hold: drawn requests against the promises of docs/api.md."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bottega.actions.intake.record_events import record_events
from bottega.actions.intake.shapes import RecordRequest
from bottega.actions.recommend.recommend import recommend
from bottega.actions.recommend.shapes import RecommendationRequest
from bottega.catalogue.product import Product
from bottega.shop.open_shop import OpenShop

CATEGORIES = ("Lamps", "Chairs", "Shirts", "Coffee", "Tea", "Soap")
some_ids = st.sampled_from(
    [f"{name.lower()}-{i}" for name in CATEGORIES if name != "Shirts" for i in range(3, 10)]
    + [f"shirts-{i}/{size}" for i in range(10) for size in "SM"]
    + ["shirts-4", "lamps/😀", "gone"]
)
filters = st.fixed_dictionaries(
    {},
    optional={
        "category": st.lists(st.sampled_from(CATEGORIES), min_size=1, max_size=2),
        "brand": st.sampled_from(["Nord", "sud"]),
        "attributes": st.fixed_dictionaries({"colour": st.sampled_from(["red", "blue"])}),
        "ids": st.lists(some_ids, max_size=6),
        "price_minor": st.fixed_dictionaries({"max": st.integers(900, 4000)}),
    },
)
asked = st.fixed_dictionaries(
    {
        "shopper": st.sampled_from(["s0", "s1", "s7", "buyer", "stranger"]),
        "n": st.integers(1, 70),
        "strict": st.booleans(),
        "group_by": st.sampled_from(["item_group_id", "category", "brand", "none"]),
    },
    optional={
        "filter": filters,
        "exclude_ids": st.lists(some_ids, max_size=4),
        "pin": st.lists(
            some_ids | st.fixed_dictionaries({"product_id": some_ids, "rank": st.integers(1, 80)}), max_size=4
        ),
        "boost": st.lists(st.fixed_dictionaries({"filter": filters, "add": st.floats(-2, 2)}), max_size=2),
        "diversity": st.floats(0, 1),
        "anchors": st.lists(some_ids, min_size=1, max_size=2),
        "strategy": st.sampled_from(["default", "content", "transitions", "popular"]),
    },
)


@pytest.fixture
def shop(trained: Path, tmp_path: Path) -> Iterator[OpenShop]:
    shutil.copytree(trained, tmp_path / "shop")
    with OpenShop.open(tmp_path / "shop") as opened:
        bought = [
            {"shopper_id": "buyer", "kind": "purchase", "product_id": name} for name in ("chairs-4", "shirts-5/S")
        ]
        record_events(opened, RecordRequest(events=bought))
        yield opened


def test_promises_hold_for_any_request(shop: OpenShop) -> None:
    products: dict[str, Product] = {product.id: product for product in shop.folder.store.products.all()}

    def group(name: str) -> str:
        return (products[name].group_id or name) if name in products else name

    def meets(product: Product, wanted: dict[str, Any]) -> bool:
        limit = wanted.get("price_minor", {}).get("max")
        return (
            ("category" not in wanted or bool(set(wanted["category"]) & set(product.category)))
            and ("brand" not in wanted or wanted["brand"].casefold() == (product.brand or "").casefold())
            and ("attributes" not in wanted or wanted["attributes"]["colour"] in product.attributes.get("colour", ()))
            and ("ids" not in wanted or bool({product.id, product.group_id} & set(wanted["ids"])))
            and (limit is None or (product.price_minor is not None and product.price_minor <= limit))
        )

    @settings(
        max_examples=120,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(fields=asked)
    def check(fields: dict[str, Any]) -> None:
        fields = dict(fields)
        anchors = fields.pop("anchors", [])
        if anchors:
            fields |= {"placement": "product", "product_ids": anchors}
        answer = recommend(shop, RecommendationRequest.model_validate(fields))
        shown = [item.product_id for item in answer.items]
        assert len(shown) == len(set(shown)) <= fields["n"]
        assert [item.rank for item in answer.items] == list(range(1, len(shown) + 1))
        assert all(products[name].recommendable for name in shown)
        assert not {group(name) for name in [*fields.get("exclude_ids", []), *anchors]} & {group(n) for n in shown}
        if fields["shopper"] == "buyer":
            assert not {"chairs-4", "shirts-5"} & {group(name) for name in shown}
        if fields["strict"]:
            assert all(meets(products[name], fields.get("filter", {})) for name in shown)
        if fields["group_by"] != "none":
            assert len({group(name) for name in shown}) == len(shown)
        unpinned = [products[item.product_id] for item in answer.items if item.source != "pin"]
        if fields["group_by"] == "category":
            assert len({product.category for product in unpinned}) == len(unpinned)
        if fields["group_by"] == "brand":
            assert len({product.brand for product in unpinned}) == len(unpinned)
        for item in answer.items:
            assert item.score == item.score and len(item.reasons) == 1 and item.reasons[0].text

    check()
