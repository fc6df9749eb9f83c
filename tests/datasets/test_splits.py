"""No split leaks: everything a question may look at lies before its answer."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bottega.datasets import splits
from bottega.datasets.arrays import Histories
from bottega.datasets.splits import Split, by_time, first_occurrences, last_out, shuffle_ties
from bottega.errors import EventsTooFew

ITEMS = 6
event = st.tuples(st.integers(0, 8), st.integers(0, ITEMS - 1))
shop = st.lists(st.lists(event, max_size=8), min_size=1, max_size=6)


def histories_of(rows: list[list[tuple[int, int]]]) -> Histories:
    ordered = [sorted(row, key=lambda pair: pair[0]) for row in rows]
    return Histories.from_lists(
        [[item for _, item in row] for row in ordered],
        times=[[time for time, _ in row] for row in ordered],
        n_items=ITEMS,
    )


def row_times(histories: Histories, shopper: int) -> list[int]:
    return [int(time) for time in histories.times[histories.offsets[shopper] : histories.offsets[shopper + 1]]]


def same(one: Histories, other: Histories) -> bool:
    return all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in ("offsets", "items", "kinds", "times")
    )


def check_questions(split: Split) -> None:
    """What holds for every split: inputs are the shopper's past, targets are new to them."""
    assert same(split.holdout.inputs, split.train.take(split.holdout_shoppers))
    for holdout, shoppers in ((split.holdout, split.holdout_shoppers), (split.test, split.test_shoppers)):
        assert len(holdout) == len(shoppers) == len(set(shoppers.tolist()))
        for question, target in enumerate(holdout.targets):
            past = holdout.inputs.row(question).tolist()
            assert past and target not in past and len(set(past)) == len(past)
    for question, shopper in enumerate(split.test_shoppers):
        learnt = split.train.row(int(shopper)).tolist()
        assert split.test.inputs.row(question).tolist()[: len(learnt)] == learnt
        assert split.test.targets[question] not in learnt


@given(shop)
def test_last_out_takes_the_end_of_each_history_apart(rows: list[list[tuple[int, int]]]) -> None:
    histories = histories_of(rows)
    once = first_occurrences(histories)
    try:
        split = last_out(histories)
    except EventsTooFew:
        assert (once.lengths < 3).all()
        return
    check_questions(split)
    assert split.test_shoppers.tolist() == np.flatnonzero(once.lengths >= 3).tolist()
    place = {int(shopper): question for question, shopper in enumerate(split.test_shoppers)}
    for shopper in range(len(once)):
        whole, learnt = once.row(shopper).tolist(), split.train.row(shopper).tolist()
        if shopper in place:
            question = place[shopper]
            assert [*learnt, split.holdout.targets[question], split.test.targets[question]] == whole
            assert split.test.inputs.row(question).tolist() == whole[:-1]
        else:
            assert learnt == whole


@given(shop, st.integers(1, 8))
def test_by_time_keeps_the_future_out(rows: list[list[tuple[int, int]]], at_ms: int) -> None:
    histories = histories_of(rows)
    once = first_occurrences(histories)
    try:
        split = by_time(histories, share=0.25, at_ms=at_ms)
    except EventsTooFew:
        for shopper in range(len(once)):
            times = row_times(once, shopper)
            assert not times or min(times) >= at_ms or max(times) < at_ms
        return
    check_questions(split)
    assert split.cuts_ms is not None and split.cuts_ms[1] == at_ms
    valid_ms = split.cuts_ms[0]
    assert valid_ms <= at_ms and (split.train.times < valid_ms).all() and (split.test.inputs.times < at_ms).all()
    for question, shopper in enumerate(split.test_shoppers):
        times, items = row_times(once, int(shopper)), once.row(int(shopper)).tolist()
        after = [item for time, item in zip(times, items, strict=True) if time >= at_ms]
        assert split.test.targets[question] == after[0]
    for question, shopper in enumerate(split.holdout_shoppers):
        times, items = row_times(once, int(shopper)), once.row(int(shopper)).tolist()
        between = [item for time, item in zip(times, items, strict=True) if valid_ms <= time < at_ms]
        assert split.holdout.targets[question] == between[0]


@given(shop, shop, st.integers(1, 8))
def test_another_future_changes_nothing_that_came_before(
    rows: list[list[tuple[int, int]]], futures: list[list[tuple[int, int]]], at_ms: int
) -> None:
    past = [[pair for pair in row if pair[0] < at_ms] for row in rows]
    changed = [
        [*row, *((at_ms + time, item) for time, item in (futures[i] if i < len(futures) else []))]
        for i, row in enumerate(past)
    ]
    try:
        one, other = (by_time(histories_of(each), share=0.01, at_ms=at_ms) for each in (rows, changed))
    except EventsTooFew:
        return
    # With a fixed cut and at most one event a period wanted, the validation period depends on the past alone.
    assert one.cuts_ms == other.cuts_ms
    assert same(one.train, other.train) and same(one.holdout.inputs, other.holdout.inputs)
    assert one.holdout.targets.tolist() == other.holdout.targets.tolist()


def test_by_time_cuts_at_the_share() -> None:
    # 20 shoppers with one event every 100 ms, each shopper another item every time: 200 events.
    rows = [[(shopper * 5 + number) % 50 for number in range(10)] for shopper in range(20)]
    times = [[number * 100 for number in range(10)] for _ in range(20)]
    split = by_time(Histories.from_lists(rows, times=times, n_items=50), share=0.1)
    assert split.cuts_ms == (800, 900)
    assert split.train.n_events == 160 and len(split.holdout) == len(split.test) == 20
    assert split.test.inputs.lengths.tolist() == [9] * 20


def test_shoppers_without_a_past_are_not_asked() -> None:
    histories = Histories.from_lists([[0, 1], [2], [1]], times=[[0, 9], [9], [0]], n_items=3)
    split = by_time(histories, at_ms=5)
    assert split.test_shoppers.tolist() == [0]
    assert len(split.train) == 3


def test_a_repeat_after_the_cut_is_no_question() -> None:
    histories = Histories.from_lists([[0, 0, 1], [0, 0]], times=[[0, 6, 7], [0, 6]], n_items=2)
    split = by_time(histories, at_ms=5)
    assert split.test_shoppers.tolist() == [0] and split.test.targets.tolist() == [1]


def test_unseen_targets_are_counted() -> None:
    histories = Histories.from_lists([[0, 1, 2], [0, 1, 3], [3]], n_items=4)
    assert last_out(histories).unseen_targets == 0.5  # item 2 is nobody's in train, item 3 is the third shopper's


@given(shop, st.integers(0, 99))
def test_shuffled_ties_keep_every_event_at_its_moment(rows: list[list[tuple[int, int]]], seed: int) -> None:
    histories = histories_of(rows)
    shuffled = shuffle_ties(histories, np.random.default_rng(seed))
    for shopper in range(len(histories)):
        pairs, other = (
            list(zip(row_times(each, shopper), each.row(shopper).tolist(), strict=True))
            for each in (histories, shuffled)
        )
        assert sorted(pairs) == sorted(other)
        assert [time for time, _ in other] == sorted(time for time, _ in other)


def test_ties_really_are_shuffled_and_only_when_asked() -> None:
    histories = Histories.from_lists([list(range(40))], times=[[0] * 20 + [1] * 20], n_items=40)
    shuffled = shuffle_ties(histories, np.random.default_rng(1)).row(0).tolist()
    assert shuffled != list(range(40)) and sorted(shuffled[:20]) == list(range(20))
    assert last_out(histories).test.targets.tolist() == [39]
    targets = {int(last_out(histories, rng=np.random.default_rng(seed)).test.targets[0]) for seed in range(20)}
    assert len(targets) > 5 and min(targets) >= 20


def test_too_few_events_are_refused_in_words() -> None:
    with pytest.raises(EventsTooFew, match="None of 2 shoppers has three different products"):
        last_out(Histories.from_lists([[0, 1, 1], [2]], n_items=3))
    with pytest.raises(EventsTooFew, match="leave the last item of each shopper out"):
        by_time(Histories.from_lists([[0, 1]], times=[[5, 5]], n_items=2))
    with pytest.raises(EventsTooFew, match="no events at all"):
        by_time(Histories.from_lists([[]], n_items=2))


def test_examples_run() -> None:
    assert doctest.testmod(splits).failed == 0
