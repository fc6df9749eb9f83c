"""Who does not agree to personal answers gets a stranger's, from the very next one on, and says so at any door."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bottega.shop.open_shop import OpenShop

PLACES: dict[str, dict[str, Any]] = {
    "home": {},
    "category": {"filter": {"category": ["Coffee"]}},
    "product": {"product_ids": ["chairs-4"]},
    "cart": {"product_ids": ["coffee-1", "shirts-2/S"]},
}


def lists(door: Any, **who: str) -> list[tuple[Any, Any]]:
    """The list of each placement, as far as it may depend on who asks, with its fallback."""
    answers = [door.ask(placement=place, n=8, **fields, **who) for place, fields in PLACES.items()]
    return [(answer["items"], answer["fallback"]) for answer in answers]


def test_withdrawn_and_given_again_from_the_next_answer_on(door: Any) -> None:
    stranger = [items for items, _ in lists(door)]
    before = lists(door, shopper="s3")
    assert all(items != other for (items, _), other in zip(before, stranger, strict=True))
    answer = door.post("/v1/shoppers", {"shopper": "s3", "consent": {"personalisation": "no"}})
    assert answer["personal"] is False and answer["consent"]["personalisation"]["given"] == "no"
    assert lists(door, shopper="s3") == [(items, "no_consent") for items in stranger]
    door.post("/v1/shoppers", {"shopper": "s3", "consent": {"personalisation": "yes"}})
    assert lists(door, shopper="s3") == before
    door.post("/v1/shoppers", {"shopper": "s3", "consent": {"personalisation": "no"}})
    door.post("/v1/shoppers", {"shopper": "s3", "consent": {"personalisation": None}})
    assert lists(door, shopper="s3") == before, "taken back: as if never asked"


def test_where_consent_is_asked_only_a_yes_counts(trained: Path, open_door: Callable[..., Any]) -> None:
    door = open_door(trained, personalisation_consent="asked")
    stranger = [items for items, _ in lists(door)]
    assert lists(door, shopper="s3") == [(items, "no_consent") for items in stranger]
    assert door.post("/v1/shoppers/query", {"shopper": "s3"})["personal"] is False
    assert door.post("/v1/shoppers", {"shopper": "s3", "consent": {"personalisation": "yes"}})["personal"] is True
    assert all(items != other for (items, _), other in zip(lists(door, shopper="s3"), stranger, strict=True))
    assert "no_consent" not in {fallback for _, fallback in lists(door)}, "who names nobody was not refused anything"


def test_another_process_knows_with_its_next_look(door: Any) -> None:
    with OpenShop.open(door.folder) as other:
        other.refresh()
        assert other.consents.personal("s3")
        door.post("/v1/shoppers", {"shopper": "s3", "consent": {"personalisation": "no"}})
        other.refresh()
        assert not other.consents.personal("s3")
        door.post("/v1/shoppers/forget", {"shopper": "s3"})
        other.refresh()
        assert other.consents.personal("s3"), "what was said is forgotten with the rest"


def test_answers_ask_the_store_for_no_consent(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    door.post("/v1/shoppers", {"shopper": "s3", "consent": {"personalisation": "no"}})
    monkeypatch.setattr("bottega.store.traits.TraitStore.consents_since", None)
    monkeypatch.setattr("bottega.store.traits.TraitStore.of", None)
    assert door.ask(shopper="s3")["fallback"] == "no_consent"
    assert door.ask(shopper="s4")["fallback"] is None


def test_a_no_counts_whichever_of_two_names_said_it(door: Any) -> None:
    views = [{"session_id": "tab", "kind": "view", "product_id": name} for name in ("lamps/😀", "lamps-4", "lamps-5")]
    door.post("/v1/events", views)
    stranger = [items for items, _ in lists(door)]
    assert [items for items, _ in lists(door, shopper="new", session_id="tab")] != stranger
    door.post("/v1/shoppers", {"shopper": "new", "consent": {"personalisation": "no"}})
    assert lists(door, shopper="new", session_id="tab") == [(items, "no_consent") for items in stranger]


def test_affinities_are_the_shops_and_tastes_wait(door: Any) -> None:
    def ask(shopper: str) -> dict[str, Any]:
        answer = door.client.get("/v1/affinities", params={"shopper": shopper}, headers={"X-API-Key": door.key})
        found: dict[str, Any] = answer.json()
        return found

    average = ask("nobody")["groups"]
    door.post("/v1/shoppers", {"shopper": "s3", "consent": {"personalisation": "no"}})
    declared = door.post("/v1/affinities/declare", {"shopper": "s3", "tastes": {"colour": ["red"]}})
    assert declared["tastes"] == {"colour": ["red"]} and declared["used"] is False
    refused = ask("s3")
    assert (refused["basis"], refused["events_known"], refused["groups"]) == ("no consent", 0, average)
    assert [items for items, _ in lists(door, shopper="s3")] == [items for items, _ in lists(door)]
    door.post("/v1/shoppers", {"shopper": "s3", "consent": {"personalisation": "yes"}})
    assert ask("s3")["basis"] == "events"


def test_what_is_told_is_checked_and_says_what_is_allowed(door: Any) -> None:
    def error(**fields: Any) -> str:
        found = door.post("/v1/shoppers", {"shopper": "ana", **fields}, 422)["error"]
        return f"{found['seen']} {found['allowed']}"

    assert "'DE-DE-'" in error(language="DE-DE-") and "BCP 47" in error(language="DE-DE-")
    assert "the United Kingdom is GB" in error(country="UK")
    assert "between 1900 and" in error(birth_year=1492)
    assert "not both" in error(birth_year=1990, age_band="25-34")
    assert "25-34" in error(age_band="30")
    assert "ana@example.com" in error(email="ana at example")
    assert "personalisation, analytics, messages" in error(consent={"adverts": "yes"})
    assert "yes, no or not_asked" in error(consent={"analytics": "maybe"})
    assert "consent_time" in error(first_seen=1) and "first_seen" in error(first_seen=1)
    for nobody in ("undefined", "0", "NULL"):
        refused = door.post("/v1/shoppers", {"shopper": nobody, "consent": {"personalisation": "no"}}, 422)["error"]
        assert "names nobody" in refused["allowed"]
    assert door.post("/v1/shoppers/query", {"shopper": "ana"}, 404)["error"]["code"] == "shopper_unknown"


def test_what_is_told_comes_back_and_goes_with_forget(door: Any) -> None:
    told = {"name": "Ana", "language": "pt_br", "country": "pt", "age_band": "25-34", "email": "ana@example.com"}
    door.post("/v1/shoppers", {"shopper": "ana", **told, "email_opt_in": True})
    answer = door.post("/v1/shoppers", {"shopper": "ana", "email": None})
    assert answer == door.post("/v1/shoppers/query", {"shopper": "ana"})
    assert (answer["language"], answer["country"], answer["email"], answer["email_opt_in"]) == (
        "pt-BR",
        "PT",
        None,
        None,
    )
    assert answer["first_seen"] is None
    door.post("/v1/events", {"shopper_id": "ana", "kind": "view", "product_id": "tea-1", "time": "2026-05-01"})
    assert door.post("/v1/shoppers/query", {"shopper": "ana"})["last_seen"] == "2026-05-01T00:00:00.000+00:00"
    assert door.post("/v1/shoppers/export", {"shopper": "ana"})["shoppers"][0]["name"] == "Ana"
    done = door.post("/v1/shoppers/forget", {"shopper": "ana"})
    assert done["rows"]["shoppers"] == 1
    door.post("/v1/shoppers/query", {"shopper": "ana"}, 404)
