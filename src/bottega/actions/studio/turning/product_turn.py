"""A product of the shop as it turns on its page: the merchant's own 3D model where it has one, else from its photo.

What was drawn once is kept beside the thumbnails, which can be made again at any time; it is found by what it was drawn
from, so that another photo is drawn anew.
"""

from __future__ import annotations

import json
from base64 import b64decode
from hashlib import blake2b
from pathlib import Path

from bottega.actions.studio.turning.own_solid import own_solid
from bottega.actions.studio.turning.shapes import TurnAnswer, TurnRequest
from bottega.actions.studio.turning.turn import turn
from bottega.catalogue.product import Product
from bottega.datasets.photos.inside import path_inside
from bottega.datasets.photos.shop_photos import main_picture
from bottega.errors import ProductUnknown
from bottega.shop.open_shop import OpenShop

__all__ = ["product_turn"]

_KEPT = "turns"
_DRAWN_BY = "2"
"""Another number where frames are drawn in another way, so that none of before is shown."""


def product_turn(shop: OpenShop, product_id: str, *, size: int = 320) -> TurnAnswer:
    """How a product turns, drawn now or before. Raises `ProductUnknown`, `RequestInvalid`, `PhotoRefused`."""
    product = shop.store.products.get([product_id]).get(product_id)
    if product is None:
        raise ProductUnknown.named(product_id)
    solid = own_solid(shop, product)
    kept = _kept(shop, product, solid, size)
    if kept is not None and kept.exists():
        return _read(kept)
    answer = turn(shop, TurnRequest(product_id=product.id, size=size))
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        beside = kept.with_suffix(".new")
        beside.write_text(answer.model_dump_json(), encoding="utf-8")
        beside.replace(kept)
    return answer


def _read(kept: Path) -> TurnAnswer:
    """A turn as it was written; its files are base64 there."""
    told = json.loads(kept.read_bytes())
    return TurnAnswer(**told | {name: told[name] and b64decode(told[name]) for name in ("frames", "clip", "solid")})


def _kept(shop: OpenShop, product: Product, solid: Path | None, size: int) -> Path | None:
    """Where the turn of this product is kept, drawn from this file in this size."""
    picture = main_picture(product)
    if solid is None and picture is None:
        return None
    source = solid if solid is not None else path_inside(shop.folder.images, picture or "")
    words = " ".join([*product.category[-1:], *product.attributes.get("type", ())])  # they say how it is shaped
    told = f"{_DRAWN_BY}\0{size}\0{'' if solid else words}\0".encode()
    name = blake2b(told + source.read_bytes(), digest_size=16).hexdigest()
    return shop.folder.thumbnails / _KEPT / f"{name}.json"
