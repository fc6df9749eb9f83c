"""What is said of a shopper: partial, late, moved at log-in, forgotten; over both databases."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from bottega.events.event import Event
from bottega.events.traits import Traits
from bottega.names import Purpose
from bottega.store.store import Store
from bottega.store.tables import consents, shoppers
from bottega.store.traits import KeptTelling, ShopperTraits, Telling

NOW = 1_780_000_000_000
PERSONALISATION = Purpose.PERSONALISATION


def tell(store: Store, who: str, /, *, time_ms: int | None = None, now_ms: int = NOW, **fields: Any) -> str:
    ((profile, _),) = store.traits.tell([Telling(who, Traits.model_validate(fields), time_ms)], now_ms=now_ms)
    return profile


def known(store: Store, name: str) -> ShopperTraits:
    found = store.traits.of(name)
    assert found is not None
    return found


def given(store: Store, name: str) -> dict[str, bool | None]:
    return {purpose.value: said.given for purpose, said in known(store, name).consents.items()}


def log_in(store: Store, shopper: str, cookie: str, time_ms: int = NOW) -> None:
    fields = {"kind": "view", "product_id": "mug", "time_ms": time_ms}
    store.events.add([Event.model_validate({"shopper_id": shopper, "anonymous_id": cookie, **fields})])


def test_absent_fields_stay_and_null_clears(store: Store) -> None:
    tell(store, "ana", name="Ana", language="pt_br", birth_year=1990, consent={"personalisation": "yes"})
    tell(store, "ana", country="pt", consent={"messages": "no"}, consent_source="help desk")
    found = known(store, "ana")
    assert found.fields == {
        "name": "Ana",
        "language": "pt-BR",
        "country": "PT",
        "birth_year": 1990,
        "age_band": None,
        "email": None,
        "email_opt_in": None,
    }
    assert given(store, "ana") == {"personalisation": True, "messages": False}
    assert found.consents[Purpose.MESSAGES].source == "help desk"
    tell(store, "ana", name=None, age_band="35-44", consent={"personalisation": None})
    found = known(store, "ana")
    assert (found.fields["name"], found.fields["birth_year"], found.fields["age_band"]) == (None, None, "35-44")
    assert given(store, "ana") == {"personalisation": None, "messages": False}
    tell(store, "ana", age_band=None, language=None, country=None, consent=None)
    with store.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(shoppers)).scalar() == 0
    assert given(store, "ana") == dict.fromkeys(Purpose)


def test_another_address_takes_the_opt_in_back(store: Store) -> None:
    tell(store, "ana", email="ana@example.com", email_opt_in=True)
    tell(store, "ana", email="ana@example.com", name="Ana")
    assert known(store, "ana").fields["email_opt_in"] is True
    tell(store, "ana", email="ana@example.org")
    assert known(store, "ana").fields["email_opt_in"] is None


def test_first_and_last_seen_come_from_the_events(store: Store) -> None:
    assert store.traits.of("ana") is None
    tell(store, "ana", name="Ana")
    assert (known(store, "ana").first_seen_ms, known(store, "ana").last_seen_ms) == (None, None)
    for time_ms in (NOW, NOW - 5, NOW + 7):
        log_in(store, "ana", f"c{time_ms}", time_ms)
    store.events.add([Event(anonymous_id="c9", kind="view", product_id="mug", time_ms=NOW - 100)])  # type: ignore[arg-type]
    assert (known(store, "ana").first_seen_ms, known(store, "ana").last_seen_ms) == (NOW - 5, NOW + 7)
    log_in(store, "ana", "c9")
    assert known(store, "ana").first_seen_ms == NOW - 100
    assert known(store, "c9").shopper == "ana"


@pytest.mark.parametrize("late_first", [True, False])
def test_a_late_word_never_replaces_a_newer_one(store: Store, late_first: bool) -> None:
    old: dict[str, Any] = {"name": "Anna", "country": "FR", "email_opt_in": False, "consent": {"messages": "yes"}}
    new: dict[str, Any] = {"name": "Ana", "email_opt_in": True, "consent": {"messages": "no", "analytics": "yes"}}
    words = [(NOW - 2000, old), (NOW - 1000, new)]
    for time_ms, fields in words if late_first else reversed(words):
        tell(store, "ana", time_ms=time_ms, **fields)
    found = known(store, "ana")
    assert (found.fields["name"], found.fields["country"], found.fields["email_opt_in"]) == ("Ana", "FR", True)
    assert given(store, "ana") == {"messages": False, "analytics": True}
    assert found.consents[Purpose.MESSAGES].time_ms == NOW - 1000


def test_a_word_without_a_time_counts_now_whatever_clock_spoke_before(store: Store) -> None:
    tell(store, "ana", consent={"personalisation": "yes"}, now_ms=NOW + 60_000)
    tell(store, "ana", consent={"personalisation": "no"}, now_ms=NOW)
    assert given(store, "ana") == {"personalisation": False}


def test_a_time_ahead_of_our_clock_is_now(store: Store) -> None:
    tell(store, "ana", time_ms=NOW + 60_000, consent={"personalisation": "yes"})
    assert known(store, "ana").consents[PERSONALISATION].time_ms == NOW


def test_what_was_said_of_a_cookie_moves_at_log_in(store: Store) -> None:
    tell(store, "cookie", name="Guest", language="de", birth_year=1990, email="g@example.com", email_opt_in=True)
    tell(store, "cookie", consent={"personalisation": "no", "analytics": "yes", "messages": "yes"})
    tell(store, "ada", name="Ada", age_band="25-34", email="ada@example.com")
    tell(store, "ada", consent={"personalisation": "yes", "messages": "no"})
    log_in(store, "ada", "cookie")
    found = known(store, "cookie")
    assert found.shopper == "ada"
    assert found.fields == {
        "name": "Ada",
        "language": "de",
        "country": None,
        "birth_year": None,
        "age_band": "25-34",
        "email": "ada@example.com",
        "email_opt_in": None,
    }
    assert given(store, "ada") == {"personalisation": False, "analytics": True, "messages": False}
    with store.database.read() as connection:
        assert {row.shopper for row in connection.execute(select(consents))} == {"ada"}
        assert {row.shopper for row in connection.execute(select(shoppers))} == {"ada"}
    tell(store, "cookie", consent={"personalisation": "yes"})
    assert given(store, "ada")["personalisation"] is True, "a word after the log-in is the shopper's own"


def test_a_word_taken_back_does_not_hide_one_that_was_said(store: Store) -> None:
    tell(store, "cookie", consent={"personalisation": "yes", "analytics": None})
    tell(store, "ada", consent={"personalisation": None, "analytics": "yes"})
    log_in(store, "ada", "cookie")
    assert given(store, "ada") == {"personalisation": True, "analytics": True}


def test_readers_are_told_what_is_new(store: Store) -> None:
    assert store.traits.consents_since(0, PERSONALISATION) == ({}, 0)
    tell(store, "ana", consent={"personalisation": "no", "messages": "yes"})
    tell(store, "bob", consent={"personalisation": "yes"})
    said, revision = store.traits.consents_since(0, PERSONALISATION)
    assert said == {"ana": False, "bob": True}
    tell(store, "ana", consent={"personalisation": None})
    said, newer = store.traits.consents_since(revision, PERSONALISATION)
    assert said == {"ana": None} and newer > revision
    tell(store, "cookie", consent={"personalisation": "no"})
    log_in(store, "bob", "cookie")
    assert store.traits.consents_since(newer, PERSONALISATION)[0] == {"bob": False}
    log_in(store, "carl", "other")
    assert store.traits.consents_since(newer + 2, PERSONALISATION)[0] == {}, "a log-in without a word says nothing"


def test_many_at_once_are_told_in_order(store: Store) -> None:
    told = [Telling(f"s{i % 50}", Traits.model_validate({"name": f"N{i}"})) for i in range(200)]
    assert store.traits.tell(told, now_ms=NOW) == [KeptTelling(one.name, i < 50) for i, one in enumerate(told)]
    assert [known(store, f"s{i}").fields["name"] for i in (0, 49)] == ["N150", "N199"]


def test_export_and_forget_reach_it(store: Store) -> None:
    tell(store, "ana", name="Ana", email="ana@example.com", consent={"personalisation": "no"})
    tell(store, "bob", name="Bob", consent={"personalisation": "no"})
    found = store.shoppers.record("ana")
    assert found is not None
    assert found.tables["shoppers"][0]["email"] == "ana@example.com"
    assert [row["purpose"] for row in found.tables["consents"]] == ["personalisation"]
    assert store.shoppers.forget("ana") is not None
    assert store.traits.of("ana") is None and known(store, "bob").fields["name"] == "Bob"
    with store.database.read() as connection:
        for table in (shoppers, consents):
            assert [row.shopper for row in connection.execute(select(table))] == ["bob"]


def _view(store: Store, shopper: str, kind: str = "view", **fields: Any) -> None:
    row = {"shopper_id": shopper, "kind": kind, "product_id": "mug", "time_ms": NOW, **fields}
    store.events.add([Event.model_validate(row)])


def test_who_may_not_be_learnt_from_is_in_no_frame(store: Store) -> None:
    for shopper in ("yes", "no", "silent", "back", "quiet"):
        _view(store, shopper)
        _view(store, shopper, "search", query="oak", product_id=None)
    everyone = ["back", "no", "quiet", "silent", "yes"]
    assert store.events.frame()["shopper"].unique().sort().to_list() == everyone
    tell(store, "yes", consent={"personalisation": "yes"})
    tell(store, "no", consent={"personalisation": "no", "messages": "yes"})
    tell(store, "back", consent={"personalisation": "no"})
    tell(store, "back", consent={"personalisation": None})
    tell(store, "quiet", consent={"analytics": "no", "messages": "no"})

    def learnt(*words: Any, **options: Any) -> list[str]:
        found = store.events.frame(*words, **options)["shopper"].unique().sort().to_list()
        if not options:
            assert store.events.searches(*words)["shopper"].unique().sort().to_list() == found
        return found

    assert learnt() == learnt("assumed") == ["back", "quiet", "silent", "yes"]
    assert learnt("asked") == ["yes"]
    assert learnt("assumed", analytics=True) == ["back", "silent", "yes"]
    tell(store, "yes", consent={"analytics": "no"})
    assert learnt("asked", analytics=True) == []
