"""Doors of several shops: opened when a shop is first asked, closed when nobody asks it, within a budget of memory.

All of it is kept by the event loop; what takes time, opening, closing and taking over news, is done on threads. A door
that somebody uses is never closed. Where a shop's folder was put in the place of another, or its settings were changed,
the next request has it opened anew.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog
from starlette.concurrency import run_in_threadpool

from bottega.errors import BottegaError, ShopUnknown
from bottega.memory import give_back, held_bytes
from bottega.serving.http.door import Door
from bottega.serving.http.time_limit import took_too_long
from bottega.shop.open_shop import OpenShop
from bottega.shop.shops_folder import ShopsFolder

__all__ = ["OpenDoors"]

log = structlog.get_logger("bottega")


@dataclass
class _Kept:
    """A door, open or about to be."""

    stamp: tuple[int, int]
    opening: asyncio.Future[Door]
    asked_s: float
    users: int = 0
    gone: bool = field(default=False)
    """Whether it is to be closed by whoever uses it last."""


class OpenDoors:
    """The doors of a shops folder in one process."""

    def __init__(
        self,
        shops: ShopsFolder,
        make: Callable[[str], Door],
        *,
        memory_mb: float,
        idle_minutes: float,
        patience_s: float = 300.0,
        held: Callable[[], int | None] = held_bytes,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`make` opens a door on a thread, for which nobody waits longer than `patience_s`; `held` is the memory of the
        process in bytes, None where none can tell."""
        self._shops = shops
        self._make = make
        self._budget = memory_mb * 1e6
        self._idle_s = idle_minutes * 60
        self._patience_s = patience_s
        self._held, self._clock = held, clock
        self._kept: dict[str, _Kept] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()
        self._giving = asyncio.Lock()
        self._to_give = 0
        """Doors that were closed since the last time that memory was given back."""
        self._ending = False

    @asynccontextmanager
    async def using(self, name: str) -> AsyncIterator[Door]:
        """The door of a shop, open for as long as the block lasts. Raises `ShopUnknown`, `TookTooLong`, and what
        opening raises."""
        stamp = self._shops.stamp(name)
        kept = self._kept.get(name)
        if kept is not None and kept.stamp != stamp:
            self._forget(name)
            kept = None
        if kept is None:
            opening = asyncio.ensure_future(self._open(name))
            kept = self._kept[name] = _Kept(stamp, opening, self._clock())
        kept.users += 1
        try:
            try:
                async with asyncio.timeout(self._patience_s):
                    door = await asyncio.shield(kept.opening)
            except TimeoutError as error:
                raise took_too_long(self._patience_s, f"Opening the shop {name}") from error
            except Exception:
                if self._kept.get(name) is kept and kept.opening.done():
                    del self._kept[name]
                raise
            yield door
        finally:
            kept.users -= 1
            kept.asked_s = self._clock()
            if kept.gone and not kept.users:
                self._close(name, kept)

    def opened(self) -> dict[str, OpenShop]:
        """The shops that are open now. Other threads may ask."""
        return {name: kept.opening.result().shop for name, kept in list(self._kept.items()) if _is_open(kept)}

    async def tend(self) -> None:
        """Close what nobody asked for long, what is gone, and as much as memory needs; take over news of the rest."""
        now = self._clock()
        for name, kept in list(self._kept.items()):
            if not _is_open(kept) or kept.users:
                continue
            if now - kept.asked_s > self._idle_s or not self._is_as_it_was(name, kept):
                self._forget(name)
        await self.within_budget()
        for name in self.opened():
            try:
                async with self._as_it_stands(name) as door:
                    if door is not None:
                        await run_in_threadpool(door.shop.refresh)
            except BottegaError as error:
                log.warning("refresh", shop=name, code=error.code, message=str(error))
            except Exception as error:
                log.error("refresh", shop=name, exc_info=error)

    async def within_budget(self, *, but: str = "") -> None:
        """Close shops, those first that nobody asked for longest, until memory is within its budget."""
        while (held := self._held()) is not None and held > self._budget:
            idle = [name for name, kept in self._kept.items() if name != but and _is_open(kept) and not kept.users]
            if not idle:
                return
            closing = self._forget(min(idle, key=lambda name: self._kept[name].asked_s))
            if closing is not None:
                await closing

    async def close(self) -> None:
        """Close every door, for good: the process is about to end."""
        self._ending = True
        for name in list(self._kept):
            self._forget(name)
        await self._settled()

    async def _open(self, name: str) -> Door:
        async with self._turn:  # one at a time: the others go on answering meanwhile
            started = self._clock()
            door = await run_in_threadpool(self._make, name)
            log.info("shop", shop=name, state="opened", seconds=round(self._clock() - started, 3))
            await self.within_budget(but=name)
            return door

    @asynccontextmanager
    async def _as_it_stands(self, name: str) -> AsyncIterator[Door | None]:
        """A door that is open, kept open for as long as the block lasts; that counts as no question of anybody."""
        kept = self._kept.get(name)
        if kept is None or not _is_open(kept):
            yield None
            return
        kept.users += 1
        try:
            yield kept.opening.result()
        finally:
            kept.users -= 1
            if kept.gone and not kept.users:
                self._close(name, kept)

    def _is_as_it_was(self, name: str, kept: _Kept) -> bool:
        try:
            return self._shops.stamp(name) == kept.stamp
        except (ShopUnknown, OSError):
            return False

    def _forget(self, name: str) -> asyncio.Task[None] | None:
        """Close a door, now or when its last user has gone; what closes it, where that is now."""
        kept = self._kept.pop(name)
        kept.gone = True
        return None if kept.users else self._close(name, kept)

    def _close(self, name: str, kept: _Kept) -> asyncio.Task[None]:
        task = asyncio.ensure_future(self._closed(name, kept))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
        return task

    async def _closed(self, name: str, kept: _Kept) -> None:
        try:
            door = await kept.opening
        except Exception:  # noqa: BLE001
            return  # it never was open, and whoever asked has heard why
        del kept
        try:
            await run_in_threadpool(door.close)
        except Exception as error:
            log.error("shop", shop=name, exc_info=error)
        del door
        self._to_give += 1
        await self._give_back()
        log.info("shop", shop=name, state="closed")

    async def _give_back(self) -> None:
        """Once for all that were closed by then: it looks through everything, and nobody is answered meanwhile."""
        async with self._giving:
            if self._to_give and not self._ending:
                self._to_give = 0
                await run_in_threadpool(give_back)

    async def _settled(self) -> None:
        while self._closing:
            await asyncio.gather(*self._closing, return_exceptions=True)


def _is_open(kept: _Kept) -> bool:
    return kept.opening.done() and not kept.opening.cancelled() and kept.opening.exception() is None
