"""What is asked and answered where a platform is connected."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from pydantic import Field

from bottega.shop.shape import Request, Shape

__all__ = ["ConnectAnswer", "ConnectRequest", "Pulled", "Pushed"]


class ConnectRequest(Request):
    """Fetch what changed on a platform since the last time; the first time, everything."""

    platform: str = Field(description="shopify, woocommerce or bigcommerce.")
    address: str | None = Field(
        default=None, description="The shop's address there, as in https://my-shop.myshopify.com; kept for next time."
    )
    only: Literal["products", "orders"] | None = Field(default=None, description="Fetch these alone.")
    again: bool = Field(
        default=False,
        description="Fetch everything anew, as if it were the first time; products that the platform no longer has are "
        "discontinued.",
    )
    force: bool = Field(default=False, description="With `again`: also where much of the catalogue has vanished there.")
    push: bool = Field(default=False, description="Tell the platform what was accepted here, in place of fetching.")


class Pulled(Shape, frozen=False):
    """What became of products, or of orders."""

    pages: int = 0
    rows: int = Field(default=0, description="Products or orders that the platform gave.")
    added: int = Field(default=0, description="Products with their variants, or events, that are new.")
    updated: int = 0
    unchanged: int = Field(default=0, description="Known already, and the same.")
    discontinued: int = Field(
        default=0, description="Variants that their product no longer has; with `again`, products that are gone."
    )
    held: str = Field(default="", description="Why products that are gone there were left as they are.")
    ignored: int = Field(default=0, description="Orders that nobody paid, and the like.")
    rejected: Counter[str] = Field(default=Counter(), description="Rule -> rows that could not be used.")


class Pushed(Shape, frozen=False):
    """What the platform was told."""

    values: int = Field(default=0, description="Accepted values that it took.")
    refused: list[str] = Field(default=[], description="Its words for those that it did not.")


class ConnectAnswer(Shape):
    """What one run did, and what it cost the platform."""

    platform: str
    address: str
    products: Pulled | None
    orders: Pulled | None
    pushed: Pushed | None
    calls: int = Field(description="Requests to the platform.")
    waited_s: float = Field(description="Seconds waited because the platform asked for it.")
    seconds: float
