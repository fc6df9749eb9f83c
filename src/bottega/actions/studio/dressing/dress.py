"""Dress: products of the shop on a fashion model. Which may be worn together is asked before anything is drawn."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bottega.actions.closet.tried import tell_tried
from bottega.actions.studio.dressing.cloth_of_product import cloth_of_product, words_of_product
from bottega.actions.studio.dressing.outfit import check_count, check_outfit, layers_of
from bottega.actions.studio.dressing.shapes import DressAnswer, DressRequest, WornPiece
from bottega.actions.studio.fashion_models.shapes import SeenPoint
from bottega.actions.studio.rescue.rescue import jpeg_of
from bottega.catalogue.product import Product
from bottega.datasets.photos.inside import path_inside
from bottega.datasets.photos.provenance import SourceType, altered, composed_with, source_type_of
from bottega.datasets.photos.reading import Photo
from bottega.datasets.photos.shop_photos import main_picture
from bottega.errors import ProductUnknown, RequestInvalid
from bottega.models.studio.bodies.body import body
from bottega.models.studio.bodies.fashion_models import FashionModel, model_named
from bottega.models.studio.bodies.poses import pose
from bottega.models.studio.bodies.skinning import normals_of
from bottega.models.studio.composer.of_dressed import composed
from bottega.models.studio.dressed.dressed import Dressed, dressed_in
from bottega.models.studio.dressed.fitted import Fitted, fitted
from bottega.models.studio.dressed.turn import solids_of, turned
from bottega.models.studio.garments.cloth import Cloth
from bottega.models.studio.garments.cuts import cut_of, refuse_underwear
from bottega.models.studio.solids import as_glb, need_trimesh
from bottega.models.studio.video.clip import as_webp
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures.fashion_model_file import own_models
from bottega.shop.pictures.picture_seals import seal_of

__all__ = ["Outfit", "dress", "outfit_on"]

_TURN_FRAMES, _TURN_FPS, _TURN_PX, _TURN_BYTES = 24, 12, (480, 640), 4_000_000
_LITTLE = 0.02
"""Of a figure, or of a piece, what is too little to speak of."""
_NO_PHOTO = 0.4
"""Of what one sees of a piece, a share from which a picture shows more than the photo did."""


@dataclass(frozen=True, slots=True, eq=False)
class Outfit:
    """Products as pieces on a body, ready to be drawn in any pose."""

    products: tuple[Product, ...]
    """As they were asked for."""
    cloths: tuple[Cloth, ...]
    """Of each product."""
    ready: Fitted
    source_type: SourceType
    """What a picture of it says of how it was made."""


def dress(shop: OpenShop, request: DressRequest) -> DressAnswer:
    """A fashion model in products of the shop. The same request gives the same picture.

    Raises `ProductUnknown`; `PhotoRefused` for a photo that cannot be used; `RequestInvalid` for a model or a pose that
    is none, for pieces that are not worn, not worn together or not by this body, and for a 3D file without trimesh.
    """
    started = time.perf_counter()
    if request.glb:
        need_trimesh()
    model = model_named(request.model, own_models(shop.folder))
    pose_name = pose(request.pose or model.pose).name
    outfit = outfit_on(shop, model, request.products, tucked=request.tucked, in_this_order=request.in_this_order)
    looks = model.appearance
    found = dressed_in(outfit.ready, looks, pose_name, crop=request.crop, around=request.around)
    photo, said = found.photo, outfit.source_type
    if request.composer:
        photo, said = _composed(shop, found), altered(said, SourceType.PARTLY_GENERATED) or said
    turn = None
    if request.turn:
        frames = turned(outfit.ready, looks, pose_name, _TURN_FRAMES, _TURN_PX, crop=request.crop)
        clip = as_webp(list(frames), _TURN_FPS, most_bytes=_TURN_BYTES, source_type=outfit.source_type)
        turn = clip.content
    glb = as_glb(solids_of(outfit.ready, looks, pose_name), outfit.source_type) if request.glb else None
    content = jpeg_of(photo, said)
    tell_tried(shop, request.shopper, request.products)
    height, width = found.photo.shape[:2]
    pieces = [
        _piece(product, cloth, found, at)
        for at, (product, cloth) in enumerate(zip(outfit.products, outfit.cloths, strict=True))
    ]
    return DressAnswer(
        model=model.name,
        pose=pose_name,
        crop=request.crop,
        around=request.around,
        width=width,
        height=height,
        grown=model.build.grown,
        pieces=[pieces[one.at] for one in outfit.ready.pieces],
        notes=_notes(model, outfit, pose_name),
        key_points=[SeenPoint(name=p.name, x=p.x, y=p.y, visible=p.visible) for p in found.key_points],
        source_type=str(said),
        seal=seal_of(shop.secrets, content, made_by="dress", product_ids=request.products),
        content=content,
        turn=turn,
        glb=glb,
        version=shop.models.parts().version,
        took_ms=round((time.perf_counter() - started) * 1000, 3),
    )


def _composed(shop: OpenShop, found: Dressed) -> Photo:
    composer = shop.models.composer()
    if composer is None:
        raise RequestInvalid(
            "The composer is asked for, and none is installed.",
            allowed="Dressed pictures are drawn without it.",
            next_step="Leave `composer` out, or install Bottega again.",
        )
    return composed(found, composer)


def outfit_on(
    shop: OpenShop,
    model: FashionModel,
    product_ids: Sequence[str],
    *,
    tucked: Sequence[str] = (),
    in_this_order: bool = False,
) -> Outfit:
    """Products as pieces on a model's body. Raises as `dress` does, before any photo is read where it can."""
    check_count(product_ids)
    known = shop.store.products.get(list(product_ids))
    for product_id in product_ids:
        if product_id not in known:
            raise ProductUnknown.named(product_id)
    products = [known[product_id] for product_id in product_ids]
    cuts = []
    for product in products:
        words = words_of_product(product)
        refuse_underwear(words, model.build)
        cuts.append(cut_of(words))
    check_outfit(product_ids, cuts)
    layers = layers_of(product_ids, cuts, tucked, in_this_order=in_this_order)
    cloths = [
        replace(cloth_of_product(shop, product_id, model.body, cut=cut), layer=layer)
        for product_id, cut, layer in zip(product_ids, cuts, layers, strict=True)
    ]
    said = composed_with(None)
    for product in products:
        said = altered(said, _source_type(shop, product)) or said
    return Outfit(tuple(products), tuple(cloths), fitted(body(model.body), cloths), said)


def _source_type(shop: OpenShop, product: Product) -> SourceType:
    picture = main_picture(product)
    assert picture is not None, "its photo was just read"
    return composed_with(source_type_of(path_inside(shop.folder.images, picture).read_bytes()))


def _piece(product: Product, cloth: Cloth, found: Dressed, at: int) -> WornPiece:
    there = found.mask(at)
    covers = float(there.sum() / max((found.alpha > 0.5).sum(), 1))
    seen = found.seen(at)
    guessed = []
    if covers < _LITTLE / 10:
        guessed.append("Nothing of it is seen in this picture: other pieces or the pose hide it.")
    elif seen < 1 - _NO_PHOTO:
        guessed.append(f"{1 - seen:.0%} of what one sees of it was filled in: its photo shows its other side.")
    towards = normals_of(cloth.vertices, cloth.faces)[:, 1] < 0
    if (cloth.guessed[~towards] > 0.5).mean() > _LITTLE:
        guessed.append("Its back is made from its front: no photo shows it.")
    if (cloth.guessed[towards] > 0.5).mean() > _LITTLE:
        guessed.append("What hair, arms or other things hid of its front in the photo was filled in.")
    return WornPiece(
        product_id=product.id,
        title=product.title,
        cut=cloth.cut,
        covers=round(covers, 4),
        seen=round(seen, 4),
        guessed=guessed,
    )


def _notes(model: FashionModel, outfit: Outfit, pose_name: str) -> list[str]:
    notes = ["How it falls and fits is drawn, not measured: sizes are not judged by it."]
    cuts = {cloth.cut for cloth in outfit.cloths}
    if not cuts & {"trousers", "skirt", "dress"} or not cuts & {"top", "shirt", "dress", "jacket"}:
        notes.append("The grey top or shorts that one sees are the figure's own.")
    if "cannot be seen" in pose(pose_name).says:
        notes.append(f"The pose: {pose(pose_name).says}")
    if not model.build.grown:
        notes.append("Under 18 the figure's own top and shorts reach the elbows and the knees.")
    return notes
