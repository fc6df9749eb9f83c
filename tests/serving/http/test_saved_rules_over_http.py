"""Saved rules over HTTP: the next list heeds them; the log of answers keeps what they did, the audit log who it was."""

from __future__ import annotations

from typing import Any


def test_a_rule_is_kept_with_the_answers_that_it_acted_on_and_with_who_made_it(door: Any) -> None:
    pin = {"id": "spring", "kind": "pin", "product_ids": ["soap-3", "tea-4"], "rank": 2, "placements": ["home"]}
    hide = {"id": "no-lamps", "kind": "hide", "products": {"category": ["Lamps"]}}
    assert door.post("/v1/rules", pin)["created"] and door.post("/v1/rules", hide)["created"]
    answer = door.ask(shopper="s1", n=6)
    assert [one["product_id"] for one in answer["items"]][1:3] == ["soap-3", "tea-4"]
    category = door.ask(placement="category", filter={"category": ["Tea"]}, n=3)
    door.client.app.state.door.answers._flush()
    kept = door.shop.store.answers.of_recommendation(answer["recommendation_id"])
    assert kept.rules == {"no-lamps": [], "spring": [1, 2]}, "places of what it set; none of what it kept out"
    assert door.shop.store.answers.of_recommendation(category["recommendation_id"]).rules is None
    assert door.post("/v1/rules/undo", {"id": "spring"})["rule"] is None
    assert door.post("/v1/rules/remove", {"id": "no-lamps"})["id"] == "no-lamps"
    assert door.ask(shopper="s1", n=6)["rules"] == []
    changes = door.client.get("/v1/audit", headers={"X-API-Key": door.key}).json()["changes"]
    assert [(one["verb"], one["what"]) for one in reversed(changes)] == [
        ("save_rule", "id: spring; product_ids: soap-3, tea-4"),
        ("save_rule", "id: no-lamps"),
        ("undo_rule", "id: spring"),
        ("remove_rule", "id: no-lamps"),
    ]
    shown = door.client.get("/v1/rules/show?id=spring", headers={"X-API-Key": door.key}).json()
    assert {one["who"] for one in shown["versions"]} == {changes[0]["who"]}, "its history names the same"
