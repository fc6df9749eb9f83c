"""The files of a report: below the shop's `reports/week-2026-11-23/`, each whole or not at all, `week.json` the last.

report.html    for people, as one file
mail.html      the same for mail programs; mail.txt as plain text
csv.zip        every section's rows as CSV, UTF-8 with a mark at the front, as spreadsheets like it
parquet.zip    the same as Parquet, with types
week.json      everything, as the answer of the API
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath

import polars as pl

from bottega.actions.reports.render import as_file, as_mail, as_text
from bottega.actions.reports.shapes import Form, ReportSection, WeekReport
from bottega.errors import ReportUnknown
from bottega.shop.files import REPORTS
from bottega.shop.folder import ShopFolder

__all__ = ["MEDIA_TYPES", "folder_of", "kept_report", "kept_weeks", "put_report", "report_file", "tables_of"]

MEDIA_TYPES = {
    "report.html": "text/html; charset=utf-8",
    "mail.html": "text/html; charset=utf-8",
    "mail.txt": "text/plain; charset=utf-8",
    "csv.zip": "application/zip",
    "parquet.zip": "application/zip",
    "week.json": "application/json",
}
_LAST = "week.json"
_NAME = re.compile(r"\d{4}-\d{2}-\d{2}")
_TYPES: Mapping[Form, type[pl.DataType]] = {
    "text": pl.String,
    "count": pl.Int64,
    "figure": pl.Float64,
    "money": pl.Float64,
    "share": pl.Float64,
    "change": pl.Float64,
    "days": pl.Float64,
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula at the front of a text."""


def folder_of(week: str) -> str:
    """Where the files of a week lie, in the shop's folder."""
    return f"{REPORTS}/week-{week}"


def put_report(shop: ShopFolder, report: WeekReport, base: str) -> list[str]:
    """Write all files of a report, in the place of an earlier one of the week; returns their names.

    Raises `DiskFull`, `FilesUnavailable`, and `InputError` where the disk refuses it.
    """
    tables = tables_of(report)
    files = {
        "report.html": as_file(report, base).encode(),
        "mail.html": as_mail(report, base).encode(),
        "mail.txt": as_text(report, base).encode(),
        "csv.zip": _zipped({f"{name}.csv": _csv(table) for name, table in tables.items()}),
        "parquet.zip": _zipped({f"{name}.parquet": _parquet(table) for name, table in tables.items()}),
        _LAST: report.model_dump_json(indent=1).encode(),
    }
    for name, content in files.items():
        shop.files.write(f"{folder_of(report.week)}/{name}", content)
    return list(files)


def tables_of(report: WeekReport) -> dict[str, pl.DataFrame]:
    """Every section's rows, by its name, with the page of the console as the last column; what to do first, too."""
    steps = pl.DataFrame(
        {"what": [one.words for one in report.next_steps], "console": [one.link for one in report.next_steps]},
        schema={"what": pl.String, "console": pl.String},
    )
    return {"next_steps": steps, **{one.name: _table(one) for one in report.sections}}


def kept_weeks(shop: ShopFolder) -> list[str]:
    """The weeks of which a report is kept, the newest first."""
    paths = [PurePosixPath(name) for name in shop.files.names(REPORTS)]
    weeks = {path.parent.name.removeprefix("week-") for path in paths if path.name == _LAST}
    return sorted((one for one in weeks if _NAME.fullmatch(one)), reverse=True)


def kept_report(shop: ShopFolder, week: str) -> WeekReport:
    """The report of a week. Raises `ReportUnknown`, `FilesUnavailable`."""
    return WeekReport.model_validate_json(report_file(shop, week, _LAST))


def report_file(shop: ShopFolder, week: str, file: str) -> bytes:
    """The content of one of its files. Raises `ReportUnknown`, `FilesUnavailable`."""
    told = _NAME.fullmatch(week) and file in MEDIA_TYPES
    content = shop.files.read(f"{folder_of(week)}/{file}") if told else None
    if content is None:
        raise ReportUnknown(
            f"There is no {file[:40]!r} of a report of the week {week[:40]!r}.",
            allowed=f"A report is named by its first day, as in 2026-11-23, and has {', '.join(MEDIA_TYPES)}.",
            next_step="`bottega report list` and GET /v1/reports list them.",
        )
    return content


def _table(one: ReportSection) -> pl.DataFrame:
    columns = {
        column.name: pl.Series([row.cells[place] for row in one.rows], dtype=_TYPES[column.form], strict=False)
        for place, column in enumerate(one.columns)
    }
    return pl.DataFrame({**columns, "console": pl.Series([row.link for row in one.rows], dtype=pl.String)})


def _csv(table: pl.DataFrame) -> bytes:
    texts = pl.col(pl.String)
    safe = pl.when(texts.str.slice(0, 1).is_in(_FORMULA)).then("'" + texts).otherwise(texts)
    return table.with_columns(safe.name.keep()).write_csv(include_bom=True).encode()


def _parquet(table: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    table.write_parquet(out)
    return out.getvalue()


def _zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
