"""What an import of events tells beside its counts: what was there already and by which key, what is probably meant.

Nothing of it changes an event. It ends up in the report, as counts and as sentences.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import polars as pl

from bottega.actions.intake.import_report import ImportReport
from bottega.events.busiest import Busiest
from bottega.events.kinds import proposal
from bottega.events.product_ids import IdPattern, ProductIds, propose
from bottega.events.readers.base import Reading
from bottega.events.row_rules import WHO
from bottega.sources.seen import HashTable, hashed
from bottega.store.events import Added
from bottega.store.store import Store

__all__ = ["ImportTelling", "KnownProducts", "tell_unknown_kinds"]

_EXAMPLES = 2_000
"""Unknown products that are kept to look for a pattern in their ids."""
_CATALOGUE_SAMPLE = 500
_KNOWN, _UNKNOWN = 1, 2
_MOST_UNKNOWN = 0.5


def tell_unknown_kinds(report: ImportReport) -> None:
    """Add what names that mean no kind probably mean."""
    for name, count in report.unknown_kinds.most_common():
        meant = proposal(name)
        if meant is not None:
            report.kind_proposals[name] = meant.value
        told = f"probably {meant.value}: --kinds {name}={meant.value}" if meant else f"--kinds {name}=KIND, or ignore"
        report.notes.append(f"{count:,} rows are called {name!r}, which no kind is; {told}.")


class KnownProducts:
    """Which product ids the catalogue has, asked once for each id. Memory is 9 to 30 bytes an id.

    Ids are known by their hash (sources/seen.py), so that of a million one is taken for another with a chance of 1 in
    37 million: it would be counted as known, or a product be named by another of its ids.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._met = HashTable("B")

    def missing(self, ids: Iterable[str]) -> set[str]:
        """Those of these ids that no product and no group has."""
        new, missing = list[str](), set[str]()
        for one in set(ids):
            state = self._met.get(hashed(one))
            if not state:
                new.append(one)
            elif state == _UNKNOWN:
                missing.add(one)
        lost = self._store.products.missing(new)
        for one in new:
            self._met.put(hashed(one), _UNKNOWN if one in lost else _KNOWN)
        return missing | lost

    def some(self, count: int) -> list[str]:
        """Ids of some products."""
        found, _ = self._store.products.query(limit=count)
        return [product.id for product in found]


class ImportTelling:
    """Fills the report of one import as its events are saved."""

    def __init__(self, report: ImportReport, products: KnownProducts, pattern: IdPattern | None) -> None:
        self._report = report
        self._products = products
        self.ids = ProductIds(products.missing, pattern)
        self._busiest = Busiest()
        self._unknown: dict[str, None] = {}
        self._named = 0
        self._before = (0, 0)
        self._retold = 0

    def saved(self, events: pl.DataFrame, result: Added) -> None:
        """Count a batch that is on disk."""
        report = self._report
        report.added += result.added
        report.duplicates += result.duplicates
        report.repeated += result.repeated
        report.joined += result.joined
        self._retold += result.retold
        who = events.select(pl.coalesce(pl.col(name) for name in WHO).alias("who"))["who"].drop_nulls()
        self._busiest.add(dict(who.value_counts().iter_rows()))
        counts = Counter(dict(events["product_id"].drop_nulls().value_counts().iter_rows()))
        missing = self._products.missing(counts)
        self._named += sum(counts.values())
        report.unknown_products += sum(counts[one] for one in missing)
        for one in sorted(missing)[: max(0, _EXAMPLES - len(self._unknown))]:
            self._unknown[one] = None

    def file_read(self, reading: Reading) -> None:
        """What a reading left behind."""
        report, name = self._report, reading.source.name
        report.unused_columns += [column for column in reading.unused_columns if column not in report.unused_columns]
        report.notes += reading.notes
        duplicates, repeated = report.duplicates - self._before[0], report.repeated - self._before[1]
        self._before = report.duplicates, report.repeated
        if duplicates:
            report.known_by.append(f"{name}: {reading.known_by}")
        if repeated and "event_id" not in reading.columns:
            report.notes.append(
                f"{repeated:,} rows of {name} repeat another row of it, by {reading.known_by}. If each is an event of "
                "its own, give each an id (event_id), or put the number of pieces in quantity."
            )

    def finish(self) -> None:
        """What only the whole import shows."""
        report = self._report
        if (found := self._busiest.suspicious()) is not None:
            name, count = found
            report.notes.append(
                f"One shopper, {name!r}, has {count:,} of {self._busiest.total:,} events. If that is a robot, a test "
                "or a word for nobody, take it out of the file, or forget it: bottega forget."
            )
        tell_unknown_kinds(report)
        if self._retold > 0:
            report.notes.append(
                f"{self._retold:,} purchases of an order and a product that another source tells of as well: each "
                "counts once."
            )
        if self.ids.pattern is not None:
            done = self.ids.translated[self.ids.pattern.text]
            report.notes.append(f"{done:,} events name their product as {self.ids.pattern.text} says.")
        elif self._named and report.unknown_products > self._named * _MOST_UNKNOWN:
            self._propose_pattern()

    def _propose_pattern(self) -> None:
        found = propose(list(self._unknown), self._products.missing, self._products.some(_CATALOGUE_SAMPLE))
        if found is not None:
            pattern, known = found
            self._report.product_ids_proposal = pattern
            self._report.notes.append(
                f"Most products of these events are unknown; {known:,} of {len(self._unknown):,} would be known with "
                f'--product-ids "{pattern}".'
            )
