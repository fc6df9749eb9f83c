"""Log-ins and traits beside events: posted, as JSON lines, as Segment sends them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from bottega.actions.intake.import_events import import_events
from bottega.actions.intake.record_events import record_events
from bottega.actions.intake.shapes import ImportEventsRequest, RecordRequest
from bottega.catalogue.product import Product
from bottega.events.log_in import LogIn
from bottega.names import Purpose
from bottega.shop.open_shop import OpenShop
from bottega.store.events import Added
from bottega.store.traits import ShopperTraits

TIME = "2026-05-01T12:00:00Z"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    with OpenShop.open(tmp_path / "shop") as opened:
        opened.upsert([Product(id="mug", title="Mug")])
        yield opened


def known(shop: OpenShop, name: str) -> ShopperTraits:
    found = shop.folder.store.traits.of(name)
    assert found is not None
    return found


def test_a_posted_log_in_joins_and_tells(shop: OpenShop) -> None:
    record_events(
        shop, RecordRequest(events=[{"anonymous_id": "c-77", "kind": "view", "product_id": "mug", "time": TIME}])
    )
    traits = {"name": "Ada", "language": "de", "consent": {"personalisation": "no"}}
    posted: list[dict[str, Any]] = [
        {"kind": "identify", "shopper_id": "ada", "anonymous_id": "c-77", "time": TIME, "traits": traits},
        {"kind": "Identify", "session_id": "tab"},
        {"kind": "view", "product_id": "mug", "shopper_id": "bob", "traits": {"country": "at"}},
    ]
    for again in range(2):
        answer = record_events(shop, RecordRequest(events=posted[: 2 + (not again)]))
        assert (answer.accepted, answer.log_ins, answer.rejected) == (1 - again, 2, [])
    found = known(shop, "c-77")
    assert (found.shopper, found.fields["name"], found.fields["language"]) == ("ada", "Ada", "de")
    assert found.consents[Purpose.PERSONALISATION].source == "event"
    assert not shop.consents.personal("ada") and shop.folder.store.events.count() == 2
    assert known(shop, "bob").fields["country"] == "AT"


def test_rows_that_say_nonsense_are_refused_alone(shop: OpenShop) -> None:
    answer = record_events(
        shop,
        RecordRequest(
            events=[
                {"kind": "view", "product_id": "mug", "shopper_id": "bob", "traits": {"country": "Austria"}},
                {"kind": "identify", "shopper_id": "ada", "traits": {"shoe_size": 38}},
                {"kind": "identify", "traits": {"name": "Ada"}},
                {"kind": "identify", "shopper_id": "ada", "product_id": "mug"},
                {"kind": "identify", "shopper_id": "ada", "traits": {"name": "Ada"}},
            ]
        ),
    )
    assert (answer.accepted, answer.log_ins) == (0, 1)
    assert [row.index for row in answer.rejected] == [0, 1, 2, 3]
    assert answer.rejected[0].field == "traits.country" and "ISO 3166" in answer.rejected[0].fix
    assert answer.rejected[1].field == "traits.shoe_size"
    assert "needs a shopper_id" in answer.rejected[2].fix and "traits" in answer.rejected[3].fix
    assert shop.folder.store.traits.of("bob") is None
    answer = record_events(
        shop, RecordRequest(events=[{"kind": "identify", "shopper_id": "undefined", "traits": {"name": "Ada"}}])
    )
    assert (answer.log_ins, answer.nobody) == (0, 1) and "names nobody" in answer.rejected[0].fix


def test_json_lines_carry_the_same(shop: OpenShop, tmp_path: Path) -> None:
    source = tmp_path / "events.jsonl"
    rows: list[dict[str, Any]] = [
        {"kind": "view", "product_id": "mug", "anonymous_id": "c-77", "time": TIME},
        {"kind": "identify", "shopper_id": "ada", "anonymous_id": "c-77", "time": TIME, "traits": {"name": "Ada"}},
        {"kind": "view", "product_id": "mug", "shopper_id": "bob", "time": TIME, "traits": {"age_band": "65+"}},
        {"kind": "view", "product_id": "mug", "shopper_id": "eve", "time": TIME, "traits": {"age_band": "old"}},
        {"kind": "identify", "shopper_id": "eve", "colour": "red"},
        {"kind": "identify", "shopper_id": "eve", "time": "yesterday", "traits": {"name": "Eve"}},
        {"kind": "identify", "shopper_id": "NULL", "traits": {"name": "Eve"}},
    ]
    source.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    report = import_events(shop, ImportEventsRequest(source=source))
    assert (report.added, report.rejected, report.log_ins, report.joined) == (2, 4, 2, 1)
    rules = {"traits_invalid": 1, "field_unknown": 1, "time_unreadable": 1, "who_nobody": 1}
    assert dict(report.by_rule) == rules and dict(report.nobody) == {"NULL": 1}
    assert report.rejects_file is not None and "traits.age_band" in report.rejects_file.read_text()
    assert known(shop, "c-77").fields["name"] == "Ada" and known(shop, "bob").fields["age_band"] == "65+"
    assert shop.folder.store.traits.of("eve") is None


def test_segment_identifies(shop: OpenShop, tmp_path: Path) -> None:
    def call(kind: str, time: str, **fields: Any) -> dict[str, Any]:
        return {"type": kind, "userId": "ada", "anonymousId": "c-77", "timestamp": time, **fields}

    said = {"consent": {"categoryPreferences": {"Personalization": True, "Analytics": False, "Advertising": True}}}
    changed = {"consent": {"categoryPreferences": {"Personalization": False}}}
    traits = {
        "firstName": "Ada",
        "lastName": "Lovelace",
        "birthday": "1990-12-10",
        "email": "ada@example.com",
        "address": {"country": "GB", "city": "London"},
        "age": 35,
        "plan": "gold",
    }
    rows = [
        call("identify", "2026-05-01T12:00:00Z", traits=traits, context={**said, "locale": "fr-FR"}),
        call("identify", "2026-05-02T12:00:00Z", traits={"name": "Ada L.", "country": "Germany"}),
        call("track", "2026-05-03T12:00:00Z", event="Segment Consent Preference Updated", context=changed),
        call("track", "2026-05-03T12:00:01Z", event="Product Viewed", properties={"product_id": "mug"}),
        call("page", "2026-05-03T12:00:02Z"),
        call("identify", "2026-05-04T12:00:00Z", traits={"email": "none"}),
    ]
    source = tmp_path / "segment.jsonl"
    source.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    for _ in range(2):
        report = import_events(shop, ImportEventsRequest(source=source))
        assert (report.format, report.log_ins, report.rejected, dict(report.ignored)) == ("segment", 3, 1, {"page": 1})
    found = known(shop, "c-77")
    assert found.shopper == "ada"
    assert {name: value for name, value in found.fields.items() if value is not None} == {
        "name": "Ada L.",
        "country": "GB",
        "birth_year": 1990,
        "email": "ada@example.com",
    }
    words = {purpose.value: said.given for purpose, said in found.consents.items()}
    assert words == {"personalisation": False, "analytics": False}
    assert found.consents[Purpose.ANALYTICS].source == "import of segment.jsonl"


def test_many_log_ins_are_handed_over_in_pieces(
    shop: OpenShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "logins.jsonl"
    rows = [{"kind": "identify", "shopper_id": f"s{i}", "anonymous_id": f"c{i}", "time": TIME} for i in range(25)]
    source.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    most = []
    whole = shop.folder.store.events.log_in

    def counted(batch: Sequence[LogIn]) -> Added:
        most.append(len(batch))
        return whole(batch)

    monkeypatch.setattr(shop.folder.store.events, "log_in", counted)
    report = import_events(shop, ImportEventsRequest(source=source), chunk_rows=10)
    assert (report.log_ins, report.joined) == (25, 25) and max(most) == 10
