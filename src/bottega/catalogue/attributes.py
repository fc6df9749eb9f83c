"""What an eye can tell of a listing: which attributes, where a product keeps them, and how this shop spells them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from bottega.catalogue.product import Product

__all__ = [
    "ALIASES",
    "CATEGORY",
    "GENERATED",
    "IMAGES",
    "IMAGE_ALT",
    "LEVELS",
    "NUMBERS",
    "TEXTS",
    "Before",
    "Spelling",
    "attributes_of",
    "before_of",
    "is_of_listing",
    "value_of",
    "values_of",
    "with_before",
    "with_value",
]

CATEGORY = "category"
"""The attribute that is a product's path of categories, written "Apparel > Topwear > Shirts"."""
TEXTS = ("title", "description")
"""What a product has as fields of their own; a text for one of them is written there, and marked as generated."""
IMAGE_ALT = "image_alt"
"""The attribute that is the alternative text of the first picture; with a language behind it, in that one."""
GENERATED = "generated"
"""The attribute that names the fields of a product which a machine wrote."""
IMAGES = "images"
"""What a product shows; a new main picture takes the place of the first, and the others stay."""
MORE_IMAGES = "more_images"
"""The last of several pictures; a new one goes behind all that are there."""
NUMBERS = frozenset({"sku", "gtin", "ean", "upc", "isbn", "mpn", "barcode"})
"""Attributes by which somebody who has the number in hand finds the very product."""
LEVELS = ("category", "subcategory", "type")
"""Heads of an eye that are the levels of such a path, from the broadest."""
ALIASES: Mapping[str, tuple[str, ...]] = {
    "gender": ("gender", "sex"),
    "color": ("color", "colour", "base_colour", "basecolour", "color_family"),
    "usage": ("usage", "occasion"),
}
"""Attribute -> the names that feeds give it; the first is ours. Any other has its own name alone."""
_PATH = " > "

Before = tuple[str, tuple[str, ...] | None]
"""The name that a product has an attribute under, and all its values there; None where it has not even the name."""

_SAME = {"men": "male", "boys": "male", "women": "female", "girls": "female"}
"""What Google's and Meta's vocabulary calls it."""


def attributes_of(heads: Iterable[str]) -> dict[str, str]:
    """Attribute -> the head of an eye that tells it, for heads that are attributes of a product.

    >>> attributes_of(["category", "type", "base_colour", "material"])
    {'category': 'type', 'color': 'base_colour', 'material': 'material'}
    """
    named = {name: attribute for attribute, names in ALIASES.items() for name in names}
    deepest = LEVELS[-1]
    return {
        CATEGORY if head == deepest else named.get(head, head): head
        for head in sorted(heads, key=lambda head: head != deepest)
        if head == deepest or head not in LEVELS
    }


_TEXT = re.compile(rf"(?:title|description|{IMAGE_ALT})(?:_[a-z]{{2}})?|{GENERATED}|customi[sz]e")


def is_of_listing(attribute: str) -> bool:
    """Whether an attribute is of the listing and no quality of the thing: a text, whose it is, a slot for prints.

    >>> is_of_listing("image_alt_de"), is_of_listing("customise"), is_of_listing("color")
    (True, True, False)
    """
    return _TEXT.fullmatch(attribute) is not None


def value_of(product: Product, attribute: str) -> str:
    """What a product says of an attribute, "" where it says nothing. The first of several values."""
    if attribute == CATEGORY:
        return _PATH.join(product.category)
    if attribute in TEXTS:
        return str(getattr(product, attribute))
    if attribute == IMAGES:
        return next(iter(product.images), "")
    if attribute == MORE_IMAGES:
        return product.images[-1] if len(product.images) > 1 else ""
    return next((value for name in _names(attribute) for value in product.attributes.get(name, ()) if value), "")


def values_of(product: Product, attribute: str) -> tuple[str, ...]:
    """All that a product says of an attribute, under whichever of its names."""
    return tuple(value for name in _names(attribute) for value in product.attributes.get(name, ()) if value)


def with_value(product: Product, attribute: str, value: str) -> Product:
    """The product saying `value`, under the name that it has for the attribute already."""
    if attribute == CATEGORY:
        return product.model_copy(update={"category": tuple(value.split(_PATH))})
    if attribute in TEXTS:
        return _with_text(product, attribute, value, generated=True)
    if attribute == IMAGES:
        return product.model_copy(update={"images": tuple(dict.fromkeys((value, *product.images[1:])))})
    if attribute == MORE_IMAGES:
        return product.model_copy(update={"images": tuple(dict.fromkeys((*product.images, value)))})
    name = next((name for name in _names(attribute) if name in product.attributes), attribute)
    return product.model_copy(update={"attributes": {**product.attributes, name: (value,)}})


def before_of(product: Product, attribute: str) -> Before:
    """What `with_value` would write over, whole: `with_before` puts it back."""
    if attribute == CATEGORY:
        return CATEGORY, product.category
    if attribute in TEXTS:
        return attribute, (value_of(product, attribute),)
    if attribute in (IMAGES, MORE_IMAGES):
        return attribute, product.images
    name = next((name for name in _names(attribute) if name in product.attributes), attribute)
    return name, product.attributes.get(name)


def with_before(product: Product, attribute: str, before: Before) -> Product:
    """The product as it was before a value was written.

    >>> bare = Product(id="1", title="Shirt", attributes={"colour": ("red", "blue")})
    >>> with_before(with_value(bare, "color", "green"), "color", before_of(bare, "color")) == bare
    True
    """
    name, values = before
    if attribute == CATEGORY:
        return product.model_copy(update={"category": values or ()})
    if attribute in TEXTS:
        return _with_text(product, attribute, (values or ("",))[0], generated=False)
    if attribute in (IMAGES, MORE_IMAGES):
        return product.model_copy(update={"images": values or ()})
    attributes = {one: said for one, said in product.attributes.items() if one != name or values is not None}
    return product.model_copy(update={"attributes": attributes | ({} if values is None else {name: values})})


def _with_text(product: Product, field: str, text: str, *, generated: bool) -> Product:
    """With a text in a field, marked as a machine's, or without that mark."""
    marked = [name for name in product.attributes.get(GENERATED, ()) if name != field] + [field] * generated
    attributes = {name: values for name, values in product.attributes.items() if name != GENERATED}
    attributes |= {GENERATED: tuple(marked)} if marked else {}
    return product.model_copy(update={field: text, "attributes": attributes})


class Spelling:
    """How a shop writes what an eye calls by another name: the words of its own products, where they mean the same.

    >>> shop = [Product(id="1", title="Shirt", category=("Clothes", "T-Shirts"), attributes={"gender": ("male",)})]
    >>> Spelling(shop).of("category", "Apparel > Topwear > Tshirts"), Spelling(shop).of("gender", "Men")
    ('Clothes > T-Shirts', 'male')
    >>> Spelling([]).of("category", "Accessories > Watches > Watches")
    'Accessories > Watches'
    """

    def __init__(self, products: Iterable[Product], attributes: Iterable[str] = (CATEGORY, *ALIASES)) -> None:
        counts: Counter[tuple[str, str]] = Counter()
        names = list(attributes)
        for product in products:
            counts.update((name, value) for name in names if (value := value_of(product, name)))
        self._own: dict[tuple[str, str], str] = {}
        for (attribute, value), _ in counts.most_common():
            self._own.setdefault((attribute, _key(value)), value)

    def of(self, attribute: str, value: str) -> str:
        """The shop's own word for `value`, else `value`; a path is known by its last level."""
        if attribute == CATEGORY:
            value = _PATH.join(dict.fromkeys(value.split(_PATH)))
        key = _key(value)
        own = self._own.get((attribute, key)) or self._own.get((attribute, _SAME.get(key, key)))
        return own or value


def _names(attribute: str) -> tuple[str, ...]:
    return ALIASES.get(attribute, (attribute,))


def _key(value: str) -> str:
    """What is left of a value, or of the last level of a path, when case, blanks and hyphens do not count."""
    return re.sub(r"[\W_]+", "", value.rpartition(_PATH)[2]).casefold()
