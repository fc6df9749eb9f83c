"""Trains everything that ships, in one command; page: weights.md. `make weights` calls it.

    python benchmarks/weights.py [--data FOLDER] [--build FOLDER] [--device auto|cpu|cuda] [--seconds S]
                                 [--only eye,parts,words,upright,outfits,judge,rescue,product,key_points,sketch,
                                        turntable,composer]
                                 [--again] [--ship] [--json]

Stop it whenever you like: finished models are kept, and the one in the middle goes on the next time. What is made lies
in the build folder; --ship puts it into the package.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bottega.actions.weights.make_weights import Made, Order, make_weights
from bottega.serving.cli.console import guard, note, say
from common import DATA, HERE, machine

SHOWN = (
    "type_top1",
    "colour_top1",
    "line_map",
    "miou",
    "pixel_accuracy",
    "words_poor_listings",
    "but_recall@10",
    "auc",
    "kid",
    "type_of_real",
)
"""Figures that a line shows."""


def told(made: Made) -> None:
    figures = {name: made.card.get("measures", {}).get(name) for name in SHOWN}
    shown = ", ".join(f"{name} {value:.3f}" for name, value in figures.items() if value is not None)
    learnt = f", {made.card['train_s']:.0f} s of it for the recipe, its photos included" if made.card else ""
    note(f"{made.name} {made.outcome} in {made.wall_s:.0f} s{learnt}: {shown}")


def main(
    data: Annotated[Path, typer.Option(help="Folder with fashion/ and parsing/.")] = DATA,
    build: Annotated[Path, typer.Option(help="Where the models go.")] = HERE.parent / "build" / "weights",
    device: Annotated[str, typer.Option(help="Where they learn: auto, cpu, cuda.")] = "auto",
    seconds: Annotated[
        float | None, typer.Option(help="The most that each learns for; all steps where absent.")
    ] = None,
    only: Annotated[str, typer.Option(help="Names with commas between; all where absent.")] = "",
    again: Annotated[bool, typer.Option("--again", help="Train finished ones anew.")] = False,
    to_ship: Annotated[bool, typer.Option("--ship", help="Put what is finished into the package.")] = False,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    order = Order(data, build, seconds, device, seed)
    names = [name.strip() for name in only.split(",") if name.strip()]
    with guard():
        done = make_weights(order, only=names, again=again, to_ship=to_ship, report=told)
    rows = {one.name: {"outcome": one.outcome, "wall_s": round(one.wall_s, 1)} | _of(one) for one in done}
    if as_json:
        say(json.dumps({"machine": machine(), "seconds": seconds, "models": rows}))
    if any(one.outcome == "failed" for one in done):
        raise typer.Exit(1)


def _of(one: Made) -> dict[str, object]:
    return {key: one.card[key] for key in ("version", "train_s", "device", "measures") if key in one.card}


if __name__ == "__main__":
    typer.run(main)
