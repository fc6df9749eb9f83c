"""Turns: one of those who ask has the work, and again when it is due again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from bottega.store.store import Store


def test_a_turn_is_taken_once_until_it_is_due_again(store: Store) -> None:
    assert store.turns.take("train", due_ms=100, now_ms=150)
    assert not store.turns.take("train", due_ms=100, now_ms=160), "taken up at 150, after it was due"
    assert not store.turns.take("train", due_ms=150, now_ms=160)
    assert store.turns.take("prune", due_ms=100, now_ms=160), "another work"
    assert store.turns.take("train", due_ms=200, now_ms=210)


def test_of_many_who_ask_at_once_one_has_it(store_url: str, store: Store) -> None:
    others = [Store.open(store_url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        for due in range(10, 60, 10):
            took = list(pool.map(lambda one, due=due: one.turns.take("train", due_ms=due, now_ms=due + 1), others))
            assert sorted(took) == [False, False, False, True]
    for other in others:
        other.close()
