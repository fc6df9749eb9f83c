"""What was sold through which list: one table, looked at by placement, strategy, rule, product or segment."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from bottega.actions.intake.query_products import query_products
from bottega.actions.intake.shapes import ProductQuery
from bottega.actions.proof.attribution import attribution
from bottega.actions.proof.attribution_shapes import AttributionAnswer, AttributionRequest
from bottega.actions.rules.list_rules import list_rules
from bottega.actions.rules.shapes import RulesRequest
from bottega.currencies import exponent
from bottega.serving.console.frame import Page, Visit, made_of, visit_of

__all__ = ["PAGE", "PAGES", "PLACES", "router"]

router = APIRouter(include_in_schema=False)
PAGE = Page("/console/earnings", "What lists earned", group="Proof")
PAGES = (PAGE,)
VIEWS = {
    "placement": "By place",
    "strategy": "By strategy",
    "rule": "By rule",
    "product": "By product",
    "segment": "By segment",
}
PLACES = {
    "home": "Home page",
    "product": "Product pages",
    "cart": "Cart",
    "category": "Category pages",
    "similar": "Similar products",
    "search": "Searches",
    "letters": "Letters",
    "talks": "Talks with the assistant",
    "elsewhere": "Elsewhere: older lists, and ids of other systems",
}
NAMED = {
    "placement": PLACES,
    "strategy": {"default": "The default (the blend)", "elsewhere": PLACES["elsewhere"]},
    "segment": {"new": "New: had not come before", "returning": "Returning", "buyers": "Had bought before"},
}
DAYS = (7, 28, 90, 365)
WINDOWS = (1, 7, 30)
HEADS = ("lists", "impressions", "clicks", "carts", "purchases", "pieces", "revenue", "refunded")
APART = ("view_purchases", "view_revenue")


@router.get("/console/earnings")
async def show(request: Request) -> Response:
    """What lists earned."""
    visit = await visit_of(request, PAGE.role)
    asked: AttributionRequest = made_of(
        AttributionRequest, request.query_params, "by", "days", "window_days", "view_days"
    )
    answer: AttributionAnswer = await visit.ask(attribution, asked.model_copy(update={"n": 200}))
    names = await _names(visit, answer)
    if visit.wants_csv:
        rows = [[row.name, *(getattr(row, name) for name in (*HEADS, *APART))] for row in (*answer.rows, answer.total)]
        return visit.csv(f"earnings-by-{answer.by}", [answer.by, *HEADS, *APART], rows)
    factor = 10 ** exponent(answer.currency)
    return visit.page(
        "earnings.html",
        PAGE,
        answer=answer,
        asked=asked,
        names=names,
        factor=factor,
        views=VIEWS,
        days=DAYS,
        windows=WINDOWS,
        most=max((row.revenue for row in answer.rows), default=0.0),
    )


async def _names(visit: Visit, answer: AttributionAnswer) -> dict[str, str]:
    """What rows are called, where that is not what they are named by."""
    wanted = [row.name for row in answer.rows]
    if answer.by == "rule" and wanted:
        rules = await visit.ask(list_rules, RulesRequest(n=1000))
        return {one.rule.id: one.rule.name or one.rule.id for one in rules.rules}
    if answer.by == "product" and wanted:
        found: Any = await visit.ask(query_products, ProductQuery.model_validate({"filter": {"ids": wanted}, "n": 200}))
        named: dict[str, str] = {}
        for product in found.products:
            named.setdefault(product.group_id or product.id, product.title)
        return named
    return NAMED.get(answer.by, {})
