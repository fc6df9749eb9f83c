"""`GET /pixel.js` and `GET /assistant.js`: scripts of the shop's pages (beside this file), without their comments."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from fastapi import APIRouter, Request, Response

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_HEADERS = {
    "Cache-Control": "public, max-age=3600, stale-while-revalidate=86400",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Vary": "Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
}


class _Script(NamedTuple):
    plain: bytes
    packed: bytes
    tag: str


@router.api_route("/pixel.js", methods=["GET", "HEAD"])
async def pixel(request: Request) -> Response:
    """Open without a key: the key stands in the page that loads it."""
    return _answer("pixel.js", request)


@router.api_route("/assistant.js", methods=["GET", "HEAD"])
async def assistant(request: Request) -> Response:
    """The same: the talk in a panel."""
    return _answer("assistant.js", request)


def _answer(name: str, request: Request) -> Response:
    script = _script(name)
    headers = {**_HEADERS, "ETag": script.tag}
    asked = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    if script.tag in asked or "*" in asked:
        return Response(status_code=304, headers=headers)
    content = script.plain
    if _takes_gzip(request.headers.get("accept-encoding", "")):
        content, headers = script.packed, {**headers, "Content-Encoding": "gzip"}
    return Response(content, media_type="text/javascript", headers=headers)


@cache
def _script(name: str) -> _Script:
    lines = (line.strip() for line in Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines())
    plain = "\n".join(line for line in lines if line and not line.startswith("//")).encode() + b"\n"
    return _Script(plain, gzip.compress(plain, 9, mtime=0), f'"{hashlib.sha256(plain).hexdigest()[:16]}"')


def _takes_gzip(accepted: str) -> bool:
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
