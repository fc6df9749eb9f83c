"""Every platform that can be connected."""

from __future__ import annotations

from bottega.connectors.base import Connector
from bottega.connectors.bigcommerce import BigCommerce
from bottega.connectors.shopify import Shopify
from bottega.connectors.web import checked_address
from bottega.connectors.woocommerce import WooCommerce
from bottega.errors import PlatformUnknown
from bottega.reach import PUBLIC, Reach

__all__ = ["CONNECTORS", "connector_of"]

CONNECTORS = {one.name: one for one in (Shopify, WooCommerce, BigCommerce)}


def connector_of(platform: str, address: str, token: str, reach: Reach = PUBLIC) -> Connector:
    """The connector of a shop, whose address lies within `reach`.

    Raises `PlatformUnknown`, and `RequestInvalid` for an address or token of no use.
    """
    found = CONNECTORS.get(platform)
    if found is None:
        raise PlatformUnknown(
            f"No connector for {platform!r}.",
            allowed=f"Connectors there are: {', '.join(CONNECTORS)}.",
            next_step="Name one of these; files of other platforms are imported.",
        )
    made: Connector = found(checked_address(address), token, reach)
    return made
