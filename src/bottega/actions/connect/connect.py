"""Connect: fetch a platform's products and orders page by page, or tell it what was accepted here.

After each page that is stored, where to go on is stored too: a run that was killed goes on there, and a page that was
stored before its cursor was is stored twice, which changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from bottega.actions.connect.errands import run_errands
from bottega.actions.connect.pages import take_orders_page, take_products_page
from bottega.actions.connect.push import push_accepted
from bottega.actions.connect.shapes import ConnectAnswer, ConnectRequest, Pulled, Pushed
from bottega.actions.connect.vanished import discontinue_vanished
from bottega.actions.intake.platform_variants import plain_number
from bottega.connectors.base import Connector, What
from bottega.connectors.registry import connector_of
from bottega.connectors.web import checked_address
from bottega.errors import RequestInvalid
from bottega.progress import Progress, silent
from bottega.shop.open_shop import OpenShop
from bottega.shop.platforms import token_of

__all__ = ["connect", "refuse_connect"]

_WHAT: tuple[What, ...] = ("products", "orders")
"""Products first: an order's lines are then known."""


def connect(shop: OpenShop, request: ConnectRequest, *, progress: Progress = silent) -> ConnectAnswer:
    """Fetch what is new, or push. Raises `PlatformUnknown`, `PlatformFailed`, `AddressRefused`, and `RequestInvalid`
    where the address or the token is missing."""
    started, began_ms = time.monotonic(), time.time_ns() // 1_000_000
    known = shop.store.connections.get(request.platform)
    address = checked_address(request.address) if request.address else known.address if known else ""
    token, reach = token_of(shop.secrets, request.platform), shop.folder.reach
    connector = connector_of(request.platform, address or "https://nowhere.invalid", token, reach)
    if not address:
        raise RequestInvalid(
            f"The shop was never connected to {request.platform}.",
            allowed="The first time, its address is needed.",
            next_step=f"Name it: `bottega connect {request.platform} https://...`.",
        )
    cursors = {} if known is None or known.address != address else dict(known.cursors)
    if request.again:
        cursors = {name: kept for name, kept in cursors.items() if name not in _WHAT}
    pulled: dict[str, Pulled] = {}
    seen: set[tuple[What, str]] = set()
    pushed: Pushed | None = None
    if request.push:
        pushed = push_accepted(shop, connector, address, cursors, progress=progress)
    else:
        for what in [request.only] if request.only else _WHAT:
            pulled[what] = _pull(shop, connector, what, address, cursors, seen, progress)
        if request.again and "products" in pulled:
            there = {number for what, number in seen if what == "products"}
            discontinue_vanished(shop, connector.name, there, began_ms, pulled["products"], force=request.force)
        run_errands(shop, connector, pulled, seen)
    return ConnectAnswer(
        platform=connector.name,
        address=address,
        products=pulled.get("products"),
        orders=pulled.get("orders"),
        pushed=pushed,
        calls=connector.web.calls,
        waited_s=round(connector.web.waited_s, 2),
        seconds=round(time.monotonic() - started, 2),
    )


def refuse_connect(request: ConnectRequest) -> None:
    """Raise what a job would raise for these values, before anything is asked.

    A job takes the address that is kept: whoever may ask for jobs could have the token sent anywhere else.
    """
    if request.address is not None:
        raise RequestInvalid(
            f"Field address is {request.address!r}.",
            allowed="A job goes to the address that the shop was connected to.",
            next_step="Leave it out; the command `bottega connect` sets another.",
        )
    connector_of(request.platform, "https://nowhere.invalid", "a:b")


def _pull(
    shop: OpenShop,
    connector: Connector,
    what: What,
    address: str,
    cursors: dict[str, Any],
    seen: set[tuple[What, str]],
    progress: Progress,
) -> Pulled:
    """Store page after page, and where to go on behind each. `seen` gets the numbers of the rows."""
    pulled = Pulled()
    take = take_products_page if what == "products" else take_orders_page
    task = f"{what} of {connector.name}"
    progress(task, 0)
    cursor: Mapping[str, Any] = cursors.get(what, {})
    for page in connector.pages(what, dict(cursor)):
        if page.rows:
            take(shop, connector, page.rows, pulled)
        pulled.pages += 1
        pulled.rows += len(page.rows)
        seen |= {(what, plain_number(row.get("id"))) for row in page.rows}
        cursors[what] = page.cursor
        shop.store.connections.put(connector.name, address, cursors)
        progress(task, pulled.rows, page.total, f"{pulled.rows:,} stored")
    return pulled
