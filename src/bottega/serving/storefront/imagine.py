"""The storefront's pictures by words: what /v1/studio/imagine answers, with cards of the real products."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import Field

from bottega.actions.search.shapes import Hit
from bottega.actions.studio.products.shapes import ImagineAnswer, ImaginedPicture, ImagineRequest
from bottega.actions.verbs import verb
from bottega.serving.storefront.cards import Card, card
from bottega.serving.storefront.shopfront import Shopfront

__all__ = ["create_imagine_router"]


class RealProduct(Hit):
    """A real product, with the card that shows it."""

    card: Card


class ShownPicture(ImaginedPicture):
    """A generated picture, and the cards of the real products most like it."""

    products: list[RealProduct] = Field(default_factory=list)  # type: ignore[assignment]  # the same products, each with a card


class ShownImagined(ImagineAnswer):
    """The answer of /v1/studio/imagine with cards."""

    pictures: list[ShownPicture]  # type: ignore[assignment]  # the same pictures, with cards


def create_imagine_router(front: Shopfront) -> APIRouter:
    """The call `/shop/api/imagine`."""
    router = APIRouter()

    @router.post("/shop/api/imagine")
    def imagine(body: ImagineRequest, request: Request) -> ShownImagined:
        answer: ImagineAnswer = verb("imagine").run(front.shop, body)
        ids = dict.fromkeys(hit.product_id for picture in answer.pictures for hit in picture.products)
        groups, shown_as = front.groups(ids), front.shown_as(request)

        def shown(hit: Hit) -> RealProduct:
            assert hit.product is not None
            others = [product for product in groups.get(hit.product_id, ()) if product.id != hit.product_id]
            return RealProduct(**{**dict(hit), "product": None, "card": card([hit.product, *others], **shown_as)})

        pictures = [
            ShownPicture(**{**dict(picture), "products": [shown(hit) for hit in picture.products]})
            for picture in answer.pictures
        ]
        return ShownImagined(**{**dict(answer), "pictures": pictures})

    return router
