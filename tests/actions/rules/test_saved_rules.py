"""Saved rules: what each kind does to lists, searches and similar products, for whom and when; how it is taken back."""

from __future__ import annotations

from typing import Any

import pytest

from bottega.actions.catalogue.browse import BrowseRequest, VariantsRequest, browse, variants
from bottega.actions.recommend.find_similar import find_similar
from bottega.actions.recommend.recommend import recommend
from bottega.actions.recommend.shapes import RecommendationAnswer, RecommendationRequest, SimilarRequest
from bottega.actions.rules.conflicts import rule_conflicts
from bottega.actions.rules.list_rules import list_rules
from bottega.actions.rules.remove_rule import remove_rule
from bottega.actions.rules.save_rule import save_rule
from bottega.actions.rules.shapes import (
    ConflictsRequest,
    RemoveRuleRequest,
    RuleRequest,
    RulesRequest,
    SaveRuleAnswer,
    SaveRuleRequest,
    UndoRuleRequest,
)
from bottega.actions.rules.show_rule import show_rule
from bottega.actions.rules.undo_rule import undo_rule
from bottega.actions.search.complete import complete
from bottega.actions.search.shapes import CompleteRequest, SearchAnswer, SearchRequest
from bottega.actions.search.words import search_text
from bottega.errors import RequestInvalid, RuleUnknown
from bottega.shop.open_shop import OpenShop
from bottega.shop.rules.rule import moment_ms

MUGS, SHIRTS = {"category": ["Mugs"]}, {"category": ["Shirts"]}


def save(shop: OpenShop, id_: str, kind: str, **fields: Any) -> SaveRuleAnswer:
    return save_rule(shop, SaveRuleRequest.model_validate({"id": id_, "kind": kind, **fields}))


def ask(shop: OpenShop, now_ms: int | None = None, **fields: Any) -> RecommendationAnswer:
    return recommend(shop, RecommendationRequest.model_validate(fields), now_ms=now_ms)


def ids(answer: Any) -> list[str]:
    return [one.product_id for one in answer.items]


def search(shop: OpenShop, text: str, **fields: Any) -> SearchAnswer:
    return search_text(shop, SearchRequest.model_validate({"text": text, **fields}))


def test_a_pin_stands_at_its_place_and_says_so(shop: OpenShop) -> None:
    save(shop, "spring", "pin", product_ids=["mug-19", "shirt-3"], rank=3)
    answer = ask(shop, shopper="ann", n=6)
    assert ids(answer)[2:4] == ["mug-19", "shirt-3"] and answer.rules == ["spring"]
    pin = answer.items[2]
    assert pin.rules == ["spring"] and pin.source == "pin"
    assert (pin.reasons[0].code, pin.reasons[0].text) == ("pinned", "Chosen by the shop")
    assert answer.items[0].rules == []
    assert ids(ask(shop, shopper="ann", n=6, pin=[{"product_id": "lamp-9", "rank": 3}]))[2:5] == [
        "lamp-9",
        "mug-19",
        "shirt-3",
    ], "what the request pins comes first"


def test_hidden_and_filtered_products_leave_a_full_list(shop: OpenShop) -> None:
    save(shop, "no-mugs", "hide", products=MUGS)
    save(shop, "one-brand", "filter", products={"brand": ["brand1"]}, placements=["home"])
    answer = ask(shop, shopper="ann", n=10)
    assert len(answer.items) == 10 and {"no-mugs", "one-brand"} == set(answer.rules)
    assert all(int(name.split("-")[1]) % 4 == 1 and not name.startswith("mug") for name in ids(answer))
    assert ids(ask(shop, n=20, strict=False, filter=MUGS)) != [] and not any(
        name.startswith("mug") for name in ids(ask(shop, n=20, strict=False, filter=MUGS))
    ), "what pads a list is hidden, too"
    assert ids(search(shop, "mug")) == [] and not search(shop, "mug").total
    assert all(item.kind != "product" for item in complete(shop, CompleteRequest(text="mug")).items)
    listed = browse(shop, BrowseRequest(category=["Kitchen"]))
    assert listed.total == 0 and browse(shop, BrowseRequest()).total == 40
    assert variants(shop, VariantsRequest(product_ids=["mug-1"])).groups, "its own page stays"
    save(shop, "no-mugs", "hide", products=MUGS, own_page=True)
    assert not variants(shop, VariantsRequest(product_ids=["mug-1"])).groups


def test_what_is_hidden_helps_nobody_and_is_counted_nowhere(shop: OpenShop) -> None:
    def counts() -> dict[str, int | None]:
        return {one.value or "": one.count for one in complete(shop, CompleteRequest(text="mug")).items if one.value}

    assert counts() == {"Kitchen > Mugs": 20}
    vain = {"text": "mug velvet", "filter": {"brand": ["brand1"], "price_minor": {"max": 1}}}
    helped = search_text(shop, SearchRequest.model_validate(vain)).help
    assert helped is not None and "mug-4" in [one.product_id for one in helped.popular]
    save(shop, "odd", "hide", product_ids=["mug-4", "mug-5"])
    helped = search_text(shop, SearchRequest.model_validate(vain)).help
    assert helped is not None and helped.popular and "mug-4" not in [one.product_id for one in helped.popular]
    assert counts() == {"Kitchen > Mugs": 18}, "at once, and with the rule gone as before"
    shop.rules.put("odd", None)
    assert counts() == {"Kitchen > Mugs": 20}


def test_pages_of_categories_heed_boosts(shop: OpenShop) -> None:
    def listed(**asked: Any) -> list[str]:
        return [group[0].id for group in browse(shop, BrowseRequest(**asked)).groups]

    plain = listed(category=["Kitchen"])
    save(shop, "up", "boost", product_ids=["mug-10"], multiply=2, placements=["category"])
    save(shop, "down", "bury", product_ids=["mug-0"], placements=["category"], category=["Kitchen"])
    save(shop, "first", "pin", product_ids=["mug-7"], placements=["category"], category=["Kitchen"], rank=2)
    ruled = listed(category=["Kitchen"])
    assert ruled[:3] == ["mug-10", "mug-7", "mug-1"] and ruled.index("mug-0") == 17
    assert sorted(ruled) == sorted(plain) and listed(category=["Clothes"])[0] == "shirt-0"
    assert listed(category=["Kitchen"], n=5, after=5) == ruled[5:10]


def test_a_search_is_of_the_category_that_its_words_name(shop: OpenShop) -> None:
    save(shop, "mugs", "pin", product_ids=["shirt-3"], placements=["search"], category=["Mugs"])
    save(shop, "kitchen", "bury", product_ids=["mug-1"], placements=["search"], category=["kitchen"])
    for words in ("mug", "oak mugs", "Mug"):
        assert ids(search(shop, words))[0] == "shirt-3" and search(shop, words, n=40).rules == ["kitchen", "mugs"]
    assert search(shop, "lamp").rules == [] and search(shop, "oak").rules == []
    assert search(shop, "oak", filter=MUGS).rules == ["kitchen"], "as the filter says; no shirt stands among mugs"


def test_boost_and_bury_multiply_scores(shop: OpenShop) -> None:
    plain = ask(shop, shopper="ann", n=60, diversity=0)
    score = {one.product_id: one.score for one in plain.items if one.source == "content"}
    save(shop, "shirts-up", "boost", products=SHIRTS, multiply=3)
    save(shop, "steel-down", "bury", products={"brand": ["brand0", "brand2"]}, multiply=0.5)
    ruled = ask(shop, shopper="ann", n=60, diversity=0)
    for one in ruled.items:
        if one.source == "content" and one.product_id in score:
            kind, number = one.product_id.split("-")
            factor = (3 if kind == "shirt" else 1) * (0.5 if int(number) % 2 == 0 else 1)
            assert one.score == pytest.approx(score[one.product_id] * factor, abs=1e-4)
            assert one.rules == [
                rule for rule, acts in (("steel-down", factor in (0.5, 1.5)), ("shirts-up", factor >= 1.5)) if acts
            ]
    assert ids(ruled)[0].startswith("shirt") and len(ruled.items) == len(plain.items)


def test_a_replaced_list_holds_nothing_else(shop: OpenShop) -> None:
    save(shop, "by-hand", "replace", product_ids=["mug-7", "nowhere", "lamp-3", "shirt-1"], placements=["home"])
    save(shop, "other", "pin", product_ids=["mug-1"])
    assert ids(ask(shop, n=10)) == ["mug-7", "lamp-3", "shirt-1"]
    assert ids(ask(shop, n=2)) == ["mug-7", "lamp-3"]
    assert "mug-1" in ids(ask(shop, n=10, placement="product", product_ids=["mug-2"])), "elsewhere the pin holds"


def test_manual_lists_stand_beside_their_product(shop: OpenShop) -> None:
    save(shop, "like-lamp", "related", product_ids=["shirt-7", "lamp-2", "mug-8"], anchor_ids=["lamp-2"])
    save(shop, "with-lamps", "complementary", product_ids=["mug-5"], category=["home"])
    for by in ("attributes", "looks", "behaviour"):
        alike = find_similar(shop, SimilarRequest(product_id="lamp-2", n=5, by=by))
        assert ids(alike)[:2] == ["shirt-7", "mug-8"] and len(set(ids(alike))) == 5 and alike.rules == ["like-lamp"]
        assert alike.items[0].reasons[0].text == "Chosen by the shop"
        assert alike.reason_groups[0].product_ids == ["shirt-7", "mug-8"]
    beside = ask(shop, placement="product", product_ids=["lamp-2"], n=4)
    assert ids(beside)[:2] == ["shirt-7", "mug-8"] and "lamp-2" not in ids(beside)
    assert ids(ask(shop, placement="cart", product_ids=["lamp-9"], n=4))[0] == "mug-5"
    assert ask(shop, placement="cart", product_ids=["shirt-9"], n=4).rules == []
    assert find_similar(shop, SimilarRequest(product_id="lamp-3", n=5)).rules == []


def test_a_category_a_segment_and_a_time_narrow_a_rule(shop: OpenShop) -> None:
    save(shop, "day", "pin", product_ids=["mug-19"], placements=["category"], category=["kitchen > mugs"])
    save(shop, "new", "pin", product_ids=["shirt-1"], placements=["home"], segments=["new"])
    save(shop, "buyers", "pin", product_ids=["shirt-2"], placements=["home"], segments=["buyers"])
    save(
        shop,
        "may",
        "pin",
        product_ids=["lamp-9"],
        placements=["home"],
        valid_from="2026-05-01",
        valid_until="2026-05-10",
    )
    assert ids(ask(shop, placement="category", filter=MUGS, n=3))[0] == "mug-19"
    assert ask(shop, placement="category", filter=SHIRTS, n=3).rules == []
    assert ids(ask(shop, shopper="nobody-yet", n=3))[0] == "shirt-1"
    assert ask(shop, shopper="ann", n=3).rules == [] and ids(ask(shop, shopper="bob", n=3))[0] == "shirt-2"
    at = {text: moment_ms(text, shop.settings.zone) for text in ("2026-05-01", "2026-05-10T23:59", "2026-05-11")}
    acting = [ask(shop, now_ms=one, shopper="ann", n=3).rules for one in at.values()]
    assert acting == [["may"], ["may"], []]


def test_searches_are_pinned_boosted_and_sent_elsewhere(shop: OpenShop) -> None:
    plain = search(shop, "oak lamp", n=60)
    save(shop, "promote", "pin", product_ids=["shirt-11"], query="lamp", rank=2)
    save(shop, "up", "boost", products={"ids": ["lamp-17"]}, query=["oak lamp"], match="is")
    save(shop, "go", "redirect", query=["returns"], match="starts_with", url="/pages/returns")
    found = search(shop, "Oak LAMP", n=60)
    assert ids(found)[:2] == ["lamp-17", "shirt-11"] and found.total == plain.total + 1
    assert [one.rules for one in found.items[:3]] == [["up"], ["promote"], []] and found.rules == ["up", "promote"]
    assert all(0 <= one.score <= 1 for one in found.items)
    assert set(ids(found)) == {*ids(plain), "shirt-11"}, "nothing falls out"
    cheapest = search(shop, "oak lamp", sort="price_up")
    assert ids(cheapest)[0] == "lamp-1" and "shirt-11" not in ids(cheapest), "an order of prices is one of prices"
    assert search(shop, "returns please").url == "/pages/returns" and search(shop, "no returns").url is None
    first, second = search(shop, "oak lamp", n=1), search(shop, "oak lamp", n=1, after=1)
    assert [*ids(first), *ids(second)] == ids(found)[:2], "pages go on where they ended"


def test_every_change_can_be_taken_back(shop: OpenShop) -> None:
    first = save(shop, "r", "pin", product_ids=["mug-1"])
    assert first.created and not save(shop, "r", "pin", product_ids=["mug-2"]).created
    undone = undo_rule(shop, UndoRuleRequest(id="r"))
    assert undone.rule is not None and undone.rule.product_ids == ["mug-1"] and ids(ask(shop, n=1)) == ["mug-1"]
    assert undo_rule(shop, UndoRuleRequest(id="r")).rule.product_ids == ["mug-2"], "an undo is undone"  # type: ignore[union-attr]
    remove_rule(shop, RemoveRuleRequest(id="r"))
    assert ask(shop, n=1).rules == [] and list_rules(shop, RulesRequest()).total == 0
    gone = list_rules(shop, RulesRequest(removed=True)).rules[0]
    assert (gone.rule.id, gone.rule.product_ids, gone.state) == ("r", ["mug-2"], "removed")
    with pytest.raises(RuleUnknown, match="removed before"):
        remove_rule(shop, RemoveRuleRequest(id="r"))
    undo_rule(shop, UndoRuleRequest(id="r", version=first.version))
    assert "r" not in {one.rule.id for one in list_rules(shop, RulesRequest(removed=True)).rules}
    shown = show_rule(shop, RuleRequest(id="r"))
    assert shown.rule is not None and shown.rule.product_ids == ["mug-1"] and shown.state == "in force"
    assert [one.changed for one in shown.versions[-3:]] == [
        ["product_ids"],
        ["product_ids"],
        ["id", "kind", "product_ids"],
    ]
    with pytest.raises(RuleUnknown, match="has no version 9999"):
        undo_rule(shop, UndoRuleRequest(id="r", version=9999))
    with pytest.raises(RuleUnknown, match="there was none"):
        show_rule(shop, RuleRequest(id="never"))


def test_the_first_version_is_undone_to_nothing(shop: OpenShop) -> None:
    save(shop, "only", "pin", product_ids=["mug-1"])
    assert undo_rule(shop, UndoRuleRequest(id="only")).rule is None
    assert list_rules(shop, RulesRequest()).total == 0


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "pin"}, "names no product"),
        ({"kind": "hide"}, "is about every product"),
        ({"kind": "hide", "products": {}}, "is about every product"),
        ({"kind": "boost", "products": MUGS, "multiply": 0.5}, "multiplies by 0.5"),
        ({"kind": "bury", "products": MUGS, "multiply": 2}, "multiplies by 2"),
        ({"kind": "redirect", "query": "x", "url": "javascript:alert(1)"}, "leads to 'javascript:alert"),
        ({"kind": "redirect", "query": "x", "url": "//evil.example"}, "leads to '//evil"),
        ({"kind": "redirect", "url": "/a"}, "names no query"),
        ({"kind": "related", "product_ids": ["a"]}, "says beside what"),
        ({"kind": "related", "product_ids": ["a"], "anchor_ids": ["b"], "placements": ["home"]}, "acts at home"),
        ({"kind": "pin", "product_ids": ["a"], "query": "x", "placements": ["home"]}, "does not act at search"),
        ({"kind": "pin", "product_ids": ["a"], "query": "!!"}, "without a word"),
        ({"kind": "pin", "product_ids": ["a"], "valid_from": "someday"}, "time that is none"),
        (
            {"kind": "pin", "product_ids": ["a"], "valid_from": "2026-05-02", "valid_until": "2026-05-01"},
            "ends before it begins",
        ),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(shop: OpenShop, fields: dict[str, Any], said: str) -> None:
    with pytest.raises(RequestInvalid, match=said):
        save_rule(shop, SaveRuleRequest.model_validate({"id": "bad", **fields}))
    assert shop.rules.all() == []


def told(shop: OpenShop) -> list[tuple[str, str | None, str]]:
    return [(one.kind, one.winner, one.text) for one in rule_conflicts(shop, ConflictsRequest()).conflicts]


def test_conflicts_say_who_wins(shop: OpenShop) -> None:
    save(shop, "a", "pin", product_ids=["mug-1"], placements=["home"])
    answer = save(shop, "b", "pin", product_ids=["mug-2"], placements=["home"], priority=5)
    assert [one.text for one in answer.conflicts] == [
        "'b' and 'a' both set a product at place 1; 'b' wins by its priority, and mug-1 comes at the next free place."
    ]
    assert ids(ask(shop, n=2)) == ["mug-2", "mug-1"], "and so it is"
    save(shop, "c", "hide", products=MUGS)
    save(shop, "d", "boost", products=MUGS)
    save(shop, "e", "filter", products=MUGS, placements=["home"])
    kinds = {(kind, winner) for kind, winner, _ in told(shop)}
    assert {("shut_out", "c"), ("nothing_left", None)} <= kinds
    assert "'c' hides every product of 'd', which does nothing where both act." in [text for *_, text in told(shop)]
    remove_rule(shop, RemoveRuleRequest(id="c"))
    save(shop, "f", "bury", products={"ids": ["mug-3"]}, multiply=0.25)
    assert ("both_ways", None, "'f' and 'd' pull one product both ways: together they multiply scores by 0.5.") in told(
        shop
    )


def test_rules_that_never_meet_are_in_no_conflict(shop: OpenShop) -> None:
    narrow: dict[str, dict[str, Any]] = {
        "a": {"placements": ["category"], "category": ["Mugs"]},
        "b": {"placements": ["category"], "category": ["Shirts"]},
        "c": {"placements": ["home"], "segments": ["new"]},
        "d": {"placements": ["home"], "segments": ["buyers"]},
        "e": {"query": ["oak"], "match": "is"},
        "f": {"query": ["steel"], "match": "is"},
        "g": {"placements": ["cart"], "valid_until": "2998-12-31"},
        "h": {"placements": ["cart"], "valid_from": "2999-01-01"},
    }
    for id_, more in narrow.items():
        save(shop, id_, "pin", product_ids=[f"mug-{ord(id_) - 97}"], **more)
    assert told(shop) == []


def test_a_rule_that_comes_to_nothing_is_told(shop: OpenShop) -> None:
    save(shop, "ghost", "pin", product_ids=["nowhere"])
    save(shop, "old", "pin", product_ids=["mug-1"], valid_until="2020-01-01")
    save(shop, "lost", "hide", products={"brand": ["none such"]}, category=["Hats"])
    assert [text for kind, _, text in told(shop) if kind == "no_effect"] == [
        "'lost' is for Hats, and the catalogue has no such category: it does nothing.",
        "'lost' is about no product that can be shown now.",
        "'old' is over since 2020-01-01: it does nothing any more.",
        "'ghost' names nowhere, which the catalogue does not have.",
    ]
    states = {one.rule.id: one.state for one in list_rules(shop, RulesRequest()).rules}
    assert states == {"ghost": "in force", "old": "over", "lost": "in force"}


def test_another_process_of_the_machine_heeds_a_rule_at_once(shop: OpenShop) -> None:
    with OpenShop.open(shop.folder.root) as other:
        assert ask(other, n=3).rules == []
        save(shop, "now", "pin", product_ids=["mug-19"])
        assert other.rules.news and ids(ask(other, n=3))[0] == "mug-19"
        remove_rule(other, RemoveRuleRequest(id="now"))
        assert ask(shop, n=3).rules == []
