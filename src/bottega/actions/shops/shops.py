"""Make, list and remove shops of a shops folder. A server that runs takes notice by itself.

A shop's rows are in a file of its folder, or where the server's settings name a PostgreSQL, in a schema there.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from bottega.actions.shops.shapes import ListShopsAnswer, NewShopAnswer, RemovedShopAnswer, ShopInfo
from bottega.errors import BottegaError, RequestInvalid, SourceUnreadable, disk_full
from bottega.settings import SETTINGS_FILE, write_setting
from bottega.shop.doors.key_ring import KeyRing
from bottega.shop.files import SHARED, files_at
from bottega.shop.folder import ShopFolder
from bottega.shop.restore import take_away
from bottega.shop.shops_folder import ShopsFolder, checked_name
from bottega.store.schemas import drop_schema, schema_of

__all__ = ["free_place", "list_shops", "new_shop", "remove_shop"]


def list_shops(shops: ShopsFolder) -> ListShopsAnswer:
    """Every shop, opened one after another; one that cannot be says why."""
    names = shops.names()
    others = [
        path.name
        for path in sorted(shops.root.iterdir())
        if path.is_dir() and path.name not in names and not path.name.startswith(".")
    ]
    left_out = [
        name for name in others if any((shops.root / name / mark).exists() for mark in (SETTINGS_FILE, "shop.db"))
    ]
    return ListShopsAnswer(folder=shops.root, shops=[_info(shops, name) for name in names], left_out=left_out)


def new_shop(shops: ShopsFolder, name: str, *, currency: str = "") -> NewShopAnswer:
    """Make a shop and its first key. Raises `RequestInvalid` where the name is taken or cannot be one,
    `SettingsInvalid`, `StoreUnavailable`."""
    folder = _made(shops, name)
    try:
        if url := shops.place_of_files(name):
            _refuse_files_there(url, folder)
            write_setting(folder, "files_prefix", name)
        if currency:
            write_setting(folder, "currency", currency)
        with ShopFolder.open(folder) as opened:
            key = KeyRing(opened.store.keys).first()
            if key is None:
                raise RequestInvalid(
                    f"The database of the new shop {name} has keys already: {opened.store.database.name}.",
                    next_step="Choose another name, or remove that schema if nobody needs it.",
                )
            return NewShopAnswer(name=name, folder=folder, key=key, address=opened.address)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def remove_shop(shops: ShopsFolder, name: str) -> RemovedShopAnswer:
    """Delete a shop: its folder, its rows, its models, its pictures. It cannot be taken back.

    Raises `ShopUnknown`, `SourceUnreadable` where something cannot be deleted, `StoreUnavailable`.
    """
    folder, rows = shops.folder(name), shops.rows(name)
    with ShopFolder.open(folder) as opened:
        products, events = opened.store.products.count(), opened.store.events.count()
        if opened.lies_elsewhere:
            take_away(opened.files, folder)
    gone = shops.root / f".removed-{name}-{os.getpid()}"
    try:
        folder.rename(gone)  # from here on nobody finds it, and a running server lets go of it
        if rows.schema:
            drop_schema(rows.url, rows.schema)
        shutil.rmtree(gone)
    except OSError as error:
        raise SourceUnreadable(
            f"{error.filename or gone} cannot be removed: {error.strerror}.", next_step="Delete it by hand."
        ) from error
    return RemovedShopAnswer(name=name, products=products, events=events)


def free_place(shops: ShopsFolder, name: str) -> Path:
    """Where a shop of this name will lie. Raises `RequestInvalid` where the name is taken or cannot be one."""
    folder = shops.root / checked_name(name)
    if schema_of(name) in {schema_of(path.name) for path in shops.root.iterdir()}:
        raise RequestInvalid(
            f"There is something of the name {name} in {shops.root} already.",
            allowed="Every shop has a name of its own; capitals, - and _ make no difference.",
            next_step="Choose another name; `bottega shops list` shows those there are.",
        )
    return folder


def _made(shops: ShopsFolder, name: str) -> Path:
    """An empty folder for a shop of this name, with the schema where its rows shall be."""
    folder, url = free_place(shops, name), shops.server.shops_database_url
    try:
        folder.mkdir()
        (folder / SETTINGS_FILE).touch()
    except OSError as error:
        raise disk_full(error) or SourceUnreadable(
            f"{folder} cannot be made: {error.strerror}.", next_step="Check the shops folder and its permissions."
        ) from error
    if url:
        write_setting(folder, "database_schema", schema_of(name))
    return folder


def _refuse_files_there(url: str, folder: Path) -> None:
    """Raise `RequestInvalid` where files lie already that would be the new shop's."""
    files = files_at(url, folder)
    if any(files.names(top) for top in SHARED):
        raise RequestInvalid(
            f"There are files of a shop at {url} already.",
            allowed="A new shop gets a place of its own in the bucket.",
            next_step="Choose another name, or remove those files if nobody needs them.",
        )


def _info(shops: ShopsFolder, name: str) -> ShopInfo:
    try:
        with ShopFolder.open(shops.folder(name)) as folder:
            database = folder.store.database
            return ShopInfo(
                name=name,
                database="sqlite" if database.is_sqlite else f"postgresql {database.schema}".strip(),
                products=folder.store.products.count(),
                events=folder.store.events.count(),
                keys=len(folder.store.keys.all()),
                address=folder.address,
            )
    except BottegaError as error:
        return ShopInfo(name=name, database="", fault=str(error))
