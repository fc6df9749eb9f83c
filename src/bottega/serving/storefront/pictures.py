"""Pictures of the shop's folder, at `/images/`: as they are, or as thumbnails of a width."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from bottega.serving.shop_pictures import ShopPictures

__all__ = ["create_pictures_router"]

DAY = "max-age=86400, stale-while-revalidate=604800"


def create_pictures_router(pictures: ShopPictures) -> APIRouter:
    """The route of all of them."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/images/{path:path}", methods=["GET", "HEAD"])
    async def image(path: str, request: Request, w: Annotated[int | None, Query(ge=1)] = None) -> Response:
        return await pictures.answer(path, w, request.scope, kept=DAY)

    return router
