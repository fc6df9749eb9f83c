"""What talks led to: products opened, put aside and bought by way of them."""

from __future__ import annotations

import time
from dataclasses import asdict

from bottega.actions.talks.shapes import TalksReport, TalksReportRequest
from bottega.names import DAY_MS
from bottega.shop.open_shop import OpenShop

__all__ = ["talks_led"]


def talks_led(shop: OpenShop, request: TalksReportRequest) -> TalksReport:
    """Talks of the last days, and what they led to."""
    found = shop.store.talks.led(time.time_ns() // 1_000_000 - request.days * DAY_MS)
    return TalksReport(days=request.days, **asdict(found))
