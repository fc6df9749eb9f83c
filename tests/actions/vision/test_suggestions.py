"""Suggestions for empty attributes and doubted labels, and what becomes of them."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.shapes import ImportCatalogueRequest
from bottega.actions.vision import tag_catalogue
from bottega.actions.vision.shapes import DecisionAnswer, DecisionRequest, SuggestionQuery, TagCatalogueRequest
from bottega.actions.vision.suggestions import (
    all_suggestions,
    decide_suggestions,
    list_suggestions,
)
from bottega.catalogue.attributes import value_of, with_value
from bottega.errors import CatalogueEmpty, RequestInvalid
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.store.suggestions import SuggestionKind, SuggestionState


def decide(shop: ShopFolder, decision: str, **wanted: object) -> DecisionAnswer:
    """Decide on the open suggestions whose fields are as wanted."""
    numbers = [
        one.number
        for one in all_suggestions(shop.store)
        if all(getattr(one, name) == value for name, value in wanted.items())
    ]
    return decide_suggestions(
        OpenShop(shop), DecisionRequest.model_validate({"decision": decision, "numbers": numbers})
    )


def opens(shop: ShopFolder, kind: SuggestionKind = SuggestionKind.FILL) -> dict[tuple[str, str], str]:
    return {(one.product_id, one.attribute): one.value for one in all_suggestions(shop.store, kind=kind)}


def test_empty_attributes_become_suggestions_once(shop: ShopFolder) -> None:
    before = shop.store.products.all()
    report = tag_catalogue.tag_catalogue(OpenShop(shop), TagCatalogueRequest())
    assert report.products == 66 == report.looked + report.without_photo + len(report.unreadable)
    assert report.without_photo == 1 and set(report.unreadable) == {"broken"} and report.no_product == 1
    assert opens(shop) == {
        ("bare", "category"): "Clothes > Belts",
        ("bare", "color"): "blue",
        ("bare/2", "category"): "Clothes > Belts",
        ("bare/2", "color"): "blue",
        ("yellow", "category"): "Clothes > Trousers",
    }, "spelt as this shop spells; yellow is not sure enough, grey is no product"
    assert report.added == report.open == 5 and report.withdrawn == 0 and not report.doubts
    assert report.empty == {"category": 4, "color": 4}, "of what this eye has a head for"
    assert report.filled == {"category": 3, "color": 2}
    assert shop.store.products.all() == before, "nothing is written"
    numbers = {one.number for one in all_suggestions(shop.store)}
    again = tag_catalogue.tag_catalogue(OpenShop(shop), TagCatalogueRequest())
    assert again.added == 0 and again.open == 5 and {one.number for one in all_suggestions(shop.store)} == numbers
    shop.store.products.upsert([with_value(shop.store.products.get(["bare"])["bare"], "color", "navy")])
    assert tag_catalogue.tag_catalogue(OpenShop(shop), TagCatalogueRequest()).withdrawn == 1 and (
        "bare",
        "color",
    ) not in opens(shop)


def test_two_processes_see_what_one_sees(shop: ShopFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tag_catalogue, "_AT_A_TIME", 16)
    two = replace(shop, server=shop.server.model_copy(update={"processes": 2}))
    told: list[tuple[int, int | None]] = []

    def progress(task: str, done: int, total: int | None = None, note: str = "") -> None:
        if task == "looking at photos":
            told.append((done, total))

    first = tag_catalogue.tag_catalogue(OpenShop(two), TagCatalogueRequest(), progress=progress)
    proposed = {(one.product_id, one.attribute): (one.value, one.confidence) for one in all_suggestions(shop.store)}
    second = tag_catalogue.tag_catalogue(OpenShop(shop), TagCatalogueRequest())
    assert first.added == len(proposed) == 5 and second.added == second.withdrawn == 0
    assert (second.looked, second.unreadable) == (first.looked, first.unreadable)
    assert told == [(0, 64), (16, 64), (32, 64), (48, 64), (64, 64)]


def test_accepting_writes_and_rejecting_is_remembered(shop: ShopFolder) -> None:
    tag_catalogue.tag_catalogue(OpenShop(shop), TagCatalogueRequest())
    newest = shop.store.products.newest_revision()
    accepted = decide(shop, "accept", product_id="bare")
    assert accepted.decided == 2 and accepted.written == 1 and not accepted.left
    ((changed, _),) = shop.store.products.iterate_revised(since=newest)
    assert [product.id for product in changed] == ["bare"], "a revision of its own, for whoever follows"
    assert changed[0].category == ("Clothes", "Belts") and changed[0].attributes == {"color": ("blue",)}
    assert decide(shop, "reject", product_id="bare/2", attribute="color").decided == 1
    assert tag_catalogue.tag_catalogue(OpenShop(shop), TagCatalogueRequest()).added == 0
    assert opens(shop) == {("bare/2", "category"): "Clothes > Belts", ("yellow", "category"): "Clothes > Trousers"}
    page = list_suggestions(OpenShop(shop), SuggestionQuery(state="accepted"))
    assert {(one.product_id, one.title, one.state) for one in page.suggestions} == {("bare", "bare", "accepted")}
    assert page.counts == {"fill accepted": 2, "fill open": 2, "fill rejected": 1}


def test_what_cannot_be_decided_is_left_and_said(shop: ShopFolder) -> None:
    tag_catalogue.tag_catalogue(OpenShop(shop), TagCatalogueRequest())
    shop.store.products.upsert([with_value(shop.store.products.get(["yellow"])["yellow"], "category", "Sale")])
    (late,) = [one for one in all_suggestions(shop.store) if one.product_id == "yellow"]
    answer = decide_suggestions(OpenShop(shop), DecisionRequest(decision="accept", numbers=[late.number, 99_999]))
    assert answer.decided == answer.written == 0
    assert [one.why for one in answer.left] == [
        "The product says 'Sale' for category by now.",
        "There is no suggestion of this number.",
    ]
    assert shop.store.products.get(["yellow"])["yellow"].category == ("Sale",), "never written over"
    assert decide_suggestions(OpenShop(shop), DecisionRequest(decision="reject", numbers=[late.number])).decided == 1
    (again,) = decide_suggestions(OpenShop(shop), DecisionRequest(decision="accept", numbers=[late.number])).left
    assert again.why == "It was rejected before."


def test_an_import_keeps_what_was_accepted_and_wins_with_its_own(shop: ShopFolder, tmp_path: Path) -> None:
    tag_catalogue.tag_catalogue(OpenShop(shop), TagCatalogueRequest())
    decide(shop, "accept", attribute="color")
    feed = tmp_path / "feed.csv"
    feed.write_text("id,title,color\nbare,Bare belt,\nbare/2,Bare belt,violet\n")
    report = import_catalogue(OpenShop(shop), ImportCatalogueRequest(source=feed))
    assert report.updated == 2 and report.rejected == 0
    products = shop.store.products.get(["bare", "bare/2"])
    assert value_of(products["bare"], "color") == "blue" and products["bare"].title == "Bare belt"
    assert value_of(products["bare/2"], "color") == "violet"
    assert import_catalogue(OpenShop(shop), ImportCatalogueRequest(source=feed)).unchanged == 2


def test_doubts_come_worst_first_and_can_be_settled(shop: ShopFolder) -> None:
    wrong = {"Belts-3-Red": "Trousers", "Trousers-7-Blue": "Belts"}
    known = shop.store.products.get(wrong)
    shop.store.products.upsert([with_value(known[name], "category", f"Clothes > {to}") for name, to in wrong.items()])
    report = tag_catalogue.tag_catalogue(OpenShop(shop), TagCatalogueRequest())
    assert {doubt.product_id for doubt in report.doubts if doubt.attribute == "category"} == set(wrong)
    assert [doubt.log_odds for doubt in report.doubts] == sorted(doubt.log_odds for doubt in report.doubts)
    first = report.doubts[0]
    assert first.present == f"Clothes > {wrong[first.product_id]}" != first.proposed and first.confidence > 0.5
    assert report.doubts_file and report.doubts_file == shop.root / tag_catalogue.DOUBTS_FILE
    with report.doubts_file.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["product_id"] for row in rows] == [doubt.product_id for doubt in report.doubts]
    assert opens(shop, SuggestionKind.DOUBT)["Belts-3-Red", "category"] == "Clothes > Belts"
    assert decide(shop, "accept", product_id="Belts-3-Red", attribute="category").written == 1
    assert value_of(shop.store.products.get(["Belts-3-Red"])["Belts-3-Red"], "category") == "Clothes > Belts"
    decide(shop, "reject", product_id="Trousers-7-Blue", attribute="category")
    assert not [
        one
        for one in tag_catalogue.tag_catalogue(OpenShop(shop), TagCatalogueRequest()).doubts
        if one.attribute == "category"
    ]


def test_pages_and_refusals(shop: ShopFolder, tmp_path: Path) -> None:
    tag_catalogue.tag_catalogue(OpenShop(shop), TagCatalogueRequest())
    page = list_suggestions(OpenShop(shop), SuggestionQuery(kind="fill", n=2))
    rest = list_suggestions(OpenShop(shop), SuggestionQuery(n=10, after=page.next))
    assert len(page.suggestions) == 2 and len(rest.suggestions) == 3 and rest.next is None
    assert len({one.number for one in page.suggestions + rest.suggestions}) == 5
    with pytest.raises(RequestInvalid, match="cursor"):
        list_suggestions(OpenShop(shop), SuggestionQuery(after="x"))
    assert not list(all_suggestions(shop.store, SuggestionState.OPEN, SuggestionKind.DOUBT))
    with ShopFolder.open(tmp_path / "none") as empty, pytest.raises(CatalogueEmpty, match="bottega import catalogue"):
        tag_catalogue.tag_catalogue(OpenShop(empty), TagCatalogueRequest())
