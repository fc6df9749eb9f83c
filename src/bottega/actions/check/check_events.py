"""Check events before they are imported: nothing is stored. Beside a shop, they are compared with its catalogue.

The readers and the rules of rows are those of an import; what many events show is judged as it is of a shop's own.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

import polars as pl

from bottega.actions.check.judge_events import Missing, judge_events
from bottega.actions.check.meter import meter_of
from bottega.actions.check.report import found_rules
from bottega.actions.check.shapes import CheckEventsRequest, CheckReport, DataMeter, FoundBot
from bottega.actions.intake.event_files import EventFiles, said_of
from bottega.actions.intake.event_telling import KnownProducts, tell_unknown_kinds
from bottega.actions.intake.import_report import ImportReport
from bottega.actions.intake.sources import Incoming
from bottega.events.aliases import set_aside
from bottega.events.batch import EVENT_COLUMNS, schema_of
from bottega.events.kinds import proposal
from bottega.events.log_in import LogIn
from bottega.events.product_ids import ProductIds
from bottega.events.quality.bots import Bots, Places, find_bots
from bottega.events.quality.rules import EVENT_FILE_RULES
from bottega.events.row_rules import WHO
from bottega.events.times import now_ms
from bottega.names import KindCode
from bottega.prices import exponent
from bottega.progress import Progress, silent
from bottega.shop.folder import ShopFolder
from bottega.sources.find import find_sources
from bottega.sources.findings import FEED, CheckFinding, CheckFindings, CheckLevel
from bottega.sources.problems import Problem, Severity

__all__ = ["check_events"]

_KEPT = ("shopper_id", "anonymous_id", "session_id", "product_id", "kind", "time_ms", "quantity", "value", "source")
_SHOWN = 10
_REFUSED_SHARE = 0.01


def check_events(shop: ShopFolder | None, request: CheckEventsRequest, *, progress: Progress = silent) -> CheckReport:
    """Judge files of events by the rules of docs/check.md; `shop`: whose catalogue they name products of.

    Raises `SourceUnreadable`, `FormatUnknown`, `MappingInvalid` and `ColumnMissing`.
    """
    started, now = time.monotonic(), now_ms()
    said = said_of(request)
    found = find_sources(request.source, encoding=request.encoding)
    incoming = Incoming(request.source.name, found, is_folder=request.source.is_dir() or len(found) > 1)
    report = ImportReport(source=incoming.name)
    findings = CheckFindings(EVENT_FILE_RULES, most=request.examples)
    refused: Counter[str] = Counter()
    log_ins: list[LogIn] = []

    def on_problem(problem: Problem) -> None:
        if problem.severity is Severity.REJECT:
            refused[problem.rule] += 1
        fix = _meant(problem.seen) if problem.rule == "kind_unknown" else problem.fix
        findings.add(CheckFinding(problem.rule, problem.row, problem.field, problem.seen, fix))

    missing: Missing = KnownProducts(shop.store).missing if shop is not None else lambda _: set()
    products = ProductIds(missing, said.pattern)
    currency = shop.settings.currency if shop is not None else "USD"
    files = EventFiles(
        incoming, request, said, report, currency, products, on_problem, lambda _, many: log_ins.extend(many)
    )
    parts = [_rows(frame) for frame in _read(files, progress)]
    events, repeated = _profiles(parts, log_ins)
    total = events.height + repeated + refused.total()
    _tell_rows(report, findings, refused, total, repeated)
    progress("judging", 0, 1)
    bots, meter = _judge(shop, events, missing, findings, now)
    progress("judging", 1, 1)
    tell_unknown_kinds(report)
    if shop is None:
        report.notes.append("There is no shop here, so no product was looked up; name one with --shop.")
    return CheckReport(
        source=incoming.name,
        format=report.format,
        format_sure=report.format_sure,
        rows=total,
        products=0,
        rejected=refused.total(),
        events=events.height,
        errors=findings.of_level(CheckLevel.ERROR),
        warnings=findings.of_level(CheckLevel.WARNING),
        hints=findings.of_level(CheckLevel.HINT),
        rules=found_rules(findings),
        coverage=[],
        tastes=[],
        bots=[
            FoundBot(
                shopper=one.shopper, rule=one.rule, seen=one.seen, events=one.events, found_at_ms=now, readmitted=False
            )
            for one in bots.found
        ],
        meter=meter,
        notes=report.notes,
        seconds=round(time.monotonic() - started, 2),
    )


def _read(files: EventFiles, progress: Progress) -> Iterator[pl.DataFrame]:
    """Every usable event, and what each file leaves to say."""
    report, count = files.report, 0
    for file in files.opened():
        source = file.source
        for frame in file.checked():
            count += frame.height
            progress(f"reading {source.name} (kB)", source.done // 1024, source.size // 1024, f"{count:,} events")
            yield frame
        report.notes += file.reading.notes
        report.known_by.append(file.reading.known_by)
        if unused := file.reading.unused_columns:
            report.notes.append(f"Columns that say nothing to Bottega: {', '.join(unused[:20])}.")


def _rows(frame: pl.DataFrame) -> pl.DataFrame:
    """What is kept of a batch; of ids their hash, which is enough to count those that come again."""
    return frame.select(*_KEPT, pl.col("event_id").hash(seed=12).alias("known_by"))


def _profiles(parts: Sequence[pl.DataFrame], log_ins: Sequence[LogIn]) -> tuple[pl.DataFrame, int]:
    """The events as a shop would have them, each once and under its profile, and how many rows repeat another."""
    schema = schema_of({**{name: EVENT_COLUMNS[name] for name in _KEPT}, "known_by": "UInt64"})
    frame = pl.concat([pl.DataFrame(schema=schema), *parts])
    before = frame.height
    frame = frame.unique("known_by", keep="first", maintain_order=True).drop("known_by")
    said = pl.DataFrame(
        [(one.shopper_id, one.anonymous_id, one.session_id, one.time_ms) for one in log_ins],
        schema=schema_of({name: EVENT_COLUMNS[name] for name in (*WHO, "time_ms")}),
        orient="row",
    )
    who = pl.concat([frame.select(said.columns), said]).filter(pl.col("shopper_id").is_not_null()).sort("time_ms")
    for name, logged in (
        ("anonymous_id", who.filter(pl.col("anonymous_id").is_not_null())),
        ("session_id", who.filter(pl.col("anonymous_id").is_null(), pl.col("session_id").is_not_null())),
    ):
        first = logged.unique(name, keep="first", maintain_order=True)
        frame = frame.join(first.select(name, pl.col("shopper_id").alias(f"of_{name}")), on=name, how="left")
    of_session = pl.when(pl.col("anonymous_id").is_null()).then(pl.col("of_session_id"))
    shopper = pl.coalesce("shopper_id", "of_anonymous_id", "anonymous_id", of_session, "session_id")
    kept = [name for name in _KEPT if name not in ("shopper_id", "anonymous_id")]
    frame = frame.select(shopper.alias("shopper"), *kept)
    return frame.sort("shopper", "time_ms", maintain_order=True), before - frame.height


def _tell_rows(report: ImportReport, findings: CheckFindings, refused: Counter[str], total: int, repeated: int) -> None:
    """What becomes of the rows as a whole."""
    if refused:
        rules = ", ".join(f"{rule} {count:,} ({count / total:.1%})" for rule, count in refused.most_common())
        said = f"{refused.total():,} of {total:,} rows ({refused.total() / total:.1%}) would be refused: {rules}"
        report.notes.append(f"{said}.")
        if refused.total() > _REFUSED_SHARE * total:
            findings.found("rows_refused", "", said)
    if repeated:
        by = "; ".join(dict.fromkeys(report.known_by))
        findings.found("rows_repeated", "event_id", f"{repeated:,} of {total:,} rows, by {by}")
    for name, count in report.ignored.most_common():
        if not set_aside(name) and proposal(name) is not None:
            findings.add(CheckFinding("kind_set_aside", FEED, "kind", f"{name!r}, {count:,} rows", _meant(name)))
    if report.ignored:
        names = ", ".join(f"{name} ({count:,})" for name, count in report.ignored.most_common(_SHOWN))
        report.notes.append(f"Set aside, because they show no interest in a product: {names}.")
    if report.nobody:
        names = ", ".join(f"{name} ({count:,})" for name, count in report.nobody.most_common(_SHOWN))
        findings.found("ids_nobody", "shopper_id", names)


def _meant(name: str) -> str:
    """What to do about a name of an event that no kind is; "" where nothing is near."""
    kind = proposal(name)
    return "" if kind is None else f"it is probably {kind.value}: --kinds {name}={kind.value}"


def _judge(
    shop: ShopFolder | None, events: pl.DataFrame, missing: Missing, findings: CheckFindings, now: int
) -> tuple[Bots, DataMeter | None]:
    """Bots, clocks, products and the rest; beside a shop's catalogue where there is one."""
    ids, prices = list[str](), dict[str, float]()
    for chunk in () if shop is None else shop.store.products.iterate():
        for product in chunk:
            ids.append(product.id)
            if product.price_minor and product.currency:
                prices[product.id] = product.price_minor / 10 ** exponent(product.currency)
    places: Places = cache(shop.store.products.places) if shop is not None else dict
    bots = find_bots(events.filter(pl.col("kind") != int(KindCode.IMPRESSION)), places)
    judge_events(events, bots, findings, missing=missing, ids=ids, prices=prices, now=now)
    if shop is None:
        return bots, None
    return bots, meter_of(events, len(ids), missing, [one.shopper for one in bots.found])
