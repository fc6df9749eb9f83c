"""Exploration: some places of a list are given by chance, and how great each chance was is told.

Which places is drawn first, each by itself, whatever stands there. For each of them, from the top, one product is drawn
among the best that stand at no other place, by the chances that `experiments/exploration.py` works out. What pins and
rules set, what is new and what fills a short list stays where it is.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from bottega.actions.recommend.list_filling import Candidates, Chosen, FilledList
from bottega.actions.recommend.list_source import ListSource
from bottega.experiments.exploration import chances, drawn, spread
from bottega.models.blocks.best import best
from bottega.models.recommend.last_mile.rules import first_variant
from bottega.shop.floor import Floor

__all__ = ["AMONG", "Explored", "explored"]

AMONG = 20
"""Candidates of a place: the best that stand nowhere else in the list."""
CHANCE = random.Random()
"""Of each process its own."""


class Explored(NamedTuple):
    """A place that was given by chance."""

    place: int
    """From 0."""
    rows: list[int]
    """Products that might have stood there, the best first."""
    scores: list[float]
    propensities: list[float]
    """The chance of each; 1 together."""


def explored(
    floor: Floor,
    filled: FilledList,
    candidates: Candidates,
    share: float,
    *,
    chance: Callable[[], float] = CHANCE.random,
) -> tuple[FilledList, list[Explored]]:
    """The list with about this share of its places given by chance, and these places.

    `chance` draws between 0 and 1, 1 excluded.
    """
    chosen = list(filled.chosen)
    places = [at for at, one in enumerate(chosen) if one.source is ListSource.MODEL and chance() < share]
    if not places:
        return filled, []
    free = {chosen[at].item for at in places}
    fixed = {one.item for one in chosen} - free
    items, values = candidates.pool.items, candidates.values
    order = best(values, len(chosen) + AMONG + len(places)).tolist()
    left: list[tuple[int, int]] = []
    """Places among the candidates with their rows, the best first."""
    for at in order:
        item = int(items[at])
        if item not in fixed and (row := first_variant(floor.shelf.rows_of(item), candidates.rows)) >= 0:
            left.append((at, row))
    if len(left) <= len(places):
        return filled, []
    told: list[Explored] = []
    for place in places:
        among = left[:AMONG]
        where = [at for at, _ in among]
        worth = values[where].astype(np.float64)
        known = floor.shopper_counts[items[where]].astype(np.float64)
        given = chances(worth, spread(known)).tolist()
        number = drawn(given, chance())
        at, row = left.pop(number)
        source = candidates.source(at)
        chosen[place] = Chosen(row, int(items[at]), float(values[at]), source, at)
        told.append(Explored(place, [row for _, row in among], worth.tolist(), given))
    return replace(filled, chosen=chosen), told
