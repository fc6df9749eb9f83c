"""Sketch: a drawing becomes the picture of a product, and the picture finds the real ones. Nothing of it is kept."""

from __future__ import annotations

import time

import numpy as np
from skimage.color import lab2rgb

from bottega.actions.studio.asked_colour import asked_colour
from bottega.actions.studio.asked_type import asked_type
from bottega.actions.studio.drawn_products import FACTOR, RealProducts, real_products
from bottega.actions.studio.rescue.rescue import jpeg_of
from bottega.actions.studio.sketch.shapes import SketchAnswer, SketchRequest
from bottega.datasets.photos.hand_drawings import read_drawing
from bottega.datasets.photos.provenance import SourceType, altered, source_type_of
from bottega.datasets.photos.reading import Photo
from bottega.models.studio.recolour.recolour import Lab
from bottega.models.studio.refused import refuse_race
from bottega.models.studio.sketch.drawings import framed
from bottega.models.studio.sketch.sketch import PX, within_what_is_learnt
from bottega.names import FloatArray
from bottega.settings import ShopSettings
from bottega.shop.open_shop import OpenShop
from bottega.shop.trained.shipped_models import RESCUE, SHIPPED
from bottega.shop.trained.studio_models import sketch_network

__all__ = ["sketch", "sketch_here"]

_LINES_FACTOR = 4
"""Times as large as the network sees them, the lines are shown."""


def sketch(shop: OpenShop, request: SketchRequest) -> SketchAnswer:
    """Make a product of a drawing, and find what is like it.

    Raises `EditRefused` for words of somebody, `RequestInvalid` for a type or a colour that is not known,
    `PhotoRefused` for what is no drawing, `ModelMissing` where the shop has no network for it.
    """
    return _made(shop, shop.folder.settings, request)


def sketch_here(settings: ShopSettings, request: SketchRequest) -> SketchAnswer:
    """The same without a shop; no real products are found."""
    return _made(None, settings, request)


def _made(shop: OpenShop | None, settings: ShopSettings, request: SketchRequest) -> SketchAnswer:
    started = time.perf_counter()
    refuse_race(" ".join(filter(None, (request.colour, request.type))))
    lab = None if request.colour is None else asked_colour(request.colour)
    network = sketch_network(settings) if shop is None else shop.models.sketch()
    kind = None if request.type is None else asked_type(request.type, network.types)
    lines = framed(read_drawing(request.photo.content, name=request.photo.name), PX)
    (small,) = network.draw(
        lines[None],
        np.array([0 if kind is None else network.types.index(kind) + 1], np.int64),
        None if lab is None else within_what_is_learnt(np.array([lab], np.float32)),
    )
    rescue = SHIPPED.get(RESCUE) if shop is None else shop.models.rescue()
    picture = rescue.enlarged(small, FACTOR, way="mean")
    found = RealProducts()
    waiting = 0
    if shop is not None and request.products:
        (found,) = real_products(shop, [small], [kind or ""], request.products, None, colour=request.colour or "")
        waiting = shop.search_index().waiting
    return SketchAnswer(
        photo=request.photo.name,
        type=kind,
        rgb=None if lab is None else _hex(lab),
        width=picture.shape[1],
        height=picture.shape[0],
        source_type=SourceType.GENERATED,
        content=jpeg_of(picture, SourceType.GENERATED),
        lines=jpeg_of(_shown(lines), altered(source_type_of(request.photo.content), SourceType.ENHANCED)),
        products=found.items,
        as_asked=found.as_asked,
        version=network.config.version,
        photos_waiting=waiting,
        took_ms=round((time.perf_counter() - started) * 1000, 3),
    )


def _shown(lines: FloatArray) -> Photo:
    """Black on white."""
    grey = np.rint(255 * (1 - lines)).astype(np.uint8)
    large = grey.repeat(_LINES_FACTOR, 0).repeat(_LINES_FACTOR, 1)
    return np.ascontiguousarray(np.broadcast_to(large[..., None], (*large.shape, 3)))


def _hex(lab: Lab) -> str:
    red, green, blue = (lab2rgb(np.array([[lab]])).reshape(3).clip(0, 1) * 255).round().astype(int).tolist()
    return f"#{red:02x}{green:02x}{blue:02x}"
