"""Record events: what shoppers did just now; the next answer knows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bottega.actions.intake.posted_rows import checked
from bottega.actions.intake.shapes import IngestAnswer
from bottega.errors import EventInvalid
from bottega.events.aliases import kind_of
from bottega.events.event import Event
from bottega.events.times import now_ms, to_ms
from bottega.shop.open_shop import OpenShop

__all__ = ["EVENT_FIELDS", "record_events"]

EVENT_FIELDS = [*(name for name in Event.model_fields if name != "time_ms"), "time", "time_ms"]
"""What a posted event may hold."""


def record_events(shop: OpenShop, rows: Sequence[object]) -> IngestAnswer:
    """Check each event, store the good ones in one transaction, name the others. Safe to repeat by event id.

    `time` takes what imports take (seconds, ms, us, ISO 8601), `time_ms` milliseconds; an event with neither happened
    now. Kinds of other vocabularies (`docs/events.md`) are understood.
    """
    now = now_ms()
    good, bad = checked(rows, lambda row: _event(row, now), EVENT_FIELDS)
    result = shop.record(good)
    with shop.floor() as floor:
        named = dict.fromkeys(event.product_id for event in good if event.product_id)
        unknown = [name for name in named if floor.live.items.code(name) < 0]
    return IngestAnswer(accepted=result.added, duplicates=result.duplicates, rejected=bad, unknown_products=unknown)


def _event(row: Mapping[str, Any], now: int) -> Event:
    fields = {name: value for name, value in row.items() if name != "time"}
    if (given := row.get("time")) is not None:
        if isinstance(given, bool) or not isinstance(given, int | float | str):
            raise EventInvalid(f"The time is {given!r}.", allowed="It is a number or an ISO 8601 text.")
        fields["time_ms"] = to_ms(given, now=now)
    elif fields.get("time_ms") is None:
        fields["time_ms"] = now
    if isinstance(kind := fields.get("kind"), str) and (known := kind_of(kind)) is not None:
        fields["kind"] = known
    return Event.model_validate(fields)
