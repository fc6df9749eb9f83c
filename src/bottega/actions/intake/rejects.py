"""The lists an import leaves behind: rows it could not use, and rows it used with a warning.

Two CSV files in the shop's `rejects` folder, each made when its first problem comes: `<source>-<time>.csv` and
`<source>-<time>-warnings.csv`, with the columns row, field, rule, seen, fix. Those
of events and shoppers have one more, who: the ids that a row named, a line each, so that forgetting a shopper finds it.
Those of products have said: the fields of the row as JSON, so that it can be corrected and sent again
(mend_rejected.py).
"""

from __future__ import annotations

import csv
import re
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from bottega.actions.intake.import_report import ImportReport
from bottega.errors import FilesUnavailable, disk_full
from bottega.shop.folder import ShopFolder
from bottega.shop.marks import new_version
from bottega.sources.problems import Problem

__all__ = ["COLUMNS", "SAID", "WHO", "RejectLists"]

COLUMNS = ("row", "field", "rule", "seen", "fix")
WHO = "who"
SAID = "said"
_UNSAFE = re.compile(r"[^\w.-]+")


class RejectLists:
    """Writes problems down as they come and counts them in the report. Use it in a `with`.

    `who`: whether rows name persons; `said`: whether what refused rows say is kept. Where the shop's files lie in a
    bucket, the lists go there at the end.
    """

    def __init__(
        self, shop: ShopFolder, source: str, report: ImportReport, *, who: bool = False, said: bool = False
    ) -> None:
        self._shop = shop
        self._folder = shop.rejects
        self._columns = (*COLUMNS, *([WHO] if who else []), *([SAID] if said else []))
        stem = _UNSAFE.sub("_", source).strip("._") or "source"
        self._stem = f"{stem}-{new_version()}Z"  # of a job that is taken up again it is the same
        self._report = report
        self._open = ExitStack()
        self._writers: dict[str, csv.DictWriter[str]] = {}
        self._failed = False

    def reject(self, problem: Problem) -> None:
        """A problem that kept its row out."""
        self._report.by_rule[problem.rule] += 1
        if path := self._write("", problem):
            self._report.rejects_file = path

    def warn(self, problem: Problem) -> None:
        """A problem of a row that came in."""
        self._report.warnings[problem.rule] += 1
        if path := self._write("-warnings", problem):
            self._report.warnings_file = path

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._open.close()
            for suffix in () if self._failed else self._writers:
                self._shop.files.hand_over(self._named(suffix))
        except OSError as failed:
            if error is None:
                self._fail(failed)
        except FilesUnavailable:
            if error is None:
                raise

    def _write(self, suffix: str, problem: Problem) -> Path | None:
        """Add a row to a list, made where it is the first; the list's path, or None where lists cannot be written."""
        if self._failed:
            return None
        name = self._named(suffix)
        try:
            writer = self._writers.get(suffix) or self._start(suffix, self._shop.root / name)
            writer.writerow({column: getattr(problem, column) for column in self._columns})
        except OSError as error:
            self._fail(error)
            return None
        return self._shop.told(name)

    def _named(self, suffix: str) -> str:
        return f"{self._folder.name}/{self._stem}{suffix}.csv"

    def _start(self, suffix: str, path: Path) -> csv.DictWriter[str]:
        self._folder.mkdir(parents=True, exist_ok=True)
        stream = self._open.enter_context(path.open("w", newline="", encoding="utf-8", errors="backslashreplace"))
        writer = self._writers[suffix] = csv.DictWriter(stream, self._columns)
        writer.writeheader()
        return writer

    def _fail(self, error: OSError) -> None:
        """A full disk ends the import: its rows find no room either. Else it goes on without lists, and says so."""
        if (full := disk_full(error)) is not None:
            raise full from error
        self._failed = True
        self._report.rejects_file = self._report.warnings_file = None
        self._report.notes.append(
            f"The rows with problems could not be listed: {self._folder} cannot be written ({error.strerror})."
        )
