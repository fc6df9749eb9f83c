"""Search by words: listings that are what they ask for, photos that look so, what is like a product but for them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bottega.actions.search.helping import helped_on
from bottega.actions.search.hits import shown_hits
from bottega.actions.search.like import like_product_but
from bottega.actions.search.narrowing import told_facets
from bottega.actions.search.personal import ordered
from bottega.actions.search.photo import unknown_words
from bottega.actions.search.ruled import imposed_on, moved_by, multiplied, with_pins
from bottega.actions.search.shapes import AskedFor, AskedUnit, Facet, LikeBut, SearchAnswer, SearchRequest
from bottega.catalogue.filter import Filter
from bottega.datasets.product_words import described
from bottega.datasets.words import search_words
from bottega.errors import ProductUnknown
from bottega.languages.synonyms import Synonyms
from bottega.models.search.query import Query
from bottega.models.search.word_search import FoundListings
from bottega.names import BoolArray
from bottega.progress import Progress, silent
from bottega.shop.experiments import UNTRIED
from bottega.shop.floor import Floor
from bottega.shop.open_shop import OpenShop
from bottega.shop.rules.pins import Pinned, pins_of
from bottega.shop.rules.rule import SavedRule
from bottega.shop.search.found import FoundRows, fused
from bottega.shop.search.index import SearchIndex
from bottega.shop.shown import shown_as
from bottega.shop.taking_part import taken_part, taking_part

__all__ = ["SaidInTalk", "search_text"]

MORE_SAID = 200
"""Products that come into a talk's list only by what was said."""


@dataclass(frozen=True, slots=True)
class SaidInTalk:
    """What was said in a talk, as the shop's search reads it; it orders what is found, and shuts nothing out."""

    queries: Sequence[Query] = ()
    kinds: Sequence[Query] = ()
    """Names of the thing that is looked for."""
    everyday: frozenset[str] = frozenset()
    """Words of talk."""


def search_text(
    shop: OpenShop,
    request: SearchRequest,
    *,
    said: SaidInTalk | None = None,
    look_at_all: bool = False,
    progress: Progress = silent,
    now_ms: int | None = None,
    saved: Sequence[SavedRule] | None = None,
    synonyms: Synonyms | None = None,
    helping: bool = True,
) -> SearchAnswer:
    """Products by words; with `product_id`, products like that one, but as the words say. Raises `ProductUnknown`.

    With `said`, the words are a talk's wish, never prose, and what is found stands in the order of all that was said.
    No words find what the filter leaves; without a filter, nothing. With `look_at_all`, every catalogue photo is looked
    at first. Words alone load no eye for it: photos that nobody looked at wait for a search that needs one.

    `now_ms`: the moment that it is answered for; `saved` and `synonyms`: those that hold as if they were the shop's
    own; without `helping`, nothing is said of what may help a search in vain.
    """
    started = time.perf_counter()
    sees = request.product_id is not None or look_at_all or shop.models.eye_in_use().is_loaded
    index = shop.search_index(look=sees and not request.after, look_at_all=look_at_all, progress=progress)
    if synonyms is not None:
        index = index.as_if(synonyms)
    with shop.floor() as floor:
        rules = shop.rules.on(floor) if saved is None else shop.rules.given(saved, floor)
        moment = time.time_ns() // 1_000_000 if now_ms is None else now_ms
        # Nobody takes part by a talk, a preview or a report; a preview shows what it is told to.
        asks = said is None and synonyms is None and helping
        shopper, tried = None, UNTRIED
        if saved is None:
            shopper, tried = taking_part(shop, floor, "search", request, request.shopper if asks else None, moment)
        imposed = imposed_on(shop, index, floor, rules, request, moment, tried)
        asked = index.allowed(floor, request.filter, request.exclude_ids)
        allowed = asked if imposed is None or imposed.left is None else asked & imposed.left.rows
        found, query, like = _found(shop, index, floor, request, allowed, talk=said is not None)
        if said is not None and said.queries and request.sort == "relevance" and request.text.strip():
            worth = index.spoken(said.queries, said.kinds, len(floor.shelf), everyday=said.everyday)
            more = 0 if like is not None else MORE_SAID
            found = found.heard(worth, index.within(query, allowed), more)
        pins = Pinned([], [], [])
        if imposed is not None:
            # Whoever sorts by price or age gets that order, and nothing at places in it.
            pins = pins_of(floor, imposed, allowed) if request.sort == "relevance" else pins
            found = multiplied(found, imposed, pins)
        order = with_pins(floor, found, ordered(shop, floor, request, found), pins)
        places, total = order.places, order.total
        end = request.after + (request.n or floor.settings.count)
        page = places[request.after : end]
        facets: list[Facet] = []
        if request.facets:

            def among(wanted: Filter | None) -> FoundRows:
                rows = index.allowed(floor, wanted, request.exclude_ids)
                rows = rows if imposed is None or imposed.left is None else rows & imposed.left.rows
                return _found(shop, index, floor, request, rows, talk=said is not None)[0]

            facets = told_facets(floor, request, found, among)
        moved = moved_by(imposed, pins, found.rows[page].tolist())
        items = shown_hits(
            floor, found, page.tolist(), first=request.after + 1, rules=moved, return_product=request.return_product
        )
        unknown = unknown_words(index, request.text, exact=request.exact)
        helped = None
        vain = not total and not request.after and request.text.strip() and request.product_id is None
        if vain and helping:

            def instead(text: str) -> FoundRows:
                other = request.model_copy(update={"text": text})
                return _found(shop, index, floor, other, allowed, talk=said is not None)[0]

            usable = floor.shelf.usable
            shown = usable if imposed is None or imposed.left is None else usable & imposed.left.rows
            helped = helped_on(index, floor, request, found, query, instead, shown)
        waiting = index.waiting
    given = taken_part(shop, tried, shopper, [item.product_id for item in items], moment)
    if tried.shows:
        items = [item.model_copy(update={"product": shown_as(item.product, tried.shows)}) for item in items]
    return SearchAnswer(
        items=items,
        experiments=given,
        total=total,
        close=len(places) - total,
        next=end if end < len(places) else None,
        close_from=min(max(total - request.after, 0), len(items)),
        facets=facets,
        rules=[] if imposed is None else imposed.acting(moved, asked),
        url=None if imposed is None or imposed.url is None else imposed.url[0],
        like=like,
        help=helped,
        asked_for=_told(query),
        personal=order.told(request.after, end),
        read_as={word: list(near) for word, near in query.read_as.items()},
        unknown_words=unknown,
        photos_waiting=waiting,
        took_ms=round((time.perf_counter() - started) * 1000, 3),
    )


def _found(
    shop: OpenShop, index: SearchIndex, floor: Floor, request: SearchRequest, allowed: BoolArray, *, talk: bool
) -> tuple[FoundRows, Query, LikeBut | None]:
    if request.product_id is not None:
        return _like_product(shop, index, floor, request.product_id, request.text, allowed)
    if not request.text.strip():
        rows = np.flatnonzero(allowed if request.filter is not None else allowed & False)
        return fused(rows, np.ones(len(rows), np.float32), len(rows), {}), Query(""), None
    return *_by_words(index, request.text, allowed, exact=request.exact, prose=not talk), None


def _by_words(
    index: SearchIndex, text: str, allowed: BoolArray, *, exact: bool = False, prose: bool = True
) -> tuple[FoundRows, Query]:
    found = index.listings(text, allowed, whole=True, exact=exact, prose=prose)
    pictured = _pictured(index, text, found, allowed)
    return fused(found.ids, found.scores, found.close_from, pictured, kinds=found.kinds), found.query


def _pictured(index: SearchIndex, text: str, found: FoundListings, allowed: BoolArray) -> dict[int, float]:
    """Products whose photos look as the words say, where the joint space knows any of them."""
    if index.space is None:
        return {}
    read_as = found.query.read_as
    said = [read_as.get(word, (word,))[0] for word in search_words(text)]
    if not any(index.space.knows(word) for word in said):
        return {}
    return index.like(index.space.embed([said])[0], index.within(found.query, allowed))


def _like_product(
    shop: OpenShop, index: SearchIndex, floor: Floor, id_: str, text: str, allowed: BoolArray
) -> tuple[FoundRows, Query, LikeBut | None]:
    """Like the product but for the words; without words, like its photo, or like its own words where it has none."""
    row = floor.shelf.row_of(id_)
    if row < 0:
        raise ProductUnknown.named(id_)
    if search_words(text):
        like = like_product_but(shop, index, floor, row, text, allowed)
        return like.found, like.query, like.told
    product = floor.shelf.product(row)
    allowed = allowed.copy()
    allowed[row] = False
    vector = index.vector_of(product)
    if vector is None:
        return *_by_words(index, " ".join(described(product)), allowed), None
    return FoundRows.by_likeness(index.like(vector, allowed)), Query(text), None


def _told(query: Query) -> AskedFor:
    return AskedFor(
        units=[AskedUnit(words=" ".join(unit.phrase), kind=unit.kind, learnt=unit.learnt) for unit in query.units],
        without=[" ".join(unit.phrase) for unit in query.excluded],
        price_from=query.price.least,
        price_to=query.price.most,
        cheap=query.cheap,
        languages=list(query.languages),
    )
