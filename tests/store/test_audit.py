"""The audit log: a line is there with its change, or neither is."""

from __future__ import annotations

import pytest

from bottega.store.changes import AuditLine
from bottega.store.store import Store


def change(who: str, at_ms: int = 1) -> AuditLine:
    return AuditLine(at_ms, "key", who, "new_key", "label: x", "r-1")


def test_a_line_is_written_in_the_transaction_of_its_change(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ZeroDivisionError), store.audit.changing(change("a")), store.database.write():
        raise ZeroDivisionError
    assert store.audit.newest(9) == []
    monkeypatch.setattr("bottega.store.changes.insert", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError), store.audit.changing(change("a")):
        store.keys.create("never")
    assert store.keys.all() == [], "a change that cannot be written down is not made"


def test_a_change_has_one_line_however_often_it_writes(store: Store) -> None:
    with store.audit.changing(change("a")):
        store.keys.create("one")
        store.keys.create("two")
    with store.audit.changing(change("b")):
        pass  # of files alone
    store.keys.create("nobody asked")
    with pytest.raises(ZeroDivisionError), store.audit.changing(change("c")):
        store.keys.create("three")
        raise ZeroDivisionError
    assert [(number, one.who) for number, one in store.audit.newest(9)] == [(3, "c"), (2, "b"), (1, "a")]


def test_lines_are_read_by_page_by_name_and_by_verb_and_go(store: Store) -> None:
    for at_ms in range(1, 6):
        with store.audit.changing(change("odd" if at_ms % 2 else "even", at_ms)):
            pass
    assert [number for number, _ in store.audit.newest(2)] == [5, 4]
    assert [number for number, _ in store.audit.newest(9, before=3)] == [2, 1]
    assert [number for number, _ in store.audit.newest(9, who="even")] == [4, 2]
    assert store.audit.newest(9, verb="train") == []
    assert store.audit.drop(4) == 3 and [number for number, _ in store.audit.newest(9)] == [5, 4]


def test_another_shops_transaction_takes_no_line(store: Store, tmp_path_factory: pytest.TempPathFactory) -> None:
    with Store.open(f"sqlite:///{tmp_path_factory.mktemp('other')}/shop.db") as other:
        with store.audit.changing(change("a")):
            other.keys.create("theirs")
        assert other.audit.newest(9) == [] and len(store.audit.newest(9)) == 1
