"""Change products: some fields of products that are there already, stock and prices above all; the rest stays.

The values are judged as those of whole products are (posted_product.py). A value that cannot be read changes nothing
and is told; null takes away what may be absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bottega.actions.intake.posted_product import posted_product, product_refused, product_rule
from bottega.actions.intake.posted_rows import checked
from bottega.actions.intake.shapes import (
    ChangeAnswer,
    ChangeRequest,
    DiscontinueAnswer,
    DiscontinueProductsRequest,
    Warned,
)
from bottega.catalogue.product import Product
from bottega.errors import ProductInvalid
from bottega.names import Availability, id_text
from bottega.shop.open_shop import OpenShop
from bottega.sources.problems import Problem

__all__ = ["change_products", "discontinue_products"]

_FIELDS = [name for name in Product.model_fields if name != "id"]
_NEEDED = ("title",)
"""What no product can be without."""
_MONEY = ("price_minor", "currency")


def change_products(shop: OpenShop, request: ChangeRequest) -> ChangeAnswer:
    """Change the named fields of each product and store them in one transaction; rows that cannot be used are named.

    Safe to repeat. The second row of one id is refused, as in `upsert_products`.
    """
    known = shop.store.products.get(_ids_of(request.products))
    warnings: list[Warned] = []
    first: dict[str, int] = {}

    def make(index: int, row: Mapping[str, Any]) -> Product:
        product = _named(known, row)
        if (earlier := first.setdefault(product.id, index)) != index:
            raise product_refused("duplicate_id", "id", f"{product.id} (first in row {earlier})")
        changed, problems = _changed(shop, product, row)
        warnings.extend(
            Warned(index=index, field=one.field, seen=one.seen, fix=one.fix, rule=one.rule) for one in problems
        )
        return changed

    good, bad = checked(request.products, make, list(Product.model_fields), rule_of=product_rule, mends=True)
    result = shop.upsert(good, from_merchant=_with_attributes(request.products))
    return ChangeAnswer(changed=result.updated, unchanged=result.unchanged, rejected=bad, warnings=warnings)


def discontinue_products(shop: OpenShop, request: DiscontinueProductsRequest) -> DiscontinueAnswer:
    """Take products out of every list, search and page at once. What shoppers did with them stays, and so does what
    models learnt of it; with `erase`, nothing of the listing does but the id."""
    known = shop.store.products.get(request.product_ids)
    gone = [_gone(known[name], erase=request.erase) for name in dict.fromkeys(request.product_ids) if name in known]
    result = shop.upsert(gone)
    missing = [name for name in dict.fromkeys(request.product_ids) if name not in known]
    return DiscontinueAnswer(discontinued=result.updated, unchanged=result.unchanged, missing_ids=missing)


def _gone(product: Product, *, erase: bool) -> Product:
    update: dict[str, Any] = {"availability": Availability.DISCONTINUED, "hidden": True}
    if erase:
        kept = Product(id=product.id, group_id=product.group_id, title=product.id)
        return kept.model_copy(update=update)
    return product.model_copy(update=update)


def _named(known: Mapping[str, Product], row: Mapping[str, Any]) -> Product:
    """The product that a row is about. Raises `ProductInvalid`."""
    ids = _ids_of([row])
    if not ids:
        raise product_refused("id_empty", "id", "nothing")
    if ids[0] not in known:
        raise ProductInvalid(
            ids[0],
            field="id",
            allowed="The catalogue has no product of this id, and only products that are there are changed.",
            next_step="Correct the id; a new product is imported, or posted whole to /v1/products.",
        )
    return known[ids[0]]


def _changed(shop: OpenShop, product: Product, row: Mapping[str, Any]) -> tuple[Product, list[Problem]]:
    """A product with the fields of a row, and what could not be read of them."""
    named = [name for name in row if name != "id"]
    if unknown := [name for name in named if name not in _FIELDS]:
        raise ProductInvalid(
            str(row[unknown[0]]),
            field=unknown[0],
            allowed=f"No product has a field {unknown[0]!r}; the fields are {', '.join(_FIELDS)}.",
            next_step="Remove it, or name the field that is meant.",
        )
    for name in _NEEDED:
        if name in row and row[name] is None:
            raise product_refused(f"{name}_empty", name, "null")
    given: dict[str, Any] = {"id": product.id, "title": product.title, **{name: row[name] for name in named}}
    if isinstance(attributes := row.get("attributes"), Mapping):
        given["attributes"] = {name: value for name, value in attributes.items() if value is not None}
    if any(name in row for name in _MONEY):  # one means little without the other
        was = {"price_minor": product.price_minor, "currency": product.currency}
        given = {**({} if row.get("price_minor", 0) is None else was), **given}
        named = list(dict.fromkeys([*named, *_MONEY]))
    found, problems = posted_product(
        {name: value for name, value in given.items() if value is not None},
        currency=product.currency or shop.settings.currency,
        images=shop.folder.images,
    )
    faulty = {one.field for one in problems}
    plain = Product(id=product.id, title=product.title)
    update: dict[str, Any] = {}
    for name in named:
        value = getattr(found, name)
        unread = name in faulty and value == getattr(plain, name) and row.get(name) is not None
        if name in _MONEY and faulty & set(_MONEY):
            unread = True
        if not unread:
            update[name] = value
    if "attributes" in update and isinstance(attributes, Mapping):
        cleared = {name for name, value in attributes.items() if value is None or value == []}
        both = {**product.attributes, **found.attributes}
        update["attributes"] = {name: values for name, values in both.items() if name not in cleared}
    return product.model_copy(update=update), problems


def _ids_of(rows: list[Any]) -> list[str]:
    """The ids that rows name, as far as they name one."""
    named = [id_text(row.get("id")) for row in rows if isinstance(row, Mapping)]
    return [name.strip() for name in named if isinstance(name, str) and name.strip() and "\0" not in name]


def _with_attributes(rows: list[Any]) -> list[str]:
    """Ids of the rows that say attributes themselves."""
    return _ids_of([row for row in rows if isinstance(row, Mapping) and row.get("attributes")])
