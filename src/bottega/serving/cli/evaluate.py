"""`bottega evaluate`: which recommender serves this shop best, and how sure is that?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bottega.serving.cli.console import bar, guard, note
from bottega.serving.cli.options import ShopFolder

if TYPE_CHECKING:
    from bottega.actions.evaluate import EvaluationReport

__all__ = ["evaluate", "show_evaluation"]

_COLOR = {"good": "green", "caution": "yellow", "plain": "blue"}


def evaluate(
    shop: ShopFolder = Path(),
    split: Annotated[
        str, typer.Option(help="'last': each shopper's last product; 'time': everything after one moment.")
    ] = "last",
    models: Annotated[
        str, typer.Option(help="Names with commas between; all where absent. The simple ones are always judged.")
    ] = "",
    html: Annotated[Path | None, typer.Option(help="Write the report there, as one HTML file.")] = None,
    seed: Annotated[
        int | None, typer.Option(help="Seed of everything random; the setting `seed` where absent.")
    ] = None,
    robustness: Annotated[
        bool, typer.Option("--robustness", help="Train on corrupted data, too: six more trainings a model.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as one JSON object.")] = False,
) -> None:
    """Judge the recommenders on this shop's own events: accuracy with intervals, time, memory and more."""
    from bottega.actions import evaluate as action
    from bottega.actions.shop import open_shop

    asked = [name.strip() for name in models.split(",") if name.strip()]
    with guard(), bar() as progress, open_shop(shop) as opened:
        report = action.evaluate(
            opened,
            split=split,
            models=asked or None,
            seed=seed,
            html=html,
            robustness=robustness,
            progress=progress,
        )
    if as_json:
        typer.echo(json.dumps(report.as_dict(), ensure_ascii=False))
    else:
        show_evaluation(report)
    if html is not None:
        note(f"Report written to {html}.")


def show_evaluation(report: EvaluationReport) -> None:
    console = Console(highlight=False)
    console.print("   ".join(f"[dim]{label}[/dim] {escape(value)}" for label, value in report.facts))
    for finding in report.findings:
        console.print(f"\n[{_COLOR[finding.tone]}]●[/{_COLOR[finding.tone]}] {escape(finding.text)}")
    for table in report.tables():
        drawn = Table(title=table.title, title_justify="left", title_style="bold", caption=table.note, box=None)
        drawn.caption_justify = "left"
        for number, column in enumerate(table.columns):
            drawn.add_column(column, justify="left" if number == 0 else "right", no_wrap=number == 0)
        for row, cells in enumerate(table.rows):
            drawn.add_row(
                *(
                    f"[bold]{escape(cell)}[/bold]" if (row, column) in table.best else escape(cell)
                    for column, cell in enumerate(cells)
                )
            )
        console.print()
        console.print(drawn)
