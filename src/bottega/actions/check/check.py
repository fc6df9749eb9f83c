"""Check: what is wrong with a shop as it is, what its events tell, and what works with so many of them.

Nothing but the list of bots is written (`shop/shoppers/bots.py`), as every training does.
"""

from __future__ import annotations

import time

from bottega.actions.check.check_feed import of_pictures
from bottega.actions.check.judge_events import judge_events
from bottega.actions.check.meter import meter_of
from bottega.actions.check.report import found_bots, found_rules, shares
from bottega.actions.check.shapes import CheckReport, CheckRequest
from bottega.actions.check.tastes import measured_tastes
from bottega.catalogue.quality.catalogue_check import CatalogueCheck
from bottega.catalogue.quality.rows import SeenRow
from bottega.catalogue.quality.rules import CATALOGUE_RULES
from bottega.events.quality.rules import EVENT_RULES
from bottega.events.times import now_ms
from bottega.prices import exponent
from bottega.progress import Progress, silent
from bottega.reviews.quality import REVIEW_RULES, judge_reviews
from bottega.shop.listings.picture_faults import OfPicture, picture_findings
from bottega.shop.open_shop import OpenShop
from bottega.shop.shoppers.bots import watch_bots
from bottega.sources.findings import CheckFindings, CheckLevel
from bottega.store.event_frames import CHECK_COLUMNS

__all__ = ["check"]


def check(shop: OpenShop, request: CheckRequest, *, progress: Progress = silent) -> CheckReport:
    """Judge the catalogue, the pictures and the events of a shop by the rules of docs/check.md."""
    started, now = time.monotonic(), now_ms()
    store = shop.store
    findings = CheckFindings({**CATALOGUE_RULES, **EVENT_RULES, **REVIEW_RULES}, most=request.examples)
    catalogue = CatalogueCheck(findings, natural_groups=True)
    n_products, pictures = store.products.count(), list[OfPicture]()
    every = max(1, n_products // max(request.pictures, 1))
    prices: dict[str, float] = {}
    for chunk in store.products.iterate():
        for product in chunk:
            catalogue.add(SeenRow(product, now), read=False)
            if product.price_minor and product.currency:
                prices[product.id] = product.price_minor / 10 ** exponent(product.currency)
        pictures += of_pictures(chunk)[::every]
        progress("looking at products", len(catalogue.facts), n_products)
    catalogue.end()
    looked = pictures[: request.pictures]
    for finding in picture_findings(
        shop.folder.images, looked, lost="image_lost", broken="image_lost", eye=shop.models.eye, progress=progress
    ):
        findings.add(finding)
    notes = [f"{len(looked):,} picture files were looked at, spread over the products."] if every > 1 and looked else []
    if store.reviews.count():
        judge_reviews(shop.review_reader().judged(progress), findings)
    progress("looking at events", 0, 3)
    events = store.events.everything(list(CHECK_COLUMNS))
    known = store.bots.all
    judge_events(
        events,
        watch_bots(shop.folder, events),
        findings,
        missing=store.products.missing,
        ids=catalogue.facts.ids,
        prices=prices,
        now=now,
        readmitted={one.shopper for one in known() if one.readmitted},
    )
    progress("looking at events", 1, 3)
    out = [one.shopper for one in known() if not one.readmitted]
    measured = meter_of(events, n_products, store.products.missing, out)
    del events
    progress("looking at events", 2, 3)
    tastes = measured_tastes(shop) if n_products and measured.events >= 100 else []
    progress("looking at events", 3, 3)
    return CheckReport(
        source="shop",
        format="",
        rows=n_products,
        products=len(catalogue.facts),
        rejected=0,
        events=store.events.count(),
        errors=findings.of_level(CheckLevel.ERROR),
        warnings=findings.of_level(CheckLevel.WARNING),
        hints=findings.of_level(CheckLevel.HINT),
        rules=found_rules(findings),
        coverage=shares(catalogue.coverage.shares()),
        tastes=tastes,
        bots=found_bots(store.bots.all()),
        meter=measured,
        notes=notes,
        seconds=round(time.monotonic() - started, 2),
    )
