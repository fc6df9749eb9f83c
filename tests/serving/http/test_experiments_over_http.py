"""An experiment over HTTP: the next answer has it, its shoppers are noted, and the audit log knows who began it."""

from __future__ import annotations

from typing import Any


def test_an_experiment_from_drawing_to_adoption(door: Any) -> None:
    variants = [{"name": "as it is"}, {"name": "popular", "strategy": "popular"}]
    assert door.ask(shopper="s1")["experiments"] == {}
    door.post("/v1/experiments", {"name": "simple", "variants": variants, "placements": ["home"]})
    assert door.ask(shopper="s1")["experiments"] == {}, "nobody takes part in a draft"
    door.post("/v1/experiments/start", {"name": "simple"})
    given = {
        name: door.ask(shopper=name)["experiments"]["simple"] for name in ("s1", "s2", "s3", "cookie 4", "cookie 5")
    }
    assert set(given.values()) <= {"as it is", "popular"}
    assert {name: door.ask(shopper=name)["experiments"]["simple"] for name in given} == given
    assert door.ask()["experiments"] == {} and door.ask(shopper="s1", strategy="content")["experiments"] == {}
    door.client.app.state.door.answers._flush()
    shown = door.post("/v1/experiments/query", {"name": "simple"})
    assert sum(variant["shoppers"] for variant in shown["variants"]) == len(given)
    door.post("/v1/experiments/adopt", {"name": "simple", "variant": "popular"})
    answer = door.ask(shopper="s1")
    assert answer["experiments"] == {} and {item["source"] for item in answer["items"]} == {"popular"}
    door.post("/v1/experiments/stop", {"name": "simple"})
    assert {item["source"] for item in door.ask(shopper="s1")["items"]} != {"popular"}
    door.post("/v1/experiments/delete", {"name": "simple"})
    assert door.post("/v1/experiments/query", {"name": "simple"}, 404)["error"]["code"] == "experiment_unknown"
    changes = door.client.get("/v1/audit", headers={"X-API-Key": door.key}).json()["changes"]
    verbs = ["delete_experiment", "stop_experiment", "adopt_experiment", "start_experiment", "new_experiment"]
    assert [one["verb"] for one in changes] == verbs
    assert changes[2]["what"] == "name: simple; variant: popular"


def test_who_said_no_takes_no_part(door: Any) -> None:
    variants = [{"name": "as it is"}, {"name": "popular", "strategy": "popular"}]
    door.post("/v1/experiments", {"name": "simple", "variants": variants})
    door.post("/v1/experiments/start", {"name": "simple"})
    door.post("/v1/shoppers", {"shopper": "s1", "consent": {"personalisation": "no"}})
    door.post("/v1/shoppers", {"shopper": "s2", "consent": {"analytics": "no"}})
    assert door.ask(shopper="s1")["experiments"] == {}
    door.ask(shopper="s2")
    door.client.app.state.door.answers._flush()
    shown = door.post("/v1/experiments/query", {"name": "simple"})
    assert sum(variant["shoppers"] for variant in shown["variants"]) == 0


def test_chances_are_told_and_kept(door: Any) -> None:
    assert door.ask(shopper="s1")["explored"] == [], "off by default"
    assert door.ask(shopper="s1", exploration=0.5, strategy="popular")["explored"] == []
    answers = [door.ask(shopper="s1", exploration=0.5) for _ in range(4)]
    told = [(answer, one) for answer in answers for one in answer["explored"]]
    assert told and len({tuple(item["product_id"] for item in answer["items"]) for answer in answers}) > 1
    for answer, one in told:
        assert answer["items"][one["rank"] - 1]["product_id"] in one["product_ids"]
        assert abs(sum(one["propensities"]) - 1) < 1e-9
    door.client.app.state.door.answers._flush()
    kept = door.client.app.state.door.shop.store.answers.of_recommendation(told[0][0]["recommendation_id"])
    assert kept.explored == told[0][0]["explored"]
