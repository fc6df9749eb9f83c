"""Files of a storefront's pages, at `/shop/static/`: under an address that changes with them, browsers keep them."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.staticfiles import StaticFiles

__all__ = ["PageFiles"]

ALWAYS = "public, max-age=31536000, immutable"


class PageFiles:
    """Those of one folder."""

    def __init__(self, folder: Path) -> None:
        files = sorted(folder.iterdir())
        self.version = sha256(b"\0".join(path.name.encode() + path.read_bytes() for path in files)).hexdigest()[:12]
        """What the files are, in a word: other files have another address."""
        self.router = APIRouter(include_in_schema=False)
        static = StaticFiles(directory=folder)

        @self.router.api_route("/shop/static/{name:path}", methods=["GET", "HEAD"])
        async def static_file(name: str, request: Request) -> Response:
            named, _, rest = name.partition("/")
            lasting = named == self.version and rest
            response = await static.get_response(rest if lasting else name, request.scope)
            response.headers["Cache-Control"] = ALWAYS if lasting else "no-cache"
            return response
