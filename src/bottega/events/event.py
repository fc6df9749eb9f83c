"""An event: something one shopper did at one moment, to at most one product."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from bottega.events.numbers import ALL_PIECES
from bottega.events.row_rules import ASKED, ID_FIELDS, QUANTITY_LEAST, QUANTITY_MOST, WHO, order_session
from bottega.names import ID_MAX, EventKind, id_text

__all__ = ["Event", "EventId", "derived_id", "row_digest", "rule_of"]


def _without_nul(text: str) -> str:
    if "\x00" in text:
        raise PydanticCustomError("nul_character", "text must not hold the NUL character")
    return text


EventId = Annotated[
    str,
    StringConstraints(min_length=1, max_length=ID_MAX, strip_whitespace=True),
    AfterValidator(_without_nul),
    BeforeValidator(id_text),
]
_Text = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_without_nul)]
_Number = Annotated[float, Field(allow_inf_nan=False)]


_CONTENT = (*WHO, "kind", "product_id", "time_ms", "query", "order_id")
"""What makes two events without ids one."""


def derived_id(*content: object) -> str:
    """The id of an event that has none, from its shopper, anonymous and session ids, kind, product, time, query,
    and its order where it has one.

    The same content gives the same id, whichever door it came through.
    """
    assert len(content) in (len(_CONTENT), len(_CONTENT) - 1)
    if len(content) == len(_CONTENT) and content[-1] is None:
        content = content[:-1]  # as it was before events knew orders
    text = "\x1f".join("" if part is None else str(part).strip() for part in content)
    return "h-" + hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def row_digest(row: dict[str, Any]) -> str:
    """An event id for a row that has none: the same row gives the same id, whatever the order of its fields."""
    text = json.dumps(row, sort_keys=True, ensure_ascii=True)
    return "h-" + hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


class Event(BaseModel):
    """What every reader turns its rows into, what the store keeps and what the API takes.

    A multi-item event (an order) is one `Event` an item. An event without an id gets one derived from its content, so
    sending it again changes nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    event_id: EventId = ""
    shopper_id: EventId | None = None
    anonymous_id: EventId | None = None
    """Device or cookie id. An event that carries both ids joins the anonymous history to the shopper."""
    session_id: EventId | None = None
    kind: EventKind
    product_id: EventId | None = None
    """May name a product, or the group id of its variants. Only searches do without."""
    time_ms: Annotated[int, Field(ge=0, lt=253_402_300_800_000)]
    """UTC milliseconds."""
    quantity: Annotated[int, Field(ge=QUANTITY_LEAST, lt=QUANTITY_MOST + 1)] = 1
    """Of a refund without one: all pieces (`numbers.ALL_PIECES`)."""
    value: _Number | None = None
    """Money, in major units of the shop's currency."""
    query: _Text | None = None
    rating: _Number | None = None
    recommendation_id: EventId | None = None
    source: _Text | None = None
    """Vocabulary and name it arrived under, as in "ga4:view_item"."""
    order_id: EventId | None = None
    """The order that a purchase or a refund is part of; nobody named, the event belongs to the order."""
    design_id: EventId | None = None
    """What was printed on the product: the design's id, as `POST /v1/studio/customise` gave it."""

    @model_validator(mode="before")
    @classmethod
    def _derive_id(cls, data: object) -> object:
        if isinstance(data, dict) and not data.get("event_id"):
            return {**data, "event_id": derived_id(*(data.get(name) for name in _CONTENT))}
        return data

    @model_validator(mode="before")
    @classmethod
    def _of_order(cls, data: object) -> object:
        """What an order says by itself. Of these three, the last is asked first."""
        if not isinstance(data, dict):
            return data
        data = dict(data)
        order = id_text(data.get("order_id"))
        if isinstance(order, str) and order.strip() and not any(_says(data, name) for name in WHO):
            data["session_id"] = order_session(order.strip())
        if data.get("kind") == EventKind.REFUND and data.get("quantity") is None:
            data["quantity"] = ALL_PIECES
        return data

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, data: object) -> object:
        if isinstance(data, dict) and (broken := _unsaid(data)):
            raise PydanticCustomError(*broken)
        return data


def _says(data: dict[str, Any], name: str) -> bool:
    return data.get(name) is not None and str(data[name]).strip() != ""


def _unsaid(data: dict[str, Any]) -> tuple[str, str] | None:
    """The rule of what an event of its kind lacks, in words; None where it is whole, or of no kind at all."""
    try:
        kind = EventKind(data["kind"])
    except (KeyError, ValueError):
        return None
    if not any(_says(data, name) for name in (*WHO, "order_id")):
        return "who_missing", "an event needs a shopper_id, an anonymous_id or a session_id"
    if _says(data, "product_id"):
        return None
    if kind is EventKind.SEARCH:
        return None if _says(data, "query") else ("query_missing", "a search event needs a query")
    if kind is EventKind.REFUND and _says(data, "order_id"):
        return None
    return ("product_missing", f"a {kind} event needs a product_id")


def rule_of(problem: ErrorDetails) -> str | None:
    """The rule (check.py) that one of pydantic's problems with an `Event` breaks; None where imports have none."""
    kind, field = problem["type"], str(problem["loc"][0]) if problem["loc"] else ""
    if kind in ASKED:
        return kind
    if kind == "extra_forbidden":
        return "field_unknown"
    if field == "kind":
        return "kind_missing" if kind == "missing" or problem["input"] is None else "kind_unknown"
    if field in ID_FIELDS:
        return "id_too_long" if kind == "string_too_long" else None
    return "quantity_invalid" if field == "quantity" else None
