"""The newest events as questions: what a model that never saw them would be asked about, had it been in use.

Idea     Cut the shop at one moment among the events that came since a training. What happened before may be learnt
         from; what each shopper took next that was new to them is asked. A model trained before all of it, and one
         trained up to the cut, answer the same questions, and neither has seen an answer.
Differs  From `splits.by_time`, which keeps a validation period and asks for each item once: here a history is what the
         shop would answer from at that moment, repeats included.
Shapes   S shoppers, Q questions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bottega.datasets.arrays import Histories, Holdout
from bottega.datasets.splits import first_occurrences
from bottega.names import BoolArray, LongArray

__all__ = ["NewestQuestions", "newest_questions"]


@dataclass(frozen=True, slots=True)
class NewestQuestions:
    """Questions about the newest part of the events that came since a training."""

    known: Histories
    """Everything that happened before the cut, every shopper [S]."""
    asked: Holdout
    """Histories up to the cut, and what each of these shoppers took next that was new to them [Q]."""
    times: LongArray
    """When they took it [Q], UTC milliseconds."""
    cut_ms: int
    new_events: int
    """Events since the training, on both sides of the cut."""


def newest_questions(
    histories: Histories,
    *,
    since_ms: int,
    share: float,
    most: int,
    rng: np.random.Generator,
    may_ask: BoolArray | None = None,
) -> NewestQuestions:
    """Ask about the newest `share` of the events after `since_ms`, at most so many shoppers, of those who may be asked.

    Events of one moment stay on one side of the cut. Shoppers with nothing before the cut are not asked. `may_ask` [S]
    leaves shoppers out. Where nothing is new there are no questions.
    """
    assert 0 < share < 1
    new = np.sort(histories.times[histories.times > since_ms])
    cut_ms = int(new[int(len(new) * (1 - share))]) if len(new) else since_ms + 1
    known = histories.keep(histories.times < cut_ms)
    once = first_occurrences(histories)
    after = once.times >= cut_ms
    shoppers, first = np.unique(once.shoppers[after], return_index=True)
    able = known.lengths[shoppers] > 0
    if may_ask is not None:
        able &= may_ask[shoppers]
    shoppers, first = shoppers[able], first[able]
    if len(shoppers) > most:
        chosen = np.sort(rng.permutation(len(shoppers))[:most])
        shoppers, first = shoppers[chosen], first[chosen]
    targets, times = once.items[after][first], once.times[after][first]
    return NewestQuestions(known, Holdout(known.take(shoppers), targets), times, cut_ms, len(new))
