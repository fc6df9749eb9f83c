"""The storefront's searches: what /v1/search and /v1/search/image answer, with cards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, TypeVar

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool

from bottega.actions.search.shapes import (
    CompleteAnswer,
    CompleteRequest,
    Hit,
    PhotoSearchAnswer,
    PhotoSearchRequest,
    RegionHits,
    SearchAnswer,
    SearchHelp,
    SearchRequest,
)
from bottega.serving.storefront.cards import Card, card
from bottega.serving.storefront.shopfront import Shopfront
from bottega.serving.uploads import photo_request
from bottega.shop.open_shop import OpenShop

__all__ = ["create_search_router"]

AskedT = TypeVar("AskedT", SearchRequest, PhotoSearchRequest)


class ShownHit(Hit):
    """A product found, with the card that shows it."""

    card: Card


class ShownRegion(RegionHits):
    """One product seen in the photo, and the cards of those like it."""

    items: list[ShownHit]  # type: ignore[assignment]  # the same items, each with a card


class ShownHelp(SearchHelp):
    """What may help, with cards."""

    popular: list[ShownHit]  # type: ignore[assignment]  # the same items, each with a card


class ShownSearch(SearchAnswer):
    """The answer of /v1/search with cards."""

    items: list[ShownHit]  # type: ignore[assignment]  # the same items, each with a card
    help: ShownHelp | None = None


class ShownPhotoSearch(PhotoSearchAnswer):
    """The answer of /v1/search/image with cards."""

    regions: list[ShownRegion]  # type: ignore[assignment]  # the same regions, with cards


def create_search_router(front: Shopfront) -> APIRouter:
    """The calls `/shop/api/search`, `/shop/api/search/completions` and `/shop/api/search/image`."""
    router = APIRouter()

    @router.post("/shop/api/search")
    def search(body: SearchRequest, request: Request) -> ShownSearch:
        from bottega.actions.search.words import search_text

        answer = search_text(front.shop, _with_products(body))
        told = answer.help
        helped = told and ShownHelp(**{**dict(told), "popular": _shown(told.popular, request)})
        return ShownSearch(**{**dict(answer), "items": _shown(answer.items, request), "help": helped})

    @router.get("/shop/api/search/completions")
    def completions(asked: Annotated[CompleteRequest, Query()]) -> CompleteAnswer:
        from bottega.actions.search.complete import complete

        return complete(front.shop, asked)

    @router.post("/shop/api/search/image")
    async def search_image(request: Request) -> ShownPhotoSearch:
        wanted = await photo_request(request, PhotoSearchRequest)
        answer = await run_in_threadpool(_photo_answer, front.shop, _with_products(wanted))
        regions = [ShownRegion(**{**dict(region), "items": _shown(region.items, request)}) for region in answer.regions]
        return ShownPhotoSearch(**{**dict(answer), "regions": regions})

    def _shown(hits: Sequence[Hit], request: Request) -> list[ShownHit]:
        """Cards that show the variant found."""
        groups, shown_as = front.groups(hit.product_id for hit in hits), front.shown_as(request)
        shown: list[ShownHit] = []
        for hit in hits:
            assert hit.product is not None
            others = [product for product in groups.get(hit.product_id, ()) if product.id != hit.product_id]
            face = card([hit.product, *others], **shown_as)
            shown.append(ShownHit(**{**dict(hit), "product": None, "card": face}))
        return shown

    return router


def _photo_answer(shop: OpenShop, request: PhotoSearchRequest) -> PhotoSearchAnswer:
    """As the verb answers, which is loaded when a photo is first sent: the eye is heavy."""
    from bottega.actions.search.photo import search_photo

    return search_photo(shop, request)


def _with_products(request: AskedT) -> AskedT:
    """Each hit carries its product, for its card."""
    return request.model_copy(update={"return_product": True})
