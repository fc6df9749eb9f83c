"""GetRecommendations and GetPersonalizedRanking."""

from __future__ import annotations

import math
from typing import Any

from bottega.catalogue.product import Product
from bottega.errors import RequestInvalid
from bottega.names import EventKind
from bottega.serving.http.callers.asking import ask
from bottega.serving.http.callers.personalize_body import Body
from bottega.serving.http.callers.personalize_words import both, campaign, filter_of, metadata
from bottega.serving.http.door import Door
from bottega.shop.shape import COUNT_MAX

__all__ = ["get_personalized_ranking", "get_recommendations"]

USUAL = 25
"""Items of a list whose request names no number."""
MOST = 500
"""Most that a caller may ask for; ours are asked for as often as it takes."""


async def get_recommendations(door: Door, body: Body) -> dict[str, Any]:
    """A list for a user, beside an item, or for both; `promotions` stand at even places in it."""
    body.only(
        "campaignArn", "recommenderArn", "userId", "itemId", "numResults", "context", "filterArn", "filterValues",
        "promotions", "metadataColumns",
    )  # fmt: skip
    arn = body.text("campaignArn") or body.text("recommenderArn")
    if arn is None:
        raise RequestInvalid("campaignArn and recommenderArn are missing.", next_step="Send one of them.")
    item, n = body.text("itemId"), body.number("numResults", USUAL, MOST)
    asked = campaign(door.shop.settings, arn, item=item) | {"shopper": body.text("userId"), "explain": True}
    if asked["placement"] in ("product", "cart"):
        if item is None:
            raise RequestInvalid("itemId is missing.", allowed="This campaign answers beside an item.")
        asked["product_ids"] = [item]
    asked |= await _filtered(door, body, body.text("userId"))
    columns = body.table("metadataColumns").get("ITEMS", [])
    promoted = await _promoted(door, body, asked, n)
    if n == 0:
        return {"itemList": [], "recommendationId": ""}
    found, name = await _listed(door, asked, n, promoted[1], return_product=bool(columns))
    return {"itemList": [_item(one, columns, promoted) for one in found], "recommendationId": name}


async def get_personalized_ranking(door: Door, body: Body) -> dict[str, Any]:
    """A list of the caller's in the order of this user. What cannot be shown or is not known stands last, unscored."""
    body.only("campaignArn", "inputList", "userId", "context", "filterArn", "filterValues", "metadataColumns")
    user, given = body.needed("userId"), list(dict.fromkeys(body.texts("inputList", MOST)))
    chosen = campaign(door.shop.settings, body.needed("campaignArn"), item=None)
    asked = chosen | {"placement": "home", "shopper": user, "group_by": "none", "diversity": 0, "explain": False}
    rules = await _filtered(door, body, user)
    columns = body.table("metadataColumns").get("ITEMS", [])
    ranked: list[dict[str, Any]] = []
    name, left, scale = "", list(given), 1.0
    while left:  # the best of all that are left, then the best of the rest, each scored below those before
        more = {**asked, **rules, "filter": both(rules.get("filter"), {"ids": left}), "n": min(len(left), COUNT_MAX)}
        answer = await ask(door, "recommend", **more, return_product=bool(columns))
        name = name or answer["recommendation_id"]
        found = [one | {"score": one["score"] * scale} for one in answer["items"]]
        ranked += found
        taken = {one["product_id"] for one in found}
        left = [one for one in left if one not in taken]
        if len(found) < COUNT_MAX:
            break
        scale = found[-1]["score"]
    scored = [_item(one, columns, ("", {})) for one in ranked if one["product_id"] in given]
    known = {one["itemId"] for one in scored}
    allowed = [one for one in given if one not in known] if not rules.get("filter") else []
    return {"personalizedRanking": [*scored, *({"itemId": one} for one in allowed)], "recommendationId": name}


async def _listed(
    door: Door, asked: dict[str, Any], n: int, pinned: dict[str, int], **more: Any
) -> tuple[list[dict[str, Any]], str]:
    """A list of `n`, however long, and the name of its first answer; `pinned`: products and the ranks they stand at.

    After the best of all come the best of the rest, each scored below those before.
    """
    found: list[dict[str, Any]] = []
    name, scale = "", 1.0
    for start in range(0, n, COUNT_MAX):
        count = min(n - start, COUNT_MAX)
        pins = [
            {"product_id": one, "rank": rank - start} for one, rank in pinned.items() if start < rank <= start + count
        ]
        here = {pin["product_id"] for pin in pins}
        elsewhere = [*(one["product_id"] for one in found), *(one for one in pinned if one not in here)]
        left_out = list(dict.fromkeys([*asked.get("exclude_ids", []), *elsewhere]))
        answer = await ask(door, "recommend", **{**asked, "exclude_ids": left_out}, n=count, pin=pins, **more)
        name = name or answer["recommendation_id"]
        page = [one | {"score": one["score"] * scale} for one in answer["items"]]
        found += page
        if len(page) < count:
            break
        scale = min(one["score"] for one in page)
    return found, name


async def _filtered(door: Door, body: Body, user: str | None) -> dict[str, Any]:
    """The filter that a body names, and what the user did so much with that it is left out."""
    declared, done = filter_of(door.shop.settings, body.text("filterArn"), body.table("filterValues"))
    rules: dict[str, Any] = {"filter": declared} if declared else {}
    if done and user is not None:
        rules["exclude_ids"] = await _did(door, user, done)
    return rules


async def _did(door: Door, user: str, kinds: list[EventKind]) -> list[str]:
    found = await ask(door, "list_events", shopper=user, kinds=kinds, n=10_000)
    return list(dict.fromkeys(one["product_id"] for one in found["events"] if one["product_id"]))


async def _promoted(door: Door, body: Body, asked: dict[str, Any], n: int) -> tuple[str, dict[str, int]]:
    """The name of a promotion, and its products with the ranks where they stand."""
    promotions = body.fields.get("promotions") or []
    if not promotions or not n:
        return "", {}
    if len(promotions) > 1 or not isinstance(promotions[0], dict):
        raise RequestInvalid("promotions is no list of one object.")
    promotion = Body(promotions[0]).only("name", "percentPromotedItems", "filterArn", "filterValues")
    count = max(1, math.floor(n * promotion.number("percentPromotedItems", 100, 100) / 100))
    rules = await _filtered(door, promotion, asked["shopper"])
    within = both(asked.get("filter"), rules.get("filter"))
    left_out = [*asked.get("exclude_ids", []), *rules.get("exclude_ids", [])]
    found, _ = await _listed(door, {**asked, "filter": within, "exclude_ids": left_out, "explain": False}, count, {})
    names = [one["product_id"] for one in found]
    ranks = [1 + place * n // count for place in range(count)]
    return promotion.text("name") or "promotion", dict(zip(names, ranks, strict=False))


def _item(one: dict[str, Any], columns: list[str], promoted: tuple[str, dict[str, int]]) -> dict[str, Any]:
    found: dict[str, Any] = {"itemId": one["product_id"], "score": one["score"]}
    if reasons := [reason["code"] for reason in one["reasons"]]:
        found["reason"] = reasons
    if one["product_id"] in promoted[1]:
        found["promotionName"] = promoted[0]
    if columns and one.get("product"):
        found["metadata"] = metadata(Product.model_validate(one["product"]), columns)
    return found
