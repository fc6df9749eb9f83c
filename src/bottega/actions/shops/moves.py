"""Take a shop out of a shops folder as one file, and put one in: by the backups of `shop/backup.py`.

What comes in gets a name of its own, and its rows the place that this folder's shops have. The server's settings of a
shop that was alone stay out, and so do keys that open another shop here: a key opens exactly one.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from bottega.actions.shops.shapes import RestoredShopAnswer
from bottega.actions.shops.shops import free_place
from bottega.errors import RequestInvalid, SourceUnreadable, disk_full
from bottega.progress import Progress, silent
from bottega.settings import SETTINGS_FILE, ServerSettings, write_setting
from bottega.shop import backup
from bottega.shop import restore as restoring
from bottega.shop.doors.key_directory import KeyDirectory
from bottega.shop.folder import ShopFolder
from bottega.shop.shops_folder import ShopsFolder
from bottega.store.key_digests import drop_known
from bottega.store.schemas import drop_schema, make_schema, schema_of
from bottega.store.store import Store

__all__ = ["export_shop", "restore_shop"]


def export_shop(shops: ShopsFolder, name: str, file: Path, *, progress: Progress = silent) -> Path:
    """Write a backup of a shop, which goes on meanwhile; where it lies. Raises what `back_up` raises."""
    with ShopFolder.open(shops.folder(name)) as folder:
        return backup.back_up(folder, file, progress=progress)[0]


def restore_shop(shops: ShopsFolder, file: Path, name: str, *, progress: Progress = silent) -> RestoredShopAnswer:
    """Make the shop of a backup, under a name that no shop here has. If it fails, nothing is left.

    Raises `BackupBroken`, `RequestInvalid`, `SourceUnreadable`, `DiskFull`, `SettingsInvalid`, `StoreUnavailable`.
    """
    folder, url = free_place(shops, name), shops.server.shops_database_url
    schema, files_url = schema_of(name) if url else "", shops.place_of_files(name)
    known = KeyDirectory(shops).read_now().marks
    place = shops.root / f".restoring-{name}-{os.getpid()}"
    work = place / "alone"  # no shop of the folder yet: its settings may be those of one that had a server to itself
    try:
        if schema and not make_schema(url, schema):
            raise RequestInvalid(
                f"The schema {schema} is there already.",
                allowed="A shop is restored into a schema of its own.",
                next_step="Choose another name, or drop that schema if nobody needs it.",
            )
        try:
            _, info = restoring.restore(
                file, work, schema=schema, database_url=url, files_url=files_url or None, progress=progress
            )
            left_out = _without_the_servers(work / SETTINGS_FILE, files_too=bool(files_url))
            if schema:
                write_setting(work, "database_schema", schema)
            if files_url:
                write_setting(work, "files_prefix", name)
            with Store.open(url or f"sqlite:///{work / backup.DATABASE}", schema=schema) as store:
                keys = drop_known(store.database, known)
            work.rename(folder)
        except BaseException:
            if schema:
                drop_schema(url, schema)
            raise
    except OSError as error:
        raise disk_full(error) or SourceUnreadable(
            f"{folder} cannot be made: {error.strerror}.", next_step="Check the shops folder and its permissions."
        ) from error
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return RestoredShopAnswer(
        name=name, was=info.shop, folder=folder, rows=info.rows, keys_left_out=keys, settings_left_out=left_out
    )


def _without_the_servers(path: Path, *, files_too: bool) -> list[str]:
    """Take out of a shop's settings what is the server's, or says where its rows, and `files_too`, were; what was
    taken out."""
    text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    found = []
    places = ("database_url", "database_schema", "files_prefix", *(["files_url"] if files_too else []))
    for name in (*ServerSettings.model_fields, *places):
        text, times = re.subn(rf"(?m)^[ \t]*{name}[ \t]*=.*\n?", "", text)
        if times and name in ServerSettings.model_fields:
            found.append(name)
    path.write_text(text, encoding="utf-8")
    return found
