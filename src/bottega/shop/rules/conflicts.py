"""Conflicts: where saved rules contradict each other or come to nothing, in words that say who wins.

Two rules meet where one list can meet the conditions of both: a placement, a time, a category with a product in common,
a kind of shopper, an anchor; of queries, where one holds the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Literal, NamedTuple

from bottega.catalogue.filter import Filter
from bottega.languages.fold import tokens
from bottega.names import BoolArray
from bottega.shop.rules.occasion import says
from bottega.shop.rules.rule import IN_ORDER, RuleKind, SavedRule
from bottega.shop.rules.saved import SavedRules

if TYPE_CHECKING:
    from bottega.shop.floor import Floor

__all__ = ["Conflict", "ConflictKind", "conflicts_of"]

ConflictKind = Literal["same_place", "shut_out", "replaced", "both_ways", "nothing_left", "same_query", "no_effect"]
"""Two products for one place; a product set at a place and kept out; a list replaced; boosted and buried; filters with
nothing in common; two addresses; a rule that does nothing by itself."""
_SHOWN = 3
"""Ids written out in a sentence."""


class Conflict(NamedTuple):
    """What is the matter, between which rules, and which of them wins."""

    kind: ConflictKind
    rules: tuple[str, ...]
    winner: str | None
    """None where nobody does: both act, or none."""
    text: str


class _Looked:
    """A rule with the products that it is about."""

    def __init__(self, rule: SavedRule, floor: Floor, zone: tzinfo) -> None:
        self.rule, self._floor = rule, floor
        self.start_ms, self.end_ms = rule.span_ms(zone)
        self.queries = [tokens(query) for query in rule.query]

    @cached_property
    def rows(self) -> BoolArray:
        """Products that it is about and that can be shown [V]."""
        return self._floor.shelf.matching(self.rule.about) & self._floor.shelf.usable

    @cached_property
    def within(self) -> BoolArray:
        """Products of its categories [V]."""
        return self._floor.shelf.matching(Filter(category=self.rule.category))

    @cached_property
    def shown(self) -> dict[str, list[int]]:
        """Each product that it names, with the rows by which it can be shown."""
        floor = self._floor
        found = {}
        for name in self.rule.product_ids:
            code = floor.items.code(name)
            own = floor.shelf.row_of(name)
            rows = [own] if own >= 0 else floor.shelf.rows_of(code) if code >= 0 else []
            found[name] = [row for row in rows if floor.shelf.usable[row]]
        return found


def conflicts_of(
    saved: SavedRules, floor: Floor, zone: tzinfo, now_ms: int, *, of: str | None = None
) -> list[Conflict]:
    """Conflicts among rules that are not over, those that come to nothing last; with `of`, those of one rule."""
    rules = [_Looked(rule, floor, zone) for rule in saved.rules if rule.enabled]
    open_ = [one for one in rules if one.end_ms > now_ms]
    found = [
        conflict
        for first, second in combinations(open_, 2)
        if of in (None, first.rule.id, second.rule.id) and _meet(first, second)
        for conflict in _between(first, second)
    ]
    return found + [one for each in rules if of in (None, each.rule.id) for one in _alone(each, floor, now_ms)]


def _meet(one: _Looked, other: _Looked) -> bool:
    a, b = one.rule, other.rule
    if not set(a.at) & set(b.at) or one.start_ms >= other.end_ms or other.start_ms >= one.end_ms:
        return False
    if a.segments and b.segments:
        new = "new" in a.segments and "new" in b.segments
        if not new and not ({*a.segments} - {"new"} and {*b.segments} - {"new"}):
            return False
    if a.anchor_ids and b.anchor_ids and not set(a.anchor_ids) & set(b.anchor_ids):
        return False
    if a.query and b.query and not any(_asked_alike(a, x, b, y) for x in one.queries for y in other.queries):
        return False
    return not (a.category and b.category) or bool((one.within & other.within).any())


def _asked_alike(a: SavedRule, x: list[str], b: SavedRule, y: list[str]) -> bool:
    """Whether searching for one of two texts is heard by both rules."""
    return (says(x, x, a.match) and says(x, y, b.match)) or (says(y, x, a.match) and says(y, y, b.match))


def _between(first: _Looked, second: _Looked) -> Iterator[Conflict]:
    """Conflicts of two rules that meet; the first wins where both could."""
    a, b = first.rule, second.rule
    kinds = {a.kind, b.kind}
    both = (a.id, b.id)
    if kinds == {RuleKind.REDIRECT}:
        yield Conflict(
            "same_query", both, a.id, f"{a.called} and {b.called} send one search to two addresses; {_wins(a, b)}."
        )
    elif RuleKind.REPLACE in kinds and kinds <= set(IN_ORDER):
        winner, loser = (a, b) if a.kind is RuleKind.REPLACE else (b, a)
        yield Conflict(
            "replaced",
            (winner.id, loser.id),
            winner.id,
            f"{winner.called} replaces the whole list, so that {loser.called} sets nothing there.",
        )
    elif kinds <= set(IN_ORDER):
        yield from _at_one_place(a, b)
    elif kinds == {RuleKind.BOOST, RuleKind.BURY}:
        shared = int((first.rows & second.rows).sum())
        if shared:
            text = (
                f"{a.called} and {b.called} pull {_products(shared)} both ways: together they multiply scores by "
                f"{a.factor * b.factor:g}."
            )
            yield Conflict("both_ways", both, None, text)
    elif kinds & {RuleKind.HIDE, RuleKind.FILTER}:
        yield from _shut_out(first, second)


def _at_one_place(a: SavedRule, b: SavedRule) -> Iterator[Conflict]:
    if (same := [name for name in b.product_ids if name in a.product_ids]) and a.rank != b.rank:
        text = f"{a.called} and {b.called} both set {_listed(same)} at a place; {_wins(a, b)}."
        yield Conflict("same_place", (a.id, b.id), a.id, text)
    rest = [name for name in b.product_ids if name not in a.product_ids]
    places = range(a.rank, a.rank + len(a.product_ids))
    if rest and b.rank in places:
        text = (
            f"{a.called} and {b.called} both set a product at place {b.rank}; {_wins(a, b)}, and {_listed(rest)} "
            f"{'comes' if len(rest) == 1 else 'come'} at the next free place."
        )
        yield Conflict("same_place", (a.id, b.id), a.id, text)


def _shut_out(first: _Looked, second: _Looked) -> Iterator[Conflict]:
    """A rule that keeps products out, and another one."""
    shuts = (RuleKind.HIDE, RuleKind.FILTER)
    shutting, other = (first, second) if first.rule.kind in shuts else (second, first)
    if other.rule.kind is RuleKind.HIDE and shutting.rule.kind is RuleKind.FILTER:
        shutting, other = other, shutting
    a, b = shutting.rule, other.rule
    both = (a.id, b.id)
    left = ~shutting.rows if a.kind is RuleKind.HIDE else shutting.rows
    verb = "hides" if a.kind is RuleKind.HIDE else "leaves out"
    if b.kind in IN_ORDER:
        gone = [name for name, rows in other.shown.items() if rows and not left[rows].any()]
        if gone:
            text = f"{a.called} {verb} {_listed(gone)}, so that {b.called} cannot set {_it(gone)} at a place."
            yield Conflict("shut_out", both, a.id, text)
    elif b.kind is RuleKind.FILTER:
        if other.rows.any() and not (other.rows & left).any():
            text = f"{a.called} and {b.called} leave nothing in common: lists that meet both are empty."
            yield Conflict("nothing_left", both, None, text)
    elif b.kind in (RuleKind.BOOST, RuleKind.BURY) and other.rows.any() and not (other.rows & left).any():
        text = f"{a.called} {verb} every product of {b.called}, which does nothing where both act."
        yield Conflict("shut_out", both, a.id, text)


def _alone(one: _Looked, floor: Floor, now_ms: int) -> Iterator[Conflict]:
    """What keeps a rule from doing anything, or all of it, by itself."""
    rule = one.rule

    def told(text: str) -> Conflict:
        return Conflict("no_effect", (rule.id,), None, f"{rule.called} {text}")

    if one.end_ms <= now_ms:
        yield told(f"is over since {rule.valid_until}: it does nothing any more.")
        return
    if rule.category and not one.within.any():
        yield told(f"is for {_listed(rule.category)}, and the catalogue has no such category: it does nothing.")
    if rule.kind is RuleKind.REDIRECT:
        return
    unknown = [name for name in rule.product_ids if floor.items.code(name) < 0]
    if unknown:
        yield told(f"names {_listed(unknown)}, which the catalogue does not have.")
    unseen = [name for name in rule.product_ids if name not in unknown and not one.shown[name]]
    if unseen and rule.kind is not RuleKind.HIDE:
        yield told(f"names {_listed(unseen)}, which cannot be shown now: hidden, sold out or taken off sale.")
    if not rule.product_ids and not one.rows.any():
        yield told("is about no product that can be shown now.")


def _wins(a: SavedRule, b: SavedRule) -> str:
    if a.priority != b.priority:
        return f"{a.called} wins by its priority"
    if a.narrowness != b.narrowness:
        return f"{a.called} wins, for it has more conditions"
    return f"{a.called} wins, for it was changed last"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _it(names: Sequence[str]) -> str:
    return "it" if len(names) == 1 else "them"


def _products(count: int) -> str:
    return "one product" if count == 1 else f"{count:,} products"
