"""Make the shop that a backup holds: in a new folder, as it was then, with either kind of database."""

from __future__ import annotations

import os
import shutil
import zipfile
import zlib
from contextlib import closing
from pathlib import Path, PurePosixPath

from bottega.errors import BackupBroken, RequestInvalid, SourceUnreadable, disk_full
from bottega.progress import Progress, silent
from bottega.settings import load_server_settings, load_settings, write_setting
from bottega.shop.backup import ABOUT, AT_ONCE, DATABASE, BackupInfo, about_of, flush_names, opened
from bottega.shop.files import COPIED, Files, FolderFiles, files_at, shared_of
from bottega.shop.folder import database_of
from bottega.store.snapshot import fill, holds_rows, new_identity, rows_of, version_of
from bottega.store.store import Store

__all__ = ["restore", "take_away"]


def restore(
    file: Path,
    folder: Path,
    *,
    database_url: str | None = None,
    schema: str = "",
    files_url: str | None = None,
    progress: Progress = silent,
) -> tuple[str, BackupInfo]:
    """Make the shop that a backup holds, in a folder that is absent or empty; the name of its database, what it was.

    The rows go into the database of `database_url` ("": a file in the folder) and its `schema`, or where that is None,
    of the settings that came along, or of the environment. It must be empty; so must the bucket of `files_url` ("": the
    folder), by default the one of those settings. When this returns, the shop may be opened;
    if it fails, nothing is left. Raises `BackupBroken`, `RequestInvalid`, `SourceUnreadable`, `DiskFull`,
    `SettingsInvalid`, `StoreUnavailable`.
    """
    with closing(opened(file)) as archive:
        info = about_of(archive, file)
        there = folder.exists()
        if there and (not folder.is_dir() or any(folder.iterdir())):
            raise RequestInvalid(
                f"{folder} is there already, and not empty.",
                allowed="A backup is restored into a folder that is absent or empty.",
                next_step="Name another one, or move this one away.",
            )
        elsewhere: Files | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _unpack(archive, folder, info, progress)
            elsewhere = _elsewhere(folder, files_url)
            if elsewhere is not None:
                _put_elsewhere(folder, elsewhere)
            name = _put_rows(folder, info, database_url, schema, progress)
        except BaseException as error:
            if elsewhere is not None:
                take_away(elsewhere, folder)
            _empty(folder, remove=not there)
            if isinstance(error, OSError):
                raise disk_full(error) or SourceUnreadable(
                    f"{folder} cannot be written: {error.strerror}.", next_step="Name another folder."
                ) from error
            raise
    return name, info


def _unpack(archive: zipfile.ZipFile, folder: Path, info: BackupInfo, progress: Progress) -> None:
    """Put the files into the folder, and the rows beside the name that they will have."""
    unpacked = 0
    for one in archive.infolist():
        if one.filename == ABOUT:
            continue
        name = f"{DATABASE}.part" if one.filename == DATABASE else one.filename
        inside = PurePosixPath(name)
        if inside.is_absolute() or ".." in inside.parts or "\\" in name or one.is_dir():
            raise BackupBroken(
                f"The backup holds a file of the name {one.filename[:80]!r}.",
                allowed="Names stay within the shop's folder.",
                next_step="Restore none that comes from elsewhere.",
            )
        target = folder / inside
        target.parent.mkdir(parents=True, exist_ok=True)
        mode = (one.external_attr >> 16) & 0o777 or 0o600
        try:
            with archive.open(one) as content, os.fdopen(_new(target, mode), "wb") as out:
                shutil.copyfileobj(content, out, AT_ONCE)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise BackupBroken(
                f"{one.filename} is damaged in the backup: {error}.", next_step="Take another backup."
            ) from error
        unpacked += one.filename != DATABASE
        progress("unpacking files", unpacked, info.files)
    if unpacked != info.files:
        raise BackupBroken(
            f"The backup has {unpacked:,} files and says that it has {info.files:,}.", next_step="Take another backup."
        )


def _elsewhere(folder: Path, url: str | None) -> Files | None:
    """The bucket that the files go into; None where they stay in the folder."""
    settings = load_settings(folder)
    if url is None:
        url = settings.files_url
        if settings.files_prefix and not url:  # of a bucket that another server has
            write_setting(folder, "files_prefix", "")
    if not url:
        return None
    files = files_at(url, folder)
    if any(files.names(top) for top in shared_of(settings.policies)):
        raise RequestInvalid(
            f"The file store {url} holds files of a shop already.",
            allowed="A backup is restored into one that is empty.",
            next_step="Name another with BOTTEGA_FILES_URL; an empty text there means the shop's folder.",
        )
    return files


def _put_elsewhere(folder: Path, files: Files) -> None:
    """Have the files in the bucket; only of what never changes a copy stays here."""
    for top in shared_of(load_settings(folder).policies):
        files.share_folder(top)
        if top not in COPIED:
            FolderFiles(folder).remove_all(top)


def take_away(files: Files, folder: Path) -> None:
    """Remove what a shop keeps, whether in a bucket or in the folder, where its settings are."""
    for top in shared_of(load_settings(folder).policies):
        files.remove_all(top)


def _new(target: Path, mode: int) -> int:
    return os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)


def _put_rows(folder: Path, info: BackupInfo, database_url: str | None, schema: str, progress: Progress) -> str:
    """Make the database out of what was unpacked; its name."""
    unpacked, own = folder / f"{DATABASE}.part", folder / DATABASE
    if rows_of(unpacked) != info.rows or version_of(unpacked) != info.tables:
        raise BackupBroken("The backup has other rows than it says.", next_step="Take another backup.")
    if database_url is None:
        url, schema = database_of(folder, load_settings(folder), load_server_settings(folder))
        database_url = "" if url == f"sqlite:///{own}" else url
    if not database_url:
        unpacked.replace(own)
        flush_names(folder)
        with Store.open(f"sqlite:///{own}") as store:
            new_identity(store.database)
            return store.database.name
    Store.open(f"sqlite:///{unpacked}").close()  # its tables become those of this version
    with Store.open(database_url, schema=schema) as store:
        if holds_rows(store.database):
            raise RequestInvalid(
                f"The database {store.database.name} holds a shop already.",
                allowed="A backup is restored into one that is empty.",
                next_step="Name another with BOTTEGA_DATABASE_URL; an empty text there means a file in the folder.",
            )
        fill(store.database, unpacked, progress=progress)
        new_identity(store.database)
        name = store.database.name
    for left in (unpacked, *folder.glob(f"{DATABASE}.part-*")):
        left.unlink()
    return name


def _empty(folder: Path, *, remove: bool) -> None:
    for left in folder.iterdir() if folder.is_dir() else ():
        shutil.rmtree(left, ignore_errors=True) if left.is_dir() and not left.is_symlink() else left.unlink()
    if remove:
        shutil.rmtree(folder, ignore_errors=True)
