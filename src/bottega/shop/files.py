"""Where the files of a shop lie: in its folder, or in a bucket that several machines share.

    FolderFiles   the shop's folder, and nothing else
    BucketFiles   S3 and what speaks like it, or any other store that fsspec knows; the folder holds copies

A name is told from the shop's folder, with / between its parts. What is written is there as a whole or not at all.
Files that models are mapped from, pictures and videos are named by their content or version and never change: `local`
takes them from the bucket once and leaves the copy. Photos of shoppers, and lists that name them, leave none, so that
who is forgotten is forgotten on every machine; nor do files that change or are taken out, so that nobody sees old ones.
"""

from __future__ import annotations

import math
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import Any, Protocol
from uuid import uuid4

from bottega.errors import BottegaError, FilesUnavailable, InputError, SettingsInvalid, disk_full

__all__ = [
    "COPIED",
    "REPORTS",
    "SHARED",
    "BucketFiles",
    "Files",
    "FolderFiles",
    "cross",
    "files_at",
    "shared_of",
]

REPORTS = "reports"
SHARED = (
    "images",
    "models",
    "closet",
    "closet_pictures",
    "designs",
    "shares",
    "uploads",
    "lookbooks",
    "videos",
    "rejects",
    REPORTS,
    "fashion_models.json",
)
"""Folders and files of a shop that lie in its bucket, where it has one; what else is in the folder is this machine's
own, but for the shop's rules (`shared_of`)."""
COPIED = ("images", "models", "videos")
"""Those of which machines keep copies, since their files never change."""
_LAST = "card.json"
"""What a training has when it is whole."""
_AT_ONCE = 1000
"""Files that are removed in one go."""
_TEXTS = (".md", ".markdown", ".txt")
"""What a shop's rules may end in."""


class Files(Protocol):
    """The files of one shop. Every call may raise `FilesUnavailable`, and those that write `DiskFull`."""

    def read(self, name: str) -> bytes | None:
        """The content of a file; None where there is none."""

    def write(self, name: str, content: bytes) -> None:
        """Have a file of this content, whole or not at all."""

    def remove(self, name: str) -> bool:
        """Have no such file; whether there was one."""

    def remove_all(self, folder: str) -> None:
        """Have no file below a folder, nor one of its name."""

    def names(self, folder: str) -> list[str]:
        """Every file below a folder, in order; of a file its own name."""

    def changed_s(self, name: str) -> float:
        """When a file was written, seconds since 1970; infinity where there is none."""

    def local(self, name: str) -> Path:
        """Where a file that never changes lies on this machine; nothing is there where there is no such file."""

    def local_folder(self, folder: str) -> Path:
        """The same of a folder that was whole when it was shared."""

    def share(self, name: str) -> None:
        """A file was put in its place in the shop's folder: have it where others look."""

    def share_folder(self, folder: str) -> None:
        """The same of all files below a folder, or of a file."""

    def hand_over(self, name: str) -> None:
        """The same as `share`, and no copy stays where others look elsewhere."""


class FolderFiles:
    """The shop's folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def read(self, name: str) -> bytes | None:
        try:
            return (self.root / name).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, name: str, content: bytes) -> None:
        try:
            write_whole(self.root / name, lambda path: path.write_bytes(content))
        except OSError as error:
            raise disk_full(error) or InputError(
                f"The file {name} cannot be kept: {error.strerror}.",
                next_step="Make the shop's folder writable, and ask again.",
            ) from error

    def remove(self, name: str) -> bool:
        path = self.root / name
        there = path.exists()
        path.unlink(missing_ok=True)
        return there

    def remove_all(self, folder: str) -> None:
        path = self.root / folder
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)

    def names(self, folder: str) -> list[str]:
        top = self.root / folder
        found = [top] if top.is_file() else (path for path in top.rglob("*") if path.is_file())
        return sorted(path.relative_to(self.root).as_posix() for path in found)

    def changed_s(self, name: str) -> float:
        try:
            return (self.root / name).stat().st_mtime
        except FileNotFoundError:
            return math.inf

    def local(self, name: str) -> Path:
        return self.root / name

    def local_folder(self, folder: str) -> Path:
        return self.root / folder

    def share(self, name: str) -> None:
        """It is where it shall be."""

    def share_folder(self, folder: str) -> None:
        """It is where it shall be."""

    def hand_over(self, name: str) -> None:
        """It is where it shall be."""


class BucketFiles:
    """A bucket, with copies in the shop's folder of what never changes."""

    def __init__(self, url: str, root: Path) -> None:
        """`url`: as in s3://bucket/prefix. Nothing is asked of it yet. Raises `SettingsInvalid`."""
        self.url = url
        self.root = root
        self._fs, self._prefix = _file_system(url)

    def read(self, name: str) -> bytes | None:
        with self._asked(f"read {name}"):
            try:
                found: bytes = self._fs.cat_file(self._key(name))
            except FileNotFoundError:
                return None
            return found

    def write(self, name: str, content: bytes) -> None:
        with self._asked(f"write {name}"):
            self._fs.pipe_file(self._key(name), content)

    def remove(self, name: str) -> bool:
        with self._asked(f"remove {name}"):
            there = bool(self._fs.exists(self._key(name)))
            if there:
                with suppress(FileNotFoundError):
                    self._fs.rm_file(self._key(name))
        (self.root / name).unlink(missing_ok=True)
        return there

    def remove_all(self, folder: str) -> None:
        found = self.names(folder)
        with self._asked(f"remove {folder}"):
            for start in range(0, len(found), _AT_ONCE):
                self._fs.rm([_literal(self._key(name)) for name in found[start : start + _AT_ONCE]])
        FolderFiles(self.root).remove_all(folder)

    def names(self, folder: str) -> list[str]:
        with self._asked(f"list {folder}"):
            found = self._fs.find(self._key(folder))
        before = len(f"{self._prefix}/")
        return sorted(str(key)[before:] for key in found)

    def changed_s(self, name: str) -> float:
        with self._asked(f"look at {name}"):
            try:
                return float(self._fs.modified(self._key(name)).timestamp())
            except FileNotFoundError:
                return math.inf

    def local(self, name: str) -> Path:
        path = self.root / name
        if _stays_inside(name) and not path.exists():
            self._take(name, path)
        return path

    def local_folder(self, folder: str) -> Path:
        path = self.root / folder
        if not path.exists() and (names := self.names(folder)):
            work = path.with_name(f".{path.name}.{uuid4().hex}.part")
            for name in names:
                self._take(name, work / PurePosixPath(name).relative_to(folder))
            try:
                work.rename(path)
            except OSError:  # somebody else took it meanwhile
                shutil.rmtree(work, ignore_errors=True)
        return path

    def share(self, name: str) -> None:
        with self._asked(f"write {name}"):
            self._fs.put_file(str(self.root / name), self._key(name))

    def share_folder(self, folder: str) -> None:
        found = [Path(name) for name in FolderFiles(self.root).names(folder) if not Path(name).name.startswith(".")]
        for path in sorted(found, key=lambda one: (one.name == _LAST, one)):
            self.share(path.as_posix())

    def hand_over(self, name: str) -> None:
        self.share(name)
        (self.root / name).unlink(missing_ok=True)

    def _take(self, name: str, path: Path) -> None:
        """Have a copy of a file at a path, whole or not at all."""

        def copy(work: Path) -> None:
            self._fs.get_file(self._key(name), str(work))

        with self._asked(f"read {name}"), suppress(FileNotFoundError, IsADirectoryError):
            write_whole(path, copy)

    def _key(self, name: str) -> str:
        if not _stays_inside(name):
            raise FilesUnavailable(f"{name[:80]!r} is no name of a file of the shop.")
        return f"{self._prefix}/{name}"

    @contextmanager
    def _asked(self, what: str) -> Iterator[None]:
        try:
            yield
        except BottegaError:
            raise
        except Exception as error:  # libraries raise what they like: of the network, of the service, of credentials
            if (full := disk_full(error)) is not None:
                raise full from error
            said = (str(error).strip() or type(error).__name__).splitlines()[0]
            away = FilesUnavailable(
                f"The file store {self.url} did not {what}: {said[:300]}.",
                next_step="See whether it can be reached from here and whether the credentials in the environment may "
                "read and write there (docs/store.md).",
            )
            away.outside = "The file store refuses, or does not answer."
            raise away from error


def files_at(url: str, root: Path) -> Files:
    """The files of the shop in `root`, as its setting `files_url` says. Raises `SettingsInvalid`."""
    return BucketFiles(url, root) if url else FolderFiles(root)


def shared_of(policies: str) -> tuple[str, ...]:
    """`SHARED`, and the file of the shop's rules (the setting `policies`) where that is a text of its folder.

    >>> shared_of("rules/returns.md")[-1], shared_of("/etc/rules.md") == shared_of("secret.key") == SHARED
    ('rules/returns.md', True)
    """
    is_text = policies.endswith(_TEXTS) and _stays_inside(policies)
    return (*SHARED, policies) if is_text and PurePosixPath(policies).parts[0] not in SHARED else SHARED


def cross(one: str, other: str) -> bool:
    """Whether what two shops keep at these addresses would be the same files, or lie among one another's.

    >>> cross("s3://b/nord", "s3a://b/nord/"), cross("s3://b", "s3://b/images/x"), cross("s3://b/nord", "s3://b/nord-2")
    (True, True, False)
    """
    shorter, longer = sorted((_plain(one), _plain(other)), key=len)
    if not longer.startswith(f"{shorter}/"):
        return shorter == longer
    return longer[len(shorter) + 1 :].partition("/")[0] in SHARED


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` make a file beside a path, and put it there when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    work = path.with_name(f".{path.name}.{uuid4().hex}.part")
    try:
        write(work)
        work.replace(path)
    finally:
        work.unlink(missing_ok=True)


def _plain(url: str) -> str:
    return re.sub("^s3a://", "s3://", url.rstrip("/"))


def _literal(key: str) -> str:
    """A key as fsspec takes it for itself, where it would take it for a pattern."""
    return re.sub(r"([*?[])", r"[\1]", key)


def _stays_inside(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return bool(parts) and not name.startswith("/") and ".." not in parts and "\\" not in name and "\0" not in name


def _file_system(url: str) -> tuple[Any, str]:
    """What fsspec has for a URL, and where in it the shop's files lie."""
    library: Any = import_module("fsspec")  # a shop in a folder needs none of it
    scheme = url.partition("://")[0]
    ways: dict[str, Any] = {}
    if scheme in ("s3", "s3a"):
        endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
        ways = {"use_listings_cache": False} | ({"endpoint_url": endpoint} if endpoint else {})
    try:
        found, path = library.core.url_to_fs(url, **ways)
    except (ImportError, ValueError) as error:
        raise SettingsInvalid(
            f"The setting files_url is {url!r}: {error}.",
            allowed="It is s3://bucket/prefix, with the extra bottega[s3], or the address of another store that fsspec "
            "knows and that is installed.",
            next_step="pip install 'bottega[s3]', or correct it.",
        ) from error
    return found, str(path).rstrip("/")
