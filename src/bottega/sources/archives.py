"""Data files inside a zip: found by their names, read without being unpacked onto the disk."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from bottega.errors import SourceUnreadable
from bottega.sources.source import Opener, Source, refuse_bomb

__all__ = ["is_zip", "is_zipped_workbook", "zipped_sources"]

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_WORKBOOKS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
_ENCRYPTED = 0x1


def is_zip(head: bytes) -> bool:
    """Whether a file that begins so is a zip; a workbook is one, too."""
    return head.startswith((_ZIP, _EMPTY_ZIP))


def is_zipped_workbook(path: Path) -> bool:
    """Whether a zip is a workbook. Raises `SourceUnreadable` where it is broken or would fill the memory."""
    with _opened(path) as archive:
        infos = archive.infolist()
        found = any(info.filename in _WORKBOOKS for info in infos)
        if found:
            refuse_bomb(path, sum(info.file_size for info in infos), path.stat().st_size)
        return found


def zipped_sources(path: Path, suffixes: tuple[str, ...], *, encoding: str | None = None) -> list[Source]:
    """The data files of a zip in the order of their names: those of these endings, or the only file there is.

    Raises `SourceUnreadable` where there is none.
    """
    with _opened(path) as archive:
        files = [info for info in archive.infolist() if _is_file(info)]
    found = [info for info in files if info.filename.lower().removesuffix(".gz").endswith(suffixes)]
    if not found and len(files) == 1:
        found = files
    if not found:
        names = ", ".join(info.filename for info in files[:8])
        raise SourceUnreadable(
            f"The zip {path} holds no data file" + (f", only {names}." if names else "."),
            allowed=f"Files that end in {', '.join(suffixes)} are read, each also with .gz.",
            next_step="Unpack it and name the file to import.",
        )
    locked = next((info for info in found if info.flag_bits & _ENCRYPTED), None)
    if locked is not None:
        raise SourceUnreadable(
            f"{locked.filename} in {path} is protected by a password.", next_step="Unpack it and import the file."
        )
    return [
        Source(
            path,
            name=PurePosixPath(info.filename).name,
            encoding=encoding,
            opener=_member(path, info),
            size=info.file_size,
            packed_size=info.compress_size,
        )
        for info in sorted(found, key=lambda info: info.filename)
    ]


def _is_file(info: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(info.filename).parts
    return not info.is_dir() and bool(parts) and not any(part.startswith((".", "__MACOSX")) for part in parts)


def _member(path: Path, info: zipfile.ZipInfo) -> Opener:
    @contextmanager
    def opened() -> Iterator[BinaryIO]:
        with _opened(path) as archive, archive.open(info) as stream:
            yield cast(BinaryIO, stream)

    return opened


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise SourceUnreadable(
            f"{path} is a broken zip: {error}.", next_step="Download or pack it again; it may be cut off."
        ) from error
    except OSError as error:
        raise SourceUnreadable(
            f"{path} cannot be read: {error.strerror or error}.", next_step="Check the path and its permissions."
        ) from error
    with archive:
        yield archive
