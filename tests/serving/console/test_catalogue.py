"""The catalogue by clicks: products found, changed and brought back; why one is never shown; suggestions in bulk; rows
that an import refused, corrected."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.read_rejects import list_rejects
from bottega.actions.intake.reject_shapes import RejectListsRequest
from bottega.actions.intake.shapes import ImportCatalogueRequest
from bottega.actions.jobs.perform import perform
from bottega.shop.rules.rule import SavedRule
from bottega.store.suggestions import Suggestion, SuggestionKind

LAMP = "lamps-5"
ONE = f"/console/catalogue/product?id={LAMP}"


def undone(client: Any, page: Any) -> Any:
    """Press the Undo that a page offers."""
    said = page.text.partition('<div class="said"')[2]
    form = re.search(r'action="([^"]*)">(.*?)Undo</button>', said, re.DOTALL)
    assert form, page.text[:3000]
    fields = {name: unescape(value) for name, value in re.findall(r'name="([^"]*)" value="([^"]*)"', form[2])}
    return client.submit(form[1], **{name: value for name, value in fields.items() if name not in ("csrf", "back")})


def rows(page: Any) -> int:
    return int(page.text.partition("<tbody>")[2].partition("</tbody>")[0].count("<tr>"))


def test_products_are_found_by_what_they_are_and_by_what_is_missing(merchant: Any) -> None:
    assert rows(merchant.get("/console/catalogue")) == 50 and 'rel="next"' in merchant.get("/console/catalogue").text
    assert rows(merchant.get("/console/catalogue?text=lamp&brand=Nord&availability=in_stock")) == 4
    assert ">hidden<" in merchant.get("/console/catalogue?only=hidden&category=Lamps").text
    assert "No product is so" in merchant.get("/console/catalogue?only=without_price").text
    assert "only" in merchant.get("/console/catalogue?only=grey").text, "what is allowed is said"
    sheet = merchant.get("/console/catalogue?only=hidden&form=csv")
    assert sheet.text.splitlines()[0].endswith("hidden,pictures,group") and len(sheet.text.splitlines()) > 3


def test_a_product_says_why_it_is_never_shown_and_what_rule_does_it(merchant: Any) -> None:
    shop = merchant.shop
    rule = SavedRule.model_validate({"id": "no", "name": "No such lamp", "kind": "hide", "product_ids": [LAMP]})
    shop.rules.put("no", rule)
    try:
        page = merchant.get(ONE).text
        assert "Saved rules keep it out of every list: no." in page and "No such lamp" in page
        assert page.count(">no</span>") == 6, "none of six places"
    finally:
        shop.rules.put("no", None)
    page = merchant.get(ONE).text
    assert page.count(">yes</span>") == 6 and "the shop&#39;s data" in page and "lamps-5" in page
    assert "out of stock" in merchant.get("/console/catalogue/product?id=lamps-7").text
    gone = merchant.get("/console/catalogue/product?id=nothing")
    assert gone.status_code == 404 and "No product has the id" in gone.text


def test_a_change_is_said_and_taken_back(merchant: Any) -> None:
    def product() -> Any:
        return merchant.shop.store.products.get([LAMP])[LAMP]

    before = product()
    fields = {"id": LAMP, "title": "Reading lamp", "price": "49,90", "category": "Home > Reading", "hidden": "no"}
    page = merchant.submit("/console/catalogue/change", back=ONE, **fields)
    now = product()
    assert (now.title, now.price_minor, now.category) == ("Reading lamp", 4990, ("Home", "Reading"))
    assert now.availability is before.availability and "Changed: category, price, title." in page.text
    assert "says again" in undone(merchant, page).text and product() == before
    page = merchant.submit("/console/catalogue/change", back=ONE, id=LAMP, attribute="colour", values="red; white")
    assert product().attributes == {"colour": ("red", "white")}
    undone(merchant, page)
    wrong = merchant.submit("/console/catalogue/change", back=ONE, id=LAMP, price="dear", title="Lamp")
    assert wrong.status_code == 422 and "A price is a number" in wrong.text and 'value="dear"' in wrong.text
    page = merchant.submit("/console/catalogue/discontinue", back=ONE, id=LAMP)
    assert product().hidden and not product().recommendable
    undone(merchant, page)
    assert product() == before


@pytest.fixture
def suggested(merchant: Any) -> Iterator[Any]:
    """Twelve suggestions of two values; afterwards none, and products as they were."""
    products = merchant.shop.store.products.all()[:6]
    merchant.shop.store.suggestions.put(
        [
            Suggestion(SuggestionKind.FILL, one.id, name, value, 0.6 + 0.05 * i, maker="eye", version="1", time_ms=1)
            for i, one in enumerate(products)
            for name, value in (("fit", "wide"), ("use", "tea" if i % 2 else "coffee"))
        ]
    )
    yield merchant
    merchant.submit("/console/suggestions/decide", decision="undo_all", state="accepted")
    merchant.submit("/console/suggestions/decide", decision="undo_all", state="rejected")
    store = merchant.shop.store.suggestions
    store.withdraw([one.number for one in store.page(limit=100)[0]])


def test_suggestions_are_decided_on_and_taken_back_in_bulk(suggested: Any) -> None:
    def values(name: str) -> list[str]:
        found = [one.attributes.get(name) for one in suggested.shop.store.products.all()]
        return sorted(value for each in found if each for value in each)

    before = suggested.shop.store.products.all()
    page = suggested.get("/console/suggestions")
    assert rows(page) == 12 and "fit: wide (6)" in page.text and "Accept all 12" in page.text
    narrowed = suggested.get("/console/suggestions?attribute=use&value=tea")
    assert rows(narrowed) == 3 and "Accept all 3" in narrowed.text
    page = suggested.submit(
        "/console/suggestions/decide", decision="accept_all", attribute="use", value="tea", to="/console/suggestions"
    )
    assert "3 suggestions accepted; 3 products say so now." in page.text and values("use") == ["tea"] * 3
    numbers = re.findall(r'name="numbers" value="(\d+)"', page.text)
    assert len(numbers) == 9
    ticked = suggested.submit("/console/suggestions/decide", decision="reject", numbers=numbers[:2])
    assert "2 suggestions rejected" in ticked.text
    assert (
        "Tick some"
        in suggested.submit("/console/suggestions/decide", back="/console/suggestions", decision="accept").text
    )
    everything = suggested.submit("/console/suggestions/decide", decision="accept_all")
    assert len(values("use")) + len(values("fit")) == 10
    decisions = suggested.get("/console/suggestions/decisions")
    assert rows(decisions) == 3 and "Undo all 7" in decisions.text
    undone(suggested, everything)
    assert values("use") == ["tea"] * 3 and values("fit") == []
    back = suggested.submit("/console/suggestions/decide", decision="undo_all", state="accepted", attribute="use")
    assert "3 suggestions taken back" in back.text and suggested.shop.store.products.all() == before
    away = suggested.submit("/console/suggestions/decide", decision="undo_all", state="rejected", to="//evil.example")
    assert away.url.path == "/console/suggestions" and "2 suggestions taken back" in away.text


def test_a_refused_row_is_corrected_by_its_form(hostile: Any, tmp_path: Path) -> None:
    feed = tmp_path / "bad.csv"
    feed.write_text('id,title,price,color\nnew-1,,9.90,<script>alert(1)</script>\n,"<img src=x onerror=alert(2)>",5,\n')
    import_catalogue(hostile.shop, ImportCatalogueRequest(source=feed))
    file = list_rejects(hostile.shop, RejectListsRequest()).lists[0].file
    here = f"/console/rejects/file?file={quote(file)}"
    assert "bad.csv" in hostile.get("/console/rejects").text
    page = hostile.get(here)
    assert "no title" in page.text and "give every product a title" in page.text and rows(page) == 3
    assert "<script>alert" not in page.text and "<img src=x" not in page.text
    assert hostile.get(f"{here}&form=csv").text.count("\n") == 4
    form = hostile.get(f"/console/rejects/row?file={quote(file)}&row=bad.csv%3A2")
    assert 'value="new-1"' in form.text and "color: &lt;script&gt;" in form.text and "<script>alert" not in form.text
    sent = {"file": file, "row": "bad.csv:2", "id": "new-1", "price": "9.90", "attributes": "color: red; white"}
    back = f"/console/rejects/row?file={quote(file)}&row=bad.csv%3A2"
    again = hostile.submit("/console/rejects/mend", back=back, **sent, title=" ")
    assert again.status_code == 422 and "give every product a title" in again.text and "9.90" in again.text
    done = hostile.submit("/console/rejects/mend", back=back, **sent, title="Lamp new")
    assert "new-1 is in the catalogue now" in done.text and rows(done) == 2
    assert hostile.shop.store.products.get(["new-1"])["new-1"].attributes == {"color": ("red", "white")}
    assert hostile.get("/console/rejects/file?file=..%2Fbottega.toml").status_code == 422


def test_a_check_is_asked_for_and_shown_the_worst_first(hostile: Any) -> None:
    page = hostile.submit("/console/quality/check", back="/console/quality")
    assert "A check waits for its turn" in page.text
    jobs = hostile.shop.store.jobs
    job = jobs.claim("ann", now_ms=time.time_ns() // 1_000_000, lease_ms=60_000, verbs={"check"})
    jobs.finish(job, perform(hostile.shop, job), now_ms=time.time_ns() // 1_000_000)
    page = hostile.get("/console/quality")
    assert "What to mend first" in page.text and "How well fields are filled" in page.text
    assert "<script>alert" not in page.text and "javascript:alert" not in re.sub(r">[^<]*<", "><", page.text)
