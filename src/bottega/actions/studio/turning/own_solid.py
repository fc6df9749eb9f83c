"""A product's own 3D model: a GLB file in the shop's images folder, which the attribute `model_3d` names."""

from __future__ import annotations

from pathlib import Path

from bottega.catalogue.product import Product
from bottega.datasets.photos.inside import path_inside
from bottega.errors import PhotoRefused
from bottega.shop.open_shop import OpenShop

__all__ = ["MODEL_3D", "own_solid"]

MODEL_3D = "model_3d"


def own_solid(shop: OpenShop, product: Product) -> Path | None:
    """The file of a product's own 3D model; None where it names none that lies in the images folder."""
    name = next(iter(product.attributes.get(MODEL_3D, ())), "")
    if not name.lower().endswith(".glb"):
        return None
    try:
        path = path_inside(shop.folder.images, name)
    except PhotoRefused:
        return None
    return path if path.is_file() else None
