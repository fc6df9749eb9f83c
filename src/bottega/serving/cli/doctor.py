"""`bottega doctor`: what is wrong with an installation, and what to do next."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from bottega.serving.cli.console import guard, say

__all__ = ["EXIT_ILL", "doctor"]

EXIT_ILL = 1
_STYLES = {"error": "red", "warning": "yellow", "hint": "blue", "well": "green"}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    shop: Annotated[Path, typer.Option("--shop", envvar="BOTTEGA_SHOP", help="The shop's folder.")] = Path(),
) -> None:
    """Say what is wrong with this installation, worst first, and what to do next; it changes nothing."""
    from bottega.actions.doctor.doctor import doctor as action

    with guard():
        report = action(shop)
    if as_json:
        typer.echo(report.model_dump_json(indent=2))
    else:
        console = Console(highlight=False, soft_wrap=True)
        for one in report.findings:
            console.print(f"[{_STYLES[one.level]}]{one.level:7}[/] {one.about}: {escape(one.seen)}")
            if one.next_step:
                console.print(f"        {one.next_step}", markup=False)
        wrong = sum(one.level == "error" for one in report.findings)
        say(f"{wrong} {'thing does' if wrong == 1 else 'things do'} not work." if wrong else "Nothing is broken.")
    if report.ill:
        raise typer.Exit(EXIT_ILL)
