"""`bottega train`: learn from everything the shop has; `bottega train vision`: from its pictures."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import bar, guard, say
from bottega.serving.cli.options import ShopFolder

__all__ = ["train"]


class Room(StrEnum):
    """What there is to train."""

    RECOMMEND = "recommend"
    VISION = "vision"


def train(
    room: Annotated[
        Room, typer.Argument(help="recommend: from events; vision: the eye, from pictures.")
    ] = Room.RECOMMEND,
    shop: ShopFolder = Path(),
    model: Annotated[str, typer.Option(help="Which recommender; the default blends all of them.")] = "blend",
    seed: Annotated[
        int | None, typer.Option(help="Seed of everything random; the setting `seed` where absent.")
    ] = None,
) -> None:
    """Train a recommender, or the shop's own eye; a server that is running takes it over by itself."""
    from bottega.actions import train as action
    from bottega.actions.shop import open_shop

    if room is Room.VISION:
        _train_vision(shop, seed)
        return
    with guard(), bar() as progress:
        run = action.train(open_shop(shop), model=model, seed=seed, progress=progress)
    say(
        f"Trained {run.name} on {run.events_seen:,} events of {run.shoppers:,} shoppers and {run.products:,} products "
        f"in {run.seconds:.0f} s (peak {run.peak_mb:,.0f} MB): {run.folder}"
    )


def _train_vision(folder: Path, seed: int | None) -> None:
    from bottega.actions.shop import open_shop
    from bottega.actions.train_vision import train_vision

    with guard(), bar() as progress:
        run = train_vision(open_shop(folder), seed=seed, progress=progress)
    right = ", ".join(f"{name.removesuffix('_top1')} {share:.0%}" for name, share in run.measures.items())
    say(f"Trained the eye on {run.products:,} photos in {run.seconds:.0f} s: {run.folder}")
    say(f"Right on the photos kept aside: {right or 'too few were kept aside to tell'}.")
