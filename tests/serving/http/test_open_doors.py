"""Doors of several shops: opened once, closed when idle or when memory runs short, never while somebody uses them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, cast

import pytest

from bottega.errors import ShopUnknown, StoreUnavailable
from bottega.serving.http.door import Door
from bottega.serving.http.open_doors import OpenDoors
from bottega.shop.shops_folder import ShopsFolder

MB = 1_000_000


class Shops:
    """Three shops, doors that say when they are opened and closed, a clock, and memory: 100 MB an open door."""

    def __init__(self, root: Path, **limits: float) -> None:
        folder = ShopsFolder.open(root, make=True)
        for name in ("a", "b", "c"):
            (root / name).mkdir()
            (root / name / "bottega.toml").touch()
        self.root, self.now_s, self.open, self.log = root, 0.0, set[str](), list[str]()
        self.broken = ""
        given = {"memory_mb": 1000.0, "idle_minutes": 10.0, **limits}
        self.doors = OpenDoors(
            folder, self._make, held=lambda: 100 * MB * len(self.open), clock=lambda: self.now_s, **given
        )

    def _make(self, name: str) -> Door:
        if name == self.broken:
            raise StoreUnavailable("gone")
        shops = self

        class Fake:
            shop = type("FakeShop", (), {"refresh": staticmethod(lambda: shops.log.append(f"refresh {name}"))})()

            def close(self) -> None:
                shops.open.discard(name)
                shops.log.append(f"close {name}")

        self.open.add(name)
        self.log.append(f"open {name}")
        return cast(Door, Fake())

    async def ask(self, name: str) -> Any:
        async with self.doors.using(name) as door:
            self.now_s += 1
            return door


def test_many_who_ask_at_once_share_one_door(tmp_path: Path) -> None:
    shops = Shops(tmp_path)

    async def asked() -> None:
        first, *others = await asyncio.gather(*(shops.ask("a") for _ in range(20)))
        assert all(door is first for door in others)
        await shops.doors.close()

    asyncio.run(asked())
    assert shops.log == ["open a", "close a"]


def test_who_was_asked_longest_ago_is_closed_when_memory_runs_short(tmp_path: Path) -> None:
    shops = Shops(tmp_path, memory_mb=250.0)

    async def asked() -> None:
        for name in ("a", "b", "a", "c"):
            await shops.ask(name)
        assert shops.open == {"a", "c"}
        async with shops.doors.using("a"), shops.doors.using("c"):
            await shops.ask("b")  # over the budget, but whoever is in use stays
            assert shops.open == {"a", "b", "c"}
        await shops.doors.tend()
        assert len(shops.open) == 2
        await shops.doors.close()

    asyncio.run(asked())
    assert shops.log[:4] == ["open a", "open b", "open c", "close b"]


def test_idle_doors_are_closed_and_taking_over_news_is_no_question(tmp_path: Path) -> None:
    shops = Shops(tmp_path)

    async def asked() -> None:
        await shops.ask("a")
        await shops.ask("b")
        shops.now_s += 599
        await shops.doors.tend()
        assert shops.log.count("refresh a") == 1
        shops.now_s += 2
        async with shops.doors.using("b"):
            await shops.doors.tend()
            await asyncio.sleep(0.05)
            assert "close a" in shops.log and "close b" not in shops.log
        await shops.doors.close()

    asyncio.run(asked())


def test_new_settings_and_a_shop_in_the_place_of_another_open_it_anew(tmp_path: Path) -> None:
    shops = Shops(tmp_path)

    async def asked() -> None:
        before = await shops.ask("a")
        (tmp_path / "a" / "bottega.toml").write_text('currency = "EUR"\n')
        async with shops.doors.using("a") as after:
            assert after is not before
        (tmp_path / "a").rename(tmp_path / ".removed")
        with pytest.raises(ShopUnknown, match="There is no shop 'a' here"):
            await shops.ask("a")
        await shops.doors.tend()
        await shops.doors.close()

    asyncio.run(asked())
    assert shops.log.count("open a") == shops.log.count("close a") == 2


def test_a_shop_that_cannot_be_opened_is_tried_again(tmp_path: Path) -> None:
    shops = Shops(tmp_path)

    async def asked() -> None:
        shops.broken = "a"
        with pytest.raises(StoreUnavailable):
            await shops.ask("a")
        shops.broken = ""
        await shops.ask("a")
        await shops.doors.close()

    asyncio.run(asked())
    assert shops.log == ["open a", "close a"]
