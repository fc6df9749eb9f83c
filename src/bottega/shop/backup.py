"""A shop in one file: its rows as of one moment, and its files, taken while the shop goes on (`restore.py` opens it).

The file is a zip: `shop.db`, everything of the shop's folder, and at last `backup.json`, which says what it is.

The rows come first and the files after them. Whatever row names a file was written after it, so each file that a row of
the backup names is in it, unless it was deleted on purpose in between. Files that can be made again, or that are of use
to the running processes of this machine alone, stay out (`LEFT_OUT`).
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO, Any

from bottega import __version__
from bottega.errors import BackupBroken, RequestInvalid, SourceUnreadable, disk_full
from bottega.progress import Progress, silent
from bottega.shop.files import COPIED, shared_of
from bottega.shop.folder import ShopFolder
from bottega.store.migrate import newest
from bottega.store.snapshot import rows_of, snapshot

__all__ = ["ABOUT", "AT_ONCE", "DATABASE", "LEFT_OUT", "BackupInfo", "about_of", "back_up", "flush_names", "opened"]

LEFT_OUT = frozenset({"run", "thumbnails", "pack", "fetched", "backups"})
"""Folders of a shop that no backup holds: what processes share, what is made again, what is known of addresses (with
older rows it would be wrong), and backups themselves."""
DATABASE, ABOUT = "shop.db", "backup.json"
FORMAT = 1
_UNFINISHED = re.compile(r".*\.(part|new)|\..*")
_PACKED = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".mp4", ".zip", ".gz", ".npz", ".glb"})
"""What gets no smaller."""
AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class BackupInfo:
    """What a backup holds."""

    made_at_ms: int
    """The moment of its rows, UTC milliseconds."""
    shop: str
    """Name of the folder that it was taken of."""
    database: str
    """What held the rows: sqlite or postgresql."""
    bottega: str
    """The version that took it."""
    tables: str
    """The version of its tables."""
    rows: dict[str, int]
    """Of each table."""
    files: int
    bytes: int
    """Of these files, not packed."""
    format: int = FORMAT


def back_up(folder: ShopFolder, file: Path, *, progress: Progress = silent) -> tuple[Path, BackupInfo]:
    """Write a backup of a shop; where it lies, and what it holds. Others may read and write the shop meanwhile.

    `file` is a new file, or a folder, in which it then gets a name of shop and moment. It is there when it is whole and
    on disk, and only its owner may read it: with the shop's key in it, it opens the shop's secrets. Raises
    `RequestInvalid` for a file that exists or lies where backups would pack themselves, `SourceUnreadable`, `DiskFull`,
    `StoreUnavailable`.
    """
    file = _new_file(folder.root, file)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".backup-", suffix=".part", dir=file.parent) as work:
            info = _write(folder, Path(work), progress)
            (Path(work) / "backup.zip").rename(file)
        flush_names(file.parent)
    except OSError as error:
        raise disk_full(error) or SourceUnreadable(
            f"The backup {file} cannot be written: {error.strerror}.", next_step="Name another place."
        ) from error
    return file, info


def _write(folder: ShopFolder, work: Path, progress: Progress) -> BackupInfo:
    """Write `backup.zip` into a folder for work, whole and on disk."""
    made_at_ms, rows = time.time_ns() // 1_000_000, work / DATABASE
    snapshot(folder.store.database, rows, progress=progress)
    counted = size = 0
    with os.fdopen(os.open(work / "backup.zip", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        with zipfile.ZipFile(stream, "w", compresslevel=1) as archive:
            with rows.open("rb") as content:
                _add(archive, DATABASE, content)
            for name, path in _files(folder):
                added = _add_file(archive, name, path)
                if added is not None:
                    counted, size = counted + 1, size + added
                    progress("copying files", counted, None, name.partition("/")[0])
            for name, kept in _elsewhere(folder, set(archive.namelist())):
                counted, size = counted + 1, size + _add(archive, name, io.BytesIO(kept))
                progress("copying files", counted, None, name.partition("/")[0])
            info = BackupInfo(
                made_at_ms=made_at_ms,
                shop=folder.root.resolve().name,
                database="sqlite" if folder.store.database.is_sqlite else "postgresql",
                bottega=__version__,
                tables=newest(),
                rows=rows_of(rows),
                files=counted,
                bytes=size,
            )
            archive.writestr(ABOUT, json.dumps(asdict(info), indent=1))
        stream.flush()
        os.fsync(stream.fileno())
    return info


def _new_file(root: Path, file: Path) -> Path:
    file = file.absolute()
    if file.is_dir():
        file = file / f"{root.resolve().name}-{datetime.now(UTC):%Y%m%dT%H%M%S}.zip"
    place, own = file.parent.resolve(), root.resolve()
    if place.is_relative_to(own) and place.relative_to(own).parts[:1] != ("backups",):
        raise RequestInvalid(
            f"The backup {file} would lie among the files that it packs.",
            allowed="Outside the shop's folder, best on another disk, or in its folder backups/.",
            next_step="Name another place.",
        )
    if file.exists():
        raise RequestInvalid(
            f"{file} is there already.", next_step="Name a new file, or a folder: it then gets a name."
        )
    return file


def _files(folder: ShopFolder) -> Iterator[tuple[str, Path]]:
    """Every file that belongs to a shop, by its name in the folder; the database's own files are no part of that.

    Of what may have changed in a bucket since a machine wrote it, the bucket's is the one.
    """
    root, seen = folder.root, set[Path]()
    newer = frozenset(shared_of(folder.settings.policies)) - {*COPIED} if folder.lies_elsewhere else frozenset[str]()
    newer = frozenset(top for top in newer if folder.files.names(top))
    for place, folders, names in os.walk(root, followlinks=True):
        at = Path(place)
        inner = at.relative_to(root)
        real = at.resolve()
        if real in seen or any(real.is_relative_to(root.resolve() / left) for left in LEFT_OUT):
            folders.clear()  # a link that leads back
            continue
        seen.add(real)
        left = LEFT_OUT | newer if at == root else frozenset()
        folders[:] = sorted(one for one in folders if one not in left and not _UNFINISHED.fullmatch(one))
        for name in sorted(names):
            if (at == root and name.partition("-")[0] == DATABASE) or _UNFINISHED.fullmatch(name):
                continue
            told = str(PurePosixPath(inner / name))
            if told not in newer:
                yield told, at / name


def _elsewhere(folder: ShopFolder, packed: set[str]) -> Iterator[tuple[str, bytes]]:
    """Files that lie in a bucket and of which this machine has no copy."""
    if folder.lies_elsewhere:
        for top in shared_of(folder.settings.policies):
            for name in folder.files.names(top):
                if name not in packed and (content := folder.files.read(name)) is not None:
                    yield name, content


def _add_file(archive: zipfile.ZipFile, name: str, path: Path) -> int | None:
    """Pack a file; its bytes, None where it has gone meanwhile or is none."""
    try:
        if not path.is_file():
            return None
        with path.open("rb") as content:
            return _add(archive, name, content, mode=path.stat().st_mode & 0o777)
    except FileNotFoundError:
        return None


def _add(archive: zipfile.ZipFile, name: str, content: IO[bytes], *, mode: int = 0o600) -> int:
    about = zipfile.ZipInfo(name, date_time=time.gmtime()[:6])
    about.external_attr = mode << 16
    packed = PurePosixPath(name).suffix.lower() in _PACKED
    about.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    with archive.open(about, "w", force_zip64=True) as out:
        before = content.tell()
        shutil.copyfileobj(content, out, AT_ONCE)
        return content.tell() - before


def opened(file: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except zipfile.BadZipFile as error:
        raise _broken(file, f"it is no whole zip: {error}") from error
    except OSError as error:
        raise SourceUnreadable(f"{file} cannot be read: {error.strerror}.", next_step="Check the path.") from error


def about_of(archive: zipfile.ZipFile, file: Path) -> BackupInfo:
    try:
        said: dict[str, Any] = json.loads(archive.read(ABOUT))
        known = {one.name for one in fields(BackupInfo)}
        info = BackupInfo(**{name: value for name, value in said.items() if name in known})
        archive.getinfo(DATABASE)
    except (KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile, zlib.error) as error:
        raise _broken(file, "it lacks what `bottega backup` puts in") from error
    if info.format != FORMAT or info.tables > newest():
        raise BackupBroken(
            f"{file.name} was taken by Bottega {info.bottega}, with tables of version {info.tables}.",
            allowed=f"This one, {__version__}, knows versions up to {newest()}.",
            next_step="Upgrade Bottega (pip install --upgrade bottega), then restore it.",
        )
    return info


def _broken(file: Path, why: str) -> BackupBroken:
    return BackupBroken(
        f"{file.name} is no backup that can be restored: {why}.", next_step="Name a file that `bottega backup` wrote."
    )


def flush_names(folder: Path) -> None:
    """See to it that the names in a folder are on disk."""
    file = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some file systems have none of it
            os.fsync(file)
    finally:
        os.close(file)
