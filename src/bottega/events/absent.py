"""What an event does not say, though its cell is filled: words for nothing, and ids that name nobody.

They are taken out before any rule is asked, in imports and posts alike. An id of a shopper, device, session or event
that names nobody is counted: of two strangers called "undefined" it would make one shopper, shown what the other
bought, and of two events with the id 0 one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bottega.events.row_rules import NAMING, WHO
from bottega.names import id_text
from bottega.placeholders import names_nobody, says_nothing

if TYPE_CHECKING:
    import polars as pl

__all__ = ["WAS", "nobody_in", "without_absent", "without_absent_cells"]

WAS = "was_"
"""Prefix of the column that keeps what stood where a cell was emptied."""
_SAID = frozenset({"query"})
"""Fields whose words are a shopper's own: somebody may search for "null"."""
_SUSPECT = r"^[^2-9]*$|^\s*[{\[(<$%]|(?i:undefined|null|nan)"
"""Texts that need a closer look; the others hold a digit that no word for nothing has."""


def without_absent(row: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The fields of one event that say something, and the ids in it that name nobody or nothing."""
    said: dict[str, Any] = {}
    nobody: list[str] = []
    for field, value in row.items():
        text = id_text(value) if field in NAMING else value
        if isinstance(text, str) and field in NAMING and names_nobody(text):
            if text.strip():
                nobody.append(text)
        elif not (isinstance(text, str) and (says_nothing(text) if field not in _SAID else not text.strip())):
            said[field] = value
    return said, nobody


def nobody_in(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The ids of a shopper, a device or a session in it that name nobody, each with its field."""
    texts = ((field, id_text(row.get(field))) for field in WHO)
    return [(field, text) for field, text in texts if isinstance(text, str) and text.strip() and names_nobody(text)]


def without_absent_cells(rows: pl.DataFrame, fields: tuple[str, ...]) -> tuple[pl.DataFrame, Counter[str]]:
    """The same for many: the columns `fields` of stripped text with null for nothing, and the ids that name nobody.

    What stood in an emptied cell is in the column of the same name after `WAS`.
    """
    import polars as pl

    nobody: Counter[str] = Counter()
    for field in fields:
        if field in _SAID:
            continue
        column = rows[field]
        empty = names_nobody if field in NAMING else says_nothing
        suspects = column.filter(column.str.contains(_SUSPECT)).value_counts()
        counts = {text: count for text, count in suspects.iter_rows() if empty(text)}
        if not counts:
            continue
        if field in NAMING:
            nobody.update(counts)
        gone = pl.col(field).is_in(list(counts)).fill_null(False)
        rows = rows.with_columns(
            pl.when(gone).then(None).otherwise(pl.col(field)).alias(field),
            pl.when(gone).then(pl.col(field)).alias(f"{WAS}{field}"),
        )
    return rows, nobody
