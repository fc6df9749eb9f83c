"""PutEvents, PutItems, PutUsers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bottega.errors import RequestInvalid
from bottega.serving.http.callers.asking import ask, kind_named
from bottega.serving.http.callers.personalize_body import Body
from bottega.serving.http.callers.personalize_words import SYSTEM, events_of, item_row, properties_of
from bottega.serving.http.door import Door

__all__ = ["put_events", "put_items", "put_users"]

AT_ONCE = 10
"""Events, items or users of one call."""
SHOWN_MOST = 25


async def put_events(door: Door, body: Body) -> None:
    """What a visitor did. A call with a userId joins what its session did before to that shopper."""
    body.only("trackingId", "userId", "sessionId", "eventList")
    for name in ("trackingId", "sessionId"):
        body.needed(name)
    body.text("userId")
    events = body.rows("eventList", AT_ONCE, needs=("eventType", "sentAt"))
    for event in events:
        if event.get("impression"):
            Body(event).texts("impression", SHOWN_MOST)
    kinds = {str(event["eventType"]): kind_named(door, str(event["eventType"])) for event in events}
    found = await ask(door, "record_events", events=events_of(body.fields, kinds))
    _refuse("events", found["rejected"])


async def put_items(door: Door, body: Body) -> None:
    """Products, merged into the catalogue."""
    body.only("datasetArn", "items").needed("datasetArn")
    rows = [item_row(item) for item in body.rows("items", AT_ONCE, needs=("itemId",))]
    _refuse("items", (await ask(door, "keep_products", system=SYSTEM, products=rows))["rejected"])


async def put_users(door: Door, body: Body) -> None:
    """What is said of shoppers, kept word for word."""
    body.only("datasetArn", "users").needed("datasetArn")
    users = body.rows("users", AT_ONCE, needs=("userId",))
    records = {user["userId"]: properties_of(user.get("properties")) for user in users}
    await ask(door, "keep_shoppers", system=SYSTEM, records=records)


def _refuse(what: str, rejected: Sequence[Mapping[str, Any]]) -> None:
    if rejected:
        first = rejected[0]
        raise RequestInvalid(
            f"{len(rejected)} {what} were not taken. The first: {first['field']} is {first['seen']}.",
            allowed=first["fix"],
            next_step="The others were taken; with their eventId, sending all of them again changes nothing.",
        )
