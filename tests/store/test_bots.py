"""Who is taken for a bot: kept, taken back in, left out of what is learnt from, and forgotten with the rest."""

from __future__ import annotations

from bottega.events.event import Event
from bottega.names import KindCode
from bottega.store.bots import KnownBot
from bottega.store.store import Store


def event(number: int, kind: str = "view", **more: str) -> Event:
    row = {"event_id": f"e{number}", "kind": kind, "product_id": "mug", "time_ms": 1_700_000_000_000 + number}
    return Event.model_validate(row | more)


def bot(shopper: str, time_ms: int = 1, events: int = 5) -> KnownBot:
    return KnownBot(shopper, "bot_fast", "60 views in 2 s", events, time_ms)


def learnt(store: Store) -> set[str]:
    return set(store.events.frame()["shopper"].to_list())


def test_bots_are_left_out_until_they_are_taken_back_in(store: Store) -> None:
    store.events.add([event(1, shopper_id="ada"), event(2, anonymous_id="crawler"), event(3, session_id="tab")])
    assert learnt(store) == {"ada", "crawler", "tab"}
    store.bots.replace([bot("crawler"), bot("tab")])
    assert learnt(store) == {"ada"}
    assert store.bots.readmit(["crawler", "nobody"]) == ["crawler"]
    assert learnt(store) == {"ada", "crawler"}
    store.bots.readmit(["crawler"], back=False)
    assert learnt(store) == {"ada"}
    assert set(store.events.everything(["shopper"])["shopper"]) == {"ada", "crawler", "tab"}


def test_searches_of_bots_are_left_out_too(store: Store) -> None:
    asked = {"kind": "search", "query": "red mug"}
    store.events.add([event(1, shopper_id="ada", **asked), event(2, anonymous_id="crawler", **asked)])
    store.bots.replace([bot("crawler")])
    assert store.events.searches()["shopper"].to_list() == ["ada"]


def test_a_new_look_keeps_what_was_decided_and_when_each_was_found(store: Store) -> None:
    store.bots.replace([bot("a", 1), bot("b", 1), bot("c", 1)])
    store.bots.readmit(["a"])
    store.bots.replace([bot("a", 2), bot("b", 2, events=9), bot("d", 2)])
    assert [(one.shopper, one.time_ms, one.events, one.readmitted) for one in store.bots.all()] == [
        ("b", 1, 9, False),
        ("a", 1, 5, True),
        ("d", 2, 5, False),
    ]


def test_a_name_that_logs_in_is_no_bot_of_its_own_any_more(store: Store) -> None:
    store.events.add([event(1, anonymous_id="cookie")])
    store.bots.replace([bot("cookie")])
    store.events.add([event(2, shopper_id="ada", anonymous_id="cookie")])
    assert store.bots.all() == []
    assert learnt(store) == {"ada"}


def test_forget_and_export_reach_bots_and_being_one_makes_nobody_known(store: Store) -> None:
    store.events.add([event(1, shopper_id="ada")])
    store.bots.replace([bot("ada"), bot("stranger")])
    found = store.shoppers.record("ada")
    assert found is not None and found.tables["bots"][0]["rule"] == "bot_fast"
    assert store.shoppers.profile("stranger") is None
    store.shoppers.forget("ada")
    assert [one.shopper for one in store.bots.all()] == ["stranger"]


def test_everything_may_leave_kinds_out_and_is_sorted(store: Store) -> None:
    store.events.add([event(9, shopper_id="b"), event(2, shopper_id="b"), event(5, kind="impression", shopper_id="a")])
    times = store.events.everything(["shopper", "time_ms"])
    assert [shopper for shopper, _ in times.iter_rows()] == ["a", "b", "b"]
    assert [time_ms % 10 for _, time_ms in times.iter_rows()] == [5, 2, 9]
    assert store.events.everything(["kind"], without=[KindCode.IMPRESSION])["kind"].to_list() == [1, 1]
