"""Whether a product lies on its photo, or somebody wears it there."""

from __future__ import annotations

from bottega.catalogue.product import Product
from bottega.datasets.photos.inside import read_inside
from bottega.datasets.photos.shop_photos import main_picture
from bottega.models.studio.garments.cut_outs import cut_out
from bottega.shop.open_shop import OpenShop

__all__ = ["lies_on_photo"]


def lies_on_photo(shop: OpenShop, product: Product, cut: str) -> bool:
    """Whether nobody wears the piece on its main photo. Raises `PhotoRefused` as a cut-out does."""
    picture = main_picture(product)
    assert picture is not None, "who asks has a photo"
    photo = read_inside(shop.folder.images, picture)
    return not cut_out(photo, cut, shop.models.parse).worn
