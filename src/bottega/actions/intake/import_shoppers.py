"""Import shoppers: who they are and what they agreed to, a row each, from a table or JSON lines.

A row is said at its `consent_time`, else when the file was last changed: nothing in it is newer than that, so importing
an old one does not bring back what a shopper has changed since.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from bottega.actions.intake.import_report import ImportReport
from bottega.actions.intake.rejects import RejectLists
from bottega.actions.intake.shapes import ImportShoppersRequest
from bottega.actions.intake.sources import Incoming, incoming_feed
from bottega.errors import ColumnMissing, FormatUnknown, MappingInvalid, SourceUnreadable
from bottega.events.event import EventId
from bottega.events.readers.base import Reading
from bottega.events.times import now_ms
from bottega.events.traits import TRAIT_FIELDS, Traits
from bottega.names import Purpose
from bottega.placeholders import names_nobody, says_nothing
from bottega.progress import Progress, silent
from bottega.shop.open_shop import OpenShop
from bottega.sources.delimited import Broken, Row, read_rows
from bottega.sources.json_rows import json_rows
from bottega.sources.problems import Problem
from bottega.sources.table_head import sniff_delimiter
from bottega.sources.web_address import is_address
from bottega.store.traits import Telling
from bottega.texts import plain_fault, shown

__all__ = ["COLUMNS", "import_shoppers"]

CHUNK_ROWS = 5_000
"""Rows in one transaction. What a progress call has counted as saved survives a power cut."""
_WHO = ("shopper", "shopper_id", "user_id", "customer_id", "anonymous_id")
_PURPOSES = frozenset(purpose.value for purpose in Purpose)
COLUMNS = ("shopper", *(name for name in TRAIT_FIELDS if name != "consent"), *(purpose.value for purpose in Purpose))
"""What a row may hold; the purposes stand beside one another."""
_ALSO = {**dict.fromkeys(_WHO, "shopper"), "personalization": "personalisation", "e_mail": "email"}
"""Other names of columns."""
_WORDS = {"yes": "yes", "y": "yes", "true": "yes", "1": "yes", "no": "no", "n": "no", "false": "no", "0": "no"}


class _Named(BaseModel):
    shopper: EventId


def import_shoppers(
    shop: OpenShop, request: ImportShoppersRequest, *, progress: Progress = silent, chunk_rows: int = CHUNK_ROWS
) -> ImportReport:
    """Import a file. Safe to repeat, and to interrupt; empty cells change nothing.

    Rows that break a rule are counted and listed in the shop's rejects folder. Raises `SourceUnreadable`,
    `FormatUnknown`, `ColumnMissing`, `MappingInvalid` and `StoreUnavailable`.
    """
    if not is_address(request.source) and Path(request.source).is_dir():
        raise SourceUnreadable(f"{request.source} is a folder.", allowed="Shoppers come from one file.", next_step="")
    with incoming_feed(shop.folder, request) as incoming:
        if incoming.unchanged:
            return incoming.report()
        return _import(shop, incoming, request, progress, chunk_rows)


def _import(
    shop: OpenShop, incoming: Incoming, request: ImportShoppersRequest, progress: Progress, chunk_rows: int
) -> ImportReport:
    started = time.perf_counter()
    file = incoming.sources[0]
    is_json = file.head.lstrip("\ufeff \t\r\n").startswith(("{", "["))
    report = ImportReport(source=file.name, format="jsonl" if is_json else "csv")
    said_ms = min(int(file.path.stat().st_mtime * 1000), now_ms())
    task = f"importing {file.name}"
    with RejectLists(shop.folder, file.name, report, who=True) as lists:

        def reject(found: Problem) -> None:
            report.rejected += 1
            lists.reject(found)

        reading = Reading(file, reject, dict(request.columns or {}))
        told: list[Telling] = []
        progress(task, 0, file.size)
        for place, fields in _json(reading) if is_json else _table(reading):
            telling = _telling(reading, place, fields, said_ms)
            if telling is not None:
                told.append(telling)
            if len(told) >= chunk_rows:
                _save(shop, told, report)
                told.clear()
                progress(task, file.done, file.size, f"{report.added + report.updated:,} shoppers saved")
        _save(shop, told, report)
        progress(task, file.size, file.size, f"{report.added + report.updated:,} shoppers saved")
        report.unused_columns = reading.unused_columns
        if said := file.detected.said():
            report.notes.append(f"{file.name} was {said}. If it is another encoding, name it with --encoding.")
        if file.note:
            report.notes.append(file.note)
        if reading.cut_short:
            incoming.incomplete = True
            report.notes.append(f"{file.name} breaks before its end: what came before was taken.")
        report.nobody.update(reading.nobody)
    shop.consented()
    report.read = report.added + report.updated + report.rejected
    report.seconds = time.perf_counter() - started
    return report


def _save(shop: OpenShop, told: list[Telling], report: ImportReport) -> None:
    kept = shop.folder.store.traits.tell(told, now_ms=now_ms())
    report.added += sum(one.new for one in kept)
    report.updated += sum(not one.new for one in kept)


def _telling(reading: Reading, place: str, fields: Mapping[str, Any], said_ms: int) -> Telling | None:
    """What a row tells; None where it was refused."""
    given = {name: value for name, value in fields.items() if name not in _PURPOSES and name != "shopper"}
    consent = {name: value for name, value in fields.items() if name in _PURPOSES}
    if consent:
        given["consent"] = consent
    who = fields.get("shopper")
    if who is None:
        reading.refuse("who_missing", place, "", field="shopper")
        return None
    if isinstance(who, str) and names_nobody(who):
        reading.nobody[who] += 1
        reading.refuse("who_nobody", place, who, field="shopper")
        return None
    try:
        name = _Named.model_validate({"shopper": who}).shopper
        traits = Traits.model_validate(given)
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in found["loc"]).removeprefix("consent.")
        reading.refuse(
            "traits_invalid", place, f"{shown(found['input'])}: {plain_fault(found)}", field=field, who=[who]
        )
        return None
    return Telling(name, traits, said_ms, f"import of {reading.source.name}")


def _json(reading: Reading) -> Iterator[tuple[str, dict[str, Any]]]:
    """Objects as they stand; null clears, as over HTTP."""
    renamed = {column: field for field, column in reading.columns.items()}
    for place, row in json_rows(reading):
        yield place, {renamed.get(key) or _field(key) or key: value for key, value in row.items()}


def _table(reading: Reading) -> Iterator[tuple[str, dict[str, Any]]]:
    """Cells that say something. Raises `FormatUnknown`, `ColumnMissing` and `MappingInvalid` before the first row."""
    name, head = reading.source.name, reading.source.head
    if sniff_delimiter(head) is None:
        raise FormatUnknown(
            f"The first line of {name} holds no comma, tab, semicolon or bar.",
            allowed="Shoppers come as a table with a line of column names, or as JSON lines.",
            next_step="Check that this is the file with the shoppers.",
        )
    with reading.source.open_text() as stream:
        rows = read_rows(stream, name, head)
        header = next(rows)
        assert isinstance(header, list)
        fields = _columns(header, reading)
        for row in rows:
            if isinstance(row, Broken):
                reading.refuse_text(row.rule, row.line, row.text, seen=row.seen)
            elif isinstance(row, Row):
                if row.short:
                    who = [cell for column, cell in row.cells.items() if fields.get(column) == "shopper"]
                    reading.refuse("columns_short", row.line, " ".join(row.cells.values()), who=who)
                    continue
                said = {fields[column]: cell.strip() for column, cell in row.cells.items() if column in fields}
                said = {field: cell for field, cell in said.items() if field == "shopper" or not says_nothing(cell)}
                words = {field: _WORDS.get(cell.casefold(), cell) for field, cell in said.items() if field in _PURPOSES}
                yield str(row.line), {**said, **words} | ({} if said.get("shopper") else {"shopper": None})


def _columns(header: list[str], reading: Reading) -> dict[str, str]:
    """Column to field; the first column of a field is taken."""
    found: dict[str, str] = {}
    for field, column in reading.columns.items():
        if field not in COLUMNS or column not in header:
            raise MappingInvalid(
                f"--map says {field}={column}.",
                allowed=f"Fields are: {', '.join(COLUMNS)}. Columns of {reading.source.name} are: {', '.join(header)}.",
                next_step="Write field=column.",
            )
        found[column] = field
    for column in header:
        known = _field(column)
        if column not in found and known is not None and known not in found.values():
            found[column] = known
    if "shopper" not in found.values():
        raise ColumnMissing(
            f"{reading.source.name} has no column that says who; its columns are: {', '.join(header)}.",
            allowed=f"Such a column is called {', '.join(_WHO)}.",
            next_step="Rename one in the header, or name it: --map shopper=COLUMN.",
        )
    reading.unused_columns = [column for column in header if column not in found]
    return found


def _field(column: str) -> str | None:
    plain = column.strip().casefold().replace(" ", "_").replace("-", "_")
    plain = _ALSO.get(plain, plain)
    return plain if plain in COLUMNS or plain == "consent" else None
