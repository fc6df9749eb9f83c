"""A list of products as the bytes that go out."""

from __future__ import annotations

from bottega.actions.recommend.recommend import recommend_json
from bottega.actions.recommend.shapes import RecommendationRequest
from bottega.errors import BottegaError
from bottega.shop.open_shop import OpenShop

__all__ = ["json_list"]


def json_list(shop: OpenShop, request: RecommendationRequest) -> bytes:
    """The answer to one request as JSON. Raises what `recommend` raises."""
    found = recommend_json(shop, [request])[0]
    if isinstance(found, BottegaError):
        raise found
    return found
