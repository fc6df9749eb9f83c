"""How a report writes its figures: one way for every door, in English."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from bottega.actions.reports.links import PAGES
from bottega.actions.reports.shapes import Form, ReportColumn, ReportRow, ReportSection
from bottega.currencies import exponent
from bottega.experiments.weeks import Apart

__all__ = ["column", "counted", "money", "page", "row", "section", "versus", "written"]

Cell = str | int | float | None


def page(where: str, /, **asked: str | int) -> str:
    """A page of the console, perhaps about one thing."""
    return PAGES[where] + (f"?{urlencode(asked)}" if asked else "")


def column(name: str, label: str, form: Form = "text") -> ReportColumn:
    return ReportColumn(name=name, label=label, form=form)


def row(link: str, *cells: Cell) -> ReportRow:
    return ReportRow(cells=list(cells), link=link)


def section(
    name: str,
    title: str,
    columns: Sequence[ReportColumn],
    rows: Sequence[ReportRow],
    *,
    link: str,
    words: Sequence[str] = (),
    empty: str = "",
    note: str = "",
) -> ReportSection:
    return ReportSection(
        name=name,
        title=title,
        words=[one for one in words if one],
        columns=list(columns),
        rows=list(rows),
        link=link,
        empty=empty,
        note=note,
    )


def counted(count: int, one: str, many: str = "") -> str:
    """A number with its noun.

    >>> counted(1, "job"), counted(1200, "query", "queries")
    ('1 job', '1,200 queries')
    """
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def money(amount: float, currency: str) -> str:
    """Major units, with the decimals of the currency.

    >>> money(1234.5, "EUR"), money(1200, "JPY")
    ('1,234.50 EUR', '1,200 JPY')
    """
    return f"{amount:,.{exponent(currency)}f} {currency}"


def written(value: Cell, form: Form, currency: str) -> str:
    """One cell as people read it.

    >>> written(0.123, "share", "EUR"), written(-0.05, "change", "EUR"), written(None, "count", "EUR")
    ('12.3%', '-5.0%', '')
    """
    if value is None or isinstance(value, str):
        return value or ""
    if form == "money":
        return money(value, currency)
    if form == "share":
        return f"{value:.1%}"
    if form == "change":
        return f"{value:+.1%}"
    if form == "days":
        return f"{value:,.1f}"
    return f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"


def versus(two: Apart) -> str:
    """A week beside the one before, in words.

    >>> versus(Apart(150, 100, 20, 60))
    '50% more than the week before: more than chance'
    >>> versus(Apart(105, 100, 20, 60))
    '5% more than the week before, which may be chance'
    >>> versus(Apart(3, 1, 3, 4))
    'too few shoppers to compare with the week before'
    """
    if not two.this and not two.before:
        return "none in either week"
    if two.sure is None:
        return "too few shoppers to compare with the week before"
    if two.change is None:
        return "none the week before"
    share = f"{abs(two.change):.0%}"
    said = "as much as" if share == "0%" else f"{share} {'more' if two.change > 0 else 'less'} than"
    return f"{said} the week before" + (": more than chance" if two.sure else ", which may be chance")
