"""gorse's words and ours: items and feedback as its clients send them, products and events as verbs take them.

Source   https://gorse.io/docs/concepts/data-source, and the REST API of gorse 0.5.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bottega.catalogue.product import Product
from bottega.errors import RequestInvalid
from bottega.events.aliases import ALIASES
from bottega.events.times import now_ms, to_ms
from bottega.names import EventKind

__all__ = [
    "SYSTEM",
    "delay_of",
    "event_of",
    "feedback_of",
    "item_of",
    "row_of",
    "source_of",
    "type_of",
    "user_of",
]

SYSTEM = "gorse"
_ITEM = ("ItemId", "IsHidden", "Categories", "Timestamp", "Labels", "Comment")
_ZERO_TIME = "0001-01-01"
"""How Go writes a time that nobody set."""
_DELAY = re.compile(r"(\d+(?:\.\d+)?)(h|ms|m|s|us|ns)")
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
_TYPES = {alias.kind: alias.name for alias in reversed(ALIASES) if alias.vocabulary == SYSTEM}
"""What gorse calls a kind that came from elsewhere."""


def row_of(item: Mapping[str, Any], *, exact: bool = False) -> dict[str, Any]:
    """A product as `keep_products` takes it. Raises `RequestInvalid` for an item without an id."""
    name = _text(item, "ItemId")
    labels, hidden, categories = item.get("Labels"), item.get("IsHidden"), item.get("Categories") or []
    if not isinstance(hidden, bool | None):
        raise RequestInvalid(f"IsHidden is {hidden!r} in item {name}.", allowed="It is true or false.")
    if not isinstance(categories, list) or not all(isinstance(one, str) for one in categories):
        raise RequestInvalid(f"Categories is {categories!r} in item {name}.", allowed="It is a list of texts.")
    comment = _text(item, "Comment", needed=False)
    return {
        "id": name,
        "fields": dict(labels) if isinstance(labels, Mapping) else {"labels": labels} if labels else {},
        "title": comment,
        "category": None if not categories and not exact else categories,
        "category_exact": exact,
        "hidden": hidden or False,
        "updated_at_ms": _ms(item.get("Timestamp")),
        "record": {key: value for key, value in item.items() if key in _ITEM},
    }


def item_of(product: Product, record: Mapping[str, Any] | None) -> dict[str, Any]:
    """A product as gorse shows it: as it was sent, where it is still so."""
    plain = {
        "ItemId": product.id,
        "IsHidden": product.hidden,
        "Categories": list(product.category),
        "Timestamp": _iso(product.updated_at_ms) if product.updated_at_ms is not None else f"{_ZERO_TIME}T00:00:00Z",
        "Labels": {name: list(values) for name, values in product.attributes.items()},
        "Comment": product.title,
    }
    return plain if record is None else plain | {"Labels": None, "Comment": "", **record}


def user_of(name: str, record: Mapping[str, Any] | None) -> dict[str, Any]:
    """A shopper as gorse shows one."""
    return {"UserId": name, "Labels": None, "Comment": "", **(record or {})}


def event_of(feedback: Mapping[str, Any], kind: EventKind) -> dict[str, Any]:
    """An event as `record_events` takes it. The same feedback sent again is the same event.

    `Value` is kept as the rating: it is the only number of an event that is no money and no count.
    """
    type_, user, item = (_text(feedback, name) for name in ("FeedbackType", "UserId", "ItemId"))
    value, time = feedback.get("Value") or 0, feedback.get("Timestamp")
    event: dict[str, Any] = {
        "shopper_id": user,
        "product_id": item,
        "kind": kind.value,
        "source": source_of(type_),
    }
    if time and not str(time).startswith(_ZERO_TIME):
        event["time"] = time
        content = "\x1f".join([type_, user, item, str(time), str(value)])
        event["event_id"] = f"gorse-{hashlib.blake2b(content.encode(), digest_size=12).hexdigest()}"
    if value:
        event["rating"] = value
    return event


def feedback_of(events: Iterable[Mapping[str, Any]], *, merged: bool) -> list[dict[str, Any]]:
    """Feedback as gorse lists it. `merged`: one of each type, user and item, values added up, the time the last."""
    found: dict[Any, dict[str, Any]] = {}
    for place, one in enumerate(events):
        if one["product_id"] is None:
            continue
        type_ = type_of(one)
        key = (type_, one["shopper"], one["product_id"]) if merged else place
        before = found.get(key)
        found[key] = {
            "FeedbackType": type_,
            "UserId": one["shopper"],
            "ItemId": one["product_id"],
            "Value": (one["rating"] or 0) + (before["Value"] if before else 0),
            "Timestamp": max(_iso(one["time_ms"]), before["Timestamp"] if before else ""),
            "Comment": "",
        }
    return list(found.values())


def source_of(type_: str) -> str:
    """What an event says of the feedback type that it came under."""
    return f"{SYSTEM}:{type_}"


def type_of(event: Mapping[str, Any]) -> str:
    """The feedback type of an event: the one it came under, else gorse's usual name for its kind."""
    source = event["source"] or ""
    if source.startswith(f"{SYSTEM}:"):
        return str(source.removeprefix(f"{SYSTEM}:"))
    kind = EventKind(event["kind"])
    return _TYPES.get(kind, kind.value)


def delay_of(text: str) -> timedelta:
    """A duration as Go writes it: 10m, 1h30m. Raises `RequestInvalid`."""
    parts = _DELAY.findall(text)
    if "".join(number + unit for number, unit in parts) != text:
        raise RequestInvalid(f"The delay is {text!r}.", allowed="It is written as in 10m or 1h30m.")
    return timedelta(seconds=sum(float(number) * _SECONDS[unit] for number, unit in parts))


def _text(row: Mapping[str, Any], name: str, *, needed: bool = True) -> str:
    value = row.get(name)
    if value is None or value == "":
        if not needed:
            return ""
        raise RequestInvalid(f"{name} is missing in {json.dumps(dict(row), default=str)}.", next_step="Send it.")
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise RequestInvalid(f"{name} is {value!r}.", allowed="It is a text.")
    return str(value)


def _ms(time: Any) -> int | None:
    if not time or str(time).startswith(_ZERO_TIME):
        return None
    return to_ms(time, now=now_ms(), field="Timestamp")


def _iso(ms: int) -> str:
    moment = datetime.fromtimestamp(ms / 1000, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if ms % 1000 == 0 else moment.isoformat().replace("+00:00", "Z")
