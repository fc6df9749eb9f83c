"""Portions of work that hang on no other, done by a crew: processes of this machine, or of a Ray cluster.

Whoever has such portions asks `in_order` and gets their results in the order of the portions, whoever did them. A crew
of one is this very process: nothing is started and nothing copied. Ray is imported where it is asked for and nowhere
else.

What every portion needs alike is `shared`: it is packed once, and its arrays are mapped (processes) or laid into Ray's
object store, not sent with every portion. Each hand of a crew computes on one thread, so that results do not hang on
how many of them there are: numbers are added up in the same order. Whoever compares with one process to the last bit
gives that one thread, too (`OMP_NUM_THREADS=1`).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from bottega.progress import Progress, silent

if TYPE_CHECKING:
    from bottega.server_settings import ServerSettings

__all__ = ["HERE", "Crew", "in_order"]

PortionT = TypeVar("PortionT")
SharedT = TypeVar("SharedT")
ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class Crew:
    """Who does the portions: so many `processes` of this machine, or a cluster of `ray` where that is not empty."""

    processes: int = 1
    ray: str = ""

    @classmethod
    def of(cls, settings: ServerSettings) -> Crew:
        """As the settings `processes` and `ray` say."""
        return cls(settings.processes, settings.ray)

    @property
    def one(self) -> bool:
        """Whether all is done in this process."""
        return not self.ray and self.processes <= 1


HERE = Crew()
"""This process alone."""


def in_order(
    work: Callable[[PortionT, SharedT, Progress], ResultT],
    portions: Sequence[PortionT],
    shared: SharedT,
    crew: Crew = HERE,
    *,
    task: str,
    called: Callable[[PortionT], str] = lambda _: "",
    ahead: int | None = None,
    progress: Progress = silent,
) -> Iterator[ResultT]:
    """`work(portion, shared, progress)` of each portion, in their order, as soon as all before it are there.

    `work` is a function of a module, so that another process finds it by name, and what it gives can be pickled.
    `task` counts portions done; `called` names a portion in its note. `ahead`: how many portions are under way or
    wait for whoever reads, at most; all by default. A portion's own progress is told where one process does it all.

    The first error of a portion is raised as it was there, and nothing more is begun. Whoever stops reading (an error,
    Ctrl+C, a cancelled job) ends the crew with it. Raises `CrewUnavailable` where it cannot be started, or
    died; `SettingsInvalid` where Ray is asked for and not installed.
    """
    done = 0
    with closing(_results(work, portions, shared, crew, ahead, task, called, progress)) as results:
        for result in results:
            done += 1
            progress(task, done, len(portions), called(portions[done]) if done < len(portions) else "")
            yield result


def _results(
    work: Callable[[PortionT, SharedT, Progress], ResultT],
    portions: Sequence[PortionT],
    shared: SharedT,
    crew: Crew,
    ahead: int | None,
    task: str,
    called: Callable[[PortionT], str],
    progress: Progress,
) -> Generator[ResultT]:
    if portions:
        progress(task, 0, len(portions), called(portions[0]))
    if crew.ray:
        from bottega.parallel.on_ray import on_ray

        yield from on_ray(work, portions, shared, crew.ray, processes=crew.processes, ahead=ahead)
    elif crew.one or len(portions) < 2:
        for portion in portions:
            yield work(portion, shared, progress)
    else:
        from bottega.parallel.processes import in_processes

        yield from in_processes(work, portions, shared, crew.processes, ahead=ahead)
