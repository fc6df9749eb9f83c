"""`bottega models`: the models in use and those before them, why, how old they are and what they were held to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import guard, say
from bottega.serving.cli.options import ShopFolder
from bottega.serving.cli.train import Room

__all__ = ["app"]

app = typer.Typer(
    help="List the models in use, the shop's own and the shipped, and the trainings before them; roll one back.",
    invoke_without_command=True,
)
Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]


@app.callback()
def models(context: typer.Context, as_json: Json = False, shop: ShopFolder = Path()) -> None:
    """List the models in use, the shop's own and the shipped, and the trainings before them; with their bars."""
    if context.invoked_subcommand is None:
        list_(as_json=as_json, shop=shop)


@app.command("list")
def list_(as_json: Json = False, shop: ShopFolder = Path()) -> None:
    """The same as `bottega models` alone."""
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
    for one in answer.models:
        if one.origin == "own" and (one.in_use or one.rolled_back):
            say(f"{one.ability} {one.version}: {one.why}.")


@app.command()
def rollback(
    room: Annotated[Room, typer.Argument(help="Whose training: recommend, vision or outfits.")] = Room.RECOMMEND,
    as_json: Json = False,
    shop: ShopFolder = Path(),
) -> None:
    """Take the newest training out of use: the one before answers from the next refresh on."""
    from bottega.actions.running.rollback import RollBackRequest, roll_back
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        answer = roll_back(opened, RollBackRequest(room=room.value))
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
        return
    now = "the one that comes with Bottega" if answer.in_use is None else f"{answer.name}, version {answer.in_use}"
    say(f"Version {answer.rolled_back} of {answer.room} is out of use, {now}, answers from the next refresh on.")
