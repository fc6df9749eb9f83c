"""`GET /pixel.js`, `/assistant.js`, `/dressing-room.js`: scripts of the shop's pages, sent without their comments.

They lie beside this file. What the larger two share, `page_kit.js`, stands in front of each within one function, so
that a page gets one file and none of their names.
"""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from fastapi import APIRouter, Request, Response

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_KIT = "page_kit.js"
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


@router.api_route("/dressing-room.js", methods=["GET", "HEAD"])
async def dressing_room(request: Request) -> Response:
    """The same: a product tried on, on a model, turned."""
    return _answer("dressing-room.js", request)


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
    text = _bare(name) if name == "pixel.js" else f'(() => {{\n"use strict";\n{_bare(_KIT)}{_bare(name)}}})();\n'
    plain = text.encode()
    return _Script(plain, gzip.compress(plain, 9, mtime=0), f'"{hashlib.sha256(plain).hexdigest()[:16]}"')


def _bare(name: str) -> str:
    """A file without blank lines, indents, and lines that are comments."""
    lines = (line.strip() for line in Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("//"))


def _takes_gzip(accepted: str) -> bool:
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
