"""The page of a check: one HTML document without scripts, that can be mailed or opened from a disk as well."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, Template, select_autoescape

from bottega.actions.check.shapes import CheckReport, FieldShare

__all__ = ["check_html"]


def check_html(report: CheckReport) -> str:
    """The report as a document; everything that came from a feed is escaped."""
    whole = [share for share in report.coverage if not share.category]
    by_category: dict[str, list[FieldShare]] = {}
    for share in report.coverage:
        if share.category:
            by_category.setdefault(share.category, []).append(share)
    return _template().render(report=report, whole=whole, by_category=by_category)


@cache
def _template() -> Template:
    found = Environment(
        loader=PackageLoader("bottega.serving.pages"),
        autoescape=select_autoescape(),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["number"] = lambda value: f"{value:,}"
    found.filters["percent"] = lambda share: f"{share.having / share.products:.0%}" if share.products else ""
    return found.get_template("check.html")
