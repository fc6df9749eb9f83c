"""The demo storefront: one page and the key-less calls it makes. Served only where the setting `storefront` is true.

Anyone who reaches it may post events and ask for any shopper's recommendations: it is a shop window for a developer's
machine, never for the open internet. Ids travel in query parameters and bodies, never in a path.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from jinja2 import Environment, PackageLoader, select_autoescape
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import HTMLResponse

from bottega.actions.catalogue.browse import BrowseRequest, CategoryCount, browse
from bottega.actions.intake.record_events import record_events
from bottega.actions.intake.shapes import IngestAnswer, RecordRequest
from bottega.actions.recommend.find_similar import find_similar
from bottega.actions.recommend.recommend import recommend
from bottega.actions.recommend.shapes import (
    AnsweredItem,
    RecommendationAnswer,
    RecommendationRequest,
    SimilarAnswer,
    SimilarRequest,
)
from bottega.actions.reviews.reviews import reviews
from bottega.actions.reviews.shapes import ReviewsAnswer, ReviewsRequest
from bottega.actions.shoppers.known import AboutRequest, SeenEvent, about_shopper
from bottega.catalogue.product import Product
from bottega.errors import ProductUnknown
from bottega.names import ID_MAX
from bottega.serving.shop_pictures import ShopPictures
from bottega.serving.storefront.assistant import create_assistant_router
from bottega.serving.storefront.cards import Card, ProductPage, card, product_page, shared_title
from bottega.serving.storefront.dressing import create_dressing_router
from bottega.serving.storefront.imagine import create_imagine_router
from bottega.serving.storefront.live import create_live_router
from bottega.serving.storefront.page_files import PageFiles
from bottega.serving.storefront.personal import create_personal_router
from bottega.serving.storefront.pictures import create_pictures_router
from bottega.serving.storefront.search import create_search_router
from bottega.serving.storefront.shopfront import Shopfront
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures.thumbnails import WIDTHS
from bottega.shop.trained.studio_models import has_generator

__all__ = ["create_router"]

HERE = Path(__file__).parent
PAGE = 36
"""Products on one page of the grid."""
EVENTS_SHOWN = 8
EVENTS_MAX = 200
"""Most events in one call."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' http: https: data: blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Content-Security-Policy of the page: only this server's own code runs, whatever a product title holds.

`blob:` is the photo that a visitor searches with, shown by their own browser."""

Id = Annotated[str, Query(min_length=1, max_length=ID_MAX)]


class Visitor(BaseModel):
    """A shopper whom a visitor may become."""

    id: str
    name: str | None
    taste: list[str]
    events_known: int


class Shop(BaseModel):
    """What the page needs to open."""

    name: str
    total: int
    categories: list[CategoryCount]
    shoppers: list[Visitor]


class ProductList(BaseModel):
    """One page of the grid."""

    products: list[Card]
    total: int
    inside: list[CategoryCount] = Field(description="Categories right below the one asked for.")
    next: int | None = Field(description="`after` of the next page; null on the last one.")


class TitledEvent(SeenEvent):
    """An event in the side panel."""

    title: str | None


class Mind(BaseModel):
    """What the workshop knows of a shopper."""

    events_known: int
    taste: list[str]
    events: list[TitledEvent]


class ShownItem(AnsweredItem):
    """An answered item with the card that shows it; null where the product has left the shop since."""

    card: Card | None


class ShownAnswer(RecommendationAnswer):
    """The answer of /v1/recommendations with cards."""

    items: list[ShownItem]  # type: ignore[assignment]  # the same items, each with a card


class ShownSimilar(SimilarAnswer):
    """The answer of /v1/similar with cards."""

    items: list[ShownItem]  # type: ignore[assignment]  # the same items, each with a card


class Happened(BaseModel):
    """Events of one moment, in the words of /v1/events."""

    model_config = ConfigDict(extra="forbid")

    events: list[dict[str, Any]] = Field(min_length=1, max_length=EVENTS_MAX)


def create_router(shop: OpenShop, pictures: ShopPictures) -> APIRouter:
    """The page at `/`, its files at `/shop/static/`, its calls at `/shop/api/`, pictures at `/images/`."""
    router = APIRouter(include_in_schema=False)
    front = Shopfront(shop)
    router.include_router(create_search_router(front), include_in_schema=False)
    router.include_router(create_personal_router(front), include_in_schema=False)
    router.include_router(create_dressing_router(front), include_in_schema=False)
    router.include_router(create_imagine_router(front), include_in_schema=False)
    router.include_router(create_assistant_router(shop), include_in_schema=False)
    router.include_router(create_live_router(shop), include_in_schema=False)
    template = Environment(
        loader=PackageLoader("bottega.serving.storefront"), autoescape=select_autoescape(default=True)
    ).get_template("shop.html")
    static = PageFiles(HERE / "static")
    router.include_router(static.router)
    router.include_router(create_pictures_router(pictures))
    version, modules = static.version, _modules("shop.js")

    @router.get("/", response_class=HTMLResponse)
    def page(request: Request) -> HTMLResponse:
        everything = browse(shop, BrowseRequest(n=1))
        text = template.render(
            name=front.name,
            root=_root(request),
            version=version,
            modules=modules,
            widths=" ".join(map(str, WIDTHS)),
            total=everything.total,
            categories=everything.inside,
            imagines=has_generator(shop.settings),
        )
        headers = {"Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin", "Cache-Control": "no-cache"}
        return HTMLResponse(text, headers=headers)

    @router.get("/shop/api/shop")
    def whole() -> Shop:
        everything = browse(shop, BrowseRequest(n=1))
        return Shop(
            name=front.name,
            total=everything.total,
            categories=everything.inside,
            shoppers=[
                Visitor(id=one.shopper, name=one.name, taste=one.taste, events_known=one.events_known)
                for one in front.shoppers()
            ],
        )

    @router.get("/shop/api/products")
    def products(
        request: Request,
        category: Annotated[list[str] | None, Query(max_length=20)] = None,
        after: Annotated[int, Query(ge=0)] = 0,
    ) -> ProductList:
        found = browse(shop, BrowseRequest(category=category or [], n=PAGE, after=after))
        shown_as = front.shown_as(request)
        return ProductList(
            products=[card(group, **shown_as) for group in found.groups],
            total=found.total,
            inside=found.inside,
            next=found.next,
        )

    @router.get("/shop/api/product")
    def product(request: Request, id: Id) -> ProductPage:
        variants = front.groups([id]).get(id)
        if variants is None:
            raise ProductUnknown(f"No product here has the id {id!r}.", next_step="It may have been taken off sale.")
        return product_page(variants, **front.shown_as(request))

    @router.get("/shop/api/reviews")
    def product_reviews(product_id: Id, n: Annotated[int, Query(ge=0, le=10)] = 2) -> ReviewsAnswer:
        return reviews(shop, ReviewsRequest(product_id=product_id, n=n))

    @router.get("/shop/api/shopper")
    def about(shopper: Id) -> Mind:
        found = about_shopper(shop, AboutRequest(shopper=shopper, n=EVENTS_SHOWN))
        groups = front.groups(event.product_id for event in found.events if event.product_id)
        return Mind(
            events_known=found.events_known,
            taste=found.taste,
            events=[
                TitledEvent(**dict(event), title=_title(groups.get(event.product_id or ""))) for event in found.events
            ],
        )

    @router.post("/shop/api/recommendations")
    def recommendations(body: RecommendationRequest, request: Request) -> ShownAnswer:
        answer = recommend(shop, body)
        return ShownAnswer(**{**dict(answer), "items": _shown(answer.items, request)})

    @router.post("/shop/api/similar")
    def similar(body: SimilarRequest, request: Request) -> ShownSimilar:
        answer = find_similar(shop, body)
        return ShownSimilar(**{**dict(answer), "items": _shown(answer.items, request)})

    @router.post("/shop/api/events")
    def events(body: Happened) -> IngestAnswer:
        return record_events(shop, RecordRequest(events=[{**event, "source": "storefront"} for event in body.events]))

    def _shown(items: list[AnsweredItem], request: Request) -> list[ShownItem]:
        groups, shown_as = front.groups(item.product_id for item in items), front.shown_as(request)
        shown: list[ShownItem] = []
        for item in items:
            group = groups.get(item.product_id)
            face = card(group, **shown_as) if group else None
            shown.append(ShownItem(**{**dict(item), "card": face}))
        return shown

    return router


def _modules(first: str) -> list[str]:
    """Names of a module and of all that it needs to begin with, so that a browser need not find them one by one."""
    found = [first]
    for name in found:
        text = (HERE / "static" / name).read_text(encoding="utf-8")
        found += [other for other in re.findall(r'from "\./([\w.]+)"', text) if other not in found]
    return found


def _root(request: Request) -> str:
    return str(request.scope.get("root_path", ""))


def _title(group: list[Product] | None) -> str | None:
    return shared_title(group) if group else None
