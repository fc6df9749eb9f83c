"""Which of several shops a key opens, known without opening any: their databases are asked for hashes of keys alone.

A key that nobody knows has them read again, at most once a second, so that a new key opens within a second, and guesses
cost no more than that. SQLite files that did not change are not read again.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import structlog

from bottega.errors import BottegaError, SettingsInvalid
from bottega.shop.files import cross
from bottega.shop.shops_folder import ShopsFolder, WhereRows
from bottega.store.key_digests import mark_of, marks_of_keys

__all__ = ["KeyDirectory"]

log = structlog.get_logger("bottega")
AGAIN_S = 1.0
"""Seconds between two readings at the least."""


class _Seen(NamedTuple):
    """What was read of a shop."""

    stamp: tuple[int, ...]
    """Of its files then."""
    marks: frozenset[str]
    """Of its keys."""


@dataclass(frozen=True)
class _Told:
    """What all of them say together."""

    keys: dict[str, str] = field(default_factory=dict)
    """Mark of a key -> the one shop that it opens."""
    shared: frozenset[str] = frozenset()
    """Marks that several shops know; they open none."""
    hosts: dict[str, str] = field(default_factory=dict)
    origins: frozenset[str] = frozenset()


class KeyDirectory:
    """Keys, and host names, of the shops of a folder. Safe to call from several threads."""

    def __init__(self, shops: ShopsFolder) -> None:
        self._shops = shops
        self._seen: dict[str, _Seen] = {}
        self._told = _Told()
        self._twins: dict[str, str] = {}
        self._read_s = -AGAIN_S
        self._turn = threading.Lock()
        self._warned: frozenset[str] = frozenset()

    def shop_of_key(self, key: str) -> str | None:
        """The shop that a key or a key id (of signed requests) opens, as far as is known. Asks nobody."""
        return self._told.keys.get(mark_of(key))

    def is_shared(self, key: str) -> bool:
        """Whether several shops know a key, as where a folder was copied by hand; it opens none of them."""
        return mark_of(key) in self._told.shared

    def shop_of_host(self, host: str) -> str | None:
        """The shop whose `public_url` is this host, without a path; None where there is none, or several."""
        return self._told.hosts.get(host.lower())

    def check(self, name: str) -> None:
        """Raise `SettingsInvalid` where a shop's settings name the rows or the files of another shop."""
        if owner := self._twins.get(name):
            raise SettingsInvalid(
                f"The shop {name} has the database or the file store of the shop {owner}.",
                allowed="Each shop has its own: a file or a schema, and a place for files.",
                next_step="Correct database_url, database_schema, files_url or files_prefix in its bottega.toml.",
            )

    @property
    def origins(self) -> frozenset[str]:
        """Every origin that some shop's `browser_origins` name."""
        return self._told.origins

    @property
    def marks(self) -> frozenset[str]:
        """What every key and key id that opens a shop is known by."""
        return frozenset(self._told.keys) | self._told.shared

    def read_now(self) -> KeyDirectory:
        """The same, when all was read."""
        self.read(at_least_s=0)
        return self

    def read(self, *, at_least_s: float = AGAIN_S) -> None:
        """Read what has changed, unless that was done `at_least_s` seconds ago."""
        with self._turn:
            if time.monotonic() - self._read_s < at_least_s:
                return
            self._read_all()
            self._read_s = time.monotonic()

    def _read_all(self) -> None:
        seen, hosts, origins = dict[str, _Seen](), defaultdict[str, list[str]](list), set[str]()
        wanted: defaultdict[str, dict[str, str]] = defaultdict(dict)
        claimed, filed, twins = dict[WhereRows, str](), dict[str, str](), dict[str, str]()
        for name in self._shops.names():
            try:
                settings, rows, files = self._shops.settings(name), self._shops.rows(name), self._shops.files(name)
            except BottegaError as error:
                log.warning("shop", shop=name, code=error.code, message=str(error))
                continue
            if host := _host_of(settings.public_url):
                hosts[host].append(name)
            origins.update(settings.browser_origins)
            of_files = (of for url, of in filed.items() if files and cross(url, files))
            if owner := claimed.get(rows) or next(of_files, ""):
                log.warning("shop", shop=name, message=f"Its rows or files are those of {owner}; it is not served.")
                twins[name] = owner
                continue
            claimed[rows] = name
            if files:
                filed[files] = name
            stamp, before = _stamp(rows), self._seen.get(name)
            if before is not None and stamp and before.stamp == stamp:
                seen[name] = before
            else:
                wanted[rows.url][rows.schema] = name
                seen[name] = _Seen(stamp, frozenset())
        for url, schemas in wanted.items():
            try:
                marks = marks_of_keys(url, tuple(schemas)) if _is_there(url) else {}
            except BottegaError as error:
                log.warning("shop", shops=list(schemas.values()), code=error.code, message=str(error))
                kept = {name: self._seen[name] for name in schemas.values() if name in self._seen}
                seen |= kept  # what was true a moment ago: their shops say the rest
                continue
            for schema, name in schemas.items():
                seen[name] = _Seen(seen[name].stamp, marks.get(schema, frozenset()))
        self._seen, self._twins = seen, twins
        self._tell(hosts, origins)

    def _tell(self, hosts: dict[str, list[str]], origins: set[str]) -> None:
        of = {mark: name for name, one in self._seen.items() for mark in one.marks}
        times = Counter(mark for one in self._seen.values() for mark in one.marks)
        shared = frozenset(mark for mark, count in times.items() if count > 1)
        if shared - self._warned:
            log.warning("keys", message=f"{len(shared)} keys are known to several shops, and open none; make new ones.")
        self._warned = shared
        self._told = _Told(
            {mark: name for mark, name in of.items() if mark not in shared},
            shared,
            {host: names[0] for host, names in hosts.items() if len(names) == 1},
            frozenset(origins),
        )


def _host_of(public_url: str) -> str:
    parts = urlsplit(public_url)
    return "" if parts.path.strip("/") else parts.netloc.lower()


def _file_of(url: str) -> Path | None:
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


def _is_there(url: str) -> bool:
    """Whether there is anything to read; SQLite would make a file that is absent."""
    file = _file_of(url)
    return file is None or file.exists()


def _stamp(rows: WhereRows) -> tuple[int, ...]:
    """Sizes and times of the files of SQLite; empty for PostgreSQL, which says nothing without being asked."""
    file = _file_of(rows.url)
    if file is None:
        return ()
    found = [rows_file.stat() for rows_file in (file, file.with_name(f"{file.name}-wal")) if rows_file.exists()]
    return (len(found), *(number for one in found for number in (one.st_ino, one.st_size, one.st_mtime_ns)))
