"""Shoppers in the console: found, looked at without a trace, taken along, forgotten; closed to roles below."""

from __future__ import annotations

import json
import re
import time
from typing import Any
from urllib.parse import quote

from tests.serving.console.conftest import SCRIPT

from bottega.actions.running.audit import list_changes
from bottega.actions.running.audit_shapes import AuditQuery
from bottega.actions.shoppers.shapes import TellShopperRequest
from bottega.actions.shoppers.shopper import tell_shopper
from bottega.events.event import Event
from bottega.names import EventKind, Role
from bottega.serving.console.shoppers import VIEWS


def somebody(client: Any) -> str:
    text = client.get("/console/shoppers").text
    return str(re.findall(r'/console/shoppers/shopper\?shopper=([^"&]+)"', text)[0])


def test_a_shopper_is_found_by_how_an_id_a_name_or_an_address_begins(merchant: Any) -> None:
    who = somebody(merchant)
    told = {"shopper": who, "name": "Zoë 100%_X Quill", "email": "ZQ@nord.example"}
    tell_shopper(merchant.shop, TellShopperRequest.model_validate(told))
    for words in (who, who[:-1], "zoë 100%_x", "quill", "zq@nord"):
        assert f'shopper={who}"' in merchant.get("/console/shoppers", params={"text": words}).text, words
    of_segment = merchant.get("/console/segments/shoppers", params={"segment": "buyers"}).text
    assert "/console/shoppers/shopper?shopper=" in of_segment, "who is in a segment is one click away"
    assert "Nobody is found." in merchant.get("/console/shoppers", params={"text": "zoë 1%0"}).text
    assert who in merchant.get("/console/shoppers", params={"text": "quill", "form": "csv"}).text


def test_every_view_opens_and_lists_leave_no_trace(merchant: Any, hostile: Any) -> None:
    def counts(client: Any) -> list[int]:
        store = client.shop.store
        with store.database.read() as connection:
            return [connection.exec_driver_sql(f"select count(*) from {name}").scalar() for name in
                    ("answers", "exposures", "events", "audit", "shoppers")]  # fmt: skip

    for client, who in ((merchant, somebody(merchant)), (hostile, quote(SCRIPT))):
        before = counts(client)
        for view in VIEWS:
            answer = client.get(f"/console/shoppers/shopper?shopper={who}&view={view}")
            assert answer.status_code == 200, (view, answer.text[-1500:])
            assert "<script>alert" not in answer.text and "<img src=x" not in answer.text
        assert counts(client) == before
    lists = merchant.get(f"/console/shoppers/shopper?shopper={somebody(merchant)}&view=Lists").text
    assert lists.count("<table") >= 2 and "Home" in lists and 'class="picture' in lists


def test_everything_of_a_shopper_as_a_file_and_then_nothing(hostile: Any) -> None:
    shopper = {"shopper": f"{SCRIPT} 2"}
    now_ms = time.time_ns() // 1_000_000
    hostile.shop.store.events.add(
        [Event(shopper_id=shopper["shopper"], kind=EventKind.SEARCH, query="x", time_ms=now_ms)]
    )
    found = hostile.get("/console/shoppers/export", params=shopper)
    assert "attachment" in found.headers["content-disposition"] and len(json.loads(found.text)["events"]) == 1
    page = hostile.get("/console/shoppers/shopper", params=shopper).text
    assert "There is no way back." in page and "<details" in page
    gone = hostile.submit("/console/shoppers/forget", **shopper)
    assert "The shopper is forgotten: 1 rows were deleted" in gone.text
    assert hostile.get("/console/shoppers/shopper", params=shopper).status_code == 404
    (line,) = list_changes(hostile.shop, AuditQuery(verb="forget")).changes
    assert line.by == "user" and SCRIPT not in line.what


def test_who_manages_the_shop_sees_every_view_of_a_shopper(merchant: Any) -> None:
    now_ms = time.time_ns() // 1_000_000
    merchant.shop.store.events.add([Event(shopper_id="ada", kind=EventKind.SEARCH, query="a lamp", time_ms=now_ms)])
    try:
        merchant.log_in(Role.MANAGE)
        for view in VIEWS:
            page = merchant.get("/console/shoppers/shopper", params={"shopper": "ada", "view": view})
            assert page.status_code == 200, (view, page.text)
    finally:
        merchant.log_in(Role.ADMIN)


def test_nothing_of_shoppers_is_there_for_who_only_looks(merchant: Any) -> None:
    try:
        merchant.log_in(Role.READ)
        assert "/console/shoppers" not in merchant.get("/console").text
        for path in ("", "/shopper?shopper=x", "/export?shopper=x"):
            assert merchant.get(f"/console/shoppers{path}").status_code == 403
        assert merchant.submit("/console/shoppers/forget", shopper="x").status_code == 403
    finally:
        merchant.log_in(Role.ADMIN)
