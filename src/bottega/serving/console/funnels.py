"""Shoppers by segment, with what may be aimed at each; funnels and cohorts."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from bottega.actions.jobs.ask import start_job
from bottega.actions.jobs.shapes import StartJobRequest
from bottega.actions.messages.send import send_messages
from bottega.actions.messages.shapes import SendRequest
from bottega.actions.messages.ways import check_way
from bottega.actions.proof.funnel_shapes import CohortsRequest, FunnelRow, FunnelsRequest
from bottega.actions.proof.funnels import cohorts, funnels
from bottega.actions.shoppers.chance_shapes import ChancesRequest, SegmentSizesRequest
from bottega.actions.shoppers.chances import shopper_chances, shopper_segments
from bottega.names import Role
from bottega.serving.console.frame import Page, Visit, form_of, made_of, visit_of
from bottega.shop.segments.names import segment_title
from bottega.shop.slow_counts import is_old

__all__ = ["PAGES", "router"]

router = APIRouter(include_in_schema=False)
GROUP = "Shoppers"
SEGMENTS = Page("/console/segments", "Segments", group=GROUP)
WHO = Page("/console/segments/shoppers", "Shoppers of a segment", group=GROUP, role=Role.MANAGE, under=SEGMENTS.path)
LETTERS = Page("/console/segments/letters", "Write to a segment", group=GROUP, role=Role.ADMIN, under=SEGMENTS.path)
FUNNELS = Page("/console/funnels", "Funnels and cohorts", group=GROUP)
PAGES = (SEGMENTS, WHO, LETTERS, FUNNELS)
LOVED, SHOWN, IN_FILE = 8, 50, 10_000
VIEWS = {
    "week": "By week",
    "placement": "By place",
    "segment": "By segment",
    "strategy": "By strategy",
    "rule": "By rule",
    "cohorts": "Cohorts",
}
KINDS = {
    "cart": "what is left in the cart",
    "again": "what runs out",
    "back": "what came back into stock",
    "price": "what costs less now",
    "next": "what may come next",
    "welcome": "a welcome",
}
"""Kinds of letters, as the form offers them."""


@router.get(SEGMENTS.path)
async def segments(request: Request) -> Response:
    """How many are of which, and what may be aimed at them."""
    visit, given = await visit_of(request, SEGMENTS.role), request.query_params
    name = given.get("name", "").strip()
    wait = visit.wants_csv or given.get("wait") == "true"
    also = [f"{'category' if given.get('field') == 'category' else 'brand'}:{name}"] if name else []
    found = await visit.ask(shopper_segments, SegmentSizesRequest(loved=LOVED, also=also, wait=wait))
    if visit.wants_csv:
        rows = [(one.name, one.means, one.shoppers, one.share) for one in found.segments]
        return visit.csv("segments", ("segment", "means", "shoppers", "share"), rows)
    return visit.page(
        "segments.html",
        SEGMENTS,
        found=found,
        counting=not wait and is_old(found.counted_at),
        title=segment_title,
        field=given.get("field", ""),
        name=name,
        may_aim=_aims(visit),
    )


@router.get(WHO.path)
async def who(request: Request) -> Response:
    """The shoppers of a segment with their chances."""
    visit, given = await visit_of(request, WHO.role), request.query_params
    order = "leaves" if given.get("order") == "leaves" else "buys_soon"
    n = IN_FILE if visit.wants_csv else SHOWN
    asked = made_of(ChancesRequest, {**given, "order": order, "n": str(n)}, "segment", "order", "n", "after")
    found = await visit.ask(shopper_chances, asked)
    if visit.wants_csv:
        heads = ("shopper", "buys_soon", "leaves", "orders", "days_since_order", "segments")
        rows = [
            (one.shopper, one.buys_soon, one.leaves, one.orders, one.days_since_order, " ".join(one.segments))
            for one in found.shoppers
        ]
        return visit.csv("shoppers", heads, rows)
    return visit.page("segment_shoppers.html", WHO, found=found, asked=asked, title=segment_title, shown=SHOWN)


@router.get(LETTERS.path)
async def letters(request: Request) -> Response:
    """The form of letters to a segment."""
    visit = await visit_of(request, LETTERS.role)
    segment = request.query_params.get("segment", "left_cart")
    made_of(ChancesRequest, {"segment": segment}, "segment")
    return _letters(visit, segment, "", None)


@router.post(LETTERS.path)
async def write(request: Request) -> Response:
    """See whom letters would go to, or send them."""
    visit, form = await form_of(request, LETTERS.role)
    given = {name: str(form.get(name, "")).strip() for name in ("segment", "kind")}
    fields = {"segments": [given["segment"]], **({"kind": given["kind"]} if given["kind"] else {})}
    made_of(ChancesRequest, given, "segment")
    if form.get("do") != "send":
        asked = made_of(SendRequest, {"kind": given["kind"]}, "kind")
        looked = asked.model_copy(update={"dry_run": True, "counts_only": True, "segments": fields["segments"]})
        return _letters(visit, given["segment"], given["kind"], await visit.ask(send_messages, looked))
    check_way(visit.shop.settings, visit.shop.secrets)
    job = StartJobRequest(verb="send_messages", request={**fields, "counts_only": True})
    await visit.ask(start_job, job)
    return visit.done(
        SEGMENTS.path, f"Letters to {segment_title(given['segment'])} are being sent; Jobs shows how far they are."
    )


@router.get(FUNNELS.path)
async def show_funnels(request: Request) -> Response:
    """What became of what lists showed, and who came back."""
    visit, given = await visit_of(request, FUNNELS.role), request.query_params
    view = given.get("by") if given.get("by") in VIEWS else "week"
    tabs = [(words, visit.url(FUNNELS.path, by=name)) for name, words in VIEWS.items()]
    shared: dict[str, Any] = {"tabs": tabs, "current": VIEWS[str(view)], "title": segment_title}
    if view == "cohorts":
        kept = await visit.ask(cohorts, CohortsRequest())
        if visit.wants_csv:
            heads = ("week", "shoppers", "ever", *(f"week {number}" for number in range(1, len(kept.returned) + 1)))
            rows = [(row.week, row.shoppers, row.ever, *row.returned) for row in kept.cohorts]
            return visit.csv("cohorts", heads, rows)
        return visit.page("cohorts.html", FUNNELS, found=kept, **shared)
    days = 91 if view == "week" else 28
    found = await visit.ask(funnels, FunnelsRequest.model_validate({"by": view, "days": days}))
    if visit.wants_csv:
        heads = tuple(FunnelRow.model_fields)
        return visit.csv("funnels", heads, [tuple(row.model_dump().values()) for row in found.rows])
    return visit.page("funnels.html", FUNNELS, found=found, days=days, **shared)


def _letters(visit: Visit, segment: str, kind: str, looked: Any) -> Response:
    kinds = [("", "whatever is due now"), *((name, words) for name, words in KINDS.items())]
    return visit.page(
        "segment_letters.html", LETTERS, segment=segment, kind=kind, kinds=kinds, looked=looked, title=segment_title
    )


def _aims(visit: Visit) -> list[tuple[str, str]]:
    """What may be aimed at a segment by who looks: words and the page that does it."""
    from bottega.serving.console.routes import PAGES as EVERY

    pages = {page.path: page.role for page in EVERY}
    wanted = {
        "Rule": "/console/rules/edit",
        "Experiment": "/console/experiments/new",
        "Letters": LETTERS.path,
        "Who they are": WHO.path,
    }
    return [(words, path) for words, path in wanted.items() if path in pages and visit.may(pages[path])]
