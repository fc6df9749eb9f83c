"""A list of products as the bytes that go out."""

from __future__ import annotations

import structlog

from bottega.actions.recommend.find_similar import find_similar
from bottega.actions.recommend.recommend import recommend_json
from bottega.actions.recommend.shapes import RecommendationRequest, SimilarRequest
from bottega.errors import BottegaError
from bottega.shop.open_shop import OpenShop

__all__ = ["json_list", "warm_lists"]

log = structlog.get_logger("bottega")


def json_list(shop: OpenShop, request: RecommendationRequest) -> bytes:
    """The answer to one request as JSON. Raises what `recommend` raises."""
    found = recommend_json(shop, [request])[0]
    if isinstance(found, BottegaError):
        raise found
    return found


def warm_lists(shop: OpenShop) -> None:
    """Make a few lists for nobody to see: what computes them is loaded, or compiled, before anybody waits for it."""
    shopper = shop.newest_shopper()
    with shop.floor() as floor:
        floor.answering.warm()
        cart = [floor.items.id(0)] if len(floor.items) else []
    try:
        for request in (
            RecommendationRequest(),
            RecommendationRequest(shopper=shopper),
            RecommendationRequest(shopper=shopper, n=1, explain=False),
            *(RecommendationRequest(shopper=shopper, placement="cart", product_ids=[name]) for name in cart),
        ):
            json_list(shop, request)
        for name in cart:
            find_similar(shop, SimilarRequest(product_id=name), saved=[])
    except BottegaError as error:  # a shop without products, say: whoever asks will hear of it
        log.info("warm", code=error.code)
