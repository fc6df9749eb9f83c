"""`/v1/check` and its page, the bots and the attributes of tastes over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_the_report_its_page_and_the_way_there(open_door: Callable[..., Any]) -> None:
    door = open_door(None)
    door.post("/v1/products", [{"id": "<b>1</b>", "title": "<script>alert(1)</script> LAMP OF OAK"}])
    report = door.client.get("/v1/check", headers={"X-API-Key": door.key}).json()
    assert report["products"] == 1 and report["meter"]["stages"][0]["reached"] and not report["meter"]["events"]
    page = door.client.get("/v1/check/page", headers={"X-API-Key": door.key})
    assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
    assert "<script" not in page.text and "default-src 'none'" in page.headers["content-security-policy"]
    assert door.client.get("/v1/check/page").status_code == 401
    assert door.client.get("/v1/check").status_code == 401
    shell = door.client.get("/check")
    assert shell.status_code == 200 and "/check/check.js" in shell.text
    assert door.client.get("/check/check.js").status_code == 200
    assert door.client.get("/check/check.css").status_code == 200


def test_a_file_of_the_server_cannot_be_named(open_door: Callable[..., Any]) -> None:
    door = open_door(None)
    answer = door.client.get("/v1/check", params={"source": "/etc/passwd"}, headers={"X-API-Key": door.key})
    assert answer.status_code == 422


def test_bots_are_listed_and_strangers_refused(open_door: Callable[..., Any]) -> None:
    door = open_door(None)
    assert door.client.get("/v1/bots", headers={"X-API-Key": door.key}).json() == {"bots": []}
    error = door.client.post("/v1/bots/readmit", json={"shoppers": ["ada"]}, headers={"X-API-Key": door.key})
    assert error.status_code == 404 and error.json()["error"]["code"] == "shopper_unknown"
