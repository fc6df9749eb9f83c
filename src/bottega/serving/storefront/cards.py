"""Products as the page wants them: picture addresses, words for availability, variants with what sets them apart."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from pydantic import BaseModel

from bottega.actions.studio.prints.slots import slots_of
from bottega.catalogue.addresses import is_web
from bottega.catalogue.attributes import IMAGE_ALT, is_of_listing
from bottega.catalogue.product import Product
from bottega.names import Availability

__all__ = ["Alt", "Card", "ProductPage", "Variant", "card", "image_address", "product_page", "shared_title"]

_WORDS = {
    Availability.IN_STOCK: "In stock",
    Availability.PREORDER: "Pre-order",
    Availability.BACKORDER: "On back-order",
    Availability.OUT_OF_STOCK: "Out of stock",
    Availability.DISCONTINUED: "No longer made",
}
_VARIANT_ATTRIBUTES = ("size", "color", "colour", "material", "pattern", "length", "width")
"""What a variant is named by first, where it differs from its siblings."""


class Alt(BaseModel):
    """What a picture shows, in words that the merchant wrote or accepted."""

    text: str
    language: str | None
    """Code, where it is another than the shop's own."""


class Card(BaseModel):
    """One product on a shelf or in a rail; several variants make one card."""

    id: str
    title: str
    brand: str | None
    price_minor: int | None
    currency: str
    price_varies: bool
    """Whether other variants cost more, so that the price reads "from"."""
    image: str | None
    alt: Alt | None
    category: list[str]
    buyable: bool
    availability_words: str


class Variant(Card):
    """One product with everything the page tells of it."""

    label: str
    description: str
    attributes: dict[str, list[str]]
    templates: list[str]
    """What it is to those who have their own picture printed on it; empty where it takes none."""


class ProductPage(BaseModel):
    """A product and its variants, in catalogue order."""

    title: str
    category: list[str]
    varies_by: list[str]
    """Names of the attributes that set the variants apart."""
    variants: list[Variant]


def image_address(path: str, *, root: str = "") -> str:
    """Address a browser can fetch: web addresses as they are, files of the shop's images folder under /images/."""
    if is_web(path):
        return path
    return f"{root}/images/{quote(path.lstrip('/'), safe='/')}"


def card(variants: Sequence[Product], *, currency: str, root: str = "", language: str = "") -> Card:
    """The card of one product, made from the first of its variants that can be bought. `language`: the visitor's."""
    first = next((product for product in variants if product.recommendable), variants[0])
    title = shared_title(variants)
    prices = {product.price_minor for product in variants if product.price_minor is not None}
    return Card(
        id=first.id,
        title=title,
        brand=first.brand,
        price_minor=min(prices, default=None),
        currency=first.currency or currency,
        price_varies=len(prices) > 1,
        image=image_address(first.images[0], root=root) if first.images else None,
        alt=_alt(first, language) if first.images else None,
        category=list(first.category),
        buyable=first.recommendable,
        availability_words=_WORDS[first.availability],
    )


def _alt(product: Product, language: str) -> Alt | None:
    """The alternative text in the visitor's language, else the shop's own."""
    for name, code in ((f"{IMAGE_ALT}_{language}", language), (IMAGE_ALT, None)):
        if text := next(iter(product.attributes.get(name, ())), ""):
            return Alt(text=text, language=code)
    return None


def product_page(variants: Sequence[Product], *, currency: str, root: str = "", language: str = "") -> ProductPage:
    """Everything the product page shows."""
    varies_by = _varies_by(variants)
    shared = card(variants, currency=currency, root=root, language=language)
    return ProductPage(
        title=shared.title,
        category=shared.category,
        varies_by=varies_by,
        variants=[
            Variant(
                **dict(card([product], currency=currency, root=root, language=language)),
                label=_label(product, varies_by),
                description=product.description,
                attributes={
                    name: list(values) for name, values in product.attributes.items() if not is_of_listing(name)
                },
                templates=[slot.name for slot in slots_of(product)],
            )
            for product in variants
        ],
    )


def _label(product: Product, varies_by: Sequence[str]) -> str:
    """What sets a variant apart, as in "M · red"; its title where no attribute does."""
    return " · ".join(", ".join(product.attributes.get(name, ())) or "–" for name in varies_by) or product.title


def shared_title(variants: Sequence[Product]) -> str:
    """What the titles of variants have in common.

    >>> shared_title([Product(id="1", title="Wool hat, size S"), Product(id="2", title="Wool hat, size M")])
    'Wool hat'
    """
    titles = [product.title for product in variants]
    if len(set(titles)) == 1:
        return titles[0]
    words = [title.split() for title in titles]
    same = 0
    while all(len(some) > same for some in words) and len({some[same] for some in words}) == 1:
        same += 1
    kept = words[0][:same]
    if kept and kept[-1].casefold().strip(":") in _VARIANT_ATTRIBUTES:
        kept.pop()
    return " ".join(kept).rstrip(" ,;:-–|/(") or titles[0]


def _varies_by(variants: Sequence[Product]) -> list[str]:
    """Attributes whose values differ among the variants; the usual ones first."""
    if len(variants) < 2:
        return []
    told = (name for product in variants for name in product.attributes)
    names = dict.fromkeys(name for name in told if not is_of_listing(name))
    differing = [name for name in names if len({product.attributes.get(name) for product in variants}) > 1]
    return [name for name in _VARIANT_ATTRIBUTES if name in differing] or differing[:1]
