"""A picture on the product's own photo: the parser says where the garment is, the print takes its light."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bottega.datasets.photos.masks import PARTS, LabelMap
from bottega.datasets.photos.reading import Photo, read_photo
from bottega.datasets.photos.shop_photos import main_picture
from bottega.errors import PhotoRefused
from bottega.models.blocks.colours import foreground, is_plain
from bottega.models.studio.prints.on_photo import on_photo
from bottega.models.studio.prints.print_on import Placement
from bottega.models.studio.prints.printed import Printed
from bottega.names import BoolArray
from bottega.shop.open_shop import OpenShop

__all__ = ["garment_of", "on_own_photo"]

_SOMEBODY = 0.003
"""Share of skin and hair of a photo with somebody on it."""


def on_own_photo(
    shop: OpenShop, product_id: str, picture: Image.Image, printed: Printed, placement: Placement
) -> NDArray[np.uint8] | None:
    """The product's first photo [H, W, 3] with the picture on its garment; None where it has none, or none is seen."""
    product = shop.store.products.get([product_id]).get(product_id)
    address = main_picture(product) if product else None
    if address is None:
        return None
    try:
        photo = read_photo(shop.folder.images / address)
    except PhotoRefused:  # a photo of the shop's that is broken is no fault of the customer's
        return None
    return on_photo(photo, garment_of(photo, shop.models.parse), picture, printed, placement)


def garment_of(photo: Photo, parse: Callable[[Photo], LabelMap]) -> BoolArray:
    """Where the garment is [H, W]: on somebody, the upper one; laid flat on a plain ground, all that is not ground."""
    labels = Image.fromarray(np.asarray(parse(photo), np.uint8))
    at = np.asarray(labels.resize((photo.shape[1], photo.shape[0]), Image.Resampling.NEAREST))
    upper: BoolArray = (at == PARTS.index("upper")) | (at == PARTS.index("outer"))
    somebody = np.isin(at, [PARTS.index("skin"), PARTS.index("hair")]).mean() >= _SOMEBODY
    return upper if somebody or not is_plain(photo) else foreground(photo)
