"""Evidence by leaving out, for members that have none at hand: as last_mile/reasons_left_out.py, on packed members.

Shapes   T events, P products left out, K items of a list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from bottega.models.recommend.answering.member import Asked, Desk, Member
from bottega.models.recommend.base import Evidence
from bottega.models.recommend.last_mile.reasons_left_out import CONTEXT, evidence_of_losses, losses, newest_products
from bottega.names import FloatArray, IntArray

__all__ = ["left_out", "scores_of"]


def left_out(
    asked: Asked, items: IntArray, score: Callable[[Sequence[Asked]], Sequence[FloatArray]]
) -> list[list[Evidence]]:
    """What `score` says of `items` [K] to the newest events, and with each of the newest products gone in turn."""
    recent = asked.last(CONTEXT)
    if not len(recent):
        return [[] for _ in range(len(items))]
    positions = newest_products(recent.items)
    rows = [recent, *(recent.keep(recent.items != recent.items[position]) for position in positions.tolist())]
    lost_PK = losses(np.stack(score(rows)))
    at = positions + (len(asked) - len(recent))
    return [evidence_of_losses(at, lost_PK[:, k]) for k in range(len(items))]


def scores_of(member: Member, asked: Asked, items: IntArray, desk: Desk) -> FloatArray:
    """What a member says of some items [K] to a history."""
    found = np.empty(len(items), np.float32)
    voice = member.speak(asked, member.hear(asked), desk)
    voice.scores(items, found)
    voice.close(desk)
    return found
