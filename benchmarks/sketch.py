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
import shutil
import time
from pathlib import Path
from typing import Annotated
from zlib import crc32

import numpy as np
import torch
import typer
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from bottega.datasets.photos.line_drawings import line_drawing
from bottega.datasets.photos.provenance import SourceType, packet_of
from bottega.evaluation.pictures import kid_of_photos
from bottega.models.blocks.cards import add_to_card, bars, read_card
from bottega.models.blocks.shipped import shipped_folder
from bottega.models.judge.judge import Judge
from bottega.models.studio.sketch.drawings import HandTremor, hand_drawn
from bottega.models.studio.sketch.recipe import WAYS, SketchMaterial, SketchWork
from bottega.models.studio.sketch.sketch import Sketcher
from bottega.names import BoolArray, FloatArray
from common import DATA, machine, progress_lines

WORK = Path("product_work")
NEAR = np.ones((3, 3), bool)
"""A line is met by one in the same pixel or beside it, across corners too."""

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


def drawings_of(photos: NDArray[np.uint8]) -> BoolArray:
    return np.stack([line_drawing(photo, "slopes") for photo in photos])


def widened(drawings: BoolArray) -> BoolArray:
    return np.stack([ndimage.binary_dilation(one, NEAR) for one in drawings])


def f1_of(pictures: BoolArray, asked: BoolArray) -> FloatArray:
    """Edge F1 of each picture's lines [N, P, P] and those asked for."""
    met = (pictures & widened(asked)).sum((1, 2)) / np.maximum(pictures.sum((1, 2)), 1)
    had = (asked & widened(pictures)).sum((1, 2)) / np.maximum(asked.sum((1, 2)), 1)
    return np.asarray(2 * met * had / np.maximum(met + had, 1e-9), np.float32)


def nearest(asked: BoolArray, learnt: BoolArray) -> NDArray[np.int64]:
    """The row of the learnt drawings with the best F1, for each asked one [N]."""
    ours, theirs = (one.reshape(len(one), -1).astype(np.float32) for one in (asked, learnt))
    wide, their_wide = (widened(one).reshape(len(one), -1).astype(np.float32) for one in (asked, learnt))
    met = (wide @ theirs.T) / np.maximum(theirs.sum(1), 1)
    had = (ours @ their_wide.T) / np.maximum(ours.sum(1), 1)[:, None]
    return np.asarray((2 * met * had / np.maximum(met + had, 1e-9)).argmax(1), np.int64)


def answers(
    work: Path, material: SketchMaterial, rows: NDArray[np.int64], asked: BoolArray
) -> dict[str, NDArray[np.uint8]]:
    """What each way makes of drawings [N, P, P] of the photos in these rows."""
    photos, learnt = material.photos.photos, np.flatnonzero(~material.photos.held_out)
    found = {"nearest": np.empty((len(rows), *photos.shape[1:]), np.uint8)}
    for kind in np.unique(material.types[rows]).tolist():
        of, pool = np.flatnonzero(material.types[rows] == kind), learnt[material.types[learnt] == kind]
        found["nearest"][of] = photos[pool[nearest(asked[of], drawings_of(photos[pool]))]]
    for way in WAYS:
        if read_card(work / f"sketch-{way}"):
            drawn = asked.astype(np.float32)
            sketcher = Sketcher.load(work / f"sketch-{way}")
            found[way] = sketcher.draw(drawn, material.types[rows], material.asked.lab[rows])
    return found | {"photo": np.asarray(photos[rows])}


def by_hand(drawings: BoolArray) -> BoolArray:
    random = torch.Generator().manual_seed(1)
    tremor = HandTremor(thick=0.0)  # what is judged is one pixel wide
    drawn = hand_drawn(torch.from_numpy(drawings[:, None].astype(np.float32)), tremor, random=random)
    return np.asarray(drawn[:, 0].numpy() > 0.5)


def ms_a_picture(sketcher: Sketcher, asked: BoolArray) -> float:
    started = time.process_time()
    for one in asked[:20]:
        sketcher.draw(one[None].astype(np.float32))
    return 50 * (time.process_time() - started)


def shipped_with(trained: Path, told: dict[str, dict[str, float]], drawings: int) -> None:
    """Copy the network to where shipped weights lie; its bars are what the nearest photo and l1 reach on half b."""
    values: dict[str, float | int | None] = {}
    at_least, at_most = {}, {}
    for name in ("as found", "by hand"):
        key, ours, photo, l1 = (name.replace(" ", "_"), *(told[f"{name}, {way}"] for way in ("game", "nearest", "l1")))
        values |= {f"edge_f1_{key}": ours["f1_half_b"], f"kid_{key}": ours["kid_half_b"]}
        at_least[f"edge_f1_{key}"] = photo["f1_half_b"]
        at_most[f"kid_{key}"] = round(l1["kid_half_b"] / 4, 5)
    folder = shipped_folder("studio", "sketch")
    folder.mkdir(exist_ok=True)
    for file in ("arrays.npz", "model.json", "card.json"):
        shutil.copyfile(trained / file, folder / file)
    measures = read_card(folder)["measures"] | values | {"drawings": drawings}
    add_to_card(folder, measures=measures, bars=bars(values, at_least, at_most))


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
    held = np.flatnonzero(material.photos.held_out)
    rows = np.sort(np.random.default_rng(0).permutation(held)[:sample])
    half = np.array([crc32(str(line).encode()) % 2 for line in material.photos.lines[rows]])
    clean, shipped, told = drawings_of(material.photos.photos[rows]), Judge.shipped(), {}
    if not as_json:
        typer.echo(f"{machine()}. {len(rows)} drawings of {len(material.names)} types, judged by {shipped.version}\n")
        typer.echo("| drawing | answer | edge F1 | half a, b | KID x 1000 | half a, b |\n|---|---|---|---|---|---|")
    for name, asked in (("as found", clean), ("by hand", by_hand(clean))):
        found = answers(work, material, rows, asked)
        for way, pictures in found.items():
            scores = f1_of(drawings_of(pictures), asked)
            halves = [
                kid_of_photos(
                    list(pictures[part]), list(found["photo"][part]), shipped, rng=np.random.default_rng(0), paired=True
                )
                for part in (half >= 0, half == 0, half == 1)
            ]
            both = [float(scores[half == side].mean()) for side in (0, 1)]
            told[f"{name}, {way}"] = {
                "f1": round(float(scores.mean()), 4),
                "kid": round(halves[0].mean, 5),
                "f1_half_b": round(both[1], 4),
                "kid_half_b": round(halves[2].mean, 5),
            }
            if not as_json:
                kid, low, high = (1000 * value for value in (halves[0].mean, halves[0].low, halves[0].high))
                parts = ", ".join(f"{1000 * one.mean:.1f}" for one in halves[1:])
                typer.echo(
                    f"| {name} | {way} | {scores.mean():.3f} | {both[0]:.3f}, {both[1]:.3f} | {kid:.1f} ({low:.1f} to "
                    f"{high:.1f}) | {parts} |"
                )
        if sheet is not None:
            shown = [np.repeat(np.where(asked, 0, 255)[:24, ..., None], 3, 3).astype(np.uint8)]
            shown += [pictures[:24] for pictures in found.values()]
            tiled = np.concatenate([np.concatenate(list(column), axis=1) for column in shown])
            file = sheet.with_name(f"{sheet.stem}_{name.replace(' ', '_')}{sheet.suffix}")
            Image.fromarray(tiled).save(file, quality=92, xmp=packet_of(SourceType.PARTLY_GENERATED))
    if ship:
        shipped_with(work / "sketch-game", told, len(rows))
    cards = {way: card for way in WAYS if (card := read_card(work / f"sketch-{way}"))}
    if as_json:
        typer.echo(json.dumps(told | {"train_s": {way: card["train_s"] for way, card in cards.items()}}))
        return
    for way, card in cards.items():
        ms = ms_a_picture(Sketcher.load(work / f"sketch-{way}"), clean)
        seen = f"{card['measures']['pictures_seen']:,} pictures in {card['train_s']:.0f} s on {card['device']}"
        typer.echo(f"\n{way}: learnt from {seen}; {ms:.1f} ms a picture on one core.")


if __name__ == "__main__":
    app()
