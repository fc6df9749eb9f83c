"""Record events: what shoppers did just now; the next answer knows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from bottega.actions.intake.posted_rows import checked
from bottega.actions.intake.shapes import IngestAnswer, RecordRequest, Warned
from bottega.errors import EventInvalid
from bottega.events.absent import nobody_in, without_absent
from bottega.events.aliases import kind_of
from bottega.events.event import Event, rule_of
from bottega.events.log_in import LOG_IN_FIELDS, LogIn, is_log_in
from bottega.events.mend import Unread, mended
from bottega.events.row_rules import WHO, place_of
from bottega.events.rules import RULES
from bottega.events.times import now_ms, to_ms
from bottega.shop.old_names import heard
from bottega.shop.open_shop import OpenShop
from bottega.texts import shown

__all__ = ["EVENT_FIELDS", "record_events"]

EVENT_FIELDS = [*(name for name in Event.model_fields if name != "time_ms"), "time", "time_ms", "traits"]
"""What a posted event may hold."""


def record_events(shop: OpenShop, request: RecordRequest) -> IngestAnswer:
    """Check each event, store the good ones in one transaction, name the others. Safe to repeat by event id.

    `time` and `time_ms` take what imports take (seconds, ms, us, ns, ISO 8601); an event with neither happened now.
    Kinds of other vocabularies (`docs/events.md`) are understood. Ids that name nobody are left out, and counted.
    `traits` say who the shopper is; an `identify` without a product is a log-in.
    """
    now = now_ms()
    nobody: list[str] = []
    currency, warnings = shop.settings.currency, list[Warned]()

    def make(index: int, row: Mapping[str, Any]) -> _Posted:
        one = _posted(row, now, nobody, currency)
        warnings.extend(_warned(index, unread) for unread in one.unread)
        return one

    posted, bad = checked(request.events, make, EVENT_FIELDS, rule_of=rule_of)
    good = [one.event for one in posted if one.event is not None]
    result = shop.record(good)
    shop.log_in([one.log_in for one in posted if one.log_in is not None])
    with shop.floor() as floor:
        named = dict.fromkeys(event.product_id for event in good if event.product_id)
        unknown = [name for name in named if floor.items.code(name) < 0]
    return IngestAnswer(
        accepted=result.added,
        duplicates=result.duplicates,
        log_ins=sum(one.event is None for one in posted),
        rejected=bad,
        warnings=warnings,
        nobody=len(nobody),
        unknown_products=unknown,
    )


class _Posted(BaseModel):
    """What one row became: an event, what it says of its shopper, or both."""

    event: Event | None = None
    log_in: LogIn | None = None
    unread: list[Unread] = []
    """Fields that were left out of it."""


def _warned(index: int, unread: Unread) -> Warned:
    fix = RULES[unread.rule].fix
    return Warned(index=index, field=unread.field, seen=shown(unread.seen), fix=f"Next time, {fix}.", rule=unread.rule)


OLD_NAMES = {"user_id": "shopper_id", "item_id": "product_id"}
"""Old name -> field of an event; imports take them as columns, too."""


def _by_new_names(row: Mapping[str, Any]) -> dict[str, Any]:
    fields = dict(row)
    for old in [name for name in OLD_NAMES if name in fields]:
        new = OLD_NAMES[old]
        if new in fields:
            raise EventInvalid(
                f"{old} stands beside {new}.",
                field=old,
                allowed=f"{old} is the old name of {new}.",
                next_step=f"Send {new} alone.",
                rule="field_unknown",
            )
        fields[new] = fields.pop(old)
        heard(old, new)
    return fields


def _posted(row: Mapping[str, Any], now: int, nobody: list[str], currency: str = "USD") -> _Posted:
    row = _by_new_names(row)
    fields, strangers = without_absent(row)
    nobody += strangers
    stranger = None
    if (named := nobody_in(row)) and not any(fields.get(name) for name in (*WHO, "order_id")):
        field, text = named[0]
        stranger = EventInvalid(
            repr(text),
            field=field,
            allowed=f"This is {RULES['who_nobody'].meaning}.",
            next_step=f"To mend it, {RULES['who_nobody'].fix}.",
            rule="who_nobody",
        )
    if stranger and is_log_in(fields.get("kind")):
        raise stranger
    if is_log_in(fields.get("kind")):
        if strange := sorted(set(fields) - set(LOG_IN_FIELDS)):
            raise EventInvalid(
                f"A log-in has the field {strange[0]!r}.",
                field=strange[0],
                allowed=f"Its fields are {', '.join(LOG_IN_FIELDS)}.",
                next_step="Send what was done to a product as an event of its own.",
            )
        return _Posted(log_in=LogIn.of(fields, now=now))
    told = fields.get("traits") is not None
    plain = {name: value for name, value in fields.items() if name != "traits"}
    if isinstance(kind := plain.get("kind"), str) and (known := kind_of(kind)) is not None:
        plain["kind"] = known
    plain, unread = mended(plain, currency)
    log_in = LogIn.of(fields, now=now) if told else None
    return _Posted(event=_event(plain, now, stranger), log_in=log_in, unread=unread)


def _event(fields: dict[str, Any], now: int, stranger: EventInvalid | None) -> Event:
    """The event of these fields. `stranger`: what to say where nobody did it. Of several faults, one counts."""
    faults = [] if stranger is None else [stranger]
    given = {name: fields.pop(name) for name in ("time_ms", "time") if fields.get(name) is not None}
    fields["time_ms"] = now
    for name, value in given.items():
        try:
            fields["time_ms"] = _ms(name, value, now)
        except EventInvalid as error:
            faults.append(error)
    first = min(faults, key=lambda one: place_of(one.rule), default=None)
    try:
        event = Event.model_validate(fields)
    except ValidationError as error:
        if first is None or min(place_of(rule_of(one)) for one in error.errors()) < place_of(first.rule):
            raise
    else:
        if first is None:
            return event
    raise first


def _ms(name: str, value: object, now: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise EventInvalid(
            f"The time is {value!r}.",
            field=name,
            allowed="It is a number or an ISO 8601 text.",
            rule="time_unreadable",
        )
    return to_ms(value, now=now, field=name)
