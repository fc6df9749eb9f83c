"""One step more gives what reading the whole history again would give, and every cell and loss learns an order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.models.recommend.walkers import N_ITEMS

from bottega.datasets.arrays import Features, Histories
from bottega.errors import SettingsInvalid
from bottega.models.recommend.base import rank
from bottega.models.recommend.sequence.recurrent import Recurrent, RecurrentConfig, ShopperState
from bottega.names import FloatArray, KindCode

SMALL = RecurrentConfig(width=32, epochs=12, batch_tokens=256, learning_rate=1e-2, embedding_dropout=0.2, gaps=True)


def walks(shoppers: int = 240, seed: int = 0) -> Histories:
    """Everyone walks round the circle of items; whoever waits an hour between two events walks it backwards."""
    rng = np.random.default_rng(seed)
    starts, lengths, slow = (rng.integers(low, high, shoppers) for low, high in ((0, N_ITEMS), (3, 9), (0, 2)))
    rows, times = [], []
    for start, length, hours in zip(starts, lengths, slow, strict=True):
        rows.append([int(start + step * (-1 if hours else 1)) % N_ITEMS for step in range(length)])
        times.append([step * (3_600_000 if hours else 5000) for step in range(length)])
    return Histories.from_lists(rows, n_items=N_ITEMS, times=times)


def shades(n_items: int = N_ITEMS) -> Features:
    return Features.from_attributes([[f"shade={item % N_ITEMS}"] for item in range(n_items)])


def learnt(config: RecurrentConfig = SMALL) -> Recurrent:
    return Recurrent(config).fit(walks(), shades(), rng=np.random.default_rng(1))


@pytest.fixture(scope="module", params=["gru", "lstm"])
def walker(request: pytest.FixtureRequest) -> Recurrent:
    return learnt(replace(SMALL, cell=request.param, blocks=2))


def stepped(model: Recurrent, row: list[int], kinds: list[int], times: list[int]) -> FloatArray:
    """Scores [I] after going through the events one at a time."""
    state = model.begin()
    for position, (item, kind) in enumerate(zip(row, kinds, strict=True)):
        gap_ms = times[position] - times[position - 1] if position else 0
        state = model.step(state, item, KindCode(kind), gap_ms)
    scores: FloatArray = model.score_states([state])[0]
    return scores


@pytest.mark.parametrize(
    "row", [[5], [4, 5, 6, 7], [4, 4, 5, 5, 5, 9], [4, N_ITEMS, 4, 5], [N_ITEMS, 7], list(range(20)) * 4]
)
def test_steps_equal_reading_the_whole_history(walker: Recurrent, row: list[int]) -> None:
    rng = np.random.default_rng(len(row))
    kinds = rng.choice([int(KindCode.VIEW), int(KindCode.PURCHASE)], len(row)).tolist()
    times = np.cumsum(rng.choice([1, 5000, 3_600_000], len(row))).tolist()
    whole = Histories.from_lists([row], n_items=N_ITEMS + 1, kinds=[kinds], times=[times])
    np.testing.assert_allclose(
        stepped(walker, row, kinds, times), walker.score(whole)[0, :N_ITEMS], rtol=1e-4, atol=1e-4
    )


def test_a_step_leaves_the_state_before_as_it_was(walker: Recurrent) -> None:
    first = walker.step(walker.begin(), 4, KindCode.VIEW)
    scores = walker.score_states([first]).copy()
    one, other = walker.step(first, 5, KindCode.VIEW, 5000), walker.step(first, 9, KindCode.VIEW, 5000)
    np.testing.assert_array_equal(walker.score_states([first]), scores)
    together = walker.score_states([one, ShopperState(), other])
    np.testing.assert_allclose(together[[0]], walker.score_states([one]), rtol=1e-5)
    assert np.isneginf(together[1]).all() and not np.allclose(together[0], together[2])


def test_states_live_on_when_products_come(walker: Recurrent) -> None:
    state = walker.step(walker.begin(), 4, KindCode.VIEW)
    model = learnt(replace(SMALL, epochs=1))
    state = model.step(model.begin(), 4, KindCode.VIEW)
    before = model.score_states([state])
    model.extend(Features.from_attributes([[f"shade={item}"] for item in range(N_ITEMS)] + [["shade=3"], []]))
    after = model.score_states([state])
    np.testing.assert_allclose(after[:, :N_ITEMS], before, rtol=1e-5)
    assert np.isfinite(after[0, N_ITEMS]) and np.isneginf(after[0, N_ITEMS + 1])
    state = model.step(state, N_ITEMS, KindCode.VIEW)
    whole = Histories.from_lists([[4, N_ITEMS]], n_items=N_ITEMS + 2, kinds=[[int(KindCode.VIEW)] * 2])
    np.testing.assert_allclose(model.score_states([state]), model.score(whole), rtol=1e-4, atol=1e-4)


def right(model: Recurrent, gap_ms: int, way: int) -> float:
    """How often the item that comes next on the circle stands first."""
    rows = [[(item - 2 * way) % N_ITEMS, (item - way) % N_ITEMS, item] for item in range(N_ITEMS)]
    asked = Histories.from_lists(rows, n_items=N_ITEMS, times=[[0, gap_ms, 2 * gap_ms]] * N_ITEMS)
    best = rank(model, asked, count=1).items[:, 0]
    return float(np.mean(best == (np.arange(N_ITEMS) + way) % N_ITEMS))


def test_either_cell_learns_what_comes_next(walker: Recurrent) -> None:
    assert right(walker, 5000, 1) > 0.9 and right(walker, 3_600_000, -1) > 0.9


def test_bpr_max_learns_it_too() -> None:
    assert right(learnt(replace(SMALL, loss="bpr_max", sampled_items=16, width=64)), 5000, 1) > 0.9


def test_the_time_between_two_events_is_heard() -> None:
    for gaps in (True, False):
        model = learnt(replace(SMALL, gaps=gaps))
        one, other = (
            model.score(Histories.from_lists([[4, 5]], n_items=N_ITEMS, times=[[0, gap_ms]]))
            for gap_ms in (5000, 3_600_000)
        )
        assert np.allclose(one, other) != gaps


def test_files_without_times_count_as_unknown() -> None:
    """Gaps of 0, 1 or 999 ms are the same input, so that a file that counts 0, 1, 2 ms does no harm."""
    model = learnt(replace(SMALL, epochs=2))
    scores = [
        model.score(Histories.from_lists([[4, 5, 6]], n_items=N_ITEMS, times=[[0, gap, 2 * gap]]))
        for gap in (0, 1, 999)
    ]
    np.testing.assert_array_equal(scores[0], scores[1])
    np.testing.assert_array_equal(scores[0], scores[2])


@pytest.mark.parametrize("config", [replace(SMALL, cell="tape"), replace(SMALL, loss="tape")])
def test_a_setting_that_is_not_there_is_answered_with_those_that_are(config: RecurrentConfig) -> None:
    with pytest.raises(SettingsInvalid, match=r"of recurrent is 'tape'\. It is one of (gru, lstm|softmax, bpr_max)"):
        learnt(config)
