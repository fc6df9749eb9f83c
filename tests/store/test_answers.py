"""The log of answers: written in order, found by name, deleted with its shopper and with time."""

from __future__ import annotations

from bottega.events.event import Event
from bottega.store import answers
from bottega.store.answers import LoggedAnswer
from bottega.store.store import Store


def answer(number: int, shopper: str | None, time_ms: int = 1000) -> LoggedAnswer:
    return LoggedAnswer(f"r-{number}", shopper, time_ms, "home", None, None, "v1", ["a", "b"], [0.5, 0.25])


def view(shopper_id: str | None = None, anonymous_id: str | None = None) -> Event:
    return Event(kind="view", product_id="a", time_ms=5, shopper_id=shopper_id, anonymous_id=anonymous_id)  # type: ignore[arg-type]


def kept(store: Store, *numbers: int) -> list[str | None]:
    found = [store.answers.of_recommendation(f"r-{number}") for number in numbers]
    return [one.shopper if one else "gone" for one in found]


def test_an_answer_is_kept_as_it_went_out(store: Store) -> None:
    store.answers.add([answer(1, "ann"), answer(2, None)], forgotten=0)
    assert store.answers.of_recommendation("r-1") == answer(1, "ann")
    assert store.answers.of_recommendation("r-2") == answer(2, None)
    assert store.answers.of_recommendation("r-3") is None


def test_lists_make_nobody_known_and_go_along_at_log_in(store: Store) -> None:
    store.answers.add([answer(1, "cookie")], forgotten=0)
    assert store.shoppers.profile("cookie") is None
    store.events.add([view("ann", "cookie")])
    assert store.shoppers.profile("cookie") == "ann" and kept(store, 1) == ["ann"]
    store.answers.add([answer(2, "cookie")], forgotten=0)  # it was on its way
    assert store.shoppers.profile("cookie") == "ann"
    record = store.shoppers.record("ann")
    assert record is not None
    assert [row["recommendation_id"] for row in record.tables["answers"]] == ["r-1", "r-2"]


def test_they_are_forgotten_under_every_name(store: Store) -> None:
    store.events.add([view("ann", "cookie"), view("bob")])
    store.answers.add([answer(1, "ann"), answer(2, "cookie"), answer(3, "bob"), answer(4, "only shown")], forgotten=0)
    assert store.shoppers.forget("cookie") is not None
    assert kept(store, 1, 2, 3, 4) == ["gone", "gone", "bob", "only shown"]
    gone = store.shoppers.forget("only shown")
    assert gone is not None and len(gone.tables["answers"]) == 1 and kept(store, 4) == ["gone"]
    assert store.shoppers.forget("only shown") is None


def test_answers_on_their_way_while_somebody_is_forgotten_name_nobody(store: Store) -> None:
    store.events.add([view("ann"), view("bob")])
    known = store.answers.add([], forgotten=0)
    store.shoppers.forget("ann")
    known = store.answers.add([answer(1, "ann"), answer(2, "bob")], forgotten=known)
    assert kept(store, 1, 2) == [None, None] and store.shoppers.record("ann") is None
    store.answers.add([answer(3, "bob")], forgotten=known)
    assert kept(store, 3) == ["bob"]


def test_what_is_old_goes_a_part_at_a_time(store: Store) -> None:
    store.answers.add([answer(number, "ann", time_ms=number) for number in range(25)], forgotten=0)
    before, answers.PRUNED_AT_ONCE = answers.PRUNED_AT_ONCE, 10
    try:
        assert store.answers.prune(22) == 22 and store.answers.prune(22) == 0
    finally:
        answers.PRUNED_AT_ONCE = before
    assert kept(store, 21, 22, 24) == ["gone", "ann", "ann"]
