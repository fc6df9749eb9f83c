"""Kept pictures and links of the visitor who asks: under their own name, and no more than the shop lets through."""

from __future__ import annotations

import time
from typing import TypeVar

from bottega.actions.closet.picture_shapes import (
    ClosetPicturesQuery,
    ClosetPicturesRemoval,
    KeepPictureRequest,
    ShareRequest,
    SharesQuery,
    SharesRemoval,
    ShowPictureRequest,
)
from bottega.actions.visitors.own import own_name
from bottega.errors import RateExceeded, RequestInvalid
from bottega.shop.open_shop import OpenShop

__all__ = ["own_picture"]

_Picture = TypeVar(
    "_Picture",
    KeepPictureRequest,
    ClosetPicturesQuery,
    ShowPictureRequest,
    ClosetPicturesRemoval,
    ShareRequest,
    SharesQuery,
    SharesRemoval,
)
KEPT_MOST = 30
"""Pictures that one visitor keeps."""
SHARED_MOST = 20
"""Links of one visitor that open at the same time."""
HOUR_MS = 3_600_000


def own_picture(shop: OpenShop, request: _Picture) -> _Picture:
    """A request about pictures of the visitor who asks; nobody sees, keeps or shares under another's name.

    One visitor may keep and share a few, and all visitors together some in an hour, lest a page fill the shop's disk.
    Raises `RequestInvalid` where nobody is named, `SignatureRefused`, and `RateExceeded`.
    """
    name = own_name(shop, request)
    if name is None:
        raise RequestInvalid(
            "A browser asked for a closet and named somebody who was logged in before.",
            allowed="A closet is its visitor's: `shopper` is the visitor's id, or a shopper id with its signature.",
            next_step="Send the visitor's id that the pixel made, or have the shop's server sign the shopper id.",
        )
    now_ms = time.time_ns() // 1_000_000
    store, shopper = shop.folder.store, shop.profile(name)
    if isinstance(request, KeepPictureRequest):
        _check(store.closet_pictures.count(shopper), KEPT_MOST, "keeps {} pictures", "/v1/closet/pictures/remove")
        _check_hour(store.closet_pictures.added_since(now_ms - HOUR_MS), shop.settings.pictures_an_hour, "kept")
    elif isinstance(request, ShareRequest):
        _check(store.shares.count(shopper, now_ms), SHARED_MOST, "shares {} pictures", "/v1/shares/remove")
        _check_hour(store.shares.added_since(now_ms - HOUR_MS), shop.settings.pictures_an_hour, "shared")
    return request.model_copy(update={"shopper": name})


def _check(there: int, most: int, does: str, route: str) -> None:
    if there >= most:
        raise RateExceeded(
            f"This visitor {does.format(there)}.",
            allowed=f"With a publishable key it is at most {most}.",
            next_step=f"Take some out first: POST {route}.",
        )


def _check_hour(done: int, most: int, what: str) -> None:
    if done >= most:
        raise RateExceeded(
            f"{done} pictures were {what} within the last hour.",
            allowed=f"With a publishable key it is at most {most} (the setting pictures_an_hour).",
            next_step="Try again later.",
        )
