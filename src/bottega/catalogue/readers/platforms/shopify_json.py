"""Shopify's products as JSON: the REST and storefront answers, GraphQL's, and the lines of a bulk operation.

A variant's id is that of Shopify's CSV (`shopify_ids.py`); its group is the number of its product, which orders, pixels
and webhooks name, and no CSV knows. In the file of a bulk operation variants and pictures are lines of
their own that name their product (`__parentId`): they follow it, or they are gathered in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.draft import Draft
from bottega.catalogue.readers.families import Owners, options_place, put, stock_word, variant_of
from bottega.catalogue.readers.fields.amounts import dotted, text_of
from bottega.catalogue.readers.merchant.attributes import split_path
from bottega.catalogue.readers.platforms.json_products import finish_all, first_product, listed, products_in, texts_of
from bottega.catalogue.readers.platforms.shopify_ids import number_of, options_of, place_of
from bottega.sources.source import Source

__all__ = ["ShopifyJson", "is_shopify", "shopify_drafts"]

_PARENT = "__parentId"
_GID = "gid://shopify/"
_TELLING = frozenset({"body_html", "product_type", "vendor", "descriptionHtml", "productType", "published_scope"})
_UNSHOWN = frozenset({"draft", "archived", "unlisted"})
_METAFIELD_MAX = 200
"""A metafield longer than this is a text or a structure, not an attribute."""
_Row = tuple[str, dict[str, Any]]


def is_shopify(value: dict[str, Any]) -> float:
    """How sure an object is a product of Shopify's, from 0 to 1."""
    gid = text_of(value.get("id"))
    if gid.startswith(_GID):
        return 0.97 if gid.startswith(f"{_GID}Product/") else 0.0
    if "line_items" in value or "title" not in value:
        return 0.0
    told = len(_TELLING & value.keys())
    return 0.97 if "variants" in value and told >= 2 else 0.85 if "handle" in value and told >= 2 else 0.0


class ShopifyJson:
    """Shopify's product JSON."""

    name = "shopify-json"
    describe = "Shopify products as JSON: REST, storefront, GraphQL, bulk operation"
    natural_groups = True

    def recognises(self, source: Source) -> float:
        """By the keys of the first product."""
        return is_shopify(first_product(source))

    def read(self, reading: Reading) -> Iterator[Product]:
        """A product a variant."""
        owners = Owners()
        for place, product in _whole_products(reading):
            yield from finish_all(shopify_drafts(product, reading.row(place), owners, reading), product, reading)


def _whole_products(reading: Reading) -> Iterator[_Row]:
    """Products with all that names them as its parent."""
    if not text_of(first_product(reading.source).get("id")).startswith(_GID):
        yield from products_in(reading)
        return
    apart = _is_apart(products_in(replace(reading, on_problem=lambda problem: None)))
    waiting: dict[str, _Row] = {}
    owner: dict[str, str] = {}
    for place, value in products_in(reading):
        parent = text_of(value.get(_PARENT))
        own = text_of(value.get("id"))
        if not parent:
            if not apart:
                yield from waiting.values()
                waiting, owner = {}, {}
            waiting[own] = (place, value)
        elif (root := owner.get(parent, parent)) in waiting:
            owner[own] = root
            if root == parent:
                _attach(waiting[root][1], value)
            reading.joined += 1
        else:
            reading.refuse("parent_unknown", place, parent, field=_PARENT)
    yield from waiting.values()


def _is_apart(rows: Iterator[_Row]) -> bool:
    """Whether a line stands elsewhere than below its product."""
    near: set[str] = set()
    for _, value in rows:
        parent = text_of(value.get(_PARENT))
        if parent and parent not in near:
            return True
        near = near if parent else set()
        near.add(text_of(value.get("id")))
    return False


def _attach(product: dict[str, Any], part: dict[str, Any]) -> None:
    """Put a line of a bulk operation where an answer in one relative has it."""
    kind = text_of(part.get("id")).removeprefix(_GID).split("/")[0]
    key = {"ProductVariant": "variants", "Metafield": "metafields"}.get(kind)
    if key is None and ("price" in part or "selectedOptions" in part):
        key = "variants"
    if key is None and ("url" in part or "image" in part or "src" in part or "originalSrc" in part):
        key = "media"
    if key is not None:
        product[key] = [*listed(product.get(key)), part]


def shopify_drafts(product: dict[str, Any], row: str, owners: Owners, reading: Reading) -> Iterator[Draft]:
    """Drafts of the variants of a product, or of the product when it lists none."""
    number = number_of(product) or text_of(product.get("handle"))
    shared, pictures = _shared(product, row)
    for order, variant in enumerate(listed(product.get("variants")) or [{}], start=1):
        own = Draft(row=f"{row} variant {order}" if order > 1 else row)
        options = options_of(product, variant)
        place = place_of(product, variant) or options_place(number, options.values())
        if not owners.takes(place, f"{number} {place}"):
            place = f"{number}/{place}"
        own.id = owners.id_of(text_of(variant.get("sku")).lstrip("'").strip(), place, reading, own.row)
        own.group_id = number if own.id != number else ""
        own.price, currency = _money(variant.get("price", product.get("price")))
        own.list_price = _money(variant.get("compare_at_price", variant.get("compareAtPrice")))[0]
        own.currency = currency or _presented(variant)
        own.availability = _availability(variant)
        own.images = _own_pictures(variant, pictures)
        if isinstance(image := variant.get("image") or variant.get("featured_image"), dict) and (told := _alt(image)):
            own.alts[_address(image)] = told
        for name, value in options.items():
            put(own, name, value)
        put(own, "gtin", text_of(variant.get("barcode")).lstrip("'"))
        _put_metafields(own, variant)
        yield variant_of(shared, own)


def _shared(product: dict[str, Any], row: str) -> tuple[Draft, dict[str, str]]:
    """What all variants have in common, and the pictures by their ids."""
    pictures: dict[str, str] = {}
    alts: dict[str, str] = {}
    for key in ("images", "media"):
        for place, image in enumerate(_by_position(listed(product.get(key)))):
            if address := _address(image):
                pictures.setdefault(text_of(image.get("id")) or f"{key} {place}", address)
                alts.setdefault(address, _alt(image))
    draft = Draft(
        row=row,
        title=text_of(product.get("title")),
        description=text_of(product.get("body_html") or product.get("descriptionHtml") or product.get("description")),
        html_expected=True,
        brand=text_of(product.get("vendor")),
        hidden="hidden" if _is_hidden(product) else "",
        images=list(dict.fromkeys(pictures.values()))
        or [_address(product.get("image") or product.get("featuredImage") or {})],
        alts=alts,
        url=text_of(product.get("onlineStoreUrl")),
        updated_at=text_of(product.get("updated_at") or product.get("updatedAt")),
    )
    kind = text_of(product.get("product_type") or product.get("productType"))
    draft.category = _category(product) or ([kind] if kind else [])
    if draft.category != [kind]:
        put(draft, "product_type", kind)
    put(draft, "tags", *texts_of(product.get("tags")))
    _put_metafields(draft, product)
    return draft, pictures


def _category(product: dict[str, Any]) -> list[str]:
    """The path in Shopify's own taxonomy."""
    for key in ("category", "productCategory", "product_category"):
        found = product.get(key)
        if isinstance(found, dict):
            inner = found.get("productTaxonomyNode")
            found = (inner if isinstance(inner, dict) else found).get("fullName") or found.get("full_name")
        if path := split_path(text_of(found)):
            return path
    return []


def _money(value: Any) -> tuple[str, str]:
    """Amount and currency of a price, which may be an object."""
    if isinstance(value, dict):
        return dotted(value.get("amount")), text_of(value.get("currencyCode") or value.get("currency_code"))
    return dotted(value), ""


def _presented(variant: dict[str, Any]) -> str:
    """The currency that a REST answer names beside the same amount."""
    for shown in listed(variant.get("presentment_prices")):
        amount, currency = _money(shown.get("price"))
        if amount == dotted(variant.get("price")):
            return currency
    return ""


def _availability(variant: dict[str, Any]) -> str:
    """What the storefront says, else the stock: what is not tracked is there."""
    for key in ("available", "availableForSale"):
        if isinstance(variant.get(key), bool):
            return "in_stock" if variant[key] else "out_of_stock"
    item = variant.get("inventoryItem")
    tracked = item.get("tracked") if isinstance(item, dict) else variant.get("inventory_management", True)
    quantity = variant.get("inventory_quantity", variant.get("inventoryQuantity"))
    policy = text_of(variant.get("inventory_policy") or variant.get("inventoryPolicy"))
    return stock_word(text_of(quantity), tracked=bool(tracked), sold_on=policy.lower() == "continue")


def _is_hidden(product: dict[str, Any]) -> bool:
    unpublished = any(key in product and product[key] is None for key in ("published_at", "publishedAt"))
    return (
        text_of(product.get("status")).lower() in _UNSHOWN
        or unpublished
        or product.get("publishedOnCurrentPublication") is False
    )


def _by_position(images: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(images, key=lambda image: image["position"] if isinstance(image.get("position"), int) else 10**6)


def _address(image: Any) -> str:
    """Address of a picture: REST's src, GraphQL's url, or that of the preview of a medium."""
    if not isinstance(image, dict):
        return text_of(image)
    for key in ("src", "url", "originalSrc", "transformedSrc"):
        if address := text_of(image.get(key)):
            return address
    return next((_address(image[key]) for key in ("image", "preview") if isinstance(image.get(key), dict)), "")


def _alt(image: dict[str, Any]) -> str:
    """Alternative text of a picture: REST's alt, GraphQL's altText, or that of the preview of a medium."""
    for key in ("alt", "altText"):
        if text := text_of(image.get(key)):
            return text
    return next((_alt(image[key]) for key in ("image", "preview") if isinstance(image.get(key), dict)), "")


def _own_pictures(variant: dict[str, Any], pictures: dict[str, str]) -> list[str]:
    own = variant.get("image") or variant.get("featured_image") or variant.get("featuredImage")
    return [address for address in (_address(own), pictures.get(text_of(variant.get("image_id")), "")) if address]


def _put_metafields(draft: Draft, value: dict[str, Any]) -> None:
    for metafield in listed(value.get("metafields")):
        if len(text := text_of(metafield.get("value"))) <= _METAFIELD_MAX and not text.startswith(("{", "[")):
            put(draft, text_of(metafield.get("key")), text)
