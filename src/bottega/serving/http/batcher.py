"""Answers requests that wait together in one batch: the models score ten shoppers for little more than one.

Nobody waits for company: a request that finds the worker idle goes at once, and those that come meanwhile go together.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from bottega.actions.recommend.recommend import recommend_many
from bottega.actions.recommend.shapes import RecommendationAnswer, RecommendationRequest
from bottega.errors import BottegaError
from bottega.shop.open_shop import OpenShop

__all__ = ["BATCH_MAX", "Batcher"]

BATCH_MAX = 16
"""Most requests answered at once, so that nobody waits for a long batch."""

_Waiting = tuple[RecommendationRequest, "asyncio.Future[RecommendationAnswer]"]


class Batcher:
    """A queue on the event loop and one thread that works it off."""

    def __init__(self, shop: OpenShop) -> None:
        self._shop = shop
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="answers")
        self._waiting: list[_Waiting] = []
        self._task: asyncio.Task[None] | None = None

    async def ask(self, request: RecommendationRequest) -> RecommendationAnswer:
        """The answer to one request; raises what `recommend` raises."""
        future: asyncio.Future[RecommendationAnswer] = asyncio.get_running_loop().create_future()
        self._waiting.append((request, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work_off())
        return await future

    def close(self) -> None:
        """Let the thread end."""
        self._pool.shutdown(wait=True)

    async def _work_off(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = self._waiting[:BATCH_MAX], self._waiting[BATCH_MAX:]
            try:
                answers = await loop.run_in_executor(self._pool, recommend_many, self._shop, [r for r, _ in batch])
            except Exception as error:  # noqa: BLE001 - whoever waits must hear of it, whatever it is
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
                continue
            for (_, future), answer in zip(batch, answers, strict=True):
                if future.done():  # the client went away
                    continue
                if isinstance(answer, BottegaError):
                    future.set_exception(answer)
                else:
                    future.set_result(answer)
