"""One reading of one source, whatever its rows describe: what is counted, refused and warned about on the way.

`catalogue/readers/base.py` and `events/readers/base.py` add what their own rows need.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, TypeVar

from bottega.names import id_text
from bottega.sources.problems import FEED, Problem, Rule, Severity, problem_of
from bottega.sources.source import Source

__all__ = ["Reading"]

_Row = TypeVar("_Row")


@dataclass(slots=True)
class Reading:
    """One reading of one source: what the reader gets, and what it counts."""

    RULES: ClassVar[Mapping[str, Rule]] = {}
    """The room's table of rules."""

    source: Source
    on_problem: Callable[[Problem], None]
    read: int = field(default=0, kw_only=True)
    """Rows seen that should come in."""
    rejected: int = field(default=0, kw_only=True)
    """Rows refused so far."""
    unused_columns: list[str] = field(default_factory=list, kw_only=True)
    """Columns that became no field; final when reading has ended."""
    cut_short: bool = field(default=False, kw_only=True)
    """Whether the source broke before its end."""

    def up_to_a_cut(self, rows: Iterable[_Row]) -> Iterator[_Row]:
        """The rows of what is read `up_to_the_cut`: of an archive that was cut off all but the last, which may be a
        part of one; that the end is missing is noted, as of any source."""
        waiting: list[_Row] = []
        for row in rows:
            yield from waiting
            waiting = [row]
        if self.source.cut:
            self.cut_short = True
        else:
            yield from waiting

    def row(self, place: int | str) -> str:
        """Name of a row, as in "styles.csv:12"; what is one already stays."""
        if isinstance(place, str) and (place == FEED or place.startswith(f"{self.source.name}:")):
            return place
        if isinstance(place, int) and self.source.starts:
            place = bisect_right(self.source.starts, place)
        return f"{self.source.name}:{place}"

    def refuse(
        self,
        rule: str,
        place: int | str,
        seen: str,
        *,
        field: str = "",
        fix: str = "",
        who: Iterable[object] = (),
    ) -> None:
        """Count a row that cannot be taken apart, and report it. `who`: ids that it names, where they can be read."""
        found = self._problem(rule, place, field, seen, fix, who)
        assert found.severity is Severity.REJECT, rule
        self.read += 1
        self.rejected += 1
        self.on_problem(found)

    def refuse_text(self, rule: str, place: int | str, text: str, *, seen: str = "") -> None:
        """The same for a row of which only its text is known. `seen`: what to show instead of it."""
        self.refuse(rule, place, seen or text.strip(), who=self.named_in(text))

    def warn(self, rule: str, place: int | str, seen: str, *, field: str = "") -> None:
        """Report something that keeps no row out."""
        found = self._problem(rule, place, field, seen)
        assert found.severity is Severity.WARN, rule
        self.on_problem(found)

    def named_in(self, text: str) -> Iterable[str]:
        """Ids of persons in a row that could not be read, so that who is forgotten is found there, too.

        A room may note other ids that the text holds.
        """
        return ()

    def _problem(
        self, rule: str, place: int | str, field: str, seen: str, fix: str = "", who: Iterable[object] = ()
    ) -> Problem:
        shown = seen.encode(errors="replace").decode()
        named = [text for one in who if isinstance(text := id_text(one), str) and text]
        return problem_of(self.RULES, rule, self.row(place), field, shown, fix=fix, who=named)
