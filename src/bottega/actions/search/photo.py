"""Search by photo: the products of the shop that are like those on a photo, or like them but for some words."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from bottega.actions.search.hits import Scored, hits
from bottega.actions.search.like import like_photo_but
from bottega.actions.search.refusing import Sight, judged, refusal, seen_in
from bottega.actions.search.shapes import Box, PhotoSearchAnswer, PhotoSearchRequest, RegionHits
from bottega.datasets.photos.frames import Frame, best_frames
from bottega.datasets.photos.reading import Photo
from bottega.datasets.words import search_words
from bottega.models.vision.parts.regions import WHOLE, Region, crop, regions_of
from bottega.names import BoolArray
from bottega.progress import Progress, silent
from bottega.shop.experiments import Shown
from bottega.shop.floor import Floor
from bottega.shop.open_shop import OpenShop
from bottega.shop.rules.occasion import Occasion
from bottega.shop.search.index import SearchIndex
from bottega.shop.shown import shown_as
from bottega.shop.taking_part import taken_part, taking_part

__all__ = ["search_photo", "unknown_words"]

AGAIN = 0.9
"""Things seen in two frames whose vectors are so alike are one thing."""
THINGS_MOST = 8
"""Most things of a moving picture that are searched for."""


def search_photo(
    shop: OpenShop, request: PhotoSearchRequest, *, look_at_all: bool = False, progress: Progress = silent
) -> PhotoSearchAnswer:
    """Products like those on a photo, by region. Raises `PhotoRefused`.

    Products without a photo cannot be found this way. With `look_at_all`, every catalogue photo is looked at first.
    """
    started = time.perf_counter()
    frames = best_frames(request.photo.content, name=request.photo.name)
    index, text = shop.search_index(look_at_all=look_at_all, progress=progress), request.but or ""
    seen = [
        (frame, region)
        for frame in frames
        for region in (regions_of(frame.photo, shop.models.parse) if request.regions else [_whole(frame.photo)])
    ]
    crops = [crop(frame.photo, region) for frame, region in seen]
    eye = index.eye.load()
    sights = seen_in(eye, crops, eye.look(crops), outlined=index.eye.outlined)
    with shop.floor() as floor:
        now_ms = time.time_ns() // 1_000_000
        who, tried = taking_part(shop, floor, "search", request, request.shopper, now_ms)
        occasion = Occasion("search", now_ms, switched_on=tried.on, switched_off=tried.off)
        left = shop.rules.on(floor).left_on(occasion)
        allowed = index.allowed(floor, request.filter, request.exclude_ids)
        allowed = allowed if left is None else allowed & left.rows
        places = _each_once(sights) if len(frames) > 1 else range(len(sights))
        found = [_answer(shop, index, floor, allowed, request, *seen[place], sights[place]) for place in places]
        unknown = unknown_words(index, text)
        waiting = index.waiting
    if tried.shows:
        found = [_otherwise(one, tried.shows) for one in found]
    return PhotoSearchAnswer(
        regions=found,
        unknown_words=unknown,
        photos_waiting=waiting,
        experiments=taken_part(shop, tried, who, [hit.product_id for one in found for hit in one.items], now_ms),
        took_ms=round((time.perf_counter() - started) * 1000, 3),
    )


def unknown_words(index: SearchIndex, text: str, *, exact: bool = False) -> list[str]:
    """Those words of a text that mean nothing to listings, nor to the joint space."""
    unheard = index.understood(text, exact=exact).unknown
    return [word for word in unheard if index.space is None or not index.space.knows(word)]


def _answer(
    shop: OpenShop,
    index: SearchIndex,
    floor: Floor,
    allowed: BoolArray,
    request: PhotoSearchRequest,
    frame: Frame,
    region: Region,
    sight: Sight,
) -> RegionHits:
    text, told, remark, vector = request.but or "", None, "", sight.vector
    alike = index.like(vector, np.ones_like(allowed), part=region.name)
    found = judged(index, region.name, sight, alike, len(allowed))
    mine = allowed & found.rows
    scored: Scored = {}
    if not (found.rows & floor.shelf.usable).any():
        remark = refusal(found, sight)
    elif search_words(text):
        like = like_photo_but(shop, index, floor, vector, text, allowed, part=region.name)
        told = like.told
        scored = {row: (score, ["photo"]) for row, score in like.found.scored()}
    else:
        scored = {row: (score, ["photo"]) for row, score in index.like(vector, mine, part=region.name).items()}
    box = Box(left=region.left, top=region.top, right=region.right, bottom=region.bottom)
    items = hits(floor, scored, n=request.n, return_product=request.return_product)
    return RegionHits(
        name=region.name, box=box, share=region.share, frame=frame.number, items=items, like=told, remark=remark
    )


def _otherwise(region: RegionHits, shows: Shown) -> RegionHits:
    """A region whose products are shown as a variant has them."""
    items = [one.model_copy(update={"product": shown_as(one.product, shows)}) for one in region.items]
    return region.model_copy(update={"items": items})


def _each_once(sights: Sequence[Sight]) -> list[int]:
    """Which of the things seen in several frames are not seen in an earlier one."""
    kept: list[int] = []
    for place, sight in enumerate(sights):
        if all(float(sight.vector @ sights[other].vector) < AGAIN for other in kept):
            kept.append(place)
    return kept[:THINGS_MOST]


def _whole(photo: Photo) -> Region:
    return Region(WHOLE, 0, 0, photo.shape[1], photo.shape[0], 1.0)
