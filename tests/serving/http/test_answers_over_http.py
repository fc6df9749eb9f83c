"""What an answer promises, over HTTP, on a real trained shop."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest


def view(shopper: str, product: str, **more: object) -> dict[str, object]:
    return {"shopper_id": shopper, "kind": "view", "product_id": product, **more}


def test_an_event_changes_the_very_next_answer(door: Any) -> None:
    before = door.ids(shopper="new", n=8)
    for product in ("chairs-0", "chairs-1"):
        assert door.post("/v1/events", view("new", product))["accepted"] == 1
    answer = door.ask(shopper="new", n=8)
    after = [item["product_id"] for item in answer["items"]]
    assert after != before and answer["fallback"] is None
    assert sum(name.startswith("chairs") for name in after) > sum(name.startswith("chairs") for name in before)


def test_a_new_shopper_gets_a_full_list_and_the_fallback_is_named(door: Any) -> None:
    answer = door.ask(shopper="nobody", n=12)
    assert len(answer["items"]) == 12 and answer["fallback"] == "popular"
    assert [item["rank"] for item in answer["items"]] == list(range(1, 13))
    assert len({item["product_id"] for item in answer["items"]}) == 12
    assert answer["model"]["name"] == "blend" and answer["model"]["events_seen"] == 400
    assert door.ask(placement="home")["fallback"] == "popular"


def test_the_anchor_never_recommends_itself_nor_its_variants(door: Any) -> None:
    own = {"shirts-1/S", "shirts-1/M"}
    for anchor in ("shirts-1/S", "shirts-1/M", "shirts-1"):
        for more in ({}, {"strict": False, "pin": ["shirts-1/M"]}, {"group_by": "none"}):
            asked = {"placement": "product", "product_ids": [anchor], "n": 60, **more}
            assert not own & set(door.ids(**asked))
        similar = door.post("/v1/similar", {"product_id": anchor, "n": 60})
        assert similar["items"] and not own & {item["product_id"] for item in similar["items"]}


def test_a_durable_is_not_offered_again_and_a_consumable_is(door: Any) -> None:
    def buy(product: str) -> None:
        door.post("/v1/events", {"shopper_id": "buyer", "kind": "purchase", "product_id": product})

    buy("chairs-1")
    buy("shirts-3/S")
    buy("coffee-1")
    shown = set(door.ids(shopper="buyer", n=60))
    assert not shown & {"chairs-1", "shirts-3/S", "shirts-3/M"}
    assert "coffee-1" in shown


def test_bought_durables_may_return_where_the_setting_says_so(trained: Path, open_door: Callable[..., Any]) -> None:
    door = open_door(trained, exclude_purchased_durables="false")
    door.post("/v1/events", {"shopper_id": "buyer", "kind": "purchase", "product_id": "chairs-1"})
    answer = door.ask(shopper="buyer", n=60)
    assert "chairs-1" in [item["product_id"] for item in answer["items"]]
    assert answer["fallback"] == "padded:seen"


def test_products_seen_come_back_only_when_nothing_else_is_left(door: Any) -> None:
    door.post("/v1/events", [view("short", f"chairs-{i}") for i in range(3)])
    asked = {"placement": "category", "filter": {"category": "Chairs"}, "shopper": "short"}
    assert not {f"chairs-{i}" for i in range(3)} & set(door.ids(**asked, n=4))
    answer = door.ask(**asked, n=7)
    shown = [item["product_id"] for item in answer["items"]]
    assert answer["fallback"] == "padded:seen" and set(shown[4:]) == {f"chairs-{i}" for i in range(3)}


def test_a_product_of_a_second_ago_appears_in_full_lists(door: Any) -> None:
    fresh = {"id": "tea/new ☕", "title": "Tea number 99", "category": ["Food", "Tea"], "brand": "Nord"}
    assert door.post("/v1/products", fresh)["added"] == 1
    door.post("/v1/events", [view("t", "tea-0"), view("t", "tea-2")])
    answer = door.ask(shopper="t", n=10)
    found = next(item for item in answer["items"] if item["product_id"] == fresh["id"])
    assert len(answer["items"]) == 10
    assert found["reasons"][0]["code"] == "new_in_taste"
    assert found["reasons"][0]["evidence"][0]["product_id"] in {"tea-0", "tea-2"}
    similar = door.post("/v1/similar", {"product_id": fresh["id"], "n": 5})["items"]
    assert [item["product_id"].startswith("tea") for item in similar] == [True] * 5
    beside = door.ask(placement="product", product_ids=[fresh["id"]], n=5)
    assert beside["fallback"] == "content" and len(beside["items"]) == 5
    assert fresh["id"] in door.ids(shopper="a stranger", n=10)


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
    assert "'item'" in error["message"] or "product_id" in error["message"]
    # A beacon of a browser can send JSON as text/plain alone.
    words_of = {"application/json": "not JSON", "text/plain": "not JSON", "text/html": "did not come as JSON"}
    for content_type, words in words_of.items():
        headers = {"X-API-Key": door.key, "Content-Type": content_type}
        response = door.client.post("/v1/recommendations", content=b"{", headers=headers)
        assert response.status_code == 422 and words in response.json()["error"]["seen"]


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"placement": "product"}, "product_ids is empty"),
        ({"placement": "home", "product_ids": ["tea-0"]}, "product_ids has 1"),
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
    answer = door.ask(placement="product", product_ids=["gone"], n=5)
    assert answer["missing_ids"] == ["gone"] and len(answer["items"]) == 5 and answer["fallback"] == "popular"


def test_scores_fall_and_products_come_on_request(door: Any) -> None:
    items = door.ask(shopper="s5", n=10, diversity=0, return_product=True)["items"]
    scored = [item["score"] for item in items if item["source"] not in ("new", "popular")]
    assert all(first >= second for first, second in pairwise(scored))
    assert items[0]["product"]["id"] == items[0]["product_id"] and items[0]["product"]["title"]
    assert door.ask(shopper="s5")["items"][0]["product"] is None


def test_reasons_rest_on_this_shoppers_own_events(door: Any) -> None:
    for shopper in ("s0", "s1", "s2", "s7"):
        own = {event.product_id for event in door.shop.folder.store.events.of_shopper(shopper, 500)}
        answer = door.ask(shopper=shopper, n=20)
        codes = set()
        for item in answer["items"]:
            [reason] = item["reasons"]
            codes.add(reason["code"])
            products = [evidence for evidence in reason["evidence"] if "product_id" in evidence]
            assert all(one["product_id"] in own and one["kind"] and one["time_ms"] > 0 for one in products)
            assert all(one["title"] in reason["text"] for one in products[:2])
        assert codes & {"because_you_bought", "because_you_viewed"}
    assert door.ask(shopper="s0", explain=False)["items"][0]["reasons"] == []


def test_places_with_one_reason_are_grouped(door: Any) -> None:
    door.post("/v1/events", view("once", "tea-0"))
    for dial in (0, 1):
        answer = door.ask(shopper="once", n=8, reason_diversity=dial)
        groups = answer["reason_groups"]
        assert [one["reason_group"] for one in groups] == list(range(1, len(groups) + 1))
        assert [id for one in groups for id in one["product_ids"]] and sorted(
            id for one in groups for id in one["product_ids"]
        ) == sorted(item["product_id"] for item in answer["items"])
        for item in answer["items"]:
            group = groups[item["reason_group"] - 1]
            assert item["product_id"] in group["product_ids"] and item["reasons"][0]["code"] == group["code"]
        assert len({one["text"] for one in groups}) == len(groups)
    assert door.ask(shopper="once", explain=False)["reason_groups"] == []
    assert door.ask(shopper="once", explain=False)["items"][0]["reason_group"] is None


def test_without_the_evidence_the_reason_is_another(door: Any) -> None:
    door.post("/v1/events", [view("a", "tea-0"), view("b", "tea-0"), view("b", "soap-0")])
    wanted = {"filter": {"category": "Soap"}, "n": 5}
    with_soap = door.ask(shopper="b", **wanted)["items"]
    without = door.ask(shopper="a", **wanted)["items"]
    named = [e.get("product_id") for item in with_soap for e in item["reasons"][0]["evidence"]]
    assert "soap-0" in named
    assert "soap-0" not in [e.get("product_id") for item in without for e in item["reasons"][0]["evidence"]]


def test_beside_a_product_the_reason_names_it(door: Any) -> None:
    items = door.ask(placement="product", product_ids=["tea-0"], n=5)["items"]
    codes = {item["reasons"][0]["code"] for item in items}
    named = {"goes_with", "instead_of", "similar_to", "because_you_viewed"}
    assert codes <= {*named, "popular"} and codes & named
    assert not any(item["reasons"][0]["text"].startswith("Because you looked") for item in items), "it is before them"
    for item in items:
        for evidence in item["reasons"][0]["evidence"]:
            assert evidence.get("product_id", "tea-0") == "tea-0" and "kind" not in evidence


def test_a_cart_gets_complements(door: Any) -> None:
    beside = door.ids(placement="product", product_ids=["chairs-0"], n=6, diversity=0)
    cart = door.ids(placement="cart", product_ids=["chairs-0"], n=6, diversity=0)
    assert sum(name.startswith("chairs") for name in cart) < sum(name.startswith("chairs") for name in beside)


def test_odd_ids_travel_everywhere(door: Any) -> None:
    for name in ("lamps/a b", "lamps/😀", "lamps?x=1&y=%2F"):
        assert door.ask(placement="product", product_ids=[name], n=3)["missing_ids"] == []
        assert door.post("/v1/similar", {"product_id": name})["items"]
        assert door.ids(pin=[name])[0] == name
        assert door.post("/v1/products/query", {"ids": [name]})["products"][0]["id"] == name
        answer = door.post("/v1/events", view("shopper/ä 😀", name))
        assert answer["unknown_products"] == []
    assert door.ask(shopper="shopper/ä 😀")["fallback"] is None


def test_sessions_and_anonymous_ids_have_histories(door: Any) -> None:
    door.post("/v1/events", {"session_id": "sess", "kind": "view", "product_id": "tea-0"})
    assert door.ask(session_id="sess")["fallback"] is None
    assert door.ask(shopper="unheard of", session_id="sess")["fallback"] is None
    door.post("/v1/events", {"anonymous_id": "cookie", "kind": "view", "product_id": "tea-1"})
    assert door.ask(shopper="cookie")["fallback"] is None
    door.post("/v1/events", {"anonymous_id": "cookie", "shopper_id": "kim", "kind": "view", "product_id": "tea-2"})
    evidence = [e for item in door.ask(shopper="kim")["items"] for e in item["reasons"][0]["evidence"]]
    assert {"tea-1", "tea-2"} >= {e["product_id"] for e in evidence if "product_id" in e} != set()
    assert door.ids(shopper="cookie") == door.ids(shopper="kim")
