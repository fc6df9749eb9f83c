"""Where an import takes its rows from: files of this machine, or what an address gives when it has changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bottega.actions.intake.import_report import ImportReport
from bottega.errors import SourceUnreadable
from bottega.reach import Reach
from bottega.shop.folder import ShopFolder
from bottega.sources.find import fetched_feed, fetched_sources, find_feed, find_sources
from bottega.sources.remote import Fetched, FetchLimits, fetch
from bottega.sources.source import Source
from bottega.sources.web_address import is_address, plain_address

__all__ = ["Incoming", "feed_to_look_at", "incoming_events", "incoming_feed", "refuse_source"]


class _Import(Protocol):
    @property
    def source(self) -> Path | str: ...
    @property
    def encoding(self) -> str | None: ...
    def model_dump_json(self) -> str: ...


@dataclass(slots=True)
class Incoming:
    """What an import reads."""

    name: str
    """Of the file, the folder, or the file that an address gave."""
    sources: list[Source]
    is_folder: bool = False
    """Whether files were found that nobody named: those of no known format are left alone."""
    unchanged: bool = False
    """Whether an address gave what came in from it before; then nothing is read."""
    incomplete: bool = False
    """Set by who imports: something is missing, so the same again would not be in vain."""

    def report(self) -> ImportReport:
        """What there is to say of an unchanged source."""
        said = f"{self.name} has not changed since it was imported, so nothing was read."
        return ImportReport(source=self.name, source_unchanged=True, notes=[said])


@contextmanager
def incoming_feed(folder: ShopFolder, request: _Import) -> Iterator[Incoming]:
    """The files of a feed. Raises `SourceUnreadable`."""
    if not is_address(request.source):
        found = find_feed(Path(request.source), encoding=request.encoding)
        yield Incoming(found[0].name if len(found) == 1 else Path(request.source).resolve().name, found)
        return
    known = folder.store.products.count() > 0
    with _fetched(folder, request, known=known) as (fetched, incoming):
        if not incoming.unchanged:
            incoming.sources = fetched_feed(fetched, encoding=request.encoding)
        yield incoming


@contextmanager
def feed_to_look_at(folder: ShopFolder, request: _Import) -> Iterator[Incoming]:
    """The same for whoever imports nothing: what an address gives is looked at, changed or not, and not remembered."""
    if not is_address(request.source):
        with incoming_feed(folder, request) as incoming:
            yield incoming
        return
    with _fetched(folder, request, known=False) as (fetched, incoming):
        incoming.sources = fetched_feed(fetched, encoding=request.encoding)
        incoming.incomplete = True
        yield incoming


@contextmanager
def incoming_events(folder: ShopFolder, request: _Import) -> Iterator[Incoming]:
    """The event files of a request. Raises `SourceUnreadable`."""
    if not is_address(request.source):
        path = Path(request.source)
        found = find_sources(path, encoding=request.encoding)
        yield Incoming(path.name, found, is_folder=path.is_dir() or len(found) > 1)
        return
    known = folder.store.events.count() > 0
    with _fetched(folder, request, known=known) as (fetched, incoming):
        if not incoming.unchanged:
            incoming.sources = fetched_sources(fetched, encoding=request.encoding)
            incoming.is_folder = len(incoming.sources) > 1
        yield incoming


@contextmanager
def _fetched(folder: ShopFolder, request: _Import, *, known: bool) -> Iterator[tuple[Fetched, Incoming]]:
    """What an address gives; remembered when the import has come to its end. `known`: rows of it may be in the shop."""
    server = folder.server
    reach = Reach(server.private_hosts, private=server.fetch_private)
    limits = FetchLimits(server.fetch_max_mb, server.fetch_timeout_s, reach)
    options = f"{request.model_dump_json()}{folder.settings.currency}"
    with fetch(request.source, folder.fetched, limits, options=options, again=not known) as fetched:
        incoming = Incoming(fetched.name, [], unchanged=fetched.unchanged)
        if incoming.unchanged:
            incoming.name = plain_address(request.source)
        yield fetched, incoming
        if not incoming.unchanged and not incoming.incomplete:
            fetched.keep()


def refuse_source(request: _Import) -> None:
    """Raise `SourceUnreadable` where there is nothing of that name; an address is asked when its turn comes."""
    if not is_address(request.source) and not Path(request.source).exists():
        raise SourceUnreadable(f"{request.source} does not exist.", next_step="Check the path.")
