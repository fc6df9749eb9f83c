"""A shops folder: shops beside one another, served by one server. `shops.toml` in it tells it from any other folder."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

from bottega.errors import RequestInvalid, ShopUnknown, SourceUnreadable
from bottega.settings import (
    SETTINGS_FILE,
    SHOPS_FILE,
    ServerSettings,
    ShopSettings,
    load_server_settings,
    load_settings,
)
from bottega.shop.folder import RUNNING, database_of, files_url_of
from bottega.texts import shown

__all__ = ["ShopsFolder", "WhereRows", "checked_name"]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_MARKS = (SETTINGS_FILE, "shop.db")
"""What lies in the folder of a shop and in few others."""


class WhereRows(NamedTuple):
    """Where the rows of a shop are."""

    url: str
    schema: str


@dataclass(frozen=True, slots=True)
class ShopsFolder:
    """Shops by their names, which are those of their folders."""

    root: Path

    @classmethod
    def open(cls, folder: Path | str, *, make: bool = False) -> Self:
        """The shops folder there; with `make` one is made of a folder that is absent, empty or holds shops.

        Raises `ShopUnknown` where it is none, `SourceUnreadable` where it cannot be made.
        """
        root = Path(folder).absolute()
        if any((root / mark).exists() for mark in _MARKS):
            raise ShopUnknown(
                f"{root} is a shop by itself.",
                allowed="A shops folder holds shops, each in a folder of its own.",
                next_step="Name it with --shop, or name the folder that it lies in.",
            )
        if not (root / SHOPS_FILE).is_file():
            if not make:
                raise ShopUnknown(
                    f"{root} is no shops folder: it has no {SHOPS_FILE}.",
                    next_step=f"`bottega shops new NAME --shops {root}` makes it one.",
                )
            try:
                root.mkdir(parents=True, exist_ok=True)
                (root / SHOPS_FILE).touch()
            except OSError as error:
                raise SourceUnreadable(
                    f"The shops folder {root} cannot be made: {error.strerror}.", next_step="Choose another folder."
                ) from error
        return cls(root)

    @property
    def server(self) -> ServerSettings:
        """What holds for the server of all of them. Raises `SettingsInvalid`."""
        return load_server_settings(self.root)

    @property
    def running(self) -> Path:
        """What the running processes of this machine share."""
        return self.root / RUNNING

    def names(self) -> list[str]:
        """The shops there are, by the alphabet."""
        with os.scandir(self.root) as entries:
            folders = sorted(entry.name for entry in entries if entry.is_dir())
        return [name for name in folders if _NAME.fullmatch(name) and self._is_shop(name)]

    def has(self, name: str) -> bool:
        """Whether there is a shop of this name."""
        return bool(_NAME.fullmatch(name)) and self._is_shop(name)

    def folder(self, name: str) -> Path:
        """Where a shop lies. Raises `ShopUnknown`."""
        if not self.has(name):
            raise ShopUnknown(
                f"There is no shop {shown(name)} here.",
                allowed="A shop is named as its folder is.",
                next_step="`bottega shops list` shows those there are.",
            )
        return self.root / name

    def settings(self, name: str) -> ShopSettings:
        """What is set for a shop; it is not opened. Raises `ShopUnknown`, `SettingsInvalid`."""
        return load_settings(self.folder(name))

    def rows(self, name: str) -> WhereRows:
        """Where the rows of a shop are; it is not opened. Raises `ShopUnknown`, `SettingsInvalid`."""
        return WhereRows(*database_of(self.root / name, self.settings(name), self.server))

    def files(self, name: str) -> str:
        """The address of a shop's files; empty where they lie in its folder. Raises as `rows` does."""
        return files_url_of(self.root / name, self.settings(name), self.server)

    def place_of_files(self, name: str) -> str:
        """Where in the server's bucket a new shop of this name keeps its files; empty where the server names none."""
        bucket = self.server.shops_files_url.rstrip("/")
        return f"{bucket}/{name}" if bucket else ""

    def stamp(self, name: str) -> tuple[int, int]:
        """Another one where the shop was put in the place of an older one, or its settings were changed. Raises
        `ShopUnknown`."""
        try:
            folder, settings = (self.root / name).stat(), self.root / name / SETTINGS_FILE
            return folder.st_ino, settings.stat().st_mtime_ns if settings.exists() else 0
        except FileNotFoundError:
            self.folder(name)
            raise

    def _is_shop(self, name: str) -> bool:
        return any((self.root / name / mark).exists() for mark in _MARKS)


def checked_name(name: str) -> str:
    """A name that a shop may have: it stands in addresses. Raises `RequestInvalid`."""
    if not _NAME.fullmatch(name) or name == RUNNING:
        raise RequestInvalid(
            f"A shop cannot be named {shown(name)}.",
            allowed="A name is up to 40 letters of English, digits, - and _, the first a letter or a digit.",
            next_step="Choose another; `shop_name` in its settings is what shoppers read.",
        )
    return name
