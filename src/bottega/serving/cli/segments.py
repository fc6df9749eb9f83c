"""`bottega segments`: shoppers in groups that one can name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bottega.serving.cli.console import bar, guard, note, say
from bottega.serving.cli.options import Count, ShopFolder, n_of

__all__ = ["segments"]


def segments(
    n: Annotated[int | None, typer.Option("--n", help="Segments wanted, 2 to 50; 6 where absent.")] = None,
    count: Count = None,
    method: Annotated[str, typer.Option(help="kmeans or ward (hierarchical).")] = "kmeans",
    csv: Annotated[Path | None, typer.Option(help="Write each shopper's segment there.")] = None,
    seed: Annotated[
        int | None, typer.Option(help="Seed of everything random; the setting `seed` where absent.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as one JSON object.")] = False,
    shop: ShopFolder = Path(),
) -> None:
    """Group the shoppers by what they are drawn to, and name the groups."""
    from bottega.actions.shoppers.shapes import SegmentsRequest
    from bottega.actions.verbs import verb
    from bottega.shop.open_shop import OpenShop

    with guard(), bar() as progress, OpenShop.open(shop) as opened:
        request = SegmentsRequest(n=n_of(n, count) or 6, method=method, seed=seed, csv=csv)
        report = verb("segments").run_by(opened, request, progress=progress)
    if as_json:
        typer.echo(json.dumps(report.model_dump(mode="json"), ensure_ascii=False))
    else:
        table = Table("segment", "shoppers", "share", box=None, highlight=False)
        for one in report.segments:
            table.add_row(one.name, f"{one.shoppers:,}", f"{one.share:.0%}")
        Console(highlight=False, markup=False).print(table)
        say(
            f"Made of {report.learnt_from:,} shoppers. Alike (1 the same, 0 chance) between two seeds: "
            f"{report.stability_seeds:.2f}, between two halves of the shoppers: {report.stability_halves:.2f}."
        )
    if csv is not None:
        note(f"Written to {csv}.")
