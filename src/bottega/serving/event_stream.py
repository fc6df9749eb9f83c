"""An answer as server-sent events: each piece when it is there, a sign of life while one is waited for.

Source   https://html.spec.whatwg.org/multipage/server-sent-events.html
Differs  An error that comes before the first piece is an answer like any other; a later one is the event `error`. Who
         goes away ends the answer: of what is left no piece is asked for, but the one that was under way.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any, Protocol

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from bottega.errors import BottegaError

__all__ = ["HEARTBEAT_S", "event_stream", "wants_events"]

HEARTBEAT_S = 10.0
"""Whoever stands between gives a silent connection up after half a minute or so."""
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class SentPiece(Protocol):
    """What is sent."""

    @property
    def event(self) -> str: ...

    @property
    def data(self) -> Mapping[str, Any]: ...


def wants_events(request: Request) -> bool:
    """Whether a request asks for the answer in pieces."""
    kinds = [one.partition(";")[0].strip().lower() for one in request.headers.get("accept", "").split(",")]
    return "text/event-stream" in kinds


async def event_stream(pieces: Iterator[SentPiece], *, heartbeat_s: float = HEARTBEAT_S) -> StreamingResponse:
    """The response. Raises what the first piece raises, unless that takes longer than a heartbeat."""
    first = _ask(pieces)
    done, _ = await asyncio.wait({first}, timeout=heartbeat_s)
    if done:
        first.result()
    return StreamingResponse(_sent(pieces, first, heartbeat_s), media_type="text/event-stream", headers=_HEADERS)


async def _sent(
    pieces: Iterator[SentPiece], waiting: asyncio.Future[SentPiece | None], heartbeat_s: float
) -> AsyncIterator[bytes]:
    try:
        while True:
            done, _ = await asyncio.wait({waiting}, timeout=heartbeat_s)
            if not done:
                yield b": wait\n\n"
                continue
            try:
                piece = waiting.result()
            except BottegaError as error:
                yield _event("error", {"error": error.for_others().as_dict()})
                return
            if piece is None:
                return
            yield _event(piece.event, piece.data)
            waiting = _ask(pieces)
    finally:
        waiting.add_done_callback(lambda _: _close(pieces))


def _ask(pieces: Iterator[SentPiece]) -> asyncio.Future[SentPiece | None]:
    return asyncio.ensure_future(run_in_threadpool(next, pieces, None))


def _close(pieces: Iterator[SentPiece]) -> None:
    close = getattr(pieces, "close", None)
    if close is not None:
        close()


def _event(name: str, data: Mapping[str, Any]) -> bytes:
    """JSON has no line end outside its strings, so that one line of data is enough."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
