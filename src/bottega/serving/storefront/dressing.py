"""The storefront's dressing room: what a product can be tried on by, how it turns, kept pictures, links for friends."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from bottega.actions.closet.picture_shapes import (
    ClosetPictureAnswer,
    ClosetPictureInfo,
    ClosetPicturesAnswer,
    ClosetPicturesQuery,
    ClosetPicturesRemoval,
    ClosetPicturesRemoved,
    KeepPictureRequest,
    ShareAnswer,
    ShareRequest,
    SharesAnswer,
    SharesQuery,
    SharesRemoval,
    SharesRemoved,
    ShowPictureRequest,
)
from bottega.actions.verbs import verb
from bottega.names import ID_MAX
from bottega.serving.file_forms import file_request
from bottega.serving.storefront.shopfront import Shopfront
from bottega.serving.uploads import json_request, photo_request

__all__ = ["create_dressing_router"]

Id = Annotated[str, Query(min_length=1, max_length=ID_MAX)]
_TURN_PX = 384


def create_dressing_router(front: Shopfront) -> APIRouter:
    """The calls below `/shop/api/` of the dressing room."""
    router, shop = APIRouter(), front.shop

    def answered(name: str, asked: Any) -> Response:
        """A verb that draws; it is loaded when it is first asked for."""
        found = verb(name).run(shop, asked)
        return Response(found.model_dump_json(), media_type="application/json", headers={"Cache-Control": "no-store"})

    @router.get("/shop/api/fittings")
    def fittings(product_id: Id) -> Response:
        return answered("fittings", verb("fittings").takes.model_validate({"product_id": product_id}))

    @router.get("/shop/api/turn")
    def turn(product_id: Id) -> Response:
        from bottega.actions.studio.turning.product_turn import product_turn

        found = product_turn(shop, product_id, size=_TURN_PX)
        return Response(found.model_dump_json(), media_type="application/json")

    @router.post("/shop/api/try-on")
    async def try_on(request: Request) -> Response:
        takes: Any = verb("try_on").takes
        form = not request.headers.get("content-type", "").startswith("application/json")
        asked = await (photo_request(request, takes) if form else json_request(request, takes))
        return await run_in_threadpool(answered, "try_on", asked)

    @router.post("/shop/api/dress")
    async def dress(request: Request) -> Response:
        return await run_in_threadpool(answered, "dress", await json_request(request, verb("dress").takes))

    @router.get("/shop/api/closet/pictures")
    def kept(asked: Annotated[ClosetPicturesQuery, Query()]) -> ClosetPicturesAnswer:
        found: ClosetPicturesAnswer = verb("list_closet_pictures").run(shop, asked)
        return found

    @router.post("/shop/api/closet/pictures")
    async def keep(request: Request) -> ClosetPictureInfo:
        asked = await file_request(request, KeepPictureRequest)
        found: ClosetPictureInfo = await run_in_threadpool(verb("keep_closet_picture").run, shop, asked)
        return found

    @router.post("/shop/api/closet/pictures/show")
    def show(body: ShowPictureRequest) -> ClosetPictureAnswer:
        found: ClosetPictureAnswer = verb("show_closet_picture").run(shop, body)
        return found

    @router.post("/shop/api/closet/pictures/remove")
    def take_out(body: ClosetPicturesRemoval) -> ClosetPicturesRemoved:
        found: ClosetPicturesRemoved = verb("remove_closet_pictures").run(shop, body)
        return found

    @router.get("/shop/api/shares")
    def shares(asked: Annotated[SharesQuery, Query()]) -> SharesAnswer:
        found: SharesAnswer = verb("list_shares").run(shop, asked)
        return found

    @router.post("/shop/api/shares")
    async def share(request: Request) -> ShareAnswer:
        asked = await file_request(request, ShareRequest)
        found: ShareAnswer = await run_in_threadpool(verb("share_picture").run, shop, asked)
        return found

    @router.post("/shop/api/shares/remove")
    def take_back(body: SharesRemoval) -> SharesRemoved:
        found: SharesRemoved = verb("revoke_shares").run(shop, body)
        return found

    return router
