"""Why this product: a code, a sentence, and the evidence it rests on.

Idea     Ask the recommenders that contributed most which positions of the history spoke for the item
         (`Explains.evidence`), and say only that. What nobody can explain is told by what is certainly true: shared
         attributes, else how many shoppers chose it.
Differs  Nothing is guessed after the fact: a reason names a product of this shopper's history or the product they are
         looking at, so taking the evidence away changes the reason.
Shapes   T positions of the history that was scored: the shopper's own events first, then the anchors.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from bottega.models.recommend.base import Evidence, Explains
from bottega.names import Int8Array, IntArray, KindCode

__all__ = ["REASON_CODES", "Question", "Reason", "reason", "sentence"]

REASON_CODES = {
    "because_you_viewed": "A product this shopper viewed or clicked speaks for it.",
    "because_you_bought": "A product this shopper bought speaks for it.",
    "because_you_saved": "A product on this shopper's wishlist, or one they rated, speaks for it.",
    "because_in_your_cart": "A product this shopper put in the cart speaks for it.",
    "goes_with_purchase": "Other shoppers take it together with, or after, a product that this shopper bought.",
    "time_to_restock": "This shopper bought it before, and by now usually needs it again.",
    "you_said": "It has what this shopper declared to like.",
    "goes_with": "Other shoppers take it together with the product that the request names.",
    "similar_to": "It shares attributes with the product that the request names.",
    "new_in_taste": "It is newer than the last training and shares attributes with this shopper's history.",
    "new": "It is newer than the last training.",
    "popular": "Many shoppers chose it.",
    "pinned": "The request pinned it.",
}
"""Every code an answer may carry, and what it claims."""

_BY_KIND = {
    KindCode.PURCHASE: "because_you_bought",
    KindCode.ADD_TO_CART: "because_in_your_cart",
    KindCode.WISHLIST: "because_you_saved",
    KindCode.RATE: "because_you_saved",
}
_WORDS = {
    "because_you_viewed": "Because you looked at {}",
    "because_you_bought": "Because you bought {}",
    "because_you_saved": "Because you liked {}",
    "because_in_your_cart": "Because you put {} in your cart",
    "goes_with_purchase": "Goes with {}, which you bought",
    "time_to_restock": "Time to restock {}",
    "you_said": "You said you like {}",
    "goes_with": "Goes with {}",
    "similar_to": "Similar to {}",
    "new_in_taste": "New, and like {}",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, in codes. `positions` point into the history that was scored, `attributes` are feature columns."""

    code: str
    positions: tuple[int, ...] = ()
    attributes: tuple[int, ...] = ()
    weight: float = 0.0
    shoppers: int = 0


@dataclass(frozen=True)
class Question:
    """What one answer was made from.

    `items` [T] and `kinds` [T]: the history that was scored, whose first `own` positions are the shopper's own events
    and whose others are the anchors. `witnesses`: those who can say why, by name; `impersonal`: names of those
    for whose scores no event speaks. `attributes` [I, A]: what items are. `shopper_counts` [I]: how many shoppers
    chose each item. `trained`: items with a smaller code were there at training.
    """

    items: IntArray
    kinds: Int8Array
    own: int
    witnesses: Mapping[str, Explains]
    impersonal: Collection[str]
    attributes: sparse.csr_matrix
    shopper_counts: IntArray
    trained: int

    def code_of(self, position: int, *, shared: bool) -> str:
        """What a position says: an anchor by how it speaks, an own event by its kind."""
        if position >= self.own:
            return "similar_to" if shared else "goes_with"
        return _BY_KIND.get(KindCode(int(self.kinds[position])), "because_you_viewed")


def _shared(question: Question, position: int, item: int) -> tuple[int, ...]:
    """Attribute columns that an item has in common with the item at a position."""
    rows = question.attributes
    other = int(question.items[position])
    mine = rows.indices[rows.indptr[item] : rows.indptr[item + 1]]
    theirs = rows.indices[rows.indptr[other] : rows.indptr[other + 1]]
    return tuple(int(column) for column in np.intersect1d(mine, theirs, assume_unique=True))


def _usable(question: Question, found: Sequence[Evidence], item: int) -> list[Evidence]:
    """Evidence that holds: its position exists, is not the item itself, and carries weight."""
    size = len(question.items)
    return [e for e in found if 0 <= e.position < size and int(question.items[e.position]) != item and e.weight > 0]


def reason(question: Question, item: int, shares: Mapping[str, float]) -> Reason:
    """The reason for one item; `shares` is how much each member contributed to its score.

    Members are asked in the order of their contribution, down to the first impersonal one; the first with evidence that
    holds is believed. An impersonal one that contributed most is a reason by itself: the item is popular.
    """
    new = item >= question.trained
    asked = sorted((name for name in shares if shares[name] > 0), key=lambda name: -shares[name])
    personal = len(asked) > 0 and asked[0] not in question.impersonal
    for name in asked:
        if name in question.impersonal:
            break
        witness = question.witnesses.get(name)
        if witness is None or not len(question.items):
            continue
        found = _usable(question, witness.evidence(question.items, item), item)
        if found:
            best = found[0]
            code = question.code_of(best.position, shared=bool(best.attributes))
            alike = [e for e in found if question.code_of(e.position, shared=bool(e.attributes)) == code]
            if new:
                code = "new_in_taste"
            return Reason(code, tuple(e.position for e in alike), best.attributes, best.weight)
    if new or personal or question.shopper_counts[item] == 0:
        for position in reversed(range(len(question.items))):
            shared = _shared(question, position, item)
            if shared and int(question.items[position]) != item:
                code = "new_in_taste" if new else question.code_of(position, shared=True)
                return Reason(code, (position,), shared, float(len(shared)))
    if new:
        return Reason("new")
    return Reason("popular", shoppers=int(question.shopper_counts[item]), weight=float(question.shopper_counts[item]))


def sentence(reason: Reason, titles: Sequence[str], attributes: Sequence[str] = ()) -> str:
    """The reason in plain words; `titles` are those of the products at its positions, strongest first.

    >>> sentence(Reason("because_you_bought", positions=(0,)), ["Oak lamp"], ["colour: oak"])
    'Because you bought Oak lamp (colour: oak)'
    >>> sentence(Reason("popular", shoppers=41), [])
    'Chosen by 41 shoppers'
    """
    if reason.code == "popular":
        if reason.shoppers == 0:
            return "From the catalogue; no shopper has chosen it yet"
        return f"Chosen by {reason.shoppers} shopper{'s' if reason.shoppers != 1 else ''}"
    if reason.code == "new":
        return "New in the shop"
    if reason.code == "pinned":
        return "Picked by the shop"
    assert titles, f"a reason {reason.code} names a product"
    text = _WORDS[reason.code].format(" and ".join(titles[:2]))
    return f"{text} ({', '.join(attributes[:3])})" if attributes else text
