"""The shop's own pictures over HTTP, as they are or as thumbnails of a width: for its storefront and its console."""

from __future__ import annotations

import asyncio
import threading
from functools import cached_property
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bottega.shop.folder import ShopFolder

if TYPE_CHECKING:
    from bottega.shop.pictures.thumbnails import Thumbnails

__all__ = ["ShopPictures"]

PATIENCE_S = 3.0
"""How long a thumbnail may take; then the picture goes out as it is."""


class ShopPictures:
    """Those of one shop. What makes thumbnails is loaded when the first is asked for."""

    def __init__(self, folder: ShopFolder) -> None:
        self._folder = folder
        self._whole = StaticFiles(directory=folder.images, check_dir=False)
        self._small = StaticFiles(directory=folder.thumbnails, check_dir=False)
        self._loading = threading.Lock()

    @cached_property
    def thumbnails(self) -> Thumbnails:
        """What makes and keeps them."""
        from bottega.shop.pictures.thumbnails import Thumbnails

        return Thumbnails(self._folder.images, self._folder.thumbnails)

    async def answer(self, path: str, width: int | None, scope: Scope, *, kept: str) -> Response:
        """The picture that products name so, of the least thumbnails' width that has as many pixels; `kept` is its
        Cache-Control. Raises starlette's 404 where there is none."""
        made = await self._thumbnail(path, width) if width else None
        if made:
            response = await self._small.get_response(made, scope)
            response.headers["Content-Type"] = "image/webp"
        else:
            if self._folder.lies_elsewhere:
                await run_in_threadpool(self._folder.have_picture, path)
            response = await self._whole.get_response(path, scope)
        # A picture that could not wait for its thumbnail gets it next time.
        response.headers["Cache-Control"] = "no-cache" if width and not made else kept
        response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    def close(self) -> None:
        """End the thread that makes thumbnails, where there is one."""
        if "thumbnails" in self.__dict__:
            self.thumbnails.close()

    def _load(self) -> None:
        with self._loading:
            _ = self.thumbnails

    async def _thumbnail(self, path: str, width: int) -> str | None:
        """Its name below the folder of thumbnails; null where the picture goes out as it is."""
        if "thumbnails" not in vars(self):  # loading takes long, and others are answered meanwhile
            await run_in_threadpool(self._load)
        from bottega.shop.pictures.thumbnails import width_for

        promise = self.thumbnails.ask(path, width_for(width))
        if promise is None:
            return None
        try:
            made = await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(promise)), PATIENCE_S)
        except TimeoutError:
            return None
        return made.relative_to(self.thumbnails.folder).as_posix() if made else None
