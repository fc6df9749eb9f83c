"""How much text one product may hold. Ids and titles have bounds of their own (`names.ID_MAX`, `Product.title`).

Nothing that a shop says of a product comes near them; a text beyond is a file in the wrong column.
"""

from __future__ import annotations

from bottega.catalogue.product import Product

__all__ = ["ADDRESS_MAX", "ATTRIBUTES_MAX", "DESCRIPTION_MAX", "NAME_MAX", "too_long"]

DESCRIPTION_MAX = 100_000
NAME_MAX = 1000
"""A brand, a level of the category, the name of an attribute."""
ATTRIBUTES_MAX = 100_000
"""All attributes together, names and values."""
ADDRESS_MAX = 4000
"""A link, the address of a picture."""


def too_long(product: Product) -> tuple[str, str] | None:
    """The first field that holds too much, and how much it is in words; None where all is within bounds.

    >>> too_long(Product(id="1", title="Lamp", brand="N" * 1001))
    ('brand', '1,001 characters')
    """
    sizes = {
        "description": (len(product.description), DESCRIPTION_MAX),
        "brand": (len(product.brand or ""), NAME_MAX),
        "category": (max(map(len, product.category), default=0), NAME_MAX),
        "url": (len(product.url or ""), ADDRESS_MAX),
        "images": (max(map(len, product.images), default=0), ADDRESS_MAX),
    }
    for field, (size, most) in sizes.items():
        if size > most:
            return field, f"{size:,} characters"
    if not product.attributes:
        return None
    longest = max(map(len, product.attributes))
    if longest > NAME_MAX:
        return "attributes", f"a name of {longest:,} characters"
    size = sum(len(name) + sum(map(len, values)) for name, values in product.attributes.items())
    return ("attributes", f"{size:,} characters") if size > ATTRIBUTES_MAX else None
