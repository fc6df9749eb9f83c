"""What a webhook says of a customer: that they are to be forgotten, as the law gives them a right to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bottega.actions.shoppers.forget import forget
from bottega.actions.shoppers.shapes import ShopperRequest
from bottega.actions.webhooks.platforms import Platform
from bottega.errors import ShopperUnknown
from bottega.names import id_text
from bottega.placeholders import names_nobody
from bottega.shop.open_shop import OpenShop

__all__ = ["forget_customer"]


def forget_customer(shop: OpenShop, platform: Platform, body: Mapping[str, Any]) -> dict[str, Any]:
    """Everything of this customer is deleted: by their number, and by the e-mail address that stood for them before."""
    customer = body.get("customer")
    named = customer if isinstance(customer, Mapping) else {}
    email = named.get("email")
    ids = [id_text(named.get("id")), email.strip().lower() if isinstance(email, str) else None]
    usable = [one for one in ids if isinstance(one, str) and not names_nobody(one)]
    if not usable:
        return {"result": "unusable"}
    for one in usable:
        try:
            forget(shop, ShopperRequest(shopper=one))
        except ShopperUnknown:
            continue  # nothing is known of them, which is what they wish
    return {"result": "done"}
