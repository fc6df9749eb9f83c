"""A report as one HTML file, as HTML that mail programs show, and as plain text. No script, no picture from elsewhere.

Every row is a line with its main figure at the right and the others small below it, so that it reads alike on a phone,
in a mail program and on paper. The file differs from the mail by a chart and by what needs a style sheet: a dark page.
"""

from __future__ import annotations

from html import escape
from textwrap import fill

from bottega.actions.reports.saying import money, written
from bottega.actions.reports.shapes import ReportRow, ReportSection, WeekReport

__all__ = ["as_file", "as_mail", "as_text", "subject"]

_FONT = "font-family: system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif"
_BODY = f"margin: 0; padding: 16px; background: #ffffff; color: #1c1e21; {_FONT}; font-size: 16px; line-height: 1.45"
_PAGE = "max-width: 640px; margin: 0 auto"
_H1 = "font-size: 24px; line-height: 1.25; margin: 8px 0 4px"
_H2 = "font-size: 18px; line-height: 1.3; margin: 32px 0 4px; padding-top: 12px; border-top: 2px solid #d5d9de"
_SMALL = "font-size: 14px; color: #555b63"
_TABLE = "width: 100%; border-collapse: collapse"
_CELL = "padding: 8px 0; vertical-align: top; border-bottom: 1px solid #e4e7eb; overflow-wrap: anywhere"
_FIGURE = f"{_CELL}; padding-left: 12px; text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums"
_LINK = "color: #0b57d0"
_DARK = """
:root { color-scheme: light dark }
@media (prefers-color-scheme: dark) {
  body { background: #16181b !important; color: #e6e8eb !important }
  h2, td { border-color: #3a3f46 !important }
  small, .small, p.small { color: #b3bac3 !important }
  a { color: #8ab4f8 !important }
  .this { fill: #8ab4f8 } .before { fill: #59616b } .word { fill: #b3bac3 }
}
@media print { body { padding: 0 !important } }
"""
_WIDE, _HIGH = 640, 150
_TEXT_WIDE = 78


def subject(report: WeekReport) -> str:
    """What a mail is called."""
    return f"{report.shop}: the week from {report.since[:10]}"


def as_text(report: WeekReport, base: str) -> str:
    """Plain text. `base`: address of the server, before each page of the console; may be empty."""
    parts = [f"{report.shop}\n{_when(report)}"]
    parts.append("\n".join(fill(one, _TEXT_WIDE) for one in report.headlines))
    if report.next_steps:
        steps = (
            f"{_wrapped(one.words, f'{place}. ')}\n   {base}{one.link}"
            for place, one in enumerate(report.next_steps, start=1)
        )
        parts.append("\n".join(["WHAT TO DO FIRST", *steps]))
    for one in report.sections:
        lines = [one.title.upper(), *(fill(words, _TEXT_WIDE) for words in one.words)]
        lines += [line for row in one.rows for line in _text_row(one, row, report.currency)]
        lines += [fill(one.empty, _TEXT_WIDE)] if one.empty and not one.rows else []
        lines += [fill(one.note, _TEXT_WIDE)] if one.note else []
        parts.append("\n".join([*lines, f"  {base}{one.link}"]))
    return "\n\n".join([*parts, f"-- \n{fill(_end(report), _TEXT_WIDE)}"]) + "\n"


def as_mail(report: WeekReport, base: str) -> str:
    """HTML for mail programs: styles in the lines alone."""
    return _html(report, base, style="", chart="")


def as_file(report: WeekReport, base: str) -> str:
    """HTML as a file that needs nothing else, with the days as a chart."""
    return _html(report, base, style=f"<style>{_DARK}</style>", chart=_chart(report))


def _html(report: WeekReport, base: str, *, style: str, chart: str) -> str:
    title = escape(subject(report))
    parts = [
        f'<h1 style="{_H1}">{escape(report.shop)}</h1>',
        f'<p class="small" style="{_SMALL}; margin: 0 0 16px">{_when(report)}</p>',
        *(f'<p style="margin: 8px 0">{escape(one)}</p>' for one in report.headlines),
        chart,
    ]
    if report.next_steps:
        steps = "".join(
            f'<li style="margin: 8px 0">{escape(one.words)} {_anchor("Do it", base, one.link)}</li>'
            for one in report.next_steps
        )
        parts.append(f'<h2 style="{_H2}">What to do first</h2><ol style="padding-left: 24px; margin: 0">{steps}</ol>')
    parts += [_section(one, base, report.currency) for one in report.sections]
    parts.append(f'<p class="small" style="{_SMALL}; margin-top: 32px">{escape(_end(report))}</p>')
    return (
        '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title>{style}</head>\n"
        f'<body style="{_BODY}">\n<div style="{_PAGE}">\n{chr(10).join(one for one in parts if one)}\n</div>\n'
        "</body>\n</html>\n"
    )


def _section(one: ReportSection, base: str, currency: str) -> str:
    rows = "\n".join(_row(one, row, base, currency) for row in one.rows)
    table = f'<table role="presentation" style="{_TABLE}">\n{rows}\n</table>' if rows else ""
    said = [*one.words, *([one.empty] if one.empty and not rows else [])]
    return "\n".join(
        [
            f'<h2 style="{_H2}">{escape(one.title)}</h2>',
            *(f'<p style="margin: 4px 0">{escape(words)}</p>' for words in said),
            table,
            f'<p class="small" style="{_SMALL}; margin: 8px 0">{escape(one.note)} '
            f"{_anchor('Open in the console', base, one.link)}</p>",
        ]
    )


def _row(one: ReportSection, row: ReportRow, base: str, currency: str) -> str:
    main, small = _parted(one, row, currency)
    below = f'<br><small style="{_SMALL}">{escape(small)}</small>' if small else ""
    first = f'<td style="{_CELL}">{_anchor(str(row.cells[0]), base, row.link)}{below}</td>'
    return f'<tr>{first}<td style="{_FIGURE}"><strong>{escape(main)}</strong></td></tr>'


def _text_row(one: ReportSection, row: ReportRow, currency: str) -> list[str]:
    main, small = _parted(one, row, currency)
    first = str(row.cells[0])
    if len(first) + len(main) < _TEXT_WIDE - 2:
        lines = [f"{first}{main.rjust(_TEXT_WIDE - len(first))}" if main else first]
    else:
        lines = [fill(first, _TEXT_WIDE), *([main.rjust(_TEXT_WIDE)] if main else [])]
    return [*lines, *([_wrapped(small, "  ")] if small else [])]


def _parted(one: ReportSection, row: ReportRow, currency: str) -> tuple[str, str]:
    """The first figure of a row, and everything else that it says."""
    main, small = "", []
    for column, cell in list(zip(one.columns, row.cells, strict=True))[1:]:
        said = written(cell, column.form, currency)
        if not said or (column.form == "change" and any(one.name == "says" for one in one.columns)):
            continue
        if column.form == "text":
            small.append(f"{column.label}: {said}" if column.label else said)
        elif not main:
            main = said if column.form in ("money", "figure") else f"{said} {_noun(column.label, cell)}"
        elif column.form in ("money", "figure", "change"):
            small.append(f"{column.label} {said}")
        else:
            small.append(f"{said} {_noun(column.label, cell)}")
    return main, " · ".join(small)


def _noun(label: str, count: object) -> str:
    return label.removesuffix("s") if count == 1 else label


def _chart(report: WeekReport) -> str:
    """Two bars a day: this week, and the same weekday of the week before."""
    days = next((one for one in report.sections if one.name == "days"), None)
    if days is None:
        return ""
    columns = [one.name for one in days.columns]
    this, before = (_values(days, columns.index(name)) for name in ("revenue", "revenue_before"))
    most = max([*this, *before])
    if most <= 0:
        return ""
    wide, high = _WIDE / len(days.rows), _HIGH - 34
    bars = []
    for place, row in enumerate(days.rows):
        left = place * wide
        for kind, value, at in (("before", before[place], 0.16), ("this", this[place], 0.5)):
            tall = high * value / most
            bars.append(
                f'<rect class="{kind}" x="{left + at * wide:.1f}" y="{16 + high - tall:.1f}" width="{0.32 * wide:.1f}" '
                f'height="{max(tall, 0):.1f}" fill="{"#0b57d0" if kind == "this" else "#b6bec9"}"/>'
            )
        bars.append(
            f'<text class="word" x="{left + wide / 2:.1f}" y="{_HIGH - 4}" text-anchor="middle" font-size="13" '
            f'fill="#555b63">{escape(str(row.cells[0])[:3])}</text>'
        )
    told = f"Revenue by day, up to {money(most, report.currency)}; grey: a week before"
    return (
        f'<svg role="img" aria-label="{escape(told)}" viewBox="0 0 {_WIDE} {_HIGH}" width="100%" '
        f'style="margin-top: 16px">{"".join(bars)}<text class="word" x="0" y="12" font-size="13" fill="#555b63">'
        f"{escape(told)}</text></svg>"
    )


def _values(days: ReportSection, place: int) -> list[float]:
    return [float(row.cells[place] or 0) for row in days.rows]


def _anchor(words: str, base: str, link: str) -> str:
    return f'<a href="{escape(base + link)}" style="{_LINK}">{escape(words)}</a>'


def _wrapped(words: str, before: str) -> str:
    return fill(words, _TEXT_WIDE, initial_indent=before, subsequent_indent=" " * len(before))


def _when(report: WeekReport) -> str:
    return f"The week from {report.since[:10]} to {report.last_day}"


def _end(report: WeekReport) -> str:
    return (
        f"Made {report.made[:16].replace('T', ' ')} UTC by Bottega, from {report.since} up to {report.until}. The "
        "files beside it hold every row as CSV and Parquet."
    )
