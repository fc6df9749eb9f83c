"""Turn: a product from other angles than its photo's, as far as may be trusted. Nothing of it is kept."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import numpy as np

from bottega.actions.studio.product_seen import product_seen
from bottega.actions.studio.turning.own_solid import own_solid
from bottega.actions.studio.turning.shapes import TurnAnswer, TurnRequest
from bottega.catalogue.product import Product
from bottega.datasets.photos.inside import path_inside
from bottega.datasets.photos.masks import LabelMap
from bottega.datasets.photos.provenance import SourceType, altered, source_type_of
from bottega.datasets.photos.reading import Photo, read_photo
from bottega.datasets.photos.shop_photos import main_picture
from bottega.errors import PhotoRefused, ProductUnknown, RequestInvalid
from bottega.models.studio.turntable.around import SIDES, AllRound, all_round
from bottega.models.studio.turntable.files import as_glb, as_sheet, sheet_columns
from bottega.models.studio.turntable.framing import Framed, framed
from bottega.models.studio.turntable.own_model import own_model
from bottega.models.studio.turntable.shapes_by_kind import ShapeKind, kind_of_words
from bottega.models.studio.turntable.turntable import Turntable
from bottega.models.studio.video.clip import as_webp
from bottega.models.vision.parts.regions import PRODUCT
from bottega.progress import Progress, silent
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Upload
from bottega.shop.trained.shipped_models import PARTS, SHIPPED, TURNTABLE

__all__ = ["turn", "turn_here"]

_FULL_STEP = 15.0
_CLIP_FPS, _CLIP_BYTES = 12.0, 2_000_000
_MOST_PX = 12_000_000
"""Pixels of the photos of one answer."""


def turn(shop: OpenShop, request: TurnRequest) -> TurnAnswer:
    """Turn a product: by its own 3D model where it names one (`model_3d`), else from its photo.

    Raises `RequestInvalid`, `ProductUnknown`, and `PhotoRefused` where no product is told.
    """
    return _turned(shop, request, silent)


def turn_here(shop: OpenShop | None, request: TurnRequest, *, progress: Progress = silent) -> TurnAnswer:
    """The same for somebody who sits at this machine; photos and 3D models need no shop."""
    return _turned(shop, request, progress)


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """What is turned: its name, its photos by side, what they say of themselves, and what its type says of shape."""

    name: str
    photos: dict[str, Photo]
    said: SourceType | None
    kind: ShapeKind


def _turned(shop: OpenShop | None, request: TurnRequest, progress: Progress) -> TurnAnswer:
    started = time.perf_counter()
    given = [name for name in ("product_id", "photo", "glb") if getattr(request, name) is not None]
    if len(given) != 1:
        raise RequestInvalid(
            f"The request names {' and '.join(given) or 'nothing to turn'}.",
            allowed="It is a product of the shop (product_id), a photo with those of other sides, or a 3D model (glb).",
            next_step="Give one of them.",
        )
    if request.glb is not None:
        return _own(request, request.glb, started, progress)
    if shop is not None and request.product_id is not None and (glb := _glb_of(shop, request.product_id)) is not None:
        return _own(request, glb, started, progress).model_copy(update={"name": request.product_id})
    asked = _of_product(shop, request) if request.product_id is not None else _of_uploads(request)
    parse = shop.models.parse if shop is not None else _shipped_parse
    photos: dict[str, Framed] = {}
    part = PRODUCT
    for side, photo in asked.photos.items():
        part, mask = product_seen(photo, parse)
        photos[side] = framed(photo, mask)
    networks: Turntable | None = SHIPPED.get(TURNTABLE) if shop is None else shop.models.turntable()
    kind: ShapeKind = request.shape or ("card" if part != PRODUCT and asked.kind == "learnt" else asked.kind)
    found = all_round(photos, kind, networks)
    angles = found.angles(max(request.step, _FULL_STEP) if found.full else request.step, request.reach)
    drawn = []
    for angle in angles:
        drawn.append(found.draw(angle, request.size))
        progress("drawing frames", len(drawn), len(angles))
    told = found.turns[0][1]
    learnt = networks is not None
    made = altered(asked.said, SourceType.PARTLY_GENERATED if learnt else SourceType.COMPOSED)
    assert made is not None
    return _answer(
        request,
        asked.name,
        told.kind,
        [one.on() for one in drawn],
        angles=angles,
        trusted=[found.trusts(angle) for angle in angles],
        trusted_to=found.trusted_to,
        full=found.full,
        errors=[round(one.error, 4) for one in drawn],
        notes=_notes(found, photos, part),
        source_type=made,
        solid=as_glb(told, made) if request.solid else None,
        version=networks.config.version if networks is not None else "",
        started=started,
    )


def _glb_of(shop: OpenShop, product_id: str) -> Upload | None:
    """A product's own 3D model; None where it has none."""
    product = shop.store.products.get([product_id]).get(product_id)
    path = None if product is None else own_solid(shop, product)
    return None if path is None else Upload(name=path.name, content=path.read_bytes())


def _own(request: TurnRequest, glb: Upload, started: float, progress: Progress) -> TurnAnswer:
    """A 3D model of one's own is turned as it is, all round."""
    model = own_model(glb.content, glb.name)
    count = round(360 / max(request.step, _FULL_STEP))
    angles = tuple(360.0 * k / count for k in range(count))
    frames = []
    for angle in angles:
        frames.append(model.draw(angle, request.size))
        progress("drawing frames", len(frames), count)
    return _answer(
        request,
        glb.name,
        "own_model",
        frames,
        angles=angles,
        trusted=[True] * count,
        trusted_to=180.0,
        full=True,
        errors=[0.0] * count,
        notes=[],
        source_type=SourceType.COMPOSED,
        solid=glb.content if request.solid else None,
        version="",
        started=started,
    )


def _answer(
    request: TurnRequest,
    name: str,
    shape: str,
    frames: list[Photo],
    *,
    angles: tuple[float, ...],
    trusted: list[bool],
    trusted_to: float,
    full: bool,
    errors: list[float],
    notes: list[str],
    source_type: SourceType,
    solid: bytes | None,
    version: str,
    started: float,
) -> TurnAnswer:
    columns = sheet_columns(len(frames))
    there_and_back = frames if full else [*frames, *frames[-2:0:-1]]
    clip = as_webp(there_and_back, _CLIP_FPS, most_bytes=_CLIP_BYTES, source_type=source_type) if request.clip else None
    return TurnAnswer(
        name=name,
        shape=shape,
        angles=[round(angle, 2) for angle in angles],
        trusted=trusted,
        trusted_to=trusted_to,
        full=full,
        expected_errors=errors,
        columns=columns,
        rows=math.ceil(len(frames) / columns),
        width=request.size,
        height=request.size,
        notes=notes,
        source_type=source_type,
        frames=as_sheet(frames, source_type),
        clip=None if clip is None else clip.content,
        solid=solid,
        version=version,
        took_ms=round((time.perf_counter() - started) * 1000, 3),
    )


def _notes(found: AllRound, photos: dict[str, Framed], part: str) -> list[str]:
    notes = []
    if found.trusted_to == 0:
        notes.append("Its shape is not told surely enough to show it as true from any other side.")
    if found.full and "right" not in photos and "left" not in photos:
        notes.append("No photo shows its sides: what is seen there is made of its front and its back.")
    if part != PRODUCT:
        notes.append("Somebody wears it: it is turned without them, and what they hide of it is not there.")
    for side, photo in photos.items():
        if any(photo.cut):
            which = "" if side == "photo" else f" ({side})"
            notes.append(f"The photo{which} cuts it off, and so does the turn.")
    return notes


def _of_product(shop: OpenShop | None, request: TurnRequest) -> _Asked:
    name = request.product_id or ""
    if shop is None:
        raise RequestInvalid(
            f"The product {name!r} is named, and there is no shop here.",
            allowed="Products are a shop's; photos and 3D models need none.",
            next_step="Name the shop's folder, or send a photo.",
        )
    product: Product | None = shop.store.products.get([name]).get(name)
    if product is None:
        raise ProductUnknown.named(name)
    picture = main_picture(product)
    if picture is None:
        raise RequestInvalid(
            f"The product {name!r} has no photo in the shop's folder.",
            allowed="What is turned has a photo there.",
            next_step="Import it with its pictures, or send a photo.",
        )
    content = path_inside(shop.folder.images, picture).read_bytes()
    photos = {"photo": read_photo(content, name=picture)} | _sides(request)
    kind = kind_of_words(" ".join([*product.category[-1:], *product.attributes.get("type", ())]))
    return _Asked(name, photos, source_type_of(content), kind)


def _of_uploads(request: TurnRequest) -> _Asked:
    assert request.photo is not None
    photos = {"photo": read_photo(request.photo.content, name=request.photo.name)} | _sides(request)
    pixels = sum(photo.shape[0] * photo.shape[1] for photo in photos.values())
    if pixels > _MOST_PX:
        raise PhotoRefused(
            f"Together the photos have {pixels / 1e6:.1f} million pixels.",
            allowed=f"One turn takes {_MOST_PX / 1e6:.0f} million.",
            next_step="Send smaller photos.",
        )
    said = [source_type_of(one.content) for one in (request.photo, request.right, request.back, request.left) if one]
    most: SourceType | None = None
    for one in said:
        most = altered(most, one)
    return _Asked(request.photo.name, photos, most, "learnt")


def _sides(request: TurnRequest) -> dict[str, Photo]:
    """Photos of other sides. Raises `RequestInvalid` where only one flank is sent: it has no other to fade into."""
    found = {
        side: read_photo(upload.content, name=upload.name)
        for side in SIDES
        if side != "photo" and (upload := getattr(request, side)) is not None
    }
    if found and "back" not in found:
        raise RequestInvalid(
            f"Photos of {' and '.join(found)} were sent, and none from behind.",
            allowed="A turn all round takes front and back; right and left make it truer.",
            next_step="Send the back too, or the front alone.",
        )
    return found


def _shipped_parse(photo: Photo) -> LabelMap:
    labels: LabelMap = np.asarray(SHIPPED.get(PARTS).parse_labels([photo])[0])
    return labels
