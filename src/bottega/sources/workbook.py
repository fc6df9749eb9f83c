"""Workbooks (Excel, OpenDocument): the sheet that is a table, as the text of a CSV. A workbook is held in memory."""

from __future__ import annotations

import csv
import io
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from bottega.errors import SourceUnreadable
from bottega.sources.source import Source

if TYPE_CHECKING:
    import polars as pl

__all__ = ["WORKBOOK_SUFFIXES", "is_old_workbook", "sheet_source"]

_COLUMNS_LEAST = 3
WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def is_old_workbook(head: bytes) -> bool:
    """Whether a file that begins so is of Excel 97 to 2003, or one with a password."""
    return head.startswith(_OLE)


def sheet_source(path: Path, *, name: str | None = None) -> Source:
    """The first visible sheet with a table in it, and those with the same header. Raises `SourceUnreadable`.

    What stands above the header (a title, empty rows) is left out; the lines of the text are the rows of the sheet.
    """
    import fastexcel

    try:
        reader = fastexcel.read_excel(path)
        tables = {}
        for title in reader.sheet_names:
            sheet = reader.load_sheet(title, header_row=None, dtypes="string")
            if sheet.visible == "visible" and (rows := sheet.to_polars()).width >= 2 and rows.height >= 2:
                tables[title] = rows
    except fastexcel.FastExcelError as error:
        reason = str(error).split("\n", 1)[0]
        raise SourceUnreadable(
            f"{path} is no workbook that can be read: {reason}.",
            allowed=f"Workbooks end in {', '.join(WORKBOOK_SUFFIXES)} and have no password.",
            next_step="Save it again, or save the sheet as CSV.",
        ) from error
    if not tables:
        raise SourceUnreadable(
            f"{path} holds no sheet with a table.",
            allowed="A table has a row of column names and a row below it.",
            next_step="Check that this is the export.",
        )
    # A sheet of two columns beside a wider one explains it.
    wide = {title: rows for title, rows in tables.items() if rows.width >= _COLUMNS_LEAST}
    first = next(iter(wide or tables))
    header = _header(tables[first])
    same = [title for title in tables if title != first and header and _header(tables[title]) == header]
    others = [title for title in tables if title not in (first, *same)]
    content, starts = _text([tables[first], *(tables[title] for title in same)])
    source = Source(path, name=name, opener=lambda: io.BytesIO(content), size=len(content), encoding="utf-8")
    source.starts = starts
    source.note = f"The sheet {first} was read." if not same else f"The sheets {', '.join([first, *same])} were read."
    if others:
        source.note += f" Left alone: {', '.join(others)}."
    return source


def _header(rows: pl.DataFrame) -> list[str]:
    """The first row of a sheet in which two cells are filled."""
    for row in rows.iter_rows():
        cells = [(cell or "").strip() for cell in row]
        if sum(map(bool, cells)) >= 2:
            while not cells[-1]:
                cells.pop()
            return cells
    return []


def _text(sheets: list[pl.DataFrame]) -> tuple[bytes, list[int]]:
    """CSV of the rows of these sheets, one below the other, and the line that each row starts on."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    starts: list[int] = []
    line = 1
    header_seen = False
    width = max(rows.width for rows in sheets)
    for row in chain.from_iterable(rows.iter_rows() for rows in sheets):
        cells = [cell or "" for cell in row] + [""] * (width - len(row))
        filled = sum(1 for cell in cells if cell.strip())
        header_seen = header_seen or filled >= 2
        starts.append(line)
        if not header_seen or not filled:
            stream.write("\n")
            line += 1
            continue
        writer.writerow(cells)
        line += 1 + sum(cell.replace("\r\n", "\n").count("\n") + cell.replace("\r\n", "").count("\r") for cell in cells)
    return stream.getvalue().encode("utf-8", errors="replace"), starts
