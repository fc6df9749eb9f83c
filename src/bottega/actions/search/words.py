"""Search by words: listings that hold them, photos that look like them, and what is like a product but for them."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from bottega.actions.search.hits import FoundBy, hits
from bottega.actions.search.photo import alike_but, unknown_words
from bottega.actions.search.shapes import SearchAnswer, SearchRequest
from bottega.datasets.product_words import described
from bottega.datasets.words import search_words
from bottega.errors import ProductUnknown
from bottega.names import BoolArray
from bottega.progress import Progress, silent
from bottega.shop.floor import Floor
from bottega.shop.open_shop import OpenShop
from bottega.shop.search_index import SearchIndex

__all__ = ["fuse", "search_text"]

Scored = dict[int, tuple[float, list[FoundBy]]]
"""Row of the shelf to score and what found it."""
ReadAs = dict[str, list[str]]

PHOTO_WEIGHT = 0.25
"""What the best photo counts beside the best listing."""


def search_text(
    shop: OpenShop, request: SearchRequest, *, look_at_all: bool = False, progress: Progress = silent
) -> SearchAnswer:
    """Products by words; with `product_id`, products like that one, but as the words say. Raises `ProductUnknown`.

    No words and no product find nothing. With `look_at_all`, every catalogue photo is looked at first.
    """
    started = time.perf_counter()
    index, words = shop.search_index(look_at_all=look_at_all, progress=progress), search_words(request.text)
    with shop.floor() as floor:
        allowed = index.allowed(floor, request.filter, request.exclude_ids)
        if request.product_id is not None:
            scored, read_as = _like_product(index, floor, request.product_id, words, allowed)
        else:
            scored, read_as = _by_words(index, words, allowed)
        items = hits(floor, scored, n=request.n, return_product=request.return_product)
        unknown = unknown_words(index, words)
        waiting = index.waiting
    took_ms = round((time.perf_counter() - started) * 1000, 3)
    return SearchAnswer(items=items, read_as=read_as, unknown_words=unknown, photos_waiting=waiting, took_ms=took_ms)


def fuse(listed: Mapping[int, float], pictured: Mapping[int, float]) -> Scored:
    """Scores of listings and of photos, by row, as one: 1 for what is best by both.

    Listings count by their share of the best one's score; photos by where they lie between the last and the best.

    >>> fuse({7: 4.0, 8: 3.0}, {8: 0.9, 9: 0.4, 5: 0.3})
    {7: (0.8, ['words']), 8: (0.8, ['words', 'photo']), 9: (0.033333, ['photo']), 5: (0.0, ['photo'])}
    """
    most = max(listed.values(), default=1.0)
    best, last = max(pictured.values(), default=1.0), min(pictured.values(), default=0.0)
    worth = {row: (score - last) / max(best - last, 1e-9) for row, score in pictured.items()}
    scored: Scored = {}
    for row in [*listed, *(row for row in pictured if row not in listed)]:
        score = (listed.get(row, 0.0) / most + PHOTO_WEIGHT * worth.get(row, 0.0)) / (1 + PHOTO_WEIGHT)
        ways: dict[FoundBy, Mapping[int, float]] = {"words": listed, "photo": pictured}
        by = [way for way, found in ways.items() if row in found]
        scored[row] = (round(score, 6), by)
    return scored


def _by_words(index: SearchIndex, words: Sequence[str], allowed: BoolArray) -> tuple[Scored, ReadAs]:
    found = index.listings(words, allowed)
    pictured: dict[int, float] = {}
    if index.space is not None:
        said = [stand_in for word in words for stand_in in found.read_as.get(word, (word,))[:1]]
        if any(index.space.knows(word) for word in said):
            pictured = index.like(index.space.embed([said])[0], allowed)
    listed = dict(zip(found.ids.tolist(), found.scores.tolist(), strict=True))
    return fuse(listed, pictured), {word: list(near) for word, near in found.read_as.items()}


def _like_product(
    index: SearchIndex, floor: Floor, id_: str, words: Sequence[str], allowed: BoolArray
) -> tuple[Scored, ReadAs]:
    """Like the product's photo but for the words; like its own words and these where it has none."""
    row = floor.shelf.row_of(id_)
    if row < 0:
        raise ProductUnknown.named(id_)
    product = floor.shelf.product(row)
    allowed = allowed.copy()
    allowed[row] = False
    vector = index.vector_of(product)
    if vector is None:
        return _by_words(index, [*words, *described(product)], allowed)
    return {row: (score, ["photo"]) for row, score in alike_but(index, vector, words, allowed).items()}, {}
