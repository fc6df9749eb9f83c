"""Cuts histories into what a model learns from and what it is asked: nothing after a cut is seen before it.

Two protocols. `last_out` asks for each shopper's last item; published work on the Amazon files does so. `by_time`
cuts the whole shop at one moment, as in life: a model trained on Sunday is asked about Monday. In both, a shopper is
only asked for items that are new to them, and each item counts once a shopper, at its first occurrence. Whether an
event is a first occurrence depends on earlier events alone, so nothing leaks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bottega.datasets.arrays import Histories, Holdout
from bottega.errors import EventsTooFew
from bottega.names import LongArray

__all__ = ["Split", "by_time", "first_occurrences", "last_out", "shuffle_ties", "some_last_out"]


@dataclass(frozen=True, slots=True)
class Split:
    """What to learn from and what to ask.

    `train` holds every shopper, perhaps with nothing. `holdout` is for early stopping and weights, `test` for the
    published figure only. `holdout_shoppers` and `test_shoppers` are the rows of `train` that the questions belong
    to; `holdout.inputs` equals `train.take(holdout_shoppers)`, while `test.inputs` also hold what happened in the
    validation period: as history, never as something learnt. `cuts_ms` are the two moments of `by_time`: validation
    begins at the first, test at the second.
    """

    name: str
    train: Histories
    holdout: Holdout
    test: Holdout
    holdout_shoppers: LongArray
    test_shoppers: LongArray
    cuts_ms: tuple[int, int] | None = None

    @property
    def unseen_targets(self) -> float:
        """Share of test targets that nobody has in `train`: only a model that reads features can find those."""
        seen = np.zeros(self.train.n_items, dtype=bool)
        seen[self.train.items] = True
        return float(np.mean(~seen[self.test.targets])) if len(self.test) else 0.0


def first_occurrences(histories: Histories) -> Histories:
    """Each item once a shopper, where it first stands.

    >>> first_occurrences(Histories.from_lists([[3, 1, 3, 1, 2], []], n_items=4)).row(0).tolist()
    [3, 1, 2]
    """
    _, first = np.unique(histories.shoppers * histories.n_items + histories.items, return_index=True)
    keep = np.zeros(histories.n_events, dtype=bool)
    keep[first] = True
    return histories.keep(keep)


def shuffle_ties(histories: Histories, rng: np.random.Generator) -> Histories:
    """Events of one shopper at the same moment in random order.

    Where times are whole days, files often list a day's events in a fixed item order. An order-aware model then learns
    the order of the file and looks better than it is; a shuffle takes that away.
    """
    order = np.lexsort((rng.random(histories.n_events), histories.times, histories.shoppers))
    return Histories(
        histories.offsets, histories.items[order], histories.kinds[order], histories.times[order], histories.n_items
    )


def last_out(histories: Histories, *, rng: np.random.Generator | None = None) -> Split:
    """Leave each shopper's last item for test and the one before for validation.

    Source   The usual protocol on the Amazon files, e.g. Kang & McAuley 2018, https://arxiv.org/abs/1808.09781,
             section 4.1.
    Edges    A shopper with fewer than three different items is learnt from and never asked. With `rng`, events at the
             same moment are shuffled first. Raises `EventsTooFew` when nobody can be asked.
    """
    once = first_occurrences(histories if rng is None else shuffle_ties(histories, rng))
    asked = np.flatnonzero(once.lengths >= 3)
    if not len(asked):
        raise EventsTooFew(
            f"None of {len(once)} shoppers has three different products.",
            allowed="Leaving the last out asks shoppers with three or more.",
            next_step="Import more events, or collect them for longer.",
        )
    from_end = np.repeat(once.offsets[1:], once.lengths) - np.arange(once.n_events)
    long_enough = np.repeat(once.lengths >= 3, once.lengths)
    train = once.keep(~long_enough | (from_end > 2))
    ends = once.offsets[asked + 1]
    return Split(
        "last",
        train,
        Holdout(train.take(asked), once.items[ends - 2]),
        Holdout(once.take(asked).without_last(1), once.items[ends - 1]),
        asked,
        asked,
    )


def by_time(
    histories: Histories, *, share: float = 0.1, at_ms: int | None = None, rng: np.random.Generator | None = None
) -> Split:
    """Cut the whole shop at two moments: train before the first, validation up to the second, test from there on.

    The test period holds the newest `share` of events, or begins at `at_ms`; the validation period holds about as
    many events before it. The target of a shopper is their first new item in a period; their input is all before it.

    Source   "Global temporal split" of Meng et al. 2020, https://arxiv.org/abs/2007.13237, with one target a shopper.
    Edges    Shoppers with nothing before a cut are not asked there. Events at one moment stay on one side of a cut.
             With `rng`, events at the same moment are shuffled first. Raises `EventsTooFew` when nobody can be asked.
    """
    assert 0 < share < 0.5
    once = first_occurrences(histories if rng is None else shuffle_ties(histories, rng))
    times = np.sort(once.times)
    wanted = int(len(times) * share)
    test_ms = int(times[len(times) - max(wanted, 1)]) if at_ms is None and len(times) else int(at_ms or 0)
    before = times[: np.searchsorted(times, test_ms)]
    valid_ms = int(before[len(before) - min(max(wanted, 1), len(before))]) if len(before) else test_ms
    holdout, holdout_shoppers = _questions(once, valid_ms, test_ms)
    test, test_shoppers = _questions(once, test_ms, None)
    if not len(test):
        raise EventsTooFew(
            f"No shopper has events both before and after {_moment(test_ms)}.",
            allowed=f"{once.n_events} events run from {_moment(times[0])} to {_moment(times[-1])}."
            if len(times)
            else "There are no events at all.",
            next_step="Import events over a longer time, or leave the last item of each shopper out instead.",
        )
    train = once.keep(once.times < valid_ms)
    return Split("time", train, holdout, test, holdout_shoppers, test_shoppers, (valid_ms, test_ms))


def _questions(once: Histories, from_ms: int, to_ms: int | None) -> tuple[Holdout, LongArray]:
    inside = once.times >= from_ms
    if to_ms is not None:
        inside &= once.times < to_ms
    shoppers, first = np.unique(once.shoppers[inside], return_index=True)
    targets = once.items[inside][first]
    inputs = once.keep(once.times < from_ms)
    known = inputs.lengths[shoppers] > 0
    return Holdout(inputs.take(shoppers[known]), targets[known]), shoppers[known]


def _moment(ms: int) -> str:
    return f"{np.datetime64(int(ms), 'ms')} UTC"


def some_last_out(
    histories: Histories, *, share: float, most: int, rng: np.random.Generator
) -> tuple[Histories, Holdout]:
    """Histories without the last event of some shoppers, and those events as questions."""
    able = np.flatnonzero(histories.lengths >= 2)
    count = min(int(len(able) * share), most)
    chosen = np.sort(rng.permutation(able)[:count])
    last = histories.offsets[chosen + 1] - 1
    keep = np.ones(histories.n_events, dtype=np.bool_)
    keep[last] = False
    rest = histories.keep(keep)
    return rest, Holdout(rest.take(chosen), histories.items[last])
