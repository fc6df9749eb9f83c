"""The public storefront: pages for shoppers and search engines, made on the server, the same for everybody.

They show what anybody may know, and hold a publishable key; what is a visitor's own is asked by their browser with that
key, and so by no other rights than it has (docs/keys.md). None of the calls of the developer's window is here.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import structlog
from fastapi import APIRouter, Request
from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from bottega.errors import BottegaError, NotFound, RateExceeded
from bottega.serving.shop_pictures import ShopPictures
from bottega.serving.storefront.page_files import PageFiles
from bottega.serving.storefront.pictures import create_pictures_router
from bottega.serving.storefront.public.addresses import product_path
from bottega.serving.storefront.public.pages import NoSuchPage, PageGone, PageMoved, Pages, PublicPage
from bottega.serving.storefront.public.sitemap import SiteMap, robots
from bottega.serving.storefront.shopfront import Shopfront
from bottega.serving.visitor_limit import VisitorLimit
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures.thumbnails import WIDTHS

__all__ = ["PublicPages"]

log = structlog.get_logger("bottega")
HERE = Path(__file__).parent
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' http: https: data: blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Content-Security-Policy of every page: no script runs but this server's own files, and no style that stands in a
page. Pictures may lie where the catalogue says; `blob:` is a photo that a visitor shows the assistant."""
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cache-Control": "no-cache",
}


class PublicPages:
    """The public storefront of one shop."""

    def __init__(self, shop: OpenShop, limit: VisitorLimit) -> None:
        self._shop, self._limit = shop, limit
        self._files = PageFiles(HERE / "static")
        self._pages = Pages(Shopfront(shop))
        self._site_map = SiteMap(shop)
        self._templates = Environment(
            loader=PackageLoader("bottega.serving.storefront.public"),
            autoescape=select_autoescape(default=True),
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals["product_path"] = product_path

    def router(self, pictures: ShopPictures) -> APIRouter:
        """Its routes: pages, their files and pictures, and what search engines ask for."""
        router = APIRouter(include_in_schema=False)
        router.include_router(self._files.router)
        router.include_router(create_pictures_router(pictures))
        pages: dict[str, Callable[[Request], PublicPage]] = {
            "/": self._pages.home,
            "/category": self._pages.category,
            "/product": self._pages.product,
            "/search": self._pages.search,
        }
        for path, make in pages.items():
            router.add_api_route(path, self._answering(make), methods=["GET", "HEAD"])

        @router.api_route("/sitemap.xml", methods=["GET", "HEAD"])
        def sitemap(request: Request) -> Response:
            self._limit.count(request.scope)
            made = self._site_map.part(request.query_params.get("part", ""))
            return self.nothing_here(request) if made is None else Response(made, media_type="application/xml")

        @router.api_route("/robots.txt", methods=["GET", "HEAD"])
        def robots_txt() -> PlainTextResponse:
            return PlainTextResponse(robots(self._shop.settings.public_url))

        return router

    def nothing_here(self, request: Request) -> Response:
        """The page of an address at which nothing stands."""
        return self._told(request, "not_here", 404)

    def _answering(self, make: Callable[[Request], PublicPage]) -> Callable[[Request], Any]:
        def answer(request: Request) -> Response:
            try:
                self._limit.count(request.scope)
                shown = make(request)
                return self._page(request, shown.template, shown.fields)
            except PageMoved as moved:
                return RedirectResponse(moved.address, 302, headers={"Cache-Control": "no-cache"})
            except PageGone as gone:
                return self._told(request, "gone", 410, **gone.fields)
            except (NoSuchPage, NotFound):
                return self.nothing_here(request)
            except RateExceeded as error:
                return self._told(request, "too_much", 429, retry_after_s=error.retry_after_s)
            except BottegaError as error:
                log.warning("page", route=request.url.path, code=error.code, message=str(error))
                return self._told(request, "trouble", error.status, retry_after_s=error.retry_after_s)

        async def page(request: Request) -> Response:
            return await run_in_threadpool(answer, request)

        return page

    def _page(self, request: Request, template: str, fields: dict[str, Any]) -> Response:
        """A page, or 304 where the browser has it."""
        text = self._templates.get_template(template).render(**self._frame(request), **self._pages.frame(), **fields)
        tag = f'W/"{sha256(text.encode()).hexdigest()[:20]}"'
        headers = {**_HEADERS, "ETag": tag}
        if tag in [one.strip() for one in request.headers.get("if-none-match", "").split(",")]:
            return Response(status_code=304, headers=headers)
        return HTMLResponse(text, headers=headers)

    def _told(self, request: Request, what: str, status: int, *, retry_after_s: int = 0, **fields: Any) -> Response:
        """A page that says why there is no other. It asks the store nothing but what was found before."""
        bare: dict[str, Any] = {"what": what, "words": self._pages.words, "name": self._pages.front.name, "cards": ()}
        bare |= {"links": self._shop.settings.storefront_links, **fields}
        text = self._templates.get_template("told.html").render(**self._frame(request), **bare)
        headers = {**_HEADERS, "Cache-Control": "no-store"}
        if retry_after_s:
            headers["Retry-After"] = str(retry_after_s)
        return HTMLResponse(text, status_code=status, headers=headers)

    def _frame(self, request: Request) -> dict[str, Any]:
        root = str(request.scope.get("root_path", ""))
        return {
            "root": root,
            "files": f"{root}/shop/static/{self._files.version}",
            "language": self._pages.language,
            "widths": WIDTHS,
        }
