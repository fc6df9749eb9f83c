"""What shoppers searched for: in vain, and otherwise; what a query finds, and what its shoppers went on to."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from bottega.actions.rules.list_rules import list_rules
from bottega.actions.rules.shapes import RulesRequest
from bottega.actions.search.report import search_report
from bottega.actions.search.report_shapes import SearchReport, SearchReportRequest
from bottega.actions.search.shapes import SearchRequest
from bottega.actions.search.words import search_text
from bottega.names import Role
from bottega.serving.console.frame import Page, made_of, visit_of
from bottega.serving.console.steering.previewing import products_named
from bottega.serving.console.steering.rule_words import MATCHES
from bottega.shop.rules.rule import RuleKind

__all__ = ["PAGES", "router"]

router = APIRouter(include_in_schema=False)
PAGE = Page("/console/searches", "Searches", group="Steer", role=Role.READ)
QUERY = Page("/console/searches/query", "One search", group="Steer", role=Role.READ, under="/console/searches")
PAGES = (PAGE, QUERY)
VIEWS = {"all": "All", "nothing_found": "Find nothing", "not_clicked": "Not followed"}
SPANS = ((7, "7 days"), (28, "4 weeks"), (91, "13 weeks"), (366, "a year"))
CSV = ("query", "shoppers", "searches", "followed", "found", "close", "sent to", "went on to")
FOUND_SHOWN = 8


@router.get("/console/searches")
async def show(request: Request) -> Response:
    """The queries of most shoppers; those that find nothing, and those that nobody followed, by themselves."""
    visit = await visit_of(request, PAGE.role)
    asked = made_of(SearchReportRequest, request.query_params, "show", "days", "least")
    report: SearchReport = await visit.ask(search_report, asked)
    names = [one.product_id for row in report.queries for one in row.clicked[:1]]
    titles = {name: one.title for name, one in (await products_named(visit, names)).items()}
    if visit.wants_csv:
        rows = [
            (one.query, one.shoppers, one.searches, one.followed, one.total, one.close, one.url or "",
             ", ".join(each.product_id for each in one.clicked))
            for one in report.queries
        ]  # fmt: skip
        return visit.csv("searches", CSV, rows)
    listed = await visit.ask(list_rules, RulesRequest(n=1000))
    return visit.page(
        "searches.html",
        PAGE,
        report=report,
        asked=asked,
        views=VIEWS,
        spans=SPANS,
        titles=titles,
        redirects=[one for one in listed.rules if one.rule.kind is RuleKind.REDIRECT],
        matches=MATCHES,
    )


@router.get("/console/searches/query")
async def one_query(request: Request) -> Response:
    """What a query finds now, and what its shoppers went on to."""
    visit, text = await visit_of(request, QUERY.role), request.query_params.get("q", "").strip()
    if not text:
        return visit.page("search_query.html", QUERY, text="", report=None, row=None, found=None, products={})
    report = await visit.ask(
        search_report, made_of(SearchReportRequest, {"query": text, "days": "366"}, "query", "days")
    )
    found = await visit.ask(search_text, made_of(SearchRequest, {"text": text, "n": str(FOUND_SHOWN)}, "text", "n"))
    row = next(iter(report.queries), None)
    names = [one.product_id for one in found.items] + [one.product_id for one in (row.clicked if row else ())]
    return visit.page(
        "search_query.html",
        QUERY,
        text=text,
        report=report,
        row=row,
        found=found,
        products=await products_named(visit, names),
    )
