"""Import synonyms from a file: JSON lines, a table, or plain lines; a line that cannot be read is a reject."""

from __future__ import annotations

import time
from pathlib import Path
from typing import ClassVar

from pydantic import Field

from bottega.actions.intake.import_report import ImportReport
from bottega.actions.intake.rejects import RejectLists
from bottega.actions.intake.sources import incoming_feed
from bottega.languages.synonyms import LineUnreadable, Synonym, lines_of
from bottega.progress import Progress, silent
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Request
from bottega.shop.synonyms import keep_synonyms
from bottega.sources.problems import Problem, Rule, reject
from bottega.sources.reading import Reading

__all__ = ["ImportSynonymsRequest", "import_synonyms"]

LETTERS_MOST = 20_000_000
"""Letters of a file that are read."""


class ImportSynonymsRequest(Request):
    """Synonyms from a file."""

    source: Path | str = Field(description="JSON lines, a table or plain lines: a file, or an http(s) address.")
    encoding: str | None = Field(
        default=None, description="Encoding of the text, as in windows-1251; else the source decides."
    )


class _SynonymReading(Reading):
    RULES: ClassVar[dict[str, Rule]] = {
        "synonym_unreadable": reject(
            "a line that says no synonyms", 'write "sofa, couch" for both ways, "trainers => sneakers" for one'
        )
    }


def import_synonyms(shop: OpenShop, request: ImportSynonymsRequest, *, progress: Progress = silent) -> ImportReport:
    """Import a file; safe to repeat. Entries that are not in it stay. Raises `SourceUnreadable`."""
    started = time.perf_counter()
    with incoming_feed(shop.folder, request) as incoming:
        if incoming.unchanged:
            return incoming.report()
        file = incoming.sources[0]
        report = ImportReport(source=file.name, format="synonyms")
        with RejectLists(shop.folder, file.name, report) as lists:

            def refused(found: Problem) -> None:
                report.rejected += 1
                lists.reject(found)

            reading = _SynonymReading(file, refused)
            with file.open_text() as stream:
                text = stream.read(LETTERS_MOST)
            entries: dict[str, Synonym] = {}
            for number, found in lines_of(text):
                report.read += 1
                if isinstance(found, LineUnreadable):
                    reading.refuse("synonym_unreadable", number, str(found))
                elif found.key in entries:
                    report.duplicates += 1
                    entries[found.key] = found
                else:
                    entries[found.key] = found
            progress(f"importing {file.name}", file.size, file.size)
        known = {one.about: (one.words, one.means) for one in shop.store.synonyms.all()}
        new = [one for key, one in entries.items() if known.get(key) != (one.words, one.means)]
        report.unchanged = len(entries) - len(new)
        report.added = keep_synonyms(shop, new) if new else 0
        report.updated = len(new) - report.added
        report.seconds = time.perf_counter() - started
    return report
