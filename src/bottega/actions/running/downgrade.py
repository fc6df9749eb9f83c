"""Take a shop back to the tables of an older Bottega, which refuses newer ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from pydantic import Field

from bottega.errors import RequestInvalid
from bottega.settings import load_server_settings, load_settings, shops_folder_of
from bottega.shop.alone import Alone
from bottega.shop.folder import RUNNING, database_of
from bottega.shop.shape import Shape
from bottega.store.database import Database
from bottega.store.downgrade import downgrade, losses, tables_of

__all__ = ["DowngradeAnswer", "LossInfo", "take_back"]


class LossInfo(Shape):
    """Something that the older tables cannot hold."""

    table: str
    rows: int = Field(description="How many lose it.")
    what: str = Field(description="What it is, in words.")


class DowngradeAnswer(Shape):
    """What taking the tables back means."""

    version: str = Field(description="The Bottega that is to open the shop.")
    tables: str = Field(description="The version of its tables.")
    lost: tuple[LossInfo, ...] = Field(description="What those cannot hold, the newest first; empty: nothing.")
    done: bool = Field(description="Whether it was done; else this says what would be.")


def take_back(root: Path, version: str, *, sure: bool) -> DowngradeAnswer:
    """Say what an older Bottega's tables cannot hold of the shop in `root`, and with `sure` take them back to those.

    It opens the database alone: an open shop would bring the tables to this version again. Raises `RequestInvalid`,
    `SettingsInvalid`, `StoreUnavailable`.
    """
    root = root.absolute()
    revision = tables_of(version)
    url, schema = database_of(root, load_settings(root), load_server_settings(root))
    database = Database.connect(url, schema=schema)
    try:
        if sure:
            with _nobody_else(root):
                lost = downgrade(database, revision)
        else:
            lost = losses(database, revision)
    finally:
        database.close()
    told = tuple(LossInfo(table=one.table, rows=one.rows, what=one.words) for one in lost)
    return DowngradeAnswer(version=version.removeprefix("v"), tables=revision, lost=told, done=sure)


@contextmanager
def _nobody_else(root: Path) -> Iterator[None]:
    """No server of this machine and no worker of one has the shop meanwhile."""
    several = shops_folder_of(root)
    with ExitStack() as stack:
        for folder in {root, several or root}:
            for name in ("worker", "talks"):
                if not stack.enter_context(Alone(folder / RUNNING, name)).take():
                    raise RequestInvalid(
                        f"A server has the shop in {root}.",
                        allowed="Tables are taken back while nothing runs.",
                        next_step="Stop every server and worker of it, on other machines, too, and run this again.",
                    )
        yield
