"""What a variant of an experiment shows of a product otherwise: its title, its description, its first picture."""

from __future__ import annotations

from bottega.catalogue.product import Product
from bottega.shop.experiments import Shown

__all__ = ["shown_as"]


def shown_as(product: Product | None, shows: Shown) -> Product | None:
    """The product as it is shown; of ids that are not there, as it is."""
    if product is None or product.id not in shows:
        return product
    changes = dict(shows[product.id])
    image = changes.pop("image", None)
    update: dict[str, object] = dict(changes)
    if image is not None:
        update["images"] = (image, *(one for one in product.images[1:] if one != image))
    return product.model_copy(update=update)
