"""gorse's users, items and feedback: written, read back, changed, taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bottega.catalogue.product import Product
from bottega.errors import NotFound, RequestInvalid, ShopperUnknown
from bottega.names import EventKind
from bottega.serving.http.callers.asking import ask, kind_named
from bottega.serving.http.callers.gorse_words import (
    SYSTEM,
    event_of,
    feedback_of,
    item_of,
    row_of,
    type_of,
    user_of,
)
from bottega.serving.http.door import Door

__all__ = [
    "Call",
    "add_category",
    "add_feedback",
    "delete_feedback",
    "delete_item",
    "delete_user",
    "feedback_between",
    "get_item",
    "get_user",
    "insert_item",
    "insert_items",
    "insert_user",
    "insert_users",
    "list_feedback",
    "list_items",
    "list_users",
    "one_feedback",
    "overwrite_feedback",
    "patch_item",
    "patch_user",
    "remove_category",
]

PAGE_MOST = 1000


@dataclass(frozen=True)
class Call:
    """What one request says."""

    path: dict[str, str]
    query: dict[str, list[str]]
    body: Any
    scored: bool
    """Whether lists are wanted with scores (`X-API-Version: 2`)."""

    def text(self, name: str, default: str = "") -> str:
        """A value of the path or the query; the first of several."""
        return self.path.get(name) or next(iter(self.query.get(name, [])), "") or default

    def number(self, name: str, default: int) -> int:
        """A whole number of the query. Raises `RequestInvalid`."""
        text = self.text(name)
        if not text:
            return default
        if not text.lstrip("-").isdecimal():
            raise RequestInvalid(f"{name} is {text!r}.", allowed="It is a whole number.")
        return max(0, int(text))

    def rows(self) -> list[Mapping[str, Any]]:
        """The objects of the body, which is a list of them. Raises `RequestInvalid`."""
        if not isinstance(self.body, list) or not all(isinstance(row, dict) for row in self.body):
            raise RequestInvalid("The body is no list of objects.", next_step="Send [{...}, {...}].")
        return self.body

    def row(self) -> dict[str, Any]:
        """The object that the body is. Raises `RequestInvalid`."""
        if not isinstance(self.body, dict):
            raise RequestInvalid("The body is no object.", next_step="Send {...}.")
        return self.body


def _done(count: int) -> dict[str, int]:
    return {"RowAffected": count}


async def insert_user(door: Door, call: Call) -> Any:
    return await _keep_users(door, [call.row()])


async def insert_users(door: Door, call: Call) -> Any:
    return await _keep_users(door, call.rows())


async def _keep_users(door: Door, users: Sequence[Mapping[str, Any]]) -> Any:
    if lacking := [user for user in users if not user.get("UserId")]:
        raise RequestInvalid(f"UserId is missing in {lacking[0]!r}.", next_step="Send it.")
    records = {str(user["UserId"]): dict(user) for user in users}
    return _done((await ask(door, "keep_shoppers", system=SYSTEM, records=records))["kept"])


async def list_users(door: Door, call: Call) -> Any:
    n, after = _page(call), call.text("cursor")
    found = await ask(door, "foreign_shoppers", system=SYSTEM, n=n, after=after)
    users = [user_of(one["shopper"], one["record"]) for one in found["shoppers"]]
    return {"Cursor": found["next"] or "", "Users": users}


async def get_user(door: Door, call: Call) -> Any:
    name = call.path["user"]
    found = await ask(door, "foreign_shoppers", system=SYSTEM, shoppers=[name])
    if not found["shoppers"]:
        raise ShopperUnknown(f"user {name} not found")
    return user_of(name, found["shoppers"][0]["record"])


async def patch_user(door: Door, call: Call) -> Any:
    user = await get_user(door, call)
    return await _keep_users(door, [user | _given(call.row())])


async def delete_user(door: Door, call: Call) -> Any:
    try:
        await ask(door, "forget", shopper=call.path["user"])
    except ShopperUnknown:
        return _done(0)
    return _done(1)


async def insert_item(door: Door, call: Call) -> Any:
    return await _keep_items(door, [row_of(call.row())])


async def insert_items(door: Door, call: Call) -> Any:
    return await _keep_items(door, [row_of(item) for item in call.rows()])


async def _keep_items(door: Door, rows: Sequence[dict[str, Any]]) -> Any:
    found = await ask(door, "keep_products", system=SYSTEM, products=rows)
    if bad := found["rejected"]:
        first = bad[0]
        raise RequestInvalid(
            f"{len(bad)} of {len(rows)} items were not taken. The first: {first['field']} is {first['seen']!r}.",
            allowed=first["fix"],
            next_step="The others were taken; sending all of them again changes nothing.",
        )
    return _done(found["kept"])


async def list_items(door: Door, call: Call) -> Any:
    asked = {"text": call.text("q") or None, "after": call.text("cursor") or None}
    found = await ask(door, "foreign_products", system=SYSTEM, n=_page(call), **asked)
    items = [item_of(Product.model_validate(one["product"]), one["record"]) for one in found["products"]]
    return {"Cursor": found["next"] or "", "Items": items}


async def get_item(door: Door, call: Call) -> Any:
    name = call.path["item"]
    found = await ask(door, "foreign_products", system=SYSTEM, ids=[name], n=1)
    if not found["products"]:
        raise NotFound(f"item {name} not found")
    one = found["products"][0]
    return item_of(Product.model_validate(one["product"]), one["record"])


async def patch_item(door: Door, call: Call) -> Any:
    said = _given(call.row())
    item = await get_item(door, call)
    return await _keep_items(door, [row_of(item | said, exact="Categories" in said)])


async def delete_item(door: Door, call: Call) -> Any:
    return _done((await ask(door, "discontinue", ids=[call.path["item"]]))["kept"])


async def add_category(door: Door, call: Call) -> Any:
    item = await get_item(door, call)
    categories = list(dict.fromkeys([*(item["Categories"] or []), call.path["category"]]))
    return await _keep_items(door, [row_of(item | {"Categories": categories}, exact=True)])


async def remove_category(door: Door, call: Call) -> Any:
    item = await get_item(door, call)
    categories = [one for one in item["Categories"] or [] if one != call.path["category"]]
    return await _keep_items(door, [row_of(item | {"Categories": categories}, exact=True)])


async def add_feedback(door: Door, call: Call) -> Any:
    """Each is an event of its own; what is sent twice, with its time, counts once."""
    return await _record(door, call.rows())


async def overwrite_feedback(door: Door, call: Call) -> Any:
    """What was said before under the same type, user and item is taken back."""
    rows = call.rows()
    before: list[int] = []
    for row in rows:
        kind_named(door, str(row.get("FeedbackType", "")))  # refused before anything is taken back
        path = {"type": row.get("FeedbackType"), "user": row.get("UserId"), "item": row.get("ItemId")}
        if all(path.values()):
            same = Call({name: str(value) for name, value in path.items()}, {}, None, False)
            before += [one["number"] for one in await _events(door, same)]
    await ask(door, "remove_events", numbers=before)
    return await _record(door, rows)


async def _record(door: Door, rows: Sequence[Mapping[str, Any]]) -> Any:
    kinds = [kind_named(door, str(row.get("FeedbackType", ""))) for row in rows]
    events = [event_of(row, kind) for row, kind in zip(rows, kinds, strict=True) if kind is not None]
    found = await ask(door, "record_events", events=events)
    if bad := found["rejected"]:
        first = bad[0]
        raise RequestInvalid(
            f"{len(bad)} of {len(rows)} were not taken. The first: {first['field']} is {first['seen']}.",
            allowed=first["fix"],
            next_step="The others were taken; with their times, sending all of them again changes nothing.",
        )
    return _done(len(rows))


async def list_feedback(door: Door, call: Call) -> Any:
    after = call.number("cursor", 0)
    found = await ask(door, "list_events", n=_page(call), after=after, **_typed(door, call))
    return {"Cursor": str(found["next"] or ""), "Feedback": feedback_of(_of_type(call, found["events"]), merged=False)}


async def feedback_between(door: Door, call: Call) -> Any:
    return feedback_of(await _events(door, call), merged=True)


async def _events(door: Door, call: Call) -> list[dict[str, Any]]:
    """The events of the type, the user and the item that a path names."""
    who = {"shopper": call.path.get("user"), "product_id": call.path.get("item")}
    found = await ask(door, "list_events", n=10_000, **who, **_typed(door, call))
    return _of_type(call, found["events"])


async def one_feedback(door: Door, call: Call) -> Any:
    found = await feedback_between(door, call)
    if not found:
        raise NotFound(f"feedback {call.path['type']}/{call.path['user']}/{call.path['item']} not found")
    return found[0]


async def delete_feedback(door: Door, call: Call) -> Any:
    events = await _events(door, call)
    await ask(door, "remove_events", numbers=[one["number"] for one in events])
    return _done(len(feedback_of(events, merged=True)))


def _typed(door: Door, call: Call) -> dict[str, Any]:
    """The kinds among which events of the wanted type are; lists that were written back are impressions."""
    if not call.path.get("type"):
        return {}
    kind = kind_named(door, call.path["type"])
    return {} if kind is None else {"kinds": list(dict.fromkeys([kind, EventKind.IMPRESSION]))}


def _of_type(call: Call, events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    wanted = call.path.get("type")
    return [one for one in events if not wanted or type_of(one) == wanted]


def _page(call: Call) -> int:
    return min(max(1, call.number("n", 10)), PAGE_MOST)


def _given(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}
