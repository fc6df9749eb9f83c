"""The first page: what needs attention, how the shop is, and what its lists earned this week.

It waits for nothing that takes long to count: it shows what was counted last, with its moment, and asks for itself once
more (`?wait=true`) where that is old or missing.
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from bottega.actions.merchant.overview import overview
from bottega.actions.merchant.overview_shapes import AttentionKind, Overview, OverviewRequest
from bottega.serving.console.frame import Page, made_of, visit_of
from bottega.shop.slow_counts import is_old

__all__ = ["PAGES", "WHERE", "router"]

router = APIRouter(include_in_schema=False)
PAGE = Page("/console", "Home")
PAGES = (PAGE,)
WHERE: dict[AttentionKind, str] = {
    "broken_feeds": "/console/feeds",
    "unready_feeds": "/console/feeds",
    "failed_jobs": "/console/jobs?state=failed",
    "put_off_jobs": "/console/jobs?state=waiting",
    "talks_waiting": "/console/talks",
    "old_model": "/console/models",
    "no_model": "/console/models",
    "rule_conflicts": "/console/rules",
    "questions": "/console/talks/questions",
    "doubts": "/console/suggestions?kind=doubt",
    "suggestions": "/console/suggestions",
    "searches_in_vain": "/console/searches?show=nothing_found",
    "rejected_rows": "/console/rejects",
    "no_products": "/console/setup",
    "no_events": "/console/setup",
}
"""Where each thing is seen to."""
PROOF = ("/console/earnings",)
"""Where what lists earn is shown."""


@router.get("/console")
async def show(request: Request) -> Response:
    """How the shop is."""
    from bottega.serving.console.routes import PAGES as EVERY

    visit = await visit_of(request, PAGE.role)
    asked: OverviewRequest = made_of(OverviewRequest, {"wait": "false", **request.query_params}, "wait")
    found: Overview = await visit.ask(overview, asked)
    counting = not asked.wait and is_old(found.week.counted_at if found.week else None)
    open_to_them = {page.path for page in EVERY if visit.may(page.role)}
    where = {kind: path for kind, path in WHERE.items() if path.partition("?")[0] in open_to_them}
    proof = next((path for path in PROOF if path in open_to_them), "")
    return visit.page("home.html", PAGE, shop=found, counting=counting, where=where, proof=proof)
