"""A shop on disk: one folder with its settings, its database, its models and its pictures."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from bottega.datasets.photos.mirrored import MirroredFolder
from bottega.errors import SettingsInvalid, SourceUnreadable
from bottega.reach import Reach
from bottega.settings import ServerSettings, ShopSettings, load_server_settings, load_settings, shops_folder_of
from bottega.shop.files import REPORTS, Files, FolderFiles, files_at
from bottega.shop.versions import Versions
from bottega.store.store import Store

__all__ = ["ROOM_BYTES", "RUNNING", "ShopFolder", "database_of", "files_url_of"]

RUNNING = "run"
ROOM_BYTES = 1_000_000
"""With less than that free on the disk of its folder, a shop counts as full."""


@dataclass(frozen=True, slots=True)
class ShopFolder:
    """What every verb works on. Close it, or use it in a `with`."""

    root: Path
    settings: ShopSettings
    store: Store
    versions: Versions
    """Stamped by whoever writes into the store, so that other processes of this machine know at once."""
    files: Files
    """Where its files lie, if not in its folder."""
    server: ServerSettings
    """What holds for the whole server, whichever shops it serves."""

    @classmethod
    def open(cls, folder: Path | str) -> Self:
        """Open the shop in `folder`, making the folder and the database where they are absent.

        Raises `SettingsInvalid`, `StoreUnavailable`, and `SourceUnreadable` when the folder cannot be made.
        """
        root = Path(folder).absolute()
        try:
            root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SourceUnreadable(
                f"The shop's folder {root} cannot be made: {error.strerror}.",
                next_step="Choose another with --shop or the variable BOTTEGA_SHOP.",
            ) from error
        settings, server = load_settings(root), load_server_settings(root)
        files = files_at(files_url_of(root, settings, server), root)
        url, schema = database_of(root, settings, server)
        store = Store.open(url, schema=schema)
        return cls(root, settings, store, Versions(root / RUNNING / "versions"), files, server)

    @property
    def one_of_several(self) -> bool:
        """Whether it lies in a shops folder, beside others that the same server serves."""
        return shops_folder_of(self.root) is not None

    @property
    def reach(self) -> Reach:
        """Where what the shop's own settings name may lie. A shop alone has the server to itself, and its settings are
        the server's; one of several is not to have the server ask what it alone can reach."""
        return Reach(self.server.private_hosts, private=not self.one_of_several)

    @property
    def address(self) -> str:
        """Where shoppers reach it: as the setting `public_url` says, else where the server listens."""
        where = f"http://{self.server.host}:{self.server.port}"
        return self.settings.public_url or (f"{where}/s/{self.root.name}" if self.one_of_several else where)

    @property
    def lies_elsewhere(self) -> bool:
        """Whether files lie in a bucket, and here only copies of them."""
        return not isinstance(self.files, FolderFiles)

    def told(self, name: str) -> Path:
        """Where a file of the shop lies, for people: in its folder, or told from the bucket's place for the shop."""
        return Path(name) if self.lies_elsewhere else self.root / name

    def share_report(self, path: Path) -> None:
        """A file was written where somebody asked for it: in the folder `reports/`, other machines shall see it."""
        if (self.root / REPORTS) in path.absolute().parents:
            self.files.share(path.absolute().relative_to(self.root).as_posix())

    def have_picture(self, name: str) -> None:
        """Have a picture of `images` on this machine, where there is one of this name."""
        if self.lies_elsewhere:
            self.files.local(f"images/{name}")

    @property
    def images(self) -> Path:
        """Pictures taken in by imports; the paths in products are relative to it."""
        images = self.root / "images"
        if not self.lies_elsewhere:
            return images
        files = self.files
        return MirroredFolder.of(
            images, fetch=lambda name: files.local(f"images/{name}"), put=lambda name: files.share(f"images/{name}")
        )

    @property
    def thumbnails(self) -> Path:
        """Pictures made smaller for pages; they can be made again."""
        return self.root / "thumbnails"

    @property
    def models(self) -> Path:
        """Trained models: <room>/<name>/<version>/."""
        return self.root / "models"

    def of_run(self, folder: str) -> Path:
        """Where the files of a training lie on this machine; `folder` as its run says."""
        return self.files.local_folder(folder)

    @property
    def rejects(self) -> Path:
        """Lists of the rows that imports could not use."""
        return self.root / "rejects"

    @property
    def fetched(self) -> Path:
        """What is known of the addresses that imports came from."""
        return self.root / "fetched"

    @property
    def running(self) -> Path:
        """What the running processes of this machine share; of no use once none runs."""
        return self.root / RUNNING

    @property
    def is_full(self) -> bool:
        """Whether its disk has no room for what comes in."""
        return shutil.disk_usage(self.root).free < ROOM_BYTES

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def database_of(root: Path, settings: ShopSettings, server: ServerSettings) -> tuple[str, str]:
    """URL and schema of the shop's own database; where it only names a schema, that of the server.

    Raises `SettingsInvalid` where the server names none.
    """
    if settings.database_url or not settings.database_schema:
        return settings.database_url or f"sqlite:///{root / 'shop.db'}", settings.database_schema
    if not server.shops_database_url:
        raise SettingsInvalid(
            f"The shop in {root} lies in the schema {settings.database_schema!r} of a database that nothing names.",
            allowed="The settings shops_database_url (the server's) or database_url (the shop's) name it.",
            next_step="Set BOTTEGA_SHOPS_DATABASE_URL, or shops_database_url in shops.toml.",
        )
    return server.shops_database_url, settings.database_schema


def files_url_of(root: Path, settings: ShopSettings, server: ServerSettings) -> str:
    """Where the files of the shop in `root` lie; empty: in it. Where it only names a prefix, in the server's bucket.

    Raises `SettingsInvalid` where the server names none.
    """
    if settings.files_url or not settings.files_prefix:
        return settings.files_url
    if not server.shops_files_url:
        raise SettingsInvalid(
            f"The shop in {root} keeps its files below {settings.files_prefix!r} of a bucket that nothing names.",
            allowed="The settings shops_files_url (the server's) or files_url (the shop's) name it.",
            next_step="Set BOTTEGA_SHOPS_FILES_URL, or shops_files_url in shops.toml.",
        )
    return f"{server.shops_files_url.rstrip('/')}/{settings.files_prefix}"
