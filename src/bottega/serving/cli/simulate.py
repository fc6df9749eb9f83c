"""`bottega simulate`: synthetic shoppers as an events file, and what they are worth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from bottega.serving.cli.console import bar, guard, note, say
from bottega.serving.cli.options import Device, ShopFolder

if TYPE_CHECKING:
    from bottega.actions.shoppers.simulate import Simulated

__all__ = ["simulate"]


def simulate(
    shop: ShopFolder = Path(),
    out: Annotated[Path, typer.Option(help="Write the events there, as CSV.")] = Path("synthetic-events.csv"),
    shoppers: Annotated[int, typer.Option(help="How many shoppers to draw.")] = 1000,
    model: Annotated[
        str | None, typer.Option(help="Which recommender they follow; the shop's trained one where absent.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Seed of everything random; the setting `seed` where absent.")
    ] = None,
    device: Device = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as one JSON object.")] = False,
) -> None:
    """Draw synthetic shoppers from a trained model; say what they teach and whether they repeat real ones."""
    from bottega.actions.shoppers import simulate as action
    from bottega.actions.shoppers.shapes import SimulateRequest
    from bottega.shop.open_shop import OpenShop

    with guard(), bar() as progress, OpenShop.open(shop) as opened:
        request = SimulateRequest(out=out, shoppers=shoppers, model=model, seed=seed, device=device)
        report = action.simulate(opened, request, progress=progress)
    if as_json:
        typer.echo(json.dumps(report.model_dump(mode="json"), ensure_ascii=False))
    else:
        _show(report, shoppers)


def _show(report: Simulated, wanted: int) -> None:
    say(f"{report.events:,} events of {report.shoppers:,} synthetic shoppers, drawn from {report.model}: {report.out}")
    if report.redrawn:
        note(f"{report.redrawn:,} shoppers repeated a real history further than chance does and were thrown away.")
    if report.shoppers < wanted:
        note(f"{wanted - report.shoppers:,} of {wanted:,} shoppers are missing: too many repeated real histories.")
    console = Console(highlight=False)
    worth = Table("learnt from", "recall@10", "NDCG@10", box=None, title_justify="left")
    worth.title = f"What {report.gap.model} finds of {report.gap.shoppers:,} real shoppers' last products"
    for regime, measures in report.gap.measures.items():
        worth.add_row(regime, *(f"{one.mean:.4f} ({one.low:.4f} to {one.high:.4f})" for one in measures.values()))
    console.print(worth)
    runs = Table("", "longest run", "99 in 100", "mean", box=None, title_justify="left")
    runs.title = "Runs of events that also stand in histories of (other) real shoppers"
    sides = {"synthetic": report.privacy.synthetic, "by chance": report.privacy.chance}
    for length in report.privacy.chance.shares:
        runs.add_column(f"{length} copied")
    for label, side in sides.items():
        runs.add_row(
            label,
            str(side.longest),
            str(side.high),
            f"{side.mean:.2f}",
            *(f"{share:.2%}" for share in side.shares.values()),
        )
    console.print(runs)
    say("No run is longer than chance has it." if report.privacy.kept else "Some run is longer than chance has it.")
