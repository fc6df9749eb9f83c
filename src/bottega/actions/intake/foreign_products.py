"""Products as callers of other systems say them: properties of any name, merged into what the shop knows already.

Such a caller says little: a catalogue that came from a feed has titles, prices and pictures that gorse and Personalize
have no field for, and keeps them. What the caller says wins; what it said before and says no longer goes. Its record is
kept word for word beside the product, and read back for as long as it still tells the truth.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from pydantic import Field

from bottega.actions.intake.shapes import Rejected
from bottega.catalogue.filter import Filter, Id, Ids
from bottega.catalogue.product import Product
from bottega.catalogue.readers.columns.column_names import FIELD_NAMES
from bottega.catalogue.readers.columns.filling import fill
from bottega.catalogue.readers.columns.guessing import guess_columns
from bottega.catalogue.readers.columns.mapping import Listed, Part
from bottega.catalogue.readers.draft import Draft, make_product
from bottega.events.times import now_ms
from bottega.names import Availability
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import COUNT_MAX, Request, Shape
from bottega.sources.columns import name_of
from bottega.sources.problems import Problem, Severity
from bottega.store.foreign import ForeignProduct
from bottega.texts import shown

__all__ = [
    "DiscontinueRequest",
    "ForeignProductRow",
    "ForeignProductsAnswer",
    "ForeignProductsQuery",
    "KeepProductsAnswer",
    "KeepProductsRequest",
    "KnownProduct",
    "NewestRequest",
    "discontinue",
    "foreign_products",
    "keep_products",
    "newest_products",
]

System = Literal["gorse", "personalize"]
VECTOR = 20
"""A longer list of numbers is a vector of somebody's model and no property."""
NEWEST_OF = 1000
"""Newest products are found among so many that came last into the catalogue."""


class ForeignProductRow(Shape):
    """One product in a caller's words."""

    id: Id
    fields: dict[str, Any] = Field(description="Properties by any name: those that feeds know become fields.")
    title: str = Field(default="", description="Where the properties hold none.")
    category: list[str] | None = None
    category_exact: bool = Field(
        default=False, description="Whether levels that it lacks are to go from a feed's path."
    )
    hidden: bool | None = None
    updated_at_ms: int | None = None
    record: Any = Field(description="What the caller said, word for word.")


class KeepProductsRequest(Request):
    """Products to add, or to change."""

    system: System
    products: list[ForeignProductRow]


class KeepProductsAnswer(Shape):
    """What became of them."""

    kept: int
    rejected: list[Rejected]


class ForeignProductsQuery(Request):
    """Products with what one system's callers said of them."""

    system: System
    ids: Ids | None = None
    text: str | None = Field(default=None, max_length=1000)
    n: int = Field(default=50, ge=1, le=1000)
    after: Id | None = Field(default=None, description="The `next` of the page before.")


class KnownProduct(Shape):
    """A product, and the record that still tells the truth of it; null where there is none."""

    product: Product
    record: Any = None


class ForeignProductsAnswer(Shape):
    """One page in catalogue order. Discontinued products are left out."""

    products: list[KnownProduct]
    next: str | None


class DiscontinueRequest(Request):
    """Products that are sold no more."""

    ids: Ids


class NewestRequest(Request):
    """Products that came last."""

    n: int = Field(default=10, ge=1, le=COUNT_MAX)
    filter: Filter | None = None


def keep_products(shop: OpenShop, request: KeepProductsRequest) -> KeepProductsAnswer:
    """Merge what is said into the catalogue, in one transaction; the next answer knows it.

    Rows that break a rule of the feeds are named, and cost no other.
    """
    ids = [row.id for row in request.products]
    known = {name: one for name, one in shop.store.products.get(ids).items() if _sold(one)}
    last = {name: one.said for name, one in shop.store.foreign.products(request.system, ids).items()}
    rejected: list[Rejected] = []
    records: dict[str, ForeignProduct] = {}
    for index, row in enumerate(request.products):
        draft, product, problems = _read(shop, row)
        if product is not None and product.id != row.id:
            fix = "Send it without control characters."
            rejected.append(Rejected(index=index, field="id", seen=shown(row.id), fix=fix, rule="control_characters"))
            continue
        if product is None:
            rejected += (
                Rejected(index=index, field=one.field, seen=one.seen, fix=one.fix, rule=one.rule)
                for one in problems
                if one.severity is Severity.REJECT
            )
            continue
        before = last.get(row.id, {})
        said = _said(row, draft, product, known.get(row.id), before)
        known[row.id] = merged = _merged(known.get(row.id), product, said, before)
        last[row.id] = merged.model_dump(mode="json", include=set(said)) | {
            "attributes": {name: list(values) for name, values in product.attributes.items()}
        }
        records[row.id] = ForeignProduct(row.record, last[row.id])
    shop.upsert([known[name] for name in records])
    shop.store.foreign.put_products(request.system, records)
    return KeepProductsAnswer(kept=len(request.products) - len({one.index for one in rejected}), rejected=rejected)


def foreign_products(shop: OpenShop, request: ForeignProductsQuery) -> ForeignProductsAnswer:
    """Products with the records of one system. Raises `RequestInvalid` for a cursor that no page gave."""
    page, after = shop.store.products.query(text=request.text, ids=request.ids, limit=request.n, after=request.after)
    page = [one for one in page if _sold(one)]
    records = shop.store.foreign.products(request.system, [one.id for one in page])
    return ForeignProductsAnswer(
        products=[KnownProduct(product=one, record=_true_record(one, records.get(one.id))) for one in page], next=after
    )


def discontinue(shop: OpenShop, request: DiscontinueRequest) -> KeepProductsAnswer:
    """Show these products no more. Their events stay: they still tell what goes with what."""
    found = [one for one in shop.store.products.get(request.ids).values() if _sold(one)]
    shop.upsert([one.model_copy(update={"availability": Availability.DISCONTINUED}) for one in found])
    return KeepProductsAnswer(kept=len(found), rejected=[])


def newest_products(shop: OpenShop, request: NewestRequest) -> ForeignProductsAnswer:
    """Products that may be shown, by the time their merchant gave them; of one group the newest alone."""
    with shop.floor() as floor:
        rows, _ = floor.shelf.allowed(request.filter)
        last = rows.nonzero()[0][::-1][:NEWEST_OF].tolist()
        found = floor.shelf.products_at(last)
    found.sort(key=lambda one: one.updated_at_ms or 0, reverse=True)  # of one time, the last to come stays first
    groups = {one.group_id or one.id: one for one in reversed(found)}
    newest = [one for one in found if groups[one.group_id or one.id] is one]
    return ForeignProductsAnswer(products=[KnownProduct(product=one) for one in newest[: request.n]], next=None)


def _sold(product: Product) -> bool:
    return product.availability is not Availability.DISCONTINUED


def _read(shop: OpenShop, row: ForeignProductRow) -> tuple[Draft, Product | None, list[Problem]]:
    """The row by the rules of the feeds, as if it stood in a JSON file; a draft whose title is empty had none."""
    cells = _cells(row.fields) | {"id": row.id}
    if {name_of(name) for name in cells}.isdisjoint(FIELD_NAMES["title"]):
        cells["title"] = ""
    plan = guess_columns(list(cells), [cells]).plan
    attributes = {name: (Part.of(column),) for column in cells if column not in plan.used and (name := name_of(column))}
    draft = fill(Draft(row=row.id), cells, replace(plan, attributes=attributes | plan.attributes))
    draft.id = row.id
    if row.category is not None:
        draft.category = list(row.category)
    if row.hidden is not None:
        draft.hidden = "true" if row.hidden else "false"
    if row.updated_at_ms is not None:
        draft.updated_at = str(row.updated_at_ms)
    titled = replace(draft, title=draft.title.strip() or row.title.strip() or row.id)
    product, problems = make_product(titled, currency=shop.settings.currency, now_ms=now_ms())
    return draft, product, problems


def _said(
    row: ForeignProductRow, draft: Draft, product: Product, base: Product | None, last: Mapping[str, Any]
) -> dict[str, Any]:
    """The fields of the product that the caller speaks of. A title that stands in for one, and some levels of a feed's
    path, say less than what is there, unless that came of the caller's own words before."""
    own_title = base is None or base.title == last.get("title")
    more = base is not None and "category" not in last and set(product.category) <= set(base.category)
    spoken: dict[str, object] = {
        "title": draft.title.strip() or own_title,
        "description": draft.description,
        "brand": draft.brand,
        "category": row.category_exact or (draft.category and not more),
        "price_minor": product.price_minor is not None,
        "currency": product.price_minor is not None,
        "availability": draft.availability,
        "hidden": draft.hidden,
        "images": draft.images,
        "group_id": draft.group_id,
        "url": draft.url,
        "updated_at_ms": product.updated_at_ms is not None,
    }
    return {name: getattr(product, name) for name, spoke in spoken.items() if spoke}


def _merged(base: Product | None, product: Product, said: dict[str, Any], last: Mapping[str, Any]) -> Product:
    """What the shop has, with what is said now; attributes that the last record brought and this one lacks go."""
    if base is None:
        return product
    gone = last.get("attributes", {})
    attributes = {name: values for name, values in base.attributes.items() if name not in gone}
    return base.model_copy(update={**said, "attributes": attributes | product.attributes})


def _true_record(product: Product, kept: ForeignProduct | None) -> Any:
    """The caller's record, where the product is still what came of it."""
    if kept is None:
        return None
    now = product.model_dump(mode="json")
    said = dict(kept.said)
    attributes = said.pop("attributes", {})
    true = all(now[name] == value for name, value in said.items())
    return kept.record if true and all(now["attributes"].get(name) == one for name, one in attributes.items()) else None


def _cells(fields: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Cells of nested properties; a list is a cell of its entries."""
    cells: dict[str, str] = {}
    for key, value in fields.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            cells |= _cells(value, f"{name}.")
        elif isinstance(value, list):
            if len(value) <= VECTOR or not all(isinstance(one, int | float) for one in value):
                cells[name] = Listed.of([_text(one) for one in value if one is not None])
        else:
            cells[name] = _text(value)
    return cells


def _text(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)
