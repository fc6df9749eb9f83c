"""Bodies that come packed (`Content-Encoding: gzip`): unpacked piece by piece, and never beyond the limit on a body.

A few kilobytes may unpack to gigabytes; so no piece is larger than `PIECE_BYTES`, and what goes beyond the setting
`max_body_mb` ends the request. What comes packed in another way, or not whole, is told so.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bottega.serving.http.errors import answer

__all__ = ["Unpacked"]

PIECE_BYTES = 256 * 1024
_GZIP = 31
"""How zlib calls gzip with the largest window."""
_PACKED = ("gzip", "x-gzip")
_PLAIN = ("", "identity")


class Unpacked:
    """Middleware for HTTP requests with a packed body; anything else passes."""

    def __init__(self, app: ASGIApp, *, max_body_mb: float) -> None:
        self._app = app
        self._limit = int(max_body_mb * 1e6)
        self._refusal = f"The body unpacks to more than {max_body_mb:g} MB; send less at a time or raise max_body_mb."

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        packed = _encoding(scope) if scope["type"] == "http" else ""
        if packed in _PLAIN:
            await self._app(scope, receive, send)
            return
        if packed not in _PACKED:
            refusal = answer(
                415,
                "encoding_unknown",
                f"The body came with Content-Encoding {packed!r}.",
                "It may be packed by gzip, or not at all.",
                "Send it as it is, or with `Content-Encoding: gzip`.",
            )
            await refusal(scope, receive, send)
            return
        scope = {**scope, "headers": list(scope["headers"])}
        headers = MutableHeaders(scope=scope)
        del headers["content-encoding"]
        del headers["content-length"]
        pieces = self._pieces(receive)

        async def unpacked() -> Message:
            async for message in pieces:
                return message
            return await receive()  # the body is over: what comes now is that the caller has gone

        await self._app(scope, unpacked, send)

    async def _pieces(self, receive: Receive) -> AsyncIterator[Message]:
        stream, size, started = zlib.decompressobj(_GZIP), 0, False
        while True:
            message = await receive()
            if message["type"] != "http.request":
                yield message
                return
            waiting = message.get("body", b"")
            while waiting or stream.unconsumed_tail:
                if stream.eof:  # gzip files may stand one behind another
                    stream = zlib.decompressobj(_GZIP)
                try:
                    piece = stream.decompress(waiting, PIECE_BYTES)
                except zlib.error as error:
                    raise HTTPException(400, f"The body is no gzip, though its header says so ({error}).") from error
                started = True
                waiting = stream.unconsumed_tail or stream.unused_data
                size += len(piece)
                if size > self._limit:
                    raise HTTPException(413, self._refusal)
                if piece:
                    yield {"type": "http.request", "body": piece, "more_body": True}
            if not message.get("more_body"):
                if started and not stream.eof:
                    raise HTTPException(400, "The gzip of the body breaks off before its end; send it again, whole.")
                yield {"type": "http.request", "body": b"", "more_body": False}
                return


def _encoding(scope: Scope) -> str:
    given = [value for name, value in scope["headers"] if name == b"content-encoding"]
    return b",".join(given).decode("latin-1").strip().lower()
