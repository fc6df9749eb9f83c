"""Evidence by leaving out, for members that have none at hand: as last_mile/reasons_left_out.py, on packed members.

Shapes   T events, P products left out, K items of a list.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bottega.models.recommend.answering.member import Asked, Desk, Member
from bottega.models.recommend.base import Evidence
from bottega.models.recommend.last_mile.reasons_left_out import CONTEXT, evidence_of_losses, losses, newest_products
from bottega.names import FloatArray, IntArray

__all__ = ["left_out", "rows_without", "scores_without"]


def left_out(asked: Asked, items: IntArray, score: Callable[[Asked, IntArray], FloatArray]) -> list[list[Evidence]]:
    """What speaks for each of `items` [K]: `score` says [P + 1, K] what they score by the newest events, and by these
    without each product that stands at some positions [P] of them."""
    recent = asked.last(CONTEXT)
    if not len(recent):
        return [[] for _ in range(len(items))]
    positions = newest_products(recent.items)
    lost_PK = losses(score(recent, positions))
    return evidence_of_losses(positions + (len(asked) - len(recent)), lost_PK)


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
