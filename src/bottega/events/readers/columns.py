"""Which column of a table is which field: by its name, and by what stands in it.

The names of the table below are taken first, then names that hold a telling word ("buyer_number"), then columns whose
values can be nothing else: times, names of kinds. A name alone is not believed where its values say otherwise: a column
`type` of "simple" and "variable" says nothing of what shoppers did, and an `id` that comes again with other products is
the number of an order. What was not found by its plain name is said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bottega.dates import TimeForm
from bottega.errors import EventInvalid, MappingInvalid
from bottega.events.batch import RAW_FIELDS
from bottega.events.kinds import KindWords
from bottega.events.row_rules import WHO
from bottega.events.times import to_ms
from bottega.sources.columns import name_of

__all__ = ["HEADER_ALIASES", "Columns", "choose_columns", "mapped_columns", "names_of"]

HEADER_ALIASES: dict[str, tuple[str, ...]] = {
    "event_id": ("event_id", "eventid", "message_id", "messageid", "insert_id", "id"),
    "shopper_id": (
        "shopper_id", "user_id", "userid", "user", "customer_id", "customerid", "customer", "customer_user",
        "member_id",
        "account_id", "client_number", "uid",
    ),
    "anonymous_id": (
        "anonymous_id", "anonymousid", "visitor_id", "visitorid", "client_id", "clientid", "device_id", "cookie_id",
        "user_pseudo_id", "domain_userid", "fullvisitorid", "email", "customer_email", "billing_email", "buyer_email",
    ),
    "session_id": ("session_id", "sessionid", "session", "user_session", "ga_session_id", "visit_id"),
    "kind": (
        "kind", "event", "event_type", "eventtype", "event_name", "feedback_type", "feedbacktype", "interaction_type",
        "type", "behavior", "behaviour", "behavior_type", "action", "action_type", "interaction", "activity",
    ),
    "product_id": (
        "product_id", "item_id", "itemid", "productid", "item", "product", "variant_id", "sku", "lineitem_sku",
        "product_sku", "item_sku", "article_id", "stock_code", "stockcode", "asin", "sku_id", "goods_id",
    ),
    "time": (
        "time", "timestamp", "time_ms", "event_time", "eventtime", "event_timestamp", "event_date_time", "time_stamp",
        "datetime", "created_at", "createdat", "order_date", "date_created", "purchase_date", "invoicedate",
        "invoice_date", "ordered_at", "date", "event_date", "ts", "occurred_at", "unixreviewtime",
    ),
    "quantity": (
        "quantity", "qty", "lineitem_quantity", "item_quantity", "qty_ordered", "quantity_ordered", "item_qty", "units",
        "pieces",
    ),
    "value": (
        "value", "event_value", "price", "lineitem_price", "item_price", "unit_price", "unitprice", "item_cost",
        "amount", "revenue", "sales",
    ),
    "query": ("query", "search_query", "search_term", "keywords", "search_keywords"),
    "rating": ("rating", "stars", "score", "review_rating", "overall"),
    "recommendation_id": ("recommendation_id", "recommendationid", "attribution_token", "recommendation"),
    "design_id": ("design_id", "designid"),
    "order_id": (
        "order_id", "orderid", "order_number", "order_no", "ordernumber", "order_name", "order_ref", "order_reference",
        "order", "transaction_id", "transactionid", "invoice", "invoice_no", "invoiceno", "invoice_number",
        "increment_id", "receipt_id", "receipt_number", "basket_id", "bill_no", "purchase_id",
    ),
}  # fmt: skip
"""Field to the column names that mean it, in small letters; the first one present is taken."""

_WEAK = frozenset({"type", "action", "event", "activity", "interaction", "behavior", "behaviour"})
"""Names under which much else stands than what a shopper did."""
_TELLING: dict[str, re.Pattern[str]] = {
    "product_id": re.compile(
        r"(?:^|_)(?:item|product|sku|asin|article|goods|variant)s?(?:_?(?:id|no|nr|number|code|key|ref))?$"
    ),
    "shopper_id": re.compile(
        r"(?:^|_)(?:user|customer|client|buyer|shopper|member|account|reviewer|kunde|kunden)s?"
        r"_?(?:id|no|nr|number|nummer|code|key|ref|hash)?$"
    ),
}  # fmt: skip
_SAMPLE = 2_000
_MOST_KINDS = 60
_FAR_AHEAD_MS = 4_102_444_800_000


@dataclass(slots=True)
class Columns:
    """Where each field of a table stands."""

    where: dict[str, int]
    """Field to the place of its column."""
    others: list[int] = field(default_factory=list)
    """Further columns that name the product."""
    notes: list[str] = field(default_factory=list)
    """What was not found by its plain name, in sentences."""


def names_of(header: Sequence[str]) -> list[str]:
    """The names of columns as they are compared."""
    return [name_of(cell) for cell in header]


def mapped_columns(header: Sequence[str], mapping: Mapping[str, str], source: str) -> dict[str, int]:
    """What `--map` says, as places. Raises `MappingInvalid`."""
    stripped, names = [cell.strip() for cell in header], names_of(header)
    where: dict[str, int] = {}
    for name, column in mapping.items():
        if name not in RAW_FIELDS:
            raise MappingInvalid(
                f"--map names the field {name!r}.",
                allowed=f"Events have: {', '.join(RAW_FIELDS)}.",
                next_step="Write field=column.",
            )
        if column in stripped:
            where[name] = stripped.index(column)
        elif (plain := name_of(column)) in names and plain:
            where[name] = names.index(plain)
        else:
            raise MappingInvalid(
                f"--map names the column {column!r}, which {source} does not have.",
                allowed=f"Its columns are: {', '.join(stripped)}.",
                next_step="Write field=column.",
            )
    return where


def choose_columns(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    mapping: Mapping[str, str],
    source: str,
    *,
    kinds: KindWords | None = None,
    default_kind: str | None = None,
    now: int = _FAR_AHEAD_MS,
) -> Columns:
    """The fields of a table: what `--map` says, then what names and values say. Raises `MappingInvalid`."""
    names = names_of(header)
    where = mapped_columns(header, mapping, source)
    found = Columns(where)
    sample = [row for row in rows[:_SAMPLE] if len(row) == len(header)]
    values = [[row[place].strip() for row in sample] for place in range(len(header))]
    kinds = kinds or KindWords()
    for name, aliases in HEADER_ALIASES.items():
        if name in where:
            continue
        free = [i for alias in aliases if alias in names and (i := names.index(alias)) not in where.values()]
        if name == "kind":
            free = [i for i in free if names[i] not in _WEAK or not sample or _says_kinds(values[i], kinds)]
        if free:  # of several, the first one that holds anything
            where[name] = next((i for i in free if any(values[i])), free[0])
        if name == "product_id":
            found.others = [i for i in free if i != where.get(name)]
    place = where.get("anonymous_id")
    others = where.keys() & {"shopper_id", "session_id"}
    if place is not None and "email" in names[place] and "anonymous_id" not in mapping and others:
        del where["anonymous_id"]  # an address is only kept where nothing else says who it was
    _by_telling_word(found, names, header)
    _by_values(found, names, header, values, kinds, default_kind, now)
    return found


def _by_telling_word(found: Columns, names: Sequence[str], header: Sequence[str]) -> None:
    for name, telling in _TELLING.items():
        has = any(one in found.where for one in (WHO if name in WHO else (name,)))
        places = [i for i, one in enumerate(names) if telling.search(one) and i not in found.where.values()]
        if not has and places:
            found.where[name] = places[0]
            found.notes.append(f"{name} was taken from the column {header[places[0]].strip()}, by its name.")


def _by_values(
    found: Columns,
    names: Sequence[str],
    header: Sequence[str],
    values: Sequence[Sequence[str]],
    kinds: KindWords,
    default_kind: str | None,
    now: int,
) -> None:
    free = [i for i in range(len(names)) if i not in found.where.values() and any(values[i])]
    if "time" not in found.where:
        times = [i for i in free if _are_times(values[i], now)]
        if len(times) == 1 or (times and "time" in names[times[0]]):
            found.where["time"] = times[0]
            found.notes.append(f"time was taken from the column {header[times[0]].strip()}, by what stands in it.")
    if "kind" not in found.where and default_kind is None:
        named = [i for i in free if i not in found.where.values() and _says_kinds(values[i], kinds)]
        if len(named) == 1:
            found.where["kind"] = named[0]
            found.notes.append(f"kind was taken from the column {header[named[0]].strip()}, by what stands in it.")


def _says_kinds(values: Sequence[str], kinds: KindWords) -> bool:
    """Whether at least half of the texts, and few different ones, are names of kinds or of what is set aside."""
    filled = [value for value in values if value]
    different = set(filled)
    if not filled or len(different) > _MOST_KINDS:
        return False
    known = {value for value in different if kinds.kind(value) is not None or kinds.aside(value)}
    return sum(value in known for value in filled) * 2 >= len(filled)


def _are_times(values: Sequence[str], now: int) -> bool:
    """Whether nearly all of the texts are times, and not mere numbers of something else."""
    filled = [value for value in values if value][:200]
    if not filled or sum(len(value) >= 8 for value in filled) * 10 < len(filled) * 9:
        return False
    form = TimeForm(first={"/": "day", ".": "day", "-": "day"})
    other = TimeForm(first={"/": "month", "-": "month"})
    return sum(any(_is_time(value, now, one) for one in (form, other)) for value in filled) * 10 >= len(filled) * 9


def _is_time(text: str, now: int, form: TimeForm) -> bool:
    try:
        to_ms(text, now=now, form=form)
    except EventInvalid:
        return False
    return True
