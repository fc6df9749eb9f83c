"""Back a shop up, and make one of a backup (`shop/backup.py` has how)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from pydantic import Field

from bottega.progress import Progress, silent
from bottega.shop import backup
from bottega.shop import restore as restoring
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Request, Shape

__all__ = ["BackupAnswer", "BackupRequest", "back_up", "restore"]


class BackupRequest(Request):
    """The whole shop as one file."""

    file: Path = Field(description="A new file, or a folder, in which it gets a name of shop and moment.")


class BackupAnswer(Shape):
    """What a backup holds."""

    path: Path = Field(description="The backup, or the folder that one was restored into.")
    shop: str = Field(description="Name of the folder that it was taken of.")
    made_at: datetime = Field(description="The moment of its rows, UTC.")
    database: str = Field(description="Where the rows lay, sqlite or postgresql; restored, the database's name.")
    rows: dict[str, int] = Field(description="Rows of each table.")
    files: int
    bytes: int = Field(description="Of these files.")


def back_up(shop: OpenShop, request: BackupRequest, *, progress: Progress = silent) -> BackupAnswer:
    """Write a backup. Raises `RequestInvalid` for a file that is there, `SourceUnreadable`, `DiskFull`."""
    path, info = backup.back_up(shop.folder, request.file, progress=progress)
    return _answer(path, info, info.database)


def restore(file: Path, folder: Path, *, progress: Progress = silent) -> BackupAnswer:
    """Make the shop of a backup in a new folder. Raises what `shop/restore.py` raises."""
    database, info = restoring.restore(file, folder.absolute(), progress=progress)
    return _answer(folder.absolute(), info, database)


def _answer(path: Path, info: backup.BackupInfo, database: str) -> BackupAnswer:
    return BackupAnswer(
        path=path,
        shop=info.shop,
        made_at=datetime.fromtimestamp(info.made_at_ms / 1000, UTC),
        database=database,
        rows=info.rows,
        files=info.files,
        bytes=info.bytes,
    )
