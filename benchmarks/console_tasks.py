"""Ten tasks of a merchandiser on the console, by clicks and by typing into what is seen: counted, and verified.

    python benchmarks/console_tasks.py [--pictures DIR]

A demo shop is made and served, and somebody of the role manage logs in with a real browser. From then on no address is
typed and no program is asked: each task begins on the first page, and goes by what stands on the pages. What came of it
is then read from the shop itself. A task of which that is not so ends the run with 1.

    --pictures   also keep a picture of the page that each task ends on
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bottega.actions.jobs.ask import list_jobs
from bottega.actions.jobs.shapes import JobsRequest
from bottega.actions.merchant.overview import overview
from bottega.actions.merchant.overview_shapes import OverviewRequest
from bottega.actions.products.why_shapes import WhyShownRequest
from bottega.actions.products.why_shown import why_shown
from bottega.actions.proof.attribution import attribution
from bottega.actions.proof.attribution_shapes import AttributionRequest
from bottega.actions.recommend.recommend import recommend
from bottega.actions.recommend.shapes import RecommendationRequest
from bottega.actions.reports.kept import list_reports
from bottega.actions.reports.shapes import ReportsRequest
from bottega.actions.search.report import search_report
from bottega.actions.search.report_shapes import SearchReportRequest
from bottega.actions.search.shapes import SearchRequest
from bottega.actions.search.words import search_text
from bottega.actions.shoppers.known import AboutRequest, about_shopper
from bottega.log import log_as_json
from bottega.names import Availability, EventKind
from bottega.shop.open_shop import OpenShop
from bottega.shop.rules.rule import moment_ms
from bottega.store.suggestions import SuggestionState
from common import machine
from console_hand import Hand, NotSo, served, so
from console_shop import IN_CART, IN_VAIN, PASSWORD, SUGGESTED, UNFOUND, WHO, make_shop

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
PATIENCE_MS, REPORT_S = 60_000, 600
CANDLES, BRAND = "Home > Candles", "Odette Vale"
PINNED_FROM, PINNED_TO = "2027-05-03", "2027-05-09"


def what_needs_attention(hand: Hand, shop: OpenShop) -> str:
    hand.page.wait_for_selector("#home:not([aria-busy])")
    told = overview(shop, OverviewRequest(wait=True)).attention
    so(told and all(one.text in hand.read() for one in told), "the page says all that needs attention")
    hand.click("link", re.compile("^See to it"), within="#home ul.todo")
    return f"the first page names all {len(told)} things that wait; the first leads to where it is seen to"


def pin_for_mothers_day(hand: Hand, shop: OpenShop) -> str:
    of_category = [one for one in shop.store.products.all() if " > ".join(one.category) == CANDLES]
    candle = next(one for one in of_category if one.recommendable)
    hand.open("Rules")
    hand.click("link", "New rule")
    hand.click("link", re.compile("^Pin"))
    hand.fill("Name", "Mother's Day")
    hand.fill("Find a product", candle.title)
    hand.click("button", f"Add {candle.title}")
    hand.tick("Category pages")
    hand.fill(re.compile("^Add a category: only in a category"), CANDLES)
    hand.click("button", "Add this category: only in a category")
    hand.fill("First day", PINNED_FROM)
    hand.fill("Last day", PINNED_TO)
    hand.click("button", "Save the rule")
    rule = next((one for one in shop.rules.all() if one.name == "Mother's Day"), None)
    so(rule and (rule.valid_from, rule.valid_until) == (PINNED_FROM, PINNED_TO), "the rule is kept with its days")
    so(rule and list(rule.category) == [CANDLES] and list(rule.placements) == ["category"], "with its category")
    asked = RecommendationRequest.model_validate({"placement": "category", "filter": {"category": [CANDLES]}, "n": 3})
    for day, first in ((PINNED_FROM, True), (PINNED_TO, True), ("2027-05-10", False)):
        items = recommend(shop, asked, now_ms=moment_ms(day, shop.rules.zone)).items
        so(any("mother-s-day" in one.rules for one in items) is first, f"on {day} it is pinned: {first}")
        so(not first or items[0].product_id in (candle.id, candle.group_id), "at the first place")
    return (
        "the rule is kept with days and category; the category's list begins with the product on the first and on the "
        "last day, and not on the day after"
    )


def why_never_shown(hand: Hand, shop: OpenShop) -> str:
    sold_out = [one for one in shop.store.products.all() if one.availability is Availability.OUT_OF_STOCK]
    gone = next(one for one in sold_out if not one.hidden)
    hand.open("Products")
    hand.fill("Words", gone.title)
    hand.click("button", "Find")
    hand.click("link", gone.title)
    why, page = why_shown(shop, WhyShownRequest(product_id=gone.id)), hand.read()
    stops = [one for one in why.checks if one.state == "stops"]
    so(not why.can and any(one.code == "availability" for one in stops), "the shop says it is sold out")
    so(why.says in page and all(one.text in page for one in stops), "the page says so, too")
    so(hand.page.locator("#why td .badge.bad").count() == len(why.places), "and no for each place")
    return f"what the page says is what stops it in the shop: {why.says}"


def synonym_for_a_search(hand: Hand, shop: OpenShop) -> str:
    before = search_text(shop, SearchRequest(text=UNFOUND)).total
    hand.open("Searches")
    hand.choose("Show", "Find nothing")
    hand.click("button", "Show")
    row = hand.page.locator("main tr", has=hand.page.get_by_role("link", name=UNFOUND, exact=True))
    hand.press(row.get_by_role("link", name=re.compile("^Synonym")))
    hand.fill("means", "mug")
    hand.click("button", "See what it would find")
    hand.click("button", "Say so")
    after = search_text(shop, SearchRequest(text=UNFOUND))
    so(before == 0 and after.total > 0, f"the search finds {after.total} products; it found {before}")
    so(any(UNFOUND in str(one) for one in shop.store.synonyms.all()), "the synonym is kept")
    return f"a search for “{UNFOUND}” found nothing and finds {after.total} products now"


def accept_and_undo(hand: Hand, shop: OpenShop) -> str:
    said = {one.id: one.attributes for one in shop.store.products.all()}
    so(_suggestions(shop, SuggestionState.OPEN) == SUGGESTED, f"{SUGGESTED} suggestions are open")
    hand.open("Suggestions")
    hand.click("button", f"Accept all {SUGGESTED}")
    so(_suggestions(shop, SuggestionState.ACCEPTED) == SUGGESTED, "all are accepted")
    written = sum("season" in one.attributes and "season" not in said[one.id] for one in shop.store.products.all())
    so(written == SUGGESTED, f"so many products say it: {written}")
    hand.click("button", "Undo", within=".said")
    so(_suggestions(shop, SuggestionState.OPEN) == SUGGESTED, "all are open again")
    so({one.id: one.attributes for one in shop.store.products.all()} == said, "products say what they said before")
    return (
        f"{SUGGESTED} accepted, as many products said so; after the undo all are open, and every product says what it "
        "said before"
    )


def _suggestions(shop: OpenShop, state: SuggestionState) -> int:
    return len(shop.store.suggestions.page(state=state, limit=1000)[0])


def what_home_earned(hand: Hand, shop: OpenShop) -> str:
    hand.open("What lists earned")
    told = attribution(shop, AttributionRequest(by="placement"))
    home = next(one for one in told.rows if one.name == "home")
    cells = hand.page.locator("main tr", has_text="Home page").locator("td").all_inner_texts()
    figures = [re.sub(r"[^\d.]", "", one) for one in cells[1:6]]
    wanted = [f"{home.revenue:.2f}", *(str(n) for n in (home.purchases, home.carts, home.clicks, home.impressions))]
    so(home.purchases and figures == wanted, f"the row says {figures}; attribution says {wanted}")
    earned = f"{home.revenue:.2f} {told.currency}, {home.purchases} bought of {home.clicks} clicks"
    return f"the row of the home page is what attribution counts: {earned}"


def start_an_experiment(hand: Hand, shop: OpenShop) -> str:
    hand.open("Experiments")
    hand.click("link", "A new experiment")
    form = "main form[method=post]"
    hand.fill("What it is called", "More varied", within=form)
    hand.choose("Kind of change", "A dial", within=form)
    hand.tick("Home page")
    hand.click("button", "Draw it up")
    hand.click("button", "Start")
    kept = shop.store.experiments.of_name("More varied")
    so(kept and kept.state == "running" and kept.started_ms, "it runs")
    so(kept and kept.placements == ["home"] and kept.variants[1]["dials"] == {"diversity": 0.7}, "on the home page")
    return "the experiment runs in the shop, on the home page alone, with the dial of its changed half"


def bury_a_brand(hand: Hand, shop: OpenShop) -> str:
    asked = RecommendationRequest(placement="home", n=24)
    usual = [one.product_id for one in recommend(shop, asked).items]
    hand.open("Rules")
    hand.click("link", "New rule")
    hand.click("link", re.compile("^Bury"))
    hand.fill(re.compile("^Add a brand"), BRAND)
    hand.click("button", re.compile("^Add this brand"))
    so(hand.page.locator("#preview .steer-sides li").count() > 2, "both lists stand beside the form")
    so([one.product_id for one in recommend(shop, asked).items] == usual, "nothing holds before it is saved")
    hand.click("button", "Save the rule")
    rule = next((one for one in shop.rules.all() if one.kind.value == "bury"), None)
    so(rule and rule.products and rule.products.brand == [BRAND], "the rule is kept")
    buried = [one.product_id for one in recommend(shop, asked).items]
    so(buried != usual, "the next list heeds it")
    hand.click("button", "Undo", within=".said")
    so(all(one.kind.value != "bury" for one in shop.rules.all()), "the rule is gone after the undo")
    so([one.product_id for one in recommend(shop, asked).items] == usual, "lists are as before")
    return (
        "both lists stood beside the form and nothing held before it was saved; the next home list differed; after the "
        "undo the rule is gone and the list is as before"
    )


def look_a_shopper_up(hand: Hand, shop: OpenShop) -> str:
    hand.open("Shoppers")
    hand.fill("Find", IN_CART)
    hand.click("button", "Find")
    hand.click("link", IN_CART)
    hand.click("link", "Lists", within="main nav.tabs")
    events = about_shopper(shop, AboutRequest(shopper=IN_CART)).events
    cart = next(one.product_id or "" for one in events if one.kind is EventKind.ADD_TO_CART)
    category = shop.store.products.get([cart])[cart].category[0]
    lists: dict[str, dict[str, Any]] = {
        "Home": {"placement": "home"},
        "Product page": {"placement": "product", "product_ids": [cart]},
        "Cart": {"placement": "cart", "product_ids": [cart]},
        f"Category page: {category}": {"placement": "category", "filter": {"category": category}},
    }
    products = reasons = 0
    for title, asked in lists.items():
        section = hand.page.locator("main section", has=hand.page.get_by_role("heading", name=title, exact=True))
        told = " ".join(section.inner_text().split())
        request = RecommendationRequest.model_validate({"shopper": IN_CART, "n": 8, "exploration": 0.0, **asked})
        items = recommend(shop, request).items
        titles = shop.store.products.titles([one.product_id for one in items])
        so(items and all(name in told for name in titles.values()), f"{title} shows what the shop answers")
        so(all(reason.text in told for one in items for reason in one.reasons), f"{title} says why")
        products, reasons = products + len(items), reasons + sum(len(one.reasons) for one in items)
    so(reasons, "there are reasons")
    return f"{len(lists)} lists are what the shop answers this shopper: {products} products, {reasons} reasons in words"


def the_weeks_report(hand: Hand, shop: OpenShop) -> str:
    hand.open("Reports")
    hand.click("button", "Make the report")
    ends = time.monotonic() + REPORT_S
    while not (made := list_reports(shop, ReportsRequest()).reports):
        jobs = [
            f"{one.state}: {one.error or one.stage}" for one in list_jobs(shop, JobsRequest(verb="report_week")).jobs
        ]
        so(time.monotonic() < ends, f"a report is there within {REPORT_S} s; its job is {jobs}")
        time.sleep(1)
    hand.click("link", made[0].week)
    page = " ".join(hand.page.locator("body").inner_text().split())
    so(all(words in page for words in made[0].headlines), "the report says its headlines")
    vain = [one.query for one in search_report(shop, SearchReportRequest(show="nothing_found", days=7)).queries]
    so(IN_VAIN in vain and UNFOUND not in vain, f"searched for in vain: {vain}")
    so(all(query in page for query in vain), "the report names every search that found nothing")
    return (
        f"the report of the week from {made[0].week} is kept and says its headlines and what was searched for in vain: "
        f"{', '.join(vain)}; the search that has its synonym is not among it"
    )


TASKS: dict[str, Callable[[Hand, OpenShop], str]] = {
    "See what needs attention first": what_needs_attention,
    "Pin a product for Mother's Day in one category": pin_for_mothers_day,
    "Find out why a product is never shown": why_never_shown,
    "Give a search that finds nothing a synonym": synonym_for_a_search,
    f"Accept {SUGGESTED} tag suggestions at once, undo them all": accept_and_undo,
    "See what the home rail earned": what_home_earned,
    "Start an experiment": start_an_experiment,
    "Bury a brand, look at it first, save, undo": bury_a_brand,
    "Look a shopper up: each list, and why": look_a_shopper_up,
    "The week's report, and searches that found nothing": the_weeks_report,
}


def main() -> int:
    from playwright.sync_api import Error, sync_playwright

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=Path, help="a folder for a picture of the last page of each task")
    given = parser.parse_args()
    if CHROMIUM is None:
        raise SystemExit("Chromium is not here; install the system's package `chromium`.")
    os.environ.setdefault("BOTTEGA_REFRESH_S", "1")
    log_as_json("critical")
    warnings.simplefilter("ignore")
    failed = 0
    with tempfile.TemporaryDirectory() as work, sync_playwright() as playwright:
        make_shop(Path(work) / "shop")
        print(
            f"{machine()}.\n\n| task | clicks | typed | pages | what was verified |\n|---|---|---|---|---|", flush=True
        )
        with served(Path(work) / "shop") as (address, shop):
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.set_default_timeout(PATIENCE_MS)
            page.goto(f"{address}/console")
            hand = Hand(page)
            hand.fill("Name", WHO, within="body")
            hand.fill("Password", PASSWORD, within="body")
            hand.click("button", "Log in")
            page.wait_for_url("**/console")
            for number, (task, do) in enumerate(TASKS.items(), start=1):
                hand.begin()
                try:
                    verified = do(hand, shop)
                except (NotSo, Error) as error:
                    failed += 1
                    verified = f"**not so**: {str(error).splitlines()[0] if str(error) else error!r}"
                print(f"| {task} | {hand.clicks} | {hand.typed} | {hand.pages} | {verified} |", flush=True)
                if given.pictures:
                    given.pictures.mkdir(parents=True, exist_ok=True)
                    page.screenshot(path=given.pictures / f"{number}.png", full_page=True)
            browser.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
