"""A small shop for crews to work on, and the figures of a report that no clock is in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from bottega.catalogue.product import Product
from bottega.evaluation.report import EvaluationReport
from bottega.events.event import Event
from bottega.names import EventKind
from bottega.shop.folder import ShopFolder

__all__ = ["figures", "ring"]

PRODUCTS = 40
DAY_MS = 86_400_000


def ring(root: Path, *, shoppers: int = 200) -> ShopFolder:
    """Shoppers walk a ring of products, one a day, with an occasional leap."""
    rng = np.random.default_rng(0)
    opened = ShopFolder.open(root)
    opened.store.products.upsert([Product(id=f"p{n}", title=f"Product number {n}") for n in range(PRODUCTS)])
    events = []
    for shopper in range(shoppers):
        place, first_day = int(rng.integers(PRODUCTS)), int(rng.integers(20))
        for step in range(6):
            place = (place + 1) % PRODUCTS if rng.random() < 0.8 else int(rng.integers(PRODUCTS))
            events.append(
                Event(
                    shopper_id=f"s{shopper}",
                    product_id=f"p{place}",
                    kind=EventKind.VIEW if step % 3 else EventKind.PURCHASE,
                    time_ms=1_700_000_000_000 + (first_day + step) * DAY_MS,
                )
            )
    opened.store.events.add(events)
    return opened


def figures(report: EvaluationReport) -> dict[str, Any]:
    """The report without seconds and memory."""
    told = report.as_dict()
    for model in told["models"]:
        for name in ("train_s", "answer_ms", "peak_mb", "before_mb"):
            del model[name]
    return told
