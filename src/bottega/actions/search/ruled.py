"""Saved rules on what a search found: products kept out, scores multiplied, products set at places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bottega.actions.search.personal import Ordered
from bottega.actions.search.shapes import SearchRequest
from bottega.languages.fold import tokens
from bottega.models.recommend.last_mile.rules import pinned
from bottega.models.search.listing import CATEGORY
from bottega.models.search.meaning import NAME
from bottega.models.search.vocabulary import Phrase
from bottega.shop.experiments import Tried
from bottega.shop.floor import Floor
from bottega.shop.open_shop import OpenShop
from bottega.shop.rules.imposed import Imposed
from bottega.shop.rules.occasion import Occasion
from bottega.shop.rules.pins import Pinned
from bottega.shop.rules.saved import SavedRules
from bottega.shop.search.found import FoundRows
from bottega.shop.search.index import SearchIndex
from bottega.shop.segments.crowd import Whom

__all__ = ["imposed_on", "moved_by", "multiplied", "with_pins"]


def imposed_on(
    shop: OpenShop,
    index: SearchIndex,
    floor: Floor,
    saved: SavedRules,
    request: SearchRequest,
    now_ms: int,
    tried: Tried,
) -> Imposed | None:
    """What the shop's rules impose on a search; None where none of them acts on it. `tried`: of experiments.

    It is of the category that its filter names, or else of the one that its words name: the thing asked for, called as
    the shop calls a category.
    """
    wanted: Sequence[str] | None = request.filter.category if request.filter is not None else None
    if not wanted and request.product_id is None and saved.asks_which_category("search", now_ms):
        wanted = saved.categories_called(_categories_named(index, request))
    whom: Whom | None = None
    if saved.asks_who("search", now_ms):
        name = None if request.shopper is None else shop.profile(request.shopper)
        if name is None or shop.consents.personal(name):
            whom = Whom(floor, floor.past(name), now_ms)
    return saved.on(
        Occasion(
            "search",
            now_ms,
            category=tuple(wanted or ()),
            anchors=(request.product_id,) if request.product_id is not None else (),
            words=tuple(tokens(request.text)),
            whom=whom,
            switched_on=tried.on,
            switched_off=tried.off,
        )
    )


def _categories_named(index: SearchIndex, request: SearchRequest) -> set[Phrase]:
    """Names of categories, word by word, that are the thing asked for."""
    query = index.understood(request.text, exact=request.exact)
    values = [
        int(term.key)
        for unit in query.units
        if unit.kind and not unit.behind
        for term, worth in unit.terms.items()
        if term.space == "value" and worth >= NAME and not isinstance(term.key, tuple)
    ]
    called = zip(values, index.names_of(values), strict=True)
    return {name for number, name in called if index.field_of(number) == CATEGORY}


def multiplied(found: FoundRows, imposed: Imposed, pins: Pinned) -> FoundRows:
    """What was found with scores after boosts and buries; products set at places are found, whatever the words.

    What is all that was asked for stays so, and what is close as well: a score moves within its half.
    """
    if imposed.factors is not None and len(found.rows):
        half = np.float32(0.5)
        fits = (found.scores - half * found.whole) * imposed.factors.of_rows[found.rows]
        fits *= half / max(float(fits.max(initial=0.0)), 0.5)
        found = replace(found, scores=np.round(fits + half * found.whole, 6).astype(np.float32))
    new = np.array([row for row in pins.rows if row not in set(found.rows.tolist())], dtype=np.int32)
    fixed = np.isin(found.rows, np.array(pins.rows, dtype=np.int32))
    whole = found.whole | fixed
    found = replace(found, scores=np.where(fixed, np.maximum(found.scores, np.float32(0.5)), found.scores))
    if not len(new):
        return replace(found, whole=whole)
    none, some = np.zeros(len(new), dtype=np.bool_), np.ones(len(new), dtype=np.bool_)
    return FoundRows(
        np.concatenate([found.rows, new]),
        np.concatenate([found.scores, np.full(len(new), 0.5, np.float32)]),
        np.concatenate([found.by_words, none]),
        np.concatenate([found.by_photo, none]),
        np.concatenate([whole, some]),
        np.concatenate([found.kinds, none.astype(np.float32)]),
    )


def with_pins(floor: Floor, found: FoundRows, order: Ordered, pins: Pinned) -> Ordered:
    """The order with products at their places, among what is all that was asked for."""
    if not pins.rows:
        return order
    item = floor.shelf.item
    place_of = {int(row): place for place, row in enumerate(found.rows.tolist())}
    fixed = {int(item[row]): place_of[row] for row in pins.rows}
    rest = [at for at in order.places.tolist() if int(item[found.rows[at]]) not in fixed]
    whole = [at for at in rest if found.whole[at]]
    close = rest[len(whole) :]
    total = len(whole) + len(fixed)
    wanted = [(place_of[row], min(place, total - 1)) for row, place in zip(pins.rows, pins.places, strict=True)]
    places = np.array(pinned(whole, wanted, total) + close, dtype=np.int64)
    return replace(order, places=places, total=total, anybodys=places if order.order is None else order.anybodys)


def moved_by(imposed: Imposed | None, pins: Pinned, rows: Sequence[int]) -> list[list[str]]:
    """Of some rows shown, the ids of the rules that moved them."""
    if imposed is None:
        return [[] for _ in rows]
    setting = dict(zip(pins.rows, pins.rules, strict=True))
    moved = [[] for _ in rows] if imposed.factors is None else imposed.factors.moved_rows(rows)
    return [[setting[row]] if row in setting else rules for row, rules in zip(rows, moved, strict=True)]
