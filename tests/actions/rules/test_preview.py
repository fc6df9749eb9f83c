"""A preview shows what shoppers get once the rule is saved, over random rules; and says what moved every product."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bottega.actions.recommend.find_similar import find_similar
from bottega.actions.recommend.recommend import recommend
from bottega.actions.rules.preview import preview
from bottega.actions.rules.save_rule import save_rule
from bottega.actions.rules.shapes import RulePreviewAnswer, RulePreviewRequest, SaveRuleRequest
from bottega.actions.search.words import search_text
from bottega.errors import RequestInvalid
from bottega.shop.open_shop import OpenShop
from bottega.shop.rules.rule import IN_ORDER, SavedRule

NAMES = [f"{kind}-{number}" for kind in ("lamp", "mug", "shirt") for number in range(0, 20, 3)]
FILTERS: list[dict[str, Any]] = [
    {"category": ["Mugs"]},
    {"brand": ["brand1", "brand2"]},
    {"price_minor": {"max": 2000}},
    {"ids": NAMES[:5]},
    {"not": {"category": ["Home"]}},
]
PLACES = ("home", "product", "cart", "category", "similar", "search")


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(["pin", "boost", "bury", "hide", "filter", "replace", "related", "complementary"]))
    rule: dict[str, Any] = {"kind": kind, "priority": draw(st.integers(-1, 1))}
    if kind in IN_ORDER:
        rule["product_ids"] = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True))
    else:
        rule["products"] = draw(st.sampled_from(FILTERS))
    if kind == "pin":
        rule["rank"] = draw(st.integers(1, 6))
    if kind in ("related", "complementary"):
        rule["anchor_ids"] = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=6))
        return rule
    places = draw(st.lists(st.sampled_from(PLACES), max_size=3, unique=True))
    narrow = draw(st.sampled_from(["", "category", "segments", "query"]))
    if narrow == "query":
        return rule | {"query": ["lamp"]}
    if narrow:
        rule[narrow] = ["Mugs"] if narrow == "category" else [draw(st.sampled_from(["new", "returning", "buyers"]))]
    return rule | {"placements": places}


REQUESTS: list[dict[str, Any]] = [
    {"recommend": {"placement": "home", "shopper": "ann", "n": 8}},
    {"recommend": {"placement": "home", "shopper": "bob", "n": 12, "diversity": 0.5}},
    {"recommend": {"placement": "category", "filter": {"category": ["Mugs"]}, "n": 8}},
    {"recommend": {"placement": "cart", "product_ids": ["lamp-3"], "shopper": "ann", "n": 6}},
    {"similar": {"product_id": "mug-3", "n": 6}},
    {"search": {"text": "oak lamp", "n": 8}},
    {"search": {"text": "mug", "n": 8, "shopper": "bob"}},
]


def ids(answer: Any) -> list[str]:
    return [one.product_id for one in answer.items]


def got(shop: OpenShop, request: RulePreviewRequest) -> Any:
    """What a shopper gets."""
    if request.recommend is not None:
        return recommend(shop, request.recommend)
    if request.search is not None:
        return search_text(shop, request.search)
    assert request.similar is not None
    return find_similar(shop, request.similar)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(rules(), min_size=1, max_size=6), st.sampled_from(REQUESTS))
def test_what_is_previewed_is_what_shoppers_get(
    shop: OpenShop, drawn: list[dict[str, Any]], asked: dict[str, Any]
) -> None:
    for known in shop.rules.all():
        shop.rules.put(known.id, None)
    *others, last = [{"id": f"r{place}", **rule} for place, rule in enumerate(drawn)]
    for rule in others:
        save_rule(shop, SaveRuleRequest.model_validate(rule))
    request = RulePreviewRequest.model_validate(asked | {"draft": last})
    before = got(shop, request)
    told = preview(shop, request)
    assert told.before.product_ids == ids(before) and told.before.rules == before.rules
    save_rule(shop, SaveRuleRequest.model_validate(last))
    after = got(shop, request)
    assert told.after.product_ids == ids(after) and told.after.rules == after.rules
    places = {one.product_id: (one.before, one.after) for one in told.products}
    assert places == {
        name: (_place(ids(before), name), _place(ids(after), name)) for name in {*ids(before), *ids(after)}
    }
    assert all(one.why or one.before == one.after for one in told.products), "whatever moved says why"
    _check(shop, request, after)


def _place(names: list[str], name: str) -> int | None:
    return names.index(name) + 1 if name in names else None


def _check(shop: OpenShop, request: RulePreviewRequest, answer: Any) -> None:
    """Hidden products never show, the pin that wins stands at its place, and nothing that may be shown is missing."""
    shown, asked = ids(answer), request.recommend
    if asked is None:
        return
    rules = {rule.id: rule for rule in shop.rules.all()}
    with shop.floor() as floor:
        saved = shop.rules.on(floor)
        order = {rule.id: place for place, rule in enumerate(saved.rules)}
        acting = [rule for rule in rules.values() if rule.id in answer.rules]
        left = floor.shelf.allowed(asked.filter)[0].copy()
        for rule in acting:
            rows = floor.shelf.matching(rule.about)
            if rule.kind == "hide":
                left &= ~rows
            elif rule.kind == "filter":
                left &= rows
        assert all(left[floor.shelf.row_of(name)] for name in shown)
        barred = {*asked.product_ids, *(["mug-4"] if asked.shopper == "bob" else [])}
        replaced = any(rule.kind == "replace" for rule in acting)
        if not replaced:
            may = sum(floor.shelf.product_id(row) not in barred for row in left.nonzero()[0].tolist())
            assert len(shown) == min(asked.n or 0, may)
            assert any(name not in barred for name in shown) or not may
            _check_first_pin(acting, order, left, floor, shown, barred)


def _check_first_pin(
    acting: list[SavedRule], order: dict[str, int], left: Any, floor: Any, shown: list[str], barred: set[str]
) -> None:
    setting = sorted((rule for rule in acting if rule.kind in IN_ORDER), key=lambda rule: order[rule.id])
    for rule in setting[:1]:
        able = [name for name in rule.product_ids if left[floor.shelf.row_of(name)] and name not in barred]
        places = [shown.index(name) for name in able if name in shown]
        assert places == list(range(places[0], places[0] + len(places))) if places else True
        if able and len(shown) >= rule.rank:
            assert shown[rule.rank - 1] == able[0]


def told(shop: OpenShop, draft: dict[str, Any], **asked: Any) -> RulePreviewAnswer:
    return preview(shop, RulePreviewRequest.model_validate({"draft": {"id": "draft", **draft}, **asked}))


def test_every_product_says_what_moved_it(shop: OpenShop) -> None:
    home = {"placement": "home", "shopper": "ann", "n": 4}
    pinned = told(shop, {"kind": "pin", "product_ids": ["mug-19"], "name": "Spring"}, recommend=home)
    assert pinned.products[0].why == "Set at place 1 by 'Spring'; not in the list without it."
    assert pinned.products[1].why == "Moved from place 1 by what 'Spring' did to others."
    assert pinned.products[-1].after is None
    assert pinned.products[-1].why == "Pushed off the list by what 'Spring' did to others."
    hidden = told(shop, {"kind": "hide", "products": {"category": ["Lamps"]}}, recommend=home)
    assert all(one.why == "Hidden by 'draft'." for one in hidden.products if one.after is None)
    assert hidden.acts and shop.rules.all() == [], "nothing is saved"


def test_a_rule_whose_time_comes_is_seen_at_that_time(shop: OpenShop) -> None:
    draft = {"kind": "pin", "product_ids": ["mug-19"], "valid_from": "2999-05-01"}
    assert not told(shop, draft, recommend={"n": 3}).acts
    assert told(shop, draft, recommend={"n": 3}, at="2999-05-02T09:00").after.product_ids[0] == "mug-19"
    with pytest.raises(RequestInvalid, match="is no time"):
        told(shop, draft, recommend={"n": 3}, at="tomorrow")


def test_one_list_is_previewed(shop: OpenShop) -> None:
    draft = {"kind": "pin", "product_ids": ["mug-19"]}
    for asked in ({}, {"recommend": {"n": 3}, "search": {"text": "mug"}}):
        with pytest.raises(RequestInvalid, match="of the fields recommend, search and similar are given"):
            told(shop, draft, **asked)
    with pytest.raises(RequestInvalid, match="names no product"):
        told(shop, {"kind": "pin"}, recommend={"n": 3})


def test_without_a_draft_saved_rules_stand_against_none(shop: OpenShop) -> None:
    save_rule(shop, SaveRuleRequest.model_validate({"id": "spring", "kind": "pin", "product_ids": ["mug-19"]}))
    answer = preview(shop, RulePreviewRequest.model_validate({"recommend": {"n": 3}, "at": None}))
    assert answer.after.product_ids[0] == "mug-19" and answer.before.rules == [] and answer.acts
