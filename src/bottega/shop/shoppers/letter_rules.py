"""When letters may go out, by the settings and the clocks of whom they go to.

A shopper's clock is that of their country; where a country has several, it is quiet as long as it is quiet in any of
them. Who told no country has the shop's clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bottega.names import DAY_MS
from bottega.settings import ShopSettings

__all__ = ["LetterRules", "local_time", "zones_of"]

HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class LetterRules:
    """What the settings say of letters."""

    kinds: frozenset[str]
    per_day: int
    per_week: int
    quiet_from: int
    """Hour of the clock, 0 to 23; the same as `quiet_until`: never quiet."""
    quiet_until: int
    cart_ms: int
    next_ms: int
    price_drop: float
    lead_ms: int

    @classmethod
    def of(cls, settings: ShopSettings) -> LetterRules:
        """As the settings have them."""
        start, _, end = settings.letters_quiet.partition("-")
        return cls(
            frozenset(settings.letters),
            settings.letters_per_day,
            settings.letters_per_week,
            int(start) % 24,
            int(end) % 24,
            int(settings.letters_cart_hours * HOUR_MS),
            settings.letters_next_days * DAY_MS,
            settings.letters_price_drop,
            settings.letters_lead_days * DAY_MS,
        )

    def is_quiet(self, now_ms: int, zones: Sequence[tzinfo]) -> bool:
        """Whether nobody shall be written to now, in any of these zones."""
        return any(self._quiet(local_time(now_ms, zone).hour) for zone in zones)

    def _quiet(self, hour: int) -> bool:
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= hour < self.quiet_until
        return hour >= self.quiet_from or hour < self.quiet_until


def local_time(time_ms: int, zone: tzinfo) -> datetime:
    """A moment on a clock."""
    return datetime.fromtimestamp(time_ms / 1000, UTC).astimezone(zone)


def zones_of(country: str | None, shop: tzinfo) -> tuple[tzinfo, ...]:
    """The clocks of a country; the shop's where no country is known."""
    from babel.core import get_global

    found: list[tzinfo] = []
    for name in get_global("territory_zones").get(country or "", ()):
        try:
            found.append(ZoneInfo(name))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue  # a name that this machine's data does not have
    return tuple(found) or (shop,)
