"""The lists an import leaves behind: rows it could not use, and rows it used with a warning.

Two CSV files in the shop's `rejects` folder, each made when its first problem comes: `<source>-<time>.csv` and
`<source>-<time>-warnings.csv`, with the columns row, field, rule, seen, fix. Those
of events and shoppers have one more, who: the ids that a row named, a line each, so that forgetting a shopper finds it.
"""

from __future__ import annotations

import csv
import re
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from bottega.actions.intake.import_report import ImportReport
from bottega.shop.runs import new_version

__all__ = ["COLUMNS", "ListedRow", "RejectLists"]

COLUMNS = ("row", "field", "rule", "seen", "fix")
_WHO = "who"
_UNSAFE = re.compile(r"[^\w.-]+")


class ListedRow(Protocol):
    """What the lists need of a problem, whichever room found it."""

    @property
    def row(self) -> str: ...
    @property
    def field(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def seen(self) -> str: ...
    @property
    def fix(self) -> str: ...


class RejectLists:
    """Writes problems down as they come and counts them in the report. Use it in a `with`."""

    def __init__(self, folder: Path, source: str, report: ImportReport) -> None:
        self._folder = folder
        stem = _UNSAFE.sub("_", source).strip("._") or "source"
        self._stem = f"{stem}-{new_version()}Z"  # of a job that is taken up again it is the same
        self._report = report
        self._open = ExitStack()
        self._writers: dict[str, csv.DictWriter[str]] = {}

    def reject(self, problem: ListedRow) -> None:
        """A problem that kept its row out."""
        if self._report.rejects_file is None:
            self._report.rejects_file = self._start("", problem)
        self._report.by_rule[problem.rule] += 1
        self._write("", problem)

    def warn(self, problem: ListedRow) -> None:
        """A problem of a row that came in."""
        if self._report.warnings_file is None:
            self._report.warnings_file = self._start("-warnings", problem)
        self._report.warnings[problem.rule] += 1
        self._write("-warnings", problem)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def _start(self, suffix: str, first: ListedRow) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{self._stem}{suffix}.csv"
        stream = self._open.enter_context(path.open("w", newline="", encoding="utf-8", errors="backslashreplace"))
        self._writers[suffix] = csv.DictWriter(stream, (*COLUMNS, *([_WHO] if hasattr(first, _WHO) else [])))
        self._writers[suffix].writeheader()
        return path

    def _write(self, suffix: str, problem: ListedRow) -> None:
        writer = self._writers[suffix]
        writer.writerow({column: getattr(problem, column) for column in writer.fieldnames})
