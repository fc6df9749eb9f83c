"""Amazon Personalize's words and ours: names of resources, filters with values, events, items.

Source   The service models personalize-runtime (2018-05-22) and personalize-events (2018-03-22).
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, get_args

from bottega.actions.recommend.shapes import RecommendationRequest
from bottega.catalogue.filter import Filter
from bottega.catalogue.product import Product
from bottega.currencies import exponent
from bottega.errors import NotFound, RequestInvalid, SettingsInvalid
from bottega.events.times import now_ms, to_ms
from bottega.names import EventKind
from bottega.settings import ShopSettings
from bottega.sources.columns import name_of

__all__ = ["SYSTEM", "both", "campaign", "events_of", "filter_of", "item_row", "metadata", "properties_of"]

SYSTEM = "personalize"
_ARN = re.compile(r"arn:[a-z\d-]+:personalize:[^:]*:[^:]*:([a-z-]+)/(.+)")
_PLACEMENTS = get_args(RecommendationRequest.model_fields["placement"].annotation)
_LEVEL = re.compile(r"category_?l(\d)")
_CREATED = ("creation_timestamp", "creationtimestamp")
_DONE = "except_done"
"""In a declared filter: kinds of events; what the shopper did so with is left out."""


def campaign(settings: ShopSettings, arn: str, *, item: str | None) -> dict[str, Any]:
    """The placement or the strategy that the ARN of a campaign or a recommender chooses. Raises `NotFound`."""
    name = _resource(arn, ("campaign", "recommender"))
    meant = settings.personalize_campaigns.get(name, name)
    if meant not in _PLACEMENTS:
        return {"strategy": meant, "placement": "product" if item else "home"}
    return {"placement": "product" if meant == "home" and item else meant}


def filter_of(
    settings: ShopSettings, arn: str | None, values: Mapping[str, Any]
) -> tuple[dict[str, Any], list[EventKind]]:
    """The filter that an ARN names in the settings, its `$NAMES` filled, and kinds whose products are left out.

    Raises `NotFound` for a filter that is not declared, `RequestInvalid` for one whose values are missing.
    """
    if arn is None:
        return {}, []
    name = _resource(arn, ("filter",))
    if name not in settings.filters:
        known = ", ".join(settings.filters) or "none"
        raise NotFound(
            f"There is no filter {name!r}.",
            allowed=f"Filters of this shop are: {known}.",
            next_step=f"Declare it in bottega.toml: [filters.{name}].",
        )
    filled = _filled(settings.filters[name], values, name)
    done = filled.pop(_DONE, [])
    try:
        kinds = [EventKind(kind) for kind in ([done] if isinstance(done, str) else done)]
        Filter.model_validate(filled)
    except ValueError as error:  # pydantic's, too
        raise SettingsInvalid(
            f"The filter {name!r} of bottega.toml cannot be used: {error}.",
            allowed="It has the fields of a filter (docs/api.md), and except_done with kinds of events.",
            next_step="Correct it, or the filterValues that fill it.",
        ) from error
    return filled, kinds


def both(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A filter for what meets two. Raises `RequestInvalid` where both leave something out."""
    if not one or not other:
        return dict(one or other or {}) or None
    if "not" in other:
        one, other = other, one
    if "not" in other:
        raise RequestInvalid(
            "Two filters that meet here both have `not`.", next_step="Declare one filter that says both."
        )
    return {**other, "not": {"not": dict(one)}}


def _resource(arn: str, kinds: Iterable[str]) -> str:
    found = _ARN.fullmatch(arn)
    if found is None or found[1] not in kinds:
        wanted = " or ".join(f"arn:aws:personalize:REGION:ACCOUNT:{kind}/NAME" for kind in kinds)
        raise RequestInvalid(f"The ARN is {arn!r}.", allowed=f"It reads {wanted}.")
    return found[2]


def _filled(declared: Any, values: Mapping[str, Any], name: str) -> Any:
    if isinstance(declared, Mapping):
        return {key: _filled(value, values, name) for key, value in declared.items()}
    if isinstance(declared, list):
        each = [_filled(value, values, name) for value in declared]
        return [one for value in each for one in (value if isinstance(value, list) else [value])]
    if not isinstance(declared, str) or not declared.startswith("$"):
        return declared
    if declared[1:] not in values:
        raise RequestInvalid(
            f"The filter {name!r} asks for {declared}, which filterValues does not hold.", next_step="Send it."
        )
    given = next(csv.reader([str(values[declared[1:]])], skipinitialspace=True), [])
    return given if len(given) != 1 else given[0]


def events_of(body: Mapping[str, Any], kinds: Mapping[str, EventKind | None]) -> list[dict[str, Any]]:
    """The events of a PutEvents call, as `record_events` takes them; what was shown beside them is an impression each.

    `eventValue` is money where something was bought or put in a cart, and a rating where it was rated.
    """
    shared = {"shopper_id": body.get("userId"), "session_id": body["sessionId"]}
    found: list[dict[str, Any]] = []
    for event in body["eventList"]:
        kind = kinds[event["eventType"]]
        base = shared | {"time": event["sentAt"], "source": f"{SYSTEM}:{event['eventType']}"}
        base["recommendation_id"] = event.get("recommendationId")
        properties = properties_of(event.get("properties"))
        item = event.get("itemId") or properties.get("itemId")
        value = event.get("eventValue", properties.get("eventValue"))
        if kind is not None:
            row = base | {"kind": kind.value, "product_id": item, "event_id": event.get("eventId")}
            if value is not None:
                row |= _valued(kind, value)
            found.append(row)
        for place, shown in enumerate(event.get("impression", []), start=1):
            name = f"{event['eventId']}#shown{place}" if event.get("eventId") else None
            found.append(base | {"kind": EventKind.IMPRESSION.value, "product_id": shown, "event_id": name})
    return [{name: value for name, value in row.items() if value is not None} for row in found]


def _valued(kind: EventKind, value: Any) -> dict[str, Any]:
    if kind in (EventKind.PURCHASE, EventKind.ADD_TO_CART):
        return {"value": value}
    return {"rating": value} if kind is EventKind.RATE else {}


def properties_of(text: Any) -> dict[str, Any]:
    """Properties, which come as an object written in a text. Raises `RequestInvalid`."""
    if text is None or text == "":
        return {}
    try:
        found = json.loads(text) if isinstance(text, str) else text
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise RequestInvalid("properties is no JSON object.", next_step='Send a text as in {"color": "red"}.')
    return found


def item_row(item: Mapping[str, Any]) -> dict[str, Any]:
    """A product of a PutItems call, as `keep_products` takes it."""
    properties = properties_of(item.get("properties"))
    by_name = {name_of(key): key for key in properties}
    levels = sorted((found[1], by_name[name]) for name in by_name if (found := _LEVEL.fullmatch(name)))
    category = [str(properties[key]) for _, key in levels if properties[key]]
    created = next((properties[by_name[name]] for name in _CREATED if name in by_name), None)
    left = {key: value for key, value in properties.items() if name_of(key) not in _CREATED}
    return {
        "id": item["itemId"],
        "fields": {key: value for key, value in left.items() if not _LEVEL.fullmatch(name_of(key))},
        "category": category or None,
        "updated_at_ms": None if created is None else to_ms(created, now=now_ms(), field="CREATION_TIMESTAMP"),
        "record": dict(item),
    }


def metadata(product: Product, columns: Iterable[str]) -> dict[str, str]:
    """What is known of a product under the names of columns; those that it has nothing for are left out."""
    path = {f"category_l{level}": name for level, name in enumerate(product.category, start=1)}
    fields: dict[str, Any] = {
        **{name: "|".join(values) for name, values in product.attributes.items()},
        **path,
        "title": product.title,
        "name": product.title,
        "description": product.description,
        "brand": product.brand,
        "category": " > ".join(product.category),
        "price": _price(product),
        "currency": product.currency,
        "availability": product.availability.value,
        "url": product.url,
        "image": next(iter(product.images), None),
    }
    found = {column: fields.get(name_of(column)) for column in columns}
    return {column: str(value) for column, value in found.items() if value}


def _price(product: Product) -> str | None:
    if product.price_minor is None or product.currency is None:
        return None
    decimals = exponent(product.currency)
    return f"{product.price_minor / 10**decimals:.{decimals}f}"
