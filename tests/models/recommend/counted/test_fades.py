"""A fade is learnt from questions: old events count where they lead to the answer, and not where they mislead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.models.recommend.counted.content import Content
from bottega.models.recommend.counted.fades import FADES, learnt_fade
from bottega.models.recommend.counted.item_neighbours import ItemNeighbours
from bottega.models.recommend.counted.linear_autoencoder import LinearAutoencoder
from bottega.models.recommend.counted.shopper_neighbours import ShopperNeighbours
from bottega.models.recommend.counted.transitions import Transitions
from bottega.names import FloatArray

GROUPS, SIZE = 6, 8
N_ITEMS = GROUPS * SIZE
FAMILIES = [Transitions, ItemNeighbours, LinearAutoencoder, ShopperNeighbours, Content]


def learnt_from() -> Histories:
    """Every shopper stays in one group of products."""
    rng = np.random.default_rng(1)
    rows = [(rng.permutation(SIZE)[:6] + SIZE * (shopper % GROUPS)).tolist() for shopper in range(240)]
    return Histories.from_lists(rows, n_items=N_ITEMS)


def questions(*, old_counts: bool, shoppers: int = 300) -> Holdout:
    """Three products of one group, then two of others; the answer is of the first group, or of the newest's."""
    rng = np.random.default_rng(2)
    rows, targets = [], []
    for _ in range(shoppers):
        taste, stray, newest = rng.permutation(GROUPS)[:3]
        old = (rng.permutation(SIZE) + SIZE * taste).tolist()
        fresh = (rng.permutation(SIZE) + SIZE * newest).tolist()
        rows.append([*old[:3], int(SIZE * stray), fresh[0]])
        targets.append(old[4] if old_counts else fresh[1])
    return Holdout(Histories.from_lists(rows, n_items=N_ITEMS), np.array(targets, dtype=np.int32))


def features() -> Features:
    return Features.from_attributes([[f"group={item // SIZE}", f"shade={item % 3}"] for item in range(N_ITEMS)])


@pytest.mark.parametrize("family", FAMILIES)
def test_each_family_learns_to_hear_the_old_or_the_new(family: type[Any], tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    usual = family().fit(learnt_from(), features(), rng=rng)
    assert usual.fade_ == usual.config.history_decay
    long = family().fit(learnt_from(), features(), rng=rng, holdout=questions(old_counts=True))
    short = family().fit(learnt_from(), features(), rng=rng, holdout=questions(old_counts=False))
    assert short.fade_ <= usual.fade_ < long.fade_
    asked = questions(old_counts=True).inputs.take(slice(0, 1))
    group = slice(int(asked.items[0]) // SIZE * SIZE, (int(asked.items[0]) // SIZE + 1) * SIZE)
    others = np.delete(np.arange(N_ITEMS), np.arange(N_ITEMS)[group])
    scores = long.score(asked)[0]
    assert scores[group].max() > scores[others].max()
    long.save(tmp_path)
    assert family.load(tmp_path).fade_ == long.fade_ >= 0.9


def test_a_family_told_not_to_learn_keeps_its_fade() -> None:
    model = Transitions(Transitions.settings(learn_fade=False))
    model.fit(learnt_from(), features(), rng=np.random.default_rng(0), holdout=questions(old_counts=True))
    assert model.fade_ == model.config.history_decay


def test_evidence_fades_as_the_scores_do() -> None:
    model = Transitions().fit(
        learnt_from(), features(), rng=np.random.default_rng(0), holdout=questions(old_counts=True)
    )
    found = model.evidence(np.array([0, 1, 2, 8], dtype=np.int32), 4, count=4)
    table = model.weights_.toarray()
    assert {each.position: each.weight for each in found} == pytest.approx(
        {at: table[at, 4] * model.fade_ ** (3 - at) for at in range(3)}
    )


def test_a_gain_within_luck_changes_nothing() -> None:
    asked = questions(old_counts=True, shoppers=40)

    def luck(histories: Histories, fade: float) -> FloatArray:
        drawn = np.random.default_rng(int(fade * 10) + len(histories))
        return drawn.random((len(histories), N_ITEMS)).astype(np.float32)

    def better(histories: Histories, fade: float) -> FloatArray:
        scores = luck(histories, 0.0)
        if fade == 0.9:
            scores[np.arange(len(histories)), asked.targets[: len(histories)]] = 2.0
        return scores

    assert learnt_fade(better, asked, usual=0.6) == 0.9 and 0.9 in FADES
    assert learnt_fade(lambda histories, fade: luck(histories, 0.0), asked, usual=0.65) == 0.65
    assert learnt_fade(better, None, usual=0.65) == 0.65
