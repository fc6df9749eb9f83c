"""The HTTP door: a FastAPI application over one shop. Ids travel in bodies, never in a path."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from bottega import __version__
from bottega.actions.verbs import VERBS
from bottega.errors import BottegaError
from bottega.serving.http import (
    agent_page,
    catalogue_file,
    check_page,
    check_sent,
    errors,
    health,
    jobs,
    lookbooks,
    metrics,
    own_pages,
    page_scripts,
    session,
    shared,
    unsubscribe,
    videos,
    webhooks,
)
from bottega.serving.http.browsers import Browsers
from bottega.serving.http.callers import gorse, personalize
from bottega.serving.http.door import Door
from bottega.serving.http.fast_lane import FastLane
from bottega.serving.http.meters import Meters
from bottega.serving.http.pack import PackedAnswers
from bottega.serving.http.routes import routes_of
from bottega.serving.http.traffic import Traffic
from bottega.serving.http.unpack import Unpacked
from bottega.serving.tending import tend_beside
from bottega.serving.worker import work_beside
from bottega.shop.answer_log import AnswerLog
from bottega.shop.open_shop import OpenShop

if TYPE_CHECKING:
    from bottega.shop.thumbnails import Thumbnails

__all__ = ["create_app"]

log = structlog.get_logger("bottega")
ABOUT = "Recommendations learnt from the shop's own catalogue and events. Every error has a page in docs/errors.md."


def create_app(shop_folder: Path) -> FastAPI:
    """The application for the shop in a folder. It opens the shop now and lets go of it at shutdown."""
    shop = OpenShop.open(shop_folder, threads=1).warm()
    meters = Meters()
    door = Door(shop, meters, AnswerLog(shop, meters.wrote))
    thumbnails: Thumbnails | None = None

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        door.answers.start()
        refreshing = asyncio.create_task(_keep_fresh(shop))
        try:
            with tend_beside(shop), work_beside(shop.folder) if shop.folder.server.worker else nullcontext():
                yield
        finally:
            refreshing.cancel()
            with suppress(asyncio.CancelledError):
                await refreshing
            door.writer.shutdown()
            door.answers.close()
            if thumbnails:
                thumbnails.close()
            shop.close()

    app = FastAPI(
        title="Bottega",
        version=__version__,
        description=ABOUT,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        responses={
            401: {"model": errors.ErrorAnswer, "description": "The API key is missing or wrong."},
            422: {"model": errors.ErrorAnswer, "description": "A field is unknown or out of range."},
        },
    )
    app.state.door = door
    app.include_router(routes_of(VERBS))
    app.include_router(jobs.router)
    app.include_router(gorse.router)
    app.include_router(personalize.router)
    app.include_router(own_pages.manual)
    app.include_router(catalogue_file.router)
    app.include_router(agent_page.router)
    app.include_router(check_page.router)
    app.include_router(check_sent.router)
    app.include_router(health.router)
    app.include_router(lookbooks.router)
    app.include_router(metrics.router)
    app.include_router(page_scripts.router)
    app.include_router(session.router)
    app.include_router(shared.router)
    app.include_router(unsubscribe.router)
    app.include_router(videos.router)
    app.include_router(webhooks.router)
    if shop.settings.storefront:
        from bottega.serving.storefront.routes import create_router
        from bottega.shop.thumbnails import Thumbnails

        thumbnails = Thumbnails(shop.folder.images, shop.folder.thumbnails)
        app.include_router(create_router(shop, thumbnails))
    else:
        app.include_router(own_pages.landing)
    errors.requires(app, {each.route: each.takes for each in VERBS if each.route})
    errors.install(app)
    app.add_middleware(FastLane, door=door)
    app.add_middleware(PackedAnswers)
    app.add_middleware(Unpacked, max_body_mb=shop.folder.server.max_body_mb)
    of_server = shop.folder.server
    app.add_middleware(
        Traffic, meters=door.meters, max_body_mb=of_server.max_body_mb, body_timeout_s=of_server.body_timeout_s
    )
    visitors = {each.path for each in VERBS if each.visitor}
    app.add_middleware(Browsers, origins=shop.settings.browser_origins, paths=visitors)
    return app


async def _keep_fresh(shop: OpenShop) -> None:
    """Take over what other processes write, for as long as the server runs."""
    while True:
        await asyncio.sleep(shop.folder.server.refresh_s)
        try:
            await run_in_threadpool(shop.refresh)
        except BottegaError as error:
            log.warning("refresh", code=error.code, message=str(error))
        except Exception as error:
            log.error("refresh", exc_info=error)
