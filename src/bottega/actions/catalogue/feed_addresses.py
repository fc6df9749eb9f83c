"""Addresses at which Google and Meta fetch the catalogue: each with a long random token, kept as a hash, changeable.

Who fetches a feed sends no header, so the token stands in the address. It is a key of a kind of its own, which opens
the feed of its channel and nothing else; a new one takes the place of the one before.
"""

from __future__ import annotations

import hashlib
import threading
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from pydantic import Field

from bottega.actions.catalogue.channel_fit import fitted
from bottega.actions.catalogue.export_catalogue import ExportCatalogueRequest, export_catalogue
from bottega.catalogue.writers.registry import writer_called
from bottega.errors import KeyRefused, NotFound
from bottega.names import KeyKind
from bottega.shop.doors.acting import changing
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Request, Shape
from bottega.shop.versions import ShopPart

__all__ = [
    "CHANNELS",
    "FeedAddress",
    "FeedAddressesAnswer",
    "FeedAddressesRequest",
    "FeedFile",
    "FeedFileRequest",
    "NewFeedAddressRequest",
    "feed_addresses",
    "feed_file",
    "new_feed_address",
]

CHANNELS = ("google", "meta")
"""Formats that are fetched from an address; Facebook, Instagram and WhatsApp take the same catalogue of Meta's."""
PER_MINUTE = 30
"""How often one address is answered in a minute."""
_lock = threading.Lock()
"""Held while a file is written: who asks meanwhile gets that one."""


class NewFeedAddressRequest(Request):
    """An address for one channel, in place of the one there is."""

    channel: str = Field(description="google or meta.")


class FeedAddress(Shape):
    """The address, this once."""

    channel: str
    address: str = Field(description="Nobody sees it again: the shop keeps a hash of its token.")


class FeedAddressesRequest(Request):
    """Which channels have an address."""


class FeedAddressInfo(Shape):
    """One channel's address, without its token."""

    channel: str
    made_at: str | None = Field(description="ISO 8601, UTC; null: there is none.")
    used_at: str | None = Field(
        description="ISO 8601, UTC: when it was last fetched, up to a minute late; null: never."
    )


class FeedAddressesAnswer(Shape):
    """Every channel."""

    channels: list[FeedAddressInfo]


class FeedFileRequest(Request):
    """The file behind an address."""

    channel: str
    token: str = Field(repr=False)


class FeedFile(Shape):
    """Where it lies on this machine."""

    path: Path
    suffix: str
    tag: str = Field(description="Another where the file is another.")


def new_feed_address(shop: OpenShop, request: NewFeedAddressRequest) -> FeedAddress:
    """Make an address; the one before opens nothing any more. Raises `NotFound` for a channel that there is not."""
    label = _label(request.channel)
    with changing(shop.store, "new_feed_address", request):
        shop.store.keys.revoke(label)
        token = shop.store.keys.create(label, KeyKind.FEED, per_minute=PER_MINUTE)
    address = f"{shop.folder.address}/feeds/{request.channel}?{urlencode({'token': token})}"
    return FeedAddress(channel=request.channel, address=address)


def feed_addresses(shop: OpenShop, request: FeedAddressesRequest) -> FeedAddressesAnswer:
    """Which channels have one, and when it was last fetched."""
    known = {channel: shop.store.keys.labelled(_label(channel)) for channel in CHANNELS}
    return FeedAddressesAnswer(
        channels=[
            FeedAddressInfo(
                channel=channel,
                made_at=_iso(one.made_at_ms if one else None),
                used_at=_iso(one.used_at_ms if one else None),
            )
            for channel, one in known.items()
        ]
    )


def feed_file(shop: OpenShop, request: FeedFileRequest) -> FeedFile:
    """The file of a channel, written anew where the catalogue has changed since.

    Raises `NotFound`, `KeyRefused` where the token is none of this channel's, and `RateExceeded`.
    """
    label = _label(request.channel)
    known = shop.keys.opens(request.token)
    if known is None or known.kind is not KeyKind.FEED or known.label != label:
        raise KeyRefused(
            "The token in the address opens no feed here.",
            allowed="An address counts until another one is made for its channel.",
            next_step="Copy the address anew from Set up, Channels in the console.",
        )
    shop.keys.count(known)
    writer = writer_called(request.channel)
    settings = shop.settings
    stamp = (
        shop.folder.versions.of_part(ShopPart.CATALOGUE),
        settings.public_url,
        settings.storefront,
        settings.currency,
    )
    tag = hashlib.sha256(repr(stamp).encode()).hexdigest()[:20]
    folder = shop.folder.running
    path = folder / f"feed-{request.channel}-{tag}{writer.suffix}"
    with _lock:
        if not path.exists():
            before = list(folder.glob(f"feed-{request.channel}-*"))
            export_catalogue(shop, ExportCatalogueRequest(format=writer.name, out=path), fit=fitted)
            for old in before:
                old.unlink(missing_ok=True)
    return FeedFile(path=path, suffix=writer.suffix, tag=tag)


def _label(channel: str) -> str:
    """What the key of a channel is called."""
    if channel not in CHANNELS:
        raise NotFound(
            f"There is no feed {channel!r}.",
            allowed=f"Feeds are {' and '.join(CHANNELS)}.",
            next_step="Name one of them.",
        )
    return f"feed of {channel}"


def _iso(moment_ms: int | None) -> str | None:
    return None if moment_ms is None else datetime.fromtimestamp(moment_ms // 1000, UTC).isoformat("T", "seconds")
