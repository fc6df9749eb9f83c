"""Try on: a piece of the shop on a shopper's own photo. The photo is looked at, answered, and not kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image

from bottega.actions.closet.kept_pictures import closet_picture_of
from bottega.actions.closet.tried import tell_tried
from bottega.actions.studio.dressing.cloth_of_product import words_of_product
from bottega.actions.studio.rescue.rescue import jpeg_of
from bottega.actions.studio.try_on.face_cut import face_cut_of
from bottega.actions.studio.try_on.shapes import TryOnAnswer, TryOnRequest
from bottega.catalogue.product import Product
from bottega.datasets.photos.inside import read_inside
from bottega.datasets.photos.masks import PARTS, LabelMap
from bottega.datasets.photos.provenance import SourceType, altered, source_type_of
from bottega.datasets.photos.reading import Photo, read_photo
from bottega.datasets.photos.shop_photos import main_picture
from bottega.errors import PhotoRefused, ProductUnknown, RequestInvalid
from bottega.models.studio.garments.cut_outs import cut_out, labels_of
from bottega.models.studio.garments.cuts import cut_of, is_underwear, kind_of
from bottega.models.studio.try_on.own_colours import SIDES, told_by_own_colours
from bottega.models.studio.try_on.place import CUTS
from bottega.models.studio.try_on.try_on import ShownPiece
from bottega.models.studio.try_on.try_on import try_on as worn
from bottega.names import FloatArray
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures.picture_seals import seal_of
from bottega.shop.shape import Upload
from bottega.shop.trained.shipped_models import FACE_POINTS, SHIPPED
from bottega.texts import SEEN_MAX

__all__ = ["MOST_PX", "piece_of", "tried_cut", "try_on"]

MOST_PX = 1536
"""Longer side of what is answered."""
_PIECE_PX = 1024
"""Longer side at which a product's photo is worked with."""
_LOOK_PX = 640
"""Longer side at which the parser looks."""


def try_on(shop: OpenShop, request: TryOnRequest) -> TryOnAnswer:
    """A piece of the shop on the one person of a photo.

    Raises `ProductUnknown`, `RequestInvalid` for what is not tried on, `PhotoRefused` for a photo that cannot be read,
    that shows nobody, several people or somebody from behind, and where the piece and the clothes do not fit.
    """
    sent = _sent(shop, request)
    answer = _tried(shop, sent, request.product_id)
    tell_tried(shop, request.shopper, [request.product_id])
    seal = seal_of(shop.secrets, answer.content, made_by="try_on", product_ids=[request.product_id])
    return answer.model_copy(update={"seal": seal})


def _sent(shop: OpenShop, request: TryOnRequest) -> Upload:
    """The photo that came, or one that the shopper keeps. Raises `RequestInvalid`, `PictureUnknown`."""
    if request.photo is not None and request.picture_id is None:
        return request.photo
    if request.photo is None and request.picture_id is not None and request.shopper is not None:
        picture, content = closet_picture_of(shop, request.shopper, request.picture_id)
        return Upload(name=picture.file, content=content)
    raise RequestInvalid(
        "The request has both photo and picture_id." if request.photo else "The request has no photo.",
        allowed="It takes a photo, or the picture_id of one in the closet of `shopper`.",
        next_step="Send one of them.",
    )


def _tried(shop: OpenShop, sent: Upload, product_id: str) -> TryOnAnswer:
    started = time.perf_counter()
    photo = _at_most(read_photo(sent.content, name=sent.name), MOST_PX)
    product, shown = _shown(shop, product_id)
    if (cut := face_cut_of(product)) is not None:
        return _on_face(shop, sent, product_id, photo, shown(), cut, started)
    piece = piece_of(shop, product_id)
    parser = shop.models.parts()
    labels = labels_of(photo, lambda seen: told_by_own_colours(seen, parser.parse([seen], sides=SIDES)[0]))
    found = worn(photo, labels, piece, names=PARTS, joints=_joints(shop, labels))
    said = altered(source_type_of(sent.content), SourceType.PARTLY_GENERATED)
    height, width = found.photo.shape[:2]
    return TryOnAnswer.model_validate(
        {
            "photo": sent.name,
            "product_id": product_id,
            "cut": piece.cut,
            "length": found.length,
            "width": width,
            "height": height,
            "covers": round(float(found.region.mean()), 4),
            "unlike": round(found.unlike, 4),
            "notes": list(found.notes),
            "source_type": str(said),
            "content": jpeg_of(found.photo, said),
            "version": parser.version,
            "took_ms": round((time.perf_counter() - started) * 1000, 3),
        }
    )


def _on_face(
    shop: OpenShop, sent: Upload, product_id: str, photo: Photo, product: Photo, cut: str, started: float
) -> TryOnAnswer:
    """What is worn on the head, on the one face of a photo."""
    from bottega.actions.studio.try_on.on_face import wear_on_face

    finder = SHIPPED.get(FACE_POINTS)
    found = wear_on_face(photo, product, cut, finder=finder, parser=shop.models.parts)
    said = altered(source_type_of(sent.content), SourceType.PARTLY_GENERATED)
    height, width = found.photo.shape[:2]
    return TryOnAnswer.model_validate(
        {
            "photo": sent.name,
            "product_id": product_id,
            "cut": cut,
            "length": "as worn",
            "width": width,
            "height": height,
            "covers": round(found.covers, 4),
            "unlike": 0.0,
            "notes": list(found.notes),
            "source_type": str(said),
            "content": jpeg_of(found.photo, said),
            "version": finder.version,
            "took_ms": round((time.perf_counter() - started) * 1000, 3),
        }
    )


def _shown(shop: OpenShop, product_id: str) -> tuple[Product, Callable[[], Photo]]:
    """A product, and what reads its photo [h, w, 3]. Raises `ProductUnknown`; the reading, `RequestInvalid`."""
    product = shop.store.products.get([product_id]).get(product_id)
    if product is None:
        raise ProductUnknown.named(product_id)

    def photo() -> Photo:
        picture = main_picture(product)
        if picture is None:
            raise RequestInvalid(
                f"The product {product_id!r} has no photo in the shop's folder.",
                allowed="What is tried on has a photo.",
                next_step="Try another product, or give this one a photo.",
            )
        return _at_most(read_inside(shop.folder.images, picture), _PIECE_PX)

    return product, photo


def piece_of(shop: OpenShop, product_id: str) -> ShownPiece:
    """A product as a piece that is tried on. Raises `ProductUnknown`, `RequestInvalid`, `PhotoRefused`."""
    return _piece(shop, *_shown(shop, product_id))


def _piece(shop: OpenShop, product: Product, shown: Callable[[], Photo]) -> ShownPiece:
    words = words_of_product(product)
    cut = tried_cut(words)
    photo = shown()
    found = cut_out(photo, cut, shop.models.parse, whole=True)
    return ShownPiece(photo, found.mask, cut, short=kind_of(words) == "kind.shorts")


def tried_cut(words: Sequence[str]) -> str:
    """One of the cuts that are tried on, of what a shop calls a product. Raises `RequestInvalid` for others."""
    named = " ".join(words)[:SEEN_MAX]
    if is_underwear(words):
        raise RequestInvalid(
            f"{named!r} is worn under clothes or for bathing.",
            allowed="Underwear and swimwear are shown on no photo of a person.",
            next_step="Try something that is worn over it.",
        )
    cut = cut_of(words)
    if cut not in CUTS:
        raise RequestInvalid(
            f"{named!r} is nothing that is tried on here: it is taken for a piece of the cut {cut}.",
            allowed=f"These are: {', '.join(CUTS)}.",
            next_step="Try one of them.",
        )
    return cut


def _joints(shop: OpenShop, labels: LabelMap) -> FloatArray | None:
    """Key points of the person [16, 2]; None where too few of them are sure."""
    step = max(1, max(labels.shape) // _LOOK_PX)
    try:
        points = shop.models.key_points().read(labels[::step, ::step]).points
    except PhotoRefused:
        return None
    return np.array([(point.x * step, point.y * step) for point in points], np.float32)


def _at_most(photo: Photo, px: int) -> Photo:
    """The photo, its longer side at most so long."""
    height, width = photo.shape[:2]
    if max(height, width) <= px:
        return photo
    scale = px / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.array(Image.fromarray(photo).resize(size, Image.Resampling.BOX))
