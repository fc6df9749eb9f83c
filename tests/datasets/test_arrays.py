"""The arrays models learn from, against plain lists."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bottega.datasets.arrays import Features, Histories, Holdout, learnt_kinds
from bottega.names import KIND_WEIGHT, KINDS_LEARNT, KindCode

ITEMS = 5
ragged = st.lists(st.lists(st.integers(0, ITEMS - 1), max_size=6), max_size=6)


def rows_of(histories: Histories) -> list[list[int]]:
    return [histories.row(shopper).tolist() for shopper in range(len(histories))]


@given(ragged)
def test_lists_come_back_as_they_went_in(rows: list[list[int]]) -> None:
    histories = Histories.from_lists(rows, n_items=ITEMS)
    assert rows_of(histories) == rows
    assert len(histories) == len(rows) and histories.n_events == sum(map(len, rows))
    assert histories.lengths.tolist() == [len(row) for row in rows]
    assert histories.shoppers.tolist() == [shopper for shopper, row in enumerate(rows) for _ in row]
    assert histories.times.tolist() == [time for row in rows for time in range(len(row))]
    assert set(histories.kinds.tolist()) <= {KindCode.PURCHASE}
    arrays = (histories.offsets, histories.items, histories.kinds, histories.times)
    assert [str(array.dtype) for array in arrays] == ["int64", "int32", "int8", "int64"]


@given(ragged, st.integers(0, 7))
def test_last_and_without_last_share_each_history_out(rows: list[list[int]], count: int) -> None:
    histories = Histories.from_lists(rows, n_items=ITEMS)
    assert rows_of(histories.last(count)) == [row[len(row) - min(count, len(row)) :] for row in rows]
    assert rows_of(histories.without_last(count)) == [row[: max(len(row) - count, 0)] for row in rows]


@given(ragged)
def test_keep_drops_events_and_no_shopper(rows: list[list[int]]) -> None:
    histories = Histories.from_lists(rows, n_items=ITEMS)
    mask = histories.items % 2 == 0
    assert rows_of(histories.keep(mask)) == [[item for item in row if item % 2 == 0] for row in rows]
    assert histories.keep(mask).times.tolist() == histories.times[mask].tolist()


@given(ragged, st.lists(st.integers(0, 5), max_size=8))
def test_take_picks_shoppers_in_the_order_asked_and_twice_if_asked_twice(
    rows: list[list[int]], wanted: list[int]
) -> None:
    wanted = [shopper for shopper in wanted if shopper < len(rows)]
    histories = Histories.from_lists(rows, n_items=ITEMS)
    assert rows_of(histories.take(wanted)) == [rows[shopper] for shopper in wanted]
    assert rows_of(histories.take(slice(1, 3))) == rows[1:3]
    assert histories.take(wanted).n_items == ITEMS


def test_kinds_and_times_travel_with_their_items() -> None:
    histories = Histories.from_lists(
        [[0, 1], [2]],
        n_items=3,
        kinds=[[KindCode.VIEW, KindCode.PURCHASE], [KindCode.ADD_TO_CART]],
        times=[[10, 20], [5]],
    )
    taken = histories.take([1, 0])
    assert taken.kinds.tolist() == [KindCode.ADD_TO_CART, KindCode.VIEW, KindCode.PURCHASE]
    assert taken.times.tolist() == [5, 10, 20]
    assert histories.last(1).times.tolist() == [20, 5]


def test_weights_follow_the_table_of_kinds() -> None:
    kinds = [int(kind) for kind in KindCode]
    weights = Histories.from_lists([[0] * len(kinds)], kinds=[kinds], n_items=1).weights()
    assert weights.tolist() == [KIND_WEIGHT.get(kind, 0.0) for kind in KindCode]
    assert weights[KindCode.PURCHASE] > weights[KindCode.ADD_TO_CART] > weights[KindCode.VIEW] > 0
    assert weights[KindCode.IMPRESSION] == weights[KindCode.REMOVE_FROM_CART] == 0


def test_matrix_marks_or_sums() -> None:
    histories = Histories.from_lists([[1, 1, 0], [], [2]], n_items=4)
    assert histories.matrix().toarray().tolist() == [[1, 1, 0, 0], [0, 0, 0, 0], [0, 0, 1, 0]]
    values = np.array([1.0, 2.5, 3.0, 4.0], dtype=np.float32)
    assert histories.matrix(values).toarray().tolist() == [[3, 3.5, 0, 0], [0, 0, 0, 0], [0, 0, 4, 0]]
    assert histories.matrix().dtype == np.float32
    assert values.tolist() == [1.0, 2.5, 3.0, 4.0] and rows_of(histories) == [[1, 1, 0], [], [2]], (
        "nothing is reordered"
    )


def test_broken_offsets_are_our_mistake_and_assert() -> None:
    good = Histories.from_lists([[0, 1]], n_items=2)
    with pytest.raises(AssertionError):
        Histories(np.array([0, 3]), good.items, good.kinds, good.times, 2)
    with pytest.raises(AssertionError):
        Histories(good.offsets, good.items, good.kinds[:1], good.times, 2)


def test_a_holdout_has_one_answer_a_question() -> None:
    inputs = Histories.from_lists([[0], [1]], n_items=2)
    assert len(Holdout(inputs, np.array([1, 0], dtype=np.int32))) == 2
    with pytest.raises(AssertionError):
        Holdout(inputs, np.array([1], dtype=np.int32))


def test_features_from_attributes() -> None:
    features = Features.from_attributes([["red", "mug", "red"], [], ["mug"]])
    assert features.attribute_names == ("mug", "red")
    assert features.attributes.toarray().tolist() == [[1, 1], [0, 0], [1, 0]]
    assert features.n_items == 3 and features.text.shape == (3, 0) and features.words == ()
    assert np.isnan(features.prices).all() and features.categories.tolist() == [-1, -1, -1]
    assert Features.empty(2).attributes.shape == (2, 0) and Features.empty(2).n_items == 2


def test_networks_read_a_try_on_as_a_wish_and_every_other_kind_as_it_is() -> None:
    kinds = np.array(list(KindCode), dtype=np.int8)
    read = learnt_kinds(kinds)
    assert read.dtype == np.int8 and read[KindCode.TRY_ON] == KindCode.WISHLIST
    assert read[:KINDS_LEARNT].tolist() == kinds[:KINDS_LEARNT].tolist()
