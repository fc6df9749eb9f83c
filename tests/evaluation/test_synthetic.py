"""What synthetic histories teach, and how much of real ones they hold."""

from __future__ import annotations

import numpy as np
import pytest

from bottega.datasets.arrays import Features, Histories
from bottega.datasets.splits import last_out
from bottega.evaluation.synthetic import before_questions, copied, gap, longest_runs, privacy, together
from bottega.models.recommend.counted.transitions import Transitions

N_ITEMS = 40


def histories(*rows: list[int]) -> Histories:
    return Histories.from_lists(rows, n_items=N_ITEMS)


def walkers(shoppers: int, step: int, seed: int) -> Histories:
    rng = np.random.default_rng(seed)
    starts, lengths = rng.integers(0, N_ITEMS, shoppers), rng.integers(4, 8, shoppers)
    return histories(
        *([(start + step * i) % N_ITEMS for i in range(length)] for start, length in zip(starts, lengths, strict=True))
    )


def longest_by_hand(row: list[int], others: list[list[int]]) -> int:
    found = 0
    for start in range(len(row)):
        for end in range(start + 1, len(row) + 1):
            part = row[start:end]
            if any(part == other[at : at + len(part)] for other in others for at in range(len(other))):
                found = max(found, len(part))
    return found


def test_the_longest_run_is_that_of_a_search_by_hand() -> None:
    rng = np.random.default_rng(0)
    made = [rng.integers(0, 3, rng.integers(0, 9)).tolist() for _ in range(40)]
    real = [rng.integers(0, 3, rng.integers(0, 9)).tolist() for _ in range(6)]
    found = longest_runs(histories(*made), histories(*real))
    assert found.tolist() == [longest_by_hand(row, real) for row in made]


def test_a_run_ends_where_a_history_does() -> None:
    found = copied(histories([1, 2], [3, 4]), histories([9, 1, 2, 3, 4]))
    assert found.longest == 2 and found.shares[2] == 1.0
    assert copied(histories([1, 2, 3, 4]), histories([1, 2], [3, 4])).longest == 2
    assert copied(histories(), histories([1])).mean == 0.0


def test_a_copier_is_caught_and_an_honest_one_is_not() -> None:
    rng = np.random.default_rng(1)
    real = histories(*(rng.integers(0, N_ITEMS, 8).tolist() for _ in range(200)))
    honest = histories(*(rng.integers(0, N_ITEMS, 8).tolist() for _ in range(100)))
    fair = privacy(honest, real, rng=np.random.default_rng(0))
    assert fair.synthetic.longest <= fair.chance.longest + 1
    assert fair.synthetic.mean == pytest.approx(fair.chance.mean, abs=0.3)
    caught = privacy(real, real, rng=np.random.default_rng(0))
    assert caught.synthetic.longest == 8 and not caught.kept and caught.synthetic.shares[5] > 0.3
    assert caught.as_dict()["kept"] is False and set(caught.as_dict()) == {"synthetic", "chance", "kept"}


def test_good_synthetic_histories_close_the_gap_and_bad_ones_do_not() -> None:
    split = last_out(walkers(200, 1, seed=0))
    features = Features.empty(N_ITEMS)
    good = gap(Transitions, split, walkers(200, 1, seed=5), features, rng=np.random.default_rng(0))
    bad = gap(Transitions, split, walkers(200, 7, seed=5), features, rng=np.random.default_rng(0))
    real = good.measures["real"]["recall@10"].mean
    assert good.model == "transitions" and good.shoppers == len(split.test)
    assert real > 0.9 and good.measures["synthetic"]["recall@10"].mean > 0.9
    assert bad.measures["synthetic"]["recall@10"].mean < 0.5
    assert bad.measures["real"]["recall@10"].mean == real
    assert list(good.as_dict()["measures"]) == ["real", "synthetic", "both"]


def test_a_simulator_sees_repeats_and_nothing_from_the_first_question_on() -> None:
    shown = before_questions(one := histories([1, 1, 2, 1, 3, 4, 4, 3], [5, 6]), last_out(one))
    assert shown.row(0).tolist() == [1, 1, 2, 1] and shown.row(1).tolist() == [5, 6]


def test_together_has_the_shoppers_of_both() -> None:
    both = together(histories([1, 2], []), histories([3]))
    assert [both.row(shopper).tolist() for shopper in range(3)] == [[1, 2], [], [3]]
