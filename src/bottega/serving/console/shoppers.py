"""Shoppers: found by id, name or segment; and one of them: what they did, what they are drawn to, what lists show them.

What lists would show is made by the verb that shoppers' lists are made by, without the log of answers and without
experiments: looking leaves no trace.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from fastapi import APIRouter, Request, Response

from bottega.actions.closet.closet import closet_of
from bottega.actions.closet.shapes import ClosetQuery
from bottega.actions.intake.query_products import query_products
from bottega.actions.intake.shapes import ProductQuery
from bottega.actions.recommend.recommend import recommend
from bottega.actions.recommend.shapes import RecommendationRequest
from bottega.actions.shoppers.affinities import AffinityRequest, affinities
from bottega.actions.shoppers.export_shopper import export_shopper
from bottega.actions.shoppers.find import find_shoppers
from bottega.actions.shoppers.forget import forget
from bottega.actions.shoppers.known import AboutRequest, SeenEvent, about_shopper
from bottega.actions.shoppers.shapes import (
    FindShoppersRequest,
    FoundShoppers,
    ShopperQuery,
    ShopperRequest,
)
from bottega.actions.shoppers.shopper import KnownShopperAnswer, show_shopper
from bottega.actions.shoppers.wishes import WishesRequest, wishes
from bottega.actions.talks.inbox import list_talks
from bottega.actions.talks.shapes import TalksRequest
from bottega.catalogue.product import Product
from bottega.errors import BottegaError
from bottega.names import EventKind, Owner, Role
from bottega.serving.console.frame import Page, Visit, form_of, made_of, visit_of
from bottega.serving.console.rendering import HEADERS

__all__ = ["PAGES", "router"]

router = APIRouter(include_in_schema=False)
PAGE = Page("/console/shoppers", "Shoppers", group="Shoppers", role=Role.MANAGE)
ONE = Page("/console/shoppers/shopper", "Shopper", group="Shoppers", role=Role.MANAGE, under=PAGE.path)
PAGES = (PAGE, ONE)
VIEWS = ("History", "Drawn to", "Lists", "Closet", "Wishes", "Talks", "Consents")
HISTORY, SHOWN, TALKS = 100, 8, 200


class ShownList(NamedTuple):
    """What one place would show."""

    title: str
    beside: list[Product]
    """The products it stands beside."""
    items: list[Any]
    fallback: str
    why_not: str


_STANDS_IN = {
    "popular": "Nothing is known of this shopper: it is what most shoppers choose.",
    "untrained": "No model was trained yet: it is what most shoppers choose.",
    "no_consent": "This shopper did not agree to personal answers: everybody would get this list.",
    "content": "The products it stands beside are newer than the model: it goes by what they are.",
    "padded:popular": "The end of the list is what most shoppers choose.",
    "padded:seen": "The end of the list was seen by this shopper before.",
}


@router.get(PAGE.path)
async def show(request: Request) -> Response:
    """Find a shopper."""
    visit = await visit_of(request, PAGE.role)
    given = visit.request.query_params
    found: FoundShoppers = await visit.ask(find_shoppers, made_of(FindShoppersRequest, given, "text", "after"))
    text = str(given.get("text", ""))
    if visit.wants_csv:
        rows = [[one.shopper, one.name, one.email, one.country, one.last_seen] for one in found.shoppers]
        return visit.csv("shoppers", ["shopper", "name", "email", "country", "last_seen"], rows)
    after = visit.url(PAGE.path, text=text, after=found.next) if found.next else ""
    return visit.page("shoppers.html", PAGE, found=found.shoppers, text=text, after=after)


@router.get(ONE.path)
async def show_one(request: Request) -> Response:
    """One shopper, a view at a time."""
    visit = await visit_of(request, ONE.role)
    given = visit.request.query_params
    asked = made_of(ShopperQuery, given, "shopper")
    known: KnownShopperAnswer = await visit.ask(show_shopper, asked)
    view = given.get("view", "")
    view = view if view in VIEWS else VIEWS[0]
    told = await _VIEWS[view](visit, known.shopper)
    tabs = [(name, visit.url(ONE.path, shopper=known.shopper, view=name)) for name in VIEWS]
    return visit.page("shoppers_one.html", ONE, known=known, view=view, tabs=tabs, **{"told": None, **told})


@router.get("/console/shoppers/export")
async def export(request: Request) -> Response:
    """Everything that is kept of a shopper, as a file."""
    visit = await visit_of(request, ONE.role)
    answer = await visit.ask(export_shopper, made_of(ShopperRequest, visit.request.query_params, "shopper"))
    headers = {**HEADERS, "Content-Disposition": 'attachment; filename="shopper.json"'}
    return Response(answer.model_dump_json(indent=1), media_type="application/json", headers=headers)


@router.post("/console/shoppers/forget")
async def forget_one(request: Request) -> Response:
    """Delete everything that is kept of a shopper; there is no way back."""
    visit, form = await form_of(request, ONE.role)
    gone = await visit.ask(forget, made_of(ShopperRequest, form, "shopper"))
    rows = sum(gone.rows.values())
    words = f"The shopper is forgotten: {rows:,} rows were deleted. The next training learns without them."
    return visit.done(PAGE.path, words)


async def _history(visit: Visit, shopper: str) -> dict[str, Any]:
    about = await visit.ask(about_shopper, AboutRequest(shopper=shopper, n=HISTORY))
    products = await _products(visit, (one.product_id for one in about.events))
    return {"told": about, "products": products}


async def _drawn_to(visit: Visit, shopper: str) -> dict[str, Any]:
    return {"told": await visit.ask(affinities, AffinityRequest(shopper=shopper))}


async def _closet(visit: Visit, shopper: str) -> dict[str, Any]:
    found = await visit.ask(closet_of, ClosetQuery(shopper=shopper))
    like = (hit.product_id for item in found.items for hit in item.like)
    return {"told": found, "products": await _products(visit, like)}


async def _wishes(visit: Visit, shopper: str) -> dict[str, Any]:
    found = await visit.ask(wishes, WishesRequest(shopper=shopper))
    return {"told": found, "products": await _products(visit, found.product_ids)}


async def _talks(visit: Visit, shopper: str) -> dict[str, Any]:
    found = [
        one
        for owner in (None, Owner.CLOSED)
        for one in (await visit.ask(list_talks, TalksRequest(owner=owner, shopper=shopper, n=TALKS))).talks
    ]
    return {"told": found}


async def _consents(visit: Visit, shopper: str) -> dict[str, Any]:
    return {}


async def _lists(visit: Visit, shopper: str) -> dict[str, Any]:
    """What each place would show now; product, cart and category pages are those of what they did last."""
    about = await visit.ask(about_shopper, AboutRequest(shopper=shopper, n=HISTORY))
    last = _last(about.events, *_LOOKED)
    known = await _products(visit, [last] if last else [])
    product = known.get(last) if last else None
    cart = _in_cart(about.events)[:5]
    category = product.category[:1] if product and product.category else ()
    nothing = "They looked at no product of the catalogue lately."

    def asked(placement: str, **more: Any) -> RecommendationRequest:
        return RecommendationRequest.model_validate({"placement": placement, "shopper": shopper, "n": SHOWN, **more})

    titled = f"Category page: {category[0]}" if category else "Category page"
    shown = [
        await _list(visit, "Home", asked("home")),
        await _list(visit, "Product page", asked("product", product_ids=[product.id]) if product else None, nothing),
        await _list(visit, "Cart", asked("cart", product_ids=cart) if cart else None, "Nothing is in their cart."),
        await _list(visit, titled, asked("category", filter={"category": category[0]}) if category else None, nothing),
    ]
    ids = [one.product_id for each in shown for one in each.items]
    return {"told": shown, "products": await _products(visit, [*ids, *cart])}


_LOOKED = (EventKind.VIEW, EventKind.CLICK, EventKind.ADD_TO_CART, EventKind.WISHLIST, EventKind.TRY_ON)


def _last(events: Iterable[SeenEvent], *kinds: EventKind) -> str | None:
    return next((one.product_id for one in events if one.kind in kinds and one.product_id), None)


def _in_cart(events: list[SeenEvent]) -> list[str]:
    """What was put into the cart and neither taken out nor bought since, the newest first."""
    gone, kept = set[str](), dict[str, None]()
    for one in events:
        if one.product_id is None:
            continue
        if one.kind in (EventKind.PURCHASE, EventKind.REMOVE_FROM_CART):
            gone.add(one.product_id)
        elif one.kind is EventKind.ADD_TO_CART and one.product_id not in gone:
            kept.setdefault(one.product_id)
    return list(kept)


async def _list(visit: Visit, title: str, asked: RecommendationRequest | None, why_not: str = "") -> ShownList:
    if asked is None:
        return ShownList(title, [], [], "", why_not)
    beside = list((await _products(visit, asked.product_ids)).values())
    try:
        made = await visit.ask(recommend, asked.model_copy(update={"exploration": 0.0}))
    except BottegaError as error:
        return ShownList(title, beside, [], "", str(error))
    fallback = _STANDS_IN.get(made.fallback or "", "") if made.fallback else ""
    return ShownList(title, beside, made.items, fallback, "")


async def _products(visit: Visit, ids: Iterable[str | None]) -> dict[str, Product]:
    """Those of these that the catalogue has; of a group the first variant."""
    wanted = list(dict.fromkeys(one for one in ids if one))[:500]
    if not wanted:
        return {}
    found = await visit.ask(query_products, ProductQuery(ids=wanted, n=1000))
    return {one.id: one for one in found.products}


_VIEWS = {
    "History": _history,
    "Drawn to": _drawn_to,
    "Lists": _lists,
    "Closet": _closet,
    "Wishes": _wishes,
    "Talks": _talks,
    "Consents": _consents,
}
assert tuple(_VIEWS) == VIEWS
