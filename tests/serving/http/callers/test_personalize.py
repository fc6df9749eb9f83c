"""Amazon's own client (boto3), unchanged, against a served shop: only `endpoint_url` and the pair of keys are ours."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from tests.serving.http.callers.conftest import Served

from bottega.actions.running.keys import KeysRequest, list_keys
from bottega.names import KeyKind, KindCode, Role

ACCOUNT = "arn:aws:personalize:eu-west-1:123456789012"
SESSION = boto3.Session(region_name="eu-west-1")
"""Of all clients: it keeps what it read of each service."""
TIME = datetime(2026, 2, 24, 10, tzinfo=UTC)


def arn(kind: str, name: str) -> str:
    return f"{ACCOUNT}:{kind}/{name}"


class Personalize:
    """Both of Amazon's clients."""

    def __init__(self, served: Served, *, secret: str | None = None, **limits: Any) -> None:
        self.served = served
        pair = served.shop.signing_keys.create(f"boto {len(served.shop.signing_keys.all())}", **limits)
        shared: dict[str, Any] = {
            "endpoint_url": f"{served.address}/personalize",
            "aws_access_key_id": pair.key_id,
            "aws_secret_access_key": secret or pair.secret,
            "config": Config(retries={"max_attempts": 0}, connect_timeout=5, read_timeout=30),
        }
        self.runtime = SESSION.client("personalize-runtime", **shared)
        self.events = SESSION.client("personalize-events", **shared)

    def close(self) -> None:
        self.runtime.close()
        self.events.close()


@pytest.fixture
def personalize(served: Served) -> Any:
    client = Personalize(served)
    yield client
    client.close()


def test_recommendations_for_a_user(personalize: Personalize) -> None:
    answer = personalize.runtime.get_recommendations(campaignArn=arn("campaign", "home"), userId="s1", numResults=5)
    items = answer["itemList"]
    assert len(items) == 5 and all(one["itemId"] and 0 <= one["score"] <= 1 and one["reason"] for one in items)
    assert answer["recommendationId"].startswith("r-") and len(answer["recommendationId"]) <= 40
    again = personalize.runtime.get_recommendations(
        recommenderArn=arn("recommender", "home"), userId="s1", numResults=5, context={"DEVICE": "phone"}
    )
    assert [one["itemId"] for one in again["itemList"]] == [one["itemId"] for one in items]
    usual = personalize.runtime.get_recommendations(campaignArn=arn("campaign", "home"), userId="s1")
    assert len(usual["itemList"]) == 25


def test_beside_an_item(personalize: Personalize) -> None:
    for name in ("product", "home", "item_neighbours"):
        found = personalize.runtime.get_recommendations(
            campaignArn=arn("campaign", name), itemId="tea-1", userId="s1", numResults=4
        )
        ids = [one["itemId"] for one in found["itemList"]]
        assert len(ids) == 4 and "tea-1" not in ids
    with pytest.raises(personalize.runtime.exceptions.InvalidInputException) as refused:
        personalize.runtime.get_recommendations(campaignArn=arn("campaign", "product"), userId="s1")
    assert "itemId is missing" in str(refused.value)


def test_names_that_nobody_declared(personalize: Personalize) -> None:
    runtime = personalize.runtime
    for asked in (
        {"campaignArn": arn("campaign", "made-up")},
        {"campaignArn": arn("campaign", "home"), "filterArn": arn("filter", "made-up")},
    ):
        with pytest.raises(runtime.exceptions.ResourceNotFoundException) as refused:
            runtime.get_recommendations(userId="s1", **asked)
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
        assert "made-up" in refused.value.response["Error"]["Message"]
        assert refused.value.response["ResponseMetadata"]["RequestId"]
    with pytest.raises(runtime.exceptions.InvalidInputException):
        runtime.get_recommendations(userId="s1", campaignArn=arn("filter", "home"))
    with pytest.raises(runtime.exceptions.InvalidInputException):
        runtime.get_recommendations(userId="s1")


def test_campaigns_and_filters_of_the_settings(serve: Callable[..., Served]) -> None:
    served = serve(
        personalize_campaigns={"spring-sale": "popular"},
        filters={
            "within": {"category": "$CATEGORY", "price_minor": {"max": "$MAX"}},
            "not-bought": {"except_done": "purchase"},
            "blue": {"attributes": {"colour": ["blue"]}},
        },
    )
    client = Personalize(served)
    runtime = client.runtime
    within = runtime.get_recommendations(
        campaignArn=arn("campaign", "spring-sale"),
        userId="s1",
        filterArn=arn("filter", "within"),
        filterValues={"CATEGORY": '"Tea","Coffee"', "MAX": "1300"},
    )
    assert {one["itemId"] for one in within["itemList"]} == {"tea-0", "tea-1", "coffee-0", "coffee-1"}
    with pytest.raises(runtime.exceptions.InvalidInputException, match=r"\$MAX"):
        runtime.get_recommendations(
            campaignArn=arn("campaign", "home"), filterArn=arn("filter", "within"), filterValues={"CATEGORY": "Tea"}
        )
    bought = {row.product_id for row in served.shop.store.events.of_shopper("s1", 99) if row.kind == KindCode.PURCHASE}
    asked = {"campaignArn": arn("campaign", "home"), "userId": "s1", "numResults": 50}
    assert bought & {one["itemId"] for one in runtime.get_recommendations(**asked)["itemList"]}
    left = runtime.get_recommendations(**asked, filterArn=arn("filter", "not-bought"))["itemList"]
    assert left and not bought & {one["itemId"] for one in left}
    promoted = runtime.get_recommendations(
        campaignArn=arn("campaign", "home"),
        userId="s1",
        numResults=10,
        promotions=[{"name": "blues", "percentPromotedItems": 30, "filterArn": arn("filter", "blue")}],
    )["itemList"]
    names = [one["itemId"] for one in promoted if one.get("promotionName") == "blues"]
    assert len(promoted) == 10 and len(names) == 3
    products = served.shop.store.products.get(names)
    assert all(one.attributes["colour"] == ("blue",) for one in products.values())
    client.close()


def test_a_list_longer_than_ours_goes_on_with_the_best_of_the_rest(
    serve: Callable[..., Served], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Personalize(serve(filters={"blue": {"attributes": {"colour": ["blue"]}}}))
    ask: dict[str, Any] = {"campaignArn": arn("campaign", "home"), "userId": "s1"}
    whole = client.runtime.get_recommendations(**ask, numResults=500)["itemList"]
    short = client.runtime.get_recommendations(**ask, numResults=7)["itemList"]
    monkeypatch.setattr("bottega.serving.http.callers.personalize_lists.COUNT_MAX", 7)
    found = client.runtime.get_recommendations(**ask, numResults=500)["itemList"]
    names = [one["itemId"] for one in found]
    assert names[:7] == [one["itemId"] for one in short] and len(names) > 14
    assert len(set(names)) == len(names) and set(names) == {one["itemId"] for one in whole}
    scores = [one["score"] for one in found]
    assert min(scores[:7]) >= max(scores[7:14]) and min(scores[7:14]) >= max(scores[14:])
    assert len(client.runtime.get_recommendations(**ask, numResults=10)["itemList"]) == 10
    promotions = [{"name": "blues", "percentPromotedItems": 20, "filterArn": arn("filter", "blue")}]
    promoted = client.runtime.get_recommendations(**ask, numResults=20, promotions=promotions)["itemList"]
    places = [place for place, one in enumerate(promoted) if one.get("promotionName") == "blues"]
    assert places == [0, 5, 10, 15] and len({one["itemId"] for one in promoted}) == len(promoted) == 20
    client.close()


def test_a_filter_that_cannot_be_one_says_so(serve: Callable[..., Served]) -> None:
    served = serve(filters={"odd": {"colour": ["blue"]}, "older": {"except_done": ["pondered"]}})
    client = Personalize(served)
    for name in ("odd", "older"):
        with pytest.raises(ClientError) as refused:
            client.runtime.get_recommendations(
                campaignArn=arn("campaign", "home"), userId="s1", filterArn=arn("filter", name)
            )
        assert f"filter {name!r}" in refused.value.response["Error"]["Message"].replace('"', "'")
    client.close()


def test_metadata_comes_along(personalize: Personalize) -> None:
    found = personalize.runtime.get_recommendations(
        campaignArn=arn("campaign", "home"),
        userId="s1",
        numResults=3,
        metadataColumns={"ITEMS": ["TITLE", "PRICE", "CATEGORY_L2", "COLOUR", "NOT_THERE"]},
    )
    for one in found["itemList"]:
        said = one["metadata"]
        assert set(said) <= {"TITLE", "PRICE", "CATEGORY_L2", "COLOUR"} and said["TITLE"] and float(said["PRICE"]) >= 10


def test_a_ranking_holds_every_item_once_in_the_order_of_the_user(personalize: Personalize) -> None:
    given = ["tea-1", "soap-2", "no such thing", "lamps-9", "shirts-1/M", "shirts-1/S", "coffee-3", "tea-1"]
    answer = personalize.runtime.get_personalized_ranking(
        campaignArn=arn("campaign", "home"), userId="s1", inputList=given
    )
    ranked = answer["personalizedRanking"]
    assert sorted(one["itemId"] for one in ranked) == sorted({*given})
    assert {one["itemId"] for one in ranked[-2:]} == {"no such thing", "lamps-9"}  # unknown; hidden
    scores = [one["score"] for one in ranked[:-2]]
    assert scores == sorted(scores, reverse=True) and "score" not in ranked[-1]


def test_events_change_the_very_next_list(personalize: Personalize) -> None:
    store = personalize.served.shop.store
    before = personalize.runtime.get_recommendations(campaignArn=arn("campaign", "home"), userId="ann", numResults=8)
    events = [
        {
            "eventId": f"e{number}",
            "eventType": kind,
            "sentAt": TIME,
            "itemId": f"soap-{number}",
            "eventValue": 4.5,
            "recommendationId": before["recommendationId"],
            "impression": ["tea-1", "tea-2"],
        }
        for number, kind in enumerate(("View", "AddToCart", "Purchase", "rate"))
    ]
    call: dict[str, Any] = {"trackingId": "t-1", "sessionId": "visit 1", "userId": "ann", "eventList": events}
    answer = personalize.events.put_events(**call)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    count = store.events.count()
    personalize.events.put_events(**call)  # sent again: nothing is counted twice
    assert store.events.count() == count
    rows = store.events.of_shopper("ann", 20)
    done = {row.kind: row for row in rows}
    assert len(rows) == 12 and {row.product_id for row in rows if row.kind == KindCode.IMPRESSION} == {"tea-1", "tea-2"}
    assert (done[KindCode.PURCHASE].value, done[KindCode.RATE].rating, done[KindCode.VIEW].value) == (4.5, 4.5, None)
    assert done[KindCode.VIEW].recommendation_id == before["recommendationId"]
    assert {row.time_ms for row in rows} == {int(TIME.timestamp() * 1000)}
    after = personalize.runtime.get_recommendations(campaignArn=arn("campaign", "home"), userId="ann", numResults=8)
    assert [one["itemId"] for one in after["itemList"]] != [one["itemId"] for one in before["itemList"]]


def test_a_session_belongs_to_the_user_who_logs_in(personalize: Personalize) -> None:
    one = {"eventType": "View", "sentAt": TIME, "itemId": "tea-1"}
    personalize.events.put_events(trackingId="t", sessionId="visit 2", eventList=[one])
    personalize.events.put_events(
        trackingId="t", sessionId="visit 2", userId="eve", eventList=[one | {"itemId": "tea-2"}]
    )
    rows = personalize.served.shop.store.events.of_shopper("eve", 9)
    assert {row.product_id for row in rows} == {"tea-1", "tea-2"}


def test_events_that_cannot_be_used_are_named_and_cost_no_other(personalize: Personalize) -> None:
    good = {"eventType": "View", "sentAt": TIME, "itemId": "tea-1"}
    for bad, word in (
        ({"eventType": "Purchase", "sentAt": TIME}, "product_id"),
        ({"eventType": "gaze", "sentAt": TIME}, "gaze"),
    ):
        with pytest.raises(personalize.events.exceptions.InvalidInputException) as refused:
            personalize.events.put_events(trackingId="t", sessionId="v", userId="bob", eventList=[good, bad])
        assert word in refused.value.response["Error"]["Message"]
    assert len(personalize.served.shop.store.events.of_shopper("bob", 9)) == 1


def test_items_are_merged_and_users_kept(personalize: Personalize) -> None:
    shop = personalize.served.shop
    said = {"name": "Green tea", "PRICE": 12.5, "CATEGORY_L1": "Food", "CATEGORY_L2": "Tea", "GENRES": "calm|warm"}
    personalize.events.put_items(
        datasetArn=arn("dataset", "shop/ITEMS"),
        items=[
            {"itemId": "new tea", "properties": json.dumps(said)},
            {"itemId": "tea-1", "properties": json.dumps({"PRICE": 99, "mood": "calm"})},
        ],
    )
    found = shop.store.products.get(["new tea", "tea-1"])
    new, old = found["new tea"], found["tea-1"]
    assert (new.title, new.price_minor, new.currency, new.category) == ("Green tea", 1250, "USD", ("Food", "Tea"))
    assert new.attributes == {"genres": ("calm", "warm")}
    assert (old.title, old.price_minor, old.attributes) == (
        "Tea number 1",
        9900,
        {"colour": ("blue",), "mood": ("calm",)},
    )
    personalize.events.put_users(
        datasetArn=arn("dataset", "shop/USERS"), users=[{"userId": "ann", "properties": json.dumps({"AGE": 30})}]
    )
    assert shop.store.foreign.shoppers("personalize", ["ann"]) == {"ann": {"AGE": 30}}
    with pytest.raises(personalize.events.exceptions.InvalidInputException):
        personalize.events.put_items(
            datasetArn=arn("dataset", "shop/ITEMS"), items=[{"itemId": "x", "properties": "no object"}]
        )


def test_what_bottega_has_not_is_said(personalize: Personalize) -> None:
    with pytest.raises(personalize.runtime.exceptions.InvalidInputException, match="next best actions"):
        personalize.runtime.get_action_recommendations(campaignArn=arn("campaign", "home"), userId="s1")


def refused(call: Callable[..., Any], **asked: Any) -> tuple[str, str]:
    """The code and the words that a client hears."""
    with pytest.raises(ClientError) as told:
        call(**asked)
    error = told.value.response["Error"]
    return error["Code"], error["Message"]


def test_a_pair_has_a_role_an_end_a_limit_and_a_last_use(served: Served) -> None:
    home = {"campaignArn": arn("campaign", "home"), "userId": "s1"}
    item = {"datasetArn": arn("dataset", "shop/ITEMS"), "items": [{"itemId": "tea-1"}]}
    event = {"eventId": "e", "eventType": "view", "itemId": "tea-1", "sentAt": TIME}
    events = {"trackingId": "t", "userId": "s1", "sessionId": "x", "eventList": [event]}
    pages, posts, daily = (Personalize(served, role=Role(role)) for role in ("read", "events", "manage"))
    assert pages.runtime.get_recommendations(**home)["itemList"]
    posts.events.put_events(**events)
    daily.events.put_items(**item)
    for call, asked in (
        (pages.events.put_events, events),
        (pages.events.put_items, item),
        (posts.runtime.get_recommendations, home),
        (posts.events.put_items, item),
    ):
        code, words = refused(call, **asked)
        assert code == "AccessDeniedException" and "does not open POST /personalize/" in words
    slow = Personalize(served, per_minute=2)
    for _ in range(2):
        slow.runtime.get_recommendations(**home)
    assert refused(slow.runtime.get_recommendations, **home)[0] == "ThrottlingException"
    over = Personalize(served, expires_at_ms=1_700_000_000_000)
    code, words = refused(over.runtime.get_recommendations, **home)
    assert code == "AccessDeniedException" and "expired at 2023-11-14" in words
    served.shop.keys.write_uses(at_once=True)
    shown = {one.label: one for one in list_keys(served.shop, KeysRequest()).keys if one.kind is KeyKind.SIGNING}
    assert [one.role for one in shown.values()] == ["read", "events", "manage", "admin", "admin"]
    assert [one.used_at is not None for one in shown.values()] == [True, True, True, True, False]
    assert all(one.key_id for one in shown.values())
    assert {one.who for _, one in served.shop.folder.store.audit.newest(9)} == {"boto 2"}  # who changed items
    for client in (pages, posts, daily, slow, over):
        client.close()


def test_a_pair_of_before_pairs_had_roles_opens_what_it_did(served: Served) -> None:
    old = Personalize(served)
    served.shop.folder.store.keys.revoke("boto 0")  # as it was kept then: a secret, and no line among the keys
    (shown,) = (one for one in list_keys(served.shop, KeysRequest()).keys if one.kind is KeyKind.SIGNING)
    assert (shown.label, shown.role, shown.used_at) == ("boto 0", "admin", None)
    old.events.put_items(datasetArn=arn("dataset", "shop/ITEMS"), items=[{"itemId": "tea-1"}])
    served.shop.keys.write_uses(at_once=True)
    (shown,) = (one for one in list_keys(served.shop, KeysRequest()).keys if one.kind is KeyKind.SIGNING)
    assert shown.key_id and shown.used_at
    old.close()


def test_a_wrong_secret_and_an_unknown_key_are_refused(served: Served) -> None:
    wrong = Personalize(served, secret="x" * 40)
    with pytest.raises(ClientError) as refused:
        wrong.runtime.get_recommendations(campaignArn=arn("campaign", "home"), userId="s1")
    assert refused.value.response["Error"]["Code"] == "InvalidSignatureException"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    wrong.close()
    right = Personalize(served)
    for label in [one.label for one in served.shop.signing_keys.all()]:
        served.shop.signing_keys.revoke(label)
    with pytest.raises(ClientError) as refused:
        right.runtime.get_recommendations(campaignArn=arn("campaign", "home"), userId="s1")
    assert refused.value.response["Error"]["Code"] == "UnrecognizedClientException"
    right.close()
