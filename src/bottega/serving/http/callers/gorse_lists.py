"""gorse's lists: for a user, for a session, beside an item, for nobody in particular."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bottega.errors import CatalogueEmpty, ModelUnknown, NotOffered, ProductUnknown, RequestInvalid
from bottega.events.times import now_ms
from bottega.names import POSITIVE_KINDS, EventKind
from bottega.serving.http.callers.asking import ask, kind_named
from bottega.serving.http.callers.gorse_data import Call
from bottega.serving.http.callers.gorse_words import delay_of, source_of
from bottega.serving.http.door import Door
from bottega.shop.shape import COUNT_MAX

__all__ = ["beside_item", "for_nobody", "newest", "no_neighbours", "of_session", "recommend"]

SESSION_MOST = 50
"""Newest products of a session that a list is made beside."""
_BESIDE = ("neighbors", "default", "auto")
"""Names of item-to-item that mean the shop's own list beside a product."""
_SIMILAR = {
    "similar": "",
    "related": "behaviour",
    "attributes": "attributes",
    "looks": "looks",
    "behaviour": "behaviour",
}
"""Names of item-to-item that ask for similar products, and by what; "" is what they are like at every door."""
_LATEST = "latest"
_POPULAR = "popular"


async def recommend(door: Door, call: Call) -> Any:
    """For a user; what was written back as shown to them comes no more."""
    user = call.path["user"]
    asked: dict[str, Any] = {"shopper": user, "exclude_ids": await _shown(door, user)}
    found = await _list(door, call, **asked)
    if type_ := call.text("write-back-type"):
        await _write_back(door, call, type_, [one["product_id"] for one in found])
    return _scores(found) if call.scored else [one["product_id"] for one in found]


async def of_session(door: Door, call: Call) -> Any:
    """For what a session did, though nobody be named: beside its products."""
    touched: dict[str, None] = {}
    for row in sorted(call.rows(), key=lambda row: str(row.get("Timestamp", ""))):
        kind = kind_named(door, str(row.get("FeedbackType", "")))
        if kind is not None and kind.code in POSITIVE_KINDS and row.get("ItemId"):
            touched.pop(str(row["ItemId"]), None)
            touched[str(row["ItemId"])] = None
    beside = list(touched)[-SESSION_MOST:]
    asked: dict[str, Any] = {"placement": "product", "product_ids": beside} if beside else {}
    return _scores(await _list(door, call, exclude_ids=list(touched), **asked))


async def beside_item(door: Door, call: Call) -> Any:
    """Beside an item: the shop's own list, what resembles it, or what one recommender says."""
    name, item = call.path.get("name", _BESIDE[0]), call.path["item"]
    try:
        if name in _SIMILAR:
            n, offset = _places(call)
            asked: dict[str, Any] = {"product_id": item, "n": min(n + offset, COUNT_MAX), "filter": _filter(call)}
            asked |= {"by": by} if (by := _SIMILAR[name]) else {}
            return _scores((await ask(door, "similar", **asked))["items"][offset:])
        chosen: dict[str, Any] = {} if name in _BESIDE else {"strategy": name}
        found = await _list(door, call, placement="product", product_ids=[item], needed=item, **chosen)
    except ProductUnknown:
        return []
    return _scores(found)


async def for_nobody(door: Door, call: Call) -> Any:
    """What is popular, or what one recommender says to a stranger."""
    name = call.path.get("name", _POPULAR)
    if name == _LATEST:
        return await newest(door, call)
    return _scores(await _list(door, call, strategy=name, exclude_ids=await _touched(door, call)))


async def newest(door: Door, call: Call) -> Any:
    """What came last. The score is the time, in seconds."""
    n, offset = _places(call)
    left_out = set(await _touched(door, call))
    most = min(n + offset + len(left_out), COUNT_MAX)
    found = (await ask(door, "newest_products", n=most, filter=_filter(call)))["products"]
    kept = [one["product"] for one in found if one["product"]["id"] not in left_out]
    return [{"Id": one["id"], "Score": (one["updated_at_ms"] or 0) / 1000} for one in kept[offset : offset + n]]


async def no_neighbours(door: Door, call: Call) -> Any:
    """Shoppers like a shopper: models remember what shoppers chose, not who they are, so no name can be told.

    A model that kept names would still hold those of shoppers who were forgotten since its training.
    """
    raise NotOffered(
        "Bottega has no lists of users like a user: its models keep no names, so that nobody stays in them.",
        allowed="Lists of items are to be had for a user, by what users like them chose: /gorse/api/recommend/USER.",
        next_step="Ask for those, or for segments (`bottega segments`).",
    )


async def _list(door: Door, call: Call, *, needed: str = "", **asked: Any) -> list[dict[str, Any]]:
    """The products of one list, from the offset on. `needed`: without this product there is no list."""
    n, offset = _places(call)
    wanted = min(n + offset, COUNT_MAX)
    if n == 0 or offset >= COUNT_MAX:
        return []
    try:
        answer = await ask(door, "recommend", n=wanted, filter=_filter(call), explain=False, **asked)
    except CatalogueEmpty:
        return []
    except ModelUnknown as error:
        raise ModelUnknown(
            error.seen,
            allowed=f"Names here are {', '.join([*_BESIDE, *_SIMILAR, _POPULAR, _LATEST])}, "
            "and those of Bottega's recommenders.",
            next_step=error.allowed,
        ) from error
    if needed and needed in answer["missing_ids"]:
        return []
    found: list[dict[str, Any]] = answer["items"][offset : offset + n]
    return found


def _places(call: Call) -> tuple[int, int]:
    return min(call.number("n", 10), COUNT_MAX), call.number("offset", 0)


def _filter(call: Call) -> dict[str, Any] | None:
    """A filter for products that are in every category named."""
    wanted = [name for name in call.query.get("category") or [call.path.get("category", "")] if name]
    found: dict[str, Any] | None = None
    for name in reversed(wanted):
        found = {"category": [name]} | ({"not": {"not": found}} if found else {})
    return found


def _scores(items: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{"Id": one["product_id"], "Score": one["score"]} for one in items]


async def _shown(door: Door, user: str) -> list[str]:
    """Products that were written back as shown to a user by now."""
    found = await ask(door, "list_events", shopper=user, kinds=[EventKind.IMPRESSION], n=10_000)
    now = now_ms()
    back = [one for one in found["events"] if (one["source"] or "").startswith(source_of("")) and one["time_ms"] <= now]
    return list(dict.fromkeys(one["product_id"] for one in back if one["product_id"]))


async def _touched(door: Door, call: Call) -> list[str]:
    """Products that the user of `user-id` did anything with; they are left out."""
    user = call.text("user-id")
    if not user:
        return []
    found = await ask(door, "list_events", shopper=user, n=10_000)
    return list(dict.fromkeys(one["product_id"] for one in found["events"] if one["product_id"]))


async def _write_back(door: Door, call: Call, type_: str, product_ids: Sequence[str]) -> None:
    """Record a list as shown. gorse writes `read`; nobody looked yet, so it is an impression, under gorse's name."""
    kind = kind_named(door, type_)
    if kind is EventKind.VIEW:
        kind = EventKind.IMPRESSION
    if kind is None:
        return
    delay = delay_of(call.text("write-back-delay")) if call.text("write-back-delay") else timedelta()
    time = (datetime.now(UTC) + delay).isoformat()
    shared = {"shopper_id": call.path["user"], "kind": kind, "source": source_of(type_), "time": time}
    found = await ask(door, "record_events", events=[shared | {"product_id": name} for name in product_ids])
    if bad := found["rejected"]:
        raise RequestInvalid(f"Nothing was written back: {bad[0]['field']} is {bad[0]['seen']}.", allowed=bad[0]["fix"])
