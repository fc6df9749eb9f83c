"""How the command line speaks: plain lines, progress bars, and errors in red without a traceback.

Exit codes of every command: 0 done (rows may have been rejected; they are counted and listed), 1 finished but nothing
was done or a part was held back, 2 refused, with a message that says what to do.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress

from bottega.errors import BottegaError, disk_full
from bottega.progress import Progress
from bottega.serving.refusals import refusal_of

__all__ = ["EXIT_NOTHING_DONE", "EXIT_REFUSED", "bar", "fail", "guard", "note", "say"]

EXIT_NOTHING_DONE = 1
EXIT_REFUSED = 2
_FINISHED_BARS = 6


def _act() -> None:
    """What this command changes, whoever is logged in at the machine changes."""
    import getpass

    from bottega.shop.doors.acting import ACTOR, Actor

    try:
        who = getpass.getuser()
    except (OSError, KeyError):
        who = "nobody by name"
    ACTOR.set(Actor("command", who))


def say(text: str = "") -> None:
    """One plain line on standard output."""
    Console(highlight=False, soft_wrap=True).print(text, markup=False)


def note(text: str) -> None:
    """One yellow line on standard error: worth reading, not in the way of piped output."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(f"[yellow]{escape(text)}[/yellow]")


def fail(error: BottegaError) -> None:
    """The error's own words in red on standard error."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(f"[red]{escape(str(error))}[/red]")


@contextmanager
def guard() -> Iterator[None]:
    """Turn a `BottegaError` inside into its message and exit code 2, and a warning into a note.

    What is changed inside, whoever is logged in at the machine changes. Anything else is our bug and shows itself.
    """
    _act()
    try:
        with warnings.catch_warnings():
            warnings.showwarning = lambda message, *_, **__: note(str(message))
            yield
    except BottegaError as error:
        fail(error)
        raise typer.Exit(EXIT_REFUSED) from error
    except ValueError as error:
        from pydantic import ValidationError

        if not isinstance(error, ValidationError):
            raise
        fail(refusal_of(error, "See --help."))
        raise typer.Exit(EXIT_REFUSED) from error
    except Exception as error:
        full = disk_full(error)
        if full is None:
            raise
        fail(full)
        raise typer.Exit(EXIT_REFUSED) from error


@contextmanager
def bar() -> Iterator[Progress]:
    """A `Progress` that draws one bar a task on standard error; silent when that is not a terminal.

    Of the finished bars only the newest stay, so that what is under way never runs off the screen.
    """
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[note]}", markup=False),
    )
    with RichProgress(*columns, console=console, disable=not console.is_terminal) as drawn:
        tasks: dict[str, TaskID] = {}

        def progress(task: str, done: int, total: int | None = None, note: str = "") -> None:
            if task not in tasks:
                for finished in [each for each in drawn.tasks if each.finished][:-_FINISHED_BARS]:
                    drawn.update(finished.id, visible=False)
                tasks[task] = drawn.add_task(escape(task), total=total, note=note)
            drawn.update(tasks[task], completed=done, total=total, note=note, visible=True)

        yield progress
