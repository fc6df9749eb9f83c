"""Set up: how far a shop is, and what comes next. It reads; each step has verbs of its own that do it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bottega.actions.catalogue.feed_addresses import FeedAddressesRequest, FeedAddressInfo, feed_addresses
from bottega.actions.jobs.ask import list_jobs
from bottega.actions.jobs.shapes import JobsRequest, JobSummary
from bottega.connectors.registry import CONNECTORS
from bottega.settings import load_settings
from bottega.shop.open_shop import OpenShop
from bottega.shop.page_key import page_key_used_ms
from bottega.shop.shape import Request, Shape

__all__ = ["ConnectedPlatform", "SetUpAnswer", "SetUpRequest", "set_up"]

Step = Literal["products", "train", "channels", "widget", "publish"]
_FEEDING = ("connect", "import_catalogue")
_COUNTS_ANEW = ("storefront", "public_url", "shop_name", "storefront_language", "whatsapp", "browser_origins")


class SetUpRequest(Request):
    """How far is the shop?"""


class ConnectedPlatform(Shape):
    """A platform that the shop was told of."""

    platform: str
    address: str
    has_token: bool


class SetUpAnswer(Shape):
    """Every step, and the next one."""

    next: Step | None = Field(description="What to do next; null: all of it is done.")
    products: int
    events: int
    platforms: list[ConnectedPlatform]
    feeding: JobSummary | None = Field(description="The newest job that fetches or imports products.")
    training: JobSummary | None = Field(description="The newest training that was asked for.")
    trained_at: str | None = Field(description="ISO 8601, UTC; null where nothing was trained.")
    channels: list[FeedAddressInfo]
    seen_ms: int | None = Field(description="UTC: when a page last called with the key of pages; null: never.")
    storefront: Literal["off", "window", "public"]
    restart: bool = Field(description="Whether settings were changed that count once the server starts again.")


def set_up(shop: OpenShop, request: SetUpRequest) -> SetUpAnswer:
    """The state of every step."""
    health = shop.health()
    jobs = list_jobs(shop, JobsRequest(n=200)).jobs
    channels = feed_addresses(shop, FeedAddressesRequest()).channels
    kept = {one.purpose for one in shop.secrets.kept()}
    shown = shop.settings.storefront
    seen_ms = page_key_used_ms(shop)
    known = [(name, shop.store.connections.get(name)) for name in CONNECTORS]
    written = load_settings(shop.folder.root)
    done: dict[Step, bool] = {
        "products": health.products > 0,
        "widget": health.events > 0 or seen_ms is not None,
        "train": health.model.trained_at is not None,
        "channels": any(one.made_at for one in channels),
        "publish": shown == "public",
    }
    return SetUpAnswer(
        next=next((step for step, well in done.items() if not well), None),
        products=health.products,
        events=health.events,
        platforms=[
            ConnectedPlatform(platform=name, address=one.address, has_token=f"{name}-token" in kept)
            for name, one in known
            if one is not None
        ],
        feeding=next((one for one in jobs if one.verb in _FEEDING), None),
        training=next((one for one in jobs if one.verb == "train"), None),
        trained_at=health.model.trained_at,
        channels=channels,
        seen_ms=seen_ms,
        storefront="public" if shown == "public" else "window" if shown else "off",
        restart=any(getattr(written, name) != getattr(shop.settings, name) for name in _COUNTS_ANEW),
    )
