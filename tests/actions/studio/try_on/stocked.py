"""A shop with drawn pieces, a drawn person, and a parser that knows them."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image
from tests.models.studio.try_on.drawn_person import drawn_person, piece_of

from bottega.catalogue.product import Product
from bottega.datasets.photos.masks import PARTS, LabelMap
from bottega.datasets.photos.reading import Photo
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures.pictures import put_picture

__all__ = ["PERSON", "UPPER", "parse", "png", "stock"]

PERSON = drawn_person()
UPPER = np.equal(PERSON, PARTS.index("upper"))


def png(photo: Photo) -> bytes:
    """The photo as a file."""
    out = BytesIO()
    Image.fromarray(photo).save(out, "PNG")
    return out.getvalue()


def parse(photo: Photo) -> LabelMap:
    """The drawn person's labels at any size of their proportions; of everything else nothing."""
    height, width = photo.shape[:2]
    if abs(height / width - PERSON.shape[0] / PERSON.shape[1]) > 0.02:
        return np.zeros((height, width), np.uint8)
    return np.asarray(Image.fromarray(PERSON).resize((width, height), Image.Resampling.NEAREST))


def stock(opened: OpenShop) -> None:
    """Put a top, one that is cropped, shorts, a bikini, a shirt without a photo and a mug into a shop."""
    for name, kind, words in (
        ("top", "long", "Red T-shirt"),
        ("crop", "crop", "Red T-shirt, cropped"),
        ("shorts", "shorts", "Red shorts"),
        ("bikini", "long", "Bikini top"),
    ):
        picture = put_picture(opened.folder.images, png(piece_of(kind, 180)[0]), ".png")
        opened.store.products.upsert([Product(id=name, title=words, images=(picture,))])
    opened.store.products.upsert([Product(id="bare", title="Shirt"), Product(id="mug", title="Mug", images=())])
