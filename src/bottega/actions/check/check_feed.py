"""Check a feed before it is imported: nothing is stored. Beside a shop, it is compared with what the shop has."""

from __future__ import annotations

import time
from collections.abc import Iterator

from bottega.actions.check.report import found_rules, shares
from bottega.actions.check.shapes import CheckFeedRequest, CheckReport
from bottega.catalogue.addresses import is_web
from bottega.catalogue.product import Product
from bottega.catalogue.quality.catalogue_check import CatalogueCheck
from bottega.catalogue.quality.facts import number_of
from bottega.catalogue.quality.history import HistoryCheck
from bottega.catalogue.quality.rules import CATALOGUE_RULES
from bottega.catalogue.quality.seen import CheckedReading
from bottega.catalogue.readers.columns.mapping import parse_mapping
from bottega.catalogue.readers.together import feed_of, read_feed
from bottega.names import Availability
from bottega.progress import Progress, silent
from bottega.shop.folder import ShopFolder
from bottega.shop.listings.picture_faults import OfPicture, picture_findings
from bottega.shop.trained.shipped_models import EYE, SHIPPED
from bottega.sources.find import find_feed
from bottega.sources.findings import CheckFindings, CheckLevel
from bottega.store.products import ProductStore

__all__ = ["check_feed"]

_CHUNK = 2_000


def check_feed(shop: ShopFolder | None, request: CheckFeedRequest, *, progress: Progress = silent) -> CheckReport:
    """Judge a feed by the rules of docs/check.md; `shop`: whose products it is compared with.

    Raises `SourceUnreadable`, `FormatUnknown`, `MappingInvalid` and `ColumnMissing`.
    """
    started = time.monotonic()
    columns = parse_mapping(request.mapping)
    reader, (feed, *beside) = feed_of(find_feed(request.source, encoding=request.encoding), request.format)
    findings = CheckFindings(CATALOGUE_RULES, most=request.examples)
    check = CatalogueCheck(findings, natural_groups=reader.natural_groups)
    currency = request.currency or (shop.settings.currency if shop is not None else "USD")
    now_ms = time.time_ns() // 1_000_000
    reading = CheckedReading(feed, check.problem, columns, currency, now_ms=now_ms, beside=tuple(beside))
    history = None if shop is None else _history(shop.store.products)
    pictures: list[OfPicture] = []
    task = f"reading {feed.name} (kB)"
    for chunk in _chunks(read_feed(reader, reading)):
        kept = [product for product in chunk if check.add(reading.seen(product), read=True)]
        reading.rejected += len(chunk) - len(kept)
        if history is not None and shop is not None:
            history.add(kept, shop.store.products.get(product.id for product in kept))
        if len(pictures) < request.pictures:
            pictures += of_pictures(kept)
        progress(task, feed.done // 1024, feed.size // 1024, f"{len(check.facts):,} products")
    if reading.emptied:
        words = ", ".join(f"{name} {word} ({count:,})" for (name, word), count in reading.emptied.most_common())
        findings.found("empty_word", "", words)
    for source in (feed, *beside):
        if source.guessed_encoding:
            findings.found("encoding_guessed", "", f"{source.name} was {source.detected.said()}")
    check.end()
    for finding in () if history is None else history.end():
        findings.add(finding)
    looked = pictures[: request.pictures]
    if looked:
        for finding in picture_findings(
            feed.folder,
            looked,
            lost="image_missing",
            broken="image_broken",
            eye=lambda: SHIPPED.get(EYE),
            progress=progress,
        ):
            findings.add(finding)
    notes = (
        [] if len(looked) == len(pictures) else [f"{len(looked):,} picture files were looked at; more with --pictures."]
    )
    if reading.unused_columns:
        notes.append(f"Columns that say nothing to Bottega: {', '.join(reading.unused_columns[:20])}.")
    if reading.cut_short:
        notes.append("The feed broke before its end.")
    return CheckReport(
        source=feed.name,
        format=reader.name,
        rows=reading.read,
        products=len(check.facts),
        rejected=reading.rejected,
        events=0,
        errors=findings.of_level(CheckLevel.ERROR),
        warnings=findings.of_level(CheckLevel.WARNING),
        hints=findings.of_level(CheckLevel.HINT),
        rules=found_rules(findings),
        coverage=shares(check.coverage.shares()),
        tastes=[],
        bots=[],
        meter=None,
        notes=notes,
        seconds=round(time.monotonic() - started, 2),
    )


def of_pictures(products: list[Product]) -> list[OfPicture]:
    """The first picture file of each product that has one."""
    return [
        OfPicture(image, product.source_row or product.id, product.id, product.group_id, product.category)
        for product in products
        for image in [one for one in product.images if not is_web(one)][:1]
    ]


def _history(products: ProductStore) -> HistoryCheck | None:
    """What a feed is compared with; None where the shop is empty."""
    selling, titles = 0, set[int]()
    for chunk in products.iterate():
        selling += sum(product.availability is not Availability.DISCONTINUED for product in chunk)
        titles.update(number_of(product.title.casefold()) for product in chunk)
    return HistoryCheck(selling, frozenset(titles)) if titles else None


def _chunks(products: Iterator[Product]) -> Iterator[list[Product]]:
    chunk: list[Product] = []
    for product in products:
        chunk.append(product)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    yield chunk
