"""Shopify: the Admin API in GraphQL, which counts what a question costs and says how much may still be asked.

Source   https://shopify.dev/docs/api/admin-graphql and .../usage/rate-limits: a leaky bucket of points; every answer
         says what is left (`throttleStatus`). A question that costs more than may be asked at once is asked for fewer.
Rights   read_products, read_orders (read_all_orders for those older than 60 days); write_products to push.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bottega.connectors import shopify_queries as ask
from bottega.connectors.base import Accepted, Cursor, RowPage, What
from bottega.connectors.web import Web
from bottega.errors import PlatformFailed
from bottega.reach import Reach

__all__ = ["Shopify"]

VERSION = "2026-07"
"""Of the API; Shopify keeps each for a year."""
ROWS = {"products": 20, "orders": 25}
"""Of a page. More would cost more than one question may."""
THROUGH_MOST = 20_000
"""Rows that are paged through before the search begins anew at the last change: Shopify's cursors end at 25,000."""
THROTTLED_MOST = 30
"""How often a question may be put off."""
NAMESPACE = "bottega"
"""Of the metafields that are pushed."""
METAFIELDS_AT_ONCE = 25


class Shopify:
    """One shop on Shopify."""

    name = "shopify"
    products = "shopify-json"
    orders = "shopify-orders"

    def __init__(self, address: str, token: str, reach: Reach) -> None:
        self.web = Web(self.name, address, {"X-Shopify-Access-Token": token}, reach)
        self._currency = ""

    def pages(self, what: What, cursor: Cursor) -> Iterator[RowPage]:
        """Pages by the time of change. `after` is Shopify's own cursor within the changes since `since`."""
        since, after, newest = cursor.get("since"), cursor.get("after"), cursor.get("newest")
        through = int(cursor.get("through", 0))
        first, whole = ROWS[what], ask.PRODUCTS if what == "products" else ask.ORDERS
        while True:
            search = f"updated_at:>='{since}'" if since else None
            data, first = self._page(whole, {"after": after, "query": search}, first)
            found = data[what]
            rows = [self._whole(what, row) for row in found["nodes"]]
            newest = max([one["updatedAt"] for one in rows] + [newest or since or ""]) or None
            after = found["pageInfo"]["endCursor"]
            if not found["pageInfo"]["hasNextPage"]:
                yield RowPage(rows, {"since": newest} if newest else {})
                return
            through += len(rows)
            if through >= THROUGH_MOST and newest != since:
                since, after, through = newest, None, 0
            yield RowPage(rows, {"since": since, "after": after, "newest": newest, "through": through})

    def one(self, what: What, number: str) -> dict[str, Any] | None:
        """A product or an order by its number; None where it is no longer there."""
        query, kind = (ask.PRODUCT, "Product") if what == "products" else (ask.ORDER, "Order")
        row = self._ask(query, {"id": f"gid://shopify/{kind}/{number}"})["node"]
        return self._whole(what, row) if row else None

    def product_of_stock(self, item: str) -> str | None:
        """The number of the product that an inventory item belongs to."""
        found = self._ask(ask.STOCK, {"id": f"gid://shopify/InventoryItem/{item}"})["inventoryItem"]
        return str(found["variant"]["product"]["id"]).rsplit("/", 1)[-1] if found and found.get("variant") else None

    def push(self, accepted: list[Accepted]) -> list[str]:
        """Tags become tags of the product, every other attribute a metafield of ours."""
        refused: list[str] = []
        fields = []
        for one in accepted:
            gid = f"gid://shopify/Product/{one.product}"
            if one.attribute == "tags":
                data = self._ask(ask.ADD_TAGS, {"id": gid, "tags": [one.value]})
                refused += _errors(data["tagsAdd"])
            else:
                fields.append({
                    "ownerId": gid,
                    "namespace": NAMESPACE,
                    "key": one.attribute[:64].ljust(2, "_"),
                    "type": "single_line_text_field",
                    "value": one.value,
                })  # fmt: skip
        for start in range(0, len(fields), METAFIELDS_AT_ONCE):
            data = self._ask(ask.SET_METAFIELDS, {"metafields": fields[start : start + METAFIELDS_AT_ONCE]})
            refused += _errors(data["metafieldsSet"])
        return refused

    def _page(self, query: str, variables: Mapping[str, Any], first: int) -> tuple[dict[str, Any], int]:
        """The answer for a page, and how many rows a page may have."""
        while True:
            try:
                return self._ask(query, {**variables, "first": first}), first
            except _TooCostly:
                if first == 1:
                    raise
                first = max(1, first // 2)

    def _whole(self, what: What, row: dict[str, Any]) -> dict[str, Any]:
        """A row with all its variants, or all its lines and refunds; prices with their currency."""
        if what == "orders":
            lines = self._nodes(ask.LINES, row, "lineItems")
            return {**row, "lineItems": {"nodes": lines}, "refunds": self._refunds(row)}
        variants = self._nodes(ask.VARIANTS, row, "variants")
        for variant in variants:
            for price in ("price", "compareAtPrice"):
                if isinstance(variant.get(price), str):
                    variant[price] = {"amount": variant[price], "currencyCode": self._shop_currency()}
        return {**row, "variants": {"nodes": variants}}

    def _refunds(self, order: dict[str, Any]) -> list[dict[str, Any]]:
        """All refunds of an order, each with all its lines."""
        refunds = order["refunds"]
        if len(refunds) >= ask.REFUNDS_AT_ONCE:
            refunds = self._ask(ask.REFUNDS, {"id": order["id"]})["node"]["refunds"]
        return [
            {**one, "refundLineItems": {"nodes": self._nodes(ask.REFUND_LINES, one, "refundLineItems")}}
            for one in refunds
        ]

    def _nodes(self, rest: str, row: dict[str, Any], name: str) -> list[dict[str, Any]]:
        """All that a row's connection holds; `rest` asks for the pages after the first."""
        inside = row[name]
        nodes = list(inside["nodes"])
        while inside["pageInfo"]["hasNextPage"]:
            inside = self._ask(rest, {"id": row["id"], "after": inside["pageInfo"]["endCursor"]})["node"][name]
            nodes += inside["nodes"]
        return nodes

    def _shop_currency(self) -> str:
        if not self._currency:
            self._currency = self._ask(ask.SHOP, {})["shop"]["currencyCode"]
        return self._currency

    def _ask(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The data of an answer; waits where too much was asked. Raises `PlatformFailed`."""
        for _ in range(THROTTLED_MOST):
            reply = self.web.call(
                "POST", f"/admin/api/{VERSION}/graphql.json", {"query": query, "variables": dict(variables)}
            )
            body = reply.body if isinstance(reply.body, dict) else {}
            errors = body.get("errors") or []
            codes = {_code(one) for one in errors} if isinstance(errors, list) else {"?"}
            wait = _wait((body.get("extensions") or {}).get("cost") or {}, throttled="THROTTLED" in codes)
            if "THROTTLED" in codes:
                self.web.wait(wait)
                continue
            if "MAX_COST_EXCEEDED" in codes:
                raise _TooCostly("shopify finds a question too costly for one row.")
            if errors or not isinstance(body.get("data"), dict):
                raise PlatformFailed(
                    f"shopify refuses: {str(errors or body)[:500]}",
                    allowed="The token needs the rights that docs/connectors.md lists.",
                )
            self.web.wait(wait)
            data: dict[str, Any] = body["data"]
            return data
        raise PlatformFailed(
            "shopify put a question off too often.", next_step="Run it again later: it goes on.", again=True
        )


class _TooCostly(PlatformFailed):
    """A question that costs more than may be asked at once."""


def _code(error: Any) -> str:
    return str((error.get("extensions") or {}).get("code", "")) if isinstance(error, dict) else ""


def _wait(cost: Mapping[str, Any], *, throttled: bool) -> float:
    """Seconds until the same question may be asked again."""
    status = cost.get("throttleStatus") or {}
    wanted, left = float(cost.get("requestedQueryCost") or 0), float(status.get("currentlyAvailable") or 0)
    rate = float(status.get("restoreRate") or 0)
    if not status or wanted <= left:
        return 1.0 if throttled else 0.0
    return (wanted - left) / rate if rate > 0 else 1.0


def _errors(answer: Mapping[str, Any]) -> list[str]:
    return [str(one.get("message")) for one in answer.get("userErrors") or []]
