"""An allowance is used up within its hour, and there again in the next."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from bottega.store.allowances import HOUR_MS
from bottega.store.store import Store

T = 1_700_000_000_000 // HOUR_MS * HOUR_MS


def test_an_allowance_ends_and_begins_again_with_the_hour(store: Store) -> None:
    assert [store.allowances.take("a", 2, T + step) for step in range(4)] == [True, True, False, False]
    assert store.allowances.taken("a", T) == 2 and store.allowances.taken("a", T + HOUR_MS) == 0
    assert store.allowances.take("b", 1, T), "each has its own"
    assert not store.allowances.take("b", 0, T + HOUR_MS) and store.allowances.take("a", 1, T + HOUR_MS)
    assert not store.allowances.take("a", 1, T + HOUR_MS + 1)


def test_many_who_ask_at_once_get_no_more_than_there_is(store: Store) -> None:
    with ThreadPoolExecutor(4) as pool:
        got = list(pool.map(lambda _: store.allowances.take("a", 5, T), range(16)))
    assert sum(got) == 5
