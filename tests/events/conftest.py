"""Reading a text as an event file, the way imports do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bottega.dates import DateOrder, Survey, TimeForm, zone_called
from bottega.events.check import Checker
from bottega.events.kinds import parse_kinds
from bottega.events.log_in import LogIn
from bottega.events.readers.base import OrderHead, Reading
from bottega.events.readers.registry import choose_reader
from bottega.sources.problems import Problem
from bottega.sources.source import Source

NOW = 1_790_000_000_000


@dataclass
class Outcome:
    """What became of a file."""

    format: str
    events: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignored: Counter[str] = field(default_factory=Counter)
    nobody: Counter[str] = field(default_factory=Counter)
    unused_columns: list[str] = field(default_factory=list)
    log_ins: list[LogIn] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    known_by: str = ""
    unknown_kinds: Counter[str] = field(default_factory=Counter)

    def column(self, name: str) -> list[Any]:
        return [event[name] for event in self.events]

    @property
    def rules(self) -> list[tuple[str, str]]:
        return [(problem.row, problem.rule) for problem in self.problems]


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Outcome]:
    """Write a text (or bytes) to a file, choose its reader, read and check it."""

    def run(
        text: str | bytes,
        name: str = "events.csv",
        *,
        format: str | None = None,
        kind: str | None = None,
        columns: dict[str, str] | None = None,
        chunk_rows: int = 3,
        kinds: str | None = None,
        dates: DateOrder | None = None,
        timezone: str | None = None,
        currency: str = "USD",
        heads: dict[str, OrderHead] | None = None,
    ) -> Outcome:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        source = Source(path)
        reader = choose_reader(source, format)
        outcome = Outcome(reader.name)
        keep = outcome.problems.append
        words = parse_kinds(kinds)

        def reading_of(on_problem: Callable[[Problem], None]) -> Reading:
            known = heads if heads is not None else {}
            return Reading(source, on_problem, columns or {}, kind, chunk_rows, now=NOW, kinds=words, heads=known)

        def survey() -> TimeForm:
            looked = Survey(NOW)
            for batch in reader.read(reading_of(lambda _: None)):
                looked.look(batch.columns.get("time") or ())
            form, notes = looked.form(zone_called(timezone), dates)
            outcome.notes += notes
            return form

        reading = reading_of(keep)
        checker = Checker(
            name, reader.vocabulary, reader.strict_kinds, kind, NOW, keep, outcome.ignored, outcome.nobody
        )
        checker.kinds, checker.currency, checker.survey = words, currency, survey
        checker.form, checker.unknown_kinds = TimeForm(zone_called(timezone)), outcome.unknown_kinds
        for batch in reader.read(reading):
            outcome.events += checker.check(batch).rows(named=True)
        outcome.unused_columns = reading.unused_columns
        outcome.log_ins = reading.log_ins
        outcome.notes += reading.notes
        outcome.known_by = reading.known_by
        return outcome

    return run
