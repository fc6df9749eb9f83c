"""The files of reviews that a request names, read and checked.

Each file is read twice: once for how its dates are written and how far its ratings go, and then for its rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bottega.actions.intake.import_report import ImportReport
from bottega.actions.intake.shapes import ImportReviewsRequest
from bottega.dates import Survey, TimeForm, zone_called
from bottega.events.times import now_ms
from bottega.reviews.checking import Checked, Reading, checked_review
from bottega.reviews.ratings import Scale, ScaleSurvey
from bottega.reviews.readers.base import Reader
from bottega.reviews.readers.registry import choose_reader
from bottega.reviews.review import Review
from bottega.sources.problems import Problem
from bottega.sources.source import Source

__all__ = ["ReviewFile", "review_files", "with_known_products"]


@dataclass(slots=True)
class ReviewFile:
    """One file with its reader."""

    source: Source
    reader: Reader
    sure: float | None
    request: ImportReviewsRequest
    on_problem: Callable[[Problem], None]
    reading: Reading = field(init=False)

    def __post_init__(self) -> None:
        self.reading = self._opened(self.on_problem)

    def checked(self, report: ImportReport) -> Iterator[Checked]:
        """The usable reviews; what is true of the whole file goes into the report."""
        reading, file = self.reading, self.source
        reading.form, reading.scale = self._survey(report)
        origin = f"{self.reader.name}:{file.name}"
        for raw in self.reader.read(reading):
            found = checked_review(raw, reading, origin)
            if found is not None:
                reading.read += 1
                yield found
        if detected := file.detected.said():
            report.notes.append(f"{file.name} was {detected}. If it is another encoding, name it with --encoding.")
        if file.note:
            report.notes.append(file.note)
        if reading.cut_short:
            report.notes.append(f"{file.name} breaks before its end: what came before was taken.")
        report.unused_columns += [one for one in reading.unused_columns if one not in report.unused_columns]

    def _survey(self, report: ImportReport) -> tuple[TimeForm, Scale]:
        dates, scale = Survey(self.reading.now), ScaleSurvey()
        for raw in self.reader.read(self._opened(lambda _: None)):
            dates.look([raw.fields.get("time")])
            if raw.scale is None:
                scale.look(raw.fields.get("rating", ""))
        form, notes = dates.form(zone_called(self.request.timezone), self.request.dates)
        report.notes += [f"{self.source.name}: {sentence}" for sentence in notes]
        if self.request.scale is not None:
            return form, Scale(self.request.scale)
        found, note = scale.scale()
        if note:
            report.notes.append(f"{self.source.name}: {note}")
        return form, found

    def _opened(self, on_problem: Callable[[Problem], None]) -> Reading:
        return Reading(self.source, on_problem, columns=dict(self.request.columns or {}), now=now_ms())


def review_files(
    sources: Iterable[Source], request: ImportReviewsRequest, on_problem: Callable[[Problem], None]
) -> list[ReviewFile]:
    """Each file with its reader. Raises `FormatUnknown` and `MappingInvalid`."""
    zone_called(request.timezone)
    chosen = [(source, *choose_reader(source, request.format)) for source in sources]
    return [ReviewFile(source, reader, sure, request, on_problem) for source, reader, sure in chosen]


def with_known_products(
    found: Sequence[Checked], missing: Callable[[Iterable[str]], set[str]], unknown: Counter[str]
) -> list[Review]:
    """The reviews under that name of their product which the catalogue knows, else under the surest one; names that
    nobody knows are counted in `unknown`."""
    strangers = missing({name for one in found for name in one.names})
    known = []
    for one in found:
        name = next((name for name in one.names if name not in strangers), None)
        if name is None:
            unknown[one.names[0]] += 1
        known.append(one.review if name in (None, one.review.product_id) else _under(one, name))
    return known


def _under(one: Checked, name: str) -> Review:
    return one.review.model_copy(update={"product_id": name})
