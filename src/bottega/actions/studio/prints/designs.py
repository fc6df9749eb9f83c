"""What a product can have printed on it, and what the parts of a design are to everybody who handles one."""

from __future__ import annotations

import time
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image
from skimage.color import lab2rgb

from bottega.actions.studio.prints.slots import slots_of
from bottega.catalogue.product import Product
from bottega.datasets.photos.files import decode, open_picture
from bottega.datasets.photos.provenance import SourceType, composed_with, marked, source_type_of
from bottega.datasets.photos.reading import Photo, photo_of
from bottega.errors import DesignUnknown, NotCustomisable, ProductUnknown, RequestInvalid
from bottega.languages.stems import LANGUAGES
from bottega.models.blocks.colour_words import lab_of_word
from bottega.models.studio.prints.print_on import WHITE, Dye
from bottega.models.studio.prints.printed import PRINTED, Printed
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures.shopper_files import DESIGNS
from bottega.store.designs import KeptDesign

__all__ = ["design_named", "drop_old", "dye_of", "picture_of", "read_picture", "said_of", "wanted_slot", "webp"]

_DAY_MS = 24 * 60 * 60 * 1000


def wanted_slot(shop: OpenShop, product_id: str, template: str | None) -> Printed:
    """The template to print on. Raises `ProductUnknown`, `NotCustomisable`, and `RequestInvalid` for another one."""
    product = shop.store.products.get([product_id]).get(product_id)
    if product is None:
        raise ProductUnknown.named(product_id)
    slots = slots_of(product)
    if not slots:
        raise NotCustomisable(
            f"Product {product_id!r} has nothing to print on.",
            allowed=f"A product can be customised whose attribute `customise` names one of {', '.join(PRINTED)}.",
            next_step="Choose another product, or give it the attribute in the feed (docs/feeds.md).",
        )
    if template is None:
        return slots[0]
    for slot in slots:
        if slot.name == template:
            return slot
    raise RequestInvalid(
        f"Product {product_id!r} has no template {template!r}.",
        allowed=f"It has {', '.join(slot.name for slot in slots)}.",
        next_step="Name one of them, or none for the first.",
    )


def read_picture(content: bytes, name: str) -> Image.Image:
    """A customer's picture, upright, in sRGB; what is transparent stays so. Raises `PhotoRefused`."""
    with open_picture(content, name) as opened:
        if opened.has_transparency_data:
            return decode(opened, name).convert("RGBA")
        return Image.fromarray(photo_of(opened, name))


def design_named(shop: OpenShop, design_id: str, shopper: str | None = None) -> KeptDesign:
    """The design of an id; one of somebody else is as good as none. Raises `DesignUnknown`."""
    design = shop.store.designs.get(design_id)
    if design is None or (shopper is not None and design.shopper != shopper):
        raise DesignUnknown(
            f"There is no design {design_id[:80]!r}.",
            allowed="A design that nobody orders is dropped after some days (the setting `design_days`).",
            next_step="Make it anew: `bottega customise`, or POST /v1/studio/customise.",
        )
    return design


def picture_of(shop: OpenShop, design: KeptDesign) -> Image.Image:
    """The picture of a design. Raises `DesignUnknown` where its file has gone."""
    content = DESIGNS.read(shop.folder, design.file)
    if content is None:
        raise DesignUnknown(
            f"The picture of design {design.design_id!r} is no longer in {Path(shop.folder.root) / 'designs'}.",
            next_step="Bring the folder back from a copy, or make the design anew.",
        )
    return read_picture(content, design.file)


def said_of(shop: OpenShop, design: KeptDesign) -> SourceType | None:
    """What the picture of a design says of how it came to be."""
    return source_type_of(DESIGNS.read(shop.folder, design.file) or b"")


def drop_old(shop: ShopFolder) -> int:
    """Drop designs that nobody ordered in time, with their pictures; returns how many."""
    before_ms = time.time_ns() // 1_000_000 - shop.settings.design_days * _DAY_MS
    gone = shop.store.designs.expire(before_ms)
    DESIGNS.discard(shop, (design.file for design in gone))
    return len(gone)


def dye_of(product: Product | None) -> Dye:
    """The colour that a product's attribute `color` says; white where it says none that is known."""
    for word in () if product is None else product.attributes.get("color", ()):
        lab = lab_of_word(word, tuple(LANGUAGES))
        if lab is not None:
            red, green, blue = np.rint(255 * lab2rgb(np.array([[lab]], np.float64))[0, 0]).astype(int).tolist()
            return red, green, blue
    return WHITE


def webp(pixels: Photo, picture: SourceType | None = None) -> bytes:
    """A preview as a file, which says that it was put together, and of a picture that says this."""
    out = BytesIO()
    Image.fromarray(pixels).save(out, "WEBP", quality=88, method=2)
    return marked(out.getvalue(), composed_with(picture))
