"""What a Shopify variant is called, the same in its CSV, its JSON, its webhooks, its orders and its pixel.

By its SKU, which is the merchant's own name for it. Without one, by the handle of its product and its options, as in
"linen-shirt/Red/L": a CSV knows nothing else, and the numbers that orders name are told beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bottega.catalogue.readers.families import options_place
from bottega.catalogue.readers.fields.amounts import text_of
from bottega.catalogue.readers.platforms.json_products import listed
from bottega.sources.columns import name_of

__all__ = ["number_of", "options_of", "place_of", "variant_options", "variant_place"]


def variant_options(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Option, as we spell names, to value; without the "Title: Default Title" of products that have no options.

    >>> variant_options([("Colour", "Red"), ("", "L"), ("Size", "")]), variant_options([("Title", "Default Title")])
    ({'colour': 'Red', 'option2': 'L'}, {})
    """
    options = {}
    for number, (name, value) in enumerate(pairs, start=1):
        name, value = name.strip(), value.strip()
        if value and not (name.lower() in ("title", "") and value == "Default Title"):
            options[name_of(name) or f"option{number}"] = value
    return options


def variant_place(handle: str, options: Iterable[str]) -> str:
    """Where a variant stands among those of its product; "" where the product has no handle.

    >>> variant_place("shirt", ["Red", "L"]), variant_place("mug", []), variant_place("", ["Red"])
    ('shirt/Red/L', 'mug', '')
    """
    return options_place(handle, options) if handle else ""


def place_of(product: Mapping[str, Any], variant: Mapping[str, Any]) -> str:
    """What a variant in JSON is called that has no SKU, or shares it; its number where no handle is told."""
    place = variant_place(text_of(product.get("handle")).strip(), options_of(product, variant).values())
    return place or number_of(variant)


def options_of(product: Mapping[str, Any], variant: Mapping[str, Any]) -> dict[str, str]:
    """The options of a variant in JSON, by our names."""
    names = [text_of(option.get("name")) for option in listed(product.get("options"))]
    chosen = listed(variant.get("selectedOptions"))
    pairs = [(text_of(option.get("name")), text_of(option.get("value"))) for option in chosen] or [
        (names[number - 1] if number <= len(names) else f"option{number}", text_of(variant.get(f"option{number}")))
        for number in (1, 2, 3)
    ]
    return variant_options(pairs)


def number_of(value: Mapping[str, Any]) -> str:
    """The number in an id: 632910392 of "gid://shopify/Product/632910392"."""
    return text_of(value.get("id")).split("?")[0].rsplit("/", 1)[-1]
