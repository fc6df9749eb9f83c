"""Search by photo: the products of the shop that are like those on a photo, or like them but for some words."""

from __future__ import annotations

import time
from collections.abc import Sequence

from bottega.actions.search.hits import Scored, hits
from bottega.actions.search.shapes import Box, PhotoSearchAnswer, PhotoSearchRequest, RegionHits
from bottega.datasets.photos.reading import Photo, read_photo
from bottega.datasets.words import search_words
from bottega.models.vision.parts.regions import WHOLE, Region, crop, regions_of
from bottega.names import BoolArray, FloatArray
from bottega.progress import Progress, silent
from bottega.shop.floor import Floor
from bottega.shop.open_shop import OpenShop
from bottega.shop.search_index import SearchIndex

__all__ = ["alike_but", "search_photo", "unknown_words"]

LISTED = 0.25
"""What a listing that holds the words of "but" gains beside the likeness of its photo, a cosine."""


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
    vectors = index.eye.look([crop(photo, region) for region in regions]).vectors
    with shop.floor() as floor:
        allowed = index.allowed(floor, request.filter, request.exclude_ids)
        found = [_answer(index, floor, allowed, request, *one, text) for one in zip(regions, vectors, strict=True)]
        unknown = unknown_words(index, text)
        waiting = index.waiting
    took_ms = round((time.perf_counter() - started) * 1000, 3)
    return PhotoSearchAnswer(regions=found, unknown_words=unknown, photos_waiting=waiting, took_ms=took_ms)


def alike_but(
    index: SearchIndex, vector: FloatArray, text: str, allowed: BoolArray, *, part: str = WHOLE
) -> dict[int, float]:
    """Products like the vector [E] of a part of a photo, but as the words say: row to score.

    The vector moves from the word that fits the photo best among those of the same kind (its own colour) to the one
    asked for; listings that hold the words gain.
    """
    words = search_words(text)
    if not words:
        return index.like(vector, allowed, part=part)
    if index.space is not None:
        vector = index.space.move(vector[None], words, _instead_of(index, vector, words))[0]
    found = index.like(vector, allowed, part=part)
    listed = index.listings(text, allowed, len(allowed))
    best = float(listed.scores.max(initial=1e-9))
    for row, score in zip(listed.ids.tolist(), listed.scores.tolist(), strict=True):
        if row in found:
            found[row] += LISTED * score / best
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))


def unknown_words(index: SearchIndex, text: str) -> list[str]:
    """Those words of a text that mean nothing to listings, nor to the joint space."""
    unheard = index.understood(text).unknown
    return [word for word in unheard if index.space is None or not index.space.knows(word)]


def _instead_of(index: SearchIndex, vector: FloatArray, words: Sequence[str]) -> list[str]:
    """What the photo already shows of each kind (head of the eye) that the words speak of: "red", said "blue"."""
    assert index.space is not None
    here: list[str] = []
    for names in index.eye.heads.values():
        spelt = [search_words(name) for name in names]
        if any(name and set(name) <= set(words) for name in spelt):
            here += spelt[int((index.space.embed(spelt) @ vector).argmax())]
    return here


def _answer(
    index: SearchIndex,
    floor: Floor,
    allowed: BoolArray,
    request: PhotoSearchRequest,
    region: Region,
    vector: FloatArray,
    text: str,
) -> RegionHits:
    found = alike_but(index, vector, text, allowed, part=region.name)
    box = Box(left=region.left, top=region.top, right=region.right, bottom=region.bottom)
    scored: Scored = {row: (score, ["photo"]) for row, score in found.items()}
    items = hits(floor, scored, n=request.n, return_product=request.return_product)
    return RegionHits(name=region.name, box=box, share=region.share, items=items)


def _whole(photo: Photo) -> Region:
    return Region(WHOLE, 0, 0, photo.shape[1], photo.shape[0], 1.0)
