"""Settings that hold at once: running servers and workers take them over from the shop's file when it has changed.

Any other setting is what something was opened or built with (a database, a clock, a door), and counts from the next
start; or it says how long rows are kept, which no click shall shorten.
"""

from __future__ import annotations

from pathlib import Path

import structlog

from bottega.errors import SettingsInvalid
from bottega.settings import SETTINGS_FILE, ShopSettings, load_settings
from bottega.shop.schedules import CONNECTING, SCHEDULES

__all__ = ["LIVE", "LiveSettings"]

log = structlog.get_logger("bottega")
_ASKED_EACH_TIME = (
    "count", "diversity", "diversity_method", "novelty", "price_fit", "praise", "reason_diversity", "cutoff_share",
    "exclude_purchased_durables", "exploration", "taste_attributes", "challenger_margin", "connect_schedule",
    "letters", "letters_from", "letters_products", "letters_per_day", "letters_per_week", "letters_quiet",
    "letters_cart_hours", "letters_next_days", "letters_price_drop", "letters_lead_days",
    "opening_hours", "handover_words", "talks_email", "report_email", "share_hours",
    "designs_an_hour", "pictures_an_hour", "dressing_an_hour", "talks_an_hour",
)  # fmt: skip
_FIELDS = ShopSettings.model_fields
LIVE: tuple[str, ...] = tuple(
    name for name in _FIELDS if name in _ASKED_EACH_TIME or name in {one.setting for one in (*SCHEDULES, CONNECTING)}
)
"""Names of the settings that hold at once, in the order of the manual."""


class LiveSettings:
    """Looks whether the shop's file has changed, at the cost of one question to the disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stamp = self._now()

    def newer(self, settings: ShopSettings) -> ShopSettings | None:
        """`settings` with those that hold at once as the file has them now; None where nothing is new. A file that
        cannot be read changes nothing, and the log says why."""
        stamp = self._now()
        if stamp == self._stamp:
            return None
        self._stamp = stamp
        try:
            written = load_settings(self._folder)
        except SettingsInvalid as error:
            log.warning("settings", code=error.code, message=str(error))
            return None
        return settings.model_copy(update={name: getattr(written, name) for name in LIVE})

    def _now(self) -> tuple[int, int, int]:
        try:
            found = (self._folder / SETTINGS_FILE).stat()
        except OSError:
            return 0, 0, 0
        return found.st_mtime_ns, found.st_size, found.st_ino
