"""Trains the sketch network and judges it: drawings become products, against the nearest photo and differences alone.

    python benchmarks/sketch.py train WAY --work FOLDER --seconds N     l1 first, then game; stopped, it goes on
    python benchmarks/sketch.py [--work FOLDER] [--sample N] [--sheet FILE] [--ship] [--json]

Asked is with drawings of photos of lines that no model learns from, told type and colour. The drawings come of a
way to find lines that no network has learnt from (`slopes`), as they are, and as a hand might draw them. Answers:

nearest   the photo learnt from, of the asked type, whose lines fit best: by the very F1 that it is then judged by
l1, game  what is trained in the folder
photo     the photo that was drawn, which knows more than the drawing says

edge F1   of the lines of the picture, found by `slopes`, and those asked for: within 1.5 px counts as met
KID       to the photos that were drawn, by the judge, with its interval; times 1000

Both halves of the product lines are told apart: what was chosen was chosen on half a, bars are held to half b. `--ship`
puts the game's network with its figures where shipped weights lie.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from PIL import Image

from bottega.datasets.photos.provenance import SourceType, packet_of
from bottega.evaluation.sketch_judged import AskedDrawings, SketchFigures, judge_sketches, sketch_measures
from bottega.models.blocks.cards import add_to_card, read_card
from bottega.models.blocks.shipped import put_with_shipped
from bottega.models.judge.judge import Judge
from bottega.models.studio.sketch.recipe import WAYS, SketchWork
from bottega.models.studio.sketch.sketch import Sketcher
from bottega.names import BoolArray
from common import DATA, machine, progress_lines

WORK = Path("product_work")

app = typer.Typer(add_completion=False, help=__doc__)
Work = Annotated[Path, typer.Option(help="Folder of the trainings; that of product_gan.py will do.")]
Data = Annotated[Path, typer.Option(help="Folder of the public data sets.")]


@app.command()
def train(
    way: Annotated[str, typer.Argument(help=", ".join(WAYS))],
    work: Work = WORK,
    data: Data = DATA,
    seconds: Annotated[float, typer.Option(help="In all; the processor's own, where it learns on one.")] = 1200,
) -> None:
    """Train one, or go on with it."""
    if way not in WAYS:
        raise typer.BadParameter(f"{way} is none of {', '.join(WAYS)}.")
    torch.set_num_threads(1)
    folder = SketchWork(work, data / "fashion").train(way, seconds=seconds, progress=progress_lines())
    typer.echo(f"{folder}: {json.dumps(read_card(folder)['measures'])}")


def ms_a_picture(sketcher: Sketcher, asked: BoolArray) -> float:
    started = time.process_time()
    for one in asked[:20]:
        sketcher.draw(one[None].astype(np.float32))
    return 50 * (time.process_time() - started)


def shipped_with(trained: Path, figures: Mapping[str, Mapping[str, SketchFigures]], drawings: int) -> None:
    """Copy the network to where shipped weights lie, with its figures on the card."""
    values, met = sketch_measures(figures, drawings)
    folder = put_with_shipped(trained, "studio", "sketch")
    add_to_card(folder, measures=read_card(folder)["measures"] | values, bars=met)


def line_of(kind: str, way: str, one: SketchFigures) -> str:
    kid, low, high = (1000 * value for value in (one.kid.mean, one.kid.low, one.kid.high))
    f1, parts = (
        ", ".join(told)
        for told in ([f"{half:.3f}" for half in one.f1_of_halves], [f"{1000 * half:.1f}" for half in one.kid_of_halves])
    )
    return f"| {kind} | {way} | {one.f1:.3f} | {f1} | {kid:.1f} ({low:.1f} to {high:.1f}) | {parts} |"


@app.callback(invoke_without_command=True)
def judge(
    context: typer.Context,
    work: Work = WORK,
    data: Data = DATA,
    sample: Annotated[int, typer.Option(help="Drawings to ask with, at most.")] = 600,
    sheet: Annotated[Path | None, typer.Option(help="A sheet of drawings and answers, as they come.")] = None,
    ship: Annotated[
        bool, typer.Option("--ship", help="Put the game's network, with its figures, into the package.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Judge what is trained."""
    if context.invoked_subcommand:
        return
    torch.set_num_threads(1)
    material = SketchWork(work, data / "fashion").material(progress=progress_lines())
    asked, shipped = AskedDrawings.of(material, sample), Judge.shipped()
    ways = {way: Sketcher.load(work / f"sketch-{way}") for way in WAYS if read_card(work / f"sketch-{way}")}
    figures, shown = judge_sketches(material, asked, ways, shipped)
    if not as_json:
        typer.echo(
            f"{machine()}. {len(asked.rows)} drawings of {len(material.names)} types, judged by {shipped.version}\n"
        )
        typer.echo("| drawing | answer | edge F1 | half a, b | KID x 1000 | half a, b |\n|---|---|---|---|---|---|")
        for kind, found in figures.items():
            for way, one in found.items():
                typer.echo(line_of(kind, way, one))
    if sheet is not None:
        for kind, pictures in shown.items():
            drawn = np.repeat(np.where(asked.drawings[kind], 0, 255)[:24, ..., None], 3, 3).astype(np.uint8)
            rows = [drawn, *(one[:24] for one in pictures.values())]
            tiled = np.concatenate([np.concatenate(list(row), axis=1) for row in rows])
            file = sheet.with_name(f"{sheet.stem}_{kind.replace(' ', '_')}{sheet.suffix}")
            Image.fromarray(tiled).save(file, quality=92, xmp=packet_of(SourceType.PARTLY_GENERATED))
    if ship:
        shipped_with(work / "sketch-game", figures, len(asked.rows))
    cards = {way: card for way in WAYS if (card := read_card(work / f"sketch-{way}"))}
    if as_json:
        told = {f"{kind}, {way}": one.told() for kind, found in figures.items() for way, one in found.items()}
        typer.echo(json.dumps(told | {"train_s": {way: card["train_s"] for way, card in cards.items()}}))
        return
    for way, card in cards.items():
        ms = ms_a_picture(ways[way], asked.drawings["as found"])
        seen = f"{card['measures']['pictures_seen']:,} pictures in {card['train_s']:.0f} s on {card['device']}"
        typer.echo(f"\n{way}: learnt from {seen}; {ms:.1f} ms a picture on one core.")


if __name__ == "__main__":
    app()
