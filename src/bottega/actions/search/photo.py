"""Search by photo: the products of the shop that are like those on a photo, or like them but for some words."""

from __future__ import annotations

import time

import numpy as np

from bottega.actions.search.hits import Scored, hits
from bottega.actions.search.like import like_photo_but
from bottega.actions.search.refusing import judged, refusal
from bottega.actions.search.shapes import Box, PhotoSearchAnswer, PhotoSearchRequest, RegionHits
from bottega.datasets.photos.reading import Photo, read_photo
from bottega.datasets.words import search_words
from bottega.models.vision.eye.eye import Looks
from bottega.models.vision.parts.regions import WHOLE, Region, crop, regions_of
from bottega.models.vision.tags import read_tags
from bottega.names import BoolArray, FloatArray
from bottega.progress import Progress, silent
from bottega.shop.floor import Floor
from bottega.shop.open_shop import OpenShop
from bottega.shop.search_index import SearchIndex

__all__ = ["search_photo", "unknown_words"]

_TYPE = "type"
"""The head of the eye that names what a thing is."""


def search_photo(
    shop: OpenShop, request: PhotoSearchRequest, *, look_at_all: bool = False, progress: Progress = silent
) -> PhotoSearchAnswer:
    """Products like those on a photo, by region. Raises `PhotoRefused`.

    Products without a photo cannot be found this way. With `look_at_all`, every catalogue photo is looked at first.
    """
    started = time.perf_counter()
    photo = read_photo(request.photo.content, name=request.photo.name)
    regions = regions_of(photo, shop.models.parse) if request.regions else [_whole(photo)]
    index, text = shop.search_index(look_at_all=look_at_all, progress=progress), request.but or ""
    looks = index.eye.look([crop(photo, region) for region in regions])
    with shop.floor() as floor:
        allowed = index.allowed(floor, request.filter, request.exclude_ids)
        seen = zip(regions, looks.vectors, _named(index, looks), strict=True)
        found = [_answer(shop, index, floor, allowed, request, *one) for one in seen]
        unknown = unknown_words(index, text)
        waiting = index.waiting
    took_ms = round((time.perf_counter() - started) * 1000, 3)
    return PhotoSearchAnswer(regions=found, unknown_words=unknown, photos_waiting=waiting, took_ms=took_ms)


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
    region: Region,
    vector: FloatArray,
    named: str,
) -> RegionHits:
    text, told, remark = request.but or "", None, ""
    alike = index.like(vector, np.ones_like(allowed), part=region.name)
    found = judged(index, region.name, vector, named, alike, len(allowed))
    mine = allowed & found.rows
    scored: Scored = {}
    if not (found.rows & floor.shelf.usable).any():
        remark = refusal(found, named)
    elif search_words(text):
        like = like_photo_but(shop, index, floor, vector, text, allowed, part=region.name)
        told = like.told
        scored = {row: (score, ["photo"]) for row, score in like.found.scored()}
    else:
        scored = {row: (score, ["photo"]) for row, score in index.like(vector, mine, part=region.name).items()}
    box = Box(left=region.left, top=region.top, right=region.right, bottom=region.bottom)
    items = hits(floor, scored, n=request.n, return_product=request.return_product)
    return RegionHits(name=region.name, box=box, share=region.share, items=items, like=told, remark=remark)


def _named(index: SearchIndex, looks: Looks) -> list[str]:
    """What the eye surely calls each thing that it looked at; empty where it is not sure."""
    if _TYPE not in looks.probabilities:
        return [""] * len(looks)
    tagged = read_tags(index.eye, looks)
    return [next((tag.value for tag in one.tags if tag.head == _TYPE), "") for one in tagged]


def _whole(photo: Photo) -> Region:
    return Region(WHOLE, 0, 0, photo.shape[1], photo.shape[0], 1.0)
