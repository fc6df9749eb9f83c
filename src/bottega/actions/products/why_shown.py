"""Why shown: whether a product can come in each list of the site, what stops it, what slows it, and how to ask for it.

What is said here is tried: where a product can come, the request that brings it was asked, and brought it. Where it
cannot, no occasion that the saved rules tell apart leaves it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from bottega.actions.products.why_checks import checks_of, kept_out_by
from bottega.actions.products.why_shapes import ShownAt, ShownCheck, WhyShownAnswer, WhyShownRequest
from bottega.actions.recommend.find_similar import find_similar
from bottega.actions.recommend.recommend import recommend
from bottega.actions.recommend.shapes import RecommendationRequest, SimilarRequest
from bottega.actions.search.shapes import SearchRequest
from bottega.actions.search.words import search_text
from bottega.catalogue.product import Product
from bottega.errors import ProductUnknown
from bottega.events.times import now_ms
from bottega.languages.fold import tokens
from bottega.shop.floor import Floor
from bottega.shop.open_shop import OpenShop
from bottega.shop.rules.occasion import Asking, Occasion, Supposed
from bottega.shop.rules.rule import BESIDE, Placement, SavedRule
from bottega.shop.rules.saved import SavedRules
from bottega.shop.shape import COUNT_MAX

__all__ = ["why_shown"]

PLACEMENTS: tuple[Placement, ...] = ("home", "category", "product", "cart", "similar", "search")
ANCHORS_TRIED = 300
"""Products beside which a list is thought of, one of each category."""
ASKED_MOST = 5
"""Requests that are tried for one place."""
TITLE_MOST = 80
"""Longest title in a sentence."""
_FIRST = ("new", "returning", "buyers")
_Ask = dict[str, Any]


class _Way(NamedTuple):
    """An occasion, and what of a request makes it one."""

    occasion: Occasion
    category: tuple[str, ...] = ()
    anchor: str = ""
    text: str = ""


class _Found(NamedTuple):
    """Where in a list it stands."""

    rank: int | None
    instead: str | None
    of: int


def why_shown(shop: OpenShop, request: WhyShownRequest) -> WhyShownAnswer:
    """What stops it, what slows it, and each place with a request that brings it. Raises `ProductUnknown`.

    Costs some dozen answers, and one look through the events that are kept.
    """
    with shop.floor() as floor:
        row = floor.shelf.row_of(request.product_id)
        if row < 0:
            raise ProductUnknown.named(request.product_id)
        work = _Work(shop, floor, row)
        places = [work.place(one) for one in PLACEMENTS]
        events = shop.store.events.kinds_of([request.product_id])
        said = {code.kind.value: count for code, count in events.items()}
        checks = checks_of(shop, floor, work.product, row, said, work.saved, work.now_ms)
        item = int(floor.shelf.item[row])
        return WhyShownAnswer(
            product_id=work.product.id,
            title=work.product.title,
            can=any(one.can for one in places),
            says=_main(checks, places, usual=floor.settings.count, untrained=floor.untrained),
            checks=checks,
            places=places,
            events=said,
            shoppers=int(floor.shopper_counts[item]),
            in_model=not floor.untrained and item < floor.trained,
        )


class _Work:
    """One product, and the rules as they are."""

    def __init__(self, shop: OpenShop, floor: Floor, row: int) -> None:
        self.shop, self.floor, self.row = shop, floor, row
        self.shelf = floor.shelf
        self.product: Product = self.shelf.product(row)
        self.item = int(self.shelf.item[row])
        self.usable = bool(self.shelf.usable[row])
        self.now_ms = now_ms()
        self.saved: SavedRules = shop.rules.on(floor)
        self.anchors = self._anchors()
        named = {segment: Supposed({"returning", segment}) for rule in self.saved.rules for segment in rule.segments}
        self._who: dict[Asking | None, str] = {
            Supposed({"new"}): "",
            Supposed({"returning"}): "shoppers who came before",
            Supposed({"returning", "buyers"}): "shoppers who bought before",
            **{whom: f"shoppers of the segment {name}" for name, whom in named.items() if name not in _FIRST},
            None: "shoppers who may not be answered personally",
        }
        """Who may ask, as rules tell them apart, the plainest first."""

    def place(self, placement: Placement) -> ShownAt:
        """Whether and how it comes there."""
        plain = next(self._ways(placement), None)
        if plain is None:
            text = (
                "It has no category, so it is in no category's list."
                if placement == "category"
                else "There is no other product that it could stand beside."
            )
            return ShownAt(placement=placement, can=False, text=text, rank=None, of=0, rules=[], ask=None)
        ask = self._ask(placement, plain, narrowed=False)
        found = self._found(placement, ask)
        rules: dict[str, None] = {}
        if not self.usable:
            text = "It is hidden." if self.product.hidden else f"It is {_words(self.product.availability.value)}."
            return self._told(placement, found, rules, None, text, can=False)
        if found.rank is not None and found.instead is None:
            return self._told(placement, found, rules, ask, self._where(placement, plain, found), can=True)
        return self._narrowed(placement, plain, found)

    def _narrowed(self, placement: Placement, plain: _Way, found: _Found) -> ShownAt:
        """How it comes, where the longest plain list has it not."""
        rules: dict[str, None] = {}
        tried, who = 0, ""
        for way in self._ways(placement):
            if out := self._kept_out(way.occasion):
                rules |= dict.fromkeys(one.id for one in out)
                continue
            if who := self._who.get(way.occasion.whom, "") if placement != "similar" else "":
                break
            ask = self._ask(placement, way, narrowed=True)
            if (tried := tried + 1) > ASKED_MOST:
                break
            if self._found(placement, ask, itself=True).rank is not None:
                return self._told(placement, found, rules, ask, self._how(placement, plain, way, found), can=True)
        named = " and ".join(self._called(rules)) if rules else ""
        if who:
            text = f"Only {who} can see it there: {named} keeps it from the others."
            return self._told(placement, found, rules, None, text, can=True)
        if named:
            text = f"Kept out by {named}."
        else:
            text = "No product that was tried is like it." if placement == "similar" else "No request brought it."
        return self._told(placement, found, rules, None, text, can=False)

    def _told(
        self,
        placement: Placement,
        found: _Found,
        rules: dict[str, None],
        ask: _Ask | None,
        text: str,
        *,
        can: bool,
    ) -> ShownAt:
        return ShownAt(
            placement=placement,
            can=can,
            text=text,
            rank=found.rank,
            instead=found.instead,
            of=found.of,
            rules=list(rules),
            ask=ask,
        )

    def _where(self, placement: Placement, way: _Way, found: _Found) -> str:
        at = f"at place {found.rank} of {found.of}"
        return {
            "home": f"A new shopper finds it {at}.",
            "category": f"In the list of {' > '.join(self.product.category)} {at}.",
            "search": f"A search for its title finds it {at}.",
        }.get(placement, f"Beside {self._titled(way.anchor)!r} it stands {at}.")

    def _titled(self, name: str) -> str:
        """What a product is called."""
        row = self.shelf.row_of(name)
        title = self.shelf.titles_at([row])[0] if row >= 0 else name
        return title if len(title) <= TITLE_MOST else f"{title[: TITLE_MOST - 1]}…"

    def _how(self, placement: Placement, plain: _Way, way: _Way, found: _Found) -> str:
        if self._kept_out(plain.occasion):
            named = " and ".join(rule.called for rule in self._kept_out(plain.occasion))
            return (
                f"Not in the usual list, out of which {named} keeps it; in a list that rule does not act on, it comes."
            )
        if found.instead is not None:
            return (
                f"Its variant {found.instead!r} stands there for it; a list narrowed to it, or of variants, shows it."
            )
        if placement == "search":
            return "A search for its own title does not find it; one that is narrowed to it by a filter does."
        return f"Not among the first {found.of} there: others are worth more. A list narrowed to it shows it."

    def _called(self, ids: dict[str, None]) -> list[str]:
        by_id = {rule.id: rule for rule in self.saved.rules}
        return [by_id[one].called for one in ids]

    def _kept_out(self, occasion: Occasion) -> list[SavedRule]:
        imposed = self.saved.on(occasion)
        return [] if imposed is None else kept_out_by(self.floor, imposed.rules, self.row)

    def _anchors(self) -> list[str]:
        """What it may stand beside: what is like it first, then what rules name, then one product of each category."""
        found: dict[str, None] = {}
        others = [row for row in range(min(len(self.shelf), ANCHORS_TRIED)) if int(self.shelf.item[row]) != self.item]
        if others:
            like = find_similar(self.shop, SimilarRequest(product_id=self.product.id, n=5), saved=[])
            found |= dict.fromkeys(one.product_id for one in like.items)
        named = [name for rule in self.saved.rules for name in rule.anchor_ids]
        found |= dict.fromkeys(
            name for name in named if 0 <= self.floor.items.code(name) != self.item and self.shelf.row_of(name) >= 0
        )
        rows = np.flatnonzero(self.shelf.item != self.item).astype(np.int32)
        if len(rows):
            _, path_of = self.shelf.paths_of(rows)
            _, first = np.unique(path_of, return_index=True)
            found |= dict.fromkeys(self.shelf.product_id(int(rows[at])) for at in first[:ANCHORS_TRIED])
        return list(found)

    def _ways(self, placement: Placement) -> Iterator[_Way]:
        """Occasions that rules tell apart, the plainest first."""
        path = self.product.category
        own = (
            [" > ".join(path), *(" > ".join(path[:depth]) for depth in range(len(path) - 1, 0, -1)), *path]
            if path
            else []
        )
        own = list(dict.fromkeys(own))
        if placement in ("product", "cart", "similar"):
            who: list[Asking | None] = [None] if placement == "similar" else list(self._who)
            for whom in who:
                for anchor in self.anchors:
                    yield _Way(Occasion(placement, self.now_ms, anchors=(anchor,), whom=whom), (), anchor)
            return
        categories: list[tuple[str, ...]] = [(one,) for one in own]
        if own and (other := self._other_category()):
            categories.append((own[0], other))  # of several categories a rule acts where it is about all of them
        if placement != "category":
            categories.insert(0, ())
        texts = [""]
        if placement == "search":
            texts = [self.product.title[:200], "", *(query for rule in self.saved.rules for query in rule.query)]
        for whom in self._who:
            for category in categories:
                for text in texts:
                    words = tuple(tokens(text))
                    occasion = Occasion(placement, self.now_ms, category=category, words=words, whom=whom)
                    yield _Way(occasion, category, "", text)

    def _other_category(self) -> str:
        """A category that has nothing in common with its own."""
        top = self.product.category[0]
        for anchor in self.anchors:
            row = self.shelf.row_of(anchor)
            path = self.shelf.paths_of(np.array([row], dtype=np.int32))[0][0] if row >= 0 else ()
            if path and path[0] != top:
                return " > ".join(path)
        return ""

    def _ask(self, placement: Placement, way: _Way, *, narrowed: bool) -> _Ask:
        wanted: dict[str, Any] = {"category": list(way.category)} if way.category else {}
        pinned = placement == "search" and narrowed and bool(way.text) and way.text != self.product.title[:200]
        if narrowed and not pinned:
            wanted["ids"] = [self.product.id]
        asked: _Ask = {"n": COUNT_MAX} | ({"filter": wanted} if wanted else {})
        if placement == "search":
            return {"text": "" if narrowed and not pinned else way.text} | asked
        if placement == "similar":
            return {"product_id": way.anchor} | asked
        apart = {"group_by": "none"} if narrowed else {}
        beside = {"product_ids": [way.anchor]} if placement in BESIDE else {}
        return {"placement": placement} | beside | asked | apart

    def _found(self, placement: Placement, ask: _Ask, *, itself: bool = False) -> _Found:
        """Where it, or a variant of it, stands in that list; `itself`: no variant counts."""
        ids: list[str]
        if placement == "search":
            ids = [one.product_id for one in search_text(self.shop, SearchRequest.model_validate(ask)).items]
        elif placement == "similar":
            ids = [one.product_id for one in find_similar(self.shop, SimilarRequest.model_validate(ask)).items]
        else:
            request = RecommendationRequest.model_validate(ask | {"explain": False})
            ids = [one.product_id for one in recommend(self.shop, request).items]
        if self.product.id in ids:
            return _Found(ids.index(self.product.id) + 1, None, len(ids))
        items = self.floor.items
        for place, name in enumerate([] if itself else ids, start=1):
            if items.code(name) == self.item:
                return _Found(place, name, len(ids))
        return _Found(None, None, len(ids))


def _words(name: str) -> str:
    return name.replace("_", " ")


_PLACES = {
    "home": "on the home page",
    "category": "in its category",
    "product": "beside a product",
    "cart": "beside a cart",
    "similar": "among similar products",
}


def _main(checks: list[ShownCheck], places: list[ShownAt], *, usual: int, untrained: bool) -> str:
    """The reason that matters most; `usual`: products of a list where nobody says how many."""
    if stop := next((one for one in checks if one.state == "stops" and one.code != "rule"), None):
        return stop.text
    if not any(one.can for one in places):
        rules = dict.fromkeys(rule for one in places for rule in one.rules)
        return f"Saved rules keep it out of every list: {', '.join(rules)}."
    if out := [one for one in places if not one.can and one.rules]:
        rules = dict.fromkeys(rule for one in out for rule in one.rules)
        at = ", ".join(_words(one.placement) for one in out)
        return f"Saved rules keep it out of some lists ({at}): {', '.join(rules)}."
    ranked = [one for one in places if one.rank is not None and one.placement in _PLACES]
    shown = [one for one in ranked if one.instead is None]
    if not shown and ranked:
        return f"Lists show one variant of each product, and here that is {ranked[0].instead!r}."
    why = "the shop was not trained yet" if untrained else "others are worth more by what shoppers did"
    if not shown:
        return f"It may be shown, but it is not among the first {COUNT_MAX} of any list that was tried: {why}."
    best = min(shown, key=lambda one: one.rank or 0)
    at = f"{_PLACES[best.placement]}, place {best.rank} of {best.of}"
    if (best.rank or 0) > usual:
        return f"It may be shown, but lists show {usual} products, and its best place is {at}: {why}."
    return f"It is shown: {at}."
