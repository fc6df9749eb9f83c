"""How it is judged what goes with what: on people whose photos were not learnt from, five folds by photo.

AUC: the probability that two garments of one person score above one of them beside a garment of the same slot of
someone else. Fill in the blank: one garment of a person is hidden and has to be told from three of its slot.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from bottega.models.vision.outfits import Garments, Outfits, OutfitsConfig
from bottega.models.vision.outfits_recipe import People
from bottega.models.vision.outfits_training import pairs_within
from bottega.names import BoolArray, IntArray
from bottega.progress import Progress, silent

__all__ = ["CHOICES", "POPULAR", "SEED", "SHIPS", "VARIANTS", "judge_outfits", "means"]

FOLDS, CHOICES, NEGATIVES, SEED = 5, 4, 3, 0
LIGHT_TRIES = 12
"""Negatives of like light are the likest of so many."""
VARIANTS = {
    "vectors and colours": OutfitsConfig(),
    "vectors, no colours": OutfitsConfig(colours=False),
    "colours, no vectors": OutfitsConfig(vectors=False),
}
"""What is judged."""
SHIPS = "vectors and colours"
"""Which of them ships."""
POPULAR = "popular colour"
Scores = NDArray[np.float64]


def negatives(people: People, pairs: IntArray, rng: np.random.Generator, *, like_light: bool) -> IntArray:
    """Each pair `NEGATIVES` times with one side replaced by a garment of its slot of another person."""
    rows = np.repeat(pairs, NEGATIVES, axis=0)
    for row, side in zip(rows, rng.integers(0, 2, len(rows)).tolist(), strict=True):
        slot, person = people.garments.slots[row[side]], people.person[row[side]]
        pool = np.flatnonzero((people.garments.slots == slot) & (people.person != person))
        drawn = rng.choice(pool, LIGHT_TRIES if like_light else 1)
        apart = np.square(people.light[drawn] - people.light[row[side]]).sum(axis=1)
        row[side] = drawn[apart.argmin()]
    return rows


def auc(right: Scores, wrong: Scores) -> float:
    """The probability that a right pair scores above a wrong one; ties count half."""
    ranks = rankdata(np.concatenate([right, wrong]))[: len(right)]
    return float((ranks.sum() - len(right) * (len(right) + 1) / 2) / (len(right) * len(wrong)))


def blanks(people: People, table: Scores, rng: np.random.Generator) -> Scores:
    """For each garment [N] whether it was told from `CHOICES` - 1 others of its slot, ties shared; NaN where the person
    wears nothing else. `table` [N, N]: how well two garments go together."""
    found = np.full(len(people.person), np.nan)
    slots = people.garments.slots
    for row in range(len(found)):
        beside = np.flatnonzero((people.person == people.person[row]) & (slots != slots[row]))
        pool = np.flatnonzero((people.person != people.person[row]) & (slots == slots[row]))
        if len(beside) and len(pool) >= CHOICES:
            choices = np.concatenate([[row], rng.choice(pool, CHOICES - 1, replace=False)])
            values = table[np.ix_(beside, choices)].mean(axis=0)
            best = np.flatnonzero(values == values.max())
            found[row] = 1 / len(best) if 0 in best else 0.0
    return found


def popular_colour(learnt: Garments, asked: Garments) -> Scores:
    """How common each garment's main colour is in its slot [N, N], the same beside every other."""

    def bins(garments: Garments) -> list[tuple[int, ...]]:
        lab = np.floor(garments.colours[:, :3] / (20, 15, 15)).astype(int)
        return [(int(slot), *row) for slot, row in zip(garments.slots, lab.tolist(), strict=True)]

    seen = dict(zip(*np.unique(np.array([str(one) for one in bins(learnt)]), return_counts=True), strict=True))
    worth: Scores = np.array([float(seen.get(str(one), 0)) for one in bins(asked)])
    return np.asarray(worth[None, :] + worth[:, None], dtype=np.float64)


def calibration_error(probability: Scores, true: BoolArray, bins: int = 10) -> float:
    """Expected calibration error over `bins` bins of equal count."""
    order = np.argsort(probability)
    gaps = [len(part) * abs(probability[part].mean() - true[part].mean()) for part in np.array_split(order, bins)]
    return float(sum(gaps) / len(probability))


def judge_outfits(
    people: People, variants: Mapping[str, OutfitsConfig] = VARIANTS, *, progress: Progress = silent
) -> tuple[dict[str, dict[str, Scores]], float]:
    """Per variant: AUC and AUC in like light of each fold, hits of each garment, calibration; seconds of one fit."""
    rng = np.random.default_rng(SEED)
    folds = np.array_split(rng.permutation(np.unique(people.person)), FOLDS)
    found: dict[str, dict[str, list[Scores]]] = {}
    seconds = []
    for number, fold in enumerate(folds):
        test = np.isin(people.person, fold)
        learnt, asked = (people.take(np.flatnonzero(rows).astype(np.int32)) for rows in (~test, test))
        pairs = pairs_within(asked.person, asked.garments.slots)
        wrong = {
            name: negatives(asked, pairs, np.random.default_rng(number), like_light=name == "auc_like_light")
            for name in ("auc", "auc_like_light")
        }
        tables: dict[str, Scores] = {POPULAR: popular_colour(learnt.garments, asked.garments)}
        for name, config in variants.items():
            progress("judging outfits", number, FOLDS, name)
            started = time.process_time()
            model = Outfits(config).fit(
                learnt.garments,
                pairs_within(learnt.person, learnt.garments.slots),
                rng=np.random.default_rng(SEED),
                groups=learnt.person,
            )
            seconds.append(time.process_time() - started)
            tables[name] = model.logits(asked.garments, asked.garments).astype(np.float64)
        for name, table in tables.items():
            right, false = table[tuple(pairs.T)], {each: table[tuple(rows.T)] for each, rows in wrong.items()}
            drawn = false["auc"][::NEGATIVES]
            chances = 1 / (1 + np.exp(-np.clip(np.concatenate([right, drawn]), -30, 30)))
            values = {each: np.array([auc(right, scores)]) for each, scores in false.items()}
            values["fill_in_the_blank"] = blanks(asked, table, np.random.default_rng(number))
            values["ece"] = np.array([calibration_error(chances, np.arange(len(chances)) < len(right))])
            for each, value in values.items():
                found.setdefault(name, {}).setdefault(each, []).append(value)
    joined = {name: {each: np.concatenate(parts) for each, parts in one.items()} for name, one in found.items()}
    return joined, float(np.mean(seconds))


def means(values: dict[str, Scores]) -> dict[str, float]:
    """The mean of each figure of one variant."""
    return {each: round(float(np.nanmean(value)), 4) for each, value in values.items()}
