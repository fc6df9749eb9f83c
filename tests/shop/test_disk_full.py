"""A disk without room: every door says so in the same words, and health does."""

from __future__ import annotations

import errno
import os
import shutil
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlalchemy.exc import OperationalError

from bottega.errors import DiskFull, StoreUnavailable, disk_full
from bottega.serving.cli.console import guard
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop


def no_room(name: str | None = None) -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), name)


def test_a_command_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended, guard():
        raise no_room("/shop/models/x.npz")
    assert ended.value.exit_code == 2
    said = capsys.readouterr().err.replace("\n", " ")
    assert "The disk is full" in said and "/shop/models/x.npz" in said and "Make room" in said
    assert "Traceback" not in said


def test_another_fault_of_the_system_shows_itself() -> None:
    with pytest.raises(PermissionError), guard():
        raise PermissionError(errno.EACCES, "no")


def test_what_it_came_of_is_found() -> None:
    try:
        try:
            raise no_room()
        except OSError as error:
            raise RuntimeError("unexpected pos 64 vs 0") from error
    except RuntimeError as error:
        assert isinstance(disk_full(error), DiskFull)
    assert disk_full(RuntimeError("another")) is None


@pytest.mark.parametrize(
    "said", ["database or disk is full", 'could not extend file "base/1": No space left on device']
)
def test_the_store_tells_it_from_being_out_of_reach(tmp_path: Path, said: str) -> None:
    with ShopFolder.open(tmp_path) as folder:
        with pytest.raises(DiskFull, match=r"is full.*Make room"), folder.store.database.write():
            raise OperationalError("INSERT", {}, Exception(said))
        with pytest.raises(StoreUnavailable) as away, folder.store.database.write():
            raise OperationalError("INSERT", {}, Exception("disk I/O error"))
    assert not isinstance(away.value, DiskFull)


def test_health_says_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage: Any = namedtuple("usage", "total used free")
    with OpenShop.open(tmp_path) as shop:
        assert shop.health().status == "ok"
        monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(3_000_000, 2_990_000, 10_000))
        assert shop.health().status == "disk_full"
