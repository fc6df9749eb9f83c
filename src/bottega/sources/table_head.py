"""The line of a text that names its columns, and what separates them.

Above it may stand comments ("# Required | ..."), "sep=;", a title, and names of groups, each over several columns.
"""

from __future__ import annotations

import csv
import re

from bottega.sources.columns import name_of

__all__ = ["header_of", "is_separator_line", "lines_and_start", "quote_of", "sniff_delimiter", "unique_names"]

_DELIMITERS = ("\t", ";", "|", ",", "^", "~")
_LINE = re.compile(r"\r\n|\n|\r")
_COMMENT = re.compile(r'\s*"?#(?:#|\s+\S)')
_NAMES_LEAST = 3
"""Cells that a header has at least, for what stands above it to be a title."""


def sniff_delimiter(head: str) -> str | None:
    """The delimiter of the header: the commonest of tab ; | , outside quotes. None when it has none."""
    lines, start = lines_and_start(head)
    for line in lines[:start]:
        if (said := is_separator_line(line)) is not None:
            return said
    bare = "".join((lines[start] if start < len(lines) else "").split('"')[0::2])
    counts = {mark: bare.count(mark) for mark in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda mark: counts[mark])
    return best if counts[best] else None


def header_of(head: str) -> list[str]:
    """Column names in the first line of a text that holds some, made unique; empty when it is no table."""
    delimiter = sniff_delimiter(head)
    lines, start = lines_and_start(head)
    rest = (line for line in lines[start:] if line.strip())
    try:
        line = lines[start] if start < len(lines) else ""
        first = next(csv.reader(rest, delimiter=delimiter, quotechar=quote_of(line, delimiter))) if delimiter else []
    except (csv.Error, StopIteration):
        return []
    return unique_names(first)


def lines_and_start(head: str) -> tuple[list[str], int]:
    """The lines of a beginning, and which of them is the header: comments ("# Required | ..."), "sep=;" and a title
    stand above it."""
    lines = _LINE.split(head.removeprefix("\ufeff"))
    for place, line in enumerate(lines):
        if not line.strip() or is_separator_line(line) is not None or _COMMENT.match(line):
            continue
        # A title has one cell filled, where a line soon after has several.
        if _filled(line) <= 1 and any(_filled(later) >= _NAMES_LEAST for later in lines[place + 1 : place + 4]):
            continue
        following = next((i for i in range(place + 1, min(place + 4, len(lines))) if lines[i].strip()), None)
        if following is not None and _names_groups(line, *lines[following : following + 3]):
            return lines, following
        return lines, place
    return lines, 0


def _names_groups(line: str, names: str = "", *rows: str) -> bool:
    """Whether a line names groups of the columns that the next one names: it has gaps where that one has none, and no
    digit stands among those names, as one does in the rows."""
    groups, below = _cells(line), _cells(names)
    gaps = [place for place, cell in enumerate(groups) if not cell and place < len(below) and below[place]]
    return (
        len(gaps) >= 2 - (len(below) < 4)
        and bool(groups[0])
        and len(below) >= len(groups)
        and all(below)
        and len(set(below)) == len(below)
        and not any(mark.isdigit() for mark in names)
        and all(any(mark.isdigit() for mark in row) for row in rows if row.strip())
        and any(row.strip() for row in rows)
    )


def _cells(line: str) -> list[str]:
    delimiter = max(_DELIMITERS, key=line.count)
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []


def quote_of(line: str, delimiter: str) -> str:
    """The quote of a table whose header stands in quotes: a single one where all of its names do.

    >>> quote_of("'id','title'", ","), quote_of('id,"title"', ",")
    ("'", '"')
    """
    cells = [cell.strip() for cell in line.split(delimiter)]
    return "'" if all(len(cell) > 2 and cell[0] == cell[-1] == "'" for cell in cells) else '"'


def _filled(line: str) -> int:
    """How many cells of a line are filled, whatever separates them."""
    bare = re.sub(r'"[^"]*"', "x", line)
    return max(sum(bool(cell.strip()) for cell in bare.split(mark)) for mark in _DELIMITERS)


def is_separator_line(line: str) -> str | None:
    """The delimiter of a first line as Excel writes it: sep=;"""
    plain = line.strip().lstrip("\ufeff").strip('"').lower()
    return plain[4] if len(plain) == 5 and plain.startswith("sep=") and plain[4] in _DELIMITERS else None


def unique_names(names: list[str]) -> list[str]:
    """Names stripped of blanks and quotes; a repeated or missing one gets its place's number."""
    seen: set[str] = set()
    unique = []
    for place, name in enumerate(names, start=1):
        stripped = name.strip().lstrip("\ufeff") or f"column {place}"
        if stripped in seen:
            stripped = f"{stripped} ({place})"
        seen.add(stripped)
        unique.append(stripped)
    while unique and unique[-1] == f"column {len(unique)}":
        unique.pop()
    return unique if any(name_of(name) for name in unique) else []
