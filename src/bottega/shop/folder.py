"""A shop on disk: one folder with its settings, its database, its models and its pictures."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from bottega.errors import SourceUnreadable
from bottega.settings import Settings, load_settings
from bottega.shop.versions import Versions
from bottega.store.store import Store

__all__ = ["ShopFolder"]

RUNNING = "run"
ROOM_BYTES = 1_000_000
"""With less than that free on the disk of its folder, a shop counts as full."""


@dataclass(frozen=True, slots=True)
class ShopFolder:
    """What every verb works on. Close it, or use it in a `with`."""

    root: Path
    settings: Settings
    store: Store
    versions: Versions
    """Stamped by whoever writes into the store, so that other processes of this machine know at once."""

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
        settings = load_settings(root)
        store = Store.open(settings.database_url or f"sqlite:///{root / 'shop.db'}")
        return cls(root, settings, store, Versions(root / RUNNING / "versions"))

    @property
    def images(self) -> Path:
        """Pictures taken in by imports; the paths in products are relative to it."""
        return self.root / "images"

    @property
    def thumbnails(self) -> Path:
        """Pictures made smaller for pages; they can be made again."""
        return self.root / "thumbnails"

    @property
    def models(self) -> Path:
        """Trained models: <room>/<name>/<version>/."""
        return self.root / "models"

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
