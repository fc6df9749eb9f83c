"""Synthetic shoppers: histories that nobody has, drawn one event at a time from what a model says comes next.

Idea     A shopper is an agent. Memory: its own events so far, which the recommender scores again before every step.
         Taste: a first product drawn from how histories begin, a price level, and whatever its memory grows into.
         Budget: a purse; what it cannot pay for it only looks at. Fatigue: visits end, and what was seen palls.
         Scores become chances by a softmax; its temperature, what a look back costs and how often a shopper follows
         no model at all are those under which held-out events are likeliest.
Source   Boltzmann choice (McFadden 1974, Conditional logit analysis) over a recommender's scores; agents with profile
         and memory: RecAgent, Wang et al. 2023, https://arxiv.org/abs/2306.02552, section 3, here without a language
         model.
Serves   `bottega simulate`: tests of a shop under load, and data where there is little.
Costs    One answer of the recommender for each event, 10*B*I bytes in a batch of B shoppers.
Shapes   B shoppers of a batch, S shoppers, N events, I items, T a shopper's events so far.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.arrays import Histories, Holdout
from bottega.models.recommend.base import Recommender
from bottega.models.recommend.synthetic_habits import Habits
from bottega.names import BoolArray, FloatArray, Int8Array, IntArray, KindCode, LongArray
from bottega.progress import Progress, silent

__all__ = ["Choice", "calibrate", "draw_shoppers"]

_CELLS = 6_000_000
"""Most scores held at once."""
_MEMORY = 50
"""Newest own events that a shopper's next step is scored by."""
_LEAST = 1e-12
"""Chance of what nobody expects, so that something is drawn where all that is likely is off the shelf."""
_TEMPERATURES = (0.1, 0.2, 0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0, 5.0)
_PALLS = (0.0, -1.0, -2.0, -4.0, -8.0, -30.0)
_STRAYS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True, slots=True)
class Choice:
    """How scores become chances: softmax((score or its logarithm) / `temperature` + `pall` * times seen).

    `logarithm`: whether chances follow powers of the score. `stray`: share of steps that follow popularity instead.
    `log_likelihood`: mean logarithm of the chance of a held-out event under this; -inf where nothing was held out.
    """

    temperature: float = 1.0
    pall: float = -30.0
    stray: float = 0.1
    logarithm: bool = False
    log_likelihood: float = -np.inf

    def chances(
        self, scores: FloatArray, seen: FloatArray, popularity: FloatArray, odds: FloatArray | None = None
    ) -> FloatArray:
        """Chances [B, I] out of scores [B, I], times seen [B, I], popularity [I] and log odds of tastes [B, I]."""
        by_model, by_popularity = self.both(scores, seen, popularity, odds)
        return (1 - self.stray) * by_model + self.stray * by_popularity

    def both(
        self, scores: FloatArray, seen: FloatArray, popularity: FloatArray, odds: FloatArray | None = None
    ) -> tuple[FloatArray, FloatArray]:
        """The chances of one who follows the model, and of one who follows popularity.

        Where the model has nothing to say (-inf throughout), popularity speaks in its place.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            logits = np.where(scores > 0, np.log(scores), -np.inf) if self.logarithm else scores
        extra = self.pall * seen if odds is None else self.pall * seen + odds
        by_model = _softmax(logits / self.temperature + extra)
        by_popularity = _softmax(np.log(np.maximum(popularity, 1e-12)) + extra)
        mute = by_model.sum(axis=1) == 0
        by_model[mute] = by_popularity[mute]
        return by_model, by_popularity


def _softmax(logits: FloatArray) -> FloatArray:
    """Rows [B, I] that add up to 1, or to 0 where nothing is finite."""
    top = logits.max(axis=1, keepdims=True)
    weights = np.exp(logits - np.where(np.isfinite(top), top, 0.0))
    shares: FloatArray = (weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-30)).astype(np.float32)
    return shares


def _times_seen(histories: Histories) -> FloatArray:
    """How often each history holds each item [B, I]."""
    seen = np.zeros((len(histories), histories.n_items), dtype=np.float32)
    np.add.at(seen, (histories.shoppers, histories.items), 1.0)
    return seen


def calibrate(model: Recommender, habits: Habits, holdout: Holdout, *, most: int = 400) -> Choice:
    """The choice under which the answers of `holdout` (never learnt from) are likeliest; one setting after the other.

    Scores of different models have different units, so temperatures are tried as multiples of the scores' deviation
    among each shopper's best hundred.
    """
    inputs, targets = holdout.inputs.take(slice(0, most)), holdout.targets[:most]
    if not len(inputs):
        return Choice()
    scores = np.concatenate(
        [model.score(inputs.take(rows).last(_MEMORY)) for rows in _batches(len(inputs), inputs.n_items)]
    )
    seen = _times_seen(inputs)

    def likeliest(*trials: Choice) -> Choice:
        return max((_with_stray(each, scores, seen, habits.popularity, targets) for each in trials), key=_likelihood)

    found = []
    amounts = bool((scores[np.isfinite(scores)] >= 0).all())
    for logarithm in [False, True] if amounts else [False]:
        warmth = [Choice(share * _spread(scores, logarithm), -2.0, 0.0, logarithm) for share in _TEMPERATURES]
        best = likeliest(*warmth)
        best = likeliest(*(replace(best, pall=pall) for pall in _PALLS))
        found.append(likeliest(*(replace(best, temperature=each.temperature) for each in warmth)))
    return max(found, key=_likelihood)


def _likelihood(choice: Choice) -> float:
    return choice.log_likelihood


def _spread(scores: FloatArray, logarithm: bool) -> float:
    """The median over shoppers of the deviation among their best hundred scores (or logarithms of scores above 0)."""
    best = -np.partition(-scores, min(100, scores.shape[1] - 1), axis=1)[:, :100]
    spoken = np.isfinite(best) & ((best > 0) | (not logarithm))
    enough = spoken.sum(axis=1) > 1
    if not enough.any():
        return 1.0
    values = np.where(spoken, best, np.nan)[enough]
    return max(float(np.median(np.nanstd(np.log(values) if logarithm else values, axis=1))), 1e-6)


def _with_stray(
    trial: Choice, scores: FloatArray, seen: FloatArray, popularity: FloatArray, targets: IntArray
) -> Choice:
    """The trial with its best share of strays, and how likely the targets are then."""
    by_model, by_popularity = np.zeros((2, len(targets)))
    for rows in _batches(len(targets), scores.shape[1]):
        each = trial.both(scores[rows], seen[rows], popularity)
        place = np.arange(len(rows)), targets[rows]
        by_model[rows], by_popularity[rows] = each[0][place], each[1][place]
    trials = [
        replace(trial, stray=s, log_likelihood=float(np.log((1 - s) * by_model + s * by_popularity + 1e-12).mean()))
        for s in _STRAYS
    ]
    return max(trials, key=_likelihood)


def draw_shoppers(
    model: Recommender,
    habits: Habits,
    choice: Choice,
    *,
    shoppers: int,
    rng: np.random.Generator,
    allowed: BoolArray | None = None,
    progress: Progress = silent,
) -> Histories:
    """So many histories that nobody has; `allowed` [I] limits what may be chosen. The same seed, the same shoppers."""
    offsets, times, kinds = habits.plan(shoppers, rng)
    n_items = len(habits.popularity)
    items = np.zeros(len(times), dtype=np.int32)
    shelf = np.ones(n_items, dtype=np.bool_) if allowed is None else allowed
    assert shelf.any()
    begin = np.where(shelf, habits.first_items + _LEAST, 0.0)
    taste = habits.prices.draw(shoppers, rng) if habits.prices else None
    purse = habits.prices.purse.draw(shoppers, rng) if habits.prices else None
    if shoppers and len(times):
        items[offsets[:-1]] = _draw(np.broadcast_to(begin, (1, n_items)), rng, shoppers)
    lengths = np.diff(offsets)
    made = 0
    for step in range(int(lengths.max(initial=0))):
        alive = np.flatnonzero(lengths > step)
        for rows in (alive[batch] for batch in _batches(len(alive), n_items)):
            now = offsets[rows] + step
            if step:
                memory = _so_far(offsets[rows], step, items, kinds, times, n_items)
                odds = None if taste is None or habits.prices is None else habits.prices.log_odds(taste[rows])
                scores = model.score(memory.last(_MEMORY))
                chances = choice.chances(scores, _times_seen(memory), habits.popularity, odds)
                items[now] = _draw(np.where(shelf, chances + _LEAST, 0.0), rng)
            if purse is not None and habits.prices is not None:
                _pay(now, rows, items, kinds, purse, habits.prices.prices)
            made += len(rows)
            progress("drawing shoppers", made, len(times))
    return Histories(offsets, items, kinds, times, n_items)


def _batches(count: int, n_items: int) -> Iterator[LongArray]:
    """Numbers 0 to `count`, few enough at a time."""
    size = max(1, _CELLS // max(1, n_items))
    for start in range(0, count, size):
        yield np.arange(start, min(start + size, count))


def _so_far(
    starts: LongArray, step: int, items: IntArray, kinds: Int8Array, times: LongArray, n_items: int
) -> Histories:
    """The first `step` events of the histories that begin at `starts`."""
    where = (starts[:, None] + np.arange(step)).ravel()
    offsets = np.arange(len(starts) + 1, dtype=np.int64) * step
    return Histories(offsets, items[where], kinds[where], times[where], n_items)


def _draw(chances: FloatArray, rng: np.random.Generator, count: int = 1) -> IntArray:
    """An item for each row [B, I] by its chances, or `count` for the only row."""
    sums = np.cumsum(chances, axis=1, dtype=np.float64)
    marks = rng.random(max(len(sums), count)) * sums[:, -1]
    if count > 1:
        return np.searchsorted(sums[0], marks, side="right").astype(np.int32)
    drawn: IntArray = (sums <= marks[:, None]).sum(axis=1).astype(np.int32)
    return drawn


def _pay(
    now: LongArray,
    rows: LongArray,
    items: IntArray,
    kinds: Int8Array,
    purse: NDArray[np.float64],
    prices: FloatArray,
) -> None:
    """Take purchases out of the purses; what costs more than is left is only viewed. An empty purse buys no more."""
    buys = kinds[now] == KindCode.PURCHASE
    cost = np.nan_to_num(prices[items[now]])
    short = buys & (cost > purse[rows])
    kinds[now[short]] = KindCode.VIEW
    purse[rows] -= np.where(buys & ~short, cost, 0.0)
