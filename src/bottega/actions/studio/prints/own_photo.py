"""A picture on the product's own photo: the parser says where the garment is, the print takes its light."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bottega.actions.studio.product_seen import product_seen
from bottega.datasets.photos.inside import read_inside
from bottega.datasets.photos.masks import LabelMap
from bottega.datasets.photos.reading import Photo
from bottega.datasets.photos.shop_photos import main_picture
from bottega.errors import PhotoRefused
from bottega.models.studio.prints.on_photo import on_photo
from bottega.models.studio.prints.print_on import Placement
from bottega.models.studio.prints.printed import Printed
from bottega.models.vision.parts.regions import PRODUCT
from bottega.shop.open_shop import OpenShop

__all__ = ["on_own_photo", "printed_on"]

_UPPER = ("upper", "outer", PRODUCT)
"""What takes a print: worn, or lying by itself."""


def on_own_photo(
    shop: OpenShop, product_id: str, picture: Image.Image, printed: Printed, placement: Placement
) -> NDArray[np.uint8] | None:
    """The product's first photo [H, W, 3] with the picture on its garment; None where it has none, or none is seen."""
    product = shop.store.products.get([product_id]).get(product_id)
    address = main_picture(product) if product else None
    if address is None:
        return None
    try:
        photo = read_inside(shop.folder.images, address)
    except PhotoRefused:  # a photo of the shop's that is broken is no fault of the customer's
        return None
    return printed_on(photo, shop.models.parse, picture, printed, placement)


def printed_on(
    photo: Photo, parse: Callable[[Photo], LabelMap], picture: Image.Image, printed: Printed, placement: Placement
) -> NDArray[np.uint8] | None:
    """A photo [H, W, 3] with the picture on the garment for the upper body; None where its chest is not sure."""
    try:
        name, garment = product_seen(photo, parse)
    except PhotoRefused:
        return None
    return on_photo(photo, garment, picture, printed, placement) if name in _UPPER else None
