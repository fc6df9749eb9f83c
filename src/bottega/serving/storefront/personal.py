"""What is a visitor's own: wish list, closet, outfits, and the tastes they declare; with cards, and without a key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from bottega.actions.closet.shapes import (
    ClosetAnswer,
    ClosetEntry,
    ClosetQuery,
    ClosetRemoval,
    ClosetRequest,
    OutfitAnswer,
    OutfitRequest,
    OutfitSlot,
    OutfitSuggestion,
    RemovedAnswer,
)
from bottega.actions.search.shapes import Hit
from bottega.actions.shoppers.affinities import (
    AffinityAnswer,
    AffinityRequest,
    DeclareAnswer,
    DeclareRequest,
    affinities,
    declare_tastes,
)
from bottega.actions.shoppers.wishes import (
    TakeBackRequest,
    TakenBackAnswer,
    WishesAnswer,
    WishesRequest,
    take_back_wishes,
    wishes,
)
from bottega.actions.studio.prints.shapes import CustomiseAnswer, CustomiseRequest
from bottega.actions.verbs import verb
from bottega.actions.wording.shapes import DescribeRequest
from bottega.errors import ProductUnknown, RequestInvalid
from bottega.names import ID_MAX
from bottega.serving.file_forms import file_request
from bottega.serving.storefront.cards import Card, card, shared_title
from bottega.serving.storefront.shopfront import Shopfront
from bottega.serving.uploads import photo_request

__all__ = ["create_personal_router"]

Id = Annotated[str, Query(min_length=1, max_length=ID_MAX)]


EVENTS_SHOWN = 2
"""Products that a reason names."""


class NamedProduct(BaseModel):
    """A product that a reason names."""

    id: str
    title: str


class Why(BaseModel):
    """Why something stands first in a text."""

    text: str
    products: list[NamedProduct]


class OwnText(BaseModel):
    """A product's description for the visitor who looks at it."""

    text: str
    language: str
    basis: str
    why: list[Why]


class Wish(BaseModel):
    """One product that was wished for; its card is null where it has left the shop since."""

    product_id: str
    card: Card | None


class ShownWishes(WishesAnswer):
    """The answer of /v1/wishes with cards."""

    items: list[Wish]


class LikeIt(Hit):
    """A product like something in a closet."""

    card: Card | None


class ShownEntry(ClosetEntry):
    """One thing in a closet, with the cards of products like it."""

    like: list[LikeIt] = Field(default_factory=list)  # type: ignore[assignment]  # the same products, each with a card


class ShownCloset(ClosetAnswer):
    """The answer of /v1/closet with cards."""

    items: list[ShownEntry]  # type: ignore[assignment]  # the same things


class ShownSuggestion(OutfitSuggestion):
    """A suggestion with its card; null for something out of the closet."""

    card: Card | None


class ShownSlot(OutfitSlot):
    """One place of an outfit."""

    suggestions: list[ShownSuggestion]  # type: ignore[assignment]  # the same suggestions, each with a card


class ShownOutfit(OutfitAnswer):
    """The answer of /v1/outfits with cards."""

    slots: list[ShownSlot]  # type: ignore[assignment]  # the same slots


def create_personal_router(front: Shopfront) -> APIRouter:
    """The calls below `/shop/api/` that are about the visitor alone."""
    router, shop = APIRouter(), front.shop

    @router.get("/shop/api/own-text")
    def own_text(product_id: Id, shopper: Id, response: Response) -> OwnText:
        from bottega.actions.wording.describe import describe

        found = describe(shop, DescribeRequest(product_ids=[product_id], shopper=shopper, public=True)).listings
        if not found or found[0].personal is None:
            raise ProductUnknown(f"No product here has the id {product_id!r}.", next_step="It may be off sale by now.")
        response.headers["Cache-Control"] = "no-store"  # the next visitor at this browser is another one
        choices = found[0].personal.choices
        groups = front.groups(event.product_id for choice in choices for event in choice.events[:EVENTS_SHOWN])
        return OwnText(
            text=found[0].description,
            language=found[0].language,
            basis=found[0].personal.basis,
            why=[
                Why(
                    text=choice.why,
                    products=[
                        NamedProduct(id=event.product_id, title=shared_title(groups[event.product_id]))
                        for event in choice.events[:EVENTS_SHOWN]
                        if event.product_id in groups
                    ],
                )
                for choice in choices
            ],
        )

    @router.get("/shop/api/wishes")
    def wish_list(asked: Annotated[WishesRequest, Query()], request: Request) -> ShownWishes:
        answer = wishes(shop, asked)
        face = _faces(answer.product_ids, request)
        return ShownWishes(**dict(answer), items=[Wish(product_id=id, card=face(id)) for id in answer.product_ids])

    @router.post("/shop/api/wishes/remove")
    def unwish(body: TakeBackRequest) -> TakenBackAnswer:
        return take_back_wishes(shop, body)

    @router.get("/shop/api/tastes")
    def tastes(asked: Annotated[AffinityRequest, Query()]) -> AffinityAnswer:
        return affinities(shop, asked)

    @router.post("/shop/api/tastes")
    def declare(body: DeclareRequest) -> DeclareAnswer:
        return declare_tastes(shop, body)

    @router.get("/shop/api/closet")
    def closet(asked: Annotated[ClosetQuery, Query()], request: Request) -> ShownCloset:
        return _closet(_run("closet", asked), request)

    @router.post("/shop/api/closet")
    async def hang_up(request: Request) -> ShownCloset:
        wanted = await photo_request(request, ClosetRequest)
        return _closet(await run_in_threadpool(_run, "add_to_closet", wanted), request)

    @router.post("/shop/api/closet/remove")
    def take_out(body: ClosetRemoval) -> RemovedAnswer:
        found: RemovedAnswer = _run("remove_from_closet", body)
        return found

    @router.post("/shop/api/customise")
    async def customise(request: Request) -> CustomiseAnswer:
        found: CustomiseAnswer = await run_in_threadpool(
            _run, "customise", await file_request(request, CustomiseRequest)
        )
        return found

    @router.post("/shop/api/outfits")
    def outfit(body: OutfitRequest, request: Request) -> ShownOutfit:
        try:
            answer: OutfitAnswer = _run("outfit", body)
        except RequestInvalid:  # it is no garment: nothing completes it, and that is no mistake of the visitor's
            answer = OutfitAnswer(given=[], slots=[], photos_waiting=0, took_ms=0)
        found = [one.product_id for slot in answer.slots for one in slot.suggestions if one.product_id]
        face = _faces(found, request)
        slots = [
            ShownSlot(
                slot=slot.slot,
                suggestions=[
                    ShownSuggestion(**{**_fields(one), "card": face(one.product_id) if one.product_id else None})
                    for one in slot.suggestions
                ],
            )
            for slot in answer.slots
        ]
        return ShownOutfit(**{**_fields(answer), "slots": slots})

    def _closet(answer: ClosetAnswer, request: Request) -> ShownCloset:
        face = _faces([hit.product_id for entry in answer.items for hit in entry.like], request)
        items = [
            ShownEntry(
                **{
                    **_fields(entry),
                    "like": [LikeIt(**{**_fields(hit), "card": face(hit.product_id)}) for hit in entry.like],
                }
            )
            for entry in answer.items
        ]
        return ShownCloset(**{**_fields(answer), "items": items})

    def _faces(ids: list[str], request: Request) -> Callable[[str], Card | None]:
        """Gives the card of each of these products; null where it is not shown any more."""
        groups, shown_as = front.groups(ids), front.shown_as(request)
        return lambda id: card(groups[id], **shown_as) if id in groups else None

    def _run(name: str, asked: Any) -> Any:
        """A verb that sees; it is loaded when it is first asked for, since the eye is heavy."""
        return verb(name).run(shop, asked)

    return router


def _fields(shape: BaseModel) -> dict[str, Any]:
    return dict(shape)
