"""`bottega models`: the models in use and those before them, how old they are and what they were held to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import guard
from bottega.serving.cli.options import ShopFolder

__all__ = ["models"]


def models(
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    shop: ShopFolder = Path(),
) -> None:
    """List the models in use, the shop's own and the shipped, and the trainings before them; with their bars."""
    from rich.console import Console
    from rich.table import Table

    from bottega.actions.running.models import ModelsRequest, list_models
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        answer = list_models(opened, ModelsRequest())
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
        return
    table = Table(box=None, highlight=False)
    for column in ("ability", "model", "version", "whose", "in use", "age", "MB", "bars"):
        table.add_column(column, justify="right" if column == "MB" else "left", overflow="fold")
    for one in answer.models:
        age = "" if one.age_days is None else f"{one.age_days:,.1f} days"
        bars = "; ".join(
            f"{bar.measure} {bar.value:.3g} {'met' if bar.met else 'missed'} ({bar.aim:g})" for bar in one.bars
        )
        used = "yes" if one.in_use else ""
        table.add_row(one.ability, one.name, one.version, one.origin, used, age, f"{one.size_mb:,.1f}", bars)
    Console(highlight=False, markup=False).print(table)
