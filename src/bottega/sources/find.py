"""From what a merchant names to what can be read: a file, or the data files of a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bottega.errors import SourceUnreadable
from bottega.sources.source import Source

__all__ = ["DATA_SUFFIXES", "EVENT_SUFFIXES", "find_source", "find_sources"]

EVENT_SUFFIXES = (".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".json")
"""Endings of the event files looked for in a folder, each also with .gz."""
DATA_SUFFIXES = (".csv", ".tsv", ".txt", ".tab", ".jsonl", ".ndjson", ".json", ".xml", ".rss", ".atom")
"""Endings of the feeds looked for in a folder, each also with .gz."""


def find_source(path: Path, *, encoding: str | None = None) -> Source:
    """The data file that `path` names: itself, or the only one in that folder. Raises `SourceUnreadable`."""
    if str(path).startswith(("http:/", "https:/", "ftp:/")):
        raise SourceUnreadable(
            f"{path} is an address, not a file.", next_step="Download it first and import the downloaded file."
        )
    _refuse_missing(path)
    if not path.is_dir():
        return Source(path, encoding=encoding)
    found = list(_data_files(path, DATA_SUFFIXES))
    if len(found) == 1:
        return Source(found[0], encoding=encoding)
    names = ", ".join(entry.name for entry in found[:8])
    raise SourceUnreadable(
        f"The folder {path} holds {len(found)} data files: {names}." if found else f"{path} holds no data file.",
        allowed=f"A folder is a source when it holds exactly one file that ends in {', '.join(DATA_SUFFIXES)}.",
        next_step="Name the file itself.",
    )


def find_sources(path: Path, *, encoding: str | None = None) -> list[Source]:
    """The file itself, or every event file of a folder in the order of their names. Raises `SourceUnreadable`."""
    _refuse_missing(path)
    if not path.is_dir():
        return [Source(path, encoding=encoding)]
    found = list(_data_files(path, EVENT_SUFFIXES))
    if not found:
        raise SourceUnreadable(
            f"The folder {path} holds no event file.",
            allowed=f"Files that end in {', '.join(EVENT_SUFFIXES)} are read, each also with .gz.",
            next_step="Name the file, or the folder it is in.",
        )
    return [Source(one, encoding=encoding) for one in found]


def _refuse_missing(path: Path) -> None:
    if not path.exists():
        raise SourceUnreadable(f"{path} does not exist.", next_step="Check the path.")


def _data_files(folder: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    """Files of these endings in the order of their names; what is hidden is left alone."""
    for entry in sorted(folder.iterdir()):
        seen = entry.is_file() and not entry.name.startswith(".")
        if seen and entry.name.lower().removesuffix(".gz").endswith(suffixes):
            yield entry
