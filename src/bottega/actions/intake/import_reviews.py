"""Import reviews: what shoppers wrote about products, from a file of any review app."""

from __future__ import annotations

import time
from collections import Counter

from bottega.actions.intake.import_report import ImportReport
from bottega.actions.intake.rejects import RejectLists
from bottega.actions.intake.review_files import review_files, with_known_products
from bottega.actions.intake.shapes import ImportReviewsRequest
from bottega.actions.intake.sources import Incoming, incoming_feed, refuse_source
from bottega.dates import zone_called
from bottega.progress import Progress, silent
from bottega.reviews.checking import Checked
from bottega.reviews.readers.registry import READERS
from bottega.shop.open_shop import OpenShop
from bottega.shop.recounted import withdraw_recounted
from bottega.sources.problems import Problem, Severity
from bottega.sources.registry import reader_called

__all__ = ["import_reviews", "refuse_reviews"]

CHUNK = 2_000
"""Reviews in one transaction. What a progress call has counted as saved survives a power cut."""


def import_reviews(shop: OpenShop, request: ImportReviewsRequest, *, progress: Progress = silent) -> ImportReport:
    """Import a file. Safe to repeat, and to interrupt: a review that came before is replaced where it has changed.

    Texts that claimed a count of reviews are withdrawn where it is another now. Reviews of unknown products are kept
    and counted. Raises `SourceUnreadable`, `FormatUnknown`, `ColumnMissing`, `MappingInvalid`, `EncoderUnavailable`
    and `StoreUnavailable`.
    """
    shop.review_reader()  # an encoder that is not there is said before anything is read
    with incoming_feed(shop.folder, request) as incoming:
        if incoming.unchanged:
            return incoming.report()
        return _import(shop, incoming, request, progress)


def refuse_reviews(request: ImportReviewsRequest) -> None:
    """Raise what the import would raise for these values, before a row is read."""
    refuse_source(request)
    zone_called(request.timezone)
    if request.format is not None:
        reader_called(READERS, request.format, what="format of reviews")


def _import(shop: OpenShop, incoming: Incoming, request: ImportReviewsRequest, progress: Progress) -> ImportReport:
    started = time.perf_counter()
    report = ImportReport(source=incoming.name)
    seen: set[str] = set()
    unknown: Counter[str] = Counter()
    with RejectLists(shop.folder, incoming.name, report, who=True) as lists:

        def on_problem(found: Problem) -> None:
            (lists.reject if found.severity is Severity.REJECT else lists.warn)(found)

        files = review_files(incoming.sources, request, on_problem)
        report.format = ", ".join(dict.fromkeys(file.reader.name for file in files))
        sure = [file.sure for file in files if file.sure is not None]
        report.format_sure = round(min(sure), 2) if sure else None
        for file in files:
            task, source = f"importing {file.source.name}", file.source
            chunk: list[Checked] = []
            progress(task, 0, source.size)
            for one in file.checked(report):
                chunk.append(one)
                if len(chunk) >= CHUNK:
                    _save(shop, chunk, seen, unknown, report)
                    chunk = []
                    progress(task, source.done, source.size, f"{report.added + report.updated:,} reviews saved")
            _save(shop, chunk, seen, unknown, report)
            progress(task, source.size, source.size, f"{report.added + report.updated:,} reviews saved")
            if file.reading.deleted:
                gone = shop.store.reviews.remove(file.reading.deleted)
                report.notes.append(
                    f"{source.name} takes {len(file.reading.deleted):,} reviews back; {gone:,} of them were here."
                )
            incoming.incomplete = incoming.incomplete or file.reading.cut_short
            report.read += file.reading.read
            report.rejected += file.reading.rejected
    shop.review_reader().read_all(progress)
    withdraw_recounted(shop)
    report.unknown_products = sum(unknown.values())
    report.seconds = round(time.perf_counter() - started, 2)
    return report


def _save(shop: OpenShop, chunk: list[Checked], seen: set[str], unknown: Counter[str], report: ImportReport) -> None:
    """Store a chunk; an id that came before in this source counts as a duplicate, and the later one stays."""
    if not chunk:
        return
    reviews = with_known_products(chunk, shop.store.products.missing, unknown)
    latest = {one.review_id: one for one in reviews}
    again = len(reviews) - len(latest) + len(seen & latest.keys())
    repeated = [one for key, one in latest.items() if key in seen]
    written = shop.store.reviews.put([one for key, one in latest.items() if key not in seen])
    if repeated:
        shop.store.reviews.put(repeated)
    seen.update(latest)
    report.duplicates += again
    report.repeated += again
    report.added += written.added
    report.updated += written.updated
    report.unchanged += written.unchanged
