"""Shops that are connected to stand-ins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.connectors.stand_in import BigCommerceStandIn, ShopifyStandIn, StandIn, WooCommerceStandIn

from bottega.connectors import web
from bottega.shop.open_shop import OpenShop

TOKENS = {"shopify": "shpat_test", "woocommerce": "ck_test:cs_test", "bigcommerce": "bc-test"}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    """An empty shop that has every token."""
    with OpenShop.open(tmp_path / "shop") as opened:
        for platform, token in TOKENS.items():
            opened.secrets.keep(f"{platform}-token", token)
        yield opened


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses before another try are a hundredth of what they are."""
    monkeypatch.setattr(web, "PAUSE_S", 0.005)


@pytest.fixture
def run() -> Iterator[Callable[[StandIn], StandIn]]:
    """Starts a stand-in for the test."""
    with ExitStack() as stack:
        yield lambda stand_in: stack.enter_context(stand_in.running())


@pytest.fixture
def shopify(run: Callable[[StandIn], StandIn]) -> StandIn:
    return run(ShopifyStandIn())


@pytest.fixture
def woocommerce(run: Callable[[StandIn], StandIn]) -> StandIn:
    return run(WooCommerceStandIn())


@pytest.fixture
def bigcommerce(run: Callable[[StandIn], StandIn]) -> StandIn:
    return run(BigCommerceStandIn())
