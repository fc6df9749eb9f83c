"""Arrays that grow: a newer snapshot sees more, an older one what it saw."""

from __future__ import annotations

import numpy as np

from bottega.datasets.growing import GrowingColumn, GrowingRows


def roomy(n: int, room: int) -> GrowingColumn:
    array = np.zeros(room, dtype=np.int32)
    array[:n] = np.arange(n)
    return GrowingColumn(array, n)


def test_an_older_snapshot_never_sees_newer_rows() -> None:
    before = roomy(3, room=10)
    after = before.grown([7, 8])
    assert after.values.tolist() == [0, 1, 2, 7, 8] and before.values.tolist() == [0, 1, 2]
    assert after.array is before.array, "what is in use is not copied"
    assert (len(before), len(after)) == (3, 5)


def test_it_grows_beyond_its_room() -> None:
    column = roomy(3, room=4)
    for value in range(3, 5000):
        before, column = column, column.grown([value])
        assert len(before) == value
    assert column.values.tolist() == list(range(5000)) and column.values.dtype == np.int32
    assert len(column.array) >= 5000


def test_few_copies_are_made_while_it_grows() -> None:
    column = GrowingColumn(np.zeros(0, dtype=np.int8))
    arrays = set()
    for _ in range(10_000):
        column = column.grown([1])
        arrays.add(id(column.array))
    assert len(arrays) < 10


def test_two_that_grow_from_one_do_not_meet() -> None:
    before = roomy(2, room=10)
    one, other = before.grown([10]), before.grown([20, 21])
    assert one.grown([11]).values.tolist() == [0, 1, 10, 11]
    assert other.values.tolist() == [0, 1, 20, 21] and one.values.tolist() == [0, 1, 10]


def test_a_change_is_seen_by_the_newer_snapshot_alone() -> None:
    before = roomy(3, room=10)
    after = before.changed([1], [9])
    assert after.values.tolist() == [0, 9, 2] and before.values.tolist() == [0, 1, 2]
    assert after.grown([7]).values.tolist() == [0, 9, 2, 7] and before.grown([8]).values.tolist() == [0, 1, 2, 8]


def test_rows_of_vectors_grow() -> None:
    column = GrowingColumn(np.zeros((0, 2), dtype=np.float32)).grown([[1, 2]]).grown([[3, 4], [5, 6]])
    assert column.values.tolist() == [[1, 2], [3, 4], [5, 6]]


def test_nothing_more_is_the_same_again() -> None:
    column = roomy(2, room=2)
    assert column.grown([]).values.tolist() == [0, 1]


def test_ragged_rows_grow_and_are_a_matrix() -> None:
    before = GrowingRows.of(
        np.array([0, 2, 2]), np.array([0, 3], dtype=np.int32), np.array([1.0, 0.5], dtype=np.float32)
    )
    after = before.grown([1, 2], [2, 0, 1], [4.0, 5.0, 6.0])
    assert (len(before), len(after)) == (2, 4)
    assert [row.tolist() for row in after.row(3)] == [[0, 1], [5.0, 6.0]]
    assert [row.tolist() for row in after.row(1)] == [[], []]
    assert before.matrix(4).toarray().tolist() == [[1, 0, 0, 0.5], [0, 0, 0, 0]]
    assert after.matrix(4).toarray().tolist() == [[1, 0, 0, 0.5], [0, 0, 0, 0], [0, 0, 4, 0], [5, 6, 0, 0]]
    assert np.shares_memory(after.matrix(4).data, after.columns[1].array), "nothing is copied"
    product = after.matrix(4) @ after.matrix(4).T
    assert product.toarray()[3].tolist() == [5, 0, 0, 61]


def test_a_matrix_sees_its_own_snapshot() -> None:
    offsets = GrowingColumn(np.zeros(100, dtype=np.int64), 1)
    columns = [GrowingColumn(np.zeros(100, dtype=np.int32), 0), GrowingColumn(np.zeros(100, dtype=np.float32), 0)]
    before = GrowingRows(offsets, columns).grown([1], [1], [2.0])
    matrix = before.matrix(3)
    before.grown([2], [0, 2], [9.0, 9.0])
    assert matrix.toarray().tolist() == [[0, 2, 0]] and len(before) == 1
