"""WooCommerce: the REST API v3 of the shop's own site.

Source   https://woocommerce.github.io/woocommerce-rest-api-docs: pages with X-WP-TotalPages, Basic authentication over
         https with a consumer key and its secret. No limits of its own; what the host puts off is asked again.
         Before version 5.8 it cannot tell what changed (`modified_after`), and every run fetches everything.
Rights   a key that may read, to push one that may write: WooCommerce, Settings, Advanced, REST API.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from bottega.connectors.base import Accepted, Cursor, RowPage, What
from bottega.connectors.web import Reply, Web
from bottega.errors import RequestInvalid
from bottega.reach import Reach

__all__ = ["WooCommerce"]

ROWS = 100
BASE = "/wp-json/wc/v3"


class WooCommerce:
    """One shop on WooCommerce."""

    name = "woocommerce"
    products = "woocommerce-json"
    orders = "woocommerce-orders"

    def __init__(self, address: str, token: str, reach: Reach) -> None:
        key, colon, secret = token.partition(":")
        if not colon or not key or not secret:
            raise RequestInvalid(
                "The token of WooCommerce has no colon.",
                allowed="It is the consumer key and its secret: ck_...:cs_...",
                next_step="Keep it so: `bottega secrets set woocommerce-token`.",
            )
        basic = base64.b64encode(f"{key}:{secret}".encode()).decode()
        self.web = Web(self.name, address, {"Authorization": f"Basic {basic}"}, reach)

    def pages(self, what: What, cursor: Cursor) -> Iterator[RowPage]:
        """Pages of what changed since the last whole run began, in the order of ids, which never changes.

        Whatever changes while pages are read joins the list, perhaps before the place that was reached; so the next run
        asks again from the moment, by the shop's own clock, at which this one began.
        """
        since, page = cursor.get("since"), int(cursor.get("page", 1))
        began = cursor.get("began")
        while True:
            reply = self.web.get(
                f"{BASE}/{what}",
                {
                    "per_page": ROWS,
                    "page": page,
                    "orderby": "id",
                    "order": "asc",
                    "modified_after": since,
                    "dates_are_gmt": "true",
                },
            )
            began = began or _shops_clock(reply)
            rows = [self._whole(what, row) for row in reply.body]
            if _is_last(reply, reply.body, page):
                yield RowPage(rows, {"since": began} if began else {}, _total(reply))
                return
            page += 1
            yield RowPage(rows, {"since": since, "page": page, "began": began}, _total(reply))

    def one(self, what: What, number: str) -> dict[str, Any] | None:
        """A product or an order by its number; None where it is no longer there. A variation brings its product."""
        reply = self.web.call("GET", f"{BASE}/{what}/{number}", refusals=(404,))
        if reply.status == 404:
            return None
        parent = reply.body.get("parent_id") if what == "products" else None
        return self.one(what, str(parent)) if parent else self._whole(what, reply.body)

    def product_of_stock(self, item: str) -> str | None:
        """Stock is told with the product."""
        return item

    def push(self, accepted: list[Accepted]) -> list[str]:
        """Values join the product's attributes, which are asked for first."""
        refused: list[str] = []
        by_product: dict[str, list[Accepted]] = {}
        for one in accepted:
            by_product.setdefault(one.product, []).append(one)
        for number, values in by_product.items():
            path = f"{BASE}/products/{number}"
            there = self.web.call("GET", path, refusals=(404,))
            if there.status == 404:
                refused.append(f"product {number} is not there")
                continue
            attributes: list[dict[str, Any]] = list(there.body.get("attributes") or [])
            for one in values:
                same = next((known for known in attributes if _same(known["name"], one.attribute)), None)
                if same is None:
                    name = one.attribute.replace("_", " ").capitalize()
                    attributes.append({"name": name, "visible": True, "options": [one.value]})
                elif one.value not in same["options"]:
                    same["options"] = [*same["options"], one.value]
            reply = self.web.call("PUT", path, {"attributes": attributes}, refusals=(400,))
            if reply.status == 400:
                refused.append(f"product {number}: {reply.body.get('message', reply.body)}")
        return refused

    def _whole(self, what: What, row: dict[str, Any]) -> dict[str, Any]:
        """A product with its variations, an order with what was given back: each is asked for by itself."""
        if what == "products" and row.get("type") == "variable":
            return {**row, "variations": self._all(f"{BASE}/products/{row['id']}/variations")}
        if what == "orders" and row.get("refunds"):
            return {**row, "refunds": self._all(f"{BASE}/orders/{row['id']}/refunds")}
        return row

    def _all(self, path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        page = 1
        while True:
            reply = self.web.get(path, {"per_page": ROWS, "page": page})
            found += reply.body
            if _is_last(reply, reply.body, page):
                return found
            page += 1


def _is_last(reply: Reply, rows: list[Any], page: int) -> bool:
    pages = reply.headers.get("x-wp-totalpages", "")
    return page >= int(pages) if pages.isdecimal() else len(rows) < ROWS


def _total(reply: Reply) -> int | None:
    total = reply.headers.get("x-wp-total", "")
    return int(total) if total.isdecimal() else None


def _shops_clock(reply: Reply) -> str | None:
    """The moment of an answer by the clock of the shop, two seconds early; None where it does not say."""
    try:
        moment = parsedate_to_datetime(reply.headers.get("date", ""))
    except (ValueError, TypeError):
        return None
    return (moment.astimezone(UTC).replace(tzinfo=None) - timedelta(seconds=2)).isoformat()


def _same(name: str, attribute: str) -> bool:
    return name.removeprefix("pa_").casefold().replace(" ", "_") == attribute.casefold()
