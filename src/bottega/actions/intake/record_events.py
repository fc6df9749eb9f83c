"""Record events: what shoppers did just now; the next answer knows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bottega.actions.intake.posted_rows import checked
from bottega.actions.intake.shapes import IngestAnswer
from bottega.errors import EventInvalid
from bottega.events.absent import WHO, without_absent
from bottega.events.aliases import kind_of
from bottega.events.check import RULES
from bottega.events.event import Event
from bottega.events.times import now_ms, to_ms
from bottega.shop.open_shop import OpenShop

__all__ = ["EVENT_FIELDS", "record_events"]

EVENT_FIELDS = [*(name for name in Event.model_fields if name != "time_ms"), "time", "time_ms"]
"""What a posted event may hold."""


def record_events(shop: OpenShop, rows: Sequence[object]) -> IngestAnswer:
    """Check each event, store the good ones in one transaction, name the others. Safe to repeat by event id.

    `time` and `time_ms` take what imports take (seconds, ms, us, ns, ISO 8601); an event with neither happened now.
    Kinds of other vocabularies (`docs/events.md`) are understood. Ids that name nobody are left out, and counted.
    """
    now = now_ms()
    nobody: list[str] = []
    good, bad = checked(rows, lambda _, row: _event(row, now, nobody), EVENT_FIELDS)
    result = shop.record(good)
    with shop.floor() as floor:
        named = dict.fromkeys(event.product_id for event in good if event.product_id)
        unknown = [name for name in named if floor.live.items.code(name) < 0]
    return IngestAnswer(
        accepted=result.added,
        duplicates=result.duplicates,
        rejected=bad,
        nobody=len(nobody),
        unknown_products=unknown,
    )


def _event(row: Mapping[str, Any], now: int, nobody: list[str]) -> Event:
    fields, strangers = without_absent(row)
    nobody += strangers
    if strangers and not any(fields.get(name) for name in WHO):
        raise EventInvalid(
            repr(strangers[0]),
            field=next(name for name in WHO if row.get(name) is not None),
            allowed=f"This is {RULES['who_nobody'].meaning}.",
            next_step=f"To mend it, {RULES['who_nobody'].fix}.",
        )
    given = {name: fields.pop(name) for name in ("time_ms", "time") if fields.get(name) is not None}
    fields["time_ms"] = now
    for name, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise EventInvalid(f"The time is {value!r}.", field=name, allowed="It is a number or an ISO 8601 text.")
        fields["time_ms"] = to_ms(value, now=now, field=name)
    if isinstance(kind := fields.get("kind"), str) and (known := kind_of(kind)) is not None:
        fields["kind"] = known
    return Event.model_validate(fields)
