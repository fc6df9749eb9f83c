"""gorse's own Python client, unchanged, against a served shop: only the address and the key are ours."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from gorse import AsyncGorse, Gorse, GorseException
from tests.serving.http.callers.conftest import Served

from bottega.names import KindCode

TIME = "2026-02-24T10:00:00Z"


@pytest.fixture
def gorse(served: Served) -> Gorse:
    return Gorse(f"{served.address}/gorse", served.key)


def test_a_user_reads_back_as_written(gorse: Gorse) -> None:
    user = {"UserId": "100", "Labels": ["a", "b", "c"], "Subscribe": ["d", "e"], "Comment": "comment"}
    assert gorse.insert_user(user) == {"RowAffected": 1}
    assert gorse.get_user("100") == user
    assert gorse.delete_user("100") == {"RowAffected": 1}
    with pytest.raises(GorseException) as gone:
        gorse.get_user("100")
    assert gone.value.status_code == 404


def test_users_come_a_page_at_a_time_with_those_who_only_did_something(gorse: Gorse) -> None:
    gorse.insert_users([{"UserId": "zoe", "Labels": {"age": 24}}, {"UserId": "Abe"}])
    names: list[str] = []
    cursor = ""
    while True:
        page, cursor = gorse.get_users(7, cursor)
        names += [one["UserId"] for one in page]
        if not cursor:
            break
    assert names == sorted({*names}) and {"Abe", "zoe", "s0", "s39"} <= {*names} and len(names) == 42
    assert gorse.get_user("s3") == {"UserId": "s3", "Labels": None, "Comment": ""}


def test_an_item_reads_back_as_written(gorse: Gorse, served: Served) -> None:
    item = {
        "ItemId": "vuejs:vue",
        "IsHidden": False,
        "Labels": {"topics": ["web", "js"], "stars": 9, "embedding": [0.25] * 64},
        "Categories": ["d", "e"],
        "Timestamp": TIME,
        "Comment": "A frame for the web",
    }
    assert gorse.insert_item(item) == {"RowAffected": 1}
    assert gorse.get_item("vuejs:vue") == item
    product = served.shop.store.products.get(["vuejs:vue"])["vuejs:vue"]
    assert (product.title, product.category) == ("A frame for the web", ("d", "e"))
    assert product.attributes == {"topics": ("web", "js"), "stars": ("9",)}  # a model's vector is no attribute
    assert gorse.delete_item("vuejs:vue") == {"RowAffected": 1}
    with pytest.raises(GorseException) as gone:
        gorse.get_item("vuejs:vue")
    assert gone.value.status_code == 404
    assert gorse.insert_item(item) == {"RowAffected": 1}
    assert gorse.get_item("vuejs:vue") == item


def test_an_item_of_a_feed_keeps_what_gorse_has_no_field_for(gorse: Gorse, served: Served) -> None:
    before = served.shop.store.products.get(["chairs-1"])["chairs-1"]
    gorse.insert_item({"ItemId": "chairs-1", "Categories": ["Chairs"], "Labels": {"wood": "oak"}, "Comment": "x"})
    after = served.shop.store.products.get(["chairs-1"])["chairs-1"]
    assert (after.title, after.price_minor, after.category) == (before.title, before.price_minor, ("Home", "Chairs"))
    assert after.attributes == {"colour": ("blue",), "wood": ("oak",)}
    gorse.update_item("chairs-1", is_hidden=True, labels={"wood": "ash"})
    item = gorse.get_item("chairs-1")
    assert item["IsHidden"] is True and item["Labels"] == {"wood": "ash"}
    changed = served.shop.store.products.get(["chairs-1"])["chairs-1"]
    assert changed.hidden and changed.attributes == {"colour": ("blue",), "wood": ("ash",)}
    served.shop.upsert([changed.model_copy(update={"hidden": False})])  # another door: the record tells no more
    assert gorse.get_item("chairs-1")["Labels"] == {"colour": ["blue"], "wood": ["ash"]}


def test_items_are_listed_and_searched(gorse: Gorse) -> None:
    first, cursor = gorse.get_items(5)
    second, _ = gorse.get_items(5, cursor)
    ids = [one["ItemId"] for one in first + second]
    assert ids[:3] == ["lamps/a b", "lamps/😀", "lamps?x=1&y=%2F"] and "lamps-8" not in ids  # which is sold no more
    assert len(ids) == len({*ids}) == 9
    assert {one["Comment"] for one in gorse.search_items("tea number", 3)} <= {f"Tea number {n}" for n in range(10)}


def test_categories_of_an_item(gorse: Gorse, served: Served) -> None:
    address, headers = f"{served.address}/gorse/api/item/tea-1/category", {"X-API-Key": served.key}
    assert httpx.put(f"{address}/Green%2FFine", headers=headers).json() == {"RowAffected": 1}
    assert gorse.get_item("tea-1")["Categories"] == ["Food", "Tea", "Green/Fine"]
    within = gorse.get_recommend("s1", category=quote("Green/Fine", safe=""))  # the client leaves that to its caller
    assert [one.id for one in within] == ["tea-1"]
    assert httpx.delete(f"{address}/Food", headers=headers).json() == {"RowAffected": 1}
    assert gorse.get_item("tea-1")["Categories"] == ["Tea", "Green/Fine"]


def test_feedback_is_added_overwritten_listed_and_taken_back(gorse: Gorse, served: Served) -> None:
    assert gorse.insert_feedback("like", "bob", "tea-1", TIME) == {"RowAffected": 1}
    later = [
        {"FeedbackType": "read", "UserId": "bob", "ItemId": name, "Timestamp": TIME, "Value": 2}
        for name in ("tea-2", "tea-3")
    ]
    assert gorse.insert_feedbacks(later) == {"RowAffected": 2}
    assert gorse.insert_feedbacks(later) == {"RowAffected": 2}  # sent again: nothing is counted twice
    reads = gorse.list_feedbacks("read", "bob")
    assert reads == [one | {"Comment": ""} for one in later]
    assert [one["FeedbackType"] for one in gorse.list_feedbacks("like", "bob")] == ["like"]
    headers = {"X-API-Key": served.key}
    more = [later[0] | {"Timestamp": "2026-02-25T10:00:00Z"}]
    httpx.post(f"{served.address}/gorse/api/feedback", json=more, headers=headers).raise_for_status()
    added = next(one for one in gorse.list_feedbacks("read", "bob") if one["ItemId"] == "tea-2")
    assert (added["Value"], added["Timestamp"]) == (4, "2026-02-25T10:00:00Z")
    httpx.put(f"{served.address}/gorse/api/feedback", json=later[:1], headers=headers).raise_for_status()
    assert sorted(gorse.list_feedbacks("read", "bob"), key=lambda one: str(one["ItemId"])) == reads
    assert gorse.delete_feedback("bob", "tea-2") == {"RowAffected": 1}
    assert [one["ItemId"] for one in gorse.list_feedbacks("read", "bob")] == ["tea-3"]
    kept = [(one.kind, one.product_id) for one in served.shop.store.events.of_shopper("bob", 10)]
    assert sorted(kept) == [(KindCode.VIEW, "tea-3"), (KindCode.WISHLIST, "tea-1")]


def test_all_feedback_comes_a_page_at_a_time(gorse: Gorse, served: Served) -> None:
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page, cursor = gorse.get_feedbacks(150, cursor)
        found += page
        if not cursor:
            break
    assert len(found) == served.shop.store.events.count() == 400
    assert {one["FeedbackType"] for one in found} == {"read", "purchase"}


def test_feedback_of_unknown_types_is_refused_by_name_or_mapped_by_the_shop(serve: Callable[..., Served]) -> None:
    served = serve(event_kinds={"watched to the end": "view"})
    gorse = Gorse(f"{served.address}/gorse", served.key)
    assert gorse.insert_feedback("watched to the end", "bob", "tea-1", TIME) == {"RowAffected": 1}
    assert gorse.list_feedbacks("watched to the end", "bob")[0]["FeedbackType"] == "watched to the end"
    with pytest.raises(GorseException) as refused:
        gorse.insert_feedback("pondered", "bob", "tea-1", TIME)
    assert refused.value.status_code == 400
    assert "'pondered'" in refused.value.message and "[event_kinds]" in refused.value.message


def test_one_bad_row_is_told_and_costs_no_other(gorse: Gorse) -> None:
    rows = [
        {"FeedbackType": "read", "UserId": "bob", "ItemId": "tea-1", "Timestamp": TIME},
        {"FeedbackType": "read", "UserId": "undefined", "ItemId": "tea-1", "Timestamp": TIME},
    ]
    with pytest.raises(GorseException) as refused:
        gorse.insert_feedbacks(rows)
    assert refused.value.status_code == 400 and "1 of 2" in refused.value.message
    assert len(gorse.list_feedbacks("read", "bob")) == 1


def test_lists_follow_what_a_user_just_did(gorse: Gorse) -> None:
    scored = gorse.get_recommend("s1", n=5)
    assert len(scored) == 5 and all(isinstance(one.score, float) for one in scored)
    assert [one.id for one in gorse.get_recommend("s1", n=3, offset=2)] == [one.id for one in scored[2:]]
    within = gorse.get_recommend("s1", category="Tea", n=5)
    assert within and all(one.id.startswith("tea-") for one in within)
    before = [one.id for one in gorse.get_recommend("new here", n=10)]
    for name in ("soap-0", "soap-1", "soap-2"):
        gorse.insert_feedback("purchase", "new here", name, datetime.now(UTC).isoformat())
    assert [one.id for one in gorse.get_recommend("new here", n=10)] != before


def test_what_was_written_back_comes_no_more(gorse: Gorse, served: Served) -> None:
    first = [one.id for one in gorse.get_recommend("s2", n=5, write_back_type="read")]
    second = [one.id for one in gorse.get_recommend("s2", n=5)]
    assert len(first) == len(second) == 5 and not set(first) & set(second)
    rows = served.shop.store.events.of_shopper("s2", 5)
    assert {row.kind for row in rows} == {KindCode.IMPRESSION} and {row.source for row in rows} == {"gorse:read"}
    later = [one.id for one in gorse.get_recommend("s4", n=5, write_back_type="read", write_back_delay="10m")]
    assert [one.id for one in gorse.get_recommend("s4", n=5)] == later  # in ten minutes, not now


def test_lists_beside_items_and_for_sessions(gorse: Gorse, served: Served) -> None:
    beside = gorse.get_neighbors("tea-1", n=4)
    assert len(beside) == 4 and {*beside[0]} == {"Id", "Score"} and "tea-1" not in {one["Id"] for one in beside}
    session = [{"FeedbackType": "read", "UserId": "", "ItemId": name, "Timestamp": TIME} for name in ("tea-1", "tea-2")]
    found = gorse.session_recommend(session, n=4)
    assert len(found) == 4 and not {"tea-1", "tea-2"} & {one["Id"] for one in found}
    assert gorse.get_neighbors("no such thing") == []
    ask = httpx.Client(base_url=f"{served.address}/gorse/api", headers={"X-API-Key": served.key})
    with ask:
        odd = quote("lamps/a b", safe="")
        similar = ask.get(f"/item-to-item/similar/{odd}?n=3").json()
        assert len(similar) == 3
        assert len(ask.get("/item-to-item/related/tea-1?n=3").json()) == 3
        unknown = ask.get("/item-to-item/made_up/tea-1")
        assert unknown.status_code == 404 and "similar" in unknown.text
        assert ask.get(f"/item/{odd}").json()["ItemId"] == "lamps/a b"
        popular = ask.get("/non-personalized/popular?n=3").json()
        assert popular == ask.get("/popular?n=3").json() and len(popular) == 3
        left_out = ask.get("/popular?n=3", params={"user-id": "s1"}).json()
        done = {row.product_id for row in served.shop.store.events.of_shopper("s1", 100)}
        assert done & {one["Id"] for one in popular} and not done & {one["Id"] for one in left_out}
        ids = ask.get("/recommend/s1?n=3").json()
        assert all(isinstance(one, str) for one in ids)
        both = ask.get("/recommend/s1", params={"category": ["Food", "Tea"], "n": 20}).json()
        assert both and all(one.startswith("tea-") for one in both)
        nobody = ask.get("/user/s1/neighbors")
        assert nobody.status_code == 501 and "lists of users" in nobody.text


def test_the_newest_come_by_their_own_time(gorse: Gorse, served: Served) -> None:
    start = datetime(2026, 3, 1, tzinfo=UTC)
    for number in (2, 0, 1):
        time = (start + timedelta(days=number)).isoformat()
        gorse.insert_item({"ItemId": f"n{number}", "Timestamp": time, "Categories": ["News"], "Comment": f"n {number}"})
    headers = {"X-API-Key": served.key}
    found = httpx.get(f"{served.address}/gorse/api/latest/News?n=2", headers=headers).json()
    assert [one["Id"] for one in found] == ["n2", "n1"]
    assert found[0]["Score"] == (start + timedelta(days=2)).timestamp()


def test_a_wrong_key_and_a_wrong_body_are_refused(served: Served) -> None:
    with pytest.raises(GorseException) as refused:
        Gorse(f"{served.address}/gorse", "wrong").get_user("s1")
    assert refused.value.status_code == 401
    headers = {"X-API-Key": served.key}
    for path, name in (("user", "UserId"), ("item", "ItemId")):
        answer = httpx.post(f"{served.address}/gorse/api/{path}", json={name: "a\0b"}, headers=headers)
        assert answer.status_code == 400 and answer.text
    for item in ({"IsHidden": "false"}, {"Categories": "Tea"}, {"Categories": [1]}, {"ItemId": ""}):
        answer = httpx.post(f"{served.address}/gorse/api/item", json={"ItemId": "tea-1", **item}, headers=headers)
        assert answer.status_code == 400 and next(iter(item)) in answer.text
    for body in (b"{", b'{"a": 1}', b"[1]"):
        answer = httpx.post(f"{served.address}/gorse/api/feedback", content=body, headers=headers)
        assert answer.status_code == 400 and answer.text
    assert httpx.get(f"{served.address}/gorse/api/nowhere/at/all/here/x", headers=headers).status_code == 404
    assert httpx.get(f"{served.address}/gorse/api/recommend/s1?n=many", headers=headers).status_code == 400


def test_health_needs_no_key(served: Served) -> None:
    for kind in ("live", "ready"):
        body = httpx.get(f"{served.address}/gorse/api/health/{kind}").json()
        assert body["Ready"] is True and body["DataStoreConnected"] is True


def test_an_empty_shop_has_empty_lists(serve: Callable[..., Served]) -> None:
    served = serve(empty=True)
    gorse = Gorse(f"{served.address}/gorse", served.key)
    assert gorse.get_recommend("bob") == [] and gorse.get_neighbors("x") == []


def test_the_async_client(served: Served) -> None:
    async def session() -> list[Any]:
        gorse = AsyncGorse(f"{served.address}/gorse", served.key)
        await gorse.insert_user({"UserId": "ann", "Labels": {}, "Comment": ""})
        await gorse.insert_feedbacks([{"FeedbackType": "read", "UserId": "ann", "ItemId": "tea-1", "Timestamp": TIME}])
        return [await gorse.list_feedbacks("read", "ann"), await gorse.get_recommend("ann", n=2)]

    feedback, found = asyncio.run(session())
    assert len(feedback) == 1 and len(found) == 2


def test_forgetting_reaches_what_gorse_was_told(gorse: Gorse, served: Served) -> None:
    gorse.insert_user({"UserId": "ann", "Labels": {"city": "Porto"}, "Comment": ""})
    headers = {"X-API-Key": served.key}
    told = httpx.post(f"{served.address}/v1/shoppers/export", json={"shopper": "ann"}, headers=headers).json()
    assert told["foreign_shoppers"][0]["record"]["Labels"] == {"city": "Porto"}
    httpx.post(f"{served.address}/v1/shoppers/forget", json={"shopper": "ann"}, headers=headers).raise_for_status()
    assert served.shop.store.foreign.shoppers("gorse", ["ann"]) == {}
