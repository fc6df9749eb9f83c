"""Why this product: a code and the evidence it rests on. What is said of it: reason_words.py.

Idea     Ask the recommenders that contributed most which positions of the history spoke for the item
         (`Explains.evidence`), and say only that. What nobody can explain is told by what is certainly true: shared
         attributes, else how many shoppers chose it. "Goes with" and "instead of" rest on counts alone
         (last_mile/together.py), whoever put the item into the list: the one across kinds, the other within.
Differs  Nothing is guessed after the fact: a reason names a product of this shopper's history or the product they are
         looking at, so taking the evidence away changes the reason.
Shapes   T positions of the history that was scored: the shopper's own events first, then the anchors.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from scipy import sparse

from bottega.models.recommend.base import Evidence, Explains
from bottega.models.recommend.last_mile.together import Count, Together
from bottega.names import Int8Array, IntArray, KindCode

__all__ = ["REASON_CODES", "Question", "Reason", "counted", "reason", "reasons", "shared"]

REASON_CODES = {
    "because_you_viewed": "A product this shopper viewed or clicked, or is looking at, speaks for it.",
    "because_you_bought": "A product this shopper bought speaks for it.",
    "because_you_saved": "A product on this shopper's wishlist, or one they rated, speaks for it.",
    "because_you_tried_on": "A product that this shopper tried on, or dressed a fashion model in, speaks for it.",
    "because_in_your_cart": "A product in this shopper's cart speaks for it.",
    "goes_with_purchase": "Of another kind than a product that this shopper bought, and so many shoppers chose both.",
    "time_to_restock": "This shopper bought it before, and by now usually needs it again.",
    "you_said": "It has what this shopper declared to like.",
    "goes_with": "Of another kind than a product named or looked at, and so many shoppers chose both.",
    "instead_of": "Of the same kind as a product named or looked at, and so many shoppers looked at both.",
    "similar_to": "It shares attributes with the product that the request names.",
    "new_in_taste": "It is newer than the last training and shares attributes with this shopper's history.",
    "new": "It is newer than the last training.",
    "popular": "Many shoppers chose it.",
    "pinned": "The request, or a saved rule of the shop, set it at its place.",
}
"""Every code an answer may carry, and what it claims."""

OTHER_CLAIM = 0.8
"""What another true claim of the same product weighs beside the strongest reason."""
_BY_KIND = {
    int(KindCode.PURCHASE): "because_you_bought",
    int(KindCode.ADD_TO_CART): "because_in_your_cart",
    int(KindCode.WISHLIST): "because_you_saved",
    int(KindCode.TRY_ON): "because_you_tried_on",
    int(KindCode.RATE): "because_you_saved",
}
_COMMITMENT = {
    int(KindCode.PURCHASE): 4,
    int(KindCode.ADD_TO_CART): 3,
    int(KindCode.WISHLIST): 2,
    int(KindCode.RATE): 2,
    int(KindCode.TRY_ON): 1,
}
"""A product that was looked at and bought is told as bought."""
_PURCHASE = int(KindCode.PURCHASE)


class Reason(NamedTuple):
    """One reason, in codes. `positions` point into the history that was scored, `attributes` are feature columns.

    A tuple, because an answer makes dozens and a frozen dataclass is three times as long in the making.
    """

    code: str
    positions: tuple[int, ...] = ()
    attributes: tuple[int, ...] = ()
    weight: float = 0.0
    shoppers: int = 0
    pair: Count | None = None
    """What "goes with" and "instead of" rest on."""
    kinds: tuple[int, int] = (-1, -1)
    """Categories of the product named and of the item, where these were counted."""
    anchor: bool = False
    """Whether it names what the request stands beside, not what the shopper did before."""


@dataclass(frozen=True)
class Question:
    """What one answer was made from.

    `items` [T] and `kinds` [T]: the history that was scored, whose first `own` positions are the shopper's own events
    and whose others are the anchors. `witnesses`: those who can say why, by name; `impersonal`: names of those
    for whose scores no event speaks. `attributes` [I, A]: what items are. `shopper_counts` [I]: how many shoppers
    chose each item. `trained`: items with a smaller code were there at training. `categories` [I] and `together`: what
    was counted of pairs. `by_likeness`: whether the list is one of likeness alone.
    """

    items: IntArray
    kinds: Int8Array
    own: int
    witnesses: Mapping[str, Explains]
    impersonal: Collection[str]
    attributes: sparse.csr_matrix
    shopper_counts: IntArray
    trained: int
    categories: IntArray | None = None
    together: Together | None = None
    by_likeness: bool = False
    levels: Collection[int] = frozenset()
    """Attribute columns that are levels of a category, which alone make nothing alike."""
    one_thing: Callable[[int, int], bool] = lambda position, item: False
    """Whether the product at a position and an item are called by one noun, so that they may be of one kind after
    all."""
    _kinds_of: dict[int, int] = field(default_factory=dict, init=False, repr=False, compare=False)
    _columns: dict[int, frozenset[int]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _common: dict[tuple[int, int], tuple[int, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _counted: dict[tuple[int, int], Reason | None] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What several places of one answer ask for, each worked out once."""

    def code_of(self, position: int) -> str:
        """What a position says by the kind of its event."""
        if self.by_likeness and position >= self.own:
            return "similar_to"
        return _BY_KIND.get(self.seen_kinds[position], "because_you_viewed")

    @cached_property
    def seen(self) -> list[int]:
        """`items` as plain numbers."""
        found: list[int] = self.items.tolist()
        return found

    @cached_property
    def seen_kinds(self) -> list[int]:
        """`kinds` as plain numbers."""
        found: list[int] = self.kinds.tolist()
        return found

    def strongest_deed(self, position: int) -> int:
        """The newest position of the most committed thing that the shopper did with the product at a position; the
        position itself where nothing else weighs more."""
        if position >= self.own:
            return position
        rank, best = self._deeds[self.seen[position]]
        return best if rank > _COMMITMENT.get(self.seen_kinds[position], 0) else position

    @cached_property
    def _deeds(self) -> dict[int, tuple[int, int]]:
        """The highest rank of what was done with each product, and where it is newest."""
        found: dict[int, tuple[int, int]] = {}
        for position in range(self.own):
            item, rank = self.seen[position], _COMMITMENT.get(self.seen_kinds[position], 0)
            if item not in found or rank >= found[item][0]:
                found[item] = rank, position
        return found

    def kind_of(self, item: int) -> int:
        """The category of an item, -1 where it has none."""
        if (found := self._kinds_of.get(item)) is None:
            found = self._kinds_of[item] = -1 if self.categories is None else int(self.categories[item])
        return found

    def common(self, one: int, other: int) -> tuple[int, ...]:
        """Attribute columns that two items have in common; worked out once."""
        if (found := self._common.get((one, other))) is None:
            found = self._common[one, other] = tuple(sorted(self._columns_of(one) & self._columns_of(other)))
        return found

    def counted(self, position: int, item: int) -> Reason | None:
        """What counts say of an item and the product at a position (`counted`); asked once."""
        try:
            return self._counted[position, item]
        except KeyError:
            found = self._counted[position, item] = _counted(self, position, item)
            return found

    def _columns_of(self, item: int) -> frozenset[int]:
        if (found := self._columns.get(item)) is None:
            rows = self.attributes
            found = frozenset(rows.indices[rows.indptr[item] : rows.indptr[item + 1]].tolist())
            self._columns[item] = found
        return found


def shared(question: Question, position: int, item: int) -> tuple[int, ...]:
    """Attribute columns that an item has in common with the item at a position."""
    return question.common(item, question.seen[position])


def _alike(question: Question, position: int, item: int, columns: tuple[int, ...]) -> bool:
    """Whether what two items share makes them alike: they are of one kind, or of kinds unknown and share anything."""
    kind, other = question.kind_of(item), question.kind_of(question.seen[position])
    if kind >= 0 and other >= 0 and not question.by_likeness:
        return kind == other
    return any(column not in question.levels for column in columns)


def counted(question: Question, position: int, item: int) -> Reason | None:
    """What counts say of an item and the product at a position: that one stands for the other, or goes with it."""
    return question.counted(position, item)


def _counted(question: Question, position: int, item: int) -> Reason | None:
    together, other = question.together, question.seen[position]
    if together is None or other == item:
        return None
    kinds = question.kind_of(other), question.kind_of(item)
    anchor, bought = position >= question.own, question.seen_kinds[position] == _PURCHASE
    if kinds[0] == kinds[1] and kinds[0] >= 0:
        if (bought and not anchor) or (count := together.instead_of(other, item)) is None:
            return None  # what was bought is not looked for again
        return Reason("instead_of", (position,), weight=count.times, pair=count, anchor=anchor)
    if (count := together.goes_with(other, item, kinds)) is None or question.one_thing(position, item):
        return None
    code = "goes_with_purchase" if bought and not anchor else "goes_with"
    told = kinds if count.of_kinds else (-1, -1)
    return Reason(code, (position,), weight=count.times, pair=count, kinds=told, anchor=anchor)


def _usable(question: Question, found: Sequence[Evidence], item: int) -> list[Evidence]:
    """Evidence that holds: its position exists, is not the item itself, and carries weight; each product once."""
    size, named, kept = len(question.seen), {item}, []
    for one in found:
        if 0 <= one.position < size and one.weight > 0 and (seen := question.seen[one.position]) not in named:
            named.add(seen)
            kept.append(one)
    return kept


def _told(question: Question, item: int, one: Evidence) -> Reason:
    """What one position says for an item."""
    position = question.strongest_deed(one.position)
    code, attributes = question.code_of(position), one.attributes
    anchor = position >= question.own
    if item >= question.trained:
        code = "new_in_taste"
    elif anchor:
        if found := counted(question, position, item):
            return found
        columns = attributes or shared(question, position, item)
        if columns and _alike(question, position, item, columns):
            code, attributes = "similar_to", columns
    return Reason(code, (position,), attributes, one.weight, anchor=anchor)


def _spoken(question: Question, item: int, shares: Mapping[str, float]) -> list[Evidence]:
    """The evidence of the first member, by its contribution and down to the first impersonal one, that has any."""
    if not len(question.items):
        return []
    for name in sorted(shares, key=shares.__getitem__, reverse=True):  # equals stay in their order
        if shares[name] <= 0 or name in question.impersonal:
            return []
        witness = question.witnesses.get(name)
        if witness is not None and (found := _usable(question, witness.evidence(question.items, item), item)):
            return found
    return []


def reason(question: Question, item: int, shares: Mapping[str, float]) -> Reason:
    """The reason for one item; `shares` is how much each member contributed to its score.

    Members are asked in the order of their contribution, down to the first impersonal one; the first with evidence that
    holds is believed. An impersonal one that contributed most is a reason by itself: the item is popular.
    """
    return next(reasons(question, item, shares))[0]


def reasons(question: Question, item: int, shares: Mapping[str, float]) -> Iterator[tuple[Reason, float]]:
    """All true reasons at hand for one item, each with its strength beside the strongest, 0 to 1, which comes first;
    what is made of later ones is made when they are asked for."""
    found = _spoken(question, item, shares)
    if not found:
        yield _unspoken(question, item, shares), 1.0
        return
    first = _told(question, item, found[0])
    later: dict[int, Reason] = {}
    if first.pair is None and len(found) > 1:  # products that say the same are named together
        first = first._replace(positions=_same_said(question, item, first, found, later))
    yield first, 1.0
    for place, evidence in enumerate(found):
        strength = min(evidence.weight / found[0].weight, 1.0)
        one = first if not place else later[place] if place in later else _told(question, item, evidence)
        if one.pair is None and (claim := counted(question, one.positions[0], item)):
            yield claim, strength * OTHER_CLAIM
        elif one.code == "instead_of":
            columns = shared(question, one.positions[0], item)
            yield Reason("similar_to", one.positions, columns, anchor=True), strength * OTHER_CLAIM
        if place:
            yield one, strength
    most = max(shares.values(), default=0.0)
    chosen = int(question.shopper_counts[item])
    for name in question.impersonal:
        if shares.get(name, 0.0) > 0 and chosen:
            yield Reason("popular", shoppers=chosen, weight=float(chosen)), shares[name] / most


def _same_said(
    question: Question, item: int, first: Reason, found: Sequence[Evidence], later: dict[int, Reason]
) -> tuple[int, ...]:
    """The positions for which the same is said as for the first; what was made on the way is `later` said by place."""
    positions = list(first.positions)
    for place, one in enumerate(found[1:], 1):
        position = question.strongest_deed(one.position)
        if position < question.own:
            same = not first.anchor and (item >= question.trained or question.code_of(position) == first.code)
        else:
            same = False
            if first.anchor:
                later[place] = _told(question, item, one)
                same = later[place].code == first.code
        if same:
            positions.append(position)
    return tuple(positions)


def _unspoken(question: Question, item: int, shares: Mapping[str, float]) -> Reason:
    """The reason for an item for which no event speaks."""
    new = item >= question.trained
    spoke = [name for name in shares if shares[name] > 0]
    personal = bool(spoke) and max(spoke, key=lambda name: shares[name]) not in question.impersonal
    if new or personal or question.shopper_counts[item] == 0:
        for position in reversed(range(len(question.items))):
            columns = shared(question, position, item)
            if columns and question.seen[position] != item:
                anchor = position >= question.own
                alike = anchor and _alike(question, position, item, columns)
                code = "new_in_taste" if new else "similar_to" if alike else question.code_of(position)
                return Reason(code, (position,), columns, float(len(columns)), anchor=anchor)
    if new:
        return Reason("new")
    chosen = int(question.shopper_counts[item])
    return Reason("popular", shoppers=chosen, weight=float(chosen))
