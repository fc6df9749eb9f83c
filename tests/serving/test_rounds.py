"""Who goes round all shops holds none of them beyond its turn: one that is closed meanwhile gives its memory back."""

from __future__ import annotations

import gc
import threading
import weakref
from pathlib import Path

import pytest

from bottega.actions.jobs.worker import Worker
from bottega.serving import rounds
from bottega.shop.open_shop import OpenShop
from bottega.shop.shops_folder import ShopsFolder


class Doors:
    """Two open shops, the first of which is closed while something is done for the second."""

    def __init__(self, root: Path) -> None:
        self.shops = ShopsFolder.open(root, make=True)
        self.open = {name: OpenShop.open(root / name) for name in ("a", "b")}
        self.first = weakref.ref(self.open["a"])
        self.turns: list[str] = []
        self.gone: list[bool] = []
        self.stop = threading.Event()

    def opened(self) -> dict[str, OpenShop]:
        return dict(self.open)

    def turn(self, name: str) -> None:
        self.turns.append(name)
        if name == "b":
            self.open.pop("a").close()
            gc.collect()
            self.gone.append(self.first() is None)
            self.stop.set()


@pytest.fixture
def doors(tmp_path: Path) -> Doors:
    return Doors(tmp_path / "shops")


def test_a_shop_that_is_closed_during_a_job_of_another_is_let_go(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    def turn(worker: Worker, _: threading.Event) -> bool:
        doors.turn(worker._folder.root.name)
        return False

    monkeypatch.setattr(Worker, "turn", turn)
    rounds.work_round(doors.shops, doors.stop, opened=doors.opened)
    assert doors.turns == ["a", "b"] and doors.gone == [True]
    doors.open["b"].close()


def test_a_shop_that_is_closed_while_talks_of_another_are_tended_is_let_go(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bottega.actions.talks.tending.tend_talks", lambda shop, _: doors.turn(shop.folder.root.name))
    rounds._tend_round(doors.shops, doors.opened, doors.stop)
    assert doors.turns == ["a", "b"] and doors.gone == [True]
    doors.open["b"].close()
