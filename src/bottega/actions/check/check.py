"""Check: what is wrong with a shop as it is, what its events tell, and what works with so many of them.

Nothing but the list of bots is written (`shop/bots.py`), as every training does.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

import polars as pl

from bottega.actions.check.check_feed import of_pictures
from bottega.actions.check.meter import meter
from bottega.actions.check.report import found_bots, found_rules, shares
from bottega.actions.check.shapes import CheckReport, CheckRequest, DataMeter
from bottega.actions.check.tastes import measured_tastes
from bottega.catalogue.quality.catalogue_check import CatalogueCheck
from bottega.catalogue.quality.rows import SeenRow
from bottega.catalogue.quality.rules import CATALOGUE_RULES
from bottega.events.quality.clocks import clock_findings
from bottega.events.quality.rules import EVENT_RULES
from bottega.events.quality.sanity import sanity_findings
from bottega.events.times import now_ms
from bottega.names import DAY_MS, POSITIVE_KINDS, KindCode
from bottega.prices import exponent
from bottega.progress import Progress, silent
from bottega.shop.bots import watch_bots
from bottega.shop.open_shop import OpenShop
from bottega.shop.picture_faults import OfPicture, picture_findings
from bottega.sources.findings import CheckFindings, CheckLevel
from bottega.store.events import CHECK_SCHEMA

__all__ = ["check"]


def check(shop: OpenShop, request: CheckRequest, *, progress: Progress = silent) -> CheckReport:
    """Judge the catalogue, the pictures and the events of a shop by the rules of docs/check.md."""
    started, now = time.monotonic(), now_ms()
    store = shop.store
    findings = CheckFindings({**CATALOGUE_RULES, **EVENT_RULES}, most=request.examples)
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
        shop.folder.images, looked, lost="image_lost", broken="image_lost", progress=progress
    ):
        findings.add(finding)
    notes = [f"{len(looked):,} picture files were looked at, spread over the products."] if every > 1 and looked else []
    progress("looking at events", 0, 3)
    events = store.events.everything(list(CHECK_SCHEMA))
    _check_events(shop, events, catalogue.facts.ids, prices, findings, now)
    progress("looking at events", 1, 3)
    measured = _meter(shop, events, n_products)
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


def _check_events(
    shop: OpenShop, events: pl.DataFrame, ids: list[str], prices: Mapping[str, float], findings: CheckFindings, now: int
) -> None:
    """Bots first: what they do is judged as theirs, and not again as that of clocks and shoppers."""
    bots = watch_bots(shop.folder, events)
    back = {one.shopper for one in shop.store.bots.all() if one.readmitted}
    for one in bots.found:
        if one.shopper not in back and one.rule != "bot_ring":
            findings.found(one.rule, "shopper_id", one.seen, one.shopper)
    for product, members in bots.lifted.items():
        findings.found("bot_ring", "product_id", f"{members:,} ids of one view", product)
    for rule, members in bots.too_many.items():
        findings.found("bots_too_many", "shopper_id", f"{members:,} shoppers: {EVENT_RULES[rule].meaning}")
    people = events.filter(~pl.col("shopper").is_in([one.shopper for one in bots.found]))
    for finding in clock_findings(people, now):
        findings.add(finding)
    for finding in sanity_findings(people, shop.store.products.missing, ids, prices):
        findings.add(finding)


def _meter(shop: OpenShop, events: pl.DataFrame, n_products: int) -> DataMeter:
    """Where the shop stands, by what can be learnt from: bots and unknown products do not count."""
    out = [one.shopper for one in shop.store.bots.all() if not one.readmitted]
    unknown = shop.store.products.missing(events["product_id"].drop_nulls().unique().to_list())
    used = events.filter(
        pl.col("kind").is_in([int(kind) for kind in POSITIVE_KINDS]),
        pl.col("product_id").is_not_null(),
        ~pl.col("product_id").is_in(list(unknown)),
        ~pl.col("shopper").is_in(out),
    )
    products_of = used.group_by("shopper").agg(pl.col("product_id").n_unique())
    times = used["time_ms"].to_numpy()
    span = int(times.max() - times.min()) if len(times) else 0
    return meter(
        products=n_products,
        events=used.height,
        shoppers=products_of.filter(pl.col("product_id") > 1).height,
        purchases=used.filter(pl.col("kind") == int(KindCode.PURCHASE)).height,
        days=span // DAY_MS + (used.height > 0),
    )
