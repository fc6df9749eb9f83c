"""What a product can have printed on it, by its attribute `customise`."""

from __future__ import annotations

import re

from bottega.catalogue.product import Product
from bottega.models.studio.prints.printed import PRINTED, Printed

__all__ = ["ATTRIBUTES", "slots_of"]

ATTRIBUTES = ("customise", "customize")
"""Names of the attribute that says which templates a product has; the first one present counts."""
_OTHER_WORDS = {
    "phone_case": "phone_cover",
    "phonecase": "phone_cover",
    "tshirt": "t_shirt",
    "tee": "t_shirt",
    "tote_bag": "tote",
    "pillow": "cushion",
}


def slots_of(product: Product) -> list[Printed]:
    """The templates that a product's attribute names; words that name none are passed over."""
    said = next((product.attributes[name] for name in ATTRIBUTES if name in product.attributes), ())
    names = [re.sub(r"[\s-]+", "_", word.strip().casefold()) for words in said for word in re.split(r"[,;|]", words)]
    known = [_OTHER_WORDS.get(name, name) for name in names]
    return [PRINTED[name] for name in dict.fromkeys(known) if name in PRINTED]
