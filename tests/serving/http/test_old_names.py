"""Requests in the words of the version before are still answered, and told which words are right now."""

from __future__ import annotations

from typing import Any

import pytest

ASKED: tuple[tuple[str, dict[str, Any], dict[str, Any], str], ...] = (
    (
        "/v1/recommendations",
        {"user_id": "s1", "item_ids": ["tea-0"], "placement": "product", "pin": [{"item_id": "tea-2", "rank": 1}]},
        {
            "shopper": "s1",
            "product_ids": ["tea-0"],
            "placement": "product",
            "pin": [{"product_id": "tea-2", "rank": 1}],
        },
        "user_id -> shopper, item_ids -> product_ids, item_id -> product_id",
    ),
    ("/v1/similar", {"item_id": "tea-0"}, {"product_id": "tea-0"}, "item_id -> product_id"),
    ("/v1/products/query", {"limit": 2}, {"n": 2}, "limit -> n"),
    ("/v1/shoppers/export", {"user_id": "s1"}, {"shopper": "s1"}, "user_id -> shopper"),
)


def same(answer: dict[str, Any]) -> dict[str, Any]:
    """Without what is of the moment."""
    return {
        name: value for name, value in answer.items() if name not in ("recommendation_id", "took_ms", "exported_at")
    }


@pytest.mark.parametrize(("path", "old", "new", "told"), ASKED, ids=[each[0] for each in ASKED])
def test_old_names_are_taken_and_told(
    door: Any, path: str, old: dict[str, Any], new: dict[str, Any], told: str
) -> None:
    headers = {"X-API-Key": door.key}
    now, before = (door.client.post(path, json=body, headers=headers) for body in (new, old))
    assert now.status_code == before.status_code == 200, before.text
    assert same(now.json()) == same(before.json())
    assert before.headers["bottega-old-names"] == told and "bottega-old-names" not in now.headers
    both = door.client.post(path, json={**old, **new}, headers=headers)
    assert both.status_code == 422 and "is the old name of" in both.json()["error"]["message"]


def test_answers_carry_the_new_name_and_the_old_one_beside_it(door: Any) -> None:
    answer = door.ask(shopper="s1", n=3)
    assert all(item["product_id"] == item["item_id"] for item in answer["items"]) and answer["items"]
    evidence = [one for item in answer["items"] for reason in item["reasons"] for one in reason["evidence"]]
    assert all(one["product_id"] == one["item_id"] for one in evidence if "title" in one)
    schema = door.client.app.openapi()["components"]["schemas"]
    assert schema["AnsweredItem"]["properties"]["item_id"]["deprecated"] is True
    assert "user_id" not in schema["RecommendationRequest"]["properties"], "the manual shows the new names alone"


def test_a_get_takes_old_names_too(door: Any) -> None:
    headers = {"X-API-Key": door.key}
    answer = door.client.get("/v1/affinities?user_id=s1&n=1", headers=headers)
    assert answer.status_code == 200 and answer.headers["bottega-old-names"] == "user_id -> shopper"
    assert answer.json() == door.client.get("/v1/affinities?shopper=s1&n=1", headers=headers).json()
    page = door.client.get("/v1/suggestions?limit=1", headers=headers)
    assert page.status_code == 200 and page.headers["bottega-old-names"] == "limit -> n"


def test_products_are_compared_over_http(door: Any) -> None:
    answer = door.post("/v1/products/compare", {"product_ids": ["tea-0", "soap-1"]})
    assert {"title", "price", "availability"} <= {row["attribute"] for row in answer["rows"]}
    assert (
        door.post("/v1/products/compare", {"product_ids": ["tea-0", "gone"]}, 404)["error"]["code"] == "product_unknown"
    )
    assert "At least 2" in door.post("/v1/products/compare", {"product_ids": ["tea-0"]}, 422)["error"]["message"]
