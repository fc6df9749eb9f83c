"""Forgotten rows leave the disk, if not at once then when those who read have ended."""

from __future__ import annotations

import time
from pathlib import Path

from sqlalchemy import text

from bottega.events.traits import Traits
from bottega.shop.open_shop import OpenShop
from bottega.store.store import Store
from bottega.store.traits import Telling

SECRET = "a.very.particular@address.de"


def on_disk(folder: Path) -> bool:
    return any(SECRET.encode() in path.read_bytes() for path in folder.glob("shop.db*"))


def test_a_reader_holds_nobody_up_and_the_log_is_emptied_after_it(tmp_path: Path) -> None:
    with OpenShop.open(tmp_path) as server, Store.open(f"sqlite:///{tmp_path / 'shop.db'}") as other:
        telling = Telling("ana", Traits(email=SECRET))
        other.traits.tell([telling], now_ms=1_780_000_000_000)
        server.refresh()
        with server.store.database.read() as reader:
            reader.execute(text("SELECT count(*) FROM shoppers")).scalar()
            started = time.perf_counter()
            assert other.shoppers.forget("ana") is not None
            assert time.perf_counter() - started < 10
            assert not other.shoppers.overwrite() and on_disk(tmp_path)
        server.refresh()
        assert not on_disk(tmp_path)
        assert other.shoppers.overwrite()
        with other.database.read() as connection:
            assert connection.execute(text("PRAGMA busy_timeout")).scalar() == 30_000
