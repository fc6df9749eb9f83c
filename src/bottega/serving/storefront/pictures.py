"""Pictures of the shop's folder, at `/images/`: as they are, or as thumbnails of a width."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.staticfiles import StaticFiles

from bottega.serving.storefront.shopfront import Shopfront
from bottega.shop.pictures.thumbnails import Thumbnails, width_for

__all__ = ["create_pictures_router"]

PATIENCE_S = 3.0
"""How long a thumbnail may take; then the picture goes out as it is."""
DAY = "max-age=86400, stale-while-revalidate=604800"


def create_pictures_router(front: Shopfront, thumbnails: Thumbnails) -> APIRouter:
    """The route of all of them."""
    router = APIRouter(include_in_schema=False)
    images = StaticFiles(directory=front.images, check_dir=False)
    small = StaticFiles(directory=thumbnails.folder, check_dir=False)

    @router.api_route("/images/{path:path}", methods=["GET", "HEAD"])
    async def image(path: str, request: Request, w: Annotated[int | None, Query(ge=1)] = None) -> Response:
        made = await _thumbnail(path, w) if w else None
        if made:
            response = await small.get_response(made, request.scope)
            response.headers["Content-Type"] = "image/webp"
        else:
            if front.pictures_elsewhere:
                await run_in_threadpool(front.have_picture, path)
            response = await images.get_response(path, request.scope)
        # A picture that could not wait for its thumbnail gets it next time.
        response.headers["Cache-Control"] = "no-cache" if w and not made else DAY
        response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    async def _thumbnail(path: str, width: int) -> str | None:
        """Its name below the folder of thumbnails; null where the picture goes out as it is."""
        promise = thumbnails.ask(path, width_for(width))
        if promise is None:
            return None
        try:
            made = await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(promise)), PATIENCE_S)
        except TimeoutError:
            return None
        return made.relative_to(thumbnails.folder).as_posix() if made else None

    return router
