"""Steering by clicks: a pin for Mother's Day, its preview, its undo; searches in vain, a synonym; learnt words."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bottega.actions.recommend.recommend import recommend
from bottega.actions.recommend.shapes import RecommendationRequest
from bottega.actions.search.shapes import SearchRequest
from bottega.actions.search.words import search_text
from bottega.events.event import Event
from bottega.names import Role
from bottega.serving.console.steering.rule_form import RuleForm
from bottega.shop.rules.rule import SavedRule, moment_ms
from bottega.shop.synonyms import remove_synonyms

EDIT, RULES = "/console/rules/edit", "/console/rules"
LAMP = "lamps-5"


@pytest.fixture
def shop(merchant: Any) -> Iterator[Any]:
    """The shop behind the console, without rules and synonyms before and after."""
    yield merchant.shop
    for rule in merchant.shop.rules.all():
        merchant.shop.rules.put(rule.id, None)
    remove_synonyms(merchant.shop, [one.number for one in merchant.shop.store.synonyms.all()])


def undone(merchant: Any, page: Any) -> Any:
    """Press the Undo that a page offers."""
    said = page.text.partition('<div class="said"')[2]
    form = re.search(r'action="([^"]*)">(.*?)Undo</button>', said, re.DOTALL)
    assert form, page.text[:3000]
    fields = dict(re.findall(r'name="([^"]*)" value="([^"]*)"', form[2]))
    sent = {name: unescape(value) for name, value in fields.items() if name not in ("csrf", "back")}
    return merchant.submit(form[1], **sent)


def test_a_product_is_pinned_for_mothers_day_in_one_category_by_clicks(merchant: Any, shop: Any) -> None:
    assert f'href="{EDIT}?kind=pin"' in merchant.get(EDIT).text
    page = merchant.get(f"{EDIT}?kind=pin")
    assert "Choose products" in page.text and 'value="Home &gt; Lamps"' in page.text
    held = {"kind": "pin", "name": "Mother's Day", "rank": "1", "enabled": "1", "placements": "category"}
    page = merchant.submit(EDIT, **held, find="lamp number 5", do="live")
    assert f'value="add:product_ids:{LAMP}"' in page.text, "found by letters of its title"
    page = merchant.submit(EDIT, **held, do=f"add:product_ids:{LAMP}", more_category="Home > Lamps")
    assert f'name="product_ids" value="{LAMP}"' in page.text and 'name="category" value="Home &gt; Lamps"' in page.text
    held |= {"product_ids": LAMP, "category": "Home > Lamps", "from_day": "2099-05-01", "until_day": "2099-05-10"}
    page = merchant.submit(EDIT, **held, see_shopper="s1", do="look")
    assert "Category page of Home &gt; Lamps, as shopper s1, on 1 May 2099, when it begins." in page.text
    assert "by &#34;Mother&#39;s Day&#34;" in page.text and shop.rules.all() == [], "nothing is saved yet"
    page = merchant.submit(EDIT, **held, do="save")
    assert "“Mother&#39;s Day” is saved" in page.text and "1 May 2099 to 10 May 2099" in page.text
    assert "Lamp number 5, at place 1" in page.text and "Category pages, in Home &gt; Lamps" in page.text
    asked = RecommendationRequest.model_validate(
        {"placement": "category", "filter": {"category": ["Home > Lamps"]}, "n": 3}
    )
    for day, first in (("2099-05-10T23:00", True), ("2099-05-11", False)):
        items = recommend(shop, asked, now_ms=moment_ms(day, shop.rules.zone)).items
        assert (items[0].product_id == LAMP and items[0].rules == ["mother-s-day"]) is first
    assert merchant.get(f"{RULES}?form=csv").text.startswith("\ufeffid,name,kind,state")
    assert "There are no rules" in undone(merchant, page).text


def test_what_a_rule_lacks_stands_above_the_form_as_it_was_filled(merchant: Any, shop: Any) -> None:
    page = merchant.submit(EDIT, kind="boost", name="Cheap", price_to="12,50", multiply="0.5", do="save")
    assert page.status_code == 422 and "multiplies by 0.5" in page.text
    assert 'value="Cheap"' in page.text and 'value="12,50"' in page.text and shop.rules.all() == []
    for wrong in ({"price_to": "much"}, {"attributes": "red"}, {"from_time": "09:00", "price_to": "3"}, {"rest": "{"}):
        assert merchant.submit(EDIT, kind="boost", do="save", **wrong).status_code == 422, wrong
    assert merchant.submit(EDIT, kind="none", do="save").status_code == 422
    page = merchant.submit(EDIT, kind="pin", product_ids=LAMP, see_day="soon", do="look")
    assert page.status_code == 200 and "The day of the preview is" in page.text


def test_a_category_that_the_shop_has_not_is_refused_and_those_like_it_are_offered(merchant: Any, shop: Any) -> None:
    held = {"kind": "bury", "name": "Dark", "enabled": "1", "multiply": "0.5"}
    for button in ("more", "save", "look"):
        page = merchant.submit(EDIT, **held, more_of_category="lam", do=button)
        assert page.status_code == 422 and "The shop has no category “lam”." in page.text, button
        assert 'value="add:of_category:Home &gt; Lamps"' in page.text and 'value="lam"' in page.text, (
            "offered, and kept"
        )
        assert 'name="of_category"' not in page.text and shop.rules.all() == []
    page = merchant.submit(EDIT, **held, more_of_category="lam", do="add:of_category:Home > Lamps")
    assert page.status_code == 200 and 'name="of_category" value="Home &gt; Lamps"' in page.text
    page = merchant.submit(EDIT, **held, more_of_brand="Nobody", more_category="home>LAMPS", do="more")
    assert (
        page.status_code == 422 and "The shop has no brand “Nobody”." in page.text and "None is like it." in page.text
    )
    assert 'name="category" value="Home &gt; Lamps"' in page.text, "as the shop writes it"
    labels = re.findall(r'<label for="more-[^>]*>(.*?)</label>', page.text)
    assert len(labels) == len(set(labels)) == 3, "each field is called something else"


def test_rules_are_switched_off_removed_and_put_back(merchant: Any, shop: Any) -> None:
    merchant.submit(EDIT, kind="hide", name="No lamps", of_category="Lamps", enabled="1", do="save")
    page = merchant.submit(EDIT, kind="boost", name="Lamps up", of_category="Lamps", enabled="1", do="save")
    assert "hides every product of" in page.text, "a rule that comes to nothing is told"
    page = merchant.submit(f"{RULES}/switch", id="no-lamps", on="")
    assert "switched off" in page.text and "Switch on" in page.text
    assert not next(rule for rule in shop.rules.all() if rule.id == "no-lamps").enabled
    undone(merchant, page)
    assert all(rule.enabled for rule in shop.rules.all())
    page = merchant.submit(f"{RULES}/remove", id="no-lamps")
    assert [rule.id for rule in shop.rules.all()] == ["lamps-up"]
    assert {rule.id for rule in shop.rules.all()} < {"lamps-up", "no-lamps"} and undone(
        merchant, page
    ).status_code == 200
    merchant.submit(f"{RULES}/remove", id="no-lamps")
    assert f"{RULES}/history?id=no-lamps" in merchant.get(RULES).text, "what was removed is found again"
    page = merchant.get(f"{RULES}/history?id=no-lamps")
    assert page.text.count('<li class="card">') == 6 and "by Mia admin" in page.text and "Put this back" in page.text
    merchant.log_in(Role.READ)
    try:
        assert "Switch off" not in merchant.get(RULES).text
        assert "Put this back" not in merchant.get(f"{RULES}/history?id=no-lamps").text
        assert merchant.submit(f"{RULES}/remove", id="lamps-up").status_code == 403
    finally:
        merchant.log_in(Role.ADMIN)


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "pin", "product_ids": ["a", "b"], "rank": 3, "placements": ["home"], "segments": ["new", "buyers"]},
        {"kind": "bury", "multiply": 0.25, "products": {"category": ["A > B"], "price_minor": {"min": 1250}}},
        {"kind": "hide", "own_page": True, "products": {"attributes": {"color": ["red", "blue"]}, "brand": ["N"]}},
        {"kind": "filter", "products": {"not": {"brand": ["N"]}, "availability": ["in_stock"]}, "priority": -3},
        {"kind": "related", "product_ids": ["a"], "anchor_ids": ["b"], "enabled": False, "name": "<b>"},
        {"kind": "redirect", "query": ["send back", "returns"], "match": "is", "url": "/x?a=1&b=2"},
        {"kind": "replace", "product_ids": ["a"], "valid_from": "2026-05-01", "valid_until": "2026-05-10T09:30"},
    ],
)
def test_a_rule_goes_through_the_form_unchanged(said: dict[str, Any]) -> None:
    rule = SavedRule.model_validate({"id": "r", **said})
    assert RuleForm.of_rule(rule, ZoneInfo("Europe/Rome"), "EUR").rule("EUR") == rule


def test_a_search_in_vain_is_seen_and_helped(merchant: Any, shop: Any) -> None:
    now_ms = time.time_ns() // 1_000_000
    events = [
        {"kind": "search", "shopper_id": who, "query": "illuminator", "time_ms": now_ms - 60_000}
        for who in ("s1", "s2", "s3")
    ]
    shop.record([Event.model_validate(one) for one in events])
    page = merchant.get("/console/searches?show=nothing_found")
    assert "illuminator" in page.text and "/console/synonyms?words=illuminator" in page.text
    assert "illuminator" in merchant.get("/console/searches?show=nothing_found&form=csv").text
    assert "Nothing is all that was asked for" in merchant.get("/console/searches/query?q=illuminator").text
    entry = {"words": "illuminator", "means": "lamp"}
    page = merchant.submit("/console/synonyms", **entry, do="look")
    sides = re.findall(r"<p>([\d,]+) found", page.text)
    assert sides[0] == "0" and int(sides[1]) > 0 and not shop.store.synonyms.all(), "seen, not said"
    page = merchant.submit("/console/synonyms", **entry, do="save")

    def total() -> int:
        return search_text(shop, SearchRequest(text="illuminator")).total

    assert total() == int(sides[1])
    page = undone(merchant, page)
    assert not shop.store.synonyms.all() and total() == 0
    undone(merchant, page)
    assert total() == int(sides[1]), "an undo is undone"
    merchant.submit("/console/synonyms", words="illuminator", means="chair", do="save")
    (known,) = shop.store.synonyms.all()
    page = undone(merchant, merchant.submit("/console/synonyms/delete", number=known.number))
    assert [one.means for one in shop.store.synonyms.all()] == [("chair",)] and "holds again, as before" in page.text
    assert merchant.submit("/console/synonyms", words="alone", do="save").status_code == 422
    verbs = [one.verb for _, one in shop.store.audit.newest(6)]
    assert set(verbs) == {"put_synonyms", "delete_synonyms", "undo_synonym"}
    page = merchant.get(f"/console/synonyms/history?number={known.number}")
    assert "Taken back" in page.text and "as it is now" in page.text and "Put this back" in page.text
    spoken = next(
        one for one in shop.store.synonyms.history.versions(known.about) if one.state and one.state["means"] == ["lamp"]
    )
    page = merchant.submit("/console/synonyms/undo", number=known.number, version=spoken.number)
    assert "“illuminator =&gt; lamp” holds again" in page.text and total() == int(sides[1])
    merchant.log_in(Role.READ)
    try:
        assert "Put this back" not in merchant.get("/console/synonyms/history").text
        assert merchant.submit("/console/synonyms/undo", number=known.number).status_code == 403
    finally:
        merchant.log_in(Role.ADMIN)


def test_learnt_words_are_forgotten_and_let_in_again(merchant: Any, shop: Any) -> None:
    now_ms = time.time_ns() // 1_000_000
    for number in range(8):
        who, then = f"s{number}", now_ms - 3_600_000
        said = {"kind": "search", "shopper_id": who, "query": "glowy", "time_ms": then}
        went = {"kind": "click", "shopper_id": who, "product_id": f"lamps-{3 + number % 4}", "time_ms": then + 9_000}
        shop.record([Event.model_validate(said), Event.model_validate(went)])
    assert "are in use" in merchant.submit("/console/meanings/learn").text
    page = merchant.get("/console/meanings?state=used").text
    assert "glowy" in page and "8 of 8 times" in page
    numbers = re.findall(r'name="number" value="(\d+)"', page)
    page = merchant.submit("/console/meanings/change", number=",".join(numbers), do="forget")
    assert "forgotten." in page.text and shop.store.meanings.used() == []
    assert "glowy" in merchant.get("/console/meanings?state=forgotten").text
    assert "let in again" in undone(merchant, page).text and shop.store.meanings.used()


def test_no_hostile_word_is_code_on_pages_of_one_thing(hostile: Any) -> None:
    raw = re.compile(r"<script>alert|<img src=x")
    script = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
    for path, fields in (
        (EDIT, {"id": "r-1"}),
        (f"{RULES}/history", {"id": "r-1"}),
        (EDIT, {"kind": "pin", "query": script}),
        (EDIT, {"kind": script, "query": script}),
        ("/console/searches/query", {"q": script}),
        ("/console/searches", {"least": "1"}),
        ("/console/synonyms", {"words": script}),
    ):
        page = hostile.get(path, params=fields)
        assert page.status_code == 200 and not raw.search(page.text), path
        ids = re.findall(r'\sid="([^"]*)"', page.text)
        assert len(ids) == len(set(ids)), (path, "two things have one id")
    page = hostile.submit(EDIT, kind="hide", find=script, of_brand=script, do="look", see_shopper=script)
    assert page.status_code == 200 and not raw.search(page.text)
