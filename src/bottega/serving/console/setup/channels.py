"""`/console/setup/channels`: where the catalogue goes: Google, Facebook and Instagram, WhatsApp."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections import Counter
from pathlib import Path

from fastapi import APIRouter, Request, Response

from bottega.actions.catalogue.channel_fit import CHANNEL_LIMITS, fitted, objections
from bottega.actions.catalogue.export_catalogue import ExportCatalogueAnswer, ExportCatalogueRequest, export_catalogue
from bottega.actions.catalogue.feed_addresses import (
    CHANNELS,
    FeedAddressesRequest,
    NewFeedAddressRequest,
    feed_addresses,
    new_feed_address,
)
from bottega.actions.check.check_feed import check_feed
from bottega.actions.check.shapes import CheckFeedRequest, CheckReport
from bottega.catalogue.product import Product
from bottega.errors import FormatUnknown
from bottega.names import Role
from bottega.serving.console.frame import Page, form_of, made_of, visit_of
from bottega.serving.console.setup.guide import SETUP
from bottega.shop.open_shop import OpenShop

__all__ = ["PAGES", "router"]

router = APIRouter(include_in_schema=False)
CHANNELS_PAGE = Page("/console/setup/channels", "Channels", role=Role.MANAGE, under=SETUP.path)
JUDGED = Page("/console/setup/channel", "What a channel gets", role=Role.MANAGE, under=SETUP.path)
PAGES = (CHANNELS_PAGE, JUDGED)
TITLES = {"google": "Google", "meta": "Facebook, Instagram and WhatsApp"}
WORDS = {
    "group_id": "group of variants", "images": "pictures", "url": "page in the shop", "updated_at_ms": "last change",
    "hidden": "whether it is hidden",
}  # fmt: skip
"""Fields of a product that say in words of their own what they are called here."""


@router.get(CHANNELS_PAGE.path)
async def show(request: Request) -> Response:
    """The channels and their addresses."""
    visit = await visit_of(request, CHANNELS_PAGE.role)
    return await _page(visit)


@router.post(CHANNELS_PAGE.path)
async def make(request: Request) -> Response:
    """Make an address, and show it this once: on this page, and nowhere else."""
    visit, form = await form_of(request, Role.ADMIN)
    made = await visit.ask(new_feed_address, made_of(NewFeedAddressRequest, form, "channel"))
    return await _page(visit, made=made)


@router.get(JUDGED.path)
async def judge(request: Request) -> Response:
    """The file of one channel, made now, and what its rules say of it."""
    visit = await visit_of(request, JUDGED.role)
    channel = request.query_params.get("of", CHANNELS[0])
    if channel not in CHANNEL_LIMITS:
        raise FormatUnknown(
            f"There is no channel {channel!r}.",
            allowed="Channels are google and meta.",
            next_step="Choose one of them.",
        )
    done, report, refused = await asyncio.to_thread(_judged, visit.shop, channel)
    title = TITLES[done.format]
    lost = {WORDS.get(field, field.removeprefix("attr.")): number for field, number in done.lost.items()}
    return visit.page("setup_channel.html", JUDGED, title=title, done=done, report=report, refused=refused, lost=lost)


async def _page(visit: object, made: object = None) -> Response:
    from bottega.serving.console.frame import Visit

    assert isinstance(visit, Visit)
    channels = (await visit.ask(feed_addresses, FeedAddressesRequest())).channels
    return visit.page(
        "setup_channels.html",
        CHANNELS_PAGE,
        channels=channels,
        made=made,
        titles=TITLES,
        settings=visit.shop.settings,
        public=visit.shop.settings.storefront == "public",
    )


def _judged(shop: OpenShop, channel: str) -> tuple[ExportCatalogueAnswer, CheckReport, Counter[str]]:
    """A channel's file, the check of it, and why the channel will refuse products, with their number."""
    refused: Counter[str] = Counter()

    def fit(product: Product, name: str) -> Product:
        found = fitted(product, name)
        if not found.hidden:
            refused.update(objections(found, name))
        return found

    folder = Path(tempfile.mkdtemp(prefix="bottega-feed-"))
    try:
        asked = ExportCatalogueRequest(format=channel, out=folder / f"{channel}.feed")
        done = export_catalogue(shop, asked, fit=fit)
        path = done.path.rename(done.path.with_suffix(done.suffix))
        checked = CheckFeedRequest(source=path, currency=shop.settings.currency, examples=3, pictures=0)
        return done, check_feed(None, checked), refused
    finally:
        shutil.rmtree(folder, ignore_errors=True)
