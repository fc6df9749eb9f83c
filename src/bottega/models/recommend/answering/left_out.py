"""Evidence by leaving out, for members that have none at hand: as last_mile/reasons_left_out.py, on packed members.

What a member makes of a history without one of its products follows from the history alone, so it is kept with what it
heard (`Heard`): the next list for the same shopper needs only the scores.
Shapes   T events, P products left out, K items of a list, E products named for an item.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

import numpy as np

from bottega.models.blocks.jit import kernel
from bottega.models.recommend.answering.member import Asked, Desk, Member
from bottega.models.recommend.base import Evidence
from bottega.models.recommend.last_mile.reasons_left_out import CONTEXT, TELLING, newest_products
from bottega.names import FloatArray, IntArray

__all__ = ["Heard", "evidence_of_scores", "left_out", "newest_left_out", "rows_without", "scores_without"]

NAMED = 3
"""Most products named as evidence for an item."""
_T = TypeVar("_T")
_P = TypeVar("_P")


class Heard(Generic[_T, _P]):
    """What follows from a history as a `whole`, and what follows from it with products left out, once that is asked
    for."""

    __slots__ = ("_without", "whole")

    def __init__(self, whole: _T) -> None:
        self.whole = whole
        self._without: _P | None = None

    def without(self, make: Callable[[], _P]) -> _P:
        """What `make` makes; made the first time."""
        found = self._without
        if found is None:
            found = self._without = make()
        return found


def newest_left_out(asked: Asked) -> tuple[Asked, IntArray]:
    """The newest events of a history, and the positions [P] among them of the products that are left out in turn."""
    recent = asked.last(CONTEXT)
    return recent, newest_products(recent.items)


def left_out(asked: Asked, items: IntArray, score: Callable[[Asked, IntArray], FloatArray]) -> list[list[Evidence]]:
    """What speaks for each of `items` [K]: `score` says [P + 1, K] what they score by the newest events, and by these
    without each product that stands at some positions [P] of them."""
    recent, positions = newest_left_out(asked)
    if not len(recent):
        return [[] for _ in range(len(items))]
    return evidence_of_scores(positions + (len(asked) - len(recent)), score(recent, positions))


def evidence_of_scores(positions: IntArray, scores: FloatArray) -> list[list[Evidence]]:
    """What `evidence_of_losses(positions, losses(scores))` says, a kernel for both."""
    shape = (scores.shape[1], NAMED)
    places, lost = np.empty(shape, np.int32), np.empty(shape, np.float32)
    _strongest(np.ascontiguousarray(scores, np.float32), TELLING, places, lost)
    at = positions.tolist()
    return [
        [Evidence(at[place], weight) for place, weight in zip(told, weights, strict=True) if place >= 0]
        for told, weights in zip(places.tolist(), lost.tolist(), strict=True)
    ]


@kernel
def _strongest(scores: FloatArray, telling: float, places: IntArray, lost: FloatArray) -> None:
    """Without which products each item loses most [K, E], the strongest first, -1 for none; `scores` [P + 1, K]."""
    named = places.shape[1]
    for k in range(scores.shape[1]):
        for e in range(named):
            places[k, e] = -1
            lost[k, e] = 0.0
        if not np.isfinite(scores[0, k]):
            continue
        whole = np.float64(scores[0, k])
        for p in range(scores.shape[0] - 1):
            rest = np.float64(scores[p + 1, k])
            loss = np.float32(whole - rest if np.isfinite(rest) else abs(whole) + 1.0)
            if loss <= 0.0:
                continue
            e = named
            while e > 0 and loss > lost[k, e - 1]:
                e -= 1
            for later in range(named - 1, e, -1):
                places[k, later], lost[k, later] = places[k, later - 1], lost[k, later - 1]
            if e < named:
                places[k, e], lost[k, e] = p, loss
        least = np.float32(telling) * lost[k, 0]
        for e in range(named):
            if lost[k, e] <= least:
                places[k, e] = -1


def rows_without(asked: Asked, positions: IntArray) -> list[Asked]:
    """A history, and the same without each product that stands at one of some positions [P]."""
    return [asked, *(asked.keep(asked.items != asked.items[position]) for position in positions.tolist())]


def scores_without(member: Member, asked: Asked, positions: IntArray, items: IntArray, desk: Desk) -> FloatArray:
    """What a member says of some items to each of `rows_without` [P + 1, K]."""
    found = np.empty((len(positions) + 1, len(items)), np.float32)
    for row, into in zip(rows_without(asked, positions), found, strict=True):
        voice = member.speak(row, member.hear(row), desk)
        voice.scores(items, into)
        voice.close(desk)
    return found
