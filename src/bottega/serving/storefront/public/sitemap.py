"""`sitemap.xml` and `robots.txt` of a public storefront: which pages search engines are asked to read.

Source   https://www.sitemaps.org/protocol.html: at most 50,000 addresses a file, an index above them; RFC 9309.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from html import escape

from bottega.actions.catalogue.site_map import SiteMapRequest, site_map
from bottega.serving.storefront.public.addresses import category_path, product_path
from bottega.shop.open_shop import OpenShop

__all__ = ["SiteMap", "robots"]

KEPT_S = 600.0
"""How long a part is answered as it was made."""
PARTS_KEPT = 8
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_CLOSED = (
    "/v1/",
    "/search",
    "/console",
    "/login",
    "/docs",
    "/check",
    "/agent",
    "/shop/",
    "/shared/",
    "/letters/",
    "/feeds/",
)


def robots(public_url: str) -> str:
    """What robots may read. A shop that was told no address of its own asks to be left alone: it is being tried.

    >>> print(robots("https://shop.example").splitlines()[-1])
    Sitemap: https://shop.example/sitemap.xml
    >>> robots("")
    'User-agent: *\\nDisallow: /\\n'
    """
    if not public_url:
        return "User-agent: *\nDisallow: /\n"
    path = "/" + public_url.partition("://")[2].partition("/")[2] if public_url.count("/") > 2 else ""
    lines = ["User-agent: *", f"Allow: {path}/shop/static/", *(f"Disallow: {path}{one}" for one in _CLOSED)]
    return "\n".join([*lines, "", f"Sitemap: {public_url}/sitemap.xml", ""])


class SiteMap:
    """The sitemap of one shop, in parts."""

    def __init__(self, shop: OpenShop) -> None:
        self._shop = shop
        self._kept: dict[int, tuple[float, str | None]] = {}
        self._lock = threading.Lock()

    def part(self, asked: str) -> str | None:
        """One part by its number, from 1; for "" the index, or all of it where one part holds that. None: there is
        none."""
        if not self._shop.settings.public_url or not (asked == "" or (asked.isascii() and asked.isdigit())):
            return None
        number = int(asked[:6] or 0)
        if asked and not 1 <= number <= 10_000:
            return None
        with self._lock:  # one at a time: whoever asks for all of them at once waits
            until, made = self._kept.get(number, (0.0, None))
            if until < time.monotonic():
                made = self._made(number)
                fresh = sorted(self._kept.items(), key=lambda one: one[1][0])[-PARTS_KEPT + 1 :]
                self._kept = {**dict(fresh), number: (time.monotonic() + KEPT_S, made)}
            return made

    def _made(self, number: int) -> str | None:
        base = self._shop.settings.public_url
        found = site_map(self._shop, SiteMapRequest(part=number or 1))
        if number > found.parts:
            return None
        if number == 0 and found.parts > 1:
            parts = (
                f"<sitemap><loc>{base}/sitemap.xml?part={one}</loc></sitemap>" for one in range(1, found.parts + 1)
            )
            return f"{_HEAD}<sitemapindex {_SPACE}>\n" + "\n".join(parts) + "\n</sitemapindex>\n"
        pages = [_page(f"{base}{category_path(path)}") for path in found.categories]
        pages += [_page(f"{base}{product_path(one.product_id)}", one.updated_at_ms) for one in found.products]
        if number <= 1:
            pages.insert(0, _page(f"{base}/"))
        return f"{_HEAD}<urlset {_SPACE}>\n" + "\n".join(pages) + "\n</urlset>\n"


def _page(address: str, updated_at_ms: int | None = None) -> str:
    """One address; `lastmod` where it is known."""
    told = ""
    if updated_at_ms is not None:
        told = f"<lastmod>{datetime.fromtimestamp(updated_at_ms // 1000, UTC):%Y-%m-%dT%H:%M:%SZ}</lastmod>"
    return f"<url><loc>{escape(address)}</loc>{told}</url>"
