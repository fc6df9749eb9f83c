"""Search by words: listings that are what they ask for, photos that look so, what is like a product but for them."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping

from bottega.actions.search.hits import FoundBy, hits
from bottega.actions.search.photo import alike_but, unknown_words
from bottega.actions.search.shapes import AskedFor, AskedUnit, SearchAnswer, SearchRequest
from bottega.datasets.product_words import described
from bottega.datasets.words import search_words
from bottega.errors import ProductUnknown
from bottega.models.search.query import Query
from bottega.models.search.word_search import FoundListings
from bottega.names import BoolArray
from bottega.progress import Progress, silent
from bottega.shop.floor import Floor
from bottega.shop.open_shop import OpenShop
from bottega.shop.search_index import SearchIndex

__all__ = ["fuse", "search_text"]

Scored = dict[int, tuple[float, list[FoundBy]]]
"""Row of the shelf to score and what found it."""

PHOTO_WEIGHT = 0.25
"""What the best photo counts beside the best listing."""
ALL_OF_IT = 0.5
"""Least score of what is all that was asked for; what is close to it scores less."""


def search_text(
    shop: OpenShop, request: SearchRequest, *, look_at_all: bool = False, progress: Progress = silent
) -> SearchAnswer:
    """Products by words; with `product_id`, products like that one, but as the words say. Raises `ProductUnknown`.

    No words and no product find nothing. With `look_at_all`, every catalogue photo is looked at first.
    """
    started = time.perf_counter()
    index = shop.search_index(look_at_all=look_at_all, progress=progress)
    with shop.floor() as floor:
        allowed = index.allowed(floor, request.filter, request.exclude_ids)
        if request.product_id is not None:
            scored, query = _like_product(index, floor, request.product_id, request.text, allowed)
        else:
            scored, query = _by_words(index, request.text, allowed)
        items = hits(floor, scored, n=request.n, return_product=request.return_product)
        unknown = unknown_words(index, request.text)
        waiting = index.waiting
    return SearchAnswer(
        items=items,
        close_from=len(items) if request.product_id else sum(item.score >= ALL_OF_IT for item in items),
        asked_for=_told(query),
        read_as={word: list(near) for word, near in query.read_as.items()},
        unknown_words=unknown,
        photos_waiting=waiting,
        took_ms=round((time.perf_counter() - started) * 1000, 3),
    )


def fuse(listed: Mapping[int, float], pictured: Mapping[int, float], whole: Collection[int]) -> Scored:
    """Scores of listings and of photos, by row, as one: 1 for what is best by both and is among the `whole`.

    Listings count by their share of the best one's score; photos by where they lie between the last and the best. Who
    is not among the `whole`, the rows that are all that was asked for, scores less than any of these.

    >>> fuse({7: 4.0, 8: 3.0}, {8: 0.9, 9: 0.4, 5: 0.3}, {7, 8})
    {7: (0.9, ['words']), 8: (0.9, ['words', 'photo']), 9: (0.016667, ['photo']), 5: (0.0, ['photo'])}
    """
    most = max(listed.values(), default=1.0)
    best, last = max(pictured.values(), default=1.0), min(pictured.values(), default=0.0)
    worth = {row: (score - last) / max(best - last, 1e-9) for row, score in pictured.items()}
    scored: Scored = {}
    for row in [*listed, *(row for row in pictured if row not in listed)]:
        score = (listed.get(row, 0.0) / most + PHOTO_WEIGHT * worth.get(row, 0.0)) / (1 + PHOTO_WEIGHT)
        ways: dict[FoundBy, Mapping[int, float]] = {"words": listed, "photo": pictured}
        by = [way for way, found in ways.items() if row in found]
        scored[row] = (round(score / 2 + (ALL_OF_IT if row in whole else 0.0), 6), by)
    return scored


def _by_words(index: SearchIndex, text: str, allowed: BoolArray) -> tuple[Scored, Query]:
    found = index.listings(text, allowed)
    rows = found.ids.tolist()
    listed = dict(zip(rows, found.scores.tolist(), strict=True))
    pictured = _pictured(index, text, found, allowed)
    whole = rows[: found.close_from] if listed else pictured  # photos of what no listing names are all there is
    return fuse(listed, pictured, set(whole)), found.query


def _pictured(index: SearchIndex, text: str, found: FoundListings, allowed: BoolArray) -> dict[int, float]:
    """Products whose photos look as the words say, where the joint space knows any of them."""
    if index.space is None:
        return {}
    read_as = found.query.read_as
    said = [read_as.get(word, (word,))[0] for word in search_words(text)]
    if not any(index.space.knows(word) for word in said):
        return {}
    return index.like(index.space.embed([said])[0], index.within(found.query, allowed))


def _like_product(index: SearchIndex, floor: Floor, id_: str, text: str, allowed: BoolArray) -> tuple[Scored, Query]:
    """Like the product's photo but for the words; like its own words and these where it has none."""
    row = floor.shelf.row_of(id_)
    if row < 0:
        raise ProductUnknown.named(id_)
    product = floor.shelf.product(row)
    allowed = allowed.copy()
    allowed[row] = False
    vector = index.vector_of(product)
    if vector is None:
        return _by_words(index, " ".join([text, *described(product)]), allowed)
    return {row: (score, ["photo"]) for row, score in alike_but(index, vector, text, allowed).items()}, Query(text)


def _told(query: Query) -> AskedFor:
    return AskedFor(
        units=[AskedUnit(words=" ".join(unit.phrase), kind=unit.kind) for unit in query.units],
        without=[" ".join(unit.phrase) for unit in query.excluded],
        price_from=query.price.least,
        price_to=query.price.most,
        cheap=query.cheap,
        languages=list(query.languages),
    )
