"""What the merchant says that words mean, in the order of being said, and every version of each entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import delete, insert, select

from bottega.store.database import IN_CHUNK, Database, take
from bottega.store.kept_versions import KeptVersions
from bottega.store.tables import synonym_versions, synonyms

__all__ = ["KeptSynonym", "SynonymStore"]


class KeptSynonym(NamedTuple):
    """One entry. `about`: what it is about; who says something else about the same takes its place."""

    about: str
    words: tuple[str, ...]
    means: tuple[str, ...]
    """Empty: each of the words means the others."""
    time_ms: int
    """UTC; when it was said."""
    number: int = 0


class SynonymStore:
    """Synonyms by number, which is that of the change that said it; `history` has every version of each."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.history = KeptVersions(database, synonym_versions, name="about", state="entry")

    def put(self, entries: Sequence[KeptSynonym], *, who: str) -> int:
        """Keep these, all of one moment; returns how many are about something that nothing was said about before."""
        latest = {entry.about: entry for entry in entries}
        if not latest:
            return 0
        names = list(latest)
        known = 0
        with self._database.write() as connection:
            last = take(connection, "synonyms", len(latest))
            for start in range(0, len(names), IN_CHUNK):
                same = synonyms.c.about.in_(names[start : start + IN_CHUNK])
                known += connection.execute(delete(synonyms).where(same)).rowcount
            rows = [
                {**entry._asdict(), "words": list(entry.words), "means": list(entry.means), "number": last + place}
                for place, entry in enumerate(latest.values(), start=1)
            ]
            connection.execute(insert(synonyms), rows)
            said = [(row["about"], {"words": row["words"], "means": row["means"]}) for row in rows]
            self.history.write(connection, said, last=last, time_ms=entries[0].time_ms, who=who)
        return len(latest) - known

    def all(self) -> list[KeptSynonym]:
        """Every entry, the first said first."""
        columns = [synonyms.c[name] for name in KeptSynonym._fields]
        with self._database.read() as connection:
            rows = connection.execute(select(*columns).order_by(synonyms.c.number)).all()
        return [KeptSynonym(row.about, tuple(row.words), tuple(row.means), row.time_ms, row.number) for row in rows]

    def remove(self, numbers: Sequence[int], *, time_ms: int, who: str) -> list[int]:
        """Take entries back; returns the numbers of those that were there."""
        gone: dict[int, str] = {}
        with self._database.write() as connection:
            last = take(connection, "synonyms", max(len(numbers), 1))  # also so that other machines notice
            for start in range(0, len(numbers), IN_CHUNK):
                chosen = synonyms.c.number.in_(list(numbers[start : start + IN_CHUNK]))
                found = connection.execute(select(synonyms.c.number, synonyms.c.about).where(chosen))
                gone.update((row.number, row.about) for row in found)
                connection.execute(delete(synonyms).where(chosen))
            removed = [(gone[number], None) for number in sorted(gone)]
            self.history.write(connection, removed, last=last, time_ms=time_ms, who=who)
        return sorted(gone)
