"""The merchant's rules, over HTTP, on a real trained shop: what may be shown, where, and how far apart."""

from __future__ import annotations

from typing import Any


def view(shopper: str, product: str, **more: object) -> dict[str, object]:
    return {"shopper_id": shopper, "kind": "view", "product_id": product, **more}


def may_not_be_shown(door: Any) -> set[str]:
    products = door.shop.folder.store.products.all()
    return {product.id for product in products if not product.recommendable}


def test_what_must_not_be_shown_never_is(door: Any) -> None:
    never = may_not_be_shown(door)
    assert len(never) == 15
    pins = sorted(never)[:5]
    requests: list[dict[str, Any]] = [
        {"shopper": "s1"},
        {"shopper": "stranger"},
        {"placement": "product", "product_ids": ["tea-9"]},
        {"placement": "cart", "product_ids": ["coffee-0", "soap-1"]},
        {"placement": "category", "filter": {"category": ["Lamps"]}, "strict": False},
        {"shopper": "s2", "filter": {"ids": sorted(never)}, "strict": False},
        {"shopper": "s2", "pin": [*pins, {"product_id": "tea-8", "rank": 3}], "strict": False},
        {"shopper": "s3", "group_by": "none"},
        {"shopper": "s3", "strategy": "content"},
        {"shopper": "s3", "boost": [{"filter": {"ids": pins}, "add": 10}]},
    ]
    for request in requests:
        shown = set(door.ids(**request, n=60))
        assert not shown & never, request
    for anchor in ("tea-0", "tea-9", "shirts-1"):
        similar = door.post("/v1/similar", {"product_id": anchor, "n": 60})
        assert not {item["product_id"] for item in similar["items"]} & never


def test_hidden_a_moment_ago_is_gone(door: Any) -> None:
    first = door.ids(shopper="s1")[0]
    product = door.post("/v1/products/query", {"ids": [first]})["products"][0]
    assert door.post("/v1/products", {**product, "hidden": True})["updated"] == 1
    assert first not in door.ids(shopper="s1", n=60)
    assert door.post("/v1/products", {**product, "availability": "out_of_stock"})["updated"] == 1
    assert first not in door.ids(shopper="s1", n=60)
    assert door.post("/v1/products", product)["updated"] == 1
    assert first in door.ids(shopper="s1", n=60)


def test_excluded_products_go_with_their_variants(door: Any) -> None:
    excluded = ["shirts-2/S", "tea-0", "lamps/😀"]
    shown = set(door.ids(shopper="s4", n=60, exclude_ids=excluded, pin=excluded, strict=False))
    assert shown and not shown & {*excluded, "shirts-2/M"}


def test_strict_decides_whether_a_short_list_is_filled(door: Any) -> None:
    narrow = {"category": "Chairs", "price_minor": {"max": 1600}}
    strict = door.ask(filter=narrow, n=8)
    assert {item["product_id"] for item in strict["items"]} == {"chairs-0", "chairs-1", "chairs-2"}
    loose = door.ask(filter=narrow, n=8, strict=False)
    assert len(loose["items"]) == 8 and loose["fallback"] is not None
    inside = {item["product_id"] for item in loose["items"][:3]}
    assert inside == {"chairs-0", "chairs-1", "chairs-2"}
    assert {item["source"] for item in loose["items"][3:]} == {"popular"}
    door.post("/v1/events", view("one", "chairs-1"))
    named = {"shopper": "one", "strategy": "item_neighbours", "filter": {"category": "Soap"}}
    assert len(door.ids(**named, n=7)) < 7 == len(door.ids(**named, n=7, strict=False))
    assert door.ask(**named, n=7, strict=False)["fallback"] == "padded:popular"


def test_filters_combine(door: Any) -> None:
    def shown(**wanted: Any) -> set[str]:
        return set(door.ids(filter=wanted, n=60))

    assert shown(category="food > tea", brand="NORD") == {"tea-0", "tea-3", "tea-6"}
    assert shown(category=["Tea"], attributes={"colour": "red"}) == {"tea-0", "tea-2", "tea-4", "tea-6"}
    assert shown(category=["Tea"], **{"not": {"attributes": {"colour": ["red"]}}}) == {"tea-1", "tea-3", "tea-5"}
    assert shown(category="Tea", price_minor={"min": 1300, "max": 1600}) == {"tea-1", "tea-2"}
    assert shown(ids=["shirts-1", "tea-1", "tea-9"]) == {"shirts-1/S", "tea-1"}
    assert shown(attributes={"size": "M"}, ids=["shirts-1", "shirts-2"]) == {"shirts-1/M", "shirts-2/M"}
    assert shown(availability="preorder") == set()


def test_pins_stand_at_their_ranks(door: Any) -> None:
    shown = door.ask(shopper="s1", n=6, pin=["soap-3", {"product_id": "tea-4", "rank": 4}])["items"]
    assert [shown[0]["product_id"], shown[3]["product_id"]] == ["soap-3", "tea-4"]
    assert shown[0]["source"] == "pin" and shown[0]["reasons"][0]["code"] == "pinned"
    assert len({item["product_id"] for item in shown}) == 6
    outside = {"pin": ["soap-3"], "filter": {"category": "Tea"}, "n": 3}
    assert "soap-3" not in door.ids(**outside)
    assert door.ids(**outside, strict=False)[0] == "soap-3"


def test_boosts_raise_and_sink(door: Any) -> None:
    usual = door.ids(shopper="s1", n=10, diversity=0)
    lifted = door.ids(shopper="s1", n=10, diversity=0, boost=[{"filter": {"category": "Chairs"}, "add": 2}])
    assert all(name.startswith("chairs") for name in lifted[:3]) and not usual[0].startswith("chairs")
    first = usual[0]
    sunk = door.ids(shopper="s1", n=10, diversity=0, boost=[{"filter": {"ids": [first]}, "multiply": 0}])
    assert first not in sunk


def test_diversity_spreads_the_list(door: Any) -> None:
    door.post("/v1/events", [view("d", f"tea-{i}") for i in range(3)])

    def categories(dial: float) -> int:
        shown = door.ask(shopper="d", n=8, diversity=dial, return_product=True)["items"]
        return len({tuple(item["product"]["category"]) for item in shown})

    assert categories(1.0) > categories(0.0)


def test_groups_stand_once(door: Any) -> None:
    by_group = door.ids(shopper="s0", n=60)
    shirts = [name.split("/")[0] for name in by_group if name.startswith("shirts")]
    assert shirts and len(shirts) == len(set(shirts))
    variants = door.ids(shopper="stranger", n=60, group_by="none", filter={"category": "Shirts"})
    assert len(variants) == 20
    shown = door.ask(shopper="s0", n=60, group_by="category", return_product=True)["items"]
    categories = [item["product"]["category"][1] for item in shown]
    assert len(categories) == len(set(categories)) == 6
    brands = door.ask(shopper="s0", n=60, group_by="brand", return_product=True)["items"]
    assert len(brands) == 3
