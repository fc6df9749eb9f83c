"""Why a product is shown or not, held against answers: what is said to be kept out never comes, what can come does."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from bottega.actions.intake.record_events import record_events
from bottega.actions.intake.shapes import RecordRequest, UpsertRequest
from bottega.actions.intake.upsert_products import upsert_products
from bottega.actions.products.why_shapes import ShownAt, WhyShownAnswer, WhyShownRequest
from bottega.actions.products.why_shown import why_shown
from bottega.actions.recommend.find_similar import find_similar
from bottega.actions.recommend.recommend import recommend
from bottega.actions.recommend.shapes import RecommendationRequest, SimilarRequest
from bottega.actions.rules.save_rule import save_rule
from bottega.actions.rules.shapes import SaveRuleRequest
from bottega.actions.search.shapes import SearchRequest
from bottega.actions.search.words import search_text
from bottega.errors import ProductUnknown, RequestInvalid
from bottega.shop.open_shop import OpenShop

PATHS: tuple[list[str], ...] = (["Home", "Lamps"], ["Home", "Rugs"], ["Kitchen", "Mugs"], [])
STOCK = ("in_stock", "in_stock", "in_stock", "out_of_stock")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenShop]:
    """Twenty-four products: variants, sold out, hidden, without a category; three shoppers."""
    rows = [
        {
            "id": f"p{i}",
            "title": f"{('oak', 'steel', 'glass')[i % 3]} thing {i}",
            "category": PATHS[i % 4],
            "availability": STOCK[i % 5 % 4],
            "hidden": i == 9,
            "group_id": f"g{i // 4}" if i % 4 < 2 and i < 12 else None,
            "brand": f"b{i % 2}",
        }
        for i in range(24)
    ]
    events = [{"shopper_id": "ann", "kind": "view", "product_id": f"p{i}"} for i in (1, 2, 6)]
    events += [
        {"shopper_id": "bob", "kind": kind, "product_id": name} for kind, name in (("purchase", "p4"), ("view", "p6"))
    ]
    with OpenShop.open(tmp_path_factory.mktemp("shop")) as opened:
        upsert_products(opened, UpsertRequest(products=rows))
        record_events(opened, RecordRequest(events=events))
        yield opened


@pytest.fixture
def shop(shared: OpenShop) -> Iterator[OpenShop]:
    yield shared
    for rule in shared.rules.all():
        shared.rules.put(rule.id, None)


def drawn_rule(random: Random, number: int) -> dict[str, Any]:
    """A rule that keeps something out, or sets it at a place, under conditions or none."""
    kind = random.choice(["hide", "filter", "replace", "hide", "bury", "pin"])
    rule: dict[str, Any] = {"id": f"r{number}", "kind": kind, "priority": random.randint(0, 2)}
    if kind in ("replace", "pin") or random.random() < 0.5:
        rule["product_ids"] = random.sample([f"p{i}" for i in range(24)], random.randint(1, 6))
    else:
        rule["products"] = random.choice([{"category": ["Home"]}, {"brand": ["b1"]}, {"category": ["Home > Lamps"]}])
    if random.random() < 0.4:
        rule["placements"] = random.sample(["home", "product", "cart", "category", "similar", "search"], 3)
    if random.random() < 0.3:
        rule["category"] = [random.choice(["Home", "Lamps", "Home > Rugs", "Kitchen"])]
    if random.random() < 0.2:
        rule["segments"] = random.sample(["new", "returning", "buyers"], random.randint(1, 2))
    if random.random() < 0.2 and rule.get("placements", ["search"]) == ["search"]:
        rule["query"] = [random.choice(["oak", "thing", "steel thing"])]
    return rule


def drawn_list(shop: OpenShop, random: Random, placement: str, name: str) -> list[str]:
    """Ids of a list that somebody asks for there, often with a filter that leaves little beside one product."""
    wanted: dict[str, Any] = {}
    if random.random() < 0.5:
        wanted["ids"] = [name, *random.sample([f"p{i}" for i in range(24)], 2)]
    others = ["Home", "Lamps", "Rugs", "Home > Lamps", "Home > Rugs", "Kitchen", "Mugs"]
    if placement == "category" or random.random() < 0.3:
        wanted["category"] = random.sample(others, random.randint(1, 2))
    ask: dict[str, Any] = {"n": 200} | ({"filter": wanted} if wanted else {})
    anchor = random.choice([f"p{i}" for i in range(24)])
    if placement == "search":
        ask |= {"text": random.choice(["", "oak", "thing", "steel thing", "glass thing 5"])}
        return [one.product_id for one in search_text(shop, SearchRequest.model_validate(ask)).items]
    if placement == "similar":
        ask |= {"product_id": anchor}
        return [one.product_id for one in find_similar(shop, SimilarRequest.model_validate(ask)).items]
    ask |= {"placement": placement, "shopper": random.choice([None, "ann", "bob"])}
    ask |= {"product_ids": [anchor]} if placement in ("product", "cart") else {}
    ask |= {"group_by": random.choice(["none", "item_group_id"]), "pin": [name], "explain": False}
    return [one.product_id for one in recommend(shop, RecommendationRequest.model_validate(ask)).items]


def brought(shop: OpenShop, place: ShownAt) -> list[str]:
    """What the request that is said to bring a product brings."""
    assert place.ask is not None
    if place.placement == "search":
        return [one.product_id for one in search_text(shop, SearchRequest.model_validate(place.ask)).items]
    if place.placement == "similar":
        return [one.product_id for one in find_similar(shop, SimilarRequest.model_validate(place.ask)).items]
    return [one.product_id for one in recommend(shop, RecommendationRequest.model_validate(place.ask)).items]


@pytest.mark.parametrize("seed", [0, 2, 5])
def test_what_is_said_is_what_answers_do(shop: OpenShop, seed: int) -> None:
    random = Random(seed)
    for number in range(seed):
        try:
            save_rule(shop, SaveRuleRequest.model_validate(drawn_rule(random, number)))
        except RequestInvalid:
            continue
    kept_out = 0
    for name in random.sample([f"p{i}" for i in range(24)], 5):
        told = why_shown(shop, WhyShownRequest(product_id=name))
        for place in told.places:
            if place.can and place.ask is not None:
                assert name in brought(shop, place), (name, place)
            if not place.can:
                kept_out += 1
                for _ in range(8):
                    assert name not in drawn_list(shop, random, place.placement, name), (name, place)
    assert kept_out


def places_of(told: WhyShownAnswer) -> dict[str, ShownAt]:
    return {one.placement: one for one in told.places}


def test_each_reason_is_named(shop: OpenShop) -> None:
    def said(name: str) -> dict[str, str]:
        return {one.code: one.state for one in why_shown(shop, WhyShownRequest(product_id=name)).checks}

    assert said("p3")["availability"] == "stops"
    assert said("p9")["hidden"] == "stops"
    assert said("p1")["variant"] == "slows"
    assert said("p2")["in_model"] == "slows"
    assert said("p22") | {"price": "slows", "picture": "slows", "text": "slows", "events": "slows"} == said("p22")
    told = why_shown(shop, WhyShownRequest(product_id="p1"))
    assert places_of(told)["home"].instead == "p0" and "'p0'" in places_of(told)["home"].text
    assert places_of(told)["category"].rank == 2  # its variant is in another category
    with pytest.raises(ProductUnknown, match="No product has the id 'q'"):
        why_shown(shop, WhyShownRequest(product_id="q"))


@pytest.mark.parametrize(("name", "done"), [("p1", "1 view"), ("p6", "2 views"), ("p4", "1 purchase")])
def test_what_was_done_with_it_is_counted_in_words(shop: OpenShop, name: str, done: str) -> None:
    checks = why_shown(shop, WhyShownRequest(product_id=name)).checks
    assert [one.text for one in checks if one.code == "events"] == [f"Events of it that are kept: {done}."]


def test_a_rule_that_hides_it_is_named_where_it_acts(shop: OpenShop) -> None:
    hide = {"id": "no-p2", "kind": "hide", "product_ids": ["p2"], "placements": ["home", "cart"]}
    save_rule(shop, SaveRuleRequest.model_validate(hide))
    save_rule(shop, SaveRuleRequest.model_validate(hide | {"id": "later", "valid_from": "2999-01-01"}))
    told = why_shown(shop, WhyShownRequest(product_id="p2"))
    places = places_of(told)
    assert [name for name, one in places.items() if not one.can] == ["home", "cart"]
    assert places["home"].rules == ["no-p2"] and "no-p2" in places["home"].text
    assert [one.rule for one in told.checks if one.code == "rule"] == ["no-p2"]


def test_a_rule_for_new_shoppers_leaves_it_to_the_others(shop: OpenShop) -> None:
    hide = {"id": "new", "kind": "hide", "product_ids": ["p2"], "segments": ["new"], "placements": ["home"]}
    save_rule(shop, SaveRuleRequest.model_validate(hide))
    home = places_of(why_shown(shop, WhyShownRequest(product_id="p2")))["home"]
    assert home.can and home.ask is None and "shoppers who came before" in home.text
    ask: dict[str, Any] = {"n": 200, "explain": False}
    lists = {
        who: [one.product_id for one in recommend(shop, RecommendationRequest(shopper=who, **ask)).items]
        for who in (None, "bob")
    }
    assert "p2" not in lists[None] and "p2" in lists["bob"]
