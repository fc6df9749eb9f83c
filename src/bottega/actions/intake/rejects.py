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
from typing import Self

from bottega.actions.intake.import_report import ImportReport
from bottega.shop.runs import new_version
from bottega.sources.problems import Problem

__all__ = ["COLUMNS", "RejectLists"]

COLUMNS = ("row", "field", "rule", "seen", "fix")
_WHO = "who"
_UNSAFE = re.compile(r"[^\w.-]+")


class RejectLists:
    """Writes problems down as they come and counts them in the report. Use it in a `with`.

    `who`: whether rows name persons.
    """

    def __init__(self, folder: Path, source: str, report: ImportReport, *, who: bool = False) -> None:
        self._folder = folder
        self._columns = (*COLUMNS, *([_WHO] if who else []))
        stem = _UNSAFE.sub("_", source).strip("._") or "source"
        self._stem = f"{stem}-{new_version()}Z"  # of a job that is taken up again it is the same
        self._report = report
        self._open = ExitStack()
        self._writers: dict[str, csv.DictWriter[str]] = {}

    def reject(self, problem: Problem) -> None:
        """A problem that kept its row out."""
        if self._report.rejects_file is None:
            self._report.rejects_file = self._start("")
        self._report.by_rule[problem.rule] += 1
        self._write("", problem)

    def warn(self, problem: Problem) -> None:
        """A problem of a row that came in."""
        if self._report.warnings_file is None:
            self._report.warnings_file = self._start("-warnings")
        self._report.warnings[problem.rule] += 1
        self._write("-warnings", problem)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def _start(self, suffix: str) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{self._stem}{suffix}.csv"
        stream = self._open.enter_context(path.open("w", newline="", encoding="utf-8", errors="backslashreplace"))
        self._writers[suffix] = csv.DictWriter(stream, self._columns)
        self._writers[suffix].writeheader()
        return path

    def _write(self, suffix: str, problem: Problem) -> None:
        writer = self._writers[suffix]
        writer.writerow({column: getattr(problem, column) for column in writer.fieldnames})
