"""Tried on: what somebody saw on a photo of themselves, or on a fashion model that they dressed, is an event."""

from __future__ import annotations

from collections.abc import Sequence

from bottega.actions.intake.record_events import record_events
from bottega.actions.intake.shapes import RecordRequest
from bottega.names import EventKind
from bottega.shop.open_shop import OpenShop

__all__ = ["tell_tried"]

SOURCE = "dressing room"


def tell_tried(shop: OpenShop, shopper: str | None, product_ids: Sequence[str]) -> None:
    """Note that somebody tried these products on, now; for nobody nothing is noted.

    What was tried on stands under the name that asked, so that a log-in takes it along (store/identities.py); nothing
    of the photo or the picture goes with it.
    """
    if not shopper:
        return
    rows = [
        {"kind": EventKind.TRY_ON.value, "anonymous_id": shopper, "product_id": product_id, "source": SOURCE}
        for product_id in dict.fromkeys(product_ids)
    ]
    if rows:
        record_events(shop, RecordRequest(events=rows))
