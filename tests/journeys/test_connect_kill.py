"""Shopify connected: 2,000 products and 10,000 orders, killed in the middle, resumed, complete; then only news."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.connectors.stand_in import Fault, ShopifyStandIn

from bottega.shop.folder import ShopFolder

PRODUCTS, ORDERS = 2_000, 10_000
COMMAND = [sys.executable, "-c", "from bottega.serving.cli.main import app; app()", "connect", "shopify"]


def filled() -> ShopifyStandIn:
    """The shop, with two variants a product and two lines an order; some calls are put off, fail or break off."""
    stand_in = ShopifyStandIn()
    for number in range(1, PRODUCTS + 1):
        stand_in.product(number, changed=number)
    for number in range(1, ORDERS + 1):
        lines = [number % PRODUCTS + 1, (number * 7) % PRODUCTS + 1]
        stand_in.order(number, changed=number, products=lines, customer=number % 900 + 1)
    stand_in.faults = {
        9: Fault(429, {"Retry-After": "1"}),
        30: Fault(502),
        77: Fault(cut=True),
        200: Fault(429, {"Retry-After": "1"}),
    }
    return stand_in


def start(shop: Path, *more: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "BOTTEGA_SECRET_SHOPIFY_TOKEN": "shpat_test"}
    command = [*COMMAND, *more, "--shop", str(shop), "--json"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def answer(running: subprocess.Popen[str]) -> dict[str, Any]:
    told, _ = running.communicate(timeout=540)
    assert running.returncode == 0, told
    found: dict[str, Any] = json.loads(told)
    return found


def kill_after(running: subprocess.Popen[str], stand_in: ShopifyStandIn, calls: int) -> None:
    until = time.monotonic() + 300
    while len(stand_in.times) < calls:
        assert running.poll() is None and time.monotonic() < until
        time.sleep(0.005)
    os.kill(running.pid, signal.SIGKILL)
    running.communicate()


def counts(shop: Path) -> tuple[int, int]:
    with ShopFolder.open(shop) as folder:
        return folder.store.products.count(), folder.store.events.count()


def test_killed_twice_resumed_complete_and_then_only_what_changed(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    with filled().running() as running:
        stand_in = running
        assert isinstance(stand_in, ShopifyStandIn)
        kill_after(start(shop, stand_in.address), stand_in, 60)  # among the products
        products, events = counts(shop)
        assert 0 < products < 2 * PRODUCTS and events == 0
        kill_after(start(shop), stand_in, 300)  # among the orders
        products, events = counts(shop)
        assert products == 2 * PRODUCTS and 0 < events < 2 * ORDERS
        told = answer(start(shop))
        assert counts(shop) == (2 * PRODUCTS, 2 * ORDERS)
        assert told["products"]["rows"] <= 1 and told["orders"]["rows"] < ORDERS
        whole = len(stand_in.times)
        assert whole <= 100 + 400 + 20  # pages, and what was asked twice or again

        for number in (3, 4, 5):
            stand_in.product(number, changed=50_000 + number, variants=3)
        stand_in.order(ORDERS + 1, changed=60_000, products=[1], customer=1)
        told = answer(start(shop))
        assert len(stand_in.times) - whole <= 4
        assert (told["products"]["added"], told["products"]["updated"], told["products"]["rows"]) == (3, 6, 4)
        assert (told["orders"]["added"], told["orders"]["rows"]) == (1, 2)
        assert counts(shop) == (2 * PRODUCTS + 3, 2 * ORDERS + 1)
