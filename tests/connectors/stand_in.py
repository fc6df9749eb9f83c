"""Stand-ins for the APIs of shop platforms, on this machine: their pages, their limits, their errors, as documented.

Written from https://shopify.dev/docs/api/admin-graphql, https://woocommerce.github.io/woocommerce-rest-api-docs and
https://developer.bigcommerce.com/docs; nothing here ever asks them.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

__all__ = ["BigCommerceStandIn", "Fault", "ShopifyStandIn", "StandIn", "WooCommerceStandIn", "moment"]

START = datetime(2026, 1, 1, tzinfo=UTC)


def moment(number: int) -> datetime:
    """A time that grows with a number."""
    return START + timedelta(seconds=number)


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one call: a status with headers, or an answer that breaks off."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False


@dataclass
class StandIn:
    """A server whose answers `answer` makes. `faults`: number of the call (from 1) -> what goes wrong with it."""

    faults: dict[int, Fault] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    """What was asked -> how often."""
    times: list[float] = field(default_factory=list)
    """When each call came."""
    address: str = ""
    clock: int = 0
    """What its clock says, as `moment` counts; never before its newest change."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, method: str, path: str, query: dict[str, str], headers: Mapping[str, str], body: Any) -> Any:
        """Status, headers and body of an answer."""
        raise NotImplementedError

    @contextmanager
    def running(self) -> Iterator[StandIn]:
        """The server, for as long as the block lasts."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        self.address = f"http://127.0.0.1:{server.server_port}"
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def _handler(stand_in: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            content = self.rfile.read(length)
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            with stand_in.lock:
                stand_in.times.append(time.monotonic())
                fault = stand_in.faults.get(len(stand_in.times), Fault())
                if fault.status != 200:
                    status, more, body = fault.status, dict(fault.headers), b"Bad Gateway"
                else:
                    status, more, found = stand_in.answer(
                        self.command, parts.path, query, headers, json.loads(content) if content else None
                    )
                    body = b"" if found is None else json.dumps(found).encode()
            self.send_response_only(status)
            said = {"Content-Type": "application/json", "Date": format_datetime(moment(stand_in.clock), usegmt=True)}
            for name, value in {**said, **more}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if fault.cut else body)
            self.close_connection = True

        do_GET = do_POST = do_PUT = _any

        def log_message(self, *_: Any) -> None:
            return

    return Handler


@dataclass
class ShopifyStandIn(StandIn):
    """The Admin API in GraphQL, as far as the connector asks it."""

    token: str = "shpat_test"
    products: dict[str, dict[str, Any]] = field(default_factory=dict)
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    bucket: float = 2000.0
    restore_rate: float = 100_000.0
    most: float = 1000.0
    metafields: list[dict[str, Any]] = field(default_factory=list)
    tags: list[tuple[str, str]] = field(default_factory=list)
    _in_order: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Rows by the time of change, until another comes."""
    _left: float = 2000.0
    _at: float = 0.0

    def product(
        self, number: int, *, changed: int, variants: int = 2, skus: Callable[[int], str] | None = None
    ) -> None:
        """Put a product there, or another state of it."""
        nodes = [
            {
                "id": f"gid://shopify/ProductVariant/{number * 1000 + place}",
                "sku": skus(place) if skus else f"SKU-{number}-{place}",
                "barcode": None,
                "price": f"{10 + number % 50}.50",
                "compareAtPrice": None,
                "availableForSale": True,
                "inventoryQuantity": 5,
                "inventoryPolicy": "DENY",
                "selectedOptions": [{"name": "Size", "value": f"S{place}"}],
                "image": None,
                "inventoryItem": {"id": f"gid://shopify/InventoryItem/{number * 1000 + place}", "tracked": True},
            }
            for place in range(variants)
        ]
        self._put(self.products, {
            "id": f"gid://shopify/Product/{number}",
            "handle": f"thing-{number}",
            "title": f"Thing number {number}",
            "descriptionHtml": "<p>A thing</p>",
            "vendor": "Nord",
            "productType": "Things",
            "status": "ACTIVE",
            "tags": ["new"],
            "updatedAt": moment(changed).isoformat().replace("+00:00", "Z"),
            "publishedAt": "2026-01-01T00:00:00Z",
            "onlineStoreUrl": f"https://shop.example/products/thing-{number}",
            "category": {"fullName": "Home > Things"},
            "media": {"nodes": []},
            "variants": nodes,
        })  # fmt: skip

    def order(
        self,
        number: int,
        *,
        changed: int,
        products: list[int],
        customer: int,
        cancelled: bool = False,
        refunds: Sequence[Sequence[int]] = (),
    ) -> None:
        """Put an order there, one line a product, or another state of it; `refunds`: the lines each gave back."""
        at = moment(changed).isoformat().replace("+00:00", "Z")
        lines = [
            {
                "id": f"gid://shopify/LineItem/{number * 100 + place}",
                "sku": f"SKU-{product}-0",
                "quantity": 1,
                "variant": {
                    "id": f"gid://shopify/ProductVariant/{product * 1000}",
                    "sku": f"SKU-{product}-0",
                    "selectedOptions": [{"name": "Size", "value": "S0"}],
                },
                "product": {"id": f"gid://shopify/Product/{product}", "handle": f"thing-{product}"},
                "originalUnitPriceSet": {"shopMoney": {"amount": "10.50", "currencyCode": "EUR"}},
            }
            for place, product in enumerate(products)
        ]
        self._put(self.orders, {
            "id": f"gid://shopify/Order/{number}",
            "name": f"#{number}",
            "createdAt": moment(number).isoformat().replace("+00:00", "Z"),
            "updatedAt": at,
            "cancelledAt": at if cancelled else None,
            "displayFinancialStatus": "PAID",
            "test": False,
            "email": f"c{customer}@shop.example",
            "customer": {"id": f"gid://shopify/Customer/{customer}", "email": f"c{customer}@shop.example"},
            "lineItems": lines,
            "refunds": [
                {
                    "id": f"gid://shopify/Refund/{number * 1000 + place}",
                    "createdAt": at,
                    "refundLineItems": [
                        {
                            "id": f"gid://shopify/RefundLineItem/{(number * 1000 + place) * 1000 + line}",
                            "quantity": 1,
                            "lineItem": {"id": lines[line]["id"]},
                        }
                        for line in given_back
                    ],
                }
                for place, given_back in enumerate(refunds)
            ],
        })  # fmt: skip

    def _put(self, rows: dict[str, dict[str, Any]], row: dict[str, Any]) -> None:
        rows[row["id"]] = row
        self._in_order.clear()

    def answer(self, method: str, path: str, query: dict[str, str], headers: Mapping[str, str], body: Any) -> Any:
        if headers.get("x-shopify-access-token") != self.token:
            return 401, {}, {"errors": "[API] Invalid API key or access token"}
        assert method == "POST" and re.fullmatch(r"/admin/api/\d{4}-\d\d/graphql.json", path)
        found = re.search(r"(query|mutation) (\w+)", body["query"])
        assert found is not None
        name, given = found[2], body["variables"]
        self.calls[name] += 1
        cost = self._cost(name, given)
        if cost > self.most:
            return 200, {}, {"errors": [{"message": "too much", "extensions": {"code": "MAX_COST_EXCEEDED"}}]}
        now = time.monotonic()
        self._left = min(self.bucket, self._left + (now - self._at) * self.restore_rate) if self._at else self.bucket
        self._at = now
        throttled = cost > self._left
        if not throttled:
            self._left -= cost
        said = {
            "requestedQueryCost": cost,
            "actualQueryCost": None if throttled else cost,
            "throttleStatus": {
                "maximumAvailable": self.bucket,
                "currentlyAvailable": int(self._left),
                "restoreRate": self.restore_rate,
            },
        }
        if throttled:
            self.calls["throttled"] += 1
            error = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
            return 200, {}, {"errors": [error], "extensions": {"cost": said}}
        return 200, {}, {"data": self._data(name, given), "extensions": {"cost": said}}

    @staticmethod
    def _cost(name: str, given: Mapping[str, Any]) -> float:
        if name == "Products":
            return float(given["first"] * (1 + 10 + 25) + 2)
        if name == "Orders":
            return float(given["first"] * (1 + 20 + 5) + 2)
        return 10.0 if name in ("AddTags", "SetMetafields") else 102.0 if name in ("Variants", "Lines") else 1.0

    def _data(self, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        if name == "Shop":
            return {"shop": {"currencyCode": "EUR"}}
        if name == "AddTags":
            self.tags += [(given["id"], tag) for tag in given["tags"]]
            return {"tagsAdd": {"userErrors": []}}
        if name == "SetMetafields":
            known = self.products
            bad = [one for one in given["metafields"] if one["ownerId"] not in known]
            self.metafields += [one for one in given["metafields"] if one["ownerId"] in known]
            errors = [{"field": ["metafields"], "message": f"{one['ownerId']} does not exist"} for one in bad]
            return {"metafieldsSet": {"metafields": [], "userErrors": errors}}
        if name == "Stock":
            number = int(given["id"].rsplit("/", 1)[1]) // 1000
            there = f"gid://shopify/Product/{number}" in self.products
            product = {"product": {"id": f"gid://shopify/Product/{number}"}}
            return {"inventoryItem": {"variant": product} if there else None}
        if name in ("Product", "Order"):
            inner, held = ("variants", self.products) if name == "Product" else ("lineItems", self.orders)
            row = held.get(given["id"])
            return {"node": row and _with_refunds({**row, inner: _connection(row[inner], 25, None)}, 5)}
        if name == "Refunds":
            order = _with_refunds(self.orders[given["id"]], None)
            return {"node": {"refunds": order["refunds"]}}
        if name == "RefundLines":
            refund = next(one for row in self.orders.values() for one in row["refunds"] if one["id"] == given["id"])
            return {"node": {"refundLineItems": _connection(refund["refundLineItems"], 100, given["after"])}}
        if name in ("Variants", "Lines"):
            inner, held = ("variants", self.products) if name == "Variants" else ("lineItems", self.orders)
            return {"node": {inner: _connection(held[given["id"]][inner], 100, given["after"])}}
        kind, inner, size = ("products", "variants", 25) if name == "Products" else ("orders", "lineItems", 20)
        if kind not in self._in_order:
            there = getattr(self, kind).values()
            self._in_order[kind] = sorted(there, key=lambda one: (one["updatedAt"], one["id"]))
        rows = self._in_order[kind]
        if given["query"]:
            since = re.fullmatch(r"updated_at:>='(.*)'", given["query"])
            assert since is not None
            rows = [one for one in rows if one["updatedAt"] >= since[1]]
        keys = [f"{one['updatedAt']}|{one['id']}" for one in rows]
        start = (
            next((place for place, key in enumerate(keys) if key > given["after"]), len(rows)) if given["after"] else 0
        )
        page = rows[start : start + given["first"]]
        shown = [_with_refunds({**one, inner: _connection(one[inner], size, None)}, 5) for one in page]
        more = start + len(page) < len(rows)
        end = keys[start + len(page) - 1] if page else None
        return {kind: {"nodes": shown, "pageInfo": {"hasNextPage": more, "endCursor": end}}}


def _with_refunds(row: dict[str, Any], most: int | None) -> dict[str, Any]:
    """An order's refunds are a list that is cut, and not paged; their lines come in pages."""
    if "refunds" not in row:
        return row
    shown = [{**one, "refundLineItems": _connection(one["refundLineItems"], 10, None)} for one in row["refunds"][:most]]
    return {**row, "refunds": shown}


def _connection(nodes: list[dict[str, Any]], first: int, after: str | None) -> dict[str, Any]:
    start = int(after) if after else 0
    end = start + first
    more = end < len(nodes)
    return {"nodes": nodes[start:end], "pageInfo": {"hasNextPage": more, "endCursor": str(end)}}


@dataclass
class WooCommerceStandIn(StandIn):
    """The REST API v3."""

    products: list[dict[str, Any]] = field(default_factory=list)
    variations: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    orders: list[dict[str, Any]] = field(default_factory=list)

    def product(self, number: int, *, changed: int, variations: int = 0) -> None:
        """Put a product there, or another state of it."""
        self.clock = max(self.clock, changed + 5)
        self.products = [one for one in self.products if one["id"] != number]
        shared: dict[str, Any] = {
            "date_modified_gmt": _plain(changed),
            "status": "publish",
            "sku": f"W-{number}",
            "regular_price": "12.00",
            "sale_price": "",
            "stock_status": "instock",
        }
        self.products.append({
            "id": number,
            "name": f"Thing {number}",
            "type": "variable" if variations else "simple",
            "catalog_visibility": "visible",
            "permalink": f"https://shop.example/thing-{number}",
            "description": "A thing",
            "categories": [{"id": 1, "name": "Things"}],
            "attributes": [{"name": "Colour", "options": ["red", "blue"], "variation": bool(variations)}],
            "images": [],
            "variations": [number * 100 + place for place in range(variations)],
            **shared,
        })  # fmt: skip
        self.variations[number] = [
            {
                **shared,
                "id": number * 100 + place,
                "sku": f"W-{number}-{place}",
                "attributes": [{"name": "Colour", "option": ("red", "blue")[place % 2]}],
            }
            for place in range(variations)
        ]

    def order(self, number: int, *, changed: int, product: int, status: str = "completed", back: int = 0) -> None:
        """Put an order there, or another state of it; `back` pieces of it were given back."""
        self.clock = max(self.clock, changed + 5)
        self.orders = [one for one in self.orders if one["id"] != number]
        line = {"id": number * 10, "product_id": product, "variation_id": 0, "quantity": 2, "sku": "", "price": 12.0}
        self.orders.append({
            "id": number,
            "status": status,
            "order_key": f"wc_{number}",
            "date_created_gmt": _plain(number),
            "date_modified_gmt": _plain(changed),
            "customer_id": number % 7 + 1,
            "billing": {"email": f"c{number % 7}@shop.example"},
            "line_items": [line],
            "refunds": [{"id": number + 90_000, "total": "-12.00"}] if back else [],
            "_back": back,
        })  # fmt: skip

    def answer(self, method: str, path: str, query: dict[str, str], headers: Mapping[str, str], body: Any) -> Any:
        if headers.get("authorization") != "Basic Y2tfdGVzdDpjc190ZXN0":
            return 401, {}, {"code": "woocommerce_rest_cannot_view", "message": "Sorry, you cannot list resources."}
        steps = path.removeprefix("/wp-json/wc/v3/").split("/")
        self.calls[f"{method} {re.sub(r'/[0-9]+', '/N', path.removeprefix('/wp-json/wc/v3/'))}"] += 1
        if len(steps) == 2:
            row = next((one for one in getattr(self, steps[0]) if one["id"] == int(steps[1])), None)
            if row is None:
                return 404, {}, {"code": "woocommerce_rest_product_invalid_id", "message": "Invalid ID."}
            if method == "PUT":
                row.update(body)
            return 200, {}, row
        if steps[-1] == "variations":
            return self._page(self.variations[int(steps[1])], query)
        if steps[-1] == "refunds":
            order = next(one for one in self.orders if one["id"] == int(steps[1]))
            line = {**order["line_items"][0], "id": order["id"] * 10 + 1, "quantity": -order["_back"]}
            return self._page([{"id": order["id"] + 90_000, "line_items": [line]}], query)
        rows = sorted(getattr(self, steps[0]), key=lambda one: int(one["id"]))
        assert query["orderby"] in ("date", "id", "include", "title", "slug")  # which is all that it can
        assert query["order"] == "asc" and query["dates_are_gmt"] == "true"
        if "modified_after" in query:
            rows = [one for one in rows if one["date_modified_gmt"] > query["modified_after"]]
        return self._page(rows, query)

    @staticmethod
    def _page(rows: list[dict[str, Any]], query: dict[str, str]) -> Any:
        size, page = int(query["per_page"]), int(query["page"])
        assert size <= 100
        pages = max(1, -(-len(rows) // size))
        headers = {"X-WP-Total": str(len(rows)), "X-WP-TotalPages": str(pages)}
        return 200, headers, rows[(page - 1) * size : page * size]


def _plain(number: int) -> str:
    return moment(number).strftime("%Y-%m-%dT%H:%M:%S")


@dataclass
class BigCommerceStandIn(StandIn):
    """The catalogue API v3 and the orders API v2."""

    products: list[dict[str, Any]] = field(default_factory=list)
    orders: list[dict[str, Any]] = field(default_factory=list)
    fields: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    quota: int = 150
    window_s: float = 30.0
    _left: int = 0
    _until: float = 0.0

    def product(self, number: int, *, changed: int) -> None:
        """Put a product there, or another state of it."""
        self.products = [one for one in self.products if one["id"] != number]
        self.products.append({
            "id": number,
            "name": f"Thing {number}",
            "type": "physical",
            "sku": f"B-{number}",
            "price": 12.5,
            "sale_price": 0,
            "retail_price": 0,
            "map_price": 0,
            "calculated_price": 12.5,
            "brand_id": 7,
            "categories": [3],
            "is_visible": True,
            "availability": "available",
            "inventory_tracking": "product",
            "inventory_level": 4,
            "custom_url": {"url": f"/thing-{number}/"},
            "date_modified": moment(changed).isoformat(),
            "variants": [],
            "images": [],
            "custom_fields": [],
        })  # fmt: skip

    def order(self, number: int, *, changed: int, product: int, status: str = "Completed") -> None:
        """Put an order there, or another state of it."""
        self.orders = [one for one in self.orders if one["id"] != number]
        line = {"id": number * 10, "product_id": product, "sku": "", "quantity": 2, "base_price": "12.5000"}
        self.orders.append({
            "id": number,
            "customer_id": number % 7 + 1,
            "billing_address": {"email": f"c{number % 7}@shop.example"},
            "date_created": _as_mail(number),
            "date_modified": _as_mail(changed),
            "status": status,
            "currency_code": "EUR",
            "consignments": [{"shipping": [{"line_items": [line]}]}],
        })  # fmt: skip

    def answer(self, method: str, path: str, query: dict[str, str], headers: Mapping[str, str], body: Any) -> Any:
        if headers.get("x-auth-token") != "bc-test":
            return 401, {}, {"status": 401, "title": "Unauthorized"}
        now = time.monotonic()
        if now >= self._until:
            self._left, self._until = self.quota, now + self.window_s
        reset = {"X-Rate-Limit-Time-Reset-Ms": str(max(1, int((self._until - now) * 1000)))}
        if not self._left:
            self.calls["429"] += 1
            return 429, reset, {"status": 429, "title": "Too many requests"}
        self._left -= 1
        limits = {
            **reset,
            "X-Rate-Limit-Requests-Left": str(self._left),
            "X-Rate-Limit-Requests-Quota": str(self.quota),
        }
        self.calls[f"{method} {re.sub(r'/[0-9]+', '/N', path)}"] += 1
        status, found = self._found(method, path, query, body)
        return status, limits, found

    def _found(self, method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
        if custom := re.fullmatch(r"/stores/x1/v3/catalog/products/(\d+)/custom-fields", path):
            if int(custom[1]) not in {one["id"] for one in self.products}:
                return 404, {"status": 404, "title": "The product was not found"}
            there = self.fields.setdefault(int(custom[1]), [])
            if method == "POST":
                there.append(body)
            return 200, {"data": there}
        if one_of := re.fullmatch(r"/stores/x1/(v3/catalog/products|v2/orders)/(\d+)", path):
            held = self.orders if one_of[1] == "v2/orders" else self.products
            row = next((one for one in held if one["id"] == int(one_of[2])), None)
            return (404, {"status": 404}) if row is None else (200, row if held is self.orders else {"data": row})
        if path.endswith(("/catalog/brands", "/catalog/categories")):
            one = {"id": 7, "name": "Nord"} if "brands" in path else {"id": 3, "name": "Things"}
            return 200, {"data": [one], "meta": {"pagination": {"current_page": 1, "total_pages": 1}}}
        if path == "/stores/x1/v3/catalog/products":
            rows = sorted(self.products, key=lambda one: (one["date_modified"], one["id"]))
            assert query["include"] == "variants,images,custom_fields" and query["sort"] == "date_modified"
            if "date_modified:min" in query:
                rows = [one for one in rows if one["date_modified"] >= query["date_modified:min"]]
            size, page = int(query["limit"]), int(query["page"])
            pages = max(1, -(-len(rows) // size))
            shown = {"current_page": page, "total_pages": pages, "total": len(rows), "per_page": size}
            return 200, {"data": rows[(page - 1) * size : page * size], "meta": {"pagination": shown}}
        assert path == "/stores/x1/v2/orders" and query["include"] == "consignments.line_items"
        rows = sorted(self.orders, key=lambda one: (_of_mail(one["date_modified"]), one["id"]))
        if "min_date_modified" in query:
            rows = [one for one in rows if _of_mail(one["date_modified"]) >= _of_mail(query["min_date_modified"])]
        size, page = int(query["limit"]), int(query["page"])
        found = rows[(page - 1) * size : page * size]
        return (200, found) if found else (204, None)


def _as_mail(number: int) -> str:
    return moment(number).strftime("%a, %d %b %Y %H:%M:%S +0000")


def _of_mail(text: str) -> datetime:
    return datetime.strptime(text, "%a, %d %b %Y %H:%M:%S %z")
