"""Tables of names: found by hash, kept as bytes, grown behind."""

from __future__ import annotations

import numpy as np
import pytest

from bottega.datasets import name_table
from bottega.datasets.name_table import NameTable, hash_of, hashes_of

NAMES = ["a", "grüße", "☕️ mug", "", "a/b c", "\ud800 torn"]


def packed(names: list[str]) -> NameTable:
    return NameTable.from_arrays(NameTable.of(names).arrays("ids"), "ids")


@pytest.mark.parametrize("make", [NameTable.of, packed])
def test_names_have_numbers_and_numbers_names(make: type[NameTable]) -> None:
    table = make(NAMES)  # type: ignore[call-arg, arg-type]  # either way of making one
    assert len(table) == 6 and [table.name(number) for number in range(6)] == NAMES
    assert table.numbers([*NAMES, "b"]).tolist() == [0, 1, 2, 3, 4, 5, -1] and table.number("grüße") == 1
    assert table.numbers([]).tolist() == []


def test_a_hash_is_the_same_in_every_process() -> None:
    assert hash_of("grüße") == int(hashes_of(["grüße"])[0]) == 11_050_257_015_627_513_575


def test_newer_names_go_behind_and_older_snapshots_do_not_see_them() -> None:
    before = packed(NAMES[:2])
    after = before.grown(NAMES[2:4])
    other = before.grown(["other", NAMES[2]])
    assert after.numbers(NAMES[:4]).tolist() == [0, 1, 2, 3] and before.numbers(NAMES[:4]).tolist() == [0, 1, -1, -1]
    assert other.numbers(["other", NAMES[2], NAMES[3]]).tolist() == [2, 3, -1] and after.number("other") == -1
    for table in (before, after, other):
        assert [table.number(name) for name in NAMES * 5] == table.numbers(NAMES * 5).tolist()
    again = NameTable.from_arrays(after.arrays("ids"), "ids")
    assert again.numbers(NAMES).tolist() == [0, 1, 2, 3, -1, -1]


def test_two_names_with_one_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    def same(names: object) -> np.ndarray:
        return np.full(len(list(names)), 7, dtype=np.uint64)  # type: ignore[call-overload]  # names

    monkeypatch.setattr(name_table, "hashes_of", same)
    monkeypatch.setattr(name_table, "hash_of", lambda _: 7)
    table = packed(NAMES)
    assert table.numbers([*NAMES, "b"] * 5).tolist() == [0, 1, 2, 3, 4, 5, -1] * 5
    assert [table.number(name) for name in [*NAMES, "b"]] == [0, 1, 2, 3, 4, 5, -1]
