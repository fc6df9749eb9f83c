"""WooCommerce's products as its REST API gives them (v3), variations inside their product, beside it or left out.

The API for storefronts, which anybody may ask, says prices in the smallest unit of their currency and stock as a yes or
no; its products are read as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.draft import Draft
from bottega.catalogue.readers.families import Families, Relative, best_path, put
from bottega.catalogue.readers.fields.amounts import dotted, text_of
from bottega.catalogue.readers.platforms.json_products import (
    cells_of,
    first_product,
    listed,
    names_in,
    products_in,
    texts_of,
)
from bottega.catalogue.readers.platforms.woocommerce_csv import BRAND_NAMES, hidden_word, woocommerce_stock
from bottega.catalogue.readers.platforms.woocommerce_words import TYPES
from bottega.sources.columns import name_of
from bottega.sources.source import Source

__all__ = ["WooCommerceJson", "is_woocommerce", "woocommerce_relatives"]

_TELLING = frozenset(
    {"permalink", "catalog_visibility", "regular_price", "stock_status", "short_description", "date_on_sale_from",
     "backorders_allowed", "cross_sell_ids", "tax_class", "global_unique_id", "prices", "is_in_stock", "is_purchasable",
     "add_to_cart"}
)  # fmt: skip


def is_woocommerce(value: dict[str, Any]) -> float:
    """How sure an object is a product of WooCommerce's, from 0 to 1."""
    told = len(_TELLING & value.keys())
    known = text_of(value.get("type")) in TYPES
    if "id" not in value or told < 3 - known or not value.keys() & {"name", "attributes"}:
        return 0.0
    return 0.97 if value.keys() & {"stock_status", "catalog_visibility", "regular_price"} else 0.7


class WooCommerceJson:
    """WooCommerce's REST answers."""

    name = "woocommerce-json"
    describe = "WooCommerce products as JSON of its REST API v3"
    natural_groups = True

    def recognises(self, source: Source) -> float:
        """By the keys of the first product."""
        return is_woocommerce(first_product(source))

    def read(self, reading: Reading) -> Iterator[Product]:
        """A product an object; a variable product is told by its variations."""
        files = (reading.source, *reading.beside)
        families = Families()
        for source in files:
            families.learn(_relatives(replace(reading, source=source, on_problem=lambda problem: None)))
        for reading.source in files:
            yield from families.read(_relatives(reading), reading)
        reading.source = files[0]


def _relatives(reading: Reading) -> Iterator[Relative]:
    for place, value in products_in(reading):
        cells = cells_of(value, reading)
        for relative in woocommerce_relatives(value, reading.row(place)):
            relative.draft.cells = cells
            yield relative


def woocommerce_relatives(value: dict[str, Any], row: str) -> Iterator[Relative]:
    """A product, and the variations that it holds."""
    own = text_of(value.get("id"))
    parent = text_of(value.get("parent_id"))
    kind = text_of(value.get("type")).lower()
    is_variation = "variation" in kind or (parent not in ("", "0") and not kind)
    held = listed(value.get("variations"))
    draft = _draft(value, row)
    draft.group_id = parent if is_variation else ""
    keys = tuple(key for key in (own, draft.id) if key)
    within = is_variation and _is_titled_within(value)
    yield Relative(draft, keys, is_parent="variable" in kind or bool(held), parent=draft.group_id, titled_within=within)
    for place, variation in enumerate(held, start=1):
        within = _is_titled_within(variation)
        yield Relative(_draft(variation, f"{row} variation {place}"), parent=own, titled_within=within)


def _is_titled_within(variation: dict[str, Any]) -> bool:
    """Whether a variation is called by its options alone, as the list of a product's variations has it; elsewhere, and
    in the CSV, the name of the product stands before them."""
    options = [text_of(one.get("option") or one.get("value")) for one in listed(variation.get("attributes"))]
    name = text_of(variation.get("name")).strip()
    return bool(name) and name.casefold() == ", ".join(options).casefold()


def _draft(value: dict[str, Any], row: str) -> Draft:
    sku = text_of(value.get("sku"))
    draft = Draft(
        row=row,
        id=text_of(value.get("id")) or sku,
        title=text_of(value.get("name")),
        description=text_of(value.get("description") or value.get("short_description")),
        html_expected=True,
        price=dotted(value.get("regular_price") or value.get("price")),
        sale_price=dotted(value.get("sale_price")),
        sale_from=text_of(value.get("date_on_sale_from_gmt") or value.get("date_on_sale_from")),
        sale_to=text_of(value.get("date_on_sale_to_gmt") or value.get("date_on_sale_to")),
        hidden=hidden_word(text_of(value.get("status")), text_of(value.get("catalog_visibility"))),
        url=text_of(value.get("permalink") or value.get("external_url")),
        updated_at=text_of(value.get("date_modified_gmt") or value.get("date_modified")),
    )
    backorders = text_of(value.get("backorders"))
    draft.availability = woocommerce_stock(
        text_of(value.get("stock_status")), text_of(value.get("stock_quantity")), backorders
    )
    now = dotted(value.get("price"))
    if now and not draft.sale_price and _below(now, draft.price):  # a discount that no field of a sale tells
        draft.sale_price = now
    image = value.get("image")
    pictures = [*([image] if isinstance(image, dict) else []), *listed(value.get("images"))]
    draft.images = [address for picture in pictures if (address := text_of(picture.get("src")))]
    draft.alts = {text_of(picture.get("src")): text_of(picture.get("alt")) for picture in reversed(pictures)}
    draft.category, others = best_path([[name] for name in names_in(value.get("categories"))])
    put(draft, "categories", *others)
    put(draft, "tags", *names_in(value.get("tags")))
    put(draft, "gtin", text_of(value.get("global_unique_id")))
    if isinstance(value.get("prices"), dict):
        _set_prices(draft, value["prices"])
    if not draft.availability and isinstance(value.get("is_in_stock"), bool):
        backorder = value.get("is_on_backorder") is True
        draft.availability = ("backorder" if backorder else "in_stock") if value["is_in_stock"] else "out_of_stock"
    if sku and sku != draft.id:
        put(draft, "sku", sku)
    for attribute in listed(value.get("attributes")):
        chosen = texts_of(attribute.get("options"), "|") or names_in(attribute.get("terms"))
        chosen = chosen or [text_of(attribute.get("option") or attribute.get("value"))]
        name = text_of(attribute.get("name")).removeprefix("pa_")
        put(draft, name, *chosen)
        if name_of(name) in BRAND_NAMES and not draft.brand:
            draft.brand = chosen[0]
    draft.brand = next(iter(names_in(value.get("brands"))), draft.brand)
    return draft


def _below(price: str, regular: str) -> bool:
    """Whether one plain number is below another."""
    try:
        return Decimal(price) < Decimal(regular)
    except ArithmeticError:
        return False


def _set_prices(draft: Draft, prices: dict[str, Any]) -> None:
    """Prices of the API for storefronts: "1990" and two decimals mean 19.90."""
    decimals = text_of(prices.get("currency_minor_unit"))
    places = int(decimals) if decimals.isdecimal() and len(decimals) == 1 else 0

    def shifted(name: str) -> str:
        text = text_of(prices.get(name)).strip()
        return dotted(str(Decimal(text).scaleb(-places))) if text.isdecimal() else text

    draft.price, draft.sale_price = shifted("regular_price") or shifted("price"), shifted("sale_price")
    if draft.sale_price == draft.price:  # it repeats the price where there is no sale
        draft.sale_price = ""
    draft.currency = text_of(prices.get("currency_code"))
