"""What a webhook is, and what becomes of it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bottega.shop.shape import Shape

__all__ = ["Result", "WebhookAnswer", "WebhookRequest"]

Result = Literal["done", "queued", "older", "known", "set_aside", "unusable", "ping"]


class WebhookRequest(Shape):
    """One delivery, as it came."""

    platform: str = Field(
        description="Who sent it: shopify, woocommerce, tiendanube or bigcommerce; chatwoot or talks of talks."
    )
    headers: dict[str, str] = Field(repr=False, description="Names in small letters.")
    body: bytes = Field(repr=False, description="Byte for byte as it was signed.")


class WebhookAnswer(Shape):
    """What became of a delivery; all of this is answered with 200, for sending it again would change nothing."""

    platform: str
    topic: str = Field(description="What happened, in the platform's word.")
    result: Result = Field(
        description="done. queued: something to fetch, for a connector. older: a newer state is known already. known: "
        "this delivery was taken before. set_aside: the topic is of no use here. unusable: nothing in it can be used. "
        "ping: the platform asked whether anybody listens."
    )
    products: int = Field(default=0, description="Products that were added or changed.")
    events: int = Field(default=0, description="Events that were new.")
    rejected: dict[str, int] = Field(
        default_factory=dict,
        description="Rows that cannot be used, by the rule that they break.",
    )
