"""Affinities over HTTP: a posted event and a declared taste are in the next answer; a stranger gets the average."""

from __future__ import annotations

from typing import Any

import pytest


def ask(door: Any, shopper: str, **query: Any) -> dict[str, Any]:
    params = {"shopper": shopper, **query}
    response = door.client.get("/v1/affinities", params=params, headers={"X-API-Key": door.key})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def values(answer: dict[str, Any], attribute: str) -> dict[str, dict[str, Any]]:
    group = next(group for group in answer["groups"] if group["attribute"] == attribute)
    return {value["value"]: value for value in group["values"]}


def test_a_stranger_gets_the_shop_s_average(door: Any) -> None:
    answer = ask(door, "nobody", n=200)
    assert answer["basis"] == "shop average" and answer["events_known"] == 0
    assert {"category", "colour", "price"} <= {group["attribute"] for group in answer["groups"]}
    for group in answer["groups"]:
        for head in ("view", "purchase"):
            assert sum(value[head] for value in group["values"]) == pytest.approx(1.0, abs=0.01)
        assert all(value["lift"] == 1.0 and value["events"] == 0 for value in group["values"])


def test_a_known_shopper_is_drawn_to_what_they_take(door: Any) -> None:
    answer = ask(door, "s0", n=200)  # looks at lamps, buys one coffee again and again
    assert answer["basis"] == "events" and answer["events_known"] > 5
    found = values(answer, "category")
    assert found["Home > Lamps"]["lift"] > 1.2 > 1.0 > found["Bath > Soap"]["lift"]
    assert found["Home > Lamps"]["events"] == 5 and found["Bath > Soap"]["events"] == 0
    assert found["Food > Coffee"]["purchase"] > found["Food > Tea"]["purchase"]


def test_an_event_of_a_moment_ago_counts(door: Any) -> None:
    before = values(ask(door, "new", n=200), "category")["Bath > Soap"]
    door.post("/v1/events", [{"anonymous_id": "new", "kind": "view", "product_id": f"soap-{i}"} for i in range(3)])
    answer = ask(door, "new", n=200)
    after = values(answer, "category")["Bath > Soap"]
    assert answer["basis"] == "events" and after["events"] == 3 and after["view"] > 1.2 * before["view"]


def test_a_declared_taste_counts_at_once_and_fades_as_events_come(door: Any) -> None:
    answer = door.post("/v1/affinities/declare", {"shopper": "fay", "tastes": {"Colour": ["RED"], "category": ["tea"]}})
    tastes = {"category": ["Food > Tea"], "colour": ["red"]}
    assert answer == {"shopper": "fay", "tastes": tastes, "used": True}
    chances = []
    for step in range(4):
        answer = ask(door, "fay", n=1)
        red = values(answer, "colour")["red"]
        assert red["declared"] and answer["basis"] == ("events" if step else "declared")
        chances.append(red["view"])
        door.post("/v1/events", [{"shopper_id": "fay", "kind": "view", "product_id": f"soap-{2 * step + 1}"}])
    assert chances[0] > 0.85 and chances == sorted(chances, reverse=True), "blue soaps speak against red"
    door.post("/v1/affinities/declare", {"shopper": "fay", "tastes": {"colour": []}})
    assert not values(ask(door, "fay", n=200), "colour")["red"]["declared"]


def test_what_cannot_be_declared_is_refused_with_what_can(door: Any) -> None:
    def refused(**body: Any) -> str:
        return str(door.post("/v1/affinities/declare", body, 422)["error"]["message"])

    assert "no attribute 'mood'. The attributes are " in refused(shopper="fay", tastes={"mood": ["calm"]})
    message = refused(shopper="fay", tastes={"colour": ["red", "mauve"]})
    assert "No product has colour 'mauve'. Values of colour are blue, red." in message
    assert "'tastes' is missing" in refused(shopper="fay")
    assert "'liked' is unknown. Fields here are shopper, tastes" in refused(
        shopper="fay", tastes={"colour": ["red"]}, liked=[]
    )
    assert ask(door, "fay")["basis"] == "shop average", "nothing of a refused request is kept"


def test_a_shop_without_a_model_or_products_answers_too(open_door: Any) -> None:
    door = open_door(None)
    assert ask(door, "ana")["groups"] == []
    door.post("/v1/products", [{"id": f"p{i}", "title": "P", "attributes": {"hue": ["ab"[i % 2]]}} for i in range(6)])
    door.post("/v1/events", [{"shopper_id": "ana", "kind": "view", "product_id": f"p{2 * i}"} for i in range(3)])
    answer = ask(door, "ana")
    assert values(answer, "hue")["a"]["lift"] > 1 > values(answer, "hue")["b"]["lift"]
    assert answer["model"]["name"] == "untrained"


def test_a_declared_taste_moves_the_next_list_and_says_so(door: Any) -> None:
    def tea(answer: dict[str, Any]) -> list[dict[str, Any]]:
        return [item for item in answer["items"] if item["product_id"].startswith("tea-")]

    before = door.ask(shopper="gil", n=8)
    door.post("/v1/affinities/declare", {"shopper": "gil", "tastes": {"category": ["tea"]}})
    after = door.ask(shopper="gil", n=8)
    assert len(tea(after)) > len(tea(before))
    brought = [item for item in after["items"] if item["source"] == "declared"]
    assert brought and brought == tea(after)
    assert {item["reasons"][0]["text"] for item in brought} == {"You said you like Tea"}
    assert brought[0]["reasons"][0]["evidence"] == [{"attribute": "category: Food > Tea"}]
    door.post("/v1/affinities/declare", {"shopper": "gil", "tastes": {"category": []}})
    ids = [item["product_id"] for item in door.ask(shopper="gil", n=8)["items"]]
    assert ids == [item["product_id"] for item in before["items"]], "a taste that is taken back is gone"
