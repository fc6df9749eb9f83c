"""Kept pictures and shares: their links, their end, log-ins, and being forgotten."""

from __future__ import annotations

from bottega.events.event import Event
from bottega.names import EventKind
from bottega.store.shopper_pictures import ClosetPicture, PictureShare
from bottega.store.store import Store

T = 1_700_000_000_000


def picture(picture_id: str, shopper: str = "ana", *, time_ms: int = T) -> ClosetPicture:
    return ClosetPicture(picture_id, shopper, f"{picture_id}.webp", "try_on", ["shirt-1"], time_ms, shopper)


def share(share_id: str, shopper: str = "ana", *, expires_ms: int = T + 1000, time_ms: int = T) -> PictureShare:
    return PictureShare(share_id, shopper, f"{share_id}.webp", "try_on", ["shirt-1"], time_ms, shopper, expires_ms)


def test_kept_pictures_come_back_newest_first_and_nobody_takes_anothers(store: Store) -> None:
    store.closet_pictures.add(picture("p-1"))
    store.closet_pictures.add(picture("p-2", time_ms=T + 1))
    store.closet_pictures.add(picture("p-3", "bo"))
    assert [one.picture_id for one in store.closet_pictures.of_shopper("ana")] == ["p-2", "p-1"]
    assert store.closet_pictures.get("p-1") == picture("p-1") and store.closet_pictures.get("p-9") is None
    assert store.closet_pictures.count("ana") == 2 and store.closet_pictures.added_since(T + 1) == 1
    assert store.closet_pictures.remove("bo", ["p-1"]) == []
    assert store.closet_pictures.remove("ana", ["p-1", "p-3"]) == [picture("p-1")]
    assert store.closet_pictures.count("bo") == 1


def test_a_link_opens_its_share_until_it_expires(store: Store) -> None:
    store.shares.add(share("s-1"), "open-sesame")
    assert store.shares.by_token("open-sesame", T + 999) == share("s-1")
    assert store.shares.by_token("open-sesame", T + 1000) is None
    assert store.shares.by_token("s-1", T) is None, "the id that the shopper revokes by opens nothing"
    with store.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM shares").fetchall()
    assert not any("open-sesame" in str(row) for row in rows), "the database opens no picture"


def test_shares_are_taken_back_and_dropped_when_they_end(store: Store) -> None:
    for number in range(3):
        store.shares.add(share(f"s-{number}", expires_ms=T + number), f"token-{number}")
    assert store.shares.count("ana", T) == 2
    assert [one.picture_id for one in store.shares.of_shopper("ana", T + 1)] == ["s-2"]
    assert store.shares.remove("bo", ["s-2"]) == []
    assert [one.picture_id for one in store.shares.expire(T + 1)] == ["s-0", "s-1"]
    assert store.shares.expire(T + 1) == []
    assert [one.picture_id for one in store.shares.remove("ana", ["s-0", "s-2"])] == ["s-2"]
    assert store.shares.by_token("token-2", T) is None


def test_a_log_in_takes_pictures_along_and_forgetting_takes_them_out(store: Store) -> None:
    store.closet_pictures.add(picture("p-1", "cookie"))
    store.shares.add(share("s-1", "cookie"), "token")
    assert store.shoppers.profile("cookie") == "cookie", "who kept a picture is known"
    store.events.add(
        [Event(shopper_id="ana", anonymous_id="cookie", kind=EventKind.VIEW, product_id="shirt-1", time_ms=T + 1)]
    )
    assert [one.picture_id for one in store.closet_pictures.of_shopper("ana")] == ["p-1"]
    assert store.shares.count("ana", T) == 1
    record = store.shoppers.forget("ana")
    assert record is not None
    assert [row["file"] for row in record.tables["closet_pictures"]] == ["p-1.webp"]
    assert [row["file"] for row in record.tables["shares"]] == ["s-1.webp"]
    assert store.shares.by_token("token", T) is None and store.closet_pictures.get("p-1") is None
