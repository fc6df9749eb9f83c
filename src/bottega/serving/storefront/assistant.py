"""The storefront's talk: what /v1/assistant and /v1/assistant/lines answer, without a key."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from bottega.actions.assistant.listen_shapes import ListenAnswer, ListenRequest
from bottega.actions.assistant.shapes import AssistantRequest
from bottega.actions.verbs import verb
from bottega.serving.event_stream import event_stream, wants_events
from bottega.serving.uploads import json_request, photo_request
from bottega.shop.open_shop import OpenShop

__all__ = ["create_assistant_router"]


def create_assistant_router(shop: OpenShop) -> APIRouter:
    """The calls `/shop/api/assistant` and `/shop/api/assistant/lines`."""
    router = APIRouter()
    talk, listen = verb("assistant"), verb("listen")

    @router.post("/shop/api/assistant")
    async def assistant(request: Request) -> Response:
        is_json = request.headers.get("content-type", "").startswith("application/json")
        asked = await (json_request if is_json else photo_request)(request, AssistantRequest)
        if wants_events(request):
            return await event_stream(talk.in_pieces(shop, asked))
        answer = await run_in_threadpool(talk.run, shop, asked)
        return Response(answer.model_dump_json(), media_type="application/json")

    @router.post("/shop/api/assistant/lines")
    def lines(body: ListenRequest) -> ListenAnswer:
        answer: ListenAnswer = listen.run(shop, body)
        return answer

    return router
