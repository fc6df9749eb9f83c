"""Search by words: listings that hold them, photos that look like them, and what is like a product but for them."""

from __future__ import annotations

import time
from collections.abc import Sequence

from bottega.actions.answerer import Answerer
from bottega.actions.floor import Floor
from bottega.actions.search_hits import FoundBy, hits
from bottega.actions.search_index import SearchIndex, search_index
from bottega.actions.search_photo import alike_but, unknown_words
from bottega.actions.search_requests import SearchAnswer, SearchRequest
from bottega.datasets.product_words import described
from bottega.datasets.words import search_words
from bottega.errors import ProductUnknown
from bottega.names import BoolArray
from bottega.progress import Progress, silent

__all__ = ["fuse", "search_text"]

RANKS = 60
"""Reciprocal rank fusion (Cormack, Clarke & Büttcher 2009): place r of a list is worth 1 / (RANKS + r)."""
Scored = dict[int, tuple[float, list[FoundBy]]]
"""Code to score and what found it."""
ReadAs = dict[str, list[str]]

PHOTO_WEIGHT = 0.5
"""What the places by photo count beside those by listing."""


def search_text(
    answerer: Answerer, request: SearchRequest, *, look_at_all: bool = False, progress: Progress = silent
) -> SearchAnswer:
    """Products by words; with `item_id`, products like that one, but as the words say. Raises `ProductUnknown`.

    No words and no product find nothing. With `look_at_all`, every catalogue photo is looked at first.
    """
    started = time.perf_counter()
    index, words = search_index(answerer), search_words(request.text)
    with index.hold(look_at_all=look_at_all, progress=progress), answerer.floor() as floor:
        floor.refresh()
        allowed = index.allowed(floor, request.filter, request.exclude_ids)
        if request.item_id is not None:
            scored, read_as = _like_product(index, floor, request.item_id, words, allowed)
        else:
            scored, read_as = _by_words(index, words, allowed)
        items = hits(index, floor, scored, request)
        unknown = unknown_words(index, words)
        waiting = index.waiting
    took_ms = round((time.perf_counter() - started) * 1000, 3)
    return SearchAnswer(items=items, read_as=read_as, unknown_words=unknown, photos_waiting=waiting, took_ms=took_ms)


def fuse(listed: Sequence[int], pictured: Sequence[int]) -> Scored:
    """Two rankings of codes as one: 1 for what is first in both, what found it beside it.

    >>> fuse([7, 8], [8])
    {7: (0.666667, ['words']), 8: (0.989071, ['words', 'photo'])}
    """
    scored: Scored = {}
    lists: tuple[tuple[Sequence[int], float, FoundBy], ...] = (
        (listed, 1.0, "words"),
        (pictured, PHOTO_WEIGHT, "photo"),
    )
    for codes, weight, by in lists:
        for place, code in enumerate(codes):
            score, found_by = scored.get(code, (0.0, []))
            worth = weight / (1 + PHOTO_WEIGHT) * (RANKS + 1) / (RANKS + 1 + place)
            scored[code] = (round(score + worth, 6), [*found_by, by])
    return scored


def _by_words(index: SearchIndex, words: Sequence[str], allowed: BoolArray) -> tuple[Scored, ReadAs]:
    found = index.listings(words, allowed)
    pictured: list[int] = []
    if index.space is not None:
        said = [stand_in for word in words for stand_in in found.read_as.get(word, (word,))[:1]]
        if any(index.space.knows(word) for word in said):
            pictured = list(index.like(index.space.embed([said])[0], allowed))
    return fuse(found.ids.tolist(), pictured), {word: list(near) for word, near in found.read_as.items()}


def _like_product(
    index: SearchIndex, floor: Floor, id_: str, words: Sequence[str], allowed: BoolArray
) -> tuple[Scored, ReadAs]:
    """Like the product's photo but for the words; like its own words and these where it has none."""
    if id_ not in floor.shelf.row:
        raise ProductUnknown(
            f"No product has the id {id_!r}.",
            next_step="Post it to /v1/products first, or look its id up with /v1/products/query.",
        )
    product = floor.shelf.products[floor.shelf.row[id_]]
    allowed = allowed.copy()
    allowed[index.codes[id_]] = False
    vector = index.vector_of(product)
    if vector is None:
        return _by_words(index, [*words, *described(product)], allowed)
    return {code: (score, ["photo"]) for code, score in alike_but(index, vector, words, allowed).items()}, {}
