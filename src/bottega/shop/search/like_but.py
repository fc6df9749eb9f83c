"""Like this, but ...: what is of the same kind and as the words say, and else as near to it as it can be.

Idea     The kind stays: the nearest category with anything else in it. Each change gives every product of the kind a
         degree, 1 for who is that and less for who is near it: a colour by its distance from the one asked for, a price
         by how far off it is. Those that are all that was asked for come first; among equals the likeness to the
         product decides, of its photo and of all that its listing says.
Shapes   V products by row.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from bottega.models.search.changes import Change, Changes
from bottega.models.search.kinds import Kind, names_a_thing
from bottega.models.search.word_search import OF_KIND
from bottega.names import BoolArray, FloatArray
from bottega.shop.floor import Floor
from bottega.shop.search.index import SearchIndex
from bottega.shop.search.like_degrees import Anchor, Degrees, Measure

__all__ = ["WHOLE_FROM", "Found", "Outcome", "like_but", "of_photo", "of_product"]

ENOUGH = 4
"""Products of a kind, beside the one in hand, from which nobody looks beyond it."""
WHOLE_FROM = 0.5
"""What is all that was asked for scores so much or more."""
UNDER = 0.49
"""What is not all that was asked for scores less than this."""
VOTES = 12
"""Nearest products that say what kind of thing a photo shows."""
SAME = 0.985
"""A photo so like one of the catalogue is of that product, whatever its neighbours are."""
VOTE_FADE = 0.05
"""How much further off a product is whose vote counts a third, as a cosine."""


@dataclass(slots=True)
class Outcome:
    """What became of one change: how many of the kind are that, and else what is nearest."""

    change: Change
    found: int
    nearest: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Found:
    """Rows with their scores, best first; the first `whole` are all that was asked for."""

    scores: dict[int, float]
    whole: int
    kind: Kind
    others: int
    """Products of the kind beside the one in hand."""
    beyond: Kind | None
    """What was looked in, too, where the kind has too little."""
    outcomes: list[Outcome]


def of_product(index: SearchIndex, floor: Floor, row: int, vector: FloatArray | None) -> Anchor:
    """A product of the shop as what something shall be like."""
    return Anchor(index.kinds.of(row), row, floor.shelf.product(row), vector)


def of_photo(index: SearchIndex, floor: Floor, vector: FloatArray, *, part: str, moved: FloatArray) -> Anchor:
    """What a photo's vector [E] is of, by the products most like it, whether or not the answer may show them; likeness
    counts from where it was `moved` to."""
    near = list(index.like(vector, np.ones(len(floor.shelf), np.bool_), part=part).items())[:VOTES]
    votes: dict[Kind, float] = {}
    for row, score in near:
        kind = index.kinds.of(row)
        votes[kind] = votes.get(kind, 0.0) + math.exp((score - near[0][1]) / VOTE_FADE)
    votes.pop((), None)
    kind = max(votes, key=lambda one: votes[one], default=())
    if near and near[0][1] >= SAME:
        kind = index.kinds.of(near[0][0])
    of_kind = [row for row, _ in near if index.kinds.of(row) == kind]
    return Anchor(kind, -1, floor.shelf.product(of_kind[0]) if of_kind else None, moved)


def like_but(
    index: SearchIndex, floor: Floor, anchor: Anchor, changes: Changes, allowed: BoolArray, measure: Measure
) -> Found:
    """What is like the anchor but for the changes, among the rows `allowed` [V]."""
    asked = Degrees(index, floor, anchor, len(allowed), measure)
    allowed = allowed.copy()
    if anchor.row >= 0:
        allowed[anchor.row] = False
    kind, mine = _of_kind(asked, changes, allowed)
    others = len(np.unique(floor.shelf.item[mine]))
    beyond = None
    tiers = [mine]
    moving = [change for change in changes.asked if change.what != "kind"]
    degrees = [asked.degree(change, mine if mine.any() else allowed) for change in moving]
    whole = mine & np.logical_and.reduce([sat for sat, _ in degrees]) if degrees else mine
    if others < ENOUGH and not whole.any():
        wider = _wider(index, kind, allowed, mine)
        if wider is not None:
            beyond, more = wider
            tiers.append(more & ~mine)
        elif not others:
            tiers.append(allowed)
    degree = np.mean([worth for _, worth in degrees], axis=0) if degrees else np.ones(len(allowed), np.float32)
    scores: dict[int, float] = {}
    for tier, rows in enumerate(tiers):
        sat = rows & np.logical_and.reduce([sat for sat, _ in degrees]) if degrees else rows
        worth = asked.worth(rows, degree + sat, changes)
        ranked = sorted(worth, key=lambda row: (not sat[row], -worth[row], row))
        for row in ranked:
            top = WHOLE_FROM if sat[row] and not tier else 0.0
            scores[row] = round(top + UNDER * worth[row] * (0.5 if tier else 1.0), 6)
    outcomes = [
        Outcome(change, int((sat & mine).sum()), [] if (sat & mine).any() else asked.nearest(change, worth, mine))
        for change, (sat, worth) in zip(moving, degrees, strict=True)
    ]
    return Found(scores, int(whole.sum()), kind, others, beyond, outcomes)


def _of_kind(asked: Degrees, changes: Changes, allowed: BoolArray) -> tuple[Kind, BoolArray]:
    """The kind that stays and its rows; the kind asked for, where another one is; everything where nobody knows."""
    index, anchor = asked.index, asked.anchor
    wanted = [change for change in changes.asked if change.what == "kind" and not change.denied]
    mine = index.kinds.within(anchor.kind, len(allowed)) if anchor.kind else np.zeros(len(allowed), np.bool_)
    for change in wanted:
        sure = index.sureness(change.terms, len(allowed))
        is_that = (sure >= OF_KIND * sure.max(initial=0.0)) & (sure > 0)
        if is_that.any() and not (anchor.row >= 0 and is_that[anchor.row]):
            return (change.words,), allowed & is_that
    kind = anchor.kind
    while kind and not (mine & allowed).any() and len(kind) > 1:
        kind = kind[:-1]
        mine = index.kinds.within(kind, len(allowed))
    if not anchor.kind:
        return (), allowed
    return (kind, mine & allowed) if (mine & allowed).any() else (anchor.kind, mine & allowed)


def _wider(index: SearchIndex, kind: Kind, allowed: BoolArray, mine: BoolArray) -> tuple[Kind, BoolArray] | None:
    """The next level up with more in it, where it is called by a thing: "Boots", not "Home" or "Women"."""
    for depth in range(len(kind) - 1, 0, -1):
        level = kind[:depth]
        if not names_a_thing(level[-1].removeprefix("kind."), index.languages):
            continue
        rows = index.kinds.within(level, len(allowed)) & allowed
        if rows.sum() > mine.sum():
            return level, rows
    return None
