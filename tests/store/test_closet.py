"""Closets: hung up, listed, taken out, joined at log-in, exported and forgotten with their shopper."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bottega.events.event import Event
from bottega.names import EventKind
from bottega.store.closet import ClosetItem, SeenColour, SeenGarment
from bottega.store.store import Store

T = 1_700_000_000_000


def item(shopper: str, photo: str = "p1.jpg", *, part: str = "upper", time_ms: int = T) -> ClosetItem:
    vector = np.linspace(-1, 1, 8, dtype=np.float32)
    navy: SeenColour = {"name": "navy", "rgb": "#1f2a44", "lab": [17.0, 2.5, -17.0], "share": 0.7}
    tags: SeenGarment = {"colours": [navy], "attributes": {"type": {"value": "Shirts", "confidence": 0.9}}}
    return ClosetItem(shopper, photo, (1, 2, 30, 40), part, vector, time_ms, tags)


def parts(store: Store, shopper: str) -> list[str]:
    return [one.part for one in store.closet.of_shopper(shopper)]


def test_what_hangs_there_comes_back_newest_first(store: Store) -> None:
    added = store.closet.add(
        [item("ana"), item("ana", part="shoes"), item("bo"), item("ana", part="bag", time_ms=T - 1)]
    )
    assert len({one.item_id for one in added}) == 4 and all(one.item_id > 0 for one in added)
    assert parts(store, "ana") == ["shoes", "upper", "bag"]
    assert parts(store, "nobody") == [] and store.closet.add([]) == []
    assert store.closet.count("ana") == 3 and len(store.closet.of_shopper("ana", limit=2)) == 2
    found = store.closet.of_shopper("ana")[1]
    assert (found.item_id, found.photo, found.box, found.tags) == (
        added[0].item_id,
        "p1.jpg",
        (1, 2, 30, 40),
        item("").tags,
    )
    assert found.vector.dtype == np.float32 and np.abs(found.vector - item("").vector).max() < 1e-3


def test_items_are_taken_out_by_their_owner_alone(store: Store) -> None:
    one, two, other = store.closet.add([item("ana"), item("ana", "p2.jpg"), item("bo")])
    assert store.closet.remove("bo", [one.item_id]) == []
    assert [gone.item_id for gone in store.closet.remove("ana", [one.item_id, other.item_id, 999])] == [one.item_id]
    assert store.closet.photos_left(["p1.jpg", "p2.jpg", "p3.jpg"]) == {"p1.jpg", "p2.jpg"}
    store.closet.remove("ana", [two.item_id])
    assert store.closet.photos_left(["p1.jpg", "p2.jpg"]) == {"p1.jpg"}
    assert store.closet.count("ana") == 0 and store.closet.count("bo") == 1


def seen(store: Store, shopper: str | None, anonymous: str, time_ms: int) -> None:
    event = Event(shopper_id=shopper, anonymous_id=anonymous, kind=EventKind.VIEW, product_id="lamp", time_ms=time_ms)
    store.events.add([event])


def test_a_closet_follows_its_owner_through_log_in(store: Store) -> None:
    seen(store, None, "cookie", T)
    store.closet.add([item("cookie"), item("ana", part="shoes"), item("other", part="bag")])
    seen(store, "ana", "cookie", T + 1000)
    assert sorted(parts(store, "ana")) == ["shoes", "upper"]
    assert parts(store, "cookie") == [] and parts(store, "other") == ["bag"]


def test_a_closet_without_any_event_follows_too(store: Store) -> None:
    store.closet.add([item("cookie")])
    seen(store, "ana", "cookie", T)
    assert parts(store, "ana") == ["upper"]


def test_a_closet_is_exported_and_forgotten_under_each_name(store: Store) -> None:
    store.closet.add([item("cookie"), item("bo")])
    seen(store, "ana", "cookie", T)
    record = store.shoppers.record("cookie")
    assert record is not None and record.shopper == "ana"
    (row,) = record.tables["closet_items"]
    assert (row["photo"], row["part"], row["box"]) == ("p1.jpg", "upper", [1, 2, 30, 40])
    gone = store.shoppers.forget("cookie")
    assert gone is not None and [row["photo"] for row in gone.tables["closet_items"]] == ["p1.jpg"]
    assert parts(store, "ana") == [] and parts(store, "bo") == ["upper"]
    assert store.shoppers.record("ana") is None


def test_someone_known_by_a_closet_alone_is_found(store: Store) -> None:
    store.closet.add([item("ana")])
    assert store.shoppers.forget("ana") is not None and store.closet.count("ana") == 0


def test_sqlite_keeps_nothing_on_disk(tmp_path: Path) -> None:
    secret = "photo-of-a-very-particular-name"
    with Store.open(f"sqlite:///{tmp_path / 'shop.db'}") as store:
        (added,) = store.closet.add([item("ana", secret)])
        assert any(secret.encode() in path.read_bytes() for path in tmp_path.iterdir())
        store.closet.remove("ana", [added.item_id])
        assert not any(secret.encode() in path.read_bytes() for path in tmp_path.iterdir())
