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


def test_events_that_are_sent_are_judged_and_not_kept(open_door: Callable[..., Any]) -> None:
    door = open_door(None)
    door.post("/v1/products", [{"id": "p1", "title": "Lamp"}])
    rows = "user_id,item_id,event,time\n" + "".join(f"u{n},p{n % 4},view,{1_777_636_860 + n}\n" for n in range(40))
    rows += "u1,p1,<i>buyd</i>,1777636860\n"

    def send(accept: str, status: int = 200, **fields: str) -> Any:
        headers = {"X-API-Key": door.key, "Accept": accept}
        answer = door.client.post(
            "/v1/check/events", files={"file": ("../../e.csv", rows)}, data=fields, headers=headers
        )
        assert answer.status_code == status, answer.text
        return answer

    report = send("application/json").json()
    assert (report["source"], report["events"], report["rejected"], report["rows"]) == ("e.csv", 40, 1, 41)
    assert {rule["rule"] for rule in report["rules"]} >= {"products_unknown", "kind_unknown"}
    assert send("*/*", kinds='{"<i>buyd</i>": "purchase"}').json()["rejected"] == 0
    page = send("text/html")
    assert "&lt;i&gt;buyd" in page.text and "default-src 'none'" in page.headers["content-security-policy"]
    error = send("*/*", 400, kind="bluy").json()["error"]
    assert "There is no kind of event 'bluy'" in error["message"]
    assert "'examples'" in send("*/*", 422, examples="many").json()["error"]["message"]
    assert "Field 'path' is unknown" in send("*/*", 422, path="/etc/passwd").json()["error"]["message"]
    assert door.shop.store.events.count() == 0
    assert not list(door.folder.glob("uploads/*")) and not list(door.folder.glob("rejects/*"))
    assert door.client.post("/v1/check/events", files={"file": ("e.csv", rows)}).status_code == 401
