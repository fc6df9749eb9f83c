"""The HTTP door: a FastAPI application over one shop, or over several. Ids travel in bodies, never in a path."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from functools import cache
from pathlib import Path
from typing import Any

import structlog
from fastapi import APIRouter, FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute
from starlette.types import Scope

from bottega import __version__
from bottega.actions.verbs import VERBS
from bottega.errors import BottegaError
from bottega.memory import trim
from bottega.serving.http import (
    agent_page,
    catalogue_file,
    check_page,
    check_sent,
    errors,
    feeds,
    health,
    jobs,
    lookbooks,
    metrics,
    own_pages,
    page_scripts,
    reports,
    session,
    shared,
    unsubscribe,
    videos,
    webhooks,
)
from bottega.serving.http.browsers import Browsers
from bottega.serving.http.callers import gorse, personalize
from bottega.serving.http.console_door import ConsoleDoor
from bottega.serving.http.door import DOOR, Door
from bottega.serving.http.fast_lane import FastLane
from bottega.serving.http.lists import warm_lists
from bottega.serving.http.meters import Meters
from bottega.serving.http.open_doors import OpenDoors
from bottega.serving.http.pack import PackedAnswers
from bottega.serving.http.pages_of_shop import PagesOfShop
from bottega.serving.http.routes import routes_of
from bottega.serving.http.traffic import Traffic
from bottega.serving.http.unpack import Unpacked
from bottega.serving.http.which_shop import WhichShop
from bottega.serving.rounds import tend_beside_shops, work_beside_shops
from bottega.serving.tending import tend_beside
from bottega.serving.worker import work_beside
from bottega.settings import ServerSettings
from bottega.shop.doors.key_directory import KeyDirectory
from bottega.shop.open_shop import OpenShop
from bottega.shop.shops_folder import ShopsFolder

__all__ = ["create_app", "create_app_of_shops"]

log = structlog.get_logger("bottega")
TRIM_S = 60.0
"""Seconds between two returns of free memory to the system, of a few milliseconds each."""
KEYS_AGAIN_S = 5.0
"""Seconds between two looks at the keys of all shops that nobody asked for."""
ABOUT = "Recommendations learnt from the shop's own catalogue and events. Every error has a page in docs/errors.md."
_REFUSALS: dict[int | str, dict[str, Any]] = {
    401: {"model": errors.ErrorAnswer, "description": "The API key is missing or wrong."},
    422: {"model": errors.ErrorAnswer, "description": "A field is unknown or out of range."},
}

_Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(shop_folder: Path) -> FastAPI:
    """The application for the shop in a folder. It opens the shop now and lets go of it at shutdown."""
    shop = OpenShop.open(shop_folder, threads=1).warm()
    server = shop.folder.server
    door = Door.of(shop, Meters())

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        door.answers.start()
        try:
            with tend_beside(shop), work_beside(shop.folder) if server.worker else nullcontext():
                async with _kept_up(server.refresh_s, lambda: run_in_threadpool(shop.refresh)):
                    yield
        finally:
            door.close()

    app = _application(lifespan, [door.pages or own_pages.landing])
    app.state.door = door
    _wrap(app, door.meters, server, lambda _: shop.settings.browser_origins)
    return app


def create_app_of_shops(folder: Path) -> FastAPI:
    """The application for all shops of a shops folder. Each is opened when it is first asked, and closed when idle."""
    shops = ShopsFolder.open(folder)
    server, meters, directory = shops.server, Meters(shop=""), KeyDirectory(shops)
    directory.read(at_least_s=0)
    _warm_libraries(shops)

    def make(name: str) -> Door:
        shop = OpenShop.open(shops.folder(name), threads=1).warm()
        try:
            door = Door.of(shop, Meters(of=meters, shop=name))
            door.answers.start()
            warm_lists(shop)
            shop.settle()
        except BaseException:
            shop.close()
            raise
        return door

    doors = OpenDoors(
        shops,
        make,
        memory_mb=server.shops_memory_mb,
        idle_minutes=server.shops_idle_minutes,
        patience_s=server.answer_timeout_s,
    )

    async def tend() -> None:
        await run_in_threadpool(directory.read, at_least_s=KEYS_AGAIN_S)
        await doors.tend()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        try:
            with (
                tend_beside_shops(shops, doors.opened),
                work_beside_shops(shops, doors.opened) if server.worker else nullcontext(),
            ):
                async with _kept_up(server.refresh_s, tend):
                    yield
        finally:
            await doors.close()

    def origins(scope: Scope) -> Collection[str]:
        door: Door | None = scope.get(DOOR)  # a browser asks without a key first, whether it may ask with one
        return directory.origins if door is None else door.shop.settings.browser_origins

    app = _application(lifespan, [own_pages.landing])
    app.router.routes.insert(0, PagesOfShop())
    app.state.meters, app.state.doors = meters, doors
    _wrap(app, meters, server, origins)
    app.add_middleware(WhichShop, shops=shops, directory=directory, doors=doors)
    return app


def _warm_libraries(shops: ShopsFolder) -> None:
    """Load and compile what lists are made with, by one shop that is let go of again, before anybody waits for it."""
    trained = [name for name in shops.names() if (shops.root / name / "models").is_dir()]
    for name in trained[:1] or shops.names()[:1]:
        try:
            with OpenShop.open(shops.folder(name), threads=1) as shop:
                warm_lists(shop.warm())
        except BottegaError as error:  # whoever asks that shop will hear of it
            log.warning("shop", shop=name, code=error.code, message=str(error))


def _application(lifespan: _Lifespan, pages: Iterable[APIRouter]) -> FastAPI:
    """Every route there is, and these pages."""
    app = FastAPI(
        title="Bottega",
        version=__version__,
        description=ABOUT,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        responses=_REFUSALS,
    )
    app.router.routes.extend(_every_route())
    for each in pages:
        app.include_router(each)
    errors.requires(app, {each.route: each.takes for each in VERBS if each.route})
    errors.install(app)
    return app


@cache
def _every_route() -> list[BaseRoute]:
    """The routes of any shop. They know none before a request comes, so a process makes them once, for all its
    applications."""
    every = APIRouter(responses=_REFUSALS)
    every.include_router(routes_of(VERBS))
    every.include_router(jobs.router)
    every.include_router(gorse.router)
    every.include_router(personalize.router)
    every.include_router(own_pages.manual)
    every.include_router(catalogue_file.router)
    every.include_router(agent_page.router)
    every.include_router(check_page.router)
    every.include_router(check_sent.router)
    every.include_router(feeds.router)
    every.include_router(health.router)
    every.include_router(lookbooks.router)
    every.include_router(metrics.router)
    every.include_router(page_scripts.router)
    every.include_router(reports.router)
    every.include_router(session.router)
    every.include_router(shared.router)
    every.include_router(unsubscribe.router)
    every.include_router(videos.router)
    every.include_router(webhooks.router)
    return [*every.routes, ConsoleDoor()]


def _wrap(app: FastAPI, meters: Meters, server: ServerSettings, origins: Callable[[Scope], Collection[str]]) -> None:
    """What every request passes on its way in, the last one named first."""
    app.add_middleware(FastLane)
    app.add_middleware(PackedAnswers)
    app.add_middleware(Unpacked, max_body_mb=server.max_body_mb)
    app.add_middleware(
        Traffic,
        meters=meters,
        max_body_mb=server.max_body_mb,
        body_timeout_s=server.body_timeout_s,
        answer_timeout_s=server.answer_timeout_s,
    )
    app.add_middleware(Browsers, origins=origins, paths={each.path for each in VERBS if each.visitor})


@asynccontextmanager
async def _kept_up(refresh_s: float, refresh: Callable[[], Awaitable[object]]) -> AsyncIterator[None]:
    """For as long as the block lasts, take over what other processes write, and return memory that is free."""
    async with (
        _again_and_again(refresh_s, refresh),
        _again_and_again(TRIM_S, lambda: run_in_threadpool(trim)),
    ):
        yield


@asynccontextmanager
async def _again_and_again(every_s: float, work: Callable[[], Awaitable[object]]) -> AsyncIterator[None]:
    """Do this every so many seconds, for as long as the block lasts; what goes wrong is logged, and tried again."""

    async def keep_on() -> None:
        while True:
            await asyncio.sleep(every_s)
            try:
                await work()
            except BottegaError as error:
                log.warning("refresh", code=error.code, message=str(error))
            except Exception as error:
                log.error("refresh", exc_info=error)

    beside = asyncio.create_task(keep_on())
    try:
        yield
    finally:
        beside.cancel()
        with suppress(asyncio.CancelledError):
            await beside
