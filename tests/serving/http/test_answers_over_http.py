"""What an answer promises, over HTTP, on a real trained shop."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

NEVER = {"hidden", "out_of_stock", "discontinued"}


def view(shopper: str, product: str, **more: object) -> dict[str, object]:
    return {"shopper_id": shopper, "kind": "view", "product_id": product, **more}


def may_not_be_shown(door: Any) -> set[str]:
    products = door.answerer.shop.store.products.all()
    return {product.id for product in products if not product.recommendable}


def test_an_event_changes_the_very_next_answer(door: Any) -> None:
    before = door.ids(user_id="new", n=8)
    for product in ("chairs-0", "chairs-1"):
        assert door.post("/v1/events", view("new", product))["accepted"] == 1
    answer = door.ask(user_id="new", n=8)
    after = [item["item_id"] for item in answer["items"]]
    assert after != before and answer["fallback"] is None
    assert sum(name.startswith("chairs") for name in after) > sum(name.startswith("chairs") for name in before)


def test_a_new_shopper_gets_a_full_list_and_the_fallback_is_named(door: Any) -> None:
    answer = door.ask(user_id="nobody", n=12)
    assert len(answer["items"]) == 12 and answer["fallback"] == "popular"
    assert [item["rank"] for item in answer["items"]] == list(range(1, 13))
    assert len({item["item_id"] for item in answer["items"]}) == 12
    assert answer["model"]["name"] == "blend" and answer["model"]["events_seen"] == 400
    assert door.ask(placement="home")["fallback"] == "popular"


def test_what_must_not_be_shown_never_is(door: Any) -> None:
    never = may_not_be_shown(door)
    assert len(never) == 15
    pins = sorted(never)[:5]
    requests: list[dict[str, Any]] = [
        {"user_id": "s1"},
        {"user_id": "stranger"},
        {"placement": "product", "item_ids": ["tea-9"]},
        {"placement": "cart", "item_ids": ["coffee-0", "soap-1"]},
        {"placement": "category", "filter": {"category": ["Lamps"]}, "strict": False},
        {"user_id": "s2", "filter": {"ids": sorted(never)}, "strict": False},
        {"user_id": "s2", "pin": [*pins, {"item_id": "tea-8", "rank": 3}], "strict": False},
        {"user_id": "s3", "group_by": "none"},
        {"user_id": "s3", "strategy": "content"},
        {"user_id": "s3", "boost": [{"filter": {"ids": pins}, "add": 10}]},
    ]
    for request in requests:
        shown = set(door.ids(**request, n=60))
        assert not shown & never, request
    for anchor in ("tea-0", "tea-9", "shirts-1"):
        similar = door.post("/v1/similar", {"item_id": anchor, "n": 60})
        assert not {item["item_id"] for item in similar["items"]} & never


def test_hidden_a_moment_ago_is_gone(door: Any) -> None:
    first = door.ids(user_id="s1")[0]
    product = door.post("/v1/products/query", {"ids": [first]})["products"][0]
    assert door.post("/v1/products", {**product, "hidden": True})["updated"] == 1
    assert first not in door.ids(user_id="s1", n=60)
    assert door.post("/v1/products", {**product, "availability": "out_of_stock"})["updated"] == 1
    assert first not in door.ids(user_id="s1", n=60)
    assert door.post("/v1/products", product)["updated"] == 1
    assert first in door.ids(user_id="s1", n=60)


def test_the_anchor_never_recommends_itself_nor_its_variants(door: Any) -> None:
    own = {"shirts-1/S", "shirts-1/M"}
    for anchor in ("shirts-1/S", "shirts-1/M", "shirts-1"):
        for more in ({}, {"strict": False, "pin": ["shirts-1/M"]}, {"group_by": "none"}):
            asked = {"placement": "product", "item_ids": [anchor], "n": 60, **more}
            assert not own & set(door.ids(**asked))
        similar = door.post("/v1/similar", {"item_id": anchor, "n": 60})
        assert similar["items"] and not own & {item["item_id"] for item in similar["items"]}


def test_excluded_products_go_with_their_variants(door: Any) -> None:
    excluded = ["shirts-2/S", "tea-0", "lamps/😀"]
    shown = set(door.ids(user_id="s4", n=60, exclude_ids=excluded, pin=excluded, strict=False))
    assert shown and not shown & {*excluded, "shirts-2/M"}


def test_a_durable_is_not_offered_again_and_a_consumable_is(door: Any) -> None:
    def buy(product: str) -> None:
        door.post("/v1/events", {"shopper_id": "buyer", "kind": "purchase", "product_id": product})

    buy("chairs-1")
    buy("shirts-3/S")
    buy("coffee-1")
    shown = set(door.ids(user_id="buyer", n=60))
    assert not shown & {"chairs-1", "shirts-3/S", "shirts-3/M"}
    assert "coffee-1" in shown


def test_bought_durables_may_return_where_the_setting_says_so(trained: Path, open_door: Callable[..., Any]) -> None:
    door = open_door(trained, exclude_purchased_durables="false")
    door.post("/v1/events", {"shopper_id": "buyer", "kind": "purchase", "product_id": "chairs-1"})
    answer = door.ask(user_id="buyer", n=60)
    assert "chairs-1" in [item["item_id"] for item in answer["items"]]
    assert answer["fallback"] == "padded:seen"


def test_products_seen_come_back_only_when_nothing_else_is_left(door: Any) -> None:
    door.post("/v1/events", [view("short", f"chairs-{i}") for i in range(3)])
    asked = {"placement": "category", "filter": {"category": "Chairs"}, "user_id": "short"}
    assert not {f"chairs-{i}" for i in range(3)} & set(door.ids(**asked, n=4))
    answer = door.ask(**asked, n=7)
    shown = [item["item_id"] for item in answer["items"]]
    assert answer["fallback"] == "padded:seen" and set(shown[4:]) == {f"chairs-{i}" for i in range(3)}


def test_a_product_of_a_second_ago_appears_in_full_lists(door: Any) -> None:
    fresh = {"id": "tea/new ☕", "title": "Tea number 99", "category": ["Food", "Tea"], "brand": "Nord"}
    assert door.post("/v1/products", fresh)["added"] == 1
    door.post("/v1/events", [view("t", "tea-0"), view("t", "tea-2")])
    answer = door.ask(user_id="t", n=10)
    found = next(item for item in answer["items"] if item["item_id"] == fresh["id"])
    assert len(answer["items"]) == 10
    assert found["reasons"][0]["code"] == "new_in_taste"
    assert found["reasons"][0]["evidence"][0]["item_id"] in {"tea-0", "tea-2"}
    similar = door.post("/v1/similar", {"item_id": fresh["id"], "n": 5})["items"]
    assert [item["item_id"].startswith("tea") for item in similar] == [True] * 5
    beside = door.ask(placement="product", item_ids=[fresh["id"]], n=5)
    assert beside["fallback"] == "content" and len(beside["items"]) == 5
    assert fresh["id"] in door.ids(user_id="a stranger", n=10)


def test_unknown_fields_are_named(door: Any) -> None:
    error = door.ask(422, placements="home")["error"]
    assert error["code"] == "request_invalid" and "'placements'" in error["seen"] and "placement" in error["allowed"]
    error = door.ask(422, filter={"colour": "red"})["error"]
    assert "'filter.colour'" in error["seen"] and "price_minor" in error["allowed"] and "not" in error["allowed"]
    error = door.ask(422, boost=[{"filter": {}, "factor": 2}])["error"]
    assert "factor" in error["seen"] and "multiply" in error["allowed"]
    error = door.ask(422, n=0)["error"]
    assert "'n' is 0" in error["seen"]
    error = door.post("/v1/similar", {"item": "tea-0"}, 422)["error"]
    assert "'item'" in error["message"] or "item_id" in error["message"]
    for content_type, words in (("application/json", "not JSON"), ("text/plain", "did not come as JSON")):
        headers = {"X-API-Key": door.key, "Content-Type": content_type}
        response = door.client.post("/v1/recommendations", content=b"{", headers=headers)
        assert response.status_code == 422 and words in response.json()["error"]["seen"]


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"placement": "product"}, "item_ids is empty"),
        ({"placement": "home", "item_ids": ["tea-0"]}, "item_ids has 1"),
        ({"placement": "category"}, "filter.category is missing"),
    ],
)
def test_placements_say_what_they_need(door: Any, request_: dict[str, Any], words: str) -> None:
    assert words in door.ask(422, **request_)["error"]["seen"]


def test_an_unknown_strategy_lists_those_there_are(door: Any) -> None:
    error = door.ask(404, strategy="magic")["error"]
    assert error["code"] == "model_unknown" and "item_neighbours" in error["allowed"]


def test_validate_only_checks_and_answers_nothing(door: Any) -> None:
    answer = door.ask(validate_only=True, exclude_ids=["tea-0", "gone"], pin=["lost"], filter={"ids": ["away"]})
    assert answer["items"] == [] and answer["missing_ids"] == ["gone", "lost", "away"]
    door.ask(404, validate_only=True, strategy="magic")


def test_unknown_ids_are_listed_and_do_no_harm(door: Any) -> None:
    answer = door.ask(placement="product", item_ids=["gone"], n=5)
    assert answer["missing_ids"] == ["gone"] and len(answer["items"]) == 5 and answer["fallback"] == "popular"


def test_strict_decides_whether_a_short_list_is_filled(door: Any) -> None:
    narrow = {"category": "Chairs", "price_minor": {"max": 1600}}
    strict = door.ask(filter=narrow, n=8)
    assert {item["item_id"] for item in strict["items"]} == {"chairs-0", "chairs-1", "chairs-2"}
    loose = door.ask(filter=narrow, n=8, strict=False)
    assert len(loose["items"]) == 8 and loose["fallback"] is not None
    inside = {item["item_id"] for item in loose["items"][:3]}
    assert inside == {"chairs-0", "chairs-1", "chairs-2"}
    assert {item["source"] for item in loose["items"][3:]} == {"popular"}
    door.post("/v1/events", view("one", "chairs-1"))
    named = {"user_id": "one", "strategy": "item_neighbours", "filter": {"category": "Soap"}}
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
    shown = door.ask(user_id="s1", n=6, pin=["soap-3", {"item_id": "tea-4", "rank": 4}])["items"]
    assert [shown[0]["item_id"], shown[3]["item_id"]] == ["soap-3", "tea-4"]
    assert shown[0]["source"] == "pin" and shown[0]["reasons"][0]["code"] == "pinned"
    assert len({item["item_id"] for item in shown}) == 6
    outside = {"pin": ["soap-3"], "filter": {"category": "Tea"}, "n": 3}
    assert "soap-3" not in door.ids(**outside)
    assert door.ids(**outside, strict=False)[0] == "soap-3"


def test_boosts_raise_and_sink(door: Any) -> None:
    usual = door.ids(user_id="s1", n=10, diversity=0)
    lifted = door.ids(user_id="s1", n=10, diversity=0, boost=[{"filter": {"category": "Chairs"}, "add": 2}])
    assert all(name.startswith("chairs") for name in lifted[:3]) and not usual[0].startswith("chairs")
    first = usual[0]
    sunk = door.ids(user_id="s1", n=10, diversity=0, boost=[{"filter": {"ids": [first]}, "multiply": 0}])
    assert first not in sunk


def test_diversity_spreads_the_list(door: Any) -> None:
    door.post("/v1/events", [view("d", f"tea-{i}") for i in range(3)])

    def categories(dial: float) -> int:
        shown = door.ask(user_id="d", n=8, diversity=dial, return_product=True)["items"]
        return len({tuple(item["product"]["category"]) for item in shown})

    assert categories(1.0) > categories(0.0)


def test_groups_stand_once(door: Any) -> None:
    by_group = door.ids(user_id="s0", n=60)
    shirts = [name.split("/")[0] for name in by_group if name.startswith("shirts")]
    assert shirts and len(shirts) == len(set(shirts))
    variants = door.ids(user_id="stranger", n=60, group_by="none", filter={"category": "Shirts"})
    assert len(variants) == 20
    shown = door.ask(user_id="s0", n=60, group_by="category", return_product=True)["items"]
    categories = [item["product"]["category"][1] for item in shown]
    assert len(categories) == len(set(categories)) == 6
    brands = door.ask(user_id="s0", n=60, group_by="brand", return_product=True)["items"]
    assert len(brands) == 3


def test_scores_fall_and_products_come_on_request(door: Any) -> None:
    items = door.ask(user_id="s5", n=10, diversity=0, return_product=True)["items"]
    scored = [item["score"] for item in items if item["source"] not in ("new", "popular")]
    assert all(first >= second for first, second in pairwise(scored))
    assert items[0]["product"]["id"] == items[0]["item_id"] and items[0]["product"]["title"]
    assert door.ask(user_id="s5")["items"][0]["product"] is None


def test_reasons_rest_on_this_shoppers_own_events(door: Any) -> None:
    for shopper in ("s0", "s1", "s2", "s7"):
        own = {event.product_id for event in door.answerer.shop.store.events.of_shopper(shopper, 500)}
        answer = door.ask(user_id=shopper, n=20)
        codes = set()
        for item in answer["items"]:
            [reason] = item["reasons"]
            codes.add(reason["code"])
            products = [evidence for evidence in reason["evidence"] if "item_id" in evidence]
            assert all(one["item_id"] in own and one["kind"] and one["time_ms"] > 0 for one in products)
            assert all(one["title"] in reason["text"] for one in products[:2])
        assert codes & {"because_you_bought", "because_you_viewed"}
    assert door.ask(user_id="s0", explain=False)["items"][0]["reasons"] == []


def test_without_the_evidence_the_reason_is_another(door: Any) -> None:
    door.post("/v1/events", [view("a", "tea-0"), view("b", "tea-0"), view("b", "soap-0")])
    wanted = {"filter": {"category": "Soap"}, "n": 5}
    with_soap = door.ask(user_id="b", **wanted)["items"]
    without = door.ask(user_id="a", **wanted)["items"]
    named = [e.get("item_id") for item in with_soap for e in item["reasons"][0]["evidence"]]
    assert "soap-0" in named
    assert "soap-0" not in [e.get("item_id") for item in without for e in item["reasons"][0]["evidence"]]


def test_beside_a_product_the_reason_names_it(door: Any) -> None:
    items = door.ask(placement="product", item_ids=["tea-0"], n=5)["items"]
    codes = {item["reasons"][0]["code"] for item in items}
    assert codes <= {"goes_with", "similar_to", "popular"} and codes & {"goes_with", "similar_to"}
    for item in items:
        for evidence in item["reasons"][0]["evidence"]:
            assert evidence.get("item_id", "tea-0") == "tea-0" and "kind" not in evidence


def test_a_cart_gets_complements(door: Any) -> None:
    beside = door.ids(placement="product", item_ids=["chairs-0"], n=6, diversity=0)
    cart = door.ids(placement="cart", item_ids=["chairs-0"], n=6, diversity=0)
    assert sum(name.startswith("chairs") for name in cart) < sum(name.startswith("chairs") for name in beside)


def test_odd_ids_travel_everywhere(door: Any) -> None:
    for name in ("lamps/a b", "lamps/😀", "lamps?x=1&y=%2F"):
        assert door.ask(placement="product", item_ids=[name], n=3)["missing_ids"] == []
        assert door.post("/v1/similar", {"item_id": name})["items"]
        assert door.ids(pin=[name])[0] == name
        assert door.post("/v1/products/query", {"ids": [name]})["products"][0]["id"] == name
        answer = door.post("/v1/events", view("shopper/ä 😀", name))
        assert answer["unknown_products"] == []
    assert door.ask(user_id="shopper/ä 😀")["fallback"] is None


def test_sessions_and_anonymous_ids_have_histories(door: Any) -> None:
    door.post("/v1/events", {"session_id": "sess", "kind": "view", "product_id": "tea-0"})
    assert door.ask(session_id="sess")["fallback"] is None
    assert door.ask(user_id="unheard of", session_id="sess")["fallback"] is None
    door.post("/v1/events", {"anonymous_id": "cookie", "kind": "view", "product_id": "tea-1"})
    assert door.ask(user_id="cookie")["fallback"] is None
    door.post("/v1/events", {"anonymous_id": "cookie", "shopper_id": "kim", "kind": "view", "product_id": "tea-2"})
    evidence = [e for item in door.ask(user_id="kim")["items"] for e in item["reasons"][0]["evidence"]]
    assert {"tea-1", "tea-2"} >= {e["item_id"] for e in evidence if "item_id" in e} != set()
    assert door.ids(user_id="cookie") == door.ids(user_id="kim")
