"""From what a merchant names to what can be read: a file, or the data files of a folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bottega.errors import SourceUnreadable
from bottega.sources.archives import is_zip, is_zipped_workbook, zipped_sources
from bottega.sources.remote import Fetched
from bottega.sources.source import Source
from bottega.sources.workbook import WORKBOOK_SUFFIXES, is_old_workbook, sheet_source

__all__ = [
    "DATA_SUFFIXES",
    "EVENT_SUFFIXES",
    "FEED_SUFFIXES",
    "PAGE_SUFFIXES",
    "fetched_feed",
    "fetched_sources",
    "find_feed",
    "find_source",
    "find_sources",
]

EVENT_SUFFIXES = (".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".json")
"""Endings of the event files looked for in a folder, each also with .gz."""
FEED_SUFFIXES = (".csv", ".tsv", ".txt", ".tab", ".jsonl", ".ndjson", ".json", ".xml", ".rss", ".atom", ".parquet")
"""Endings of the feeds looked for in a zip, each also with .gz."""
PAGE_SUFFIXES = (".html", ".htm")
"""Endings of saved pages, which are read where a folder or zip holds nothing else."""
DATA_SUFFIXES = (*FEED_SUFFIXES, ".zip", *WORKBOOK_SUFFIXES)
"""Endings of the feeds looked for in a folder, each also with .gz."""


def find_source(path: Path, *, encoding: str | None = None) -> Source:
    """The one data file that `path` names: itself, or the only one in that folder or zip. Raises `SourceUnreadable`."""
    _refuse_missing(path)
    if path.is_dir():
        files = list(_data_files(path, DATA_SUFFIXES))
        if len(files) != 1:
            raise _not_one(f"The folder {path}" if files else str(path), [entry.name for entry in files])
        path = files[0]
    return _only(_sources_in(path, FEED_SUFFIXES, encoding=encoding), path.name)


def find_sources(path: Path, *, encoding: str | None = None) -> list[Source]:
    """The file itself, or every event file of a folder or zip by name, in order. Raises `SourceUnreadable`."""
    _refuse_missing(path)
    if not path.is_dir():
        return _sources_in(path, EVENT_SUFFIXES, encoding=encoding)
    files = list(_data_files(path, (*EVENT_SUFFIXES, ".zip", *WORKBOOK_SUFFIXES)))
    if not files:
        raise SourceUnreadable(
            f"The folder {path} holds no event file.",
            allowed=f"Files that end in {', '.join(EVENT_SUFFIXES)} are read, each also with .gz, zips and workbooks.",
            next_step="Name the file, or the folder it is in.",
        )
    return [source for one in files for source in _sources_in(one, EVENT_SUFFIXES, encoding=encoding)]


def find_feed(path: Path, *, encoding: str | None = None) -> list[Source]:
    """The files of a feed: the one that `path` names, or those of a folder or zip. Raises `SourceUnreadable`."""
    _refuse_missing(path)
    if not path.is_dir():
        return _without_pages(_sources_in(path, (*FEED_SUFFIXES, *PAGE_SUFFIXES), encoding=encoding))
    files = list(_data_files(path, DATA_SUFFIXES)) or list(_data_files(path, PAGE_SUFFIXES))
    if not files:
        raise _not_one(str(path), [])
    suffixes = (*FEED_SUFFIXES, *PAGE_SUFFIXES)
    return [one for file in files for one in _without_pages(_sources_in(file, suffixes, encoding=encoding))]


def fetched_feed(fetched: Fetched, *, encoding: str | None = None) -> list[Source]:
    """The files of a feed that an address gave. Raises `SourceUnreadable`."""
    return _without_pages(fetched_sources(fetched, encoding=encoding, suffixes=(*FEED_SUFFIXES, *PAGE_SUFFIXES)))


def fetched_sources(
    fetched: Fetched, *, encoding: str | None = None, suffixes: tuple[str, ...] = EVENT_SUFFIXES
) -> list[Source]:
    """The data files that an address gave: one, or those of a zip. Raises `SourceUnreadable`."""
    return _sources_in(fetched.path, suffixes, encoding=encoding, name=fetched.name, declared=fetched.charset)


def _sources_in(
    path: Path,
    suffixes: tuple[str, ...],
    *,
    encoding: str | None,
    name: str | None = None,
    declared: str | None = None,
) -> list[Source]:
    """What a file holds, by its first bytes, whatever its name: text, a zip of texts, a workbook."""
    try:
        with path.open("rb") as stream:
            head = stream.read(16)
    except OSError as error:
        raise SourceUnreadable(
            f"{path} cannot be read: {error.strerror or error}.", next_step="Check the path and its permissions."
        ) from error
    if is_old_workbook(head) or (is_zip(head) and is_zipped_workbook(path)):
        return [sheet_source(path, name=name)]
    if is_zip(head):
        return zipped_sources(path, suffixes, encoding=encoding)
    return [Source(path, name=name, encoding=encoding, declared=declared)]


def _without_pages(found: list[Source]) -> list[Source]:
    """Data files; pages, where there is nothing else."""
    return [source for source in found if source.suffix not in PAGE_SUFFIXES] or found


def _only(found: list[Source], name: str) -> Source:
    if len(found) != 1:
        raise _not_one(f"The zip {name}", [source.name for source in found])
    return found[0]


def _not_one(where: str, names: list[str]) -> SourceUnreadable:
    return SourceUnreadable(
        f"{where} holds {len(names)} data files: {', '.join(names[:8])}." if names else f"{where} holds no data file.",
        allowed=f"A folder or zip is a source when it holds exactly one file that ends in {', '.join(DATA_SUFFIXES)}.",
        next_step="Name the file itself.",
    )


def _refuse_missing(path: Path) -> None:
    if (other := re.match(r"(?i)(ftps?|sftp|s3|gs|file):/+", str(path))) is not None:
        raise SourceUnreadable(
            f"{other[1]}://{str(path)[other.end() :]} is an address of a kind that is not fetched.",
            allowed="Addresses begin with https:// or http://.",
            next_step="Download it and import the file.",
        )
    if not path.exists():
        raise SourceUnreadable(f"{path} does not exist.", next_step="Check the path.")


def _data_files(folder: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    """Files of these endings in the order of their names; what is hidden is left alone."""
    for entry in sorted(folder.iterdir()):
        seen = entry.is_file() and not entry.name.startswith(".")
        if seen and entry.name.lower().removesuffix(".gz").endswith(suffixes):
            yield entry
