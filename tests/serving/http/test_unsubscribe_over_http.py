"""The way out of letters over HTTP: a page without a key, a button, one click of a mail program."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bottega.shop.shoppers.letter_links import token_of


def test_one_click_says_no_and_looking_does_not(open_door: Callable[..., Any]) -> None:
    door = open_door(None)
    shopper = {"shopper": "s1", "consent": {"messages": "yes"}, "email": "s1@x.example"}
    door.post("/v1/shoppers", shopper)
    address = f"/letters/unsubscribe?token={token_of(door.shop.secrets, 's1')}"

    def said() -> str:
        answer: str = door.post("/v1/shoppers/query", {"shopper": "s1"})["consent"]["messages"]["given"]
        return answer

    page = door.client.get(address)
    assert page.status_code == 200 and '<form method="post"><button>' in page.text and said() == "yes"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    pressed = door.client.post(address, content="List-Unsubscribe=One-Click")
    assert pressed.status_code == 200 and "<button>" not in pressed.text and said() == "no"
    assert door.client.post(address).status_code == 200
    for wrong in ("x.y", "czE.fYI2es", "%00"):
        assert door.client.post(f"/letters/unsubscribe?token={wrong}").status_code == 404


def test_a_preview_needs_the_key_and_sends_nothing(open_door: Callable[..., Any], trained: Path) -> None:
    door = open_door(trained)
    told = door.post("/v1/events", {"kind": "add_to_cart", "shopper_id": "s2", "product_id": "coffee-1"})
    assert told["accepted"] == 1, told
    assert door.client.post("/v1/messages/preview", json={"shopper": "s2"}).status_code == 401
    answer = door.post("/v1/messages/preview", {"shopper": "s2"})
    assert [one["product_id"] for one in answer["letter"]["products"]] == ["coffee-1"]
    assert (answer["due"], answer["why_not"]) == (False, "no_consent")
    door.post("/v1/messages/preview", {"shopper": "nobody-at-all"}, 404)
    counted = door.client.get("/v1/messages", headers={"X-API-Key": door.key}).json()
    assert counted == {"days": 30, "kinds": [], "schedule": "off", "next_run_ms": None, "last_run": None}
