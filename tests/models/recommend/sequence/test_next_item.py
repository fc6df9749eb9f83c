"""The transformer learns an order, serves newcomers by their attributes, and never listens to the future."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse
from tests.models.recommend.walkers import N_ITEMS, walkers

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.errors import SettingsInvalid
from bottega.models.recommend.base import rank
from bottega.models.recommend.last_mile.reasons_left_out import LeftOut
from bottega.models.recommend.sequence.next_item import NextItem, NextItemConfig
from bottega.names import KindCode

SMALL = NextItemConfig(width=32, blocks=1, epochs=12, batch_tokens=256, learning_rate=1e-2, embedding_dropout=0.2)


def colours(n_items: int = N_ITEMS) -> Features:
    return Features.from_attributes([[f"shade={item % N_ITEMS}"] for item in range(n_items)])


@pytest.fixture(scope="module")
def walker() -> NextItem:
    return NextItem(SMALL).fit(walkers(), colours(), rng=np.random.default_rng(1))


def test_it_learns_which_item_comes_next(walker: NextItem) -> None:
    asked = Histories.from_lists([[(item - 1) % N_ITEMS, item] for item in range(N_ITEMS)], n_items=N_ITEMS)
    first = rank(walker, asked, count=1).items[:, 0]
    assert np.mean(first == (np.arange(N_ITEMS) + 1) % N_ITEMS) > 0.9


def test_sampled_softmax_learns_it_too() -> None:
    config = replace(SMALL, full_softmax_items=10, sampled_items=12, width=64)
    model = NextItem(config).fit(walkers(), colours(), rng=np.random.default_rng(1))
    asked = Histories.from_lists([[(item - 1) % N_ITEMS, item] for item in range(N_ITEMS)], n_items=N_ITEMS)
    first = rank(model, asked, count=1).items[:, 0]
    assert model.vectors_.shape[1] == 32
    assert np.mean(first == (np.arange(N_ITEMS) + 1) % N_ITEMS) > 0.9


def test_a_new_product_is_scored_by_its_attributes(tmp_path: Path) -> None:
    model = NextItem(SMALL).fit(walkers(), colours(), rng=np.random.default_rng(1))
    before = model.score(Histories.from_lists([[4, 5]], n_items=N_ITEMS))
    values = [[f"shade={item}"] for item in range(N_ITEMS)] + [["shade=6"], ["shade=15"], []]
    model.extend(Features.from_attributes(values))
    asked = Histories.from_lists([[4, 5]], n_items=N_ITEMS + 3)
    after = model.score(asked)
    np.testing.assert_allclose(after[:, :N_ITEMS], before, rtol=1e-5)
    assert after[0, N_ITEMS] > after[0, N_ITEMS + 1] and after[0, N_ITEMS + 2] == -np.inf
    model.save(tmp_path)
    np.testing.assert_allclose(NextItem.load(tmp_path).score(asked), after, rtol=1e-5)
    assert np.isfinite(model.score(Histories.from_lists([[N_ITEMS]], n_items=N_ITEMS + 3))[0, 0])


def test_batch_and_single_agree_whatever_the_lengths(walker: NextItem) -> None:
    asked = walkers(30, seed=5)
    together = walker.score(asked)
    for row in range(len(asked)):
        np.testing.assert_allclose(walker.score(asked.take([row]))[0], together[row], rtol=1e-4, atol=1e-4)


def test_view_cart_purchase_of_one_product_is_one_step(walker: NextItem) -> None:
    kinds = [int(KindCode.PURCHASE)] * 2
    stuttered = [int(KindCode.PURCHASE), int(KindCode.VIEW), int(KindCode.ADD_TO_CART), int(KindCode.PURCHASE)]
    once = Histories.from_lists([[4, 5]], n_items=N_ITEMS, kinds=[kinds])
    thrice = Histories.from_lists([[4, 5, 5, 5]], n_items=N_ITEMS, kinds=[stuttered])
    np.testing.assert_allclose(walker.score(once), walker.score(thrice), rtol=1e-5)


def test_old_events_beyond_the_longest_history_count_nothing() -> None:
    model = NextItem(replace(SMALL, epochs=2, max_length=4)).fit(walkers(60), colours(), rng=np.random.default_rng(1))
    short = Histories.from_lists([[2, 3, 4, 5]], n_items=N_ITEMS)
    long = Histories.from_lists([[20, 9, 2, 3, 4, 5]], n_items=N_ITEMS)
    np.testing.assert_allclose(model.score(short), model.score(long), rtol=1e-5)


def test_the_best_epoch_on_the_holdout_is_kept() -> None:
    whole = walkers()
    inputs = whole.without_last()
    holdout = Holdout(inputs, whole.items[whole.offsets[1:] - 1])
    model = NextItem(SMALL).fit(inputs, colours(), rng=np.random.default_rng(1), holdout=holdout)
    report = model.report_
    assert report.marks and max(report.marks) > 0.9
    assert report.best_epoch == report.epochs - len(report.marks) + 1 + int(np.argmax(report.marks))


def test_evidence_names_the_event_that_mattered(walker: NextItem) -> None:
    history = np.array([17, 4, 5], dtype=np.int32)
    found = LeftOut(walker, Histories.from_lists([history.tolist()], n_items=N_ITEMS), [6]).evidence(history, 6)
    assert found[0].position == 2 and found[0].weight > 0


def test_nobody_with_two_events_leaves_it_untrained_but_usable() -> None:
    lonely = Histories.from_lists([[1], [], [2]], n_items=5)
    model = NextItem(SMALL).fit(lonely, Features.empty(5), rng=np.random.default_rng(0))
    scores = model.score(lonely)
    assert np.isfinite(scores[0]).all() and np.isneginf(scores[1]).all() and model.report_.epochs == 0


def test_gated_sums_learn_it_too() -> None:
    model = NextItem(replace(SMALL, block="hstu", blocks=2)).fit(walkers(), colours(), rng=np.random.default_rng(1))
    asked = Histories.from_lists([[(item - 1) % N_ITEMS, item] for item in range(N_ITEMS)], n_items=N_ITEMS)
    first = rank(model, asked, count=1).items[:, 0]
    assert np.mean(first == (np.arange(N_ITEMS) + 1) % N_ITEMS) > 0.9


def test_a_block_that_is_not_there_is_answered_with_those_that_are() -> None:
    with pytest.raises(SettingsInvalid, match=r"block of next_item is 'mamba'\. It is one of attention, hstu\."):
        NextItem(replace(SMALL, block="mamba")).fit(walkers(), colours(), rng=np.random.default_rng(1))


def test_words_and_given_vectors_place_a_new_product() -> None:
    """What an item is, told by its text or by a vector of another room instead of attributes, serves new products."""
    told = np.eye(N_ITEMS, dtype=np.float32)
    new = np.concatenate([told, 9 * told[[6, 15]], np.full((1, N_ITEMS), np.nan, dtype=np.float32)])
    for setting in ("text", "vectors"):
        config = replace(SMALL, epochs=6, text=setting == "text")
        model = NextItem(config).fit(walkers(), described(told, setting), rng=np.random.default_rng(1))
        model.extend(described(new, setting))
        scores = model.score(Histories.from_lists([[4, 5]], n_items=N_ITEMS + 3))[0]
        assert scores[N_ITEMS] > scores[N_ITEMS + 1] and np.isneginf(scores[N_ITEMS + 2])


def described(told: np.ndarray[tuple[int, ...], np.dtype[np.float32]], setting: str) -> Features:
    nothing = Features.empty(len(told))
    if setting == "vectors":
        return replace(nothing, vectors=told)
    return replace(nothing, text=sparse.csr_matrix(np.nan_to_num(told)), words=tuple(map(str, range(N_ITEMS))))
