"""Import a catalogue: read a feed, check it, take its pictures in and put its products into the store.

Products are stored in chunks, each in one transaction: what was stored when an import is killed stays, and running it
again completes the rest.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from bottega.actions.intake.import_report import ImportReport
from bottega.actions.intake.propose_mapping import as_column_guess
from bottega.actions.intake.rejects import RejectLists
from bottega.actions.intake.shapes import ImportCatalogueRequest
from bottega.actions.intake.sources import Incoming, incoming_feed
from bottega.catalogue.check import FeedCheck
from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.columns.mapping import parse_mapping
from bottega.catalogue.readers.draft import draft_of, said_by
from bottega.catalogue.readers.fields.text import clean
from bottega.catalogue.readers.together import feed_of, read_feed
from bottega.names import Availability
from bottega.progress import Progress, silent
from bottega.shop.folder import ShopFolder
from bottega.shop.listings.accepted import with_accepted
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures.pictures import PictureTaker
from bottega.shop.search.pack import prepare_search
from bottega.shop.versions import ShopPart
from bottega.sources.columns import name_of
from bottega.sources.problems import FEED, Problem, Severity
from bottega.sources.seen import SeenTexts

__all__ = ["CHUNK", "VANISHED_MAX", "import_catalogue"]

CHUNK = 2000
"""Products stored in one transaction."""
_RESCUE = "rescue_catalogue"
"""The verb that suggests better main photos."""
VANISHED_MAX = 0.3
"""Largest share of the catalogue that a sync may discontinue without being forced."""


def import_catalogue(shop: OpenShop, request: ImportCatalogueRequest, *, progress: Progress = silent) -> ImportReport:
    """Import every usable product of `source`: a file, a folder or zip with one data file, or an address.

    With `sync`, products of the catalogue that the feed no longer has become discontinued, unless that is more than
    `VANISHED_MAX` of them and `force` is not given. Raises `SourceUnreadable`, `FormatUnknown`,
    `MappingInvalid` and `ColumnMissing`.
    """
    with incoming_feed(shop.folder, request) as incoming:
        if incoming.unchanged:
            return incoming.report()
        report, broken = _import(shop.folder, incoming, request, progress)
        incoming.incomplete = broken or bool(report.held)
    prepare_search(shop.folder, progress)
    _rescue(shop, report)
    return report


def _rescue(shop: OpenShop, report: ImportReport) -> None:
    """Ask for better main photos, where the merchant has switched that on and photos came."""
    wish = shop.folder.settings.rescue_on_import
    if wish == "off" or not report.images:
        return
    asked = {"only_new": True} | ({} if wish == "repair" else {"preset": wish})
    job = shop.store.jobs.add(_RESCUE, asked, lane=_RESCUE, now_ms=time.time_ns() // 1_000_000)
    report.notes.append(f"Better main photos will be suggested: job {job.number} (rescue_on_import).")


def _import(
    folder: ShopFolder, incoming: Incoming, request: ImportCatalogueRequest, progress: Progress
) -> tuple[ImportReport, bool]:
    """The report of a feed's import, and whether the feed broke before its end."""
    started = time.monotonic()
    columns = parse_mapping(request.mapping)
    reader, (feed, *beside) = feed_of(incoming.sources, request.format)
    report = ImportReport(source=incoming.name, format=reader.name)
    report.format_sure = None if request.format else round(reader.recognises(feed), 2)
    check = FeedCheck(reader.natural_groups)
    pictures = PictureTaker(feed.folder, folder.images)
    with RejectLists(folder, incoming.name, report, said=True) as lists:

        def note(problem: Problem) -> None:
            if problem.severity is Severity.REJECT:
                lists.reject(problem)
            else:
                lists.warn(problem)
                if problem.row == FEED:
                    report.notes.append(f"{problem.rule}: {problem.seen}")

        currency = request.currency or folder.settings.currency
        now_ms = time.time_ns() // 1_000_000
        reading = Reading(feed, note, columns, currency, now_ms=now_ms, beside=tuple(beside))
        task = f"reading {feed.name} (kB)"
        chunk: list[Product] = []
        try:
            for product in _checked(read_feed(reader, reading), check, reading):
                taken, problems = pictures.take(product)
                for problem in problems:
                    note(problem)
                chunk.append(taken)
                if len(chunk) == CHUNK:
                    _store(folder, chunk, report)
                    chunk.clear()
                    progress(task, feed.done // 1024, feed.size // 1024, f"{check.products:,} products")
        finally:  # also where the source breaks: what came before is in
            _store(folder, chunk, report)
        progress(task, feed.size // 1024, feed.size // 1024, f"{check.products:,} products")
        for problem in check.end():
            note(problem)
        if reading.emptied:
            reading.warn("empty_word", FEED, _emptied_words(reading.emptied))
        for source in (feed, *beside):
            if source.guessed_encoding:
                reading.warn("encoding_guessed", FEED, f"{source.name} was {source.detected.said()}")
            elif said := source.detected.said():
                report.notes.append(f"{source.name} was {said}")
            if source.note:
                report.notes.append(source.note)
        if reading.without_currency and request.currency is None:
            report.notes.append(
                f"{reading.without_currency:,} prices name no currency; they were taken as {currency} (--currency)."
            )
        if reading.cut_short:
            report.notes.append(f"{incoming.name} breaks before its end: what came before was taken.")
        report.read, report.rejected = reading.read, reading.rejected
        report.groups = sum(1 for members in check.groups.values() if members > 1)
        report.images = len(pictures.taken)
        report.unused_columns = [clean(column) for column in reading.unused_columns]
        report.part_rows = reading.joined
        report.guessed = [as_column_guess(guess) for guess in reading.guesses if guess.taken]
        report.doubts = reading.doubts
        if report.unused_columns:
            column = report.unused_columns[0]
            report.hint = f"add attr.{name_of(column) or 'name'}={column} to --map to keep it"
        if request.sync:
            _discontinue(folder, check.ids, reading, report, force=request.force)
    folder.versions.touch_part(ShopPart.CATALOGUE)  # once: servers that answer meanwhile catch up by themselves
    report.seconds = round(time.monotonic() - started, 2)
    return report, reading.cut_short


def _checked(products: Iterator[Product], check: FeedCheck, reading: Reading) -> Iterator[Product]:
    """Products that the feed as a whole allows; the others are counted as rejected."""
    for product in products:
        problems = check.add(product)
        for problem in problems:
            refused = problem.severity is Severity.REJECT
            reading.on_problem(replace(problem, said=said_by(draft_of(product))) if refused else problem)
        if any(problem.severity is Severity.REJECT for problem in problems):
            reading.rejected += 1
        else:
            yield product


def _store(shop: ShopFolder, chunk: list[Product], report: ImportReport) -> None:
    if chunk:
        written = shop.store.products.upsert(with_accepted(shop, chunk, from_merchant=[one.id for one in chunk]))
        report.added += written.added
        report.updated += written.updated
        report.unchanged += written.unchanged


def _emptied_words(emptied: Counter[tuple[str, str]]) -> str:
    """Where words for nothing stood, the commonest first, as in "brand NULL (20), color nan (3)"."""
    return ", ".join(f"{name} {word} ({count:,})" for (name, word), count in emptied.most_common())


def _discontinue(shop: ShopFolder, seen: SeenTexts, reading: Reading, report: ImportReport, *, force: bool) -> None:
    """Mark products that the feed no longer has, a chunk at a time, or say why not."""
    selling = 0
    vanished: list[str] = []
    for chunk in shop.store.products.iterate():
        for product in chunk:
            if product.availability is not Availability.DISCONTINUED:
                selling += 1
                if product.id not in reading.refused_ids and product.id not in seen:
                    vanished.append(product.id)
    if reading.cut_short:
        report.held = (
            f"The feed broke before its end, so the {len(vanished):,} products missing from it were left as they are."
        )
        return
    if vanished and len(vanished) > VANISHED_MAX * selling and not force:
        report.held = (
            f"{len(vanished):,} of {selling:,} products are missing from the feed, more than {VANISHED_MAX:.0%}, so "
            "they were left as they are. If that is right, run it again with --force."
        )
        return
    for start in range(0, len(vanished), CHUNK):
        gone = shop.store.products.get(vanished[start : start + CHUNK]).values()
        marked = [product.model_copy(update={"availability": Availability.DISCONTINUED}) for product in gone]
        report.discontinued += shop.store.products.upsert(marked).updated
