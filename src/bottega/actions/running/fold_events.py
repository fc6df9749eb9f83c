"""Fold events older than the shop keeps them into counts: what a night asks for by `events_kept_months`."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import Field

from bottega.events.times import now_ms
from bottega.progress import Progress, silent
from bottega.settings import load_settings
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Request, Shape

__all__ = ["FoldAnswer", "FoldRequest", "fold_events", "kept_since_ms"]


class FoldRequest(Request):
    """Events that are older than the setting `events_kept_months`."""


class FoldAnswer(Shape):
    """What was folded."""

    folded: int = Field(description="Events that are kept no longer; what may be learnt from is in the counts.")
    kept: int = Field(description="Events that are left.")
    before: datetime | None = Field(description="The moment before which none is kept, UTC; null where all are.")
    overwritten: bool = Field(description="Whether what went is overwritten on disk already (docs/privacy.md).")


def fold_events(shop: OpenShop, request: FoldRequest, *, progress: Progress = silent) -> FoldAnswer:
    """Count and delete events that happened longer ago than the shop keeps them. Safe to repeat."""
    settings = load_settings(shop.folder.root)  # as whoever asks for jobs reads it: a running server needs no restart
    months = settings.events_kept_months
    if not months:
        return FoldAnswer(folded=0, kept=shop.store.events.count(), before=None, overwritten=True)
    before_ms = kept_since_ms(now_ms(), months)
    folded = shop.store.folded.fold(before_ms, settings.personalisation_consent, progress=progress)
    if folded:
        shop.folder.versions.touch_everything()
    return FoldAnswer(
        folded=folded,
        kept=shop.store.events.count(),
        before=datetime.fromtimestamp(before_ms / 1000, UTC),
        overwritten=shop.store.database.empty_log(),
    )


def kept_since_ms(at_ms: int, months: int) -> int:
    """When the month began that so many whole months lie behind; UTC milliseconds.

    >>> datetime.fromtimestamp(kept_since_ms(1_796_083_200_000, 6) / 1000, UTC).date().isoformat()
    '2026-06-01'
    """
    at = datetime.fromtimestamp(at_ms / 1000, UTC)
    number = at.year * 12 + at.month - 1 - months
    return int(datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC).timestamp()) * 1000
