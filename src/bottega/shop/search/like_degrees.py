"""What each product is of what was asked, and how like it is to what shall change: the degrees behind like_but.py.

Idea     Who is what a change asks for has degree 1; a colour, a price, a size beside it has less the further off it is.
         Colours are compared as they are seen, not by their names.
Shapes   V products by row, E length of a photo's vector.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bottega.catalogue.filter import Filter
from bottega.catalogue.product import Product
from bottega.languages.fold import tokens
from bottega.models.blocks.colour_words import colour_gap, lab_of_word
from bottega.models.search.changes import HELD, Change, Changes
from bottega.models.search.kinds import Kind
from bottega.models.search.meaning import NAME
from bottega.models.search.sizes import place_of, steps_from
from bottega.names import BoolArray, FloatArray
from bottega.prices import exponent
from bottega.shop.floor import Floor
from bottega.shop.search.index import SearchIndex
from bottega.shop.search.likeness import Likeness
from bottega.shop.search.told_rows import ToldRows

__all__ = ["Anchor", "Degrees", "Measure"]

LOOKED_AT = 200
"""Most products whose listings are compared, of those with photos and of those without."""
GAP = 25.0
"""Colours so far apart are hardly near."""
ALIKE = 0.4
"""What the likeness to the product counts beside what was asked for."""
SAME_GAP = 12.0
"""Colours so near are one: "rot" is red, "crimson" is not quite."""
SECOND = 0.85
"""What a product is worth whose second colour is the one asked for, beside one that is called by it."""
NEAREST_TOLD = 3

Measure = Callable[[Sequence[Product]], FloatArray]
"""Colours of products' photos [N, C], NaN where nobody knows (`PhotoColours.of`)."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """What something shall be like: a product of the shop, a photo's vector [E], or both."""

    kind: Kind
    row: int = -1
    product: Product | None = None
    """The product, or the one that the photo is most like."""
    vector: FloatArray | None = None


class Degrees:
    """One question: what each product is of what was asked, and how like the anchor it is."""

    def __init__(self, index: SearchIndex, floor: Floor, anchor: Anchor, size: int, measure: Measure) -> None:
        self.index, self.floor, self.anchor, self._size, self._measure = index, floor, anchor, size, measure

    def degree(self, change: Change, among: BoolArray) -> tuple[BoolArray, FloatArray]:
        """Who is what a change asks for [V], and from 0 to 1 how near everybody is to it [V]."""
        if change.what == "price":
            found = self._price(change)
        elif change.what == "size":
            found = self._size_of(change)
        elif change.step == "another":
            found = self._another(change)
        elif change.what == "colour":
            found = self._colour(change, among)
        else:
            found = self._held(change, among)
        sat, worth = found
        return (~sat, np.asarray(~sat, np.float32)) if change.denied else (sat, np.where(sat, worth, 0.5 * worth))

    def worth(self, rows: BoolArray, degree: FloatArray, changes: Changes) -> dict[int, float]:
        """What each of the best rows is worth, from 0 to 1: what was asked for, and the likeness to the anchor."""
        chosen = self._looked_at(rows, degree)
        told = ToldRows(self.floor.shelf, chosen)
        alike = dict(zip(chosen, self._alike(chosen, changes, told), strict=True))
        called = self._called(chosen, changes, told)
        top = float(degree.max(initial=1.0)) or 1.0
        return {row: (float(degree[row]) / top * called[row] + ALIKE * alike[row]) / (1 + ALIKE) for row in chosen}

    def nearest(self, change: Change, worth: FloatArray, among: BoolArray) -> list[str]:
        """The values nearest to what nobody of the kind is."""
        best = np.flatnonzero(among & (worth > 0.05))
        best = best[np.argsort(-worth[best], kind="stable")][:24]
        products = self.floor.shelf.products_at(best.tolist())
        told = [value for one in products for name in change.fields for value in _told(one, name)[:1]]
        return list(dict.fromkeys(told))[:NEAREST_TOLD]

    def _held(self, change: Change, among: BoolArray) -> tuple[BoolArray, FloatArray]:
        """Who holds a unit; a title counts where the listing says nothing in those fields."""
        by_value, by_word = self._by_value(change)
        sure = np.maximum(by_value, by_word)
        most = float(sure.max(initial=0.0))
        if most <= 0:
            return np.zeros(self._size, np.bool_), self.index.sureness(change.near, self._size)
        sat = (sure >= HELD * most) & (sure > 0)
        near = self.index.sureness(change.near, self._size)
        return sat, np.where(sat, 0.8 + 0.2 * sure / most, np.minimum(near + sure, 1.0)).astype(np.float32)

    def _by_value(self, change: Change) -> tuple[FloatArray, FloatArray]:
        values = {term: worth for term, worth in change.terms.items() if term.space == "value"}
        words = {term: worth for term, worth in change.terms.items() if term.space != "value"}
        by_word = self.index.sureness(words, self._size)
        by_word[self.index.told_in(change.fields, self._size)] = 0.0
        return self.index.sureness(values, self._size), by_word

    def _colour(self, change: Change, among: BoolArray) -> tuple[BoolArray, FloatArray]:
        """Who is of a colour by its listing, or where that names none by its photo; how near the others are."""
        by_value, by_word = self._by_value(change)
        sat = by_value >= change.least if change.least else by_value > 0
        sat |= by_word > 0.5
        lab = change.lab if change.lab is not None else self._measured(sat)
        if lab is None:
            return sat, np.asarray(sat, np.float32)
        gap = np.full(self._size, np.inf, np.float32)
        for name, rows in self.index.values_in(change.fields, self._size):
            if (point := lab_of_word(name, self.index.languages)) is not None:
                apart = float(colour_gap(np.array(point, np.float32), np.array(lab, np.float32)))
                gap[rows] = np.minimum(gap[rows], apart)
        if change.least < NAME:  # a word for a colour of another name
            sat &= (gap <= SAME_GAP) | ~np.isfinite(gap)
        untold = np.flatnonzero(among & ~np.isfinite(gap) & ~self.index.told_in(change.fields, self._size))
        if len(untold):
            untold = untold[:LOOKED_AT]
            colours = self._measure(self.floor.shelf.products_at(untold.tolist()))
            away = colour_gap(colours[:, :3], np.array(lab, np.float32))
            gap[untold] = np.where(np.isfinite(away), away, np.inf)
            sat[untold] |= gap[untold] < GAP / 2
        near = np.exp(-gap / GAP)
        return sat, np.where(sat, 1.0, near).astype(np.float32)

    def _measured(self, sat: BoolArray) -> tuple[float, float, float] | None:
        """The colour of a word that no list knows: that of the photos of what the shop calls so."""
        rows = np.flatnonzero(sat)[:12]
        if not len(rows):
            return None
        colours = self._measure(self.floor.shelf.products_at(rows.tolist()))[:, :3]
        known = colours[np.isfinite(colours).all(axis=1)]
        if not len(known):
            return None
        lightness, a, b = np.median(known, axis=0).tolist()
        return lightness, a, b

    def _another(self, change: Change) -> tuple[BoolArray, FloatArray]:
        """Who says another value than the anchor's."""
        product = self.anchor.product
        mine = [value for name in change.fields for value in (_told(product, name) if product is not None else ())]
        same = np.zeros(self._size, np.bool_)
        for name in change.fields:
            said = {"brand": mine} if name == "brand" else {"attributes": {name: mine}}
            same |= self._matching(Filter.model_validate(said)) if mine else False
        sat = self.index.told_in(change.fields, self._size) & ~same
        return sat, np.asarray(sat, np.float32)

    def _price(self, change: Change) -> tuple[BoolArray, FloatArray]:
        prices = self.floor.shelf.prices_of(np.arange(self._size, dtype=np.int32)).astype(np.float64)
        known = prices >= 0
        product = self.anchor.product
        if change.price:
            digits = 10 ** exponent(self.floor.settings.currency)
            least, most = ((end if end is None else end * digits) for end in (change.price.least, change.price.most))
        else:
            mine = product.price_minor if product is not None else None
            if mine is None:
                return np.zeros(self._size, np.bool_), np.zeros(self._size, np.float32)
            least, most = (None, mine - 1) if change.step == "cheaper" else (mine + 1, None)
        sat = known & (prices >= (0 if least is None else least)) & (prices <= (np.inf if most is None else most))
        off = np.maximum((least or 0) - prices, prices - (np.inf if most is None else most))
        near = np.exp(-np.maximum(off, 0) / max(most or least or 1, 1))
        return sat, np.where(sat, 1.0, np.where(known, near, 0.0)).astype(np.float32)

    def _size_of(self, change: Change) -> tuple[BoolArray, FloatArray]:
        """Who comes in a size; the sizes next to it are near."""
        fields = change.fields or ("size",)
        product = self.anchor.product
        mine = next((value for name in fields for value in (_told(product, name) if product is not None else ())), "")
        steps = {"larger": 1, "smaller": -1}
        if change.step:
            wanted = steps_from(mine, steps[change.step])
            worth = np.zeros(self._size, np.float32)
            for away, size in enumerate(wanted):
                worth = np.maximum(worth, self._sized(fields, size) * np.float32(0.95**away))
            return worth > 0, worth
        sat = self._sized(fields, change.size)
        worth = np.asarray(sat, np.float32)
        if not sat.any() and place_of(change.size) is not None:
            for way in (1, -1):
                for away, size in enumerate(steps_from(change.size, way), start=1):
                    worth = np.maximum(worth, self._sized(fields, size) * np.float32(0.9**away))
        return sat, worth

    def _sized(self, fields: Sequence[str], size: str) -> BoolArray:
        found = np.zeros(self._size, np.bool_)
        for name in fields:
            found |= self._matching(Filter(attributes={name: [size, f"EU {size}"]}))
        return found

    def _matching(self, wanted: Filter) -> BoolArray:
        found: BoolArray = self.floor.shelf.allowed(wanted)[0][: self._size]
        return np.pad(found, (0, self._size - len(found)))

    def _looked_at(self, rows: BoolArray, degree: FloatArray) -> list[int]:
        """Rows whose listings are compared: those of most worth, and of these the ones that look most like it."""
        open_rows = np.flatnonzero(rows)
        if len(open_rows) <= LOOKED_AT:
            found: list[int] = open_rows.tolist()
            return found
        least = np.sort(degree[open_rows])[-LOOKED_AT]
        best = np.zeros(self._size, np.bool_)
        best[open_rows[degree[open_rows] >= least]] = True
        alike = self.index.like(self.anchor.vector, best) if self.anchor.vector is not None else {}
        order = open_rows[np.argsort(-degree[open_rows], kind="stable")][:LOOKED_AT].tolist()
        return list(dict.fromkeys([*alike, *order]))

    def _alike(self, chosen: Sequence[int], changes: Changes, told: ToldRows) -> list[float]:
        """How like the anchor each row is: its photo, and all that its listing says."""
        product, vector = self.anchor.product, self.anchor.vector
        seen = self.index.cosines(vector, chosen) if vector is not None else {}
        if product is None:
            return [max(seen.get(row, 0.0), 0.0) for row in chosen]
        changing = [name for change in changes.asked for name in change.fields]
        words = {word for change in changes.asked for word in tokens(change.words)}
        for name in changing:
            words |= {word for one in self.index.names_in(name) for word in one}
        priced = not any(change.what == "price" for change in changes.asked)
        likeness = Likeness(product, without=changing, words=words, priced=priced)
        listed = likeness.to(self.floor.shelf, chosen, told)
        return [
            (max(seen[row], 0.0) + value) / 2 if row in seen else value
            for row, value in zip(chosen, listed, strict=True)
        ]

    def _called(self, chosen: Sequence[int], changes: Changes, told: ToldRows) -> dict[int, float]:
        """What each row's colours are worth: less where the one asked for is not the first that it names."""
        called = dict.fromkeys(chosen, 1.0)
        for change in changes.asked:
            if change.what != "colour" or change.step or change.denied:
                continue
            sure = [term.key for term, worth in change.terms.items() if term.space == "value" and worth >= change.least]
            wanted = set(self.index.names_of(sure))  # type: ignore[arg-type]
            for place, row in enumerate(chosen):
                said = [tuple(tokens(value)) for name in change.fields for value in told.said(place, name)]
                if said and said[0] not in wanted and wanted.intersection(said):
                    called[row] *= SECOND
        return called


def _told(product: Product, name: str) -> tuple[str, ...]:
    """What a product says in a field."""
    if name == "brand":
        return (product.brand,) if product.brand else ()
    return product.category[-1:] if name == "category" else product.attributes.get(name, ())
