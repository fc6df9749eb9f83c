"""What the storefront's live picture asks for before it opens a camera: the face finder, and a product as layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Response

from bottega.names import ID_MAX
from bottega.shop.open_shop import OpenShop

if TYPE_CHECKING:
    from bottega.actions.studio.try_on.live import LivePiece

__all__ = ["create_live_router"]


def create_live_router(shop: OpenShop) -> APIRouter:
    """The calls `/shop/api/face-finder` and `/shop/api/live-piece`; what they need is loaded with the first of them."""
    router = APIRouter()

    @router.get("/shop/api/face-finder")
    def face_finder() -> Response:
        from bottega.actions.studio.try_on.live import finder_for_browsers

        return Response(finder_for_browsers(), media_type="application/octet-stream",
                        headers={"Cache-Control": "max-age=3600"})  # fmt: skip

    @router.get("/shop/api/live-piece")
    def live_piece(id: Annotated[str, Query(min_length=1, max_length=ID_MAX)]) -> Any:
        from bottega.actions.studio.try_on.live import live_piece as piece_of

        found: LivePiece = piece_of(shop, id)
        return found

    return router
