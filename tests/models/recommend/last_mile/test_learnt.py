"""Where lists had better end, learnt from questions with known answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.errors import ModelFileBroken
from bottega.models.recommend.last_mile.learnt import LastMile, fit_cutoff, usual_spread

ITEMS = 40


class Teller:
    """Scores that fall evenly from a favourite item, but for shoppers who saw item 0: two clear ones, then nothing."""

    name = "teller"
    serves = frozenset({"known shopper"})

    def score(self, histories: Histories) -> np.ndarray:
        scores = np.zeros((len(histories), ITEMS), dtype=np.float32)
        for row in range(len(histories)):
            first = int(histories.row(row)[0])
            scores[row] = np.linspace(1.0, 0.8, ITEMS) if first else np.linspace(0.1, 0.0, ITEMS)
            scores[row, 1:3] = (1.1, 1.05)
        return scores


def asked(count: int = 1200) -> Holdout:
    rng = np.random.default_rng(0)
    clear = np.arange(count) % 2 == 0
    # Who saw item 0 wants one of the two clear items; the others want any of the first thirty.
    targets = np.where(clear, rng.integers(1, 3, count), rng.integers(1, 31, count))
    inputs = Histories.from_lists([[0 if one else 39] for one in clear], n_items=ITEMS)
    return Holdout(inputs, targets.astype(np.int32))


def test_a_list_ends_where_scores_drop() -> None:
    curve = fit_cutoff(Teller(), asked(), rng=np.random.default_rng(0))  # type: ignore[arg-type]
    learnt = LastMile(curve)
    clear = np.concatenate([[1.0, 0.96], np.linspace(0.06, 0.0, 18)]).astype(np.float32)
    even = np.linspace(1.0, 0.5, 20).astype(np.float32)
    assert learnt.worth_showing(clear, 0.2) == 2
    assert learnt.worth_showing(even, 0.2) > 6
    assert learnt.worth_showing(even, 1.0) >= 1
    assert learnt.worth_showing(even, 0.01) >= learnt.worth_showing(even, 0.2) >= learnt.worth_showing(even, 0.6)
    chances = learnt.chances(even)
    assert (np.diff(chances) <= 0).all() and ((chances > 0) & (chances < 1)).all()


def test_the_curve_is_the_one_of_greatest_likelihood() -> None:
    class Even(Teller):
        def score(self, histories: Histories) -> np.ndarray:
            return np.tile(np.linspace(1.0, 0.0, ITEMS, dtype=np.float32), (len(histories), 1))

    rng = np.random.default_rng(1)
    targets = (rng.integers(0, 4, 2000) * 8).astype(np.int32)  # places 1, 9, 17 and 25, each a quarter of the time
    holdout = Holdout(Histories.from_lists([[39]] * 2000, n_items=ITEMS), targets)
    learnt = LastMile(fit_cutoff(Even(), holdout, rng=rng))  # type: ignore[arg-type]
    values = np.linspace(1.0, 0.0, ITEMS, dtype=np.float32)[:39]
    # A logistic fit reproduces the number of answers there are: one in each list.
    assert float(learnt.chances(values).sum()) == pytest.approx(1.0, abs=0.1)


def test_with_too_little_nothing_is_cut(tmp_path: Path) -> None:
    few = asked(30)
    assert fit_cutoff(Teller(), few, rng=np.random.default_rng(0)) == ()  # type: ignore[arg-type]
    none = Holdout(Histories.from_lists([], n_items=ITEMS), np.zeros(0, dtype=np.int32))
    assert fit_cutoff(Teller(), none, rng=np.random.default_rng(0)) == ()  # type: ignore[arg-type]
    assert LastMile().worth_showing(np.ones(7, dtype=np.float32), 0.9) == 7
    assert LastMile((0.0, -1.0, -1.0, 0.0)).worth_showing(np.zeros(0, dtype=np.float32), 0.9) == 0
    assert LastMile.load(tmp_path / "absent.json") == LastMile()


def test_it_is_saved_whole(tmp_path: Path) -> None:
    learnt = LastMile((-3.0, -0.7, -1.0, -0.4), 0.6)
    learnt.save(tmp_path / "last_mile.json")
    assert LastMile.load(tmp_path / "last_mile.json") == learnt
    (tmp_path / "last_mile.json").write_text('{"curve": 3}')
    with pytest.raises(ModelFileBroken, match=r"last_mile\.json"):
        LastMile.load(tmp_path / "last_mile.json")


def test_the_usual_spread_is_the_mean_over_shoppers_who_can_be_told() -> None:
    features = Features.from_attributes([["a"], ["b"], ["a"], []])
    histories = Histories.from_lists([[0, 1], [0, 2], [3], [], [1]], n_items=4)
    assert usual_spread(histories, features, rng=np.random.default_rng(0)) == pytest.approx(0.5, abs=1e-5)
    assert usual_spread(Histories.from_lists([[3]], n_items=4), features, rng=np.random.default_rng(0)) is None
