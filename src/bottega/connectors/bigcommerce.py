"""BigCommerce: the catalogue API v3 and the orders API v2 of one store.

Source   https://developer.bigcommerce.com/docs/start/best-practices/api-rate-limits: so many requests in 30 seconds;
         every answer says how many are left and when the next ones come. Pages are counted, oldest change first.
Rights   Products read-only and Orders read-only; to push, Products modify.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from bottega.connectors.base import Accepted, Cursor, RowPage, What
from bottega.connectors.web import Reply, Web
from bottega.reach import Reach

__all__ = ["BigCommerce"]

ROWS = {"products": 100, "orders": 200}
LEFT_LEAST = 2
"""With fewer requests left, the next window is waited for."""


class BigCommerce:
    """One store of BigCommerce; its address ends in /stores/HASH."""

    name = "bigcommerce"
    products = "bigcommerce-json"
    orders = "bigcommerce-orders"

    def __init__(self, address: str, token: str, reach: Reach) -> None:
        self.web = Web(self.name, address, {"X-Auth-Token": token}, reach, wait_after=_wait_after)
        self._names: dict[str, dict[int, str]] = {}

    def pages(self, what: What, cursor: Cursor) -> Iterator[RowPage]:
        """Pages of what changed since a time, the oldest change first.

        What changes meanwhile moves to the end and makes the pages before it move up. So every page after the first
        begins at the last change seen; only rows of one and the same second are counted through.
        """
        since, page = cursor.get("since"), int(cursor.get("page", 1))
        while True:
            rows, more = self._products(since, page) if what == "products" else self._orders(since, page)
            last = max((row["date_modified"] for row in rows), key=_sortable, default=since)
            if not more:
                yield RowPage(rows, {"since": last} if last else {})
                return
            page = page + 1 if last == since else 1
            since = last
            yield RowPage(rows, {"since": since, "page": page})

    def one(self, what: What, number: str) -> dict[str, Any] | None:
        """A product or an order by its number; None where it is no longer there."""
        if what == "products":
            path = f"/v3/catalog/products/{number}?include=variants,images,custom_fields"
        else:
            path = f"/v2/orders/{number}?include=consignments.line_items"
        reply = self.web.call("GET", path, refusals=(404,))
        if reply.status == 404:
            return None
        return self._named(reply.body["data"]) if what == "products" else dict(reply.body)

    def product_of_stock(self, item: str) -> str | None:
        """Stock is told with the product."""
        return item

    def push(self, accepted: list[Accepted]) -> list[str]:
        """Values become custom fields; one that is there already stays."""
        refused: list[str] = []
        for one in accepted:
            path = f"/v3/catalog/products/{one.product}/custom-fields"
            name = one.attribute.replace("_", " ").capitalize()
            there = self.web.call("GET", f"{path}?limit=250", refusals=(404,))
            if there.status == 404:
                refused.append(f"product {one.product} is not there")
            elif not any((field["name"], field["value"]) == (name, one.value) for field in there.body["data"]):
                reply = self.web.call("POST", path, {"name": name, "value": one.value}, refusals=(409, 422))
                if reply.status >= 300:
                    refused.append(f"product {one.product}, {name}: {reply.body.get('title', reply.body)}")
        return refused

    def _products(self, since: str | None, page: int) -> tuple[list[dict[str, Any]], bool]:
        reply = self.web.get(
            "/v3/catalog/products",
            {
                "limit": ROWS["products"],
                "page": page,
                "include": "variants,images,custom_fields",
                "sort": "date_modified",
                "direction": "asc",
                "date_modified:min": since,
            },
        )
        shown = reply.body["meta"]["pagination"]
        return [self._named(row) for row in reply.body["data"]], shown["current_page"] < shown["total_pages"]

    def _orders(self, since: str | None, page: int) -> tuple[list[dict[str, Any]], bool]:
        reply = self.web.get(
            "/v2/orders",
            {
                "limit": ROWS["orders"],
                "page": page,
                "sort": "date_modified:asc",
                "include": "consignments.line_items",
                "min_date_modified": since,
            },
        )
        rows: list[dict[str, Any]] = reply.body or []  # 204 without a body where there are none
        return rows, len(rows) == ROWS["orders"]

    def _named(self, row: dict[str, Any]) -> dict[str, Any]:
        """A product with the names of its brand and its categories, which come as numbers."""
        brand = self._name("brands", row.get("brand_id"))
        categories = [self._name("categories", number) for number in row.get("categories") or []]
        named = [{"name": name} for name in categories if name]
        return {**row, **({"brand_name": brand} if brand else {}), **({"categories": named} if named else {})}

    def _name(self, kind: str, number: Any) -> str:
        """All names are fetched once; a number that came since is asked for anew."""
        known = self._names.get(kind)
        if number and (known is None or number not in known):
            self._names[kind] = known = {number: "", **self._all_names(kind)}
        return (known or {}).get(number, "")

    def _all_names(self, kind: str) -> dict[int, str]:
        found: dict[int, str] = {}
        page = 1
        while True:
            body = self.web.get(f"/v3/catalog/{kind}", {"limit": 250, "page": page, "include_fields": "name"}).body
            found |= {one["id"]: one["name"] for one in body["data"]}
            if page >= body["meta"]["pagination"]["total_pages"]:
                return found
            page += 1


def _wait_after(reply: Reply) -> float:
    """Until the next window, where this one is used up."""
    left, reset = (reply.headers.get(f"x-rate-limit-{name}", "") for name in ("requests-left", "time-reset-ms"))
    used_up = left.isdecimal() and int(left) < LEFT_LEAST
    return int(reset) / 1000 if used_up and reset.isdecimal() else 0.0


def _sortable(time: str) -> Any:
    """Times of v3 are ISO 8601, those of v2 are as in mail."""
    return parsedate_to_datetime(time) if "," in time else datetime.fromisoformat(time)
