"""Compare: two or more products side by side, what sets them apart first."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from bottega.catalogue.filter import Id
from bottega.catalogue.product import Product
from bottega.errors import ProductUnknown, RequestInvalid
from bottega.prices import exponent
from bottega.shop.shape import Request, Shape

if TYPE_CHECKING:
    from bottega.shop.open_shop import OpenShop

__all__ = ["CompareAnswer", "CompareRequest", "ComparedRow", "compare"]


class CompareRequest(Request):
    """Two to eight products."""

    EXAMPLES: ClassVar = {"Two lamps": {"product_ids": ["lamp-7", "lamp-8"]}}

    product_ids: Annotated[list[Id], Field(min_length=2, max_length=8, description="Products, in the order shown.")]


_FIELDS = ("title", "brand", "category", "price", "availability")


class ComparedRow(Shape):
    """One attribute of all of them."""

    attribute: str = Field(
        description="title, brand, category, price, availability, or a name from the catalogue; "
        "`title (attribute)` where the catalogue has one of these names."
    )
    unit: str | None = Field(description="Of a price, where all have the same: the currency.")
    differs: bool = Field(description="Whether they are not all alike; an attribute that one does not have differs.")
    values: dict[str, str | None] = Field(description="Product id -> value; null where the product does not say.")


class CompareAnswer(Shape):
    """The products' attributes side by side, those that differ first."""

    product_ids: list[str]
    rows: list[ComparedRow]


def compare(shop: OpenShop, request: CompareRequest) -> CompareAnswer:
    """Attributes, price and stock side by side. Raises `ProductUnknown`, and `RequestInvalid` for an id given twice."""
    ids = request.product_ids
    if twice := next((name for place, name in enumerate(ids) if name in ids[:place]), None):
        raise RequestInvalid(
            f"Product {twice!r} is named twice.",
            allowed="Each product is compared with the others once.",
            next_step="Name another, or leave one out.",
        )
    found = shop.folder.store.products.get(ids)
    if missing := next((name for name in ids if name not in found), None):
        raise ProductUnknown.named(missing)
    products = [found[name] for name in ids]
    rows = [
        _row("title", products, [(product.title,) for product in products]),
        _row("brand", products, [(product.brand or "",) for product in products]),
        _row("category", products, [(" > ".join(product.category),) for product in products]),
        _price(products, shop.settings.currency),
        _row("availability", products, [(product.availability.value.replace("_", " "),) for product in products]),
    ]
    for name in dict.fromkeys(name for product in products for name in product.attributes):
        called = f"{name} (attribute)" if name in _FIELDS else name
        rows.append(_row(called, products, [product.attributes.get(name, ()) for product in products]))
    return CompareAnswer(product_ids=ids, rows=sorted(rows, key=lambda row: not row.differs))


def _price(products: Sequence[Product], currency: str) -> ComparedRow:
    """Prices in major units; each with its currency where they are not all in one."""
    currencies = {product.currency or currency for product in products if product.price_minor is not None}
    unit = next(iter(currencies)) if len(currencies) == 1 else None
    prices = []
    for product in products:
        code = product.currency or currency
        amount = None if product.price_minor is None else Decimal(product.price_minor).scaleb(-exponent(code))
        prices.append("" if amount is None else f"{amount}" if unit else f"{amount} {code}")
    return _row("price", products, [(price,) for price in prices], unit=unit)


def _row(
    name: str, products: Sequence[Product], values: Sequence[Sequence[str]], *, unit: str | None = None
) -> ComparedRow:
    """Values in another order, or in capitals, are no difference."""
    said = {product.id: ", ".join(row) or None for product, row in zip(products, values, strict=True)}
    differs = len({frozenset(value.casefold() for value in row if value) for row in values}) > 1
    return ComparedRow(attribute=name, unit=unit, differs=differs, values=said)
