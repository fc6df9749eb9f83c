"""Saved rules on one floor: which of them act on a list, and what they impose on it together.

Idea     Of two rules that contradict each other the one of higher priority wins, then the narrower one, then the one
         that was changed last. What no request differs in is looked at once: which rules are valid now, which act at a
         placement without more conditions. Combinations of rules are kept.
Shapes   V products (rows of the shelf).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from bottega.catalogue.filter import Filter
from bottega.languages.fold import tokens
from bottega.names import BoolArray
from bottega.shop.rules.imposed import Factors, Imposed, LeftRows
from bottega.shop.rules.occasion import Occasion, says
from bottega.shop.rules.rule import IN_ORDER, Placement, RuleKind, SavedRule

if TYPE_CHECKING:
    from bottega.shop.floor import Floor

__all__ = ["SavedRules"]

COMBINATIONS_KEPT = 64
"""Of each sort, of rules that act together."""
CATEGORIES_KEPT = 1_000
"""Categories of requests whose names are kept."""
Names = frozenset[str]
"""What a category is called: its levels and its paths from the top, folded."""


class _Ready(NamedTuple):
    """A rule with what it compares."""

    place: int
    rule: SavedRule
    start_ms: float
    end_ms: float
    categories: Names
    queries: tuple[list[str], ...]
    anchors: frozenset[str]

    def meets(self, occasion: Occasion, within: Callable[[Occasion], list[Names]], groups: Names) -> bool:
        """Whether its conditions hold; not that of the placement."""
        rule = self.rule
        if rule.segments and (occasion.whom is None or not occasion.whom.any_of(rule.segments)):
            return False
        if self.queries and not any(says(occasion.words, query, rule.match) for query in self.queries):
            return False
        if self.anchors and self.anchors.isdisjoint(groups):
            return False
        if not self.categories:
            return True
        paths = within(occasion)
        hit = [not self.categories.isdisjoint(path) for path in paths]
        return any(hit) if occasion.anchors else bool(hit) and all(hit)


class SavedRules:
    """Rules of one shop on one floor. Safe to call from several threads."""

    def __init__(self, rules: Sequence[SavedRule], floor: Floor, zone: tzinfo) -> None:
        """`rules` in the order in which they were changed, the last one last."""
        self._floor = floor
        order = sorted(range(len(rules)), key=lambda at: (-rules[at].priority, -rules[at].narrowness, -at))
        self.rules = [rules[at] for at in order]
        """In the order in which they win."""
        ready = [
            _Ready(
                place,
                rule,
                *rule.span_ms(zone),
                frozenset(map(_folded, rule.category)),
                tuple(tokens(query) for query in rule.query),
                frozenset(rule.anchor_ids),
            )
            for place, rule in enumerate(self.rules)
        ]
        self._ready = [one for one in ready if one.rule.enabled]
        self._asleep = {one.rule.id: one for one in ready if not one.rule.enabled}
        self._lock = threading.Lock()
        self._valid: tuple[float, float, dict[Placement, tuple[list[int], list[_Ready]]]] = (0.0, -1.0, {})
        """Between two moments: of each placement the rules without more conditions, and the others."""
        self._kept: dict[str, OrderedDict[Hashable, Any]] = {}

    def on(self, occasion: Occasion) -> Imposed | None:
        """What they impose on one list; None where none of them acts on it."""
        places = self.acting(occasion)
        return self._kept_as("imposed", places, lambda: self._imposed(places)) if places else None

    def left_on(self, occasion: Occasion) -> LeftRows | None:
        """What filters and hides leave where nothing is put at places; None where they leave everything."""
        rules = [self.rules[at] for at in self.acting(occasion)]
        shutting = [rule for rule in rules if rule.kind in (RuleKind.HIDE, RuleKind.FILTER)]
        return self._part("left", shutting, LeftRows) if shutting else None

    def acting(self, occasion: Occasion) -> tuple[int, ...]:
        """Which of `rules` act on it, by their places."""
        found = self._awake(occasion)
        if not occasion.switched_on and not occasion.switched_off:
            return found
        left = {place for place in found if self.rules[place].id not in occasion.switched_off}
        groups = self._groups(occasion.anchors)
        for name in occasion.switched_on:
            one = self._asleep.get(name)
            if one is None or occasion.placement not in one.rule.at:
                continue
            if one.start_ms <= occasion.now_ms < one.end_ms and one.meets(occasion, self._within, groups):
                left.add(one.place)
        return tuple(sorted(left))

    def _awake(self, occasion: Occasion) -> tuple[int, ...]:
        plain, others = self._of_placement(occasion.placement, occasion.now_ms)
        if not others:
            return tuple(plain)
        groups = self._groups(occasion.anchors)
        met = [one.place for one in others if one.meets(occasion, self._within, groups)]
        return tuple(sorted([*plain, *met])) if met else tuple(plain)

    def closed(self, now_ms: int) -> BoolArray | None:
        """Products [V] whose own pages are closed, too; None where none is."""
        closing = tuple(
            one.place
            for one in self._ready
            if one.rule.kind is RuleKind.HIDE and one.rule.own_page and one.start_ms <= now_ms < one.end_ms
        )
        if not closing:
            return None
        found: BoolArray = self._kept_as(
            "closed", closing, lambda: ~LeftRows(self._floor, [self.rules[at] for at in closing]).rows
        )
        return found

    def asks_who(self, placement: Placement, now_ms: int) -> bool:
        """Whether it matters there who asks."""
        return any(one.rule.segments for one in self._of_placement(placement, now_ms)[1])

    def asks_which_category(self, placement: Placement, now_ms: int) -> bool:
        """Whether it matters there which category the list is of."""
        return any(one.categories for one in self._of_placement(placement, now_ms)[1])

    def categories_called(self, names: Collection[tuple[str, ...]]) -> tuple[str, ...]:
        """The levels of the catalogue's categories that are called so, word by word, as the catalogue spells them."""
        known: dict[tuple[str, ...], list[str]] = self._kept_as("levels", "", self._levels) if names else {}
        return tuple(level for name in sorted(names) for level in known.get(name, ()))

    def _levels(self) -> dict[tuple[str, ...], list[str]]:
        shelf = self._floor.shelf
        paths = shelf.paths_of(np.arange(len(shelf), dtype=np.int32))[0] if len(shelf) else []
        found: dict[tuple[str, ...], list[str]] = {}
        for level in dict.fromkeys(level for path in paths for level in path):
            found.setdefault(tuple(tokens(level)), []).append(level)
        return found

    def _of_placement(self, placement: Placement, now_ms: int) -> tuple[list[int], list[_Ready]]:
        start, end, found = self._valid
        if not start <= now_ms < end:
            start, end, found = self._valid = self._valid_at(now_ms)
        return found.get(placement, ([], []))

    def _valid_at(self, now_ms: int) -> tuple[float, float, dict[Placement, tuple[list[int], list[_Ready]]]]:
        edges = [edge for one in self._ready for edge in (one.start_ms, one.end_ms)]
        start = max((edge for edge in edges if edge <= now_ms), default=-float("inf"))
        end = min((edge for edge in edges if edge > now_ms), default=float("inf"))
        found: dict[Placement, tuple[list[int], list[_Ready]]] = {}
        for one in self._ready:
            if not one.start_ms <= now_ms < one.end_ms:
                continue
            conditional = bool(one.rule.segments or one.queries or one.anchors or one.categories)
            for placement in one.rule.at:
                plain, others = found.setdefault(placement, ([], []))
                if conditional:
                    others.append(one)
                else:
                    plain.append(one.place)
        return start, end, found

    def _imposed(self, places: tuple[int, ...]) -> Imposed:
        rules = [self.rules[at] for at in places]
        replacing = next((rule for rule in rules if rule.kind is RuleKind.REPLACE), None)
        if replacing is not None:
            rules = [rule for rule in rules if rule.kind not in IN_ORDER or rule is replacing]
        shutting = [rule for rule in rules if rule.kind in (RuleKind.HIDE, RuleKind.FILTER, RuleKind.REPLACE)]
        multiplying = [rule for rule in rules if rule.kind in (RuleKind.BOOST, RuleKind.BURY)]
        return Imposed(
            tuple(rules),
            self._part("left", shutting, LeftRows) if shutting else None,
            self._part("factors", multiplying, Factors) if multiplying else None,
        )

    def _part(self, name: str, rules: list[SavedRule], made: Callable[[Floor, list[SavedRule]], Any]) -> Any:
        return self._kept_as(name, tuple(rule.id for rule in rules), lambda: made(self._floor, rules))

    def _kept_as(self, name: str, key: Hashable, made: Callable[[], Any]) -> Any:
        with self._lock:
            kept = self._kept.setdefault(name, OrderedDict())
            if key in kept:
                kept.move_to_end(key)
                return kept[key]
        found = made()
        with self._lock:
            kept[key] = found
            most = CATEGORIES_KEPT if name in ("names", "groups") else COMBINATIONS_KEPT
            while len(kept) > most:
                kept.popitem(last=False)
        return found

    def _within(self, occasion: Occasion) -> list[Names]:
        """The names of every category that the list is of; beside products, of theirs."""
        asked = occasion.anchors or occasion.category
        if not asked:
            return []
        return self._kept_as("names", (bool(occasion.anchors), asked), lambda: self._names(occasion))  # type: ignore[no-any-return]

    def _names(self, occasion: Occasion) -> list[Names]:
        shelf = self._floor.shelf
        if occasion.anchors:
            rows = np.array([row for name in occasion.anchors for row in self._rows_of(name)], dtype=np.int32)
        else:
            rows = np.flatnonzero(shelf.matching(Filter(category=list(occasion.category)))).astype(np.int32)
        paths = [path for path in shelf.paths_of(rows)[0] if path] if len(rows) else []
        found = [frozenset(_folded(name) for name in (*path, *_above(path))) for path in paths]
        return found or [frozenset(map(_folded, occasion.category))]

    def _groups(self, anchors: tuple[str, ...]) -> Names:
        """The ids by which rules may name these products: their own, and those of their variants and groups."""
        if not anchors:
            return frozenset()
        return self._kept_as("groups", anchors, lambda: self._all_ids(anchors))  # type: ignore[no-any-return]

    def _all_ids(self, anchors: tuple[str, ...]) -> Names:
        shelf, items = self._floor.shelf, self._floor.items
        known = [name for name in anchors if items.code(name) >= 0]
        found = {shelf.product_id(row) for name in known for row in self._rows_of(name)}
        return frozenset({*anchors, *found, *(items.id(items.code(name)) for name in known)})

    def _rows_of(self, name: str) -> list[int]:
        code = self._floor.items.code(name)
        return [] if code < 0 else self._floor.shelf.rows_of(code)


def _above(path: Sequence[str]) -> list[str]:
    """A path, and those of the categories that it lies in."""
    return [" > ".join(path[: depth + 1]) for depth in range(len(path))]


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
