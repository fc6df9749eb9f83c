"""What a browser needs to try a product on before its own camera: the finder's data, and the product as layers.

The camera's pictures stay in the browser: it asks for these before it opens the camera, and for nothing after.
"""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from typing import Literal

import numpy as np
from PIL import Image
from pydantic import Field
from skimage.color import lab2rgb

from bottega.actions.studio.try_on.face_cut import LIVE_CUTS, face_cut_of
from bottega.actions.studio.try_on.on_face import front_on_photo, lip_colour_of
from bottega.datasets.photos.inside import read_inside
from bottega.datasets.photos.reading import Photo
from bottega.datasets.photos.shop_photos import main_picture
from bottega.errors import ProductUnknown, RequestInvalid
from bottega.models.studio.face_things.lens import through_lens
from bottega.models.studio.face_things.packed import packed_finder
from bottega.names import FloatArray
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Shape
from bottega.texts import SEEN_MAX

__all__ = ["LivePiece", "finder_for_browsers", "live_piece"]

_PIECE_PX = 640
"""Longer side at which a product's photo is worked with."""


class LivePiece(Shape):
    """A product as layers that a browser lays on a face."""

    product_id: str
    title: str
    cut: Literal["glasses", "lipstick"]
    rgb: list[int] = Field(description="The colour of a lipstick, or of the temples of glasses: three of 0 to 255.")
    frame: str = Field(description="Glasses: what lies over the face, as a data: address of a PNG; else empty.")
    tint: str = Field(description="Glasses: what the light behind the lenses is multiplied by; else empty.")
    eye_row: float = Field(description="Row of both that comes to lie on the eye line; 0 for lipstick.")
    hinge: list[float] = Field(description="Row at which temples begin, and how thick they are; empty for lipstick.")


def finder_for_browsers() -> bytes:
    """The data of the face finder. Raises `ModelFileBroken`."""
    return packed_finder()


def live_piece(shop: OpenShop, product_id: str) -> LivePiece:
    """A product of the shop for the live picture.

    Raises `ProductUnknown`; `RequestInvalid` for what is neither glasses nor a lipstick, or has no photo;
    `PhotoRefused` where its photo does not show it well enough.
    """
    product = shop.store.products.get([product_id]).get(product_id)
    if product is None:
        raise ProductUnknown.named(product_id)
    cut, picture = face_cut_of(product), main_picture(product)
    if cut not in LIVE_CUTS:
        raise RequestInvalid(
            f"{product.title[:SEEN_MAX]!r} is not tried on before the camera.",
            allowed="Glasses, sunglasses and lipsticks are, by the words of their categories or titles.",
            next_step="Try it on a photo instead, or choose another product.",
        )
    if picture is None:
        raise RequestInvalid(
            f"The product {product_id!r} has no photo in the shop's folder.",
            allowed="What is tried on has a photo.",
            next_step="Try another product, or give this one a photo.",
        )
    photo = _at_most(read_inside(shop.folder.images, picture), _PIECE_PX)
    if cut == "lipstick":
        rgb = np.rint(lab2rgb(np.array(lip_colour_of(photo), np.float64)[None])[0].clip(0, 1) * 255)
        return LivePiece(product_id=product_id, title=product.title, cut="lipstick", rgb=[int(one) for one in rgb],
                         frame="", tint="", eye_row=0, hinge=[])  # fmt: skip
    front = front_on_photo(photo)
    held, tint = through_lens(front.colours)
    over = front.alpha * (1 - front.lens + front.lens * held)
    return LivePiece(
        product_id=product_id,
        title=product.title,
        cut="glasses",
        rgb=[int(one) for one in np.rint(front.temple)],
        frame=_png(front.colours, over),
        tint=_png(tint * 255, front.alpha * front.lens),
        eye_row=front.eye_row,
        hinge=list(front.hinge),
    )


def _png(colours: FloatArray, alpha: FloatArray) -> str:
    planes = np.concatenate([colours, alpha[..., None] * 255], 2)
    file = BytesIO()
    Image.fromarray(np.rint(planes).clip(0, 255).astype(np.uint8), "RGBA").save(file, "PNG")
    return f"data:image/png;base64,{b64encode(file.getvalue()).decode()}"


def _at_most(photo: Photo, px: int) -> Photo:
    height, width = photo.shape[:2]
    if max(height, width) <= px:
        return photo
    scale = px / max(height, width)
    return np.array(Image.fromarray(photo).resize((round(width * scale), round(height * scale)), Image.Resampling.BOX))
