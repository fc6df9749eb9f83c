"""Closet: a shopper's photos become garments, each with its tags, its colours and the products that are like it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import get_args

from bottega.actions.closet.garments import Piece, look_at_pieces, pieces_of, slots_seen
from bottega.actions.closet.shapes import (
    ClosetAnswer,
    ClosetEntry,
    ClosetQuery,
    ClosetRemoval,
    ClosetRequest,
    RemovedAnswer,
    Slot,
)
from bottega.actions.search.hits import hits
from bottega.actions.search.shapes import Box, Hit
from bottega.actions.vision.shapes import ColourInfo, GuessInfo
from bottega.datasets.photos.reading import read_photo
from bottega.errors import PhotoRefused, RequestInvalid
from bottega.models.vision.eye.looks import without_outline
from bottega.models.vision.slots import PART_SLOT
from bottega.models.vision.tags import PhotoTags, read_tags
from bottega.progress import Progress, silent
from bottega.shop.floor import Floor
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures.closet_photos import discard, is_kept, keep
from bottega.shop.search.index import SearchIndex
from bottega.shop.shape import Upload
from bottega.store.closet import ClosetItem, SeenGarment

__all__ = ["add_to_closet", "closet_of", "remove_from_closet"]

LIKE = 3
"""Products named beside each item where the request does not say."""
ITEMS_MAX = 2000
"""Things that one closet holds."""


def add_to_closet(shop: OpenShop, request: ClosetRequest, *, progress: Progress = silent) -> ClosetAnswer:
    """Hang up what these photos show. A photo that cannot be read is named and left out.

    Raises `PhotoRefused` where none can be read, and `RequestInvalid` where the closet would hold too much.
    """
    started = time.perf_counter()
    refused: dict[str, PhotoRefused] = {}
    found: list[tuple[Upload, Piece]] = []
    for number, photo in enumerate(request.photos):
        try:
            picture = read_photo(photo.content, name=photo.name)
            found += [(photo, piece) for piece in pieces_of(picture, shop.models.parse)]
        except PhotoRefused as refusal:
            refused[photo.name] = refusal
        progress("looking at photos", number + 1, len(request.photos))
    if not found:
        raise next(iter(refused.values()))
    folder, eye = shop.folder, shop.models.eye()
    shopper = shop.profile(request.shopper)
    _check_room(folder.store.closet.count(shopper) + len(found), shopper)
    looks = look_at_pieces(eye, [piece for _, piece in found])
    slots = slots_seen([piece for _, piece in found], looks, eye.heads)
    names = {
        photo.name: keep(folder, shopper, photo.content, photo.name) if request.keep_photo else photo.name
        for photo in {id(photo): photo for photo, _ in found}.values()
    }
    now_ms = time.time_ns() // 1_000_000
    items = folder.store.closet.add(
        [
            ClosetItem(
                shopper=shopper,
                told_as=request.shopper,
                photo=names[photo.name],
                box=(piece.region.left, piece.region.top, piece.region.right, piece.region.bottom),
                part=piece.region.name,
                vector=vector,
                time_ms=now_ms,
                tags=_told(piece, tags, slot, eye.version),
            )
            for (photo, piece), tags, slot, vector in zip(
                found, read_tags(eye, looks), slots, looks.vectors, strict=True
            )
        ]
    )
    refusals = {name: str(why) for name, why in refused.items()}
    return _answer(shop, shopper, items, started, n=request.n or LIKE, refused=refusals)


def closet_of(shop: OpenShop, request: ClosetQuery) -> ClosetAnswer:
    """Everything in a shopper's closet; an empty one for a stranger."""
    started = time.perf_counter()
    shopper = shop.profile(request.shopper)
    return _answer(shop, shopper, shop.folder.store.closet.of_shopper(shopper), started, n=request.n)


def remove_from_closet(shop: OpenShop, request: ClosetRemoval) -> RemovedAnswer:
    """Take things out; a kept photo goes with the last item seen on it. Ids of other closets do nothing."""
    shopper = shop.profile(request.shopper)
    gone = shop.store.closet.remove(shopper, request.closet_items)
    deleted = discard(shop.folder, (item.photo for item in gone))
    return RemovedAnswer(shopper=shopper, removed=[item.item_id for item in gone], photos_deleted=deleted)


def _check_room(items: int, shopper: str) -> None:
    if items > ITEMS_MAX:
        raise RequestInvalid(
            f"The closet of {shopper!r} would hold {items} items.",
            allowed=f"A closet holds {ITEMS_MAX}.",
            next_step="Take some out: `bottega closet remove`, or POST /v1/closet/remove.",
        )


def _told(piece: Piece, tags: PhotoTags, slot: str | None, eye: str) -> SeenGarment:
    """What is kept of one garment beside its vector."""
    return {
        "eye": eye,
        "slot": slot,
        "attributes": {tag.head: {"value": tag.value, "confidence": round(tag.confidence, 4)} for tag in tags.tags},
        "colours": [
            {
                "name": colour.name,
                "rgb": colour.rgb,
                "lab": [round(value, 1) for value in colour.lab],
                "share": round(colour.share, 4),
            }
            for colour in piece.colours
        ],
    }


def _answer(
    shop: OpenShop,
    shopper: str,
    items: Sequence[ClosetItem],
    started: float,
    *,
    n: int,
    refused: dict[str, str] | None = None,
) -> ClosetAnswer:
    index = shop.search_index()
    with shop.floor() as floor:
        entries = [_entry(item, _like(index, floor, item, n)) for item in items]
    took_ms = round((time.perf_counter() - started) * 1000, 3)
    return ClosetAnswer(shopper=shopper, items=entries, refused=refused or {}, took_ms=took_ms)


def _like(index: SearchIndex, floor: Floor, item: ClosetItem, n: int) -> list[Hit]:
    """Products most like an item; none where it was seen by another eye than the catalogue."""
    if item.tags.get("eye") != index.eye.version:
        return []
    vector = item.vector
    if index.eye.outlined and item.part in PART_SLOT:  # seen on a person, where no outline can be measured
        vector = without_outline(vector[None])[0]
    found = index.like(vector, index.allowed(floor, None, []), part=item.part)
    return hits(floor, {row: (score, ["photo"]) for row, score in found.items()}, n=n)


def _entry(item: ClosetItem, like: list[Hit]) -> ClosetEntry:
    left, top, right, bottom = item.box
    return ClosetEntry(
        closet_item=item.item_id,
        photo=item.photo,
        kept=is_kept(item.photo),
        box=Box(left=left, top=top, right=right, bottom=bottom),
        part=item.part,
        slot=next((slot for slot in get_args(Slot) if slot == item.tags.get("slot")), None),
        tags={head: GuessInfo(**guess) for head, guess in item.tags.get("attributes", {}).items()},
        colours=[ColourInfo.model_validate(colour) for colour in item.tags.get("colours", [])],
        time_ms=item.time_ms,
        like=like,
    )
