"""`bottega train`: learn from everything the shop has."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import bar, guard, say
from bottega.serving.cli.options import ShopFolder

__all__ = ["train"]


def train(
    shop: ShopFolder = Path(),
    model: Annotated[str, typer.Option(help="Which recommender; the default blends all of them.")] = "blend",
    seed: Annotated[
        int | None, typer.Option(help="Seed of everything random; the setting `seed` where absent.")
    ] = None,
) -> None:
    """Train a recommender; a server that is running takes it over by itself."""
    from bottega.actions import train as action
    from bottega.actions.shop import open_shop

    with guard(), bar() as progress:
        run = action.train(open_shop(shop), model=model, seed=seed, progress=progress)
    say(
        f"Trained {run.name} on {run.events_seen:,} events of {run.shoppers:,} shoppers and {run.products:,} products "
        f"in {run.seconds:.0f} s (peak {run.peak_mb:,.0f} MB): {run.folder}"
    )
