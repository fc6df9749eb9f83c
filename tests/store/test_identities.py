"""Anonymous history joins the shopper at log-in, whatever the order of arrival."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bottega.events.event import Event
from bottega.events.log_in import LogIn
from bottega.store.identities import ANONYMOUS, Who, new_joins, profile
from bottega.store.store import Store

T = 1_700_000_000_000


def make(event_id: str, at: int, **who: Any) -> Event:
    return Event.model_validate({"event_id": event_id, "kind": "view", "product_id": "mug", "time_ms": T + at, **who})


def shoppers(store: Store) -> dict[str, str]:
    return {row.event_id: row.shopper for row in store.events.since(0, 1000)}


def test_history_from_before_the_log_in_joins(store: Store) -> None:
    store.events.add([make("1", 1, anonymous_id="cookie"), make("2", 2, anonymous_id="other")])
    assert store.events.resolve(None, "cookie") == "cookie"
    added = store.events.add([make("3", 3, anonymous_id="cookie", shopper_id="ada")])
    assert added.joined == 1
    store.events.add([make("4", 4, anonymous_id="cookie")])
    assert shoppers(store) == {"1": "ada", "2": "other", "3": "ada", "4": "ada"}
    assert [row.event_id for row in store.events.of_shopper("ada", 10)] == ["4", "3", "1"]
    assert store.events.of_shopper("cookie", 10) == []
    assert store.events.resolve(None, "cookie") == "ada"
    assert store.events.frame()["shopper"].to_list() == ["ada", "ada", "ada", "other"]


def test_a_shopper_id_on_an_event_always_wins_for_that_event(store: Store) -> None:
    store.events.add([make("1", 1, anonymous_id="tablet", shopper_id="ada")])
    store.events.add([make("2", 2, anonymous_id="tablet", shopper_id="bob"), make("3", 3, anonymous_id="tablet")])
    assert shoppers(store) == {"1": "ada", "2": "bob", "3": "ada"}
    assert store.events.resolve("bob", "tablet") == "bob"


def test_a_session_joins_only_where_no_anonymous_id_is(store: Store) -> None:
    store.events.add([make("1", 1, session_id="s"), make("2", 2, session_id="s", anonymous_id="cookie")])
    store.events.add([make("3", 3, session_id="s", shopper_id="ada")])
    assert shoppers(store) == {"1": "ada", "2": "cookie", "3": "ada"}
    assert store.events.resolve(None, None, "s") == "ada"
    assert store.events.resolve(None, "cookie", "s") == "cookie"
    assert store.events.resolve(None, None, "new") == "new"


def test_an_anonymous_id_that_looks_like_a_shopper_moves_only_its_own_events(store: Store) -> None:
    store.events.add([make("1", 1, shopper_id="x"), make("2", 2, anonymous_id="x"), make("3", 3, session_id="x")])
    store.events.add([make("4", 4, anonymous_id="x", shopper_id="ada")])
    assert shoppers(store) == {"1": "x", "2": "ada", "3": "x", "4": "ada"}


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_the_earliest_log_in_wins_in_every_order_of_arrival(store: Store, order: tuple[int, ...]) -> None:
    events = [
        make("1", 1, anonymous_id="c"),
        make("2", 2, anonymous_id="c", shopper_id="ada"),
        make("3", 3, anonymous_id="c", shopper_id="bob"),
        make("4", 4, anonymous_id="c"),
    ]
    for index in order:
        store.events.add([events[index]])
    assert shoppers(store) == {"1": "ada", "2": "ada", "3": "bob", "4": "ada"}


def test_many_log_ins_in_one_batch(store: Store) -> None:
    before = [make(f"a{n}", n, anonymous_id=f"c{n}") for n in range(300)]
    store.events.add(before)
    added = store.events.add([make(f"b{n}", n, anonymous_id=f"c{n}", shopper_id=f"s{n // 2}") for n in range(300)])
    assert added.joined == 300
    assert shoppers(store) == {f"{letter}{n}": f"s{n // 2}" for letter in "ab" for n in range(300)}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["ada", "bob", None]), st.sampled_from("cd"), st.integers(0, 9)), max_size=12),
    st.randoms(use_true_random=False),
)
def test_joins_do_not_depend_on_order(logins: list[tuple[str | None, str, int]], random: Any) -> None:
    def fold(rows: list[tuple[str | None, str, int]]) -> dict[tuple[str, str], tuple[int, str]]:
        known: dict[tuple[str, str], tuple[int, str]] = {}
        for shopper, cookie, at in rows:
            for join in new_joins([Who(shopper, cookie, None, at)], known):
                known[join.name] = (join.time_ms, join.shopper_id)
        return known

    shuffled = list(logins)
    random.shuffle(shuffled)
    assert fold(shuffled) == fold(logins)
    at_once = new_joins([Who(shopper, cookie, None, at) for shopper, cookie, at in logins], {})
    assert {join.name: (join.time_ms, join.shopper_id) for join in at_once} == fold(logins)


def test_a_profile_is_the_first_id_there_is() -> None:
    joined = {(ANONYMOUS, "c"): "ada"}
    assert profile(Who("bob", "c", "s", 0), joined) == "bob"
    assert profile(Who(None, "c", "s", 0), joined) == "ada"
    assert profile(Who(None, "d", "s", 0), joined) == "d"
    assert profile(Who(None, None, "s", 0), joined) == "s"


def test_readers_are_told_of_log_ins_without_an_event(store: Store) -> None:
    _, before = store.shoppers.joined_since(None)
    store.events.log_in([LogIn(shopper_id="ada", anonymous_id="cookie"), LogIn(session_id="tab")])
    names, newest = store.shoppers.joined_since(before)
    assert names == {"ada", "cookie"} and store.shoppers.joined_since(newest) == (set(), newest)
    store.events.add([make("1", 1, anonymous_id="phone", shopper_id="bob")])
    assert store.shoppers.joined_since(newest)[0] == {"bob", "phone"}
